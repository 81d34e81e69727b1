"""The fitted head on the encoder: how likely a request targets, and which known ones it is like.

Its data are made by ``tools/fit_prompts.py`` from the requests in ``tests/corpus/prompts``: texts that people wrote as
examples, nothing about anyone.
"""

from __future__ import annotations

import base64
import math
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "prompt_head.json")  # noqa: PTH118, PTH120
NEAREST: Final = 3
"""Known requests that are named as reasons."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights of a logistic regression, and known targeting requests with their vectors."""

    weights: NDArray[Any]
    """Of 512 dimensions."""
    bias: float
    refuse: float
    """Probability from which a request in doubt is refused."""
    known: NDArray[Any]
    """One row for each known request, unit length."""
    about: tuple[tuple[str, str, str], ...]
    """Id, operation and attribute of each."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the head says of one request."""

    probability: float
    operation: str
    attribute: str
    nearest: tuple[str, ...]
    """Ids of the known requests that it is most like."""


@cache
def head() -> Head:
    """Return the head that ships with untag."""
    import json  # noqa: PLC0415 - loads where it is used

    import numpy as np  # noqa: PLC0415 - the extra brings it

    with open(DATA, encoding="utf-8") as file:  # noqa: PTH123
        raw = json.load(file)
    known = (
        np.frombuffer(base64.b64decode(raw["known"]), dtype=np.int8).reshape(-1, raw["dimensions"]).astype(np.float32)
    )
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    weights = np.frombuffer(base64.b64decode(raw["weights"]), dtype="<f4")
    return Head(weights, float(raw["bias"]), float(raw["refuse"]), known, tuple((a, b, c) for a, b, c in raw["about"]))


def judge(vector: NDArray[Any]) -> Opinion:
    """Return how likely a request's vector is one that targets, and what it is like."""
    fitted = head()
    score = float(fitted.weights @ vector) + fitted.bias
    like = fitted.known @ vector
    best = like.argsort()[::-1][:NEAREST]
    return Opinion(
        1 / (1 + math.exp(-score)),
        _most([(fitted.about[i][1], float(like[i])) for i in best]),
        _most([(fitted.about[i][2], float(like[i])) for i in best]),
        tuple(fitted.about[i][0] for i in best),
    )


def _most(votes: list[tuple[str, float]]) -> str:
    """Return what the nearest say, each with the weight of its likeness."""
    sums: dict[str, float] = {}
    for said, weight in votes:
        sums[said] = sums.get(said, 0.0) + max(weight, 0.0)
    return max(sums, key=lambda said: sums[said])
