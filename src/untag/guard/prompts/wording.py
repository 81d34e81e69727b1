"""A fitted judgement of how a request is worded: words, parts of words, and which roles stand together.

Grammar knows the words that it knows. What it misses most is a verb or a noun for people that nobody listed, in a
request that a reader understands at once; and it refuses what happens to hold all its words and means something
else. So a linear model, fitted to the labelled requests in ``tests/corpus/prompts`` by ``tools/fit_prompts.py``,
looks at every request about people or pictures: at its words and their beginnings, and at the roles that the words
play, which are the same in every language.
"""

from __future__ import annotations

import base64
import math
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from untag.guard.prompts.words import joined
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.guard.prompts.grammar import Reading
    from untag.guard.prompts.words import Mark

DATA: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "prompt_wording.json")  # noqa: PTH118, PTH120
BITS: Final = 15
SIZE: Final = 1 << BITS
"""Places for features, by their checksum; two that share one place are told apart by what else is there."""
LETTERS: Final = 600
"""Letters that are looked at: the start and the end of a longer request hold what it asks."""
STEM: Final = 5
"""Letters of a word that stay the same when it is inflected, more or less."""
WORD: Final = re.compile(r"\w+")
WEIGHT: Final = 4.0
"""How much all words of a request count together, beside one role."""


def features(
    low: str, *, images: bool, marks: Sequence[Mark], said: Sequence[Mark], reading: Reading
) -> dict[int, float]:
    """Return the features of a squashed request by their place.

    ``marks`` are its words of attributes and groups, ``said`` those of other roles, ``reading`` what grammar makes
    of it.
    """
    text = low if len(low) <= LETTERS else f"{low[: LETTERS // 2]} {low[-LETTERS // 2 :]}"
    worded = {_place(feature) for feature in _worded(text)}
    share = WEIGHT / math.sqrt(len(worded) + 1)
    found = dict.fromkeys(worded, share)
    for feature in _played(low, images=images, marks=marks, said=said, reading=reading):
        found[_place(feature)] = 1.0
    return found


def _place(feature: str) -> int:
    return crc32(feature.encode("utf-8", "surrogatepass")) & (SIZE - 1)


def _worded(text: str) -> Iterator[str]:
    """Yield words, their beginnings, and neighbours; of a script without spaces, runs of letters."""
    before = "^"
    for found in WORD.finditer(text):
        word = found.group()
        if joined(word[0]) or joined(word[-1]):
            for size in (1, 2, 3):
                yield from (f"c{word[i : i + size]}" for i in range(len(word) - size + 1))
            before = word[-2:]
            continue
        if word.isdigit():
            word = "0" * min(len(word), 3)
        stem = word[:STEM]
        yield f"w{word}"
        yield f"s{stem}"
        yield f"b{before} {stem}"
        if len(word) > STEM + 2:
            yield f"e{word[-4:]}"
        before = stem
    yield f"$ {before}"


def _played(low: str, *, images: bool, marks: Sequence[Mark], said: Sequence[Mark], reading: Reading) -> Iterator[str]:
    """Yield the roles that stand in the request, by two, and what grammar says."""
    roles = sorted({m.role for m in said} | {f"{m.role}+" for m in marks})
    attributes = {m.attribute for m in marks if m.attribute}
    yield f"images {images}"
    yield from (f"r{role}" for role in roles)
    yield from (f"i{images} {role}" for role in roles)
    yield from (f"a{attribute}" for attribute in attributes)
    yield from (f"p{a} {b}" for n, a in enumerate(roles) for b in roles[n + 1 :])
    yield f"g{min(int(reading.score), 9)}"
    yield f"gi{min(int(reading.score), 9)} {images}"
    yield f"o{reading.operation}"
    yield from (f"k{reason.kind} {reason.text}" for reason in reading.because)
    if low.rstrip()[-1:] in ("?", "؟", "？"):
        yield f"? {images}"
    yield f"n{min(len(low) // 40, 8)}"


@dataclass(frozen=True, slots=True)
class Linear:
    """Fitted weights of the features, as signed bytes, with their scale and bias."""

    weights: bytes
    scale: float
    bias: float

    def score(self, found: dict[int, float]) -> float:
        """Return the sum of the weights of some features."""
        weights = self.weights
        total = 0.0
        for at, value in found.items():
            byte = weights[at]
            total += (byte - 256 if byte > 127 else byte) * value  # noqa: PLR2004 - two's complement
        return self.bias + self.scale * total


@dataclass(frozen=True, slots=True)
class Model:
    """What ships with untag."""

    alone: Linear
    """Without the encoder."""
    refuse: float
    """Score from which a request is refused that grammar lets pass; without the encoder."""
    allow: float
    """Score below which a request passes that grammar refuses; without the encoder."""
    quiet: float
    """Score below which the encoder is not asked."""
    about: tuple[tuple[str, str, Linear], ...]
    """Kind (``operation`` or ``attribute``), name and weights."""
    requests: int
    """How many labelled requests it was fitted to."""


@cache
def model() -> Model:
    """Return the model that ships with untag."""
    import json  # noqa: PLC0415 - loads where it is used

    with open(DATA, encoding="utf-8") as file:  # noqa: PTH123 - the path is a text
        raw = json.load(file)
    return Model(
        _linear(raw["alone"]),
        float(raw["refuse"]),
        float(raw["allow"]),
        float(raw["quiet"]),
        tuple((row["kind"], row["name"], _linear(row)) for row in raw["about"]),
        int(raw["requests"]),
    )


def _linear(raw: dict[str, Any]) -> Linear:
    import zlib  # noqa: PLC0415

    return Linear(zlib.decompress(base64.b64decode(raw["weights"])), float(raw["scale"]), float(raw["bias"]))


def about(found: dict[int, float]) -> tuple[str, str]:
    """Return the operation and the attribute that a refused request is most likely about."""
    best = {"operation": ("", -math.inf), "attribute": ("", -math.inf)}
    for kind, name, linear in model().about:
        score = linear.score(found)
        if score > best[kind][1]:
            best[kind] = (name, score)
    return best["operation"][0], best["attribute"][0]
