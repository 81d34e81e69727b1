"""Pickles that joblib wrote compressed by zlib or LZ4; those by gzip, bzip2 and xz are containers of their own."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.limits import MIB
from untag.model import Blob, Gap
from untag.readers.containers import codecs
from untag.readers.containers.common import Meter, gathered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

LZ4: Final = b"\x04\x22\x4d\x18"
"""First bytes of an LZ4 frame."""
_HEADER: Final = 2
"""Bytes of a zlib header; the checksum behind the data has four."""
_FEED: Final = 1 << 12
"""Packed bytes handed to LZ4 at once: it gives at most 255 times as many."""
_IDLE: Final = 8
"""Steps that may give nothing and take nothing before LZ4 is given up."""
_NAMES: Final = (".z", ".zlib", ".lz4", ".joblib", ".pkl", ".pickle")


class Packed:
    """A zlib stream of a pickle, or any LZ4 frame."""

    name = "packed-pickle"
    version = 1
    formats = ("joblib",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the stream unpacks to what begins like a pickle."""
        if head[:4] == LZ4:
            return True
        if head[:1] != b"\x78" or int.from_bytes(head[:2], "big") % 31:
            return False
        try:
            first = zlib.decompressobj().decompress(head, 64)
        except zlib.error:
            return False
        return first[:1] == b"\x80" and first[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield the unpacked file, counted against the Budget as it comes."""
        data = memoryview(blob.data)
        name = blob.trail[-1].rsplit("/", 1)[-1]
        stem = next(
            (name[: -len(end)] for end in _NAMES[:3] if name.lower().endswith(end) and len(name) > len(end)), name
        )
        chunks = _unlz4(data) if bytes(data[:4]) == LZ4 else codecs.inflated(data[_HEADER:], codecs.Tail())
        meter = Meter(budget, len(data))
        budget.member()
        content, error = gathered(_metered(chunks, meter), budget, len(data))
        if len(content):
            yield Blob((*blob.trail, stem), content)
        if error is not None:
            yield Gap(blob.trail, error.reason, error.detail)


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    """Count each chunk before it is handed on."""
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk


def _unlz4(data: memoryview) -> Iterator[bytes]:
    """Unpack LZ4 frames in steps."""
    try:
        import lz4.frame as lz4  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ReadError("missing_extra", "LZ4 needs an extra: pip install 'untag[lz4]'") from error
    machine: Any = lz4.LZ4FrameDecompressor()
    at = idle = 0
    try:
        while not machine.eof:
            piece = bytes(data[at : at + _FEED]) if machine.needs_input else b""
            at += len(piece)
            chunk = machine.decompress(piece, max_length=MIB)
            idle = 0 if chunk or piece else idle + 1
            if chunk:
                yield chunk
            elif (machine.needs_input and at >= len(data) and not machine.eof) or idle > _IDLE:
                raise ReadError("truncated", "the compressed data ends early")
    except (RuntimeError, EOFError, ValueError) as error:
        raise ReadError("corrupt", f"the compressed data is damaged: {error}") from error
