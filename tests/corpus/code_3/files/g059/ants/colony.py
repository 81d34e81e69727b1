from dataclasses import dataclass
from enum import Enum


class Caste(Enum):
    QUEEN = "queen"
    MALE = "male"
    MINOR = "minor worker"
    MAJOR = "major worker"


@dataclass
class Ant:
    track_id: int
    caste: Caste
    head_width_mm: float


def caste_from_head_width(mm: float) -> Caste:
    """Video tracks of ants are split into castes by head width."""
    if mm > 2.4:
        return Caste.QUEEN
    return Caste.MAJOR if mm > 1.6 else Caste.MINOR
