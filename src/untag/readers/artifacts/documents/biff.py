"""The sheets of an Excel 97 workbook: records of a stream (MS-XLS)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.documents.tables import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.readers.artifacts.documents.flow import Flow
    from untag.readers.artifacts.documents.tables import Sheet
    from untag.readers.base import Part

_BOF: Final = (0x0809, 0x0409)
_EOF: Final = 0x000A
_PASSWORD: Final = 0x002F
_BOUND: Final = 0x0085
_STRINGS: Final = 0x00FC
_CONTINUE: Final = 0x003C
_SHARED: Final = 0x00FD
_LABEL: Final = (0x0204, 0x00D6)
_RESULT: Final = 0x0207
_NOTE: Final = 0x01B6
STRINGS: Final = 1_000_000
"""Shared strings at most."""


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, kind and content of each record."""
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield at, kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def text(data: bytes, flow: Flow, deadline: Deadline) -> Iterator[Part]:
    """Yield names of sheets, and their cells row by row."""
    wide = data[:2] == b"\x09\x08" and data[4:6] == b"\x00\x06"
    strings: list[str] = []
    names: dict[int, str] = {}
    table: list[bytes] = []
    row: list[str] = []
    number = -1
    sheet: Sheet | None = None
    for at, kind, content in _records(data):
        if table and kind == _CONTINUE:
            table.append(content)
            continue
        if table:
            strings, table = list(_shared(table)), []
            deadline.check()
        if kind == _PASSWORD:
            raise ReadError("encrypted", "a password-protected workbook; save it without its password")
        if kind == _STRINGS:
            table = [content]
        elif kind == _BOUND and len(content) > 7:  # noqa: PLR2004 - of the format
            title = _title(content, wide=wide)
            names[int.from_bytes(content[:4], "little")] = title
            flow.at("sheet", title)
            yield from flow.heading(title)
        elif kind in _BOF and at in names:
            deadline.check()
            flow.at("sheet", names[at])
            sheet, number, row = flow.sheet(), -1, []
        elif kind == _EOF and sheet is not None:
            yield from sheet.row(row)
            yield from sheet.end()
            sheet = None
        elif sheet is not None and (kind == _SHARED or kind in _LABEL) and len(content) > 7:  # noqa: PLR2004
            line, column = struct.unpack_from("<HH", content)
            if line != number:
                yield from sheet.row(row)
                row, number = [], line
            if column < COLUMNS:
                row += [""] * (column - len(row) + 1)
                row[column] = _cell(kind, content, strings, wide=wide)
    if sheet is not None:
        yield from sheet.row(row)
        yield from sheet.end()


def _cell(kind: int, content: bytes, strings: list[str], *, wide: bool) -> str:
    if kind == _SHARED:
        index = int.from_bytes(content[6:10], "little")
        return strings[index] if index < len(strings) else ""
    return _string(content[6:], wide=wide)


def _title(content: bytes, *, wide: bool) -> str:
    size = content[6]
    if not wide:
        return content[7 : 7 + size].decode("cp1252", "replace")
    if content[7] & 1:
        return content[8 : 8 + size * 2].decode("utf-16-le", "replace")
    return content[8 : 8 + size].decode("latin-1")


def _string(raw: bytes, *, wide: bool) -> str:
    size = int.from_bytes(raw[:2], "little")
    if not wide:
        return raw[2 : 2 + size].decode("cp1252", "replace")
    if len(raw) > 2 and raw[2] & 1:  # noqa: PLR2004 - of the format
        return raw[3 : 3 + size * 2].decode("utf-16-le", "replace")
    return raw[3 : 3 + size].decode("latin-1")


class _Blocks:
    """A record and what continues it; a string that runs over says its width anew in each."""

    def __init__(self, blocks: list[bytes]) -> None:
        self.blocks = blocks
        self.block = 0
        self.at = 0

    def left(self) -> int:
        while self.block < len(self.blocks) and self.at >= len(self.blocks[self.block]):
            self.block += 1
            self.at = 0
        return len(self.blocks[self.block]) - self.at if self.block < len(self.blocks) else 0

    def take(self, size: int) -> bytes:
        out = b""
        while size > 0 and self.left():
            piece = self.blocks[self.block][self.at : self.at + size]
            self.at += len(piece)
            size -= len(piece)
            out += piece
        return out

    def skip(self, size: int) -> None:
        while size > 0 and (left := self.left()):
            step = min(left, size)
            self.at += step
            size -= step

    def text(self, count: int, *, wide: bool) -> str:
        parts: list[str] = []
        while count > 0 and self.left():
            width = 2 if wide else 1
            size = min(count, max(self.left() // width, 1))
            raw = self.blocks[self.block][self.at : self.at + size * width]
            self.at += size * width
            parts.append(raw.decode("utf-16-le" if wide else "latin-1", "replace"))
            count -= size
            if count > 0 and self.left() and not self.at:
                wide = bool(self.blocks[self.block][0] & 1)
                self.at = 1
        return "".join(parts)


def _shared(blocks: list[bytes]) -> Iterator[str]:
    """Yield the shared strings."""
    source = _Blocks(blocks)
    count = int.from_bytes(source.take(8)[4:8], "little")
    for _ in range(min(count, STRINGS)):
        head = source.take(3)
        if len(head) < 3:  # noqa: PLR2004 - of the format
            return
        size, flags = int.from_bytes(head[:2], "little"), head[2]
        runs = int.from_bytes(source.take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(source.take(4), "little") if flags & 4 else 0
        yield source.text(size, wide=bool(flags & 1))
        source.skip(runs * 4 + extra)
