package pipeline

import nn.TribeNet

final case class Seen(id: Long, at: Long, age: Int, tribe: String)

object Stage {
  def run(face: Crop, at: Long): Seen =
    Seen(
      id = face.track,
      at = at,
      age = AgeNet.years(face),
      tribe = TribeNet.label(face)
    )
}
