"""MNN: outputs, tensor and operation names of a ``Net``, which is a flatbuffer without a mark.

Slots are those of alibaba/MNN's schema/default/MNN.fbs (fields in its order; a union takes two).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.model import Gap
from untag.readers.artifacts.models.common import OUTPUTS, Model, Tensor
from untag.readers.artifacts.models.flat import Flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.base import Part

_BUSINESS, _OPERATIONS, _OUTPUTS, _TENSORS, _SUBGRAPHS = 0, 3, 4, 7, 10
_OPERATION_NAME: Final = 3
_SUB_NAME, _SUB_TENSORS, _SUB_NODES = 0, 3, 4
_NET_VTABLE: Final = 4 + 2 * 16
"""Bytes of the largest table of offsets that a ``Net`` is believed to have."""


class Mnn:
    """MNN models, known by their name and the shape of their root."""

    name = "mnn"
    version = 1
    formats = ("mnn",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the root table of a small flatbuffer can stand here."""
        flat = Flat(head)
        try:
            root = flat.root()
            vtable = root - flat.i32(root)
            length = flat.byte(vtable) | flat.byte(vtable + 1) << 8
        except ReadError:
            return False
        return 4 <= length <= _NET_VTABLE and length % 2 == 0 and name.lower().endswith(".mnn")  # noqa: PLR2004

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        flat = Flat(blob.data, deadline)
        model = Model(blob)
        try:
            root = flat.root()
            outputs = [Tensor(name) for name, _ in zip(flat.texts(root, _OUTPUTS), range(OUTPUTS), strict=False)]
            yield from model.outputs(outputs)
            yield from model.metadata("bizCode", flat.text(root, _BUSINESS))
            yield from _names(flat, model, root, _TENSORS, _OPERATIONS)
            for graph in flat.tables(root, _SUBGRAPHS):
                yield from model.name(flat.text(graph, _SUB_NAME), "subgraph")
                yield from _names(flat, model, graph, _SUB_TENSORS, _SUB_NODES)
        except LimitError as error:
            yield Gap(blob.trail, "limit", error.detail)
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
        if model.full:
            yield Gap(blob.trail, "limit", "more different names than are kept; the first were read")


def _names(flat: Flat, model: Model, table: int, tensors: int, operations: int) -> Iterator[Part]:
    """Yield the names of a graph's tensors and operations."""
    for name in flat.texts(table, tensors):
        yield from model.name(name, "tensor")
    for operation in flat.tables(table, operations):
        yield from model.name(flat.text(operation, _OPERATION_NAME), "operation")
