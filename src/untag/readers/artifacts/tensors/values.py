"""What a pickle describes, as symbols: nothing here is ever made into the object that it stands for.

Strings are ``str``, whole numbers ``int``, lists and sets ``list``, tuples ``tuple``; all
other numbers are `NUMBER`. What is long stays where it is, as a `Raw` range of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import prod
from typing import Any, Final

NUMBER: Final = 0.0
"""Stands for every number whose value says nothing."""
LABELS: Final = 20_000
"""Strings taken from one array: more is a table or a vocabulary, of which these are the beginning."""
ARRAY_BYTES: Final = 8 << 20
"""Bytes of one array of strings that are decoded."""
LARGEST: Final = 1 << 62
"""Bytes beyond which an array's stated size is a lie."""


@dataclass(slots=True, eq=False)
class Global:
    """A class or function that the pickle names."""

    name: str
    """Dotted, module first."""


@dataclass(slots=True, eq=False)
class Raw:
    """Bytes of the file that were not copied."""

    start: int
    stop: int
    text: bool = False
    """Whether they are UTF-8 text whose characters are the bytes, as protocol 2 writes them."""


@dataclass(slots=True, eq=False)
class Pairs:
    """A mapping, as keys and values in turn."""

    flat: list[Any] = field(default_factory=list)
    crowd: bool = False
    """Whether it is so long that a part of it was handed on before."""


@dataclass(slots=True, eq=False)
class Thing:
    """An object: its class, what it was made from, its state and what was put into it."""

    kind: str
    args: Any = ()
    state: Any = None
    items: list[Any] = field(default_factory=list)
    pairs: list[Any] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Tensor:
    """A tensor of PyTorch: its numbers stay unread."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Storage:
    """Where the numbers of tensors lie."""

    dtype: str


@dataclass(slots=True, eq=False)
class DType:
    """A data type of numpy."""

    code: str
    """Kind and size: ``U11``, ``f4``, ``O8``."""
    size: int = 0
    """Bytes of an element, 0 when unknown."""
    order: str = "<"

    @property
    def text(self) -> bool:
        """Whether its elements are strings."""
        return self.code[:1] in ("U", "S")


@dataclass(slots=True, eq=False)
class Array:
    """An array of numpy: its shape, and its elements when they are strings or objects."""

    dtype: DType | None = None
    shape: tuple[int, ...] = ()
    items: list[Any] = field(default_factory=list)


_CODE: Final = re.compile(r"[<>=|]?([A-Za-z])(\d{0,9})")


def dtype_of(text: object) -> DType:
    """Return the data type that numpy spells so; one of unknown size where it cannot be told."""
    found = _CODE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return DType(str(text)[:20] if isinstance(text, str) else "?")
    kind, size = found[1], int(found[2] or 0)
    order = ">" if str(text).startswith(">") else "<"
    return DType(kind + found[2], size * 4 if kind == "U" else 8 if kind == "O" else size, order)


def shape_of(value: object) -> tuple[int, ...]:
    """Return a shape as far as it is one: whole numbers, not negative."""
    if isinstance(value, int):
        value = (value,)
    if isinstance(value, Thing):  # torch.Size
        value = value.args[0] if isinstance(value.args, tuple) and value.args else ()
    if not isinstance(value, tuple | list):
        return ()
    return tuple(x for x in value[:32] if isinstance(x, int) and 0 <= x < LARGEST)


def nbytes(dtype: DType | None, shape: tuple[int, ...]) -> int:
    """Return how many bytes an array takes, -1 when that is not known."""
    if dtype is None or not dtype.size:
        return 0 if 0 in shape else -1
    size = prod(shape) * dtype.size
    return size if size < LARGEST else -1


def strings(data: bytes, dtype: DType) -> list[Any]:
    """Return the strings of an array of them, at most `LABELS`; empty ones are left out."""
    width = dtype.size
    if not dtype.text or width <= 0:
        return []
    out: list[Any] = []
    codec = ("utf-32-be" if dtype.order == ">" else "utf-32-le") if dtype.code[0] == "U" else "utf-8"
    for at in range(0, min(len(data), LABELS * width), width):
        text = data[at : at + width].decode(codec, "replace").rstrip("\0")
        if text:
            out.append(text)
    return out


def weight(value: Any) -> int:
    """Return roughly how many bytes a value on the stack takes."""
    if isinstance(value, str | bytes):
        return 60 + len(value)
    if isinstance(value, tuple):
        return 60 + sum(60 + len(x) if isinstance(x, str | bytes) else 16 for x in value)
    return 100
