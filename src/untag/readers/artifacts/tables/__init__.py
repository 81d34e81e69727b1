"""Tables and databases: Parquet, Arrow, TFRecord, LMDB, SQLite, DuckDB, BSON, Avro."""

from __future__ import annotations

from typing import Final

from untag.readers.artifacts.door import Door


def _records(head: bytes, _: str) -> bool:
    """Whether a length of less than 4 GiB stands first: TFRecord has no mark but that length's checksum."""
    return head[4:8] == b"\0\0\0\0" and head[:4] != b"\0\0\0\0"


def _documents(head: bytes, name: str) -> bool:
    """Whether a document's length stands first, and its end where that says: BSON has no mark."""
    size = int.from_bytes(head[:4], "little")
    return (
        head[:4] == b"\x6d\xe2\x99\x81"
        or (name.endswith(".bson") and size > 5)  # noqa: PLR2004 - an empty document
        or (5 < size <= len(head) and head[size - 1] == 0 and 0 < head[4] < 20)  # noqa: PLR2004 - of the format
    )


DOORS: Final[tuple[Door, ...]] = (
    Door("parquet", 1, ("parquet",), ("tables.parquet", "ParquetReader"), lambda h, _: h[:3] == b"PAR"),
    Door(
        "arrow",
        1,
        ("arrow", "feather"),
        ("tables.arrow", "ArrowReader"),
        lambda h, _: h[:6] == b"ARROW1" or h[:4] == b"\xff\xff\xff\xff",
    ),
    Door("sqlite", 1, ("sqlite",), ("tables.sqlite", "SqliteReader"), lambda h, _: h[:6] == b"SQLite"),
    Door("duckdb", 1, ("duckdb",), ("tables.duckdb_file", "DuckdbReader"), lambda h, _: h[8:12] == b"DUCK"),
    Door(
        "database",
        1,
        ("postgresql", "mysql", "mariadb"),
        ("tables.live", "LiveReader"),
        lambda h, _: h[:8] == b"\0untag-t",
    ),
    Door("avro", 1, ("avro",), ("tables.avro", "AvroReader"), lambda h, _: h[:4] == b"Obj\x01"),
    Door("tfrecord", 1, ("tfrecord",), ("tables.tfrecord", "TfRecordReader"), _records),
    Door("lmdb", 1, ("lmdb",), ("tables.lmdb", "LmdbReader"), lambda h, _: h[16:20] == b"\xde\xc0\xef\xbe"),
    Door("bson", 1, ("bson",), ("tables.bson", "BsonReader"), _documents),
)
