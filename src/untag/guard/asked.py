"""What stands side by side in a request: facts of a list, and lists as text without some of their entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.guard.signs import SKIN

if TYPE_CHECKING:
    from untag.guard.words import Facts


def skins(said: list[Facts], names: list[str]) -> list[Facts]:
    """Return the facts of what is asked for; a skin beside age and gender is its colour."""
    if cohort(said) < 2:  # noqa: PLR2004 - one alone is chance
        return said
    return [SKIN if name.strip().lower() == "skin" else s for s, name in zip(said, names, strict=True)]


def sets(said: list[Facts]) -> bool:
    """Say whether several groups stand side by side."""
    return len({g for s in said for g in s.groups}) > 1


def cohort(said: list[Facts]) -> int:
    """Return how many of them are told of a pictured person: age, glasses, a box."""
    return sum(bool(s.tags & {"cohort", "seen", "pictured"}) for s in said)


def does(operation: str) -> str:
    """Return an operation in words."""
    return {
        "alerts": "makes an alarm of it",
        "stores": "puts it on a list of people",
        "trains": "trains on it",
        "exports": "hands it on",
        "searches": "searches people by it",
    }[operation]


def joined(text: str, tokens: list[tuple[int, int]], gone: set[int]) -> str:
    """Return a text with commas without some of its entries; the others keep their own separators."""
    kept = [i for i in range(len(tokens)) if i not in gone]
    out = text[: tokens[0][0]]
    for number, i in enumerate(kept):
        start, stop = tokens[i]
        if number:
            out += text[tokens[i - 1][1] : start]
        out += text[start:stop]
    return out + text[tokens[-1][1] :]
