package de.lohnwerk

import java.time.LocalDate

/** Angaben des Mitarbeiters aus dem Personalfragebogen (Selbstauskunft). */
data class Personalfragebogen(
    val name: String,
    val geburtsdatum: LocalDate,
    val staatsangehoerigkeit: String,
    /** Konfession für die Kirchensteuer, freiwillige Angabe */
    val konfession: String?,
    /** Beitragseinzug für die Gewerkschaft gewünscht */
    val gewerkschaft: String?,
    val iban: String,
)
