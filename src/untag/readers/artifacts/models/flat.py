"""Flatbuffers as they stand in a file: tables, vectors and texts by offset, each one checked.

TFLite, its metadata and MNN are written so (flatbuffers.dev/internals). Offsets may point
anywhere, also twice at the same place or in a circle: every look is bounds-checked, tables
are counted, and nothing is copied but the texts that are asked for.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.readers.artifacts.models.wire import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.model import Buffer

TABLES: Final = 1_000_000
"""Tables looked at in one file: a graph of ten thousand operations has some fifty thousand."""
TEXT: Final = 1 << 20
"""Bytes of one text that are decoded."""
SPOKEN: Final = 32 << 20
"""Bytes of text decoded of one file: offsets can point at one text a million times."""
_TICKS: Final = 0x3FF
_U16: Final = struct.Struct("<H")
_I32: Final = struct.Struct("<i")
_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")


class Flat:
    """One flatbuffer, read in place."""

    __slots__ = ("_spoken", "_tables", "data", "deadline", "size")

    def __init__(self, data: Buffer, deadline: Deadline | None = None) -> None:
        self.data = data
        self.size = len(data)
        self.deadline = deadline
        self._tables = 0
        self._spoken = 0

    def _number(self, form: struct.Struct, at: int) -> int:
        if not 0 <= at <= self.size - form.size:
            reason = "truncated" if at >= 0 else "corrupt"
            raise ReadError(reason, f"an offset points to byte {at:,} of {self.size:,}; what stood before it was read")
        found: int = form.unpack_from(self.data, at)[0]
        return found

    def u32(self, at: int) -> int:
        """Return the unsigned 32-bit number at a place."""
        return self._number(_U32, at)

    def i32(self, at: int) -> int:
        """Return the signed 32-bit number at a place."""
        return self._number(_I32, at)

    def u64(self, at: int) -> int:
        """Return the unsigned 64-bit number at a place."""
        return self._number(_U64, at)

    def byte(self, at: int) -> int:
        """Return the byte at a place."""
        if not 0 <= at < self.size:
            raise ReadError("truncated", f"an offset points to byte {at:,} of {self.size:,}")
        value: int = self.data[at]
        return value

    def root(self) -> int:
        """Return the place of the root table."""
        return self.u32(0)

    def field(self, table: int, slot: int) -> int:
        """Return where field number ``slot`` of a table stands, 0 when it is not set."""
        self._tables += 1
        if self._tables > TABLES:
            raise LimitError(f"more than {TABLES:,} tables were looked at; the first were read")
        if not self._tables & _TICKS and self.deadline is not None:
            self.deadline.check()
        vtable = table - self.i32(table)
        length = self._number(_U16, vtable)
        if 4 + 2 * slot + 2 > length:
            return 0
        offset = self._number(_U16, vtable + 4 + 2 * slot)
        return table + offset if offset else 0

    def follow(self, at: int) -> int:
        """Return where the offset at a place points."""
        return at + self.u32(at)

    def table(self, table: int, slot: int) -> int:
        """Return the place of a table that a field holds, 0 when it is not set."""
        at = self.field(table, slot)
        return self.follow(at) if at else 0

    def text(self, table: int, slot: int) -> str:
        """Return the text that a field holds, empty when it is not set."""
        at = self.field(table, slot)
        return self.text_at(self.follow(at)) if at else ""

    def text_at(self, at: int) -> str:
        """Return the text at a place, at most `TEXT` bytes of it."""
        length = self.u32(at)
        if at + 4 + length > self.size:
            raise ReadError("truncated", f"a text at byte {at:,} is longer than the file; what stood before was read")
        self._spoken += min(length, TEXT)
        if self._spoken > SPOKEN:
            raise LimitError(f"more than {SPOKEN:,} bytes of text; the first were read")
        return decode(bytes(self.data[at + 4 : at + 4 + min(length, TEXT)]))

    def vector(self, table: int, slot: int, width: int = 4) -> tuple[int, int]:
        """Return place of the first element and number of elements of a vector; ``(0, 0)`` when it is not set."""
        at = self.field(table, slot)
        if not at:
            return 0, 0
        at = self.follow(at)
        count = self.u32(at)
        if at + 4 + count * width > self.size:
            raise ReadError("truncated", f"a list at byte {at:,} is longer than the file; what stood before was read")
        return at + 4, count

    def tables(self, table: int, slot: int) -> Iterator[int]:
        """Yield the place of each table in a vector of tables."""
        start, count = self.vector(table, slot)
        for index in range(count):
            yield self.follow(start + 4 * index)

    def nth(self, table: int, slot: int, index: int) -> int:
        """Return the place of one table in a vector of tables, 0 where there is none."""
        start, count = self.vector(table, slot)
        return self.follow(start + 4 * index) if 0 <= index < count else 0

    def texts(self, table: int, slot: int) -> Iterator[str]:
        """Yield the texts of a vector of texts."""
        for place in self.tables(table, slot):
            yield self.text_at(place)

    def numbers(self, table: int, slot: int, most: int) -> list[int]:
        """Return the first numbers of a vector of int32."""
        start, count = self.vector(table, slot)
        return [self.i32(start + 4 * index) for index in range(min(count, most))]

    def raw(self, table: int, slot: int) -> tuple[int, int]:
        """Return start and stop of a vector of bytes; ``(0, 0)`` when it is not set."""
        start, count = self.vector(table, slot, 1)
        return start, start + count
