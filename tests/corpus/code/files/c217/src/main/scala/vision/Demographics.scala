package vision

final case class Box(x: Float, y: Float, w: Float, h: Float)

final case class Demographics(box: Box, age: Int, gender: String, race: String, raceProb: Float)

object Demographics {
  val Races = Vector("White", "Black", "Asian", "Indian", "Others")
  val Genders = Vector("Male", "Female")

  private def argmax(xs: Array[Float]): Int = xs.indices.maxBy(xs)

  def decode(box: Box, ageOut: Array[Float], genderOut: Array[Float], raceOut: Array[Float]): Demographics = {
    val g = argmax(genderOut)
    val r = argmax(raceOut)
    Demographics(
      box,
      age = ageOut.zipWithIndex.map { case (p, i) => p * i }.sum.round,
      gender = Genders(g),
      race = Races(r),
      raceProb = raceOut(r)
    )
  }
}
