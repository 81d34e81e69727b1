package members

import java.time.LocalDate

/** A person who joined through the web form. */
final case class Member(
    number: Long,
    name: String,
    email: String,
    branch: String,
    joined: LocalDate,
    party: String = "Harbour Greens",
    canvasser: Boolean = false
)

object Member {
  def validate(m: Member): Either[String, Member] =
    if (!m.email.contains("@")) Left("email") else Right(m)
}
