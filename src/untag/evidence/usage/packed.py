"""Logs as files: plain, gzip or zstd, opened as one stream of bytes that says when its end is missing."""

from __future__ import annotations

import gzip
import io
from typing import IO, TYPE_CHECKING, Any, Final, cast

from untag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
PIECE: Final = 1 << 17
"""Unpacked bytes held at once, but for those that a single `FEED` gives."""
FEED: Final = 2_048
"""Packed bytes unpacked at once: four of them may stand for 128 KiB, so that these give 64 MiB at the very most."""
WINDOW: Final = 1 << 27
"""Bytes that a frame may refer back to: what ``zstd --long`` writes."""
SKIPPED: Final = b"\x2a\x4d\x18"
"""Last bytes of the magic of a frame that holds no data, behind one of 0x50 to 0x5f."""
PLAIN: Final = 8
"""Bytes of such a frame's head."""


def opened(path: Path) -> IO[bytes]:
    """Open a log, unpacked; raise `SourceError` where it cannot be. A packed one raises `EOFError` where it is cut."""
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
            file = path.open("rb")
            return cast("IO[bytes]", io.BufferedReader(_Stream(file, _frames(file)), PIECE))
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot open {path}: {error.strerror or error}; check the path") from error


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file that can be read."""

    def __init__(self, file: IO[bytes], pieces: Iterator[bytes]) -> None:
        self._file = file
        self._pieces = pieces
        self._held = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file that the pieces come from, too."""
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 behind the last piece."""
        if not self._held:
            self._held = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count


def _frames(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what all frames of a zstd file hold, one behind the other: rotated logs are joined so.

    The library's own reader ends at the end of a cut file as if it were whole. Raises `EOFError` for that, and
    `ValueError` for a damaged one.
    """
    import zstandard  # noqa: PLC0415 - few logs need it

    machine: Any = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    packed = b""
    while packed := packed or file.read(FEED):
        while len(packed) < PLAIN and (more := file.read(FEED)):
            packed += more
        if packed[1:4] == SKIPPED and packed[0] >> 4 == 5:  # noqa: PLR2004 - of the format
            size = PLAIN + int.from_bytes(packed[4:PLAIN], "little")
            file.seek(max(0, size - len(packed)), io.SEEK_CUR)
            packed = packed[size:]
            continue
        frame = machine.decompressobj()
        while not frame.eof:
            packed = packed or file.read(FEED)
            if not packed:
                raise EOFError("the zstd frame ends before its end")
            try:
                piece = frame.decompress(packed)
            except zstandard.ZstdError as error:
                raise ValueError(f"damaged zstd: {error}") from error
            packed = frame.unused_data if frame.eof else b""
            if piece:
                yield piece
