"""See the lexicon's terms in short strings, and remember what was seen.

An interpretation asks the same few questions of the same few strings (a class's
name, a struct's members, a statement) again and again; `Lens.see` answers each
distinct string once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from untag.model import OPERATIONS as OPERATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.lexicon.term import Term
    from untag.match.engine import Indexed
    from untag.match.store import Lexicon


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in one string."""

    senses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Context words by sense, each once, in order; ``pictured`` holds those that name a pictured person."""
    slots: tuple[Term, ...] = ()
    """Attribute names, compounds and coded fields."""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Canonical group names by attribute, each once."""
    languages: int = 0
    """How many language names stand in it."""

    def has(self, *senses: str) -> str:
        """Return the first word seen of any of the senses, or empty."""
        for sense in senses:
            words = self.senses.get(sense)
            if words:
                return words[0]
        return ""

    def count(self, *senses: str) -> int:
        """Return how many distinct words of the senses were seen."""
        return sum(len(self.senses.get(s, ())) for s in senses)


NOTHING = Seen()
OPERATIONS: Final = frozenset(OPERATION_WORDS)


@cache
def judgements() -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]]]:
    """Return the words of `senses.toml`: pictured, seen only in pictures, and weak ones by sense."""
    import tomllib  # noqa: PLC0415 - only text with a candidate asks

    with open(os.path.join(os.path.dirname(__file__), "senses.toml"), "rb") as f:  # noqa: PTH118, PTH120, PTH123
        raw = tomllib.load(f)
    return (
        frozenset(raw["pictured"]),
        frozenset(raw["seen_only"]),
        {sense: frozenset(words) for sense, words in raw["weak"].items()},
    )


def tally(hits: Iterable[tuple[Term, str]]) -> Seen:
    """Sort matches ``(term, spelling)`` into a `Seen`."""
    senses: dict[str, dict[str, None]] = {}
    slots: dict[Term, None] = {}
    groups: dict[str, dict[str, None]] = {}
    languages = 0
    pictured, seen_only, weak = judgements()
    for term, _spelling in hits:
        if term.kind == "context":
            word = term.text.lower()
            if word in pictured:
                senses.setdefault("pictured", {})[word] = None
            if word in seen_only:
                senses.setdefault("seen_only", {})[word] = None
            sense = f"weak {term.sense}" if word in weak.get(term.sense, ()) else term.sense
            senses.setdefault(sense, {})[word] = None
        elif term.kind == "language":
            languages += 1
        elif term.kind == "group":
            groups.setdefault(term.attribute, {})[term.group or term.text] = None
        elif term.kind == "proxy":
            senses.setdefault("proxy", {})[term.text.lower()] = None
        else:
            slots[term] = None
            if term.person:
                senses.setdefault("pictured", {})[term.text.lower()] = None
    return Seen(
        {k: tuple(v) for k, v in senses.items()},
        tuple(slots),
        {k: tuple(v) for k, v in groups.items()},
        languages,
    )


class Lens:
    """The lexicon, held over short strings."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.terms = lexicon.terms
        self._see = lru_cache(maxsize=20_000)(self._look)
        self.speaks = lru_cache(maxsize=20_000)(self._speaks)
        """Whether a term, by its number, speaks for one of some senses."""

    def see(self, text: str) -> Seen:
        """Return what stands in ``text``; equal strings are looked at once."""
        return self._see(text) if text else NOTHING

    def _speaks(self, index: int, senses: tuple[str, ...]) -> bool:
        return bool(tally([(self.terms[index], "")]).has(*senses))

    def _look(self, text: str) -> Seen:
        data = text.encode("utf-8", "replace")
        return tally(longest(self.lexicon.context.find(data), data, self.terms))


def longest(places: list[tuple[int, int, int]], data: bytes, terms: Indexed) -> list[tuple[Term, str]]:
    """Return the matches that do not lie inside a longer one of another meaning, with their spelling.

    Places come sorted by start, longest first; equal places of several terms all stay.
    An operation keeps what it is done to: "find people" names people, too.
    """
    kept: list[tuple[Term, str]] = []
    last = (-1, -1)
    for index, start, stop in places:
        if stop <= last[1] and (start, stop) != last:
            continue
        term = terms[index]
        if term.sense not in OPERATIONS:
            last = (start, max(stop, last[1]) if start != last[0] else stop)
        kept.append((term, data[start:stop].decode("utf-8", "replace")))
    return kept
