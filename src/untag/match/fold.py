"""Undo disguises: escapes, full width, zero width, look-alike letters, mathematical alphabets.

`fold` returns text with the same lines as it was given, so a place found in the
folded text names the line of the original; offsets within a line may shift. Nothing
that could change the syntax around it (quotes, backslashes, line breaks, control
characters) is ever put in place of an escape.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

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

_FOREIGN: Final = "\u0370-\u03ff\u0400-\u052f"
MIXED: Final = f"(?s)[{_FOREIGN}](?:(?=[A-Za-z])|(?<=[A-Za-z].))"
"""A Cyrillic or Greek letter that touches a Latin one. It leads the pattern, so that other text is passed at once."""
WORD: Final = f"[A-Za-z{_FOREIGN}]*"
HIDDEN: Final = "[" + "".join(map(chr, INVISIBLE)) + "]+"
WIDE: Final = "[\uff01-\uff5e\U0001d400-\U0001d7ff\u2100-\u214f\u24b6-\u24e9]+"
ASCII: Final = bytes(range(128))
KEEP: Final = frozenset("\"'\\`<>\u2028\u2029\x85")


def fold(data: bytes, *, escapes_only: bool = False) -> bytes:
    """Return UTF-8 ``data`` with its disguises undone, line by line the same.

    ``escapes_only`` says that no letter needs folding unless an escape brings one in.
    """
    text = data.decode("utf-8", "replace")
    size = len(text)
    others = ""
    if "\\" in text or "&#" in text:
        text = ESCAPE.sub(_unescape, text)
        others = _beyond_ascii(text)
        if any("\ud800" <= c <= "\udfff" for c in others):
            # the halves that JSON writes for characters beyond the first plane
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            others = ""
    if text.isascii() or (escapes_only and len(text) == size):
        return text.encode()  # an escape that is undone leaves less text
    # the few characters that matter are looked for among those beyond ASCII, not in all of the text
    others = others or _beyond_ascii(text)
    if not INVISIBLE.keys().isdisjoint(map(ord, others)):
        text = re.sub(HIDDEN, "", text)
    wide = re.search(WIDE, others)
    if wide:
        text = re.sub(WIDE, _narrow, text)
    if (wide or any("\u0370" <= c <= "\u052f" for c in others)) and re.search(MIXED, text):
        text = "".join(_latinised(text))
    return text.encode("utf-8", "replace")


def _beyond_ascii(text: str) -> str:
    """Return the characters of a text that are not ASCII, in their order."""
    if text.isascii():
        return ""
    return text.encode("utf-8", "surrogatepass").translate(None, ASCII).decode("utf-8", "surrogatepass")


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape, or the escape itself where the character would change the syntax."""
    escape = match.group()
    known = _UNESCAPED.get(escape)
    if known is None:
        kind = match.lastgroup or ""
        code = int(match.group(kind), 10 if kind == "d" else 16)
        char = chr(code) if code <= 0x10FFFF else escape
        known = escape if code < 0x20 or 0x7F <= code < 0xA0 or char in KEEP else char
        if len(_UNESCAPED) < KEPT:
            _UNESCAPED[escape] = known
    return known


KEPT: Final = 4_096
_UNESCAPED: Final[dict[str, str]] = {}
"""Escapes met before: a file that has one has thousands of the same few."""


def _narrow(match: re.Match[str]) -> str:
    """Return the plain form of wide, circled or mathematical letters, unless it changes the syntax."""
    plain = unicodedata.normalize("NFKC", match.group())
    return match.group() if any(c in KEEP or c < " " for c in plain) else plain


def _latinised(text: str) -> Iterator[str]:
    """Yield a text in pieces, each mixed word in Latin letters where all its foreign letters have a Latin look."""
    done = 0
    word = re.compile(WORD)
    for found in re.finditer(MIXED, text):
        if found.start() < done:
            continue
        start = found.start()
        while start > done and word.fullmatch(text, start - 1, start):
            start -= 1
        stop = word.match(text, start).end()  # type: ignore[union-attr]
        plain = text[start:stop].translate(CONFUSABLE)
        yield text[done:start]
        yield plain if plain.isascii() else text[start:stop]
        done = stop
    yield text[done:]
