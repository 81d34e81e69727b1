"""Tables and heaps of .NET metadata (ECMA-335, II.22 and II.24)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.common import LONGEST, SHORTEST, u16, u32

if TYPE_CHECKING:
    from collections.abc import Iterator

CODED: Final = {
    "TypeDefOrRef": (2, (0x02, 0x01, 0x1B)),
    "HasConstant": (2, (0x04, 0x08, 0x17)),
    "HasCustomAttribute": (
        5,
        (6, 4, 1, 2, 8, 9, 0xA, 0, 0xE, 0x17, 0x14, 0x11, 0x1A, 0x1B, 0x20, 0x23, 0x26, 0x27, 0x28, 0x2A, 0x2C, 0x2B),
    ),
    "HasFieldMarshal": (1, (4, 8)),
    "HasDeclSecurity": (2, (2, 6, 0x20)),
    "MemberRefParent": (3, (2, 1, 0x1A, 6, 0x1B)),
    "HasSemantics": (1, (0x14, 0x17)),
    "MethodDefOrRef": (1, (6, 0xA)),
    "MemberForwarded": (1, (4, 6)),
    "Implementation": (2, (0x26, 0x23, 0x27)),
    "CustomAttributeType": (3, (6, 0xA)),
    "ResolutionScope": (2, (0, 0x1A, 0x23, 1)),
    "TypeOrMethodDef": (1, (2, 6)),
}
"""References that may point into several tables: bits for the table, and the tables."""

SCHEMA: Final = {
    0x00: "2 S G G G", 0x01: "ResolutionScope S S", 0x02: "4 S S TypeDefOrRef T4 T6", 0x03: "T4", 0x04: "2 S B",
    0x05: "T6", 0x06: "4 2 2 S B T8", 0x07: "T8", 0x08: "2 2 S", 0x09: "T2 TypeDefOrRef", 0x0A: "MemberRefParent S B",
    0x0B: "2 HasConstant B", 0x0C: "HasCustomAttribute CustomAttributeType B", 0x0D: "HasFieldMarshal B",
    0x0E: "2 HasDeclSecurity B", 0x0F: "2 4 T2", 0x10: "4 T4", 0x11: "B", 0x12: "T2 T20", 0x13: "T20",
    0x14: "2 S TypeDefOrRef", 0x15: "T2 T23", 0x16: "T23", 0x17: "2 S B", 0x18: "2 T6 HasSemantics",
    0x19: "T2 MethodDefOrRef MethodDefOrRef", 0x1A: "S", 0x1B: "B", 0x1C: "2 MemberForwarded S T26", 0x1D: "4 T4",
    0x1E: "4 4", 0x1F: "4", 0x20: "4 2 2 2 2 4 B S S", 0x21: "4", 0x22: "4 4 4", 0x23: "2 2 2 2 4 B S S B",
    0x24: "4 T35", 0x25: "4 4 4 T35", 0x26: "4 S B", 0x27: "4 4 S S Implementation", 0x28: "4 4 S Implementation",
    0x29: "T2 T2", 0x2A: "2 2 TypeOrMethodDef S", 0x2B: "MethodDefOrRef B", 0x2C: "T42 TypeDefOrRef",
}  # fmt: skip
"""Columns of each table: numbers of 2 or 4 bytes, S, G and B heaps, T and a table's number, a coded reference."""


class Metadata:
    """The tables and heaps of one assembly."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"BSJB":
            raise ReadError("corrupt", "no metadata where the .NET header points")
        self._heaps = _streams(data)
        self._strings = self._heaps.get("#Strings", b"")
        self._literals = self._heaps.get("#US", b"")
        self._blobs = self._heaps.get("#Blob", b"")
        self._texts: dict[int, str] = {}
        self._tables: dict[int, list[tuple[int, ...]]] = {}
        self._read(self._heaps.get("#~") or self._heaps.get("#-") or b"")

    def _read(self, data: bytes) -> None:
        if len(data) < 24:  # noqa: PLR2004 - of the format
            raise ReadError("truncated", "the assembly has no tables")
        sizes, valid = data[6], u32(data, 8) | u32(data, 12) << 32
        at = 24
        counts: dict[int, int] = {}
        for table in range(64):
            if valid >> table & 1:
                counts[table] = u32(data, at)
                at += 4
        if sizes & 0x40:  # edit and continue
            at += 4
        for table, count in counts.items():
            columns = SCHEMA.get(table)
            if columns is None:
                raise ReadError("corrupt", f"a table of unknown kind {table}")
            row = struct.Struct("<" + "".join(_form(c, counts, sizes) for c in columns.split()))
            piece = data[at : at + row.size * count]
            self._tables[table] = list(row.iter_unpack(piece[: len(piece) - len(piece) % row.size]))
            at += row.size * count

    def rows(self, table: int) -> list[tuple[int, ...]]:
        """Return the rows of a table; rows are numbered from 1 in references."""
        return self._tables.get(table, [])

    def slice(self, table: int, first: int, last: int) -> list[tuple[int, tuple[int, ...]]]:
        """Return the rows ``first`` to before ``last`` with their numbers."""
        first = max(1, first)
        return list(enumerate(self.rows(table)[first - 1 : max(first, last) - 1], first))

    @staticmethod
    def coded(kind: str, value: int) -> tuple[int, int]:
        """Return the table and the row that a coded reference points at."""
        bits, tables = CODED[kind]
        which = value & (1 << bits) - 1
        return (tables[which] if which < len(tables) else -1), value >> bits

    def text(self, at: int) -> str:
        """Return a name of the heap."""
        if at not in self._texts:
            stop = self._strings.find(0, at, at + LONGEST)
            self._texts[at] = self._strings[at : stop if stop >= 0 else at + LONGEST].decode("utf-8", "replace")
        return self._texts[at]

    def unused(self) -> Iterator[str]:
        """Yield the names that were not asked for, as far as none that was asked for ends like them."""
        said = set(self._texts.values())
        for raw in self._strings.split(b"\0"):
            if len(raw) >= SHORTEST:
                text = raw[:LONGEST].decode("utf-8", "replace")
                if text not in said:
                    said.add(text)
                    yield text

    def blob(self, at: int) -> bytes:
        """Return a value of the heap of blobs; empty where it lies outside."""
        start, size = _length(self._blobs, at)
        return self._blobs[start : start + size]

    def literal(self, at: int) -> str:
        """Return a string that code loads; empty where it lies outside."""
        start, size = _length(self._literals, at)
        return (
            self._literals[start : start + min(size & ~1, 2 * LONGEST)].decode("utf-16-le", "replace") if size else ""
        )

    def literals(self) -> Iterator[tuple[int, str]]:
        """Yield the strings that code may load, with their places."""
        at = 1
        while at < len(self._literals):
            start, size = _length(self._literals, at)
            if size:
                yield at, self.literal(at)
            at = max(start + size, at + 1)


def _length(heap: bytes, at: int) -> tuple[int, int]:
    """Return where a value begins whose length stands at ``at``, and its length."""
    head = heap[at : at + 4]
    if not head:
        return at, 0
    if head[0] < 0x80:  # noqa: PLR2004 - of the format
        return at + 1, head[0]
    if head[0] < 0xC0:  # noqa: PLR2004 - of the format
        return at + 2, int.from_bytes(head[:2], "big") & 0x3FFF
    return at + 4, int.from_bytes(head, "big") & 0x1FFFFFFF


def _streams(data: bytes) -> dict[str, bytes]:
    """Return the streams of the metadata by their names."""
    at = 16 + u32(data, 12)
    count = u16(data, at + 2)
    at += 4
    found: dict[str, bytes] = {}
    for _ in range(min(count, 16)):
        start, size = u32(data, at), u32(data, at + 4)
        stop = data.find(0, at + 8, at + 40)
        if stop < 0:
            break
        name = data[at + 8 : stop].decode("ascii", "replace")
        found[name] = data[start : start + size]
        at += 8 + (stop - at - 8) // 4 * 4 + 4
    return found


def _form(column: str, counts: dict[int, int], sizes: int) -> str:
    """Return the `struct` letter of a column: references are as wide as the tables that they point into are long."""
    if column in ("2", "4"):
        return "H" if column == "2" else "I"
    if column in ("S", "G", "B"):
        return "I" if sizes >> "SGB".index(column) & 1 else "H"
    if column[0] == "T" and column[1:].isdigit():
        return "I" if counts.get(int(column[1:]), 0) > 0xFFFF else "H"  # noqa: PLR2004 - two bytes
    bits, tables = CODED[column]
    return "I" if max(counts.get(table, 0) for table in tables) >> (16 - bits) else "H"
