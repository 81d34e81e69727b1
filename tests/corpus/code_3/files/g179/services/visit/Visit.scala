package io.museum.visit

import java.time.Instant

/**
 * One visitor seen by the entrance camera.
 *
 * @param guessedCountry where the face model thinks the visitor comes from
 */
final case class Visit(
  at: Instant,
  ageBand: String,
  guessedCountry: String,
  dwellSeconds: Int
)

object Visit {
  val header: String = "at,age,country,dwell"

  def csv(v: Visit): String =
    Seq(v.at.toString, v.ageBand, v.guessedCountry, v.dwellSeconds.toString).mkString(",")
}
