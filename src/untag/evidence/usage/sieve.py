"""The lines of a log in which anything stands that could matter, found before any line is parsed.

A log is read in blocks that end at a line's end; one pass of the engine over a block tells which lines hold a
candidate. Most hold none, and are only counted.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from typing import IO, TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote_to_bytes

from untag.errors import SourceError
from untag.guard import sift
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BLOCK: Final = 4 << 20
"""Bytes read at once."""
LINE: Final = 64 << 20
"""Bytes of a line that is kept; a longer one is counted as not read."""
GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Sifted:
    """What one block holds."""

    lines: int
    size: int
    candidates: tuple[bytes, ...]
    """Lines that must be looked at, in their order."""
    too_long: int = 0
    """Lines that were not read."""


def opened(path: Path) -> IO[bytes]:
    """Open a log, unpacked; raise `SourceError` where it cannot be."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic.startswith(GZIP):
            try:
                from isal import igzip  # noqa: PLC0415 - twice as fast, absent on rare platforms
            except ImportError:
                return cast("IO[bytes]", gzip.open(path, "rb"))
            unpacked: Any = igzip.IGzipFile
            return cast("IO[bytes]", unpacked(str(path), "rb"))
        if magic == ZSTD:
            import zstandard  # noqa: PLC0415 - few logs need it

            return cast("IO[bytes]", zstandard.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot open {path}: {error.strerror or error}; check the path") from error


def blocks(file: IO[bytes], start: int = 0, stop: int = -1) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of whole lines and how many lines were too long, of those that begin in ``[start, stop)``.

    ``start`` and ``stop`` are offsets in a file that is not packed; its shares are read by several processes.
    """
    at = _first(file, start) if start else 0
    rest = b""
    skipping = False
    while True:
        if stop < 0 or at < stop:
            piece = file.read(BLOCK if stop < 0 else min(BLOCK, stop - at))
        elif rest or skipping:
            piece = file.readline(BLOCK)  # the last line of a share goes on behind it
        else:
            break
        if not piece:
            break
        at += len(piece)
        if skipping:
            end = piece.find(b"\n")
            if end < 0:
                continue
            piece, skipping = piece[end + 1 :], False
        end = piece.rfind(b"\n") + 1
        whole, rest = (rest + piece[:end], piece[end:]) if end else (b"", rest + piece)
        too_long = 0
        if len(rest) > LINE:
            rest, skipping, too_long = b"", True, 1
        if whole or too_long:
            yield whole, too_long
    if rest:
        yield rest, 0


def _first(file: IO[bytes], start: int) -> int:
    """Go to the first line that begins at ``start`` or behind it, and return its offset."""
    at = start - 1
    file.seek(at)
    while piece := file.readline(BLOCK):
        at += len(piece)
        if piece.endswith(b"\n"):
            break
    return at


def sifted(block: bytes, too_long: int = 0) -> Sifted:
    """Return the lines of a block that hold a candidate."""
    count = block.count(b"\n") + (not block.endswith(b"\n") and bool(block))
    return Sifted(count, len(block), tuple(_lines(block)), too_long)


def _lines(block: bytes) -> Iterator[bytes]:
    wanted: set[int] = set()
    ends = sift.candidates(block)
    starts: list[int] = []
    if ends:
        last = -1
        for end in ends:
            # what ends a word at a line's end is the line feed: it belongs to the line that it ends
            at = max(end - 1, 0)
            if at <= last:
                continue
            stop = block.find(b"\n", at)
            last = len(block) if stop < 0 else stop
            wanted.add(block.rfind(b"\n", 0, at) + 1)
    if b"%" in block:
        starts = [start for start in _escaped(block) if start not in wanted]
    for start in sorted({*wanted, *starts}):
        stop = block.find(b"\n", start)
        yield block[start : len(block) if stop < 0 else stop].rstrip(b"\r")


def _escaped(block: bytes) -> Iterator[int]:
    """Yield where lines begin whose percent escapes hide a candidate."""
    # an escaped line end would shift all lines after it
    plain = unquote_to_bytes(block.replace(b"%0A", b" ").replace(b"%0a", b" ").replace(b"+", b" "))
    ends = sift.candidates(plain)
    if not ends:
        return
    feeds = _feeds(plain)
    numbers = sorted({bisect_left(feeds, max(end - 1, 0)) for end in ends})
    own = _feeds(block)
    for number in numbers:
        if number <= len(own):
            yield own[number - 1] + 1 if number else 0


def _feeds(data: bytes) -> list[int]:
    """Return the offsets of all line ends."""
    found, at = [], data.find(b"\n")
    while at >= 0:
        found.append(at)
        at = data.find(b"\n", at + 1)
    return found
