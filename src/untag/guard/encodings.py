"""Bytes to text and back: character sets, content codings, and the caps on what they unpack to."""

from __future__ import annotations

import threading
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.guard.splice import Unreadable
from untag.limits import RATIO, RATIO_FLOOR

if TYPE_CHECKING:
    from collections.abc import Callable

CODINGS: Final = ("gzip", "deflate", "br", "zstd")
"""Content codings that are unpacked; any other is `Unreadable`."""
_NAMES: Final = {"x-gzip": "gzip", "identity": "", "": ""}
_MAGIC: Final = ((b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_STEP: Final = 1 << 16
"""Bytes unpacked at once, so that a bomb is noticed early."""
_SIP: Final = 512
"""Bytes given to zstd at once."""
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CHARSETS: Final = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-9": "iso-8859-9",
    "windows-1252": "cp1252",
    "windows-1251": "cp1251",
    "windows-1254": "cp1254",
    "windows-1256": "cp1256",
    "koi8-r": "koi8-r",
}


def coding_of(body: bytes, encoding: str) -> list[str]:
    """Return the codings that lie over a body, outermost first, as its header and its first bytes say.

    Raises `Unreadable` for a coding that is not known here.
    """
    named = [part.strip().lower() for part in encoding.split(",")] if encoding else []
    codings = [known for part in reversed(named) if (known := _NAMES.get(part, part))]
    for coding in codings:
        if coding not in CODINGS:
            raise Unreadable(f"the content coding {coding[:20]!r} cannot be judged; known: {', '.join(CODINGS)}")
    if not codings:
        codings = [coding for magic, coding in _MAGIC if body.startswith(magic)][:1]
    return codings


def unpack(body: bytes, codings: list[str], cap: int) -> bytes:
    """Return a body without its codings; more than ``cap`` bytes, or a bomb, is `Unreadable`."""
    for coding in codings:
        body = _unpacked(body, coding, cap)
    return body


def pack(body: bytes, codings: list[str]) -> bytes:
    """Return a body with its codings put on again."""
    for coding in reversed(codings):
        body = _packed(body, coding)
    return body


def _unpacked(body: bytes, coding: str, cap: int) -> bytes:
    if coding == "br":
        return _brotli(body, cap)
    if coding == "zstd":
        return _zstd(body, cap)
    bits = 31 if coding == "gzip" else 15 if _has_zlib_head(body) else -15
    parts: list[bytes] = []
    size = 0
    while body:
        machine = zlib.decompressobj(bits)
        data = body
        while not machine.eof:
            try:
                piece = machine.decompress(data, _STEP)
            except zlib.error as error:
                raise Unreadable(f"the {coding} body is damaged: {error}") from None
            size += len(piece)
            _check(size, len(body), cap)
            parts.append(piece)
            data = machine.unconsumed_tail
            if not piece and not data and not machine.eof:
                raise Unreadable(f"the {coding} body is cut short", "truncated")
        body = machine.unused_data
        if body and coding != "gzip":
            raise Unreadable(f"something follows the {coding} body")
    return b"".join(parts)


def _has_zlib_head(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950


def _check(size: int, packed: int, cap: int) -> None:
    if size > cap:
        raise Unreadable(f"the body unpacks to more than {cap:,} bytes", "limit")
    if size > RATIO_FLOOR and size > RATIO * packed:
        raise Unreadable(f"the body unpacks to more than {RATIO} times its size: a decompression bomb?", "limit")


def _brotli(body: bytes, cap: int) -> bytes:
    machine = _module("brotli", "brotli").Decompressor()
    parts: list[bytes] = []
    size = 0
    data = body
    try:
        while not machine.is_finished():
            piece = machine.process(data, output_buffer_limit=_STEP)
            data = b""
            size += len(piece)
            _check(size, len(body), cap)
            parts.append(piece)
            if not piece and machine.can_accept_more_data():
                raise Unreadable("the br body is cut short", "truncated")  # noqa: TRY301 - the caps stand here
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - brotli's own error has no stable name across versions
        raise Unreadable(f"the br body is damaged: {error}") from None
    return b"".join(parts)


def _zstd(body: bytes, cap: int) -> bytes:
    import zstandard  # noqa: PLC0415 - loads where it is used

    parts: list[bytes] = []
    size = 0
    rest = body
    try:
        while rest:
            machine = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            # a block of four bytes may stand for 128 kB: little goes in at once
            for at in range(0, len(rest), _SIP):
                piece = machine.decompress(rest[at : at + _SIP])
                size += len(piece)
                _check(size, len(body), cap)
                parts.append(piece)
                if machine.eof:
                    rest = machine.unused_data + rest[at + _SIP :]
                    break
            else:
                raise Unreadable("the zstd body is cut short", "truncated")
    except zstandard.ZstdError as error:
        raise Unreadable(f"the zstd body is damaged: {error}") from None
    return b"".join(parts)


def _packed(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        import gzip  # noqa: PLC0415 - loads where it is used

        return gzip.compress(body, 5, mtime=0)
    if coding == "deflate":
        return zlib.compress(body, 5)
    if coding == "zstd":
        import zstandard  # noqa: PLC0415

        return bytes(zstandard.ZstdCompressor(level=3).compress(body))
    return bytes(_module("brotli", "brotli").compress(body, quality=4))


def _module(name: str, package: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise UsageError(f"a body in this coding needs the package {package}: pip install 'untag[guard]'") from None


def decoded(body: bytes, charset: str = "") -> tuple[str, Callable[[str], bytes]]:
    """Return the text of a body, and what turns a changed text into bytes of the same encoding.

    A byte order mark stays. What its charset does not allow is `Unreadable`.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _strict(body, codec, mark)
    named = charset.strip("\"' ").lower()
    if named and named not in _CHARSETS:
        raise Unreadable(f"the charset {named[:20]!r} cannot be judged", "encoding")
    codec = _CHARSETS.get(named, "utf-8")
    if codec == "utf-16":
        codec = "utf-16-be"
    if codec == "utf-8" and len(body) > 1 and b"\0" in body[:4]:
        # RFC 4627's way to tell: JSON begins with two ASCII characters
        codec = {0: "utf-16-be", 1: "utf-16-le"}.get(body.index(0), "utf-8")
        if body[:3] == b"\0\0\0":
            codec = "utf-32-be"
        elif body[1:4] == b"\0\0\0":
            codec = "utf-32-le"
    return _strict(body, codec, b"")


def _strict(body: bytes, codec: str, mark: bytes) -> tuple[str, Callable[[str], bytes]]:
    try:
        text = body[len(mark) :].decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not {codec} at byte {error.start}", "encoding") from None
    return text, lambda new: mark + new.encode(codec)


def is_wide(body: bytes) -> bool:
    """Say whether a body may be in an encoding whose ASCII letters are not single bytes."""
    return b"\0" in body[:64] or body[:2] in (b"\xff\xfe", b"\xfe\xff")


class _Parser(threading.local):
    """A parser of this thread: a document of simdjson lives in its parser's memory."""

    def __init__(self) -> None:
        self.parse = _parse()


def _parse() -> Callable[[bytes], object]:
    """Return the quickest parser that is installed: simdjson, orjson, else the standard library's."""
    try:
        quickest: Callable[[bytes], object] = import_module("simdjson").Parser().parse
    except ImportError:
        pass
    else:
        return quickest
    try:
        quick: Callable[[bytes], object] = import_module("orjson").loads
    except ImportError:
        import json  # noqa: PLC0415 - what is always there

        def refuse(name: str) -> object:
            raise ValueError(name)

        return lambda body: json.loads(body, parse_constant=refuse)
    return quick


_PARSER: Final = _Parser()


def is_json(body: bytes) -> bool:
    """Say whether a body is one JSON document, by the quickest parser at hand."""
    try:
        _PARSER.parse(body)
    except (ValueError, RuntimeError, RecursionError):
        return False
    return True
