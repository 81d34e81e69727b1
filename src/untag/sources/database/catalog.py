"""What a database says of itself, and the document in which a table travels to its reader.

A document is `MAGIC` and one JSON object; `readers.artifacts.tables.live` turns it into
parts. It lives in memory only: nothing writes it down, and no value of it is ever quoted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from untag.model import Blob
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"\0untag-table/1\n"
"""First bytes of a document: no text and no other format begins so."""
TABLES: Final = 20_000
"""Tables and views of one database; the largest ERP systems that keep to one schema have about as many."""
COLUMNS: Final = 200_000
"""Columns of all tables together, held until their tables are told: some 100 MB."""
SCRIPTS: Final = 20_000
"""Views, functions and triggers of one database."""
SCRIPT: Final = 1 << 20
"""Characters of one of them."""
VALUE: Final = 300
"""Characters fetched of one value: enough for a sentence, never a document."""
DISTINCT: Final = 201
"""Distinct values fetched of a column: one more than a set of labels has."""
ROWS: Final = 20_000
"""Rows looked at in one table unless the address says ``sample=``."""


class LostError(Exception):
    """The connection is gone, or the server said what cannot be understood: nothing more follows."""


class RefusedError(Exception):
    """The server refused one statement; the next may pass. Says why in words without data."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        """One of `untag.model.GAP_REASONS`."""
        self.detail = detail


@dataclass(slots=True)
class Values:
    """The distinct values of a column in a sample of rows."""

    texts: list[str]
    seen: int
    """Rows looked at."""
    sampled: bool
    """Whether there are more rows than that."""


@dataclass(slots=True)
class Column:
    """A column as the catalogue describes it."""

    name: str
    kind: str
    """Its type in the server's words."""
    doc: str = ""
    shape: str = ""
    """How its values can be sampled: ``text``, ``array``, ``json``, or empty for not at all."""
    readable: bool = True
    """Whether this account may read its values."""
    classes: tuple[str, ...] = ()
    """Labels of its enum type."""
    values: Values | None = None


@dataclass(slots=True)
class Relation:
    """A table or a view as the catalogue describes it."""

    schema: str
    name: str
    kind: str = "table"
    """``table``, ``view``, ``materialized view``, ``foreign table``."""
    doc: str = ""
    rows: int = -1
    """Rows as the server estimates them, or -1."""
    pages: int = 0
    """Pages on disk of PostgreSQL's, as it last counted; 0 where it does not say."""
    key: str = ""
    """The column of a primary key that is one integer."""
    columns: list[Column] = field(default_factory=list)
    checks: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """Check constraints: the columns that each is on, and its text."""
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Schema and name of the tables that its foreign keys point at, by the column of each."""

    @property
    def trail(self) -> tuple[str, ...]:
        """Where the report shows it."""
        return (f"{part(self.schema)}/{part(self.name)}",)

    @property
    def stored(self) -> bool:
        """Whether it holds rows itself: a view or a foreign table would run code or go elsewhere."""
        return self.kind in ("table", "materialized view")


@dataclass(slots=True)
class Catalog:
    """All of one database, filled query by query so that what was read stays."""

    relations: list[Relation] = field(default_factory=list)
    scripts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """Trail and text of views, functions, triggers and types."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Reason and detail of what this account cannot see."""

    def script(self, schema: str, folder: str, name: str, text: str) -> None:
        """Keep the text of a view or a function."""
        if text.strip():
            self.scripts.append(((f"{part(schema)}/{folder}/{part(name)}.sql",), text[:SCRIPT]))


class Session(Protocol):
    """A read-only session with one server."""

    def describe(self, catalog: Catalog) -> Iterator[None]:
        """Fill the catalogue, step by step; raise `LostError`, or `RefusedError` where a step cannot be left out."""

    def sample(self, relation: Relation, column: Column, rows: int) -> list[Column]:
        """Return the column with its values, or the fields that a JSON column holds; raise as `describe` does."""

    def close(self) -> None:
        """Say good-bye; never raises."""


def part(name: str) -> str:
    """Return a name as one part of a path."""
    return printable(name).replace("/", "∕").replace("\\", "∖")[:200] or "_"


def statement(kind: str, name: str, text: str, comment: str) -> str:
    """Return a text with a comment above it, as a script of the schema has it."""
    said = "".join(f"-- {line}\n" for line in comment[:2_000].splitlines())
    return f"-- {kind} {printable(name)}\n{said}{text}\n"


def document(relation: Relation) -> Blob:
    """Return a table as a document for its reader."""
    told = {
        "name": relation.name,
        "kind": relation.kind,
        "doc": relation.doc,
        "rows": relation.rows,
        "checks": relation.checks,
        "columns": [
            {
                "name": c.name,
                "kind": c.kind,
                "doc": c.doc,
                "classes": c.classes,
                "values": None if c.values is None else c.values.texts,
                "seen": 0 if c.values is None else c.values.seen,
                "sampled": c.values is not None and c.values.sampled,
            }
            for c in relation.columns
        ],
    }
    return Blob(relation.trail, MAGIC + json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
