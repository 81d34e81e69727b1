"""The ASGI middleware by itself, in front of small apps: what is held, what goes on, and what never does."""

import asyncio
import gzip
import json
import sys
import types
import zlib

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from guard.shells import CLEAN, DIRTY, SmallCore
from untag.guard import headers as heads
from untag.guard.asgi import GuardMiddleware
from untag.guard.base import ALLOW, Removed, Settings, Verdict
from untag.guard.gate import Gate, plain_path
from untag.guard.opaque import is_opaque

JSON = (b"content-type", b"application/json")


def body(data):
    return data if isinstance(data, bytes) else json.dumps(data).encode()


def call(app, *, settings=None, core=None, scope=None, sent=(b"",), **made):
    """Run one request through the middleware; return the messages that the client got."""
    out = []
    pieces = [
        {"type": "http.request", "body": piece, "more_body": number < len(sent) - 1}
        for number, piece in enumerate(sent)
    ]

    async def receive():
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message):
        out.append(message)

    whole = {
        "type": "http",
        "method": "POST",
        "path": "/v1",
        "query_string": b"",
        "headers": [JSON],
        "http_version": "1.1",
    }
    guard = GuardMiddleware(app, gate=Gate(settings or Settings(), core=core or SmallCore()), **made)
    asyncio.run(guard({**whole, **(scope or {})}, receive, send))
    return out


def answers(*pieces, headers=(JSON,), status=200, seen=None, **start):
    """Return an app that reads its request and answers in pieces."""

    async def app(scope, receive, send):
        if seen is not None:
            got = b""
            while True:
                message = await receive()
                got += message.get("body", b"")
                if not message.get("more_body"):
                    break
            seen.append((scope, got))
        await send({"type": "http.response.start", "status": status, "headers": list(headers), **start})
        for number, piece in enumerate(pieces):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces) - 1})

    return app


def joined(out):
    return b"".join(m.get("body", b"") for m in out if m["type"] == "http.response.body")


def head(out):
    start = next(m for m in out if m["type"] == "http.response.start")
    return start["status"], dict(start["headers"])


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_a_body_in_pieces_is_judged_whole(parts):
    data = body(DIRTY)
    size = -(-len(data) // parts)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    seen = []
    out = call(answers(*pieces, seen=seen), sent=tuple(pieces))
    assert json.loads(joined(out)) == CLEAN
    assert json.loads(seen[0][1]) == CLEAN
    assert dict(seen[0][0]["headers"])[b"content-length"] == b"%d" % len(seen[0][1])
    assert head(out)[1][b"content-length"] == b"%d" % len(joined(out))


def test_a_start_without_a_judged_body_is_never_sent():
    out = call(answers(b"{bad"))
    assert [m["type"] for m in out] == ["http.response.start", "http.response.body"]
    assert head(out)[0] == 502


def test_a_clean_response_goes_through_byte_for_byte():
    headers = [JSON, (b"etag", b'"x"'), (b"digest", b"y"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    out = call(answers(body(CLEAN), headers=headers))
    assert out[0]["headers"] == headers
    assert joined(out) == body(CLEAN)


def test_names_in_capitals_are_read_too():
    out = call(answers(body(DIRTY), headers=[(b"Content-Type", b"application/json"), (b"ETag", b'"x"')]))
    assert json.loads(joined(out)) == CLEAN
    assert head(out)[1][b"etag"] == b'W/"x"'


def test_an_app_cannot_send_a_file_past_the_guard():
    seen = []
    extensions = {"http.response.pathsend": {}, "http.response.zerocopysend": {}, "http.response.push": {}, "tls": {}}
    call(answers(b"{}", seen=seen), scope={"extensions": extensions})
    assert set(seen[0][0]["extensions"]) == {"tls"}
    assert set(extensions) == {"http.response.pathsend", "http.response.zerocopysend", "http.response.push", "tls"}


def test_a_message_of_an_extension_is_not_passed_on():
    async def app(scope, receive, send):
        await send({"type": "http.response.push", "path": "/x", "headers": []})
        await answers(body(CLEAN))(scope, receive, send)

    assert [m["type"] for m in call(app)] == ["http.response.start", "http.response.body"]


def test_trailers_lose_their_digests():
    async def app(scope, receive, send):
        await answers(body(DIRTY), trailers=True)(scope, receive, send)
        await send({"type": "http.response.trailers", "headers": [(b"digest", b"x"), (b"x-kept", b"y")]})

    out = call(app, scope={"extensions": {"http.response.trailers": {}}})
    assert out[-1] == {"type": "http.response.trailers", "headers": [(b"x-kept", b"y")]}
    assert b"content-length" not in head(out)[1]


def test_an_app_that_goes_on_after_a_refusal_is_stopped():
    went_on = []

    async def app(scope, receive, send):
        await answers(b"x" * 2000, b"y")(scope, receive, send)
        went_on.append(1)

    out = call(app, settings=Settings(body_cap=1000))
    assert head(out)[0] == 502
    assert not went_on


def test_an_app_that_fails_before_its_body_sends_nothing():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        call(app)


def test_lifespan_passes():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(GuardMiddleware(app, gate=Gate(core=SmallCore()))({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


@pytest.mark.parametrize(("websockets", "expected"), [("refuse", "websocket.close"), ("pass", "websocket.accept")])
def test_websockets_are_passed_or_refused(websockets, expected):
    out = []

    async def app(scope, receive, send):
        await send({"type": "websocket.accept"})

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        out.append(message)

    guard = GuardMiddleware(app, gate=Gate(core=SmallCore()), websockets=websockets)
    asyncio.run(guard({"type": "websocket", "path": "/ws"}, receive, send))
    assert [m["type"] for m in out] == [expected]


def test_a_wrong_choice_is_an_error():
    with pytest.raises(ValueError, match="refuse or pass"):
        GuardMiddleware(answers(b""), gate=Gate(core=SmallCore()), websockets="maybe")


def test_a_client_that_leaves_in_its_body_asks_nothing():
    async def receive():
        return {"type": "http.disconnect"}

    async def app(scope, receive, send):
        raise AssertionError

    guard = GuardMiddleware(app, gate=Gate(core=SmallCore()))
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    asyncio.run(guard(scope, receive, None))


def test_a_picture_flows_as_it_comes():
    order = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"image/png")]})
        for piece in (b"\x89PNG", b"\r\n\x1a\n" + bytes(20), b"more"):
            order.append("app")
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    out = call(app, settings=Settings(body_cap=8))
    assert joined(out) == b"\x89PNG\r\n\x1a\n" + bytes(20) + b"more"
    assert len(out) > 3


def test_a_document_that_calls_itself_a_picture_is_judged():
    core = SmallCore()
    core.clean_response = lambda body, content_type="", **_: Verdict("strip", "infers", "race", body=b"{}")
    out = call(answers(body(DIRTY)[:5], body(DIRTY)[5:], headers=[(b"content-type", b"image/png")]), core=core)
    assert joined(out) == b"{}"


@given(st.binary(max_size=40), st.sampled_from(["application/json", "text/html", "image/svg+xml", ""]))
def test_text_is_never_opaque(lead, content_type):
    assert not is_opaque(content_type, lead)


# --- streams ---------------------------------------------------------------------------------------


class Lines:
    """Stands for the stream cleaner: lines with "race" go, a line with "bad" cannot be judged."""

    def __init__(self, content_type, *, settings=None, path="", request=None):
        self.held = b""
        self.verdict = ALLOW

    def feed(self, piece):
        from untag.errors import ReadError

        lines = (self.held + piece).split(b"\n")
        self.held = lines.pop()
        if any(b"bad" in line for line in lines):
            raise ReadError("corrupt", "bad")
        kept = [line for line in lines if b"race" not in line]
        if len(kept) < len(lines):
            self.verdict = Verdict("strip", "infers", "race", removed=(Removed("", "race", "item"),))
        return b"".join(line + b"\n" for line in kept)

    def close(self):
        return self.feed(b"\n") if self.held else b""


SSE = (b"content-type", b"text/event-stream")


@pytest.fixture
def lines(monkeypatch):
    monkeypatch.setitem(sys.modules, "untag.guard.streams", types.SimpleNamespace(StreamCleaner=Lines))


@pytest.mark.usefixtures("lines")
def test_a_stream_is_held_no_longer_than_an_event():
    seen = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [SSE, (b"etag", b'"x"')]})
        for piece in (b"a\n", b"race\n", b"b", b"\n"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            seen.append(len(out))
        await send({"type": "http.response.body", "body": b"c", "more_body": False})

    out = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        out.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    gate = Gate(core=SmallCore())
    asyncio.run(GuardMiddleware(app, gate=gate)(scope, receive, send))
    assert seen == [2, 2, 2, 3]
    assert joined(out) == b"a\nb\nc\n"
    assert head(out)[1][b"etag"] == b'W/"x"'
    assert gate.metrics.value("untag_guard_decisions_total", kind="stream", verdict="strip") == 1


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw", "br", "zstd"])
def test_a_packed_stream_is_undone_as_it_comes(coding):
    text = b"".join(b"event %d\n" % number for number in range(500)) + b"race\n"
    if coding == "gzip":
        packed = gzip.compress(text)
    elif coding == "deflate":
        packed = zlib.compress(text)
    elif coding == "raw":
        machine = zlib.compressobj(wbits=-15)
        packed, coding = machine.compress(text) + machine.flush(), "deflate"
    elif coding == "br":
        packed = pytest.importorskip("brotli").compress(text)
    else:
        packed = pytest.importorskip("zstandard").compress(text)
    pieces = [packed[at : at + 50] for at in range(0, len(packed), 50)]
    out = call(answers(*pieces, headers=[SSE, (b"content-encoding", coding.encode())]))
    assert joined(out) == text.removesuffix(b"race\n")
    assert b"content-encoding" not in head(out)[1]


@pytest.mark.usefixtures("lines")
def test_a_stream_that_cannot_be_judged_is_refused_or_broken_off():
    assert head(call(answers(b"bad\n", b"x", headers=[SSE])))[0] == 502
    out = call(answers(b"a\n", b"bad\n", b"x\n", headers=[SSE]))
    assert joined(out) == b"a\n"
    assert out[-1]["more_body"] is True
    out = call(answers(b"a\n", b"bad\n", b"x\n", headers=[SSE]), settings=Settings(fail="open"))
    assert joined(out) == b"a\nbad\nx\n"
    out = call(answers(b"a\n", b"race\n", b"x\n", headers=[SSE]), settings=Settings(mode="observe"))
    assert joined(out) == b"a\nrace\nx\n"


@pytest.mark.usefixtures("lines")
def test_a_bomb_in_a_stream_is_refused():
    bomb = gzip.compress(bytes(64 << 20))
    out = call(answers(bomb, headers=[SSE, (b"content-encoding", b"gzip")]))
    assert head(out)[0] == 502


# --- headers and paths ------------------------------------------------------------------------------

NAMES = st.sampled_from(
    [b"content-type", b"etag", b"digest", b"content-length", b"x", b"content-encoding", b"set-cookie"]
)


@how(deadline=None)
@given(st.lists(st.tuples(NAMES, st.binary(max_size=8))), st.integers(0, 10**6), st.sampled_from(["", "gzip"]))
def test_the_head_of_a_changed_body_is_true(headers, length, encoding):
    changed = heads.for_body(headers, length, encoding)
    found = [name for name, _ in changed]
    assert found.count(b"content-length") == 1
    assert dict(changed)[b"content-length"] == b"%d" % length
    assert found.count(b"content-encoding") == bool(encoding)
    assert not set(found) & heads.DIGESTS
    assert not any(name == b"etag" and value.startswith(b'"') for name, value in changed)
    assert [v for n, v in changed if n == b"set-cookie"] == [v for n, v in headers if n == b"set-cookie"]


@given(st.text(alphabet="/.;\\ab", max_size=20))
def test_a_plain_path_has_nothing_odd_in_it(path):
    plain = plain_path("/" + path)
    assert plain_path(plain) == plain
    assert "//" not in plain
    assert "/../" not in plain + "/"


def test_a_route_that_is_off_is_not_judged():
    core = SmallCore()
    settings = Settings(overrides={"/off/*": "off"})
    assert (
        json.loads(joined(call(answers(body(DIRTY)), settings=settings, core=core, scope={"path": "/off/x"}))) == DIRTY
    )
    assert not core.seen


def test_a_clean_request_without_a_body_is_judged_once_and_settings_begin_anew():
    core = SmallCore()
    gate = Gate(core=core)
    for _ in range(3):
        gate.request(b"", content_type="", encoding="", path="/a", query="x=1", method="GET")
    assert len(core.seen) == 1
    gate.use(Settings(policy="other"))
    gate.request(b"", content_type="", encoding="", path="/a", query="x=1", method="GET")
    assert len(core.seen) == 2
    assert gate.metrics.value("untag_guard_decisions_total", kind="request") == 4
