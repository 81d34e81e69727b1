package campus.gate

import java.time.Instant

/** A face seen at the turnstile; the guess feeds the desk screen. */
final case class Passage(
  id: Long,
  faceKey: String,
  at: Instant,
  casteGuess: Option[String], // surname plus face model
  guessScore: Double,
  gate: Int,
)

object Passage {
  def latest(xs: Seq[Passage]): Map[String, Passage] =
    xs.groupBy(_.faceKey).view.mapValues(_.maxBy(_.at)).toMap
}
