"""The scope chain of a hit, built along its path and kept for the next hit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Scope
from untag.readers.syntax.members import attributes, element_name, members, pairs
from untag.readers.syntax.names import name_of
from untag.readers.syntax.tree import children, first

if TYPE_CHECKING:
    from tree_sitter import Node

    from untag.readers.syntax.grammar import Binder, Grammar, Rule
    from untag.readers.syntax.notes import Notes
    from untag.readers.syntax.tree import Step

_ENUM_BASES: Final = re.compile(r"\b(?:Int|Str)?(?:Enum|Flag)\b|Choices\b|\benum\b")
_LISTING: Final = re.compile(
    r"(?:^|[.:])(?:asList|listOf|setOf|arrayOf|mutableListOf|mutableSetOf|hashSetOf|List\.of|Set\.of|List|Set|Seq|Vector"
    r"|Array|ImmutableList\.of|ImmutableSet\.of|vec|newArrayList|newHashSet|frozenset|Sets\.newHashSet)$"
)
"""Callees that only make a list of their arguments."""
_MAPPING: Final = re.compile(r"(?:^|[.:])(?:Map\.of|mapOf|mutableMapOf|hashMapOf|Map|ImmutableMap\.of|dict)$")
_NAMED_VALUES: Final = frozenset({"list", "map", "type", "function", "class", "struct", "interface", "enum"})


class Scopes:
    """Makes the `Scope` s of one tree, each once."""

    __slots__ = ("_cache", "_data", "_file", "_grammar", "_notes")

    def __init__(self, grammar: Grammar, data: bytes, file: Scope, notes: Notes) -> None:
        self._grammar = grammar
        self._data = data
        self._file = file
        self._notes = notes
        self._cache: dict[tuple[int, str, str], Scope] = {}

    def chain(self, path: list[Step], index: int, role: str) -> Scope:
        """Return the innermost scope around ``path[index]``, a hit in ``role``."""
        scope = self._file
        name = ""
        grammar = self._grammar
        for at, step in enumerate(path[: index + 1]):
            binder = grammar.binders.get(step.type)
            if binder is not None and at < index:
                bound = self._bound(path, at, index, binder, role, scope)
                if isinstance(bound, Scope):
                    scope = bound
                elif bound:
                    name = bound
            rule = grammar.scopes.get(step.type)
            if rule is None:
                continue
            if rule.kind == "condition" and not self._tested(rule, path, at, index):
                continue
            scope = self._scope(step.node, rule, scope, name if rule.borrows else "", path, at)
            name = ""
        return scope

    def _tested(self, rule: Rule, path: list[Step], at: int, index: int) -> bool:
        """Whether the hit is in the test of a condition, not in what it guards."""
        if at >= index:
            return True
        below = path[at + 1]
        if not rule.name or below.field in rule.name or below.type in rule.name:
            return True
        return any(
            step.type in ("case_statement", "switch_label", "switch_case", "when_entry", "case_item", "switch_entry",
                          "switch_section", "expression_case", "match_arm", "case_clause", "when", "switch_rule")
            and path[min(index, number + 1)].field in ("value", "pattern", "condition", "")
            for number, step in enumerate(path[at + 1 : at + 4], at + 1)
        )  # fmt: skip

    def _bound(self, path: list[Step], at: int, index: int, binder: Binder, role: str, scope: Scope) -> Scope | str:
        """Return the assignment's scope, or the name that the value's own scope takes over."""
        grammar, step, child = self._grammar, path[at], path[at + 1]
        on_name = child.field in binder.name or child.type in binder.name
        if not binder.name:
            return ""
        if on_name and (not binder.assigns or role == "member"):
            return ""
        if not on_name and binder.value and child.field not in binder.value and child.type not in binder.value:
            return ""
        node = first(step.node, binder.name)
        name = name_of(grammar, self._data, node).replace("->", ".")
        if not name or (not on_name and node is not None and node.id == child.node.id):
            return ""
        if not on_name:
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
            return self._scope(value, rule, scope, name, path, at)
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

    def _scope(self, node: Node, rule: Rule, parent: Scope, name: str, path: list[Step], at: int) -> Scope:
        key = (node.id, rule.kind, name)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._make(node, rule, parent, name, path, at)
        return found

    def _make(self, node: Node, rule: Rule, parent: Scope, name: str, path: list[Step], at: int) -> Scope:
        grammar, data = self._grammar, self._data
        kind, inside = rule.kind, members(grammar, data, node, rule)
        if kind == "element":
            return self._element(node, inside, parent)
        if kind in ("list", "map"):
            if grammar.data:
                kind, name, inside = self._shaped(node, kind, name, inside, parent, path, at)
                name = name or name_of(grammar, data, first(node, rule.name) if rule.name else None)
            else:
                kind = self._container_kind(node, kind)
                name = name or (name_of(grammar, data, first(node, rule.name)) if rule.name else "")
            return Scope(kind, name, inside, "", parent)
        if kind == "call":
            callee = self._callee(node, rule)
            if name and _LISTING.search(callee):
                return Scope("list", name, inside, "", parent)
            if _LISTING.search(callee) and inside:
                return Scope("list", "", inside, "", parent)
            return Scope("map" if _MAPPING.search(callee) else "call", callee, inside, "", parent)
        if rule.members == "literal" and not inside:
            return parent
        if kind == "type" and not rule.borrows and not inside:
            value = first(node, ("value", "type"))
            inner = grammar.scopes.get(value.type) if value is not None else None
            if value is not None and inner is not None and inner.borrows:
                inside = members(grammar, data, value, inner)
                kind = inner.kind
        if kind == "class" and self._is_enum(node):
            kind = "enum"
        if not name and rule.name:
            name = name_of(grammar, data, first(node, rule.name) or self._typedef(node))
        if not name and kind in ("struct", "enum", "class"):
            name = name_of(grammar, data, self._typedef(node))
        if kind == "condition":
            name = name or next(iter(inside), "")
            return Scope(kind, name, inside, "", parent)
        return Scope(kind, name, inside, self._notes.doc(node), parent)

    def _typedef(self, node: Node) -> Node | None:
        """Return the name that a typedef or variable gives to an anonymous struct."""
        parent = node.parent
        return parent.child_by_field_name("declarator") if parent is not None else None

    def _is_enum(self, node: Node) -> bool:
        """Whether a class is an enumeration by its bases or modifiers."""
        body = first(node, ("body", "class_body", "enum_class_body"))
        stop = body.start_byte if body is not None else node.end_byte
        head = self._data[node.start_byte : min(stop, node.start_byte + 400)].decode("utf-8", "replace")
        return _ENUM_BASES.search(head) is not None

    def _container_kind(self, node: Node, kind: str) -> str:
        """Return ``map`` for a list whose items are all pairs."""
        if kind != "list":
            return kind
        for number, (child, what, _) in enumerate(children(node, 3)):
            rule = self._grammar.scopes.get(what)
            pair = (rule is not None and rule.members == "values" and child.named_child_count > 1) or (
                what in ("initializer_pair", "keyed_element", "assignment_expression")
            )
            if what == "array_element_initializer":
                pair = child.named_child_count > 1
            if what == "literal_value":
                return self._container_kind(child, kind)
            if not pair:
                return kind
            if number:
                break
        return "map" if node.named_child_count else kind

    def _callee(self, node: Node, rule: Rule) -> str:
        """Return the dotted name of what is called."""
        parts = []
        for name in rule.name:
            child = node.named_child(0) if name == "*" else first(node, (name,))
            if child is not None:
                parts.append(name_of(self._grammar, self._data, child))
        return ".".join(part for part in parts if part).replace("::", ".").replace("->", ".")

    def _element(self, node: Node, inside: tuple[str, ...], parent: Scope) -> Scope:
        """Return the scope of a markup element; a schema's value list is an enum."""
        grammar, data = self._grammar, self._data
        found = dict(attributes(grammar, data, node))
        tag = name_of(grammar, data, first(node, ("open_tag", "name", "Name", "tag_name")))
        for child in (first(node, ("STag", "EmptyElemTag", "start_tag", "self_closing_tag")),):
            if child is not None:
                tag = name_of(grammar, data, first(child, ("Name", "tag_name")))
        local = tag.rsplit(":", 1)[-1]
        if local in ("simpleType", "restriction", "complexType", "enumeration", "sequence", "all", "choice"):
            kind = {"simpleType": "enum", "restriction": "enum", "complexType": "struct"}.get(local, "element")
            name = found.get("name", "")
            if not name and kind != "element" and parent.kind in ("element", "enum", "struct"):
                name = parent.name
            if local == "simpleType":
                inside = self._facets(node) or inside
            return Scope(kind, name or tag, inside, self._notes.doc(node), parent)
        name = found.get("name") or found.get("id") or "" if grammar.name == "xml" else ""
        return Scope("element", name or tag, inside, self._notes.doc(node), parent)

    def _facets(self, node: Node) -> tuple[str, ...]:
        """Return the values of an ``xs:restriction`` two levels below."""
        content = first(node, ("content",))
        for child, kind, _ in children(content, 8) if content is not None else ():
            if kind == "element":
                inner = first(child, ("content",))
                if inner is not None:
                    values = [element_name(self._grammar, self._data, one) for one, k, _ in children(inner) if k == "element"]
                    if values:
                        return tuple(dict.fromkeys(values))[:200]
        return ()

    def _shaped(
        self, node: Node, kind: str, name: str, inside: tuple[str, ...], parent: Scope, path: list[Step], at: int
    ) -> tuple[str, str, tuple[str, ...]]:
        """Read schemas: ``properties`` is a struct, ``enum`` a value list, each named by what holds it."""
        if kind == "map" and name in ("properties", "patternProperties"):
            return "struct", parent.name or self._titled(path, at), inside
        if kind == "list" and name in ("enum", "symbols", "enumValues", "oneOf", "anyOf", "const"):
            return "enum", self._titled(path, at) or parent.name, inside
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

