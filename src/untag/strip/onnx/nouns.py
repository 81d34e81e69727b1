"""What a removal from an ONNX graph is, before any byte of it is written.

The algebra (`untag.strip.onnx.cut`) makes a `Cut`; `untag.strip.onnx.write` streams it to a file;
`untag.strip.onnx.numeric` and the structural checks prove it. Big tensors are stubs in the graph
(`untag.strip.onnx.lean`), so a `Cut` of a model of gigabytes is a few kilobytes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

HELD: Final = -(1 << 31)
"""Stands in a selection for a place that stays, with zeros where what went stood (`untag.strip.onnx.held`).

No index that a mistake would give.
"""
Selection = tuple[int, tuple[int, ...]]
"""An axis, and the indices that are kept on it, in the order in which they stand afterwards."""
Slices = tuple[Selection, ...]
"""Selections of one tensor, one after the other."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One output that the caller still gets."""

    old: str
    """Its name in the model as it was."""
    new: str
    """Its name in the model as it is: another one when it shrank, so that no caller reads it by mistake."""
    selection: Selection | None = None
    """Axis and indices of the old output that the new one holds; ``None``: all of it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A model after the removal, with the tensors still whole: what `untag.strip.onnx.write.write` slices."""

    model: Any
    """The new ``onnx.ModelProto``, a copy. A tensor named in ``slices`` has its *old* dims and data (or stub)."""
    slices: dict[str, Slices]
    """What is kept of each sliced tensor, by the key that `tensors` gives it in ``model``."""
    removed: tuple[str, ...] = ()
    """What went, one line each, in words: tensors with shapes, nodes, outputs, metadata."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Outputs that shrank: old name to new name."""
    kept: tuple[Kept, ...] = ()
    """Every output of ``model``, in order."""
    sliced_layers: tuple[str, ...] = ()
    """Names of the tensors that leave the nodes whose weights were sliced, as ``model`` names them."""
    logits: tuple[Kept, ...] = ()
    """Tensors before a softmax that is normalised anew; outputs that come after it are not in ``kept``."""
    originals: tuple[tuple[str, Any], ...] = ()
    """Every tensor of the model as it was, its functions written out, by key; big ones are stubs."""
    notes: tuple[str, ...] = ()
    """What the reader of the proof must know."""


def take(array: np.ndarray[Any, Any], kept: Sequence[int], axis: int) -> np.ndarray[Any, Any]:
    """Return what a selection keeps of an array, zeros where it says `HELD`: always a copy."""
    import numpy as np  # noqa: PLC0415 - slow to load

    places = np.asarray(kept, np.intp)
    made: np.ndarray[Any, Any] = np.take(array, np.maximum(places, 0), axis)
    np.moveaxis(made, axis, 0)[places == HELD] = 0
    return made


def content(tensor: Any) -> bytes:
    """Return what tells a tensor's data from another's, whatever it is called: type, dims, and data or their place."""
    copy = type(tensor)()
    copy.CopyFrom(tensor)
    copy.ClearField("name")
    copy.ClearField("doc_string")
    del copy.metadata_props[:]
    return bytes(copy.SerializeToString())


def gone(before: Sequence[tuple[str, Any]], after: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the tensors that another model has no more; one that only has another key there is not gone."""
    now = dict(after)
    rest = [(key, tensor) for key, tensor in before if key not in now]
    old = {key for key, _ in before}
    fresh = Counter(content(tensor) for key, tensor in now.items() if key not in old) if rest else Counter()
    for key, tensor in rest:
        mark = content(tensor)
        if fresh[mark]:
            fresh[mark] -= 1
        else:
            yield key, tensor


def tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """Yield every tensor that a model holds (an ``onnx.TensorProto`` of its own, not a copy) with its key.

    The key is the graph's path and the tensor's name: ``fc.weight`` for an initializer of the main graph,
    ``y@value`` for the attribute ``value`` of the node whose first output is ``y``, ``out@then_branch/w`` for an
    initializer of a subgraph, ``domain:name:overload//...`` inside a function. Tensors of sparse ones end in
    ``#values`` and ``#indices``.
    """
    yield from graph_tensors(model.graph, "")
    for function in model.functions:
        path = f"{function.domain}:{function.name}:{function.overload}//"
        for node in function.node:
            yield from node_tensors(node, path)
    for number, training in enumerate(model.training_info):
        yield from graph_tensors(training.initialization, f"training[{number}].initialization/")
        yield from graph_tensors(training.algorithm, f"training[{number}].algorithm/")


def graph_tensors(graph: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the tensors of one graph and of the graphs inside it, as `tensors` does; ``path`` is empty or ends in /."""
    for tensor in graph.initializer:
        yield f"{path}{tensor.name}", tensor
    for sparse in graph.sparse_initializer:
        yield from _sparse(sparse, f"{path}{sparse.values.name}")
    for node in graph.node:
        yield from node_tensors(node, path)


def node_tensors(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the tensors in the attributes of a node, as `tensors` does."""
    if not node.attribute:
        return
    own = next((name for name in node.output if name), node.name)
    for attribute in node.attribute:
        key = f"{path}{own}@{attribute.name}"
        if attribute.HasField("t"):
            yield key, attribute.t
        for number, tensor in enumerate(attribute.tensors):
            yield f"{key}[{number}]", tensor
        if attribute.HasField("sparse_tensor"):
            yield from _sparse(attribute.sparse_tensor, key)
        for number, sparse in enumerate(attribute.sparse_tensors):
            yield from _sparse(sparse, f"{key}[{number}]")
        if attribute.HasField("g"):
            yield from graph_tensors(attribute.g, f"{key}/")
        for number, graph in enumerate(attribute.graphs):
            yield from graph_tensors(graph, f"{key}[{number}]/")


def _sparse(sparse: Any, key: str) -> Iterator[tuple[str, Any]]:
    yield f"{key}#values", sparse.values
    yield f"{key}#indices", sparse.indices
