"""Dumps of databases: the rows of ``COPY … FROM stdin`` and of ``INSERT``, each cell with its column and its table.

The statement that names the columns may stand gigabytes before a row: `Statements` looks for it where a
window of a large dump needs it, and it is carried along as the window's header.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Scope, Span
from untag.readers import company, lines
from untag.readers.fields import Field
from untag.readers.records import spans_of
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Buffer, Gap
    from untag.readers.base import Text
    from untag.readers.fields import Place

BACK: Final = 256 << 20
"""Bytes looked back for the statement that a row belongs to; a longer block of rows is read as lines."""
STEP: Final = 1 << 20
HEAD: Final = 1 << 16
"""Bytes of a statement's own words, and of a table's definition."""
SAMPLE: Final = 200
"""Rows that tell a column's value set, beside those that are asked for."""
TUPLES: Final = 20_000
"""Rows of one statement that are cut into cells: a line of a dump has one megabyte."""
_NAME: Final = rb"((?:[\w$]+|`[^`\n]{1,128}`|\"[^\"\n]{1,128}\")(?:\.(?:[\w$]+|`[^`\n]{1,128}`|\"[^\"\n]{1,128}\"))?)"
COPIED: Final = re.compile(
    rb"^COPY " + _NAME + rb"\s*(?:\(([^()\n]{0,16384})\))?\s*FROM stdin[^\n]{0,200};\r?\n", re.MULTILINE
)
INSERTED: Final = re.compile(
    rb"\b(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+" + _NAME + rb"\s*(?:\(([^()]{0,16384})\))?\s*VALUES\s*",
    re.IGNORECASE,
)
_END: Final = re.compile(rb"^\\\.", re.MULTILINE)
_DEFINED: Final = re.compile(rb"^CREATE TABLE [^;]{1,65536};", re.MULTILINE)
_STARTS: Final = (b"\nCOPY ", b"\nINSERT INTO ", b"\nREPLACE INTO ", b"\n\\.", b"\nCREATE TABLE ")
_TOKEN: Final = re.compile(rb"'(?:[^'\\]|\\.|'')*+'?|[(),;]|[^'(),;]+", re.DOTALL)


def is_dump(data: bytes) -> bool:
    """Whether a script holds rows that are no statements."""
    return b" FROM stdin" in data and COPIED.search(data) is not None


class Statements:
    """The statements of one large dump that were looked for so far."""

    def __init__(self) -> None:
        self._from = self._to = 0
        """Range in which no statement begins, but the last one that was found, at its start."""
        self._columns: dict[bytes, bytes] = {}

    def before(self, data: Buffer, at: int) -> bytes:
        """Return the head of the statement whose rows stand at an offset, with its columns; empty where none do."""
        known = self._from if self._from <= at <= self._to + STEP else -1
        start = _last(data, _STARTS, max(self._to - 20, 0) if known >= 0 else max(0, at - BACK), at)
        if start < 0:
            start = known
        if start < 0:
            return b""
        self._from, self._to = start, at
        head = bytes(data[start : start + HEAD])
        copied = COPIED.match(head.lstrip(b"\n"))
        if copied is not None:
            return (
                copied[0].rstrip()
                if copied[2]
                else self._completed(data, start, b"COPY %s (%s) FROM stdin;", copied[1])
            )
        found = INSERTED.search(head)
        if found is None or found.start() > len(b"\n"):
            return b""
        if found[2]:
            return b"INSERT INTO %s (%s) VALUES" % (found[1], found[2])
        return self._completed(data, start, b"INSERT INTO %s (%s) VALUES", found[1])

    def _completed(self, data: Buffer, start: int, form: bytes, table: bytes) -> bytes:
        """Return the head of a statement that names no columns with those of the table's definition."""
        if table not in self._columns:
            self._columns[table] = _defined(data, start, table)
        return form % (table, self._columns[table])


def _last(data: Buffer, marks: tuple[bytes, ...], low: int, high: int) -> int:
    """Return the last offset between two at which one of some marks begins, -1 where none does."""
    stop = high
    while stop > low:
        start = max(low, stop - STEP)
        piece = bytes(data[start : min(stop + 20, high)])
        found = max(piece.rfind(mark) for mark in marks)
        if found >= 0:
            return start + found
        stop = start
    return -1


def _defined(data: Buffer, before: int, table: bytes) -> bytes:
    """Return the columns that the last definition of a table before an offset names, with commas between."""
    from untag.readers.artifacts.tables.ddl import definition  # noqa: PLC0415 - few dumps need it

    at = _last(
        data,
        (b"CREATE TABLE " + table + b" ", b"CREATE TABLE IF NOT EXISTS " + table + b" "),
        max(0, before - BACK),
        before,
    )
    if at < 0:
        return b""
    text = bytes(data[at : at + HEAD])
    stop = text.find(b";\n")
    columns = definition(text[: stop if stop >= 0 else HEAD].decode("utf-8", "replace")).columns
    return ", ".join(f'"{c.name}"' for c in columns).encode()


def _names(listed: bytes) -> list[str]:
    """Return the columns that a statement names."""
    names = (
        [part.strip().strip(b'`"').decode("utf-8", "replace") for part in listed.split(b",")] if listed.strip() else []
    )
    return [lines.clip(name, company.NAME) for name in names]


class _Rows:
    """The rows of one statement within a text."""

    def __init__(self, table: bytes, listed: bytes, place: Place, at: int = -1) -> None:
        self.table = table.rpartition(b".")[2].strip(b'`"').decode("utf-8", "replace")
        self.columns = _names(listed)
        self.place = place
        self.listed = listed
        self.at = at
        """Where the list of columns stands in the text; -1 where it stands before."""

    def fields(self, cells: Iterator[tuple[int, Place]]) -> Iterator[Field]:
        """Yield a field for each column, with the cells that were cut."""
        values: dict[int, list[Place]] = {}
        for number, cell in cells:
            values.setdefault(number, []).append(cell)
        heads = list(self._heads())
        for number in range(max((len(self.columns), *(n + 1 for n in values)))):
            name = self.columns[number] if number < len(self.columns) else ""
            head = heads[number] if number < len(heads) else None
            yield Field(name, head, tuple(values.get(number, ())), "cell", self.table, tuple(self.columns))

    def _heads(self) -> Iterator[Place]:
        at = self.at
        for part in self.listed.split(b",") if at >= 0 else ():
            bare = part.strip().strip(b'`"')
            low = at + part.find(bare)
            yield low, low + len(bare)
            at += len(part) + 1


def _copied(data: bytes, place: Place, wanted: Sequence[Place]) -> Iterator[tuple[int, Place]]:
    """Yield column and place of the cells of rows that are wanted, and of the first ones."""
    low, high = place
    at = low
    starts = []
    for _ in range(SAMPLE):
        starts.append(at)
        at = data.find(b"\n", at, high) + 1
        if not at:
            break
    starts += [max(low, data.rfind(b"\n", low, start) + 1) for start, _ in wanted if low <= start < high]
    for start in dict.fromkeys(starts):
        stop = data.find(b"\n", start, high)
        at = start
        for number, cell in enumerate(data[start : stop if stop >= 0 else high].rstrip(b"\r").split(b"\t")):
            yield number, (at, at + len(cell))
            at += len(cell) + 1


def _inserted(data: bytes, place: Place) -> Iterator[tuple[int, Place]]:
    """Yield column and place of the cells of tuples, quotes left out."""
    depth = number = tuples = 0
    for token in _TOKEN.finditer(data, *place):
        sign = token[0]
        if sign == b"(":
            depth += 1
            number = 0 if depth == 1 else number
        elif sign == b")":
            depth = max(0, depth - 1)
            tuples += depth == 0
            if tuples > TUPLES:
                return
        elif sign == b"," and depth == 1:
            number += 1
        elif sign == b";" and not depth:
            return
        elif depth == 1 and sign.strip():
            low, high = lines.trim(data, *token.span())
            quoted = data[low : low + 1] == b"'"
            yield number, (low + quoted, max(low + quoted, high - (quoted and data[high - 1 : high] == b"'")))


def rows_of(text: Text, wanted: Sequence[Place]) -> Iterator[Field]:
    """Yield the columns of the rows in a text, with those cells that are wanted or tell the value set."""
    data, begin = text.data, 0
    starts = [start for start, _ in wanted]
    copied = COPIED.match(text.header + b"\n") if text.header else None
    if copied is not None:
        end = _END.search(data)
        begin = end.start() if end is not None else len(data)
        rows = _Rows(copied[1], copied[2] or b"", (0, begin))
        yield from rows.fields(_copied(data, rows.place, wanted))
    for found in COPIED.finditer(data, begin):
        end = _END.search(data, found.end())
        place = (found.end(), end.start() if end is not None else len(data))
        first = bisect_left(starts, found.start())
        if first < len(starts) and starts[first] < place[1]:
            rows = _Rows(found[1], found[2] or b"", place, found.start(2))
            yield from rows.fields(_copied(data, place, wanted))
    if text.whole:
        return
    carried = INSERTED.match(text.header) if text.header else None
    if carried is not None and INSERTED.match(data) is None:
        start = data.find(b"(") if data.startswith((b"(", b",(")) else data.find(b"),(") + 2
        if start > 1 or data.startswith(b"("):
            rows = _Rows(carried[1], carried[2] or b"", (start, len(data)))
            yield from rows.fields(_inserted(data, rows.place))
    for found in INSERTED.finditer(data):
        listed = found[2] or (carried[2] if carried is not None and carried[1] == found[1] else b"") or b""
        rows = _Rows(found[1], listed, (found.end(), len(data)), found.start(2) if found[2] else -1)
        yield from rows.fields(_inserted(data, rows.place))


def _defining(text: Text, wanted: Sequence[Place], deadline: Deadline) -> Iterator[Span | Gap]:
    """Read the definitions of tables in a window as what they are, and what else stands there as lines."""
    from untag.readers.embed import embedded  # noqa: PLC0415 - loaded where it is used
    from untag.readers.fallback import line_spans  # noqa: PLC0415 - loaded where it is used

    rest = list(wanted)
    for found in _DEFINED.finditer(text.data):
        inside = [w for w in rest if found.start() <= w[0] and w[1] <= found.end()]
        if inside:
            rest = [w for w in rest if w not in inside]
            line = text.first_line + text.data.count(b"\n", 0, found.start())
            yield from embedded(text, *found.span(), line, "sql", inside, Scope("file", text.name), deadline)
    yield from line_spans(text, rest)


class DumpReader:
    """Reads dumps of databases: rows here, all else as the statements that it is."""

    name = "dump"
    version = 1
    formats: tuple[str, ...] = ("dump",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the cell around each wanted range, or what else stands there."""
        from untag.readers.embed import read_as  # noqa: PLC0415 - loaded where it is used

        ranges = list(lines.checked(wanted, len(text.data), deadline))
        mine, rest = spans_of(text, list(rows_of(text, ranges)), ranges)
        others: Iterator[Span | Gap] = iter(())
        if rest and text.whole and len(text.data) <= limits.PARSE:
            others = read_as("sql", text, rest, Scope("file", text.name), deadline)
        elif rest:
            others = _defining(text, rest, deadline)
        yield from settled(text, ranges, [*mine, *others])
