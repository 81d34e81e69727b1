"""SQLite, DuckDB, BSON, LMDB, TFRecord and Avro: positive, neutral, truncated and hostile."""

from __future__ import annotations

import json
import struct

import pytest
from table_files import (
    CODED,
    GROUPS,
    LABELLED,
    NEUTRAL,
    PATHS,
    ROWS,
    TOLD,
    avro,
    bson,
    duckdb,
    hard,
    lmdb,
    masked,
    reasons,
    run,
    sqlite,
    tfrecord,
)

MAKE = {"db": sqlite, "bson": bson, "tfrecord": tfrecord}


@pytest.mark.parametrize("form", MAKE)
def test_a_column_is_judged_by_its_name_and_company(form):
    report = run(MAKE[form](TOLD), f"faces.{form}")
    assert any(attribute == "race" and route[-1] == "race" for attribute, route in hard(report)), report
    assert reasons(report) == []
    assert any(route[-1] == "ethnicity" for _, route in hard(run(MAKE[form](CODED), f"faces.{form}")))


@pytest.mark.parametrize("form", MAKE)
def test_a_column_is_judged_by_its_values_and_none_is_quoted(form):
    report = run(MAKE[form](LABELLED), f"faces.{form}")
    assert any("row label" in route for _, route in hard(report))
    assert not any(group in finding.excerpt for finding in report.findings for group in GROUPS)


@pytest.mark.parametrize("form", MAKE)
@pytest.mark.parametrize("name", NEUTRAL)
def test_neutral_twins(form, name):
    data = sqlite(NEUTRAL[name], name) if form == "db" else MAKE[form](NEUTRAL[name])
    assert hard(run(data, f"{name}.{form}")) == []


@pytest.mark.parametrize("form", MAKE)
def test_truncated(form):
    data = MAKE[form](TOLD)
    report = run(data[: len(data) * 2 // 3], f"faces.{form}")
    assert reasons(report) == ["truncated"]
    assert hard(report)


def test_sqlite_reads_comments_checks_and_views():
    ddl = """CREATE TABLE face_capture (
      id INTEGER PRIMARY KEY, image_path TEXT,
      c7 TEXT, -- ethnicity of the captured face
      grp TEXT CHECK (grp IN ('Uyghur', 'Han', 'Tibetan')))"""
    view = "CREATE VIEW watch AS SELECT * FROM face_capture WHERE grp = 'Uyghur' -- alarm when a Uyghur face is seen"
    table = {"id": range(3), "image_path": PATHS[:3], "c7": ["1"] * 3, "grp": ["Han"] * 3}
    report = run(sqlite(table, "face_capture", ddl, [view]), "faces.db")
    routes = [route for _, route in hard(report)]
    assert any("labels grp" in route for route in routes)
    assert any(f.trail[-1] == "views.sql" and f.operation in ("alerts", "stores") for f in report.findings)
    assert any(f.term.lower() == "ethnicity" and f.route == ("table face_capture",) for f in report.findings)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_sqlite_rows_out_of_the_ordinary(encoding, tmp_path):
    import sqlite3

    base = sqlite3.connect(tmp_path / "x.db")
    base.execute(f"PRAGMA encoding = '{encoding}'")
    base.execute(
        "CREATE TABLE faces (face_image TEXT, pic BLOB, label TEXT, n INT, PRIMARY KEY (n, label)) WITHOUT ROWID"
    )
    rows = [(p, b"x" * 6000, GROUPS[i % 5], i) for i, p in enumerate(PATHS[:200])]
    base.executemany("INSERT INTO faces VALUES (?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    report = run((tmp_path / "x.db").read_bytes(), "faces.db")
    assert any("row label" in route for _, route in hard(report)), report
    assert reasons(report) == []


def test_sqlite_large_tables_are_sampled_all_over():
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.tables.sqlite import SqliteReader

    many = {"face_image": PATHS * 50, "label": (["x"] * ROWS * 25) + (list(GROUPS) * ROWS * 5)}
    blob = Blob(("x.db",), sqlite(many))
    parts = list(SqliteReader().parts(blob, Budget(), Deadline.after(20)))
    (label,) = [p for p in parts if p.text == "label" and p.role == "member"]
    assert "values of a sample of" in label.statement
    assert set(GROUPS) <= {p.text for p in parts if p.role == "value"}


def test_sqlite_hostile():
    data = sqlite(TOLD)
    size = int.from_bytes(data[16:18], "big")
    assert reasons(run(data[:16] + b"\0\3" + data[18:], "x.db")) == ["corrupt"]
    assert reasons(run(data[:60], "x.db")) == ["truncated"]
    circle = bytearray(data)
    root = size  # the table's own tree, on page 2, made to contain itself
    circle[root : root + 14] = struct.pack(">BHHHBIH", 5, 0, 1, 14, 0, 2, size - 20)
    circle[root + size - 20 : root + size - 14] = struct.pack(">IBB", 2, 1, 0)
    report = run(bytes(circle), "faces.db")
    assert reasons(report) == ["corrupt"]
    assert hard(report)


def test_duckdb():
    pytest.importorskip("duckdb")
    data = duckdb(
        "CREATE TYPE eth AS ENUM ('uyghur', 'han', 'tibetan')",
        "CREATE TABLE faces (id INT, face_image VARCHAR, attr_1 VARCHAR, e eth, race VARCHAR)",
        "INSERT INTO faces SELECT i, 'a.jpg', ['Caucasian', 'African', 'Asian'][1 + i % 3], 'han', '1' FROM range(500) t(i)",
        "CREATE VIEW watch AS SELECT * FROM faces WHERE e = 'uyghur'",
        "COMMENT ON COLUMN faces.race IS 'race of the face'",
    )
    report = run(data, "faces.duckdb")
    routes = [route for _, route in hard(report)]
    assert ("table faces", "race") in routes
    assert any("labels e" in route for route in routes)
    assert any("row attr_1" in route for route in routes)
    broken = run(data[: len(data) // 2], "faces.duckdb")
    assert reasons(broken) == ["corrupt"]
    assert reasons(run(data[:4096] + b"\xff" * 20_000, "faces.duckdb")) == ["corrupt"]


def test_duckdb_neutral():
    pytest.importorskip("duckdb")
    data = duckdb(
        "CREATE TABLE pics (image_path VARCHAR, age INT, emotion VARCHAR, dog_breed VARCHAR)",
        "INSERT INTO pics SELECT 'a.jpg', 3, ['sad', 'happy'][1 + i % 2], 'pug' FROM range(50) t(i)",
    )
    report = run(data, "pics.duckdb")
    assert (hard(report), reasons(report)) == ([], [])


def test_duckdb_without_the_extra(monkeypatch):
    from untag.readers.artifacts.tables import duckdb_file

    monkeypatch.setattr(duckdb_file, "find_spec", lambda _: None)
    report = run(bytes(8) + b"DUCK" + bytes(5000), "x.duckdb")
    assert reasons(report) == ["missing_extra"]


def test_duckdb_that_takes_for_ever_is_given_up(monkeypatch, tmp_path):
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.tables import duckdb_file

    child = tmp_path / "duckdb_child.py"
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(duckdb_file, "__file__", str(tmp_path / "duckdb_file.py"))
    monkeypatch.setattr(duckdb_file, "find_spec", lambda _: True)
    blob = Blob(("x.duckdb",), bytes(8) + b"DUCK" + bytes(5000))
    (gap,) = duckdb_file.DuckdbReader().parts(blob, Budget(), Deadline.after(1))
    assert gap.reason == "limit"


def test_bson_nested_archive_and_hostile():
    from table_files import document

    rows = [{"image": {"path": p}, "faces": [{"box": [1, 2], "age": 3, "race": "Black"}]} for p in PATHS[:50]]
    data = b"".join(map(document, rows))
    assert any(route[-1] == "faces.race" for _, route in hard(run(data, "faces.bson")))
    archive = b"\x6d\xe2\x99\x81" + document({"concurrent_collections": 4}) + b"\xff" * 4
    archive += document({"db": "cam", "collection": "faces"}) + data + b"\xff" * 4
    assert any(route[-1] == "faces.race" for _, route in hard(run(archive, "dump.archive")))
    report = run(data + b"\x02\0\0\0" + bytes(50), "faces.bson")
    assert reasons(report) == ["corrupt"]
    assert hard(report)
    deep = {"race": 1}
    for _ in range(90):
        deep = {"a": deep}
    assert reasons(run(data + document(deep), "faces.bson")) == ["limit"]


def test_lmdb():
    pairs = []
    for i in range(20):
        pairs += [
            (b"face_image-%05d" % i, b"\xff\xd8"),
            (b"box-%05d" % i, b"1 2"),
            (b"label-%05d" % i, GROUPS[i % 5].encode()),
        ]
    report = run(lmdb(pairs), "data.mdb")
    assert any("row label" in route for _, route in hard(report)), report
    told = [
        (b"%05d" % i, json.dumps({"face_image": "a.jpg", "age": 3, "glasses": 1, "ethnicity": "x"}).encode())
        for i in range(20)
    ]
    assert any(route[-1] == "ethnicity" for _, route in hard(run(lmdb(told), "data.mdb")))
    twin = [(b"image-%05d" % i, b"\xff\xd8") for i in range(20)] + [(b"emotion-%05d" % i, b"sad") for i in range(20)]
    twin = run(lmdb(twin), "data.mdb")
    assert (hard(twin), reasons(twin)) == ([], [])
    data = lmdb(pairs)
    assert reasons(run(data[:9000], "data.mdb")) == ["truncated"]
    circle = bytearray(data)
    circle[8192:8216] = struct.pack("<QHHHHQ", 2, 0, 1, 18, 4000, 4000)
    circle[8192 + 4000 : 8192 + 4008] = struct.pack("<HHHH", 2, 0, 0, 0)
    assert reasons(run(bytes(circle), "data.mdb")) == ["corrupt"]


def test_tfrecord_hostile():
    data = tfrecord(TOLD)
    report = run(data + struct.pack("<Q", 4) + bytes(12), "faces.tfrecord")
    assert reasons(report) == ["corrupt"]
    assert hard(report)
    other = struct.pack("<Q", 4)
    other += struct.pack("<I", masked(other)) + b"abcd" + bytes(4)
    assert reasons(run(other * 3, "x.tfrecord")) == ["unsupported"]
    lies = run(data + b"\xff" * 20, "faces.tfrecord")
    assert reasons(lies) == ["truncated"]


def test_avro():
    ethnicity = {"name": "E", "type": "enum", "symbols": ["UYGHUR", "HAN", "TIBETAN"]}
    fields = [
        {"name": "face_image", "type": "bytes"},
        {"name": "age", "type": ["null", "int"]},
        {"name": "ethnicity", "doc": "of the captured face", "type": ethnicity},
    ]
    data = avro(fields, "a face that was captured")
    routes = [route for _, route in hard(run(data, "faces.avro"))]
    assert any(route[-1] == "ethnicity" for route in routes)
    twin = [{"name": "image_path", "type": "string"}, {"name": "dog_breed", "type": "string"}]
    assert hard(run(avro(twin), "x.avro")) == []
    assert reasons(run(data[:60], "x.avro")) == ["truncated"]
    assert reasons(run(b"Obj\x01" + b"\xff" * 40, "x.avro")) == ["corrupt"]
    assert reasons(run(avro([]).replace(b'{"type"', b'!"type"'), "x.avro")) == ["corrupt"]
    deep = b'{"type":' * 3000 + b"1" + b"}" * 3000
    size = 2 * len(deep)
    head = b"Obj\x01\x02\x16avro.schema" + bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14])
    assert reasons(run(head + deep + bytes(17), "x.avro")) in ([], ["corrupt"])


def test_names_of_persons_are_never_labels():
    table = {"face_image": PATHS, "name": [("Ann Han", "Bo White", "Cy Black", "Di Asian")[i % 4] for i in range(ROWS)]}
    assert run(sqlite(table), "faces.db").findings == ()
