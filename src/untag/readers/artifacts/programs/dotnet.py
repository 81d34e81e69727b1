"""Assemblies of .NET: types with their fields, and the strings that methods load (ECMA-335, partition II).

What is neither metadata nor a resource (other sections, native code, version information)
is handed on as bytes, which are searched as those of any program are: nothing is lost by
reading the structure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Blob, Gap, Scope
from untag.readers.artifacts.programs.common import AGAIN, LONGEST, NOTE, SHORTEST, kept, u16, u32
from untag.readers.artifacts.programs.metadata import Metadata
from untag.readers.artifacts.programs.portable import Image
from untag.readers.base import Part
from untag.readers.containers.common import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline

MOST: Final = 128 << 20
"""Bytes of one assembly; a larger program is searched as raw bytes."""
CODE: Final = 1 << 22
"""Bytes of one method's code."""
RESOURCES: Final = 20_000
"""Embedded files of one assembly."""
_LOAD: Final = re.compile(rb"\x72([\s\S]{3})\x70")
"""ldstr with the token of a string."""
_WORDS: Final = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}){2,}")
TYPEDEF, FIELD, METHOD, PARAM, CONSTANT, ATTRIBUTE, PROPERTY_MAP, PROPERTY, RESOURCE = 2, 4, 6, 8, 11, 12, 21, 23, 40
"""Numbers of the tables that are read."""


class DotNet:
    """One assembly."""

    name = "dotnet"
    version = 1
    formats = ("dll", "exe", "winmd")
    verbatim = ("utf-8", "utf-16-le")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether a PE file begins here whose header points at .NET metadata."""
        try:
            return Image(head).cli != (0, 0)
        except ReadError:
            return False

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the types, the strings of their methods, embedded files and what else the file holds."""
        if len(blob.data) > MOST:
            raise ReadError("limit", f"an assembly larger than {MOST:,} bytes")
        data = bytes(blob.data)
        covered: list[tuple[int, int]] = []
        assembly = None
        try:
            image = Image(data)
            at = image.place(image.cli[0])
            start, size = image.place(u32(data, at + 8)), u32(data, at + 12)
            covered.append((start, start + size))
            if start + size > len(data):
                yield Gap(blob.trail, "truncated", "the assembly ends inside its metadata; what there was was read")
            assembly = _Assembly(data, image, Metadata(data[start : start + size]), deadline)
            yield from assembly.parts()
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
            if assembly is None:
                covered.clear()
        if assembly is not None:
            yield from assembly.left()
            yield from assembly.resources(blob.trail, u32(data, at + 24), covered, budget)
        yield from _others(blob.trail, data, covered, budget)


def _others(trail: tuple[str, ...], data: bytes, covered: list[tuple[int, int]], budget: Budget) -> Iterator[Blob]:
    """Yield what was not read as metadata or as a resource."""
    at = 2  # without the mark of a program, or it would be read as an assembly again
    for number, (start, stop) in enumerate((*sorted(covered), (len(data), len(data)))):
        if start - at >= 16:  # noqa: PLR2004 - no word worth a look
            budget.member()
            yield Blob((*trail, f"~rest{number}"), data[at:start])
        at = max(at, stop)


class _Assembly:
    """The tables of one assembly, joined."""

    def __init__(self, data: bytes, image: Image, meta: Metadata, deadline: Deadline) -> None:
        self.data = data
        self.image = image
        self.meta = meta
        self.deadline = deadline
        self.loaded: set[int] = set()
        """Places of literals that a method loads."""
        self.walked = 0
        """Bytes of code that were read."""
        self.notes: dict[tuple[int, int], str] = {}
        self.values: dict[tuple[int, int], str] = {}

    def _gather(self) -> None:
        """Read constants and attributes, by the table and the row that they belong to."""
        meta = self.meta
        for row in meta.rows(CONSTANT):
            if row[0] & 0xFF == 0x0E:  # noqa: PLR2004 - a string
                owner = meta.coded("HasConstant", row[1])
                self.values[owner] = meta.blob(row[2]).decode("utf-16-le", "replace")[:LONGEST]
        for row in meta.rows(ATTRIBUTE):
            raw = meta.blob(row[2])
            said = ", ".join(found.decode("utf-8", "replace") for found in _WORDS.findall(raw[2:]))
            if said:
                owner = meta.coded("HasCustomAttribute", row[0])
                before = self.notes.get(owner, "")
                self.notes[owner] = f"{before}, {said}"[:NOTE] if before else said[:NOTE]

    def parts(self) -> Iterator[Part]:
        """Yield the types in order."""
        meta = self.meta
        self._gather()
        types = meta.rows(TYPEDEF)
        properties: dict[int, tuple[int, int]] = {}
        maps = meta.rows(PROPERTY_MAP)
        for number, row in enumerate(maps):
            last = maps[number + 1][1] if number + 1 < len(maps) else len(meta.rows(PROPERTY)) + 1
            properties[row[0]] = (row[1], last)
        for number, row in enumerate(types):
            self.deadline.check()
            after = types[number + 1] if number + 1 < len(types) else None
            fields = (row[4], after[4] if after else len(meta.rows(FIELD)) + 1)
            methods = (row[5], after[5] if after else len(meta.rows(METHOD)) + 1)
            yield from self._type(number + 1, row, fields, methods, properties.get(number + 1, (0, 0)))

    def _type(
        self,
        number: int,
        row: tuple[int, ...],
        fields: tuple[int, int],
        methods: tuple[int, int],
        properties: tuple[int, int],
    ) -> Iterator[Part]:
        meta = self.meta
        title, package = meta.text(row[1]), meta.text(row[2])
        found = [(FIELD, n, r[1]) for n, r in meta.slice(FIELD, *fields)]
        found += [(PROPERTY, n, r[1]) for n, r in meta.slice(PROPERTY, *properties)]
        names = [(table, n, meta.text(name)) for table, n, name in found]
        names = [(table, n, _plain(name)) for table, n, name in names if name != "value__"]
        is_enum = any(meta.text(r[1]) == "value__" for _, r in meta.slice(FIELD, *fields))
        what = "enum" if is_enum else "interface" if row[0] & 0x20 else "class"
        outer = Scope("module", package) if package else None
        note = self.notes.get((TYPEDEF, number), "")
        members = [text for table, n, name in names for text in (name, self.notes.get((table, n), ""))]
        does = (meta.text(r[3]) for _, r in meta.slice(METHOD, *methods))
        members += [name for name in does if not name.startswith((".", "<", "get_", "set_"))]
        scope = Scope(what, title, kept(members), note, outer)
        if len(title) >= SHORTEST and title != "<Module>":
            yield Part(title, "declaration", scope, f"[{note}] {what} {title}" if note else f"{what} {title}", note)
        for table, n, name in names:
            self.deadline.check()
            note, value = self.notes.get((table, n), ""), self.values.get((table, n), "")
            said = (f"[{note}] " if note else "") + (f'{name} = "{value}"' if value else name)
            if len(name) >= SHORTEST:
                yield Part(name, "member", scope, said, note)
            if value:
                yield Part(value, "value", scope, said)
            if note:
                yield Part(note, "member", scope, said)
        last = len(meta.rows(PARAM)) + 1
        for n, method in meta.slice(METHOD, *methods):
            follows = meta.slice(METHOD, n + 1, n + 2)
            yield from self._method(n, method, (method[5], follows[0][1][5] if follows else last), scope)

    def _method(self, number: int, row: tuple[int, ...], params: tuple[int, int], scope: Scope) -> Iterator[Part]:
        meta = self.meta
        name = meta.text(row[3])
        args = [meta.text(r[2]) for _, r in meta.slice(PARAM, *params)]
        note = self.notes.get((METHOD, number), "")
        inside = scope
        if len(name) >= SHORTEST and not name.startswith((".", "<", "get_", "set_")):
            inside = Scope("function", name, kept(args), note, scope)
            yield Part(name, "declaration", inside, f"{name}({', '.join(args)})", note)
            for arg in args:
                if len(arg) >= SHORTEST:
                    yield Part(arg, "parameter", inside)
        if note:
            yield Part(note, "string", inside)
        texts = self._loads(row[0])
        if texts:
            held = Scope("list", "", kept(texts), "", inside)
            for text in texts:
                yield Part(text, "item" if len(texts) > 1 else "string", held if len(texts) > 1 else inside)

    def _loads(self, address: int) -> list[str]:
        """Return the literals that a method's code loads, in order."""
        if not address:
            return []
        try:
            at = self.image.place(address)
        except ReadError:
            return []
        data = self.data
        first = data[at] if at < len(data) else 0
        if first & 3 == 2:  # noqa: PLR2004 - a tiny header
            start, size = at + 1, first >> 2
        elif at + 12 <= len(data):
            start, size = at + 4 * (u16(data, at) >> 12), u32(data, at + 4)
        else:
            return []
        size = min(size, CODE)
        self.walked += size
        if self.walked > 2 * len(data):  # methods that share their code
            return []
        loads = _LOAD.finditer(data[start : start + size])
        places = dict.fromkeys(int.from_bytes(m.group(1), "little") for m in loads)
        texts = []
        for place in places:
            text = self.meta.literal(place)
            if len(text) <= AGAIN or place not in self.loaded:
                texts.append(text)
            self.loaded.add(place)
        return [text for text in texts if len(text) >= SHORTEST]

    def left(self) -> Iterator[Part]:
        """Yield the names and literals that stood in no part: other types' members, parameters, generics."""
        scope = Scope("file", "")
        for text in self.meta.unused():
            yield Part(text, "name", scope)
        for place, text in self.meta.literals():
            if place not in self.loaded and len(text) >= SHORTEST:
                yield Part(text, "string", scope)
        for note in {n for (table, _), n in self.notes.items() if table not in (TYPEDEF, FIELD, METHOD, PROPERTY)}:
            yield Part(note, "string", scope)

    def resources(
        self, trail: tuple[str, ...], address: int, covered: list[tuple[int, int]], budget: Budget
    ) -> Iterator[Blob]:
        """Yield the files that are embedded in the assembly."""
        if not address:
            return
        try:
            base = self.image.place(address)
            for row in self.meta.rows(RESOURCE)[:RESOURCES]:
                if row[3]:
                    continue  # it lies in another file
                at = base + row[0]
                size = u32(self.data, at)
                budget.member()
                covered.append((at, min(at + 4 + size, len(self.data))))
                name = clean(self.meta.text(row[2]))[0]
                yield Blob((*trail, name), self.data[at + 4 : at + 4 + size])
        except ReadError:
            return


def _plain(name: str) -> str:
    """Return the property's name of the field that the compiler makes for it: ``<Race>k__BackingField``."""
    return name[1:].partition(">")[0] if name.startswith("<") and name.endswith("k__BackingField") else name
