"""The values in a marshalled stream of Python, read as data (CPython, Python/marshal.c).

`marshal.loads` is not safe on hostile bytes and knows its own version alone. Here numbers
are passed over, strings and tuples are kept, and a code object is its fields.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from untag.limits import Deadline

DEEP: Final = 200
"""Values inside each other; a compiler's own output nests some twenty deep."""
NUMBERS: Final = {
    ord("i"): 4, ord("I"): 8, ord("g"): 8, ord("y"): 16,
    ord("N"): 0, ord("F"): 0, ord("T"): 0, ord("S"): 0, ord("."): 0,
}  # fmt: skip
"""Values of a fixed size in which there is no word."""


@dataclass(slots=True, eq=False)
class Code:
    """A code object."""

    args: int
    flags: int
    code: bytes
    consts: tuple[Any, ...]
    names: tuple[str, ...]
    locals: tuple[str, ...]
    """Arguments first."""
    name: str


NULL: Final = object()
"""The end of a dictionary."""


class Reader:
    """Reads one stream; `codes` and `texts` hold what was read, whatever comes later."""

    def __init__(self, data: bytes, at: int, minor: int, deadline: Deadline) -> None:
        self.data = data
        self.at = at
        self.minor = minor
        self.deadline = deadline
        self.refs: list[Any] = []
        self.codes: list[Code] = []
        """In the order in which they end: the inner ones first."""
        self.texts: list[str] = []

    def _take(self, count: int) -> bytes:
        piece = self.data[self.at : self.at + count]
        if len(piece) < count:
            raise ReadError("truncated", "the compiled file ends early; what there was was read")
        self.at += count
        return piece

    def _long(self) -> int:
        return int(struct.unpack("<i", self._take(4))[0])

    def _count(self, size: int = 4) -> int:
        """Return a count that the rest of the file could hold."""
        count = int.from_bytes(self._take(size), "little")
        if count > len(self.data) - self.at:
            raise ReadError("truncated", "the compiled file ends early; what there was was read")
        return count

    def value(self, deep: int = 0) -> Any:
        """Read one value: a string, bytes, a tuple, a `Code`; None for what holds no word."""
        if deep > DEEP:
            raise ReadError("limit", f"more than {DEEP} values inside each other")
        kind = self._take(1)[0]
        place = -1
        if kind & 0x80:
            kind &= 0x7F
            if kind != ord("r"):
                place = len(self.refs)
                self.refs.append(None)
        found = self._kind(kind, deep)
        if place >= 0:
            self.refs[place] = found
        return found

    def _kind(self, kind: int, deep: int) -> Any:
        letter = chr(kind)
        if kind in NUMBERS:
            self._take(NUMBERS[kind])
            return None
        if letter in "zZ":
            return self._text(self._count(1), "latin-1")
        if letter in "aA":
            return self._text(self._count(), "latin-1")
        if letter in "ut":
            return self._text(self._count(), "utf-8")
        if letter == "s":
            return self._take(self._count())
        if letter == ")":
            return tuple([self.value(deep + 1) for _ in range(self._count(1))])
        if letter in "([<>":
            return tuple([self.value(deep + 1) for _ in range(self._count())])
        if letter == "r":
            number = self._long()
            return self.refs[number] if 0 <= number < len(self.refs) else None
        if letter == "c":
            return self._code(deep)
        return self._rare(letter, deep)

    def _rare(self, letter: str, deep: int) -> Any:
        if letter == "0":
            return NULL
        if letter == "l":
            self._take(2 * min(abs(self._long()), len(self.data)))
        elif letter in "fx":
            for _ in range(1 + (letter == "x")):
                self._take(self._count(1))
        elif letter == "{":
            items = []
            while (key := self.value(deep + 1)) is not NULL:
                items += [key, self.value(deep + 1)]
            return tuple(items)
        elif letter == ":":
            return tuple([self.value(deep + 1) for _ in range(3)])
        else:
            raise ReadError("corrupt", "a value of unknown kind; what stood before it was read")
        return None

    def _text(self, count: int, codec: str) -> str:
        raw = self._take(count)
        text = raw.decode(codec, "replace")
        self.texts.append(text)
        return text

    def _code(self, deep: int) -> Code:
        self.deadline.check()
        numbers = [self._long() for _ in range(5 if self.minor < 8 or self.minor > 10 else 6)]  # noqa: PLR2004 - of the versions
        kwonly = numbers[1] if self.minor < 8 else numbers[2]  # noqa: PLR2004
        code, consts, names, locals_ = (self.value(deep + 1) for _ in range(4))
        if self.minor >= 11:  # noqa: PLR2004
            _kinds, _file, name, _qualified, _line, _table, _caught = self._tail(7, deep)
        else:
            _free, _cells, _file, name, _line, _table = self._tail(6, deep)
        args = numbers[0] + max(kwonly, 0)
        found = Code(
            args=max(0, args),
            flags=numbers[-1],
            code=code if isinstance(code, bytes) else b"",
            consts=consts if isinstance(consts, tuple) else (),
            names=_strings(names),
            locals=_strings(locals_),
            name=name if isinstance(name, str) else "",
        )
        self.codes.append(found)
        return found

    def _tail(self, count: int, deep: int) -> list[Any]:
        """Read the last fields, of which the line number is no value."""
        line = count - (3 if self.minor >= 11 else 2)  # noqa: PLR2004 - of the versions
        return [self._long() if number == line else self.value(deep + 1) for number in range(count)]


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item if isinstance(item, str) else "" for item in value) if isinstance(value, tuple) else ()
