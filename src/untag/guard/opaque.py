"""Bodies that hold no text to judge: pictures, sound, video, fonts, archives. Known by type *and* first bytes.

A body passes unread only if it is declared as such a type and begins as one: a JSON document that calls itself
a picture is judged as JSON.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

LEAD: Final = 16
"""Bytes that settle it."""
_BEGINNINGS: Final = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x01\x00",
    b"RIFF",
    b"\x1aE\xdf\xa3",
    b"OggS",
    b"ID3",
    b"\xff\xfb",
    b"\xff\xf1",
    b"fLaC",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"wOFF",
    b"wOF2",
    b"\x00asm",
)
_TYPES: Final = ("image/", "video/", "audio/", "font/")
_NAMED: Final = frozenset(
    (
        "application/octet-stream",
        "application/pdf",
        "application/zip",
        "application/gzip",
        "application/x-gzip",
        "application/x-7z-compressed",
        "application/x-xz",
        "application/zstd",
        "application/wasm",
        "application/ogg",
        "application/font-woff",
        "binary/octet-stream",
    )
)


@lru_cache(maxsize=512)
def may_be_opaque(content_type: str) -> bool:
    """Say whether a declared type is one of those that hold no text; SVG is text."""
    kind = content_type.partition(";")[0].strip().lower()
    return (kind.startswith(_TYPES) and not kind.endswith("+xml")) or kind in _NAMED


def is_opaque(content_type: str, lead: bytes) -> bool:
    """Say whether a body of this type that begins with ``lead`` (`LEAD` bytes will do) holds no text."""
    return may_be_opaque(content_type) and (lead.startswith(_BEGINNINGS) or lead[4:8] == b"ftyp")


@lru_cache(maxsize=512)
def is_stream(content_type: str) -> bool:
    """Say whether a body of this type comes piece by piece, each of which can be judged on its own."""
    return content_type.partition(";")[0].strip().lower() in _STREAMS


_STREAMS: Final = frozenset(
    (
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/json-lines",
        "application/jsonlines",
        "application/x-jsonlines",
        "application/x-json-stream",
        "application/stream+json",
    )
)
