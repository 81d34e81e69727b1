"""Unpack the blocks of table files: snappy, LZ4, zstd, gzip, brotli.

Snappy and LZ4 blocks are read here, because the pages that matter (dictionaries, schemas)
are small and both formats fit on a screen; the extra ``tables`` (cramjam, MIT) does large
pages at C speed and knows brotli.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.model import Buffer

PAGE: Final = 16 << 20
"""Bytes of the largest page that is unpacked; writers end a page at 1 MiB unless told otherwise."""
OWN: Final = 4 << 20
"""Bytes up to which snappy and LZ4 are unpacked without the extra: a second of Python at worst."""
EXTRA: Final = "needs a decoder: pip install 'untag[tables]'"


@cache
def _cramjam() -> Any:
    """Return cramjam, or None where the extra is not installed."""
    try:
        import cramjam  # noqa: PLC0415 - the extra ``tables``
    except ImportError:
        return None
    return cramjam


def unpack(codec: str, data: Buffer, size: int) -> bytes:
    """Return ``data`` unpacked, which its header says is ``size`` bytes.

    Raises `ReadError`: ``limit`` above `PAGE`, ``missing_extra``, ``unsupported`` or ``corrupt``.
    """
    if not 0 <= size <= PAGE or len(data) > PAGE:
        raise ReadError("limit", f"a page of more than {PAGE:,} bytes")
    found = CODECS.get(codec)
    if found is None:
        raise ReadError("unsupported", f"pages packed with {codec}")
    try:
        out = found(bytes(data), size)
    except (ReadError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a Rust decoder is no Exception
        raise ReadError("corrupt", f"a page that is no {codec}: {type(error).__name__}") from error
    if len(out) != size:
        raise ReadError("corrupt", f"a page unpacks to {len(out):,} bytes, not {size:,}")
    return out


def _plain(data: bytes, size: int) -> bytes:
    return data[:size]


def _gzip(data: bytes, size: int) -> bytes:
    decoder = zlib.decompressobj(47)
    return decoder.decompress(data, size + 1)


def _deflate(data: bytes, size: int) -> bytes:
    return zlib.decompressobj(-15).decompress(data, size + 1)


def _zstd(data: bytes, size: int) -> bytes:
    import zstandard  # noqa: PLC0415 - few files need it

    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(data)
    return bytes(reader.read(size + 1))


def _brotli(data: bytes, size: int) -> bytes:
    library = _cramjam()
    if library is None:
        raise ReadError("missing_extra", f"brotli {EXTRA}")
    out = bytearray(size + 1)
    count = library.brotli.decompress_into(data, out)
    return bytes(out[:count])


def _snappy(data: bytes, size: int) -> bytes:
    library = _cramjam()
    if library is not None and size:
        out = bytearray(size)
        return bytes(out[: library.snappy.decompress_raw_into(data, out)])
    if size > OWN:
        raise ReadError("missing_extra", f"a large page in snappy {EXTRA}")
    return snappy(data, size)


def _lz4(data: bytes, size: int) -> bytes:
    library = _cramjam()
    if library is not None and size:
        out = bytearray(size)
        return bytes(out[: library.lz4.decompress_block_into(data, out, output_len=size)])
    if size > OWN:
        raise ReadError("missing_extra", f"a large page in LZ4 {EXTRA}")
    return lz4_block(data, size)


def _lz4_hadoop(data: bytes, size: int) -> bytes:
    """Unpack LZ4 as Hadoop frames it, or bare, or in a frame: old writers differ (PARQUET-1878)."""
    if data[:4] == b"\x04\x22\x4d\x18":
        return lz4_frame(data, size)
    if len(data) > 8 and int.from_bytes(data[:4], "big") == size and int.from_bytes(data[4:8], "big") == len(data) - 8:  # noqa: PLR2004 - two lengths
        return _lz4(data[8:], size)
    return _lz4(data, size)


def snappy(data: bytes, size: int) -> bytes:
    """Unpack one raw snappy block (google/snappy, format_description.txt)."""
    stated, at = 0, 0
    for shift in range(0, 35, 7):
        byte = data[at]
        at += 1
        stated |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004 - of a varint
            break
    if stated != size:
        raise ReadError("corrupt", "a snappy block of another length than stated")
    out = bytearray()
    end = len(data)
    while at < end and len(out) <= size:
        tag = data[at]
        at += 1
        kind = tag & 3
        if kind == 0:
            count = (tag >> 2) + 1
            if count > 60:  # noqa: PLR2004 - longer lengths follow in 1 to 4 bytes
                more = count - 60
                count = int.from_bytes(data[at : at + more], "little") + 1
                at += more
            out += data[at : at + count]
            at += count
            continue
        if kind == 1:
            count, back = ((tag >> 2) & 7) + 4, (tag >> 5) << 8 | data[at]
            at += 1
        else:
            wide = 2 if kind == 2 else 4  # noqa: PLR2004 - of the format
            count, back = (tag >> 2) + 1, int.from_bytes(data[at : at + wide], "little")
            at += wide
        _copy(out, back, count)
    return bytes(out)


def lz4_block(data: bytes, size: int) -> bytes:
    """Unpack one raw LZ4 block (lz4/lz4, lz4_Block_format.md)."""
    out = bytearray()
    at, end = 0, len(data)
    while at < end and len(out) <= size:
        token = data[at]
        at += 1
        count = token >> 4
        if count == 15:  # noqa: PLR2004 - more length bytes follow
            count, at = _more(data, at, count)
        out += data[at : at + count]
        at += count
        if at >= end:
            break
        back = data[at] | data[at + 1] << 8
        at += 2
        count = token & 15
        if count == 15:  # noqa: PLR2004 - more length bytes follow
            count, at = _more(data, at, count)
        if len(out) + count + 4 > size:
            raise ReadError("corrupt", "an LZ4 block longer than stated")
        _copy(out, back, count + 4)
    return bytes(out)


def _more(data: bytes, at: int, count: int) -> tuple[int, int]:
    while True:
        byte = data[at]
        at += 1
        count += byte
        if byte != 255:  # noqa: PLR2004 - the last length byte
            return count, at


def _copy(out: bytearray, back: int, count: int) -> None:
    """Copy ``count`` bytes from ``back`` bytes before the end; the two may overlap."""
    start = len(out) - back
    if back <= 0 or start < 0:
        raise ReadError("corrupt", "a copy from before the block's start")
    if back >= count:
        out += out[start : start + count]
    else:
        piece = bytes(out[start:])
        out += (piece * (count // back + 1))[:count]


def lz4_frame(data: bytes, size: int) -> bytes:
    """Unpack an LZ4 frame of independent or linked blocks (lz4/lz4, lz4_Frame_format.md), without its checksums."""
    if data[:4] != b"\x04\x22\x4d\x18":
        raise ReadError("corrupt", "no LZ4 frame")
    flags = data[4]
    at = 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
    linked = not flags & 32
    library = _cramjam()
    if library is not None and size:
        out = bytearray(size)
        return bytes(out[: library.lz4.decompress_into(data, out)])
    if linked or size > OWN:
        raise ReadError("missing_extra", f"LZ4 {EXTRA}")
    parts: list[bytes] = []
    total = 0
    while total <= size:
        length = int.from_bytes(data[at : at + 4], "little")
        at += 4
        if not length:
            break
        piece = data[at : at + (length & 0x7FFFFFFF)]
        at += len(piece) + (4 if flags & 16 else 0)
        if not piece:
            break
        parts.append(piece if length >> 31 else lz4_block(piece, size - total))
        total += len(parts[-1])
    return b"".join(parts)


CODECS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "": _plain,
    "null": _plain,
    "gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstd,
    "brotli": _brotli,
    "snappy": _snappy,
    "lz4": _lz4_hadoop,
    "lz4_raw": _lz4,
    "lz4_frame": lz4_frame,
}
