"""What serving adds to judging: large bodies beside the event loop, one write for head and body, a warm start."""

import asyncio
import gc
import json
import sys
import threading
import time

from guard.shells import CLEAN, DIRTY, Answers, Guard, SmallCore, always, status
from untag.guard import core
from untag.guard.asgi import JOINED, GuardMiddleware
from untag.guard.base import ALLOW, Settings
from untag.guard.gate import LARGE, Gate
from untag.guard.log import DecisionLog
from untag.guard.serve import Joined

LARGE_DIRTY = {"faces": [{"age": 30, "race": "x"}] * 2_000}


class SlowCore(SmallCore):
    """Takes its time with what is large, and tells in which thread."""

    def __init__(self):
        super().__init__()
        self.threads = []
        self.go = threading.Event()

    def clean_response(self, body, *args, **how):
        if len(body) > LARGE:
            self.threads.append(threading.current_thread().name)
            assert self.go.wait(10)
        return super().clean_response(body, *args, **how)


def test_nobody_waits_for_a_large_body():
    slow = SlowCore()
    large, small = json.dumps(LARGE_DIRTY), json.dumps(DIRTY)

    def answer(client, request):
        return always((large if b"/large" in request[0] else small).encode())(client, request)

    upstream = Answers(answer)
    with Guard(upstream.port, core=slow) as guard:
        got = []
        thread = threading.Thread(target=lambda: got.append(guard.get("/large")))
        thread.start()
        end = time.monotonic() + 5
        while not slow.threads and time.monotonic() < end:
            time.sleep(0.01)
        assert slow.threads, "the large one is being judged"
        for _ in range(3):
            assert json.loads(guard.get("/small")[1]) == CLEAN
        assert not got
        slow.go.set()
        thread.join(10)
        assert b"race" not in got[0][1]
        assert status(got[0]) == 200
        assert slow.threads[0].startswith("untag-judge")
        assert guard.gate.metrics.value("untag_guard_decisions_total", kind="response", verdict="strip") == 4


def test_a_large_body_is_logged_before_it_goes_out(tmp_path):
    log = DecisionLog(tmp_path / "log.jsonl")
    upstream = Answers(always(LARGE_DIRTY))
    with Guard(upstream.port, log=log) as guard:
        assert b"race" not in guard.get()[1]
        assert '"verdict":"strip"' in (tmp_path / "log.jsonl").read_text()
        large = json.dumps({"image": "A" * LARGE, "search_by_race": 1}).encode()
        assert status(guard.post(large)) == 403
        assert status(guard.post(b'{"explode"' + b" " * LARGE)) == 502


class Wire:
    """A transport that remembers what was written, piece by piece."""

    def __init__(self):
        self.written = []
        self.closed = False

    def write(self, data):
        self.written.append(bytes(data))

    def writelines(self, pieces):
        self.written.append(b"".join(pieces))

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def get_extra_info(self, name):
        return name

    def pause_reading(self):
        return "paused"


def test_two_pieces_are_written_as_one():
    for body in (b"body", b"b" * 100_000):
        wire = Wire()
        joined = Joined(wire)
        joined.write(b"a")
        joined.join()
        joined.write(b"head ")
        assert wire.written == [b"a"]
        joined.write(body)
        joined.write(b"z")
        assert wire.written == [b"a", b"head " + body, b"z"]
        joined.close()
        assert wire.closed
        assert wire.written[-1] == b"z"


def test_a_piece_that_was_kept_is_not_lost():
    wire = Wire()
    joined = Joined(wire)
    joined.join()
    joined.write(b"head")
    assert (joined.is_closing(), joined.get_extra_info("x"), joined.pause_reading()) == (False, "x", "paused")
    joined.close()
    assert wire.written == [b"head"]
    assert wire.closed


def exchange(app, headers=(), **made):
    """Run one GET through the middleware; return what went out and how often the server was asked for a body."""
    out, asked, joined = [], [], []

    async def receive():
        asked.append(1)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        out.append(message)

    scope = {"type": "http", "method": "GET", "path": "/v1", "query_string": b"", "headers": list(headers)}
    guard = GuardMiddleware(app, gate=Gate(Settings(), core=core), **made)
    for _ in range(2):
        asyncio.run(guard({**scope, "http_version": "1.1", JOINED: lambda: joined.append(1)}, receive, send))
    return out, asked, joined


def app_of(data, headers):
    start = {"type": "http.response.start", "status": 200, "headers": headers}

    async def app(scope, receive, send):
        assert (await receive())["body"] == b""
        await send(start)
        await send({"type": "http.response.body", "body": data})
        assert start["headers"] is headers, "an app's own message stays as it is"

    return app


def test_a_request_without_a_body_is_read_once():
    app = app_of(b"{}", [(b"content-type", b"application/json")])
    for framed in (True, False):
        out, asked, joined = exchange(app, framed=framed)
        assert len(out) == 4
        assert len(asked) == 2
        assert len(joined) == 2


def test_names_of_headers_in_capitals_are_known():
    dirty = b'{"face":1,"bbox":[1],"age":3,"race":"asian"}'
    headers = [(b"Content-Type", b"application/json"), (b"Content-Length", b"%d" % len(dirty)), (b"ETag", b'"a"')]
    out, _, _ = exchange(app_of(dirty, headers))
    assert out[1]["body"] == b'{"face":1,"bbox":[1],"age":3}'
    assert dict(out[0]["headers"])[b"content-length"] == b"%d" % len(out[1]["body"])
    assert dict(out[0]["headers"])[b"etag"] == b'W/"a"'
    stream = [(b"Content-Type", b"text/event-stream")]
    out, _, _ = exchange(app_of(b"data: " + dirty + b"\n\n", stream))
    assert b"race" not in b"".join(message.get("body", b"") for message in out)


def test_the_interpreter_is_as_it_was():
    before = gc.get_threshold(), sys.getswitchinterval()
    with Guard(Answers(always(CLEAN)).port) as guard:
        assert status(guard.get()) == 200
        assert gc.get_threshold()[0] > before[0][0]
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), sys.getswitchinterval()) == before


def test_a_core_that_fails_at_once_lets_nothing_pass():
    class Broken:
        def settled(self, *_args, **_how):
            raise RuntimeError("a bug")

        asked = settled

        def check_request(self, *_args, **_how):
            return ALLOW

        clean_response = check_request

    gate = Gate(Settings(), core=Broken())
    for found in (
        gate.request(b"{}", content_type="", encoding="", path="/", query=""),
        gate.response(b"{}", content_type="", encoding=""),
    ):
        assert found.action == "fail"
        assert json.loads(found.problem)["reason"] == "internal"
