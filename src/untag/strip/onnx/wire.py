"""ONNX protocol buffers rewritten in place: the bytes of big tensors taken out, and put back.

`shrink` walks a model in its map and yields a copy in which each big tensor is a *stub*: dims, type and name
as they were, and an external location that no file has, which says where the bytes stand. `grow` does the
reverse: it takes a serialised model with stubs and yields the pieces of the full file in order, with every
length before them right. Neither holds a big tensor in memory.

Field numbers are those of onnx.proto (github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.readers.artifacts.models.wire import LEN, NESTED, VARINT, Wire
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.model import Buffer

BIG: Final = 4_096
"""Bytes of tensor data from which on it stays in the file: below, a stub costs as much as the data."""

RAW: Final = 9
FLOATS: Final = 4
DOUBLES: Final = 10
_LOCATION: Final = 14
_EXTERNAL: Final = 13
_DATA: Final = {RAW, FLOATS, DOUBLES}
"""Fields of a tensor whose bytes on the wire are the array itself; the other typed ones are varints."""

_MODEL, _GRAPH, _NODE, _ATTRIBUTE, _TENSOR, _SPARSE, _FUNCTION, _TRAINING = range(8)
_INSIDE: Final[tuple[dict[int, int], ...]] = (
    {7: _GRAPH, 20: _TRAINING, 25: _FUNCTION},
    {1: _NODE, 5: _TENSOR, 15: _SPARSE},
    {5: _ATTRIBUTE},
    {5: _TENSOR, 6: _GRAPH, 10: _TENSOR, 11: _GRAPH, 22: _SPARSE, 23: _SPARSE},
    {},
    {1: _TENSOR, 2: _TENSOR},
    {7: _NODE, 11: _ATTRIBUTE},
    {1: _GRAPH, 2: _GRAPH},
)
"""Of each kind of message, the fields that can hold tensors, and the kind of what they hold."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Where the data of one tensor stands, in the model file."""

    start: int
    size: int
    """Bytes."""
    field: int
    """`RAW`, `FLOATS` or `DOUBLES`: the field that holds them."""


def varint(value: int) -> bytes:
    """Return a number in base-128, least significant group first."""
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tag(field: int, kind: int = LEN) -> bytes:
    """Return the key before a field."""
    return varint(field << 3 | kind)


def message(field: int, body: bytes) -> bytes:
    """Return a field that holds bytes, a text or a message."""
    return tag(field) + varint(len(body)) + body


def shrink(data: Buffer, token: str) -> tuple[bytes, list[Blob]]:
    """Return the model without the data of its big tensors, and where the data stand.

    The stub of blob ``n`` has the external location ``token`` followed by ``n``. Raises `StripError` for bytes that
    are no whole protocol buffer, and for a tensor that holds its data twice.
    """
    walk = _Shrink(data, token)
    body = walk.message(0, len(data), _MODEL, 0)
    if walk.wire.gaps:
        raise StripError(f"the model cannot be read: {next(iter(walk.wire.gaps.values())).detail}; nothing was changed")
    return bytes(data[:]) if body is None else body, walk.blobs


class _Shrink:
    """One walk over a model that takes data out."""

    def __init__(self, data: Buffer, token: str) -> None:
        self.data = data
        self.token = token
        self.wire = Wire(data, ())
        self.blobs: list[Blob] = []

    def message(self, start: int, stop: int, kind: int, depth: int) -> bytes | None:
        """Return the message without big data; ``None`` if it holds none."""
        if depth > NESTED * 3:
            raise StripError(f"graphs stand more than {NESTED} deep inside each other; no real model does that")
        if kind == _TENSOR:
            return self._tensor(start, stop)
        inside = _INSIDE[kind]
        changed = False
        pieces: list[bytes] = []
        for field, wire, low, high in self.wire.fields(start, stop):
            body = None
            if wire == LEN and high - low > BIG and field in inside:
                body = self.message(low, high, inside[field], depth + 1)
                changed = changed or body is not None
            pieces.append(_again(self.data, field, wire, low, high) if body is None else message(field, body))
        return b"".join(pieces) if changed else None

    def _tensor(self, start: int, stop: int) -> bytes | None:
        found: Blob | None = None
        rest: list[bytes] = []
        for field, wire, low, high in self.wire.fields(start, stop):
            if wire == LEN and field in _DATA and (high - low > BIG or found is not None):
                if found is not None:
                    raise StripError("a tensor holds its data in two fields; nothing was changed")
                found = Blob(low, high - low, field)
                continue
            if field == _LOCATION and wire == VARINT and low:
                # the data of the tensor stand in another file: what it holds besides is nobody's
                return None
            rest.append(_again(self.data, field, wire, low, high))
        if found is None:
            return None
        location = message(1, b"location") + message(2, f"{self.token}{len(self.blobs)}".encode())
        self.blobs.append(found)
        return b"".join((*rest, message(_EXTERNAL, location), tag(_LOCATION, VARINT), b"\x01"))


def _again(data: Buffer, field: int, wire: int, low: int, high: int) -> bytes:
    """Return a field as a serialiser writes it."""
    if wire == VARINT:
        return tag(field, VARINT) + varint(low)
    body = bytes(data[low:high])
    return message(field, body) if wire == LEN else tag(field, wire) + body


Piece = bytes | int
"""Bytes of the file, or the number of the data that go there."""


def grow(lean: bytes, token: str, size: Callable[[int], tuple[int, int]]) -> list[Piece]:
    """Return the pieces of the full file from a serialised model whose tensors may be stubs.

    ``size(n)`` gives length in bytes and field of the data of stub ``n``.
    """
    pieces, _ = _Grow(lean, token.encode(), size).message(0, len(lean), _MODEL)
    return pieces


class _Grow:
    """One walk over a model that puts data back."""

    def __init__(self, data: bytes, token: bytes, size: Callable[[int], tuple[int, int]]) -> None:
        self.data = data
        self.token = token
        self.size = size
        self.wire = Wire(data, ())

    def message(self, start: int, stop: int, kind: int) -> tuple[list[Piece], int]:
        """Return the pieces of a message, and their bytes in all."""
        if self.data.find(self.token, start, stop) < 0:
            return [self.data[start:stop]], stop - start
        if kind == _TENSOR:
            return self._tensor(start, stop)
        inside = _INSIDE[kind]
        pieces: list[Piece] = []
        total, done = 0, start
        for field, wire, low, high in self.wire.fields(start, stop):
            if wire != LEN or field not in inside or self.data.find(self.token, low, high) < 0:
                continue
            body, length = self.message(low, high, inside[field])
            head = tag(field) + varint(length)
            # a serialiser writes the shortest keys and lengths
            before = self.data[done : low - len(tag(field)) - len(varint(high - low))]
            pieces += (before + head, *body)
            total += len(before) + len(head) + length
            done = high
        pieces.append(self.data[done:stop])
        return pieces, total + stop - done

    def _tensor(self, start: int, stop: int) -> tuple[list[Piece], int]:
        fields: list[tuple[int, bytes]] = []
        number = -1
        for field, wire, low, high in self.wire.fields(start, stop):
            if field == _EXTERNAL:
                _, value = self.wire.pair(low, high)
                number = int(value[len(self.token) :])
            elif field != _LOCATION:
                fields.append((field, _again(self.data, field, wire, low, high)))
        length, own = self.size(number)
        head = b"".join(body for field, body in fields if field < own) + tag(own) + varint(length)
        tail = b"".join(body for field, body in fields if field > own)
        return [head, number, tail], len(head) + length + len(tail)
