"""JSON that is changed without being written anew: every value knows where it stands.

Members and items are cut out of the text together with one comma, and scalars are written over;
all other bytes stay, as do line ends, the byte order mark and the order of keys. A key that
stands twice in one object is an error: readers of JSON differ in which one they believe.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, field
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LARGEST: Final = 64 << 20
"""Bytes of a JSON text that is changed: as values with places it takes some thirty times that."""
CLASSES: Final = 100_000
"""Numbers below which a map of names to numbers may be one of classes."""
NESTING: Final = 100
"""Objects inside each other; the deepest real model description has 30."""
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
BOM: Final = "\ufeff"


@dataclass(slots=True, eq=False)
class Value:
    """A value and its place in the text, in characters."""

    start: int
    stop: int
    plain: Any = None
    """The scalar itself; None for an object or an array."""
    kind: str = "scalar"
    """``scalar``, ``object`` or ``array``."""
    members: list[Member] = field(default_factory=list)

    def get(self, *path: str) -> Value | None:
        """Return the value below keys of objects, None where there is none."""
        here: Value | None = self
        for key in path:
            if here is None or here.kind != "object":
                return None
            here = next((m.value for m in here.members if m.key == key), None)
        return here

    def items(self) -> list[Value]:
        """Return the items of an array; nothing for any other value."""
        return [m.value for m in self.members] if self.kind == "array" else []

    def text(self, key: str) -> str:
        """Return the string under a key, empty where there is none."""
        found = self.get(key)
        return found.plain if found is not None and isinstance(found.plain, str) else ""

    def python(self) -> Any:
        """Return the value as `json.loads` would."""
        if self.kind == "object":
            return {m.key: m.value.python() for m in self.members}
        if self.kind == "array":
            return [m.value.python() for m in self.members]
        return self.plain


@dataclass(slots=True, eq=False)
class Member:
    """A member of an object, or an item of an array, whose key is empty."""

    key: str
    start: int
    """Where the key begins, or the item."""
    value: Value


class Text:
    """One JSON text and the changes that are to be made to it."""

    def __init__(self, data: bytes, name: str) -> None:
        if len(data) > LARGEST:
            raise StripError(f"{name} has more than {LARGEST:,} bytes of JSON; it is not changed by untag")
        try:
            self.text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise StripError(f"{name} is no UTF-8; save it as UTF-8 and plan again") from None
        self.name = name
        self._cuts: list[tuple[int, int, str]] = []
        try:
            begin = self._skip(len(BOM) if self.text.startswith(BOM) else 0)
            self.root = self._value(begin, 0)
            if self._skip(self.root.stop) != len(self.text):
                raise ValueError("something stands behind it")  # noqa: TRY301 - one place words it
        except (ValueError, IndexError) as error:
            raise StripError(f"{name} is no sound JSON ({error}); nothing of it is changed") from None

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> Value:
        mark = self.text[at : at + 1]
        if mark == '"':
            string, stop = scanstring(self.text, at + 1, True)
            return Value(at, stop, string)
        if mark in ("{", "["):
            if depth >= NESTING:
                raise ValueError(f"more than {NESTING} values inside each other")
            return self._container(at, depth, "object" if mark == "{" else "array")
        if found := _NUMBER.match(self.text, at):
            word = found[0]
            return Value(at, found.end(), int(word) if word.lstrip("-").isdecimal() else float(word))
        for word, plain in _WORDS.items():
            if self.text.startswith(word, at):
                return Value(at, at + len(word), plain)
        raise ValueError(f"no value at character {at:,}")

    def _container(self, at: int, depth: int, kind: str) -> Value:
        made = Value(at, at, kind=kind)
        end = "}" if kind == "object" else "]"
        seen: set[str] = set()
        at = self._skip(at + 1)
        if self.text[at] == end:
            made.stop = at + 1
            return made
        while True:
            start, key = at, ""
            if kind == "object":
                if self.text[at] != '"':
                    raise ValueError(f"no key at character {at:,}")
                key, at = scanstring(self.text, at + 1, True)
                if key in seen:
                    raise ValueError(f"the key {key[:60]!r} stands twice")
                seen.add(key)
                at = self._skip(at)
                if self.text[at] != ":":
                    raise ValueError(f"no colon at character {at:,}")
                at = self._skip(at + 1)
            value = self._value(at, depth + 1)
            made.members.append(Member(key, start, value))
            at = self._skip(value.stop)
            if self.text[at] == end:
                made.stop = at + 1
                return made
            if self.text[at] != ",":
                raise ValueError(f"no comma at character {at:,}")
            at = self._skip(at + 1)

    def remove(self, holder: Value, gone: Callable[[Member], bool]) -> list[Member]:
        """Take members or items out of their holder; return them."""
        removed: list[Member] = []
        kept_stop = -1
        run = -1
        for member in holder.members:
            if gone(member):
                removed.append(member)
                run = member.start if run < 0 else run
                continue
            if run >= 0:
                self._cuts.append((run, member.start, ""))
                run = -1
            kept_stop = member.value.stop
        if run >= 0:
            self._cuts.append((kept_stop if kept_stop >= 0 else run, removed[-1].value.stop, ""))
        return removed

    def put(self, value: Value, new: object) -> None:
        """Write another value over one."""
        self._cuts.append((value.start, value.stop, json.dumps(new, ensure_ascii=False)))

    def rekey(self, member: Member, new: str) -> None:
        """Give a member of an object another key."""
        _, stop = scanstring(self.text, member.start + 1, True)
        self._cuts.append((member.start, stop, json.dumps(new, ensure_ascii=False)))

    @property
    def changed(self) -> bool:
        """Whether anything is to be changed."""
        return bool(self._cuts)

    def done(self) -> bytes:
        """Return the text with all changes made. What lies inside a removed value is not changed as well."""
        out: list[str] = []
        at = 0
        for start, stop, new in sorted(self._cuts):
            if start < at:
                if stop <= at:
                    continue
                raise StripError(f"two changes of {self.name} overlap; plan them one after the other")
            out += (self.text[at:start], new)
            at = stop
        out.append(self.text[at:])
        return "".join(out).encode()


def strings(value: Value) -> Iterator[str]:
    """Yield every string and key of a value, however deep."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here.plain, str):
            yield here.plain
        for member in here.members:
            if member.key:
                yield member.key
            stack.append(member.value)


def lists(value: Value, key: str = "") -> Iterator[tuple[str, Value]]:
    """Yield every array of strings, and every object of numbered strings, with the key that it stands under."""
    stack: list[tuple[str, Value]] = [(key, value)]
    while stack:
        here_key, here = stack.pop()
        inner = [m.value.plain for m in here.members]
        if (here.kind == "array" and inner and all(isinstance(x, str) for x in inner)) or (
            here.kind == "object" and inner and _is_map(here.members)
        ):
            yield here_key, here
        stack += [(m.key or here_key, m.value) for m in reversed(here.members)]


def _is_map(members: Iterable[Member]) -> bool:
    """Whether an object goes from numbers to names, or from names to numbers."""
    members = list(members)
    to_name = all(m.key.isdecimal() and isinstance(m.value.plain, str) for m in members)
    numbers = [m.value.plain for m in members]
    # gaps are left where a label went before
    to_number = all(type(n) is int and 0 <= n < CLASSES for n in numbers) and len(set(numbers)) == len(numbers)
    return to_name or to_number
