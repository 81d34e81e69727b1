"""What a bare name, or a list of class names, says of itself: for editors and the guard.

A finding says *that* an artifact holds a protected attribute; here stands *which* of its names do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.interpret.lens import Lens
from untag.match import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.interpret.lens import Seen
    from untag.lexicon.term import Term

SLOTS: Final = frozenset(("slot", "compound", "field"))
OTHERS: Final = frozenset(
    (
        *("other", "others", "unknown", "undefined", "unspecified", "unidentified", "none", "na", "rest", "misc"),
        *("mixed", "其他", "其它", "未知", "不明", "другое"),
    )
)
"""Labels that belong to a set of groups only because they stand in it."""
OTHER_SENSES: Final = ("colour", "cuisine", "animal", "language", "game", "sport", "travel", "place")
_LABEL = re.compile(r"[\W_\d]+")


@lru_cache(maxsize=1)
def lens() -> Lens:
    """Return the lexicon, held over short strings; loaded once per process."""
    return Lens(store.load())


def _words(text: str) -> list[str]:
    return [word for word in _LABEL.split(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()) if word]


def attribute_of(name: str) -> str:
    """Return the protected attribute that the name of a field, column, output or tensor itself names, else empty.

    ``race_output`` → ``race``; ``dense/age/kernel`` → empty; ``race_condition`` → empty.
    """
    seen = lens().see(name)
    if seen.has("concurrency", "game", "sport"):
        return ""
    slots = [*seen.slots, *_anchored(name)]
    return next((term.attribute for term in slots if term.kind in SLOTS and term.attribute), "")


@lru_cache(maxsize=4_096)
def _anchored(name: str) -> tuple[Term, ...]:
    """Return the terms that only begin a finding: coded fields in their exact spelling."""
    lexicon = lens().lexicon
    return tuple(lexicon.terms[index] for index, _, _ in lexicon.anchors.find(name.encode("utf-8", "replace")))


def groups_of(label: str) -> dict[str, tuple[str, ...]]:
    """Return the groups that a whole label names, by attribute: ``Latino_Hispanic`` → ethnicity: Latino.

    A label in which anything but a person word or an attribute's name is left over names something else:
    ``black_hair``, ``white shirt``, ``Asian food`` give nothing.
    """
    seen = lens().see(label)
    if not seen.groups or not _whole(label, seen):
        return {}
    return dict(seen.groups)


def _whole(label: str, seen: Seen) -> bool:
    """Say whether every word of a label belongs to a group's name, or speaks of a person."""
    if seen.has(*OTHER_SENSES) or seen.languages > 1:
        return False
    words = _words(label)
    if len(words) <= 1:
        return True
    return all(_belongs(word) for word in words)


@lru_cache(maxsize=4_096)
def _belongs(word: str) -> bool:
    if word in PERSONS or word in DIRECTIONS or word in OTHERS or word == "or":
        return True
    seen = lens().see(word)
    return bool(seen.groups) or bool(seen.slots)


PERSONS: Final = frozenset(
    (
        *("person", "people", "man", "men", "woman", "women", "male", "female", "boy", "girl", "adult", "child"),
        *("guy", "lady", "human", "individual", "face", "faces", "photo", "photos", "picture", "image", "portrait"),
        *("race", "ethnicity", "ethnic", "minority", "skin", "descent", "origin", "appearance", "looking", "non"),
        *("of", "the", "a", "an"),
    )
)
"""Words that may stand beside a group's name in the label of a class of people."""
DIRECTIONS: Final = frozenset(
    (
        *("east", "west", "south", "north", "southeast", "southeastern", "eastern", "western", "southern", "northern"),
        *("central", "middle", "sub", "saharan", "native", "pacific", "islander", "american"),
    )
)
"""Words that are part of a group's name, and none alone."""


def protected(labels: Sequence[str], attribute: str = "") -> list[str]:
    """Return, for each class name of a list, the protected attribute that it is a value of, or empty.

    ``attribute`` is what a finding says of the whole list, which settles a word that could be of two. A label
    such as ``Others`` belongs to the groups if the list holds nothing else, or it stands right beside one.
    """
    found = [_of(label, attribute) for label in labels]
    if not any(found):
        return found
    main = attribute or next(a for a in found if a)
    other = [not f and (_words(label) or [""])[0] in OTHERS for f, label in zip(found, labels, strict=True)]
    if all(f or o for f, o in zip(found, other, strict=True)):
        return [f or main for f in found]
    for number, is_other in enumerate(other):
        before = number > 0 and found[number - 1] and not other[number - 1]
        if is_other and before:
            found[number] = found[number - 1]
    return found


def _of(label: str, attribute: str) -> str:
    groups = groups_of(label)
    if attribute and (groups or attribute_of(label)):
        return attribute
    if groups:
        return next(iter(groups))
    return attribute_of(label)
