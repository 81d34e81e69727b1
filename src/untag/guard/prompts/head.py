"""The fitted head on the encoder: how likely a request targets by its sense, and which known ones it is like.

Its data are made by ``tools/fit_prompts.py`` from the requests in ``tests/corpus/prompts``: texts that were written as
examples, nothing about anyone. The score has three parts: the words and roles of the request (`wording`), a linear
one on the encoder's vector, and its likeness to known requests.
"""

from __future__ import annotations

import base64
import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

DATA: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "prompt_head.json")  # noqa: PTH118, PTH120
NEAREST: Final = 2
"""Known requests that are named as reasons."""
PICTURES: Final = 0.25
"""How far a request with pictures lies from one without."""


@dataclass(frozen=True, slots=True)
class Head:
    """Weights over the encoder's vector and over likeness to known requests."""

    linear: NDArray[Any]
    """Of 512 dimensions."""
    known: NDArray[Any]
    """Vectors of known requests, one a row, with a last column for pictures."""
    likeness: NDArray[Any]
    """One weight for each known request."""
    gamma: float
    mix: tuple[float, float, float, float]
    """Mean and scale of the linear score, and of the likeness."""
    share: float
    """How much the linear score counts beside the likeness."""
    refuse: float
    """Score from which a request is refused that grammar lets pass."""
    allow: float
    """Score below which a request passes that grammar refuses."""
    names: tuple[str, ...]
    """Id of each known request; empty for one that is harmless."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the head says of one request."""

    score: float
    nearest: tuple[str, ...]
    """Ids of the known targeting requests that it is most like."""


@cache
def head() -> Head:
    """Return the head that ships with untag."""
    import json  # noqa: PLC0415 - loads where it is used

    import numpy as np  # noqa: PLC0415 - the extra brings it

    with open(DATA, encoding="utf-8") as file:  # noqa: PTH123
        raw = json.load(file)
    known = np.frombuffer(base64.b64decode(raw["known"]), dtype=np.int8).reshape(-1, raw["dimensions"])
    vectors = known.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pictures = np.frombuffer(base64.b64decode(raw["pictures"]), dtype=np.int8).astype(np.float32)
    return Head(
        linear=np.frombuffer(base64.b64decode(raw["linear"]), dtype="<f4"),
        known=np.c_[vectors, (pictures - 0.5) * PICTURES * 2],
        likeness=np.frombuffer(base64.b64decode(raw["likeness"]), dtype="<f4"),
        gamma=float(raw["gamma"]),
        mix=tuple(raw["mix"]),
        share=float(raw["share"]),
        refuse=float(raw["refuse"]),
        allow=float(raw["allow"]),
        names=tuple(raw["names"]),
    )


def judge(vector: NDArray[Any], words: float, *, images: bool) -> Opinion:
    """Return the score of a request by its unit vector; ``words`` is the score of its words and roles."""
    import numpy as np  # noqa: PLC0415 - the extra brings it

    fitted = head()
    linear = words + float(fitted.linear @ vector)
    own = np.append(vector, np.float32((images - 0.5) * PICTURES * 2))
    distance = (fitted.known**2).sum(1) + float(own @ own) - 2 * fitted.known @ own
    kernel = np.exp(-fitted.gamma * distance)
    like = float(kernel @ fitted.likeness)
    mean, scale, like_mean, like_scale = fitted.mix
    score = fitted.share * (linear - mean) / scale + (like - like_mean) / like_scale
    ranked = (fitted.names[i] for i in kernel.argsort()[::-1][: NEAREST * 8])
    return Opinion(score, tuple([name for name in ranked if name][:NEAREST]))
