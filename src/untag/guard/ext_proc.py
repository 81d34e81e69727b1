"""The guard as an external processor of Envoy: ``untag guard --ext-proc ADDR``.

Envoy does the HTTP; for each request it opens one gRPC stream and asks about headers and whole bodies in turn.
Event streams are asked about piece by piece. A stream that ends cleanly would make Envoy go on unjudged, so
whatever goes wrong here ends it with an error, upon which Envoy refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError, UsageError
from untag.guard.ext_loop import CallLoop
from untag.guard.ext_proto import METHOD, NEED, SERVICE
from untag.guard.ext_talk import Conversation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from untag.guard.base import Settings
    from untag.guard.gate import Gate

_SLACK: Final = 1 << 20
_GRACE: Final = 10.0


class _Threaded:
    """A `CallLoop` in a thread of its own."""

    def __init__(self, gate: Gate, address: str) -> None:
        self._loop = CallLoop(
            f"/{SERVICE}/{METHOD}",
            lambda: Conversation(gate).answer,
            options=_options(gate),
            failed=lambda: _failed(gate),
        )
        self.port = _bound(self._loop.listen(address), address)
        self._thread = threading.Thread(target=self._loop.run, name="untag-ext-proc", daemon=True)

    async def start(self) -> None:
        self._thread.start()

    async def stop(self, grace: float) -> None:
        self._loop.stop(grace)
        await asyncio.to_thread(self._thread.join, grace + 1)

    def soon(self, job: Callable[[], None]) -> None:
        """Do something between two messages."""
        self._loop.call_soon(job)


class _Async:
    """The same on ``grpc.aio``, which every gRPC has: slower."""

    def __init__(self, gate: Gate, address: str) -> None:
        grpc = import_module("grpc")
        import_module("grpc.aio")

        async def process(_: AsyncIterator[Any], context: Any) -> None:
            talk = Conversation(gate)
            try:
                # read and write by hand: quicker than iterators
                while (one := await context.read()) is not grpc.aio.EOF:
                    await context.write(talk.answer(one))
            except asyncio.CancelledError:
                raise
            except Exception:  # noqa: BLE001 - an error status: Envoy must not take the end for consent
                _failed(gate)
                await context.abort(grpc.StatusCode.INTERNAL, "the guard met an internal error")

        # bytes as they travel: the conversation reads and writes them
        handler = grpc.stream_stream_rpc_method_handler(process)
        self._server = grpc.aio.server(options=_options(gate))
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),))
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError:
            self.port = 0
        _bound(self.port, address)

    async def start(self) -> None:
        await self._server.start()

    async def stop(self, grace: float) -> None:
        await self._server.stop(grace)

    def soon(self, job: Callable[[], None]) -> None:
        """Do something between two messages."""
        job()


def _options(gate: Gate) -> tuple[tuple[str, int], ...]:
    size = gate.settings.body_cap + _SLACK
    return (
        ("grpc.max_receive_message_length", size),
        ("grpc.max_send_message_length", size),
        ("grpc.so_reuseport", 0),
    )


def _bound(port: int, address: str) -> int:
    if not port:
        raise UsageError(f"cannot listen at {address} for Envoy")
    return port


def _failed(gate: Gate) -> None:
    gate.metrics.count("untag_guard_failures_total", kind="request", reason="internal")


def server(gate: Gate, address: str, *, threaded: bool = True) -> _Threaded | _Async:
    """Return a gRPC server that is bound and not started; without ``threaded``, or where that cannot be, on aio."""
    if threaded:
        with contextlib.suppress(ImportError):
            return _Threaded(gate, address)
    try:
        return _Async(gate, address)
    except ImportError as error:
        raise UsageError(NEED) from error


async def serve(
    gate: Gate,
    address: str,
    *,
    reload: Callable[[], Settings] | None = None,
    started: Callable[[int], None] | None = None,
    until: asyncio.Event | None = None,
    threaded: bool = True,
) -> None:
    """Serve until SIGTERM, SIGINT or ``until``; SIGHUP reloads."""
    from untag.guard.serve import tallying  # noqa: PLC0415 - imports this module's neighbours

    gate.warm()
    gc.collect()
    gc.freeze()
    made = server(gate, address, threaded=threaded)
    await made.start()
    stop = until or asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for name in ("SIGTERM", "SIGINT"):
            loop.add_signal_handler(getattr(signal, name), stop.set)
        if reload is not None:
            loop.add_signal_handler(signal.SIGHUP, lambda: _reload(gate, reload, made.soon))
    tally = asyncio.create_task(tallying(gate))
    if started:
        started(made.port)
    try:
        await stop.wait()
    finally:
        await made.stop(_GRACE)
        tally.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tally


def _reload(gate: Gate, load: Callable[[], Settings], soon: Callable[[Callable[[], None]], None]) -> None:
    """Take new settings for what comes from now on; keep the old ones where the new are wrong."""
    try:
        settings = load()
    except UntagError as error:
        gate.metrics.count("untag_guard_reloads_total", result="failed")
        print(f"untag: the policy was not reloaded, the old one stands: {error}", file=sys.stderr)  # noqa: T201
        return
    soon(lambda: gate.use(settings))
    gate.metrics.count("untag_guard_reloads_total", result="ok")
    if gate.log is not None:
        with contextlib.suppress(OSError):
            gate.log.write({"kind": "reload", "policy": settings.policy, "mode": settings.mode})
