"""What ELF, PE and Mach-O have in common: sections at offsets, and names of symbols at offsets."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from untag.limits import Deadline
    from untag.model import Buffer

IMPORTS, EXPORTS, OTHERS = 1, 0, 2
"""Kinds of symbols: taken from elsewhere, offered to others, neither."""
SYMBOLS: Final = 2_000_000
"""Symbols of one file: a browser with all its debug symbols has as many."""
LARGEST: Final = 64 << 20
"""Bytes of one table, which is copied: more than `SYMBOLS` take up."""
REGIONS: Final = 100_000
"""Sections and resources of one file: an object file with a section for each function has ten thousands."""
UNSEEN: Final = 100_000
"""Names that stand nowhere in one piece."""


@dataclass(frozen=True, slots=True)
class Region:
    """A section, a segment or a resource: bytes of the file under one name."""

    name: str
    start: int
    stop: int


class Tables:
    """Sections and symbols of one file, gathered by a format's reader; every number is checked against the file."""

    def __init__(self, data: Buffer, deadline: Deadline) -> None:
        self.data = data
        self.size = len(data)
        self.deadline = deadline
        self.regions: list[Region] = []
        self.names: array[int] = array("Q")
        """Offset of a symbol's name and, in the lowest two bits, its kind; sorted by `sort`."""
        self.unseen: list[str] = []
        self.titles: dict[str, str] = {}
        """Values of version information, with their keys."""
        self._starts: list[int] = []
        self._short = ""
        """The first table that ends beyond the file."""

    def numbers(self, form: str, at: int) -> tuple[int, ...]:
        """Return the numbers at an offset; raise `ReadError` where the file ends before."""
        size = struct.calcsize(form)
        if at < 0 or at + size > self.size:
            raise ReadError("truncated", "a table lies beyond the end of the program")
        return struct.unpack(form, bytes(self.data[at : at + size]))

    def part(self, at: int, size: int, what: str) -> bytes:
        """Return the bytes of a table, or as much of them as there is, and remember that some are missing."""
        self.holds(at, size, what)
        if min(size, self.size - at) > LARGEST:
            raise ReadError("limit", f"a {what} of more than {LARGEST:,} bytes")
        return bytes(self.data[max(at, 0) : max(at, 0) + max(size, 0)])

    def holds(self, at: int, size: int, what: str) -> None:
        """Remember that a table ends beyond the file, where it does."""
        if at < 0 or size < 0 or at + size > self.size:
            self._short = self._short or what

    def section(self, name: str, start: int, size: int) -> None:
        """Add a section; one that lies outside of the file holds nothing."""
        if len(self.regions) >= REGIONS:
            raise ReadError("limit", f"more than {REGIONS:,} sections")
        if 0 <= start < self.size and size > 0:
            self.holds(start, size, f"section {name[:40]}")
            self.regions.append(Region(name, start, min(start + size, self.size)))

    def symbol(self, at: int, kind: int) -> None:
        """Add a symbol whose name is at an offset."""
        if len(self.names) >= SYMBOLS:
            raise ReadError("limit", f"more than {SYMBOLS:,} symbols")
        if 0 < at < self.size:
            self.names.append(at << 2 | kind)

    def check(self) -> None:
        """Raise `ReadError` where a table ended beyond the file."""
        if self._short:
            raise ReadError("truncated", f"the program ends inside its {self._short}")

    def sort(self) -> None:
        """Put sections and symbols in the order of the file; call once, at the end."""
        self.regions.sort(key=lambda r: (r.start, -r.stop))
        self._starts = [r.start for r in self.regions]
        self.names = array("Q", sorted(self.names))

    def region(self, place: int) -> Region | None:
        """Return the innermost section that holds an offset: a resource stands within a section."""
        at = bisect_right(self._starts, place) - 1
        for index in range(at, max(-1, at - 1_000), -1):
            if self.regions[index].stop > place:
                return self.regions[index]
        return None


def string_at(data: Buffer, at: int, longest: int) -> bytes:
    """Return the bytes at an offset up to the first NUL."""
    return bytes(data[at : at + longest]).partition(b"\0")[0]
