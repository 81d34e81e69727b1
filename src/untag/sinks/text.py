"""Text from an artifact, made safe to show: names and excerpts are hostile until shown otherwise.

A file name can hold a terminal escape, an override of the reading direction or half a
character. `safe` leaves only what prints; `isolate` keeps right-to-left text from
turning what stands beside it; `columns` counts what a terminal will use.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FSI: Final = "\u2068"
_PDI: Final = "\u2069"
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPACE: Final = "\u3000"
"""The ideographic space: not printable for Python, and harmless."""
_BYTE: Final = 0x100
_PLANE: Final = 0x10000


def safe(text: str) -> str:
    """Return text in which everything that does not print is a visible escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == _SPACE else _escape(char) for char in text)


def _escape(char: str) -> str:
    named = _NAMED.get(char)
    if named:
        return named
    code = ord(char)
    if code < _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"


def isolate(text: str) -> str:
    """Return text with right-to-left parts fenced off from what stands beside it."""
    if text.isascii() or not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return text
    return f"{_FSI}{text}{_PDI}"


def plain(text: str) -> str:
    """Return text that is both safe and isolated."""
    return isolate(safe(text))


def columns(text: str) -> int:
    """Return the columns that a terminal uses for safe text."""
    return len(text) if text.isascii() else sum(map(_column, text))


def _column(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if char in (_FSI, _PDI) or unicodedata.category(char) in ("Mn", "Me") else 1


def cut(text: str, width: int) -> str:
    """Return as much of safe text as fits ``width`` columns, with an ellipsis where it was cut."""
    if columns(text) <= width:
        return text
    used, kept = 1, []
    for char in text:
        used += _column(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept) + "…"


def wrap(text: str, width: int) -> list[str]:
    """Return safe text in lines of at most ``width`` columns, broken at spaces where there are any."""
    lines: list[str] = []
    line, used = "", 0
    for word in _pieces(text.split(), width):
        size = columns(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = "", 0
        line, used = (f"{line} {word}", used + 1 + size) if line else (word, size)
    return [*lines, line] if line else lines


def _pieces(words: Iterable[str], width: int) -> Iterator[str]:
    """Yield words, those that are wider than a line in parts."""
    for word in words:
        if columns(word) <= width:
            yield word
            continue
        part, used = "", 0
        for char in word:
            size = _column(char)
            if part and used + size > width:
                yield part
                part, used = "", 0
            part, used = part + char, used + size
        yield part


def amount(number: int, one: str, many: str = "") -> str:
    """Return ``1 file`` or ``2 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Return a number of bytes for people."""
    if count < 1 << 10:
        return amount(count, "byte")
    for unit, bits in (("KiB", 10), ("MiB", 20), ("GiB", 30)):
        if count < 1 << (bits + 10) or unit == "GiB":
            return f"{count / (1 << bits):.1f} {unit}"
    raise AssertionError
