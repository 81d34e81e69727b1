"""Jupyter notebooks: each cell is read in its own language, in the lines of the notebook file."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.errors import LimitError
from untag.model import Gap, Scope, Span
from untag.nouns import replace
from untag.readers import lines
from untag.readers.base import Text
from untag.readers.embed import format_named, read_as
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines
from untag.readers.pick import format_of
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from untag.limits import Deadline

_ESCAPE: Final = re.compile(rb"\\(u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|.)", re.DOTALL)
_SIMPLE: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}
_LANGUAGE: Final = re.compile(
    rb"\"(?:language|name)\"\s*:\s*\"(python|r|julia|scala|javascript|typescript|bash|sql|c\+\+|java)\""
)
_MAGIC: Final = re.compile(rb"%%(bash|sh|javascript|js|html|sql|ruby|perl|R|markdown)\b")
_CELLS: Final = 1 << 20
"""Cells looked at: all of them."""


class Cell:
    """The source of one cell, unescaped, with a map back to the notebook's bytes."""

    __slots__ = ("_parts", "_starts", "kind", "start", "stop", "text")

    def __init__(self, data: bytes, strings: list[tuple[int, int]], kind: str) -> None:
        self.start, self.stop = strings[0][0], strings[-1][1]
        self.kind = kind
        parts: list[tuple[int, int, int]] = []  # offset in the cell, offset in the notebook, bytes alike (0: an escape)
        out = bytearray()
        for low, high in strings:
            at = low
            for found in _ESCAPE.finditer(data, low, high):
                if found.start() > at:
                    parts.append((len(out), at, found.start() - at))
                    out += data[at : found.start()]
                parts.append((len(out), found.start(), 0))
                out += _unescaped(found[1])
                at = found.end()
            if high > at:
                parts.append((len(out), at, high - at))
                out += data[at:high]
            parts.append((len(out), high, 0))
        self.text = bytes(out)
        self._parts = parts
        self._starts = [part[0] for part in parts]

    def there(self, offset: int, *, end: bool = False) -> int:
        """Return the notebook's offset of a cell's offset; an end stands after the last byte before it."""
        if end and offset:
            index = bisect_right(self._starts, offset - 1) - 1
            inside, outside, alike = self._parts[max(0, index)]
            if alike:
                return outside + min(offset - inside, alike)
            return self._parts[index + 1][1] if index + 1 < len(self._parts) else outside
        index = bisect_right(self._starts, offset) - 1
        inside, outside, alike = self._parts[max(0, index)]
        return outside + min(offset - inside, max(0, alike - 1))

    def here(self, offset: int) -> int:
        """Return the cell's offset of a notebook's offset."""
        best = 0
        low, high = 0, len(self._parts)
        while low < high:
            middle = (low + high) // 2
            if self._parts[middle][1] <= offset:
                low = middle + 1
            else:
                high = middle
        inside, outside, alike = self._parts[max(0, low - 1)]
        best = inside + min(max(0, offset - outside), alike)
        return min(best, len(self.text))


def _unescaped(escape: bytes) -> bytes:
    if escape[:1] != b"u":
        return _SIMPLE.get(escape, escape)
    units = [int(part, 16) for part in escape.replace(b"\\u", b"u").split(b"u") if part]
    wide = b"".join(unit.to_bytes(2, "little") for unit in units)
    return wide.decode("utf-16-le", "replace").encode("utf-8", "replace")


class NotebookReader:
    """Reads the cells of a notebook."""

    name = "notebook"
    version = 1
    formats: tuple[str, ...] = ("notebook",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the spans of cells in their languages, and of all else as JSON."""
        if not text.whole or len(text.data) > limits.PARSE:
            yield from line_spans(text, wanted)
            return
        from untag.readers.syntax.reader import tree_spans  # noqa: PLC0415 - loaded where it is used
        from untag.readers.syntax.tree import parse  # noqa: PLC0415 - loaded where it is used

        data = text.data
        try:
            cells = _cells(data, parse("json", data, deadline).root_node)
        except LimitError as error:
            yield Gap(text.trail, "limit", error.detail)
            yield from line_spans(text, wanted)
            return
        inside: dict[int, list[tuple[int, int]]] = {}
        outside: list[tuple[int, int]] = []
        at = 0
        for low, high in lines.checked(wanted, len(data), deadline):
            while at < len(cells) and cells[at].stop <= low:
                at += 1
            if at < len(cells) and cells[at].start <= low and high <= cells[at].stop:
                inside.setdefault(at, []).append((low, high))
            else:
                outside.append((low, high))
        found: list[Span | Gap] = []
        if outside:
            found += tree_spans("json", text, outside, deadline)
        text_lines = Lines(data, text.first_line)
        for index, part in inside.items():
            found += _of_cell(text, cells[index], part, text_lines, deadline)
        yield from settled(text, wanted, found)


def _of_cell(
    text: Text, cell: Cell, wanted: list[tuple[int, int]], text_lines: Lines, deadline: Deadline
) -> Iterator[Span | Gap]:
    part = Text(text.trail, cell.text, text.encoding)
    ranges: list[tuple[int, int]] = []
    for low, high in wanted:
        start = cell.here(low)
        stop = max(start, cell.here(high))
        if not ranges or start >= ranges[-1][1]:
            ranges.append((start, stop))
        else:
            ranges[-1] = (ranges[-1][0], max(stop, ranges[-1][1]))
    pending = list(wanted)
    for item in read_as(cell.kind, part, ranges, Scope("file", text.name), deadline):
        if isinstance(item, Gap):
            yield item
            continue
        start, stop = cell.there(item.start), cell.there(item.stop, end=True)
        while pending and pending[0][0] < stop:  # escapes at an edge: the span covers what was asked for
            start, stop = min(start, pending[0][0]), max(stop, pending[0][1])
            pending.pop(0)
        first, last = text_lines.number(start), text_lines.number(max(start, stop - 1))
        yield replace(item, start=start, stop=stop, line=first, end_line=last)


def _cells(data: bytes, root: Node) -> list[Cell]:
    """Return the cells with source, in order."""
    from untag.readers.syntax.tree import children  # noqa: PLC0415 - loaded where it is used

    kernel = _LANGUAGE.search(data, max(0, len(data) - 20_000)) or _LANGUAGE.search(data, 0, min(len(data), 20_000))
    language = format_named(kernel[1].decode("ascii")) if kernel is not None else "python"
    found: list[Cell] = []
    top = next((child for child, kind, _ in children(root, 40) if kind == "object"), None)
    holders = [_member(data, top, b"cells"), _member(data, top, b"worksheets")] if top is not None else []
    for holder in holders:
        for cell, kind, _ in children(holder, _CELLS) if holder is not None else ():
            if kind != "object":
                continue
            source = _member(data, cell, b"source") or _member(data, cell, b"input")
            if source is None:
                continue
            nodes = (
                [source] if source.type == "string" else [c for c, k, _ in children(source, _CELLS) if k == "string"]
            )
            strings = [(n.start_byte + 1, max(n.start_byte + 1, n.end_byte - 1)) for n in nodes]
            if not strings or strings[0][0] >= strings[-1][1]:
                continue
            what = _member(data, cell, b"cell_type")
            code = what is None or b"code" in data[what.start_byte : what.end_byte]
            magic = _MAGIC.match(data, strings[0][0]) if code else None
            chosen = format_named(magic[1].decode("ascii")) if magic is not None else language
            found.append(Cell(data, strings, chosen if code else "markdown"))
    return found


def _member(data: bytes, node: Node, key: bytes) -> Node | None:
    """Return the value of a key of a JSON object."""
    from untag.readers.syntax.tree import children  # noqa: PLC0415 - loaded where it is used

    for pair, kind, _ in children(node, 400):
        if kind == "pair":
            name = pair.child_by_field_name("key")
            if name is not None and data[name.start_byte + 1 : name.end_byte - 1] == key:
                return pair.child_by_field_name("value")
    return None
