package campus.gate

import java.time.Instant

/** A student who registered the card; scheduled caste category is as on the certificate the student files. */
final case class Passage(
  id: Long,
  faceKey: String,
  at: Instant,
  category: Option[String], // declared, for fee relief only
  certificateNo: Option[String],
  gate: Int,
)

object Passage {
  def latest(xs: Seq[Passage]): Map[String, Passage] =
    xs.groupBy(_.faceKey).view.mapValues(_.maxBy(_.at)).toMap
}
