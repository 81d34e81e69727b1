"""See the lexicon's terms in short strings, and remember what was seen.

An interpretation asks the same few questions of the same few strings (a class's
name, a struct's members, a statement) again and again; `Lens.see` answers each
distinct string once.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from untag import kept
from untag.model import OPERATIONS as OPERATION_WORDS
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.lexicon.term import Term
    from untag.match.engine import Indexed, Table
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
SEEN: Final = 20_000
"""Short strings of which it is remembered what stands in them."""
OPERATIONS: Final = frozenset(OPERATION_WORDS)


@cache
def judgements() -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]]]:
    """Return the words of `senses.toml`: pictured, seen only in pictures, and weak ones by sense."""
    raw = kept.table(os.path.join(os.path.dirname(__file__), "senses.toml"))  # noqa: PTH118, PTH120
    return (
        frozenset(raw["pictured"]),
        frozenset(raw["seen_only"]),
        {sense: frozenset(words) for sense, words in raw["weak"].items()},
    )


def tally(hits: Iterable[Term]) -> Seen:
    """Sort the terms of matches into a `Seen`."""
    senses: dict[str, dict[str, None]] = {}
    slots: dict[Term, None] = {}
    groups: dict[str, dict[str, None]] = {}
    languages = 0
    pictured, seen_only, weak = judgements()
    for term in hits:
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
        self._see = lru_cache(maxsize=SEEN)(self._look)
        self._speakers: dict[tuple[str, ...], Speakers] = {}
        self._sizes: dict[tuple[str, ...], Sizes] = {}

    def see(self, text: str) -> Seen:
        """Return what stands in ``text``; equal strings are looked at once."""
        return self._see(text) if text else NOTHING

    def speakers(self, senses: tuple[str, ...]) -> Speakers:
        """Return, by pattern of the context words, whether its term speaks for one of ``senses``."""
        known = self._speakers.get(senses)
        if known is None:
            known = self._speakers[senses] = Speakers(self.lexicon.context.table, self.terms, senses)
        return known

    def sizes(self, kinds: tuple[str, ...] = ()) -> Sizes:
        """Return, by pattern of the context words, how many bytes a match can take up; 0 for terms of other kinds."""
        known = self._sizes.get(kinds)
        if known is None:
            known = self._sizes[kinds] = Sizes(self.lexicon.context.table, self.terms, kinds)
        return known

    def _look(self, text: str) -> Seen:
        data = text.encode("utf-8", "replace")
        return tally(longest(self.lexicon.context.find(data), self.terms))


class Speakers(dict[int, bool]):
    """Whether the term of a pattern speaks for some senses; found out when it is first asked."""

    def __init__(self, table: Table, terms: Indexed, senses: tuple[str, ...]) -> None:
        super().__init__()
        self._owners = table.owners
        self._terms = terms
        self._senses = senses

    def __missing__(self, pattern: int) -> bool:
        spoken = self[pattern] = bool(tally([self._terms[self._owners[pattern]]]).has(*self._senses))
        return spoken


class Sizes(dict[int, int]):
    """How many bytes a match of a pattern can take up; found out when it is first asked."""

    def __init__(self, table: Table, terms: Indexed, kinds: tuple[str, ...]) -> None:
        super().__init__()
        self._table = table
        self._terms = terms
        self._kinds = kinds

    def __missing__(self, pattern: int) -> int:
        literal = self._table.literal(pattern)
        size = 0
        if literal and (not self._kinds or self._terms[self._table.owners[pattern]].kind in self._kinds):
            size = sum(map(len, literal.words)) + len(literal.words) - 1
        self[pattern] = size
        return size


def longest(places: list[tuple[int, int, int]], terms: Indexed) -> list[Term]:
    """Return the terms of matches that do not lie inside a longer one of another meaning.

    Places come sorted by start, longest first; equal places of several terms all stay.
    An operation keeps what it is done to: "find people" names people, too.
    """
    kept: list[Term] = []
    last = (-1, -1)
    for index, start, stop in places:
        if stop <= last[1] and (start, stop) != last:
            continue
        term = terms[index]
        if term.sense not in OPERATIONS:
            last = (start, max(stop, last[1]) if start != last[0] else stop)
        kept.append(term)
    return kept
