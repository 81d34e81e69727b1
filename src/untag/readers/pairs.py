"""Lines of key and value: INI, properties, .env, .strings, gettext catalogues and mail-like headers."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines, clip, decode
from untag.readers.pick import format_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_SECTION: Final = re.compile(rb"^[ \t]*\[+[ \t]*([^\]\r\n]{1,200}?)[ \t]*\]+[ \t]*(?:[;#][^\n]*)?\r?$", re.MULTILINE)
_PAIR: Final = re.compile(
    rb"[ \t]*(?:export[ \t]+|set[ \t]+)?(\"(?:[^\"\\\n]|\\.)*\"|[^\s=:#;\[][^=:\n]*?)[ \t]*(?:=|:)[ \t]*(.*)$"
)
_SPACED: Final = re.compile(rb"[ \t]*([\w.-]+)[ \t]+(\S.*)$")
_COMMENT: Final = re.compile(rb"[ \t]*(?:#|;|!|//|/\*|--|\*|@rem\b|rem\b)", re.IGNORECASE)
_TRAILING: Final = re.compile(rb"(?:^|\s)([#;](?![0-9a-fA-F]{6}\b).*|//\s.*|/\*.*)$")
_MESSAGE: Final = re.compile(rb"^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)[ \t]+\"", re.MULTILINE)
_QUOTED: Final = re.compile(rb"\"((?:[^\"\\\n]|\\.)*)\"")
_ENTRY: Final = 3_000
"""Bytes of one message on each side of a hit."""
_SCAN: Final = 50_000
"""Bytes of one section in which its keys are looked for."""


class PairReader:
    """Reads configuration and catalogues made of keys and values."""

    name = "pairs"
    version = 1
    formats: tuple[str, ...] = ("ini", "po")

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the key, value or comment around each wanted range."""
        if not text.whole and format_of(text) == "po":
            yield from line_spans(text, wanted)
            return
        yield from pair_spans(text, wanted, deadline, format_of(text))


def pair_spans(
    text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline, kind: str, parent: Scope | None = None
) -> Iterator[Span]:
    """Read ``text`` as keys and values, one line at a time."""
    reader = _Catalogue(text, parent) if kind == "po" else _Pairs(text, parent)
    held: Span | None = None
    for start, stop in lines.checked(wanted, len(text.data), deadline):
        if held is not None and start >= held.start and stop <= held.stop:
            continue
        if held is not None and start < held.stop:
            held = reader.made(held.start, stop, held.role, held.scope, held.statement, held.note)
            continue
        if held is not None:
            yield held
        held = reader.span(start, stop, held.stop if held is not None else 0)
    if held is not None:
        yield held


class _Pairs:
    def __init__(self, text: Text, parent: Scope | None) -> None:
        self.data = text.data
        self.lines = Lines(text.data, text.first_line)
        self.file = parent or Scope("file", text.name)
        self._heads = list(_SECTION.finditer(text.data))
        self._starts = [head.start() for head in self._heads]
        self._scopes: dict[int, Scope] = {}

    def made(self, start: int, stop: int, role: str, scope: Scope, statement: str, note: str) -> Span:
        """Return a span with text and lines."""
        first = self.lines.number(start)
        last = self.lines.number(max(start, stop - 1))
        return Span(decode(self.data, start, stop), role, start, stop, first, last, scope, statement, note)

    def _section(self, offset: int) -> Scope:
        index = bisect_right(self._starts, offset) - 1
        found = self._scopes.get(index)
        if found is None:
            begin = self._heads[index].end() if index >= 0 else 0
            end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.data)
            keys: dict[str, None] = {}
            for whole_line in self.data[begin : min(end, begin + _SCAN)].split(b"\n"):
                line = whole_line[: lines.TEXT]
                pair = None if _COMMENT.match(line) else _PAIR.match(line.rstrip(b"\r"))
                if pair is not None:
                    keys[_plain(pair[1])] = None
                if len(keys) >= limits.MEMBERS:
                    break
            kind, name = ("section", _plain(self._heads[index][1])) if index >= 0 else ("map", "")
            found = self._scopes[index] = Scope(kind, name, tuple(keys), "", self.file)
        return found

    def span(self, start: int, stop: int, last: int) -> Span:
        """Return the span of one range."""
        data = self.data
        low, _ = self.lines.bounds(start)
        _, high = self.lines.bounds(max(start, stop - 1))
        high = max(high, stop)
        scope = self._section(start)
        statement = lines.statement(data, low, high, start, stop)
        if high - low > lines.TEXT:
            low, high = lines.around(data, low, high, start, stop, lines.TEXT)
        left, right, role, note = *lines.trim(data, low, high), "value", ""
        line = data[low:high]
        head = _SECTION.match(data, low, high)
        if _COMMENT.match(line):
            role = "comment"
            note = lines.comment_text(data, low, high)
            left, right = lines.bare_comment(data, low, high)
            scope, statement = self._described(scope, high)
        elif head is not None:
            role, (left, right) = "heading", head.span(1)
        else:
            pair = _PAIR.match(line) or _SPACED.match(line)
            remark = _TRAILING.search(line, pair.start(2) if pair is not None else 0)
            note = lines.comment_text(line, remark.start(1), len(line)) if remark is not None else self._above(low)
            if remark is not None and start >= low + remark.start(1):
                role = "comment"
                left, right = lines.bare_comment(data, low + remark.start(1), high)
            elif pair is not None and stop <= low + pair.end(1):
                role = "key"
                left, right = _inner(data, low + pair.start(1), low + pair.end(1))
            else:
                name = _plain(pair[1]) if pair is not None and start >= low + pair.start(2) else self._continued(low)
                scope = Scope("assignment", name, (), "", scope) if name else scope
                left = low + pair.start(2) if pair is not None and start >= low + pair.start(2) else left
                right = low + remark.start(1) if remark is not None else right
                left, right = _inner(data, left, right)
        left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
        return self.made(left, right, role, scope, statement, note)

    def _continued(self, low: int) -> str:
        """Return the key that a continuation line belongs to."""
        line = self.lines.before(low)
        for _ in range(20):
            if line is None:
                break
            text = self.data[line[0] : line[1]]
            pair = None if _COMMENT.match(text) or text[:1] in b" \t" else _PAIR.match(text)
            if pair is not None:
                return _plain(pair[1])
            line = self.lines.before(line[0])
        return ""

    def _above(self, low: int) -> str:
        line = self.lines.before(low)
        if line is not None and line[1] - line[0] < limits.STATEMENT * 4 and _COMMENT.match(self.data, *line):
            return lines.comment_text(self.data, *line)
        return ""

    def _described(self, scope: Scope, high: int) -> tuple[Scope, str]:
        """Return scope and first line of what a comment stands above."""
        at = self.lines.after(high)
        for _ in range(12):
            if at is None:
                break
            low, stop = self.lines.bounds(at)
            line = self.data[low : min(stop, low + lines.TEXT)]
            if not line.strip():
                break
            if not _COMMENT.match(line):
                return self._section(low), clip(decode(line, 0, len(line)))
            at = self.lines.after(stop)
        return scope, ""


class _Catalogue(_Pairs):
    """A gettext catalogue: each message is a pair of its source text and its translation."""

    def span(self, start: int, stop: int, last: int) -> Span:
        data = self.data
        low, _ = self.lines.bounds(start)
        _, high = self.lines.bounds(max(start, stop - 1))
        high = max(high, stop)
        if data[low : low + 1] == b"#":
            left, right = lines.bare_comment(data, low, high)
            left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
            return self.made(left, right, "comment", self.file, "", lines.comment_text(data, low, high))
        begin = max(
            data.rfind(b"\n\n", max(0, start - _ENTRY), start), data.rfind(b"\r\n\r\n", max(0, start - _ENTRY), start)
        )
        begin = max(0, begin)
        end = data.find(b"\n\n", stop, stop + _ENTRY)
        end = min(len(data), stop + _ENTRY) if end < 0 else end
        role, name = "value", ""
        for found in _MESSAGE.finditer(data, begin, end):
            if found[1] == b"msgid":
                after = data.find(b"\nmsg", found.end(), end)
                parts = _QUOTED.findall(data, found.start(), end if after < 0 else after)
                name = clip(b"".join(parts).decode("utf-8", "replace"), 200)
            if found.start() <= start:
                role = "value" if found[1].startswith(b"msgstr") else "key"
        cell = next((q for q in _QUOTED.finditer(data, low, high) if q.start() <= start and stop <= q.end()), None)
        left, right = cell.span(1) if cell is not None else lines.trim(data, low, high)
        left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
        scope = Scope("assignment", name, (), "", self.file) if role == "value" and name else self.file
        statement = lines.statement(data, begin, end, start, stop)
        return self.made(left, right, role, scope, statement, "")


def _plain(raw: bytes) -> str:
    return clip(decode(raw, 0, len(raw)).strip().strip("\"'"), 200)


def _inner(data: bytes, low: int, high: int) -> tuple[int, int]:
    """Leave blanks, quotes and a closing semicolon around a key or value out."""
    low, high = lines.trim(data, low, high)
    if high - low > 1 and data[high - 1 : high] == b";" and data[high - 2 : high - 1] == b'"':
        high -= 1
    if high - low > 1 and data[low : low + 1] in (b'"', b"'") and data[high - 1 : high] == data[low : low + 1]:
        return low + 1, high - 1
    return low, high
