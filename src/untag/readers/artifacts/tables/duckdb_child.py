"""Run by `duckdb_file` in a process of its own: prints what a DuckDB file holds, a table a line, as JSON.

The file is opened read-only, without network, other files, extensions or spilling to disk;
views are printed, never queried. Imports nothing of untag, so that it starts at once.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

ROWS: Final = 2_500
"""Rows of one slice."""
SLICES: Final = 8
"""Slices of a table, spread over it by row number."""
KEEP: Final = 201
"""Distinct values printed of a column: one more than a set of labels has."""
TABLES: Final = 5_000
WIDE: Final = 600
"""Columns of one table whose values are looked at."""
MEMORY: Final = 4 << 30
"""Bytes of address space; DuckDB itself is held to a sixteenth of it."""
SECONDS: Final = 40
OUTPUT: Final = 64 << 20
CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_unsigned_extensions": "false",
    "memory_limit": "256MB",
    "threads": "1",
    "temp_directory": "",
}


def limit() -> None:
    """Hold this process to a memory, a time and an output; systems without `resource` have the parent's clock."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return
    for name, most in (("RLIMIT_AS", MEMORY), ("RLIMIT_CPU", SECONDS), ("RLIMIT_FSIZE", OUTPUT), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError, AttributeError):  # a lower limit stands already
            continue


def say(kind: str, **told: Any) -> None:
    """Print one line."""
    sys.stdout.write(json.dumps({"kind": kind, **told}, default=str) + "\n")
    sys.stdout.flush()


def quoted(name: str) -> str:
    """Return an identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def values(database: Any, where: str, column: str, rows: int) -> list[str]:
    """Return the distinct values of a column in slices that are spread over its table."""
    name = quoted(column)
    found: dict[str, None] = {}
    slices = 1 if rows <= ROWS * SLICES else SLICES
    for number in range(slices):
        low = rows * number // slices
        within = f"WHERE rowid BETWEEN {low} AND {low + ROWS - 1}" if slices > 1 else ""
        query = f"SELECT DISTINCT left(CAST({name} AS VARCHAR), 600) FROM {where} {within} LIMIT {KEEP}"  # noqa: S608 - both are quoted
        found.update((v[0], None) for v in database.execute(query).fetchall() if v[0])
        if len(found) >= KEEP:
            break
    return list(found)[:KEEP]


def main(path: str) -> None:
    """Print the tables and views of one file."""
    import duckdb  # noqa: PLC0415 - the extra ``duckdb``

    limit()
    try:
        database = duckdb.connect(path, read_only=True, config=CONFIG)
        database.execute("SET lock_configuration = true")
    except Exception as error:  # noqa: BLE001 - whatever the library says, the file cannot be read
        say("error", reason="corrupt", detail=type(error).__name__)
        return
    tables = database.execute(
        "SELECT schema_name, table_name, comment, estimated_size FROM duckdb_tables() WHERE NOT internal LIMIT ?",
        [TABLES],
    ).fetchall()
    for schema, table, comment, rows in tables:
        try:
            columns = database.execute(
                "SELECT column_name, data_type, comment FROM duckdb_columns()"
                " WHERE schema_name = ? AND table_name = ? AND NOT internal ORDER BY column_index",
                [schema, table],
            ).fetchall()
            told = []
            for number, (name, kind, doc) in enumerate(columns):
                text = number < WIDE and str(kind).startswith(("VARCHAR", "ENUM"))
                where = f"{quoted(schema)}.{quoted(table)}"
                seen = values(database, where, name, rows or 0) if text else None
                told.append([name, str(kind)[:2_000], doc or "", seen])
            say(
                "table",
                name=table,
                doc=comment or "",
                rows=rows or 0,
                columns=told,
                sampled=(rows or 0) > ROWS * SLICES,
            )
        except Exception as error:  # noqa: BLE001 - one table costs no other
            say("error", reason="corrupt", detail=type(error).__name__)
    views = database.execute("SELECT sql FROM duckdb_views() WHERE NOT internal LIMIT ?", [TABLES]).fetchall()
    say("views", sql="\n".join(v[0] for v in views if v[0])[: 4 << 20])


if __name__ == "__main__":
    main(sys.argv[1])
