from dataclasses import dataclass, field
from enum import Enum


class Religion(Enum):
    SUN_CULT = 1
    RIVER_SPIRITS = 2
    OLD_STONES = 3


@dataclass
class Nation:
    tag: str
    colour: tuple[int, int, int]
    religion: Religion
    culture: str
    leader_portrait: str
    provinces: list[int] = field(default_factory=list)

    def convert(self, other: "Nation", zeal: float) -> bool:
        """Chance that a neighbouring nation takes our religion this season."""
        return zeal > 0.8 and self.religion is not other.religion
