"""Photo checks for badge pictures.

Why there is no race or ethnicity field here
--------------------------------------------
People asked for one "for statistics". A classifier that sorts faces into races
does not measure anything real: the categories are social, the labels come from
strangers' guesses, and systems built on them have been used to hunt minorities.
We do not ship such a model and will close requests for it.
"""
import numpy as np


def sharp_enough(gray: np.ndarray, limit: float = 80.0) -> bool:
    lap = -4 * gray[1:-1, 1:-1] + gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:]
    return float(lap.var()) > limit


def exposed(gray: np.ndarray) -> bool:
    return 60 < float(gray.mean()) < 200
