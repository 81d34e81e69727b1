"""Zstandard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.containers.codecs import unzstd
from untag.readers.containers.stream import inner_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget
    from untag.model import Blob, Gap

ENDINGS: Final = {".tzst": ".tar", ".zst": ""}


class Zstd:
    """Frames, skippable ones included."""

    name = "zstd"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the content begins like this format."""
        return head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5)  # noqa: PLR2004 - of the format

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members of a tar, else the unpacked file."""
        name = blob.trail[-1] if blob.trail else ""
        return members(blob, budget, unzstd, inner_name(name, ENDINGS))
