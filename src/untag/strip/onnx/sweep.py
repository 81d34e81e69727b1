"""After a cut: nodes, weights and declarations that nothing needs are collected, and shapes stated anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.strip.onnx.graph import captured, inner

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.strip.onnx.narrow import Found


def sweep(proto: Any, found: Found) -> None:
    """Collect what nothing reads any more of a graph, in place."""
    needed = {o.name for o in proto.output}
    for place in range(len(proto.node) - 1, -1, -1):
        node = proto.node[place]
        if any(name in needed for name in node.output):
            needed |= set(node.input)
            for body in inner(node):
                needed |= captured(body)
        else:
            del proto.node[place]
    gone = {t.name for t in proto.initializer if t.name not in needed}
    made = {name for node in proto.node for name in node.output} | {t.name for t in proto.initializer} - gone
    made |= {i.name for i in proto.input} - gone
    _keep(proto.initializer, lambda tensor: tensor.name in needed)
    _keep(proto.sparse_initializer, lambda tensor: tensor.values.name in needed)
    _keep(proto.input, lambda value: value.name not in gone)
    _keep(proto.value_info, lambda value: value.name in made)
    _keep(proto.quantization_annotation, lambda note: note.tensor_name in made)
    for value in (*proto.value_info, *proto.output, *proto.input):
        drop = found.drops.get(value.name)
        if drop and value.type.HasField("tensor_type"):
            dims = value.type.tensor_type.shape.dim
            for axis, indices in drop.items():
                if axis < len(dims) and dims[axis].HasField("dim_value"):
                    dims[axis].dim_value -= len(indices)


def _keep(items: Any, keeps: Callable[[Any], bool]) -> None:
    """Leave of a repeated field what is kept, in order; what stays is not copied."""
    for place in range(len(items) - 1, -1, -1):
        if not keeps(items[place]):
            del items[place]
