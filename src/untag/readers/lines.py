"""Line arithmetic over UTF-8 bytes, and the clipping that every reader shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag import later, limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline

TEXT: Final = 2_000
"""Bytes of one span's text: a minified file is one line of megabytes, a sentence is not."""
_CONTINUATION: Final = 0xC0
_IS_CONTINUATION: Final = 0x80
_BLANK: Final = b" \t\r\n\f\v"
_MARKS: Final = later.pattern(
    rb"[ \t]*(?:/{2,}!?<?|/\*+[!<]*|<!--+|\(\*|\*+(?!/)|#+:?|--+(?!>)|;+|%+|'''?|\"\"\"|=begin)?[ \t]*"
)
_TAIL: Final = later.pattern(rb"[ \t\r]*(?:\*+/|--+>|\*\))?[ \t\r\n]*$")


class Lines:
    """The lines of a text, without an index: it counts on from the last place asked for."""

    __slots__ = ("_at", "_line", "_start", "_stop", "data", "first")

    def __init__(self, data: bytes, first: int = 1) -> None:
        self.data = data
        self.first = first
        self._at = 0
        self._line = first
        self._start = 0
        self._stop = -1

    def number(self, offset: int) -> int:
        """Return the line number of a byte offset."""
        if offset >= self._at:
            self._line += self.data.count(b"\n", self._at, offset)
        else:
            self._line -= self.data.count(b"\n", offset, self._at)
        self._at = offset
        return self._line

    def bounds(self, offset: int) -> tuple[int, int]:
        """Return start and stop of the line that holds ``offset``, without its line end."""
        if not self._start <= offset <= self._stop:
            self._start = self.data.rfind(b"\n", 0, offset) + 1
            stop = self.data.find(b"\n", offset)
            self._stop = len(self.data) if stop < 0 else stop
        stop = self._stop
        if stop > max(self._start, offset) and self.data[stop - 1] == 13:  # noqa: PLR2004 - carriage return
            stop -= 1
        return self._start, stop

    def before(self, start: int) -> tuple[int, int] | None:
        """Return the bounds of the line above the one that starts at ``start``."""
        if start <= 0:
            return None
        stop = start - 1
        if stop and self.data[stop - 1] == 13:  # noqa: PLR2004 - carriage return
            stop -= 1
        return self.data.rfind(b"\n", 0, start - 1) + 1, stop

    def after(self, offset: int) -> int | None:
        """Return where the line below the one that holds ``offset`` starts."""
        stop = self.data.find(b"\n", offset)
        return None if stop < 0 or stop + 1 >= len(self.data) else stop + 1


def decode(data: bytes, start: int, stop: int) -> str:
    """Return the text of a byte range."""
    return data[start:stop].decode("utf-8", "replace")


def trim(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Leave the blanks at both ends of a range out."""
    while start < stop and data[start] in _BLANK:
        start += 1
    while stop > start and data[stop - 1] in _BLANK:
        stop -= 1
    return start, stop


def align(data: bytes, offset: int) -> int:
    """Return the start of the character that ``offset`` stands in."""
    while 0 < offset < len(data) and data[offset] & _CONTINUATION == _IS_CONTINUATION:
        offset -= 1
    return offset


def around(data: bytes, low: int, high: int, start: int, stop: int, size: int = TEXT) -> tuple[int, int]:
    """Return at most about ``size`` bytes of ``low:high`` that hold ``start:stop``, cut between characters."""
    if high - low <= size:
        return low, high
    spare = max(0, size - (stop - start))
    left = max(low, start - spare // 2)
    right = min(high, max(stop, left + size))
    if left > low:
        left = _edge(data, left, start)
    if right < high:
        right = max(stop, align(data, right))
    return min(left, start), right


def _edge(data: bytes, left: int, start: int) -> int:
    """Move ``left`` on to the start of a word, or at least of a character."""
    space = data.find(b" ", left, min(start, left + 40))
    if space >= 0:
        return space + 1
    while left < start and data[left] & _CONTINUATION == _IS_CONTINUATION:
        left += 1
    return left


def statement(data: bytes, low: int, high: int, start: int, stop: int) -> str:
    """Return the text of ``low:high`` in one line of at most `limits.STATEMENT` characters around the hit."""
    low, high = around(data, low, high, start, stop, limits.STATEMENT * 2)
    text = " ".join(decode(data, low, high).split())
    if len(text) <= limits.STATEMENT:
        return text
    low, high = around(data, low, high, start, stop, limits.STATEMENT)
    return " ".join(decode(data, low, high).split())[: limits.STATEMENT]


def clip(text: str, size: int = limits.STATEMENT) -> str:
    """Return ``text`` in one line of at most ``size`` characters."""
    if len(text) > size * 4:
        text = text[: size * 4]
    return " ".join(text.split())[:size]


def bare_comment(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Leave the comment marks at both ends of one line of a comment out."""
    mark = _MARKS.match(data, start, stop)
    if mark is not None:
        start = mark.end()
    tail = _TAIL.search(data, max(start, stop - 64), stop)
    if tail is not None:
        stop = max(start, tail.start())
    return start, stop


def comment_text(data: bytes, start: int, stop: int, size: int = limits.STATEMENT) -> str:
    """Return the words of a comment without its marks, in one line."""
    parts: list[str] = []
    room = size
    stop = min(stop, start + size * 8)
    while start < stop and room > 0:
        end = data.find(b"\n", start, stop)
        end = stop if end < 0 else end
        words = " ".join(decode(data, *bare_comment(data, start, end)).split())
        if words:
            parts.append(words)
            room -= len(words) + 1
        start = end + 1
    return " ".join(parts)[:size]


def checked(wanted: Sequence[tuple[int, int]], size: int, deadline: Deadline) -> Iterator[tuple[int, int]]:
    """Yield the wanted ranges clipped to the text, and look at the clock now and then."""
    for count, (start, stop) in enumerate(wanted):
        if count % 64 == 0:
            deadline.check()
        low = max(0, min(start, size))
        yield low, max(low, min(stop, size))
