"""An ONNX model without its weight in memory.

The file is mapped and its wire format walked once: `onnx` gets a copy in which every tensor above 4 KiB is a stub
(`untag.strip.onnx.wire`), some kilobytes for a model of gigabytes. A stub survives whatever is done to the graph
(copies, inlining, renaming), and nothing can mistake it for data: to `onnx` it is a tensor in another file.
"""

from __future__ import annotations

import math
import mmap
import secrets
import stat
from contextlib import suppress
from importlib import import_module
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.onnx import nouns
from untag.strip.onnx.wire import RAW, Blob, shrink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    import numpy as np

EXTRA: Final = "models need an extra: pip install 'untag[strip]'"
EXTERNAL: Final = 1
"""``TensorProto.EXTERNAL``."""
STRING: Final = 8
_HALVES: Final = {21, 22, 23, 25, 26, 27, 28}
"""Types of less than a byte: uint4, int4, float4e2m1, uint2, int2, float6e2m3, float6e3m2."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data of a tensor stand on disk."""

    path: Path
    name: str
    """Relative to the root; of data inside the model file, the model's own name."""
    start: int
    size: int
    """Bytes."""
    field: int = RAW
    """The field of the tensor that holds them (`untag.strip.onnx.wire`)."""


class Lean:
    """One ONNX file, its graph in memory and its big tensors in the map. Close it, or use it in a ``with``."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.root = root
        self.name = path.relative_to(root).as_posix()
        """Relative name of the model below the root."""
        self._maps: dict[Path, tuple[mmap.mmap, int]] = {}
        self._token = f"untag-{secrets.token_hex(8)}-"
        data = self._map(path)
        lean, blobs = shrink(data, self._token)
        self._blobs: list[Blob] = blobs
        self.model: Any = _parsed(lean)
        """The ``onnx.ModelProto``; tensors above 4 KiB are stubs."""
        self.external: tuple[str, ...] = self._external()
        """Names, relative to the root, of the files that hold tensors of this model; each is there and big enough."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the maps; an array that is still held keeps its own."""
        for data, _ in self._maps.values():
            try:
                data.close()
            except BufferError:  # an array still looks at it: closed with the array
                continue
        self._maps.clear()

    def is_stub(self, tensor: Any) -> bool:
        """Whether the data of a tensor were left in the model file."""
        return self._number(tensor) is not None

    def place(self, tensor: Any) -> Place | None:
        """Return where the data of a stub or an external tensor stand; ``None`` for a tensor that holds its data.

        Raises `StripError` for external data that lie outside the root, are not there, or are too short.
        """
        number = self._number(tensor)
        if number is not None:
            if number >= len(self._blobs):
                raise StripError(f"tensor {tensor.name!r} belongs to another model")
            blob = self._blobs[number]
            return Place(self.path, self.name, blob.start, blob.size, blob.field)
        if tensor.data_location == EXTERNAL:
            return self._outside(tensor)
        return None

    def array(self, tensor: Any) -> np.ndarray[Any, Any]:
        """Return the values of a tensor, big or small: read-only, its dims as shape, a view of the map if it is big.

        bfloat16 and float8 come as types of ``ml_dtypes``; strings as objects. Raises `StripError` if the data do not
        fit type and dims, and for a big tensor of elements below a byte.
        """
        from onnx import numpy_helper  # noqa: PLC0415 - slow to load

        place = self.place(tensor)
        if place is None:
            try:
                values: np.ndarray[Any, Any] = numpy_helper.to_array(tensor)
            except (ValueError, TypeError, AttributeError) as error:
                raise StripError(f"tensor {tensor.name!r} cannot be read: {error}") from error
            values = values.view()
            values.flags.writeable = False
            return values
        kind = dtype(tensor)
        if place.size != kind.itemsize * math.prod(tensor.dims):
            raise StripError(f"tensor {tensor.name!r} holds {place.size:,} bytes, which its dims do not")
        return self.view(place, kind, tuple(tensor.dims))

    def view(self, place: Place, kind: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        """Return the bytes of a place as a read-only array of the map."""
        import numpy as np  # noqa: PLC0415 - slow to load

        count = math.prod(shape)
        if not count:
            return np.empty(shape, kind)
        return np.frombuffer(self._map(place.path), kind, count, place.start).reshape(shape)

    def same(self, one: Any, other: Any) -> bool:
        """Whether two tensors of this model stand on the same bytes of a file: a copy of a stub, or a shared blob."""
        first, second = self.place(one), self.place(other)
        return first is not None and first == second

    def forget(self, place: Place) -> None:
        """Drop the pages of a tensor from memory: the file has them."""
        data, _ = self._maps.get(place.path, (None, 0))
        if data is not None and hasattr(mmap, "MADV_DONTNEED"):
            low = place.start - place.start % mmap.PAGESIZE
            data.madvise(mmap.MADV_DONTNEED, low, place.start + place.size - low)

    def _number(self, tensor: Any) -> int | None:
        """Return the number of the blob that a stub stands for."""
        if tensor.data_location != EXTERNAL or len(tensor.external_data) != 1:
            return None
        location = tensor.external_data[0].value
        if not location.startswith(self._token):
            return None
        return int(location[len(self._token) :])

    def _external(self) -> tuple[str, ...]:
        """Return the files beside the model, each tensor in them checked; tell of keys that name two tensors."""
        names: dict[str, None] = {}
        seen: set[str] = set()
        for key, tensor in nouns.tensors(self.model):
            if key in seen:
                raise StripError(f"two tensors of the model are called {key!r}: it is not clear which is used")
            seen.add(key)
            if any(dim < 0 for dim in tensor.dims):
                raise StripError(f"tensor {key!r} has a negative dim")
            place = self.place(tensor)
            if place is not None and place.path != self.path:
                names[place.name] = None
        return tuple(names)

    def _outside(self, tensor: Any) -> Place:
        entries = {entry.key: entry.value for entry in tensor.external_data}
        path, name = self._contained(entries.get("location", ""), tensor.name)
        if path.resolve() == self.path.resolve():
            raise StripError(f"tensor {tensor.name!r} is kept in the model file itself as if it were another")
        _, total = self._opened(path, name)
        size = (math.prod(tensor.dims) * bits(tensor) + 7) // 8
        try:
            start = int(entries.get("offset") or 0)
            given = int(entries.get("length") or size)
        except ValueError as error:
            raise StripError(f"tensor {tensor.name!r}: offset or length of its data in {name} is no number") from error
        if start < 0 or given != size or start + size > total:
            raise StripError(
                f"tensor {tensor.name!r}: bytes {start:,} to {start + given:,} of {name} ({total:,} bytes) do not hold "
                f"its {size:,} bytes"
            )
        return Place(path, name, start, size)

    def _contained(self, location: str, tensor: str) -> tuple[Path, str]:
        """Return path and relative name of a file of external data that lies below the root."""
        parts = PurePosixPath(location)
        windows = PureWindowsPath(location)
        outside = parts.is_absolute() or windows.drive or windows.root or ".." in windows.parts
        if not location or "\0" in location or outside:
            raise StripError(f"tensor {tensor!r} is kept in {location!r}, which is no file beside the model")
        path = self.path.parent / parts
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError) as error:
            raise StripError(f"tensor {tensor!r}: {location!r} cannot be followed: {error}") from error
        if not inside:
            raise StripError(f"tensor {tensor!r} is kept in {location!r}, which leads out of {self.root.name or '/'}")
        return path, path.relative_to(self.root).as_posix()

    def _map(self, path: Path) -> mmap.mmap:
        return self._opened(path, path.name)[0]

    def _opened(self, path: Path, name: str) -> tuple[mmap.mmap, int]:
        """Return the map of a regular file and its size."""
        known = self._maps.get(path)
        if known is None:
            try:
                if not stat.S_ISREG(path.stat().st_mode):
                    raise StripError(f"{name} is no regular file")
                with path.open("rb") as file:
                    data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise StripError(f"{name} is empty") from error
            except OSError as error:
                raise StripError(f"{name} cannot be read: {error.strerror or error}") from error
            known = self._maps[path] = (data, len(data))
        return known


def shared(lean: Lean, listing: Sequence[str]) -> tuple[str, str]:
    """Return another model of a listing and a file of external data that both use; two empty texts if there is none.

    What stands there would be at other places once one of them is cut.
    """
    for name in listing if lean.external else ():
        if name.lower().endswith(".onnx") and name != lean.name:
            with suppress(StripError, OSError), Lean(lean.root / name, lean.root) as other:
                both = sorted(set(other.external) & set(lean.external))
                if both:
                    return name, both[0]
    return "", ""


def open_model(path: Path, root: Path) -> Lean:
    """Open an ONNX file below ``root``.

    Raises `StripError` for what is no ONNX model, is cut off, names data outside the root, or cannot be read.
    """
    return Lean(path, root)


def dtype(tensor: Any) -> np.dtype[Any]:
    """Return the type of a tensor's elements as they stand on disk; raises `StripError` if a byte holds several."""
    from onnx import helper  # noqa: PLC0415 - slow to load

    if tensor.data_type in _HALVES or tensor.data_type == STRING:
        raise StripError(
            f"tensor {tensor.name!r} has elements that do not fill bytes; its values cannot be cut exactly"
        )
    try:
        found: np.dtype[Any] = helper.tensor_dtype_to_np_dtype(tensor.data_type)
    except (KeyError, ValueError, TypeError) as error:
        raise StripError(f"tensor {tensor.name!r} has the unknown type {tensor.data_type}") from error
    return found.newbyteorder("<") if found.isbuiltin else found


def bits(tensor: Any) -> int:
    """Return how many bits an element of a tensor takes on disk."""
    if tensor.data_type in {25, 26}:
        return 2
    if tensor.data_type in {27, 28}:
        return 6
    return 4 if tensor.data_type in _HALVES else dtype(tensor).itemsize * 8


def _parsed(lean: bytes) -> Any:
    try:
        import onnx  # noqa: PLC0415 - slow to load, and an extra
    except ImportError as error:
        raise StripError(EXTRA) from error
    # comes with onnx
    fault: type[Exception] = import_module("google.protobuf.message").DecodeError
    try:
        model = onnx.ModelProto.FromString(lean)
    except fault as error:
        raise StripError(f"it cannot be read as an ONNX model: {error}") from error
    if not model.HasField("graph") or not model.ir_version:
        raise StripError("it holds no graph: it is no ONNX model, or only a part of one")
    _check_texts(model)
    return model


def _check_texts(model: Any) -> None:
    """Raise `StripError` for a name that is no UTF-8: `onnx` would hand it on as bytes, which are equal to no name."""
    todo = [model]
    while todo:
        for field, value in todo.pop().ListFields():
            if field.type == field.TYPE_MESSAGE:
                todo += (value,) if hasattr(value, "ListFields") else value
            elif field.type == field.TYPE_STRING and any(
                isinstance(text, bytes) for text in ((value,) if isinstance(value, str | bytes) else value)
            ):
                raise StripError(f"a {field.name} in the model is no UTF-8: the file is damaged")
