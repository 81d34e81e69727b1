"""Sections, exports, imports, symbols and resources of PE files (Microsoft, PE Format)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.native_tables import EXPORTS, IMPORTS, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.readers.artifacts.programs.native_tables import Tables

NAMES: Final = 1 << 17
"""Names that are exported, or taken from one library; ordinals have 16 bits."""
LIBRARIES: Final = 4_096
RESOURCES: Final = 50_000
DEPTH: Final = 3
"""Levels of the tree of resources: type, name, language."""
TYPES: Final = {
    4: "menu",
    5: "dialog",
    6: "string table",
    10: "resource data",
    11: "message table",
    16: "version info",
    23: "html",
    24: "manifest",
}
"""Types of resources that hold words."""
VERSION: Final = 1 << 16
"""Bytes of version information."""


class _Image:
    """The headers, by which addresses in memory become offsets."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        at = tables.numbers("<I", 0x3C)[0]
        if bytes(tables.data[at : at + 4]) != b"PE\0\0":
            raise ReadError("corrupt", "no PE header where the file says it is")
        count, self.symbols, self.symbol_count, size = tables.numbers("<HxxxxIIH", at + 6)
        optional = at + 24
        self.long = tables.numbers("<H", optional)[0] == 0x20B if size else False  # noqa: PLR2004 - of the format
        start = optional + (112 if self.long else 96)
        known = min(16, max(0, (optional + size - start) // 8))
        self.directories = [tables.numbers("<II", start + 8 * number) for number in range(known)]
        self.sections = []
        for number in range(count):
            row = tables.numbers("<8sIIII", optional + size + 40 * number)
            name, virtual, address, raw_size, raw = row
            self.sections.append((address, max(virtual, raw_size), raw))
            title = bytes(name).rstrip(b"\0").decode("utf-8", "replace")
            tables.section(title, raw, raw_size)

    def place(self, address: int) -> int:
        """Return the offset of an address; raise `ReadError` where it lies in no section."""
        for start, size, raw in self.sections:
            if start <= address < start + size:
                return raw + address - start
        raise ReadError("corrupt", "an address that lies in no section")

    def directory(self, number: int) -> int:
        """Return the address that a directory begins at, 0 where there is none."""
        return self.directories[number][0] if number < len(self.directories) else 0


def read_pe(tables: Tables) -> None:
    """Gather sections, symbols and resources; what one table hides costs nothing of the others."""
    image = _Image(tables)
    failed: ReadError | None = None
    for read in (_exports, _imports, _symbols, _resources):
        try:
            read(image)
        except ReadError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    tables.check()


def _exports(image: _Image) -> None:
    tables, address = image.tables, image.directory(0)
    if not address:
        return
    count, _, names = tables.numbers("<III", image.place(address) + 24)
    if not count:
        return
    rows = tables.part(image.place(names), 4 * min(count, NAMES), "table of exports")
    for (name,) in struct.iter_unpack("<I", rows[: len(rows) // 4 * 4]):
        tables.deadline.check()
        tables.symbol(image.place(name), EXPORTS)


def _imports(image: _Image) -> None:
    tables, address = image.tables, image.directory(1)
    if not address:
        return
    at, width = image.place(address), 8 if image.long else 4
    for number in range(LIBRARIES):
        lookup, _, _, library, thunks = tables.numbers("<IIIII", at + 20 * number)
        if not library:
            return
        tables.symbol(image.place(library), IMPORTS)
        start = image.place(lookup or thunks)
        for entry in range(NAMES):
            tables.deadline.check()
            value = tables.numbers("<Q" if image.long else "<I", start + width * entry)[0]
            if not value:
                break
            if not value >> (8 * width - 1):  # by its name, not by a number
                tables.symbol(image.place(value & 0x7FFFFFFF) + 2, IMPORTS)


def _symbols(image: _Image) -> None:
    """Add the symbols that compilers other than Microsoft's leave in the file."""
    tables = image.tables
    if not image.symbols or not image.symbol_count:
        return
    rows = tables.part(image.symbols, 18 * image.symbol_count, "symbol table")
    strings = image.symbols + 18 * image.symbol_count
    skip = 0
    for number in range(len(rows) // 18):
        if number & 0xFFFF == 0:
            tables.deadline.check()
        if skip:
            skip -= 1
            continue
        row = rows[18 * number : 18 * number + 18]
        skip = row[17]
        if row[:4] == b"\0\0\0\0":
            tables.symbol(strings + int.from_bytes(row[4:8], "little"), OTHERS)


def _resources(image: _Image) -> None:
    tables, address = image.tables, image.directory(2)
    if not address:
        return
    base = image.place(address)
    for kind, entry in _leaves(tables, base):
        start, size = tables.numbers("<II", entry)
        name = TYPES.get(kind)
        if name is None:
            continue
        at = image.place(start)
        tables.section(name, at, size)
        if name == "version info":
            _version(tables, bytes(tables.data[at : at + min(size, VERSION)]))


def _leaves(tables: Tables, base: int) -> Iterator[tuple[int, int]]:
    """Yield type and place of the entries of the tree, which may lie to be a cycle."""
    waiting, seen = [(base, 0, 0)], 0
    while waiting:
        at, depth, kind = waiting.pop()
        named, numbered = tables.numbers("<HH", at + 12)
        for number in range(named + numbered):
            tables.deadline.check()
            seen += 1
            if seen > RESOURCES:
                raise ReadError("limit", f"more than {RESOURCES:,} resources")
            title, place = tables.numbers("<II", at + 16 + 8 * number)
            what = kind if depth else title
            if not place >> 31:
                yield what, base + place
            elif depth < DEPTH:
                waiting.append((base + (place & 0x7FFFFFFF), depth + 1, what))
            else:
                raise ReadError("corrupt", "a tree of resources that is too deep")


def _version(tables: Tables, data: bytes) -> None:
    """Remember the values of version information with their keys: a length, its value's length, a type, key, value."""
    at = 0
    while at + 6 <= len(data):
        size, value_size, _ = struct.unpack_from("<HHH", data, at)
        key, end = _wide(data, at + 6)
        inside = (end + 3) & ~3
        if key == "VS_VERSION_INFO":
            at = (inside + value_size + 3) & ~3
        elif not value_size or size < 8:  # noqa: PLR2004 - a table of strings, whose rows follow
            at = max(inside, at + 8)
        else:
            value, _ = _wide(data, inside)
            if value:
                tables.titles[value.strip()] = key
            at = (at + size + 3) & ~3


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """Return a string of UTF-16 up to its NUL, and where it ends."""
    end = at
    while end + 2 <= len(data) and data[end : end + 2] != b"\0\0":
        end += 2
    return data[at:end].decode("utf-16-le", "replace"), end + 2
