"""Text from an artifact on its way into a page: nothing in it can act.

What does not print is made visible as an escape: control characters, overrides of the reading
direction, separators of lines, halves of characters. Joiners stay where two letters stand around
them, because Persian, Uyghur and the scripts of India are written with them.
"""

from __future__ import annotations

from typing import Final

ROOM: Final = 1_200
"""Characters of any one text that a page shows: a report holds far less unless it was edited by hand."""
_JOINERS: Final = frozenset("\u200c\u200d")
_SPACE: Final = "\u3000"
_BYTE: Final = 0x100
_PLANE: Final = 0x10000
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": " "}


def shown(text: str, room: int = ROOM) -> str:
    """Return text in which everything prints, cut aloud to ``room`` characters."""
    if len(text) > room:
        text = f"{text[:room]}… ({len(text) - room:,} more characters)"
    if text.isprintable():
        return text
    return "".join(_one(text, place) for place in range(len(text)))


def _one(text: str, place: int) -> str:
    char = text[place]
    if char.isprintable() or char == _SPACE:
        return char
    if char in _JOINERS and text[place - 1 : place].isalpha() and _begins(text[place + 1 : place + 2]):
        return char
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    if code < _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"


def _begins(char: str) -> bool:
    """Whether a letter follows a joiner; at the end of a text nothing does."""
    return char.isalpha()


def esc(text: str, room: int = ROOM) -> str:
    """Return text as the content of an element or of a quoted attribute."""
    return (
        shown(text, room)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
    )
