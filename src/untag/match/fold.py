"""Undo disguises: escapes, full width, zero width, look-alike letters, mathematical alphabets.

`fold` returns text with the same lines as it was given, so a place found in the
folded text names the line of the original; offsets within a line may shift. Nothing
that could change the syntax around it (quotes, backslashes, line breaks, control
characters) is ever put in place of an escape.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ESCAPE: Final = re.compile(
    r"\\u(?P<u>[0-9a-fA-F]{4})|\\U(?P<U>[0-9a-fA-F]{8})|\\x(?P<x>[0-9a-fA-F]{2})"
    r"|\\u\{(?P<b>[0-9a-fA-F]{1,6})\}|&#x(?P<hx>[0-9a-fA-F]{1,6});|&#(?P<d>[0-9]{1,7});"
)
INVISIBLE: Final = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
"""Characters that take no room and split a word for a matcher but not for a reader."""

CONFUSABLE: Final = str.maketrans(
    "аеорсухіјѕԁһӏѡвмнткАВЕКМНОРСТУХІЈЅгп" + "αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlwbmhtkABEKMHOPCTYXIJSrn" + "aeiknoptuxABEZHIKMNOPTYX",
)
"""Cyrillic and Greek letters that look Latin, from Unicode TR 39's table, the everyday part of it."""

MIXED: Final = re.compile(r"[A-Za-z\u0370-\u03ff\u0400-\u052f]*(?:[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z])[A-Za-z\u0370-\u03ff\u0400-\u052f]*")
"""A word that mixes Latin with Cyrillic or Greek letters."""
WIDE: Final = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff\u2100-\u214f\u24b6-\u24e9]+")
KEEP: Final = frozenset("\"'\\`<>\u2028\u2029\x85")


def fold(data: bytes) -> bytes:
    """Return UTF-8 ``data`` with its disguises undone, line by line the same."""
    text = data.decode("utf-8", "replace")
    if "\\" in text or "&#" in text:
        text = ESCAPE.sub(_unescape, text)
        text = _join_surrogates(text)
    text = text.translate(INVISIBLE)
    text = WIDE.sub(_narrow, text)
    text = MIXED.sub(_latinise, text)
    return text.encode("utf-8", "replace")


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape, or the escape itself where the character would change the syntax."""
    kind = match.lastgroup or ""
    code = int(match.group(kind), 10 if kind == "d" else 16)
    if code > 0x10FFFF:
        return match.group()
    char = chr(code)
    if code < 0x20 or 0x7F <= code < 0xA0 or char in KEEP:
        return match.group()
    return char


def _join_surrogates(text: str) -> str:
    """Join the halves that JSON writes for characters beyond the first plane."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _narrow(match: re.Match[str]) -> str:
    """Return the plain form of wide, circled or mathematical letters, unless it changes the syntax."""
    plain = unicodedata.normalize("NFKC", match.group())
    return match.group() if any(c in KEEP or c < " " for c in plain) else plain


def _latinise(match: re.Match[str]) -> str:
    """Return a mixed word in Latin letters, where all its foreign letters have a Latin look."""
    plain = match.group().translate(CONFUSABLE)
    return plain if plain.isascii() else match.group()
