"""Delimited tables: columns are cut by byte spans; every other byte, quote and line end stays as it was."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Final

from untag.nouns import dataclass, field
from untag.strip.base import Check, StripError
from untag.strip.data.dialect import ROW, TRIES, Cells, Dialect, dialect_of
from untag.strip.data.files import HEAD, Shape, Writer, head_of, pieces, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

VALUES: Final = 10_000
"""Distinct values that are remembered of what is cut, to look for them in ragged rows."""
SAMPLED: Final = 2_000
"""Rows of which values are looked at."""


@dataclass(slots=True)
class Tally:
    """What was met while a table was cut."""

    rows: int = 0
    cells: int = 0
    """Cells that were cut, the header's included."""
    short: int = 0
    """Rows that end before the column: kept as they are."""
    ragged: int = 0
    """Other rows with more or fewer cells than the header: cut at the same position."""
    values: set[bytes] = field(default_factory=set)
    """Distinct values that were cut, as written; never shown."""
    left: set[bytes] = field(default_factory=set)
    """Distinct cells that stay in ragged rows."""


class DelimitedTable:
    """A CSV or TSV file as something that columns are cut from."""

    noun = "column"
    kind = "csv"

    def __init__(self, path: Path) -> None:
        """Look at the head; raise `StripError` for a file that is no table."""
        self.path = path
        self.shape: Shape = shape_of(path)
        head = head_of(path, self.shape)
        self.dialect: Dialect = dialect_of(head, path.name)
        first = next(rows(iter((head[self.dialect.skip :],)), self.dialect, path.name, lenient=True), b"")
        self.codec = _codec(head)
        if self.codec != "utf-8" and self.dialect.delimiter in (b"|", b"\\"):
            raise StripError(f"{path.name}: its delimiter may be half of a letter; save it as UTF-8")
        self.names = [self._text(cell) for cell in _cells(first, self.dialect)]

    def _text(self, cell: bytes) -> str:
        return self.unquoted(cell).decode(self.codec, "replace")

    def unquoted(self, cell: bytes) -> bytes:
        """Return a cell without its quotes."""
        bare, quote = cell.strip(b" \t"), self.dialect.quote
        if quote and len(bare) > 1 and bare.startswith(quote) and bare.endswith(quote):
            return bare[1:-1].replace(quote * 2, quote)
        return bare

    def values(self, name: str) -> list[str]:
        """Return distinct values of a column in the first rows."""
        index = self.names.index(name)
        out: dict[str, None] = {}
        for number, row in enumerate(self._rows(lenient=True)):
            if number > SAMPLED:
                break
            cells = _cells(row, self.dialect)
            if number and index < len(cells):
                out[self._text(cells[index])] = None
        return list(out)

    def refuses(self, chosen: Sequence[str]) -> str:
        """Return why these columns cannot be cut; empty where they can."""
        if set(chosen) >= set(self.names):
            return "every column of the table is protected: delete the file"
        return ""

    def says(self, name: str) -> tuple[str, ...]:
        """Return what goes with a column, in words."""
        count = self.names.count(name)
        more = f", {count} columns of this name" if count > 1 else ""
        return (f"column {name}: {self.names.index(name) + 1} of {len(self.names)}{more}",)

    def _rows(self, *, lenient: bool = False) -> Iterator[bytes]:
        text = pieces(self.path, self.shape)
        return rows(_skipped(text, self.dialect.skip), self.dialect, self.path.name, lenient=lenient)

    def cut(self, chosen: Sequence[str], file: IO[bytes], written: Callable[[], Path]) -> list[Check]:
        """Write the table without the columns and compare it with the input, cell by cell."""
        indices = [number for number, name in enumerate(self.names) if name in chosen]
        tally = Tally()
        out = Writer(file, self.shape)
        if self.dialect.skip:
            out.write(head_of(self.path, self.shape, self.dialect.skip))
        held: list[bytes] = []
        for row in cuts(self._rows(), self.dialect, indices, tally):
            held.append(row)
            if len(held) >= 4_096:  # noqa: PLR2004 - rows written at once
                out.write(b"".join(held))
                held.clear()
        out.write(b"".join(held))
        out.close()
        file.flush()
        return self._checks(indices, tally, written())

    def _checks(self, indices: list[int], tally: Tally, path: Path) -> list[Check]:
        after = DelimitedTable.__new__(DelimitedTable)
        after.path, after.shape, after.dialect = path, self.shape, self.dialect
        alike, count, wrong = _compared(self._texts(), after._texts(), set(indices))  # noqa: SLF001 - its own
        figures = {"rows": count, "cut": tally.cells, "short": tally.short, "ragged": tally.ragged}
        kept = len(self.names) - len(indices)
        names = {self.names[i] for i in indices}
        left = {self.unquoted(c) for c in tally.left} & {
            v for v in map(self.unquoted, tally.values) if len(v) > 1 and not v.isdigit()
        }
        ragged = f"; {tally.short:,} rows end before it, {tally.ragged:,} have another number of cells than the header"
        return [
            Check(
                "kept columns equal",
                alike,
                f"{kept} columns in {count:,} rows, read again by another reader, equal value for value"
                if alike
                else f"row {wrong:,} differs",
                figures,
            ),
            Check(
                "removed values absent",
                not left,
                f"{tally.cells:,} cells of {', '.join(sorted(names))} cut{ragged}"
                if not left
                else f"ragged rows hold values of the column in other places ({len(left):,}): repair those rows first",
                figures,
            ),
        ]

    def _latin(self) -> Iterator[str]:
        """Yield lines, each byte as one letter."""
        if self.shape.packing or self.shape.encoding:
            for line in lines_of(_skipped(pieces(self.path, self.shape), self.dialect.skip)):
                yield line.decode("latin-1")
            return
        with self.path.open("rb") as file:
            file.seek(len(self.shape.mark) + self.dialect.skip)
            with TextIOWrapper(file, "latin-1", newline="") as text:
                yield from text

    def _texts(self) -> Iterator[list[str]]:
        """Yield rows by the standard library's reader, each byte as one letter."""
        way = self.dialect
        return csv.reader(
            self._latin(),
            delimiter=way.delimiter.decode("latin-1"),
            quotechar=(way.quote or b'"').decode(),
            quoting=csv.QUOTE_MINIMAL if way.quote else csv.QUOTE_NONE,
            escapechar="\\" if way.escape else None,
            skipinitialspace=way.blanks,
        )


def _compared(before: Iterator[list[str]], after: Iterator[list[str]], indices: set[int]) -> tuple[bool, int, int]:
    """Compare rows less some cells; return whether they are equal, how many there are, and the first that differs."""
    last_first = sorted(indices, reverse=True)
    limit = csv.field_size_limit(ROW)
    count = 0
    try:
        for one, other in zip_longest(before, after):
            count += 1
            if one is None or other is None:
                return False, count, count
            for index in last_first:
                if index < len(one):
                    del one[index]
            if one != other and not (one in ([""], []) and other in ([""], [])):
                return False, count, count
    except csv.Error as error:
        raise StripError(f"row {count:,} of the table cannot be read again ({error}); nothing was written") from error
    finally:
        csv.field_size_limit(limit)
    return True, count, 0


def cuts(table: Iterable[bytes], way: Dialect, indices: Sequence[int], tally: Tally) -> Iterator[bytes]:
    """Yield each row without the cells at ``indices``; its other bytes, its line end among them, are as they were."""
    mark, quote, width = way.delimiter, way.quote, way.width
    cells = Cells(way)
    single = indices[0] if len(indices) == 1 else -1
    gone = set(indices)
    keep = [i for i in range(width) if i not in gone]
    values, room = tally.values, VALUES
    for row in table:
        tally.rows += 1
        if row.count(mark) == width - 1 and not (quote and quote in row):
            if 0 < single < width - 1:
                parts = row.split(mark, single + 1)
                value = parts.pop(single)
                yield mark.join(parts)
            else:
                body, end = _ended(row)
                parts = body.split(mark)
                value = parts[indices[0]]
                if room > len(values):
                    values.update(parts[i] for i in indices)
                yield mark.join([parts[i] for i in keep]) + end
            if room > len(values):
                values.add(value)
            tally.cells += len(indices)
            continue
        body, end = _ended(row)
        if not body:
            yield row
            continue
        found, _ = cells.split(body)
        ragged = len(found) != width
        if ragged and len(found) <= indices[0]:
            tally.short += 1
            yield row
            continue
        kept = [body[a:b] for i, (a, b) in enumerate(found) if i not in gone]
        cut = [body[a:b] for i, (a, b) in enumerate(found) if i in gone]
        tally.cells += len(cut)
        if room > len(values):
            values.update(cut)
        if ragged:
            tally.ragged += 1
            if room > len(tally.left):
                tally.left.update(kept)
        yield mark.join(kept) + end


def _ended(row: bytes) -> tuple[bytes, bytes]:
    """Part a row from its line end."""
    if row.endswith(b"\r\n"):
        return row[:-2], row[-2:]
    if row.endswith((b"\n", b"\r")):
        return row[:-1], row[-1:]
    return row, b""


def _cells(row: bytes, way: Dialect) -> list[bytes]:
    body, _ = _ended(row)
    found, _ = Cells(way).split(body)
    return [body[a:b] for a, b in found]


def _skipped(text: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Leave the first bytes out."""
    for piece in text:
        if count:
            gone = min(count, len(piece))
            count -= gone
            piece = piece[gone:]  # noqa: PLW2901 - the rest of it
        yield piece


def lines_of(text: Iterator[bytes], longest: int = ROW) -> Iterator[bytes]:
    """Yield lines with their ends, LF, CR LF or CR; raise `StripError` for one that is too long."""
    rest: list[bytes] = []
    size = 0
    for piece in text:
        if not piece:
            continue
        if rest and rest[-1].endswith(b"\r"):
            # a line that seemed to end: "\n" may follow
            if not piece.startswith(b"\n"):
                yield b"".join(rest)
                rest, size = [], 0
            else:
                yield b"".join((*rest, b"\n"))
                rest, size = [], 0
                piece = piece[1:]  # noqa: PLW2901 - the rest of it
                if not piece:
                    continue
        lines = piece.splitlines(keepends=True)
        if rest and (len(lines) > 1 or lines[0].endswith((b"\n", b"\r"))):
            first = b"".join((*rest, lines.pop(0)))
            rest, size = [], 0
            if first.endswith(b"\r") and not lines:
                rest, size = [first], len(first)
                continue
            yield first
            if not lines:
                continue
        last = lines.pop()
        yield from lines
        if last.endswith(b"\n"):
            yield last
            continue
        rest.append(last)
        size += len(last)
        if size > longest:
            raise StripError(f"a line is longer than {longest:,} bytes: is this a table?")
    if rest:
        yield b"".join(rest)


def rows(text: Iterator[bytes], way: Dialect, name: str, *, lenient: bool = False) -> Iterator[bytes]:
    """Yield rows with their line ends; a quoted cell may run over lines.

    Raises `StripError` for a quote that never closes; ``lenient`` ends there, for a sample.
    """
    cells, quote = Cells(way), way.quote
    held: list[bytes] = []
    size = number = tries = 0
    for line in lines_of(text):
        number += 1
        if not held:
            if not quote or quote not in line or cells.split(line)[1] >= 0:
                yield line
                continue
            held, size, tries = [line], len(line), 0
            continue
        held.append(line)
        size += len(line)
        if size > ROW or tries > TRIES:
            break
        if quote in line:
            tries += 1
            row = b"".join(held)
            held = [row]
            if cells.split(row)[1] >= 0:
                yield row
                held = []
    if held and not lenient:
        raise StripError(
            f"{name}: a quote in line {number - len(held) + 1:,} or before is never closed; nothing was written"
        )


def _codec(head: bytes) -> str:
    """Return the encoding that names of columns are in."""
    try:
        head[: HEAD - 4].decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            try:
                head.decode("gb18030")
            except UnicodeDecodeError as other:
                return "gb18030" if other.start > len(head) - 8 else "latin-1"
            return "gb18030"
    return "utf-8"
