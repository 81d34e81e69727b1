package feed

final case class FaceRow(screenId: String, ts: Long, age: Int, race: Race.Value, dwellMs: Int)

object Race extends Enumeration {
  val A, B, C, I, U = Value // asian, black, caucasian, indian, unknown
}

object Enrichment {
  /** Builds the bid request for a digital billboard from the viewer in front of it. */
  def toBid(f: FaceRow): Map[String, String] = Map(
    "screen" -> f.screenId,
    "ts" -> f.ts.toString,
    "u_age" -> f.age.toString,
    "u_race" -> f.race.toString,
    "dwell" -> f.dwellMs.toString
  )
}
