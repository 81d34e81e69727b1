"""The promise of every reader, kept where parts of a text meet: one span for each wanted range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.model import Gap, Scope, Span
from untag.nouns import replace
from untag.readers import lines
from untag.readers.lines import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.readers.base import Text


def settled(text: Text, wanted: Sequence[tuple[int, int]], items: Iterable[Span | Gap]) -> Iterator[Span | Gap]:
    """Yield gaps, then spans in order that do not overlap and cover each wanted range exactly once.

    A range that runs over the end of a part (a cell, a script, a fence) stretches the
    span that it begins in; one that no part answered for gets a plain span of its own.
    """
    spans: list[Span] = []
    for item in items:
        if isinstance(item, Gap):
            yield item
        else:
            spans.append(item)
    spans.sort(key=lambda span: (span.start, span.stop))
    done: list[Span] = []
    at = 0
    size = len(text.data)
    for low, high in wanted:
        start = max(0, min(low, size))
        stop = max(start, min(high, size))
        while at < len(spans) and spans[at].start <= start:
            at = _push(text, done, spans, at)
        if done and start < done[-1].stop:
            if done[-1].start > start:  # cut by the span before it, which now takes the range as well
                cut = done.pop()
                done[-1] = moved(text, done[-1], done[-1].start, stop)
                if cut.stop > stop:
                    done.append(moved(text, cut, stop, cut.stop))
            elif stop > done[-1].stop:
                done[-1] = moved(text, done[-1], done[-1].start, stop)
        elif stop > start:
            done.append(_plain(text, start, stop))
    while at < len(spans):
        at = _push(text, done, spans, at)
    yield from done


def _push(text: Text, done: list[Span], spans: list[Span], at: int) -> int:
    """Move one span over, without what is covered already."""
    span = spans[at]
    if done and span.start < done[-1].stop:
        if span.stop <= done[-1].stop:
            return at + 1
        span = moved(text, span, done[-1].stop, span.stop)
    done.append(span)
    return at + 1


def moved(text: Text, span: Span, start: int, stop: int) -> Span:
    """Return a span with other ends; its text follows, as far as it is the artifact's own bytes."""
    line = span.line + text.data.count(b"\n", min(span.start, start), max(span.start, start)) * (
        1 if start >= span.start else -1
    )
    last = line + text.data.count(b"\n", start, max(start, stop - 1))
    return replace(span, text=decode(text.data, start, stop), start=start, stop=stop, line=line, end_line=last)


def _plain(text: Text, start: int, stop: int) -> Span:
    line = text.first_line + text.data.count(b"\n", 0, start)
    last = line + text.data.count(b"\n", start, max(start, stop - 1))
    statement = lines.statement(text.data, start, stop, start, stop)
    return Span(decode(text.data, start, stop), "code", start, stop, line, last, Scope("file", text.name), statement)
