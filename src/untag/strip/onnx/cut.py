"""Take outputs, or classes of outputs, out of a model: pure, from one ``ModelProto`` to another.

The kept indices stand on the class axis of an output; that selection is pushed back operator by operator,
each step an algebraic identity, until it slices weights. Then all that nothing needs is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, field
from untag.strip.base import StripError
from untag.strip.onnx import narrow, reach
from untag.strip.onnx.drops import DEAD, Drop, left
from untag.strip.onnx.graph import Graph, RefusedError, inferred
from untag.strip.onnx.normal import SOFTMAXES
from untag.strip.onnx.nouns import Cut, Kept, gone, take, tensors
from untag.strip.onnx.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

STILL: Final = "the head is gone; an embedding or a shared trunk may still encode the attribute"
TYPES: Final = {
    1: "float32",
    2: "uint8",
    3: "int8",
    6: "int32",
    7: "int64",
    10: "float16",
    11: "float64",
    16: "bfloat16",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be taken out of a model."""

    outputs: tuple[str, ...] = ()
    """Outputs that go whole."""
    classes: Mapping[str, tuple[int, frozenset[int]]] = field(default_factory=dict)
    """Outputs that lose classes: the axis, and the indices that go."""
    renormalise: bool = False
    """Whether a softmax over kept and protected classes may be cut: the kept probabilities change then."""


def cut(model: Any, array: Callable[[Any], np.ndarray], wanted: Wanted) -> Cut:
    """Return a model without what is wanted out; ``model`` stays as it is, ``array`` gives a tensor's values.

    Raises `RefusedError`, with the tensor or node by name, where it cannot be done exactly, and `StripError`
    for an output that the model does not have.
    """
    whole_was = prepared(model)
    copy = type(whole_was)()
    copy.CopyFrom(whole_was)
    shapes = inferred(copy)
    opset = max((o.version for o in copy.opset_import if o.domain in narrow.STANDARD), default=1)
    graph = Graph(copy.graph, array, opset, shapes)
    graph.renormalise = wanted.renormalise
    drops = _drops(graph, wanted)
    outputs = list(graph.outputs)
    whole = [name for name in outputs if name in drops and drops[name] is None]
    if len(whole) == len(outputs):
        raise RefusedError("every output", "all that the model gives is protected", "delete the model")
    had = tuple(tensors(whole_was))
    before = narrow.backward(graph, {})
    _unlist(copy.graph, whole)
    graph.refresh()
    found = narrow.backward(graph, {name: drop for name, drop in drops.items() if drop}, before)
    reach.check(graph, found, whole)
    narrow.forward(graph, found)
    sweep(copy.graph, found)
    slices = found.marks.collect(copy)
    renamed = _renamed(copy.graph, {name: drop for name, drop in drops.items() if drop}, graph)
    kept = tuple(_kept(name, renamed, drops, graph) for name in outputs if name not in whole)
    layers = tuple(dict.fromkeys(renamed.get(name, name) for name in found.marks.layers))
    notes = [STILL]
    logits: tuple[Kept, ...] = ()
    if graph.renormalised:
        after = _after(graph, graph.renormalised)
        kept = tuple(k for k in kept if k.old not in after)
        logits = tuple(_kept_inner(name, found.drops.get(name), graph) for name in dict.fromkeys(graph.renormalised))
        notes.append(
            "the kept probabilities are normalised anew, without the removed classes; the logits are unchanged"
        )
    return Cut(
        copy,
        slices,
        _removed(had, copy, slices, whole),
        renamed,
        kept,
        layers,
        logits,
        had,
        tuple(notes),
    )


def prepared(model: Any) -> Any:
    """Return a copy of a model with its own functions written out."""
    copy = type(model)()
    copy.CopyFrom(model)
    if not copy.functions:
        return copy
    from onnx import inliner  # noqa: PLC0415 - the library loads when a model is cut

    try:
        return inliner.inline_local_functions(copy)
    except Exception as error:
        raise StripError(f"the model's own functions cannot be written out: {error}") from error


def _drops(graph: Graph, wanted: Wanted) -> dict[str, Drop]:
    """Return what goes of each output that is named."""
    for name in (*wanted.outputs, *wanted.classes):
        if name not in graph.outputs:
            raise StripError(f"the model has no output {name!r}; it has {', '.join(graph.outputs)}")
    drops: dict[str, Drop] = {}
    for name, (axis, lost) in wanted.classes.items():
        shape = graph.shape(name)
        size = shape[axis] if shape is not None and -len(shape) <= axis < len(shape) else None
        if shape is None or not isinstance(size, int):
            raise RefusedError(f"output {name}", f"its size on axis {axis} is not known", "a fixed number of classes")
        if not lost:
            continue
        if min(lost) < 0 or max(lost) >= size:
            raise StripError(f"output {name} has {size} classes, 0 to {size - 1}: {max(lost)} is none of them")
        drops[name] = {axis % len(shape): lost} if len(lost) < size else DEAD
    return drops | dict.fromkeys(wanted.outputs, DEAD)


def _unlist(proto: Any, names: list[str]) -> None:
    for place in range(len(proto.output) - 1, -1, -1):
        if proto.output[place].name in names:
            del proto.output[place]


def _kept(name: str, renamed: Mapping[str, str], drops: Mapping[str, Drop], graph: Graph) -> Kept:
    drop = drops.get(name)
    if not drop:
        return Kept(name, name)
    ((axis, lost),) = drop.items()
    size = (graph.shape(name) or ())[axis]
    assert isinstance(size, int)
    return Kept(name, renamed[name], (axis, left(size, lost)))


def _kept_inner(name: str, drop: Drop, graph: Graph) -> Kept:
    """Return a tensor inside the model as something to compare."""
    if not drop:
        return Kept(name, name)
    ((axis, lost),) = drop.items()
    size = (graph.shape(name) or ())[axis]
    assert isinstance(size, int)
    return Kept(name, name, (axis, left(size, lost)))


def _after(graph: Graph, softmaxes: list[str]) -> set[str]:
    """Return every value that a softmax over these tensors has a part in."""
    reached: set[str] = set()
    pending = [
        o
        for name in softmaxes
        for node, _ in graph.readers.get(name, ())
        if node.op_type in SOFTMAXES
        for o in node.output
    ]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += [o for node, _ in graph.readers.get(name, ()) for o in node.output]
    return reached


def _renamed(proto: Any, drops: Mapping[str, dict[int, frozenset[int]]], graph: Graph) -> dict[str, str]:
    """Give each output that shrank another name, so that no caller takes it for the one that it knew."""
    renamed: dict[str, str] = {}
    for name, drop in drops.items():
        ((axis, lost),) = drop.items()
        size = (graph.shape(name) or ())[axis]
        assert isinstance(size, int)
        renamed[name] = graph.fresh(f"{name}_{size - len(lost)}_of_{size}")
    rename(proto, renamed)
    return renamed


def rename(proto: Any, names: Mapping[str, str]) -> None:
    """Give values of a graph other names, wherever they stand; graphs inside read them too."""
    if not names:
        return
    for value in (*proto.output, *proto.value_info, *proto.input, *proto.initializer):
        if value.name in names:
            value.name = names[value.name]
    for node in proto.node:
        for field_names in (node.input, node.output):
            for place, name in enumerate(field_names):
                if name in names:
                    field_names[place] = names[name]
        for item in node.attribute:
            for body in ([item.g] if item.HasField("g") else []) + list(item.graphs):
                rename(body, names)
    for note in proto.quantization_annotation:
        note.tensor_name = names.get(note.tensor_name, note.tensor_name)


def _removed(
    had: tuple[tuple[str, Any], ...], copy: Any, slices: Mapping[str, Any], whole: list[str]
) -> tuple[str, ...]:
    """Return what went, in words."""
    went = {key for key, _ in gone(had, tensors(copy))}
    lines = [f"output {name}" for name in whole]
    for key, tensor in had:
        said = f"{TYPES.get(tensor.data_type, 'tensor')}[{', '.join(map(str, tensor.dims))}]"
        if key in went:
            lines.append(f"tensor {key} {said}")
        for axis, kept in slices.get(key, ()):
            lines.append(
                f"{tensor.dims[axis] - len(kept)} of {tensor.dims[axis]} on axis {axis} of tensor {key} {said}"
            )
    return tuple(lines)


def whole_model(made: Cut, array: Callable[[Any], np.ndarray]) -> Any:
    """Return the model of a cut with its tensors sliced, all in memory: for small models and tests."""
    from onnx import numpy_helper  # noqa: PLC0415 - the library loads when a model is cut

    model = type(made.model)()
    model.CopyFrom(made.model)
    for key, tensor in tensors(model):
        if key not in made.slices:
            continue
        values = array(tensor)
        for axis, indices in made.slices[key]:
            values = take(values, indices, axis)
        new = numpy_helper.from_array(values, tensor.name)
        new.doc_string = tensor.doc_string
        tensor.CopyFrom(new)
    return model
