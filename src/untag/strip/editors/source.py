"""Source code: enum members, entries of label lists and of dictionary literals, as a patch that a person asks for.

Code is never rewritten on our own account: what reads the entry is elsewhere. So every edit here is of class
``unsafe``, names its lines exactly, and is done only with ``--unsafe``; all else in code is left to a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of, protected
from untag.nouns import dataclass
from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.interface import spans
from untag.strip.interface.members import fits, line_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tree_sitter import Node

    from untag.strip.base import Choice, Unit

LARGEST: Final = 4 << 20
GRAMMARS: Final = {
    **dict.fromkeys(("py", "pyi"), "python"),
    **dict.fromkeys(("js", "mjs", "cjs", "jsx"), "javascript"),
    "ts": "typescript",
    "tsx": "tsx",
    "java": "java",
    **dict.fromkeys(("kt", "kts"), "kotlin"),
    "scala": "scala",
    "cs": "c_sharp",
    **dict.fromkeys(("c", "h"), "c"),
    **dict.fromkeys(("cc", "cpp", "cxx", "hpp", "hh"), "cpp"),
    **dict.fromkeys(("m", "mm"), "objc"),
    "go": "go",
    "rs": "rust",
    "swift": "swift",
    "rb": "ruby",
    "php": "php",
}
"""Ending → grammar. A C++ header that C cannot parse is left to a person."""
LISTS: Final = frozenset(
    (
        *("dictionary", "list", "set", "tuple", "object", "array", "hash", "array_creation_expression"),
        *("enum_body", "enumerator_list", "enum_member_declaration_list", "enum_variant_list", "enum_class_body"),
        *("array_initializer", "initializer_list", "initializer_expression", "literal_value", "array_expression"),
        *("array_literal", "dictionary_literal"),
    )
)
"""Nodes whose children are entries with separators between them."""
PAIRS: Final = ("pair", "keyed_element", "array_element_initializer")
ENUMS: Final = (
    *("enumerator", "enum_constant", "enum_member_declaration", "enum_variant", "enum_assignment", "enum_entry"),
    "property_identifier",
)
TEXT: Final = re.compile(rb"""^[A-Za-z]{0,2}["'`](.*)["'`]$""", re.DOTALL)
NEWLINE: Final = b"\n"
MOVES: Final = "numbers that an enum gives by position, and indices into a list, move up"
BUILT: Final = "it looks like a file that is built: rather change its source, and build it again"
LONG: Final = 5_000
"""Bytes of a line that no person writes."""
WHY: Final = "what reads it stands elsewhere and is not changed: read the patch, then ask for it with --unsafe"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list, with the list that it stands in."""

    name: str
    start: int
    stop: int
    cut: spans.Span


class SourceEditor:
    """See the module."""

    name = "source"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Know code by its ending."""
        try:
            return _grammar(unit.name) != "" and unit.path.stat().st_size <= LARGEST
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Plan one edit for the entries that can go exactly, and one for each finding that they do not answer."""
        if choice.outputs or choice.classes:
            return
        data = unit.path.read_bytes()
        attributes = {f.attribute for f in unit.findings} | set(choice.attributes)
        rows = list(zip(unit.findings, line_ranges(data, unit), strict=True))
        found = {e.cut: e for e in entries(data, _grammar(unit.name), [r for _, r in rows], attributes)}
        chosen = sorted(found.values(), key=lambda e: e.start)
        done = [f for f, (a, z) in rows if any(e.start < z and a < e.stop for e in chosen)]
        if chosen:
            lines = [f"line {data.count(NEWLINE, 0, e.start) + 1}: {e.name}" for e in chosen]
            yield Edit(
                editor=self.name,
                unit=unit.name,
                kind="patch",
                target=", ".join(dict.fromkeys(e.name for e in chosen))[:160],
                attribute=done[0].attribute if done else unit.findings[0].attribute,
                safety="unsafe",
                files=(unit.name,),
                removes=tuple(lines),
                depends=(MOVES, BUILT) if max(map(len, data.split(NEWLINE))) > LONG else (MOVES,),
                why=WHY,
                findings=tuple(f.fingerprint for f in done),
                detail={
                    "names": [e.name for e in chosen],
                    "cuts": [list(e.cut) for e in chosen],
                    "patch": _patch(unit.name, data, spans.cut(data, [e.cut for e in chosen])),
                },
            )
        for finding in unit.findings:
            if finding not in done:
                yield manual(self.name, unit, finding.line, finding.fingerprint, finding.attribute, finding.term)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],
        staging: Path,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - it takes no time
    ) -> Outcome:
        """Write the file without the entries; it must parse as well as it did before."""
        data = unit.path.read_bytes()
        cuts = [(int(a), int(z)) for edit in edits for a, z in edit.detail.get("cuts", ())]
        if not cuts or any(not 0 <= a < z <= len(data) for a, z in cuts):
            raise StripError(f"{unit.name}: the plan names parts that are not there: make it anew")
        result = spans.cut(data, cuts)
        target = staging / unit.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(result)
        before, after = _errors(data, _grammar(unit.name)), _errors(result, _grammar(unit.name))
        size = sum(z - a for a, z in spans.merged(cuts))
        checks = (
            Check("parses", passed=after <= before, detail=f"{after} errors of syntax, {before} before"),
            Check("rest unchanged", passed=len(result) == len(data) - size, detail=f"{size} bytes gone, none other"),
        )
        notes = ("code that reads what went was not changed: build and test it",)
        return Outcome(self.name, unit.name, (unit.name,), checks=checks, notes=notes)


def _patch(name: str, before: bytes, after: bytes) -> str:
    """Return the change as ``patch -p1`` takes it."""
    import difflib  # noqa: PLC0415 - only a plan shows it

    old, new = (raw.decode("utf-8", "surrogateescape").splitlines(keepends=True) for raw in (before, after))
    text = "".join(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", n=1))
    return text.encode("utf-8", "backslashreplace").decode()


def manual(editor: str, unit: Unit, line: int, print_: str, attribute: str, term: str) -> Edit:
    """Return the entry of a finding that a person must change."""
    return Edit(
        editor=editor,
        unit=unit.name,
        kind="text" if editor == "text" else "patch",
        target=f"line {line}: {term}" if line else term,
        attribute=attribute,
        safety="manual",
        files=(unit.name,),
        why="change it by hand; untag explain says why it counts",
        findings=(print_,),
    )


def _grammar(name: str) -> str:
    return GRAMMARS.get(name.lower().rsplit(".", 1)[-1], "") if "." in name else ""


def _errors(data: bytes, grammar: str) -> int:
    return sum(node.type == "ERROR" or node.is_missing for node in _nodes(data, grammar))


def _nodes(data: bytes, grammar: str) -> Iterator[Node]:
    from tree_sitter import Parser  # noqa: PLC0415 - loads where it is used

    from untag.readers.syntax.tables import language  # noqa: PLC0415

    stack = [Parser(language(grammar)).parse(data).root_node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def entries(data: bytes, grammar: str, ranges: list[tuple[int, int]], attributes: set[str]) -> Iterator[Entry]:
    """Yield the entries that go: those that name the attribute, or a group in a list that holds other things too."""
    for node in _nodes(data, grammar):
        near = any(a < node.end_byte and node.start_byte < z for a, z in ranges)
        if not near:
            continue
        if node.type in LISTS:
            yield from _of_list(data, node, ranges, attributes)
        elif node.type == "class_definition" and b"Enum" in data[node.start_byte : node.end_byte].split(b":", 1)[0]:
            yield from _of_class(data, node, ranges, attributes)


def _of_list(data: bytes, node: Node, ranges: list[tuple[int, int]], attributes: set[str]) -> Iterator[Entry]:
    inner = [c for c in node.named_children if c.type != "comment" and "declarations" not in c.type]
    names = [_name(data, child) for child in inner]
    if not inner or not any(names):
        return
    groups = protected([name or "" for name in names])
    gone = {
        number
        for number, name in enumerate(names)
        if name and (attribute_of(name) in attributes or fits(groups[number], attributes))
    }
    if not gone or len(gone) == len(inner) or not any(_near(inner[n], ranges) for n in gone):
        return
    if _is_row(node):
        yield from _of_rows(data, node, str(names[min(gone)]))
        return
    places = [(c.start_byte, c.end_byte) for c in inner]
    comma = any(c.type == "," for c in node.children)
    if node.type == "tuple" and len(inner) - len(gone) == 1:
        places = _one_left(node, places, gone)
        if not places:
            return
    cuts = spans.removed_lists(data, places, gone) if comma else [spans.whole_lines(data, *places[n]) for n in gone]
    for number in sorted(gone):
        start, stop = places[number]
        cut = next((c for c in cuts if c[0] <= start and stop <= c[1]), (start, stop))
        yield Entry(str(names[number]), start, stop, cut)


def _is_row(node: Node) -> bool:
    """Whether a list is one of several alike in a list: its places have meanings, so that it goes whole or stays."""
    outer = node.parent
    if node.type in ("dictionary", "object", "set", "hash") or outer is None or outer.type not in LISTS:
        return False
    rows = [c for c in outer.named_children if c.type != "comment"]
    return len(rows) > 1 and all(c.type == node.type and c.named_child_count == node.named_child_count for c in rows)


def _of_rows(data: bytes, node: Node, name: str) -> Iterator[Entry]:
    """Yield a row as an entry of the list that it stands in."""
    outer = node.parent
    rows = [c for c in outer.named_children if c.type != "comment"] if outer is not None else []
    at = next((n for n, row in enumerate(rows) if row.start_byte == node.start_byte), -1)
    if at >= 0:
        places = [(row.start_byte, row.end_byte) for row in rows]
        cut = spans.removed_lists(data, places, {at})[0]
        yield Entry(name, node.start_byte, node.end_byte, cut)


def _one_left(node: Node, places: list[spans.Span], gone: set[int]) -> list[spans.Span]:
    """Return the places of a Python tuple of which one item stays, the comma that makes it a tuple with that item.

    Nothing where no comma stands behind it: a cut would leave an item in brackets.
    """
    kept = next(n for n in range(len(places)) if n not in gone)
    behind = next((c for c in node.children if c.type == "," and c.start_byte >= places[kept][1]), None)
    if behind is None:
        return []
    return [(start, behind.end_byte if n == kept else stop) for n, (start, stop) in enumerate(places)]


def _of_class(data: bytes, node: Node, ranges: list[tuple[int, int]], attributes: set[str]) -> Iterator[Entry]:
    body = node.child_by_field_name("body")
    lines = [c for c in body.named_children if c.type == "expression_statement"] if body else []
    found = []
    for line in lines:
        target = line.named_children[0].child_by_field_name("left") if line.named_children else None
        name = data[target.start_byte : target.end_byte].decode("utf-8", "replace") if target else ""
        if name and attribute_of(name) in attributes and _near(line, ranges):
            found.append((name, line))
    if len(found) < len(lines):
        for name, line in found:
            cut = spans.whole_lines(data, line.start_byte, line.end_byte)
            yield Entry(name, line.start_byte, line.end_byte, cut)


def _near(node: Node, ranges: list[tuple[int, int]]) -> bool:
    return any(a < node.end_byte and node.start_byte < z for a, z in ranges)


def _name(data: bytes, node: Node) -> str:
    """Return the name of an entry: a key, an enum's member, a string; empty for anything else."""
    if node.type in PAIRS:
        key = node.child_by_field_name("key") or (node.named_children[0] if node.named_children else None)
        return _name(data, key) or _plain(data, key) if key is not None else ""
    if node.type in ENUMS:
        name = node.child_by_field_name("name") or (node.named_children[0] if node.named_children else node)
        return _plain(data, name)
    if node.type == "literal_element" and node.named_children:
        return _name(data, node.named_children[0])
    if "string" in node.type:
        found = TEXT.match(data[node.start_byte : node.end_byte])
        return found[1].decode("utf-8", "replace") if found else ""
    return ""


def _plain(data: bytes, node: Node) -> str:
    text = data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return text if re.fullmatch(r"\w{1,80}", text) else ""


EDITOR = SourceEditor()
