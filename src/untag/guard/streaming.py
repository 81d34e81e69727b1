"""A stream judged piece by piece: its content coding is undone as it comes, and no more than one event is held."""

from __future__ import annotations

import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from untag.errors import LimitError, ReadError
from untag.guard.base import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.gate import Gate

PIECE: Final = 8 << 20
"""Bytes that one piece off the wire may unpack to: a piece is 64 kB at most, and text packs 20 to 1."""
_GZIP: Final = 31
_RAW: Final = -15


class StreamGate:
    """One response's stream. ``feed`` and ``close`` return what may go out; they raise `ReadError`."""

    def __init__(
        self, gate: Gate, *, content_type: str, encoding: str, path: str, request: bytes | bool | None = None
    ) -> None:
        from untag.guard.streams import StreamCleaner  # noqa: PLC0415 - only for streams

        self.encoding = encoding
        self._gate = gate
        self._path = path
        self._unpack = _unpacker(encoding) if encoding else None
        self._cleaner = StreamCleaner(content_type, settings=gate.settings, path=path, request=request)

    def feed(self, piece: bytes) -> bytes:
        """Take what came; return what may go on."""
        if self._unpack is not None and piece:
            try:
                piece = self._unpack(piece)
            except ReadError:
                raise
            except Exception as error:  # each library has an error of its own
                raise ReadError("encoding", f"the stream is not valid {self.encoding}") from error
        return bytes(self._cleaner.feed(piece))

    def close(self) -> bytes:
        """Take the end; return what was held, and write down what was taken out of the whole stream."""
        out = bytes(self._cleaner.close())
        verdict = self._cleaner.verdict
        if isinstance(verdict, Verdict) and verdict.verdict != "allow":
            self._gate.note("stream", verdict, route=self._path, body=b"")
        else:
            self._gate.metrics.allowed["response"] += 1
        return out


def _unpacker(encoding: str) -> Callable[[bytes], bytes]:
    if encoding in ("gzip", "x-gzip"):
        return _bounded(zlib.decompressobj(_GZIP))
    if encoding == "deflate":
        return _Deflate().feed
    if encoding == "br":
        return _brotli()
    if encoding == "zstd":
        import zstandard  # noqa: PLC0415 - only for such a stream

        unpacker = zstandard.ZstdDecompressor(max_window_size=PIECE).decompressobj()
        return lambda piece: _checked(unpacker.decompress(piece))
    raise ReadError("encoding", f"a stream in {encoding} cannot be undone")


def _bounded(unpacker: Any) -> Callable[[bytes], bytes]:
    def unpack(piece: bytes) -> bytes:
        out = unpacker.decompress(piece, PIECE)
        if unpacker.unconsumed_tail:
            raise LimitError(f"one piece of the stream unpacks to more than {PIECE:,} bytes")
        return bytes(out)

    return unpack


class _Deflate:
    """``deflate`` means zlib's format, and half of the servers send it raw."""

    def __init__(self) -> None:
        self._unpack: Callable[[bytes], bytes] | None = None

    def feed(self, piece: bytes) -> bytes:
        if self._unpack is None:
            is_zlib = piece[0] & 0x0F == 8  # noqa: PLR2004 - the method's number in RFC 1950
            self._unpack = _bounded(zlib.decompressobj() if is_zlib else zlib.decompressobj(_RAW))
        return self._unpack(piece)


def _brotli() -> Callable[[bytes], bytes]:
    try:
        brotli = import_module("brotli")
    except ImportError as error:
        raise ReadError("encoding", "a brotli stream needs: pip install 'untag[guard]'") from error
    unpacker = brotli.Decompressor()

    def unpack(piece: bytes) -> bytes:
        return _checked(unpacker.process(piece))

    return unpack


def _checked(out: bytes) -> bytes:
    if len(out) > PIECE:
        raise LimitError(f"one piece of the stream unpacks to more than {PIECE:,} bytes")
    return out
