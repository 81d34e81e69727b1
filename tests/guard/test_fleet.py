"""Several processes behind one address, each with a chain of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from guard.shells import CLEAN, DIRTY, Answers, always, read_message
from guard.test_cli_guard import environment, untag
from untag.guard import fleet
from untag.guard.log import verify

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def free():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def ask(port, raw=b"GET /v1/faces HTTP/1.1\r\nhost: a\r\n\r\n"):
    end = time.monotonic() + 90
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
                sock.sendall(raw)
                return read_message(sock, 30)
        except ConnectionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def until(what, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def test_names_of_logs(tmp_path):
    path = tmp_path / "guard.jsonl"
    assert fleet.logs_of(path) == [path]
    for number in (10, 2):
        fleet.log_path(path, number).touch()
    (tmp_path / "guard.w2.jsonl.000000000004").touch()
    assert [one.name for one in fleet.logs_of(path)] == ["guard.w2.jsonl", "guard.w10.jsonl"]
    path.touch()
    assert fleet.logs_of(path)[0] == path


def test_two_processes_serve_die_reload_and_end(tmp_path):
    upstream = Answers(always(DIRTY))
    port, admin, log = free(), free(), tmp_path / "guard.jsonl"
    (tmp_path / "untag.toml").write_text('[guard]\nlog = "guard.jsonl"\n')
    command = [
        sys.executable,
        "-m",
        "untag",
        "guard",
        "--workers",
        "2",
        "--upstream",
        f"http://127.0.0.1:{upstream.port}",
    ]
    command += ["--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{admin}"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert [process.stderr.readline()[:14] for _ in range(2)] == ["untag: guardin"] * 2
            for _ in range(12):
                assert json.loads(ask(port)[1]) == CLEAN
            for number in (0, 1):
                health = ask(admin + number, b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
                assert json.loads(health[1])["status"] == "ok"
            children = until(lambda: _children(process.pid))
            assert len(children) == 2
            os.kill(children[0], signal.SIGKILL)
            assert "started anew" in process.stderr.readline()
            until(lambda: len(_children(process.pid)) == 2 and _children(process.pid) != children)
            assert "guarding" in process.stderr.readline()
            (tmp_path / "untag.toml").write_text('[guard]\nmode = "observe"\n')
            process.send_signal(signal.SIGHUP)
            until(lambda: json.loads(ask(port)[1]) == DIRTY)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
    result = untag("log", "verify", log)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count(b"OK: ") == 2
    assert not log.exists()
    # what was answered stands in one log or the other
    found = [verify([one]).records for one in fleet.logs_of(log)]
    assert sum(found) >= 12 + 4
    one = fleet.log_path(log, 2)
    one.write_bytes(one.read_bytes().replace(b'"start"', b'"stars"', 1))
    result = untag("log", "verify", log)
    assert result.returncode == 1
    assert result.stdout.count(b"OK: ") == 1


def _children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(one) for one in file.read().split()]
    except FileNotFoundError:
        pytest.skip("no list of children here")


def test_a_wrong_setting_ends_all(tmp_path):
    log = tmp_path / "guard.jsonl"
    fleet.log_path(log, 2).write_text("not a log\n")
    result = untag("--workers", "2", "--upstream", "http://127.0.0.1:1", "--listen", "127.0.0.1:0", "--log", log)
    assert result.returncode == 2
    assert b"no record of this log" in result.stderr
    wrong = untag("--workers", "2", "--ext-proc", "127.0.0.1:0")
    assert wrong.returncode == 2
    assert b"--workers" in wrong.stderr


@pytest.mark.parametrize("code", [0, 7])
def test_one_that_ends_is_started_again(tmp_path, code):
    marks = tmp_path / "marks"
    marks.mkdir()
    told = []

    def work(number):
        (marks / f"{number}-{os.getpid()}").touch()
        if len(list(marks.iterdir())) < 4:
            return code
        os.kill(os.getppid(), signal.SIGTERM)
        time.sleep(30)
        return 0

    run = fleet.Fleet(1, work, told.append)
    fleet.HASTE, before = 0.05, fleet.HASTE
    try:
        assert run.run() == 0
    finally:
        fleet.HASTE = before
    assert len(told) == 3
    assert len(list(marks.iterdir())) == 4
