"""Keras since version 3, ``.keras``: a zip of the configuration, metadata and an HDF5 file of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.limits import MIB
from untag.model import Blob, Gap
from untag.readers.artifacts.tensors import kerasconfig, zips
from untag.readers.artifacts.tensors.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

CONFIG: Final = 32 * MIB
"""Bytes of a configuration that are parsed; the largest models' take some hundred kilobytes."""


class KerasZip:
    """A saved Keras model."""

    name = "keras"
    version = 1
    formats = ("keras",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether it is a zip with a configuration and weights named as Keras names them."""
        if head[:4] != b"PK\x03\x04" or b"config.json" not in tail:
            return False
        first = zips.first_name(head)
        weights = b"model.weights.h5" in tail or b"model.weights.json" in tail
        return first in ("metadata.json", "config.json", "model.weights.h5") and (weights or b"metadata.json" in tail)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the layers and outputs of the configuration; all other members as blobs."""
        walk = Walk(blob, deadline)
        for item in zips.members(blob, budget, deadline, lambda _: False):
            if isinstance(item, Gap):
                yield item
            elif item[0] == "config.json" and len(item[1].data) <= CONFIG:
                text = bytes(item[1].data).decode("utf-8", "replace")
                yield from kerasconfig.parts(text, walk.model, walk)
            else:
                yield item[1]
