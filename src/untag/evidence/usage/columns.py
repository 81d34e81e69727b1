"""Access logs as Parquet, by DuckDB: the rows in which anything stands that could matter, as lines of JSON.

Only the columns that the mapping names are read, and the engine may hold `MEMORY` bytes: a row group or bodies that
need more are read a few rows at a time, and what does not fit even so is told as not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.evidence.usage.sieve import sifted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.evidence.usage.mapping import Mapping

MEMORY: Final = "400MB"
"""What the engine may hold at once."""
BATCH: Final = 500
"""Rows taken at once at most."""
BYTES: Final = 4 << 20
"""Bytes of rows taken at once, about: bodies may be large, and all of a batch is held."""
STEPS: Final = (64, 8, 1)
"""Rows asked for at once where the engine has no memory for as many as it would take, which is 2,048."""
MISSING: Final = "Parquet logs are read with DuckDB: pip install 'untag[usage]'"
LATER: Final = re.compile(rb',"[^"\\]*":null')
FIRST: Final = re.compile(rb'"[^"\\]*":null,?')
"""Members that are null: a column has a place in each row for what any row holds. Quotes in texts are escaped."""


def rows(path: str, mapping: Mapping) -> Iterator[tuple[tuple[bytes, ...], int, int, int, int]]:
    """Yield candidates, count of rows, bytes, 0 and 0, batch by batch.

    Raises `UsageError` where DuckDB is missing or no column is one of the mapping's, `ValueError` for a file that is
    damaged or needs more memory than it may have.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(MISSING) from error
    settings: Any = {
        "enable_external_access": True,
        "autoinstall_known_extensions": False,
        "memory_limit": MEMORY,
        # each log has a process of its own; and one thread keeps the order of rows
        "threads": 1,
        "temp_directory": "",
    }
    connection: Any = duckdb.connect(":memory:", config=settings)
    try:
        wanted = _columns(connection, path, mapping)
        if not wanted:
            raise UsageError(f"{path} has no column of a call that is known: name them in a --mapping file")
        for batch in _batches(connection, path, wanted, duckdb.OutOfMemoryException):
            block = _without_null(b"\n".join(batch))
            found = sifted(block)
            yield found.candidates, len(batch), found.size, 0, 0
    except duckdb.OutOfMemoryException as error:
        raise ValueError(
            f"it needs more than {MEMORY} of memory at once: write it anew in smaller row groups"
            " (COPY … TO … (FORMAT parquet, ROW_GROUP_SIZE 10000) in DuckDB)"
        ) from error
    except duckdb.Error as error:
        raise ValueError(str(error).splitlines()[0]) from error
    finally:
        connection.close()


def _columns(connection: Any, path: str, mapping: Mapping) -> str:
    """Return the columns that the mapping names, as SQL; empty where there is none."""
    wanted = {name for _, names in mapping.fields for name in names}
    wanted |= {name.split(".", 1)[0] for name in wanted}
    chosen = []
    for name, kind, *_ in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall():
        if name not in wanted and not any(other.startswith(f"{name}.") for other in wanted):
            continue
        quoted = '"' + name.replace('"', '""') + '"'
        # bytes that are no text stay as the engine writes them
        chosen.append(quoted if kind != "BLOB" else f"coalesce(try(decode({quoted})), {quoted}::VARCHAR) AS {quoted}")
    return ", ".join(chosen)


def _batches(connection: Any, path: str, columns: str, full: type[Exception]) -> Iterator[list[bytes]]:
    """Yield rows as JSON, in their order, as many at once as there is memory for."""
    done = 0
    try:
        for batch in _fetched(connection, f"SELECT {columns} FROM read_parquet(?)", [path]):  # noqa: S608 - quoted
            done += len(batch)
            yield batch
    except full:
        pass
    else:
        return
    total = connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [path]).fetchone()[0]
    source = "read_parquet(?, file_row_number = true) WHERE file_row_number >= ? AND file_row_number < ?"
    steps = list(STEPS)
    while done < total:
        start = done
        stop = min(start + steps[0], total)
        try:
            for batch in _fetched(connection, f"SELECT {columns} FROM {source}", [path, start, stop]):  # noqa: S608
                done += len(batch)
                yield batch
        except full:
            if len(steps) == 1:
                raise
            del steps[0]
        else:
            if done < stop:
                raise ValueError("fewer rows than it states")


def _fetched(connection: Any, query: str, values: list[Any]) -> Iterator[list[bytes]]:
    """Yield the rows of a query as JSON, in batches of about `BYTES`."""
    answer = connection.execute(f"SELECT to_json(t)::VARCHAR FROM ({query}) AS t", values)  # noqa: S608 - quoted
    count = 1
    while batch := [row[0].encode("utf-8", "surrogatepass") for row in answer.fetchmany(count)]:
        yield batch
        count = max(1, min(BATCH, BYTES * len(batch) // sum(map(len, batch)), 4 * count))


def _without_null(block: bytes) -> bytes:
    """Return rows of JSON without their members that are null, which would make a candidate of each row."""
    return FIRST.sub(b"", LATER.sub(b"", block)) if b":null" in block else block
