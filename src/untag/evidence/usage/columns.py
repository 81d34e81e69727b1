"""Access logs as Parquet, by DuckDB: the rows in which anything stands that could matter, as lines of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.evidence.usage.sieve import sifted

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH: Final = 500
"""Rows taken at once: bodies may be large, and all of a batch is held."""
MISSING: Final = "Parquet logs are read with DuckDB: pip install 'untag[usage]'"


def rows(path: str) -> Iterator[tuple[tuple[bytes, ...], int, int, int]]:
    """Yield candidates, count of rows, bytes and 0, batch by batch."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(MISSING) from error
    connection: Any = duckdb.connect(
        ":memory:", config={"enable_external_access": True, "autoinstall_known_extensions": False}
    )
    try:
        relation = connection.execute("SELECT to_json(t)::VARCHAR FROM read_parquet(?) AS t", [path])
        while batch := relation.fetchmany(BATCH):
            block = b"\n".join(row[0].encode("utf-8", "surrogatepass") for row in batch)
            found = sifted(block)
            yield found.candidates, len(batch), found.size, 0
    except duckdb.Error as error:
        raise ValueError(str(error).splitlines()[0]) from error
    finally:
        connection.close()
