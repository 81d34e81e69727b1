"""Bodies of plain text that are tables, with commas, tabs or bars between their cells.

A table is read as columns and rows whose cells know their places, so that a column can be cut out. What has no
columns, or not as many in each row, is no table, and stays a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

LINES: Final = 200_000
"""Rows of a table that are read; more are cut off from judgement as a whole: the body is then a text."""
HEAD: Final = 60
"""Characters of a column's name at most."""
FEW: Final = 2
_CELL: Final = r'"(?:[^"]|"")*"|[^{sep}\n\r"]*'
_SEPARATORS: Final = (",", "\t", ";", "|")
_IS_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: an object of ``columns`` and ``rows``."""

    root: Node
    heads: tuple[Node, ...]
    rows: tuple[tuple[Node, ...], ...]


def table(text: str) -> Table | None:
    """Return a text as a table; None where it is none: its lines have no columns, or not as many each."""
    end = text.find("\n")
    if end < 0:
        return None
    first = text[:end].rstrip("\r")
    separator = next((s for s in _SEPARATORS if s in first), "")
    if not separator:
        return None
    cells = re.compile(_CELL.replace("{sep}", re.escape(separator)))
    lines: list[list[tuple[int, int]]] = []
    at = 0
    while at < len(text):
        row, at = _row(text, at, cells, separator)
        if row is None:
            return None
        if row:
            if lines and len(row) != len(lines[0]):
                return None
            lines.append(row)
        if len(lines) > LINES:
            return None
    if len(lines) < FEW or not all(_is_head(text[a:b]) for a, b in lines[0]):
        return None
    return _tree(text, lines)


def _row(text: str, at: int, cells: re.Pattern[str], separator: str) -> tuple[list[tuple[int, int]] | None, int]:
    """Return where the cells of the row at ``at`` stand, and where the next one begins; None: it is no row."""
    row: list[tuple[int, int]] = []
    while True:
        found = cells.match(text, at)
        if found is None:
            return None, at
        row.append((found.start(), found.end()))
        at = found.end()
        if at >= len(text):
            break
        if text[at] == separator:
            at += 1
            continue
        if text[at] in "\r\n":
            at += 2 if text.startswith("\r\n", at) else 1
            break
        return None, at
    empty = len(row) == 1 and row[0][0] == row[0][1]
    return ([] if empty else row), at


def _is_head(cell: str) -> bool:
    """Say whether a cell of the first row may name a column: short, and no sentence."""
    name = cell.strip().strip('"')
    return 0 < len(name) <= HEAD and name.count(" ") <= 4 and not name.endswith((".", "!", "?"))  # noqa: PLR2004 - a name


def _tree(text: str, lines: list[list[tuple[int, int]]]) -> Table:
    root = Node(OBJECT, 0, len(text))
    heads, rows = Node(ARRAY, lines[0][0][0], lines[0][-1][1], "", root, 0), Node(ARRAY, 0, len(text), "", root, 1)
    root.keys += [("columns", 0, 0), ("rows", 0, 0)]
    root.kids += [heads, rows]
    heads.kids += [_cell(text, place, heads, number) for number, place in enumerate(lines[0])]
    for number, line in enumerate(lines[1:]):
        row = Node(ARRAY, line[0][0], line[-1][1], "", rows, number)
        row.kids += [_cell(text, place, row, at) for at, place in enumerate(line)]
        rows.kids.append(row)
    return Table(root, tuple(heads.kids), tuple(tuple(row.kids) for row in rows.kids))


def _cell(text: str, place: tuple[int, int], up: Node, at: int) -> Node:
    raw = text[place[0] : place[1]].strip()
    value = raw[1:-1].replace('""', '"') if len(raw) >= FEW and raw[0] == raw[-1] == '"' else raw
    return Node(NUMBER if _IS_NUMBER.fullmatch(value) else STRING, *place, value, up, at)


def cuts(text: str, nodes: Iterable[Node]) -> list[tuple[int, int, str]]:
    """Return the edits that take cells out, each with one separator, so that the other cells stay in their columns."""
    edits: list[tuple[int, int, str]] = []
    for row in _by_row(nodes):
        gone = sorted(row, key=lambda node: node.start)
        lead = gone[0].at == 0
        for node in gone:
            # up to the first cell that stays the separator behind goes, from there on the one before
            lead = lead and node.at == gone.index(node)
            if lead:
                behind = node.stop < len(text) and text[node.stop] in _SEPARATORS
                edits.append((node.start, node.stop + behind, ""))
            else:
                edits.append((node.start - 1, node.stop, ""))
    return edits


def _by_row(nodes: Iterable[Node]) -> list[list[Node]]:
    rows: dict[int, list[Node]] = {}
    for node in nodes:
        rows.setdefault(id(node.up), []).append(node)
    return list(rows.values())
