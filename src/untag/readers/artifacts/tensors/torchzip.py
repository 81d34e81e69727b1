"""PyTorch since 1.6, and TorchScript: a zip of a pickle, its storages, and the code as text.

Storages (``data/0`` …) are never read. The code of TorchScript goes on as Python files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.model import Blob, Gap
from untag.readers.artifacts.tensors import pickles, zips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

_STORAGE: Final = re.compile(r"[^/]+/(?:data|constants)/\d+|(?:[^/]+/)?\.data/(?:serialization_id|\w+\.storage)")
"""Members that hold numbers, as PyTorch's writer and torch.package name them."""
_BEGINS: Final = re.compile(r"[^/]+/(?:data\.pkl|constants\.pkl|byteorder|version|data/\d+|code/.+|\.format_version)")
_PICKLES: Final = ("/data.pkl", "/constants.pkl")


class TorchZip:
    """Files of ``torch.save`` and ``torch.jit.save``."""

    name = "pytorch"
    version = 1
    formats = ("pytorch", "torchscript")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether it is a zip whose members are named as PyTorch names them."""
        if head[:4] != b"PK\x03\x04":
            return False
        first = zips.first_name(head)
        if first.endswith("/data.pkl"):
            return True
        named = b"/data.pkl" in tail or b"/constants.pkl" in tail
        return (named and b"/version" in tail) or (bool(_BEGINS.fullmatch(first)) and b"/version" in tail)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield what the pickles name, as said by the file itself; all other members as blobs."""
        for item in zips.members(blob, budget, deadline, lambda name: bool(_STORAGE.fullmatch(name))):
            if isinstance(item, Gap):
                yield item
                continue
            name, member = item
            if name.endswith(_PICKLES):
                # told under the file's own name: a model is called as its file is, not ``data``
                for found in pickles.read(Blob(blob.trail, member.data), deadline):
                    yield found if not isinstance(found, Gap) else Gap(member.trail, found.reason, found.detail)
            else:
                yield member
