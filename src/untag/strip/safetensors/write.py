"""A safetensors file without some tensors and some rows: a new header, and ranges of bytes copied behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.strip.base import StripError
from untag.strip.safetensors.layout import BITS, BYTE
from untag.strip.weights.pieces import copy_ranges, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from untag.strip.safetensors.layout import Layout, Tensor

ALIGNED: Final = 8
"""The header is padded with spaces, so that the tensors begin at a multiple of this."""


def ranges_of(tensor: Tensor, kept: Collection[int] | None) -> list[tuple[int, int]]:
    """Return the ranges of a tensor's bytes that stay: all of it, or some indices of its first axis."""
    if kept is None:
        return [(tensor.start, tensor.stop)]
    if tensor.shape and BITS[tensor.dtype] % BYTE:
        raise StripError(f"{tensor.name}: elements of {BITS[tensor.dtype]} bits are not cut by untag")
    return merged((tensor.start + n * tensor.row, tensor.start + (n + 1) * tensor.row) for n in sorted(kept))


def write(file: Layout, removed: Collection[str], rows: Mapping[str, Collection[int]], target: Path) -> None:
    """Write a file without the tensors of ``removed``, and with only some rows of those in ``rows``.

    The header keeps its order and its metadata; tensors keep theirs. Bytes are streamed.
    """
    header = file.header
    header.remove(header.root, lambda m: m.key in removed)
    ranges: list[tuple[int, int]] = []
    at = 0
    for tensor in file.tensors.values():
        if tensor.name in removed:
            continue
        kept = rows.get(tensor.name)
        own = ranges_of(tensor, kept)
        size = sum(stop - start for start, stop in own)
        ranges += own
        _describe(file, tensor, at, at + size, None if kept is None else len(kept))
        at += size
    text = header.done()
    text += b" " * (-(8 + len(text)) % ALIGNED)
    with target.open("wb") as out:
        out.write(len(text).to_bytes(8, "little"))
        out.write(text)
        copy_ranges(file.path, merged(ranges), out)


def _describe(file: Layout, tensor: Tensor, start: int, stop: int, count: int | None) -> None:
    """Write a tensor's new place, and its new number of rows, into the header."""
    span = tensor.value.get("data_offsets")
    shape = tensor.value.get("shape")
    assert span is not None
    assert shape is not None
    for value, new in zip(span.items(), (start, stop), strict=True):
        if value.plain != new:
            file.header.put(value, new)
    if count is not None:
        file.header.put(shape.items()[0], count)
