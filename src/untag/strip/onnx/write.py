"""A cut model streamed to disk: big tensors piece by piece, everything else by protobuf.

Data that are kept whole are copied from file to file through a small buffer. A sliced tensor passes through memory
some megabytes at a time. Each file is written beside its name and then put in its place, so
that a full disk or a stopped run leaves nothing that looks like a model.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import secrets
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError, said
from untag.strip.onnx import nouns
from untag.strip.onnx.lean import STRING, Place, dtype
from untag.strip.onnx.nouns import HELD
from untag.strip.onnx.wire import Piece, grow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    import numpy as np

    from untag.strip.onnx.lean import Lean
    from untag.strip.onnx.nouns import Cut, Slices

PIECE: Final = 4 << 20
"""Bytes of a tensor that are in memory at once."""
_PAGE: Final = 4_096
_LINE: Final = 64
"""Bytes to which data in a new external file are aligned: a page if they were before, else a cache line."""
_BUFFER: Final = 256 << 10
"""Bytes copied at once: as fast as the kernel's own copy, where 4 MB take six times as long."""


@dataclass(frozen=True, slots=True)
class Data:
    """The bytes of one tensor of the new model: a stretch of an old file, or slices of it."""

    place: Place
    shape: tuple[int, ...]
    """As it was."""
    kind: np.dtype[Any] | None
    """``None`` when nothing is sliced: the bytes are copied whatever they mean."""
    slices: Slices
    size: int
    """Bytes of what is kept."""


def write(lean: Lean, cut: Cut, out: Path, name: str) -> tuple[str, ...]:
    """Write the cut model as ``out / name`` and its external data at their old names below ``out``.

    Returns the relative names of what was written, the model first. An external file of which nothing is live is not
    written. Raises `StripError`, with no file left, if the disk is full or a slice does not fit its tensor.
    """
    model = type(cut.model)()
    model.CopyFrom(cut.model)
    token = f"untag-{secrets.token_hex(8)}-"
    inside: list[Data] = []
    outside: dict[str, Blobfile] = {}
    unknown = dict(cut.slices)
    for key, tensor in nouns.tensors(model):
        slices = unknown.pop(key, ())
        place = lean.place(tensor)
        if place is None:
            if slices:
                _slice_small(lean, tensor, key, slices)
            continue
        data = _data(tensor, key, place, slices)
        tensor.dims[:] = shape(data.shape, slices)
        if lean.is_stub(tensor):
            tensor.external_data[0].value = f"{token}{len(inside)}"
            inside.append(data)
        else:
            outside.setdefault(place.name, Blobfile()).take(tensor, data)
    if unknown:
        raise StripError(f"the model has no tensor {next(iter(unknown))!r} to slice")
    written: list[str] = []
    try:
        for other, blob in outside.items():
            blob.write(lean, (out / other))
            written.append(other)
        pieces = grow(model.SerializeToString(), token, lambda n: (inside[n].size, inside[n].place.field))
        _write(out / name, _model(lean, pieces, inside))
    except OSError as error:
        for other in written:
            (out / other).unlink(missing_ok=True)
        raise StripError(f"{name} could not be written, and nothing is left of it: {said(error)}") from error
    return (name, *written)


def shape(dims: Sequence[int], slices: Slices) -> tuple[int, ...]:
    """Return the dims of a tensor after its selections."""
    out = list(dims)
    for axis, kept in slices:
        out[axis] = len(kept)
    return tuple(out)


def pieces(array: np.ndarray[Any, Any], slices: Slices) -> Iterator[np.ndarray[Any, Any]]:
    """Yield what selections keep of an array, in order and C-contiguous, at most about `PIECE` bytes at once."""
    index: dict[int, Any] = {}
    for axis, kept in slices:
        place = axis % array.ndim
        index[place] = tuple(k if k == HELD else index[place][k] for k in kept) if place in index else kept
    yield from _pieces(array, index)


def _pieces(array: np.ndarray[Any, Any], index: dict[int, Any]) -> Iterator[np.ndarray[Any, Any]]:
    import numpy as np  # noqa: PLC0415 - slow to load

    if array.nbytes <= PIECE or array.ndim == 1:
        for axis, kept in index.items():
            array = nouns.take(array, kept, axis)
        yield np.ascontiguousarray(array)
        return
    rows = index.get(0, range(array.shape[0]))
    rest = {axis: kept for axis, kept in index.items() if axis}
    row = array.nbytes // array.shape[0]
    if row > PIECE:
        blank = np.broadcast_to(np.zeros(1, array.dtype), array.shape[1:])
        for at in rows:
            yield from _pieces(blank if at == HELD else array[at], {axis - 1: kept for axis, kept in rest.items()})
        return
    step = max(1, PIECE // row)
    for at in range(0, len(rows), step):
        some = rows[at : at + step]
        part = array[some.start : some.stop] if isinstance(some, range) else nouns.take(array, some, 0)
        yield from _pieces(part, rest)


def _data(tensor: Any, key: str, place: Place, slices: Slices) -> Data:
    dims = tuple(tensor.dims)
    if not slices:
        return Data(place, dims, None, (), place.size)
    _check(dims, key, slices)
    kind = dtype(tensor)
    if place.size != kind.itemsize * math.prod(dims):
        raise StripError(f"tensor {key!r} holds {place.size:,} bytes, which its dims do not")
    return Data(place, dims, kind, slices, kind.itemsize * math.prod(shape(dims, slices)))


def _check(dims: Sequence[int], key: str, slices: Slices) -> None:
    """Raise `StripError` for a selection that does not fit."""
    left = list(dims)
    for axis, kept in slices:
        if not -len(left) <= axis < len(left):
            raise StripError(f"tensor {key!r} has {len(left)} axes, and no axis {axis} to slice")
        if any(not 0 <= k < left[axis] for k in kept if k != HELD):
            raise StripError(f"tensor {key!r} has {left[axis]} places on axis {axis}, and not all that are kept")
        left[axis] = len(kept)


def _slice_small(lean: Lean, tensor: Any, key: str, slices: Slices) -> None:
    """Slice a tensor that holds its own data."""
    import numpy as np  # noqa: PLC0415 - slow to load
    from onnx import numpy_helper  # noqa: PLC0415 - slow to load

    _check(tensor.dims, key, slices)
    array = lean.array(tensor)
    for axis, kept in slices:
        array = nouns.take(array, kept, axis)
    if tensor.data_type == STRING:
        made = [text if isinstance(text, bytes) else str(text).encode() for text in array.reshape(-1)]
        tensor.dims[:] = array.shape
        tensor.string_data[:] = made
        return
    fresh = numpy_helper.from_array(np.ascontiguousarray(array))
    if fresh.data_type != tensor.data_type:
        raise StripError(f"tensor {key!r} is of a type that cannot be written back exactly")
    for field in ("float_data", "int32_data", "int64_data", "double_data", "uint64_data"):
        tensor.ClearField(field)
    tensor.dims[:] = array.shape
    tensor.raw_data = fresh.raw_data


class Blobfile:
    """One new file of external data: what is live, in the order of the graph, each stretch once."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, Data, list[Any]]] = []
        """Where each stretch begins, and the tensors that stand there."""
        self._known: dict[Data, int] = {}
        self._end = 0

    def take(self, tensor: Any, data: Data) -> None:
        """Give a tensor its place in the new file, and tell it."""
        number = self._known.get(data)
        if number is None:
            align = _LINE if data.place.start % _PAGE else _PAGE
            start = -(-self._end // align) * align
            number = self._known[data] = len(self.parts)
            self.parts.append((start, data, []))
            self._end = start + data.size
        start, _, owners = self.parts[number]
        owners.append(tensor)
        entries = {"offset": str(start), "length": str(data.size)}
        for entry in tensor.external_data:
            if entry.key in entries:
                entry.value = entries.pop(entry.key)
        for key, value in entries.items():
            tensor.external_data.add(key=key, value=value)

    def write(self, lean: Lean, path: Path) -> None:
        """Write the file; set the checksums of the tensors that had one and were sliced."""

        def stream(file: BinaryIO) -> None:
            at = 0
            for start, data, owners in self.parts:
                file.write(bytes(start - at))
                digest = hashlib.sha1(usedforsecurity=False) if data.slices else None
                _stream(lean, data, file, digest)
                at = start + data.size
                if digest is not None:
                    _set_checksum(owners, digest.hexdigest())

        _write(path, stream)


def _set_checksum(tensors: list[Any], digest: str) -> None:
    for tensor in tensors:
        for entry in tensor.external_data:
            if entry.key == "checksum":
                entry.value = digest


def _model(lean: Lean, parts: list[Piece], inside: list[Data]) -> Any:
    def stream(file: BinaryIO) -> None:
        for part in parts:
            if isinstance(part, int):
                _stream(lean, inside[part], file, None)
            else:
                file.write(part)

    return stream


def _stream(lean: Lean, data: Data, file: BinaryIO, digest: Any) -> None:
    """Write the bytes of one tensor."""
    if data.kind is None:
        _copy(data.place, file)
        return
    import numpy as np  # noqa: PLC0415 - slow to load

    array = lean.view(data.place, data.kind, data.shape)
    since = 0
    for piece in pieces(array, data.slices):
        body = piece.view(np.uint8).reshape(-1).data if piece.size else b""
        file.write(body)
        if digest is not None:
            digest.update(body)
        since += len(body)
        if since > 4 * PIECE:
            lean.forget(data.place)
            since = 0
    lean.forget(data.place)


def _copy(place: Place, file: BinaryIO) -> None:
    """Copy a stretch of an old file to the end of a new one, through a buffer that stays in the processor's cache."""
    buffer = memoryview(bytearray(_BUFFER))
    left = place.size
    with place.path.open("rb", buffering=0) as source:
        source.seek(place.start)
        while left:
            count = source.readinto(buffer[: min(_BUFFER, left)])
            if not count:
                raise StripError(f"{place.name} became shorter while it was read; nothing was written")
            file.write(buffer[:count])
            left -= count


def _write(path: Path, stream: Any) -> None:
    """Write a file through a temporary one beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            stream(file)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
