"""Websockets through the running proxy: a real client in front, a real server behind."""

import asyncio
import contextlib
import socket
import threading

import pytest

from guard.shells import Guard
from untag.errors import ConfigError, UsageError
from untag.guard import sockets
from untag.guard.asgi import GuardMiddleware
from untag.guard.base import Settings
from untag.guard.gate import Gate
from untag.guard.settings import parse_shell

pytest.importorskip("websockets")
pytest.importorskip("aiohttp")

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect


class Echo:
    """A server that answers each message with itself; ``bye`` ends with 4001, and ``/deny`` is not opened."""

    def __init__(self):
        self.opened = []
        self.closed = []
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self):
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()

        async def talk(one):
            self.opened.append(one.request)
            with contextlib.suppress(ConnectionClosed):
                async for message in one:
                    if message == "bye":
                        await one.close(4001, "as asked")
                        break
                    await one.send(message)
            await one.wait_closed()
            self.closed.append(one.close_code)

        def choose(_, offered):
            return "a" if "a" in offered else None

        def admit(connection, request):
            return connection.respond(418, "no") if request.path.startswith("/deny") else None

        async with serve(talk, "127.0.0.1", 0, process_request=admit, select_subprotocol=choose) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._up.set()
            await self._stop.wait()

    def __enter__(self):
        self._thread.start()
        assert self._up.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


@contextlib.contextmanager
def guarded(port, *, passes=True, settings=None):
    how = {"upstream": sockets.SocketUpstream} if passes else {}
    with Guard(port, settings=settings, **how) as guard:
        if passes:
            guard.upstream.gate = guard.gate
        yield guard


@pytest.fixture(scope="module")
def echo():
    with Echo() as made:
        yield made


@pytest.fixture(scope="module")
def guard(echo):
    with guarded(echo.port) as made:
        yield made


def url(guard, path="/ws"):
    return f"ws://127.0.0.1:{guard.port}{path}"


def test_text_and_bytes_go_both_ways(guard, echo):
    with connect(url(guard, "/a%20b?x=1"), additional_headers={"x-own": "1"}, compression=None) as one:
        for message in ("ä", b"\x00\xff" * 40_000, "", "x" * 200_000):
            one.send(message)
            assert one.recv(timeout=10) == message
    request = echo.opened[-1]
    assert request.path == "/a%20b?x=1"
    assert request.headers["x-own"] == "1"
    assert request.headers["x-forwarded-for"] == "127.0.0.1"
    assert len(request.headers.get_all("sec-websocket-key")) == 1


def test_the_protocol_is_the_one_that_the_upstream_chose(guard):
    with connect(url(guard), subprotocols=["a", "z"]) as one:
        assert one.subprotocol == "a"


def test_an_end_is_told_to_the_other_side(guard, echo):
    with connect(url(guard)) as one:
        one.send("bye")
        with pytest.raises(ConnectionClosed) as closed:
            one.recv(timeout=10)
        assert closed.value.rcvd.code == 4001
    with connect(url(guard)) as one:
        one.send("x")
        one.recv(timeout=10)
        one.close(4002)
    for _ in range(100):
        if 4002 in echo.closed:
            break
        threading.Event().wait(0.05)
    assert 4002 in echo.closed


def test_what_opens_a_socket_is_judged(guard, echo):
    before = len(echo.opened)
    with connect(url(guard, "/ws?face_field=age,race")) as one:
        one.send("x")
        assert one.recv(timeout=10) == "x"
    assert echo.opened[-1].path == "/ws?face_field=age"
    assert len(echo.opened) == before + 1


def test_an_upstream_that_takes_none_or_is_gone(guard):
    with pytest.raises(InvalidStatus) as refused:
        connect(url(guard, "/deny"))
    assert refused.value.response.status_code == 418
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    with guarded(port) as alone, pytest.raises(InvalidStatus) as gone:
        connect(url(alone))
    assert gone.value.response.status_code == 502


def test_requests_go_on_beside_sockets(guard):
    with connect(url(guard)) as one:
        # the echo server speaks no plain HTTP; that its own refusal comes back is enough
        assert b" 426 " in guard.get()[0].split(b"\r\n")[0]
        one.send("x")
        assert one.recv(timeout=10) == "x"


def test_by_default_no_socket_is_opened(echo):
    before = len(echo.opened)
    with guarded(echo.port, passes=False) as guard, pytest.raises(InvalidStatus):
        connect(url(guard))
    assert len(echo.opened) == before


def test_the_middleware_refuses_or_passes_as_chosen():
    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})

    async def ask(settings=None, **how):
        said = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            said.append(message["type"])

        scope = {"type": "websocket", "path": "/ws", "query_string": b"", "headers": []}
        await GuardMiddleware(app, gate=Gate(settings, core=object()), **how)(scope, receive, send)
        return said

    assert asyncio.run(ask()) == ["websocket.close"]
    assert asyncio.run(ask(websockets="pass")) == ["websocket.accept"]
    assert asyncio.run(ask(Settings(mode="observe"))) == ["websocket.accept"]


def test_the_choice_in_the_configuration():
    assert parse_shell({}, "untag.toml").websockets == "refuse"
    assert parse_shell({"websockets": "pass"}, "untag.toml").websockets == "pass"
    with pytest.raises(ConfigError, match="websockets"):
        parse_shell({"websockets": "maybe"}, "untag.toml")


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(sockets.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="pip install websockets"):
        sockets.checked()
