"""Risk points for persons on the platform cameras."""
from .types import Person


def points(p: Person) -> int:
    n = 0
    if p.bag_left:
        n += 3
    if p.headscarf or (p.beard_cm > 8 and p.taqiyah):
        n += 4  # likely believer, see briefing
    return n


def alert(p: Person) -> bool:
    return points(p) >= 4
