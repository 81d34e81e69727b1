"""Migration scripts: right for their dialect, whatever names they quote, and never run by us."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_tables_csv import finding

from untag.strip.base import Choice, Edit, StripError, Unit
from untag.strip.data.migrations import Drop, script
from untag.strip.editors.migration import EDITOR

MYSQL = """-- MySQL dump 10.13
CREATE TABLE `face_capture` (
  `id` int NOT NULL,
  `image` varchar(90),
  `ethnicity` varchar(20) DEFAULT 'a;b',
  `age` int,
  PRIMARY KEY (`id`),
  KEY `k_eth` (`ethnicity`),
  CONSTRAINT `c_eth` CHECK (`ethnicity` <> 'x')
) ENGINE=InnoDB;
INSERT INTO `face_capture` VALUES (1,'a.jpg','Han CREATE TABLE x (ethnicity int);',3);
/*!50001 CREATE VIEW `v_eth` AS select `ethnicity` from `face_capture` */;
CREATE TABLE `staff` (`id` int, `ethnicity` varchar(20));
"""
POSTGRES = """-- PostgreSQL database dump
CREATE TABLE public.face_capture (
    id integer NOT NULL,
    image text,
    "ethnicity" text
);
ALTER TABLE public.face_capture OWNER TO app;
COPY public.face_capture (id, image, ethnicity) FROM stdin;
1\ta.jpg\tCREATE TABLE evil (ethnicity int);
\\.
CREATE INDEX i_eth ON public.face_capture USING btree (ethnicity);
CREATE VIEW public.v_eth AS
 SELECT face_capture.ethnicity
   FROM public.face_capture;
ALTER TABLE ONLY public.face_capture
    ADD CONSTRAINT c_eth CHECK ((ethnicity <> ''::text));
"""
SQLITE = """PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE face_capture (id INTEGER PRIMARY KEY, image TEXT, ethnicity TEXT, age INT);
INSERT INTO face_capture VALUES(1,'a.jpg','Han people',3);
INSERT INTO face_capture VALUES(2,'b.jpg','Uyghur people',4);
CREATE INDEX i_eth ON face_capture (ethnicity);
COMMIT;
"""


def made(tmp_path, text, name="dump.sql"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def unit(path, *findings):
    return Unit(path.parent, path.name, findings, (path.name,))


def planned(path, *findings, **choice):
    assert EDITOR.takes(unit(path))
    return list(EDITOR.plan(unit(path, *findings), Choice(**choice)))


def written(path, edits, staging):
    outcome = EDITOR.apply(unit(path), edits, staging)
    assert all(c.passed for c in outcome.checks)
    (name,) = outcome.written
    return name, (staging / name).read_text()


def test_mysql(tmp_path):
    path = made(tmp_path, MYSQL)
    (edit,) = planned(path, finding("table `face_capture`", "`ethnicity`"))
    assert (edit.kind, edit.safety, edit.files) == ("migration", "manual", ("migration-mysql-dump.sql",))
    assert "index k_eth" in edit.removes
    assert {"constraint c_eth", "view v_eth"} <= set(edit.depends)
    name, text = written(path, [edit], tmp_path / "staging")
    assert name in edit.files
    assert "ALTER TABLE `face_capture`\n  DROP COLUMN `ethnicity`,\n  ALGORITHM=COPY;" in text
    assert "`staff`" not in text
    assert "Nothing of this has been run" in text
    assert "mysqldump" in text
    assert path.read_text() == MYSQL


def test_postgres(tmp_path):
    path = made(tmp_path, POSTGRES)
    (edit,) = planned(path, finding("table public.face_capture", "ethnicity"))
    assert edit.files == ("migration-postgresql-dump.sql",)
    assert "index i_eth" in edit.removes
    assert {"constraint c_eth", "view v_eth"} <= set(edit.depends)
    _, text = written(path, [edit], tmp_path / "staging")
    assert 'ALTER TABLE "public"."face_capture"\n  DROP COLUMN "ethnicity" RESTRICT;' in text
    assert text.index("BEGIN;") < text.index("ALTER TABLE") < text.index("COMMIT;") < text.index("VACUUM (FULL")
    assert "evil" not in text


def run(text, path):
    """Run a script of SQLite's shell without the shell."""
    rows = []
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        lines = [row for row in text.splitlines(keepends=True) if not row.startswith((".", "--"))]
        held = ""
        for row in lines:
            held += row
            if sqlite3.complete_statement(held):
                rows += db.execute(held).fetchall()
                held = ""
        assert not held.strip()
    return rows


def test_sqlite_really_runs(tmp_path):
    path = made(tmp_path, SQLITE)
    (edit,) = planned(path, finding("table face_capture", "ethnicity"))
    _, text = written(path, [edit], tmp_path / "staging")
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        db.executescript(SQLITE)
    assert run(text, tmp_path / "x.db") == [(1,), (2,), (2,), (0,), ("ok",)]
    data = (tmp_path / "x.db").read_bytes()
    assert b"Uyghur people" not in data
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        assert db.execute("SELECT * FROM face_capture").fetchall() == [(1, "a.jpg", 3), (2, "b.jpg", 4)]


HOSTILE = st.text(st.sampled_from("ab\"'`;-\\\n\r\t{}:$*/()é族%"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_names_are_quoted(tmp_path_factory, table, column, index):
    if column.lower() == "id":
        return
    path = tmp_path_factory.mktemp("db") / "x.db"

    def q(name):
        return '"' + name.replace('"', '""') + '"'

    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE kept (n)")
        db.execute(f"CREATE TABLE {q(table)} (id INTEGER, {q(column)} TEXT)")
        db.execute(f"INSERT INTO {q(table)} VALUES (1, 'x')")
        if index.lower() != table.lower():
            db.execute(f"CREATE INDEX {q(index)} ON {q(table)} ({q(column)})")
        db.commit()
    text = script(
        "sqlite", [Drop("", table, column, (index,) if index.lower() != table.lower() else ())], f"x\n{table}"
    )
    rows = run(text, path)
    assert rows[-1] == ("ok",)
    assert rows[3] == (0,)
    for dialect in ("postgresql", "mysql"):
        head = (
            script(dialect, [Drop("s", table, column, (index,), (index,))], table)
            .split("BEGIN;")[0]
            .split("-- MySQL and")[0]
        )
        assert all(not row or row.startswith(("--", "\\set ON")) for row in head.split("\n"))


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_the_same_columns_give_the_same_script(dialect):
    drops = [Drop("s", "b", "y"), Drop("s", "a", "x"), Drop("s", "a", "y")]
    assert script(dialect, drops, "t") == script(dialect, [*drops[::-1], drops[0]], "t")


def test_a_live_database(tmp_path):
    one = Unit(
        Path("postgresql://db.example/vision"), "public/face_capture", (finding("table face_capture", "ethnicity"),)
    )
    assert EDITOR.takes(one)
    (edit,) = EDITOR.plan(one, Choice())
    outcome = EDITOR.apply(one, [edit], tmp_path)
    assert outcome.written == ("migration-postgresql-public-face_capture.sql",)
    assert 'ALTER TABLE "public"."face_capture"' in (tmp_path / outcome.written[0]).read_text()


def test_what_people_said_themselves_is_not_in_the_script(tmp_path):
    path = made(tmp_path, MYSQL)
    (edit,) = planned(path, finding("table `staff`", "`ethnicity`", acquisition="self_reported"))
    assert (edit.kind, edit.safety) == ("column", "manual")
    with pytest.raises(StripError, match="for a person"):
        EDITOR.apply(unit(path), [edit], tmp_path / "staging")


def test_packed_dumps_and_names_that_are_taken(tmp_path):
    path = made(tmp_path, gzip.compress(MYSQL.encode()), "dump.sql.gz")
    one = Unit(
        tmp_path, path.name, (finding("table `face_capture`", "`ethnicity`"),), (path.name, "migration-mysql-dump.sql")
    )
    (edit,) = EDITOR.plan(one, Choice())
    assert isinstance(edit, Edit)
    assert edit.files == ("migration-mysql-dump-2.sql",)
