"""What a new file is made of: kept weights bit for bit, removed values nowhere, a graph that the checker accepts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import Check, StripError
from untag.strip.onnx.nouns import HELD, gone, take, tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    from untag.strip.onnx.lean import Lean
    from untag.strip.onnx.nouns import Cut

FLOATS: Final = {1: 4, 10: 2, 11: 8, 16: 2}
"""Element types of weights, and their bytes: float32, float16, float64, bfloat16."""
QUANTISED: Final = {2: 1, 3: 1, 6: 4}
"""uint8, int8, int32."""
PIECE: Final = 1 << 18
"""Values looked through at once: what stays in a processor's cache."""
FEW: Final = 24
"""Keys up to which each is compared by itself, which is quicker than a table."""
SHORTEST: Final = 4
"""Values from which on a row is looked for."""
SHORTEST_BYTES: Final = 8
"""The same for values of one byte: four of them stand anywhere by chance."""
ROWS: Final = 4_096
"""Removed rows of a sliced tensor that are looked for; of one with more, as many, evenly."""
SOME: Final = 256
"""The same for a tensor that went whole: only a second copy of it could still stand in the file."""
TABLE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """What went of a weight: one row or column of it, as bits."""

    name: str
    bits: np.ndarray
    key: int
    """A number made of a few of its values, by which it is looked for."""
    at: int
    """Where in the row these values begin."""


def checks(before: Lean, after: Lean, cut: Cut) -> tuple[Check, ...]:
    """Return what was compared of the two files, tensor by tensor."""
    return (kept(before, after, cut), absent(before, after, cut), sound(before, after))


def kept(before: Lean, after: Lean, cut: Cut) -> Check:
    """Hold every tensor of the new file against the one that it was, or the slice of it."""
    sources = dict(tensors(cut.model))
    same = sliced = 0
    for key, tensor in tensors(after.model):
        source = sources.pop(key, None)
        if source is None:
            return Check("kept weights", passed=False, detail=f"tensor {key} was not in the cut model")
        old, new = before.array(source), after.array(tensor)
        if source.data_type != tensor.data_type:
            return Check("kept weights", passed=False, detail=f"tensor {key} has another type")
        selections = cut.slices.get(key, ())
        if not _equal(old, new, selections):
            return Check("kept weights", passed=False, detail=f"tensor {key} has other values than it had")
        sliced += bool(selections)
        same += not selections
        for lean, proto in ((before, source), (after, tensor)):
            if (place := lean.place(proto)) is not None:
                lean.forget(place)
    if sources:
        return Check("kept weights", passed=False, detail=f"tensor {next(iter(sources))} is missing")
    detail = f"{same} tensors are byte-equal, {sliced} are exact slices"
    held = sum(any(HELD in left for _, left in slices) for slices in cut.slices.values())
    if held:
        detail += f", {held} of them with zeros where what went stood"
    return Check("kept weights", passed=True, detail=detail, figures={"equal": same, "sliced": sliced, "held": held})


def _equal(old: np.ndarray, new: np.ndarray, selections: Sequence[tuple[int, Sequence[int]]]) -> bool:
    """Compare a tensor with a selection of another, bit for bit, in pieces."""
    import numpy as np  # noqa: PLC0415 - slow to load

    if old.dtype.kind == "O" or old.ndim == 0:
        values = old
        for axis, indices in selections:
            values = take(values, indices, axis)
        return (
            values.shape == new.shape and values.tolist() == new.tolist()
            if old.dtype.kind == "O"
            else values.tobytes() == new.tobytes()
        )
    shape = list(old.shape)
    lists = [list(range(size)) for size in shape]
    for axis, indices in selections:
        lists[axis] = list(indices)
    if tuple(map(len, lists)) != new.shape or old.dtype != new.dtype:
        return False
    if not selections:
        a, b = old.reshape(-1).view(np.uint8), new.reshape(-1).view(np.uint8)
        step = PIECE * 4
        return all(np.array_equal(a[i : i + step], b[i : i + step]) for i in range(0, a.size, step))
    step = max(1, PIECE // max(1, math.prod(new.shape[1:])))
    for start in range(0, new.shape[0], step):
        piece = take(old, lists[0][start : start + step], 0)
        for axis in range(1, old.ndim):
            if lists[axis] != list(range(old.shape[axis])):
                piece = take(piece, lists[axis], axis)
        if np.ascontiguousarray(piece).tobytes() != np.ascontiguousarray(new[start : start + step]).tobytes():
            return False
    return True


def absent(before: Lean, after: Lean, cut: Cut) -> Check:
    """Look for each removed row of a weight in every tensor of the new file: in rows, in columns, and strided."""
    rows = [_row(name, bits) for name, bits in _removed(before, cut)]
    wanted: dict[int, list[Row]] = {}
    for row in rows:
        wanted.setdefault(row.bits.itemsize, []).append(row)
    looked = 0
    for key, tensor in tensors(after.model):
        width = {**FLOATS, **QUANTISED}.get(tensor.data_type)
        if width not in wanted or not math.prod(tensor.dims):
            continue
        values = after.array(tensor)
        looked += values.size
        hit = _hit(values, wanted[width])
        if hit:
            return Check("removed values absent", passed=False, detail=f"values of {hit} still stand in tensor {key}")
        if (place := after.place(tensor)) is not None:
            after.forget(place)
    detail = (
        f"{len(rows)} removed rows are in none of {looked:,} values, neither in a row, nor in a column, nor strided"
    )
    return Check("removed values absent", passed=True, detail=detail, figures={"rows": len(rows), "values": looked})


def _removed(before: Lean, cut: Cut) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what went of each weight, as rows of bits: of a tensor that went whole, all rows."""
    import numpy as np  # noqa: PLC0415 - slow to load

    went = {key for key, _ in gone(cut.originals, tensors(cut.model))}
    for key, tensor in cut.originals:
        kind = tensor.data_type
        if (key not in went and key not in cut.slices) or kind not in {**FLOATS, **QUANTISED}:
            continue
        values = before.array(tensor)
        for axis, left in cut.slices.get(key, ((0, ()),) if values.ndim else ()):
            size = values.shape[axis]
            lost = sorted(set(range(size)) - set(left)) if left else range(size)
            for name, row in _rows(key, values, axis, lost, ROWS if key in cut.slices else SOME):
                bits = np.ascontiguousarray(row).view(f"u{row.dtype.itemsize}")
                if bits.size >= (SHORTEST if bits.itemsize > 1 else SHORTEST_BYTES) and (bits != bits[0]).any():
                    yield name, bits


def _rows(key: str, values: np.ndarray, axis: int, lost: Sequence[int], most: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what went of a weight on one axis, each row with its name; of more than ``most`` as many, evenly."""
    if values.ndim == 1:
        yield key, values.take(lost)
        return
    if len(lost) > most:
        lost = [lost[i * len(lost) // most] for i in range(most)]
    for i in lost:
        yield f"{key}[{i}]", (values[i] if axis == 0 else values.take(i, axis=axis)).reshape(-1)


def _row(name: str, bits: np.ndarray) -> Row:
    """Return a row with the key by which it is looked for: what is rare in it, and not nought."""
    import numpy as np  # noqa: PLC0415 - slow to load

    kinds, first, counts = np.unique(_keyed(bits, _many(bits), 1), return_index=True, return_counts=True)
    rarity = counts + (kinds == 0) * bits.size
    rare = np.flatnonzero(rarity == rarity.min())
    # of the rare ones the largest number above nought: few weights of a model are as large
    signed = kinds[rare].view(f"i{kinds.dtype.itemsize}")
    best = int(rare[np.argmax(signed)])
    return Row(name, bits, int(kinds[best]), int(first[best]))


def _many(values: np.ndarray) -> int:
    """Return how many values make a key of 32 bits."""
    return max(1, 4 // int(values.dtype.itemsize))


def _hit(values: np.ndarray, rows: Sequence[Row]) -> str:
    """Return the first removed row whose values stand in a tensor at any stride of its own, or nothing."""
    import numpy as np  # noqa: PLC0415 - slow to load

    flat = np.ascontiguousarray(values).reshape(-1).view(f"u{values.dtype.itemsize}")
    fitting = [row for row in rows if row.bits.size <= flat.size]
    if not fitting:
        return ""
    strides = {1}
    step = 1
    for dim in reversed(values.shape[1:]):
        step *= dim
        strides.add(step)
    many = _many(flat)
    # a number of several small values depends on the stride between them; one large value does not
    passes = [(stride, (stride,)) for stride in sorted(strides)] if many > 1 else [(1, tuple(sorted(strides)))]
    for apart, tried in passes:
        hit = _strided(flat, fitting, many, apart, tried)
        if hit:
            return hit
    return ""


def _strided(flat: np.ndarray, rows: Sequence[Row], many: int, apart: int, strides: Sequence[int]) -> str:
    """Return the first row that stands in values at one of some strides, or nothing."""
    import numpy as np  # noqa: PLC0415 - slow to load

    by_key: dict[int, list[tuple[int, str, np.ndarray]]] = {}
    for row in rows:
        if (row.bits.size - 1) * min(strides) < flat.size:
            by_key.setdefault(row.key, []).append((row.at, row.name, row.bits))
    if not by_key:
        return ""
    for spot, key in _spots(flat, np.array(list(by_key), dtype=_wide(flat, many)), many, apart):
        for at, name, bits in by_key[key]:
            for stride in strides:
                start = spot - at * stride
                stop = start + (bits.size - 1) * stride
                if start >= 0 and stop < flat.size and np.array_equal(flat[start : stop + 1 : stride], bits):
                    return name
    return ""


def _wide(flat: np.ndarray, many: int) -> str:
    return f"u{flat.dtype.itemsize * many}"


def _keyed(values: np.ndarray, many: int, stride: int) -> np.ndarray:
    """Return for each value a number made of it and the next ones at a stride, 32 bits wide for small types."""
    if many == 1:
        return values
    count = values.size - (many - 1) * stride
    bits = values.dtype.itemsize * 8
    wide = values.astype(_wide(values, many))
    keys = wide[:count].copy()
    for n in range(1, many):
        keys |= wide[n * stride : n * stride + count] << (bits * n)
    return keys


def _spots(flat: np.ndarray, found: np.ndarray, many: int, stride: int) -> Iterator[tuple[int, int]]:
    """Yield where any of some keys stands, with the key."""
    import numpy as np  # noqa: PLC0415 - slow to load

    few = found.size <= FEW
    least, reach = found.min(), found.max() - found.min()
    table = np.zeros(TABLE, dtype=bool)
    table[_slot(found)] = True
    order = np.sort(found)
    beyond = (many - 1) * stride
    for start in range(0, flat.size - beyond, PIECE):
        piece = _keyed(flat[start : start + PIECE + beyond], many, stride)[:PIECE]
        # the keys are alike: most values lie outside of their range
        near = np.flatnonzero(piece - least <= reach)
        if near.size > piece.size // 8:
            near = _equal_any(piece, found) if few else np.flatnonzero(table[_slot(piece)])
        if not near.size:
            continue
        keys = piece[near]
        exact = order[np.minimum(np.searchsorted(order, keys), order.size - 1)] == keys
        for spot, key in zip(near[exact], keys[exact], strict=True):
            yield start + int(spot), int(key)


def _equal_any(piece: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return where a piece has one of a few keys."""
    import numpy as np  # noqa: PLC0415 - slow to load

    hits = piece == found[0]
    for key in found[1:]:
        hits |= piece == key
    return np.flatnonzero(hits)


def _slot(values: np.ndarray) -> np.ndarray:
    """Return a place in a table for each key: of the bits that differ most."""
    shift = {4: 6, 8: 24}[values.dtype.itemsize]
    slot: np.ndarray = (values >> shift) & (TABLE - 1)
    return slot


def sound(before: Lean, after: Lean) -> Check:
    """Let the format's own checker look at the new model; where it refuses that, say whether it takes the old one."""
    import onnx  # noqa: PLC0415 - slow to load, and an extra

    wrong = _complaint(after)
    if not wrong:
        return Check("parses", passed=True, detail=f"onnx {onnx.__version__} checks model and shapes")
    own = _complaint(before)
    which = "the model itself, before anything is cut: export it again" if own else "the result"
    return Check(
        "parses", passed=False, detail=f"the checker of onnx {onnx.__version__} refuses {which}: {own or wrong}"
    )


def _complaint(model: Lean) -> str:
    """Return what the checker says against a model, its big tensors as declared inputs; empty for a sound one."""
    import onnx  # noqa: PLC0415 - slow to load, and an extra

    try:
        onnx.checker.check_model(skeleton(model.model, model.is_stub, model.array), full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, StripError, ValueError) as error:
        first = str(error).strip().splitlines()
        return first[0] if first else type(error).__name__
    return ""


def skeleton(model: Any, outside: Callable[[Any], bool], array: Callable[[Any], np.ndarray]) -> Any:
    """Return a model whose big initializers are inputs of the same type and shape, so that it can be checked alone."""
    from onnx import helper, numpy_helper  # noqa: PLC0415 - slow to load, and an extra

    copy = type(model)()
    copy.CopyFrom(model)
    graph = copy.graph
    known = {value.name for value in graph.input}
    for place in range(len(graph.initializer) - 1, -1, -1):
        tensor = graph.initializer[place]
        if outside(tensor) or tensor.data_location == 1:
            if tensor.name not in known:
                graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
            del graph.initializer[place]
    for _, tensor in tensors(copy):
        if outside(tensor) or tensor.data_location == 1:
            name, kind = tensor.name, numpy_helper.from_array(array(tensor))
            tensor.CopyFrom(kind)
            tensor.name = name
    return copy
