"""Decompression in bounded steps: every codec is a generator of chunks of at most about a mebibyte.

A chunk generator ends at the end of the stream, raises `ReadError` after the last
good chunk when the stream is cut or corrupt, and reports the bytes it left over
through `Tail`. Members of a gzip, bzip2, xz or zstd file that follow each other are
one stream, as their own tools have it.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError

fast: Any
"""The module that inflates: `isal` where there is a wheel for it, else zlib, which takes twice as long."""
try:
    from isal import isal_zlib as fast
except ImportError:
    fast = zlib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEED: Final = 1 << 17
"""Packed bytes handed over at once: what is left of them is copied, so they are few."""
CHUNK: Final = 1 << 20
"""Unpacked bytes made at once: they fit the second-level cache and the Budget is asked often enough."""
XZ_MEMORY: Final = 128 << 20
"""Dictionary memory of xz; `xz -9e` needs 65 MiB."""
ZSTD_WINDOW: Final = 1 << 27
"""Window of zstd: that of ``--long=27``, the most its tool unpacks unasked."""

_ERRORS: Final[tuple[type[Exception], ...]] = (zlib.error, fast.error, OSError, EOFError, lzma.LZMAError, ValueError)


class Tail:
    """Where in the packed bytes a codec stopped."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at = 0


def inflated(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Inflate one raw deflate stream."""
    machine = fast.decompressobj(wbits=-15)
    at = done = 0
    try:
        while at < len(data) and not machine.eof:
            piece: bytes | memoryview = data[at : at + FEED]
            at += len(piece)
            while len(piece) and not machine.eof:
                chunk = machine.decompress(piece, CHUNK)
                piece = machine.unconsumed_tail
                if chunk:
                    done += len(chunk)
                    yield chunk
        while not machine.eof:
            chunk = machine.decompress(b"", CHUNK)
            if not chunk:
                break
            done += len(chunk)
            yield chunk
    except _ERRORS as error:
        yield from _salvaged(data, done)
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
    tail.at = at - len(machine.unused_data)
    if not machine.eof:
        raise ReadError("truncated", "the compressed data ends early")


def _salvaged(data: memoryview, done: int) -> Iterator[bytes]:
    """Inflate again in small steps up to the damage: an error takes along what its call had made."""
    machine = zlib.decompressobj(wbits=-15)
    seen = 0
    try:
        for at in range(0, len(data), 256):
            chunk = machine.decompress(data[at : at + 256])
            seen += len(chunk)
            if seen > done:
                yield chunk[max(len(chunk) - (seen - done), 0) :]
                done = seen
    except zlib.error:
        return


def _gzip_header(data: memoryview) -> int:
    """Return the length of a gzip header; raise `ReadError` when it is cut off."""
    head = bytes(data[:65_536])
    flags = head[3] if len(head) >= 10 else 0  # noqa: PLR2004 - of the format
    at = 10
    if flags & 4:
        at += 2 + int.from_bytes(head[10:12], "little")
    for flag in (8, 16):  # a name, a comment
        if flags & flag:
            end = head.find(b"\0", at)
            at = end + 1 if end >= 0 else len(head) + 1
    at += flags & 2
    if at > len(head):
        raise ReadError("truncated", "the gzip header ends early")
    return at


def gunzipped(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Unpack gzip members one after the other; ``tail.at`` is where the last of them ends.

    The header is read and the checksum made here, so that bytes whose checksum is
    wrong are handed on before the error.
    """
    at = 0
    while at == 0 or bytes(data[at : at + 3]) == b"\x1f\x8b\x08":
        at += _gzip_header(data[at:])
        inner = Tail()
        crc = size = 0
        for chunk in inflated(data[at:], inner):
            crc = fast.crc32(chunk, crc)
            size += len(chunk)
            yield chunk
        at += inner.at
        end = bytes(data[at : at + 8])
        if len(end) < 8:  # noqa: PLR2004
            raise ReadError("truncated", "the gzip trailer ends early")
        if end != struct.pack("<2L", crc, size & 0xFFFFFFFF):
            raise ReadError("corrupt", "the gzip checksum differs; what was unpacked was read as it is")
        at += 8
        tail.at = at


def _by_machine(data: memoryview, tail: Tail, magic: bytes, make: Callable[[], Any]) -> Iterator[bytes]:
    """Unpack streams that follow each other with a decompressor of the shape of `bz2.BZ2Decompressor`."""
    at = 0
    while at == 0 or bytes(data[at : at + len(magic)]) == magic:
        machine = make()
        try:
            while not machine.eof:
                piece = data[at : at + FEED] if machine.needs_input else b""
                at += len(piece)
                chunk = machine.decompress(piece, CHUNK)
                if chunk:
                    yield chunk
                elif not len(piece) and machine.needs_input and at >= len(data) and not machine.eof:
                    raise ReadError("truncated", "the compressed data ends early")
        except _ERRORS as error:
            reason = "limit" if "Memory usage limit" in str(error) else "corrupt"
            raise ReadError(reason, f"the compressed data is damaged: {error}") from error
        at -= len(machine.unused_data)
        tail.at = at


def bunzipped(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Unpack bzip2."""
    return _by_machine(data, tail, b"BZh", bz2.BZ2Decompressor)


def unxz(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Unpack xz."""
    return _by_machine(data, tail, b"\xfd7zXZ\0", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY))


def unlzma(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Unpack the older ``.lzma``."""
    return _by_machine(data, tail, b"\xff" * 64, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=XZ_MEMORY))


def unlzma_zip(data: memoryview, size: int) -> Iterator[bytes]:
    """Unpack method 14 of zip: two bytes of version, the length of the properties, the properties."""
    try:
        length = int.from_bytes(data[2:4], "little")
        filters = [lzma._decode_filter_properties(lzma.FILTER_LZMA1, bytes(data[4 : 4 + length]))]  # type: ignore[attr-defined]  # noqa: SLF001 - as zipfile does
        if filters[0].get("dict_size", 0) > XZ_MEMORY:
            raise ReadError("limit", "an LZMA dictionary larger than 128 MiB")
        machine = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    except _ERRORS as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
    at = 4 + length
    done = 0
    try:
        # without an end mark only the stated size says that the stream is whole
        while not machine.eof and done < size:
            piece = data[at : at + FEED] if machine.needs_input else b""
            at += len(piece)
            chunk = machine.decompress(piece, min(CHUNK, max(size - done, 1)))
            if not chunk and not len(piece):
                raise ReadError("truncated", "the compressed data ends early")
            done += len(chunk)
            yield chunk
    except _ERRORS as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error


def unzstd(data: memoryview, tail: Tail) -> Iterator[bytes]:
    """Unpack zstd frames, skippable ones included."""
    import zstandard  # noqa: PLC0415 - loads where it is used

    at = 0
    machine = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    try:
        while _zstd_frame(data[at : at + 4]):
            if data[at + 1] != 0xB5:  # noqa: PLR2004 - of the format
                at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
                if at > len(data):
                    raise ReadError("truncated", "the compressed data ends early")
                tail.at = at
                continue
            frame = machine.decompressobj()
            while not frame.eof:
                # four bytes of a block that repeats one byte give 128 KiB: this feed gives 64 MiB at the very most
                piece = data[at : at + 2_048]
                if not len(piece):
                    raise ReadError("truncated", "the compressed data ends early")
                at += len(piece)
                chunk = frame.decompress(piece)
                if chunk:
                    yield chunk
            at -= len(frame.unused_data)
            tail.at = at
    except (zstandard.ZstdError, ValueError) as error:
        known = "memory" in str(error) or "window" in str(error).lower()
        raise ReadError("limit" if known else "corrupt", f"the compressed data is damaged: {error}") from error


def _zstd_frame(magic: memoryview) -> bool:
    value = int.from_bytes(magic, "little")
    return len(magic) == 4 and (value == 0xFD2FB528 or 0x184D2A50 <= value <= 0x184D2A5F)  # noqa: PLR2004


def inflated64(data: memoryview) -> Iterator[bytes]:
    """Unpack method 9 of zip where `inflate64` is installed, as it is with the extra ``sevenzip``."""
    try:
        import inflate64  # noqa: PLC0415
    except ImportError as error:
        raise ReadError("missing_extra", "deflate64 needs an extra: pip install 'untag[sevenzip]'") from error
    machine = inflate64.Inflater()
    try:
        for at in range(0, len(data), 4_096):
            chunk = machine.inflate(bytes(data[at : at + 4_096]))
            if chunk:
                yield chunk
            if machine.eof:
                return
    except _ERRORS as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
    raise ReadError("truncated", "the compressed data ends early")
