"""The last resort: one line at a time, whatever the format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.lines import Lines, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text


def line_spans(text: Text, wanted: Sequence[tuple[int, int]], role: str = "code") -> Iterator[Span]:
    """Yield the line around each wanted range; never fails and keeps no clock."""
    data = text.data
    text_lines = Lines(data, text.first_line)
    scope = Scope("file", text.name)
    begin, end = 0, 0
    held: list[int] = []
    size = len(data)
    for raw_start, raw_stop in wanted:
        start = max(0, min(raw_start, size))
        stop = max(start, min(raw_stop, size))
        if held and start >= held[0] and stop <= held[1]:
            continue
        if held and start < held[1]:
            held[1] = stop
            continue
        if held:
            yield _line_span(data, text_lines, scope, role, held[0], held[1])
        low, _ = text_lines.bounds(start)
        _, high = text_lines.bounds(max(start, stop - 1))
        left, right = lines.trim(data, low, max(high, stop))
        begin, end = lines.around(data, min(left, start), max(right, stop), start, stop)
        held = [max(begin, held[1]) if held else begin, end]
    if held:
        yield _line_span(data, text_lines, scope, role, held[0], held[1])


def _line_span(data: bytes, text_lines: Lines, scope: Scope, role: str, start: int, stop: int) -> Span:
    first = text_lines.number(start)
    last = text_lines.number(max(start, stop - 1))
    low, high = text_lines.bounds(start)
    statement = lines.statement(data, low, max(high, stop), start, stop)
    return Span(decode(data, start, stop), role, start, stop, first, last, scope, statement)


PARTS: Final = re.compile(rb"[/\\,;|\t\n\r\" ]")
"""What ends the name of a file or folder in a list of files."""


def name_spans(text: Text, wanted: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the name of a file or folder around each wanted range: a path is no one name."""
    data, size = text.data, len(text.data)
    found: list[list[int]] = []
    for raw_start, raw_stop in wanted:
        start = max(0, min(raw_start, size))
        stop = max(start, min(raw_stop, size))
        low = max(0, start - SEGMENT)
        for mark in PARTS.finditer(data, low, start):
            low = mark.end()
        end = PARTS.search(data, stop, stop + SEGMENT)
        high = end.start() if end is not None else min(size, stop + SEGMENT)
        if found and low < found[-1][1]:
            found[-1][1] = max(high, found[-1][1])
        else:
            found.append([low, high])
    text_lines = Lines(data, text.first_line)
    scope = Scope("file", text.name)
    for low, high in found:
        first, last = text_lines.number(low), text_lines.number(max(low, high - 1))
        shown = decode(data, low, high)
        yield Span(shown, "path", low, high, first, last, scope, shown)


SEGMENT: Final = 255
"""Bytes of the longest name of a file, by the limits of most systems."""


class ListReader:
    """Reads long plain lists, an entry a line: what stands above and below an entry says nothing about it."""

    name = "list"
    version = 1
    formats: tuple[str, ...] = ("list",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the entry around each wanted range; of a list of files, the name of the file or folder."""
        from untag.readers.manifest import is_manifest  # noqa: PLC0415 - loaded where it is used

        deadline.check()
        if is_manifest(text.name.lower(), text.data[:8_192]):
            yield from name_spans(text, wanted)
        else:
            yield from line_spans(text, wanted, "item")


class LineReader:
    """Reads any text as lines of code whose grammar is not known."""

    name = "lines"
    version = 1
    formats: tuple[str, ...] = ("lines",)

    def claims(self, text: Text) -> bool:  # noqa: ARG002 - any text has lines
        """Whether this reader understands the text: always."""
        return True

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the line around each wanted range."""
        deadline.check()
        yield from line_spans(text, wanted)
