"""JSON and YAML as a tree that knows where each of its parts stands in the bytes.

Read with the grammars that the scan uses. Anchors, aliases and merge keys of YAML are named, not resolved: a
document whose protected part is shared by an alias is left to a person.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.limits import NESTING
from untag.nouns import dataclass, field
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node as Tree

MAPS: Final = ("object", "block_mapping", "flow_mapping")
LISTS: Final = ("array", "block_sequence", "flow_sequence")
PAIRS: Final = ("pair", "block_mapping_pair", "flow_pair")
LARGEST: Final = 64 << 20
"""Bytes of a description that is edited: the largest public ones are about 20 MB."""


@dataclass(slots=True)
class Node:
    """A mapping, a list or a scalar."""

    kind: str
    """``map``, ``list`` or ``scalar``."""
    start: int
    stop: int
    flow: bool = False
    """Written in brackets, with commas."""
    text: str = ""
    """Of a scalar: its value as text."""
    pairs: list[Pair] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Of a list: where each item stands, its dash included."""
    shared: bool = False
    """It carries an anchor, or is an alias."""

    def get(self, key: str) -> Node | None:
        """Return the value of a key of a mapping."""
        return next((pair.value for pair in self.pairs if pair.key == key), None)

    def value(self) -> Any:
        """Return it as plain values, scalars as text."""
        if self.kind == "map":
            return {pair.key: pair.value.value() for pair in self.pairs}
        if self.kind == "list":
            return [item.value() for item in self.items]
        return self.text


@dataclass(slots=True)
class Pair:
    """A key with its value."""

    key: str
    start: int
    stop: int
    line: int
    value: Node


def read(data: bytes, form: str) -> Node:
    """Return the tree of a document, ``form`` being ``json`` or ``yaml``; raise `StripError` for none that parses."""
    from tree_sitter import Parser  # noqa: PLC0415 - loads where it is used

    from untag.readers.syntax.tables import language  # noqa: PLC0415

    if len(data) > LARGEST:
        raise StripError(f"larger than {LARGEST >> 20} MB: split it first")
    tree = Parser(language(form)).parse(data)
    if tree.root_node.has_error:
        raise StripError(f"no {form} that parses: mend it first")
    found = [node for node in _tops(tree.root_node) if node]
    if len(found) != 1:
        raise StripError("it holds several documents, or none: split it first")
    return _node(data, found[0], 0)


def _tops(root: Tree) -> Iterator[Tree]:
    for child in root.named_children:
        if child.type in ("comment", "yaml_directive", "tag_directive"):
            continue
        if child.type == "document":
            yield from (c for c in child.named_children if c.type in ("block_node", "flow_node"))
        else:
            yield child


def _node(data: bytes, tree: Tree, depth: int) -> Node:
    if depth > NESTING:
        raise StripError(f"nested deeper than {NESTING}")
    shared = False
    inner = tree
    while inner.type in ("block_node", "flow_node"):
        shared = shared or any(c.type in ("anchor", "alias") for c in inner.children)
        below = next((c for c in inner.named_children if c.type not in ("anchor", "tag", "comment")), None)
        if below is None:
            break
        inner = below
    node = Node("scalar", inner.start_byte, _stop(data, inner), shared=shared or inner.type == "alias")
    if inner.type in MAPS:
        node.kind, node.flow = "map", inner.type != "block_mapping"
        for child in inner.named_children:
            if child.type in PAIRS:
                node.pairs.append(_pair(data, child, depth))
    elif inner.type in LISTS:
        node.kind, node.flow = "list", inner.type != "block_sequence"
        for child in inner.named_children:
            if child.type == "comment":
                continue
            item = child
            if child.type == "block_sequence_item":
                item = next((c for c in child.named_children if c.type != "comment"), child)
            node.items.append(_node(data, item, depth + 1))
            node.spans.append((child.start_byte, _stop(data, child)))
    else:
        node.text = _text(data[inner.start_byte : inner.end_byte])
    return node


def _stop(data: bytes, tree: Tree) -> int:
    """Return where a node ends, without the blank lines and comments that some grammars count to the block before."""
    stop = tree.start_byte + len(data[tree.start_byte : tree.end_byte].rstrip())
    while stop > tree.start_byte:
        last = tree.descendant_for_byte_range(stop - 1, stop)
        if last is None or last.type != "comment" or last.start_byte <= tree.start_byte:
            break
        line = data.rfind(b"\n", 0, last.start_byte) + 1
        if data[line : last.start_byte].strip():
            break
        # a comment on its own line speaks of what comes next
        stop = tree.start_byte + len(data[tree.start_byte : line].rstrip())
    return stop


def _pair(data: bytes, tree: Tree, depth: int) -> Pair:
    key = tree.child_by_field_name("key")
    value = tree.child_by_field_name("value")
    name = _text(data[key.start_byte : key.end_byte]) if key is not None else ""
    stop = _stop(data, tree)
    below = _node(data, value, depth + 1) if value is not None else Node("scalar", stop, stop)
    return Pair(name, tree.start_byte, stop, tree.start_point[0] + 1, below)


def _text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").strip()
    if text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text[1:-1]
    if text[:1] == "'" and text[-1:] == "'" and len(text) > 1:
        return text[1:-1].replace("''", "'")
    return text
