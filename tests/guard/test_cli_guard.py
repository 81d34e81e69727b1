"""``untag guard`` as a person starts it: a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from guard.shells import CLEAN, Answers, always, read_message, status
from untag.guard.log import verify

KEPT = ("PATH", "HOME", "UNTAG_CACHE", "XDG_CACHE_HOME", "SYSTEMROOT")
FACES = {"faces": [{"age": 30, "race": "x", "gender": "f", "box": [1, 2, 3, 4]}]}


def environment():
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def untag(*args, stdin="", folder=None):
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    return subprocess.run(
        [sys.executable, "-m", "untag", "guard", *map(str, args)],
        input=data,
        capture_output=True,
        cwd=folder,
        env=environment(),
        timeout=120,
        check=False,
    )


def lines(*rows):
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


# --- check -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def judged():
    rows = [
        {"id": "a", "kind": "prompt", "prompt": "Which race is the person in this photo?", "images": True},
        {"id": "b", "kind": "prompt", "prompt": "Describe the food in this photo.", "images": True},
        {"id": "c", "kind": "request", "path": "/v1/faces?face_field=age,race", "content_type": "", "body": ""},
        {"id": "d", "kind": "request", "path": "/v1/search", "content_type": "application/json", "body": {"q": 1}},
        {"id": "e", "kind": "response", "content_type": "application/json", "body": FACES},
        {"id": "f", "kind": "response", "body": json.dumps(FACES)},
        "not json",
        {"id": "g", "kind": "dance"},
        {"id": "h", "kind": "prompt"},
        [1],
        {"id": None, "kind": "prompt", "prompt": "\ud800", "images": False},
    ]
    result = untag("check", "--show-bodies", stdin=lines(*rows) + '{"id": "last", "prompt": "hello"}')
    return result, [json.loads(line) for line in result.stdout.decode().splitlines()]


def test_there_is_one_line_for_each_in_order(judged):
    _, answers = judged
    assert [answer["id"] for answer in answers] == ["a", "b", "c", "d", "e", "f", None, "g", "h", None, None, "last"]


def test_each_line_says_what_and_why(judged):
    _, answers = judged
    verdicts = [answer.get("verdict") for answer in answers]
    assert verdicts[:6] == ["refuse", "allow", "strip", "allow", "strip", "strip"]
    assert answers[2]["query"] == "face_field=age"
    assert "race" not in answers[4]["body"]
    for answer in answers[:6]:
        assert set(answer) >= {"id", "verdict", "operation", "attribute", "because", "clause", "removed"}
    assert answers[0]["because"]
    assert answers[0]["clause"]
    assert answers[4]["removed"][0]["attribute"] == "race"


def test_a_wrong_line_is_an_error_in_its_place(judged):
    result, answers = judged
    assert result.returncode == 2
    for number in (6, 7, 8, 9):
        assert answers[number]["error"]
        assert "verdict" not in answers[number]


def test_right_lines_end_in_0(tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(lines({"id": 1, "kind": "prompt", "prompt": "hi"}, "", {"id": 2, "kind": "request", "path": "/"}))
    result = untag("check", path)
    assert result.returncode == 0
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 2]
    assert untag("check", tmp_path / "missing").returncode == 2


def test_a_body_that_cannot_be_read_is_refused_or_passed_as_chosen(tmp_path):
    row = lines(
        {"id": 1, "kind": "response", "content_type": "application/json", "body": '{"faces": [{"age": 1, "race": '}
    )
    closed = json.loads(untag("check", stdin=row).stdout)
    assert closed["verdict"] == "refuse"
    (tmp_path / "untag.toml").write_text('[guard]\nfail = "open"\n')
    assert json.loads(untag("check", "--config", tmp_path / "untag.toml", stdin=row).stdout)["verdict"] == "allow"


def test_a_misspelt_setting_stops_it(tmp_path):
    (tmp_path / "untag.toml").write_text('[guard]\nmodus = "observe"\n')
    result = untag("check", "--config", tmp_path / "untag.toml", stdin="")
    assert result.returncode == 2
    assert b"modus" in result.stderr


# --- filter ------------------------------------------------------------------------------------------


def test_the_filter_keeps_order_and_bytes(tmp_path):
    clean = b'{"b":1,  "a": [1.50, 1e3]}\n'
    log = tmp_path / "log.jsonl"
    data = clean + json.dumps(FACES).encode() + b"\r\n" + b"\n" + b'{"faces": [{"age": 1, "race":\n' + clean[:-1]
    result = untag("filter", "--log", log, "--route", "/faces", stdin=data)
    out = result.stdout.split(b"\n")
    assert out[0] + b"\n" == clean
    assert b"race" not in result.stdout
    assert out[1].endswith(b"\r")
    assert json.loads(out[1])["faces"][0]["age"] == 30
    assert out[3] == clean[:-1]
    assert result.returncode == 2
    assert b"event 4" in result.stderr
    assert b"5" not in result.stderr.split(b"event")[0]
    assert b"1 changed" in result.stderr
    assert not verify([log]).fault
    assert b"gender" not in log.read_bytes()


# --- log ---------------------------------------------------------------------------------------------


def test_the_first_broken_record_is_named(tmp_path):
    log = tmp_path / "log.jsonl"
    untag("filter", "--log", log, stdin=lines(*[FACES] * 5))
    good = untag("log", "verify", log)
    assert good.returncode == 0
    assert re.search(rb"OK: \d+ records, 1 to \d+\nhead [0-9a-f]{64}", good.stdout)
    rows = log.read_bytes().splitlines(keepends=True)
    rows[2] = rows[2].replace(b'"strip"', b'"allow"')
    log.write_bytes(b"".join(rows))
    bad = untag("log", "verify", log)
    assert bad.returncode == 1
    assert f"BROKEN at {log}:3".encode() in bad.stdout
    assert untag("log", "verify", tmp_path / "missing").returncode == 2
    (tmp_path / "empty").touch()
    assert untag("log", "verify", tmp_path / "empty").returncode == 1


def test_a_weak_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("short")
    result = untag("filter", "--log", tmp_path / "log", "--log-key", tmp_path / "key", stdin="")
    assert result.returncode == 2
    assert b"openssl rand" in result.stderr


# --- the proxy ---------------------------------------------------------------------------------------


class Started:
    """A guard as a process, told where it listens."""

    def __init__(self, *args):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "untag", "guard", "--listen", "127.0.0.1:0", *map(str, args)],
            stderr=subprocess.PIPE,
            env=environment(),
        )
        said = self.process.stderr.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", said.rpartition(" at ")[2])
        assert found, said + self.process.stderr.read().decode()
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def get(self, path="/v1/faces", sock=None):
        raw = f"GET {path} HTTP/1.1\r\nhost: a\r\n\r\n".encode()
        if sock is not None:
            sock.sendall(raw)
            return read_message(sock)
        with self.connect() as fresh:
            return self.get(path, fresh)


@pytest.fixture
def upstream():
    made = Answers(always(FACES))
    yield made
    made.close()


def test_it_serves_stops_and_leaves_a_whole_log(upstream, tmp_path):
    log = tmp_path / "log.jsonl"
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}", "--log", log) as guard:
        answer = guard.get()
        assert status(answer) == 200
        assert b"race" not in answer[1]
        assert json.loads(guard.get("/__untag/healthz")[1])["status"] == "ok"
        assert b"untag_guard_decisions_total" in guard.get("/__untag/metrics")[1]
        guard.process.send_signal(signal.SIGTERM)
        assert guard.process.wait(30) == 0
    result = verify([log])
    assert not result.fault
    assert json.loads(log.read_bytes().splitlines()[-1])["kind"] == "stop"
    assert b"gender" not in log.read_bytes()


def test_what_is_under_way_ends_before_it_stops(tmp_path):
    def slow(client, _):
        time.sleep(1)
        always(CLEAN)(client, None)

    upstream = Answers(slow)
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}") as guard, guard.connect() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        time.sleep(0.3)
        guard.process.send_signal(signal.SIGTERM)
        assert status(read_message(sock)) == 200
        assert guard.process.wait(30) == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP here")
def test_a_reload_keeps_connections_and_a_wrong_one_changes_nothing(upstream, tmp_path):
    config = tmp_path / "untag.toml"
    config.write_text('[guard]\nmode = "observe"\n')
    log = tmp_path / "log.jsonl"
    arguments = ("--upstream", f"http://127.0.0.1:{upstream.port}", "--config", config, "--log", log)
    with Started(*arguments) as guard, guard.connect() as sock:
        assert b"race" in guard.get(sock=sock)[1]
        config.write_text('[guard]\nmode = "enforce"\n')
        guard.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 10
        while b"race" in guard.get(sock=sock)[1]:
            assert time.monotonic() < end
        config.write_text('[guard]\nmode = "nonsense"\n')
        guard.process.send_signal(signal.SIGHUP)
        assert b"nonsense" in guard.process.stderr.readline()
        assert b"race" not in guard.get(sock=sock)[1]
    assert b'"kind":"reload"' in log.read_bytes()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP here")
def test_reloads_under_load_drop_nothing(tmp_path):
    def answer(client, request):
        if b" /slow " in request[0]:
            time.sleep(1.5)
        always(FACES)(client, request)

    upstream = Answers(answer)
    config = tmp_path / "untag.toml"
    config.write_text("[guard]\n")
    counts = []

    def client(guard):
        # one connection for all of it: a dropped one raises
        with guard.connect() as sock:
            count = 0
            while not done.is_set():
                answer = guard.get(sock=sock)
                assert status(answer) == 200
                count += 1
            counts.append(count)

    done = threading.Event()
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}", "--config", config) as guard:
        with ThreadPoolExecutor(5) as pool, guard.connect() as slow:
            jobs = [pool.submit(client, guard) for _ in range(4)]
            try:
                slow.sendall(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n")
                for turn in range(6):
                    config.write_text(f'[guard]\nmode = "{("observe", "enforce")[turn % 2]}"\n')
                    guard.process.send_signal(signal.SIGHUP)
                    time.sleep(0.2)
                assert status(read_message(slow)) == 200
            finally:
                done.set()
            for job in jobs:
                job.result(30)
        assert b'reloads_total{result="ok"} 6' in guard.get("/__untag/metrics")[1]
    assert min(counts) > 3


def test_log_and_websockets_may_stand_in_the_configuration(upstream, tmp_path):
    config = tmp_path / "untag.toml"
    config.write_text('[guard]\nlog = "guard.sqlite"\nwebsockets = "refuse"\n')
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}", "--config", config) as guard:
        assert status(guard.get()) == 200
        # verified while it is written
        result = untag("log", "verify", tmp_path / "guard.sqlite")
        assert result.returncode == 0
        assert b"OK: 2 records" in result.stdout
    config.write_text('[guard]\nwebsockets = "maybe"\n')
    wrong = untag("--upstream", "http://127.0.0.1:1", "--config", config)
    assert wrong.returncode == 2
    assert b"guard.websockets" in wrong.stderr


def test_admin_has_an_address_of_its_own(upstream):
    with socket.create_server(("127.0.0.1", 0)) as free:
        admin = free.getsockname()[1]
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}", "--admin", f"127.0.0.1:{admin}") as guard:
        before = len(upstream.seen)
        assert status(guard.get("/__untag/healthz")) == 200
        assert len(upstream.seen) == before + 1
        with socket.create_connection(("127.0.0.1", admin), timeout=10) as sock:
            sock.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n")
            assert json.loads(read_message(sock)[1])["status"] == "ok"
        guard.process.send_signal(signal.SIGTERM)
        assert guard.process.wait(30) == 0


@pytest.mark.parametrize("name", ["log.jsonl", "log.sqlite"])
def test_kill_in_the_middle_leaves_a_whole_log(upstream, tmp_path, name):
    log = tmp_path / name
    with Started("--upstream", f"http://127.0.0.1:{upstream.port}", "--log", log) as guard:
        with guard.connect() as sock:
            for _ in range(30):
                guard.get(sock=sock)
            sock.sendall(b"GET /v1/faces HTTP/1.1\r\nhost: a\r\n\r\n" * 20)
            guard.process.kill()
        guard.process.wait()
    result = verify([log])
    assert not result.fault
    assert result.records >= 31
    again = untag("filter", "--log", log, stdin="")
    assert again.returncode == 0
    assert not verify([log]).fault


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--upstream", "ftp://x"),
        ("--upstream", "http://x?y"),
        ("--upstream", "http://127.0.0.1:1", "--listen", "nowhere"),
        ("--upstream", "http://127.0.0.1:1", "--pool", "0"),
        ("--upstream", "http://127.0.0.1:1", "--answer-timeout", "0"),
        ("--upstream", "https://127.0.0.1:1", "--upstream-ca", "/missing"),
        ("--envoy",),
    ],
)
def test_a_wrong_call_is_told(args):
    result = untag(*args)
    assert result.returncode == 2
    assert result.stderr.startswith(b"untag: ")
    assert b"Traceback" not in result.stderr


def test_an_internal_error_lets_nothing_pass(monkeypatch):
    from untag.guard import core
    from untag.guard.base import Settings
    from untag.guard.check import checked

    def broken(*_args, **_more):
        raise RuntimeError("the text of the prompt must not be told: Uyghur")

    monkeypatch.setattr(core, "check_prompt", broken)
    answer, _ = checked('{"id": 1, "kind": "prompt", "prompt": "hello", "images": true}', Settings())
    assert answer["verdict"] == "refuse"
    assert "Uyghur" not in str(answer)
    answer, _ = checked('{"id": 1, "kind": "prompt", "prompt": "hello"}', Settings(fail="open"))
    assert answer["verdict"] == "allow"
