"""Tables and databases: Parquet, Arrow, TFRecord, LMDB, SQLite, DuckDB, BSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door

DOORS: Final[tuple[Door, ...]] = ()
