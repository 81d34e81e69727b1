"""Elements of XML and HTML as scopes: schemas, tables, forms and sections."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Scope
from untag.readers import lines
from untag.readers.lines import decode
from untag.readers.syntax.members import attributes, element_name
from untag.readers.syntax.names import name_of
from untag.readers.syntax.tree import children, first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from untag.readers.syntax.grammar import Grammar
    from untag.readers.syntax.notes import Notes
    from untag.readers.syntax.tree import Step

_HEADING: Final = re.compile(rb"<[hH]([1-6])\b[^>]{0,400}>(.{0,400}?)</[hH]\1\s*>", re.DOTALL)
_TAG: Final = re.compile(rb"<[^>]*>")
_TABLE_CELL: Final = re.compile(rb"<t[hd]\b[^>]{0,400}>(.{0,400}?)</t[hd]\s*>", re.DOTALL | re.IGNORECASE)
_HEADER_CELL: Final = re.compile(rb"<th\b[^>]{0,400}>(.{0,400}?)</th\s*>", re.DOTALL | re.IGNORECASE)
_ROW_END: Final = re.compile(rb"</tr\s*>|<tr\b", re.IGNORECASE)
_STARTS: Final = ("STag", "EmptyElemTag", "start_tag", "self_closing_tag")
_WRAPPERS: Final = frozenset(
    {"sequence", "all", "choice", "complexContent", "simpleContent", "extension", "restriction", "annotation",
     "documentation", "enumeration"}
)  # fmt: skip
"""Schema elements that only hold others together."""
_LAYOUT_WORDS: Final = (
    "html head body div span p a b i em strong small u s br hr ul ol li dl dt dd tr td th thead tbody tfoot "
    "caption h1 h2 h3 h4 h5 h6 main article section header footer nav aside figure figcaption center font pre "
    "code blockquote template details summary picture"
)
_LAYOUT: Final = frozenset(_LAYOUT_WORDS.split())
"""HTML elements that are layout: they name nothing."""


class Markup:
    """Makes the scopes of elements; in HTML, headings make sections."""

    __slots__ = ("_data", "_grammar", "_headings", "_html", "_known", "_notes", "_sections", "_starts")

    def __init__(self, grammar: Grammar, data: bytes, notes: Notes) -> None:
        self._grammar = grammar
        self._data = data
        self._notes = notes
        self._html = grammar.name == "html"
        self._headings: list[tuple[int, int, str]] = []
        self._sections: dict[int, Scope] = {}
        self._known: dict[int, bool] = {}
        if self._html:
            for found in _HEADING.finditer(data):
                title = _TAG.sub(b"", found[2])
                self._headings.append((found.start(), int(found[1]), lines.clip(decode(title, 0, len(title)), 160)))
        self._starts = [start for start, _, _ in self._headings]

    def section(self, file: Scope, offset: int) -> Scope:
        """Return the scope of the headings above an offset."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return file
        found = self._sections.get(at)
        if found is None:
            chain: list[str] = []
            level = 7
            for number in range(at, max(-1, at - 200), -1):
                _, depth, title = self._headings[number]
                if depth < level:
                    level = depth
                    chain.append(title)
            found = file
            for title in reversed(chain):
                found = Scope("section", title, (), "", found)
            self._sections[at] = found
        return found

    def _local(self, node: Node) -> str:
        tag = first(node, _STARTS) or node
        name = name_of(self._grammar, self._data, first(tag, ("Name", "tag_name", "name")))
        return name.rsplit(":", 1)[-1]

    def plain(self, path: list[Step], at: int, name: str) -> bool:
        """Whether an attribute's value names or lists for its element, and needs no scope of its own."""
        if self._html or at < 2:  # noqa: PLR2004 - a count by eye, not a setting
            return False
        local = self._local(path[at - 1].node)
        return (local == "enumeration" and name == "value") or (name == "name" and ":" in self._tag(path[at - 1].node))

    def _tag(self, node: Node) -> str:
        return name_of(self._grammar, self._data, first(node, ("Name",)))

    def layout(self, node: Node) -> bool:
        """Whether an element only lays out or holds together, and is no scope."""
        known = self._known.get(node.id)
        if known is None:
            local = self._local(node)
            known = self._known[node.id] = local.lower() in _LAYOUT if self._html else local in _WRAPPERS
        return known

    def element(self, node: Node, inside: tuple[str, ...], parent: Scope) -> Scope:
        """Return the scope of an element; its parent's when it is mere layout."""
        local = self._local(node)
        if self._html:
            return self._html_element(node, local, inside, parent)
        found = dict(attributes(self._grammar, self._data, node))
        name = found.get("name") or found.get("id") or found.get("key") or ""
        doc = self._notes.doc(node)
        if local in ("simpleType", "complexType"):
            name = name or (parent.name if parent.kind == "element" else "")
            kind = "enum" if local == "simpleType" else "struct"
            return Scope(kind, name, tuple(dict.fromkeys(self._facets(node)))[: limits.MEMBERS] or inside, doc, parent)
        return Scope("element", name or local, inside, doc, parent)

    def _facets(self, node: Node) -> Iterator[str]:
        """Yield the names or values that a schema type lists, wrappers looked through."""
        stack = [node]
        seen = 0
        while stack and seen < limits.MEMBERS * 4:
            content = first(stack.pop(), ("content",))
            for child, kind, _ in children(content) if content is not None else ():
                if kind != "element":
                    continue
                seen += 1
                if self._local(child) in _WRAPPERS - {"enumeration"}:
                    stack.append(child)
                else:
                    yield element_name(self._grammar, self._data, child)

    def _html_element(self, node: Node, local: str, inside: tuple[str, ...], parent: Scope) -> Scope:
        if local == "table":
            return Scope("table", "", self._header(node), self._notes.doc(node), parent)
        found = dict(attributes(self._grammar, self._data, node))
        name = found.get("name") or found.get("id") or found.get("label") or local
        if local in ("select", "datalist", "optgroup"):
            start = node.start_byte
            text = self._data[start : min(node.end_byte, start + 20_000)]
            options = re.findall(rb"<option\b[^>]*>([^<]{0,200})", text)
            inside = tuple(lines.clip(decode(one, 0, len(one)), 160) for one in options[: limits.MEMBERS])
        return Scope("element", name, inside, self._notes.doc(node), parent)

    def _header(self, node: Node) -> tuple[str, ...]:
        """Return the cells of a table's first row."""
        start = node.start_byte
        stop = min(node.end_byte, start + 20_000)
        row = self._data.find(b"<tr", start, stop)
        end = _ROW_END.search(self._data, row + 3, stop) if row >= 0 else None
        begin, end_of_row = max(row, start), end.start() if end else stop
        cells = _HEADER_CELL.findall(self._data, begin, end_of_row) or _TABLE_CELL.findall(
            self._data, begin, end_of_row
        )
        plain = (_TAG.sub(b"", cell) for cell in cells[: limits.MEMBERS])
        return tuple(lines.clip(decode(cell, 0, len(cell)), 160) for cell in plain)

    def role(self, path: list[Step], role: str) -> str:
        """Refine the role of a hit in an element: a schema's own names, headings."""
        parents = [step for step in path if step.type == "element"]
        if self._html:
            if role == "prose" and parents and re.fullmatch(r"h[1-6]|title", self._local(parents[-1].node)):
                return "heading"
            return role
        if role == "value" and parents and path[-1].type in ("AttValue", ""):
            tag = next((step for step in reversed(path) if step.type in _STARTS), None)
            holder = next((step for step in reversed(path) if step.type == "Attribute"), None)
            if tag is not None and holder is not None:
                name = name_of(self._grammar, self._data, first(holder.node, ("Name",)))
                if name == "value" and self._local(parents[-1].node) == "enumeration":
                    return "item"
                if name == "name" and ":" in self._tag(tag.node):
                    return "declaration"
        return role

    def row(self, path: list[Step]) -> Step | None:
        """Return the table row or the block that a hit in HTML stands in."""
        blocks = ("tr", "p", "li", "option", "label", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "title", "button")
        for step in reversed(path):
            if step.type == "element" and self._local(step.node) in blocks:
                return step
        return None
