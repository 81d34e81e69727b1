"""Running text: Markdown, reStructuredText, AsciiDoc and plain text, by headings, tables, code and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag import later, limits
from untag.errors import LimitError
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines, decode
from untag.readers.outline import Block, outline
from untag.readers.pick import format_of
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_SENTENCE_END: Final = later.pattern(r"(?:[.!?]+[\"')\]]*(?=\s)|[。！？；…]+[”’」』）]*)")
_ABBREVIATION: Final = later.pattern(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Mr|Mrs|Dr|No|Fig|Sec|approx|resp)|\b[A-Z])\.$")
_REACH: Final = 800
"""Bytes looked at on each side for the ends of a sentence."""
_BULLET: Final = later.pattern(
    rb"[ \t]*(?:[-*+\xe2]\s+(?:\[[ xX]\]\s+)?|\d{1,3}[.)]\s+|>+\s*|#{1,6}\s+|=+\s+|:\s+|\|\s*)+"
)


def sentence(data: bytes, low: int, high: int, start: int, stop: int) -> tuple[int, int]:
    """Find the sentences of ``low:high`` that hold ``start:stop``; blank lines end one too."""
    left = lines.align(data, max(low, start - _REACH))
    right = min(high, stop + _REACH)
    if right < high:
        right = max(stop, lines.align(data, right))
    blank = data.rfind(b"\n\n", left, start)
    left = blank + 2 if blank >= 0 else left
    before = decode(data, left, start)
    cut = 0
    for match in _SENTENCE_END.finditer(before + " "):
        if match.end() <= len(before) and not _ABBREVIATION.search(before, max(0, match.end() - 12), match.end()):
            cut = match.end()
    left += len(before[:cut].encode("utf-8", "replace")) if cut else 0
    after = decode(data, stop, right)
    for match in _SENTENCE_END.finditer(after + " "):
        if not _ABBREVIATION.search(after, max(0, match.end() - 12), match.end()):
            right = min(right, stop + len(after[: match.end()].encode("utf-8", "replace")))
            break
    left, right = lines.trim(data, min(left, start), max(right, stop))
    return min(left, start), max(right, stop)


class ProseReader:
    """Reads documents that people write."""

    name = "prose"
    version = 1
    formats: tuple[str, ...] = ("markdown", "rst", "adoc", "prose", "log")

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the line or sentence around each wanted range, in the scope of its section."""
        kind = format_of(text)
        if kind == "log":
            yield from line_spans(text, wanted)
            return
        yield from settled(text, wanted, prose_spans(text, wanted, deadline, kind))


def prose_spans(
    text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline, kind: str, parent: Scope | None = None
) -> Iterator[Span | Gap]:
    """Read ``text`` as a document of ``kind``; ``parent`` is the scope that it stands in."""
    whole = text.whole and len(text.data) <= limits.PARSE
    try:
        blocks = outline(text.data, kind, deadline) if whole else []
    except LimitError as error:
        yield Gap(text.trail, "limit", error.detail)
        blocks = []
    document = _Document(text, blocks, parent)
    held: Span | None = None
    ranges = list(lines.checked(wanted, len(text.data), deadline))
    at = 0
    while at < len(ranges):
        start, stop = ranges[at]
        at += 1
        if held is not None and start >= held.start and stop <= held.stop:
            continue
        if held is not None and start < held.stop:
            held = document.stretched(held, stop)
            continue
        block = document.block(start)
        if block is not None and block.kind == "code" and block.info and stop <= block.stop:
            inside = [(start, stop)]
            while at < len(ranges) and ranges[at][1] <= block.stop:
                inside.append(ranges[at])
                at += 1
            if held is not None:
                yield held
                held = None
            yield from document.fenced(block, inside, deadline)
            continue
        if held is not None:
            yield held
        held = document.span(block, start, stop, held.stop if held is not None else 0)
    if held is not None:
        yield held


class _Document:
    def __init__(self, text: Text, blocks: list[Block], parent: Scope | None) -> None:
        self._text = text
        self._data = text.data
        self._lines = Lines(text.data, text.first_line)
        self._file = parent or Scope("file", text.name)
        self._blocks = blocks
        self._at = 0
        self._sections: dict[tuple[str, ...], Scope] = {}
        self._tables: dict[tuple[int, tuple[str, ...]], Scope] = {}

    def block(self, offset: int) -> Block | None:
        """Return the block that holds an offset; offsets only grow."""
        while self._at < len(self._blocks) and self._blocks[self._at].stop <= offset:
            self._at += 1
        if self._at < len(self._blocks) and self._blocks[self._at].start <= offset:
            return self._blocks[self._at]
        return None

    def _section(self, chain: tuple[str, ...]) -> Scope:
        scope = self._file
        for depth in range(1, len(chain) + 1):
            part = chain[:depth]
            if part not in self._sections:
                self._sections[part] = Scope("section", part[-1], (), "", scope)
            scope = self._sections[part]
        return scope

    def span(self, block: Block | None, start: int, stop: int, last: int) -> Span:
        """Return the span of one range outside fenced code."""
        data = self._data
        low, _ = self._lines.bounds(start)
        _, high = self._lines.bounds(max(start, stop - 1))
        high = max(high, stop)
        scope = self._section(block.chain if block is not None else self._chain_before())
        role, note = "prose", ""
        left, right = lines.trim(data, low, high)
        if block is not None and block.kind == "heading":
            role = "heading"
            bullet = _BULLET.match(data, left, right)
            left = bullet.end() if bullet is not None and bullet.end() <= start else left
            statement = lines.statement(data, left, right, start, stop)
        elif block is not None and block.kind == "table":
            scope = self._table(block, scope)
            left, right = _cell(data, left, right, start, stop)
            statement = lines.statement(data, low, high, start, stop)
        elif block is not None and block.kind == "code":
            role = "code"
            statement = lines.statement(data, low, high, start, stop)
        else:
            bullet = _BULLET.match(data, left, right)
            left = bullet.end() if bullet is not None and bullet.end() <= start else left
            begin, end = (block.start, block.stop) if block is not None else (0, len(data))
            if bullet is not None:
                begin = max(begin, left)
            begin, end = sentence(data, min(begin, start), max(end, stop), start, stop)
            statement = lines.statement(data, begin, end, start, stop)
            left, right = begin, end
        left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
        return self._made(left, right, role, scope, statement, note)

    def _chain_before(self) -> tuple[str, ...]:
        return self._blocks[self._at - 1].chain if 0 < self._at <= len(self._blocks) else ()

    def _table(self, block: Block, scope: Scope) -> Scope:
        key = (block.start, block.chain)
        if key not in self._tables:
            self._tables[key] = Scope("table", "", block.cells[: limits.MEMBERS], "", scope)
        return self._tables[key]

    def fenced(self, block: Block, inside: list[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Read a fenced code block with the reader of its language."""
        from untag.readers.embed import embedded  # noqa: PLC0415 - loaded where it is used

        scope = self._section(block.chain)
        line = self._lines.number(block.start)
        yield from embedded(self._text, block.start, block.stop, line, block.info, inside, scope, deadline)

    def _made(self, start: int, stop: int, role: str, scope: Scope, statement: str, note: str) -> Span:
        first = self._lines.number(start)
        last = self._lines.number(max(start, stop - 1))
        return Span(decode(self._data, start, stop), role, start, stop, first, last, scope, statement, note)

    def stretched(self, span: Span, stop: int) -> Span:
        """Return ``span`` run on to ``stop``."""
        return self._made(span.start, stop, span.role, span.scope, span.statement, span.note)


def _cell(data: bytes, low: int, high: int, start: int, stop: int) -> tuple[int, int]:
    """Return the table cell that holds a range: between bars, else between wide blanks."""
    bar = b"|" if data.find(b"|", low, high) >= 0 else b"  "
    left = data.rfind(bar, low, start)
    right = data.find(bar, stop, high)
    left = low if left < 0 else left + len(bar)
    right = high if right < 0 else right
    left, right = lines.trim(data, left, max(right, stop))
    return min(left, start), max(right, stop)
