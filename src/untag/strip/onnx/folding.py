"""How a selection passes operators that fold and unfold axes: reshape, flatten, squeeze, unsqueeze, expand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.strip.onnx.drops import ALL, Drop, Edge, exact
from untag.strip.onnx.graph import Dim, Graph, RefusedError, attribute, set_attribute, title
from untag.strip.onnx.rules import living, rank_of, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.onnx.rules import Live

LARGEST: Final = 1 << 24
"""Values of the axes that are folded together, beyond which a mask of them is not made."""
AXES_INPUT: Final = 13
NEVER: Final = -2
"""A size that no shape states."""


def fold(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Reshape and Flatten: what goes on the output's axis has to be whole indices of one axis of the input."""
    drop = living(outs, node)
    found: Live = {}
    for axis, gone in drop.items():
        here, indices = _unfolded(graph, node, axis, gone)
        if here in found and found[here] != indices:
            raise RefusedError(title(node), "classes on two axes become one", "a model without this reshape")
        found[here] = indices
    return [exact(found), *[ALL] * (len(node.input) - 1)]


def _unfolded(graph: Graph, node: Any, axis: int, gone: frozenset[int]) -> tuple[int, frozenset[int]]:
    """Return the axis of a reshape's input, and the indices on it, that are ``gone`` on an axis of its output."""
    old, new = graph.shape(node.input[0]), _target(graph, node)
    if old is None or new is None:
        raise RefusedError(
            title(node), "the shapes that it folds are not known", "shapes inferred or declared in the model"
        )
    (low, high), (first, last) = _middle(old, new)
    if axis < first:
        return axis, gone
    if axis >= last:
        return axis - last + high, gone
    inside, outside = old[low:high], new[first:last]
    if not all(isinstance(dim, int) for dim in (*inside, *outside)):
        raise RefusedError(title(node), "it folds an axis of unknown size together with the classes", "fixed sizes")
    found = _mask(
        [int(d) for d in inside if d is not None], [int(d) for d in outside if d is not None], axis - first, gone
    )
    if found is None:
        raise RefusedError(
            title(node),
            "kept and protected classes alternate in what it folds",
            "a model that does not fold the classes",
        )
    return low + found[0], found[1]


def _target(graph: Graph, node: Any) -> tuple[Dim, ...] | None:
    """Return the shape that a reshape makes, as far as it is known."""
    return graph.shape(node.output[0])


def _same(a: Dim, b: Dim) -> bool:
    return a is not None and a == b


def _middle(old: Sequence[Dim], new: Sequence[Dim]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where two shapes of the same count differ: the axes that are alike at both ends are left out.

    An unknown axis at the front of both is the same one where the rest of both counts the same.
    """
    low = 0
    while low < min(len(old), len(new)) and _same(old[low], new[low]):
        low += 1
    high, last = len(old), len(new)
    while high > low and last > low and _same(old[high - 1], new[last - 1]):
        high, last = high - 1, last - 1
    front = low < high and low < last and not isinstance(old[low], int) and not isinstance(new[low], int)
    if front and _count(old[low + 1 : high]) == _count(new[low + 1 : last]) is not None:
        low += 1
        while low < min(high, last) and _same(old[low], new[low]):
            low += 1
    return (low, high), (low, last)


def _count(dims: Sequence[Dim]) -> int | None:
    """Return how many values axes hold, or nothing where one is unknown."""
    count = 1
    for dim in dims:
        if not isinstance(dim, int):
            return None
        count *= dim
    return count


def _mask(old: list[int], new: list[int], axis: int, gone: frozenset[int]) -> tuple[int, frozenset[int]] | None:
    """Return the axis and indices of ``old`` that hold exactly what ``gone`` on an axis of ``new`` holds, if any do."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

    size = _count(old)
    if size is None or size != _count(new) or size == 0 or size > LARGEST:
        return None
    mask = np.zeros(new, dtype=bool)
    mask[(slice(None),) * axis + (sorted(gone),)] = True
    mask = mask.reshape(old)
    for at in range(len(old)):
        others = tuple(other for other in range(len(old)) if other != at)
        some, every = mask.any(axis=others), mask.all(axis=others)
        if (some == every).all():
            return at, frozenset(int(i) for i in np.flatnonzero(some))
    return None


def reshape_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:
    """State the shape that is left."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

    drop = outs[0]
    if not drop:
        return [node]
    value = graph.value(node.input[1]) if len(node.input) > 1 else np.asarray(attribute(node, "shape"), dtype=np.int64)
    if value is None:
        return _computed(graph, node, drop)
    target = [int(dim) for dim in value.reshape(-1)]
    keeps = not attribute(node, "allowzero", 0)
    for axis, gone in drop.items():
        if target[axis] > 0 or (target[axis] == 0 and keeps and (ins[0] or {}).get(axis) != gone):
            target[axis] = size_of(graph, node.output[0], axis, node) - len(gone)
    for axis, dim in enumerate(target):
        if dim == 0 and keeps and (ins[0] or {}).get(axis) and axis not in drop:
            target[axis] = size_of(graph, node.output[0], axis, node)
    made = np.asarray(target, dtype=np.int64)
    if len(node.input) > 1:
        node.input[1] = graph.constant(f"{node.output[0]}_shape", made)
    else:
        set_attribute(node, "shape", made.tolist())
    return [node]


def _computed(graph: Graph, node: Any, drop: Live) -> list[Any]:
    """Correct a shape that is computed: where it states the old size, it states the new one."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut
    from onnx import helper  # noqa: PLC0415 - as above

    old = np.full(rank_of(graph, node.output[0], node), NEVER, dtype=np.int64)
    new = old.copy()
    for axis, gone in drop.items():
        old[axis] = size_of(graph, node.output[0], axis, node)
        new[axis] = old[axis] - len(gone)
    stem = node.output[0]
    same, made = graph.fresh(f"{stem}_same"), graph.fresh(f"{stem}_shape")
    nodes = [
        helper.make_node("Equal", [node.input[1], graph.constant(f"{stem}_old", old)], [same]),
        helper.make_node("Where", [same, graph.constant(f"{stem}_new", new), node.input[1]], [made]),
        node,
    ]
    node.input[1] = made
    return nodes


def squeeze(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Axes of one go or come."""
    drop = living(outs, node)
    axes = _axes(graph, node)
    if node.op_type == "Squeeze":
        staying = [axis for axis in range(rank_of(graph, node.input[0], node)) if axis not in axes]
        moved = {staying[axis]: gone for axis, gone in drop.items()}
    else:
        order = [axis for axis in range(rank_of(graph, node.output[0], node)) if axis not in axes]
        moved = {order.index(axis): gone for axis, gone in drop.items()}
    return [exact(moved), *[ALL] * (len(node.input) - 1)]


def _axes(graph: Graph, node: Any) -> set[int]:
    """Return the axes that are squeezed from the input, or put into the output."""
    wide = rank_of(graph, node.input[0] if node.op_type == "Squeeze" else node.output[0], node)
    axes = attribute(node, "axes")
    if len(node.input) > 1 and node.input[1]:
        value = graph.value(node.input[1])
        if value is None:
            raise RefusedError(title(node), "its axes are computed", "axes that are constants")
        axes = value.reshape(-1).tolist()
    if axes is not None:
        return {int(axis) % wide for axis in axes}
    shape = graph.shape(node.input[0]) or ()
    if not all(isinstance(dim, int) for dim in shape):
        raise RefusedError(title(node), "which axes it squeezes is not known", "axes that are stated")
    return {axis for axis, dim in enumerate(shape) if dim == 1}


def squeeze_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:  # noqa: ARG001 - the table's seam
    """State the axes where the node left them to the sizes: an axis of classes may have one value left."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

    if node.op_type == "Squeeze" and outs[0] and attribute(node, "axes") is None and len(node.input) < 2:  # noqa: PLR2004
        axes = sorted(_axes(graph, node))
        if graph.opset >= AXES_INPUT:
            node.input.append(graph.constant(f"{node.output[0]}_axes", np.asarray(axes, dtype=np.int64)))
        else:
            set_attribute(node, "axes", axes)
    return [node]


def expand(graph: Graph, node: Any, outs: Sequence[Drop]) -> list[Edge]:
    """Expand: an axis that the input has loses the same; one that is made by repetition is made shorter."""
    drop = living(outs, node)
    if drop and graph.value(node.input[1]) is None:
        raise RefusedError(title(node), "the shape that it makes is computed", "a shape that is a constant")
    beyond = rank_of(graph, node.output[0], node) - rank_of(graph, node.input[0], node)
    found: Live = {}
    for axis, gone in drop.items():
        here = axis - beyond
        if here >= 0 and size_of(graph, node.input[0], here, node) != 1:
            found[here] = gone
    return [exact(found), ALL]


def expand_apply(graph: Graph, node: Any, ins: Sequence[Drop], outs: Sequence[Drop]) -> list[Any]:  # noqa: ARG001 - the table's seam
    """State the shape that is left."""
    value = graph.value(node.input[1])
    if not outs[0] or value is None:
        return [node]
    shape = value.reshape(-1).copy()
    beyond = rank_of(graph, node.output[0], node) - len(shape)
    for axis, gone in outs[0].items():
        if axis >= beyond and shape[axis - beyond] > 1:
            shape[axis - beyond] -= len(gone)
    node.input[1] = graph.constant(f"{node.output[0]}_shape", shape)
    return [node]
