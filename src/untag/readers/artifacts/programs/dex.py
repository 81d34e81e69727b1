"""Android's DEX: the classes with their fields, methods and the strings that their code loads.

The table of strings is sorted by content, so what stands side by side in the file says
nothing of what belongs together. The classes do: fields are members of their class, the
strings that a method loads are one list in the order of the code (named for the field that
the list is stored in), and an annotation such as ``@SerializedName("race")`` stands in the
statement of its field. Strings that belong to nothing are yielded on their own.
"""

from __future__ import annotations

import re
import struct
from array import array
from bisect import bisect_right
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from untag.errors import ReadError
from untag.model import Gap, Scope
from untag.readers.artifacts.programs.common import (
    AGAIN,
    SHORTEST,
    described,
    kept,
    listed,
    lossy,
    quoted,
    simple,
    u32,
)
from untag.readers.artifacts.programs.dexcode import loads, methods_of
from untag.readers.artifacts.programs.dexnotes import Annotated
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Budget, Deadline
    from untag.model import Blob

MOST: Final = 128 << 20
"""Bytes of one DEX file: 65,536 methods fill some 12 MB, tables of strings some more."""
CODE: Final = 1 << 22
"""Bytes of code of one method that are walked; the format's own limits end below."""
STRING: Final = 1 << 22
"""Bytes of one string; tables of characters that a compiler packs into one reach some hundred thousand."""
_ENUM, _INTERFACE = 0x4000, 0x0200
_NONE: Final = 0xFFFFFFFF


class _Def(NamedTuple):
    """One class as the file defines it."""

    type: int
    flags: int
    above: int
    interfaces: int
    source: int
    annotations: int
    data: int
    values: int


class Dex:
    """One ``classes.dex``."""

    name = "dex"
    version = 1
    formats = ("dex",)
    verbatim = ("utf-8",)
    selects = True

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether a little-endian DEX of any version begins here."""
        return (
            head[:4] == b"dex\n" and head[4:7].isdigit() and head[7:8] == b"\0" and head[40:44] == b"\x78\x56\x34\x12"
        )

    def parts(
        self,
        blob: Blob,
        budget: Budget,  # noqa: ARG002 - the seam's
        deadline: Deadline,
        wanted: Sequence[tuple[int, int]] | None = None,
    ) -> Iterator[Part | Blob | Gap]:
        """Yield every class and string; with ``wanted`` byte ranges of the file, those alone that hold one."""
        if len(blob.data) > MOST:
            raise ReadError("limit", f"a DEX file larger than {MOST:,} bytes")
        yield from _Dex(bytes(blob.data), deadline).parts(blob.trail, wanted)


class _Dex(Annotated):
    """One file and its tables."""

    def __init__(self, data: bytes, deadline: Deadline) -> None:
        self.data = data
        self.deadline = deadline
        self.gaps: dict[str, str] = {}
        """What could not be read, by reason."""
        self.places = self._ids(56, "I", 4)
        self.raw = self._strings()
        self.types = self._ids(64, "I", 4)
        self.fields = self._rows(80, "<HHI")
        self.methods = self._rows(88, "<HHI")
        self.classes = [_Def(*row) for row in self._rows(96, "<8I")]
        self.used = bytearray(len(self.raw))
        self.members = self.walked = 0
        """Members of classes and bytes of code that were read."""
        self.noted = set()

    def _table(self, at: int, size: int) -> bytes:
        """Return a table of rows of ``size`` bytes whose count and place stand at ``at``, as far as there is one."""
        if len(self.data) < 112:  # noqa: PLR2004 - of the format
            raise ReadError("truncated", "the DEX ends inside its header")
        count, start = u32(self.data, at), u32(self.data, at + 4)
        found = self.data[start : start + count * size] if start < len(self.data) else b""
        if len(found) < count * size:
            self.gaps["truncated"] = "the DEX ends early; what there was was read"
        return found[: len(found) - len(found) % size]

    def _ids(self, at: int, kind: str, size: int) -> array[int]:
        found = array(kind)
        table = self._table(at, size)
        if found.itemsize != size:  # a platform on which C's types are of other sizes
            return array("L", (row[0] for row in struct.iter_unpack("<I", table)))
        found.frombytes(table)
        if struct.pack("=H", 1) != struct.pack("<H", 1):
            found.byteswap()
        return found

    def _rows(self, at: int, form: str) -> list[tuple[int, ...]]:
        return list(struct.iter_unpack(form, self._table(at, struct.calcsize(form))))

    def _strings(self) -> list[bytes]:
        """Return every string of the table, undecoded; one that lies outside is empty."""
        data, size = self.data, len(self.data)
        find = data.find
        out = []
        spent = 0
        for place in self.places:
            at = place
            while at < size and data[at] >= 0x80:  # noqa: PLR2004 - the length, in a LEB128 number
                at += 1
            stop = find(0, at + 1, at + 1 + STRING)
            raw = data[at + 1 : stop] if stop >= 0 else data[at + 1 : at + 1 + STRING]
            spent += len(raw)
            if spent > 2 * size:  # rows that point at the same long string again and again
                self.gaps["limit"] = "strings of the DEX overlap; the rest of them was not read"
                break
            if stop < 0:
                self.gaps["truncated"] = "the DEX ends early; what there was was read"
            out.append(raw)
        return out

    def text(self, number: int) -> str:
        """Return a string by its number, which counts as used."""
        if number >= len(self.raw):
            return ""
        raw = self.raw[number]
        if len(raw) > AGAIN:  # the whole of it is yielded once, on its own
            return lossy(raw[:AGAIN])
        self.used[number] = 1
        return lossy(raw)

    def type(self, number: int) -> str:
        """Return the descriptor of a type."""
        return self.text(self.types[number]) if number < len(self.types) else ""

    def parts(self, trail: tuple[str, ...], wanted: Sequence[tuple[int, int]] | None) -> Iterator[Part | Gap]:
        """Yield the classes that are defined here, those that are used, then the strings that are left."""
        only = None if wanted is None else self._numbers(wanted)
        members = {number: list(rows) for number, rows in groupby(self.fields, itemgetter(0))}
        methods = {number: list(rows) for number, rows in groupby(self.methods, itemgetter(0))}
        codes = [self._class_data(row) for row in self.classes]
        holding = self._holding(codes, self._loading(only)) if only else set()
        for number, row in enumerate(self.classes):
            self.deadline.check()
            mine, does = members.pop(row.type, []), methods.pop(row.type, [])
            notes = self.annotations(row.annotations)
            if only is None or number in holding or self._named(row, mine, does, only):
                yield from self._class(row, mine, does, codes[number], notes)
            else:
                for text in self.noted:
                    self.used[text] = 0
        yield from self._others(members, methods, only)
        yield from self._left(only)
        for reason, detail in self.gaps.items():
            yield Gap(trail, reason, detail)

    def _numbers(self, wanted: Sequence[tuple[int, int]]) -> set[int]:
        """Return the numbers of the strings that hold a wanted place."""
        order = sorted(range(len(self.raw)), key=self.places.__getitem__)
        starts = [self.places[number] for number in order]
        found = set()
        for start, _stop in wanted:
            at = bisect_right(starts, start) - 1
            if at >= 0 and start <= starts[at] + 5 + len(self.raw[order[at]]):
                found.add(order[at])
        return found

    def _loading(self, only: set[int]) -> list[int]:
        """Return the places in the file at which an instruction may load one of the strings."""
        data = self.data
        short = [re.escape(struct.pack("<H", number)) for number in only if number < 1 << 16]
        long = [re.escape(struct.pack("<I", number)) for number in only]
        found = [] if not short else re.finditer(rb"\x1a(?=[\s\S](?:%s))" % b"|".join(short), data)
        more = re.finditer(rb"\x1b(?=[\s\S](?:%s))" % b"|".join(long), data)
        # code is made of 16-bit units
        return sorted(m.start() for matches in (found, more) for m in matches if m.start() % 2 == 0)

    def _holding(self, codes: list[list[tuple[int, int]]], loaded: list[int]) -> set[int]:
        """Return the numbers of the classes whose code holds one of the places."""
        starts = sorted((code, number) for number, found in enumerate(codes) for _, code in found)
        holding = set()
        for place in loaded:
            at = bisect_right(starts, (place, len(codes))) - 1
            if at >= 0:
                code, number = starts[at]
                if place < code + 16 + 2 * u32(self.data, code + 12):
                    holding.add(number)
        return holding

    def _named(self, row: _Def, fields: list[tuple[int, ...]], methods: list[tuple[int, ...]], only: set[int]) -> bool:
        """Whether one of the strings names the class, a field or a method of it, or stands in an annotation."""
        if row.type < len(self.types) and self.types[row.type] in only:
            return True
        return (
            any(f[2] in only for f in fields) or any(m[2] in only for m in methods) or not only.isdisjoint(self.noted)
        )

    def _class_data(self, row: _Def) -> list[tuple[int, int]]:
        """Return number and place of code of each method of a class."""
        if not row.data:
            return []
        try:
            found, count = methods_of(self.data, row.data)
            # a member takes two bytes at least: more of them than that are classes that share their data
            self.members += count
            if self.members > len(self.data):
                self.gaps["limit"] = "classes of the DEX overlap; the code of the rest was not read"
                return []
        except ReadError:
            self.gaps["corrupt"] = "a class whose data lies outside of the DEX; its strings were read without it"
            return []
        return found

    def _class(
        self,
        row: _Def,
        fields: list[tuple[int, ...]],
        methods: list[tuple[int, ...]],
        codes: list[tuple[int, int]],
        noted: tuple[str, dict[int, str]],
    ) -> Iterator[Part]:
        notes, field_notes = noted
        package, title = simple(self.type(row.type)[1:-1])
        what = "enum" if row.flags & _ENUM else "interface" if row.flags & _INTERFACE else "class"
        names = [(self.text(n), described(self.type(kind)), field_notes.get(n, "")) for _, kind, n in fields]
        outer = Scope("module", package) if package else None
        does = [name for name in dict.fromkeys(self.text(m[2]) for m in methods) if not name.startswith("<")]
        members = [text for name, _, note in names for text in (name, *quoted(note))] + does
        scope = Scope(what, title, kept(members), notes, outer)
        if len(title) >= SHORTEST:
            above = simple(self.type(row.above)[1:-1])[1] if row.above != _NONE else ""
            said = f"{what} {title}" + (f" extends {above}" if above not in ("", "Object", "Enum") else "")
            yield Part(title, "declaration", scope, f"{notes} {said}" if notes else said, notes)
        for name, type_, note in names:
            said = f"{note} {type_} {name}" if note else f"{type_} {name}"
            for text in (name, *quoted(note)):
                if len(text) >= SHORTEST:
                    yield Part(text, "member", scope, said, note)
            if note:
                yield Part(note, "string", scope, said)
        for name in does:
            if len(name) >= SHORTEST:
                yield Part(name, "declaration", scope, f"{title}.{name}()")
        for method, code in codes:
            yield from self._code(method, code, scope)

    def _code(self, method: int, code: int, scope: Scope) -> Iterator[Part]:
        """Yield the strings that a method loads: a list for each field that they are stored in, else for the method."""
        data = self.data
        if code + 16 > len(data):
            return
        size = min(2 * u32(data, code + 12), CODE)
        self.walked += size
        if self.walked > 2 * len(data):
            self.gaps["limit"] = "methods of the DEX overlap; the code of the rest was not read"
            return
        found: list[str] = []
        name = self.text(self.methods[method][2]) if method < len(self.methods) else ""
        for is_string, number in loads(data[code + 16 : code + 16 + size]):
            if is_string:
                if number < len(self.raw):
                    found.append(self.text(number))
            elif len(found) > 1 and number < len(self.fields):
                yield from listed(found, self.text(self.fields[number][2]), scope)
                found = []
        yield from listed(found, "", scope if name.startswith("<") else Scope("function", name, (), "", scope))

    def _others(
        self,
        members: dict[int, list[tuple[int, ...]]],
        methods: dict[int, list[tuple[int, ...]]],
        only: set[int] | None,
    ) -> Iterator[Part]:
        """Yield the fields and methods of classes that lie elsewhere, where their names are not yet known."""
        for number in (*members, *(n for n in methods if n not in members)):
            names = dict.fromkeys(row[2] for row in (*members.get(number, ()), *methods.get(number, ())))
            if only is not None and only.isdisjoint(names):
                continue
            title = simple(self.type(number)[1:-1])[1]
            scope = Scope("class", title, kept(self.text(row[2]) for row in members.get(number, ())))
            for name in map(self.text, names):
                if len(name) >= SHORTEST and not name.startswith("<"):
                    yield Part(name, "name", scope, f"{title}.{name}")

    def _left(self, only: set[int] | None) -> Iterator[Part]:
        """Yield the strings that belong to nothing: static values, debug names, resources by name."""
        scope = Scope("file", "")
        for number, raw in enumerate(self.raw):
            if self.used[number] or len(raw) < SHORTEST or (only is not None and number not in only):
                continue
            if number % 4096 == 0:
                self.deadline.check()
            if raw[:1] == b"L" and raw[-1:] == b";" and b" " not in raw:
                title = simple(lossy(raw)[1:-1])[1]
                if len(title) >= SHORTEST:
                    yield Part(title, "name", scope, lossy(raw)[1:-1].replace("/", "."))
            else:
                yield Part(lossy(raw), "string", scope)
