"""TensorFlow: frozen graphs (``.pb``), SavedModels and the ``.meta`` of a checkpoint.

Field numbers are those of tensorflow/core/framework/{graph,node_def,attr_value,tensor,function}.proto
and tensorflow/core/protobuf/{saved_model,meta_graph,saved_object_graph}.proto.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS, NO_DIGITS, Model, Tensor, climbs, shaped
from untag.readers.artifacts.models.wire import LEN, VARINT, Field, Wire, inner, outline, printable, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part

TYPES: Final = (
    *("", "float32", "float64", "int32", "uint8", "int16", "int8", "string", "complex64", "int64", "bool"),
    *("qint8", "quint8", "qint32", "bfloat16", "qint16", "quint16", "uint16", "complex128", "float16"),
)
"""Element types by their number in ``DataType``."""
STRING: Final = 7
NODES: Final = 200_000
"""Nodes of a graph among which its ends are looked for; the largest have some ten thousand."""
NO_OUTPUT: Final = frozenset(
    (
        "Assert",
        "Assign",
        "AssignVariableOp",
        "Const",
        "NoOp",
        "Placeholder",
        "PrintV2",
        "SaveV2",
        "VarHandleOp",
        "Variable",
    )
)
"""Operations that end a graph without being an output of its model."""
_NODE_NAME: Final = re.compile(rb"[A-Za-z0-9.][A-Za-z0-9_.\\/>\-]*")
_OP_NAME: Final = re.compile(rb"_?[A-Za-z][A-Za-z0-9_>./]*")
_KERAS: Final = re.compile(r'"name": ?"([^"\\]{1,200})"')
"""Names of layers and outputs in the JSON that Keras keeps with each object."""
_GRAPH_FIELDS: Final = frozenset(range(1, 6))
_META_FIELDS: Final = frozenset(range(1, 8))
_SCHEMA: Final = 1


def _is_node(head: bytes, low: int, high: int) -> bool:
    """Whether a ``NodeDef`` with a name and an operation stands here."""
    found = inner(head, (1, LEN, low, high))
    names = [head[a:b] for n, k, a, b in found if n == 1 and k == LEN]
    ops = [head[a:b] for n, k, a, b in found if n == 2 and k == LEN]  # noqa: PLR2004 - of the format
    if len(names) != 1 or len(ops) != 1 or any(not 0 < n < 8 for n, _, _, _ in found):  # noqa: PLR2004
        return False
    return bool(_NODE_NAME.fullmatch(names[0]) and _OP_NAME.fullmatch(ops[0]))


def _is_graph(head: bytes, fields: list[Field]) -> bool:
    """Whether fields are those of a ``GraphDef``: the first is a node."""
    for number, kind, first, last in fields:
        if number == 1:
            return kind == LEN and _is_node(head, first, last)
        if number not in _GRAPH_FIELDS:
            return False
    return False


def _is_meta(head: bytes, low: int, high: int) -> bool:
    """Whether a ``MetaGraphDef`` stands here, as far as the first bytes tell."""
    found = inner(head, (1, LEN, low, high))
    if not found or any(n not in _META_FIELDS or k != LEN for n, k, _, _ in found):
        return False
    for number, _, first, last in found:
        match number:
            case 1:  # MetaInfoDef: version, operations, anything, tags, TensorFlow's version and so on
                said = inner(head, (1, LEN, first, last))
                if not said or any(not 0 < n < 10 for n, _, _, _ in said):  # noqa: PLR2004 - of the format
                    return False
                if last == len(head):
                    return True
            case 2:
                return first == last or last == len(head) or _is_graph(head, inner(head, (2, LEN, first, last)))
            case _:
                pass
    return False


class Frozen:
    """A graph on its own, or with its signatures in a checkpoint's ``.meta``."""

    name = "tensorflow"
    version = 1
    formats = ("frozen-pb", "metagraph")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a graph's first node begins here, or what a checkpoint says of itself."""
        return _is_graph(head, outline(head)) or (name.lower().endswith(".meta") and _is_meta(head, 0, len(head)))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        reader = _Reader(blob, wire)
        head = bytes(blob.data[:4096])
        yield from reader.graph(0, wire.size) if _is_graph(head, outline(head)) else reader.meta(0, wire.size)
        yield from reader.close()


class SavedModel:
    """``saved_model.pb``: graphs with signatures, assets and the names of objects."""

    name = "savedmodel"
    version = 1
    formats = ("savedmodel",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether schema version 1 and a graph with its description begin here."""
        fields = outline(head)
        if len(fields) < 2 or fields[0][:3] != (1, VARINT, _SCHEMA):  # noqa: PLR2004 - version and graph
            return False
        return all(n == 2 and k == LEN for n, k, _, _ in fields[1:]) and _is_meta(head, *fields[1][2:])  # noqa: PLR2004

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        reader = _Reader(blob, wire)
        for number, kind, low, high in wire.fields(0, wire.size):
            if number == 2 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from reader.meta(low, high)
        yield from reader.close()


class _Reader:
    """One file of graphs being read."""

    def __init__(self, blob: Blob, wire: Wire) -> None:
        self.wire = wire
        folder = blob.trail[-1].rsplit("/", 2)
        known = folder[-1] == "saved_model.pb" and len(folder) > 1
        self.model = Model(blob, folder[-2] if known else "")

    def close(self) -> Iterator[Gap]:
        """Yield what could not be read."""
        if self.model.full:
            self.wire.note("limit", "more different names than are kept; the first were read")
        yield from self.wire.gaps.values()

    def meta(self, low: int, high: int) -> Iterator[Part]:
        """Yield a graph with its signatures, which come first: they say what the model gives."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if number == 5 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from self._signature(*wire.entry(start, stop))
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 1:
                    for tag in wire.strings(start, stop, 4, LABELS):
                        yield from model.metadata("tag", tag)
                case 2:
                    yield from self.graph(start, stop)
                case 4:
                    yield from model.name(wire.entry(start, stop)[0], "collection")
                case 6:
                    name = wire.first(start, stop, 2)
                    if climbs(name):
                        wire.note("unsafe_path", "an asset lies outside the model's folder; never followed")
                    yield from model.metadata("asset", name)
                case 7:
                    yield from self._objects(start, stop)
                case _:
                    pass

    def _signature(self, key: str, low: int, high: int) -> Iterator[Part]:
        """Yield a signature's name, outputs and inputs."""
        wire, model = self.wire, self.model
        outputs, inputs = list[Tensor](), list[Tensor]()
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN or number > 2:  # noqa: PLR2004 - inputs and outputs
                continue
            name, first, last = wire.entry(start, stop)
            (inputs if number == 1 else outputs).append(self._tensor_info(name, first, last))
        model.sees(inputs)
        yield from model.name(key, "signature")
        yield from model.outputs(outputs)
        yield from model.inputs(inputs)

    def _tensor_info(self, name: str, low: int, high: int) -> Tensor:
        """Return an input or output of a signature."""
        wire = self.wire
        element, dims, inside = "", list[object](), ""
        for number, kind, start, stop in wire.fields(low, high):
            if number == 1 and kind == LEN:
                inside = wire.text(start, stop)
            elif number == 2 and kind == VARINT:  # noqa: PLR2004 - of the format
                element = TYPES[start] if start < len(TYPES) else ""
            elif number == 3 and kind == LEN:  # noqa: PLR2004 - of the format
                dims = self._dims(start, stop)
        doc = "" if inside.startswith(("StatefulPartitionedCall", name)) else inside
        return Tensor(name, shaped(element, dims[:16]), doc)

    def _dims(self, low: int, high: int) -> list[object]:
        """Return the dimensions of a ``TensorShapeProto``; -1 is one that is not known."""
        wire = self.wire
        return [
            signed(wire.number(a, b, 1))
            for n, k, a, b in wire.fields(low, high)
            if n == 2 and k == LEN  # noqa: PLR2004 - of the format
        ]

    def _placeholder(self, low: int, high: int) -> Tensor:
        """Return the input that a ``Placeholder`` stands for."""
        wire = self.wire
        for number, kind, start, stop in wire.fields(low, high):
            if number == 5 and kind == LEN:  # noqa: PLR2004 - of the format
                key, first, last = wire.entry(start, stop)
                if key == "shape":
                    shapes = [(a, b) for n, k, a, b in wire.fields(first, last) if (n, k) == (7, LEN)]
                    dims = [dim for a, b in shapes for dim in self._dims(a, b)]
                    return Tensor(wire.first(low, high, 1), shaped("", dims[:16]))
        return Tensor(wire.first(low, high, 1))

    def _objects(self, low: int, high: int) -> Iterator[Part]:
        """Yield the names under which a SavedModel's objects hold each other, and Keras' own description."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if number != 1 or kind != LEN:
                continue
            for part, how, first, last in wire.fields(start, stop):
                if part == 1 and how == LEN:
                    yield from model.name(wire.first(first, last, 2), "object")
                elif part == 4 and how == LEN:  # noqa: PLR2004 - of the format
                    for name in _KERAS.findall(wire.first(first, last, 3)):
                        yield from model.name(name, "layer")

    def graph(self, low: int, high: int) -> Iterator[Part]:
        """Yield a graph: its ends first, then the names and texts of all nodes and functions."""
        wire, model = self.wire, self.model
        yield from model.outputs(self._ends(low, high))
        for number, kind, start, stop in wire.fields(low, high):
            if number == 1 and kind == LEN:
                yield from self._node(start, stop)
            elif number == 2 and kind == LEN:  # noqa: PLR2004 - of the format
                for part, how, first, last in wire.fields(start, stop):
                    if part == 1 and how == LEN:
                        yield from self._function(first, last)

    def _ends(self, low: int, high: int) -> list[Tensor]:
        """Return the nodes that no other node reads: a frozen graph names its outputs nowhere else."""
        wire = self.wire
        nodes: dict[str, str] = {}
        read: set[str] = set()
        for number, kind, start, stop in wire.fields(low, high):
            if number != 1 or kind != LEN or len(nodes) >= NODES:
                continue
            name = op = ""
            for part, how, first, last in wire.fields(start, stop):
                if how != LEN or part > 3:  # noqa: PLR2004 - name, operation, inputs
                    continue
                text = wire.text(first, last)
                match part:
                    case 1:
                        name = text
                    case 2:
                        op = text
                    case _:
                        if len(read) < NODES:
                            read.add(text.lstrip("^").split(":", 1)[0])
            nodes[name] = op
            if op == "Placeholder":
                self.model.sees([self._placeholder(start, stop)])
        ends: dict[str, Tensor] = {}
        for name, op in nodes.items():
            if name and name not in read and op not in NO_OUTPUT:
                ends.setdefault(name.translate(NO_DIGITS), Tensor(name, op))
        return list(ends.values())

    def _node(self, low: int, high: int) -> Iterator[Part]:
        """Yield a node's name and the texts in its attributes."""
        wire, model = self.wire, self.model
        name = ""
        for number, kind, start, stop in wire.fields(low, high):
            if number == 1 and kind == LEN:
                name = wire.text(start, stop)
                yield from model.name(name, "node")
            elif number == 5 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from self._attribute(name, *wire.entry(start, stop))

    def _attribute(self, node: str, key: str, low: int, high: int) -> Iterator[Part]:
        """Yield the text, the list of texts or the string tensor of an attribute."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 2:
                    if stop - start > 2 and printable(bytes(wire.data[start : min(stop, start + 4096)])):  # noqa: PLR2004
                        yield from model.metadata(key, wire.text(start, stop))
                case 1:
                    words = wire.strings(start, stop, 2, LABELS)
                    if len(words) > 1 and all(printable(word.encode()) for word in words[:9]):
                        yield from model.labels(words, f"{node} {key}".strip())
                    elif words:
                        yield from model.metadata(key, words[0])
                case 8:
                    yield from self._tensor(node or key, start, stop)
                case _:
                    pass

    def _tensor(self, key: str, low: int, high: int) -> Iterator[Part]:
        """Yield the texts of a string tensor; others are passed over."""
        wire, model = self.wire, self.model
        if wire.number(low, high, 1) != STRING:
            return
        words = wire.strings(low, high, 8, LABELS)
        if len(words) > 1:
            yield from model.labels(words, key)
        elif words and printable(words[0].encode()):
            yield from model.metadata(key, words[0])

    def _function(self, low: int, high: int) -> Iterator[Part]:
        """Yield a function of the library: its signature's words, and its nodes."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 1:
                    yield from self._declared(start, stop)
                case 3:
                    yield from self._node(start, stop)
                case 4:
                    yield from model.name(wire.entry(start, stop)[0], "result")
                case _:
                    pass

    def _declared(self, low: int, high: int) -> Iterator[Part]:
        """Yield the name, arguments and description of a function."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 1:
                    yield from model.name(wire.text(start, stop), "function")
                case 2 | 3:
                    yield from model.name(wire.first(start, stop, 1), "argument")
                    yield from model.doc(wire.first(start, stop, 2))
                case 5 | 6:
                    yield from model.metadata("description", wire.text(start, stop))
                case _:
                    pass
