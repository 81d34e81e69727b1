"""Text in binaries: the printable run that holds a hit, and the runs beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits

if TYPE_CHECKING:
    from untag.model import Buffer

REACH: Final = 2_048
"""Bytes looked at on each side of a hit: a string table's neighbours, not the whole program."""
SHORTEST: Final = 4
"""Characters of a neighbouring run; shorter ones are noise between instructions."""
SHORTEST_WIDE: Final = 2
"""Characters of a neighbouring run that is not ASCII: two ideographs are a word."""
_UTF8: Final = re.compile(
    rb"(?:[\t\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)
_GB18030: Final = re.compile(
    rb"(?:[\t\x20-\x7e]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39])+"
)
_PAIRS: Final = rb"""
    [\t\x20-\x7e]\x00          # ASCII
    |[\xa0-\xff]\x00|[\x00-\xff][\x04-\x06]   # Latin, Cyrillic, Armenian, Hebrew, Arabic
    |[\x00-\xff][\x09\x0e\x0f]                # Devanagari, Bengali, Thai, Lao, Tibetan
    |[\x10-\x27]\x20|[\x00-\xff][\x30-\x31]   # general and CJK punctuation, kana
    |[\x00-\xff][\x4e-\x9f]|[\x00-\xff][\xac-\xd7]|[\x00-\xef]\xff  # ideographs, hangul, full width
"""
_UTF16: Final = re.compile(rb"(?P<run>(?:" + _PAIRS + rb")+)|..", re.VERBOSE | re.DOTALL)
"""Two bytes at a time, so that a run never starts in the middle of a character."""


def strings_around(data: Buffer, start: int, stop: int, *, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Return the run of text that holds ``start:stop`` and the runs beside it; empty when there is none.

    ``encoding`` is ``utf-8``, ``utf-16-le`` or ``gb18030``, in any spelling that Python knows.
    """
    name = encoding.lower().replace("_", "-")
    low, high = max(0, start - REACH), min(len(data), stop + REACH)
    if name in ("utf-16-le", "utf-16le", "utf16le", "utf-16"):
        best: tuple[str, tuple[str, ...]] = ("", ())
        for shift in (0, 1):  # strings in a binary stand on odd offsets too
            begin = low + (start - low + shift) % 2
            found = _runs(bytes(data[begin:high]), _UTF16, "utf-16-le", start - begin, stop - begin)
            if len(found[0]) > len(best[0]):
                best = found
        return best
    pattern, codec = (_GB18030, "gb18030") if name.startswith("gb") else (_UTF8, "utf-8")
    if low and codec == "gb18030":
        low = _ascii_edge(data, low, start)
    return _runs(bytes(data[low:high]), pattern, codec, start - low, stop - low)


def _ascii_edge(data: Buffer, low: int, start: int) -> int:
    """Move ``low`` past the next byte below 0x30: no GB18030 character has one, so a character starts there."""
    found = re.search(rb"[\x00-\x2f]", bytes(data[low:start]))
    return low + found.end() if found is not None else low


def _runs(piece: bytes, pattern: re.Pattern[bytes], codec: str, start: int, stop: int) -> tuple[str, tuple[str, ...]]:
    held = ""
    beside: dict[str, None] = {}
    for found in pattern.finditer(piece):
        if codec == "utf-16-le" and found.group("run") is None:
            continue
        text = piece[found.start() : found.end()].decode(codec, "ignore").strip()
        if not held and found.start() < max(stop, start + 1) and found.end() > start:
            held = text
        elif len(text) >= (SHORTEST if text.isascii() else SHORTEST_WIDE):
            beside[text[: limits.STATEMENT]] = None
    return held, tuple(beside)[: limits.MEMBERS] if held else ()
