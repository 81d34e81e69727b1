"""TFRecord: the feature names of Examples, and those of their byte features that are like labels.

A record is its length, a checksum of the length, the bytes and a checksum of them
(tensorflow/tensorflow, core/lib/io/record_writer.h). The first checksum is the format's
only mark; the second is not compared.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.mapped import forget
from untag.model import Gap
from untag.readers.artifacts.tables.columns import (
    CLIPPED,
    COLUMNS,
    WIDE,
    Column,
    Table,
    ValueSet,
    next_thinned,
    stem,
    table_parts,
)
from untag.readers.artifacts.tables.protobuf import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.base import Part

SAMPLE: Final = 2_000
"""Records looked at before they are thinned out."""
RECORD: Final = 32 << 20
"""Bytes of the longest record that is looked at: pictures in records are smaller."""
KEPT: Final = 32 << 20
"""Bytes of a mapped file after which its pages are given back."""
VALUE: Final = 600
"""Bytes of the longest value that may be a label or a caption."""
KINDS: Final = {1: "bytes", 2: "float", 3: "int64"}


class TfRecordReader:
    """Reads TFRecord files of tf.train.Example and SequenceExample."""

    name = "tfrecord"
    version = 1
    formats: tuple[str, ...] = ("tfrecord",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format: the length is followed by its own checksum."""
        return len(head) > 16 and masked(head[:8]) == int.from_bytes(head[8:12], "little")  # noqa: PLR2004 - an empty record

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield the features as columns of a table."""
        file = _File(blob.data, deadline)
        trouble: ReadError | None = None
        try:
            file.read()
        except ReadError as error:
            trouble = error
        yield from table_parts(blob.trail, Table(stem(blob.trail), list(file.columns.values()), "", file.records))
        if trouble is not None:
            yield Gap(blob.trail, trouble.reason, trouble.detail)
        elif file.records and not file.columns:
            yield Gap(blob.trail, "unsupported", "records that are no tf.train.Example")


@dataclass(slots=True)
class _File:
    data: Buffer
    deadline: Deadline
    columns: dict[str, Column] = field(default_factory=dict)
    records: int = 0
    parsed: int = 0

    def read(self) -> None:
        """Walk the records; only their lengths are read where a record is not looked at."""
        data = self.data
        at, end, forgotten, due = 0, len(data), 0, 0
        length = struct.Struct("<Q").unpack_from
        while at < end:
            if not self.records & 1023:
                self.deadline.check()
                if at - forgotten > KEPT:
                    forget(data, forgotten, at)
                    forgotten = at
            if end - at < 12:  # noqa: PLR2004 - length and checksum
                raise ReadError("truncated", "the file ends inside a record")
            (size,) = length(data, at)
            if size > end - at - 16:
                raise ReadError("truncated", "the file ends inside a record")
            if self.records == due:
                self._record(at, size)
                due = next_thinned(due, SAMPLE)
            self.records += 1
            at += size + 16
        for column in self.columns.values():
            if column.values is not None:
                column.values.sampled = self.parsed < self.records

    def _record(self, at: int, size: int) -> None:
        head = bytes(self.data[at : at + 12])
        if masked(head[:8]) != int.from_bytes(head[8:], "little"):
            raise ReadError("corrupt", "a record's length has another checksum")
        if size <= RECORD:
            self.parsed += 1
            self._example(bytes(self.data[at + 12 : at + 12 + size]))

    def _example(self, data: bytes) -> None:
        """Take in an Example (features = 1) or a SequenceExample (context = 1, feature_lists = 2)."""
        try:
            for number, kind, value in fields(data):
                if kind != 2 or not isinstance(value, bytes) or number not in (1, 2):  # noqa: PLR2004 - wire type of messages
                    continue
                for key, entry in _entries(value):
                    if number == 1:
                        self._feature(key, entry)
                    else:
                        for _, wire, inner in fields(entry):
                            if wire == 2 and isinstance(inner, bytes):  # noqa: PLR2004 - wire type of messages
                                self._feature(key, inner)
        except ReadError:
            return  # records may hold anything; what is no Example has no names

    def _feature(self, key: str, data: bytes) -> None:
        column = self.columns.get(key)
        if column is None:
            if len(self.columns) >= COLUMNS:
                return
            column = self.columns[key] = Column(key)
        for number, wire, value in fields(data):
            if wire != 2 or not isinstance(value, bytes):  # noqa: PLR2004 - wire type of messages
                continue
            column.kind = KINDS.get(number, column.kind)
            if number == 1:
                if column.values is None and len(self.columns) <= WIDE:
                    column.values = ValueSet()
                if column.values is not None and not column.values.full:
                    self._bytes(column.values, value)

    @staticmethod
    def _bytes(values: ValueSet, data: bytes) -> None:
        for _, wire, value in fields(data):
            if wire == 2 and isinstance(value, bytes):  # noqa: PLR2004 - wire type of strings
                if len(value) > VALUE:
                    values.binary = True
                    return
                values.add(value)


def _entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the entries of a map from names to messages."""
    for number, wire, entry in fields(data):
        if number != 1 or wire != 2 or not isinstance(entry, bytes):  # noqa: PLR2004 - wire type of messages
            continue
        key, value = "", b""
        for part, _, inner in fields(entry):
            if part == 1 and isinstance(inner, bytes):
                key = inner[:CLIPPED].decode("utf-8", "replace")
            elif part == 2 and isinstance(inner, bytes):  # noqa: PLR2004 - a map's value
                value = inner
        if key:
            yield key, value


@cache
def _table() -> tuple[int, ...]:
    """Return the table of CRC-32C (Castagnoli)."""
    out = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        out.append(value)
    return tuple(out)


def masked(data: bytes) -> int:
    """Return the masked CRC-32C that TFRecord keeps beside a length."""
    table, value = _table(), 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ table[(value ^ byte) & 255]
    value ^= 0xFFFFFFFF
    return (((value >> 15) | (value << 17)) + 0xA282EAD8) & 0xFFFFFFFF
