"""Laws of the table readers: no bytes make one raise anything but `ReadError`."""

from __future__ import annotations

import functools

import pytest
import table_files as made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.tables import DOORS
from untag.readers.base import Part

MAGIC = {
    "parquet": b"PAR1",
    "arrow": b"ARROW1\0\0",
    "sqlite": b"SQLite format 3\0",
    "avro": b"Obj\x01",
    "lmdb": bytes(16) + b"\xde\xc0\xef\xbe\1\0\0\0",
    "bson": b"\x6d\xe2\x99\x81",
    "tfrecord": b"",
}
READERS = {door.name: door.reader() for door in DOORS if door.name in MAGIC}


def few(table):
    return {k: v[:40] for k, v in table.items()}


@functools.cache
def valid(name):
    table = few(made.TOLD)
    if name in ("parquet", "arrow"):
        pytest.importorskip("pyarrow")
    return {
        "parquet": lambda: made.parquet(table, made.HUGGINGFACE, compression="snappy"),
        "arrow": lambda: made.feather(table, made.HUGGINGFACE, coded=("race",)),
        "sqlite": lambda: made.sqlite(table),
        "avro": lambda: made.avro([{"name": k, "type": "string"} for k in table]),
        "lmdb": lambda: made.lmdb([(b"label-%d" % i, b"Han") for i in range(30)]),
        "bson": lambda: made.bson(table),
        "tfrecord": lambda: made.tfrecord(table),
    }[name]()


def read(name, data):
    try:
        for item in READERS[name].parts(Blob(("x",), data), Budget(), Deadline.after(20)):
            assert isinstance(item, Part | Blob | Gap), item
            if isinstance(item, Part):
                item.text.encode()
                item.statement.encode()
                assert len(item.scope.members) <= 200
    except ReadError:
        pass


LAW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", READERS)
@LAW
@given(data=st.binary(max_size=600))
def test_any_bytes(name, data):
    read(name, data)
    read(name, MAGIC[name] + data)


@pytest.mark.parametrize("name", READERS)
@LAW
@given(st.data())
def test_any_mutation(name, data):
    bad = bytearray(valid(name))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(bad) - 1))
        bad[at] = data.draw(st.sampled_from((0, 1, 127, 128, 255, bad[at] ^ 1, bad[at] ^ 64)))
    read(name, bytes(bad[: data.draw(st.integers(len(bad) // 2, len(bad)))] if data.draw(st.booleans()) else bad))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@given(head=st.binary(max_size=4096))
def test_claims_never_raise(door, head):
    door.likely(head, "x.bson")
    door.reader().claims(head, "x.bson", head)
