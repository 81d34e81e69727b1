"""The members of a scope: what stands beside a hit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.readers.syntax.names import flattened, literal, name_of
from untag.readers.syntax.tree import children, first

if TYPE_CHECKING:
    from tree_sitter import Node

    from untag.readers.syntax.grammar import Grammar, Rule

Lister = Callable[["Grammar", bytes, "Node", "Rule"], Iterator[str]]
LABELS: Final = ("name", "id", "key", "label", "field", "code", "title", "value", "text")
"""Keys that give an object in a list its name, best first."""
FILES: Final = 3
"""Members from which on a scope in which all are paths of files lists files."""
_FILE: Final = re.compile(r"[/\\][^/\\]*\.(?!(?:jpe?g|png|bmp|webp|gif|tiff?)$)\w{1,12}$", re.IGNORECASE)
"""A path of a file; one of a picture says what the picture is filed under."""
_PARAMETER_SKIP: Final = frozenset({"self", "cls", "this", "&self", "&mut self", "void"})
_NUMBER: Final = re.compile(r"[-+.]?\d[\w.]*$")


def members(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> tuple[str, ...]:
    """Return the names or values of the direct children, each once, at most `limits.MEMBERS`.

    Files of a package, as lock files and manifests of builds list them, are no value set: each is read where it lies.
    """
    found = tuple(
        dict.fromkeys(islice((m for m in _LISTERS[rule.members](grammar, data, node, rule) if m), limits.MEMBERS))
    )
    return () if len(found) >= FILES and all(_FILE.search(m) for m in found) else found


def _bodies(node: Node, rule: Rule) -> Iterator[Node]:
    found = False
    for name in rule.body:
        body = first(node, (name,))
        if body is not None:
            found = True
            yield body
    if not found:
        yield node


def _names(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    for body in _bodies(node, rule):
        for child, kind, _ in flattened(grammar, body):
            if kind in grammar.members:
                several = child.children_by_field_name("declarator") or child.children_by_field_name("name")
                for one in several if len(several) > 1 and "function" not in kind else (child,):
                    yield name_of(grammar, data, one)
            elif kind in ("property_element", "const_element", "variable_declarator"):
                yield name_of(grammar, data, child)


def _values(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    for body in _bodies(node, rule):
        for child, _, _ in children(body):
            yield _value(grammar, data, child)


def _value(grammar: Grammar, data: bytes, node: Node) -> str:
    """Return what an item of a list stands for: its text, its key or its first item."""
    for _ in range(6):
        kind = node.type
        if kind in grammar.comments or kind.startswith("keyword_"):
            return ""
        if kind in grammar.strings:
            text = literal(grammar, data, node)
            return "" if _NUMBER.match(text) else text
        if kind in grammar.identifiers or kind in grammar.dotted:
            return name_of(grammar, data, node)
        rule = grammar.scopes.get(kind)
        if rule is not None and rule.members == "keys" and grammar.data:
            return _label(grammar, data, node)
        if rule is not None and rule.members not in ("values", "call"):
            return ""
        inner = node.named_child(0) if node.named_child_count else None
        if inner is None:
            plain = data[node.start_byte : min(node.end_byte, node.start_byte + 200)].decode("utf-8", "replace")
            return "" if _NUMBER.match(plain) else plain
        node = inner
    return ""


def _label(grammar: Grammar, data: bytes, node: Node) -> str:
    found = {key: value for key, value in pairs(grammar, data, node) if key in LABELS}
    return next((found[key] for key in LABELS if found.get(key)), "")


def pairs(grammar: Grammar, data: bytes, node: Node, most: int = 24) -> Iterator[tuple[str, str]]:
    """Yield key and scalar value (else empty) of the first pairs of a map."""
    for child, kind, _ in children(node, most * 2):
        binder = grammar.binders.get(kind)
        if binder is None:
            continue
        key, value = first(child, binder.name), first(child, binder.value) if binder.value else None
        while value is not None and value.type in grammar.transparent and value.named_child_count:
            value = value.named_child(0)
        text = literal(grammar, data, value) if value is not None and value.type in grammar.strings else ""
        yield name_of(grammar, data, key), text


def _keys(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    for body in _bodies(node, rule):
        for child, kind, field in children(body):
            binder = grammar.binders.get(kind)
            if field == "key" or kind.startswith("shorthand_") or (kind in grammar.identifiers and not grammar.data):
                yield name_of(grammar, data, child)
            elif binder is not None and binder.name:
                name = name_of(grammar, data, first(child, binder.name))
                value = first(child, binder.value) if binder.value and _NUMBER.match(name) else None
                # a map from numbers is a list by another name: id2label, the legend of an enum
                yield (_value(grammar, data, value) if value is not None else "") or name
            elif kind in grammar.members or kind.endswith("_pattern"):
                yield name_of(grammar, data, child)


def _params(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    for body in _bodies(node, rule):
        inner = body
        for _ in range(6):  # a C declarator hides its parameters in pointers and references
            found = inner.child_by_field_name("parameters")
            if found is not None:
                inner = found
                break
            deeper = inner.child_by_field_name("declarator")
            if deeper is None:
                break
            inner = deeper
        if inner.type in grammar.identifiers:
            yield name_of(grammar, data, inner)
            continue
        for child, kind, field in children(inner):
            if inner is node and field == "name":
                continue
            if "param" in kind or kind in grammar.identifiers or kind.endswith(("_splat_pattern", "_pattern")):
                name = name_of(grammar, data, child)
                if name not in _PARAMETER_SKIP:
                    yield name


def _call(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    """Yield string arguments, keyword names, and the strings in list arguments."""
    for body in _bodies(node, rule):
        for child, kind, _ in flattened(grammar, body):
            yield from _argument(grammar, data, child, kind)
            if kind in ("value_arguments", "argument_list"):
                for inner, inner_kind, _ in children(child):
                    yield from _argument(grammar, data, inner, inner_kind)


def _argument(grammar: Grammar, data: bytes, node: Node, kind: str) -> Iterator[str]:
    binder = grammar.binders.get(kind)
    if kind in grammar.strings:
        yield literal(grammar, data, node)
    elif kind in ("argument", "value_argument", "attribute_argument", "element_value_pair") or binder is not None:
        if binder is not None:
            yield name_of(grammar, data, _named(node, binder.name))
        value = node.named_child(node.named_child_count - 1) if node.named_child_count else None
        if value is not None and value.type in grammar.strings:
            yield literal(grammar, data, value)
        elif value is not None and (rule := grammar.scopes.get(value.type)) is not None and rule.members == "values":
            yield from islice(_values(grammar, data, value, rule), 40)


def _named(node: Node, wanted: tuple[str, ...]) -> Node | None:
    """Return the argument's own name: a lone value is none."""
    child = first(node, wanted) if wanted else None
    return child if child is not None and node.named_child_count > 1 else None


def _command(grammar: Grammar, data: bytes, node: Node, _rule: Rule) -> Iterator[str]:
    for child, kind, field in children(node):
        if field == "argument" and kind in grammar.strings:
            yield literal(grammar, data, child)


def _condition(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    """Yield names and literals of a test, looking a few levels in."""
    test = first(node, rule.body) or node
    stack = [(test, 0)]
    while stack:
        here, depth = stack.pop()
        kind = here.type
        if kind in grammar.strings:
            yield literal(grammar, data, here)
        elif kind in grammar.identifiers or kind in grammar.dotted:
            yield name_of(grammar, data, here)
        elif depth < 6 and "block" not in kind:  # noqa: PLR2004 - a count by eye, not a setting
            stack.extend((child, depth + 1) for child in reversed([c for c, _, _ in children(here, 16)]))


def _tag(grammar: Grammar, data: bytes, node: Node, _rule: Rule) -> Iterator[str]:
    """Yield attribute names of the start tag, then the children's names or tags."""
    for child, kind, field in children(node, 400):
        if field == "attribute" or kind in grammar.binders:
            yield name_of(grammar, data, child)
        elif kind in ("STag", "EmptyElemTag", "start_tag", "self_closing_tag"):
            for inner, inner_kind, _ in children(child, 40):
                if inner_kind in grammar.binders:
                    yield name_of(grammar, data, inner)
        elif kind in ("element", "content"):
            for inner, _, _ in children(child, 400) if kind == "content" else ((child, kind, ""),):
                if inner.type == "element" and grammar.name != "html":
                    yield element_name(grammar, data, inner)


def tag_of(node: Node) -> Node:
    """Return the start tag of an element, or the node itself."""
    return first(node, ("STag", "EmptyElemTag", "start_tag", "self_closing_tag")) or node


def attributes(grammar: Grammar, data: bytes, node: Node) -> Iterator[tuple[str, str]]:
    """Yield name and value of each attribute of an element."""
    for child, kind, _ in children(tag_of(node), 40):
        binder = grammar.binders.get(kind)
        if binder is not None:
            value = first(child, binder.value) if binder.value else None
            if value is not None and value.named_child_count:
                value = value.named_child(0)
            text = literal(grammar, data, value) if value is not None else ""
            yield name_of(grammar, data, child), text


def element_name(grammar: Grammar, data: bytes, node: Node) -> str:
    """Return the name or value attribute of an element that declares something, else its tag."""
    found = dict(attributes(grammar, data, node))
    for key in ("name", "value", "key", "id"):
        if found.get(key) and not (key in ("value", "id") and grammar.name == "html"):
            return found[key]
    for child, kind, _ in children(tag_of(node), 4):
        if kind in grammar.identifiers:
            return name_of(grammar, data, child)
    return ""


def _literal_type(grammar: Grammar, data: bytes, node: Node, rule: Rule) -> Iterator[str]:
    """Yield the strings of ``Literal["a", "b"]``."""
    for body in _bodies(node, rule):
        for child, _, _ in children(body):
            inner = child.named_child(0) if child.type in grammar.transparent and child.named_child_count else child
            if inner is not None and inner.type in grammar.strings:
                yield literal(grammar, data, inner)


def _none(_grammar: Grammar, _data: bytes, _node: Node, _rule: Rule) -> Iterator[str]:
    return iter(())


_LISTERS: Final[dict[str, Lister]] = {
    "names": _names,
    "values": _values,
    "keys": _keys,
    "params": _params,
    "call": _call,
    "command": _command,
    "condition": _condition,
    "tag": _tag,
    "literal": _literal_type,
    "none": _none,
}
