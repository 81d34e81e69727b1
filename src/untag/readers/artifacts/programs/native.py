"""Programs of machine code: what a place in an ELF, PE or Mach-O file is (a symbol, a string of a section).

The bytes of such a file are searched first, whatever its structure says; this reader is
asked only where they hold a candidate, and tells what stands there: ``exports`` that a
library offers, ``imports``, other ``symbols``, strings with the section that holds them. Names
are shown demangled. Nothing is loaded or relocated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MEMBERS, STATEMENT
from untag.model import Blob, Gap, Scope
from untag.nouns import dataclass
from untag.readers.artifacts.programs.mangled import plain
from untag.readers.artifacts.programs.native_elf import read_elf
from untag.readers.artifacts.programs.native_macho import read_macho
from untag.readers.artifacts.programs.native_pe import read_pe
from untag.readers.artifacts.programs.native_tables import EXPORTS, Tables, string_at
from untag.readers.base import Part
from untag.readers.raw import REACH, strings_around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.artifacts.programs.native_tables import Region

BESIDE: Final = 20
"""Symbols before and after one in its table that are its company."""
LONGEST: Final = 4_096
"""Bytes of one symbol; the longest names of templates are cut there."""
STEP: Final = 1 << 20
"""Bytes of a section whose strings are listed at once."""
LISTED: Final = ("exports", "imports", "symbols")
_ELF: Final = b"\x7fELF"
_FAT: Final = (b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")
_THIN: Final = (b"\xfe\xed\xfa\xce", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe")
MAGIC: Final = (_ELF, b"MZ", *_FAT, *_THIN)
"""What the formats begin with."""
SLICES: Final = 43
"""Architectures of a fat file; class files have a version of 45 or more in that place."""
_RUN: Final = re.compile(rb"[\t\x20-\x7e\x80-\xff]{4,4096}")
_RELEASE: Final = re.compile(r"(?<=\.so)(?:\.\d+)+$|[-_.]?v?\d+(?:\.\d+)+(?=\.)")
_VERSION_KEYS: Final = frozenset((
    *("Comments", "CompanyName", "FileDescription", "FileVersion", "InternalName", "LegalCopyright", "LegalTrademarks"),
    *("OriginalFilename", "PrivateBuild", "ProductName", "ProductVersion", "SpecialBuild"),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands at a place of a program."""

    part: Part
    symbol: bool
    """Whether it is a symbol's name, which may stand in several tables, rather than a string."""


class Program:
    """The tables of one file, and what its places are."""

    def __init__(self, blob: Blob, deadline: Deadline) -> None:
        self._data = bytes(blob.data) if isinstance(blob.data, memoryview) else blob.data
        self._module = Scope("module", _RELEASE.sub("", blob.trail[-1].rsplit("/", 1)[-1]))
        self.tables = Tables(self._data, deadline)
        self.gap: Gap | None = None
        """Why the tables were read in part only."""
        head = bytes(self._data[:4])
        try:
            if head == _ELF:
                read_elf(self.tables)
            elif head[:2] == b"MZ":
                read_pe(self.tables)
            else:
                read_macho(self.tables)
        except ReadError as error:
            self.gap = Gap(blob.trail, error.reason, f"{error.detail}; all bytes were searched")
        self.tables.sort()

    def at(self, place: int, *, wide: bool = False) -> Placed | None:
        """Return what stands at an offset, None where the tables say nothing of it."""
        symbol = None if wide else self._symbol(place)
        if symbol is not None:
            return Placed(self._named(*symbol), symbol=True)
        region = self.tables.region(place)
        if region is None:
            return None
        low, high = max(region.start, place - REACH), min(region.stop, place + REACH)
        piece = bytes(self._data[low:high])
        encoding = "utf-16-le" if wide else "utf-8"
        text, beside = strings_around(piece, place - low, place - low + 1, encoding=encoding)
        return Placed(self._said(text, beside, region), symbol=False) if text else None

    def _symbol(self, place: int) -> tuple[int, str] | None:
        """Return the index of the symbol whose name covers a place, and its name; an export is preferred.

        Linkers let a name end in the bytes of a longer one, so that several may cover a place.
        """
        names = self.tables.names
        at = bisect_right(names, place << 2 | 3) - 1
        best: tuple[int, str] | None = None
        for index in range(at, max(-1, at - 8), -1):
            start = names[index] >> 2
            name = string_at(self._data, start, LONGEST)
            if start + len(name) <= place:
                break
            if best is None or names[index] & 3 == EXPORTS:
                best = index, name.decode("utf-8", "replace")
        return best

    def _named(self, index: int, name: str) -> Part:
        names = self.tables.names
        kind = names[index] & 3
        around = range(max(0, index - BESIDE), min(len(names), index + BESIDE + 1))
        beside = [string_at(self._data, names[n] >> 2, LONGEST) for n in around if n != index and names[n] & 3 == kind]
        members = dict.fromkeys(plain(other.decode("utf-8", "replace"))[0][:STATEMENT] for other in beside)
        section = Scope("section", LISTED[kind], (), "", self._module)
        short, whole = plain(name)
        role = "declaration" if kind == EXPORTS else "name"
        return Part(short, role, Scope("list", "", tuple(members), "", section), whole[:STATEMENT])

    def _said(self, text: str, beside: tuple[str, ...], region: Region) -> Part:
        section = Scope("section", region.name, (), "", self._module)
        statement = text[:STATEMENT]
        if region.name == "version info":
            after = self.tables.titles.get(text)
            statement = f"{after}: {statement}" if after else statement
            beside = tuple(other for other in beside if other not in _VERSION_KEYS)
        return Part(text, "string", Scope("list", "", beside[:MEMBERS], "", section), statement)

    def unseen(self) -> Iterator[Part]:
        """Yield names that stand nowhere in one piece, such as those of a Mach-O export trie."""
        section = Scope("section", "exports", (), "", self._module)
        names = [plain(name) for name in self.tables.unseen]
        for at, (short, whole) in enumerate(names):
            beside = dict.fromkeys(name for name, _ in names[max(0, at - BESIDE) : at + BESIDE + 1] if name != short)
            yield Part(short, "declaration", Scope("list", "", tuple(beside), "", section), whole[:STATEMENT])

    def all(self, deadline: Deadline) -> Iterator[Part]:
        """Yield every symbol, and every string of the sections that hold data."""
        names = self.tables.names
        for kind, title in enumerate(LISTED):
            section = Scope("section", title, (), "", self._module)
            for packed in names:
                if packed & 3 == kind:
                    deadline.check()
                    short, whole = plain(string_at(self._data, packed >> 2, LONGEST).decode("utf-8", "replace"))
                    if short:
                        yield Part(short, "declaration" if kind == EXPORTS else "name", section, whole[:STATEMENT])
        for region in self.tables.regions:
            section = Scope("section", region.name, (), "", self._module)
            for start in range(region.start, region.stop, STEP):
                deadline.check()
                for found in _RUN.finditer(bytes(self._data[start : min(start + STEP, region.stop)])):
                    yield Part(found.group().decode("utf-8", "replace"), "string", section)


class Native:
    """One program or library of machine code."""

    name = "native"
    version = 1
    formats = ("elf", "pe", "macho")
    beside_bytes = True
    """Its bytes are searched as those of any binary; the engine asks it what stands where a candidate does."""

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether an ELF, PE or Mach-O header begins the content."""
        if head[:2] == b"MZ":
            at = int.from_bytes(head[0x3C:0x40], "little")
            return at > 0 and (at + 4 > len(head) or head[at : at + 4] == b"PE\0\0")
        if head[:4] in _FAT:
            return 0 < int.from_bytes(head[4:8], "big") <= SLICES
        return head[:4] in (_ELF, *_THIN)

    def open(self, blob: Blob, deadline: Deadline) -> Program:
        """Read the tables of a program; raises nothing: what cannot be read is in ``gap``."""
        return Program(blob, deadline)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield all symbols and strings."""
        program = self.open(blob, deadline)
        yield from program.unseen()
        yield from program.all(deadline)
        if program.gap is not None:
            yield program.gap
