"""Memory maps: what was read of one is let go, so that a large file costs no memory."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from untag.model import Buffer


def forget(data: Buffer, start: int, stop: int) -> None:
    """Let go of the pages of a mapped file that were read, so that memory does not grow with the file."""
    if isinstance(data, mmap.mmap) and hasattr(data, "madvise"):
        first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
        if stop > first:
            data.madvise(mmap.MADV_DONTNEED, first, stop - first)
