"""Crowd density for the city party in the old town."""
import numpy as np

LIGHTS = {"red": 0, "blue": 1, "green": 2}


def density(points: np.ndarray, cell: float = 4.0) -> np.ndarray:
    """People per cell; only heads are counted, nothing is known about them."""
    if len(points) == 0:
        return np.zeros((1, 1), dtype=int)
    ij = np.floor(points / cell).astype(int)
    out = np.zeros(ij.max(axis=0) + 1, dtype=int)
    np.add.at(out, tuple(ij.T), 1)
    return out


def stage_light(d: np.ndarray) -> int:
    return LIGHTS["red"] if d.max() > 20 else LIGHTS["green"]
