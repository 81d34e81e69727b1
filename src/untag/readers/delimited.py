"""Delimited tables: the header and the wanted rows are read, never all rows."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_CANDIDATES: Final = (b"\t", b",", b";", b"|", b"\x01")
_SAMPLE: Final = 12
"""Rows looked at to find the delimiter."""
_LONGEST: Final = 1 << 20
"""Bytes of a row that is cut into cells."""
_ROW_LINES: Final = 20
"""Lines that one quoted cell may run over."""


def cells(data: bytes, start: int, stop: int, delimiter: bytes) -> list[tuple[int, int]]:
    """Return the range of each cell of a row, quotes included; quoted delimiters do not split."""
    found: list[tuple[int, int]] = []
    at = start
    while at <= stop:
        begin = at
        while begin < stop and data[begin : begin + 1] == b" " and delimiter != b" ":
            begin += 1
        if data[begin : begin + 1] == b'"':
            end = begin + 1
            while end < stop:
                end = data.find(b'"', end, stop)
                if end < 0:
                    end = stop
                    break
                if data[end + 1 : end + 2] == b'"':
                    end += 2
                    continue
                end += 1
                break
            cut = data.find(delimiter, end, stop)
        else:
            cut = data.find(delimiter, at, stop)
        cut = stop if cut < 0 else cut
        found.append((at, cut))
        at = cut + len(delimiter)
    return found


def delimiter_of(head: bytes) -> bytes:
    """Return the delimiter that splits the first rows into equally many cells, or nothing."""
    rows = [row for row in head.replace(b"\r", b"").split(b"\n")[: _SAMPLE + 1] if row.strip()]
    if len(rows) > 1 and len(head) > len(rows[-1]) and not head.endswith(b"\n"):
        rows = rows[: max(2, len(rows) - 1)]
    if len(rows) < 2:  # noqa: PLR2004 - a count by eye, not a setting
        return b""
    best, width = b"", 1
    for delimiter in _CANDIDATES:
        counts = [len(cells(row, 0, len(row), delimiter)) for row in rows]
        alike = sum(count == counts[0] for count in counts)
        if counts[0] > width and alike * 10 >= len(counts) * 8:
            if delimiter in b",;|" and counts[0] == 2 and not _tabular(rows, delimiter):  # noqa: PLR2004 - a count by eye, not a setting
                continue
            best, width = delimiter, counts[0]
    return best


def _tabular(rows: list[bytes], delimiter: bytes) -> bool:
    """Whether two columns look like a table rather than sentences with a comma."""
    return all(b" " not in part.strip() for row in rows[:4] for part in row.split(delimiter)) and len(rows) > 2  # noqa: PLR2004 - a count by eye, not a setting


def unquote(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Leave blanks and quotes around a cell out."""
    start, stop = lines.trim(data, start, stop)
    if (
        stop - start > 1
        and data[start : start + 1] in (b'"', b"'")
        and data[stop - 1 : stop] == data[start : start + 1]
    ):
        return start + 1, stop - 1
    return start, stop


class DelimitedReader:
    """Reads CSV, TSV and their kin."""

    name = "table"
    version = 1
    formats: tuple[str, ...] = ("csv",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the cell around each wanted range, with its column as scope."""
        data = text.data
        head = data[: 1 << 14]
        delimiter = delimiter_of(head) or _named(text.name, head)
        if not delimiter:
            yield from line_spans(text, wanted)
            return
        table = _Table(text, delimiter)
        held: Span | None = None
        last = 0
        for start, stop in lines.checked(wanted, len(data), deadline):
            if held is not None and start >= held.start and stop <= held.stop:
                continue
            if held is not None and start < held.stop:
                held = table.stretched(held, stop)
                continue
            if held is not None:
                yield held
                last = held.stop
            held = table.span(start, stop, last)
        if held is not None:
            yield held


def _named(name: str, head: bytes) -> bytes:
    lower = name.lower()
    if lower.endswith((".tsv", ".tab")):
        return b"\t"
    first = head.split(b"\n", 1)[0]
    if lower.endswith(".csv"):
        return max((b",", b";", b"\t", b"|"), key=first.count)
    return b"|" if lower.endswith(".psv") else b""


class _Table:
    def __init__(self, text: Text, delimiter: bytes) -> None:
        self._data = text.data
        self._delimiter = delimiter
        self._lines = Lines(text.data, text.first_line)
        file = Scope("file", text.name)
        self._header: tuple[int, int] = (-1, -1)
        names: list[str] = []
        if text.whole:
            self._header = self._row(0, 0)
            names = [
                lines.clip(decode(self._data, *unquote(self._data, low, high)), 200)
                for low, high in cells(self._data, *self._header, delimiter)[: limits.MEMBERS * 5]
            ]
        self._names = names
        self._scope = Scope("table", "", tuple(names[: limits.MEMBERS]), "", file)
        self._columns: dict[int, Scope] = {}
        self._last: tuple[int, int, list[tuple[int, int]]] = (0, -1, [])

    def _row(self, start: int, stop: int) -> tuple[int, int]:
        """Return the row that holds a range; a quoted cell may run over lines."""
        low, _ = self._lines.bounds(start)
        _, high = self._lines.bounds(max(start, stop - 1))
        high = max(high, stop)
        for _ in range(_ROW_LINES):
            if self._data.count(b'"', low, high) % 2 == 0:
                return low, high
            below = self._lines.after(high)
            if below is None:
                break
            _, high = self._lines.bounds(below)
        return low, high

    def span(self, start: int, stop: int, last: int) -> Span:
        """Return the span of the cell that holds a range."""
        low, high, parts = self._cells(start, stop)
        column = bisect_right(parts, (start, len(self._data) + 1)) - 1
        left, right = parts[column] if column >= 0 else (low, high)
        if not left <= start or not stop <= right:
            column, left, right = -1, low, high
        left, right = unquote(self._data, left, right)
        left, right = lines.around(self._data, max(last, min(left, start)), max(right, stop), start, stop)
        in_header = low == self._header[0]
        if in_header:
            scope, role = self._scope, "member"
        else:
            scope, role = self._column(column), "value"
        first = self._lines.number(left)
        end = self._lines.number(max(left, right - 1))
        statement = lines.statement(self._data, low, high, start, stop)
        return Span(decode(self._data, left, right), role, left, right, first, end, scope, statement)

    def _cells(self, start: int, stop: int) -> tuple[int, int, list[tuple[int, int]]]:
        """Return the row that holds a range and its cells; the last row is remembered."""
        low, high, parts = self._last
        if not (low <= start and stop <= high and parts):
            low, high = self._row(start, stop)
            parts = cells(self._data, low, high, self._delimiter) if high - low < _LONGEST else [(low, high)]
            self._last = (low, high, parts)
        return low, high, parts

    def _column(self, column: int) -> Scope:
        if column not in self._columns:
            name = self._names[column] if 0 <= column < len(self._names) else ""
            self._columns[column] = Scope("row", name, self._scope.members, "", self._scope)
        return self._columns[column]

    def stretched(self, span: Span, stop: int) -> Span:
        """Return ``span`` run on to ``stop``: a range that crosses a cell's end."""
        text = decode(self._data, span.start, stop)
        end = self._lines.number(max(span.start, stop - 1))
        return Span(text, span.role, span.start, stop, span.line, end, span.scope, span.statement, span.note)
