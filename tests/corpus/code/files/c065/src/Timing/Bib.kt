package run.stopwatch.photo

import java.time.LocalDate

/** A finisher found in a course photo by the number on the bib, never by the face. */
data class FinisherPhoto(
    val raceName: String,
    val raceDate: LocalDate,
    val bib: Int,
    val photoUrl: String,
    val ageGroup: String,
    val gender: String,
    val netTime: String,
)

enum class RaceKind { FIVE_K, TEN_K, HALF, MARATHON, TRAIL }

fun List<FinisherPhoto>.byRace(): Map<String, List<FinisherPhoto>> = groupBy { it.raceName }
