"""Requests in base64: a prompt or a document that a parameter holds so that no reader of the bytes meets its words."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import lru_cache
from typing import Final

LONGEST: Final = 8_000
"""Characters of base64 that may hold a request; a picture has more."""
_MARKS: Final = (b"b64", b"B64", b"base64", b"Base64", b"BASE64", b'"eyJ', b'"W3si', b"=eyJ")
"""What a body holds that has such a parameter: the name of the encoding, or how JSON begins in it."""
_VALUE = re.compile(rb"[\"'=>:]\s{0,2}([A-Za-z0-9+/_-]{16,8000}={0,2})(?=[\"'&<\s]|$)")
_TEXT = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
VALUES: Final = 16
"""Values of one body that are looked at."""
SHARE: Final = 0.85
"""Share of the characters that words and marks of a sentence, or of JSON, have."""


def hides(body: bytes) -> bool:
    """Say whether a body may hold a text in base64."""
    if not any(mark in body for mark in _MARKS):
        return False
    for number, found in enumerate(_VALUE.finditer(body)):
        if number >= VALUES:
            break
        if opened(found[1].decode("ascii")):
            return True
    return False


@lru_cache(maxsize=512)
def opened(text: str) -> str:
    """Return what a text in base64 says, where that is a sentence or a document; else empty."""
    if not len(text) <= LONGEST or _TEXT.fullmatch(text) is None:
        return ""
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8")
    except ValueError:
        return ""
    if not plain or any(ord(c) < 32 and c not in "\t\r\n" for c in plain):  # noqa: PLR2004 - marks that no text has
        return ""
    told = sum(c.isalnum() or c in " \t\r\n.,;:?!\"'{}[]()-_/" for c in plain)
    spoken = " " in plain or plain[:1] in "{[" or not plain.isascii()
    return plain if spoken and told >= SHARE * len(plain) else ""
