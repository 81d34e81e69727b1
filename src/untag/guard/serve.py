"""Run the guard as a server of its own: uvicorn in front, the gate in the middle, the upstream behind.

uvicorn speaks HTTP (httptools, which is llhttp, Node's parser); on top of its protocol stand only the limits that
it leaves to others: how long and how large the head of a request may be, and how long a client may take to read.
And one thing that only a guard can do: it has a judged response whole, and hands head and body to the kernel at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError, UsageError
from untag.guard.asgi import JOINED, GuardMiddleware
from untag.guard.health import MOUNT, Health
from untag.guard.proxy import NEED, Limits, Upstream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.guard.asgi import App
    from untag.guard.base import Settings
    from untag.guard.gate import Gate

TALLY_SECONDS: Final = 60.0
"""Between two records of how many messages passed."""
BACKLOG: Final = 2_048
_PORTS: Final = 0xFFFF
_GC: Final = (20_000, 20, 50)
"""When to look for garbage in cycles. Of what a request makes nothing is: what is under way alone must not set it off,
some hundred objects for each of `Limits.pool`."""
_SWITCH: Final = 0.001
"""Seconds after which a judgement beside the loop lets the loop run."""


def address(text: str) -> tuple[str, int]:
    """Return host and port of ``127.0.0.1:8080``, ``[::1]:8080`` or ``:8080`` (this machine alone)."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > _PORTS:
        raise UsageError(f"{text}: write an address as 127.0.0.1:8080")
    return host.strip("[]") or "127.0.0.1", int(port)


def bound(text: str) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes a free one."""
    host, port = address(text)
    try:
        family, kind, proto, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
        sock.listen(BACKLOG)
    except OSError as error:
        raise UsageError(f"cannot listen at {text}: {error.strerror or error}") from error
    sock.setblocking(False)
    return sock


_COPIED: Final = 16_384
"""Bytes of a body that are sooner copied behind its head than handed over beside it."""


class Joined:
    """A transport that can keep one piece back, and write it together with the next."""

    __slots__ = ("_keeps", "_kept", "_transport", "close", "get_extra_info", "is_closing", "write")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._kept = b""
        self._keeps = False
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.write: Callable[[bytes], None] = transport.write
        self.close: Callable[[], None] = transport.close

    def join(self) -> None:
        """Keep the next piece back until the one behind it comes, or the connection is closed."""
        self.write = self._keep
        self.close = self._end

    def _keep(self, data: bytes) -> None:
        if not self._keeps:
            self._keeps, self._kept = True, data
            return
        self._free()
        if len(data) < _COPIED:
            self._transport.write(self._kept + data)
        else:
            self._transport.writelines((self._kept, data))
        self._kept = b""

    def _end(self) -> None:
        if self._keeps:
            self._transport.write(self._kept)
        self._free()
        self._transport.close()

    def _free(self) -> None:
        self._keeps = False
        self.write = self._transport.write
        self.close = self._transport.close

    def __getattr__(self, name: str) -> Any:
        """Do all else as the transport does."""
        return getattr(self._transport, name)


def protocol(limits: Limits) -> type[asyncio.Protocol]:
    """Return uvicorn's HTTP protocol with the limits that it has none of."""
    try:
        from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(NEED) from error

    class Limited(HttpToolsProtocol):
        """Counts bytes and seconds of what has no answer yet."""

        _head_bytes = 0
        _timer: asyncio.TimerHandle | None = None
        _stuck: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._joined = Joined(transport)
            self.transport = self._joined  # type: ignore[assignment]  # it does all that a transport does
            self._timer = self.loop.call_later(limits.header, self._late)

        def connection_lost(self, exc: Exception | None) -> None:
            self._calm()
            self.resume_writing()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            waiting = self._waiting()
            if waiting:
                self._head_bytes += len(data)
                if self._timer is None:
                    self._timer = self.loop.call_later(limits.header, self._late)
            super().data_received(data)
            if waiting and self._waiting() and self._head_bytes > limits.head:
                self._end(431, b"The head of the request is too large.")

        def on_headers_complete(self) -> None:
            self._calm()
            self._head_bytes = 0
            if self.parser.get_http_version() not in ("1.0", "1.1"):
                # a request line without a version is HTTP/0.9 to the parser; uvicorn answers what is raised here by 400
                raise ValueError("neither HTTP/1.1 nor HTTP/1.0")
            self.scope[JOINED] = self._joined.join  # type: ignore[typeddict-unknown-key]  # for those who know it
            super().on_headers_complete()

        def eof_received(self) -> bool:  # type: ignore[override]
            """Half-close: a client that has said all it will may still hear the answer."""
            cycle = self.cycle
            if cycle is None or cycle.response_complete or cycle.more_body:
                return False
            cycle.keep_alive = False
            return True

        def pause_writing(self) -> None:
            super().pause_writing()
            if self._stuck is None:
                self._stuck = self.loop.call_later(limits.write, self.transport.abort)

        def resume_writing(self) -> None:
            if self._stuck is not None:
                self._stuck.cancel()
                self._stuck = None
                super().resume_writing()

        def _waiting(self) -> bool:
            """Say whether the head of a request is still to come."""
            cycle = self.cycle
            return self.parser is not None and (cycle is None or (cycle.response_complete and not cycle.more_body))

        def _calm(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _late(self) -> None:
            self._timer = None
            if self._head_bytes:
                self._end(408, b"The head of the request did not arrive in time.")
            elif not self.transport.is_closing():
                self.transport.close()

        def _end(self, status: int, text: bytes) -> None:
            if self.transport.is_closing():
                return
            head = b"content-type: text/plain\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(text)
            self.transport.write(STATUS_LINE[status] + head + text)
            self.transport.close()

    return Limited


class Service:
    """The running guard: its listeners, its reload and its end."""

    def __init__(
        self,
        gate: Gate,
        upstream: Upstream,
        *,
        limits: Limits | None = None,
        guarded: bool = True,
        mount: str | None = MOUNT,
    ) -> None:
        self.gate = gate
        self.upstream = upstream
        self.limits = limits or Limits()
        self._guarded = guarded
        self._sockets: str = getattr(upstream, "sockets", "none")
        app: App = upstream
        if guarded:
            sockets = "refuse" if self._sockets == "none" else "pass"
            app = GuardMiddleware(upstream, gate=gate, patience=self.limits.body, framed=True, websockets=sockets)
        if mount is not None:
            app = Health(gate, app, mount=mount, ready=self._ready)
        self.app = app
        self._servers: list[Any] = []

    def _ready(self) -> bool:
        return not any(server.should_exit for server in self._servers)

    async def run(
        self,
        listen: socket.socket,
        admin: socket.socket | None = None,
        *,
        reload: Callable[[], Settings] | None = None,
        started: Callable[[], None] | None = None,
    ) -> None:
        """Serve until SIGTERM or SIGINT; SIGHUP calls ``reload`` and keeps every connection."""
        if self._guarded:
            self.gate.warm()
        await self.upstream.start()
        self._servers = [self._server(self.app)]
        with _steady():
            await self._serve(listen, admin, reload, started)

    async def _serve(
        self,
        listen: socket.socket,
        admin: socket.socket | None,
        reload: Callable[[], Settings] | None,
        started: Callable[[], None] | None,
    ) -> None:
        jobs = [self._servers[0].serve(sockets=[listen])]
        if admin is not None:
            # told to stop together with the first: it has no signal handlers of its own
            self._servers.append(self._server(Health(self.gate, ready=self._ready)))
            jobs.append(self._servers[1]._serve([admin]))  # noqa: SLF001 - `serve` would take the signals twice
        tally = asyncio.create_task(tallying(self.gate))
        with self._reloading(reload), _survived():
            if started:
                started()
            try:
                first = asyncio.ensure_future(jobs[0])
                others = [asyncio.ensure_future(job) for job in jobs[1:]]
                await first
                for server in self._servers[1:]:
                    server.should_exit = True
                await asyncio.gather(*others)
            finally:
                tally.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await tally
                await self.upstream.stop()
                end(self.gate)

    def _server(self, app: App) -> Any:
        try:
            import uvicorn  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise UsageError(NEED) from error
        limits = self.limits
        return uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol(limits),
                ws=self._sockets,
                lifespan="off",
                log_level="error",
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
                timeout_keep_alive=int(limits.idle),
                timeout_graceful_shutdown=int(limits.drain),
            )
        )

    @contextlib.contextmanager
    def _reloading(self, reload: Callable[[], Settings] | None) -> Any:
        hang_up = getattr(signal, "SIGHUP", None)
        if reload is None or hang_up is None:
            yield
            return
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(hang_up, self.reload, reload)
        try:
            yield
        finally:
            loop.remove_signal_handler(hang_up)

    def reload(self, load: Callable[[], Settings]) -> None:
        """Take new settings for what comes from now on; keep the old ones where the new are wrong."""
        try:
            settings = load()
        except UntagError as error:
            self.gate.metrics.count("untag_guard_reloads_total", result="failed")
            print(f"untag: the policy was not reloaded, the old one stands: {error}", file=sys.stderr)  # noqa: T201
            return
        self.gate.use(settings)
        self.gate.metrics.count("untag_guard_reloads_total", result="ok")
        if self.gate.log is not None:
            with contextlib.suppress(OSError):
                self.gate.log.write({"kind": "reload", "policy": settings.policy, "mode": settings.mode})


@contextlib.contextmanager
def _steady() -> Iterator[None]:
    """Set the interpreter to serving: what is loaded stays, and garbage is looked for when there may be some."""
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.collect()
    # the lexicon and the libraries stay as long as the process: no collection need walk through them
    gc.freeze()
    gc.set_threshold(*_GC)
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
        sys.setswitchinterval(interval)


@contextlib.contextmanager
def _survived() -> Iterator[None]:
    """Outlive the signals that uvicorn raises anew when it has ended: the last records are still to be written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {name: signal.signal(name, lambda *_: None) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


async def tallying(gate: Gate) -> None:
    """Write down from time to time how many messages passed."""
    while True:
        await asyncio.sleep(TALLY_SECONDS)
        with contextlib.suppress(OSError):
            gate.tally()


def end(gate: Gate) -> None:
    """Write the last records, and close the log."""
    with contextlib.suppress(OSError):
        gate.tally()
        if gate.log is not None:
            gate.log.write({"kind": "stop"})
            gate.log.close()
