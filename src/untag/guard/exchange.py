"""One request and its response between a client and an app: what is read, held, judged and let go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError
from untag.guard import headers as heads
from untag.guard.broken import BrokenError, StoppedError
from untag.guard.case import PASS, Case, Outcome
from untag.guard.opaque import LEAD, is_opaque, is_stream, may_be_opaque
from untag.guard.streaming import StreamGate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from untag.guard.asgi import GuardMiddleware
    from untag.guard.headers import Headers

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Read = bool | Outcome | None
    """What came of reading a body: see `Exchange`."""

PROBLEM: Final = b"application/problem+json"
JOINED: Final = "untag.joined"
"""Key of a scope whose server can write a head and a body at once: to be called before a start that a body follows."""
_BARE: Final = frozenset((204, 205, 304))
_PARTIAL: Final = 206
_START: Final = "http.response.start"
_BODY: Final = "http.response.body"


_NOTHING: Final = heads.Survey()


class Exchange:
    """One request and its response."""

    # what most exchanges never touch stands on the class: made once, not once a request
    _body = b""
    _start: Message = {}  # noqa: RUF012 - replaced, never changed in place while it is this one
    _state: Callable[[Message], Awaitable[None]] | None = None
    """What to do with a piece of the body; None: hold it."""
    _held: list[bytes] | None = None
    _replay: Message | None = None
    """What the app is given next of what was read already; the rest stands in ``_rest``."""
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
        self._rest: list[Message] = []

    async def admitted(self, asked: heads.Survey, query: str) -> Scope | None:
        """Judge the request; return the scope that the app is to see, None where it was answered."""
        gate = self._gate
        if asked.fault:
            gate.metrics.count("untag_guard_failures_total", kind="request", reason="ambiguous")
            odd = f"The request has {asked.fault}: two readers of it could disagree about what it asks."
            await self._plain(400, odd)
            return None
        outcome = await self._judged(asked, query)
        if outcome is None:
            return None
        if outcome.problem:
            # what is left of the body stays unread
            await self._problem(outcome, close=outcome.action == "fail")
            return None
        changes = outcome.action == "change"
        if not changes and not asked.telling and "extensions" not in self._scope:
            return self._scope
        altering = outcome if changes else None
        if altering is not None and altering.body is not None:
            self._replay = {"type": "http.request", "body": altering.body, "more_body": False}
            self._rest = []
        return heads.altered(self._scope, asked, altering, observing=gate.observing)

    async def broken(self, error: BrokenError) -> None:
        """End an exchange whose app could not finish its response."""
        if self._out:
            raise error
        await self._plain(error.status, error.detail)

    # --- the request -------------------------------------------------------------------------------

    async def _judged(self, asked: heads.Survey, query: str) -> Outcome | None:
        """Read the body, keep it for the app, and judge the request; None: the client is gone, or answered already."""
        scope = self._scope
        gate = self._gate
        if asked.length and int(asked.length) > gate.settings.body_cap:
            opaque = may_be_opaque(asked.content_type) and not asked.encoding
            if not opaque:
                return self._failed_request("over_cap")
        self._replay = message = await self._receive()
        unread: bool | Outcome | None = False
        if message["type"] != "http.request":
            return None
        if message.get("more_body", False) or may_be_opaque(asked.content_type):
            try:
                unread = await self._owner.patiently(self._read_on(message, asked))
            except TimeoutError:
                await self._plain(408, "The body of the request did not arrive in time.")
                return None
            if unread is None or isinstance(unread, Outcome):
                return unread
        else:
            self._body = message.get("body", b"")
        found = gate.asked(
            self._body,
            content_type="" if unread else asked.content_type,
            encoding="" if unread else asked.encoding,
            path=scope["path"],
            query=query,
            method=scope["method"],
        )
        return found if isinstance(found, Outcome) else await self._owner.ruled(found)

    async def _read_on(self, message: Message, asked: heads.Survey) -> bool | Outcome | None:
        """Read a body to its end; True: it is opaque, and what is left stays in the pipe. None: the client is gone."""
        cap = self._gate.settings.body_cap
        parts: list[bytes] = []
        size = 0
        peek = not asked.encoding and may_be_opaque(asked.content_type)
        while message["type"] == "http.request":
            if parts:
                self._rest.append(message)
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
                self._replay = {"type": "http.request", "body": self._body, "more_body": False}
                self._rest = []
                return False
            message = await self._receive()
        return None

    def _failed_request(self, reason: str) -> Outcome:
        route = f"{self._scope['method']} {self._scope['path']}"
        return self._gate.failed("request", route, reason)

    async def receive(self) -> Message:
        """Give the app what was read, then what is left."""
        message = self._replay
        if message is None:
            return await self._receive()
        self._replay = self._rest.pop(0) if self._rest else None
        return message

    # --- the response ------------------------------------------------------------------------------

    async def send(self, message: Message) -> None:
        """Take what the app says, and say it when it is judged."""
        if self._answered:
            raise StoppedError("the guard has answered")
        kind = message["type"]
        if kind == _BODY:
            if self._state is not None:
                await self._state(message)
            elif message.get("more_body", False) or self._held:
                await self._hold(message)
            else:
                body = message.get("body", b"")
                found = self._judge(body)
                if found is not PASS:
                    await self._end(body, found)
                    return
                self._release()
                await self._send(self._start)
                await self._send(message)
        elif kind == _START:
            waiting = self._begin(message)
            if waiting is not None:
                await waiting
        elif kind == "http.response.trailers":
            await self._trail(message)
        else:
            # early hints, pushes and the like: nothing of a body, and nothing that is needed
            self._gate.metrics.count("untag_guard_unread_total", reason="extension")
            if self._gate.observing:
                await self._send(message)

    def _begin(self, message: Message) -> Awaitable[None] | None:
        """Keep the start of a response; return what is to be done at once, if anything."""
        told = heads.told(message.get("headers", ()))
        if told is None:
            message = {**message, "headers": [(name.lower(), value) for name, value in message["headers"]]}
            told = heads.survey(message["headers"])
        self._start = message
        self._told = told
        status = message["status"]
        content_type = told.content_type
        if self._scope["method"] == "HEAD" or status in _BARE:
            return self._bare(list(message.get("headers", ())))
        if status == _PARTIAL and not self._gate.observing:
            return self._fail("partial")
        if is_stream(content_type):
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
        return None

    async def _bare(self, headers: Headers) -> None:
        """Pass on a start without a body: what it says of the length and bytes of one may not hold behind the guard."""
        if not self._gate.observing and not may_be_opaque(self._told.content_type):
            changed = heads.for_body(headers, 0, "")
            coding = [pair for pair in headers if pair[0] == b"content-encoding"]
            self._headed([pair for pair in changed if pair[0] != b"content-length"] + coding)
        await self._pass_start()

    def _headed(self, headers: Headers) -> None:
        """Give the start other headers; the app's own message stays as it is."""
        self._start = {**self._start, "headers": headers}

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
        if held is None:
            held = self._held = []
        held.append(body)
        self._size += len(body)
        if self._size > self._gate.settings.body_cap:
            await self._fail("over_cap", held=b"".join(held), more=more)
        elif not more:
            body = b"".join(held)
            await self._end(body, self._judge(body))

    def _judge(self, body: bytes) -> Outcome | Case:
        told = self._told
        return self._gate.answered(
            body,
            content_type=told.content_type,
            encoding=told.encoding,
            path=self._scope["path"],
            request=self._body,
        )

    async def _end(self, body: bytes, found: Outcome | Case) -> None:
        """Say what becomes of a whole response."""
        outcome = found if isinstance(found, Outcome) else await self._owner.ruled(found)
        if outcome.problem:
            await self._problem(outcome)
            return
        if outcome.action == "change" and outcome.body is not None:
            body = outcome.body
            headers = heads.cleaned(self._start.get("headers", ()), outcome)
            if self._start.get("trailers"):
                headers = [pair for pair in headers if pair[0] != b"content-length"]
            self._headed(headers)
        self._release()
        await self._send(self._start)
        await self._send({"type": _BODY, "body": body, "more_body": False})

    def _release(self) -> None:
        """Let what follows go out: first a start and a body, in one piece where the server can do that."""
        self._state = self._send
        self._out = True
        joined = self._scope.get(JOINED)
        if joined is not None:
            joined()

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
                self._headed(heads.for_stream(self._start.get("headers", ())))
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
