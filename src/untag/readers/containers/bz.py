"""Bzip2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.containers.codecs import bunzipped
from untag.readers.containers.stream import inner_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget
    from untag.model import Blob, Gap

ENDINGS: Final = {".tbz2": ".tar", ".tbz": ".tar", ".bz2": ""}


class Bzip2:
    """Streams that begin with the block size and a block."""

    name = "bzip2"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the content begins like this format."""
        return head[:3] == b"BZh" and head[3:4].isdigit() and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members of a tar, else the unpacked file."""
        name = blob.trail[-1] if blob.trail else ""
        return members(blob, budget, bunzipped, inner_name(name, ENDINGS))
