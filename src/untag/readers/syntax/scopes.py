"""The scope chain of a hit, built along its path and kept for the next hit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Scope
from untag.readers.syntax.markup import Markup
from untag.readers.syntax.members import members, pairs
from untag.readers.syntax.names import name_of
from untag.readers.syntax.tree import children, first

if TYPE_CHECKING:
    from tree_sitter import Node

    from untag.readers.syntax.grammar import Binder, Grammar, Rule
    from untag.readers.syntax.notes import Notes
    from untag.readers.syntax.tree import Step

_ENUM_BASES: Final = re.compile(r"\b(?:Int|Str)?(?:Enum|Flag)\b|Choices\b|\benum\b")
_STRUCT: Final = re.compile(r"\bstruct\b")
_LISTING: Final = re.compile(
    r"(?:^|[.:])(?:asList|listOf|setOf|arrayOf|mutableListOf|mutableSetOf|hashSetOf|List\.of|Set\.of|List|Set|Seq|Vector"
    r"|Array|ImmutableList\.of|ImmutableSet\.of|vec|newArrayList|newHashSet|frozenset|Sets\.newHashSet)$"
)
"""Callees that only make a list of their arguments."""
_MAPPING: Final = re.compile(r"(?:^|[.:])(?:Map\.of|mapOf|mutableMapOf|hashMapOf|Map|ImmutableMap\.of|dict)$")
_NAMED_VALUES: Final = frozenset({"list", "map", "type", "function", "class", "struct", "interface", "enum"})
_CASES_WORDS: Final = (
    "case_statement switch_label switch_case when_entry case_item switch_entry switch_section expression_case "
    "match_arm case_clause when switch_rule switch_block_statement_group"
)
_CASES: Final = frozenset(_CASES_WORDS.split())
_CASE_VALUES: Final = frozenset({"value", "pattern", "condition", ""})
_ENUM_KEYS: Final = frozenset({"enum", "symbols", "enumValues", "allowedValues", "allowed_values", "permissibleValues"})

_LABEL_MAPS: Final = frozenset(
    {"id2label", "label2id", "id_to_label", "label_to_id", "idx2label", "idx_to_class", "class_to_idx"}
)
"""Keys under which the configuration of a model holds its classes."""


class Scopes:
    """Makes the `Scope` s of one tree, each once."""

    __slots__ = ("_cache", "_data", "_grammar", "_notes", "file", "markup")

    def __init__(self, grammar: Grammar, data: bytes, file: Scope, notes: Notes) -> None:
        self.file = file
        self._grammar = grammar
        self._data = data
        self._notes = notes
        self.markup = Markup(grammar, data, notes) if grammar.texts and "element" in grammar.scopes else None
        self._cache: dict[tuple[int, str, str], Scope] = {}

    def chain(self, path: list[Step], index: int, role: str) -> Scope:
        """Return the innermost scope around ``path[index]``, a hit in ``role``."""
        grammar = self._grammar
        scope = self.markup.section(self.file, path[index].start) if self.markup else self.file
        name = ""
        for at in range(index + 1):
            step = path[at]
            rule = grammar.scopes.get(step.type)
            binder = grammar.binders.get(step.type)
            if binder is not None and at < index:
                bound = self._bound(path, at, index=index, binder=binder, role=role, scope=scope)
                if isinstance(bound, str):
                    if bound:
                        name = bound
                        continue  # the value's own scope takes the name, a type alias has no other
                elif rule is None or bound.kind != "assignment":
                    scope = bound
                    continue
            if rule is None or (name and step.type in grammar.transparent) or not step.node.is_named:
                continue  # a keyword may be spelled like the node that it opens
            if rule.kind == "condition" and not _tested(rule, path, at, index):
                continue
            if self._skipped(rule, scope, path, at, index):
                continue
            scope = self._scope(step.node, rule, scope, name, path=path, at=at)
            name = ""
        return scope

    def _skipped(self, rule: Rule, scope: Scope, path: list[Step], at: int, index: int) -> bool:
        """Whether a scope says nothing more than the one around it."""
        if rule.kind == "list" and scope.kind == "map" and not self._grammar.data:
            above = path[at - 1]
            return above.type == path[at].type or above.type in self._grammar.transparent
        if rule.kind == "element" and rule.members == "none":
            return at < index and path[at + 1].type == "jsx_opening_element"
        if self.markup is not None:
            return self.markup.layout(path[at].node)
        if self._grammar.name == "sql" and path[at].type == "list" and path[at - 1].type == "insert":
            head = path[at].node.named_child(0)
            return head is not None and head.type == "column"
        return False

    def _bound(self, path: list[Step], at: int, *, index: int, binder: Binder, role: str, scope: Scope) -> Scope | str:
        """Return the assignment's scope, or the name that the value's own scope takes over."""
        grammar, step, child = self._grammar, path[at], path[at + 1]
        on_name = child.field in binder.name or child.type in binder.name
        if not binder.name or (on_name and (not binder.assigns or role == "member")):
            return ""
        if not on_name and binder.value and child.field not in binder.value and child.type not in binder.value:
            return ""
        node = first(step.node, binder.name)
        name = name_of(grammar, self._data, node).replace("->", ".")
        if not name or (not on_name and node is not None and node.id == child.node.id):
            return ""
        if not on_name:
            if self.markup is not None and self.markup.plain(path, at, name):
                return ""
            below = at + 1
            while below < index and path[below].type in grammar.transparent:
                below += 1
            rule = grammar.scopes.get(path[below].type)
            if rule is not None and self._takes(rule, path[below].node):
                return name
            return self._assignment(step.node, name, binder, scope)
        value = self._value(step.node, binder)
        rule = grammar.scopes.get(value.type) if value is not None else None
        if value is not None and rule is not None and rule.kind != "function" and self._takes(rule, value):
            return self._scope(value, rule, scope, name, path=path, at=at)
        return self._assignment(step.node, name, binder, scope)

    def _takes(self, rule: Rule, node: Node) -> bool:
        if rule.borrows and rule.kind in _NAMED_VALUES:
            return rule.members != "literal" or bool(members(self._grammar, self._data, node, rule))
        return rule.kind == "call" and _LISTING.search(self._callee(node, rule)) is not None

    def _value(self, node: Node, binder: Binder) -> Node | None:
        value = first(node, binder.value) if binder.value else None
        if value is None and not binder.value and node.named_child_count:
            value = node.named_child(node.named_child_count - 1)
        while value is not None and value.type in self._grammar.transparent and value.named_child_count:
            value = value.named_child(value.named_child_count - 1)
        return value

    def _assignment(self, node: Node, name: str, binder: Binder, parent: Scope) -> Scope:
        key = (node.id, "assignment", name)
        found = self._cache.get(key)
        if found is None:
            inside: tuple[str, ...] = ()
            value = self._value(node, binder)
            rule = self._grammar.scopes.get(value.type) if value is not None else None
            if value is not None and rule is not None and rule.kind == "call":
                inside = (self._callee(value, rule), *members(self._grammar, self._data, value, rule))
            doc = self._notes.doc(node) if binder.assigns else ""
            found = self._cache[key] = Scope("assignment", name, inside, doc, parent)
        return found

    def _scope(self, node: Node, rule: Rule, parent: Scope, name: str, *, path: list[Step], at: int) -> Scope:
        if self._grammar.name == "sql" and rule.kind == "list" and parent.kind == "table":
            return self._row(parent, path, at)
        key = (node.id, rule.kind, name)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._make(node, rule, parent, name, path=path, at=at)
        return found

    def _row(self, parent: Scope, path: list[Step], at: int) -> Scope:
        """Return the scope of one value of an INSERT: a row, named by its column."""
        column = -1
        if at + 1 < len(path):
            for number, (child, _, _) in enumerate(children(path[at].node)):
                if child.start_byte <= path[at + 1].start < child.end_byte:
                    column = number
        name = parent.members[column] if 0 <= column < len(parent.members) else ""
        return Scope("row", name, parent.members, "", parent)

    def _make(self, node: Node, rule: Rule, parent: Scope, name: str, *, path: list[Step], at: int) -> Scope:
        grammar, data = self._grammar, self._data
        kind, inside = rule.kind, members(grammar, data, node, rule)
        if kind == "element" and self.markup is not None:
            return self.markup.element(node, inside, parent)
        if kind in ("list", "map"):
            own = name_of(grammar, data, first(node, rule.name)) if rule.name else ""
            if grammar.data:
                kind, name, inside = self._shaped(kind, name, inside, parent, path=path, at=at)
            else:
                kind = self._container_kind(node, kind, rule)
            return Scope(kind, name or own, inside, "", parent)
        if kind == "call":
            callee = self._callee(node, rule)
            if _LISTING.search(callee) and (name or inside):
                return Scope("list", name, inside, "", parent)
            return Scope("map" if _MAPPING.search(callee) else "call", callee, inside, "", parent)
        if rule.members == "literal" and not inside:
            return parent
        if kind == "condition":
            named = name_of(grammar, data, first(node, rule.name)) if rule.members == "none" and rule.name else ""
            return Scope(kind, named or next(iter(inside), ""), inside, "", parent)
        if kind == "class":
            kind = self._class_kind(node)
        if rule.name:
            name = name_of(grammar, data, first(node, rule.name)) or name
        if not name and kind in ("struct", "enum", "class"):
            above = node.parent  # a typedef or a variable names an anonymous struct
            name = name_of(grammar, data, above.child_by_field_name("declarator") if above is not None else None)
        return Scope(kind, name, inside, self._notes.doc(node), parent)

    def _class_kind(self, node: Node) -> str:
        """Return ``enum`` for a class that is an enumeration by its bases or modifiers."""
        body = first(node, ("body", "class_body", "enum_class_body"))
        stop = body.start_byte if body is not None else node.end_byte
        head = self._data[node.start_byte : min(stop, node.start_byte + 400)].decode("utf-8", "replace")
        if _ENUM_BASES.search(head) is not None:
            return "enum"
        return "struct" if self._grammar.name == "swift" and _STRUCT.search(head) else "class"

    def _container_kind(self, node: Node, kind: str, rule: Rule) -> str:
        """Return ``map`` for a list whose items are all pairs."""
        if kind != "list":
            return kind
        body = first(node, rule.body) or node if rule.body else node
        pair = False
        for number, (child, what, _) in enumerate(children(body, 3)):
            inner = self._grammar.scopes.get(what)
            pair = (
                (inner is not None and inner.members == "values" and child.named_child_count > 1)
                or what in ("initializer_pair", "keyed_element", "assignment_expression")
                or (what == "array_element_initializer" and child.named_child_count > 1)
            )
            if what == "array_element_initializer" and pair:
                return "map"
            if not pair or number:
                break
        return "map" if pair else kind

    def _callee(self, node: Node, rule: Rule) -> str:
        """Return the dotted name of what is called."""
        parts = []
        for name in rule.name:
            child = node.named_child(0) if name == "*" else first(node, (name,))
            if child is not None:
                parts.append(name_of(self._grammar, self._data, child))
        return ".".join(part for part in parts if part).replace("::", ".").replace("->", ".")

    def _shaped(
        self, kind: str, name: str, inside: tuple[str, ...], parent: Scope, *, path: list[Step], at: int
    ) -> tuple[str, str, tuple[str, ...]]:
        """Read schemas: ``properties`` is a struct, ``enum`` a value list, each named by what holds it."""
        if kind == "map" and name in ("properties", "patternProperties"):
            return "struct", parent.name or self._titled(path, at), inside
        if kind == "map" and name in _LABEL_MAPS:
            return "labels", parent.name or name, inside
        if kind == "list" and name in _ENUM_KEYS:
            return "enum", parent.name or self._titled(path, at), inside
        if kind == "list" and name == "fields":
            return "struct", self._titled(path, at) or parent.name or name, inside
        return kind, name, inside

    def _titled(self, path: list[Step], at: int) -> str:
        """Return the ``title`` or ``name`` of the object that holds ``path[at]``."""
        for step in reversed(path[:at]):
            rule = self._grammar.scopes.get(step.type)
            if rule is not None and rule.members == "keys":
                found = dict(pairs(self._grammar, self._data, step.node))
                return found.get("title") or found.get("name") or ""
        return ""


def _tested(rule: Rule, path: list[Step], at: int, index: int) -> bool:
    """Whether the hit is in the test of a condition or in a case label, not in what it guards."""
    if at >= index:
        return True
    below = path[at + 1]
    if not rule.name or below.field in rule.name or below.type in rule.name:
        return True
    for number in range(at + 1, min(at + 4, index)):
        if path[number].type in _CASES:
            after = path[number + 1]
            return after.field in _CASE_VALUES and "statement" not in after.type and "block" not in after.type
    return False
