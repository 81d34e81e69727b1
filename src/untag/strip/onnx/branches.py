"""Nodes with graphs inside: whole outputs of If and Loop can go, classes of them cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.strip.onnx import narrow, reach, sweep
from untag.strip.onnx.drops import ALL, GONE, Drop, Edge
from untag.strip.onnx.graph import Graph, RefusedError, captured, inner, shapes_of, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.onnx.narrow import Found

Asked = tuple[dict[str, Edge], list[Edge]]
"""What a node asks of the tensors around it that its graphs read, and of its inputs."""


def ask(graph: Graph, node: Any, outs: Sequence[Drop], found: Found, place: int, before: Found | None) -> Asked:
    """Return what a node with graphs inside can do without; trim its graphs by the outputs that go."""
    names = {name for body in inner(node) for name in captured(body)}
    if outs and all(drop is None for drop in outs):
        if before is not None and node.op_type == "If" and node.domain in narrow.STANDARD:
            gone = [i for i, name in enumerate(node.output) if name and before.drops.get(name) is not None]
            copy = type(node)()
            copy.CopyFrom(node)
            # what chooses the branch is not what the output is made of: that is inside
            _trim_branches(graph, copy, gone, found)
        return dict.fromkeys(names, GONE), [GONE] * len(node.input)
    if any(outs):
        raise RefusedError(
            title(node), "classes inside a branch or a loop", "a whole output of it, or a model without the branch"
        )
    whole: Asked = dict.fromkeys(names, ALL), [ALL] * len(node.input)
    if before is None:
        return whole
    dead = [i for i, (name, drop) in enumerate(zip(node.output, outs, strict=True)) if name and drop is None]
    dead = [i for i in dead if before.drops.get(node.output[i]) is not None]
    if not dead:
        return whole
    if node.op_type not in ("If", "Loop") or node.domain not in narrow.STANDARD:
        raise RefusedError(title(node), "an output of it goes, and untag cannot change its inside", "If or Loop")
    copy = type(node)()
    copy.CopyFrom(node)
    _trim_branches(graph, copy, dead, found) if node.op_type == "If" else _trim_loop(graph, copy, dead, found)
    found.trimmed[place] = copy
    still = {name for body in inner(copy) for name in captured(body)}
    edges = {name: ALL if name in still else GONE for name in names}
    asked = [ALL if name in copy.input else GONE for name in node.input]
    return edges, asked


def _trim_branches(graph: Graph, node: Any, dead: Sequence[int], found: Found) -> None:
    """Take outputs off both branches of an If, and all that only they need."""
    owed: dict[int, set[str]] = {place: set() for place in dead}
    for body in inner(node):
        names = [body.output[place].name for place in dead]
        around = _narrowed(graph, body, dead, names, found)
        for place in dead:
            owed[place] |= around
    _unlist(node.output, dead, owed, found)


def _trim_loop(graph: Graph, node: Any, dead: Sequence[int], found: Found) -> None:
    """Take outputs off a Loop: what it collects, and what it carries if nothing else in the body reads it."""
    body = next(iter(inner(node)))
    carried = len(body.input) - 2
    names = [body.output[1 + place].name for place in dead]
    around = _narrowed(graph, body, [1 + place for place in dead], names, found)
    read = {name for inside in body.node for name in inside.input} | {o.name for o in body.output} | captured(body)
    read |= {name for inside in body.node for deeper in inner(inside) for name in captured(deeper)}
    gone = [place for place in dead if place < carried]
    for place in gone:
        if body.input[2 + place].name in read:
            raise RefusedError(
                title(node),
                f"its body needs the carried value {body.input[2 + place].name} for what stays",
                "a loop that does not",
            )
    for place in reversed(gone):
        del body.input[2 + place]
        del node.input[2 + place]
    _unlist(node.output, dead, dict.fromkeys(dead, around), found)


def _unlist(names: Any, dead: Sequence[int], owed: dict[int, set[str]], found: Found) -> None:
    for place in sorted(dead, reverse=True):
        found.owed[names[place]] = owed[place]
        del names[place]


def _narrowed(graph: Graph, body: Any, dead: Sequence[int], names: Sequence[str], found: Found) -> set[str]:
    """Take outputs off a graph inside, by place; return the tensors around it that they came from unchanged."""
    shapes = {**graph.shapes, **shapes_of(body)}
    within = Graph(body, graph.array, graph.opset, shapes)
    within.around = graph.around | set(graph.initializers) | set(graph.constants)
    as_it_is = narrow.backward(within, {})
    staying = [o.name for i, o in enumerate(body.output) if i not in dead]
    if set(names) & set(staying):
        raise RefusedError(
            f"tensor {names[0]}", "a branch gives one tensor as two outputs, and one of them stays", "both outputs"
        )
    for place in sorted(dead, reverse=True):
        del body.output[place]
    within.refresh()
    after = narrow.backward(within, {}, as_it_is)
    own = set(within.producer) | set(within.initializers)
    around = {name for name in names if name not in own and name not in {i.name for i in body.input}}
    around |= reach.check(within, after, [name for name in names if name in own])
    narrow.forward(within, after)
    found.marks.kept.update(_renumbered(after.marks, found.marks, body))
    found.marks.layers.extend(after.marks.layers)
    sweep.sweep(body, after)
    return around


def _renumbered(inside: Any, outside: Any, body: Any) -> dict[str, Any]:
    """Give the marks of a graph inside names that are free outside."""
    from untag.strip.onnx.nouns import graph_tensors  # noqa: PLC0415 - only where a branch was cut

    start, moved = len(outside.kept), {}
    for number, (_, tensor) in enumerate((k, t) for k, t in graph_tensors(body, "") if t.doc_string in inside.kept):
        mark = f"\0untag {start + number}"
        moved[mark] = inside.kept[tensor.doc_string]
        tensor.doc_string = mark
    return moved
