"""Pages of a Parquet column: the dictionary, and the first values of a data page.

Source: apache/parquet-format, Encodings.md and parquet.thrift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.tables.parquet_footer import CODECS, Chunk, Leaf
from untag.readers.artifacts.tables.thrift import FALSE, I32, STRUCT, TRUE, Compact
from untag.readers.artifacts.tables.unpack import PAGE, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Buffer

HEADER: Final = 1 << 16
"""Bytes in which a page's header must end; statistics in it may hold two long values."""
PLAIN: Final = 0
DELTA_LENGTH: Final = 6
DELTA: Final = 7
DATA, INDEX, DICTIONARY, DATA_V2 = range(4)
MINIBLOCKS: Final = 512
"""Miniblocks in a block of numbers; writers use 4."""


@dataclass(slots=True)
class Page:
    """A page's header, and where its bytes are."""

    kind: int = -1
    size: int = 0
    packed: int = 0
    count: int = 0
    encoding: int = -1
    definitions: int = 0
    """Bytes of definition levels, in a page of version 2."""
    repetitions: int = 0
    is_packed: bool = True
    start: int = 0


def page_at(data: Buffer, at: int) -> Page:
    """Read the header of the page at an offset of the file."""
    if not 0 <= at < len(data):
        raise ReadError("corrupt", "a page beyond the end of the file")
    cursor = Compact(bytes(data[at : at + HEADER]))
    out = Page()
    for number, kind in cursor.fields():
        if kind == I32 and number in (1, 2, 3):
            value = cursor.number()
            out.kind, out.size, out.packed = (
                (value, out.size, out.packed)
                if number == 1
                else (out.kind, value, out.packed)
                if number == 2  # noqa: PLR2004 - uncompressed_page_size
                else (out.kind, out.size, value)
            )
        elif kind == STRUCT and number in (5, 7, 8):
            _details(cursor, out, number)
        else:
            cursor.skip(kind)
    out.start = at + cursor.at
    if out.size < 0 or out.packed < 0 or out.count < 0:
        raise ReadError("corrupt", "a page of negative size")
    if out.start + out.packed > len(data):
        raise ReadError("truncated", "a page runs over the end of the file")
    return out


def _details(cursor: Compact, out: Page, of: int) -> None:
    """Read the header of a data page (5), a dictionary (7) or a data page of version 2 (8)."""
    encoding = 4 if of == 8 else 2  # noqa: PLR2004 - field numbers
    for number, kind in cursor.fields():
        if kind == I32:
            value = cursor.number()
            if number == 1:
                out.count = value
            elif number == encoding:
                out.encoding = value
            elif number == 5 and of == 8:  # noqa: PLR2004 - field numbers
                out.definitions = value
            elif number == 6 and of == 8:  # noqa: PLR2004 - field numbers
                out.repetitions = value
        elif kind in (TRUE, FALSE):
            if of == 8 and number == 7:  # noqa: PLR2004 - is_compressed
                out.is_packed = kind == TRUE
        else:
            cursor.skip(kind)


def body(data: Buffer, page: Page, codec: int) -> bytes:
    """Return a page's bytes, unpacked."""
    if not 0 <= codec < len(CODECS):
        raise ReadError("unsupported", "pages packed with an unknown codec")
    if max(page.size, page.packed) > PAGE:
        raise ReadError("limit", f"a page of more than {PAGE:,} bytes")
    raw = bytes(data[page.start : page.start + page.packed])
    return unpack(CODECS[codec], raw, page.size) if CODECS[codec] else raw


def dictionary_of(data: Buffer, chunk: Chunk) -> Page | None:
    """Return the page of distinct values that a chunk begins with, or None."""
    at = chunk.dictionary if chunk.dictionary > 0 else chunk.data
    page = page_at(data, at)
    return page if page.kind == DICTIONARY else None


def plain_values(data: bytes, at: int, limit: int) -> Iterator[bytes]:
    """Yield byte strings that each stand behind their length."""
    end = len(data)
    for _ in range(limit):
        if at + 4 > end:
            return
        size = int.from_bytes(data[at : at + 4], "little")
        at += 4
        if size > end - at:
            raise ReadError("corrupt", "a value longer than its page")
        yield data[at : at + size]
        at += size


def first_values(data: Buffer, chunk: Chunk, leaf: Leaf, limit: int) -> Iterator[bytes]:
    """Yield up to ``limit`` values of the first data page of a chunk that has no dictionary."""
    page = page_at(data, chunk.data)
    if page.kind == DICTIONARY:
        page = page_at(data, page.start + page.packed)
    if page.kind == DATA:
        raw = body(data, page, chunk.codec)
        at = 0
        for deepest in (leaf.repeats, leaf.optional):
            if deepest:
                at += 4 + int.from_bytes(raw[at : at + 4], "little")
    elif page.kind == DATA_V2:
        levels = page.definitions + page.repetitions
        if not 0 <= levels <= min(page.packed, page.size):
            raise ReadError("corrupt", "levels longer than their page")
        inner = Page(page.kind, page.size - levels, page.packed - levels, start=page.start + levels)
        raw = body(data, inner, chunk.codec if page.is_packed else 0)
        at = 0
    else:
        return
    if at > len(raw):
        raise ReadError("corrupt", "levels longer than their page")
    if page.encoding == PLAIN:
        yield from plain_values(raw, at, limit)
    elif page.encoding == DELTA_LENGTH:
        yield from _delta_length(raw, at, limit)
    elif page.encoding == DELTA:
        yield from _delta(raw, at, limit)


def _delta_length(raw: bytes, at: int, limit: int) -> Iterator[bytes]:
    lengths, at = numbers(raw, at, limit)
    for size in lengths:
        if not 0 <= size <= len(raw) - at:
            raise ReadError("corrupt", "a value longer than its page")
        yield raw[at : at + size]
        at += size


def _delta(raw: bytes, at: int, limit: int) -> Iterator[bytes]:
    """Yield values that each share their beginning with the one before."""
    shared, at = numbers(raw, at, limit)
    last = b""
    for keep, tail in zip(shared, _delta_length(raw, at, limit), strict=False):
        last = last[: max(keep, 0)] + tail
        if len(last) > PAGE:
            raise ReadError("limit", "a value longer than any page")
        yield last


def numbers(raw: bytes, at: int, limit: int) -> tuple[list[int], int]:
    """Unpack DELTA_BINARY_PACKED numbers: the first ``limit`` of them, and where the next thing begins."""
    cursor = Compact(raw, at)
    block, minis, total, value = cursor.varint(), cursor.varint(), cursor.varint(), cursor.number()
    if not 0 < minis <= MINIBLOCKS or not 0 < block <= 1 << 20 or block % minis or total > len(raw) * 64 * block:
        raise ReadError("corrupt", "numbers packed in blocks of no size")
    per = block // minis
    out = [value] if total else []
    left = total - 1
    while left > 0:
        least = cursor.number()
        widths = raw[cursor.at : cursor.at + minis]
        cursor.at += minis
        if len(widths) < minis:
            raise ReadError("corrupt", "numbers that end inside a block")
        for width in widths:
            if left <= 0:
                break
            size = width * per // 8
            piece = raw[cursor.at : cursor.at + size]
            if len(piece) < size or width > 64:  # noqa: PLR2004 - bits of a number
                raise ReadError("corrupt", "numbers that end inside a block")
            cursor.at += size
            count = min(per, left)
            left -= count
            if len(out) < limit:
                packed, mask = int.from_bytes(piece, "little"), (1 << width) - 1
                for _ in range(min(count, limit - len(out))):
                    value += least + (packed & mask)
                    packed >>= width
                    out.append(value)
    return out, cursor.at
