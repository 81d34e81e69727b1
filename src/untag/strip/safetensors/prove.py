"""What is compared after a removal from safetensors: every kept tensor, every row, the label maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.base import Check
from untag.strip.safetensors.config import labels_of
from untag.strip.safetensors.write import ranges_of
from untag.strip.weights.pieces import LONGEST, absent, digest, layouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from untag.strip.safetensors.bundle import Bundle
    from untag.strip.safetensors.change import Change
    from untag.strip.safetensors.layout import Layout, Tensor

SEARCHED = 64 << 10
"""Bytes of one removed tensor that are searched."""


def checks(old: Bundle, new: Bundle, wanted: Change, staging: Path, written: Sequence[str]) -> Iterator[Check]:
    """Yield each comparison of the result, which was read again, with the input."""
    count = sum(1 for _ in new.tensors())
    expected = {t.name for t in old.tensors()} - wanted.tensors
    same = {t.name for t in new.tensors()} == expected
    yield Check("parses", same, f"read again: {count:,} tensors in {len(new.files)} files", {"tensors": count})
    yield _kept(old, new, wanted)
    if wanted.labels and new.config is not None and labels_of(old.config):
        left = [label for n, label in enumerate(wanted.labels) if n not in wanted.gone]
        told = labels_of(new.config)
        yield Check("labels", told == left, f"{len(told)} classes left, in their order", {"labels": len(told)})
    yield _silent(old, wanted, staging, written)
    files = [staging / name for name in written if name.endswith(".safetensors")]
    yield absent(files, [value for file in old.files for value in _removed(file, wanted)])


def _kept(old: Bundle, new: Bundle, wanted: Change) -> Check:
    """Compare type, shape and bytes of every kept tensor, by digest; of cut ones, the rows that stay."""
    now = {t.name: (file, t) for file in new.files for t in file.tensors.values()}
    wrong: list[str] = []
    size = sliced = compared = 0
    for file in old.files:
        for tensor in file.tensors.values():
            if tensor.name in wanted.tensors or tensor.name not in now:
                continue
            held, twin = now[tensor.name]
            kept = wanted.rows.get(tensor.name)
            shape = tensor.shape if kept is None else (len(kept), *tensor.shape[1:])
            if held.path == file.path:
                continue
            compared += 1
            sliced += kept is not None
            size += twin.stop - twin.start
            same = (twin.dtype, twin.shape) == (tensor.dtype, shape)
            if not same or digest(file.path, ranges_of(tensor, kept)) != digest(held.path, [(twin.start, twin.stop)]):
                wrong.append(tensor.name)
    detail = (
        f"{compared:,} kept tensors in rewritten files, {size:,} bytes, {sliced} of them slices of rows: "
        f"{len(wrong)} differ"
    )
    figures = {"tensors": compared, "bytes": size, "sliced": sliced, "different": len(wrong)}
    return Check("kept weights", not wrong, detail, figures)


def _silent(old: Bundle, wanted: Change, staging: Path, written: Sequence[str]) -> Check:
    """Search headers and JSON for the removed tensors' names and the removed classes' names, in quotes."""
    names = {*wanted.tensors, *(wanted.labels[n] for n in wanted.gone if n < len(wanted.labels))}
    sizes = {file.name: file.begin for file in old.files}
    left: list[str] = []
    for name in written:
        with (staging / name).open("rb") as file:
            head = file.read(sizes[name] + 8 if name in sizes else -1)
        left += [n for n in names if b'"' + n.encode() + b'"' in head]
    detail = f"{len(names):,} removed names searched in {len(written)} files: {len(set(left))} left"
    return Check("removed names absent", not left, detail, {"names": len(names), "left": sorted(set(left))})


def _removed(file: Layout, wanted: Change) -> Iterator[bytes]:
    """Yield the bytes of removed tensors and rows, as rows and as columns."""
    for tensor in file.tensors.values():
        if tensor.name in wanted.tensors:
            yield from layouts(_read(file, tensor.start, tensor.stop), tensor.shape, _width(tensor))
        elif tensor.name in wanted.rows:
            gone = sorted(set(range(tensor.shape[0])) - set(wanted.rows[tensor.name]))
            for row in gone:
                start = tensor.start + row * tensor.row
                yield _read(file, start, start + min(tensor.row, LONGEST))


def _read(file: Layout, start: int, stop: int) -> bytes:
    with file.path.open("rb") as data:
        data.seek(start)
        return data.read(min(stop - start, SEARCHED))


def _width(tensor: Tensor) -> int:
    count = 1
    for n in tensor.shape:
        count *= n
    return (tensor.stop - tensor.start) // count if count else 0
