"""TFLite: outputs, signatures, tensor names, the metadata buffer and the label files behind the model.

Slots are those of tensorflow/compiler/mlir/lite/schema/schema.fbs and of MediaPipe's
metadata_schema.fbs. Files that belong to a model stand in a zip after it; lists of classes
among them are read as the model's labels, all others as files. A ``.task`` is a zip of such
models, which containers open.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.model import Blob, Gap
from untag.readers.artifacts.models.common import LABELS, OUTPUTS, Model, Tensor, climbs, lines, shaped
from untag.readers.artifacts.models.flat import Flat
from untag.readers.artifacts.models.wire import decode, printable
from untag.readers.containers.zip import Zip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

TYPES: Final = (
    *("float32", "float16", "int32", "uint8", "int64", "string", "bool", "int16", "complex64", "int8", "float64"),
    *("complex128", "uint64", "resource", "variant", "uint32", "uint16", "int4", "bfloat16"),
)
"""Element types by their number in ``TensorType``."""
STRING: Final = 5
LABEL_TYPES: Final = (1, 2)
"""Kinds of associated files that list classes: descriptions of values and names along an axis."""
LABEL_FILE: Final = 1 << 20
"""Bytes of a label file that is taken apart here; a larger one is read as a file."""
SMALL: Final = 1 << 20
"""Bytes of a metadata buffer that is read as text."""
TAIL: Final = 65_557
"""Bytes at the end in which a zip keeps its directory's end record."""
_SUBGRAPHS, _DESCRIPTION, _BUFFERS, _METADATA, _SIGNATURES = 2, 3, 4, 6, 7
_TENSORS, _INPUTS, _OUTPUTS, _OPERATORS, _GRAPH_NAME = 0, 1, 2, 3, 4
_SHAPE, _TYPE, _BUFFER, _NAME = 0, 1, 2, 3
_ASSOCIATED: Final = {"model": 6, "graph": 4, "tensor": 6}
"""Slot of the associated files in the three tables that have some."""


class TfLite:
    """TFLite models with all that stands in them and behind them."""

    name = "tflite"
    version = 1
    formats = ("tflite",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the mark of a flatbuffer of TFLite stands at byte 4."""
        return head[4:8] == b"TFL3"

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """See `untag.readers.base.ArtifactReader`."""
        reader = _Reader(blob, Flat(blob.data, deadline))
        yield from reader.guard(reader.run())
        if Zip().claims_tail(bytes(blob.data[-TAIL:])):
            yield from reader.files(budget)
        if reader.model.full:
            yield Gap(blob.trail, "limit", "more different names than are kept; the first were read")


class _Reader:
    """One model being read."""

    def __init__(self, blob: Blob, flat: Flat) -> None:
        self.blob = blob
        self.flat = flat
        self.model = Model(blob)
        self.label_files: dict[str, str] = {}
        """Label files that the metadata names, and the tensor that they belong to."""
        self._told: set[tuple[str, str]] = set()

    def guard(self, parts: Iterator[Part | Gap]) -> Iterator[Part | Gap]:
        """Yield parts to where something breaks, and then the gap: the other halves of the file are still read."""
        try:
            yield from parts
        except ReadError as error:
            reason = "limit" if isinstance(error, LimitError) else error.reason
            if (reason, error.detail) not in self._told:
                self._told.add((reason, error.detail))
                yield Gap(self.blob.trail, reason, error.detail)

    def run(self) -> Iterator[Part | Gap]:
        """Yield the parts of the model: metadata and signatures first, which say what it gives."""
        flat, model = self.flat, self.model
        root = flat.root()
        yield from self.guard(self._inputs(root))
        yield from self.guard(model.doc(flat.text(root, _DESCRIPTION)))
        yield from self.guard(self._extra(root))
        yield from self.guard(self._signatures(root))
        for graph in flat.tables(root, _SUBGRAPHS):
            yield from self.guard(self._graph(root, graph))

    def _graph(self, root: int, graph: int) -> Iterator[Part]:
        """Yield the outputs, inputs and tensors of a subgraph."""
        flat, model = self.flat, self.model
        yield from model.name(flat.text(graph, _GRAPH_NAME), "subgraph")
        inputs = [self._tensor(graph, index) for index in flat.numbers(graph, _INPUTS, OUTPUTS)]
        outputs = [self._tensor(graph, index) for index in flat.numbers(graph, _OUTPUTS, OUTPUTS)]
        yield from model.outputs([tensor for tensor in outputs if tensor.name])
        yield from model.inputs([tensor for tensor in inputs if tensor.name])
        for tensor in flat.tables(graph, _TENSORS):
            name = flat.text(tensor, _NAME)
            yield from model.name(name, "tensor")
            kind = flat.field(tensor, _TYPE)
            if kind and flat.byte(kind) == STRING:
                yield from self._strings(root, tensor, name)

    def _inputs(self, root: int) -> Iterator[Part]:
        """Tell the model its inputs, by whose shape a model of pictures is known; yields nothing."""
        graph = self.flat.nth(root, _SUBGRAPHS, 0)
        if graph:
            self.model.sees(self._tensor(graph, index) for index in self.flat.numbers(graph, _INPUTS, OUTPUTS))
        yield from ()

    def _tensor(self, graph: int, index: int) -> Tensor:
        """Return a tensor of a subgraph by its number."""
        flat = self.flat
        table = flat.nth(graph, _TENSORS, index)
        if not table:
            return Tensor("")
        at = flat.field(table, _TYPE)
        kind = flat.byte(at) if at else 0
        return Tensor(
            flat.text(table, _NAME),
            shaped(TYPES[kind] if kind < len(TYPES) else "", flat.numbers(table, _SHAPE, 16)),
        )

    def _signatures(self, root: int) -> Iterator[Part]:
        """Yield the names of signatures, and of what they take and give."""
        flat, model = self.flat, self.model
        for signature in flat.tables(root, _SIGNATURES):
            graph_at = flat.field(signature, 4)
            graph = flat.nth(root, _SUBGRAPHS, flat.u32(graph_at) if graph_at else 0)
            sides = []
            for slot in (0, 1):
                found = []
                for entry in flat.tables(signature, slot):
                    index_at = flat.field(entry, 1)
                    inside = self._tensor(graph, flat.u32(index_at) if index_at else 0) if graph else Tensor("")
                    found.append(Tensor(flat.text(entry, 0), inside.kind))
                sides.append(found)
            yield from model.name(flat.text(signature, 2), "signature")
            yield from model.outputs(sides[1])
            yield from model.inputs(sides[0])

    def _content(self, root: int, buffer: int) -> tuple[int, int]:
        """Return start and stop of a buffer, which may stand behind the flatbuffer."""
        flat = self.flat
        table = flat.nth(root, _BUFFERS, buffer)
        if not table:
            return 0, 0
        start, stop = flat.raw(table, 0)
        if start == stop and flat.field(table, 1) and flat.field(table, 2):
            start = flat.u64(flat.field(table, 1))
            stop = start + flat.u64(flat.field(table, 2))
            if stop > flat.size or start < 2:  # noqa: PLR2004 - 0 and 1 mean that there is none
                return 0, 0
        return start, stop

    def _extra(self, root: int) -> Iterator[Part | Gap]:
        """Yield the metadata buffers: TFLite's own metadata, and others that are text."""
        flat, model = self.flat, self.model
        for entry in flat.tables(root, _METADATA):
            name = flat.text(entry, 0)
            at = flat.field(entry, 1)
            start, stop = self._content(root, flat.u32(at) if at else 0)
            yield from model.name(name, "metadata")
            if bytes(flat.data[start + 4 : start + 8]) == b"M001" and stop > start:
                with memoryview(flat.data) as whole, whole[start:stop] as inside:
                    yield from self.guard(self._described(Flat(inside, flat.deadline)))
            elif 0 < stop - start <= SMALL:
                data = bytes(flat.data[start:stop]).rstrip(b"\0")
                if printable(data):
                    yield from model.metadata(name, decode(data))

    def _described(self, meta: Flat) -> Iterator[Part | Gap]:
        """Yield TFLite's own metadata: what the model, its graphs and its tensors are said to be."""
        model = self.model
        root = meta.root()
        self._files(meta, root, "model", "")
        yield from model.metadata("name", meta.text(root, 0))
        yield from model.doc(meta.text(root, 1))
        for slot, key in ((2, "version"), (4, "author"), (5, "license")):
            yield from model.metadata(key, meta.text(root, slot))
        for graph in meta.tables(root, 3):
            self._files(meta, graph, "graph", "")
            yield from model.name(meta.text(graph, 0), "subgraph")
            yield from model.doc(meta.text(graph, 1))
            yield from model.outputs([self._told_of(meta, tensor) for tensor in meta.tables(graph, 3)])
            yield from model.inputs([self._told_of(meta, tensor) for tensor in meta.tables(graph, 2)])
            for group in meta.tables(graph, 8):
                yield from model.name(meta.text(group, 0), "group")

    def _told_of(self, meta: Flat, tensor: int) -> Tensor:
        """Return a tensor as the metadata describes it, and keep its label files."""
        name = meta.text(tensor, 0)
        self._files(meta, tensor, "tensor", name)
        return Tensor(name, "", meta.text(tensor, 1))

    def _files(self, meta: Flat, table: int, kind: str, owner: str) -> None:
        """Keep the names of the label files that a table of the metadata lists."""
        for entry in meta.tables(table, _ASSOCIATED[kind]):
            at = meta.field(entry, 2)
            if at and meta.byte(at) in LABEL_TYPES and len(self.label_files) < OUTPUTS:
                self.label_files[meta.text(entry, 0)] = owner

    def _strings(self, root: int, tensor: int, name: str) -> Iterator[Part]:
        """Yield the texts of a string tensor: a count, offsets, and the texts behind each other."""
        flat = self.flat
        at = flat.field(tensor, _BUFFER)
        start, stop = self._content(root, flat.u32(at) if at else 0)
        if stop - start < 8:  # noqa: PLR2004 - a count and an end
            return
        count = min(flat.u32(start), LABELS, (stop - start) // 4 - 1)
        ends = [flat.u32(start + 4 + 4 * index) for index in range(max(count, 0) + 1)]
        words = []
        for low, high in pairwise(ends):
            if not low <= high <= stop - start or high - low > 1 << 12:
                break
            words.append(decode(bytes(flat.data[start + low : start + high])))
        if len(words) > 1:
            yield from self.model.labels(words, name)
        elif words:
            yield from self.model.metadata(name, words[0])

    def files(self, budget: Budget) -> Iterator[Part | Blob | Gap]:
        """Yield the files behind the model: label files as the model's labels, others as they are."""
        for item in Zip().members(self.blob, budget):
            if isinstance(item, Gap):
                yield item
                continue
            name = item.trail[-1]
            label = name in self.label_files or (name.lower().endswith(".txt") and "label" in name.lower())
            if label and not climbs(name) and len(item.data) <= LABEL_FILE:
                of = self.label_files.get(name, "")
                yield from self.model.labels(lines(bytes(item.data)), f"{of} {name}".strip())
            else:
                yield item
