"""JSON by its bytes: where each value begins and ends, and texts with some of them left out.

Nothing is parsed into objects and written again: numbers, escapes, blanks and the order of keys stay as they are.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DEPTH: Final = 500
"""Values inside values."""
_NEXT: Final = re.compile(
    rb'[ \t\r\n]*(?:(?P<text>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<sign>[{}\[\],:])|(?P<bare>[^\s{}\[\],:"]+))', re.DOTALL
)
_BLANK: Final = b" \t\r\n"


class JsonError(UntagError):
    """A text is no JSON; ``at`` is the byte where that shows."""

    def __init__(self, at: int) -> None:
        super().__init__(f"no JSON at byte {at:,}")
        self.at = at


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value, and where it stands."""

    start: int
    stop: int
    kind: str
    """``object``, ``array``, ``numbers`` for an array of them, ``string`` or ``bare``."""
    members: list[Member]
    """Of an object: its members. Of an array: its items, with empty keys."""


_NONE: Final[list[Member]] = []
"""The members of what has none; never changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A member of an object, or an item of an array."""

    key: str
    start: int
    """Where its key begins, or the item."""
    value: Node


def parse(data: bytes, at: int = 0) -> Node:
    """Return the value at an offset with all that it holds; raise `JsonError` where the text is no JSON."""
    node, _ = _value(data, at, 0)
    return node


def _value(data: bytes, at: int, depth: int) -> tuple[Node, int]:
    found = _NEXT.match(data, at)
    if found is None or depth > DEPTH:
        raise JsonError(at)
    kind = found.lastgroup or ""
    start = found.start(kind)
    if kind == "text":
        return Node(start, found.end(), "string", _NONE), found.end()
    if kind == "bare":
        _checked(data, start, found.end())
        return Node(start, found.end(), "bare", _NONE), found.end()
    sign = data[start : start + 1]
    if sign == b"{":
        return _object(data, start, depth)
    if sign == b"[":
        return _array(data, start, depth)
    raise JsonError(start)


_BARE: Final = re.compile(rb"(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)\Z")


def _checked(data: bytes, start: int, stop: int) -> None:
    if _BARE.match(data[start:stop]) is None:
        raise JsonError(start)


def _sign(data: bytes, at: int, allowed: bytes) -> tuple[bytes, int, int]:
    found = _NEXT.match(data, at)
    if found is None or found.lastgroup != "sign" or found["sign"] not in allowed:
        raise JsonError(at)
    return found["sign"], found.start("sign"), found.end()


def _object(data: bytes, start: int, depth: int) -> tuple[Node, int]:
    members: list[Member] = []
    at = start + 1
    while True:
        found = _NEXT.match(data, at)
        if found is None:
            raise JsonError(at)
        if found["sign"] == b"}" and not members:
            return Node(start, found.end(), "object", members), found.end()
        if found["text"] is None:
            raise JsonError(at)
        key_at = found.start("text")
        key = text_of(data, key_at, found.end())
        _, _, at = _sign(data, found.end(), b":")
        value, at = _value(data, at, depth + 1)
        members.append(Member(key, key_at, value))
        sign, _, at = _sign(data, at, b",}")
        if sign == b"}":
            return Node(start, at, "object", members), at


_NUMBERS: Final = re.compile(rb"\[[\d\s.,eE+\-]*+\]")
"""An array of numbers: outlines and boxes, the bulk of annotation files. Nothing in it is ever cut."""


def _array(data: bytes, start: int, depth: int) -> tuple[Node, int]:
    numbers = _NUMBERS.match(data, start)
    if numbers is not None:
        return Node(start, numbers.end(), "numbers", _NONE), numbers.end()
    members: list[Member] = []
    at = start + 1
    while True:
        found = _NEXT.match(data, at)
        if found is None:
            raise JsonError(at)
        if found["sign"] == b"]" and not members:
            return Node(start, found.end(), "array", members), found.end()
        value, at = _value(data, at, depth + 1)
        members.append(Member("", value.start, value))
        sign, _, at = _sign(data, at, b",]")
        if sign == b"]":
            return Node(start, at, "array", members), at


def text_of(data: bytes, start: int, stop: int) -> str:
    """Return the text of a string literal; raise `JsonError` for one that is none."""
    raw = data[start + 1 : stop - 1]
    try:
        if b"\\" not in raw:
            return raw.decode("utf-8", "surrogateescape")
        told = json.loads(data[start:stop].decode("utf-8", "surrogateescape"), strict=False)
    except ValueError:
        raise JsonError(start) from None
    return str(told)


def without(node: Node, gone: set[int]) -> list[tuple[int, int]]:
    """Return the ranges to leave out so that the members at the numbers ``gone`` of a value go, each with one comma.

    A member takes the comma and the blanks before it along, the first ones those behind them: what stays keeps its
    own indentation.
    """
    members = node.members
    out: list[tuple[int, int]] = []
    kept = [i for i in range(len(members)) if i not in gone]
    if not kept:
        if members:
            out.append((members[0].start, members[-1].value.stop))
        return out
    first = kept[0]
    if first:
        out.append((members[0].start, members[first].start))
    out.extend((members[n - 1].value.stop, members[n].value.stop) for n in sorted(gone) if n > first)
    return out


def leave_out(data: bytes, ranges: Sequence[tuple[int, int]]) -> bytes:
    """Return a text without some ranges, which may touch and lie inside each other."""
    out: list[bytes] = []
    at = 0
    for start, stop in sorted(ranges):
        if stop <= at:
            continue
        out.append(data[at : max(at, start)])
        at = stop
    out.append(data[at:])
    return b"".join(out)


def cut_members(
    node: Node, test: Callable[[tuple[str, ...], Member], bool], path: tuple[str, ...] = ()
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the members for which ``test`` says so, given the keys above; items have the key ``""``."""
    stack: list[tuple[tuple[str, ...], Node]] = [(path, node)]
    while stack:
        above, one = stack.pop()
        gone = {i for i, member in enumerate(one.members) if test(above, member)}
        if gone:
            yield from without(one, gone)
        stack += [((*above, m.key), m.value) for i, m in enumerate(one.members) if i not in gone and m.value.members]


def dropped(value: Any, test: Callable[[tuple[str, ...], str, Any], bool], above: tuple[str, ...] = ()) -> Any:
    """Return parsed JSON without some members, to compare with: the same as `cut_members` does by bytes.

    Objects are lists of pairs, as ``object_pairs_hook=Pairs`` gives them, so that keys that come twice are told.
    """
    if isinstance(value, Pairs):
        kept = [(k, v) for k, v in value.pairs if not test(above, k, v)]
        return Pairs([(k, dropped(v, test, (*above, k))) for k, v in kept])
    if isinstance(value, list):
        return [dropped(v, test, (*above, "")) for v in value if not test(above, "", v)]
    return value


@dataclass(frozen=True, slots=True)
class Pairs:
    """An object of JSON with its members in order."""

    pairs: list[tuple[str, Any]]

    def get(self, key: str) -> Any:
        """Return the value of a key, or None."""
        return next((v for k, v in self.pairs if k == key), None)


class _Number(str):
    """A whole number as it is written: ``1`` is not ``"1"``, and ``10`` is not ``1e1``."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Number) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


_DECODER: Final = json.JSONDecoder(object_pairs_hook=Pairs, parse_float=str, parse_int=_Number, strict=False)


def loaded(data: bytes) -> Any:
    """Return parsed JSON with `Pairs` for objects and texts for numbers; raise `JsonError`."""
    try:
        return _DECODER.decode(data.decode("utf-8", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise JsonError(getattr(error, "pos", 0)) from None
