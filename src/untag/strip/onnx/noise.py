"""Inputs for a model out of a seed: the shapes and types that it declares, and nothing that means anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

BATCHES: Final = (1, 2, 1, 5)
"""Sizes of a dynamic first dim, in turn: one picture is what most callers give, and one row has kernels of its own."""
FREE: Final = (8, 64, 224, 32, 320, 640, 112, 16, 3, 1)
"""Sizes that are tried for every other dynamic dim, until the model takes one: texts, thumbnails, camera pictures."""
RANGES: Final = (10, 2, 1)
"""Bounds of integers that are tried: the largest that the model takes as an index."""
FULL: Final = 32 << 20
"""Bytes of a model up to which every input is run."""
LEAST: Final = 8
"""Inputs that the largest models are run on."""

_KINDS: Final = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int8)": "int8",
    "tensor(uint8)": "uint8",
    "tensor(int16)": "int16",
    "tensor(uint16)": "uint16",
    "tensor(int32)": "int32",
    "tensor(uint32)": "uint32",
    "tensor(int64)": "int64",
    "tensor(uint64)": "uint64",
    "tensor(bool)": "bool",
    "tensor(string)": "str",
}
_WIDE: Final = {"uint8", "int8"}
"""Integers that stand for pixels or quantised values: their whole range is noise."""


@dataclass(frozen=True, slots=True)
class Want:
    """One input of a model."""

    name: str
    kind: str
    """A type of numpy, or ``str``."""
    dims: tuple[int | str, ...]
    """Sizes, and names for dynamic dims: the same name is the same size."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is chosen for the dynamic dims and the integers."""

    free: int
    high: int
    """Integers are below it."""
    batched: bool
    """Whether the dynamic first dim may be more than 1."""


def amount(size: int, inputs: int) -> int:
    """Return on how many inputs a model of ``size`` bytes is run: the larger, the fewer, and at least `LEAST`."""
    if size <= FULL:
        return inputs
    return min(inputs, max(LEAST, int(inputs * (FULL / size) ** 1.5)))


def wants(inputs: list[Any]) -> list[Want]:
    """Read the inputs that a session declares; raises `StripError` for a type that cannot be made up."""
    out: list[Want] = []
    for item in inputs:
        kind = _KINDS.get(item.type)
        if kind is None:
            raise StripError(f"input {item.name!r} is of type {item.type}, for which no noise is made")
        dims: list[int | str] = []
        for axis, dim in enumerate(item.shape):
            known = isinstance(dim, int) and dim > 0
            own = dim if isinstance(dim, str) and dim else f"#{item.name}.{axis}"
            dims.append(dim if known else "#batch" if axis == 0 else own)
        out.append(Want(item.name, kind, tuple(dims)))
    # a dim that is first in one input has the same name elsewhere
    firsts = {i.shape[0] for i in inputs if i.shape and isinstance(i.shape[0], str)}
    return [Want(w.name, w.kind, tuple("#batch" if d in firsts else d for d in w.dims)) for w in out]


def plans(wanted: list[Want]) -> Iterator[Plan]:
    """Yield what can be tried, likeliest first."""
    dynamic = any(isinstance(d, str) and d != "#batch" for w in wanted for d in w.dims)
    batch = any(d == "#batch" for w in wanted for d in w.dims)
    indices = any(w.kind.startswith(("int", "uint")) and w.kind not in _WIDE for w in wanted)
    for free in FREE if dynamic else FREE[:1]:
        for batched in (True, False) if batch else (False,):
            for high in RANGES if indices else RANGES[:1]:
                yield Plan(free, high, batched)


def batch(plan: Plan, number: int) -> int:
    """Return the size of a dynamic first dim in the input of this number."""
    return BATCHES[number % len(BATCHES)] if plan.batched else 1


def feed(wanted: list[Want], plan: Plan, seed: int, number: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return the input of this number: normal, uniform and wide noise in turn for floats."""
    import numpy as np  # noqa: PLC0415 - slow to load

    rng = np.random.default_rng([seed, number])
    out: dict[str, np.ndarray[Any, Any]] = {}
    for want in wanted:
        shape = tuple(
            d if isinstance(d, int) else batch(plan, number) if d == "#batch" else plan.free for d in want.dims
        )
        if want.kind.startswith("float"):
            drawn = (rng.standard_normal, rng.random, rng.standard_normal)[number % 3](shape, dtype=np.float32)
            out[want.name] = np.asarray(drawn * (1, 1, 4)[number % 3], dtype=want.kind)
        elif want.kind == "bool":
            out[want.name] = np.asarray(rng.integers(0, 2, shape), dtype=bool)
        elif want.kind == "str":
            out[want.name] = np.asarray(rng.integers(0, plan.high, shape)).astype(str).astype(object)
        elif want.kind in _WIDE:
            limits = np.iinfo(want.kind)
            out[want.name] = np.asarray(rng.integers(limits.min, limits.max + 1, shape), dtype=want.kind)
        else:
            out[want.name] = np.asarray(rng.integers(0, plan.high, shape), dtype=want.kind)
    return out
