"""Head orientation (yaw, pitch, roll) of each person."""
import math
from dataclasses import dataclass


@dataclass
class Orientation:
    yaw: float
    pitch: float
    roll: float

    def is_straight(self, tol: float = 12.0) -> bool:
        return abs(self.yaw) < tol and abs(self.pitch) < tol


def predict_orientation(net, face) -> Orientation:
    y, p, r = net(face)
    return Orientation(*(math.degrees(float(v)) for v in (y, p, r)))


def looking_left(o: Orientation) -> bool:
    return o.yaw > 25 and not o.is_straight()
