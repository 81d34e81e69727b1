"""The central directory of a zip: where it stands, and what it says of each member.

An own parser, because `zipfile` takes five times as long and refuses the whole
archive where one entry is wrong. Nothing here trusts a number: whatever points
outside the archive is a note for a Gap.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final, NamedTuple

from untag.readers.containers.common import text

TAIL: Final = 65_557
"""Bytes at the end of a file in which its end record stands: 22 and the longest comment."""
END: Final = b"PK\x05\x06"
CENTRAL: Final = b"PK\x01\x02"
LOCAL: Final = b"PK\x03\x04"

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_UNKNOWN: Final = 0xFFFFFFFF
_UTF8: Final = 0x800


class Entry(NamedTuple):
    """One member, as the central directory has it."""

    name: str
    raw: bytes
    """The name as its bytes stand there."""
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    start: int
    """Where the local header stands in the archive's bytes."""
    mode: int
    """Unix mode, 0 when the writer was no Unix."""


class Directory(NamedTuple):
    """A whole central directory."""

    entries: list[Entry]
    start: int
    """Where the directory itself begins."""
    end: int
    """Where the end record, with the comment it states, ends."""
    comment: bytes
    notes: list[str]
    """What is wrong with it."""


def find_end(tail: bytes) -> int:
    """Return where the end record stands in the last bytes of a file, or -1."""
    if len(tail) >= 22 and tail[-22:-18] == END and tail[-2:] == b"\0\0":  # noqa: PLR2004 - of the format
        return len(tail) - 22
    at = tail.rfind(END)
    while at >= 0 and len(tail) - at < _END.size:
        at = tail.rfind(END, 0, at)
    return at


def read(data: memoryview) -> Directory | None:
    """Return the central directory, or None when there is no end record."""
    offset = max(len(data) - TAIL, 0)
    at = find_end(bytes(data[offset:]))
    if at < 0:
        return None
    at += offset
    notes: list[str] = []
    _, disk, disk_start, _, count, size, start, length = _END.unpack_from(data, at)
    comment = bytes(data[at + _END.size : at + _END.size + length])
    if len(comment) < length:
        notes.append("the comment is cut off")
    stop = at
    wide = _end64(data, at)
    if wide is not None:
        stop, count, size, start = wide
    elif disk or disk_start:
        notes.append("one part of an archive in several files")
    # an archive that something was put in front of keeps its old offsets: shift them all
    shift = stop - size - start
    if shift < 0 or bytes(data[start + shift : start + shift + 4]) != CENTRAL:
        if bytes(data[start : start + 4]) == CENTRAL:
            shift = 0
        elif count:
            notes.append("the end record does not point at the central directory")
            found = bytes(data[max(stop - (64 << 20), 0) : stop]).find(CENTRAL) if stop else -1
            if found >= 0:
                start, shift = found + max(stop - (64 << 20), 0), 0
    entries = _entries(data, start + shift, stop, shift, notes)
    if len(entries) != count and not (count == len(entries) & 0xFFFF and wide is None):
        notes.append(f"the end record counts {count:,} members, the directory holds {len(entries):,}")
    return Directory(entries, min(max(start + shift, 0), len(data)), at + _END.size + length, comment, notes)


def _end64(data: memoryview, at: int) -> tuple[int, int, int, int] | None:
    """Return ``(where the zip64 end record stands, count, size, start)`` when there is one that makes sense."""
    if at < 20 or bytes(data[at - 20 : at - 16]) != b"PK\x06\x07":  # noqa: PLR2004
        return None
    stated = int.from_bytes(data[at - 12 : at - 4], "little")
    for place in (at - 20 - _END64.size, stated):
        if 0 <= place <= at - 20 - _END64.size and bytes(data[place : place + 4]) == b"PK\x06\x06":
            _, _, _, _, _, _, _, count, size, start = _END64.unpack_from(data, place)
            if size <= len(data) and start <= len(data):
                return place, count, size, start
    return None


def _entries(data: memoryview, at: int, stop: int, shift: int, notes: list[str]) -> list[Entry]:
    """Parse the entries that stand between ``at`` and ``stop``."""
    entries: list[Entry] = []
    unpack = _CENTRAL.unpack_from
    block = bytes(data[at:stop]) if 0 <= at <= stop <= len(data) else b""
    at = 0
    while at + _CENTRAL.size <= len(block):
        (magic, made, _, flags, method, _, _, crc, packed, size, names, extras, comments, _, _, external, start) = (
            unpack(block, at)
        )
        if magic != CENTRAL:
            if magic != b"PK\x05\x05":  # the directory's own signature
                notes.append("a damaged entry in the central directory; those behind it are lost")
            break
        at += _CENTRAL.size
        raw = block[at : at + names]
        at += names
        if extras:
            extra = block[at : at + extras]
            at += extras
            if _UNKNOWN in (packed, size, start):
                size, packed, start = _wide(extra, size, packed, start)
        else:
            extra = b""
        at += comments
        if raw.isascii():
            name = raw.decode("ascii")
        elif flags & _UTF8:
            name = raw.decode("utf-8", "replace")
        else:
            name = _unicode_path(extra, raw) or text(raw)
        mode = external >> 16 if made >> 8 == 3 else 0  # noqa: PLR2004
        entries.append(Entry(name, raw, flags, method, crc, packed, size, start + shift, mode))
    return entries


def _fields(extra: bytes) -> dict[int, bytes]:
    """Return the extra fields by their number, the first of each kind."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        found.setdefault(kind, extra[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def _wide(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
    """Replace the numbers that say "see zip64" by those of the extra field, as far as it has them."""
    field = _fields(extra).get(1, b"")
    numbers = [int.from_bytes(field[at : at + 8], "little") for at in range(0, len(field) - 7, 8)]
    values = [numbers.pop(0) if value == _UNKNOWN and numbers else value for value in (size, packed, start)]
    return values[0], values[1], values[2]


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """Return the name that Info-ZIP's Unicode field holds, when it belongs to this name."""
    field = _fields(extra).get(0x7075, b"")
    if len(field) > 5 and int.from_bytes(field[1:5], "little") == zlib.crc32(raw):  # noqa: PLR2004
        return field[5:].decode("utf-8", "replace")
    return ""
