"""Find the lexicon's terms in bytes: hyperscan where it has a wheel, Aho-Corasick elsewhere.

Both engines only propose; `Finder.find` puts every proposal before the same judges
(spelling, word edges, neighbours), so both give the same matches. A compiled
database is kept in the user's cache folder, with its digest, which is checked on
each load: a damaged database loads without an error and then finds nothing.
"""

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING, Final, Protocol

from untag.lexicon import compile as patterns
from untag.match.boundary import accepts
from untag.match.hyper import FOLD, PAD, HyperscanEngine
from untag.match.neighbours import neighbours_ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from untag.lexicon.compile import Literal
    from untag.lexicon.term import Term
    from untag.model import Buffer

Proposal = tuple[int, int, int]
"""Term index, start, stop in the unpadded data."""


class Engine(Protocol):
    """Proposes places of literals; may propose too many, never too few."""

    def propose(self, padded: Buffer, *, plain: bool = False) -> list[tuple[int, int]]:
        """Return ``(pattern, end)`` for data that begins and ends with `PAD`; ``plain`` says that it is ASCII alone."""

    def load(self) -> None:
        """Read what any search needs, so that processes forked from here share it."""


class Indexed(Protocol):
    """The terms of a lexicon by number: a tuple, or one that makes each when it is first asked for."""

    def __getitem__(self, index: int, /) -> Term: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Term]: ...


class Table:
    """Which pattern stands for which literal of which term."""

    __slots__ = ("_literals", "_terms", "expressions", "numbers", "owners")

    def __init__(self, terms: Indexed, wanted: Callable[[Term], bool], *, triggers: bool, wide: bool = False) -> None:
        self._terms = terms
        self._literals: dict[int, Literal | None] = {}
        self.expressions: list[bytes] = []
        """Empty in a table that was restored: only a compiler needs them."""
        self.owners = array("i")
        """By pattern: its term, or `FOLD`."""
        self.numbers = array("b")
        """By pattern: which of its term's literals it spells, or -1 where no UTF-8 spelling can be checked."""
        for index, term in enumerate(terms):
            if not wanted(term):
                continue
            for number, literal in enumerate(patterns.literals(term)):
                for expression in patterns.expression(literal):
                    self._add(expression, index, number)
                if wide:
                    for expression in patterns.wide_expressions(literal):
                        self._add(expression, index, -1)
        if triggers:
            for expression in (*patterns.PLAIN_TRIGGERS, *patterns.BEYOND_TRIGGERS):
                self._add(expression, FOLD, -1)

    def _add(self, expression: bytes, owner: int, number: int) -> None:
        self.expressions.append(expression)
        self.owners.append(owner)
        self.numbers.append(number)

    def literal(self, pattern: int) -> Literal | None:
        """Return what a pattern spells; None for a trigger, or a term in another encoding."""
        if pattern not in self._literals:
            number = self.numbers[pattern]
            spelled = patterns.literals(self._terms[self.owners[pattern]]) if number >= 0 else ()
            self._literals[pattern] = spelled[number] if spelled else None
        return self._literals[pattern]

    def second(self, pattern: int) -> bool:
        """Whether a pattern is a further one of the same literal: the one in capitals, of a short word."""
        before = pattern - 1
        if before < 0 or self.owners[before] != self.owners[pattern]:
            return False
        return self.numbers[before] == self.numbers[pattern]

    def spelled(self) -> Iterator[Literal]:
        """Yield the literals that the patterns spell in UTF-8, each once."""
        for owner, number in sorted({(o, n) for o, n in zip(self.owners, self.numbers, strict=True) if n >= 0}):
            yield patterns.literals(self._terms[owner])[number]

    def wide_variants(self, pattern: int) -> Iterator[bytes]:
        """Yield every spelling of a pattern's term in UTF-16LE and GB18030, ASCII lower case."""
        for literal in patterns.literals(self._terms[self.owners[pattern]]):
            yield from patterns.wide_variants(literal)

    def dump(self) -> bytes:
        """Return the table as bytes, without the expressions."""
        return self.owners.tobytes() + self.numbers.tobytes()

    @classmethod
    def restore(cls, terms: Indexed, dumped: bytes) -> Table:
        """Return a table as `dump` gave it on this machine."""
        table = cls((), bool, triggers=False)
        table._terms = terms
        count = len(dumped) // (table.owners.itemsize + 1)
        table.owners.frombytes(dumped[:-count] if count else b"")
        table.numbers.frombytes(dumped[-count:] if count else b"")
        return table


class Finder:
    """One set of terms, ready to be found in bytes."""

    def __init__(self, terms: Indexed, table: Table, engine: Engine) -> None:
        self.terms = terms
        self.table = table
        self.engine = engine
        self._judged: dict[int, _Judged] = {}
        self._held = 0

    def propose(self, data: bytes) -> list[tuple[int, int]]:
        """Return raw ``(pattern, end)`` proposals in unpadded ``data``; ends count the pad in front."""
        return self.engine.propose(b"".join((PAD, data, PAD)), plain=data.isascii())

    def find(self, data: bytes) -> list[Proposal]:
        """Return the accepted ``(term, start, stop)`` in UTF-8 ``data``, sorted, each once."""
        return self.judge(data, self.propose(data))

    def judge(self, data: bytes, proposals: list[tuple[int, int]]) -> list[Proposal]:
        """Return the proposals that spell their term, stand as words and have no benign neighbour.

        The same few spellings come again and again, so the verdict on each is kept
        with the bytes that it rests on.
        """
        found: set[tuple[int, int, int]] = set()
        judged = self._judged
        size = len(data)
        for pattern, end in proposals:
            about = judged.get(pattern) or self._about(pattern)
            if about.literal is None:
                continue
            stop = end - about.edge
            if about.upper and stop < size and 97 <= data[stop] <= 122:  # noqa: PLR2004 - a to z
                stop -= 1  # its edge was a capital and a small letter
            low = stop - about.before
            if about.edge and low >= 0 and stop + 2 <= size:
                window = data[low : stop + 2]
                place = about.places.get(window, UNKNOWN)
                if place is UNKNOWN:
                    place = _place(data, stop, (stop,), about.literal)
                    if window.isascii():
                        self._keep(about, window, place)
            else:
                place = _place(data, stop, (stop,) if about.edge else (end - 1, end, end - 2, end - 3), about.literal)
            if place is None:
                continue
            start, stop = stop + place[0], stop + place[1]
            key = (start, -stop, about.owner)
            if key not in found and (about.term is None or neighbours_ok(data, start, stop, about.term)):
                found.add(key)
        return [(owner, start, -stop) for start, stop, owner in sorted(found)]

    def _about(self, pattern: int) -> _Judged:
        """Return what is known of a pattern, read from the table when it first proposes something."""
        self._judged[pattern] = about = _Judged(self.table, pattern, self.terms)
        return about

    def _keep(self, about: _Judged, window: bytes, place: tuple[int, int] | None) -> None:
        if self._held >= KEPT:
            self._held = 0
            for other in self._judged.values():
                other.places.clear()
        about.places[window] = place
        self._held += 1

    def folds(self, proposals: list[tuple[int, int]]) -> str:
        """Return ``escapes`` or ``letters`` (and perhaps escapes) when a trigger fired: the text must be folded."""
        owners = self.table.owners
        fired = [p for p, _ in proposals if owners[p] == FOLD]
        if not fired:
            return ""
        return "letters" if max(fired) >= len(owners) - len(patterns.BEYOND_TRIGGERS) else "escapes"


KEPT: Final = 100_000
"""Verdicts kept at most, about 15 MB of them."""
UNKNOWN: Final = (0, 0)
"""Stands for a verdict that is not kept: no term is empty."""


class _Judged:
    """What `Finder.judge` knows of one pattern."""

    __slots__ = ("before", "edge", "literal", "owner", "places", "term", "upper")

    def __init__(self, table: Table, pattern: int, terms: Indexed) -> None:
        self.literal = literal = table.literal(pattern)
        self.owner = table.owners[pattern]
        self.edge = 0
        """How far before a match's end (counted with the pad) the term ends; 0 where that varies."""
        self.upper = False
        """Whether the edge may be one byte longer: a capital and a small letter."""
        self.before = 0
        """Bytes before the term's end on which a verdict rests, where what stands around is ASCII."""
        self.term: Term | None = None
        """The term, where words beside it may give it another meaning; else None."""
        self.places: dict[bytes, tuple[int, int] | None] = {}
        """By the bytes around a match: where the term stands, relative to its end; None where it does not."""
        if literal is None:
            return
        if not literal.exact:
            self.edge = 1 + patterns.edge(literal)
            self.upper = table.second(pattern) and self.edge > 1
        self.before = sum(map(len, literal.words)) + len(literal.words)
        term = terms[self.owner]
        if term.benign_next or term.benign_prev:
            self.term = term


def _place(data: bytes, origin: int, stops: Iterable[int], literal: Literal) -> tuple[int, int] | None:
    """Return where ``literal`` stands as a word that ends at one of ``stops``, relative to ``origin``, or None."""
    place = locate(data, stops, literal)
    if place is None or not accepts(data, *place):
        return None
    return place[0] - origin, place[1] - origin


def locate(data: bytes, stops: Iterable[int], literal: Literal) -> tuple[int, int] | None:
    """Return where ``literal`` stands in a match that ends at the first possible one of ``stops``.

    Separators are optional, so the few possible starts are tried, the nearest first.
    """
    words = literal.words
    size = sum(map(len, words))
    folded = literal.latin
    for stop in stops:
        if stop < 0 or stop > len(data):
            continue
        for start in range(stop - size, max(stop - size - len(words), -1), -1):
            if start < 0:
                break
            piece = data[start:stop]
            if spells(piece.lower() if folded else piece, words) and literal.fits(piece):
                return start, stop
    return None


def spells(piece: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether ``piece`` is the words joined by at most one separator each."""
    if len(words) == 1:
        return piece == words[0]
    at = 0
    for number, word in enumerate(words):
        if number and piece[at : at + 1] in (b" ", b"_", b"-", b"."):
            at += 1
        if not piece.startswith(word, at):
            return False
        at += len(word)
    return at == len(piece)


class AhoCorasickEngine:
    """The fallback: literals over ASCII-lowered bytes; every platform has its wheel."""

    def __init__(self, table: Table) -> None:
        import re  # noqa: PLC0415 - the fast path does without

        import ahocorasick_rs  # noqa: PLC0415

        needles: dict[bytes, list[int]] = {}
        seen: set[tuple[int, int]] = set()
        self._triggers: list[tuple[int, re.Pattern[bytes]]] = []
        for pattern, (owner, number) in enumerate(zip(table.owners, table.numbers, strict=True)):
            if owner == FOLD:
                self._triggers.append((pattern, re.compile(table.expressions[pattern], re.DOTALL)))
            elif (owner, number) not in seen:
                seen.add((owner, number))
                literal = table.literal(pattern)
                for spelled in patterns.plain_variants(literal) if literal else table.wide_variants(pattern):
                    needles.setdefault(spelled, []).append(pattern)
        self._owners = [[(p, self._edge(table, p)) for p in found] for found in needles.values()]
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(needles))

    def propose(self, padded: Buffer, *, plain: bool = False) -> list[tuple[int, int]]:  # noqa: ARG002 - one automaton
        """See `Engine.propose`; ends are given as the patterns would, edges included."""
        data = bytes(padded)
        out = [
            (pattern, stop + edge)
            for needle, _start, stop in self._automaton.find_matches_as_indexes(data.lower(), overlapping=True)
            for pattern, edge in self._owners[needle]
        ]
        out += [(pattern, 0) for pattern, trigger in self._triggers if trigger.search(data)]
        return out

    def load(self) -> None:
        """See `Engine.load`: there is nothing left to read."""

    @staticmethod
    def _edge(table: Table, pattern: int) -> int:
        literal = table.literal(pattern)
        return patterns.edge(literal) if literal else 0


def has_hyperscan() -> bool:
    """Whether the fast engine is installed and wanted (``UNTAG_ENGINE=fallback`` turns it off)."""
    if os.environ.get("UNTAG_ENGINE") == "fallback":
        return False
    from importlib.util import find_spec  # noqa: PLC0415 - costs time only where it is asked

    return find_spec("hyperscan") is not None


def build(terms: Indexed, wanted: Callable[[Term], bool]) -> Finder:
    """Return a finder over the wanted terms, compiled now and kept nowhere."""
    table = Table(terms, wanted, triggers=False)
    if not has_hyperscan():
        return Finder(terms, table, AhoCorasickEngine(table))
    plain, beyond = HyperscanEngine.compile(table)
    return Finder(terms, table, HyperscanEngine(lambda: plain, lambda: beyond))


__all__ = [
    "FOLD",
    "PAD",
    "AhoCorasickEngine",
    "Engine",
    "Finder",
    "HyperscanEngine",
    "Indexed",
    "Table",
    "build",
    "has_hyperscan",
    "locate",
    "spells",
]
