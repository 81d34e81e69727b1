"""The log of decisions: its chain, its rotation, and what a crash leaves of it."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.errors import ConfigError
from untag.guard import log as logs
from untag.guard.base import Reason, Removed, Verdict

REFUSED = Verdict(
    "refuse",
    "searches",
    "ethnicity",
    (Reason("slot", "words that quote nobody", 2.0),),
    "untag-core/searches",
    (Removed("/people/Anna Kowalska/race", "race", "field"),),
)


KINDS = ("log.jsonl", "log.sqlite")
both = pytest.mark.parametrize("name", KINDS)


def write(path, count, **how):
    with logs.DecisionLog(path, **how) as log:
        for number in range(count):
            log.decided("request", REFUSED, route="POST /v1?name=Anna", body=b"%d" % number, mode="enforce")
        return log.head


@both
def test_a_chain_verifies_to_its_head(tmp_path, name):
    path = tmp_path / name
    head = write(path, 5)
    result = logs.verify([path])
    assert (result.records, result.first, result.last, result.head, result.fault) == (6, 1, 6, head, "")


@both
def test_a_log_that_is_opened_again_goes_on(tmp_path, name):
    path = tmp_path / name
    write(path, 3)
    write(path, 3)
    assert logs.verify([path]).records == 8


def test_nothing_of_a_person_is_in_it(tmp_path):
    path = tmp_path / "log.jsonl"
    with logs.DecisionLog(path) as log:
        log.decided("prompt", REFUSED, route="POST /v1?name=Anna", body=b"a secret prompt", mode="enforce")
    text = path.read_text()
    for word in ("Anna", "Kowalska", "secret", "quote nobody"):
        assert word not in text
    fields = json.loads(text.splitlines()[1])
    assert fields["removed"] == {"race field": 1}
    assert fields["because"] == ["slot"]


def test_a_digest_needs_the_key(tmp_path):
    first, second = (logs.DecisionLog(tmp_path / name, key=b"k" * 80) for name in ("a", "b"))
    other = logs.DecisionLog(tmp_path / "c")
    assert first.digest(b"x") == second.digest(b"x") != other.digest(b"x")
    for log in (first, second, other):
        log.close()
        log.close()


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_change_is_found_where_it_stands(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    write(path, 6)
    lines = path.read_bytes().splitlines(keepends=True)
    what = data.draw(st.sampled_from(("byte", "drop", "swap", "twice")))
    at = data.draw(st.integers(0, len(lines) - 2))
    if what == "byte":
        line = bytearray(lines[at])
        # the line's end is left: a torn last line is no fault
        position = data.draw(st.integers(0, len(line) - 2))
        line[position] ^= data.draw(st.sampled_from((1, 2, 4)))
        lines[at] = bytes(line)
    elif what == "drop":
        del lines[at]
    elif what == "swap":
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    else:
        lines.insert(at, lines[at])
    path.write_bytes(b"".join(lines))
    result = logs.verify([path])
    assert result.fault or (what == "drop" and at == 0 and result.first == 2)
    assert result.records <= at + 1 or what == "drop"


def test_a_torn_last_line_is_told_and_mended(tmp_path):
    path = tmp_path / "log.jsonl"
    write(path, 4)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    torn = logs.verify([path])
    assert not torn.fault
    assert torn.records == 4
    assert torn.torn > 0
    write(path, 1)
    assert not logs.verify([path]).torn
    fields = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert fields[4]["kind"] == "start"
    assert fields[4]["torn"] == torn.torn


@both
def test_rotation_carries_the_chain_on(tmp_path, name):
    path = tmp_path / name
    write(path, 40, rotate=2_000)
    files = [*logs.rotated(path), path]
    assert len(files) > 3
    result = logs.verify(files)
    assert not result.fault
    assert result.records >= 41
    write(path, 1, rotate=2_000)
    files = [*logs.rotated(path), path]
    assert not logs.verify(files).fault
    later = logs.verify(files[2:])
    assert not later.fault
    assert later.first > 1
    assert logs.verify([files[0], *files[2:]]).fault
    assert logs.verify(files[::-1]).fault


@both
def test_old_files_go_when_asked(tmp_path, name):
    path = tmp_path / name
    write(path, 60, rotate=1_000, keep=2)
    assert len(logs.rotated(path)) == 2


@both
def test_two_writers_are_kept_apart(tmp_path, name):
    path = tmp_path / name
    with logs.DecisionLog(path), pytest.raises(ConfigError, match="another process"):
        logs.DecisionLog(path)


def test_a_file_that_is_no_log_is_not_written_to(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("not a log\n")
    with pytest.raises(ConfigError, match="no record"):
        logs.DecisionLog(path)
    assert path.read_text() == "not a log\n"


def test_a_wrong_sync_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="always"):
        logs.DecisionLog(tmp_path / "x", sync="sometimes")


def test_a_disk_that_takes_half_a_line_gives_it_back(tmp_path, monkeypatch):
    path = tmp_path / "log.jsonl"
    log = logs.DecisionLog(path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[:10]))
    with pytest.raises(OSError, match="only a part"):
        log.write({"kind": "x"})
    monkeypatch.setattr(os, "write", real)
    log.write({"kind": "y"})
    log.close()
    assert logs.verify([path]).records == 2
    assert not logs.verify([path]).fault


@both
@pytest.mark.parametrize("sync", logs.SYNCS)
def test_kill_loses_nothing_that_was_answered(tmp_path, sync, name):
    path = tmp_path / name
    script = (
        "import sys\nfrom untag.guard.log import DecisionLog\n"
        f"log = DecisionLog({str(path)!r}, sync={sync!r}, rotate=200_000)\n"
        "while True:\n    n = log.write({'kind': 'x'})\n    sys.stdout.write(f'{n}\\n')\n    sys.stdout.flush()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        first = process.stdout.readline()
        assert first
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    answered = int((first + rest).splitlines()[-1]) if (first + rest).endswith(b"\n") else 0
    result = logs.verify([*logs.rotated(path), path])
    assert not result.fault
    assert result.records >= answered > 1
    write(path, 1)
    assert logs.verify([*logs.rotated(path), path]).records == result.records + 2


# --- the database ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_change_of_a_row_is_found(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("log") / "log.sqlite"
    write(path, 5)
    what = data.draw(st.sampled_from(("byte", "drop", "swap", "number", "type")))
    at = data.draw(st.integers(1, 5))
    with contextlib.closing(sqlite3.connect(path)) as base:
        for trigger in ("no_update", "no_delete"):
            base.execute(f"DROP TRIGGER {trigger}")
        rows = dict(base.execute("SELECT n, line FROM records").fetchall())
        if what == "byte":
            line = bytearray(rows[at])
            line[data.draw(st.integers(0, len(line) - 1))] ^= data.draw(st.sampled_from((1, 2, 4)))
            base.execute("UPDATE records SET line = ? WHERE n = ?", (bytes(line), at))
        elif what == "drop":
            base.execute("DELETE FROM records WHERE n = ?", (at,))
        elif what == "swap":
            base.executemany("UPDATE records SET line = ? WHERE n = ?", ((rows[at], at + 1), (rows[at + 1], at)))
        elif what == "number":
            base.execute("UPDATE records SET n = 100 WHERE n = ?", (at,))
        else:
            base.execute("UPDATE records SET line = 7 WHERE n = ?", (at,))
        base.commit()
    result = logs.verify([path])
    assert result.fault or (what in ("drop", "number") and at == 1)
    assert result.fault or result.first == 2 or what == "number"


def test_a_careless_hand_changes_no_row(tmp_path):
    path = tmp_path / "log.sqlite"
    write(path, 2)
    with contextlib.closing(sqlite3.connect(path)) as base:
        for wrong in ("DELETE FROM records", "UPDATE records SET line = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
                base.execute(wrong)
    assert logs.verify([path]).records == 3


def test_a_log_is_asked_and_verified_while_it_is_written(tmp_path):
    path = tmp_path / "log.sqlite"
    with logs.DecisionLog(path) as log:
        log.decided("request", REFUSED, route="POST /v1?name=Anna", body=b"x", mode="enforce")
        with contextlib.closing(sqlite3.connect(path)) as base:
            rows = base.execute("SELECT route, operation FROM decisions WHERE verdict = 'refuse'").fetchall()
        assert rows == [("POST /v1", "searches")]
        assert logs.verify([path]).records == 2
        log.write({"kind": "x"})
    assert logs.verify([path]).records == 3
    if os.name == "posix":
        assert path.stat().st_mode & 0o77 == 0


def test_a_foreign_database_is_not_written_to(tmp_path):
    path = tmp_path / "app.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE people (name TEXT)")
        base.commit()
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="no log of decisions"):
        logs.DecisionLog(path)
    assert path.read_bytes() == before
    (tmp_path / "notes.db").write_text("not a database, and long enough to be looked at " * 40)
    with pytest.raises(ConfigError, match="no log of decisions"):
        logs.DecisionLog(tmp_path / "notes.db")
    (tmp_path / "torn.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5_000)
    with pytest.raises(OSError, match="no log of decisions"):
        logs.verify([tmp_path / "torn.sqlite"])


def test_a_database_that_does_not_take_a_record_says_so(tmp_path):
    path = tmp_path / "log.sqlite"
    with logs.DecisionLog(path) as log:
        log._store._base.execute("PRAGMA query_only = 1")
        with pytest.raises(OSError, match="cannot be written"):
            log.write({"kind": "x"})
        log._store._base.execute("PRAGMA query_only = 0")
        log.write({"kind": "y"})
    assert logs.verify([path]).records == 2
