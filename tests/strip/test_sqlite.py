"""Columns of SQLite files: dropped, and their bytes gone."""

import sqlite3
from contextlib import closing

import pytest
from test_tables_csv import finding, unit

from untag.strip.base import Choice, Edit, Refusal, StripError
from untag.strip.editors.sqlite import EDITOR

GROUPS = ("Han people", "Uyghur people", "Hui people")
ROWS = [(n, f"{n}.jpg", n % 90 if n % 5 else None, GROUPS[n % 3], n / 7, bytes([n % 256, 255])) for n in range(1, 400)]
TABLE = "CREATE TABLE face_capture (id INTEGER PRIMARY KEY, image TEXT, age INT, ethnicity TEXT, score REAL, raw BLOB)"


def made(tmp_path, *more, table=TABLE, rows=ROWS, pragmas=()):
    path = tmp_path / "faces.db"
    with closing(sqlite3.connect(path)) as db:
        for pragma in pragmas:
            db.execute(f"PRAGMA {pragma}")
        db.execute(table)
        db.executemany(f"INSERT INTO face_capture VALUES ({', '.join('?' * len(rows[0]))})", rows)
        for sql in more:
            db.execute(sql)
        db.commit()
    return path


def plan(path, *findings, **choice):
    return list(EDITOR.plan(unit(path, *findings), Choice(**choice)))


def strip(path, *findings, **choice):
    edits = [e for e in plan(path, *findings, **choice) if isinstance(e, Edit) and e.safety != "manual"]
    assert edits
    staging = path.parent / "staging"
    before = path.read_bytes()
    outcome = EDITOR.apply(unit(path, *findings), edits, staging)
    assert path.read_bytes() == before
    assert [p.name for p in staging.iterdir()] == [path.name]
    assert all(c.passed for c in outcome.checks)
    return staging / path.name, outcome


ETHNICITY = finding("table face_capture", "ethnicity")


@pytest.mark.parametrize(
    "pragmas", [(), ("encoding='UTF-16'",), ("page_size=1024", "auto_vacuum=1", "user_version=7", "application_id=9")]
)
def test_a_column_goes_and_its_bytes(tmp_path, pragmas):
    path = made(tmp_path, pragmas=pragmas)
    new, outcome = strip(path, ETHNICITY)
    with closing(sqlite3.connect(new)) as db, closing(sqlite3.connect(path)) as old:
        assert db.execute("SELECT * FROM face_capture").fetchall() == [(*r[:3], *r[4:]) for r in ROWS]
        for pragma in ("page_size", "auto_vacuum", "user_version", "application_id", "encoding", "journal_mode"):
            assert db.execute(f"PRAGMA {pragma}").fetchall() == old.execute(f"PRAGMA {pragma}").fetchall()
    data = new.read_bytes()
    for word in GROUPS:
        assert word.encode() not in data
        assert word.encode("utf-16-le") not in data
    assert {c.name for c in outcome.checks} == {"parses", "kept columns equal", "removed values absent"}
    assert outcome.checks[2].figures["values"] == 3


def test_deleted_rows_are_gone_too(tmp_path):
    path = made(tmp_path, "PRAGMA secure_delete=OFF", "DELETE FROM face_capture WHERE id % 3 = 1")
    assert b"Uyghur people" in path.read_bytes()
    new, _ = strip(path, ETHNICITY)
    assert b"Uyghur people" not in new.read_bytes()


def test_values_of_other_columns_stay(tmp_path):
    path = made(tmp_path, "UPDATE face_capture SET image = 'Han people.jpg' WHERE id = 5")
    _, outcome = strip(path, ETHNICITY)
    assert outcome.checks[2].figures == {"values": 3, "elsewhere": 1, "left": 0}


def test_wal_mode_is_kept(tmp_path):
    path = made(tmp_path, pragmas=("journal_mode=WAL",))
    new, _ = strip(path, ETHNICITY)
    assert new.read_bytes()[18:20] == path.read_bytes()[18:20] == b"\2\2"


def test_a_log_beside_it_is_an_error(tmp_path):
    path = made(tmp_path)
    (tmp_path / "faces.db-wal").write_bytes(b"x" * 100)
    with pytest.raises(StripError, match="wal_checkpoint"):
        plan(path, ETHNICITY)


@pytest.mark.parametrize(
    ("more", "safety"),
    [
        ("CREATE INDEX i1 ON face_capture (ethnicity)", "safe"),
        ("CREATE INDEX i1 ON face_capture (ethnicity, age)", "unsafe"),
        ("CREATE UNIQUE INDEX i1 ON face_capture (id, ethnicity)", "unsafe"),
        ("CREATE INDEX i1 ON face_capture (age) WHERE ethnicity = 'x'", "unsafe"),
        ("CREATE VIEW v1 AS SELECT * FROM face_capture", "unsafe"),
        ("CREATE INDEX i1 ON face_capture (age)", "safe"),
        ("CREATE VIEW v1 AS SELECT age FROM face_capture", "safe"),
        ("CREATE TRIGGER t1 AFTER UPDATE ON face_capture BEGIN DELETE FROM face_capture; END", "safe"),
    ],
)
def test_what_uses_it_is_named(tmp_path, more, safety):
    path = made(tmp_path, more)
    (edit,) = plan(path, ETHNICITY)
    assert edit.safety == safety
    if safety == "unsafe":
        assert more.split()[2 if "UNIQUE" not in more else 3] in edit.why
    new, _ = strip(path, ETHNICITY)
    with closing(sqlite3.connect(new)) as db:
        assert db.execute("SELECT count(*) FROM face_capture").fetchone() == (len(ROWS),)


@pytest.mark.parametrize(
    ("more", "table", "word"),
    [
        ("CREATE VIEW v1 AS SELECT ethnicity FROM face_capture", TABLE, "v1"),
        ("CREATE TRIGGER t1 AFTER UPDATE OF ethnicity ON face_capture BEGIN SELECT new.ethnicity; END", TABLE, "t1"),
        (
            "SELECT 1",
            TABLE.replace("ethnicity TEXT", "ethnicity TEXT, CHECK (ethnicity <> '')")
            .replace(", CHECK (ethnicity <> '')", "")
            .replace(")", ", CHECK (ethnicity <> ''))"),
            "ethnicity",
        ),
        (
            "SELECT 1",
            TABLE.replace("id INTEGER PRIMARY KEY", "id INTEGER").replace(")", ", PRIMARY KEY (id, ethnicity))"),
            "key",
        ),
        ("SELECT 1", TABLE.replace(")", ", UNIQUE (age, id, ethnicity))"), "ethnicity"),
    ],
)
def test_what_keeps_it_is_named(tmp_path, more, table, word):
    path = made(tmp_path, more, table=table)
    (refusal,) = plan(path, ETHNICITY)
    assert isinstance(refusal, Refusal)
    assert word in refusal.reason + refusal.needed


def test_a_generated_column_keeps_it(tmp_path):
    path = made(tmp_path, "ALTER TABLE face_capture ADD COLUMN g TEXT AS (upper(ethnicity))")
    refusal = plan(path, ETHNICITY)[0]
    assert isinstance(refusal, Refusal)


def test_full_text_search_holds_copies(tmp_path):
    try:
        path = made(
            tmp_path,
            "CREATE VIRTUAL TABLE words USING fts5 (image, ethnicity)",
            "INSERT INTO words SELECT image, ethnicity FROM face_capture",
        )
    except sqlite3.OperationalError:
        pytest.skip("SQLite without fts5")
    with pytest.raises(StripError, match="still in the file"):
        strip(path, ETHNICITY)
    refusals = plan(path, finding("table words", "ethnicity"))
    assert any(isinstance(r, Refusal) and "virtual" in r.reason for r in refusals)


def test_a_table_of_the_finding_only(tmp_path):
    path = made(
        tmp_path,
        "CREATE TABLE employee (id INTEGER, ethnicity TEXT, name TEXT)",
        "INSERT INTO employee VALUES (1, 'x', 'y')",
    )
    new, _ = strip(path, ETHNICITY)
    with closing(sqlite3.connect(new)) as db:
        assert db.execute("SELECT ethnicity FROM employee").fetchall() == [("x",)]
    hands_off = finding("table employee", "ethnicity", acquisition="self_reported", print_="p2")
    assert {e.target: e.safety for e in plan(path, ETHNICITY, hands_off)} == {
        "column face_capture.ethnicity": "safe",
        "column employee.ethnicity": "manual",
    }
    (edit,) = plan(path, outputs=("employee.ethnicity",))
    assert edit.safety == "safe"


def test_hostile_names(tmp_path):
    name = 'ethnicity"; DROP TABLE x; --'
    quoted = '"' + name.replace('"', '""') + '"'
    path = made(
        tmp_path,
        f"ALTER TABLE face_capture ADD COLUMN {quoted} TEXT",
        "CREATE TABLE x (n)",
        f"CREATE INDEX {quoted} ON face_capture ({quoted})",
    )
    new, _ = strip(path, finding("table face_capture", name))
    with closing(sqlite3.connect(new)) as db:
        assert [r[1] for r in db.execute("PRAGMA table_info(face_capture)")] == ["id", "image", "age", "score", "raw"]
        assert db.execute("SELECT count(*) FROM x").fetchone() == (0,)


def test_tables_without_row_numbers(tmp_path):
    table = "CREATE TABLE face_capture (a TEXT, b INT, ethnicity TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID"
    path = made(tmp_path, table=table, rows=[(f"k{n % 50:02}", n, GROUPS[n % 3]) for n in range(300)])
    _, outcome = strip(path, ETHNICITY)
    assert outcome.checks[1].figures["rows"] == 300


def test_broken_files(tmp_path):
    path = made(tmp_path)
    data = path.read_bytes()
    (edit,) = plan(path, ETHNICITY)
    for broken in (data[:5_000], data[:100], data[:4096] + b"\xff" * (len(data) - 4096), data[:16] + bytes(200)):
        path.write_bytes(broken)
        with pytest.raises(StripError):
            EDITOR.apply(unit(path), [edit], tmp_path / "out")
        assert path.read_bytes() == broken
        assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file()]


def test_twice_changes_nothing(tmp_path):
    path = made(tmp_path)
    new, _ = strip(path, ETHNICITY)
    assert not [e for e in EDITOR.plan(unit(new, ETHNICITY), Choice()) if e.safety != "manual"]


def test_a_disk_that_fills(tmp_path, monkeypatch):
    path = made(tmp_path)
    (edit,) = plan(path, ETHNICITY)
    from untag.strip.data import sqlite_file

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite_file.shutil, "copyfile", full)
    with pytest.raises(StripError, match="disk is full"):
        EDITOR.apply(unit(path), [edit], tmp_path / "out")
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
