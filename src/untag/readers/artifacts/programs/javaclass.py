"""Java class files: the constant pool, the fields and the methods (JVM specification, chapter 4).

A class keeps its names: the fields are members of the class, constants of an enum are
members of the enum, annotations stand in the statement of what they annotate, and the
strings of the class are one list in the order in which the code uses them. Whatever else
the pool holds is yielded as well: nothing in a claimed file is searched as raw bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Gap, Scope
from untag.readers.artifacts.programs.common import (
    AGAIN,
    NOTE,
    SHORTEST,
    described,
    kept,
    listed,
    lossy,
    quoted,
    simple,
)
from untag.readers.artifacts.programs.jvmcode import loads
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob

MOST: Final = 32 << 20
"""Bytes of a class file; the format's own limits end near there, and javac's output below 1 MB."""
ANNOTATIONS: Final = 100
"""Annotations of one class or member."""
DEEP: Final = 16
"""Annotations inside each other."""
_OLDEST, _NEWEST = 45, 99
"""Major versions: JDK 1.1 and some decades to come; a fat Mach-O has its count of architectures there."""
_SIZES: Final = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}
_ENUM: Final = 0x4000
_INTERFACE: Final = 0x0200
_ATTRIBUTES: Final = frozenset(
    (
        "Code", "ConstantValue", "StackMapTable", "Exceptions", "InnerClasses", "EnclosingMethod", "Synthetic",
        "Signature", "SourceFile", "SourceDebugExtension", "LineNumberTable", "LocalVariableTable",
        "LocalVariableTypeTable", "Deprecated", "RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations",
        "RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations", "AnnotationDefault",
        "BootstrapMethods", "MethodParameters", "NestHost", "NestMembers", "Record", "<init>", "<clinit>", "this",
    )
)  # fmt: skip


_MADE: Final = frozenset(
    ("MethodHandles", "MethodHandles.Lookup", "Lookup", "StringConcatFactory", "LambdaMetafactory", "metafactory",
     "makeConcatWithConstants", "ObjectMethods", "$VALUES", "$values", "valueOf", "values")
)  # fmt: skip
"""What the compiler adds to any class; a lookup of method handles is no search."""


@dataclass(slots=True)
class _Member:
    """A field or a method."""

    name: str
    kind: str
    """Its descriptor."""
    flags: int
    notes: list[str] = field(default_factory=list)
    """Annotations as a source would spell them."""
    value: str = ""
    code: bytes = b""


class JavaClass:
    """One class file."""

    name = "class"
    version = 1
    formats = ("class",)
    verbatim = ("utf-8",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether the magic number and a version of Java begin the file."""
        return head[:4] == b"\xca\xfe\xba\xbe" and _OLDEST <= int.from_bytes(head[6:8], "big") <= _NEWEST

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield the class, its fields, methods and strings."""
        if len(blob.data) > MOST:
            raise ReadError("limit", f"a class file larger than {MOST:,} bytes")
        made = _Class(bytes(blob.data), deadline)
        error = None
        try:
            made.read()
        except ReadError as caught:
            error = caught
        yield from made.parts()
        if error is not None:
            yield Gap(blob.trail, error.reason, error.detail)


class _Class:
    """The state of one reading: what was read stays when the rest cannot be."""

    def __init__(self, data: bytes, deadline: Deadline) -> None:
        self.data = data
        self.deadline = deadline
        self.utf8: dict[int, bytes] = {}
        self.links: dict[int, tuple[int, ...]] = {}
        """Of each other constant: its tag and what it points at."""
        self.used: set[int] = set()
        """Strings of the pool that stand in a part."""
        self.told: set[int] = set()
        """Literals that stand in a list."""
        self.flags = 0
        self.title = self.above = ""
        self.fields: list[_Member] = []
        self.methods: list[_Member] = []
        self.notes: list[str] = []

    def _get(self, form: str, at: int) -> tuple[int, ...]:
        try:
            return struct.unpack_from(form, self.data, at)
        except struct.error as error:
            raise ReadError("truncated", "the class file ends early; what there was was read") from error

    def read(self) -> None:
        """Read the file in its own order; raises `ReadError` where it ends."""
        at = self._pool()
        self.flags, this, above, interfaces = self._get(">HHHH", at)
        self.title, self.above = self._class(this), self._class(above)
        at += 8 + 2 * interfaces
        at = self._members(at, self.fields)
        at = self._members(at, self.methods)
        self._attributes(at, self.notes)

    def _pool(self) -> int:
        data = self.data
        (count,) = self._get(">H", 8)
        at, number = 10, 1
        while number < count:
            tag = self._get(">B", at)[0]
            if tag == 1:
                (size,) = self._get(">H", at + 1)
                self.utf8[number] = data[at + 3 : at + 3 + size]
                at += 3 + size
                if at > len(data):
                    raise ReadError("truncated", "the class file ends early; what there was was read")
            else:
                size = _SIZES.get(tag, 0)
                if not size:
                    raise ReadError("corrupt", f"a constant of unknown kind {tag}; what stood before it was read")
                if tag in (7, 8):
                    self.links[number] = (tag, *self._get(">H", at + 1))
                elif tag in (9, 10, 11, 12):
                    self.links[number] = (tag, *self._get(">HH", at + 1))
                at += 1 + size
                number += tag in (5, 6)  # a long and a double take two places
            number += 1
        return at

    def text(self, number: int) -> str:
        """Return a string of the pool, which counts as used."""
        raw = self.utf8.get(number, b"")
        if len(raw) > AGAIN:  # the whole of it is yielded once, on its own
            return lossy(raw[:AGAIN])
        self.used.add(number)
        return lossy(raw)

    def _class(self, number: int) -> str:
        link = self.links.get(number, ())
        return self.text(link[1]) if link and link[0] == 7 else ""  # noqa: PLR2004 - of the format

    def _members(self, at: int, into: list[_Member]) -> int:
        (count,) = self._get(">H", at)
        at += 2
        for _ in range(count):
            self.deadline.check()
            flags, name, kind = self._get(">HHH", at)
            member = _Member(self.text(name), self.text(kind), flags)
            into.append(member)
            at = self._attributes(at + 6, member.notes, member)
        return at

    def _attributes(self, at: int, notes: list[str], member: _Member | None = None) -> int:
        """Read the attributes at a place: constant values, annotations and names of parameters."""
        (count,) = self._get(">H", at)
        at += 2
        for _ in range(count):
            number, size = self._get(">HI", at)
            at += 6
            stop = at + size
            if stop > len(self.data):
                raise ReadError("truncated", "the class file ends early; what there was was read")
            kind = self.utf8.get(number, b"")
            if kind == b"ConstantValue" and member is not None:
                link = self.links.get(self._get(">H", at)[0], ())
                member.value = self.text(link[1]) if link and link[0] == 8 else ""  # noqa: PLR2004 - of the format
            elif kind == b"Code" and member is not None:
                length = self._get(">I", at + 4)[0]
                member.code = self.data[at + 8 : min(at + 8 + length, stop)]
            elif kind.endswith(b"ibleAnnotations") and size >= 2:  # noqa: PLR2004 - of the format
                self._annotations(at, stop, notes)
            at = stop
        return at

    def _annotations(self, at: int, stop: int, notes: list[str]) -> None:
        """Read annotations; one that makes no sense ends them."""
        (count,) = self._get(">H", at)
        at += 2
        try:
            for _ in range(min(count, ANNOTATIONS)):
                at = self._annotation(at, stop, notes, 0)
        except ReadError:
            return

    def _annotation(self, at: int, stop: int, notes: list[str], deep: int) -> int:
        kind, pairs = self._get(">HH", at)
        at += 4
        said: list[str] = []
        for _ in range(pairs):
            (name,) = self._get(">H", at)
            inner: list[str] = []
            at = self._element(at + 2, stop, inner, deep)
            key = self.text(name)
            said.append(", ".join(inner) if key == "value" else f"{key} = {', '.join(inner)}")
        notes.append(f"@{described(self.text(kind))}({', '.join(said)[:NOTE]})")
        return at

    def _element(self, at: int, stop: int, said: list[str], deep: int) -> int:
        if deep > DEEP or at >= stop:
            raise ReadError("corrupt", "annotations without end")
        tag = self.data[at : at + 1]
        if tag == b"s":
            said.append(f'"{self.text(self._get(">H", at + 1)[0])}"')
            return at + 3
        if tag == b"e":
            said.append(self.text(self._get(">HH", at + 1)[1]))
            return at + 5
        if tag == b"@":
            return self._annotation(at + 1, stop, said, deep + 1)
        if tag == b"[":
            (count,) = self._get(">H", at + 1)
            at += 3
            for _ in range(count):
                at = self._element(at, stop, said, deep + 1)
            said[:] = [", ".join(said)[:NOTE]]
            return at
        return at + 3

    def parts(self) -> Iterator[Part]:
        """Yield what was read."""
        package, title = simple(self.title)
        outer = Scope("module", package) if package else None
        kind = "enum" if self.flags & _ENUM else "interface" if self.flags & _INTERFACE else "class"
        doc = "; ".join(self.notes)
        mine = [f for f in self.fields if f.flags & _ENUM or kind != "enum"]
        names = [text for f in mine for text in (f.name, *(t for note in f.notes for t in quoted(note)))]
        names += [m.name for m in self.methods if not m.name.startswith("<") and m.name not in _MADE]
        scope = Scope(kind, title, kept(names), doc, outer)
        if title:
            above = simple(self.above)[1]
            head = f"{kind} {title}" + (f" extends {above}" if above not in ("", "Object", "Enum") else "")
            yield Part(title, "declaration", scope, " ".join((*self.notes, head)), doc)
        for member in self.fields:
            value = f' = "{member.value}"' if member.value else ""
            said = " ".join((*member.notes, described(member.kind), f"{member.name}{value}"))
            for text in (member.name, *(t for note in member.notes for t in quoted(note))):
                if len(text) >= SHORTEST:
                    yield Part(text, "member", scope, said, "; ".join(member.notes))
            if member.value:
                yield Part(member.value, "value", scope, said)
        for member in self.methods:
            yield from self._method(member, scope)
        yield from self._strings(scope)
        yield from self._calls(scope)
        yield from self._rest(scope)

    def _method(self, member: _Member, scope: Scope) -> Iterator[Part]:
        if not member.name.startswith("<"):
            back = described(member.kind.rpartition(")")[2])
            said = " ".join((*member.notes, back, f"{member.name}()"))
            yield Part(member.name, "declaration", scope, said, "; ".join(member.notes))
        yield from self._code(member, scope)

    def _code(self, member: _Member, scope: Scope) -> Iterator[Part]:
        """Yield the literals of a method: a list for each field that they are stored in, else for the method."""
        inside = scope if member.name.startswith("<") else Scope("function", member.name, (), "", scope)
        found: list[str] = []
        for is_load, number in loads(member.code):
            link = self.links.get(number, ())
            if not link:
                continue
            if is_load and link[0] == 8:  # noqa: PLR2004 - a string, not a number or a class
                found.append(self.text(link[1]))
                self.told.add(number)
            elif not is_load:
                named = self.links.get(link[-1], ())
                if len(found) > 1 and len(named) > 1:
                    yield from listed(found, self.text(named[1]), scope)
                found = []
        yield from listed(found, "", inside)

    def _strings(self, scope: Scope) -> Iterator[Part]:
        """Yield the literals that no code loads."""
        for number, link in self.links.items():
            if link[0] == 8 and number not in self.told:  # noqa: PLR2004 - of the format
                text = self.text(link[1])
                if len(text) >= SHORTEST:
                    yield Part(text, "string", scope)

    def _calls(self, scope: Scope) -> Iterator[Part]:
        """Yield the fields and methods of other classes that this one uses, and the classes themselves."""
        seen = {self.title}
        for link in self.links.values():
            if link[0] == 7:  # noqa: PLR2004 - of the format
                name = self.text(link[1])
                if name not in seen and not name.startswith("[") and simple(name)[1] not in _MADE:
                    seen.add(name)
                    yield Part(simple(name)[1], "name", scope, name.replace("/", "."))
            elif link[0] in (9, 10, 11):
                owner = self._class(link[1])
                other = self.links.get(link[2], ())
                if owner == self.title or not other or other[0] != 12:  # noqa: PLR2004 - of the format
                    continue
                name = self.text(other[1])
                title = simple(owner.strip("[L;") if owner[:1] == "[" else owner)[1]
                if not name.startswith("<") and title not in _MADE:
                    said = f"{title}.{name}"
                    yield Part(said, "name", scope, said + ("()" if link[0] > 9 else ""))  # noqa: PLR2004 - of the format

    def _rest(self, scope: Scope) -> Iterator[Part]:
        """Yield what of the pool stood in no part: local variables, names of dynamic calls, unread annotations."""
        for number, raw in self.utf8.items():
            if number in self.used or len(raw) < SHORTEST:
                continue
            text = lossy(raw)
            if text not in _ATTRIBUTES and text not in _MADE and not text.startswith("("):
                yield Part(text, "name" if text.isidentifier() else "string", scope)
