"""PaddlePaddle: ``__model__``, ``.pdmodel`` and ``model`` programs.

Field numbers are those of paddle/fluid/framework/framework.proto. Weights stand in files of
their own, without names; Paddle 3 writes its program as JSON, which text readers read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS, NAME, Model, Tensor, shaped
from untag.readers.artifacts.models.wire import LEN, VARINT, Wire, inner, outline, printable, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part

TYPES: Final = {
    0: "bool",
    1: "int16",
    2: "int32",
    3: "int64",
    4: "float16",
    5: "float32",
    6: "float64",
    20: "uint8",
    21: "int8",
}
"""Element types by their number in ``VarType.Type``."""
VARIABLES: Final = 200_000
"""Variables whose shape is kept, to say it of the outputs."""
_BLOCK: Final = {1: VARINT, 2: VARINT, 3: LEN, 4: LEN, 5: VARINT}
"""Wire type of each field of ``BlockDesc``."""
_INPUTS, _OUTPUTS, _TYPE, _ATTRS = 1, 2, 3, 4


class Paddle:
    """Programs of PaddlePaddle 1 and 2."""

    name = "paddle"
    version = 1
    formats = ("paddle",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a block begins here: its number, its parent's, then variables or operations."""
        fields = outline(head)
        if not fields or fields[0][:2] != (1, LEN) or any(f[0] not in (1, 3, 4) for f in fields):
            return False
        block = inner(head, fields[0])
        if len(block) < 3 or any(_BLOCK.get(n) != k for n, k, _, _ in block):  # noqa: PLR2004 - two numbers and one thing
            return False
        return block[0][0] == 1 and block[0][2] < NAME and block[1][0] == 2  # noqa: PLR2004 - of the format

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        folder = blob.trail[-1].rsplit("/", 2)
        model = Model(blob, folder[-2] if folder[-1] == "__model__" and len(folder) > 1 else "")
        blocks = [(low, high) for n, k, low, high in wire.fields(0, wire.size) if n == 1 and k == LEN]
        shapes: dict[str, str] = {}
        for low, high in blocks:
            yield from _variables(wire, model, low, high, shapes)
        for low, high in blocks:
            model.sees(_ends(wire, low, high, shapes, "feed", _OUTPUTS))
            yield from model.outputs(_ends(wire, low, high, shapes, "fetch", _INPUTS))
            for number, kind, start, stop in wire.fields(low, high):
                if number == 4 and kind == LEN:  # noqa: PLR2004 - of the format
                    yield from _operation(wire, model, start, stop)
        if model.full:
            wire.note("limit", "more different names than are kept; the first were read")
        yield from wire.gaps.values()


def _variables(wire: Wire, model: Model, low: int, high: int, shapes: dict[str, str]) -> Iterator[Part]:
    """Yield the names of a block's variables, and keep their types."""
    for number, kind, start, stop in wire.fields(low, high):
        if number != 3 or kind != LEN:  # noqa: PLR2004 - of the format
            continue
        name = shape = ""
        for part, how, first, last in wire.fields(start, stop):
            if part == 1 and how == LEN:
                name = wire.text(first, last)
            elif part == 2 and how == LEN:  # noqa: PLR2004 - of the format
                shape = _shape(wire, first, last)
        if len(shapes) < VARIABLES:
            shapes[name[:NAME]] = shape
        yield from model.name(name, "variable")


def _shape(wire: Wire, low: int, high: int) -> str:
    """Return element type and shape of a variable that is a tensor."""
    for number, kind, start, stop in wire.fields(low, high):
        if number == 3 and kind == LEN:  # noqa: PLR2004 - of the format
            for part, how, first, last in wire.fields(start, stop):
                if part == 1 and how == LEN:
                    dims = [signed(a) for n, k, a, _ in wire.fields(first, last) if n == 2 and k == VARINT]  # noqa: PLR2004
                    return shaped(TYPES.get(wire.number(first, last, 1), ""), dims[:16])
    return ""


def _arguments(wire: Wire, low: int, high: int, side: int) -> list[str]:
    """Return the variables that an operation reads or writes."""
    return [
        name
        for number, kind, start, stop in wire.fields(low, high)
        if number == side and kind == LEN
        for name in wire.strings(start, stop, 2, LABELS)
    ]


def _ends(wire: Wire, low: int, high: int, shapes: dict[str, str], kind_of: str, side: int) -> list[Tensor]:
    """Return what a block's ``fetch`` operations hand out, or what its ``feed`` operations take in."""
    return [
        Tensor(name, shapes.get(name[:NAME], ""))
        for number, kind, start, stop in wire.fields(low, high)
        if number == 4 and kind == LEN and wire.first(start, stop, _TYPE) == kind_of  # noqa: PLR2004 - of the format
        for name in _arguments(wire, start, stop, side)
    ]


def _operation(wire: Wire, model: Model, low: int, high: int) -> Iterator[Part]:
    """Yield the names that an operation writes and the texts of its attributes."""
    for name in _arguments(wire, low, high, _OUTPUTS):
        yield from model.name(name, "variable")
    for number, kind, start, stop in wire.fields(low, high):
        if number != _ATTRS or kind != LEN:
            continue
        key = wire.first(start, stop, 1)
        words = wire.strings(start, stop, 8, LABELS)
        text = wire.first(start, stop, 5)
        if len(words) > 1 and key not in _STACK:
            yield from model.labels(words, key)
        elif key not in _STACK:
            for word in (*words, text):
                if printable(word.encode()):
                    yield from model.metadata(key, word)


_STACK: Final = ("op_callstack", "op_role_var", "op_namescope", "op_device")
"""Attributes that Paddle's compiler writes on each operation: the exporter's own stack trace and the like."""
