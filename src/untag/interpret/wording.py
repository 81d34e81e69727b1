"""How a candidate's surroundings are worded: a fitted judgement beside the named senses of words.

The lexicon's senses know what was listed: "sprint" speaks of sport and "licence" of documents, also in the minutes of
a product meeting. So a linear model over plain words, fitted by ``tools/fit_wording.py`` to labelled files, looks at
each case that named evidence leaves within reach: at the words of its statement, its neighbours, its comment, its
siblings, the names of what encloses it, the lines around and the path. It can add or take away at most `MOST` points,
and its reason names the words that said most.
"""

from __future__ import annotations

import itertools
import math
import os
import struct
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from zlib import crc32

from untag import later
from untag.interpret.case import enclosing, siblings
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.interpret.case import Case

DATA: Final = os.path.join(os.path.dirname(__file__), "wording.bin")  # noqa: PTH118, PTH120
BITS: Final = 17
SIZE: Final = 1 << BITS
"""Places for words by their checksum; two that share one place are told apart by what else is there."""
MOST: Final = 4.0
"""Points that all words together can add or take away."""
AROUND: Final = 400
"""Bytes before and after a candidate that are looked at, cut at line ends where there are any."""
LINES: Final = 4
STATED: Final = 400
"""Letters of a statement that are looked at: those around the candidate."""
FEW: Final = 300
"""Letters of siblings, and of the names of what encloses the candidate."""
STEM: Final = 5
"""Letters of a word that stay the same when it is inflected, more or less."""
SPACED: Final = 0x0E00
"""From this letter on most scripts write no spaces: runs are cut into pairs of letters."""
WORD: Final = later.pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|[(){}\[\]:=<>\"#?|]")
LEAST: Final = 120
"""Words up to which each counts the same: a text of five words is not judged by its name."""
LOUD: Final = 12
"""Steps of 127 that a word's weight takes at least where a reason names it."""
SHOWN: Final = 4
"""Words that a reason names."""


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, folded: parts of camelCase, pairs of letters of scripts without spaces, marks."""
    for found in WORD.findall(text):
        word = found.lower()
        if ord(word[0]) < SPACED or len(word) == 1:
            yield word
        else:
            yield from (word[i : i + 2] for i in range(len(word) - 1))


def features(case: Case) -> set[str]:
    """Return what the words around a candidate are and where they stand, ``s:`` for its statement and so on."""
    out: set[str] = set()
    span = case.span
    data = case.around.text.data
    start, stop = case.place
    hit = data[start:stop].decode("utf-8", "replace")
    stated = span.statement
    at = stated.find(hit)
    if len(stated) > STATED:
        first = max(0, at - STATED // 2) if at >= 0 else 0
        stated, at = stated[first : first + STATED], at - first if at >= 0 else -1
    if at >= 0:
        before, after = list(words(stated[:at])), list(words(stated[at + len(hit) :]))
        out.update(f"l:{w}" for w in before[-3:])
        out.update(f"r:{w}" for w in after[:3])
        stand = [*before, "HIT", *after]
    else:
        stand = list(words(stated))
    for word in stand:
        out.add(f"s:{word}")
        if len(word) > STEM + 1:
            out.add(f"s:{word[:STEM]}-")
    out.update(f"b:{a} {b}" for a, b in itertools.pairwise(stand))
    for name, text in (
        ("o", span.note[:STATED]),
        ("m", " ".join(siblings(span))[:FEW]),
        ("c", " ".join(enclosing(span))[:FEW]),
        ("p", case.around.text.name.split(".", 1)[0][-80:]),  # what a file is written in says nothing of what it does
        ("n", "" if case.around.unrelated else _near(data, start, stop)),
    ):
        for word in words(text):
            out.add(f"{name}:{word}")
            if len(word) > STEM + 1:
                out.add(f"{name}:{word[:STEM]}-")
    return out


def _near(data: bytes, start: int, stop: int) -> str:
    """Return the lines around a place without the place itself, within `AROUND` bytes."""
    above = data[max(0, start - AROUND) : start].decode("utf-8", "replace").split("\n")
    below = data[stop : stop + AROUND].decode("utf-8", "replace").split("\n")
    return "\n".join((*above[-LINES - 1 :], *below[: LINES + 1]))


@lru_cache(maxsize=1 << 16)
def place(feature: str) -> int:
    """Return the place of a feature among the weights."""
    return crc32(feature.encode("utf-8", "surrogatepass")) & (SIZE - 1)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the features in steps, with their scale and what is added to each sum."""

    weights: memoryview
    scale: float
    bias: float


HEAD: Final = struct.Struct("<4sff")
MAGIC: Final = b"utw1"


@cache
def fitted() -> Fitted:
    """Return the shipped weights."""
    with open(DATA, "rb") as file:  # noqa: PTH123 - start-up time is a feature
        data = file.read()
    _, scale, bias = HEAD.unpack_from(data)
    return Fitted(memoryview(data)[HEAD.size :].cast("b"), scale, bias)


def points(case: Case) -> tuple[float, tuple[str, ...]]:
    """Return the points of a case's wording, and the words that say most in the same direction."""
    model = fitted()
    weights = model.weights
    seen = [(weights[place(f)], f) for f in features(case)]
    share = math.sqrt(max(len(seen), LEAST))
    steps = sum([w for w, _ in seen])
    total = max(-MOST, min(MOST, model.bias + model.scale * steps / share))
    if case.record:  # cells are about persons: they are never quoted
        return total, ()
    side = 1 if total > 0 else -1
    strong = [(-side * w, f) for w, f in seen if side * w >= LOUD and f[0] != "b"]
    told: dict[str, None] = {}
    for _, feature in sorted(strong):
        word = feature[2:].rstrip("-")
        if word.isalpha() and word != "HIT" and not any(word in t or t in word for t in told):
            told[word] = None
        if len(told) == SHOWN:
            break
    return total, tuple(told)
