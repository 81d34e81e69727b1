"""How a selection passes operators that mix values along some axes and leave the others alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.strip.onnx.drops import ALL, DEAD, Drop, Edge, exact, tidy
from untag.strip.onnx.graph import Graph, RefusedError, attribute, title
from untag.strip.onnx.rules import living, rank_of, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

POOLS: Final = frozenset(("MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"))
REDUCTIONS: Final = frozenset(
    ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
     "ReduceLogSumExp", "ReduceSumSquare")
)  # fmt: skip
SOFTMAXES: Final = frozenset(("Softmax", "LogSoftmax", "Hardmax"))
PER_AXIS: Final = 13
"""Operator set from which a softmax takes one axis; before, all from its axis on are one."""
AXES_INPUT: Final = 13
RENORMALISE: Final = "--renormalise, after which the kept probabilities differ and the logits do not"


def softmax(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Softmax, LogSoftmax, Hardmax: any axis but their own, unless the caller lets the rest be normalised anew."""
    drop = living(outs, node)
    rank = rank_of(graph, node.output[0], node)
    axis = attribute(node, "axis", -1 if graph.opset >= PER_AXIS else 1)
    axis += rank if axis < 0 else 0
    mixed = {axis} if graph.opset >= PER_AXIS else set(range(axis, rank))
    if mixed & set(drop):
        if not graph.renormalise or node.op_type == "Hardmax":
            raise RefusedError(title(node), "a softmax over kept and protected classes together", RENORMALISE)
        graph.renormalised.append(node.input[0])
    return [exact(drop)]


def pool(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:  # noqa: ARG001 - the table's seam
    """Pooling: channels stay apart."""
    drop = living(outs, node)
    if set(drop) - {0, 1}:
        raise RefusedError(title(node), "it pools over the axis of the classes", "classes on the channels")
    return [exact(drop)]


def reduction(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Pass sums, means and the like over other axes."""
    drop = living(outs, node)
    rank = rank_of(graph, node.input[0], node)
    axes = _axes(graph, node, rank)
    if attribute(node, "keepdims", 1):
        moved = drop
        if set(drop) & axes:
            raise RefusedError(title(node), "it reduces the axis of the classes", "classes on another axis")
    else:
        staying = [axis for axis in range(rank) if axis not in axes]
        moved = {staying[axis]: gone for axis, gone in drop.items()}
    return [exact(moved), *[ALL] * (len(node.input) - 1)]


def _axes(graph: Graph, node: Any, rank: int) -> set[int]:
    """Return the axes that a reduction takes."""
    axes = attribute(node, "axes")
    if axes is None and len(node.input) > 1 and node.input[1]:
        value = graph.value(node.input[1])
        if value is None:
            raise RefusedError(title(node), "the axes that it reduces are computed", "axes that are constants")
        axes = value.reshape(-1).tolist()
    if not axes:
        return set() if attribute(node, "noop_with_empty_axes", 0) else set(range(rank))
    return {int(axis) % rank for axis in axes}


def apart(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """CumSum, LpNormalization, LayerNormalization: any axis before or beside the one they run along."""
    drop = living(outs, node)
    rank = rank_of(graph, node.output[0], node)
    if node.op_type == "CumSum":
        value = graph.value(node.input[1])
        if value is None:
            raise RefusedError(title(node), "the axis that it sums along is computed", "an axis that is a constant")
        mixed = {int(value.reshape(-1)[0]) % rank}
    elif node.op_type in ("LayerNormalization", "RMSNormalization"):
        mixed = set(range(attribute(node, "axis", -1) % rank, rank))
    else:
        mixed = {attribute(node, "axis", -1) % rank}
    if mixed & set(drop):
        raise RefusedError(
            title(node),
            "it mixes kept and protected classes along their axis",
            "a model that does so for each class alone",
        )
    return [exact(drop), *[ALL] * (len(node.input) - 1)]


def pad(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Pass padding of other axes."""
    drop = living(outs, node)
    rank = rank_of(graph, node.output[0], node)
    pads = attribute(node, "pads")
    if pads is None:
        value = graph.value(node.input[1]) if len(node.input) > 1 else None
        pads = None if value is None else value.reshape(-1).tolist()
    axes = list(range(rank))
    if len(node.input) > 3 and node.input[3]:  # noqa: PLR2004 - the fourth input
        value = graph.value(node.input[3])
        axes = [] if value is None else [int(axis) % rank for axis in value.reshape(-1)]
    if pads is None or len(pads) != 2 * len(axes) or not axes:
        raise RefusedError(title(node), "how much it pads is computed", "pads that are constants")
    for at, axis in enumerate(axes):
        if axis in drop and (pads[at] or pads[at + len(axes)]):
            raise RefusedError(title(node), "it pads the axis of the classes", "classes on another axis")
    return [exact(drop), *[ALL] * (len(node.input) - 1)]


def resize(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Resize and Upsample of other axes."""
    drop = living(outs, node)
    for axis in drop:
        if size_of(graph, node.output[0], axis, node) != size_of(graph, node.input[0], axis, node):
            raise RefusedError(title(node), "it resizes the axis of the classes", "classes on another axis")
    if attribute(node, "coordinate_transformation_mode", b"half_pixel") == b"tf_crop_and_resize" and drop:
        raise RefusedError(title(node), "it crops before it resizes", "another coordinate transformation")
    if len(node.input) > 3 and node.input[3] and graph.value(node.input[3]) is None:  # noqa: PLR2004 - the sizes
        raise RefusedError(title(node), "the size that it makes is computed", "sizes that are constants")
    return [exact(drop), *[ALL] * (len(node.input) - 1)]


def resize_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:  # noqa: ARG001 - the table's seam
    """Correct the sizes, where they are given and not scales."""
    if len(node.input) > 3 and node.input[3] and outs[0]:  # noqa: PLR2004 - the sizes
        value = graph.value(node.input[3])
        assert value is not None
        rank = rank_of(graph, node.output[0], node)
        axes = attribute(node, "axes") or list(range(rank))
        sizes = value.reshape(-1).copy()
        for at, axis in enumerate(axes):
            sizes[at] -= len(outs[0].get(axis % rank, ()))
        node.input[3] = graph.constant(f"{node.output[0]}_sizes", sizes)
    return [node]


def shape(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Say that a reader of the shape can do without any value, since the old shape is known."""
    if outs[0]:
        raise RefusedError(title(node), "a part of a shape would go", "shapes that are constants")
    if graph.value(node.output[0]) is not None:
        return [Edge(DEAD, {})]
    known = graph.shape(node.input[0]) or ()
    sizes = {axis: frozenset(range(size)) for axis, size in enumerate(known) if isinstance(size, int)}
    return [Edge(tidy(sizes), {})]


def shape_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:  # noqa: ARG001 - the table's seam
    """State the shape as it was: what is computed from it is computed for the tensor as it was."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut
    from onnx import helper  # noqa: PLC0415 - as above

    if ins[0] == {}:
        return [node]
    value = graph.value(node.output[0])
    if value is not None:
        return [
            helper.make_node(
                "Identity", [graph.constant(f"{node.output[0]}_was", value)], [node.output[0]], name=node.name
            )
        ]
    rank = rank_of(graph, node.input[0], node)
    delta = np.zeros(rank, dtype=np.int64)
    for axis, gone in (ins[0] or {}).items():
        delta[axis] = len(gone)
    delta = delta[slice(attribute(node, "start", 0), attribute(node, "end"))]
    now = graph.fresh(f"{node.output[0]}_now")
    old, node.output[0] = node.output[0], now
    added = helper.make_node("Add", [now, graph.constant(f"{old}_gone", delta)], [old])
    return [node, added]
