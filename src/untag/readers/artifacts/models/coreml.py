"""CoreML: ``.mlmodel`` files, on their own or in an ``.mlpackage`` folder.

Field numbers are those of apple/coremltools' mlmodel/format/{Model,FeatureTypes,NeuralNetwork,MIL}.proto.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS, Model, Tensor, shaped
from untag.readers.artifacts.models.wire import LEN, NESTED, VARINT, Wire, inner, outline, printable, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap, Scope
    from untag.readers.base import Part

NEWEST: Final = 64
"""Specification versions that are believed; 10 is the newest."""
FIRST_TYPE: Final = 200
"""From this field on a ``Model`` holds what kind of model it is."""
PIPELINES: Final = (200, 201, 202)
PROGRAM: Final = 502
NETWORKS: Final = (303, 403, 500)
_KINDS: Final = {
    1: "int64",
    2: "float64",
    3: "string",
    4: "image",
    5: "array",
    6: "dictionary",
    7: "sequence",
    8: "state",
}
"""Kinds of a feature, by their field in ``FeatureType``."""
_DESCRIPTION: Final = frozenset((1, 10, 11, 12, 13, 14, 20, 21, 50, 100))
_ONLY_HERE: Final = frozenset((10, 11, 12, 13, 14, 20, 21, 50, 100))
"""Fields of a ``ModelDescription`` that no other message with the same beginning has."""
_METADATA: Final = {1: "shortDescription", 2: "version", 3: "author", 4: "license"}


class CoreMl:
    """CoreML models of all kinds."""

    name = "coreml"
    version = 1
    formats = ("coreml",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a specification version and a description of features begin here."""
        fields = outline(head)
        if len(fields) < 2 or fields[0][:2] != (1, VARINT) or not 0 < fields[0][2] < NEWEST:  # noqa: PLR2004
            return False
        if fields[1][:2] != (2, LEN) or any(n not in (1, 2, 10) and n < FIRST_TYPE for n, _, _, _ in fields):
            return False
        found = inner(head, fields[1])
        if not found or any(n not in _DESCRIPTION for n, _, _, _ in found):
            return False
        known = name.lower().endswith((".mlmodel", ".mlpackage"))
        return known or any(n in _ONLY_HERE for n, _, _, _ in found) or any(n >= FIRST_TYPE for n, _, _, _ in fields)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        yield from _Reader(blob, wire).model(0, wire.size, "", 0)
        yield from wire.gaps.values()


class _Reader:
    """One file being read."""

    def __init__(self, blob: Blob, wire: Wire) -> None:
        self.blob = blob
        self.wire = wire
        self.parent: Scope | None = None

    def model(self, low: int, high: int, name: str, depth: int) -> Iterator[Part]:
        """Yield a model; a pipeline holds others."""
        wire = self.wire
        if depth > NESTED:
            wire.note("limit", f"more than {NESTED} models inside each other; the outer ones were read")
            return
        model = Model(self.blob, name, parent=self.parent)
        self.parent = self.parent or model.scope
        for number, kind, start, stop in wire.fields(low, high):
            if number == 2 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from self._description(model, start, stop)
            elif number in PIPELINES and kind == LEN:
                yield from self._pipeline(start, stop, number, depth)
            elif number == PROGRAM and kind == LEN:
                yield from self._program(model, start, stop)
            elif number >= FIRST_TYPE and kind == LEN:
                yield from self._kind(model, start, stop, number)
        if model.full:
            wire.note("limit", "more different names than are kept; the first were read")

    def _description(self, model: Model, low: int, high: int) -> Iterator[Part]:
        """Yield inputs, outputs, the predicted feature and the metadata."""
        wire = self.wire
        inputs, outputs = list[Tensor](), list[Tensor]()
        later: list[tuple[int, int, int]] = []
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 1 | 50:
                    inputs.append(self._feature(start, stop))
                case 10:
                    outputs.append(self._feature(start, stop))
                case 11 | 12 | 20 | 100:
                    later.append((number, start, stop))
                case _:
                    pass
        model.sees(inputs)
        yield from model.outputs(outputs)
        yield from model.inputs(inputs)
        for number, start, stop in later:
            match number:
                case 11:
                    yield from model.name(wire.text(start, stop), "predicted feature")
                case 12:
                    yield from model.name(wire.text(start, stop), "predicted probabilities")
                case 20:
                    yield from self._description_of_function(model, start, stop)
                case _:
                    yield from self._metadata(model, start, stop)

    def _description_of_function(self, model: Model, low: int, high: int) -> Iterator[Part]:
        """Yield one function of a model with several: name 1, inputs 2, outputs 3."""
        wire = self.wire
        yield from model.name(wire.first(low, high, 1), "function")
        outputs = [self._feature(a, b) for n, k, a, b in wire.fields(low, high) if n == 3 and k == LEN]  # noqa: PLR2004
        yield from model.outputs(outputs)

    def _feature(self, low: int, high: int) -> Tensor:
        """Return an input or output."""
        wire = self.wire
        name = doc = kind = ""
        for number, how, start, stop in wire.fields(low, high):
            if how != LEN:
                continue
            match number:
                case 1:
                    name = wire.text(start, stop)
                case 2:
                    doc = wire.text(start, stop)
                case 3:
                    kind = self._type(start, stop)
                case _:
                    pass
        return Tensor(name, kind, doc)

    def _type(self, low: int, high: int) -> str:
        """Return the kind of a feature; of an array, with its shape."""
        wire = self.wire
        for number, kind, start, stop in wire.fields(low, high):
            if number not in _KINDS or kind != LEN:
                continue
            dims: list[object] = []
            if _KINDS[number] == "array":
                for field, how, first, last in wire.fields(start, stop):
                    if field == 1 and how == LEN:  # packed, as proto3 writes it
                        dims += [byte for byte in wire.data[first : min(last, first + 16)] if byte < 128]  # noqa: PLR2004
                    elif field == 1 and how == VARINT:
                        dims.append(signed(first))
            return shaped(_KINDS[number], dims[:16]) if dims else _KINDS[number]
        return ""

    def _metadata(self, model: Model, low: int, high: int) -> Iterator[Part]:
        """Yield what the author says of the model; user-defined entries may hold classes."""
        wire = self.wire
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            if number == 1:
                yield from model.doc(wire.text(start, stop))
            elif number in _METADATA:
                yield from model.metadata(_METADATA[number], wire.text(start, stop))
            elif number == 100:  # noqa: PLR2004 - of the format
                yield from model.metadata(*wire.pair(start, stop))

    def _pipeline(self, low: int, high: int, number: int, depth: int) -> Iterator[Part]:
        """Yield the models of a pipeline, which a classifier or regressor wraps once more."""
        wire = self.wire
        if number != PIPELINES[2]:
            for field, kind, start, stop in wire.fields(low, high):
                if field == 1 and kind == LEN:
                    yield from self._pipeline(start, stop, PIPELINES[2], depth)
            return
        names = wire.strings(low, high, 2, LABELS)
        models = ((a, b) for n, k, a, b in wire.fields(low, high) if n == 1 and k == LEN)
        for at, (start, stop) in enumerate(models):
            yield from self.model(start, stop, names[at] if at < len(names) else f"model {at}", depth + 1)

    def _kind(self, model: Model, low: int, high: int, number: int) -> Iterator[Part]:
        """Yield the class labels and layer names of any kind of model."""
        wire = self.wire
        for field, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            if field == 1 and number in NETWORKS:
                for part, how, first, last in wire.fields(start, stop):
                    if part in (1, 3) and how == LEN:
                        yield from model.name(wire.text(first, last), "layer")
            elif field in (100, 200) or (field in (1, 2) and number not in NETWORKS):
                words = self._words(start, stop)
                if words:
                    yield from model.labels(words, "stringClassLabels")
                elif field == 200 and number in NETWORKS:  # noqa: PLR2004 - labelProbabilityLayerName
                    yield from model.name(wire.text(start, stop), "layer")
            elif field in (10, 40) and stop - start < 1 << 16 and printable(bytes(wire.data[start:stop])):
                yield from model.metadata("custom model", wire.text(start, stop))

    def _words(self, low: int, high: int) -> list[str]:
        """Return the texts of a ``StringVector``, or none where it is something else."""
        wire = self.wire
        if wire.data[low : low + 1] != b"\x0a":
            return []
        head = bytes(wire.data[low : min(high, low + 256)])
        fields = outline(head)
        if not fields or any(n != 1 or k != LEN for n, k, _, _ in fields):
            return []
        if not all(printable(head[a:b]) or a == b for _, _, a, b in fields if b < len(head)):
            return []
        return wire.strings(low, high, 1, LABELS)

    def _program(self, model: Model, low: int, high: int) -> Iterator[Part]:
        """Yield the functions of an ML program."""
        wire = self.wire
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 2:
                    name, first, last = wire.entry(start, stop)
                    yield from model.name(name, "function")
                    for part, how, a, b in wire.fields(first, last):
                        if part == 3 and how == LEN:  # noqa: PLR2004 - of the format
                            yield from self._block(model, *wire.entry(a, b)[1:], 0)
                case 3:
                    yield from model.doc(wire.text(start, stop))
                case 4:
                    yield from self._value(model, *wire.entry(start, stop), 0)
                case _:
                    pass

    def _block(self, model: Model, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield a block: what it hands out, and its operations."""
        wire = self.wire
        if depth > NESTED:
            wire.note("limit", f"more than {NESTED} blocks inside each other; the outer ones were read")
            return
        yield from model.outputs([Tensor(name) for name in wire.strings(low, high, 2, LABELS)], "program output")
        for number, kind, start, stop in wire.fields(low, high):
            if number == 3 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from self._operation(model, start, stop, depth)

    def _operation(self, model: Model, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield an operation's results and the texts it is given; ``classify`` is given the classes."""
        wire = self.wire
        named = ""
        for number, kind, start, stop in wire.fields(low, high):
            if kind != LEN:
                continue
            match number:
                case 2:
                    key, first, last = wire.entry(start, stop)
                    for part, how, a, b in wire.fields(first, last):
                        if part == 1 and how == LEN:
                            for side, form, c, d in wire.fields(a, b):
                                if side == 2 and form == LEN:  # noqa: PLR2004 - a value, not a name
                                    yield from self._value(model, key, c, d, 0)
                case 3:
                    named = wire.first(start, stop, 1)
                    yield from model.name(named, "value")
                case 4:
                    yield from self._block(model, start, stop, depth + 1)
                case 5:
                    key, first, last = wire.entry(start, stop)
                    yield from self._value(model, named if key == "val" else key, first, last, 0)
                case _:
                    pass

    def _value(self, model: Model, key: str, low: int, high: int, depth: int) -> Iterator[Part]:
        """Yield the texts of a constant: a tensor of strings, or a list, tuple or dictionary of them."""
        words: list[str] = []
        self._gather(low, high, words, depth)
        if len(words) > 1:
            yield from model.labels(words, key)
        elif words:
            yield from model.metadata(key, words[0])

    def _gather(self, low: int, high: int, words: list[str], depth: int) -> None:
        """Add the texts of a ``Value`` to a list."""
        wire = self.wire
        if depth > NESTED:
            wire.note("limit", f"more than {NESTED} values inside each other; the outer ones were read")
            return
        for number, kind, start, stop in wire.fields(low, high):
            if number != 3 or kind != LEN:  # noqa: PLR2004 - an immediate value
                continue
            for form, how, first, last in wire.fields(start, stop):
                if how != LEN:
                    continue
                if form == 1:
                    for field, wired, a, b in wire.fields(first, last):
                        if field == 4 and wired == LEN:  # noqa: PLR2004 - of the format
                            words += wire.strings(a, b, 1, LABELS)
                    continue
                for field, wired, a, b in wire.fields(first, last):
                    if field != 1 or wired != LEN or len(words) > LABELS:
                        continue
                    if form == 4:  # noqa: PLR2004 - pairs of values
                        for _, side, c, d in wire.fields(a, b):
                            if side == LEN:
                                self._gather(c, d, words, depth + 1)
                    else:
                        self._gather(a, b, words, depth + 1)
