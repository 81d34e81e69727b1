"""JSON files that are too large for a tree: records and annotations are looked at and cut one by one.

A file is an object or an array. Its units are the items of the array, or of the arrays that stand in the object, and
the object's other values. Only one unit is held as a tree at a time; the file itself is mapped.
"""

from __future__ import annotations

import mmap
import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.data.files import Shape, Writer, pieces, size_of
from untag.strip.data.spans import DEPTH, JsonError, Member, cut_members, dropped, loaded, parse, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

Bytes = bytes | mmap.mmap
HELD: Final = 512 << 20
"""Bytes of the largest text that is held in memory, because it is packed or in UTF-16."""
COPIED: Final = 4 << 20
_SIGN: Final = re.compile(rb'\[[\d\s.,eE+\-]*+\]|"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)
_BARE: Final = re.compile(rb"[^\s{}\[\],:\"]+")
_BLANK: Final = re.compile(rb"[ \t\r\n]*+")
_TEXT: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """One value that is looked at on its own."""

    above: tuple[str, ...]
    """The keys above it."""
    key: str
    """Its key; empty for an item."""
    start: int
    stop: int
    """Equal to ``start`` where an array opens: a unit that says that it is there."""
    first: bool = False
    """Whether it is the first item of its array."""
    item: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The keys above what is inside it."""
        return (*self.above, self.key)


def units(data: Bytes) -> Iterator[Unit]:
    """Yield the units of a file in order; raise `JsonError` where it is not whole."""
    at = _blank(data, 0)
    sign = data[at : at + 1]
    if sign == b"[":
        at = yield from _items(data, at, ())
    elif sign == b"{":
        at = yield from _members(data, at)
    else:
        raise JsonError(at)
    if _blank(data, at) != len(data):
        raise JsonError(at)


def _blank(data: Bytes, at: int) -> int:
    found = _BLANK.match(data, at)
    return at if found is None else found.end()


def _members(data: Bytes, at: int) -> Generator[Unit, None, int]:
    """Yield the units of an object; return where it ends."""
    at = _blank(data, at + 1)
    if data[at : at + 1] == b"}":
        return at + 1
    while True:
        named = _TEXT.match(data, at)
        if named is None:
            raise JsonError(at)
        key = text_of(named[0], 0, len(named[0]))
        at = _blank(data, named.end())
        if data[at : at + 1] != b":":
            raise JsonError(at)
        at = _blank(data, at + 1)
        if data[at : at + 1] == b"[":
            at = yield from _items(data, at, (key,))
        else:
            stop = skip(data, at)
            yield Unit((), key, at, stop)
            at = stop
        at, ended = _next(data, at, b"}")
        if ended:
            return at


def _items(data: Bytes, at: int, above: tuple[str, ...]) -> Generator[Unit, None, int]:
    """Yield an array and its items; return where it ends."""
    yield Unit(above[:-1], above[-1] if above else "", at, at)
    at = _blank(data, at + 1)
    if data[at : at + 1] == b"]":
        return at + 1
    first = True
    while True:
        stop = skip(data, at)
        yield Unit(above, "", at, stop, first, True)
        first = False
        at, ended = _next(data, stop, b"]")
        if ended:
            return at


def _next(data: Bytes, at: int, closing: bytes) -> tuple[int, bool]:
    at = _blank(data, at)
    sign = data[at : at + 1]
    if sign == closing:
        return at + 1, True
    if sign != b",":
        raise JsonError(at)
    return _blank(data, at + 1), False


def skip(data: Bytes, at: int) -> int:
    """Return where the value at an offset ends, by its brackets; what is in it is read by `parse`."""
    sign = data[at : at + 1]
    if sign not in (b"{", b"["):
        found = _TEXT.match(data, at) or _BARE.match(data, at)
        if found is None:
            raise JsonError(at)
        return found.end()
    depth = 0
    for found in _SIGN.finditer(data, at):
        if found[0] in (b"{", b"["):
            depth += 1
            if depth > DEPTH:
                raise JsonError(at)
        elif found[0] in (b"}", b"]"):
            depth -= 1
            if not depth:
                return found.end()
        elif not depth:  # an array of numbers is one sign
            return found.end()
    raise JsonError(at)


@contextmanager
def mapped(path: Path, shape: Shape) -> Iterator[Bytes]:
    """Give the text of a file: mapped where it can be, else held in memory; without its byte order mark."""
    if shape == Shape() and size_of(path):
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data
        return
    out: list[bytes] = []
    size = 0
    for piece in pieces(path, shape):
        out.append(piece)
        size += len(piece)
        if size > HELD:
            raise StripError(
                f"{path.name}: more than {HELD:,} bytes, packed or in UTF-16: write it as plain UTF-8 first"
            )
    yield b"".join(out)


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes: members by their keys, items by what they hold."""

    key: Callable[[tuple[str, ...], str], bool]
    """Whether a member goes, by the keys above it and its own."""
    item: Callable[[tuple[str, ...], Callable[[str], str]], bool]
    """Whether an object in an array goes, by the keys above it and a way to ask for its values, as they are written."""
    quick: Callable[[bytes], bool]
    """Whether a text may hold anything that goes, by its surface: False saves the work."""


def ranges_of(data: Bytes, gone: Gone, tally: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield, in order, the ranges of a file that are left out; count ``units``, ``changed`` and ``cut``."""
    lead = -1
    """Where the first item of an array began, while none of its items was kept."""
    last = 0
    for unit in units(data):
        if unit.first:
            if lead >= 0:
                yield lead, last
            lead = -1
        elif not unit.item and lead >= 0:
            yield lead, last
            lead = -1
        if unit.start == unit.stop:
            continue
        tally["units"] += 1
        raw = data[unit.start : unit.stop]
        found: list[tuple[int, int]] = []
        whole = False
        if gone.quick(raw):
            node = parse(raw)
            member = Member(unit.key, 0, node)
            whole = unit.item and _goes(gone, unit.above, member, raw)
            if not whole:
                found = list(cut_members(node, lambda a, m, raw=raw: _goes(gone, a, m, raw), unit.path))  # type: ignore[misc]
        tally["changed"] += whole or bool(found)
        tally["cut"] += len(found) + whole
        if whole:
            if unit.first or lead >= 0:
                lead = unit.start if unit.first else lead
            else:
                yield last, unit.stop
        else:
            if lead >= 0:
                yield lead, unit.start
                lead = -1
            yield from sorted((unit.start + a, unit.start + b) for a, b in found)
        last = unit.stop
    if lead >= 0:
        yield lead, last


def _goes(gone: Gone, above: tuple[str, ...], member: Member, raw: bytes) -> bool:
    if member.key:
        return gone.key(above, member.key)
    return member.value.kind == "object" and gone.item(above, lambda key: _told(member, key, raw))


def _told(member: Member, key: str, raw: bytes) -> str:
    """Return the value of a key of an object as text."""
    for one in member.value.members:
        if one.key == key:
            node = one.value
            if node.kind == "string":
                return text_of(raw, node.start, node.stop)
            return raw[node.start : node.stop].decode("utf-8", "replace")
    return ""


def write(data: Bytes, ranges: list[tuple[int, int]], file: IO[bytes], shape: Shape) -> None:
    """Write a text without some ranges, which are in order and may touch."""
    out = Writer(file, shape)
    at = 0
    for start, stop in [*ranges, (len(data), len(data))]:
        for low in range(at, start, COPIED):
            out.write(data[low : min(low + COPIED, start)])
        at = max(at, stop)
    out.close()


def alike(before: Bytes, after: Bytes, gone: Gone) -> bool:
    """Compare two files unit by unit: the second must read as the first does without what goes."""

    def by_value(above: tuple[str, ...], key: str, value: Any) -> bool:
        if key:
            return gone.key(above, key)
        return hasattr(value, "pairs") and gone.item(above, lambda k: _plain(value.get(k)))

    new = units(after)
    for old in units(before):
        raw = before[old.start : old.stop]
        told = loaded(raw) if old.stop > old.start and gone.quick(raw) else None
        if told is not None and old.item and by_value(old.above, "", told):
            continue
        other = next(new, None)
        if other is None or (old.above, old.key, old.item) != (other.above, other.key, other.item):
            return False
        text = after[other.start : other.stop]
        if (raw != text) if told is None else (dropped(told, by_value, old.path) != loaded(text)):
            return False
    return next(new, None) is None


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
