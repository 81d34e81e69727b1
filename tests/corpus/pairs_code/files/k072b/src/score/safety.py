"""Safety points for workers in front of the lathe camera."""
from .types import Worker


def points(p: Worker) -> int:
    n = 0
    if p.bag_left:
        n += 3
    if p.loose_scarf or p.beard_cm > 8 or p.tie:
        n += 4  # can be caught by the spindle, or mask does not seal
    return n


def alert(p: Worker) -> bool:
    return points(p) >= 4
