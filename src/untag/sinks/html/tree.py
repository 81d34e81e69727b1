"""The tree of where findings stand: folders, archives and their members, each with its count.

Findings are in the order of their places, so whatever lies below a node is one run of them: a
node says where its run begins and ends, and the script shows that run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.sinks.base import whole
from untag.sinks.html.text import esc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.sinks.html.dossier import Sheet

_DEPTH: Final = 12
"""Levels shown; what lies deeper stands together on the last one. Browsers give up at some hundreds."""
_NODES: Final = 4_000
"""Nodes of one tree; in a larger one only folders and archives are shown."""


class Node:
    """A folder, an archive or a file."""

    __slots__ = ("below", "label", "start", "stop")

    def __init__(self, label: str, start: int) -> None:
        self.label = label
        self.start = start
        self.stop = start
        self.below: dict[tuple[str, str], Node] = {}


def build(trails: Sequence[tuple[str, ...]], start: int = 0) -> Node:
    """Return the tree of trails that stand in order; the first is finding number ``start``."""
    root = Node("", start)
    for number, trail in enumerate(trails, start):
        node = root
        node.stop = number + 1
        for kind, label in _steps(trail):
            child = node.below.get((kind, label))
            if child is None:
                child = node.below[(kind, label)] = Node(label, number)
            node = child
            node.stop = number + 1
    return root


def _steps(trail: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    for depth, part in enumerate(map(whole, trail)):
        *folders, name = part.split("/")
        steps += [("folder", folder) for folder in folders]
        steps.append(("archive" if depth + 1 < len(trail) else "file", name))
    if len(steps) > _DEPTH:
        rest = "/".join(label for _, label in steps[_DEPTH - 1 :])
        steps = [*steps[: _DEPTH - 1], ("file", rest)]
    yield from steps


def render(sheet: Sheet, start: int) -> str:
    """Return the tree of one sheet as nested lists; links lead to the first finding of each node."""
    root = build([decision.finding.trail for decision in sheet.decisions], start)
    files = _count(root) <= _NODES
    note = "" if files else "<p class=note>Folders and archives only: there are too many files for one tree."
    return f"{note}<ul class=tree>{''.join(_items(root, files=files, level=0))}</ul>"


def _count(node: Node) -> int:
    return 1 + sum(_count(child) for child in node.below.values())


def _items(node: Node, *, files: bool, level: int) -> Iterator[str]:
    for (kind, _), child in node.below.items():
        if kind == "file" and not files:
            continue
        label, bottom, kinds = child.label, child, kind
        while kinds == "folder" and len(bottom.below) == 1:
            ((kinds, _), bottom) = next(iter(bottom.below.items()))
            label = f"{label}/{bottom.label}"
        count = child.stop - child.start
        shown = esc(label, 300) or "(no name)"
        run = f'href="#f{child.start + 1}" data-r="{child.start} {child.stop}"'
        inner = "".join(_items(bottom, files=files, level=level + 1)) if bottom.below else ""
        if inner:
            opened = " open" if level < 1 else ""
            yield (
                f"<li><details{opened}><summary><bdi>{shown}</bdi> <b>{count:,}</b></summary><ul>"
                f'<li class=leaf><a class=all {run} aria-label="Show these {count:,}: {shown}">Show these {count:,}</a>'
                f"{inner}</ul></details>"
            )
        else:
            yield f"<li class=leaf><a {run}><bdi>{shown}</bdi></a> <b>{count:,}</b>"
