"""Comments that belong to a place: trailing, directly above, or a docstring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.readers import lines
from untag.readers.lines import Lines, comment_text, decode
from untag.readers.syntax.names import unquoted
from untag.readers.syntax.tree import first

if TYPE_CHECKING:
    from tree_sitter import Node

    from untag.readers.syntax.grammar import Grammar

_ABOVE: Final = 12
"""Lines of a comment above that are read."""
_WRAPPERS: Final = frozenset({"decorated_definition", "export_statement", "type_definition", "type_declaration",
                              "template_declaration", "expression_statement", "declaration", "lexical_declaration",
                              "field_declaration", "statement", "variable_declaration"})  # fmt: skip
_SKIPPED: Final = (b"@", b"#[", b"[")
"""Decorators, attributes and annotations between a comment and what it describes."""


class Notes:
    """Finds the comments of one tree by looking at line ends."""

    __slots__ = ("_grammar", "_known", "_lines", "_marks", "_root")

    def __init__(self, grammar: Grammar, text_lines: Lines, root: Node) -> None:
        self._grammar = grammar
        self._lines = text_lines
        self._root = root
        self._known: dict[int, str] = {}
        self._marks = re.compile(b"|".join(re.escape(mark) for mark in grammar.marks))

    def comment_at(self, offset: int) -> Node | None:
        """Return the comment node that holds the byte at ``offset``."""
        node = self._root.descendant_for_byte_range(offset, offset + 1)
        for _ in range(3):
            if node is None or node.type in self._grammar.comments:
                return node
            node = node.parent
        return None

    def _marked(self, start: int, stop: int) -> bool:
        return self._marks.search(self._lines.data, start, stop) is not None

    def trailing(self, offset: int) -> str:
        """Return the comment at the end of the line that holds ``offset``, when it begins after it."""
        start, stop = self._lines.bounds(offset)
        if stop - offset > limits.STATEMENT * 4 or not self._marked(offset, stop):
            return ""
        _, last = lines.trim(self._lines.data, start, stop)
        comment = self.comment_at(last - 1) if last > offset else None
        if comment is None or comment.start_byte < offset:
            return ""
        return comment_text(self._lines.data, comment.start_byte, comment.end_byte)

    def above(self, offset: int) -> str:
        """Return the comment that stands directly above the line that holds ``offset``."""
        start = self._lines.bounds(offset)[0]
        known = self._known.get(start)
        if known is None:
            known = self._known[start] = self._comment_above(start)
        return known

    def _comment_above(self, first_line: int) -> str:
        data = self._lines.data
        line = self._lines.before(first_line)
        parts: list[str] = []
        for _ in range(_ABOVE):
            if line is None:
                break
            start, stop = lines.trim(data, *line)
            if start == stop or stop - start > limits.STATEMENT * 4:
                break
            if not self._marked(start, stop) or (comment := self.comment_at(stop - 1)) is None:
                if not parts and data.startswith(_SKIPPED, start):
                    line = self._lines.before(line[0])
                    continue
                break
            begin = comment.start_byte
            head = data.rfind(b"\n", 0, begin) + 1
            if data[head:begin].strip() or data.startswith(b"#!", begin):
                break
            parts.append(comment_text(data, begin, comment.end_byte))
            line = self._lines.before(head)
        return lines.clip(" ".join(reversed(parts)))

    def doc(self, node: Node) -> str:
        """Return the docstring or the comment above a declaration."""
        if self._grammar.docstrings:
            found = self.docstring(first(node, ("body",)) if node.type != "module" else node)
            if found:
                return found
        parent = node.parent
        for _ in range(3):
            if parent is None or parent.type not in _WRAPPERS:
                break
            node = parent
            parent = node.parent
        return self.above(node.start_byte)

    def docstring(self, body: Node | None) -> str:
        """Return the first statement of a body when it is a string."""
        if body is None or not body.named_child_count:
            return ""
        statement = body.named_child(0)
        if statement is None or statement.type != "expression_statement" or statement.named_child_count != 1:
            return ""
        string = statement.named_child(0)
        if string is None or string.type not in self._grammar.strings:
            return ""
        start, stop = unquoted(self._lines.data, string.start_byte, string.end_byte)
        return lines.clip(decode(self._lines.data, start, min(stop, start + limits.STATEMENT * 4)))

    def of_file(self) -> str:
        """Return the docstring or the first comment of the file."""
        if self._grammar.docstrings and (found := self.docstring(self._root)):
            return found
        head = self._root.named_child(0) if self._root.named_child_count else None
        for _ in range(3):
            if head is None:
                break
            if self._lines.data.startswith(b"#!", head.start_byte) or head.type == "php_tag":
                head = head.next_named_sibling
            elif head.type in self._grammar.comments:
                return comment_text(self._lines.data, head.start_byte, head.end_byte)
            elif head.type == "prolog":
                head = head.named_child(head.named_child_count - 1) if head.named_child_count else None
            else:
                break
        return ""
