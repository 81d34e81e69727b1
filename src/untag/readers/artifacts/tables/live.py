"""Tables of live databases, as `sources.database` describes them: a mark, and one JSON object.

A file that carries the mark itself is read the same way: it is data, and names no other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from untag.errors import LimitError, ReadError
from untag.readers.artifacts.tables.columns import COLUMNS, Column, Table, ValueSet, table_parts
from untag.readers.artifacts.tables.ddl import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.base import Part

MAGIC: Final = b"\0untag-table/1\n"
"""As `untag.sources.database.catalog.MAGIC`, which a test compares."""
LARGEST: Final = 64 << 20
"""Bytes of one document: 1,600 columns of PostgreSQL with 201 values each have 100 KB on the wire, seldom more."""
CHECK: Final = 20_000
"""Characters of a constraint."""
_STRING: Final = re.compile(r"'((?:[^']|'')*)'")
LISTED: Final = ("enum(", "set(")
"""Types of MySQL that list their labels."""


class LiveReader:
    """Reads the documents of `untag.sources.database`."""

    name = "database"
    version = 1
    formats: tuple[str, ...] = ("postgresql", "mysql", "mariadb")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head.startswith(MAGIC)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob]:  # noqa: ARG002 - the seam's
        """Yield the table's name, its columns with their comments and classes, and value sets."""
        if len(blob.data) > LARGEST:
            raise LimitError(f"a description of a table of more than {LARGEST:,} bytes")
        try:
            told = json.loads(bytes(blob.data[len(MAGIC) :]))
            columns = [_column(c) for c in told["columns"][:COLUMNS]]
            _checks(told["checks"], columns)
            kind = str(told["kind"])[:40]
            table = Table(str(told["name"]), columns, str(told["doc"]), int(told["rows"]), kind)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            raise ReadError("corrupt", "the description of a table is not whole") from None
        deadline.check()
        yield from table_parts(blob.trail, table)


def _column(raw: dict[str, Any]) -> Column:
    kind = str(raw["kind"])
    classes = tuple(str(c) for c in raw["classes"])
    if kind.lower().startswith(LISTED):
        classes = tuple(t.text for t in tokens(kind) if t.kind == "string")
        kind = "enum"
    out = Column(str(raw["name"]), kind[:100], str(raw["doc"]), classes=classes)
    if raw["values"] is not None:
        out.values = ValueSet(sampled=bool(raw["sampled"]))
        for value in raw["values"]:
            out.values.text(str(value))
        out.values.seen = int(raw["seen"])
    return out


def _checks(raw: list[Any], columns: list[Column]) -> None:
    """Give columns the labels that check constraints list for them."""
    by_name = {c.name: c for c in columns}
    for names, text in raw:
        column = by_name.get(names[0]) if len(names) == 1 else None
        if column is not None and not column.classes:
            # not by `tokens`, for which PostgreSQL's ARRAY['a', 'b'] is a name in brackets; MySQL 8 escapes the quotes
            found = _STRING.findall(str(text)[:CHECK].replace("\\'", "'"))
            column.classes = tuple(t.replace("''", "'") for t in found)
