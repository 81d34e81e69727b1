"""The header of a safetensors file and where each tensor stands.

Layout as https://github.com/huggingface/safetensors has it: eight bytes of length, a JSON object, the tensors
without gaps. What does not add up is an error: bytes that no tensor owns could hide what was to go.
"""

from __future__ import annotations

import hashlib
from math import prod
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.weights.jsontext import Text

if TYPE_CHECKING:
    from pathlib import Path

    from untag.strip.weights.jsontext import Value

HEADER: Final = 32 << 20
"""Bytes of a header that is changed; the format allows 100 MB, the largest real ones have 1 MB."""
METADATA: Final = "__metadata__"
BITS: Final = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
}
"""Bits of an element, by the name of its type."""
BYTE: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """One tensor of a file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    """Byte in the file."""
    stop: int
    value: Value
    """Its entry in the header."""

    @property
    def row(self) -> int:
        """Bytes of one index of the first axis."""
        return (self.stop - self.start) // self.shape[0] if self.shape and self.shape[0] else 0

    def said(self) -> str:
        """Return name, type and shape as a person reads them."""
        return f"{self.name} {self.dtype}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """One file of tensors, in the order in which they stand in it."""

    name: str
    path: Path
    size: int
    header: Text
    begin: int
    """Byte at which the tensors begin."""
    tensors: dict[str, Tensor]
    mark: str
    """SHA-256 of the header, and the size of the file: by which a plan knows it again."""


def layout(path: Path, name: str) -> Layout:
    """Read a header and check it; raise `StripError` for a file that is cut off, overlaps or has gaps."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > HEADER:
            raise StripError(f"{name}: a header of {length:,} bytes is more than untag changes ({HEADER:,})")
        raw = file.read(length)
    if len(raw) < length or length < 2:  # noqa: PLR2004 - an empty object
        raise StripError(f"{name} ends within its header; fetch it again")
    text = Text(raw.rstrip(b" "), name)
    begin = 8 + length
    found: dict[str, Tensor] = {}
    for member in text.root.members:
        if member.key != METADATA:
            found[member.key] = _tensor(member.key, member.value, begin, name)
    ordered = sorted(found.values(), key=lambda t: (t.start, t.stop))
    at = begin
    for tensor in ordered:
        if tensor.start != at:
            raise StripError(f"{name}: the tensor {tensor.name[:120]} overlaps another or stands behind a gap")
        at = tensor.stop
    if at != size:
        word = "ends before its last tensor does" if at > size else "has bytes behind its last tensor"
        raise StripError(f"{name} {word}; save it again")
    mark = f"{hashlib.sha256(raw).hexdigest()}:{size}"
    return Layout(name, path, size, text, begin, {t.name: t for t in ordered}, mark)


def _tensor(key: str, value: Value, begin: int, name: str) -> Tensor:
    held = value.python()
    entry: dict[str, Any] = held if isinstance(held, dict) else {}
    dtype: Any = entry.get("dtype")
    shape: Any = entry.get("shape")
    span: Any = entry.get("data_offsets")
    if (
        set(entry) != {"dtype", "shape", "data_offsets"}
        or not (_numbers(shape) and _numbers(span) and dtype in BITS)
        or len(span) != 2  # noqa: PLR2004 - start and stop
    ):
        raise StripError(f"{name}: the tensor {key[:120]} is described in a way that untag does not know")
    start, stop = span
    if (stop - start) * BYTE != prod(shape) * BITS[dtype]:
        raise StripError(f"{name}: the tensor {key[:120]} has a shape that does not fit its bytes")
    return Tensor(key, dtype, tuple(shape), begin + start, begin + stop, value)


def _numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(x) is int and 0 <= x < 1 << 62 for x in value)
