package de.hof.stamm

/** Stammdaten eines Tieres; das Foto dient der Erkennung am Flotzmaul. */
data class Tier(
    val ohrmarke: String,
    val rasse: Rasse,
    val farbe: String,
    val geboren: String,
    val herkunftsbetrieb: String,
    val foto: String?,
)

enum class Rasse { FLECKVIEH, HOLSTEIN_SCHWARZBUNT, BRAUNVIEH, ANGUS, CHAROLAIS }
