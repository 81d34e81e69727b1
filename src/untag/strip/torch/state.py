"""A file of ``torch.save``: its state dict's tensors, and where their numbers lie."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.safetensors.layout import BITS, BYTE
from untag.strip.torch.symbols import SIZE, Mapping, View, read, read_next

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEGACY: Final = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
"""The pickled number with which PyTorch's files before 1.6 begin."""
VERSION: Final = 1001
"""The version that stands behind it, the only one there was."""
MEMBERS: Final = 200_000
SMALL: Final = 64
"""Bytes of the member that names the byte order."""
NESTING: Final = 8
"""Dicts inside each other, each with some dots in its own keys."""


@dataclass(frozen=True, slots=True)
class Held:
    """One tensor and where its bytes lie in the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    start: int
    """Byte in the file at which its first element lies."""
    storage: str
    base: int
    """Byte at which its storage begins."""
    end: int
    """Byte at which its storage ends."""

    @property
    def width(self) -> int:
        """Bytes of an element."""
        return BITS[self.dtype] // BYTE

    @property
    def size(self) -> int:
        """Bytes of the tensor, contiguous."""
        count = self.width
        for n in self.shape:
            count *= n
        return count

    def said(self) -> str:
        """Return name, type and shape as a person reads them."""
        return f"{self.name} {self.dtype}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A state dict, and what else stood beside it."""

    tensors: tuple[Held, ...]
    other: tuple[str, ...]
    """Paths of numbers and texts that are no tensors."""


def state(path: Path, name: str) -> State:
    """Read a state dict; raise `StripError` for anything that is none."""
    with path.open("rb") as file:
        if file.read(len(LEGACY)) == LEGACY:
            return _legacy(path, name)
    try:
        with zipfile.ZipFile(path) as packed:
            infos = {info.filename: info for info in packed.infolist()}
            if len(infos) > MEMBERS or len(infos) != len(packed.infolist()):
                raise StripError(f"{name}: too many members, or two of one name")
            pickles = [n for n in infos if n.endswith("/data.pkl")]
            if any("/code/" in n or n.endswith("/constants.pkl") for n in infos):
                raise StripError(
                    f"{name} is TorchScript: its code reads the tensors; export the module again without the head"
                )
            if len(pickles) != 1:
                raise StripError(f"{name} is no file of torch.save")
            if infos[pickles[0]].file_size > SIZE:
                raise StripError(f"{name}: a pickle of more than {SIZE:,} bytes is not read")
            top = read(packed.read(pickles[0]), name)
            prefix = pickles[0].removesuffix("data.pkl")
            said = infos.get(f"{prefix}byteorder")
            order = packed.read(said) if said is not None and said.file_size < SMALL else b"little"
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise StripError(f"{name} is no sound zip ({str(error)[:80]})") from None
    if order != b"little":
        raise StripError(f"{name} was saved on a machine of another byte order; save it again")
    views, other = _flat(top, name)
    tensors = tuple(_held(key, view, f"{prefix}data/{view.storage.key}", infos, path, name) for key, view in views)
    return State(tensors, other)


def _legacy(path: Path, name: str) -> State:
    """Read a file of PyTorch before 1.6: five pickles, then the numbers of each storage behind their count.

    The pickles are a mark, a version, what machine wrote it, the state dict, and the keys of the storages in the
    order in which they follow.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = BytesIO(file.read(SIZE))
    head.seek(len(LEGACY))
    version, machine = read_next(head, name), read_next(head, name)
    told = dict(machine.pairs) if isinstance(machine, Mapping) else {}
    if version != VERSION or told.get("little_endian") is not True:
        raise StripError(f"{name} was saved in another version, or on a machine of another byte order; save it again")
    top, keys = read_next(head, name), read_next(head, name)
    views, other = _flat(top, name)
    storages = {view.storage.key: view.storage for _, view in views}
    if not isinstance(keys, list) or len(set(map(str, keys))) != len(keys) or set(storages) != set(map(str, keys)):
        raise StripError(f"{name} holds other storages than its tensors need; save model.state_dict() alone")
    bases: dict[str, int] = {}
    at = head.tell()
    with path.open("rb") as file:
        for key in keys:
            file.seek(at)
            count = int.from_bytes(file.read(8), "little")
            if count != storages[key].count:
                raise StripError(f"{name}: the storage {key[:40]} has not the size that the pickle says")
            bases[key] = at + 8
            at = bases[key] + count * (BITS[storages[key].dtype] // BYTE)
            if at > size:
                raise StripError(f"{name} ends within the storage {key[:40]}: truncated")
    if at != size:
        raise StripError(f"{name} goes on behind its last storage; save it again")
    return State(
        tuple(_placed(key, view, view.storage.key, bases[view.storage.key], name) for key, view in views), other
    )


def _placed(key: str, view: View, storage: str, base: int, name: str) -> Held:
    """Return a tensor in a storage that begins at a byte; raise for one that reaches beyond it."""
    width = BITS[view.storage.dtype] // BYTE
    last = view.offset + sum((n - 1) * stride for n, stride in zip(view.shape, view.strides, strict=True))
    if all(view.shape) and last >= view.storage.count:
        raise StripError(f"{name}: the tensor {key[:120]} reaches beyond its storage")
    start, end = base + view.offset * width, base + view.storage.count * width
    return Held(key, view.storage.dtype, view.shape, view.strides, start, storage, base, end)


def _flat(top: Any, name: str) -> tuple[list[tuple[str, View]], tuple[str, ...]]:
    """Return tensors by their path in dicts inside dicts, and the paths of what is no tensor."""
    if not isinstance(top, Mapping):
        raise StripError(f"{name} holds no state dict; save model.state_dict() and strip that")
    views: dict[str, View] = {}
    other: list[str] = []
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", top)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, View):
            if path in views:
                raise StripError(f"{name} has the tensor {path[:120]} twice")
            views[path] = value
        elif isinstance(value, Mapping) or _holds(value):
            if id(value) in seen or path.count(".") > NESTING * 8:
                raise StripError(f"{name} holds a dict or a list twice; save model.state_dict() alone")
            seen.add(id(value))
            pairs = value.pairs if isinstance(value, Mapping) else list(enumerate(value))
            if any(not isinstance(key, str | int) for key, _ in pairs):
                raise StripError(f"{name} has keys that are no names")
            stack += [(f"{path}.{key}" if path else str(key), inner) for key, inner in reversed(pairs)]
        else:
            other.append(path)
    return list(views.items()), tuple(other)


def _holds(value: Any) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(x, View | Mapping | list | tuple) for x in value)


def _held(key: str, view: View, member: str, infos: dict[str, zipfile.ZipInfo], path: Path, name: str) -> Held:
    """Return where a tensor's bytes lie; raise for a storage that is packed, missing or too short."""
    info = infos.get(member)
    if info is None or info.compress_type != zipfile.ZIP_STORED:
        raise StripError(f"{name}: the storage of {key[:120]} is missing or compressed")
    with path.open("rb") as file:
        file.seek(info.header_offset)
        head = file.read(30)
    if head[:4] != b"PK\x03\x04":
        raise StripError(f"{name}: the storage of {key[:120]} is not where the zip says")
    base = info.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    width = BITS[view.storage.dtype] // BYTE
    if info.file_size != view.storage.count * width or base + info.file_size > path.stat().st_size:
        raise StripError(f"{name}: the storage of {key[:120]} has not the size that the pickle says")
    return _placed(key, view, member, base, name)


def contiguous(tensor: Held) -> bool:
    """Whether the elements of a tensor lie behind each other."""
    step = 1
    for n, stride in zip(reversed(tensor.shape), reversed(tensor.strides), strict=True):
        if n != 1 and stride != step:
            return False
        step *= n
    return True


def elements(path: Path, tensor: Held) -> Iterator[bytes]:
    """Yield the bytes of a tensor in the order of its elements: by its last axes as far as they are contiguous."""
    if not all(tensor.shape):
        return
    run, axis = tensor.width, len(tensor.shape)
    while axis and (tensor.shape[axis - 1] == 1 or tensor.strides[axis - 1] * tensor.width == run):
        axis -= 1
        run *= tensor.shape[axis]
    index = [0] * axis
    with path.open("rb") as file:
        while True:
            at = tensor.start + sum(i * s for i, s in zip(index, tensor.strides, strict=False)) * tensor.width
            file.seek(at)
            left = run
            while left:
                piece = file.read(min(left, 4 << 20))
                if not piece:
                    raise StripError(f"{path.name} ends within the tensor {tensor.name}")
                left -= len(piece)
                yield piece
            for place in range(axis - 1, -1, -1):
                index[place] += 1
                if index[place] < tensor.shape[place]:
                    break
                index[place] = 0
            else:
                return
