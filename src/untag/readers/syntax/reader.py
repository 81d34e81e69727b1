"""The generic reader: wanted byte ranges in, spans with role, scope and note out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from untag import limits
from untag.errors import LimitError
from untag.model import Gap, Scope, Span
from untag.readers import lines
from untag.readers.lines import Lines, decode
from untag.readers.syntax.grammar import BLOCKS, BODIES, STATEMENT, UNSTATED
from untag.readers.syntax.names import unquoted
from untag.readers.syntax.notes import Notes
from untag.readers.syntax.roles import role_of, unit
from untag.readers.syntax.scopes import Scopes
from untag.readers.syntax.tables import grammar as table
from untag.readers.syntax.tree import Step, Walk, children, first, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node, Tree

    from untag.limits import Deadline
    from untag.readers.base import Text


_ANNOTATIONS: Final = re.compile(
    rb"(?:@(?!interface\b|implementation\b|property\b|protocol\b|end\b)[\w.]+(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))?\s*"
    rb"|#?\[\w[^\]\n]*\]\s*)+"
)
"""Decorators, annotations and attributes between a comment and what it describes."""
_COMMENT_LINES: Final = 40
"""Lines of comment between a comment and the declaration that it describes."""
_SQL_REMARK: Final = re.compile(rb"\bCOMMENT\s*=?\s*'((?:[^'\n]|'')*)'", re.IGNORECASE)


class Piece(NamedTuple):
    """A span before its text and line numbers are known."""

    start: int
    stop: int
    role: str
    scope: Scope
    statement: str
    note: str


class TreeSpans:
    """Answers for one parsed text."""

    __slots__ = ("_below", "_data", "_file", "_grammar", "_lines", "_notes", "_scopes", "_statements", "_walk")

    def __init__(self, grammar_name: str, tree: Tree, data: bytes, text_lines: Lines, parent: Scope | str) -> None:
        self._grammar = table(grammar_name)
        self._data = data
        self._lines = text_lines
        self._notes = Notes(self._grammar, text_lines, tree.root_node)
        self._file = parent if isinstance(parent, Scope) else Scope("file", parent, (), self._notes.of_file())
        self._walk = Walk(tree)
        self._scopes = Scopes(self._grammar, data, self._file, self._notes)
        self._statements: dict[str, bool] = {}
        self._below: dict[int, int | None] = {}

    def piece(self, start: int, stop: int) -> Piece:
        """Return the piece that holds one wanted range."""
        path = self._walk.to(start, stop)
        if path is None:
            return self._line(start, stop, self._file)
        what, index = unit(self._grammar, path)
        if what == "comment":
            return self._comment(path[index], start, stop)
        if what == "code":
            return self._code(path, start, stop)
        low, high = path[index].start, path[index].stop
        if what == "name":
            role = role_of(self._grammar, self._data, path, index, "name")
        elif what == "text":
            role = "prose"
            low, high = self._one_line(low, high, start, stop)
        else:
            role = role_of(self._grammar, self._data, path, index, "string")
            if role == "string" and self._is_docstring(path, index):
                role = "docstring"
            low, high = unquoted(self._data, low, high)
            low, high = self._one_line(low, high, start, stop)
        scope = self._scopes.chain(path, index, role)
        role, scope = self._refined(path, index, role, scope)
        low, high = lines.around(self._data, min(low, start), max(high, stop), start, stop)
        several = what != "name" and self._data.find(b"\n", path[index].start, path[index].stop) >= 0
        statement, begin, end = self._statement(path, index, low, high, several=several)
        return Piece(low, high, role, scope, statement, self._note(begin, max(end, high), high))

    def _refined(self, path: list[Step], index: int, role: str, scope: Scope) -> tuple[str, Scope]:
        """Correct a role by what its scope turned out to be."""
        if role == "string" and scope.kind == "list":
            return "item", scope
        if role == "item" and scope.kind == "map":
            head = path[index - 1].node.named_child(0) if index else None
            return ("key" if head is not None and head.id == path[index].node.id else "value"), scope
        if role == "item" and scope.kind == "row":
            return "value", scope
        if self._scopes.markup is not None:
            return self._scopes.markup.role(path, role), scope
        if self._grammar.name == "sql" and role == "value":
            before = path[index].node.prev_named_sibling
            if before is not None and before.type == "keyword_comment":
                return "comment", scope.parent or scope
        return role, scope

    def _one_line(self, low: int, high: int, start: int, stop: int) -> tuple[int, int]:
        """Return the lines of ``low:high`` that hold ``start:stop``, without blanks at their ends."""
        if self._data.find(b"\n", low, high) >= 0:
            first, _ = self._lines.bounds(start)
            _, last = self._lines.bounds(max(start, stop - 1))
            low, high = max(low, first), min(high, max(last, stop))
            left, right = lines.trim(self._data, low, high)
            return min(left, start), max(right, stop)
        return low, high

    def _line(self, start: int, stop: int, scope: Scope, role: str = "code") -> Piece:
        low, _ = self._lines.bounds(start)
        _, high = self._lines.bounds(max(start, stop - 1))
        left, right = lines.trim(self._data, low, max(high, stop))
        left, right = lines.around(self._data, min(left, start), max(right, stop), start, stop)
        statement = lines.statement(self._data, low, max(high, stop), start, stop)
        return Piece(left, right, role, scope, statement, self._note(start, stop, stop))

    def _code(self, path: list[Step], start: int, stop: int) -> Piece:
        """Return a range over several nodes: the pair or argument when it is one, else its line."""
        last = len(path) - 1
        step = path[last]
        binder = self._grammar.binders.get(step.type)
        small = step.stop - step.start <= limits.STATEMENT and step.start <= start and stop <= step.stop
        scope = self._scopes.chain(path, last, "code")
        if small and last and self._data.find(b"\n", step.start, step.stop) < 0:
            role = "code"
            if binder is not None and binder.name:
                named = [*path, Step(step.node, step.type, binder.name[0], step.start, step.stop)]
                role = role_of(self._grammar, self._data, named, last + 1, "name")
            statement, begin, end = self._statement(path, last, step.start, step.stop)
            return Piece(step.start, step.stop, role, scope, statement, self._note(begin, end, stop))
        return self._line(start, stop, scope)

    def _comment(self, step: Step, start: int, stop: int) -> Piece:
        """Return one line of a comment, in the scope of the declaration that it describes."""
        data = self._data
        low, _ = self._lines.bounds(start)
        _, high = self._lines.bounds(max(start, stop - 1))
        low, high = lines.bare_comment(data, max(low, step.start), min(max(high, stop), step.stop))
        low, high = lines.around(data, min(low, start), max(high, stop), start, stop)
        note = lines.comment_text(data, *lines.around(data, step.start, step.stop, start, stop, limits.STATEMENT * 2))
        offset = self._described(step)
        path = self._walk.to(offset, offset + 1) if offset is not None else None
        if path is None or offset is None:
            path = self._walk.to(step.start, step.start + 1) or self._walk.path
            return Piece(low, high, "comment", self._scopes.chain(path, len(path) - 1, "comment"), "", note)
        head, tail = self._lines.bounds(offset)
        target = self._named(path, offset)
        path = self._walk.to(target, target + 1) or path
        _, index = unit(self._grammar, path)
        scope = self._scopes.chain(path, index, role_of(self._grammar, self._data, path, index, "name"))
        return Piece(low, high, "comment", scope, lines.statement(data, head, tail, offset, offset + 1), note)

    def _named(self, path: list[Step], offset: int) -> int:
        """Return where the name stands of the declaration that begins at ``offset``."""
        node = next((step.node for step in path[1:] if step.start == offset and step.type not in BLOCKS), None)
        for _ in range(5):
            if node is None:
                break
            rule, binder = self._grammar.scopes.get(node.type), self._grammar.binders.get(node.type)
            wanted = (*(rule.name if rule is not None else ()), *(binder.name if binder is not None else ()))
            name = first(node, wanted) if wanted else None
            if name is not None:
                return name.start_byte
            if node.type in self._grammar.identifiers or node.type in self._grammar.strings:
                break
            inner = (
                c for c, kind, _ in children(node, 12) if kind in self._grammar.scopes or kind in self._grammar.binders
            )
            node = next(inner, None) or first(node, ("declaration", "definition", "declarator", "name"))
            if node is not None and node.type in self._grammar.identifiers:
                return node.start_byte
        return offset

    def _described(self, step: Step) -> int | None:
        """Return an offset in the declaration on the same line, or on the next one with code."""
        data = self._data
        head = data.rfind(b"\n", 0, step.start) + 1
        if step.start - head > limits.STATEMENT * 4:
            return None
        left, right = lines.trim(data, head, step.start)
        if left < right and self._notes.comment_at(left) is None:
            last = self._lines.bounds(max(step.start, step.stop - 1))[1] <= step.stop
            return left if last or self._scopes.markup is None else None
        ended = data[step.stop - 1 : step.stop] == b"\n"
        at = self._lines.after(max(step.start, step.stop - 2 if ended else step.stop - 1))
        passed: list[int] = []
        found: int | None = None
        while at is not None and len(passed) < _COMMENT_LINES:
            if at in self._below:
                found = self._below[at]
                break
            passed.append(at)
            left, right = lines.trim(data, *self._lines.bounds(at))
            if left == right:
                break
            comment = self._notes.comment_at(left)
            if comment is None:
                mark = _ANNOTATIONS.match(data, left, right)
                if mark is None or mark.end() < right:
                    left = mark.end() if mark is not None else left
                    found = left if data[left : left + 1] not in b"})];" else None
                    break
            at = self._lines.after(max(left, comment.end_byte - 1) if comment is not None else right)
        self._below.update(dict.fromkeys(passed, found))
        return found

    def _is_docstring(self, path: list[Step], index: int) -> bool:
        if not self._grammar.docstrings or index < 1 or path[index - 1].type != "expression_statement":
            return False
        holder = path[index - 2].node if index > 1 else None
        head = holder.named_child(0) if holder is not None and holder.named_child_count else None
        return head is not None and head.id == path[index - 1].node.id

    def _note(self, begin: int, end: int, stop: int) -> str:
        if self._grammar.name == "sql" and (remark := _SQL_REMARK.search(self._data, begin, min(end, begin + 2_000))):
            return lines.clip(decode(self._data, *remark.span(1)))
        return self._notes.trailing(stop) or self._notes.above(begin)

    def _statement(
        self, path: list[Step], index: int, low: int, high: int, *, several: bool = False
    ) -> tuple[str, int, int]:
        """Return the statement around a hit, and the range that it was taken from."""
        if several:  # one line of many: its neighbours say more than the assignment far above
            begin, end = low, high
            for _ in range(2):
                line = self._lines.before(self._lines.bounds(begin)[0])
                begin = max(path[index].start, line[0]) if line else begin
                after = self._lines.after(end)
                end = min(path[index].stop, self._lines.bounds(after)[1]) if after is not None else end
            begin, end = min(begin, low), max(end, high)
            return lines.statement(self._data, begin, end, low, high), begin, end
        row = (
            self._scopes.markup.row(path[: index + 1]) if self._scopes.markup and self._grammar.name == "html" else None
        )
        for at in range(index, -1, -1):
            step = path[at]
            known = self._statements.get(step.type)
            if known is None:
                known = self._statements[step.type] = (
                    (STATEMENT.search(step.type) is not None or step.type in self._grammar.members)
                    and step.type not in self._grammar.dotted
                    and UNSTATED.search(step.type) is None
                )
            if row is not None:
                known = step is row
            elif not known and at and path[at - 1].type in BLOCKS:
                known = True
            if known and step.stop > step.start:
                end = self._cut(step.node, low, step.stop)
                return lines.statement(self._data, step.start, max(end, high), low, high), step.start, max(end, high)
        begin, end = self._lines.bounds(low)
        end = max(end, high)
        return lines.statement(self._data, begin, end, low, high), begin, end

    def _cut(self, node: Node, low: int, stop: int) -> int:
        """Return where a statement's own head ends: before its body, when the hit is in the head."""
        if stop - low < 40 and self._data.find(b"\n", low, stop) < 0:  # noqa: PLR2004 - a count by eye, not a setting
            return stop
        body = first(node, BODIES)
        return min(stop, body.start_byte) if body is not None and body.start_byte > low else stop


def joined(
    data: bytes,
    wanted: Sequence[tuple[int, int]],
    answers: TreeSpans,
    text_lines: Lines,
    deadline: Deadline,
) -> Iterator[Span]:
    """Yield a span for each wanted range; ranges that share a piece share the span."""
    held: Piece | None = None
    for start, stop in lines.checked(wanted, len(data), deadline):
        if held is not None and stop <= held.stop and start >= held.start:
            continue
        if held is not None and start < held.stop:
            held = held._replace(stop=stop)  # the range runs on past the node: stretch the span over it
            continue
        found = answers.piece(start, stop)
        if held is not None:
            yield span(data, held, text_lines)
            if found.start < held.stop:
                found = found._replace(start=held.stop)
        held = found
    if held is not None:
        yield span(data, held, text_lines)


def span(data: bytes, piece: Piece, text_lines: Lines) -> Span:
    """Give a piece its text and its lines."""
    line = text_lines.number(piece.start)
    last = text_lines.number(max(piece.start, piece.stop - 1))
    return Span(
        decode(data, piece.start, piece.stop),
        piece.role,
        piece.start,
        piece.stop,
        line,
        last,
        piece.scope,
        piece.statement,
        piece.note,
    )


def tree_spans(
    name: str, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline, parent: Scope | None = None
) -> Iterator[Span | Gap]:
    """Parse ``text`` with a grammar and yield the spans; on a deadline, a `Gap` and the spans of the lines."""
    from untag.readers.fallback import line_spans  # noqa: PLC0415 - loaded where it is used

    try:
        tree = parse(name, text.data, deadline)
    except LimitError as error:
        yield Gap(text.trail, "limit", error.detail)
        yield from line_spans(text, wanted)
        return
    text_lines = Lines(text.data, text.first_line)
    answers = TreeSpans(name, tree, text.data, text_lines, parent or text.name)
    yield from joined(text.data, wanted, answers, text_lines, deadline)
