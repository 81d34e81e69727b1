package io.facestream

import io.circe.generic.semiauto._
import io.circe.{Decoder, Encoder}

sealed trait Race
object Race {
  case object White extends Race
  case object Black extends Race
  case object Asian extends Race
  implicit val enc: Encoder[Race] = Encoder.encodeString.contramap(_.toString)
}

final case class FaceAttr(
  cameraId: String,
  trackId: Long,
  age: Option[Int],
  gender: Option[String],
  race: Option[Race]
)

object FaceAttr {
  implicit val enc: Encoder[FaceAttr] = deriveEncoder
}
