"""How a delimited table is written: what parts its cells, what quotes them, and how many there are in a row."""

from __future__ import annotations

import re
from typing import Final

from untag.nouns import dataclass
from untag.readers.delimited import delimiter_of, marks_of
from untag.strip.base import StripError

SAMPLE: Final = 200
"""Rows looked at to know a dialect."""
ROW: Final = 16 << 20
"""Bytes of the longest row: beyond, a quote was opened and never closed."""
TRIES: Final = 100_000
"""Lines with a quote in them that one cell may run over."""
_SEP: Final = re.compile(rb"\A\"?sep=(.)\"?\r?\n", re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts and quotes the cells of a table."""

    delimiter: bytes
    quote: bytes = b'"'
    """Empty where quotes are letters like others."""
    escape: bool = False
    """A backslash takes the meaning of what follows it."""
    blanks: bool = False
    """Blanks may stand before a quote."""
    width: int = 0
    """Cells of the header."""
    skip: int = 0
    """Bytes before the header: Excel's ``sep=;``."""


class Cells:
    """Cuts rows of one dialect into cells."""

    __slots__ = ("delimiter", "plain", "quote", "quoted")

    def __init__(self, dialect: Dialect) -> None:
        self.delimiter, self.quote = dialect.delimiter, dialect.quote
        mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
        self.plain = re.compile(rb"[^" + mark + rb"\r\n]*")
        if not quote:
            self.quoted: re.Pattern[bytes] | None = None
            return
        lead = b" *" if dialect.blanks else b""
        inner = rb"[^" + quote + (rb"\\" if dialect.escape else b"") + rb"]*+"
        more = rb"(?:" + quote + quote + (rb"|\\." if dialect.escape else b"") + rb")"
        body = lead + quote + inner + rb"(?:" + more + inner + rb")*+"
        self.quoted = re.compile(body + rb"(?P<closed>" + quote + rb"[^" + mark + rb"\r\n]*+)?+", re.DOTALL)

    def split(self, row: bytes, at: int = 0) -> tuple[list[tuple[int, int]], int]:
        """Return the ranges of the cells from ``at`` on, quotes included, and where the row ends.

        The end is -1 where a quoted cell does not close: the last range begins there.
        """
        found: list[tuple[int, int]] = []
        size = len(row)
        while True:
            match = self.quoted.match(row, at) if self.quoted is not None else None
            if match is not None:
                if match["closed"] is None:
                    found.append((at, size))
                    return found, -1
                stop = match.end()
            else:
                found_plain = self.plain.match(row, at)
                stop = at if found_plain is None else found_plain.end()
            found.append((at, stop))
            if row[stop : stop + 1] != self.delimiter:
                return found, stop
            at = stop + 1


def dialect_of(head: bytes, name: str) -> Dialect:
    """Return the dialect of a table by its first bytes; raise `StripError` for a text that is no table.

    Of all ways to quote the first is taken in which the sampled rows have as many cells as the header.
    """
    if marks_of(head) >= 0:
        raise StripError(f"{name}: its columns are parted by blanks; write it as CSV, then cut it")
    told = _SEP.match(head)
    skip = told.end() if told is not None else 0
    mark = (
        told[1]
        if told is not None
        else delimiter_of(head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")) or _named(head, name)
    )
    if not mark:
        raise StripError(f"{name}: no delimiter parts its rows alike; write it as CSV, then cut it")
    ways = [
        Dialect(mark, b'"', width=0, skip=skip),
        Dialect(mark, b'"', blanks=True, skip=skip),
        Dialect(mark, b'"', escape=True, skip=skip),
        Dialect(mark, b"'", skip=skip),
        Dialect(mark, b"", skip=skip),
    ]
    best, most = ways[0], -1.0
    for way in ways:
        widths = _widths(head[skip:], way)
        if not widths:
            continue
        alike = sum(w == widths[0] for w in widths) / len(widths)
        if alike > most:
            best, most = way, alike
            width = widths[0]
    if most < 0:
        raise StripError(f"{name}: its first row does not end; nothing was written")
    return Dialect(best.delimiter, best.quote, best.escape, best.blanks, width, skip)


def _named(head: bytes, name: str) -> bytes:
    """Return the delimiter that a name stands for."""
    lower = name.lower()
    if ".tsv" in lower or lower.endswith(".tab"):
        return b"\t"
    if ".csv" not in lower:
        return b""
    first = head.split(b"\n", 1)[0]
    best = max((b",", b";", b"\t", b"|"), key=first.count)
    return best if first.count(best) else b","


def _widths(head: bytes, way: Dialect) -> list[int]:
    """Return the number of cells of sampled rows; nothing where a quoted cell does not close."""
    cells = Cells(way)
    out: list[int] = []
    at = 0
    while at < len(head) and len(out) < SAMPLE:
        found, end = cells.split(head, at)
        if end < 0 or end >= len(head):
            # the sample may end inside a row, but not inside the first ones
            if not out and end >= 0:
                out.append(len(found))
            return out if len(head) >= 1 << 15 or end >= 0 else []
        if end > at:
            out.append(len(found))
        at = end + (2 if head[end : end + 2] == b"\r\n" else 1)
    return out
