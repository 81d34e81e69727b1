"""The text of a Word 97 document: the pieces that its piece table lists, in their order.

Of MS-DOC: the file information block at the head names the table stream and, in it, the
piece table; each piece is a run of UTF-16LE or of code page 1252.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.readers.artifacts.documents.flow import Flow
    from untag.readers.base import Part

PIECES: Final = 200_000
"""Pieces at most: a document that is edited for years has some thousands."""
_FIELD: Final = re.compile("\x13[^\x13-\x15]*\x14|\x13[^\x13-\x15]*\x15|[\x13-\x15]")
"""A field's code, up to the text that is shown in its place."""
_MARKS: Final = re.compile("[\x00-\x06\x08\x0e-\x12\x16-\x1d]")
_ENDS: Final = re.compile("[\r\x0c]")


def text(main: bytes, one: bytes, zero: bytes, flow: Flow, deadline: Deadline) -> Iterator[Part]:
    """Yield paragraphs and tables."""
    if len(main) < 0x1AA:  # noqa: PLR2004 - of the format
        raise ReadError("truncated", "a Word document that ends inside its head")
    flags, version = struct.unpack_from("<H", main, 10)[0], struct.unpack_from("<H", main, 2)[0]
    if flags & 0x0100:
        raise ReadError("encrypted", "a password-protected Word document; save it without its password")
    if version < 0xC1:  # noqa: PLR2004 - Word 97
        raise ReadError("unsupported", "a document of Word 95 or older; it was searched as bytes")
    start, size = struct.unpack_from("<II", main, 0x1A2)
    table = one if flags & 0x0200 else zero
    whole = "".join(_pieces(main, table[start : start + size] if size < len(table) + 1 else b""))
    if not whole:
        raise ReadError("corrupt", "a Word document without a table of its text; it was searched as bytes")
    rows: list[list[str]] = []
    cells: list[str] = []
    for paragraph in _ENDS.split(_MARKS.sub("", _FIELD.sub("", whole))):
        deadline.check()
        *ended, rest = paragraph.split("\x07")
        for cell in ended:
            # a row ends in an empty cell of its own
            if cell or not cells:
                cells.append(cell)
            else:
                rows.append(cells)
                cells = []
        if not ended and not cells and rows:
            yield from flow.table(rows)
            rows = []
        if cells and rest:
            cells.append(rest)
        elif rest:
            if rows:
                yield from flow.table(rows)
                rows = []
            yield from flow.paragraph(rest.replace("\x0b", " ").replace("\x1e", "-").replace("\x1f", ""))
    if cells:
        rows.append(cells)
    if rows:
        yield from flow.table(rows)


def _pieces(main: bytes, complex_part: bytes) -> Iterator[str]:
    """Yield the text of each piece."""
    at = 0
    while at + 3 <= len(complex_part) and complex_part[at] == 1:
        at += 3 + int.from_bytes(complex_part[at + 1 : at + 3], "little")
    if at + 5 > len(complex_part) or complex_part[at] != 2:  # noqa: PLR2004 - the piece table
        return
    size = int.from_bytes(complex_part[at + 1 : at + 5], "little")
    table = complex_part[at + 5 : at + 5 + size]
    count = min((len(table) - 4) // 12, PIECES)
    total = 0
    for number in range(count):
        first, last = struct.unpack_from("<II", table, number * 4)
        where = struct.unpack_from("<I", table, (count + 1) * 4 + number * 8 + 2)[0]
        length = last - first
        if length <= 0 or total > len(main) * 2:
            continue
        if where & 0x40000000:
            begin = (where & 0x3FFFFFFF) // 2
            piece = main[begin : begin + length].decode("cp1252", "replace")
        else:
            piece = main[where : where + length * 2].decode("utf-16-le", "replace")
        total += len(piece)
        yield piece
