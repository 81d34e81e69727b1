"""FlatBuffers, read in place: every offset is held against the buffer before it is followed.

Source: google/flatbuffers, docs/source/internals.md.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

ITEMS: Final = 1 << 20
"""Items of the longest vector that is walked."""


@dataclass(frozen=True, slots=True)
class Node:
    """A table in a buffer."""

    data: bytes
    at: int

    def _read(self, form: str, at: int) -> int:
        try:
            value: int = struct.unpack_from(form, self.data, at)[0]
        except struct.error:
            raise ReadError("corrupt", "metadata points beyond its end") from None
        return value

    def _slot(self, slot: int) -> int:
        """Return where a field stands, or 0 where it is absent."""
        table = self.at - self._read("<i", self.at)
        if table < 0:
            raise ReadError("corrupt", "metadata points before its start")
        if 4 + 2 * slot + 2 > self._read("<H", table):
            return 0
        offset = self._read("<H", table + 4 + 2 * slot)
        return self.at + offset if offset else 0

    def number(self, slot: int, form: str = "<q", default: int = 0) -> int:
        """Return a number; ``form`` is a format of `struct`."""
        at = self._slot(slot)
        return self._read(form, at) if at else default

    def node(self, slot: int) -> Node | None:
        """Return a table that a field refers to."""
        at = self._slot(slot)
        return self._follow(at) if at else None

    def _follow(self, at: int) -> Node:
        target = at + self._read("<I", at)
        if target + 4 > len(self.data):
            raise ReadError("corrupt", "metadata points beyond its end")
        return Node(self.data, target)

    def text(self, slot: int, most: int) -> str:
        """Return a string of at most ``most`` bytes, or nothing: any number of fields may share one long string."""
        at = self._slot(slot)
        if not at:
            return ""
        start = at + self._read("<I", at)
        size = self._read("<I", start)
        if size > len(self.data) - start - 4:
            raise ReadError("corrupt", "a string longer than the metadata")
        return self.data[start + 4 : start + 4 + min(size, most)].decode("utf-8", "replace")

    def vector(self, slot: int, width: int) -> tuple[int, int]:
        """Return where a vector of items of ``width`` bytes begins, and how many it holds."""
        at = self._slot(slot)
        if not at:
            return 0, 0
        start = at + self._read("<I", at)
        count = self._read("<I", start)
        if count * width > len(self.data) - start - 4:
            raise ReadError("corrupt", "a list longer than the metadata")
        return start + 4, min(count, ITEMS)

    def nodes(self, slot: int) -> Iterator[Node]:
        """Yield the tables of a vector."""
        start, count = self.vector(slot, 4)
        for number in range(count):
            yield self._follow(start + 4 * number)

    def structs(self, slot: int, form: str) -> list[tuple[int, ...]]:
        """Return the structs of a vector."""
        width = struct.calcsize(form)
        start, count = self.vector(slot, width)
        return list(struct.iter_unpack(form, self.data[start : start + width * count]))


def root(data: bytes, at: int = 0) -> Node:
    """Return the table that a buffer begins with."""
    return Node(data, at)._follow(at)  # noqa: SLF001 - of this module
