"""Caffe: ``.caffemodel`` files, of the first and the second form of layers.

Field numbers are those of BVLC/caffe's src/caffe/proto/caffe.proto. Weights (``blobs``) are
passed over; of a layer's parameters every text is read. Labels lie in files of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import Model, Tensor, climbs
from untag.readers.artifacts.models.wire import LEN, NESTED, VARINT, Wire, inner, outline, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.base import Part

LAYERS_V1: Final = 2
LAYERS: Final = 100
LAYER_LIMIT: Final = 200_000
"""Layers among which the net's ends are looked for."""
_NET: Final = frozenset((1, 2, 3, 4, 5, 6, 7, 8, 100))
_FORM: Final = {LAYERS: (1, 3, 4, 7), LAYERS_V1: (4, 2, 3, 6)}
"""Fields of name, bottoms, tops and blobs, by the form of the layer."""
_TYPE: Final = re.compile(rb"[A-Z][A-Za-z0-9]{1,60}")
_PARAMETERS: Final = 8
"""From this field on a layer has parameters of its kind."""


class Caffe:
    """Nets with their weights."""

    name = "caffe"
    version = 1
    formats = ("caffemodel",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a net's name and its layers begin here."""
        fields = outline(head)
        if not fields or any(number not in _NET for number, _, _, _ in fields):
            return False
        named = fields[0][:2] == (1, LEN) and printable(head[fields[0][2] : fields[0][3]])
        if not named and not name.lower().endswith(".caffemodel"):
            return False
        for field in fields:
            if field[0] in _FORM:
                return _is_layer(head, field)
        return False

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        wire = Wire(blob.data, blob.trail, deadline)
        model = Model(blob, wire.first(0, wire.size, 1))
        yield from model.outputs(_ends(wire))
        for number, kind, low, high in wire.fields(0, wire.size):
            if number in _FORM and kind == LEN:
                yield from _layer(wire, model, low, high, _FORM[number])
            elif number == 3 and kind == LEN:  # noqa: PLR2004 - of the format
                yield from model.inputs([Tensor(wire.text(low, high))])
        if model.full:
            wire.note("limit", "more different names than are kept; the first were read")
        yield from wire.gaps.values()


def _is_layer(head: bytes, field: tuple[int, int, int, int]) -> bool:
    """Whether a layer's name and type stand in a field."""
    found = inner(head, field)
    if field[0] == LAYERS:
        return any(n == 2 and k == LEN and bool(_TYPE.fullmatch(head[a:b])) for n, k, a, b in found)  # noqa: PLR2004
    return any(n == 4 and k == LEN for n, k, _, _ in found) and any(n == 5 and k == VARINT for n, k, _, _ in found)  # noqa: PLR2004


def _ends(wire: Wire) -> list[Tensor]:
    """Return the tops that no layer takes as bottom."""
    tops: dict[str, None] = {}
    bottoms: set[str] = set()
    for number, kind, low, high in wire.fields(0, wire.size):
        if number not in _FORM or kind != LEN or len(tops) >= LAYER_LIMIT:
            continue
        _, bottom, top, blobs = _FORM[number]
        mine: set[str] = set()
        for field, how, start, stop in wire.fields(low, high):
            if how != LEN or field == blobs:
                continue
            if field == bottom and len(bottoms) < LAYER_LIMIT:
                mine.add(wire.text(start, stop))
            elif field == top:
                name = wire.text(start, stop)
                tops[name] = None
                mine.discard(name)  # a layer that works in place ends nothing
        bottoms |= mine
    return [Tensor(name) for name in tops if name not in bottoms]


def _layer(wire: Wire, model: Model, low: int, high: int, form: tuple[int, int, int, int]) -> Iterator[Part]:
    """Yield a layer's names and the texts of its parameters."""
    name, bottom, top, blobs = form
    for number, kind, start, stop in wire.fields(low, high):
        if kind != LEN or number in (bottom, blobs):
            continue
        if number == name:
            yield from model.name(wire.text(start, stop), "layer")
        elif number == top:
            yield from model.name(wire.text(start, stop), "blob")
        elif number > _PARAMETERS:
            yield from _texts(wire, model, start, stop, 0)


def _texts(wire: Wire, model: Model, low: int, high: int, depth: int) -> Iterator[Part]:
    """Yield the texts of a parameter message, whose many kinds all hold few: sources, label maps, Python parameters."""
    if depth > NESTED or high - low > 1 << 16:
        return
    quiet = Wire(wire.data[low:high], wire.trail, wire.deadline)  # what is no message is no fault
    for _, kind, start, stop in quiet.fields(0, quiet.size):
        data = bytes(quiet.data[start:stop]) if kind == LEN else b""
        if len(data) > 2 and printable(data):  # noqa: PLR2004 - shorter says nothing
            text = quiet.text(start, stop)
            if climbs(text) and "/" in text and "label" in text.lower():
                wire.note("unsafe_path", "a label map lies outside the model's folder; never followed")
            yield from model.metadata("param", text)
        elif data:
            yield from _texts(wire, model, low + start, low + stop, depth + 1)
