"""Parsing under a deadline, and the one walk that finds a node's path. No recursion."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from untag import limits
from untag.errors import LimitError
from untag.readers.syntax.tables import language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Point, Tree

    from untag.limits import Deadline

_CHUNK: Final = 1 << 16
_MACRO_ENUM: Final = re.compile(rb"\b(?:NS|CF)_(?:CLOSED_)?(ENUM|OPTIONS)\s*\(\s*\w+\s*,\s*(\w+)\s*\)")
_EXPORT: Final = re.compile(
    rb"\b((?:class|struct|enum)[ \t]+)"
    rb"(?:[A-Z][A-Z0-9_]*_?(?:API|EXPORTS?|EXPORT_W|DLL\w*)|__declspec\([^)\n]*\))(?=[ \t]+\w)"
)
"""``class CV_EXPORTS Face`` and its kind."""


class Step(NamedTuple):
    """One node on the way from the root to a hit."""

    node: Node
    type: str
    field: str
    """Its field in the parent, or empty."""
    start: int
    stop: int


def parse(name: str, data: bytes, deadline: Deadline) -> Tree:
    """Parse ``data``, or raise `LimitError` once the deadline has passed."""
    from tree_sitter import Parser  # noqa: PLC0415 - loaded where it is used

    def read(offset: int, _point: Point) -> bytes:
        return data[offset : offset + _CHUNK]

    def late(_offset: int, _failed: bool) -> bool:
        return time.monotonic() > deadline.at

    deadline.check()
    data = prepared(name, data)
    parser = Parser(language(name))
    try:
        return parser.parse(read, progress_callback=late)
    except ValueError as error:
        raise LimitError("parsing took too long; the text is read as lines") from error


def prepared(name: str, data: bytes) -> bytes:
    """Blank out, byte for byte, macros that keep a grammar from seeing a declaration."""
    if name not in ("c", "cpp", "objc"):
        return data
    if b"_ENUM" in data or b"_OPTIONS" in data:
        data = _MACRO_ENUM.sub(_plain_enum, data)
    return _EXPORT.sub(lambda found: found[1] + b" " * (len(found[0]) - len(found[1])), data)


def _plain_enum(found: re.Match[bytes]) -> bytes:
    lead = found.start(2) - found.start()
    return b"enum".ljust(lead) + found[2].ljust(found.end() - found.start(2))


class Walk:
    """Finds the path to one byte range after another, keeping the part that they share."""

    __slots__ = ("_cursor", "path")

    def __init__(self, tree: Tree) -> None:
        root = tree.root_node
        self._cursor = root.walk()
        self.path: list[Step] = [Step(root, root.type, "", root.start_byte, root.end_byte)]

    def to(self, start: int, stop: int) -> list[Step] | None:
        """Return the path to the smallest node that holds the range; None when it lies too deep."""
        path, cursor = self.path, self._cursor
        while len(path) > 1 and not (path[-1].start <= start and stop <= path[-1].stop):
            path.pop()
            cursor.goto_parent()
        while len(path) < limits.NESTING:
            if cursor.goto_first_child_for_byte(start) is None:
                return path
            node = cursor.node
            if node is None:
                return path
            low, high = node.byte_range
            if low > start or high < stop:
                cursor.goto_parent()
                return path
            path.append(Step(node, node.type, cursor.field_name or "", low, high))
        return None


def children(node: Node, most: int = limits.MEMBERS * 4) -> Iterator[tuple[Node, str, str]]:
    """Yield up to ``most`` named children with type and field, without making a list of all."""
    cursor = node.walk()
    if not cursor.goto_first_child():
        return
    for _ in range(most):
        child = cursor.node
        if child is not None and child.is_named:
            yield child, child.type, cursor.field_name or ""
        if not cursor.goto_next_sibling():
            return


def first(node: Node, wanted: tuple[str, ...]) -> Node | None:
    """Return the first child whose field, or else whose type, is one of ``wanted``, best first."""
    for name in wanted:
        child = node.child_by_field_name(name)
        if child is not None:
            return child
    for name in wanted:
        for child, kind, _ in children(node, 24):
            if kind == name:
                return child
    return None
