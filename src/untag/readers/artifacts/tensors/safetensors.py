"""Safetensors: a JSON header of tensor names, types and shapes, with free metadata; then numbers.

Layout as https://github.com/huggingface/safetensors has it: eight bytes of length, the header,
the tensors. Only the header is read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from untag.limits import MEMBERS, MIB
from untag.model import Blob, Gap, Scope
from untag.readers.artifacts.tensors.naming import Tensors, model_of, short
from untag.readers.artifacts.tensors.values import shape_of
from untag.readers.artifacts.tensors.walk import Walk
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline

HEADER: Final = 100 * MIB
"""Bytes of the header that the format itself allows."""
PARSED: Final = 8 * MIB
"""Bytes of a header that are parsed as JSON, which needs ten times as many; longer ones are read by pattern."""
METADATA: Final = "__metadata__"
_TENSOR: Final = re.compile(
    rb'"((?:[^"\\\x00-\x1f]|\\.){1,1000})"\s*:\s*\{\s*"dtype"\s*:\s*"(\w{1,20})"\s*,\s*"shape"\s*:\s*\[([\d,\s]{0,400})\]'
)


class Safetensors:
    """One file of tensors."""

    name = "safetensors"
    version = 1
    formats = ("safetensors",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether a length that the format allows is followed by a JSON object."""
        size = int.from_bytes(head[:8], "little")
        return 2 <= size <= HEADER and head[8:9] == b"{" and head[9:24].lstrip()[:1] in (b'"', b"}")  # noqa: PLR2004

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield the metadata and the names of tensors."""
        data = memoryview(blob.data)
        size = int.from_bytes(data[:8], "little")
        model = model_of(blob)
        tensors = Tensors(model)
        whole = len(data) >= 8 + size
        header = _parsed(bytes(data[8 : 8 + size])) if whole and size <= PARSED else None
        if header is None:
            yield from _by_pattern(data, min(8 + size, len(data)), tensors, deadline)
            yield from tensors.parts()
            reason = "truncated" if not whole else "limit" if size > PARSED else "corrupt"
            yield Gap(blob.trail, reason, "the header could not be parsed as a whole; names of tensors were read")
            return
        extra = header.pop(METADATA, None)
        if isinstance(extra, dict):
            yield from _metadata(extra, model, Walk(blob, deadline))
        stop = 0
        for name, entry in header.items():
            if isinstance(entry, dict):
                tensors.add(name, str(entry.get("dtype", "?"))[:20], shape_of(entry.get("shape")))
                span = entry.get("data_offsets")
                if isinstance(span, list) and span and isinstance(span[-1], int):
                    stop = max(stop, span[-1])
        yield from tensors.parts()
        if stop > len(data) - 8 - size:
            yield Gap(blob.trail, "truncated", "the file ends before its last tensor; all names were read")


def _parsed(header: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(header)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _by_pattern(data: memoryview, stop: int, tensors: Tensors, deadline: Deadline) -> Iterator[Part]:
    """Gather tensors from a header that is too long to parse, cut off or broken; metadata is text then."""
    step = MIB
    for at in range(8, min(stop, 8 + HEADER), step):
        deadline.check()
        piece = bytes(data[at : min(at + step + 4_096, stop)])
        if at == 8 and METADATA.encode() in piece[:200]:  # noqa: PLR2004 - where the header begins
            text = piece[: piece.find(b'"dtype"')][:20_000].decode("utf-8", "replace")
            yield Part(text, "string", Scope("metadata", METADATA, parent=tensors.parent), short(text))
        for found in _TENSOR.finditer(piece):
            if found.start() < step:
                shape = (int(x) for x in re.findall(rb"\d{1,18}", found[3]))
                tensors.add(found[1].decode("utf-8", "replace"), found[2].decode(), shape)


def _metadata(extra: dict[str, Any], model: Scope, walk: Walk) -> Iterator[Part | Blob]:
    """Yield the free metadata; a value that is JSON, as trainers write, is looked into."""
    scope = Scope("metadata", METADATA, tuple(extra)[:MEMBERS], parent=model)
    for key, value in extra.items():
        inner = _json(value)
        if isinstance(inner, dict | list):
            yield Part(key, "key", scope, short(key))
            yield from walk.values([{key: inner}], scope)
        else:
            yield Part(key, "key", scope, short(f"{key}: {value}"))
            yield Part(str(value), "value", scope, short(f"{key}: {value}"))


def _json(text: object) -> Any:
    if not isinstance(text, str) or text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
