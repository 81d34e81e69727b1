"""Which node stands for itself, and in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.syntax.grammar import Grammar
    from untag.readers.syntax.tree import Step

DECLARING: Final = frozenset({"class", "struct", "enum", "interface", "function", "type", "table", "module", "message"})
"""Scope kinds whose name is a declaration."""
HOLDING: Final = frozenset({"class", "struct", "enum", "interface", "table", "message"})
"""Scope kinds that have members."""
_ARGUMENTS: Final = frozenset({"argument", "value_argument", "attribute_argument"})
"""Arguments that may or may not have a name."""


def unit(grammar: Grammar, path: list[Step]) -> tuple[str, int]:
    """Return what the innermost node is (``name``, ``string``, ``comment``, ``text`` or ``code``) and where."""
    last = len(path) - 1
    leaf = path[last].type
    if leaf in grammar.identifiers:
        if last and path[last - 1].type in grammar.identifiers:
            return "name", last - 1
        return "name", last
    if leaf in grammar.dotted:
        return "name", last
    for index in range(last, max(-1, last - 8), -1):
        kind = path[index].type
        if kind in grammar.comments:
            return "comment", index
        if kind in grammar.strings:
            outer = index
            while outer and path[outer - 1].type in grammar.strings:
                outer -= 1
            return "string", outer
        if kind in grammar.texts:
            return "text", index
        if kind in grammar.inlets or kind in grammar.scopes:
            break
    return "code", last


def role_of(grammar: Grammar, data: bytes, path: list[Step], index: int, default: str) -> str:
    """Return the role of ``path[index]`` from its place in its parents."""
    child = path[index]
    for above in range(index - 1, max(-1, index - 12), -1):
        parent = path[above]
        role = _role_in(grammar, data, path, above, child)
        if role != "up":
            return role or default
        child = parent
    return default


def _role_in(grammar: Grammar, data: bytes, path: list[Step], above: int, child: Step) -> str:
    parent = path[above]
    table = grammar.roles.get(parent.type)
    if table is not None:
        role = table.get(child.field) or table.get(child.type) or table.get("*")
        if role == "pair":
            return _in_pair(data, parent, child)
        if role == "member":
            return "member" if _is_member(grammar, path, above) else "name"
        if role:
            return role
    rule = grammar.scopes.get(parent.type)
    if rule is not None:
        if rule.kind in DECLARING and (child.field in rule.name or child.type in rule.name) and not rule.borrows:
            return "declaration"
        if rule.members in ("values", "literal"):
            return "item"
        if child.type in grammar.members and rule.kind in HOLDING:
            return "member"
    binder = grammar.binders.get(parent.type)
    if binder is not None:
        named = child.field in binder.name or child.type in binder.name
        if parent.type in _ARGUMENTS:
            if parent.node.named_child_count < 2:  # noqa: PLR2004 - a count by eye, not a setting
                return "up"
            return "argument" if named and parent.node.named_child(0) == child.node else "value"
        if parent.type in grammar.members and named and _is_member(grammar, path, above):
            return "member"
        if not named and (not binder.value or child.field in binder.value or child.type in binder.value):
            return "value" if binder.name else "item"
        return "name"
    if parent.type in grammar.members and child.field != "type":
        return "member" if _is_member(grammar, path, above) else ""
    return "up" if parent.type in grammar.transparent or parent.type in grammar.through else ""


def _in_pair(data: bytes, parent: Step, child: Step) -> str:
    """Return the role in a pair that has no fields: ``"race" => 1``, ``"race" to 1``, ``"race" -> 1``."""
    if parent.type == "infix_expression":
        operator = parent.node.child(1)
        if operator is None or data[operator.start_byte : operator.end_byte] not in (b"to", b"->"):
            return ""
    if parent.node.named_child_count < 2:  # noqa: PLR2004 - a count by eye, not a setting
        return "item"
    return "key" if parent.node.named_child(0) == child.node else "value"


def _is_member(grammar: Grammar, path: list[Step], index: int) -> bool:
    """Whether the nearest scope around ``path[index]`` has members: a class, not a function."""
    for step in reversed(path[:index]):
        rule = grammar.scopes.get(step.type)
        if rule is not None and rule.kind != "list":
            return rule.kind in HOLDING
    return False
