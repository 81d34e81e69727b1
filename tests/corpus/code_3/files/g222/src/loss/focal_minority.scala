package risk.train

/** Weights for a two-class problem where fraud is the minority. */
object ClassWeights {

  def balanced(counts: Map[Int, Long]): Map[Int, Double] = {
    val total = counts.values.sum.toDouble
    counts.map { case (c, n) => c -> total / (counts.size * n) }
  }

  def minority(counts: Map[Int, Long]): Int = counts.minBy(_._2)._1

  def focal(p: Double, gamma: Double = 2.0): Double =
    -math.pow(1 - p, gamma) * math.log(p)
}
