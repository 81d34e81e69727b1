"""Annotations of classes and fields in a DEX file, in words: ``@SerializedName("race")``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.common import NOTE, described, u32, uleb

if TYPE_CHECKING:
    from array import array

DEEP: Final = 16
"""Annotation values inside each other."""
_MADE: Final = (
    b"/EnclosingClass;",
    b"/EnclosingMethod;",
    b"/InnerClass;",
    b"/MemberClasses;",
    b"annotation/Signature;",
    b"/Throws;",
    b"Lkotlin/Metadata;",
    b"/DebugMetadata;",
    b"/SourceDebugExtension;",
)
"""Annotations that compilers make for themselves: they say again what the tables say, at great length."""


class Annotated:
    """The part of a DEX file's reader that reads its annotations."""

    data: bytes
    gaps: dict[str, str]
    raw: list[bytes]
    types: array[int]
    fields: list[tuple[int, ...]]
    members: int
    noted: set[int]
    """Strings in the annotations of the class that is being read."""

    def text(self, number: int) -> str:
        """Return a string of the table."""
        raise NotImplementedError

    def type(self, number: int) -> str:
        """Return the name of a type."""
        raise NotImplementedError

    def annotations(self, at: int) -> tuple[str, dict[int, str]]:
        """Return the annotations of a class, and of its fields by the number of the field's name."""
        data = self.data
        self.noted.clear()
        if not at:
            return "", {}
        try:
            whole, fields = u32(data, at), u32(data, at + 4)
            notes = self._set(whole) if whole else ""
            found = {}
            self.members += fields
            for i in range(fields if self.members <= len(data) else 0):
                number, place = u32(data, at + 16 + 8 * i), u32(data, at + 20 + 8 * i)
                if number < len(self.fields):
                    found[self.fields[number][2]] = self._set(place)
        except ReadError:
            self.gaps["corrupt"] = "annotations that lie outside of the DEX; their strings were read without them"
            return "", {}
        return notes, found

    def _set(self, at: int) -> str:
        """Return a set of annotations in words; those that the compiler makes for itself say nothing."""
        said = []
        for i in range(min(u32(self.data, at), 64)):
            place = u32(self.data, at + 4 + 4 * i) + 1
            number = uleb(self.data, place)[0]
            if number < len(self.types) and self.types[number] < len(self.raw):
                if self.raw[self.types[number]].endswith(_MADE):
                    continue
                said.append(self._annotation(place, 0)[0])
        return " ".join(said)[:NOTE]

    def _annotation(self, at: int, deep: int) -> tuple[str, int]:
        number, at = uleb(self.data, at)
        count, at = uleb(self.data, at)
        pairs = []
        for _ in range(min(count, 256)):
            name, at = uleb(self.data, at)
            value, at = self._value(at, deep)
            key = self.text(name)
            pairs.append(value if key == "value" else f"{key} = {value}")
        return f"@{described(self.type(number))}({', '.join(pairs)[:NOTE]})", at

    def _value(self, at: int, deep: int) -> tuple[str, int]:
        """Return an encoded value in words, and where it ends."""
        data = self.data
        if deep > DEEP or at >= len(data):
            raise ReadError("corrupt", "annotations without end")
        kind, size = data[at] & 0x1F, (data[at] >> 5) + 1
        at += 1
        if kind == 0x1C:  # noqa: PLR2004 - an array
            count, at = uleb(data, at)
            texts = []
            for _ in range(min(count, 4096)):
                text, at = self._value(at, deep + 1)
                texts.append(text)
            return f"{{{', '.join(texts)[:NOTE]}}}", at
        if kind == 0x1D:  # noqa: PLR2004 - an annotation
            return self._annotation(at, deep + 1)
        if kind in (0x1E, 0x1F):
            return "", at
        number = int.from_bytes(data[at : at + size], "little")
        if kind == 0x17:  # noqa: PLR2004 - a string
            if number < len(self.raw):
                self.noted.add(number)
            return f'"{self.text(number)}"', at + size
        if kind == 0x1B and number < len(self.fields):  # noqa: PLR2004 - a constant of an enum
            return self.text(self.fields[number][2]), at + size
        return "", at + size
