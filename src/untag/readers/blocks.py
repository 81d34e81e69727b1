"""Formats without a grammar, read by braces and ``end``: protobuf, GraphQL, HCL, Drools, Lua and the like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.errors import LimitError
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.fallback import line_spans
from untag.readers.lines import Lines, decode
from untag.readers.pick import format_of
from untag.readers.skeleton import Frame, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_WORD: Final = re.compile(rb"[A-Za-z_$@\x80-\xff][\w$.\x80-\xff-]*")
_STRING: Final = re.compile(rb"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`")
_COMMENT: Final = re.compile(
    rb"(?:(?<![:\"'\w])//|(?<![\w$&\\{\"'])#(?![0-9a-fA-F]{6}\b)|(?<!\S)--(?=\s|$)|/\*|(?<!\S)%|(?<!\S);)"
)
_BLOCK_LINE: Final = re.compile(rb"\s*(?:\*(?!\w*\s*=)|/\*|<!--|\"\"\")")
_TEST: Final = re.compile(rb"([\w.$\[\]\"']+)\s*(?:[=!~]=|\beq|\bis|\bcontains|\bmatches|\bin\s*\()$")
_DECLARING: Final = re.compile(
    rb"\b(?:function|def|sub|func|fun|proc|task|rpc|class|module|macro|fn|classdef)\s+[\w.:]*$"
)
_CALL: Final = re.compile(rb"([A-Za-z_][\w.:$]*)\s*\($")
_PARAMS: Final = re.compile(rb"\s*\(([^)]*\)?)")
_RESERVED: Final = re.compile(rb"^[ \t]*reserved[ \t]+[^;{}]*;", re.MULTILINE)
"""Names that protobuf keeps from being used again: what is left where a field was removed."""
_ASSIGN: Final = re.compile(
    rb"\s*(?:(?:local|let|var|val|final|my|our|set|const|def)\s+)?([\w$@.\"'-]+)\s*(?:<-|:?=(?!=)|:\s)"
)


def block_spans(
    text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline, parent: Scope | None = None
) -> Iterator[Span | Gap]:
    """Yield the word, string, comment or line around each wanted range, in the scope of its block."""
    if not text.whole or len(text.data) > limits.PARSE:
        yield from line_spans(text, wanted)
        return
    try:
        blocks = _Blocks(text, deadline, parent)
    except LimitError as error:
        yield Gap(text.trail, "limit", error.detail)
        yield from line_spans(text, wanted)
        return
    held: Span | None = None
    spared = [found.span() for found in _RESERVED.finditer(text.data)] if b"reserved" in text.data else []
    for start, stop in lines.checked(wanted, len(text.data), deadline):
        if any(low <= start and stop <= high for low, high in spared):
            continue
        if held is not None and start >= held.start and stop <= held.stop:
            continue
        if held is not None and start < held.stop:
            held = blocks.stretched(held, stop)
            continue
        if held is not None:
            yield held
        held = blocks.span(start, stop, held.stop if held is not None else 0)
    if held is not None:
        yield held


class BlockReader:
    """Reads code whose grammar is not at hand."""

    name = "blocks"
    version = 1
    formats: tuple[str, ...] = ("blocks",)

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield a span for each wanted range."""
        yield from block_spans(text, wanted, deadline)


class _Blocks:
    def __init__(self, text: Text, deadline: Deadline, parent: Scope | None) -> None:
        self._data = text.data
        self._lines = Lines(text.data, text.first_line)
        self._file = parent or Scope("file", text.name)
        self._frames = skeleton(text.data, deadline)
        self._scopes: dict[int, Scope] = {}

    def _scope(self, offset: int) -> tuple[Scope, Frame | None]:
        frame = self._frames.at(offset)
        chain: list[Frame] = []
        while frame is not None and len(chain) < limits.NESTING:
            chain.append(frame)
            frame = frame.parent
        scope = self._file
        for one in reversed(chain):
            found = self._scopes.get(one.start)
            if found is None:
                doc = self._above(one.head)
                found = self._scopes[one.start] = Scope(one.kind, one.name, self._frames.members(one), doc, scope)
            scope = found
        return scope, chain[0] if chain else None

    def span(self, start: int, stop: int, last: int) -> Span:
        """Return the span of one range."""
        data = self._data
        low, _ = self._lines.bounds(start)
        _, high = self._lines.bounds(max(start, stop - 1))
        high = max(high, stop)
        if high - low > lines.TEXT:
            low, high = lines.around(data, low, high, start, stop, lines.TEXT // 2)
        statement = lines.statement(data, *lines.trim(data, low, high), start, stop)
        comment = self._comment(low, high)
        if comment >= 0 and comment <= start:
            return self._in_comment(low, high, comment, start, stop, last)
        scope, frame = self._scope(start)
        note = self._note(low, comment if comment >= 0 else high, high)
        string = next((s for s in _STRING.finditer(data, low, high) if s.start() < start and stop < s.end() + 1), None)
        if string is not None and stop <= string.end():
            role, scope = self._string_role(low, string, frame, scope)
            if self._frames.declared(string.start(), string.end()) is not None or self._frames.declared(
                string.start() + 1, string.end() - 1
            ):
                role = "declaration"
            return self._made(string.start() + 1, string.end() - 1, start, stop, last, role, scope, statement, note)
        word = next((w for w in _WORD.finditer(data, low, high) if w.start() <= start and stop <= w.end()), None)
        if word is None:
            left, right = lines.trim(data, low, high)
            return self._made(left, right, start, stop, last, "code", scope, statement, note)
        left, right = word.span()
        left = max(left, data.rfind(b".", left, start) + 1) if b"." in word[0] and not _dotted(word[0]) else left
        role = self._word_role(word, low, frame, scope)
        if role == "name" and _DECLARING.search(data, low, left):
            role = "declaration"
            params = _PARAMS.match(data, right, high)
            names = re.findall(rb"[A-Za-z_]\w*(?=\s*[,)=:]|$)", params[1] if params is not None else b"")
            scope = Scope("function", decode(data, left, right), tuple(decode(n, 0, len(n)) for n in names), "", scope)
        return self._made(left, right, start, stop, last, role, scope, statement, note)

    def _made(
        self,
        left: int,
        right: int,
        start: int,
        stop: int,
        last: int,
        role: str,
        scope: Scope,
        statement: str,
        note: str,
    ) -> Span:
        data = self._data
        left, right = lines.around(data, max(last, min(left, start)), max(right, stop), start, stop)
        first, end = self._lines.number(left), self._lines.number(max(left, right - 1))
        return Span(decode(data, left, right), role, left, right, first, end, scope, statement, note)

    def stretched(self, span: Span, stop: int) -> Span:
        """Return ``span`` run on to ``stop``."""
        end = self._lines.number(max(span.start, stop - 1))
        text = decode(self._data, span.start, stop)
        return Span(text, span.role, span.start, stop, span.line, end, span.scope, span.statement, span.note)

    def _word_role(self, word: re.Match[bytes], low: int, frame: Frame | None, scope: Scope) -> str:
        data = self._data
        declared = self._frames.declared(word.start(), word.end())
        if declared is not None:
            if declared.kind not in ("map", "list"):
                return "declaration"
            return "name" if declared.parent is None else "key"
        if frame is not None and frame.kind in ("enum", "struct", "class", "message", "interface", "type", "module"):
            if self._frames.is_member(frame, word.start(), low):
                return "member"
        elif frame is not None and frame.kind == "map" and self._frames.is_member(frame, word.start(), low):
            return "key"
        after = data[word.end() : word.end() + 2].lstrip()
        if after.startswith((b":", b"=")) and not after.startswith(b"==") and scope.kind == "call":
            return "argument"
        return "name"

    def _string_role(self, low: int, string: re.Match[bytes], frame: Frame | None, scope: Scope) -> tuple[str, Scope]:
        """Return role and scope of a string: in a call, in a list, or the value of an assignment."""
        data = self._data
        before = data[low : string.start()].rstrip()
        tested = _TEST.search(before)
        if tested is not None:
            return "string", Scope("condition", decode(tested[1], 0, len(tested[1])), (), "", scope)
        called = _CALL.search(before)
        if called is not None:
            words = tuple(
                decode(m[0], 1, len(m[0]) - 1) for m in _STRING.finditer(data, string.start(), string.end() + 200)
            )
            return "string", Scope("call", decode(called[1], 0, len(called[1])), words[: limits.MEMBERS], "", scope)
        after = data[string.end() : string.end() + 8].lstrip()
        if after[:1] == b":" and after[:2] != b"::":
            return "key", scope
        if frame is not None and frame.kind == "list":
            return "item", scope
        if before.endswith((b"[", b"(", b",", b"{")) or after[:1] == b",":
            return "item", self._line_list(low, string, scope)
        found = _ASSIGN.match(data, low, string.start())
        if found is not None:
            name = decode(found[1], 0, len(found[1])).strip("\"'")
            return "value", Scope("assignment", name, (), "", scope)
        return "string", scope

    def _line_list(self, low: int, string: re.Match[bytes], scope: Scope) -> Scope:
        """Return the list that the strings of one line make."""
        _, high = self._lines.bounds(string.start())
        words = (decode(m[0], 1, len(m[0]) - 1) for m in _STRING.finditer(self._data, low, high))
        found = _ASSIGN.match(self._data, low, string.start())
        name = decode(found[1], 0, len(found[1])).strip("\"'") if found is not None else ""
        return Scope("list", name, tuple(dict.fromkeys(words))[: limits.MEMBERS], "", scope)

    def _comment(self, low: int, high: int) -> int:
        """Return where the comment of a line starts, or -1."""
        if self._frames.in_comment(low) or _BLOCK_LINE.match(self._data, low, high):
            return low
        inside = [s.span() for s in _STRING.finditer(self._data, low, high)]
        for found in _COMMENT.finditer(self._data, low, high):
            if not any(a < found.start() < b for a, b in inside):
                return found.start()
        return -1

    def _in_comment(self, low: int, high: int, comment: int, start: int, stop: int, last: int) -> Span:
        data = self._data
        left, right = lines.bare_comment(data, comment, high)
        offset = low if data[low:comment].strip() else self._below(high)
        scope, statement = self._scope(start)[0], ""
        if offset is not None:
            begin, end = lines.trim(data, *self._lines.bounds(offset))
            frame = self._frames.opened(begin, end)
            scope = self._scope(frame.start)[0] if frame is not None else self._scope(begin)[0]
            statement = lines.statement(data, begin, end, begin, begin)
        note = lines.comment_text(data, comment, high)
        return self._made(left, right, start, stop, last, "comment", scope, statement, note)

    def _below(self, high: int) -> int | None:
        at = self._lines.after(high)
        for _ in range(12):
            if at is None:
                return None
            low, stop = self._lines.bounds(at)
            left, right = lines.trim(self._data, low, stop)
            if left == right:
                return None
            found = self._comment(low, stop)
            if found < 0 or found > left:
                return left
            at = self._lines.after(stop)
        return None

    def _note(self, low: int, comment: int, high: int) -> str:
        if comment < high:
            return lines.comment_text(self._data, comment, high)
        return self._above(low)

    def _above(self, low: int) -> str:
        parts: list[str] = []
        line = self._lines.before(self._lines.bounds(low)[0])
        for _ in range(8):
            if line is None or line[1] - line[0] > limits.STATEMENT * 4:
                break
            left, right = lines.trim(self._data, *line)
            if left == right or not (0 <= self._comment(line[0], line[1]) <= left):
                break
            parts.append(lines.comment_text(self._data, left, right))
            line = self._lines.before(line[0])
        return lines.clip(" ".join(reversed(parts)))


def _dotted(word: bytes) -> bool:
    """Whether a word with dots is one name, not the end of a sentence."""
    return word.count(b".") < 4 and not word.endswith(b".")  # noqa: PLR2004 - a count by eye, not a setting
