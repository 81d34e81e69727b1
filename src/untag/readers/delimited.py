"""Delimited tables: the header and the wanted rows are read, never all rows."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import company, lines
from untag.readers.captions import Captions, captions_of
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
_STRIDES: Final = 50
"""Places of a text, spread evenly, at which rows are sampled: label files are often sorted."""
_ROWS: Final = 10
"""Rows sampled at each of them."""
_WIDE: Final = 2_000
"""Bytes of a row up to which it is sampled: wider tables hold features, not labels."""
_COUNT: Final = re.compile(rb"\s*\d{1,9}\s*\n")
"""The first line of CelebA's lists: how many pictures follow."""
_MARKED: Final = re.compile(rb"[^\s,|]{1,120}\.(?:jpe?g|png)(?:[ \t]+-?[01]){3}", re.IGNORECASE)
"""A row of such a list: a picture and a mark for each attribute."""


def marks_of(data: bytes) -> int:
    """Return where the header stands of a list of attributes that blanks separate, as CelebA's; -1 for another text."""
    counted = _COUNT.match(data[:64])
    start = counted.end() if counted is not None else 0
    stop = data.find(b"\n", start, start + (1 << 14))
    if stop < 0 or _MARKED.match(data, stop + 1, stop + 1 + (1 << 12)) is None:
        return -1
    header = data[start:stop].split()
    return start if len(header) > 2 and not header[-1].lstrip(b"-").isdigit() else -1  # noqa: PLR2004 - a count by eye


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
    version = 2
    formats: tuple[str, ...] = ("csv",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the cell around each wanted range, with its column as scope."""
        data = text.data
        head = text.header + b"\n" + data[: 1 << 14] if text.header else data[: 1 << 14]
        marks = marks_of(head) if text.whole else -1
        delimiter = b" " if marks >= 0 else captions_of(head) or delimiter_of(head) or _named(text.name, head)
        if not delimiter:
            yield from line_spans(text, wanted)
            return
        table = _Table(text, delimiter, max(marks, 0))
        ranges = list(lines.checked(wanted, len(data), deadline))
        captions = table.captions(ranges)
        held: Span | None = None
        last = 0
        for start, stop in ranges:
            if held is not None and start >= held.start and stop <= held.stop:
                continue
            if held is not None and start < held.stop:
                held = table.stretched(held, stop)
                continue
            if held is not None:
                yield held
                last = held.stop
            held = captions.get(start) or table.span(start, stop, last)
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
    """The columns of one text, what they are called, and what their cells are."""

    def __init__(self, text: Text, delimiter: bytes, first: int = 0) -> None:
        self._data = text.data
        self._delimiter = delimiter
        self._lines = Lines(text.data, text.first_line)
        file = Scope("file", text.name)
        self._header: tuple[int, int] = (-1, -1)
        header = text.header
        if text.whole or (header and text.data.startswith(header)):
            self._header = self._row(first, first)
            header = text.data[slice(*self._header)]
        names = self._named(header, text.whole)
        self._names = names
        self._of = text.name.split(".", 1)[0]
        members = tuple(names[: limits.MEMBERS])
        self._scope = Scope("table", "", members, "", file)
        self._labels = company.of_pictures(members) and not company.declared(members)
        self._people = ""
        if header and company.of_pictures((*members, *(("image",) if self._files() else ()))):
            self._people = company.said_of(members, pictures=True)
        self._told = Scope("table", "", members, self._people, file) if self._people else self._scope
        self._columns: dict[int, Scope] = {}
        self._sets: dict[int, tuple[str, ...]] = {}
        self._rows: list[list[tuple[int, int]]] | None = None
        self._last: tuple[int, int, list[tuple[int, int]]] = (0, -1, [])

    def _named(self, header: bytes, whole: bool) -> list[str]:
        """Return the names of the columns."""
        if not header:
            return []
        if self._delimiter == b" ":
            return ["image", *(lines.clip(part.decode("utf-8", "replace"), 200) for part in header.split())]
        parts = cells(header, 0, len(header), self._delimiter)[: limits.MEMBERS * 5]
        names = [lines.clip(decode(header, *unquote(header, low, high)), 200) for low, high in parts]
        if whole and any(company.PICTURE_FILE.search(header, low, high) for low, high in parts):
            self._header = (-1, -1)  # the first row is a picture's already
            return []
        return names

    def _files(self) -> bool:
        """Whether the rows name files of pictures, whatever the column is called."""
        low = max(self._header[1], 0)
        return company.PICTURE_FILE.search(self._data, low, low + (1 << 12)) is not None

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
        statement = lines.statement(self._data, low, high, start, stop)
        note = ""
        if low == self._header[0]:
            scope, role = self._told, "member"
            note = "; ".join(self._set(column))[: limits.STATEMENT]
        else:
            scope, role = self._column(column), "value"
            statement = self._statement(column) or statement
        first = self._lines.number(left)
        end = self._lines.number(max(left, right - 1))
        return Span(decode(self._data, left, right), role, left, right, first, end, scope, statement, note)

    def _cells(self, start: int, stop: int) -> tuple[int, int, list[tuple[int, int]]]:
        """Return the row that holds a range and its cells; the last row is remembered."""
        low, high, parts = self._last
        if not (low <= start and stop <= high and parts):
            low, high = self._row(start, stop)
            parts = cells(self._data, low, high, self._delimiter) if high - low < _LONGEST else [(low, high)]
            self._last = (low, high, parts)
        return low, high, parts

    def _name(self, column: int) -> str:
        return self._names[column] if 0 <= column < len(self._names) else ""

    def _column(self, column: int) -> Scope:
        """Return the scope of a column's cells, whose members are its value set where it has one."""
        if column not in self._columns:
            name = self._name(column)
            found = () if company.tells(name) else self._set(column)
            table = self._told if found else self._scope
            self._columns[column] = company.row_scope(name, table, found)
        return self._columns[column]

    def _statement(self, column: int) -> str:
        """Return what a column of labels is; empty for other cells, which speak for themselves."""
        name = self._name(column)
        if not name or not self._set(column):
            return ""
        return name if company.tells(name) else company.labelled(name, self._of, self._scope.members)

    def _set(self, column: int) -> tuple[str, ...]:
        """Return the value set of a column in a sample of rows; empty where it is none, or where nobody is pictured."""
        if column < 0 or not self._labels:
            return ()
        if column not in self._sets:
            if self._rows is None:
                self._rows = self._sample()
            told = (decode(self._data, *unquote(self._data, *r[column])) for r in self._rows if column < len(r))
            self._sets[column] = company.label_set(told)
        return self._sets[column]

    def _sample(self) -> list[list[tuple[int, int]]]:
        """Return the cells of rows spread over the text."""
        data = self._data
        begin = max(self._header[1] + 1, 0)
        stride = max((len(data) - begin) // _STRIDES, 1)
        at = begin
        out: list[list[tuple[int, int]]] = []
        while at < len(data):
            following = at + stride
            for _ in range(_ROWS):
                end = data.find(b"\n", at)
                end = len(data) if end < 0 else end
                if end - at < _WIDE:
                    out.append(cells(data, at, end, self._delimiter))
                at = end + 1
                if at >= len(data):
                    break
            if at < following:
                at = data.find(b"\n", following) + 1 or len(data)
        return out

    def captions(self, ranges: Sequence[tuple[int, int]]) -> dict[int, Span]:
        """Return, by their starts, the spans of groups that are named in captions of pictures."""
        found = Captions(self._data, self._lines, self._scope)
        if not (company.of_pictures(self._scope.members) or self._files()):
            return {}
        for start, stop in ranges:
            low, _, parts = self._cells(start, stop)
            if low == self._header[0]:
                continue
            column = bisect_right(parts, (start, len(self._data) + 1)) - 1
            if column >= 0 and parts[column][0] <= start and stop <= parts[column][1]:
                found.add(self._name(column) or "caption", *parts[column], start, stop)
        return found.spans()

    def stretched(self, span: Span, stop: int) -> Span:
        """Return ``span`` run on to ``stop``: a range that crosses a cell's end."""
        text = decode(self._data, span.start, stop)
        end = self._lines.number(max(span.start, stop - 1))
        return Span(text, span.role, span.start, stop, span.line, end, span.scope, span.statement, span.note)
