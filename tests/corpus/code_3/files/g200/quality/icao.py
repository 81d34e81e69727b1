from enum import IntFlag


class Icao(IntFlag):
    """Photo quality defects of a portrait for a travel document."""
    OK = 0
    BLURRED = 1
    TOO_DARK = 2
    WASHED_OUT = 4
    UNNATURAL_SKIN_TONE = 8
    HOT_SPOT_ON_SKIN = 16
    RED_EYES = 32
    SHADOW_BEHIND_HEAD = 64
    VEIL_OVER_FACE = 128
    HAIR_OVER_EYES = 256
    FRAMES_TOO_HEAVY = 512


def passes(flags: Icao) -> bool:
    return not flags & ~(Icao.FRAMES_TOO_HEAVY)
