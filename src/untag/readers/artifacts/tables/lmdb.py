"""LMDB: the keys of an environment's ``data.mdb``, and those of its values that are like labels.

Source: LMDB, libraries/liblmdb/mdb.c (pages, nodes and meta pages of data version 1, 64 bits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.tables.columns import Column, Table, ValueSet, stem, table_parts
from untag.readers.artifacts.tables.described import parse
from untag.readers.artifacts.tables.layout import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.base import Part

MAGIC: Final = b"\xde\xc0\xef\xbe"
LEAVES: Final = 256
"""Leaf pages looked at in one database, spread over it."""
DATABASES: Final = 100
DEPTH: Final = 32
"""Levels of a tree, as LMDB itself limits them."""
PATTERNS: Final = 200
"""Kinds of keys kept of one database, numbers in keys being alike."""
PATHS: Final = 20_000
"""Keys that are paths of pictures, kept of one database."""
VALUE: Final = 600
"""Bytes of the longest value that may be a label; JSON may be as long as a page."""
BRANCH, LEAF = 1, 2
BIG, SUB = 1, 2
_NUMBER: Final = re.compile(r"\d+")
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|bmp|tiff?)$", re.IGNORECASE)


class LmdbReader:
    """Reads LMDB environments by their pages."""

    name = "lmdb"
    version = 1
    formats: tuple[str, ...] = ("lmdb",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head[16:20] == MAGIC and head[20:24] == b"\1\0\0\0"

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield kinds of keys as columns of a table, a table a database."""
        file = _File(blob.data, deadline)
        trouble: ReadError | None = None
        try:
            file.read()
        except ReadError as error:
            trouble = error
        for name, database in file.databases.items():
            yield from table_parts(blob.trail, Table(name or stem(blob.trail), list(database.columns.values())))
            yield from layout(database.paths)
        if trouble is not None:
            yield Gap(blob.trail, trouble.reason, trouble.detail)


@dataclass(slots=True)
class _Database:
    columns: dict[str, Column] = field(default_factory=dict)
    paths: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    data: Buffer
    deadline: Deadline
    size: int = 4096
    databases: dict[str, _Database] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def read(self) -> None:
        """Read the newer of the two meta pages, then the databases."""
        first = bytes(self.data[:152])
        if len(first) < 152:  # noqa: PLR2004 - a meta page
            raise ReadError("truncated", "the file ends inside its header")
        self.size = int.from_bytes(first[40:44], "little")
        if not 256 <= self.size <= 65_536 or self.size & (self.size - 1):  # noqa: PLR2004 - of the format
            raise ReadError("corrupt", "a page size that LMDB does not have")
        metas = [first]
        second = bytes(self.data[self.size : self.size + 152])
        if second[16:20] == MAGIC:
            metas.append(second)
        newest = max(metas, key=lambda m: int.from_bytes(m[144:152], "little"))
        self._database("", newest[88:136])

    def _database(self, name: str, record: bytes) -> None:
        """Walk one database, of which a record of 48 bytes tells the root."""
        root = int.from_bytes(record[40:48], "little")
        if root == (1 << 64) - 1 or len(self.databases) >= DATABASES or name in self.databases:
            return
        database = self.databases[name] = _Database()
        self._walk(root, LEAVES, 0, database, main=not name)

    def _walk(self, number: int, want: int, depth: int, database: _Database, *, main: bool) -> None:
        self.deadline.check()
        if depth > DEPTH or number in self._seen:
            raise ReadError("corrupt", "a tree that runs in circles")
        self._seen.add(number)
        page = bytes(self.data[number * self.size : (number + 1) * self.size])
        if len(page) < self.size:
            raise ReadError("truncated", "a page beyond the end of the file")
        flags, lower = int.from_bytes(page[10:12], "little"), int.from_bytes(page[12:14], "little")
        count = max(0, min(lower, self.size) - 16) // 2
        nodes = [int.from_bytes(page[at : at + 2], "little") for at in range(16, 16 + 2 * count, 2)]
        if flags & BRANCH:
            children = [int.from_bytes(page[n : n + 6], "little") for n in nodes]
            if len(children) > want:
                children = [children[i * len(children) // want] for i in range(want)]
            share, more = divmod(max(want, 1), max(len(children), 1))
            for place, child in enumerate(children):
                self._walk(child, share + (place < more), depth + 1, database, main=main)
        elif flags & LEAF and not flags & 0x20:
            for node in nodes:
                self._node(page, node, database, main=main)

    def _node(self, page: bytes, at: int, database: _Database, *, main: bool) -> None:
        """Take in one key with its value."""
        if at + 8 > len(page):
            raise ReadError("corrupt", "a key beyond its page")
        size = int.from_bytes(page[at : at + 4], "little")
        flags = int.from_bytes(page[at + 4 : at + 6], "little")
        key = page[at + 8 : at + 8 + int.from_bytes(page[at + 6 : at + 8], "little")]
        start = at + 8 + len(key)
        try:
            name = key.rstrip(b"\0").decode()
        except UnicodeDecodeError:
            return
        if flags & SUB:
            if main and start + 48 <= len(page):
                self._database(name, page[start : start + 48])
            return
        if not name.isprintable():
            return
        value = self._big(page[start : start + 8], size) if flags & BIG else page[start : start + size]
        self._pair(name, value, database)

    def _big(self, where: bytes, size: int) -> bytes:
        """Return a value that has pages of its own, where it may be JSON."""
        at = int.from_bytes(where, "little") * self.size + 16
        return bytes(self.data[at : at + size]) if size <= 1 << 16 else b"\0"

    @staticmethod
    def _pair(name: str, value: bytes, database: _Database) -> None:
        if _PICTURE.search(name) and "/" in name and len(database.paths) < PATHS:
            database.paths.append(tuple(name.split("/")))
        kind = _NUMBER.sub("#", name).strip("#-_/.: ") or "#"
        told = parse(value.decode("utf-8", "replace")) if value[:1] == b"{" else None
        if isinstance(told, dict):
            for key, inner in told.items():
                _add(database, str(key), inner.encode("utf-8", "replace") if isinstance(inner, str) else b"")
        elif not (_PICTURE.search(name) and "/" in name):
            _add(database, kind, value if len(value) <= VALUE else b"\0")


def _add(database: _Database, name: str, value: bytes) -> None:
    column = database.columns.get(name)
    if column is None:
        if len(database.columns) >= PATTERNS:
            return
        column = database.columns[name] = Column(name, "key", values=ValueSet(sampled=True))
    if column.values is not None and not column.values.full:
        column.values.add(value)
