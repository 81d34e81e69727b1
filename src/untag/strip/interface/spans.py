"""Take pieces out of a text and leave every other byte where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[int, int]
"""Start and stop, in bytes."""
BLANK = b" \t"


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans sorted, with those that overlap or lie inside another put together."""
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def cut(data: bytes, spans: Iterable[Span], inserts: Iterable[tuple[int, bytes]] = ()) -> bytes:
    """Return ``data`` without the spans, with ``inserts`` put in at their places (which lie outside all spans)."""
    pieces: list[bytes] = []
    at = 0
    events = [(start, stop, b"") for start, stop in merged(spans)]
    events += [(where, where, text) for where, text in inserts]
    for start, stop, text in sorted(events, key=lambda e: (e[0], e[1])):
        if start < at:
            raise StripError("two edits of one file overlap: do them one after the other")
        pieces.append(data[at:start])
        pieces.append(text)
        at = stop
    pieces.append(data[at:])
    return b"".join(pieces)


def line_start(data: bytes, at: int) -> int:
    """Return where the line of a place begins."""
    return data.rfind(b"\n", 0, at) + 1


def line_stop(data: bytes, at: int) -> int:
    """Return where the next line begins."""
    end = data.find(b"\n", at)
    return len(data) if end < 0 else end + 1


def whole_lines(data: bytes, start: int, stop: int) -> Span:
    """Return a span widened to whole lines, where nothing else stands on its first and last line."""
    first, last = line_start(data, start), line_stop(data, stop)
    if data[first:start].strip(BLANK) or data[stop:last].strip(b" \t\r\n"):
        return start, stop
    return first, last


def behind(data: bytes, stop: int, mark: bytes) -> int:
    """Return where a comment ends that ``mark`` begins behind a part on its last line; ``stop`` where there is none."""
    end = line_stop(data, stop)
    rest = data[stop:end].rstrip(b"\r\n")
    return stop + len(rest) if rest.lstrip(BLANK).startswith(mark) else stop


def with_notes(data: bytes, start: int, marks: tuple[bytes, ...]) -> int:
    """Return where the comment lines directly above a line begin: they describe what stands below them.

    ``start`` is the start of a line; ``marks`` begin a line of comment. A blank line ends the comment.
    """
    while start > 0:
        above = line_start(data, start - 1)
        text = data[above:start].strip()
        if not text.startswith(marks):
            break
        start = above
    return start


def listed(data: bytes, start: int, stop: int, separator: bytes = b",") -> Span:
    """Return the span of an item in a list together with the separator that goes with it.

    The separator after the item goes, or, of the last item, the one before it; then the blanks that would be left.
    """
    after = stop
    while after < len(data) and data[after : after + 1].isspace():
        after += 1
    if data[after : after + 1] == separator:
        after += 1
        return _tidy(data, start, after)
    before = start
    while before > 0 and data[before - 1 : before].isspace():
        before -= 1
    if before > 0 and data[before - 1 : before] == separator:
        return before - 1, stop
    return whole_lines(data, start, stop)


def _tidy(data: bytes, start: int, stop: int) -> Span:
    """Widen an item with its separator to its lines, or else to the blank after it."""
    first, last = whole_lines(data, start, stop)
    if (first, last) != (start, stop):
        return first, last
    while stop < len(data) and data[stop : stop + 1] in (b" ", b"\t"):
        stop += 1
    return start, stop


def removed_lists(data: bytes, items: list[Span], gone: set[int], separator: bytes = b",") -> list[Span]:
    """Return the spans that take the items numbered ``gone`` out of a list, separators right for what stays.

    A run of items goes with the separators after them; a run at the end goes with the one before it.
    """
    spans: list[Span] = []
    last_kept = max((i for i in range(len(items)) if i not in gone), default=-1)
    if last_kept < 0:
        return [(items[0][0], items[-1][1])] if items else []
    for number in sorted(gone):
        if number < last_kept:
            start, stop = items[number]
            spans.append(listed(data, start, stop, separator))
    if last_kept < len(items) - 1:
        spans.append((items[last_kept][1], items[-1][1]))
    return spans
