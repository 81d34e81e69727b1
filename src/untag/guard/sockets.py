"""Websockets through the proxy, where the owner chose ``websockets = "pass"``: frames go both ways unjudged.

What opens one is judged like any request: its path and its query. The frames are those of two libraries, uvicorn's
in front and aiohttp's behind, so that neither side sees the other's framing, masks or extensions.
"""

from __future__ import annotations

import asyncio
import contextlib
from importlib import util
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.guard import headers as heads
from untag.guard.proxy import Upstream

if TYPE_CHECKING:
    from untag.guard.asgi import Receive, Scope, Send
    from untag.guard.gate import Gate, Outcome

NEED: Final = "to pass websockets on needs a library: pip install websockets"
CHOICES: Final = ("refuse", "pass")
SERVER: Final = "websockets-sansio"
"""Uvicorn's name for the library in front."""
_HANDSHAKE: Final = frozenset(
    (b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions", b"sec-websocket-protocol")
)
"""Headers of the opening that belong to one hop: the client behind makes its own."""
MESSAGE: Final = 16 << 20
"""Bytes of the longest message: what uvicorn takes in front."""
_ERRORS: Final = 400
_NORMAL: Final = 1000
_AWAY: Final = 1001
_POLICY: Final = 1008
_BROKEN: Final = 1011
_UNSENT: Final = frozenset((1004, 1005, 1006, 1015))
"""Codes that stand for something that was not said, and are never sent."""


class SocketUpstream(Upstream):
    """An `Upstream` that takes websockets, too."""

    sockets = SERVER
    """What `untag.guard.serve` takes websockets with."""
    gate: Gate | None = None
    """Judges what opens a websocket; None: nothing is judged."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI asks."""
        if scope["type"] != "websocket":
            await super().__call__(scope, receive, send)
            return
        await receive()
        if self.gate is not None:
            outcome = opened(self.gate, scope)
            if outcome.problem:
                await denied(scope, send, outcome.status, outcome.problem)
                return
            if outcome.query is not None:
                scope = {**scope, "query_string": outcome.query.encode("latin-1", "replace")}
        await self._relayed(scope, receive, send)

    async def _relayed(self, scope: Scope, receive: Receive, send: Send) -> None:
        import aiohttp  # noqa: PLC0415 - loaded by `start`
        from yarl import URL  # noqa: PLC0415 - comes with aiohttp

        session = self._session
        assert session is not None, "start() first"
        target = "ws" + self.url.removeprefix("http")
        target += (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        kept = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in _HANDSHAKE]}
        try:
            behind = await session.ws_connect(
                URL(f"{target}?{query}" if query else target, encoded=True),
                headers=self._forwarded(kept),
                protocols=scope.get("subprotocols", ()),
                # a ping is a sign of life: a quiet socket is not a dead one
                heartbeat=self.limits.answer / 3,
                max_msg_size=MESSAGE,
            )
        except aiohttp.WSServerHandshakeError as error:
            self._count(f"{error.status // 100}xx")
            status = error.status if error.status >= _ERRORS else 502
            await denied(scope, send, status, heads.problem(status, "The upstream takes no websocket here."))
            return
        except (TimeoutError, aiohttp.ClientError, ValueError):
            self._count("unreachable")
            await denied(scope, send, 502, heads.problem(502, "The upstream could not be reached."))
            return
        self._count("1xx")
        async with behind:
            await send({"type": "websocket.accept", "subprotocol": behind.protocol, "headers": []})
            await _both(behind, receive, send)


def checked() -> None:
    """Raise `UsageError` where the library in front is missing."""
    if util.find_spec("websockets") is None:
        raise UsageError(NEED)


def opened(gate: Gate, scope: Scope) -> Outcome:
    """Judge what opens a websocket: its path and its query."""
    return gate.request(
        b"",
        content_type="",
        encoding="",
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        method="WEBSOCKET",
    )


async def denied(scope: Scope, send: Send, status: int, problem: bytes) -> None:
    """Refuse the opening with a status and a reason, or where the server cannot say them, with 403."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": _POLICY, "reason": "refused by the guard"})
        return
    head = heads.answer(b"application/problem+json", len(problem), close=True)
    await send({"type": "websocket.http.response.start", "status": status, "headers": head})
    await send({"type": "websocket.http.response.body", "body": problem, "more_body": False})


async def _both(behind: Any, receive: Receive, send: Send) -> None:
    """Pass messages both ways until one side ends; the other is told with the same code."""
    jobs = {asyncio.create_task(_up(behind, receive)), asyncio.create_task(_down(behind, send))}
    try:
        done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        for job in done:
            job.result()
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def _up(behind: Any, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] != "websocket.receive":
            code = message.get("code") or _NORMAL
            await behind.close(code=_AWAY if code in _UNSENT else code)
            return
        # the other side has gone: its own end is told by `_down`
        with contextlib.suppress(ConnectionError):
            if (text := message.get("text")) is not None:
                await behind.send_str(text)
            else:
                await behind.send_bytes(message["bytes"])


async def _down(behind: Any, send: Send) -> None:
    async for message in behind:
        if isinstance(message.data, str):
            await send({"type": "websocket.send", "text": message.data})
        elif isinstance(message.data, bytes):
            await send({"type": "websocket.send", "bytes": message.data})
    code = behind.close_code or _BROKEN
    await send({"type": "websocket.close", "code": _BROKEN if code in _UNSENT else code})
