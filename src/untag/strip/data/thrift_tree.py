"""Thrift's compact protocol as a tree that can be changed and written again.

Source: apache/thrift, doc/specs/thrift-compact-protocol.md. Numbers are kept as they are read, fields in their order,
so that what is not changed is written as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.nouns import dataclass, field
from untag.readers.artifacts.tables.thrift import (
    BINARY,
    BYTE,
    DEPTH,
    DOUBLE,
    FALSE,
    I16,
    I32,
    I64,
    LIST,
    MAP,
    SET,
    STRUCT,
    TRUE,
    Compact,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG: Final = 15
"""Items from which on the length of a list follows its head."""


@dataclass(slots=True)
class Struct:
    """A struct: number, type and value of each field."""

    fields: list[tuple[int, int, Any]] = field(default_factory=list)

    def get(self, number: int, other: Any = None) -> Any:
        """Return the value of a field."""
        return next((v for n, _, v in self.fields if n == number), other)

    def put(self, number: int, value: Any) -> None:
        """Change the value of a field that is there."""
        self.fields = [(n, k, value if n == number else v) for n, k, v in self.fields]

    def drop(self, *numbers: int) -> None:
        """Take fields out."""
        self.fields = [one for one in self.fields if one[0] not in numbers]

    def structs(self, number: int) -> list[Struct]:
        """Return the structs of a list field; raise `ReadError` where it holds something else."""
        found = self.get(number)
        if found is None:
            return []
        if not isinstance(found, Items) or any(not isinstance(i, Struct) for i in found.values):
            raise ReadError("corrupt", "a list of another type than the format says")
        return found.values

    def number(self, number: int, other: int = -1) -> int:
        """Return the value of a field that is a number."""
        found = self.get(number, other)
        if not isinstance(found, int):
            raise ReadError("corrupt", "a field of another type than the format says")
        return found


@dataclass(slots=True)
class Items:
    """A list or a set."""

    of: int
    values: list[Any]


@dataclass(slots=True)
class Pairs:
    """A map."""

    kinds: int
    values: list[tuple[Any, Any]]


def read(data: bytes, at: int = 0) -> tuple[Struct, int]:
    """Return the struct at an offset and where it ends; raise `ReadError` for a broken one."""
    cursor = Compact(data, at)
    return _struct(cursor, 0), cursor.at


def _struct(cursor: Compact, depth: int) -> Struct:
    if depth > DEPTH:
        raise ReadError("corrupt", "the metadata nests too deep")
    return Struct([(number, kind, _value(cursor, kind, depth)) for number, kind in cursor.fields()])


def _value(cursor: Compact, kind: int, depth: int, *, item: bool = False) -> Any:
    if kind in (TRUE, FALSE) and not item:
        return kind == TRUE
    if kind in (BYTE, TRUE, FALSE):
        cursor.at += 1
        if cursor.at > cursor.end:
            raise ReadError("truncated", "the metadata ends inside a value")
        return cursor.data[cursor.at - 1]
    if kind in (I16, I32, I64):
        return cursor.number()
    if kind == DOUBLE:
        cursor.at += 8
        if cursor.at > cursor.end:
            raise ReadError("truncated", "the metadata ends inside a value")
        return cursor.data[cursor.at - 8 : cursor.at]
    if kind == BINARY:
        return cursor.binary()
    if kind in (LIST, SET):
        size, of = cursor.items()
        return Items(of, [_value(cursor, of, depth + 1, item=True) for _ in range(size)])
    if kind == MAP:
        return _map(cursor, depth)
    if kind == STRUCT:
        return _struct(cursor, depth + 1)
    raise ReadError("corrupt", "a field of an unknown type in the metadata")


def _map(cursor: Compact, depth: int) -> Pairs:
    size = cursor.varint()
    if not size:
        return Pairs(0, [])
    if size > cursor.end - cursor.at:
        raise ReadError("corrupt", "a map longer than the metadata")
    kinds = cursor.data[cursor.at]
    cursor.at += 1
    found = [
        (_value(cursor, kinds >> 4, depth, item=True), _value(cursor, kinds & 15, depth, item=True))
        for _ in range(size)
    ]
    return Pairs(kinds, found)


def write(struct: Struct) -> bytes:
    """Return a struct in the compact protocol."""
    out = bytearray()
    _put_struct(out, struct)
    return bytes(out)


def _varint(out: bytearray, value: int) -> None:
    while value > 127:  # noqa: PLR2004 - of a varint
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _zigzag(out: bytearray, value: int) -> None:
    _varint(out, (value << 1) ^ (value >> 63))


def _put_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for number, kind, value in struct.fields:
        told = (TRUE if value else FALSE) if kind in (TRUE, FALSE) else kind
        step = number - last
        if 0 < step < 16:  # noqa: PLR2004 - what the upper half of a byte holds
            out.append(step << 4 | told)
        else:
            out.append(told)
            _zigzag(out, number)
        last = number
        if kind not in (TRUE, FALSE):
            _put(out, kind, value)
    out.append(0)


def _put(out: bytearray, kind: int, value: Any) -> None:
    if kind in (BYTE, TRUE, FALSE):
        out.append(value)
    elif kind in (I16, I32, I64):
        _zigzag(out, value)
    elif kind == DOUBLE:
        out += value
    elif kind == BINARY:
        _varint(out, len(value))
        out += value
    elif kind in (LIST, SET):
        size = len(value.values)
        out.append((min(size, LONG) << 4) | value.of)
        if size >= LONG:
            _varint(out, size)
        for one in value.values:
            _put(out, value.of, one)
    elif kind == MAP:
        _varint(out, len(value.values))
        if value.values:
            out.append(value.kinds)
        for key, one in value.values:
            _put(out, value.kinds >> 4, key)
            _put(out, value.kinds & 15, one)
    else:
        _put_struct(out, value)


def walk(struct: Struct) -> Iterator[Struct]:
    """Yield a struct and all inside it."""
    yield struct
    for _, _, value in struct.fields:
        if isinstance(value, Struct):
            yield from walk(value)
        elif isinstance(value, Items):
            for one in value.values:
                if isinstance(one, Struct):
                    yield from walk(one)
