"""Bad input against the running proxy, byte by byte: what a client or an upstream must not be able to do."""

import contextlib
import gzip
import json
import socket
import struct
import time

import pytest

from guard.shells import CLEAN, DIRTY, Answers, Guard, always, header, read_message, reply, status
from untag.guard.base import Settings
from untag.guard.proxy import Limits


@pytest.fixture(scope="module")
def clean():
    """A guard before an upstream that answers cleanly; shared, so no test may leave it in a state."""
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port) as guard:
        guard.upstream = upstream
        yield guard
    upstream.close()


def passed(guard, before):
    return len(guard.upstream.seen) - before


# --- what cannot be judged is refused ---------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"{bad", b'{"a": 1', b"\xff\xfe{", b"[" * 10_000 + b"]" * 10_000, b"explode"],
    ids=["malformed", "cut off", "not UTF-8", "10,000 deep", "internal error"],
)
def test_what_cannot_be_judged_does_not_reach_the_upstream(clean, body):
    before = len(clean.upstream.seen)
    answer = clean.post(body)
    assert status(answer) == 502
    problem = json.loads(answer[1])
    assert problem["reason"] in ("unreadable", "internal")
    assert "secret value" not in answer[1].decode()
    assert header(answer, "content-type") == "application/problem+json"
    assert passed(clean, before) == 0
    assert status(clean.get()) == 200


def test_a_document_in_the_wrong_type_is_judged_by_the_core_and_not_taken_for_a_picture(clean):
    clean.post(DIRTY, content_type="image/jpeg")
    body, content_type, _, _ = clean.core.seen[-1]
    assert json.loads(body) == DIRTY
    assert content_type == "image/jpeg"


def test_a_real_picture_streams_through(clean):
    before = len(clean.upstream.seen)
    body = b"\xff\xd8\xff\xe0" + bytes(200_000)
    assert status(clean.post(body, content_type="image/jpeg")) == 200
    assert passed(clean, before) == 1
    assert clean.upstream.seen[-1][1] == body


def test_a_body_over_the_cap_is_refused_before_it_is_read():
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, settings=Settings(body_cap=1000)) as guard, guard.connect() as sock:
        sock.sendall(
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            b"content-length: 5000\r\nexpect: 100-continue\r\n\r\n"
        )
        answer = read_message(sock)
        assert status(answer) == 502
        assert json.loads(answer[1])["reason"] == "over_cap"
    assert not upstream.seen


def test_a_chunked_body_over_the_cap_is_refused_while_it_comes():
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, settings=Settings(body_cap=1000)) as guard, guard.connect() as sock:
        sock.sendall(
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        sock.sendall(b"7d0\r\n" + b" " * 2000 + b"\r\n")
        assert status(read_message(sock)) == 502
    assert not upstream.seen


def test_an_answer_over_the_cap_is_withheld():
    upstream = Answers(always(b'"' + b"x" * 5000 + b'"'))
    with Guard(upstream.port, settings=Settings(body_cap=1000)) as guard:
        answer = guard.get()
    assert status(answer) == 502
    assert json.loads(answer[1])["reason"] == "over_cap"


@pytest.mark.parametrize("settings", [Settings(fail="open"), Settings(mode="observe")], ids=["open", "observe"])
@pytest.mark.parametrize("body", [b"{bad", b'{"a": "' + b"x" * 2000 + b'"}'], ids=["malformed", "large"])
def test_where_the_owner_chose_so_it_passes(settings, body):
    upstream = Answers(always(body))
    settings = Settings(mode=settings.mode, fail=settings.fail, body_cap=1000)
    with Guard(upstream.port, settings=settings) as guard:
        answer = guard.post(body)
        failures = guard.gate.metrics.value("untag_guard_failures_total")
    assert (status(answer), answer[1]) == (200, body)
    assert upstream.seen[-1][1] == body
    assert failures == 2


def test_observe_changes_nothing():
    extra = b'etag: "abc"\r\naccept-ranges: bytes\r\ncontent-md5: x\r\n'
    upstream = Answers(always(DIRTY, extra=extra))
    with Guard(upstream.port, settings=Settings(mode="observe")) as guard:
        answer = guard.post({"search_by_race": 1}, extra=b"range: bytes=0-9\r\n")
        found = guard.gate.metrics.value("untag_guard_decisions_total", verdict="refuse")
    assert json.loads(answer[1]) == DIRTY
    assert header(answer, "etag") == '"abc"'
    assert header(answer, "content-md5") == "x"
    assert b"range: bytes=0-9" in upstream.seen[-1][0]
    assert found == 1


# --- packed bodies ----------------------------------------------------------------------------------


def test_a_bomb_is_refused(clean):
    before = len(clean.upstream.seen)
    bomb = gzip.compress(bytes(64 << 20))
    answer = clean.post(bomb, extra=b"content-encoding: gzip\r\n")
    assert status(answer) == 502
    assert passed(clean, before) == 0


@pytest.mark.parametrize("coding", ["gzip", "compress", "gzip, gzip, gzip, gzip, gzip, gzip"])
def test_what_is_not_packed_as_it_says_is_refused(clean, coding):
    before = len(clean.upstream.seen)
    answer = clean.post(b'{"a": 1}', extra=f"content-encoding: {coding}\r\n".encode())
    assert status(answer) == 502
    assert passed(clean, before) == 0


def test_a_packed_request_is_judged(clean):
    before = len(clean.upstream.seen)
    body = gzip.compress(json.dumps({"search_by_race": 1}).encode())
    assert status(clean.post(body, extra=b"content-encoding: gzip\r\n")) == 403
    assert passed(clean, before) == 0


def test_a_packed_answer_is_cleaned_and_packed_again():
    packed = gzip.compress(json.dumps(DIRTY).encode())
    upstream = Answers(always(packed, extra=b"content-encoding: gzip\r\n"))
    with Guard(upstream.port) as guard:
        answer = guard.get(extra=b"accept-encoding: gzip, dcb, lzma\r\n")
    assert header(answer, "content-encoding") == "gzip"
    assert json.loads(gzip.decompress(answer[1])) == CLEAN
    assert int(header(answer, "content-length")) == len(answer[1])
    assert b"accept-encoding: gzip\r\n" in upstream.seen[-1][0] + b"\r\n"


# --- two readings of one request --------------------------------------------------------------------

SMUGGLED = b"GET /admin HTTP/1.1\r\nhost: a\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"content-length: 6\r\ntransfer-encoding: chunked\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 6\r\n",
        b"content-length: 6\r\ncontent-length: 5\r\n",
        b"content-length: 6\r\ncontent-length: 6\r\n",
        b"content-length: 6, 5\r\n",
        b"content-length: +6\r\n",
        b"content-length: 0x6\r\n",
        b"content-length: -1\r\n",
        b"content-length : 6\r\n",
        b" content-length: 6\r\n",
        b"transfer-encoding: xchunked\r\n",
        b"transfer-encoding: chunked, identity\r\n",
        b"transfer-encoding: identity, chunked\r\n",
        b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        b"transfer-encoding:\x0bchunked\r\n",
        b"transfer-encoding\x00: chunked\r\n",
        b"content_length: 6\r\ncontent-length: 5\r\n",
        b"transfer_encoding: chunked\r\ncontent-length: 5\r\n",
        b"x: y\r\n\tcontent-length: 6\r\n",
        b"x: y\rcontent-length: 6\r\n",
        b"x: y\x00z\r\n",
        b"host: b\r\n",
        b"content-type: text/plain\r\ncontent-type: application/json\r\n",
    ],
)
def test_an_ambiguous_head_is_refused(clean, head):
    before = len(clean.upstream.seen)
    raw = b"POST /v1 HTTP/1.1\r\nhost: a\r\n" + head + b"\r\n0\r\n\r\n" + SMUGGLED
    with clean.connect() as sock:
        sock.sendall(raw)
        answer = read_message(sock)
        assert status(answer) in (400, 411, 431, 501)
        sock.settimeout(3)
        rest = b""
        while piece := _recv(sock):
            rest += piece
        assert b" 200 " not in rest
    assert passed(clean, before) == 0, clean.upstream.seen[before:]


def _recv(sock):
    try:
        return sock.recv(65536)
    except (TimeoutError, ConnectionError):
        return b""


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\nabc\r\n0\r\n\r\n",
        b"-1\r\nabc\r\n",
        b"ffffffffffffffffff\r\nabc\r\n",
        b"3;\nabc\r\n0\r\n\r\n",
        b"3\r\nabcd\r\n0\r\n\r\n",
    ],
)
def test_a_broken_chunk_never_reaches_the_upstream(clean, body):
    before = len(clean.upstream.seen)
    with clean.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + body + SMUGGLED)
        _recv(sock)
    time.sleep(0.05)
    assert passed(clean, before) == 0


def test_a_chunked_request_goes_on_with_a_length(clean):
    answer = clean.ask(
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        b'4\r\n{"a"\r\n5\r\n : 1}\r\n0\r\n\r\n'
    )
    assert status(answer) == 200
    head, body = clean.upstream.seen[-1]
    assert body == b'{"a" : 1}'
    assert b"transfer-encoding" not in head.lower()
    assert head.lower().count(b"content-length: 9") == 1


def test_pipelined_requests_are_judged_one_by_one(clean):
    before = len(clean.upstream.seen)
    bad = json.dumps({"search_by_race": 1}).encode()
    post = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
        len(bad),
        bad,
    )
    with clean.connect() as sock:
        sock.sendall(b"GET /a HTTP/1.1\r\nhost: a\r\n\r\n" + post + b"GET /b HTTP/1.1\r\nhost: a\r\n\r\n")
        data = b""
        while data.count(b"HTTP/1.1 ") < 3:
            data += sock.recv(65536)
    assert [int(part[:3]) for part in data.split(b"HTTP/1.1 ")[1:]] == [200, 403, 200]
    assert passed(clean, before) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"GET /a\r\nx: y HTTP/1.1",
        b"GET /a b HTTP/1.1",
        b"GET /a HTTP/9.9",
        b"GET  HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"CONNECT evil:80 HTTP/1.1",
        b"TRACE / HTTP/1.1",
    ],
)
def test_a_strange_request_line_is_refused(clean, line):
    before = len(clean.upstream.seen)
    answer = clean.ask(line + b"\r\nhost: a\r\n\r\n")
    assert status(answer) in (400, 405, 505)
    assert passed(clean, before) == 0


def test_no_header_can_be_injected_by_the_target(clean):
    clean.get("/a?x=%0d%0aset-cookie:%20a=b")
    head, _ = clean.upstream.seen[-1]
    assert b"set-cookie" not in head.replace(b"%0d%0aset-cookie", b"")
    assert head.startswith(b"GET /a?x=%0d%0aset-cookie:%20a=b HTTP/1.1\r\n")


def test_hop_by_hop_headers_end_here(clean):
    clean.get(
        extra=b"connection: x-secret, content-type, keep-alive\r\nx-secret: 1\r\nte: trailers\r\nupgrade: h2c\r\n"
        b"proxy-authorization: basic x\r\nkeep-alive: 5\r\nx-kept: 1\r\n"
    )
    head = clean.upstream.seen[-1][0].lower()
    for gone in (b"x-secret", b"\r\nte:", b"upgrade", b"proxy-authorization", b"keep-alive:"):
        assert gone not in head
    assert b"x-kept: 1" in head
    assert b"via: 1.1 untag" in head
    assert b"x-forwarded-for: 127.0.0.1" in head


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nx: a\x00b\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"garbage\r\n\r\n",
        b"",
    ],
    ids=["folded", "nul", "two lengths", "length and chunked", "too short", "bad chunk", "garbage", "nothing"],
)
def test_a_broken_answer_is_502(answer):
    def broken(client, _):
        client.sendall(answer)
        return "close"

    upstream = Answers(broken)
    with Guard(upstream.port) as guard:
        found = guard.get()
    assert status(found) in (200, 502)
    if status(found) == 200:
        # a folded header is one value to some: what comes out is one line
        assert b"\r\n b" not in found[0]
        assert found[1] == b"{}"


# --- slow, half-closed and gone ---------------------------------------------------------------------


def test_no_upstream_is_502():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    with Guard(port) as guard:
        assert status(guard.get()) == 502
        assert status(guard.get("/__untag/healthz")) == 200


def test_a_silent_upstream_is_504():
    def silent(client, _):
        time.sleep(2)
        return "close"

    upstream = Answers(silent)
    with Guard(upstream.port, limits=Limits(answer=0.3, drain=1)) as guard:
        begun = time.monotonic()
        assert status(guard.get()) == 504
        assert time.monotonic() - begun < 2


def test_an_upstream_that_stalls_in_the_middle_is_not_passed_for_whole():
    def stalls(client, _):
        client.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{")
        time.sleep(1)
        return "close"

    upstream = Answers(stalls)
    with Guard(upstream.port, limits=Limits(answer=0.3, drain=1)) as guard:
        assert status(guard.get()) == 504


def test_an_upstream_that_closes_idle_connections_is_reached_again():
    def once(client, _):
        client.sendall(reply(CLEAN))
        return "close"

    upstream = Answers(once)
    with Guard(upstream.port) as guard:
        for _ in range(4):
            assert status(guard.get()) == 200
            time.sleep(0.05)


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nhost: a", b""])
def test_a_slow_head_is_cut_off(start):
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, limits=Limits(header=0.3, drain=1)) as guard, guard.connect() as sock:
        sock.sendall(start)
        begun = time.monotonic()
        sock.settimeout(5)
        data = sock.recv(65536)
        assert time.monotonic() - begun < 3
        assert data == b"" or b" 408 " in data


def test_a_slow_drip_of_headers_is_cut_off():
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, limits=Limits(header=0.4, drain=1)) as guard, guard.connect() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n")
        begun = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - begun < 5:
                sock.sendall(b"x: y\r\n")
                time.sleep(0.05)
        assert time.monotonic() - begun < 3


def test_a_slow_body_is_408():
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, limits=Limits(body=0.3, drain=1)) as guard, guard.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{")
        assert status(read_message(sock)) == 408
    assert not upstream.seen


def test_a_head_without_end_is_431():
    upstream = Answers(always(CLEAN))
    with Guard(upstream.port, limits=Limits(head=4_000, drain=1)) as guard, guard.connect() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n")
        sock.sendall(b"x: y\r\n" * 2_000)
        assert b" 431 " in sock.recv(65536)


def test_a_client_that_closes_its_half_still_gets_its_answer(clean):
    with clean.connect() as sock:
        sock.sendall(b"GET /half HTTP/1.1\r\nhost: a\r\n\r\n")
        sock.shutdown(socket.SHUT_WR)
        assert status(read_message(sock)) == 200


def test_a_client_that_closes_in_the_middle_of_its_body_asks_nothing(clean):
    before = len(clean.upstream.seen)
    with clean.connect() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{")
        sock.shutdown(socket.SHUT_WR)
        _recv(sock)
    time.sleep(0.05)
    assert passed(clean, before) == 0
    assert status(clean.get()) == 200


def test_a_client_that_resets_harms_nobody(clean):
    for _ in range(5):
        with clean.connect() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    assert status(clean.get()) == 200


def test_a_client_that_does_not_read_is_given_up():
    upstream = Answers(always(b"\xff\xd8\xff\xe0" + bytes(30 << 20), content_type="image/jpeg"))
    with Guard(upstream.port, limits=Limits(write=0.3, drain=1)) as guard, guard.connect() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        state = guard.service._servers[0].server_state
        begun = time.monotonic()
        while not state.connections:
            time.sleep(0.01)
        while state.connections and time.monotonic() - begun < 5:
            time.sleep(0.02)
        assert not state.connections
        assert time.monotonic() - begun > 0.2


# --- answers ----------------------------------------------------------------------------------------


def test_a_cleaned_answer_is_true_in_its_head():
    extra = b'etag: "abc"\r\ndigest: x\r\ncontent-md5: y\r\nrepr-digest: z\r\nx-kept: 1\r\n'
    upstream = Answers(always(DIRTY, extra=extra))
    with Guard(upstream.port) as guard:
        answer = guard.get()
    assert json.loads(answer[1]) == CLEAN
    assert header(answer, "content-length") == str(len(answer[1]))
    assert header(answer, "etag") == 'W/"abc"'
    assert header(answer, "x-kept") == "1"
    assert header(answer, "untag-guard") == "strip; removed=1"
    for gone in ("digest", "content-md5", "repr-digest"):
        assert header(answer, gone) is None


def test_a_clean_answer_is_untouched(clean):
    answer = clean.get()
    assert answer[1] == json.dumps(CLEAN).encode()
    assert header(answer, "untag-guard") is None


def test_head_says_nothing_of_a_length_that_may_not_hold():
    def head_only(client, _):
        client.sendall(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 77\r\netag: "a"\r\n\r\n')

    upstream = Answers(head_only)
    with Guard(upstream.port) as guard:
        answer = guard.ask(b"HEAD / HTTP/1.1\r\nhost: a\r\n\r\n")
    assert status(answer) == 200
    assert header(answer, "content-length") is None
    assert header(answer, "etag") == 'W/"a"'


@pytest.mark.parametrize("line", ["204 No Content", "304 Not Modified"])
def test_an_answer_without_a_body_passes(line):
    def bare(client, _):
        client.sendall(f"HTTP/1.1 {line}\r\n\r\n".encode())

    upstream = Answers(bare)
    with Guard(upstream.port) as guard, guard.connect() as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n")
        data = b""
        while data.count(b"\r\n\r\n") < 2:
            data += sock.recv(65536)
    assert data.count(line.encode()) == 2
    assert b"transfer-encoding" not in data


def test_a_part_of_a_document_is_withheld_and_a_range_not_asked_for():
    upstream = Answers(always(b'"race": "x"', status="206 Partial Content"))
    with Guard(upstream.port) as guard:
        answer = guard.get(extra=b"range: bytes=5-20\r\n")
    assert status(answer) == 502
    assert json.loads(answer[1])["reason"] == "partial"
    assert b"range:" not in upstream.seen[-1][0]


def test_connections_are_kept_on_both_sides(clean):
    with clean.connect() as sock:
        for _ in range(20):
            sock.sendall(b"GET /kept HTTP/1.1\r\nhost: a\r\n\r\n")
            assert status(read_message(sock)) == 200


def test_an_override_cannot_be_reached_by_another_spelling():
    upstream = Answers(always(DIRTY))
    with Guard(upstream.port, settings=Settings(overrides={"/off/*": "off"})) as guard:
        assert json.loads(guard.get("/off/a")[1]) == DIRTY
        for path in ("/off/../v1", "/off/%2e%2e/v1", "/off/..;/v1", "//off/a", "/off//a", "/off/..%5cv1"):
            assert json.loads(guard.get(path)[1]) == CLEAN, path


def test_a_log_that_cannot_be_written_lets_no_finding_through(tmp_path):
    from untag.guard.log import DecisionLog

    log = DecisionLog(tmp_path / "log")
    upstream = Answers(always(DIRTY))
    with Guard(upstream.port, log=log) as guard:
        assert status(guard.get()) == 200
        log.close()
        answer = guard.get()
    assert status(answer) == 502
    assert json.loads(answer[1])["reason"] == "log"
