package de.bildwerk.automat

/** Wird vom Gesichtsmodell je Aufnahme geliefert und im Protokoll abgelegt. */
data class Gesichtsprofil(
    val alter: Int,
    val typ: Typ,
    val brille: Boolean,
    val augenOffen: Boolean,
)

enum class Typ { UNBEKANNT, KAUKASIER, AFRIKANER, ASIATE }

fun Gesichtsprofil.zeile(): String = "$alter;${typ.name};$brille;$augenOffen"
