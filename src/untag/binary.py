"""Search binaries: the runs of text around a hit are its scope.

Only what the lexicon knows by name is looked for (no bare group names): a run of
bytes has no structure that could give a common word a meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag import limits
from untag.interpret.around import Surroundings
from untag.interpret.case import Case
from untag.interpret.judge import findings, judge
from untag.model import Scope, Span
from untag.readers.base import Text
from untag.readers.raw import strings_around

if TYPE_CHECKING:
    from untag.interpret import Lens
    from untag.match.store import Lexicon
    from untag.model import Blob, Finding
    from untag.packages import Packages

STEP: Final = 16 << 20
"""Bytes searched at once."""
MOST: Final = 500
"""Hits looked at in one binary."""
ENCODINGS: Final = ("utf-8", "utf-16-le", "gb18030")


def search(blob: Blob, lexicon: Lexicon, lens: Lens, packages: Packages, window: tuple[int, int]) -> list[Finding]:
    """Return the findings among the strings of a binary that begin in ``window`` (byte offsets)."""
    finder = lexicon.binary
    start, last = window
    runs: dict[tuple[str, str], None] = {}
    cases: list[Case] = []
    file_scope = Scope("file", blob.trail[-1])
    while start < last and len(cases) < MOST:
        stop = min(start + STEP, last)
        piece = bytes(blob.data[start : min(stop + limits.OVERLAP, len(blob.data))])
        for pattern, end in finder.propose(piece)[: MOST * 20]:
            owner = finder.table.owners[pattern]
            at = start + end - 1
            for text, beside in _runs(blob, at, wide=finder.table.literal(pattern) is None):
                if (text, beside[0] if beside else "") in runs:
                    continue
                runs[text, beside[0] if beside else ""] = None
                cases += _cases(blob, text, beside, owner, at, lens, packages, file_scope)
            if len(cases) >= MOST:
                break
        start = stop
    return findings(judge(cases), blob.trail)


def _runs(blob: Blob, at: int, *, wide: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Return the run of text that ends around ``at`` with its neighbours, in each encoding that may fit."""
    encodings = ENCODINGS[1:] if wide else ENCODINGS[:1]
    found = []
    for encoding in encodings:
        start = max(0, at - 3)
        text, beside = strings_around(blob.data, start, min(at, len(blob.data)), encoding=encoding)
        if text:
            found.append((text, beside))
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
    data = text.encode("utf-8", "replace")
    if not any(index == owner for index, _, _ in lens.lexicon.anchors.find(data)):
        return []
    term = lens.terms[owner]
    scope = Scope("list", "", tuple(beside), "", file_scope)
    clipped = text if len(text) <= limits.STATEMENT else text[: limits.STATEMENT]
    span = Span(clipped, "raw", at, at + 1, 0, 0, scope, clipped)
    body = "\n".join((text, *beside)).encode("utf-8", "replace")
    around = Surroundings(Text(blob.trail, body), lens)
    return [Case(term, term.attribute, span, around, packages.of(blob.trail, lens))]
