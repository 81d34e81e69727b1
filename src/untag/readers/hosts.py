"""Texts that hold texts of other formats: pages with scripts, JSON Lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.embed import embedded
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines
from untag.readers.pick import format_of
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_SCRIPT: Final = re.compile(rb"<script\b([^>]{0,2000})>(.*?)(?=</script\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TYPE: Final = re.compile(rb"\b(?:lang|type)\s*=\s*[\"']?([\w/+.-]+)", re.IGNORECASE)
_KINDS: Final = {b"ts": "typescript", b"tsx": "tsx", b"typescript": "typescript", b"jsx": "javascript"}


def script_language(attributes: bytes) -> str:
    """Return the format of a script element from its attributes; empty for a template."""
    found = _TYPE.search(attributes)
    named = found[1].lower() if found is not None else b""
    if named in _KINDS:
        return _KINDS[named]
    if b"json" in named or b"importmap" in named:
        return "json"
    if b"template" in named or b"html" in named or b"x-handlebars" in named:
        return ""
    return "javascript"


class PageReader:
    """Reads HTML and single-file components: markup by its grammar, scripts by theirs."""

    name = "page"
    version = 1
    formats: tuple[str, ...] = ("html",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the spans of scripts and markup in one order."""
        data = text.data
        if not text.whole or len(data) > limits.PARSE:
            yield from line_spans(text, wanted)
            return
        scripts = []
        for found in _SCRIPT.finditer(data):
            kind = script_language(found[1])
            if kind and found.end(2) > found.start(2):
                scripts.append((found.start(2), found.end(2), kind))
        ranges = list(lines.checked(wanted, len(data), deadline))
        inside: dict[int, list[tuple[int, int]]] = {}
        outside: list[tuple[int, int]] = []
        at = 0
        for low, high in ranges:
            while at < len(scripts) and scripts[at][1] <= low:
                at += 1
            if at < len(scripts) and scripts[at][0] <= low and high <= scripts[at][1]:
                inside.setdefault(at, []).append((low, high))
            else:
                outside.append((low, high))
        found_spans: list[Span | Gap] = []
        if outside:
            from untag.readers.syntax.reader import tree_spans  # noqa: PLC0415 - loaded where it is used

            found_spans += tree_spans("html", text, outside, deadline)
        text_lines = Lines(data, text.first_line)
        file = Scope("file", text.name)
        for index, part in inside.items():
            start, stop, kind = scripts[index]
            line = text_lines.number(start)
            found_spans += embedded(text, start, stop, line, kind, part, file, deadline)
        yield from settled(text, ranges, found_spans)


class JsonLinesReader:
    """Reads a JSON value per line; only the wanted lines are parsed."""

    name = "jsonl"
    version = 2
    formats: tuple[str, ...] = ("jsonl",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the span of each wanted range: a field of a picture's record, or what its line holds."""
        from untag.readers.records import line_spans_of  # noqa: PLC0415 - loaded where it is used

        ranges = list(lines.checked(wanted, len(text.data), deadline))
        mine, rest = line_spans_of(text, ranges, deadline)
        yield from settled(text, ranges, [*mine, *self._by_line(text, rest, deadline)])

    def _by_line(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        data = text.data
        text_lines = Lines(data, text.first_line)
        file = Scope("file", text.name)
        ranges = list(lines.checked(wanted, len(data), deadline))
        at = 0
        while at < len(ranges):
            low, high = text_lines.bounds(ranges[at][0])
            part = [ranges[at]]
            at += 1
            while at < len(ranges) and ranges[at][0] <= high:
                part.append(ranges[at])
                at += 1
            high = max(high, part[-1][1])
            kind = "json" if high - low <= limits.PARSE else "lines"
            yield from embedded(text, low, high, text_lines.number(low), kind, part, file, deadline)
