package pipeline

import org.Teams

final case class Seen(id: Long, at: Long, faces: Int, tribe: String)

object Stage {
  // tribe: the group of squads that owns this camera (Checkout, Growth, Core)
  def run(cam: Cam, at: Long): Seen =
    Seen(
      id = cam.id,
      at = at,
      faces = cam.faceCount,
      tribe = Teams.label(cam)
    )
}
