"""Files as the editors of data sets read and write them: packed or not, in any encoding, never half written."""

from __future__ import annotations

import bz2
import codecs
import errno
import gzip
import io
import lzma
import os
import zlib
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, cast

from untag.nouns import dataclass
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIECE: Final = 1 << 20
"""Bytes read at once."""
HEAD: Final = 1 << 16
"""Bytes that are looked at to know a format."""
FEED: Final = 2_048
"""Packed bytes of zstd that are unpacked at once: four of them may stand for 128 KiB, so 64 MiB at the very most."""
PACKED: Final = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"))
MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", ""),
)
"""Byte order marks, and the encoding that each tells; UTF-8 is worked on as it is."""
LEAST: Final = 8
"""Bytes from which on UTF-16 without a mark is told by its zeros."""


def told(error: OSError, name: str) -> StripError:
    """Return the error of a file system in words that say what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StripError(f"{name}: the disk is full; free some space or name another folder for the result")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StripError(f"{name}: no right to write there; name a folder that can be written")
    return StripError(f"{name}: {error.strerror or type(error).__name__}")


@contextmanager
def target(staging: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file of the staging folder for writing; it appears under its name once all of it is written.

    Raises `StripError` for a name that leads out of the folder and for every fault of the file system.
    """
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
        raise StripError(f"{name!r} is no name of a file below the folder; nothing was written")
    path = staging.joinpath(*parts)
    half = path.with_name(f".{path.name[:200]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with half.open("xb") as file:
            yield file
        half.replace(path)
    except OSError as error:
        raise told(error, name) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the bytes of a file become text that is UTF-8 or as good as ASCII."""

    packing: str = ""
    """``gzip``, ``bzip2``, ``xz``, ``zstd`` or nothing."""
    mark: bytes = b""
    """Byte order mark, which is kept."""
    encoding: str = ""
    """An encoding in which a letter takes more than a byte; empty where the bytes are worked on as they are."""


def _opened(path: Path, packing: str) -> IO[bytes]:
    if packing == "gzip":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if packing == "bzip2":
        return cast("IO[bytes]", bz2.open(path, "rb"))
    if packing == "xz":
        return cast("IO[bytes]", lzma.open(path, "rb"))
    if packing == "zstd":
        return cast("IO[bytes]", io.BufferedReader(_Frames(path.open("rb")), PIECE))
    return path.open("rb")


class _Frames(io.RawIOBase):
    """Frames of zstd, one after the other; unlike zstandard's own reader it tells that the last one is cut off."""

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard  # noqa: PLC0415 - few files need it

        self._file = file
        self._decoder = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        self._frame: Any = None
        self._held = self._packed = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file below."""
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; raise `EOFError` where a frame does not end."""
        while not self._held:
            if not self._packed:
                self._packed = self._file.read(FEED)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError
                return 0
            if self._frame is None:
                self._frame = self._decoder.decompressobj()
            self._held = self._frame.decompress(self._packed)
            self._packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = None
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count


def shape_of(path: Path) -> Shape:
    """Return how a file is packed and written, by its first bytes; raise `StripError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
        packing = next((name for magic, name in PACKED if head.startswith(magic)), "")
        with _opened(path, packing) as file:
            head = file.read(HEAD)
    except OSError as error:
        raise told(error, path.name) from error
    except _broken() as error:
        raise StripError(f"{path.name}: the packed data is corrupt or truncated; unpack it first") from error
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return Shape(packing, mark, encoding)
    return Shape(packing, b"", _unmarked(head))


def _unmarked(head: bytes) -> str:
    """Return the encoding of text whose every other byte is zero; empty for other text."""
    sample = head[:512]
    if len(sample) < LEAST or not sample.count(0):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.7 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and not odd else ""


def _foreign() -> tuple[type[BaseException], ...]:
    """Return the errors of zstandard, where it is installed."""
    try:
        import zstandard  # noqa: PLC0415 - few files need it
    except ImportError:
        return ()
    return (zstandard.ZstdError,)


def _broken() -> tuple[type[BaseException], ...]:
    """Return the errors that packed data raises which is not whole."""
    return (EOFError, zlib.error, lzma.LZMAError, *_foreign())


def pieces(path: Path, shape: Shape) -> Iterator[bytes]:
    """Yield the text of a file in pieces, without its mark; UTF-16 and UTF-32 as UTF-8 (lone surrogates included)."""
    decoder = codecs.getincrementaldecoder(shape.encoding)("surrogatepass") if shape.encoding else None
    try:
        with _opened(path, shape.packing) as file:
            if file.read(len(shape.mark)) != shape.mark:
                raise StripError(f"{path.name} changed while it was read; try again")
            while True:
                piece = file.read(PIECE)
                if decoder is None:
                    if not piece:
                        return
                    yield piece
                    continue
                yield decoder.decode(piece, final=not piece).encode("utf-8", "surrogatepass")
                if not piece:
                    return
    except OSError as error:
        raise told(error, path.name) from error
    except UnicodeDecodeError as error:
        raise StripError(f"{path.name}: the text is truncated or no {shape.encoding}; save it as UTF-8") from error
    except _broken() as error:
        raise StripError(f"{path.name}: the packed data is corrupt or truncated; unpack it first") from error


def head_of(path: Path, shape: Shape, size: int = HEAD) -> bytes:
    """Return the first bytes of the text."""
    out = b""
    for piece in pieces(path, shape):
        out += piece
        if len(out) >= size:
            break
    return out[:size]


class Writer:
    """Writes text back as it was: marked, encoded, packed. The same text gives the same bytes."""

    def __init__(self, file: IO[bytes], shape: Shape) -> None:
        self._packed = _packer(file, shape.packing)
        self._encode = codecs.getincrementalencoder(shape.encoding)("surrogatepass") if shape.encoding else None
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogatepass")
        self._packed.write(shape.mark)

    def write(self, data: bytes) -> None:
        """Write a piece of text."""
        if self._encode is not None:
            data = self._encode.encode(self._decode.decode(data))
        self._packed.write(data)

    def close(self) -> None:
        """Write what is left of the packed data; the file itself stays open."""
        self._packed.close()


def _packer(file: IO[bytes], packing: str) -> Any:
    if packing == "gzip":
        return gzip.GzipFile("", "wb", 6, file, 0)
    if packing == "bzip2":
        return bz2.open(file, "wb")
    if packing == "xz":
        return lzma.open(file, "wb")
    if packing == "zstd":
        import zstandard  # noqa: PLC0415 - few files need it

        return zstandard.ZstdCompressor(level=6).stream_writer(file, closefd=False)
    return _Plain(file)


class _Plain:
    """A file that another closes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write

    def close(self) -> None:
        """Leave the file open."""


def size_of(path: Path) -> int:
    """Return the bytes of a file; raise `StripError` for one that is gone or no regular file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as quick
    except OSError as error:
        raise told(error, path.name) from error
    return found.st_size
