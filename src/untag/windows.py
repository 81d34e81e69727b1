"""Large texts, searched window by window: which parts of a window to read, and the line numbers in them.

A large text is a log, a dump or generated data: it says the same again and again. Of
lines that differ in nothing but numbers one is read, with the lines around it.
"""

from __future__ import annotations

import mmap
from functools import cached_property
from typing import TYPE_CHECKING, Final

from untag.limits import WINDOW
from untag.mapped import forget
from untag.readers.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Blob, Buffer
    from untag.readers.dumps import Statements

AROUND: Final = 8_192
"""Bytes read before and after a candidate in a window: some hundred lines."""
LINE: Final = 400
"""Bytes of a line, before and after a candidate, that make its shape."""
SHAPES: Final = 500
"""Different lines read of one share; a text with more repeats itself in other ways (see `limits.HITS_PER_FILE`)."""
DIGITS: Final = b"0123456789abcdefABCDEF"
"""Left out of a line when it is compared: counters, times and hexadecimal ids."""
BLOCK: Final = 32 << 20
"""Bytes of the smallest share of a large text."""
STREAMS: Final = (".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".zst", ".tar", ".7z", ".deb", ".crate", ".gem")
"""Endings of files that have no directory of their members at hand."""
COUNTED: Final = 1 << 18
"""Bytes in which line ends are counted at once."""


class Repeats:
    """The shapes of lines met so far in one share of a large text."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def slices(self, piece: bytes, proposals: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the parts of a window to read, cut at line ends, in order and without overlap."""
        low = high = -1
        for end in sorted({end for _, end in proposals}):
            if not self._new(piece, end):
                continue
            start = piece.rfind(b"\n", 0, max(0, end - AROUND)) + 1
            stop = piece.find(b"\n", min(len(piece), end + AROUND)) + 1 or len(piece)
            if stop - start > 4 * AROUND:  # lines without end
                start, stop = max(start, end - 2 * AROUND), min(stop, end + 2 * AROUND)
            if start <= high:
                high = max(high, stop)
                continue
            if high >= 0:
                yield low, high
            low, high = start, stop
        if high >= 0:
            yield low, high

    def _new(self, piece: bytes, end: int) -> bool:
        """Whether no line of this shape was read before."""
        start = max(piece.rfind(b"\n", 0, max(0, end - 2)) + 1, end - LINE)
        stop = piece.find(b"\n", end, end + LINE)
        shape = hash(piece[start : stop if stop >= 0 else end + LINE].translate(None, DIGITS))
        if shape in self._seen or len(self._seen) >= SHAPES:
            return False
        self._seen.add(shape)
        return True


class Lines:
    """Line numbers at offsets of one large text, counted on demand, each block of it once; and its statements."""

    def __init__(self, trail: tuple[str, ...], counts: Buffer | None = None) -> None:
        self.trail = trail
        self._counts = counts
        """`shared_counts` of this text, or None where no other process reads it."""
        self._own: dict[int, int] = {}
        """Lines of whole blocks, by their number."""
        self._at = 0
        self._line = 0
        """Line ends between the start of the block that holds ``_at`` and there."""

        self._beginning: bytes | None = None

    @cached_property
    def statements(self) -> Statements:
        """The statements of a dump that rows belong to."""
        from untag.readers.dumps import Statements  # noqa: PLC0415 - few texts are large dumps

        return Statements()

    def beginning(self, data: Buffer) -> bytes:
        """Return the beginning of a file of annotations, which tells what its objects are; empty for other JSON."""
        if self._beginning is None:
            from untag.readers.pick import HEAD  # noqa: PLC0415 - few texts are large
            from untag.readers.records import WINDOWED, records_format  # noqa: PLC0415

            head = bytes(data[:HEAD])
            self._beginning = head if records_format("json", head) in WINDOWED else b""
        return self._beginning

    def at(self, data: Buffer, offset: int) -> int:
        """Return the number of the line that holds ``offset``; cheapest where offsets ascend."""
        number = offset // BLOCK
        if offset < self._at or number != self._at // BLOCK:
            self._at, self._line = number * BLOCK, 0
        self._line += _line_ends(data, self._at, offset)
        self._at = offset
        return 1 + sum(self._block(data, before) for before in range(number)) + self._line

    def done(self, data: Buffer, stop: int) -> None:
        """Count the rest of the block that the last offset lies in, which ends about ``stop``, and tell the others."""
        number = self._at // BLOCK
        end = (number + 1) * BLOCK
        if self._at % BLOCK and end <= len(data) and end - BLOCK < stop:
            self._keep(number, self._line + _line_ends(data, self._at, end))

    def _block(self, data: Buffer, number: int) -> int:
        kept = self._own.get(number)
        if kept is None and self._counts is not None:
            kept = int.from_bytes(self._counts[number * 8 : number * 8 + 8], "little") - 1
        if kept is None or kept < 0:
            kept = _line_ends(data, number * BLOCK, (number + 1) * BLOCK)
        if number not in self._own:
            self._keep(number, kept)
        return kept

    def _keep(self, number: int, count: int) -> None:
        self._own[number] = count
        if self._counts is not None:
            self._counts[number * 8 : number * 8 + 8] = (count + 1).to_bytes(8, "little")  # type: ignore[index]


def shared_counts(size: int) -> Buffer:
    """Return memory that forked processes share: for each block of a text one more than its lines, or 0."""
    return mmap.mmap(-1, 8 * (size // BLOCK + 1))


def _line_ends(data: Buffer, start: int, stop: int) -> int:
    """Count the line ends between two offsets, and let go of what was read."""
    count = 0
    while start < stop:
        end = min(start + COUNTED, stop)
        count += bytes(data[start:end]).count(b"\n")
        forget(data, start, end)
        start = end
    return count


def blocks(data: Buffer, part: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield start and stop of the blocks of a large text that belong to a share, cut at line ends.

    Where a block ends does not depend on the number of shares, so that a report does not either.
    """
    size = len(data)
    share, of = part
    for number in range(share, -(-size // BLOCK), of):
        start = _line_start(data, number * BLOCK, size) if number else 0
        stop = _line_start(data, (number + 1) * BLOCK, size)
        if start < stop:
            yield start, stop


def cuts(data: Buffer, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the windows of a block, cut at line ends where there are any."""
    while start < stop:
        end = min(start + WINDOW, stop)
        if end < stop:
            cut = data.rfind(b"\n", max(start, end - (1 << 16)), end)  # type: ignore[union-attr]
            end = cut + 1 if cut >= 0 else end
        yield start, end
        start = end


def _line_start(data: Buffer, at: int, size: int) -> int:
    """Return the start of the first line that begins at or after ``at``, looking one window far."""
    if at >= size:
        return size
    found = data.find(b"\n", at - 1, min(size, at + WINDOW))  # type: ignore[union-attr]
    return found + 1 if found >= 0 else at


def streams(name: str) -> bool:
    """Whether a file of this name is unpacked from its beginning: each worker unpacks all of it, and reads a part."""
    return name.lower().endswith(STREAMS)


def part_of(blob: Blob, piece: bytes, at: int, known: Lines, *, numbered: bool = False) -> Text:
    """Return a piece of a large text that begins at ``at``, a line's start where there are lines.

    A table's carries the names of its columns, a dump's the statement that its first rows belong to,
    that of annotations in JSON the beginning of the file. Its lines
    count from 1 unless they are ``numbered`` as in the whole text, which takes time.
    """
    from untag.readers.extensions import HEADER, is_dump, is_table  # noqa: PLC0415 - few texts are large

    name, header = blob.trail[-1], b""
    if is_table(name):
        header = bytes(blob.data[:HEADER]).partition(b"\n")[0]
    elif is_dump(name):
        header = known.statements.before(blob.data, at)
    elif name.endswith(".json"):
        header = known.beginning(blob.data)
    line = known.at(blob.data, at) if numbered else 1
    return Text(blob.trail, piece, first_line=line, whole=False, header=header)


__all__ = ["BLOCK", "Lines", "Repeats", "blocks", "cuts", "forget", "part_of", "shared_counts", "streams"]
