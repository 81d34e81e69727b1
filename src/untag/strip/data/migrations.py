"""Scripts that drop columns from databases, for their owner to read and to run: PostgreSQL, MySQL, MariaDB, SQLite.

Sources: PostgreSQL's manual on ALTER TABLE (a dropped column stays in the file until the table is rewritten), MySQL's
and MariaDB's on online DDL (an instant drop leaves the bytes; ``ALGORITHM=COPY`` does not), SQLite's on ALTER TABLE.
"""

# ruff: noqa: S608 - scripts are what this writes; names go through `quoted`, values through `literal`
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

DIALECTS: Final = ("postgresql", "mysql", "sqlite")
LISTED: Final = 200
"""Dependents that are listed by name."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A column that goes."""

    schema: str
    """Empty where a dump names none: the search path, or the chosen database, decides."""
    table: str
    column: str
    indexes: tuple[str, ...] = ()
    """Indexes that hold it."""
    depends: tuple[str, ...] = ()
    """Views, triggers, constraints and functions that name it, in words."""

    @property
    def shown(self) -> str:
        """The column as a comment names it."""
        return line(".".join(part for part in (self.schema, self.table, self.column) if part))


def line(text: str) -> str:
    """Return a text that stands in a comment: on one line, without control characters."""
    return " ".join(printable(text).split())[:300]


def quoted(dialect: str, *names: str) -> str:
    """Return a name, qualified by those before it, as a dialect takes it, whatever is in it."""
    mark = "`" if dialect == "mysql" else '"'
    return ".".join(mark + name.replace(mark, mark * 2) + mark for name in names if name)


def literal(dialect: str, text: str) -> str:
    """Return a text as a value, whatever is in it and however the server reads backslashes."""
    if dialect == "mysql":
        return f"CONVERT(X'{text.encode('utf-8', 'replace').hex()}' USING utf8mb4)"
    return "'" + text.replace("'", "''") + "'"


def script(dialect: str, drops: Sequence[Drop], title: str) -> str:
    """Return the script that drops columns; the same for the same columns. Nothing here runs it."""
    ordered = sorted(set(drops), key=lambda d: (d.schema, d.table, d.column))
    maker = {"postgresql": _postgresql, "mysql": _mysql, "sqlite": _sqlite}[dialect]
    return "\n".join((*_head(dialect, ordered, title), *maker(ordered), ""))


def _head(dialect: str, drops: list[Drop], title: str) -> list[str]:
    backup = {
        "postgresql": "pg_dump --format=custom --file=before.dump DATABASE",
        "mysql": "mysqldump --single-transaction --routines --triggers DATABASE > before.sql",
        "sqlite": "sqlite3 DATABASE '.backup before.db'",
    }[dialect]
    out = [
        f"-- Drops {len(drops)} column{'s' if len(drops) != 1 else ''}, of {line(title)}.",
        "-- Nothing of this has been run. Read it, try it on a copy, then run it yourself:",
        f"-- 1. Make a backup, and know that it still holds the values: {backup}",
        "-- 2. Change the programs that read or write the columns.",
        "-- 3. Run the script; it stops at the first error.",
        "-- 4. Compare the counts that it prints; then delete old backups, replicas, exports and logs, too.",
        "--",
    ]
    for drop in drops:
        out.append(f"-- column {drop.shown}")
        out += [f"--   goes with it: index {line(name)}" for name in drop.indexes[:LISTED]]
        out += [f"--   depends on it, change it first: {line(what)}" for what in drop.depends[:LISTED]]
    return [*out, ""]


def _tables(drops: list[Drop]) -> dict[tuple[str, str], list[Drop]]:
    out: dict[tuple[str, str], list[Drop]] = {}
    for drop in drops:
        out.setdefault((drop.schema, drop.table), []).append(drop)
    return out


def _postgresql(drops: list[Drop]) -> list[str]:
    name = "postgresql"
    out = [
        "\\set ON_ERROR_STOP on",
        "BEGIN;",
        "SET LOCAL standard_conforming_strings = on;",
        "SET LOCAL lock_timeout = '30s';",
        "",
    ]
    for (schema, table), mine in _tables(drops).items():
        full = quoted(name, schema, table)
        oid = f"{literal(name, full)}::regclass"
        listed = ", ".join(literal(name, d.column) for d in mine)
        out += [
            "-- What depends on the columns; a view, a policy or a generated column among them stops the drop.",
            "SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS depends, a.attname AS on_column",
            "  FROM pg_catalog.pg_depend d",
            "  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid",
            f" WHERE d.refobjid = {oid} AND a.attname IN ({listed}) ORDER BY 1;",
            f"SELECT count(*) AS rows_before FROM {full};",
            f"ALTER TABLE {full}",
            ",\n".join(f"  DROP COLUMN {quoted(name, d.column)} RESTRICT" for d in mine) + ";",
            f"SELECT count(*) AS rows_after FROM {full};",
            "SELECT count(*) AS columns_left_must_be_0 FROM pg_catalog.pg_attribute",
            f" WHERE attrelid = {oid} AND NOT attisdropped AND attname IN ({listed});",
            "",
        ]
    out += [
        "COMMIT;",
        "",
        "-- A dropped column stays in the table's file until each row is written anew; this locks the table meanwhile.",
    ]
    out += [f"VACUUM (FULL, ANALYZE) {quoted(name, *key)};" for key in _tables(drops)]
    return [*out, "-- Write-ahead logs and archives of them hold the values until they are recycled or deleted."]


def _mysql(drops: list[Drop]) -> list[str]:
    name = "mysql"
    out = [
        "-- MySQL and MariaDB end a transaction at each ALTER TABLE: each table is changed as a whole, or not at all.",
        "",
    ]
    for (schema, table), mine in _tables(drops).items():
        full = quoted(name, schema, table)
        where = literal(name, schema) if schema else "DATABASE()"
        at = f"table_schema = {where} AND table_name = {literal(name, table)}"
        listed = ", ".join(literal(name, d.column) for d in mine)
        out += [
            "-- Indexes on the columns lose them; one that is unique may then find duplicates and stop the drop.",
            "SELECT index_name, column_name, non_unique FROM information_schema.statistics",
            f" WHERE {at} AND column_name IN ({listed});",
            "-- Foreign keys on the columns stop the drop.",
            "SELECT constraint_name, column_name FROM information_schema.key_column_usage",
            f" WHERE {at} AND column_name IN ({listed});",
            "-- Views, triggers and functions are not stopped: they fail when they are next used.",
        ]
        out += [
            "SELECT table_schema, table_name AS view_name FROM information_schema.views\n"
            f" WHERE LOCATE({literal(name, d.column)}, view_definition) > 0;"
            for d in mine
        ]
        changes = ",\n".join(f"  DROP COLUMN {quoted(name, d.column)}" for d in mine)
        out += [
            f"SELECT COUNT(*) AS rows_before FROM {full};",
            f"-- COPY writes each row anew: an instant drop would leave the values in the file.\nALTER TABLE {full}",
            f"{changes},\n  ALGORITHM=COPY;",
            f"SELECT COUNT(*) AS rows_after FROM {full};",
            "SELECT COUNT(*) AS columns_left_must_be_0 FROM information_schema.columns",
            f" WHERE {at} AND column_name IN ({listed});",
            "",
        ]
    return [*out, "-- Binary logs hold the values until they are purged: PURGE BINARY LOGS BEFORE NOW();"]


def _sqlite(drops: list[Drop]) -> list[str]:
    name = "sqlite"
    out = [".bail on", "PRAGMA secure_delete = ON;", "BEGIN IMMEDIATE;", ""]
    for (schema, table), mine in _tables(drops).items():
        full = quoted(name, schema, table)
        listed = ", ".join(literal(name, d.column) for d in mine)
        out.append(f"SELECT count(*) AS rows_before FROM {full};")
        indexes = dict.fromkeys(index for d in mine for index in d.indexes)
        out += [f"DROP INDEX IF EXISTS {quoted(name, schema, index)};" for index in indexes]
        out += [f"ALTER TABLE {full} DROP COLUMN {quoted(name, d.column)};" for d in mine]
        out += [
            f"SELECT count(*) AS rows_after FROM {full};",
            f"SELECT count(*) AS columns_left_must_be_0 FROM pragma_table_info({literal(name, table)})",
            f" WHERE name IN ({listed});",
            "",
        ]
    return [
        *out,
        "COMMIT;",
        "",
        "-- Write the file anew, so that the bytes of the values are gone.",
        "VACUUM;",
        "PRAGMA integrity_check;",
    ]
