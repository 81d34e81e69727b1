"""Thrift's compact protocol, read in place: what is not asked for is skipped and costs no memory.

Source: apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline

DEPTH: Final = 24
"""Structs inside structs; Parquet's metadata nests 7 deep."""
STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)


class Compact:
    """A cursor in a thrift message. Whoever takes a field reads or skips its value."""

    __slots__ = ("at", "data", "deadline", "end")

    def __init__(self, data: bytes, at: int = 0, deadline: Deadline | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data)
        self.deadline = deadline

    def varint(self) -> int:
        """Read an unsigned number."""
        data, at = self.data, self.at
        try:
            byte = data[at]
            if byte < 128:  # noqa: PLR2004 - of a varint
                self.at = at + 1
                return byte
            value = byte & 127
            for shift in range(7, 70, 7):
                at += 1
                byte = data[at]
                value |= (byte & 127) << shift
                if byte < 128:  # noqa: PLR2004 - of a varint
                    self.at = at + 1
                    return value
        except IndexError:
            raise ReadError("truncated", "the metadata ends inside a number") from None
        raise ReadError("corrupt", "a number of more than ten bytes in the metadata")

    def number(self) -> int:
        """Read a signed number."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def binary(self) -> bytes:
        """Read a string of bytes."""
        size = self.varint()
        at = self.at
        if size > self.end - at:
            raise ReadError("corrupt", "a string longer than the metadata")
        self.at = at + size
        return self.data[at : self.at]

    def text(self) -> str:
        """Read a string."""
        return self.binary().decode("utf-8", "replace")

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield number and type of each field of a struct."""
        field = 0
        if self.deadline is not None:
            self.deadline.check()
        while True:
            if self.at >= self.end:
                raise ReadError("truncated", "the metadata ends inside a struct")
            byte = self.data[self.at]
            self.at += 1
            if byte == STOP:
                return
            field = field + (byte >> 4) if byte >> 4 else self.number()
            yield field, byte & 15

    def items(self) -> tuple[int, int]:
        """Read the head of a list: its length and the type of its items."""
        if self.at >= self.end:
            raise ReadError("truncated", "the metadata ends before a list")
        byte = self.data[self.at]
        self.at += 1
        size = byte >> 4
        if size == 15:  # noqa: PLR2004 - a longer length follows
            size = self.varint()
        if size > self.end - self.at:
            raise ReadError("corrupt", "a list longer than the metadata")
        return size, byte & 15

    def structs(self, kind: int) -> Iterator[int]:
        """Yield the number of each struct in a list field; whoever takes one reads it."""
        if kind not in (LIST, SET):
            self.skip(kind)
            return
        size, of = self.items()
        if of != STRUCT:
            for _ in range(size):
                self._skip_item(of, 0)
            return
        yield from range(size)

    def texts(self, kind: int) -> list[str]:
        """Read a list of strings."""
        if kind not in (LIST, SET):
            self.skip(kind)
            return []
        size, of = self.items()
        if of == BINARY:
            return [self.text() for _ in range(size)]
        for _ in range(size):
            self._skip_item(of, 0)
        return []

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a field's value."""
        if kind in (TRUE, FALSE):
            return
        self._skip_item(kind, depth)

    def _skip_item(self, kind: int, depth: int) -> None:
        """Pass over a value that stands in a list, where a bool takes a byte."""
        if depth > DEPTH:
            raise ReadError("corrupt", "the metadata nests too deep")
        if kind in (I16, I32, I64):
            self.varint()
        elif kind == BINARY:
            size = self.varint()
            self.at += size
        elif kind == STRUCT:
            self._skip_struct(depth)
        elif kind in (BYTE, TRUE, FALSE):
            self.at += 1
        elif kind == DOUBLE:
            self.at += 8
        elif kind in (LIST, SET):
            size, of = self.items()
            for number in range(size):
                if not ~number & 4095 and self.deadline is not None:
                    self.deadline.check()
                self._skip_item(of, depth + 1)
        elif kind == MAP:
            self._skip_map(depth)
        else:
            raise ReadError("corrupt", "a field of an unknown type in the metadata")
        if self.at > self.end:
            raise ReadError("truncated", "the metadata ends inside a value")

    def _skip_struct(self, depth: int) -> None:
        """Pass over a struct: most of a footer are statistics of chunks, so numbers and strings take no call each."""
        if self.deadline is not None:
            self.deadline.check()
        data, at = self.data, self.at
        try:
            while byte := data[at]:
                at += 1
                kind = byte & 15
                if not byte >> 4:  # the field's number stands in full
                    while data[at] > 127:  # noqa: PLR2004 - of a varint
                        at += 1
                    at += 1
                if I16 <= kind <= I64:
                    while data[at] > 127:  # noqa: PLR2004 - of a varint
                        at += 1
                    at += 1
                elif kind > FALSE:
                    self.at = at
                    self._skip_item(kind, depth + 1)
                    at = self.at
        except IndexError:
            raise ReadError("truncated", "the metadata ends inside a struct") from None
        self.at = at + 1

    def _skip_map(self, depth: int) -> None:
        size = self.varint()
        if not size:
            return
        if size > self.end - self.at:
            raise ReadError("corrupt", "a map longer than the metadata")
        kinds = self.data[self.at]
        self.at += 1
        for _ in range(size):
            self._skip_item(kinds >> 4, depth + 1)
            self._skip_item(kinds & 15, depth + 1)
