"""Arrays of numpy: ``.npy``, and by way of the zip container the members of ``.npz``.

The header is text that numpy evaluates; here its three entries are found by pattern. Of the
content, only arrays of strings are read, and the pickle of an array of objects is walked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MEMBERS
from untag.model import Blob, Gap, Scope
from untag.readers.artifacts.tensors import pickles
from untag.readers.artifacts.tensors.naming import model_of, short
from untag.readers.artifacts.tensors.values import ARRAY_BYTES, Array, dtype_of, nbytes, strings
from untag.readers.artifacts.tensors.walk import Walk
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline

HEADER: Final = 1 << 20
"""Bytes of a header: a structured type of a thousand columns takes some 20 kB."""
_MAGIC: Final = b"\x93NUMPY"
_DESCR: Final = re.compile(rb"'descr'\s*:\s*'([^']{1,40})'")
_FIELDS: Final = re.compile(rb"\(\s*'([^']{1,200})'\s*,")
_SHAPE: Final = re.compile(rb"'shape'\s*:\s*\(([\d,\s L]*)\)")
_WIDE: Final = 2
"""Version from which the header's length takes four bytes."""


class Npy:
    """One array."""

    name = "npy"
    version = 1
    formats = ("npy",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether numpy's mark stands at the start."""
        return head[:6] == _MAGIC

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield the array's name and columns, its strings, and what its pickled objects name."""
        data = memoryview(blob.data)
        if len(data) < 12:  # noqa: PLR2004 - mark, version, length
            raise ReadError("truncated", "the array's header is cut off")
        wide = 4 if data[6] >= _WIDE else 2
        size = int.from_bytes(data[8 : 8 + wide], "little")
        at = 8 + wide + size
        header = bytes(data[8 + wide : min(at, HEADER)])
        if at > len(data) or size > HEADER:
            raise ReadError("limit" if size > HEADER else "truncated", "the array's header is cut off or too long")
        model = model_of(blob)
        described, shaped = _DESCR.search(header), _SHAPE.search(header)
        fields = [x.decode("utf-8", "replace") for x in _FIELDS.findall(header)] if described is None else []
        columns = Scope("table", model.name, tuple(fields[:MEMBERS]), parent=model.parent)
        for name in fields:
            yield Part(name, "member", columns, short(f"column {name}"))
        if shaped is None or (described is None and not fields):
            raise ReadError("corrupt", "the array's header is none")
        if described is None:
            return
        shape = tuple(int(x) for x in re.findall(rb"\d{1,18}", shaped[1]))
        dtype = dtype_of(described[1].decode("latin-1"))
        if dtype.code[:1] == "O":
            yield from pickles.read(Blob(blob.trail, data[at:]), deadline)
            return
        total = nbytes(dtype, shape)
        if dtype.text and total >= 0:
            items = strings(bytes(data[at : at + min(total, ARRAY_BYTES)]), dtype)
            shown = ", ".join(map(str, shape))
            yield Part(model.name, "declaration", model, short(f"array {model.name} {dtype.code}[{shown}]"))
            walk = Walk(blob, deadline)
            yield from walk.values([Array(dtype, shape, items)], name=model.name)
        if total > len(data) - at:
            yield Gap(blob.trail, "truncated", "the file ends within the array; what stood before it was read")
