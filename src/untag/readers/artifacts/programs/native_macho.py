"""Sections, symbols and export tries of Mach-O files, fat ones too (mach-o/loader.h, nlist.h, fat.h)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.common import uleb
from untag.readers.artifacts.programs.native_tables import EXPORTS, IMPORTS, OTHERS, UNSEEN

if TYPE_CHECKING:
    from untag.readers.artifacts.programs.native_tables import Tables

SEGMENT, SYMTAB, SEGMENT_64, DYLD_INFO, DYLD_INFO_ONLY, TRIE = 1, 2, 0x19, 0x22, 0x80000022, 0x80000033
"""Load commands that are read."""
ZERO_FILL: Final = (1, 0xC, 0x12)
"""Types of sections that hold no bytes in the file."""
COMMANDS: Final = 10_000
SECTIONS: Final = 255
"""Of one image: a symbol names its section in one byte."""
NAME: Final = 4_096
"""Bytes of one name of a trie."""
DEPTH: Final = 512
TRIE_SIZE: Final = 64 << 20
_ORDER: Final = {0xFEEDFACE: ">", 0xCEFAEDFE: "<", 0xFEEDFACF: ">", 0xCFFAEDFE: "<"}


def read_macho(tables: Tables) -> None:
    """Gather the sections and symbols of a Mach-O file, image by image."""
    magic, count = tables.numbers(">II", 0)
    if magic in _ORDER:
        _image(tables, 0)
    else:
        form = ">IIQQII" if magic & 1 else ">IIIII"
        for number in range(count):
            tables.deadline.check()
            _image(tables, tables.numbers(form, 8 + number * struct.calcsize(form))[2])
    tables.check()


def _image(tables: Tables, base: int) -> None:
    """Read the load commands of one image that begins at ``base``."""
    magic = tables.numbers(">I", base)[0]
    if magic not in _ORDER:
        raise ReadError("corrupt", "a slice that is no Mach-O image")
    sign = _ORDER[magic]
    long = bool(tables.numbers(sign + "I", base)[0] & 1)
    count = tables.numbers(sign + "I", base + 16)[0]
    at = base + (32 if long else 28)
    first, tries = len(tables.names), []
    for _ in range(min(count, COMMANDS)):
        tables.deadline.check()
        command, size = tables.numbers(sign + "II", at)
        if size < 8:  # noqa: PLR2004 - the command and its size
            raise ReadError("corrupt", "a load command without end")
        if command in (SEGMENT, SEGMENT_64):
            _segment(tables, sign, base, at, long=command == SEGMENT_64)
        elif command == SYMTAB:
            _symbols(tables, sign, base, at, long=long)
        elif command in (DYLD_INFO, DYLD_INFO_ONLY):
            tries.append(tables.numbers(sign + "II", at + 40))
        elif command == TRIE:
            tries.append(tables.numbers(sign + "II", at + 8))
        at += size
    for start, length in tries:
        if length:
            _trie(tables, base + start, length, first)


def _segment(tables: Tables, sign: str, base: int, at: int, *, long: bool) -> None:
    count = tables.numbers(sign + "I", at + (64 if long else 48))[0]
    form = sign + ("16s16sQQIIIII" if long else "16s16sIIIIIII")
    row, width = at + (72 if long else 56), 80 if long else 68
    for number in range(min(count, SECTIONS)):
        name, segment, _, size, start, _, _, _, flags = tables.numbers(form, row + number * width)
        title = b",".join(bytes(part).rstrip(b"\0") for part in (segment, name))
        if flags & 0xFF not in ZERO_FILL:
            tables.section(title.decode("ascii", "replace"), base + start, size)


def _symbols(tables: Tables, sign: str, base: int, at: int, *, long: bool) -> None:
    start, count, strings, length = tables.numbers(sign + "IIII", at + 8)
    row = struct.Struct(sign + ("IBBHQ" if long else "IBBHI"))
    tables.holds(base + strings, length, "names of symbols")
    rows = tables.part(base + start, count * row.size, "symbol table")
    for number, (name, what, _, _, value) in enumerate(row.iter_unpack(rows[: len(rows) // row.size * row.size])):
        if number & 0xFFFF == 0:
            tables.deadline.check()
        if 0 < name < length:
            offered = what & 0xE0 == 0 and what & 0x11 == 1  # no debugger's entry, external, not private
            taken = offered and what & 0x0E == 0 and not value
            tables.symbol(base + strings + name, IMPORTS if taken else EXPORTS if offered else OTHERS)


def _trie(tables: Tables, start: int, length: int, first: int) -> None:
    """Gather the names of an export trie that no symbol has; they stand in pieces, shared with other names."""
    if length > TRIE_SIZE:
        raise ReadError("limit", f"an export trie larger than {TRIE_SIZE:,} bytes")
    data = tables.part(start, length, "export trie")
    known = {
        bytes(tables.data[n >> 2 : (n >> 2) + NAME]).partition(b"\0")[0]
        for n in tables.names[first:]
        if n & 3 == EXPORTS
    }
    waiting = [(0, b"", 0)]
    seen: set[int] = set()
    while waiting:
        at, name, depth = waiting.pop()
        tables.deadline.check()
        if at in seen or depth > DEPTH or len(name) > NAME:
            raise ReadError("corrupt", "an export trie that never ends")
        seen.add(at)
        size, at = uleb(data, at)
        if size and name not in known:
            if len(tables.unseen) >= UNSEEN:
                raise ReadError("limit", f"more than {UNSEEN:,} exported names")
            tables.unseen.append(name.decode("utf-8", "replace"))
        at += size
        children = data[at] if at < len(data) else 0
        at += 1
        for _ in range(children):
            end = data.find(b"\0", at)
            if end < 0:
                raise ReadError("truncated", "the export trie ends inside a name")
            after, beyond = uleb(data, end + 1)
            waiting.append((after, name + data[at:end], depth + 1))
            at = beyond
