"""How a selection passes operators that only move values: split, slice, gather, join, turn, fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.strip.onnx.drops import ALL, DEAD, WHOLE, Drop, Edge, exact, places, tidy
from untag.strip.onnx.graph import Graph, RefusedError, attribute, set_attribute, title
from untag.strip.onnx.rules import living, rank_of, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.onnx.rules import Live

SPLIT_INPUT = 13
"""Operator set from which the sizes of a split are an input."""


def split(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Say that a split needs of its axis what its live outputs need."""
    rank = rank_of(graph, node.input[0], node)
    axis = attribute(node, "axis", 0) % rank
    gone: set[int] = set()
    others: list[Live] = []
    offset = 0
    for name, drop in zip(node.output, outs, strict=True):
        size = size_of(graph, name, axis, node)
        if drop is None:
            gone |= set(range(offset, offset + size))
        else:
            gone |= {offset + index for index in drop.get(axis, ())}
            others.append({a: g for a, g in drop.items() if a != axis})
        offset += size
    if any(other != others[0] for other in others):
        raise RefusedError(
            title(node), "its outputs lose different values on another axis", "a model without this split"
        )
    drop = tidy({axis: frozenset(gone), **(others[0] if others else {})})
    return [Edge(drop, drop, exact=bool(others and others[0])), *[ALL] * (len(node.input) - 1)]


def split_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:
    """Count what is left of each output, and drop those that are gone."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut
    from onnx import helper  # noqa: PLC0415 - as above

    axis = attribute(node, "axis", 0) % rank_of(graph, node.input[0], node)
    source = (ins[0] or {}).get(axis, frozenset())
    if not source:
        return [node]
    names, sizes = [], []
    offset = 0
    for name, drop in zip(node.output, outs, strict=True):
        size = size_of(graph, name, axis, node)
        span = frozenset(range(offset, offset + size))
        offset += size
        if drop is None and span <= source:
            continue
        names.append(name)
        sizes.append(size - len(span & source))
    if len(names) == 1:
        return [helper.make_node("Identity", [node.input[0]], names, name=node.name)]
    del node.output[:]
    node.output.extend(names)
    set_attribute(node, "num_outputs", None)
    if graph.opset >= SPLIT_INPUT:
        del node.input[1:]
        node.input.append(graph.constant(f"{names[0]}_split", np.asarray(sizes, dtype=np.int64)))
    else:
        set_attribute(node, "split", sizes)
    return [node]


def slices(graph: Graph, node: Any) -> dict[int, list[int]]:
    """Return by axis the indices that a ``Slice`` takes; an axis whose size is not known is left out."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

    rank = rank_of(graph, node.input[0], node)
    if len(node.input) == 1:
        starts, ends = attribute(node, "starts"), attribute(node, "ends")
        axes, steps = attribute(node, "axes"), None
    else:
        values = [graph.value(name) if name else None for name in node.input[1:]]
        if any(value is None and name for value, name in zip(values, node.input[1:], strict=True)):
            raise RefusedError(title(node), "where it slices is computed", "starts and ends that are constants")
        lists = [None if v is None else [int(i) for i in v.reshape(-1)] for v in values]
        starts, ends, axes, steps = (*lists, None, None)[:4]
    axes = list(range(len(starts))) if axes is None else [axis % rank for axis in axes]
    found = {}
    shape = graph.shape(node.input[0]) or ()
    for at, axis in enumerate(axes):
        size = shape[axis]
        step = steps[at] if steps else 1
        if isinstance(size, int):
            found[axis] = _taken(np.arange(size), starts[at], ends[at], step)
    return found


def _taken(indices: Any, start: int, end: int, step: int) -> list[int]:
    """Return what ONNX's slice takes: an end beyond the low edge, going down, means to the first."""
    size = len(indices)
    start = start + size if start < 0 else start
    end = end + size if end < 0 else end
    if step > 0:
        return [int(i) for i in indices[min(max(start, 0), size) : min(max(end, 0), size) : step]]
    start, end = min(max(start, 0), size - 1), min(max(end, -1), size - 1)
    return list(range(start, end, step))


def slicing(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Say that a slice needs what it takes of its axes; the other axes pass."""
    if outs[0] is None:
        return [Edge(DEAD, WHOLE)] * len(node.input)
    try:
        taken = slices(graph, node)
    except RefusedError:
        if outs[0]:
            raise
        return [ALL] * len(node.input)
    allowed, must, moved = _taking(graph, node.input[0], outs[0], taken)
    return [Edge({**allowed, **moved}, {**must, **moved}, exact=bool(moved)), *[ALL] * (len(node.input) - 1)]


def _taking(graph: Graph, name: str, drop: Live, taken: dict[int, list[int]]) -> tuple[Live, Live, Live]:
    """Return what a taker of indices can do without, what has to go, and what passes on other axes."""
    shape = graph.shape(name) or ()
    allowed, must = {}, {}
    moved = {axis: gone for axis, gone in drop.items() if axis not in taken}
    for axis, indices in taken.items():
        size = shape[axis]
        assert isinstance(size, int)
        needed = {index for at, index in enumerate(indices) if at not in drop.get(axis, ())}
        allowed[axis] = frozenset(range(size)) - needed
        must[axis] = frozenset(indices[at] for at in drop.get(axis, ())) - needed
    return tidy(allowed), tidy(must), moved


def slicing_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:
    """Take the same values from where they stand now."""
    taken = slices(graph, node)
    moving = {axis: gone for axis, gone in (ins[0] or {}).items() if axis in taken}
    if not moving and not (outs[0] or {}).keys() & taken.keys():
        return [node]
    nodes = []
    current = node.input[0]
    for axis, indices in taken.items():
        kept = [index for at, index in enumerate(indices) if at not in (outs[0] or {}).get(axis, ())]
        size = (graph.shape(node.input[0]) or ())[axis]
        assert isinstance(size, int)
        now = places(kept, moving.get(axis, frozenset()))
        if now == list(range(size - len(moving.get(axis, ())))):
            continue
        made = graph.fresh(f"{node.output[0]}_taken")
        nodes.append(take(graph, current, made, axis, now))
        current = made
    return _ending(node, nodes, current)


def _ending(node: Any, nodes: list[Any], current: str) -> list[Any]:
    """Return nodes that end in a node's first output."""
    from onnx import helper  # noqa: PLC0415 - the library loads when a model is cut

    if nodes:
        nodes[-1].output[0] = node.output[0]
        nodes[-1].name = node.name
        return nodes
    return [helper.make_node("Identity", [current], [node.output[0]], name=node.name)]


def take(graph: Graph, source: str, made: str, axis: int, indices: list[int]) -> Any:
    """Return a node that takes indices of an axis: a slice where they follow each other, else a gather."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut
    from onnx import helper  # noqa: PLC0415 - as above

    run = len(indices) > 0 and indices == list(range(indices[0], indices[0] + len(indices)))
    if run and graph.opset >= 10:  # noqa: PLR2004 - operator set from which a slice has inputs
        limits = [np.asarray([value], dtype=np.int64) for value in (indices[0], indices[-1] + 1, axis)]
        names = [
            graph.constant(f"{made}_{what}", value)
            for what, value in zip(("start", "end", "axis"), limits, strict=True)
        ]
        return helper.make_node("Slice", [source, *names], [made])
    values = graph.constant(f"{made}_indices", np.asarray(indices, dtype=np.int64))
    return helper.make_node("Gather", [source, values], [made], axis=axis)


def gather(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Say that a gather needs its constant indices of its axis; with computed ones, all of them."""
    if outs[0] is None:
        return [Edge(DEAD, WHOLE)] * 2
    rank = rank_of(graph, node.input[0], node)
    axis = attribute(node, "axis", 0) % rank
    value = graph.value(node.input[1])
    wide = rank_of(graph, node.input[1], node) if value is None else value.ndim
    drop: Live = {}
    for at, gone in outs[0].items():
        if axis <= at < axis + wide:
            if value is None or wide != 1:
                raise RefusedError(title(node), "which classes it gathers is computed", "indices that are constants")
            drop[axis] = gone
        else:
            drop[at if at < axis else at - wide + 1] = gone
    if value is None or not isinstance((graph.shape(node.input[0]) or ())[axis], int):
        if axis in drop:
            raise RefusedError(title(node), "which classes it gathers is not known", "fixed sizes")
        return [exact(drop), ALL]
    size = size_of(graph, node.input[0], axis, node)
    indices = [int(i) % size for i in value.reshape(-1)]
    allowed, must, moved = _taking(graph, node.input[0], drop, {axis: indices})
    return [Edge({**allowed, **moved}, {**must, **moved}, exact=bool(moved)), ALL]


def gather_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:
    """Gather the same values from where they stand now."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

    rank = rank_of(graph, node.input[0], node)
    axis = attribute(node, "axis", 0) % rank
    value = graph.value(node.input[1])
    here = (ins[0] or {}).get(axis, frozenset())
    if value is None or not (here or (outs[0] or {}).get(axis)):
        return [node]
    size = size_of(graph, node.input[0], axis, node)
    kept = [
        int(i) % size
        for at, i in enumerate(value.reshape(-1))
        if value.ndim != 1 or at not in (outs[0] or {}).get(axis, ())
    ]
    now = places(kept, here)
    if value.ndim == 1 and now == list(range(size - len(here))):
        return _ending(node, [], node.input[0])
    shaped = np.asarray(now, dtype=np.int64).reshape(value.shape if value.ndim != 1 else (-1,))
    node.input[1] = graph.constant(f"{node.output[0]}_indices", shaped)
    return [node]


def concat(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Of what is joined, each input loses its own part."""
    drop = living(outs, node)
    axis = attribute(node, "axis", 1) % rank_of(graph, node.output[0], node)
    rest = {a: g for a, g in drop.items() if a != axis}
    edges, offset = [], 0
    for name in node.input:
        own = dict(rest)
        if axis in drop:
            size = size_of(graph, name, axis, node)
            own[axis] = frozenset(index - offset for index in drop[axis] if offset <= index < offset + size)
            offset += size
            if size and len(own[axis]) == size:
                edges.append(Edge(DEAD, DEAD))
                continue
        edges.append(exact(tidy(own)))
    return edges


def concat_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:  # noqa: ARG001 - the table's seam
    """Join what is left."""
    if outs[0] and any(drop is None for drop in ins):
        names = [name for name, drop in zip(node.input, ins, strict=True) if drop is not None]
        if len(names) == 1:
            return _ending(node, [], names[0])
        del node.input[:]
        node.input.extend(names)
    return [node]


def transpose(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Axes change places."""
    drop = living(outs, node)
    order = attribute(node, "perm") or list(reversed(range(rank_of(graph, node.input[0], node))))
    return [exact({order[axis]: gone for axis, gone in drop.items()})]
