"""Xz, and the ``.lzma`` that came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.containers.codecs import unlzma, unxz
from untag.readers.containers.stream import inner_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget
    from untag.model import Blob, Gap

ENDINGS: Final = {".txz": ".tar", ".tlz": ".tar", ".lzma": "", ".xz": ""}
MAGIC: Final = b"\xfd7zXZ\0"


class Xz:
    """Xz streams, and the older format by its usual settings."""

    name = "xz"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether xz begins here, or lzma: a properties byte, a power of two and a size that is unknown or sane."""
        if head[:6] == MAGIC:
            return True
        # 0x5D is what every lzma writer puts first; the dictionary is a power of two of at least 64 KiB
        if head[:3] != b"\x5d\0\0" or len(head) < 14 or head[13] != 0:  # noqa: PLR2004 - of the format
            return False
        dictionary = int.from_bytes(head[1:5], "little")
        size = int.from_bytes(head[5:13], "little")
        return dictionary.bit_count() <= 2 and (size == (1 << 64) - 1 or size < 1 << 40)  # noqa: PLR2004

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members of a tar, else the unpacked file."""
        name = blob.trail[-1] if blob.trail else ""
        codec = unxz if bytes(blob.data[:6]) == MAGIC else unlzma
        return members(blob, budget, codec, inner_name(name, ENDINGS))
