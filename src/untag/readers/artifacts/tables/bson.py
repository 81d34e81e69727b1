"""BSON dumps of MongoDB: field names, nested ones by their path, and counted value sets.

Source: bsonspec.org, version 1.1; `mongodump --archive` puts documents between its own
marks (mongodb/mongo-tools, common/archive/archive.go).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.mapped import forget
from untag.model import Gap
from untag.readers.artifacts.tables.columns import (
    CLIPPED,
    COLUMNS,
    PATH,
    WIDE,
    Column,
    Table,
    ValueSet,
    next_thinned,
    stem,
    table_parts,
    thinned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.base import Part

ARCHIVE: Final = b"\x6d\xe2\x99\x81"
END: Final = b"\xff\xff\xff\xff"
LONGEST: Final = 48 << 20
"""Bytes of a document: MongoDB keeps to 16 MiB, dumps of its own records to three times that."""
SAMPLE: Final = 4_000
"""Documents looked at before they are thinned out."""
COLLECTIONS: Final = 10_000
"""Collections of one archive."""
DEPTH: Final = 60
"""Documents inside documents; MongoDB allows 100."""
ITEMS: Final = 200
"""Items of an array that are looked at."""
VALUE: Final = 600
"""Bytes of the longest string that may be a label or a caption."""
FIXED: Final = {1: 8, 6: 0, 7: 12, 8: 1, 9: 8, 10: 0, 16: 4, 17: 8, 18: 8, 19: 16, 127: 0, 255: 0}
"""Bytes of the values that are always as long."""
KEPT: Final = 32 << 20
"""Bytes of a mapped file after which its pages are given back."""
_LENGTH: Final = struct.Struct("<I").unpack_from
KINDS: Final = {
    1: "double",
    2: "string",
    3: "document",
    4: "array",
    5: "binary",
    7: "id",
    8: "bool",
    9: "date",
    16: "int",
    18: "long",
}


class BsonReader:
    """Reads BSON dumps."""

    name = "bson"
    version = 1
    formats: tuple[str, ...] = ("bson",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format: its first document is sound, as far as it is at hand."""
        if head[:4] == ARCHIVE:
            return True
        size = int.from_bytes(head[:4], "little")
        if not 5 < size <= LONGEST or len(head) < 8:  # noqa: PLR2004 - an empty document
            return False
        if size > len(head):
            return name.lower().endswith(".bson") and (head[4] in FIXED or head[4] in range(2, 16))
        try:
            file = _File(head, None)
            file.document(0, size)
        except ReadError:
            return False
        return bool(file.columns) and all(name.isprintable() for name in file.columns)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield the fields as columns of a table."""
        file = _File(blob.data, deadline)
        trouble: ReadError | None = None
        try:
            file.read()
        except ReadError as error:
            trouble = error
        for name, collection in file.collections.items():
            columns = list(collection.columns.values())
            for values in (c.values for c in columns if c.values is not None):
                values.sampled = collection.looked < collection.documents
            yield from table_parts(blob.trail, Table(name or stem(blob.trail), columns, "", collection.documents))
        if trouble is not None:
            yield Gap(blob.trail, trouble.reason, trouble.detail)


@dataclass(slots=True)
class _Collection:
    """What is known of one collection."""

    columns: dict[str, Column] = field(default_factory=dict)
    documents: int = 0
    looked: int = 0


@dataclass(slots=True)
class _File:
    """Gathers the fields of a dump; an archive's collections by their names."""

    data: Buffer
    deadline: Deadline | None
    collections: dict[str, _Collection] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    """Those of the collection that is being read."""
    count: int = 0
    forgotten: int = 0

    def read(self) -> None:
        """Walk the documents; of those left out, only the length is read."""
        if bytes(self.data[:4]) == ARCHIVE:
            self._archive()
            return
        collection = self._open("")
        at = 0
        end, due = len(self.data), 0
        while at < end:
            size = self._size(at)
            if collection.documents == due:
                self._take(collection, at, size)
                due = next_thinned(due, SAMPLE)
            collection.documents += 1
            at += size

    def _archive(self) -> None:
        """Walk an archive: a prelude, then blocks that each begin with the name of their collection."""
        at, end = 4, len(self.data)
        prelude, first = True, True
        collection: _Collection | None = None
        while at < end:
            if bytes(self.data[at : at + 4]) == END:
                at, prelude, first, collection = at + 4, False, True, None
                continue
            size = self._size(at)
            if collection is not None:
                if thinned(collection.documents, SAMPLE):
                    self._take(collection, at, size)
                collection.documents += 1
            elif first and not prelude:
                self.columns = {}
                self.document(at, size)
                names = self.columns.get("collection", Column("")).values
                collection = self._open(next(iter(names.values), "") if names is not None else "")
                first = False
            at += size

    def _open(self, name: str) -> _Collection:
        if len(self.collections) >= COLLECTIONS:
            raise ReadError("limit", f"more than {COLLECTIONS:,} collections")
        collection = self.collections.setdefault(name, _Collection())
        self.columns = collection.columns
        return collection

    def _size(self, at: int) -> int:
        """Return the length of the document at an offset."""
        self.count += 1
        if not self.count & 255:
            if self.deadline is not None:
                self.deadline.check()
            if at - self.forgotten > KEPT:
                forget(self.data, self.forgotten, at)
                self.forgotten = at
        if at + 4 > len(self.data):
            raise ReadError("truncated", "the file ends inside a document")
        size: int = _LENGTH(self.data, at)[0]
        if size < 5 or size > LONGEST:  # noqa: PLR2004 - an empty document
            raise ReadError("corrupt", "a document of impossible length")
        if size > len(self.data) - at:
            raise ReadError("truncated", "the file ends inside a document")
        return size

    def _take(self, collection: _Collection, at: int, size: int) -> None:
        collection.looked += 1
        self.document(at, size)

    def document(self, at: int, size: int) -> None:
        """Take in the fields of a document of the file."""
        data = bytes(self.data[at : at + size])
        if data[-1]:
            raise ReadError("corrupt", "a document without an end")
        self._walk(data, 4, size - 1, "", 0, array=False)

    def _walk(self, data: bytes, at: int, end: int, path: str, depth: int, *, array: bool) -> None:
        if depth > DEPTH:
            raise ReadError("limit", f"documents that nest more than {DEPTH} deep")
        count = 0
        while at < end:
            if self.deadline is not None and not ~count & 1023:
                self.deadline.check()
            kind = data[at]
            stop = data.find(b"\0", at + 1, end)
            if not kind or stop < 0:
                raise ReadError("corrupt", "a field without a name")
            name = path
            if not array:
                key = data[at + 1 : min(stop, at + CLIPPED)].decode("utf-8", "replace")
                name = f"{path}.{key}"[:PATH] if path else key
            at = self._value(data, kind, stop + 1, end, name, depth, skip=count >= ITEMS and array)
            count += 1

    def _value(self, data: bytes, kind: int, at: int, end: int, name: str, depth: int, *, skip: bool) -> int:
        """Take in one value; return where the next field begins."""
        size = FIXED.get(kind)
        inner = False
        if size is None:
            if kind == 11:  # noqa: PLR2004 - a regular expression: two strings
                stop = data.find(b"\0", data.find(b"\0", at, end) + 1, end) + 1
                size = stop - at if stop > at else -1
            else:
                length = int.from_bytes(data[at : at + 4], "little", signed=True)
                extra = {2: 4, 13: 4, 14: 4, 3: 0, 4: 0, 15: 0, 5: 5, 12: 16}.get(kind, -1)
                if extra < 0:
                    raise ReadError("corrupt", "a field of an unknown type")
                size = length + extra if length >= 0 else -1
                inner = kind in (3, 4)
        if size < 0 or size > end - at or (inner and size < 5):  # noqa: PLR2004 - an empty document
            raise ReadError("corrupt", "a field longer than its document")
        if skip:
            return at + size
        column = self._column(name, kind)
        if inner:
            if data[at + size - 1]:
                raise ReadError("corrupt", "a document without an end")
            self._walk(data, at + 4, at + size - 1, name, depth + 1, array=kind == 4)  # noqa: PLR2004 - an array
        elif kind == 2 and column is not None and column.values is not None and not column.values.full:  # noqa: PLR2004 - a string
            text = data[at + 4 : at + 3 + min(size - 4, VALUE)] if size > 4 else b""  # noqa: PLR2004 - length
            column.values.text(text.decode("utf-8", "ignore"))
        return at + size

    def _column(self, name: str, kind: int) -> Column | None:
        column = self.columns.get(name)
        if column is None:
            if len(self.columns) >= COLUMNS:
                return None
            column = self.columns[name] = Column(
                name, KINDS.get(kind, ""), values=ValueSet() if len(self.columns) < WIDE else None
            )
        return column
