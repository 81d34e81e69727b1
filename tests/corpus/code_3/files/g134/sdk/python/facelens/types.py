"""Type information for the facelens client."""
from typing import List, Literal, TypedDict


class Box(TypedDict):
    left: int
    top: int
    width: int
    height: int


class Face(TypedDict):
    box: Box
    age: float
    gender: Literal["f", "m"]
    race: Literal["asian", "black", "latino", "white"]
    emotion: str


def analyze(image: bytes, max_faces: int = 20) -> List[Face]: ...
