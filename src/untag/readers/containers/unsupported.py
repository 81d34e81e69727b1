"""Archives that are known and cannot be read: a Gap that says so, never a clean scan of packed bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.model import Blob, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget

MAGIC: Final = {
    b"Rar!\x1a\x07": "RAR",
    b"MSCF\0\0\0\0": "Cabinet",
    b"\xed\xab\xee\xdb": "RPM",
    b"\x04\x22\x4d\x18": "LZ4",
    b"LZIP\x01": "lzip",
    b"\x1f\x9d": "compress (.Z)",
    b"\x1f\xa0": "LZH compress",
    b"hsqs": "SquashFS",
    b"070701": "cpio",
    b"070702": "cpio",
    b"070707": "cpio",
    b"xar!": "xar",
    b"MSWIM\0\0\0": "WIM",
    b"\x60\xea": "ARJ",
    b"\x89LZO\0\r\n\x1a\n": "lzop",
    b"\xff\x06\0\0sNaPpY": "snappy",
}
"""First bytes of a format, and what people call it."""


class Unsupported:
    """Whatever `MAGIC` lists."""

    name = "unsupported"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the content begins like an archive that cannot be read."""
        return _known(head) is not None

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:  # noqa: ARG002
        """Yield the one Gap."""
        what = _known(bytes(blob.data[:16])) or "this"
        yield Gap(blob.trail, "unsupported", f"{what} archives cannot be read; unpack it and scan the folder")


def _known(head: bytes) -> str | None:
    """Return what the format is called."""
    for magic, what in MAGIC.items():
        if head.startswith(magic):
            if what == "ARJ" and (len(head) < 5 or head[4] > 64):  # noqa: PLR2004 - of the format
                continue
            return what
    return None
