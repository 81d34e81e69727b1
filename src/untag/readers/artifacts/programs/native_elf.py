"""Sections and symbols of ELF files (System V ABI, chapters 4 and 5; 32 and 64 bits, both byte orders)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.native_tables import EXPORTS, IMPORTS, OTHERS, REGIONS, string_at

if TYPE_CHECKING:
    from untag.readers.artifacts.programs.native_tables import Tables

SYMTAB, NOBITS, DYNSYM = 2, 8, 11
"""Types of sections."""
PT_LOAD: Final = 1
MANY: Final = 0xFF00
"""Counts from here on stand in the first section header."""


def read_elf(tables: Tables) -> None:
    """Gather the sections and symbols of an ELF file; raises `ReadError` where it ends too early."""
    kind, order = tables.numbers("BB", 4)
    long, sign = kind == 2, ">" if order == 2 else "<"  # noqa: PLR2004 - of the format
    form = sign + ("HHIQQQIHHHHHH" if long else "HHIIIIIHHHHHH")
    *_, segments, at, _, _, width, segment_count, size, count, names = tables.numbers(form, 16)
    if not at:
        _segments(tables, sign, segments, width, segment_count, long=long)
        return
    if size != (64 if long else 40):
        raise ReadError("corrupt", "section headers of an unknown size")
    row = struct.Struct(sign + ("IIQQQQIIQQ" if long else "IIIIIIIIII"))
    if not count or names >= MANY:
        first = tables.numbers(row.format, at)
        count, names = count or first[5], first[6] if names >= MANY else names
    count = min(count, REGIONS)
    table = tables.part(at, count * size, "section headers")
    rows = [row.unpack_from(table, n * size) for n in range(len(table) // size)]
    titles = rows[names][4] if names < len(rows) else tables.size
    for title, what, _, _, start, length, link, _, _, entry in rows:
        tables.deadline.check()
        if what in (SYMTAB, DYNSYM) and entry == (24 if long else 16) and link < len(rows):
            _symbols(tables, sign, (start, length), rows[link][4:6], what == DYNSYM, long=long)
        if what != NOBITS:
            tables.section(string_at(tables.data, titles + title, 200).decode("utf-8", "replace"), start, length)
    tables.check()


def _symbols(
    tables: Tables, sign: str, table: tuple[int, int], strings: tuple[int, ...], dynamic: bool, *, long: bool
) -> None:
    """Add the symbols of one table, which `dynamic` ones offer to other programs."""
    row = struct.Struct(sign + ("IBBHQQ" if long else "IIIBBH"))
    base, length = strings
    rows = tables.part(*table, "symbol table")
    for number, found in enumerate(row.iter_unpack(rows[: len(rows) // row.size * row.size])):
        name, info, other, section = (found[0], found[1], found[2], found[3]) if long else (found[0], *found[3:6])
        if number & 0xFFFF == 0:
            tables.deadline.check()
        if 0 < name < length:
            seen = dynamic and info >> 4 in (1, 2, 10) and other & 3 in (0, 3)
            tables.symbol(base + name, IMPORTS if not section else EXPORTS if seen else OTHERS)


def _segments(tables: Tables, sign: str, at: int, size: int, count: int, *, long: bool) -> None:
    """Take the segments for sections, where those were cut off."""
    form = sign + ("IIQQQQQQ" if long else "IIIIIIII")
    for number in range(count if size == struct.calcsize(form) else 0):
        found = tables.numbers(form, at + number * size)
        if found[0] == PT_LOAD:
            start, length = (found[2], found[5]) if long else (found[1], found[4])
            tables.section("segment", start, length)
    tables.check()
