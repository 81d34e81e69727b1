"""One graph of a model, indexed: who makes and who reads each tensor, shapes, and values that are constants."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from untag.strip import base

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

Dim = int | str | None
"""A dimension: its size, its symbol, or unknown."""
SMALL: Final = 65_536
"""Elements of a value that is folded: shapes, indices and split sizes have a handful."""
FOLLOWED: Final = 1_024
"""Elements of a constant that the shape inference may compute with."""
TOGETHER: Final = 1 << 20
"""Product of the inputs' sizes, beyond which nothing is folded: what is broadcast may grow to that."""
FOLDED: Final = frozenset(
    ("Shape", "Gather", "Slice", "Concat", "Unsqueeze", "Squeeze", "Cast", "Add", "Sub", "Mul", "Div", "Identity",
     "Floor", "Ceil", "Reshape", "Equal", "Where", "ReduceProd", "Min", "Max", "Neg", "Abs", "Mod", "Less", "Greater",
     "Not")
)  # fmt: skip
"""Operators whose result is computed where all inputs are small constants: what exporters build shapes with."""
DEEP: Final = 60
"""Constant operators behind each other that are followed."""


class RefusedError(base.RefusedError):
    """A cut that cannot be done: ``target`` is the tensor or node, ``needed`` what would make it possible."""

    def __init__(self, target: str, reason: str, needed: str = "") -> None:
        super().__init__(f"{target}: {reason}" + (f"; {needed}" if needed else ""))
        self.target = target
        self.reason = reason
        self.needed = needed


def title(node: Any) -> str:
    """Return a node as a message names it: its operator and its own name or that of its first output."""
    return f"{node.op_type} {node.name or next((o for o in node.output if o), '?')}"


def attribute(node: Any, name: str, default: Any = None) -> Any:
    """Return an attribute's value, or the default."""
    from onnx import helper  # noqa: PLC0415 - the library loads when a model is cut

    for item in node.attribute:
        if item.name == name:
            return helper.get_attribute_value(item)
    return default


def set_attribute(node: Any, name: str, value: Any) -> None:
    """Give a node's attribute a value; ``None`` takes it away."""
    from onnx import helper  # noqa: PLC0415 - the library loads when a model is cut

    kept = [item for item in node.attribute if item.name != name]
    del node.attribute[:]
    node.attribute.extend(kept)
    if value is not None:
        node.attribute.append(helper.make_attribute(name, value))


def inner(node: Any) -> Iterator[Any]:
    """Yield the graphs that a node holds: branches and bodies."""
    for item in node.attribute:
        if item.HasField("g"):
            yield item.g
        yield from item.graphs


def captured(graph: Any) -> set[str]:
    """Return the names that a graph inside a node reads from the graphs around it."""
    own = (
        {t.name for t in graph.initializer}
        | {i.name for i in graph.input}
        | {s.values.name for s in graph.sparse_initializer}
    )
    read: set[str] = set()
    for node in graph.node:
        read |= set(node.input) - own
        for body in inner(node):
            read |= captured(body) - own
        own |= set(node.output)
    read |= {o.name for o in graph.output} - own
    read.discard("")
    return read


class Graph:
    """A graph being cut. ``proto`` is changed in place; the index is made anew by `refresh`."""

    def __init__(
        self, proto: Any, array: Callable[[Any], np.ndarray], opset: int, shapes: dict[str, tuple[Dim, ...]]
    ) -> None:
        self.proto = proto
        self.array = array
        self.opset = opset
        """Version of the default operator set."""
        self.shapes = dict(shapes)
        self.around: frozenset[str] = frozenset()
        """Of a graph inside a node: names of the constants of the graphs around it."""
        self.renormalise = False
        """Whether a softmax over kept and protected classes may be cut."""
        self.renormalised: list[str] = []
        """Tensors that such softmaxes read."""
        self.added: list[Any] = []
        """Constants that rules made."""
        self._values: dict[str, np.ndarray | None] = {}
        self._names: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """Index the graph as it is now."""
        proto = self.proto
        self.initializers = {t.name: t for t in proto.initializer}
        self.sparse = {s.values.name for s in proto.sparse_initializer}
        self.constants: dict[str, Any] = {}
        """``Constant`` nodes by the name of their output."""
        self.producer: dict[str, Any] = {}
        self.readers: dict[str, list[tuple[Any, int]]] = {}
        """Nodes that read a tensor, with the number of the input; -1 for one that reads it inside its graphs."""
        for node in proto.node:
            for name in node.output:
                if name:
                    self.producer[name] = node
            if node.op_type == "Constant" and node.domain in ("", "ai.onnx") and node.output:
                self.constants[node.output[0]] = node
            for number, name in enumerate(node.input):
                if name:
                    self.readers.setdefault(name, []).append((node, number))
            for name in {n for body in inner(node) for n in captured(body)}:
                self.readers.setdefault(name, []).append((node, -1))
        self.inputs = {i.name for i in proto.input} - set(self.initializers)
        self.outputs = [o.name for o in proto.output]
        for tensor in proto.initializer:
            self.shapes[tensor.name] = tuple(tensor.dims)
        self._values.clear()
        self._names = set(self.producer) | set(self.readers) | self.inputs | set(self.initializers) | set(self.outputs)

    def shape(self, name: str) -> tuple[Dim, ...] | None:
        """Return a tensor's shape as declared or inferred, or nothing."""
        if name in self.shapes:
            return self.shapes[name]
        node = self.constants.get(name)
        if node is not None:
            tensor = self.tensor(name)
            if tensor is not None:
                return tuple(tensor.dims)
        return None

    def rank(self, name: str) -> int | None:
        """Return the number of a tensor's dimensions, or nothing."""
        shape = self.shape(name)
        return None if shape is None else len(shape)

    def tensor(self, name: str) -> Any:
        """Return the ``TensorProto`` of an initializer or of a ``Constant`` node's ``value``, or nothing."""
        found = self.initializers.get(name)
        if found is not None:
            return found
        node = self.constants.get(name)
        if node is not None:
            for item in node.attribute:
                if item.name == "value" and item.HasField("t"):
                    return item.t
        return None

    def fixed(self, name: str) -> bool:
        """Say whether a tensor is an initializer or a constant."""
        return name in self.initializers or name in self.constants or name in self.sparse

    def fresh(self, name: str) -> str:
        """Return a name that no tensor has, near the wanted one."""
        wanted, number = name, 2
        while wanted in self._names:
            wanted, number = f"{name}_{number}", number + 1
        self._names.add(wanted)
        return wanted

    def constant(self, name: str, value: np.ndarray) -> str:
        """Make an initializer of a small value and return its name."""
        from onnx import numpy_helper  # noqa: PLC0415 - the library loads when a model is cut

        made = self.fresh(name)
        self.added.append(numpy_helper.from_array(value, made))
        return made

    def value(self, name: str, depth: int = 0) -> np.ndarray | None:
        """Return the value of a small constant, folded where it is computed from constants and shapes alone."""
        if name in self._values:
            return self._values[name]
        self._values[name] = None
        self._values[name] = found = self._value(name, depth)
        return found

    def _value(self, name: str, depth: int) -> np.ndarray | None:
        import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

        tensor = self.tensor(name)
        if tensor is not None:
            size = 1
            for dim in tensor.dims:
                size *= dim
            return self.array(tensor) if size <= SMALL else None
        node = self.producer.get(name)
        if node is None or depth > DEEP or node.domain not in ("", "ai.onnx"):
            return None
        if node.op_type == "Constant":
            for item in node.attribute:
                if item.name in ("value_int", "value_ints"):
                    return np.asarray(attribute(node, item.name), dtype=np.int64)
                if item.name in ("value_float", "value_floats"):
                    return np.asarray(attribute(node, item.name), dtype=np.float32)
            return None
        if node.op_type not in FOLDED or len(node.output) != 1:
            return None
        if node.op_type == "Shape":
            return self._shape_value(node)
        return self._folded(node, depth)

    def _shape_value(self, node: Any) -> np.ndarray | None:
        import numpy as np  # noqa: PLC0415 - the library loads when a model is cut

        shape = self.shape(node.input[0])
        if shape is None:
            return None
        shape = shape[slice(attribute(node, "start", 0), attribute(node, "end"))]
        if not all(isinstance(dim, int) for dim in shape):
            return None
        return np.asarray(shape, dtype=np.int64)

    def _folded(self, node: Any, depth: int) -> np.ndarray | None:
        from onnx.reference import ReferenceEvaluator  # noqa: PLC0415 - the library loads when a model is cut

        inputs = {}
        for name in node.input:
            if not name:
                continue
            found = self.value(name, depth + 1)
            if found is None or found.size > SMALL or found.dtype.kind not in "ifb":
                return None
            inputs[name] = found
        if math.prod(max(found.size, 1) for found in inputs.values()) > TOGETHER:
            return None
        try:
            values: Any = ReferenceEvaluator(node, opsets={"": self.opset}).run(None, inputs)
            made: np.ndarray = values[0]
        except Exception:  # noqa: BLE001 - a value that cannot be computed is unknown, whatever the evaluator says
            return None
        return made if made.size <= SMALL else None


def shapes_of(graph: Any) -> dict[str, tuple[Dim, ...]]:
    """Return the shapes that a graph declares for its values."""
    found: dict[str, tuple[Dim, ...]] = {}
    for value in (*graph.value_info, *graph.input, *graph.output):
        if value.type.HasField("tensor_type") and value.type.tensor_type.HasField("shape"):
            dims = value.type.tensor_type.shape.dim
            found[value.name] = tuple(_dim(dim) for dim in dims)
    return found


def _dim(dim: Any) -> Dim:
    if dim.HasField("dim_value"):
        return int(dim.dim_value)
    return dim.dim_param or None


def _small(model: Any) -> bool:
    """Say whether values may be followed through a graph: the library would broadcast long ones without a limit."""
    integers = [t for t in model.graph.initializer if t.data_type in (6, 7)]
    integers += [a.t for n in model.graph.node for a in n.attribute if a.HasField("t") and a.t.data_type in (6, 7)]
    return all(math.prod(tensor.dims) <= FOLLOWED for tensor in integers)


def inferred(model: Any) -> dict[str, tuple[Dim, ...]]:
    """Return the shapes of the main graph's values, declared and inferred.

    A model whose shapes contradict each other is refused by the operator that needs them; here nothing raises.
    """
    import onnx  # noqa: PLC0415 - the library loads when a model is cut

    found = shapes_of(model.graph)
    try:
        deeper = shapes_of(onnx.shape_inference.infer_shapes(model, data_prop=_small(model)).graph)
    except Exception:  # noqa: BLE001 - the library raises its own and the protobuf library's errors; shapes stay unknown
        return found
    for name, shape in deeper.items():
        known = found.get(name)
        if known is None or len(known) != len(shape):
            found[name] = shape
        else:
            found[name] = tuple(a if isinstance(a, int) or b is None else b for a, b in zip(known, shape, strict=True))
    return found
