"""Search binaries: the runs of text around a hit are its scope.

Only what the lexicon knows by name is looked for (no bare group names): a run of
bytes has no structure that could give a common word a meaning. Where the tables of a program
say what stands at a hit (a symbol, a string of a section), that is its scope; the stronger of
what the bytes alone say and of what the tables say counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag import limits
from untag.interpret.around import Surroundings
from untag.interpret.case import Case
from untag.interpret.judge import findings, judge
from untag.model import CONFIDENCES, Scope, Span
from untag.nouns import dataclass
from untag.readers.base import Text
from untag.readers.raw import strings_around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.interpret import Lens
    from untag.interpret.judge import Verdict
    from untag.match.store import Lexicon
    from untag.model import Blob, Finding, Gap
    from untag.packages import Packages
    from untag.readers.artifacts.programs.native import Program
    from untag.readers.base import ArtifactReader, Part

STEP: Final = 16 << 20
"""Bytes searched at once."""
MOST: Final = 500
"""Hits looked at in one binary."""
WHOLE: Final = 48 << 20
"""Bytes from which on a file may be shared by processes, of which none knows whether another read its tables."""
ENCODINGS: Final = ("utf-8", "utf-16-le", "gb18030")


@dataclass(frozen=True, slots=True)
class Searched:
    """What the search of one binary gave."""

    findings: list[Finding]
    gaps: tuple[Gap, ...] = ()
    parsed: bool = False
    """Whether the tables of a program were read for what was met in it."""
    readers: frozenset[tuple[str, int]] = frozenset()
    """Name and version of the reader that read them."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A case met in the bytes, and where."""

    case: Case
    owner: int
    at: int
    encoding: str


def search(
    blob: Blob,
    lexicon: Lexicon,
    lens: Lens,
    packages: Packages,
    part: tuple[int, int] = (0, 1),
    reader: ArtifactReader | None = None,
) -> Searched:
    """Return the findings among the strings of a binary that begin in a share of it.

    ``reader`` knows the tables of the program that it is (see `Native`), and is asked only where something was met.
    """
    size = len(blob.data)
    window = (size * part[0] // part[1], size * (part[0] + 1) // part[1])
    hits = _hits(blob, lexicon, lens, packages, window)
    verdicts = judge([hit.case for hit in hits])
    if reader is None or not hits:
        return Searched(findings(verdicts, blob.trail))
    program: Program = reader.open(  # type: ignore[attr-defined] # a reader beside the bytes has it
        blob, limits.Deadline.after(limits.READ_SECONDS)
    )
    pairs, more = _placed(blob, program, hits, lens)
    kept = _stronger(verdicts, judge(more), pairs)
    gaps = (program.gap,) if program.gap else ()
    return Searched(findings(kept, blob.trail), gaps, size < WHOLE, frozenset(((reader.name, reader.version),)))


def _hits(blob: Blob, lexicon: Lexicon, lens: Lens, packages: Packages, window: tuple[int, int]) -> list[_Hit]:
    """Return a case for each term in each run of text around a hit."""
    finder = lexicon.binary
    start, last = window
    seen: set[tuple[str, str, int | str]] = set()
    """Runs with the terms that were looked for in them, and with the attributes that were found."""
    hits: list[_Hit] = []
    file_scope = Scope("file", blob.trail[-1])
    while start < last and len(hits) < MOST:
        stop = min(start + STEP, last)
        piece = bytes(blob.data[start : min(stop + limits.OVERLAP, len(blob.data))])
        for pattern, end in finder.propose(piece)[: MOST * 20]:
            owner = finder.table.owners[pattern]
            at = start + end - 1
            for text, beside, encoding in _runs(blob, at, wide=finder.table.literal(pattern) is None):
                run = text, beside[0] if beside else ""
                if (*run, owner) in seen or (*run, lens.terms[owner].attribute) in seen:
                    continue
                seen.add((*run, owner))
                for case in _cases(blob, text, beside, owner, at, lens, packages, file_scope):
                    seen.add((*run, case.attribute))
                    hits.append(_Hit(case, owner, at, encoding))
            if len(hits) >= MOST:
                break
        start = stop
    return hits


def _runs(blob: Blob, at: int, *, wide: bool) -> list[tuple[str, tuple[str, ...], str]]:
    """Return the run of text that ends around ``at`` with its neighbours, in each encoding that may fit."""
    encodings = ENCODINGS[1:] if wide else ENCODINGS[:1]
    found = []
    for encoding in encodings:
        start = max(0, at - 3)
        text, beside = strings_around(blob.data, start, min(at, len(blob.data)), encoding=encoding)
        if text:
            found.append((text, beside, encoding))
    return found


def _cases(
    blob: Blob,
    text: str,
    beside: tuple[str, ...],
    owner: int,
    at: int,
    lens: Lens,
    packages: Packages,
    file_scope: Scope,
) -> list[Case]:
    """Return the cases of one run in which the wanted term really stands as a word."""
    if not _stands(lens, owner, text):
        return []
    term = lens.terms[owner]
    scope = Scope("list", "", tuple(beside), "", file_scope)
    clipped = text if len(text) <= limits.STATEMENT else text[: limits.STATEMENT]
    span = Span(clipped, "raw", at, at + 1, 0, 0, scope, clipped)
    body = "\n".join((text, *beside)).encode("utf-8", "replace")
    around = Surroundings(Text(blob.trail, body), lens)
    return [Case(term, term.attribute, span, around, packages.of(blob.trail, lens))]


def _stands(lens: Lens, owner: int, text: str) -> bool:
    """Whether a term stands in a text as a word."""
    return any(index == owner for index, _, _ in lens.lexicon.anchors.find(text.encode("utf-8", "replace")))


def _placed(blob: Blob, program: Program, hits: list[_Hit], lens: Lens) -> tuple[dict[int, Case], list[Case]]:
    """Return the cases that the tables of a program make of hits, and by the identity of a hit's case its own.

    A symbol stands in two tables often, and is one case.
    """
    pairs: dict[int, Case] = {}
    cases: list[Case] = []
    symbols: dict[tuple[str, int], Case] = {}
    for hit in hits:
        place = max(0, hit.at - 2)  # within the term: a hit may end behind it
        placed = None if hit.encoding == "gb18030" else program.at(place, wide=hit.encoding == "utf-16-le")
        if placed is None or not _stands(lens, hit.owner, f"{placed.part.text}\n{placed.part.statement}"):
            continue
        key = (placed.part.text, hit.owner)
        case = symbols.get(key) if placed.symbol else None
        if case is None:
            case = _case(blob, placed.part, hit.case, lens, hit.at)
            cases.append(case)
            if placed.symbol:
                symbols[key] = case
        pairs[id(hit.case)] = case
    cases += _unseen(blob, program, hits[0].case, lens)
    return pairs, cases


def _unseen(blob: Blob, program: Program, like: Case, lens: Lens) -> Iterator[Case]:
    """Yield the cases of names that the tables hold in pieces."""
    for part in program.unseen():
        for index, _, _ in lens.lexicon.anchors.find(part.statement.encode("utf-8", "replace")):
            if (term := lens.terms[index]).kind not in ("group", "proxy"):
                yield _case(blob, part, Case(term, term.attribute, like.span, like.around, like.package), lens, 0)


def _case(blob: Blob, part: Part, like: Case, lens: Lens, at: int) -> Case:
    """Return a case of a part of a program."""
    text = part.text[: limits.STATEMENT]
    span = Span(text, part.role, at, at + 1, 0, 0, part.scope, part.statement or text, part.note)
    body = "\n".join((part.statement or text, *part.scope.members)).encode("utf-8", "replace")
    return Case(like.term, like.attribute, span, Surroundings(Text(blob.trail, body), lens), like.package)


def _stronger(raw: list[Verdict], placed: list[Verdict], pairs: dict[int, Case]) -> list[Verdict]:
    """Return of the verdicts on one place the stronger one, in the scope that the tables give it."""
    by_case = {id(v.weighing.case): v for v in placed}
    kept = []
    for verdict in raw:
        case = pairs.get(id(verdict.weighing.case))
        if case is None:
            kept.append(verdict)
            continue
        other = by_case.get(id(case))
        if other is None or (other.hard, -_rank(other)) < (verdict.hard, -_rank(verdict)):
            verdict.weighing.case.span = case.span
            by_case.pop(id(case), None)
            kept.append(verdict)
    return [*by_case.values(), *kept]


def _rank(verdict: Verdict) -> int:
    return CONFIDENCES.index(verdict.confidence)
