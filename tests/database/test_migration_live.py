"""Migration scripts on real servers, run by their own shells as an owner would."""

import shutil
import subprocess
from pathlib import Path

import pytest

from untag import scan
from untag.strip.base import Choice, Edit, Unit
from untag.strip.editors.migration import EDITOR

HOSTILE = "face \"capture`' $untag$ -- x;\n\\q {}"
COLUMN = "ethni\"c`ity' $$ \\! ;\n-- y"


def shell(name, folder="/usr/lib/postgresql"):
    found = sorted(str(p) for p in Path(folder).glob(f"*/bin/{name}")) if Path(folder).exists() else []
    path = (found or [shutil.which(name)])[-1]
    if not path:
        pytest.skip(f"{name} is not installed: bash .ci/services installs it")
    return path


def written(url, tmp_path, *more):
    """Scan a database, plan, and write the script of each table."""
    report = scan(url)
    by_table = {}
    for decision in report.decisions:
        if decision.action in ("block", "warn") and not decision.finding.trail[0].endswith(".sql"):
            by_table.setdefault(decision.finding.trail[0], []).append(decision.finding)
    out = {}
    for name, found in by_table.items():
        unit = Unit(Path(report.target), name, tuple(found))
        assert EDITOR.takes(unit)
        edits = [e for e in EDITOR.plan(unit, Choice(outputs=more)) if isinstance(e, Edit) and e.kind == "migration"]
        if edits:
            outcome = EDITOR.apply(unit, edits, tmp_path)
            out[name] = tmp_path / outcome.written[0]
    return out


def q(name, mark='"'):
    return mark + name.replace(mark, mark * 2) + mark


def test_postgres(postgres, tmp_path):
    postgres.plant("CREATE DATABASE migrated")
    postgres.plant(
        f"""
        CREATE TABLE face_capture (id int PRIMARY KEY, face_image text, camera_id int, age int, ethnicity text, note text);
        INSERT INTO face_capture SELECT n, 'x', n % 7, 30, 'Sentinel Uyghur', 'keep ' || n FROM generate_series(1, 500) n;
        CREATE INDEX i_eth ON face_capture (ethnicity);
        CREATE TABLE {q(HOSTILE)} (id int, face_image text, camera_id int, age int, ethnicity text, {q(COLUMN)} text);
        INSERT INTO {q(HOSTILE)} VALUES (1, 'x', 1, 3, 'han', 'han');
        CREATE TABLE viewed (id int, face_image text, camera_id int, age int, ethnicity text);
        CREATE VIEW seen AS SELECT ethnicity FROM viewed;
        """,
        "migrated",
    )
    scripts = written(postgres.url(user="postgres", database="migrated"), tmp_path)
    assert "public/face_capture" in scripts

    def run(path):
        command = [
            shell("psql"),
            "-X",
            "-h",
            "127.0.0.1",
            "-p",
            str(postgres.port),
            "-U",
            "postgres",
            "-d",
            "migrated",
            "-f",
            str(path),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    done = run(scripts["public/face_capture"])
    assert done.returncode == 0, done.stderr
    assert "i_eth" in done.stdout
    with_admin = postgres.admin("migrated")
    try:
        columns = "SELECT column_name FROM information_schema.columns WHERE table_name = :t ORDER BY ordinal_position"
        assert [r[0] for r in with_admin.run(columns, t="face_capture")] == [
            "id",
            "face_image",
            "camera_id",
            "age",
            "note",
        ]
        assert with_admin.run("SELECT count(*), count(DISTINCT note) FROM face_capture") == [[500, 500]]
        # the bytes are gone from the table's file
        with_admin.run("CHECKPOINT")
        (place,) = with_admin.run("SELECT pg_relation_filepath('face_capture')")[0]
        data = (postgres.folder / "data" / place).read_bytes()
        assert b"keep 7" in data
        assert b"Sentinel Uyghur" not in data
        # a view stops the drop, and the transaction leaves the table as it was
        done = run(scripts["public/viewed"])
        assert done.returncode != 0
        assert "seen" in done.stdout + done.stderr
        assert "ethnicity" in [r[0] for r in with_admin.run(columns, t="viewed")]
        hostile = [p for n, p in scripts.items() if "untag" in n]
        assert hostile
        text = script_of("postgresql", "public", HOSTILE, ("ethnicity", COLUMN))
        (tmp_path / "hostile.sql").write_text(text)
        done = run(tmp_path / "hostile.sql")
        assert done.returncode == 0, done.stderr
        assert [r[0] for r in with_admin.run(columns, t=HOSTILE)] == ["id", "face_image", "camera_id", "age"]
    finally:
        with_admin.close()


def script_of(dialect, schema, table, columns):
    from untag.strip.data.migrations import Drop, script

    return script(dialect, [Drop(schema, table, c) for c in columns], "a hostile table")


def test_mariadb(mariadb, tmp_path):
    column = COLUMN.replace("\n", " ")
    mariadb.plant("CREATE DATABASE migrated")
    mariadb.plant(
        "CREATE TABLE face_capture (id INT PRIMARY KEY, face_image TEXT, camera_id INT, age INT, ethnicity VARCHAR(40), note TEXT, KEY i_eth (ethnicity));\n"
        "INSERT INTO face_capture SELECT seq, 'x', seq % 7, 30, 'Sentinel Uyghur', CONCAT('keep ', seq) FROM seq_1_to_500;\n"
        "CREATE VIEW seen AS SELECT ethnicity FROM face_capture",
        "migrated",
    )
    with mariadb.admin("migrated") as connection, connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {q(HOSTILE, '`')} (id INT, face_image TEXT, age INT, ethnicity TEXT, {q(column, '`')} TEXT)".replace(
                "%", "%%"
            )
        )
    mariadb.plant("CREATE USER owner@'127.0.0.1' IDENTIFIED BY 'x y';\nGRANT ALL ON migrated.* TO owner@'127.0.0.1'")
    scripts = written(mariadb.url(user="owner", password="x%20y", database="migrated"), tmp_path)
    assert "migrated/face_capture" in scripts

    def run(path):
        command = [
            shell("mariadb", "/nowhere"),
            "--no-defaults",
            f"--socket={mariadb.folder / 'socket'}",
            "-u",
            "root",
            "migrated",
        ]
        with path.open("rb") as file:
            return subprocess.run(command, stdin=file, capture_output=True, text=True, timeout=60, check=False)

    done = run(scripts["migrated/face_capture"])
    assert done.returncode == 0, done.stderr
    assert "i_eth" in done.stdout
    assert "seen" in done.stdout
    (tmp_path / "hostile.sql").write_text(script_of("mysql", "migrated", HOSTILE, ("ethnicity", column)))
    done = run(tmp_path / "hostile.sql")
    assert done.returncode == 0, done.stderr
    with mariadb.admin("migrated") as connection, connection.cursor() as cursor:
        for table, left in (
            ("face_capture", ["id", "face_image", "camera_id", "age", "note"]),
            (HOSTILE, ["id", "face_image", "age"]),
        ):
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'migrated' AND table_name = %s ORDER BY ordinal_position",
                (table,),
            )
            assert [r[0] for r in cursor.fetchall()] == left
        cursor.execute("SELECT COUNT(*), COUNT(DISTINCT note) FROM face_capture")
        assert cursor.fetchone() == (500, 500)
        cursor.execute("FLUSH TABLES face_capture FOR EXPORT")
        data = (mariadb.folder / "data" / "migrated" / "face_capture.ibd").read_bytes()
        assert b"keep 7" in data
        assert b"Sentinel Uyghur" not in data
        cursor.execute("UNLOCK TABLES")
