"""ONNX: outputs, metadata, class lists, names and texts of a graph, its functions and its subgraphs.

Field numbers are those of onnx/onnx.proto (ONNX IR, all versions to date). Tensors are passed
over by their length; strings in them are read. External data is never followed: what lies in
the same scan is read as a file of its own, and a location that climbs out of the model's
folder is told as a `Gap`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS, Model, Tensor, climbs, shaped
from untag.readers.artifacts.models.wire import LEN, NESTED, VARINT, Field, Wire, inner, outline, printable, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part

TYPES: Final = (
    *("", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64"),
    *("uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2"),
    *("float8e5m2fnuz", "uint4", "int4", "float4e2m1"),
)
"""Element types by their number in ``TensorProto.DataType``."""
STRING: Final = 8
_MODEL: Final = {
    1: VARINT,
    2: LEN,
    3: LEN,
    4: LEN,
    5: VARINT,
    6: LEN,
    7: LEN,
    8: LEN,
    14: LEN,
    20: LEN,
    25: LEN,
    26: LEN,
}
"""Wire type of each field of ``ModelProto``."""
_TEXTS: Final = (2, 3, 4, 6)
_GRAPH: Final = (1, 2, 5, 10, 11, 12, 13, 14, 15, 16)
_DOC, _GRAPH_FIELD, _OPSET, _PROPS, _TRAINING, _FUNCTION = 6, 7, 8, 14, 20, 25
PRODUCED: Final = 64
"""Versions of the ONNX IR that are believed; 13 is the newest."""


class Onnx:
    """ONNX models, whatever their file is called."""

    name = "onnx"
    version = 1
    formats = ("onnx",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the fields of a ``ModelProto`` begin here; the name decides where a long text hides the graph."""
        fields = outline(head)
        if not fields or any(_MODEL.get(number) != kind for number, kind, _, _ in fields):
            return False
        for field in fields:
            number, _, low, high = field
            if number == 1 and not 0 < low < PRODUCED:
                return False
            if number in _TEXTS and high < len(head) and high > low and not printable(head[low:high]):
                return False
            if number == _GRAPH_FIELD:
                return all(n in _GRAPH for n, _, _, _ in inner(head, field)) and high > low
        return name.lower().endswith((".onnx", ".onnx_data", ".ort")) or any(f[0] == _OPSET for f in fields[1:])

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        yield from _Reader(blob, wire).run()
        yield from wire.gaps.values()


class _Reader:
    """One model being read."""

    def __init__(self, blob: Blob, wire: Wire) -> None:
        self.blob = blob
        self.wire = wire
        self.model = Model(blob)

    def run(self) -> Iterator[Part]:
        """Yield the parts of the file: the model's own words, then its graphs and functions."""
        wire = self.wire
        doc, graphs, functions, props = "", list[Field](), list[Field](), list[Field]()
        for field in wire.fields(0, wire.size):
            number, kind, low, high = field
            if kind != LEN:
                continue
            if number == _DOC:
                doc = wire.text(low, high)
            elif number == _GRAPH_FIELD:
                graphs.append(field)
            elif number == _FUNCTION:
                functions.append(field)
            elif number in (_PROPS, _TRAINING):
                props.append(field)
        name = wire.first(*graphs[0][2:], 2) if graphs else ""
        self.model = Model(self.blob, name, doc)
        yield from self.model.doc(doc)
        for _, _, low, high in graphs:
            yield from self._graph(low, high, 0)
        for number, _, low, high in props:
            if number == _PROPS:
                yield from self._prop(low, high)
                continue
            for part, kind, start, stop in wire.fields(low, high):
                if part in (1, 2) and kind == LEN:
                    yield from self._graph(start, stop, 1)
        for _, _, low, high in functions:
            yield from self._function(low, high)
        if self.model.full:
            wire.note("limit", "more different names than are kept; the first were read")

    def _prop(self, low: int, high: int) -> Iterator[Part]:
        yield from self.model.metadata(*self.wire.pair(low, high))

    def _graph(self, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield a graph: outputs first, since they are what a model is for."""
        wire, model = self.wire, self.model
        if depth > NESTED:
            wire.note("limit", f"more than {NESTED} graphs inside each other; the outer ones were read")
            return
        outputs, inputs = list[Tensor](), list[Tensor]()
        for field in wire.fields(low, high):
            number, kind, start, stop = field
            if kind != LEN:
                continue
            match number:
                case 12:
                    outputs.append(self._value(start, stop))
                case 11:
                    inputs.append(self._value(start, stop))
                case 10:
                    yield from model.doc(wire.text(start, stop), "graph")
                case 16:
                    yield from self._prop(start, stop)
        if depth == 0:
            model.sees(inputs)
            yield from model.outputs(outputs)
            yield from model.inputs(inputs)
        for tensor in (*outputs, *inputs):
            yield from model.name(tensor.name, "value")
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 1:
                    yield from self._node(start, stop, depth)
                case 5:
                    yield from self._tensor(start, stop, "")
                case 13:
                    value = self._value(start, stop)
                    yield from model.name(value.name, "value")
                    yield from model.doc(value.doc, f"value {value.name}")
                case 15:
                    for part, _, first, last in wire.fields(start, stop):
                        if part in (1, 2):
                            yield from self._tensor(first, last, "")

    def _value(self, low: int, high: int) -> Tensor:
        """Return a declared input or output."""
        wire = self.wire
        name = kind = doc = ""
        for number, wired, start, stop in wire.fields(low, high):
            if wired != LEN:
                continue
            match number:
                case 1:
                    name = wire.text(start, stop)
                case 2:
                    kind = self._type(start, stop)
                case 3:
                    doc = wire.text(start, stop)
                case 4:
                    doc = f"{doc} {': '.join(wire.pair(start, stop))}".strip()
        return Tensor(name, kind, doc)

    def _type(self, low: int, high: int) -> str:
        """Return the type of a tensor with its shape; of sequences and maps, only that it is one."""
        wire = self.wire
        for number, wired, start, stop in wire.fields(low, high):
            if number == 1 and wired == LEN:
                kind, dims = "", list[object]()
                for field, how, first, last in wire.fields(start, stop):
                    if field == 1 and how == VARINT:
                        kind = TYPES[first] if first < len(TYPES) else ""
                    elif field == 2 and how == LEN:  # noqa: PLR2004 - of the format
                        dims = [self._dim(a, b) for n, k, a, b in wire.fields(first, last) if n == 1 and k == LEN]
                return shaped(kind, dims[:16])
            if number in _OTHER:
                return _OTHER[number]
        return ""

    def _dim(self, low: int, high: int) -> object:
        """Return a dimension's size or name."""
        for number, kind, start, stop in self.wire.fields(low, high):
            if number == 1 and kind == VARINT:
                return signed(start)
            if number == 2 and kind == LEN:  # noqa: PLR2004 - of the format
                return self.wire.text(start, stop)
        return "?"

    def _node(self, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield a node: its names, its texts, and what its attributes hold."""
        wire, model = self.wire, self.model
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 2 | 3:
                    yield from model.name(wire.text(start, stop), "node")
                case 5:
                    yield from self._attribute(start, stop, depth)
                case 6:
                    yield from self._remark(start, stop)
                case 9:
                    yield from self._prop(start, stop)

    def _remark(self, low: int, high: int) -> Iterator[Part]:
        """Yield a node's doc string once; exporters write the same stack trace on each."""
        yield from self.model.metadata("doc_string", self.wire.text(low, high))

    def _attribute(self, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield an attribute's text, list of texts, tensors and graphs."""
        wire = self.wire
        name, words = "", list[str]()
        later: list[Field] = []
        for field in wire.fields(low, high):
            number, kind, start, stop = field
            if kind != LEN:
                continue
            match number:
                case 1:
                    name = wire.text(start, stop)
                case 9 if len(words) < LABELS:
                    words.append(wire.text(start, stop))
                case 4 | 5 | 6 | 10 | 11 | 13:
                    later.append(field)
        if words:
            yield from self.model.labels(words, name) if len(words) > 1 else self.model.metadata(name, words[0])
        for number, _, start, stop in later:
            match number:
                case 4:
                    if stop - start > 2 and printable(bytes(wire.data[start : min(stop, start + 4096)])):  # noqa: PLR2004
                        yield from self.model.metadata(name, wire.text(start, stop))
                case 5 | 10:
                    yield from self._tensor(start, stop, name)
                case 13:
                    yield from self._remark(start, stop)
                case _:
                    yield from self._graph(start, stop, depth + 1)

    def _tensor(self, low: int, high: int, key: str) -> Iterator[Part]:
        """Yield a tensor's name, its texts, and a remark where its data would be fetched from outside."""
        wire = self.wire
        name, kind, words = "", 0, list[str]()
        for number, wired, start, stop in wire.fields(low, high):
            if number == 2 and wired == VARINT:  # noqa: PLR2004 - of the format
                kind = start
            elif wired != LEN:
                continue
            elif number == 8:  # noqa: PLR2004 - of the format
                name = wire.text(start, stop)
                yield from self.model.name(name, "tensor")
            elif number == 6 and kind in (0, STRING) and len(words) < LABELS:  # noqa: PLR2004 - of the format
                words.append(wire.text(start, stop))
            elif number == 12:  # noqa: PLR2004 - of the format
                yield from self._remark(start, stop)
            elif number == 13:  # noqa: PLR2004 - of the format
                self._external(*wire.pair(start, stop))
            elif number == 16:  # noqa: PLR2004 - of the format
                yield from self._prop(start, stop)
        if len(words) > 1:
            yield from self.model.labels(words, name or key)
        elif words:
            yield from self.model.metadata(name or key, words[0])

    def _external(self, key: str, value: str) -> None:
        if key == "location" and climbs(value):
            self.wire.note("unsafe_path", "a tensor's external data lies outside the model's folder; never followed")

    def _function(self, low: int, high: int) -> Iterator[Part]:
        """Yield a function: its name, outputs, texts and nodes."""
        wire, model = self.wire, self.model
        outputs = [Tensor(text) for text in wire.strings(low, high, 5, LABELS)]
        yield from model.name(wire.first(low, high, 1), "function")
        yield from model.outputs(outputs, "function output")
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 4 | 6:
                    yield from model.name(wire.text(start, stop), "function input")
                case 7:
                    yield from self._node(start, stop, 1)
                case 8:
                    yield from model.doc(wire.text(start, stop), "function")
                case 11:
                    yield from self._attribute(start, stop, 1)
                case 14:
                    yield from self._prop(start, stop)


_OTHER: Final = {4: "sequence", 5: "map", 8: "sparse tensor", 9: "optional"}
"""Types of values that are no tensors, by their field in ``TypeProto``."""
