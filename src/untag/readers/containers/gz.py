"""Gzip, members that follow each other included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.containers.codecs import gunzipped
from untag.readers.containers.common import clean, text
from untag.readers.containers.stream import inner_name, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget
    from untag.model import Blob, Gap

ENDINGS: Final = {".tgz": ".tar", ".svgz": ".svg", ".gz": ""}
_NAME: Final = 8
_EXTRA: Final = 4


class Gzip:
    """RFC 1952."""

    name = "gzip"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a gzip member with the one known method begins here."""
        return head[:3] == b"\x1f\x8b\x08" and len(head) > 3 and head[3] < 0x20  # noqa: PLR2004 - of the format

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members of a tar, else the unpacked file."""
        name = blob.trail[-1] if blob.trail else ""
        inner = inner_name(name, ENDINGS, _stated(bytes(blob.data[:4096])))
        return members(blob, budget, gunzipped, inner)


def _stated(head: bytes) -> str:
    """Return the file name that the header states, cleaned, or nothing."""
    at = 10
    if len(head) < at or not head[3] & _NAME:
        return ""
    if head[3] & _EXTRA:
        at += 2 + int.from_bytes(head[10:12], "little")
    raw = head[at:].split(b"\0", 1)[0]
    return clean(text(raw))[0].rsplit("/", 1)[-1] if raw else ""
