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

from untag.errors import UntagError
from untag.guard import headers as heads
from untag.guard.broken import BrokenError, StoppedError
from untag.guard.gate import Gate, Outcome
from untag.guard.opaque import LEAD, is_opaque, is_stream, may_be_opaque
from untag.guard.streaming import StreamGate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from untag.guard.base import Settings
    from untag.guard.headers import Headers
    from untag.guard.log import DecisionLog

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

PROBLEM: Final = b"application/problem+json"
_BARE: Final = frozenset((204, 205, 304))
_PARTIAL: Final = 206
_POLICY_VIOLATION: Final = 1008
_START: Final = "http.response.start"
_BODY: Final = "http.response.body"


_NOTHING: Final = heads.Survey()


class GuardMiddleware:
    """ASGI middleware that holds the promise on each request and response of ``app``.

    ``websockets`` is ``refuse`` or ``pass``: their frames are not judged. ``patience`` are the seconds that a client
    may take to send a body (None: the server's own limits).
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
    ) -> None:
        self.app = app
        self.gate = gate or Gate(settings, log=log)
        if websockets not in ("refuse", "pass"):
            raise ValueError(f"unknown websockets {websockets!r}: use refuse or pass")
        self.websockets = websockets
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI asks."""
        kind = scope["type"]
        if kind == "http" and not self.gate.off(scope["path"]):
            await _Exchange(self, scope, receive, send).run()
        elif kind == "websocket" and self.websockets == "refuse" and not self.gate.off(scope["path"]):
            await self._close(receive, send)
        else:
            if kind == "websocket":
                self.gate.metrics.count("untag_guard_unread_total", reason="websocket")
            await self.app(scope, receive, send)

    async def _close(self, receive: Receive, send: Send) -> None:
        self.gate.metrics.count("untag_guard_failures_total", kind="request", reason="websocket")
        if self.gate.observing:
            return
        await receive()
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": "refused by the guard"})


class _Exchange:
    """One request and its response."""

    # what most exchanges never touch stands on the class: made once, not once a request
    _body = b""
    _start: Message = {}  # noqa: RUF012 - replaced, never changed in place while it is this one
    _state: Callable[[Message], Awaitable[None]] | None = None
    """What to do with a piece of the body; None: hold it."""
    _held: list[bytes] | None = None
    _size = 0
    _stream: StreamGate | None = None
    _told = _NOTHING
    _answered = False
    _out = False
    """Whether the client has seen anything."""

    def __init__(self, owner: GuardMiddleware, scope: Scope, receive: Receive, send: Send) -> None:
        self._owner = owner
        self._gate = owner.gate
        self._scope = scope
        self._receive = receive
        self._send = send
        self._replay: list[Message] = []

    async def run(self) -> None:
        scope = self._scope
        gate = self._gate
        asked = heads.survey(scope["headers"])
        if asked.fault:
            gate.metrics.count("untag_guard_failures_total", kind="request", reason="ambiguous")
            odd = f"The request has {asked.fault}: two readers of it could disagree about what it asks."
            await self._plain(400, odd)
            return
        unread = await self._read(asked)
        if unread is None:
            return
        if isinstance(unread, Outcome):
            outcome = unread
        else:
            outcome = gate.request(
                self._body,
                content_type="" if unread else asked.content_type,
                encoding="" if unread else asked.encoding,
                path=scope["path"],
                query=scope["query_string"].decode("latin-1"),
                method=scope["method"],
            )
        if outcome.problem:
            # what is left of the body stays unread
            await self._problem(outcome, close=outcome.action == "fail")
            return
        changes = outcome.action == "change"
        if changes or asked.telling or "extensions" in scope:
            altering = outcome if changes else None
            if altering is not None and altering.body is not None:
                self._replay = [{"type": "http.request", "body": altering.body, "more_body": False}]
            scope = heads.altered(self._scope, asked, altering, observing=self._gate.observing)
        try:
            await self._owner.app(scope, self.receive, self.send)
        except StoppedError:
            return
        except BrokenError as error:
            if self._out:
                raise
            await self._plain(error.status, error.detail)

    # --- the request -------------------------------------------------------------------------------

    async def _read(self, asked: heads.Survey) -> bool | Outcome | None:
        """Read the body and keep it for the app; True: it is opaque, and what is left stays in the pipe.

        None: the client went away, or was answered already.
        """
        if asked.length and int(asked.length) > self._gate.settings.body_cap:
            opaque = may_be_opaque(asked.content_type) and not asked.encoding
            if not opaque:
                return self._failed_request("over_cap")
        message = await self._receive()
        if message["type"] != "http.request":
            return None
        if not message.get("more_body", False) and not may_be_opaque(asked.content_type):
            self._body = message.get("body", b"")
            self._replay.append(message)
            return False
        try:
            async with asyncio.timeout(self._owner.patience):
                return await self._read_on(message, asked)
        except TimeoutError:
            await self._plain(408, "The body of the request did not arrive in time.")
            return None

    async def _read_on(self, message: Message, asked: heads.Survey) -> bool | Outcome | None:
        cap = self._gate.settings.body_cap
        parts: list[bytes] = []
        size = 0
        peek = not asked.encoding and may_be_opaque(asked.content_type)
        while message["type"] == "http.request":
            self._replay.append(message)
            part = message.get("body", b"")
            more = message.get("more_body", False)
            parts.append(part)
            size += len(part)
            if peek and (size >= LEAD or not more):
                peek = False
                if is_opaque(asked.content_type, b"".join(parts)[:LEAD]):
                    self._gate.metrics.count("untag_guard_unread_total", reason="opaque request")
                    return True
            if size > cap:
                return self._failed_request("over_cap")
            if not more:
                self._body = parts[0] if len(parts) == 1 else b"".join(parts)
                self._replay = [{"type": "http.request", "body": self._body, "more_body": False}]
                return False
            message = await self._receive()
        return None

    def _failed_request(self, reason: str) -> Outcome:
        route = f"{self._scope['method']} {self._scope['path']}"
        return self._gate.failed("request", route, reason)

    async def receive(self) -> Message:
        """Give the app what was read, then what is left."""
        if self._replay:
            return self._replay.pop(0)
        return await self._receive()

    # --- the response ------------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Take what the app says, and say it when it is judged."""
        if self._answered:
            raise StoppedError("the guard has answered")
        kind = message["type"]
        if kind == _BODY:
            if self._state is None:
                await self._hold(message)
            else:
                await self._state(message)
        elif kind == _START:
            await self._begin(message)
        elif kind == "http.response.trailers":
            await self._trail(message)
        else:
            # early hints, pushes and the like: nothing of a body, and nothing that is needed
            self._gate.metrics.count("untag_guard_unread_total", reason="extension")
            if self._gate.observing:
                await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = [(name.lower(), value) for name, value in message.get("headers", ())]
        self._start = {**message, "headers": headers}
        self._told = told = heads.survey(headers)
        status = message["status"]
        content_type = told.content_type
        if self._scope["method"] == "HEAD" or status in _BARE:
            await self._bare(headers)
        elif status == _PARTIAL and not self._gate.observing:
            await self._fail("partial")
        elif is_stream(content_type):
            self._stream = StreamGate(
                self._gate,
                content_type=content_type,
                encoding=told.encoding,
                path=self._scope["path"],
                request=self._body,
            )
            self._state = self._flow
        elif may_be_opaque(content_type) and not told.encoding:
            self._state = self._peek

    async def _bare(self, headers: Headers) -> None:
        """Pass on a start without a body: what it says of the length and bytes of one may not hold behind the guard."""
        if not self._gate.observing and not may_be_opaque(self._told.content_type):
            changed = heads.for_body(headers, 0, "")
            coding = [pair for pair in headers if pair[0] == b"content-encoding"]
            self._start["headers"] = [pair for pair in changed if pair[0] != b"content-length"] + coding
        await self._pass_start()

    async def _pass_start(self) -> None:
        self._state = self._send
        self._out = True
        await self._send(self._start)

    async def _peek(self, message: Message) -> None:
        """Wait for the first bytes of what calls itself a picture or the like."""
        held, self._held = self._held or [], None
        held.append(message.get("body", b""))
        lead = b"".join(held)
        more = message.get("more_body", False)
        if len(lead) < LEAD and more:
            self._held = held
            return
        fresh = {"type": _BODY, "body": lead, "more_body": more}
        if is_opaque(self._told.content_type, lead[:LEAD]):
            self._gate.metrics.count("untag_guard_unread_total", reason="opaque response")
            await self._pass_start()
            await self._send(fresh)
        else:
            self._state = None
            await self._hold(fresh)

    async def _hold(self, message: Message) -> None:
        """Keep what comes; judge it when it is whole."""
        body = message.get("body", b"")
        more = message.get("more_body", False)
        held = self._held
        if more or held:
            if held is None:
                held = self._held = []
            held.append(body)
            self._size += len(body)
            if self._size > self._gate.settings.body_cap:
                await self._fail("over_cap", held=b"".join(held), more=more)
                return
            if more:
                return
            body = b"".join(held)
        told = self._told
        outcome = self._gate.response(
            body,
            content_type=told.content_type,
            encoding=told.encoding,
            path=self._scope["path"],
            request=self._body,
        )
        if outcome.problem:
            await self._problem(outcome)
            return
        if outcome.action == "change" and outcome.body is not None:
            body = outcome.body
            self._start["headers"] = self._changed(outcome, len(body))
        self._state = self._send
        self._out = True
        await self._send(self._start)
        await self._send({"type": _BODY, "body": body, "more_body": False})

    def _changed(self, outcome: Outcome, length: int) -> Headers:
        headers = [
            *heads.for_body(self._start["headers"], length, outcome.encoding),
            (b"untag-guard", b"strip; removed=%d" % len(outcome.verdict.removed)),
        ]
        if self._start.get("trailers"):
            return [pair for pair in headers if pair[0] != b"content-length"]
        return headers

    async def _flow(self, message: Message) -> None:
        """Judge a stream piece by piece; the start goes out with the first piece that may."""
        stream = self._stream
        assert stream is not None
        more = message.get("more_body", False)
        try:
            out = stream.feed(message.get("body", b""))
            if not more:
                out += stream.close()
        except (UntagError, OSError):
            await self._fail("stream", held=message.get("body", b""), more=more)
            return
        if self._gate.observing:
            out = message.get("body", b"")
        if self._start and (out or not more):
            if not self._gate.observing:
                self._start["headers"] = heads.for_stream(self._start["headers"])
            self._out = True
            await self._send(self._start)
            self._start = {}
        if out or not more:
            await self._send({"type": _BODY, "body": out, "more_body": more})

    async def _trail(self, message: Message) -> None:
        if not self._gate.observing:
            pairs = [(bytes(n).lower(), v) for n, v in message.get("headers", ())]
            message = {**message, "headers": [pair for pair in pairs if pair[0] not in heads.DIGESTS]}
        await self._send(message)

    # --- answers of our own ------------------------------------------------------------------------

    async def _fail(self, reason: str, *, held: bytes = b"", more: bool = True) -> None:
        """End a response that cannot be judged, or let it through where the owner chose so."""
        outcome = self._gate.failed("response", self._scope["path"], reason)
        begun = not self._start
        if begun and (outcome.problem or (self._stream and self._stream.encoding)):
            # the head of the stream is out: break it off, so that nobody takes it for whole
            self._answered = True
            raise StoppedError("the stream cannot be judged any further")
        if outcome.problem:
            await self._problem(outcome)
            return
        self._held = None
        self._state = self._send
        if not begun:
            await self._pass_start()
        if held or not more:
            await self._send({"type": _BODY, "body": held, "more_body": more})

    async def _problem(self, outcome: Outcome, *, close: bool = False) -> None:
        await self._answer(outcome.status, PROBLEM, outcome.problem, close=close)

    async def _plain(self, status: int, detail: str) -> None:
        await self._answer(status, PROBLEM, heads.problem(status, detail), close=True)

    async def _answer(self, status: int, content_type: bytes, body: bytes, *, close: bool) -> None:
        self._answered = True
        headers = heads.answer(
            content_type, len(body), close=close and str(self._scope.get("http_version", "1.1"))[0] == "1"
        )
        await self._send({"type": _START, "status": status, "headers": headers})
        await self._send({"type": _BODY, "body": body, "more_body": False})
