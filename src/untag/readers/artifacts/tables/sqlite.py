"""SQLite files: tables, columns, comments in the schema, value sets of a stated sample; views as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Blob, Gap
from untag.readers.artifacts.tables.columns import WIDE, Column, Table, ValueSet, table_parts
from untag.readers.artifacts.tables.ddl import definition, kind_of
from untag.readers.artifacts.tables.sqlite_pages import ROW, Pages, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

MAGIC: Final = b"SQLite format 3\0"
LEAVES: Final = 64
"""Leaf pages looked at in one table, spread over it: some thousand rows."""
TABLES: Final = 5_000
"""Tables of which rows are looked at."""
OBJECTS: Final = 20_000
"""Tables, views, triggers and indexes that are read of the schema."""
STATEMENT: Final = 1 << 20
"""Bytes of one statement of the schema."""
SCHEMA: Final = 16 << 20
"""Characters of all statements of the schema."""
SCRIPT: Final = 4 << 20
"""Characters of views and triggers that are read as one text."""


@dataclass(frozen=True, slots=True)
class _Object:
    """A row of the schema table."""

    kind: str
    name: str
    root: int
    sql: str


class SqliteReader:
    """Reads SQLite databases by their pages, without SQL."""

    name = "sqlite"
    version = 1
    formats: tuple[str, ...] = ("sqlite",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head.startswith(MAGIC)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield each table with its columns and value sets, and views and triggers as a text."""
        pages = Pages(blob.data, deadline)
        objects: list[_Object] = []
        room = SCHEMA
        pages.longest = STATEMENT
        try:
            for row in pages.rows(1, 1 << 20):
                found = _object(row)
                if found is not None:
                    objects.append(found)
                    room -= len(found.sql)
                if len(objects) >= OBJECTS or room < 0:
                    yield Gap(blob.trail, "limit", f"more than {OBJECTS:,} tables, views and indexes")
                    break
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
        troubles: dict[str, str] = {}
        pages.longest = ROW
        for number, one in enumerate(o for o in objects if o.kind == "table"):
            yield from table_parts(blob.trail, _table(pages, one, troubles, sample=number < TABLES))
        script = "\n".join(f"{o.sql};" for o in objects if o.kind in ("view", "trigger"))[:SCRIPT]
        if script:
            yield Blob((*blob.trail, "views.sql"), script.encode("utf-8", "replace"))
        for reason, detail in troubles.items():
            yield Gap(blob.trail, reason, detail)


def _object(row: list[Value]) -> _Object | None:
    """Return what a row of ``sqlite_schema`` (type, name, tbl_name, rootpage, sql) names."""
    if len(row) < 5:  # noqa: PLR2004 - its columns
        return None
    kind, name, _, root, sql = row[:5]
    if not isinstance(kind, str) or not isinstance(name, str):
        return None
    return _Object(kind, name, root if isinstance(root, int) else 0, sql if isinstance(sql, str) else "")


def _table(pages: Pages, one: _Object, troubles: dict[str, str], *, sample: bool) -> Table:
    """Return a table with what a sample of its rows holds."""
    told = definition(one.sql) if kind_of(one.sql) == "table" else definition("")
    columns = told.columns
    if told.rowless:
        order = [c for k in told.key for c in columns if c.name.lower() == k.lower()]
        order += [c for c in columns if c not in order]
    else:
        order = columns
    if sample and one.root > 0 and columns and not one.name.startswith("sqlite_"):
        try:
            _sample(pages, one.root, order)
        except ReadError as error:
            troubles.setdefault(error.reason, error.detail)
    kind = f"{told.module} table" if told.module else "table"
    return Table(one.name, columns, told.doc, kind=kind)


def _sample(pages: Pages, root: int, order: list[Column]) -> None:
    """Fill the value sets of columns from rows that are spread over a table."""
    sets = [ValueSet() for _ in order[:WIDE]]
    for column, values in zip(order[:WIDE], sets, strict=True):
        column.values = values
    open_sets = dict(enumerate(sets))
    for row in pages.rows(root, LEAVES):
        for at, values in list(open_sets.items()):
            value = row[at] if at < len(row) else None
            if isinstance(value, str):
                values.text(value)
                if values.full:
                    del open_sets[at]
    for values in sets:
        values.sampled = pages.skipped
