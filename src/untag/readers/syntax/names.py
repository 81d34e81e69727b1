"""Names, literals and dotted targets of nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.readers import lines
from untag.readers.syntax.tree import children, first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from untag.readers.syntax.grammar import Grammar

NAME_FIELDS: Final = ("name", "declarator", "pattern", "left", "key", "property", "bound_identifier", "alias", "value")
LONGEST: Final = 200
"""Characters kept of one name or literal."""
_OPENING: Final = re.compile(
    rb"(?:[A-Za-z@$#]{0,3})(?:\"\"\"|'''|`|\"|')|[A-Za-z]{0,3}R\"[^(\s]{0,16}\(|b?r#*\"|%[wWiIqQ]?[(\[{<|]|<!\[CDATA\[|/(?=.)|:(?=\w)"
)
_CLOSING: Final = re.compile(rb"(?:\"\"\"|'''|`|\"#*|'|\)[^\s)\"]{0,16}\"|[)\]}>|]{1,3}|/[a-z]*)$")
_BLOCK: Final = re.compile(rb"[|>][+\-0-9]*[ \t]*(?:#[^\n]*)?\r?\n?")


def unquoted(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Return the range of a literal without its quotes and prefix."""
    opening = _OPENING.match(data, start, min(stop, start + 40))
    if opening is None:
        block = _BLOCK.match(data, start, stop)
        return (block.end(), stop) if block is not None and b"\n" in data[start : block.end()] else (start, stop)
    low = opening.end()
    closing = _CLOSING.search(data, max(low, stop - 24), stop)
    return (low, closing.start()) if closing is not None and closing.start() >= low else (low, stop)


def literal(grammar: Grammar, data: bytes, node: Node) -> str:
    """Return the text of a string or scalar without quotes, in one line."""
    start, stop = node.start_byte, min(node.end_byte, node.start_byte + LONGEST * 4)
    if node.type in grammar.strings:
        start, stop = unquoted(data, start, stop)
    return lines.clip(lines.decode(data, start, stop), LONGEST)


def name_of(grammar: Grammar, data: bytes, node: Node | None) -> str:
    """Return the name that a declarator, target, key or declaration carries; empty when there is none."""
    for _ in range(10):
        if node is None:
            return ""
        kind = node.type
        if kind in grammar.identifiers:
            return _identifier(data, node)
        if kind in grammar.strings:
            return literal(grammar, data, node)
        if kind in grammar.dotted or node.named_child_count == 0:
            return _identifier(data, node)
        node = _inner(grammar, node)
    return ""


def _identifier(data: bytes, node: Node) -> str:
    start, stop = node.byte_range
    name = data[start : min(stop, start + 300)].decode("utf-8", "replace")
    if len(name) > LONGEST or not name.isidentifier():
        name = lines.clip(name, LONGEST)
    return name.lstrip("$@:") or name


def _inner(grammar: Grammar, node: Node) -> Node | None:
    """Return the child that leads to the name: by binder, by field, then by type."""
    binder = grammar.binders.get(node.type)
    if binder is not None and binder.name and (child := first(node, binder.name)) is not None:
        return child
    for name in NAME_FIELDS:
        found = node.child_by_field_name(name)
        if found is not None:
            return found
    named: Node | None = None
    other: Node | None = None
    for child, kind, _ in children(node, 16):
        if kind.endswith("_declarator"):
            return child
        if kind in grammar.identifiers or kind in grammar.dotted or kind in grammar.strings:
            named = named or child
        elif kind not in grammar.comments:
            other = other or child
    return named or other


def flattened(grammar: Grammar, node: Node) -> Iterator[tuple[Node, str, str]]:
    """Yield the named children, those of see-through nodes in their place."""
    stack = [children(node)]
    while stack:
        for child, kind, field in stack[-1]:
            if kind in grammar.through and len(stack) < 6:  # noqa: PLR2004 - a count by eye, not a setting
                stack.append(children(child))
                break
            yield child, kind, field
        else:
            stack.pop()
