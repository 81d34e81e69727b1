"""Compound files (OLE): a small file system of sectors, read with every number held against the file.

Of MS-CFB: a table of sector chains, a table of chains of small sectors inside one
stream, and a directory whose entries name streams. Chains that run in circles, out of
the file or into each other end where they do; what came before is handed on.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from untag.model import Buffer

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRIES: Final = 20_000
"""Entries of the directory at most; a presentation with a thousand objects has ten each."""
_END: Final = 0xFFFFFFFA
"""Sector numbers from here on are marks, not sectors."""
_HEADER: Final = 512
_ENTRY: Final = struct.Struct("<64sHBBIII16sIQQIQ")
DEEPEST: Final = 32
"""Storages inside each other at most."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream by its path in the compound file."""

    path: str
    start: int
    size: int


class Compound:
    """One compound file."""

    def __init__(self, data: Buffer) -> None:
        """Read the tables; raise `ReadError` when there is nothing to go by."""
        self._data = memoryview(data)
        head = bytes(self._data[:_HEADER])
        if len(head) < _HEADER or head[:8] != MAGIC:
            raise ReadError("truncated", "a compound file that ends inside its header")
        shift, mini = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or mini not in (6, 7, 8):
            raise ReadError("corrupt", "a compound file with sectors of a size that does not exist")
        self._size, self._mini = 1 << shift, 1 << mini
        self._sectors = max(-(-(len(self._data) - self._size) // self._size), 0)
        directory, _, cutoff, minifat, _, difat, _ = struct.unpack_from("<IIIIIII", head, 48)
        self._cutoff = cutoff if cutoff <= 1 << 16 else 4_096
        self.damaged = False
        """Whether a chain broke off."""
        self._fat = self._table(list(struct.unpack_from("<109I", head, 76)), difat)
        self._minifat = self._words(self.chain(minifat))
        self.streams, root = self._directory(self.chain(directory)[: ENTRIES * _ENTRY.size])
        self._small = self.chain(root.start, root.size) if root else b""

    def _sector(self, number: int) -> memoryview:
        at = (number + 1) * self._size
        return self._data[at : at + self._size]

    def _words(self, raw: bytes) -> array[int]:
        words = array("I" if array("I").itemsize == 4 else "L")  # noqa: PLR2004 - four bytes each
        words.frombytes(raw[: len(raw) & ~3])
        if struct.pack("=H", 1) != struct.pack("<H", 1):
            words.byteswap()
        return words

    def _table(self, first: list[int], more: int) -> array[int]:
        """Return the table of chains, whose own sectors the header and further sectors list."""
        listed = [number for number in first if number < _END]
        seen: set[int] = set()
        while more < self._sectors and more not in seen:
            seen.add(more)
            words = self._words(bytes(self._sector(more)))
            listed += [number for number in words[:-1] if number < _END]
            more = words[-1] if len(words) else _END
        kept = [number for number in dict.fromkeys(listed) if number < self._sectors]
        return self._words(b"".join(bytes(self._sector(number)) for number in kept))

    def chain(self, start: int, size: int = -1) -> bytes:
        """Return the bytes of a chain of sectors, at most ``size``."""
        parts: list[bytes] = []
        left = size if size >= 0 else len(self._data)
        seen = bytearray(self._sectors)
        while left > 0 and start < self._sectors and not seen[start]:
            seen[start] = 1
            piece = bytes(self._sector(start)[:left])
            parts.append(piece)
            left -= len(piece)
            start = self._fat[start] if start < len(self._fat) else _END
        if left > 0 and size >= 0:
            self.damaged = True
        return b"".join(parts)

    def read(self, stream: Stream, limit: int = -1) -> bytes:
        """Return the bytes of a stream, at most ``limit`` of them."""
        size = stream.size if limit < 0 else min(stream.size, limit)
        if stream.size >= self._cutoff:
            return self.chain(stream.start, min(size, len(self._data)))
        parts: list[bytes] = []
        at, left, steps = stream.start, size, 0
        while left > 0 and at < len(self._minifat) and steps <= len(self._minifat):
            piece = self._small[at * self._mini : (at + 1) * self._mini][:left]
            if not piece:
                break
            parts.append(piece)
            left -= len(piece)
            at = self._minifat[at]
            steps += 1
        if left > 0:
            self.damaged = True
        return b"".join(parts)

    def _directory(self, raw: bytes) -> tuple[tuple[Stream, ...], Stream | None]:
        """Return the streams by path, and the root, whose chain holds the small ones."""
        rows = [_ENTRY.unpack_from(raw, at) for at in range(0, len(raw) - _ENTRY.size + 1, _ENTRY.size)]
        found: list[Stream] = []
        root: Stream | None = None
        if rows and rows[0][2] == 5:  # noqa: PLR2004 - the root storage
            root = Stream("", rows[0][11], rows[0][12] & 0xFFFFFFFF)
        waiting = [(rows[0][6], "", 0)] if rows else []
        seen: set[int] = set()
        while waiting:
            at, folder, depth = waiting.pop()
            if at >= len(rows) or at in seen or depth > DEEPEST:
                continue
            seen.add(at)
            row = rows[at]
            name = row[0][: max(0, min(row[1], 64) - 2)].decode("utf-16-le", "replace")
            path = f"{folder}/{name}" if folder else name
            waiting += [(row[4], folder, depth), (row[5], folder, depth)]
            if row[2] == 1:
                waiting.append((row[6], path, depth + 1))
            elif row[2] == 2:  # noqa: PLR2004 - a stream
                found.append(Stream(path, row[11], row[12] & 0xFFFFFFFF if self._size == _HEADER else row[12]))
        return tuple(sorted(found, key=lambda s: s.path)), root
