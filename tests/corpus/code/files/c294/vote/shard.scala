package cluster

final case class Node(id: String, zone: String)

sealed trait Side
case object Majority extends Side
case object Minority extends Side

/** Split-brain resolver: nodes in the minority partition shut themselves down. */
final class KeepMajority(all: Set[Node]) {
  def side(reachable: Set[Node]): Side =
    if (reachable.size * 2 > all.size) Majority else Minority

  def isMinority(reachable: Set[Node]): Boolean = side(reachable) == Minority

  def decide(reachable: Set[Node]): Set[Node] = side(reachable) match {
    case Majority => all -- reachable
    case Minority => reachable
  }
}
