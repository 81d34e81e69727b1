"""Headers and a body: package METADATA and PKG-INFO, manifests, letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.embed import embedded
from untag.readers.lines import Lines, clip, decode
from untag.readers.pick import format_of
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_HEADER: Final = re.compile(rb"^([A-Za-z][\w-]*):[ \t]?", re.MULTILINE)
_BODY: Final = re.compile(rb"\r?\n\r?\n")
_RST: Final = re.compile(rb"^Description-Content-Type:[ \t]*text/x-rst", re.MULTILINE | re.IGNORECASE)
_PLAIN: Final = re.compile(rb"^Description-Content-Type:[ \t]*text/plain", re.MULTILINE | re.IGNORECASE)
_LONG: Final = 1 << 20
"""Bytes of headers that are looked at; package metadata has a few kilobytes."""


class MailReader:
    """Reads RFC 822 headers as a map and the body as a document."""

    name = "headers"
    version = 1
    formats: tuple[str, ...] = ("mail",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the header or the body's sentence around each wanted range."""
        yield from settled(text, wanted, self._parts(text, wanted, deadline))

    def _parts(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        data = text.data
        gap = _BODY.search(data)
        body = gap.end() if gap is not None else len(data)
        head = data[: min(body, _LONG)]
        kind = "rst" if _RST.search(head) else "prose" if _PLAIN.search(head) else "markdown"
        headers = [found for found in _HEADER.finditer(head) if found[1]]
        names = tuple(dict.fromkeys(decode(h[1], 0, len(h[1])) for h in headers))
        file = Scope("file", text.name)
        top = Scope("map", "", names[:200], "", file)
        text_lines = Lines(data, text.first_line)
        last = 0
        rest: list[tuple[int, int]] = []
        for start, stop in lines.checked(wanted, len(data), deadline):
            if start >= body:
                rest.append((max(start, last), max(start, last, stop)))
                continue
            if stop <= last:
                continue
            found = _span(data, headers, top, text_lines, max(start, last), stop, last)
            last = found.stop
            yield found
        rest = [(low, high) for low, high in rest if high > last or low >= last]
        if rest:
            body = max(body, last)
            yield from embedded(text, body, len(data), text_lines.number(body), kind, rest, file, deadline)


def _span(
    data: bytes, headers: list[re.Match[bytes]], top: Scope, text_lines: Lines, start: int, stop: int, last: int
) -> Span:  # fmt: skip
    header = next((h for h in reversed(headers) if h.start() <= start), None)
    low, _ = text_lines.bounds(start)
    _, high = text_lines.bounds(max(start, stop - 1))
    high = max(high, stop)
    role, scope = "value", top
    left, right = lines.trim(data, low, high)
    if header is not None:
        name = clip(decode(header[1], 0, len(header[1])))
        if stop <= header.end(1):
            role, (left, right) = "key", header.span(1)
        else:
            scope = Scope("assignment", name, (), "", top)
            left = header.end() if low <= header.end() <= start else left
            if name == "Description":
                role, scope = "prose", Scope("section", name, (), "", top)
    left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
    statement = lines.statement(data, low, high, start, stop)
    first, end = text_lines.number(left), text_lines.number(max(left, right - 1))
    return Span(decode(data, left, right), role, left, right, first, end, scope, statement)
