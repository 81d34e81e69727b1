"""TensorRT engines that carry a description: Ultralytics writes its length and JSON before the engine.

An engine is compiled for one device: what follows the description is searched as bytes, and a
bare engine is not claimed at all, so that it is searched as bytes too. Names in it can be found,
but nothing in it can be cut: only the model that it was built from can, and be built again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from untag.model import Blob, Gap
from untag.readers.artifacts.models.common import Model
from untag.readers.artifacts.models.wire import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

PREFIX: Final = 1 << 20
"""Bytes of a description that is believed; eighty class names take two thousand."""
ENGINE: Final = (b"ftrt", b"ptrt", b"blob")
"""Marks of serialised engines."""


class TensorRt:
    """Engines with a description in front."""

    name = "tensorrt"
    version = 1
    formats = ("tensorrt",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a length, a JSON object of that length and an engine stand here."""
        length = int.from_bytes(head[:4], "little")
        if not 1 < length <= PREFIX or head[4:5] != b"{":
            return False
        known = name.lower().endswith((".engine", ".plan", ".trt"))
        if 4 + length + 4 > len(head):
            return known
        return head[3 + length : 4 + length] == b"}" and (known or head[4 + length : 8 + length] in ENGINE)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        data = memoryview(blob.data)
        length = int.from_bytes(data[:4], "little")
        text = decode(bytes(data[4 : 4 + length]))
        model = Model(blob)
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = text
            reason = "truncated" if 4 + length > len(data) else "corrupt"
            yield Gap(blob.trail, reason, "the description before the engine is no JSON; its texts were read")
        if isinstance(said, dict):
            for key, value in said.items():
                yield from model.metadata(key, value if isinstance(value, str) else json.dumps(value))
        else:
            yield from model.metadata("description", text)
        if len(data) > 4 + length:
            yield Blob((*blob.trail, "engine"), data[4 + length :])
