"""The guard as pure ASGI middleware: ``app = GuardMiddleware(app)``.

A request is read to the end and judged before the app sees it. A response's start is held until its body is judged;
event streams and JSON Lines are judged event by event and held no longer than one event takes. Pictures, sound and
archives that begin as what they say they are stream through unread, and are counted.

Nothing passes unjudged: what cannot be judged is answered with 502 (`application/problem+json`), unless the owner
chose ``fail = "open"``. In ``observe`` mode nothing is changed, whatever is found.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from untag.guard import headers as heads
from untag.guard.broken import BrokenError, StoppedError
from untag.guard.exchange import JOINED, Exchange
from untag.guard.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
    from concurrent.futures import Executor

    from untag.guard.base import Settings
    from untag.guard.case import Case, Outcome
    from untag.guard.exchange import Read
    from untag.guard.log import DecisionLog

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

__all__ = ["JOINED", "GuardMiddleware"]
_POLICY_VIOLATION: Final = 1008


class GuardMiddleware:
    """ASGI middleware that holds the promise on each request and response of ``app``.

    ``websockets`` is ``refuse`` or ``pass``: their frames are not judged. ``patience`` are the seconds that a client
    may take to send a body (None: the server's own limits). ``framed`` says that the server speaks HTTP/1 alone and
    hands on a body only where a header announces one, as RFC 9112 has it: what has none is not waited for.
    """

    def __init__(
        self,
        app: App,
        settings: Settings | None = None,
        *,
        log: DecisionLog | None = None,
        gate: Gate | None = None,
        websockets: str = "refuse",
        patience: float | None = None,
        framed: bool = False,
    ) -> None:
        self.app = app
        self.gate = gate or Gate(settings, log=log)
        if websockets not in ("refuse", "pass"):
            raise ValueError(f"unknown websockets {websockets!r}: use refuse or pass")
        self.websockets = websockets
        self.patience = patience
        self._framed = framed
        self._beside: Executor | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI asks."""
        gate = self.gate
        if scope["type"] != "http" or (gate.some_off and gate.off(scope["path"])):
            await self._unjudged(scope, receive, send)
            return
        asked = heads.survey(scope["headers"])
        exchange = Exchange(self, scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        if not (self._framed and asked.bare and "extensions" not in scope) or not gate.known(
            scope["method"], scope["path"], query
        ):
            admitted = await exchange.admitted(asked, query)
            if admitted is None:
                return
            scope, receive = admitted, exchange.receive
        try:
            await self.app(scope, receive, exchange.send)
        except StoppedError:
            return
        except BrokenError as error:
            await exchange.broken(error)

    async def _unjudged(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what is off, or no request."""
        if scope["type"] == "websocket":
            if self.websockets == "refuse" and not self.gate.off(scope["path"]) and not self.gate.observing:
                await self._close(receive, send)
                return
            self.gate.metrics.count("untag_guard_unread_total", reason="websocket")
        await self.app(scope, receive, send)

    async def patiently(self, reading: Coroutine[Any, Any, Read]) -> Read:
        """Wait for a client's body no longer than it may take; raise `TimeoutError` then."""
        async with asyncio.timeout(self.patience):
            return await reading

    async def ruled(self, case: Case) -> Outcome:
        """Judge what takes a while; what is large is judged beside the loop, so that nobody else waits for it."""
        if not case.long:
            return case.outcome()
        if self._beside is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - many services never need it

            # one: Python's own lock lets no two judge at once
            self._beside = ThreadPoolExecutor(1, "untag-judge")
        found = await asyncio.get_running_loop().run_in_executor(self._beside, case.judged)
        return case.ruled(found)

    async def _close(self, receive: Receive, send: Send) -> None:
        self.gate.metrics.count("untag_guard_failures_total", kind="request", reason="websocket")
        await receive()
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": "refused by the guard"})
