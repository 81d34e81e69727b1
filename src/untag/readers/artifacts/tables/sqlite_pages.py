"""The pages of an SQLite file, read in place: B-trees, cells and records.

No SQL runs, so no view, trigger or hostile schema can: the file is taken apart as
https://www.sqlite.org/fileformat2.html describes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.model import Buffer

DEPTH: Final = 20
"""Levels of a B-tree; a file of 280 TB has fewer."""
ROW: Final = 16 << 10
"""Bytes of a row that are put together when it runs over its page."""
LEAF, NODE, INDEX_LEAF, INDEX_NODE = 13, 5, 10, 2
ENCODINGS: Final = {1: "utf-8", 2: "utf-16-le", 3: "utf-16-be"}
COLUMNS: Final = 32_767
"""SQLite's own limit of columns."""

Value = str | int | None
"""A cell: a string, an integer, or None for all else."""


@dataclass(slots=True)
class Pages:
    """An SQLite file as numbered pages."""

    data: Buffer
    deadline: Deadline
    size: int = 0
    """Bytes of a page."""
    usable: int = 0
    encoding: str = "utf-8"
    skipped: bool = False
    """Whether the last walk left leaves out."""
    longest: int = ROW
    """Bytes of a row that are put together, and of a string in it that are read."""
    _seen: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        head = bytes(self.data[:100])
        if len(head) < 100:  # noqa: PLR2004 - the header
            raise ReadError("truncated", "the file ends inside its header")
        size = int.from_bytes(head[16:18], "big")
        self.size = 65_536 if size == 1 else size
        self.usable = self.size - head[20]
        if self.size < 512 or self.size & (self.size - 1) or self.usable < 480:  # noqa: PLR2004 - of the format
            raise ReadError("corrupt", "a page size that SQLite does not have")
        self.encoding = ENCODINGS.get(int.from_bytes(head[56:60], "big"), "utf-8")

    def page(self, number: int) -> bytes:
        """Return a page by its number, which begins at 1."""
        start = (number - 1) * self.size
        if number < 1 or start + self.size > len(self.data):
            raise ReadError("truncated", "a page beyond the end of the file")
        return bytes(self.data[start : start + self.size])

    def rows(self, root: int, leaves: int) -> Iterator[list[Value]]:
        """Yield the rows of up to ``leaves`` leaf pages, spread evenly over a table's tree."""
        self._seen = set()
        self.skipped = False
        yield from self._walk(root, leaves, 0)

    def _walk(self, number: int, want: int, depth: int) -> Iterator[list[Value]]:
        self.deadline.check()
        if depth > DEPTH or number in self._seen:
            raise ReadError("corrupt", "a tree that runs in circles")
        self._seen.add(number)
        page = self.page(number)
        base = 100 if number == 1 else 0
        kind = page[base]
        count = int.from_bytes(page[base + 3 : base + 5], "big")
        pointers = base + (8 if kind in (LEAF, INDEX_LEAF) else 12)
        if pointers + 2 * count > len(page) or kind not in (LEAF, NODE, INDEX_LEAF, INDEX_NODE):
            raise ReadError("corrupt", "a page that is no part of a tree")
        cells = [int.from_bytes(page[at : at + 2], "big") for at in range(pointers, pointers + 2 * count, 2)]
        if kind in (LEAF, INDEX_LEAF):
            for cell in cells:
                yield self._row(page, cell, rowid=kind == LEAF)
            return
        children = [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]
        children.append(int.from_bytes(page[base + 8 : base + 12], "big"))
        if len(children) > want:
            self.skipped = True
            children = [children[i * len(children) // want] for i in range(want)]
        share, more = divmod(max(want, 1), len(children))
        for place, child in enumerate(children):
            yield from self._walk(child, share + (place < more), depth + 1)

    def _row(self, page: bytes, at: int, *, rowid: bool) -> list[Value]:
        """Read the row in a cell."""
        length, at = varint(page, at)
        if rowid:
            _, at = varint(page, at)
        usable = self.usable
        most = usable - 35 if rowid else (usable - 12) * 64 // 255 - 23
        if length <= most:
            return self._record(page[at : at + length])
        least = (usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
        payload = page[at : at + local]
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        for _ in range(self.longest // self.usable + 1):
            if not following or len(payload) >= min(length, self.longest):
                break
            try:
                more = self.page(following)
            except ReadError:
                break
            payload += more[4 : self.usable]
            following = int.from_bytes(more[:4], "big")
        return self._record(payload[:length])

    def _record(self, data: bytes) -> list[Value]:
        """Read the values of a record as far as its bytes are at hand."""
        end, at = varint(data, 0)
        if end > len(data):
            return []
        body = end
        out: list[Value] = []
        while at < end and len(out) < COLUMNS:
            kind, at = varint(data, at)
            if kind >= 12:  # noqa: PLR2004 - text and blobs
                size = (kind - 12) >> 1
                if kind & 1 and size <= self.longest and body + size <= len(data):
                    out.append(data[body : body + size].decode(self.encoding, "replace"))
                else:
                    out.append(None)
            else:
                size = WIDTHS[kind]
                out.append(int.from_bytes(data[body : body + size], "big", signed=True) if kind != 7 else None)  # noqa: PLR2004 - a float
                if kind in (0, 10, 11):
                    out[-1] = None
                elif kind == 9:  # noqa: PLR2004 - the constant 1
                    out[-1] = 1
            body += size
        return out


WIDTHS: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""Bytes of the values of each serial type below 12."""


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Read SQLite's variable-length number: seven bits a byte, high ones first, at most nine bytes."""
    value = 0
    try:
        for _ in range(8):
            byte = data[at]
            at += 1
            value = value << 7 | byte & 127
            if byte < 128:  # noqa: PLR2004 - of a varint
                return value, at
        return value << 8 | data[at], at + 1
    except IndexError:
        raise ReadError("corrupt", "a row that runs over its page") from None
