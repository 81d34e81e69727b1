"""How a selection on an operator's output becomes selections on its inputs: elementwise and linear operators.

Each rule is an algebraic identity: the operator on the selected inputs gives exactly the selected
output. What has no rule stops the cut. Semantics are those of the ONNX operator reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.strip.onnx.drops import ALL, WHOLE, Drop, Edge, exact
from untag.strip.onnx.graph import Graph, RefusedError, attribute, set_attribute, title

if TYPE_CHECKING:
    from collections.abc import Sequence

Live = dict[int, frozenset[int]]

UNARY: Final = frozenset(
    ("Relu", "Sigmoid", "Tanh", "Exp", "Log", "Neg", "Abs", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Sign",
     "Erf", "LeakyRelu", "Elu", "Celu", "Selu", "ThresholdedRelu", "HardSigmoid", "HardSwish", "Softplus", "Softsign",
     "Mish", "Gelu", "Swish", "Shrink", "Identity", "Cast", "CastLike", "Dropout", "Clip", "Not", "IsNaN", "IsInf",
     "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "BitwiseNot")
)  # fmt: skip
"""One value in, one value out; further inputs are scalars or types."""
BROADCAST: Final = frozenset(
    ("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Mean", "Sum", "PRelu", "Where", "And", "Or", "Xor", "Equal",
     "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Mod", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor")
)  # fmt: skip
LINEAR: Final = frozenset(
    ("Gemm", "MatMul", "Conv", "ConvTranspose", "MatMulInteger", "ConvInteger", "QLinearConv", "QLinearMatMul")
)
"""Operators whose weights make the classes: here a cut ends."""
MODERN: Final = 7
"""Operator set from which binary operators broadcast as NumPy does."""


def living(outs: Sequence[Drop], node: Any) -> Live:
    """Return the drop of a node's first output; refuse where another output is read too."""
    if any(drop is not None for drop in outs[1:]) or outs[0] is None:
        raise RefusedError(title(node), "a second output of it is read", "a model in which only the first one is")
    return outs[0]


def rank_of(graph: Graph, name: str, node: Any) -> int:
    """Return a tensor's rank; refuse where it is unknown."""
    rank = graph.rank(name)
    if rank is None:
        raise RefusedError(
            title(node), f"the shape of tensor {name!r} is not known", "shapes inferred or declared in the model"
        )
    return rank


def size_of(graph: Graph, name: str, axis: int, node: Any) -> int:
    """Return a tensor's size on an axis; refuse where it is unknown."""
    shape = graph.shape(name)
    size = shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None
    if not isinstance(size, int):
        raise RefusedError(
            title(node), f"the size of tensor {name!r} on axis {axis} is not known", "a fixed size there"
        )
    return size


def unary(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:  # noqa: ARG001 - the table's seam
    """Operators that look at one value at a time."""
    return [exact(living(outs, node)), *[ALL] * (len(node.input) - 1)]


def broadcast(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Elementwise operators of several inputs: each input that has the axis loses the same indices."""
    drop = living(outs, node)
    if graph.opset < MODERN and attribute(node, "broadcast", 0):
        raise RefusedError(
            title(node), "it broadcasts by the rules before operator set 7", "a model of operator set 7 or later"
        )
    rank = rank_of(graph, node.output[0], node)
    return [exact(_carried(graph, node, name, drop, rank)) if name else ALL for name in node.input]


def _carried(graph: Graph, node: Any, name: str, drop: Live, rank: int) -> Live:
    """Return what an input loses of what goes from an output of ``rank`` dimensions that it is broadcast to."""
    own = rank_of(graph, name, node)
    found: Live = {}
    for axis, gone in drop.items():
        here = axis - (rank - own)
        if here < 0:
            continue
        size = size_of(graph, name, here, node)
        if size != 1 or size_of(graph, node.output[0], axis, node) == 1:
            found[here] = gone
    return found


def gemm(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """``alpha * A' * B' + beta * C``: rows of the output are rows of A', columns are columns of B'."""
    drop = living(outs, node)
    turned_a, turned_b = attribute(node, "transA", 0), attribute(node, "transB", 0)
    rows, columns = drop.get(0, frozenset()), drop.get(1, frozenset())
    edges = [
        exact({1 if turned_a else 0: rows} if rows else WHOLE),
        exact({0 if turned_b else 1: columns} if columns else WHOLE),
    ]
    if len(node.input) > 2:  # noqa: PLR2004 - the third input
        edges.append(exact(_carried(graph, node, node.input[2], drop, 2)) if node.input[2] else ALL)
    return edges


def matmul(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Matrix product with leading dimensions broadcast; the quantised kinds have scales and zero points beside."""
    drop = living(outs, node)
    quantised = node.op_type == "QLinearMatMul"
    at_a, at_b = 0, 3 if quantised else 1
    ranks = rank_of(graph, node.input[at_a], node), rank_of(graph, node.input[at_b], node)
    rank = rank_of(graph, node.output[0], node)
    edges = [ALL] * len(node.input)
    matrix = [kind for kind, present in (("m", ranks[0] > 1), ("n", ranks[1] > 1)) if present]
    for axis, gone in drop.items():
        beyond = axis - (rank - len(matrix))
        if beyond >= 0:
            left = matrix[beyond] == "m"
            which, here = (at_a, ranks[0] - 2) if left else (at_b, ranks[1] - 1)
            _join(edges, which, {here: gone})
            sides = [at_a + 1, at_a + 2] if left else [at_b + 1, at_b + 2]
            if not quantised:
                sides = [2] if left else [3]
                sides = sides if node.op_type == "MatMulInteger" else []
            for side in sides:
                _per_axis(graph, node, edges, side, gone, axis)
        else:
            _batch(graph, node, edges, (at_a, at_b), ranks, (axis - (rank - len(matrix)), gone))
    return edges


def _batch(
    graph: Graph,
    node: Any,
    edges: list[Edge],
    at: tuple[int, int],
    ranks: tuple[int, int],
    what: tuple[int, frozenset[int]],
) -> None:
    """Push a drop on a leading dimension of a matrix product to the inputs that have it."""
    back, gone = what
    for which, own in zip(at, ranks, strict=True):
        here = own - 2 + back
        if own > 2 and here >= 0 and size_of(graph, node.input[which], here, node) != 1:  # noqa: PLR2004 - a matrix
            _join(edges, which, {here: gone})


def _per_axis(graph: Graph, node: Any, edges: list[Edge], which: int, gone: frozenset[int], axis: int) -> None:
    """Push a drop to a scale or zero point that has one value for each index of the axis."""
    if which >= len(node.input) or not node.input[which]:
        return
    rank = rank_of(graph, node.input[which], node)
    if rank == 0:
        return
    here = 0 if rank == 1 else axis
    if rank == 1 and size_of(graph, node.input[which], 0, node) == 1 != size_of(graph, node.output[0], axis, node):
        return
    if rank > 1:
        raise RefusedError(
            title(node), "its scales or zero points have more than one dimension", "scales per tensor or per axis"
        )
    _join(edges, which, {here: gone})


def _join(edges: list[Edge], which: int, drop: Live) -> None:
    edges[which] = exact({**(edges[which].allowed or {}), **drop})


def conv(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Convolutions: output channels are rows of the weight; in groups, only whole groups can go."""
    drop = living(outs, node)
    quantised = node.op_type == "QLinearConv"
    edges = [ALL] * len(node.input)
    weight = 3 if quantised else 1
    turned = node.op_type == "ConvTranspose"
    group = attribute(node, "group", 1)
    for axis, gone in drop.items():
        if axis == 0:
            _join(edges, 0, {0: gone})
            continue
        if axis != 1:
            raise RefusedError(
                title(node), "the classes stand on an axis that the convolution slides over", "classes on the channels"
            )
        if group != 1:
            _grouped(graph, node, edges, gone, (weight, group, turned))
        else:
            _join(edges, weight, {1 if turned else 0: gone})
        sides = {"QLinearConv": (4, 5, 8), "ConvInteger": (3,)}.get(node.op_type, (2,))
        for side in sides:
            _per_axis(graph, node, edges, side, gone, 1)
    return edges


def _grouped(graph: Graph, node: Any, edges: list[Edge], gone: frozenset[int], how: tuple[int, int, bool]) -> None:
    """Push a drop of whole groups of a grouped convolution to its input channels and weights."""
    weight, group, turned = how
    channels = size_of(graph, node.output[0], 1, node)
    each = channels // group
    groups = {index // each for index in gone}
    if turned or channels % group or len(gone) != len(groups) * each:
        raise RefusedError(
            title(node), f"kept and protected classes share a group of its {group}", "a convolution without groups"
        )
    given = size_of(graph, node.input[0], 1, node) // group
    inputs = frozenset(g * given + i for g in groups for i in range(given))
    _join(edges, 0, {1: inputs})
    _join(edges, weight, {0: gone})


def conv_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:
    """Count the groups that are left."""
    group = attribute(node, "group", 1)
    gone = (outs[0] or {}).get(1)
    if group != 1 and gone and (ins[0] or {}).get(1):
        each = size_of(graph, node.output[0], 1, node) // group
        set_attribute(node, "group", group - len(gone) // each)
    return [node]


def channelwise(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:  # noqa: ARG001 - the table's seam
    """BatchNormalization and InstanceNormalization: one scale, shift, mean and variance for each channel."""
    drop = living(outs, node)
    if node.op_type == "InstanceNormalization" and set(drop) - {0, 1}:
        raise RefusedError(title(node), "it normalises over the axis of the classes", "classes on the channels")
    gone = drop.get(1, frozenset())
    return [exact(drop), *[exact({0: gone} if gone else WHOLE)] * (len(node.input) - 1)]


def quantised(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """QuantizeLinear and DequantizeLinear, per tensor, per axis, or in blocks along another axis."""
    drop = living(outs, node)
    rank = rank_of(graph, node.output[0], node)
    along = attribute(node, "axis", 1)
    along += rank if along < 0 else 0
    edges = [exact(drop)]
    for name in node.input[1:]:
        own = rank_of(graph, name, node) if name else 0
        if own == 0 or (own == 1 and size_of(graph, name, 0, node) == 1 and rank > 1):
            edges.append(ALL)
        elif own == 1:
            edges.append(exact({0: drop[along]} if along in drop else WHOLE))
        elif along in drop:
            raise RefusedError(
                title(node), "it quantises in blocks along the axis of the classes", "scales per tensor or per axis"
            )
        else:
            edges.append(exact(drop))
    return edges
