"""Compressed debug sections of ELF files, which compilers and distributions write: the names in them are packed.

``SHF_COMPRESSED`` sections (zlib, zstd) and the older ``.zdebug_*`` are unpacked, each a member of the program
that is searched as the bytes that it is. A stripped library whose functions say nothing still says here what its
source called them. The program itself is searched beside this, as any binary is. Source: System V ABI, chapter 4.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Blob, Gap
from untag.readers.containers.codecs import Tail, inflated, unzstd
from untag.readers.containers.common import Meter, gathered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget

MAGIC: Final = b"\x7fELF"
SECTIONS: Final = 100_000
"""Sections of one file: an object file with a section for each function has ten thousands."""
COMPRESSED: Final = 0x800
"""The flag of a section that begins with a header of its own."""
NOBITS: Final = 8
ZLIB, ZSTD = 1, 2
SMALLEST: Final = 64
"""Bytes of the header of a file."""
ESCAPE: Final = 0xFF00
"""Counts from here on stand in the first section header."""
NUMBERS: Final = frozenset(
    (
        *("abbrev", "addr", "aranges", "frame", "line", "loc", "loclists", "ranges", "rnglists", "str_offsets"),
        *("cu_index", "tu_index"),
    )
)
"""Sections that hold numbers and names of files alone."""


class Debug:
    """ELF with packed debug sections."""

    name = "debug"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether an ELF header begins here that tells where its sections are; most have none that is packed."""
        return head[:4] == MAGIC and len(head) > 64 and head[4] in (1, 2) and head[5] in (1, 2)  # noqa: PLR2004

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield each packed debug section with words in it."""
        data = memoryview(blob.data)
        for title, start, size, header in _packed(data):
            trail = (*blob.trail, title)
            try:
                yield from _unpacked(data[start : start + size], header, trail, budget)
            except ReadError as error:
                yield Gap(trail, error.reason, error.detail)


def _packed(data: memoryview) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, place, size and bytes of the header of each packed section that may hold words.

    What lies beyond the end of the file is left out: the tables' own reader says that the program is cut off.
    """
    if len(data) < SMALLEST:
        return
    long, sign = data[4] == 2, ">" if data[5] == 2 else "<"  # noqa: PLR2004 - of the format
    row = struct.Struct(sign + ("IIQQQQIIQQ" if long else "IIIIIIIIII"))
    at = struct.unpack_from(sign + ("Q" if long else "I"), data, 40 if long else 32)[0]
    width, count, names = struct.unpack_from(sign + "HHH", data, 58 if long else 46)
    if not at or width != row.size or at + width > len(data):
        return
    first = row.unpack_from(data, at)
    count, names = count or first[5], first[6] if names >= ESCAPE else names
    count = min(count, SECTIONS, (len(data) - at) // width)
    titles = row.unpack_from(data, at + names * width)[4] if names < count else len(data)
    for number in range(count):
        title, kind, flags, _, start, size, *_ = row.unpack_from(data, at + number * width)
        old = bytes(data[titles + title : titles + title + 8]) == b".zdebug_"
        if kind == NOBITS or not (flags & COMPRESSED or old) or start + size > len(data):
            continue
        name = bytes(data[titles + title : titles + title + 100]).partition(b"\0")[0].decode("utf-8", "replace")
        if name.partition("debug_")[2].removesuffix(".dwo") not in NUMBERS:
            shown = (name.replace("/", "_").strip(".") if name.isprintable() else "") or f"section-{number}"
            yield f".{shown}", start, size, 12 if old else 24 if long else 12


def _unpacked(packed: memoryview, header: int, trail: tuple[str, ...], budget: Budget) -> Iterator[Blob | Gap]:
    """Yield what a packed section holds, as far as it can be unpacked."""
    if len(packed) < header:
        raise ReadError("truncated", "a packed debug section without its header")
    little = packed[0] in (ZLIB, ZSTD)
    kind = ZLIB if bytes(packed[:4]) == b"ZLIB" else int.from_bytes(packed[:4], "little" if little else "big")
    if kind not in (ZLIB, ZSTD):
        raise ReadError(
            "unsupported", f"a debug section packed by method {kind}; unpack it with objcopy and scan again"
        )
    budget.member()
    # a stream of zlib is one of deflate behind two bytes
    chunks = inflated(packed[header + 2 :], Tail()) if kind == ZLIB else unzstd(packed[header:], Tail())
    content, error = gathered(_metered(chunks, Meter(budget, len(packed))), budget, len(packed))
    if len(content):
        yield Blob(trail, content)
    if error is not None:
        yield Gap(trail, error.reason, error.detail)


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk
