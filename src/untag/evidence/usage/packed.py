"""Logs as files: plain, gzip or zstd, opened as one stream of bytes that says when its end is missing."""

from __future__ import annotations

import gzip
import io
from typing import IO, TYPE_CHECKING, Any, Final, cast

from untag.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
PIECE: Final = 1 << 20
"""Packed bytes read at once."""


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
            return cast("IO[bytes]", io.BufferedReader(_Zstd(path.open("rb")), PIECE))
        return path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot open {path}: {error.strerror or error}; check the path") from error


class _Zstd(io.RawIOBase):
    """All frames of a zstd file, one behind the other: rotated logs are joined so.

    The library's own reader ends at the end of a cut file as if it were whole.
    """

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard  # noqa: PLC0415 - few logs need it

        self._file = file
        self._library = zstandard
        self._frame: Any = None
        self._packed = b""
        self._plain = memoryview(b"")

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file, too."""
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end of the last frame."""
        while not self._plain:
            if not self._packed:
                self._packed = self._file.read(PIECE)
                if not self._packed:
                    if self._frame is not None:
                        raise EOFError("the zstd frame ends before its end")
                    return 0
            self._frame = self._frame or self._library.ZstdDecompressor().decompressobj()
            try:
                self._plain = memoryview(self._frame.decompress(self._packed))
            except self._library.ZstdError as error:
                raise ValueError(f"damaged zstd: {error}") from error
            self._packed = b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        count = min(len(buffer), len(self._plain))
        buffer[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count
