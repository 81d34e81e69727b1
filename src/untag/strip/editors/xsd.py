"""XML Schema and WSDL: elements, attributes and enumeration values, and types that nothing uses any more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.strip.base import Check, Edit, Outcome, StripError
from untag.strip.interface import spans
from untag.strip.interface.members import Block, Member, choose, edits, others, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tree_sitter import Node

    from untag.strip.base import Choice, Refusal, Unit

ENDINGS: Final = (".xsd", ".wsdl")
LARGEST: Final = 16 << 20
HEAD: Final = re.compile(rb"<(?:\w+:)?(?:schema|definitions)\b[^>]*(?:XMLSchema|/wsdl)")
NAME: Final = re.compile(rb"""\s(?:name|ref|value)\s*=\s*("[^"]*"|'[^']*')""")
TYPE: Final = re.compile(rb"""\s(?:type|ref|base)\s*=\s*("[^"]*"|'[^']*')""")
MEMBERS: Final = ("element", "attribute")
TYPES: Final = ("complexType", "simpleType", "group", "attributeGroup", "element")


class XsdEditor:
    """See the module."""

    name = "xsd"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Know a schema by its ending and its root."""
        try:
            if not unit.name.lower().endswith(ENDINGS) or unit.path.stat().st_size > LARGEST:
                return False
            return bool(HEAD.search(unit.path.read_bytes()))
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Plan one edit for the file."""
        data = unit.path.read_bytes()
        cuts = choose(data, blocks(data), unit, choice, others(unit, ENDINGS))
        yield from edits(self.name, unit, data, cuts, _lines, choice)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],
        staging: Path,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - it takes no time
    ) -> Outcome:
        """Write the schema; it must parse, and hold all other members with their types."""
        data = unit.path.read_bytes()
        before = blocks(data)
        places, _, _ = placed(unit, edits, before)
        result = spans.cut(data, [_lines(data, a, z) for a, z in places])
        target = staging / unit.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(result)

        def inside(start: int) -> bool:
            return any(a <= start < z for a, z in places)

        wanted = [
            (b.name, [(m.name, m.type) for m in b.members if not inside(m.start)])
            for b in before
            if not inside(b.start)
        ]
        have = [(b.name, [(m.name, m.type) for m in b.members]) for b in blocks(result)]
        left = [(n, rows) for n, rows in wanted if rows] == [(n, rows) for n, rows in have if rows]
        detail = f"{sum(len(rows) for _, rows in have)} members of {len(have)} types stay, with their types"
        return Outcome(
            self.name, unit.name, (unit.name,), checks=(Check("rest unchanged", passed=left, detail=detail),)
        )


def blocks(data: bytes) -> list[Block]:
    """Return the types of a schema; raise `StripError` for XML that does not parse or brings a DTD."""
    from tree_sitter import Parser  # noqa: PLC0415 - loads where it is used

    from untag.readers.syntax.tables import language  # noqa: PLC0415

    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise StripError("it brings a DTD, whose entities may hold anything: write them out first")
    tree = Parser(language("xml")).parse(data)
    if tree.root_node.has_error:
        raise StripError("no XML that parses: mend it first")
    found: list[Block] = []
    for node in _elements(tree.root_node):
        tag, head = _head(data, node)
        if tag not in TYPES:
            continue
        values = tuple(_member(data, n) for n in _elements(node) if _head(data, n)[0] == "enumeration")
        fields = tuple(_member(data, n) for n in _own(data, node))
        members = values or fields
        if not members:
            continue
        name = _named(NAME, head)
        kind = "values" if values else "fields"
        found.append(Block(kind, name or tag, node.start_byte, node.end_byte, members[0].start, members))
    return found


def _elements(top: Node) -> Iterator[Node]:
    """Yield every element below a node, in the order of the file, without recursion."""
    stack = list(reversed(top.children))
    while stack:
        node = stack.pop()
        if node.type == "element":
            yield node
        stack.extend(reversed(node.children))


def _own(data: bytes, block: Node) -> Iterator[Node]:
    """Yield the members of a type, not those of a type inside one of them."""
    for node in _elements(block):
        if _head(data, node)[0] not in MEMBERS:
            continue
        above = node.parent
        while above is not None and above != block:
            if above.type == "element" and _head(data, above)[0] in MEMBERS:
                break
            above = above.parent
        if above == block:
            yield node


def _head(data: bytes, node: Node) -> tuple[str, bytes]:
    """Return the name of an element without its prefix, and its start tag."""
    first = next((c for c in node.children if c.type in ("STag", "EmptyElemTag")), node)
    text = data[first.start_byte : first.end_byte]
    found = re.match(rb"<(?:[\w.-]+:)?([\w.-]+)", text)
    return (found[1].decode("utf-8", "replace") if found else ""), text


def _named(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    return found[1][1:-1].decode("utf-8", "replace").rsplit(":", 1)[-1] if found else ""


def _member(data: bytes, node: Node) -> Member:
    _, head = _head(data, node)
    return Member(_named(NAME, head), node.start_byte, node.end_byte, _named(TYPE, head))


def _lines(data: bytes, start: int, stop: int) -> spans.Span:
    """Return the lines of an element, with a comment on the line above or behind it."""
    behind = spans.behind(data, stop, b"<!--")
    if data[stop:behind].count(b"-->") == 1 and data[stop:behind].rstrip().endswith(b"-->"):
        stop = behind
    first, last = spans.whole_lines(data, start, stop)
    if first == start and data[max(start - 1, 0) : start] not in (b"", b"\n"):
        return start, stop
    return spans.with_notes(data, first, (b"<!--",)), last


EDITOR = XsdEditor()
