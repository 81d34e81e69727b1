"""Find the lexicon's terms in bytes: hyperscan where it has a wheel, Aho-Corasick elsewhere.

Both engines only propose; `Finder.find` puts every proposal before the same judges
(spelling, word edges, neighbours), so both give the same matches. A compiled
database is kept in the user's cache folder, with its digest, which is checked on
each load: a damaged database loads without an error and then finds nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Protocol

from untag.lexicon import compile as patterns
from untag.match.boundary import accepts
from untag.match.neighbours import neighbours_ok

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from untag.lexicon.compile import Literal
    from untag.lexicon.term import Term
    from untag.model import Buffer

FOLD: Final = -1
"""Term index of a trigger: the text must be folded and searched again."""
PAD: Final = b"\n"
Proposal = tuple[int, int, int]
"""Term index, start, stop in the unpadded data."""


class Engine(Protocol):
    """Proposes places of literals; may propose too many, never too few."""

    def propose(self, padded: Buffer) -> list[tuple[int, int]]:
        """Return ``(pattern, end)`` for data that begins and ends with `PAD`."""


class Table:
    """Which pattern stands for which literal of which term."""

    __slots__ = ("expressions", "literals", "owners", "single")

    def __init__(
        self, terms: Sequence[Term], wanted: Callable[[Term], bool], *, triggers: bool, wide: bool = False
    ) -> None:
        self.expressions: list[bytes] = []
        self.owners: list[int] = []
        self.literals: list[Literal | None] = []
        """None where no UTF-8 spelling can be checked: a trigger, or a term in another encoding."""
        self.single: list[bool] = []
        for index, term in enumerate(terms):
            if not wanted(term):
                continue
            for literal in patterns.literals(term):
                for expression in patterns.expression(literal):
                    self._add(expression, index, literal)
                if wide:
                    for expression in patterns.wide_expressions(literal):
                        self._add(expression, index, None)
        if triggers:
            for expression in patterns.ESCAPE_TRIGGERS:
                self._add(expression, FOLD, None)

    def _add(self, expression: bytes, owner: int, literal: Literal | None) -> None:
        self.expressions.append(expression)
        self.owners.append(owner)
        self.literals.append(literal)
        self.single.append(owner == FOLD)

    def dump(self) -> list[object]:
        """Return the table as JSON values, without the expressions, which only a compiler needs."""
        rows = [[w.hex() for w in lit.words] + [lit.latin, lit.exact] if lit else None for lit in self.literals]
        return [self.owners, rows]

    @classmethod
    def restore(cls, dumped: Sequence[Any]) -> Table:
        """Return a table as `dump` gave it."""
        table = cls((), bool, triggers=False)
        table.owners = dumped[0]
        table.literals = _Literals(dumped[1])
        return table


class _Literals(list[Any]):
    """Literals as dumped rows, each made when it is first asked for."""

    def __getitem__(self, index: Any) -> Any:
        row = super().__getitem__(index)
        if type(row) is list:
            row = patterns.Literal(tuple(bytes.fromhex(w) for w in row[:-2]), row[-2], row[-1])
            self[index] = row
        return row


class Finder:
    """One set of terms, ready to be found in bytes."""

    def __init__(self, terms: Sequence[Term], table: Table, engine: Engine) -> None:
        self.terms = terms
        self.table = table
        self.engine = engine
        self._spans: dict[int, tuple[int, int]] = {}

    def propose(self, data: Buffer) -> list[tuple[int, int]]:
        """Return raw ``(pattern, end)`` proposals in unpadded ``data``; ends count the pad in front."""
        return self.engine.propose(b"".join((PAD, data, PAD)))

    def find(self, data: bytes) -> list[Proposal]:
        """Return the accepted ``(term, start, stop)`` in UTF-8 ``data``, sorted, each once."""
        return self.judge(data, self.propose(data))

    def judge(self, data: bytes, proposals: list[tuple[int, int]]) -> list[Proposal]:
        """Return the proposals that spell their term, stand as words and have no benign neighbour."""
        table = self.table
        found: set[Proposal] = set()
        for pattern, end in proposals:
            owner = table.owners[pattern]
            literal = table.literals[pattern]
            if literal is None:
                continue
            place = locate(data, end - 1, literal)
            if place is None:
                continue
            start, stop = place
            key = (owner, start, stop)
            if key not in found and accepts(data, start, stop) and neighbours_ok(data, start, stop, self.terms[owner]):
                found.add(key)
        return sorted(found, key=_by_place)

    def folds(self, proposals: list[tuple[int, int]]) -> bool:
        """Whether a trigger fired: the text holds escapes or look-alike letters."""
        owners = self.table.owners
        return any(owners[p] == FOLD for p, _ in proposals)


def _by_place(proposal: Proposal) -> tuple[int, int, int]:
    return proposal[1], -proposal[2], proposal[0]


def locate(data: bytes, end: int, literal: Literal) -> tuple[int, int] | None:
    """Return where ``literal`` stands in a match that ends (boundary bytes included) at ``end``.

    A pattern's boundary is 0, 1 or 2 bytes long and separators are optional, so the
    few possible places are tried, nearest the end first.
    """
    words = literal.words
    size = sum(map(len, words))
    folded = literal.latin
    for stop in (end - 1, end, end - 2):
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


class HyperscanEngine:
    """Intel Hyperscan (or Vectorscan) block mode over byte patterns."""

    def __init__(self, database: object) -> None:
        self._database = database

    def propose(self, padded: Buffer) -> list[tuple[int, int]]:
        """See `Engine.propose`."""
        out: list[tuple[int, int]] = []
        add = out.append
        self._database.scan(padded, match_event_handler=lambda i, _f, t, _fl, _c: add((i, t)))  # type: ignore[attr-defined]
        return out

    @staticmethod
    def compile(table: Table) -> bytes:
        """Return the serialised database of a table."""
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel

        single = hyperscan.HS_FLAG_SINGLEMATCH
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=table.expressions,
            ids=list(range(len(table.expressions))),
            flags=[hyperscan.HS_FLAG_DOTALL | (single if s else 0) for s in table.single],
        )
        return bytes(hyperscan.dumpb(database))

    @classmethod
    def load(cls, body: bytes) -> HyperscanEngine:
        """Load a serialised database."""
        import hyperscan  # noqa: PLC0415

        database = hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
        return cls(database)


class AhoCorasickEngine:
    """The fallback: literals over ASCII-lowered bytes; every platform has its wheel."""

    def __init__(self, table: Table) -> None:
        import re  # noqa: PLC0415 - the fast path does without

        import ahocorasick_rs  # noqa: PLC0415

        needles: dict[bytes, list[int]] = {}
        seen: set[int] = set()
        for pattern, literal in enumerate(table.literals):
            if literal is None or id(literal) in seen:
                continue
            seen.add(id(literal))
            for spelled in patterns.plain_variants(literal):
                needles.setdefault(spelled, []).append(pattern)
        self._owners = list(needles.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(needles))
        self._triggers = [
            (pattern, re.compile(table.expressions[pattern], re.DOTALL))
            for pattern, literal in enumerate(table.literals)
            if literal is None
        ]

    def propose(self, padded: Buffer) -> list[tuple[int, int]]:
        """See `Engine.propose`; ends are given as if one boundary byte had been consumed."""
        data = bytes(padded)
        out = [
            (pattern, stop + 1)
            for needle, _start, stop in self._automaton.find_matches_as_indexes(data.lower(), overlapping=True)
            for pattern in self._owners[needle]
        ]
        out += [(pattern, 0) for pattern, trigger in self._triggers if trigger.search(data)]
        return out


def has_hyperscan() -> bool:
    """Whether the fast engine is installed and wanted (``UNTAG_ENGINE=fallback`` turns it off)."""
    if os.environ.get("UNTAG_ENGINE") == "fallback":
        return False
    from importlib.util import find_spec  # noqa: PLC0415 - costs time only where it is asked

    return find_spec("hyperscan") is not None


def build(terms: Sequence[Term], wanted: Callable[[Term], bool]) -> Finder:
    """Return a finder over the wanted terms, compiled now and kept nowhere."""
    table = Table(terms, wanted, triggers=False)
    engine = HyperscanEngine.load(HyperscanEngine.compile(table)) if has_hyperscan() else AhoCorasickEngine(table)
    return Finder(terms, table, engine)
