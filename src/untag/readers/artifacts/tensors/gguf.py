"""GGUF, the format of llama.cpp: key-values, names of tensors, then numbers.

Layout as https://github.com/ggml-org/ggml/blob/master/docs/gguf.md has it. Numbers are stepped
over; the words of a tokenizer are counted only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.limits import MEMBERS
from untag.model import Blob, Gap, Scope
from untag.readers.artifacts.tensors.naming import LONGEST, TENSORS, Tensors, labels, model_of, short
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline

PAIRS: Final = 100_000
"""Key-values of one file; real ones have some fifty."""
ITEMS: Final = 4_000_000
"""Elements of one array of strings or arrays that are stepped through: the largest vocabularies have 300,000."""
NESTED: Final = 4
"""Arrays in arrays: no writer makes any, but the format allows them without end."""
TEXT: Final = 1 << 20
"""Bytes of one string that are decoded: chat templates take some 20 kB."""
KEPT: Final = 20_000
"""Strings kept of one array."""
DIMENSIONS: Final = 8
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of each type of number."""
_STRING: Final = 8
_ARRAY: Final = 9
_TYPES: Final = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 30: "BF16"}
_WORDS: Final = ("tokenizer.ggml.tokens", "tokenizer.ggml.merges")


class Gguf:
    """One file of a language or vision-language model."""

    name = "gguf"
    version = 1
    formats = ("gguf",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the mark and a version stand at the start, in either byte order."""
        return head[:4] == b"GGUF" and (0 < int.from_bytes(head[4:8], "little") < 16 or head[4:7] == b"\0\0\0")  # noqa: PLR2004

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield keys, strings, lists of strings and the names of tensors."""
        model = model_of(blob)
        tensors = Tensors(model)
        cursor = _Cursor(memoryview(blob.data), deadline)
        try:
            yield from _pairs(cursor, model)
            _tensors(cursor, tensors)
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
        yield from tensors.parts()


class _Cursor:
    """A place in the file; every read is checked against its end."""

    def __init__(self, data: memoryview, deadline: Deadline) -> None:
        self.data = data
        self.deadline = deadline
        self.at = 4
        self.order: Any = "little" if 0 < int.from_bytes(data[4:8], "little") < 16 else "big"  # noqa: PLR2004 - versions
        self.version = self.number(4)
        if self.version == 1:
            raise ReadError("unsupported", "GGUF of version 1, which was in use for some weeks of 2023")
        self.tensors = self.number(8)
        self.pairs = self.number(8)

    def skip(self, size: int) -> None:
        """Go on by ``size`` bytes."""
        if size > len(self.data) - self.at:
            raise ReadError("truncated", "the file ends within its header; what stood before was read")
        self.at += size

    def number(self, size: int) -> int:
        """Return a whole number of ``size`` bytes."""
        self.skip(size)
        return int.from_bytes(self.data[self.at - size : self.at], self.order)

    def text(self) -> str:
        """Return a string, or the beginning of a very long one."""
        size = self.number(8)
        start = self.at
        self.skip(size)
        return str(bytes(self.data[start : start + min(size, TEXT)]), "utf-8", "replace")

    def value(self, kind: int, depth: int = 0, *, keep: bool = True) -> Any:
        """Return a string or a list of strings; step over all else and return a number as 0."""
        size = _SIZES.get(kind)
        if size is not None:
            return self.number(size)
        if kind == _STRING:
            return self.text()
        if kind != _ARRAY:
            raise ReadError("corrupt", "a key-value of an unknown type; what stood before it was read")
        if depth >= NESTED:
            raise ReadError("limit", f"more than {NESTED} arrays inside each other")
        inner, count = self.number(4), self.number(8)
        size = _SIZES.get(inner)
        if size is not None:
            self.skip(count * size)
            return None
        if count > ITEMS:
            raise ReadError("limit", f"an array of more than {ITEMS:,} elements")
        found: list[Any] = []
        for number in range(count):
            if not number & 0x3FFF:
                self.deadline.check()
            if inner == _STRING and not keep:
                self.skip(self.number(8))
                continue
            item = self.value(inner, depth + 1)
            if len(found) < KEPT:
                found += item if isinstance(item, list) else [item] if isinstance(item, str) else []
        return found


def _pairs(cursor: _Cursor, model: Scope) -> Iterator[Part]:
    """Yield the key-values."""
    if cursor.pairs > PAIRS:
        raise ReadError("corrupt", f"a header that counts {cursor.pairs:,} key-values")
    scope = Scope("metadata", "", parent=model)
    for _ in range(cursor.pairs):
        cursor.deadline.check()
        key = cursor.text()
        kind = cursor.number(4)
        value = cursor.value(kind, keep=key not in _WORDS)
        shown = f": {value}" if isinstance(value, str) else ""
        yield Part(key[:LONGEST], "key", scope, short(key + shown))
        if isinstance(value, str):
            yield Part(value[:LONGEST], "value", scope, short(f"{key}{shown}"))
        elif isinstance(value, list):
            yield from labels([x for x in value if x], key, model)


def _tensors(cursor: _Cursor, tensors: Tensors) -> None:
    """Gather the names of tensors."""
    for number in range(min(cursor.tensors, TENSORS)):
        if not number & 0x3FF:
            cursor.deadline.check()
        name = cursor.text()
        count = cursor.number(4)
        if count > DIMENSIONS:
            raise ReadError("corrupt", "a tensor of more than 8 dimensions; those before it were read")
        shape = [cursor.number(8) for _ in range(count)]
        kind = cursor.number(4)
        cursor.skip(8)
        tensors.add(name, _TYPES.get(kind, f"type{kind}"), shape[:MEMBERS])
    if cursor.tensors > TENSORS:
        raise ReadError("limit", f"more than {TENSORS:,} tensors")
