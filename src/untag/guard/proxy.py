"""The upstream as an ASGI app: each request goes on to another server, and its answer comes back piece by piece.

The HTTP on both sides is that of libraries (uvicorn with httptools in front, aiohttp behind). What stands here is
what a proxy must decide: which headers go on, how long to wait, and what to answer when the upstream does not.
"""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from untag.errors import UsageError
from untag.guard import headers as heads
from untag.guard.broken import BrokenError
from untag.guard.metrics import counter
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp
    from yarl import URL

    from untag.guard.asgi import Message, Receive, Scope, Send
    from untag.guard.headers import Headers
    from untag.guard.metrics import Metrics

NEED: Final = "the proxy needs its libraries: pip install 'untag[guard]'"
_CLASSES: Final = tuple(counter("untag_guard_upstream_total", result=f"{number}xx") for number in range(10))
"""The counters of what upstreams answer, by the first digit of the status."""
_METHODS_WITHOUT: Final = frozenset(("CONNECT", "TRACE"))
"""Methods that a gateway does not pass on: a tunnel is unjudged, and a trace echoes what was meant for one hop."""
_HEAD_LINE: Final = 16_384


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; seconds unless said otherwise."""

    connect: float = 5.0
    """To reach the upstream."""
    answer: float = 60.0
    """Between two signs of life of the upstream; then 504."""
    header: float = 15.0
    """For a client to send the head of a request."""
    body: float = 60.0
    """For a client to send a body that is judged; then 408."""
    write: float = 60.0
    """For a client to take what was written to it."""
    idle: float = 75.0
    """A client's connection kept open between two requests."""
    pool_idle: float = 4.0
    """An upstream's connection kept between two requests: below the 5 s after which common servers hang up."""
    pool: int = 256
    """Connections to the upstream at once; more requests wait for one."""
    head: int = 65_536
    """Bytes of a request's line and headers."""
    drain: float = 20.0
    """For what is under way to end when the guard is told to stop."""


def upstream_url(text: str) -> str:
    """Return a checked upstream, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"--upstream {text}: write it as http://host:port or https://host, with a path if need be")
    return text.rstrip("/")


class Upstream:
    """ASGI app that asks ``url`` and hands on what it answers.

    ``host`` keeps the client's Host header when True, else the upstream's own name is sent.
    """

    def __init__(
        self,
        url: str,
        *,
        limits: Limits | None = None,
        metrics: Metrics | None = None,
        host: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.url = upstream_url(url)
        self.limits = limits or Limits()
        self.host = host
        self._tls = tls
        self._metrics = metrics
        self._session: aiohttp.ClientSession | None = None
        self._library: Any = None
        """The module ``aiohttp``, once it is loaded."""

    async def start(self) -> None:
        """Open the pool; needs a running event loop."""
        try:
            import aiohttp  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise UsageError(NEED) from error
        from yarl import URL  # noqa: PLC0415 - comes with aiohttp

        self._library, self._read = aiohttp, URL
        limits = self.limits
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=limits.pool, keepalive_timeout=limits.pool_idle, ssl=True if self._tls is None else self._tls
            ),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=None, sock_connect=limits.connect, sock_read=limits.answer
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            max_line_size=_HEAD_LINE,
            max_field_size=_HEAD_LINE,
        )

    async def stop(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as ASGI asks."""
        if scope["type"] != "http":
            await _refuse_socket(receive, send)
            return
        aiohttp = self._library
        if scope["method"] in _METHODS_WITHOUT:
            self._count("refused")
            await _answer(send, 405, f"{scope['method']} is not passed on.")
            return
        started = False
        try:
            data = await _body(scope, receive)
            session = self._session
            assert session is not None, "start() first"
            asked = session.request(
                scope["method"], self._target(scope), headers=self._forwarded(scope), data=data, allow_redirects=False
            )
            async with asked as response:
                status, content = response.status, response.content
                if self._metrics is not None:
                    self._metrics.add(_CLASSES[status // 100 % 10])
                raw = [(bytes(name).lower(), bytes(value)) for name, value in response.raw_headers]
                headers = heads.end_to_end(raw)
                started = True
                await send({"type": "http.response.start", "status": status, "headers": headers})
                more = True
                while more:
                    chunk = await content.readany()
                    more = not content.at_eof()
                    await send({"type": "http.response.body", "body": chunk, "more_body": more})
        except _ClientGoneError:
            self._count("client_gone")
        except (TimeoutError, aiohttp.ClientError, UnicodeError, ValueError) as error:
            status, result, detail = _blame(error, aiohttp)
            self._count(result)
            if started:
                raise BrokenError(status, detail) from error
            await _answer(send, status, detail)

    def _target(self, scope: Scope) -> URL:
        """Return what is asked for, as the client wrote it."""
        target = self.url + (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope.get("query_string", b"")
        if query:
            target += "?" + query.decode("latin-1")
        return self._read(target, encoded=True)

    def _forwarded(self, scope: Scope) -> list[tuple[str, str]]:
        """Return the headers that go on, with what a proxy adds."""
        client = (scope.get("client") or ("unknown", 0))[0]
        kept: Headers = heads.end_to_end(scope["headers"])
        host = heads.first(kept, b"host")
        headers = [
            (name.decode("latin-1"), value.decode("utf-8", "surrogateescape"))
            for name, value in kept
            if name not in _OWN and (name != b"host" or self.host)
        ]
        before = heads.joined(kept, b"x-forwarded-for")
        headers.append(("x-forwarded-for", f"{before}, {client}" if before else client))
        if not heads.first(kept, b"x-forwarded-proto"):
            headers.append(("x-forwarded-proto", scope.get("scheme", "http")))
        if host and not heads.first(kept, b"x-forwarded-host"):
            headers.append(("x-forwarded-host", host.decode("latin-1")))
        via = heads.joined(kept, b"via")
        headers.append(("via", f"{via}, 1.1 untag" if via else "1.1 untag"))
        return headers

    def _count(self, result: str) -> None:
        if self._metrics is not None:
            self._metrics.count("untag_guard_upstream_total", result=result)


_OWN: Final = frozenset((b"x-forwarded-for", b"via", b"expect"))


class _ClientGoneError(Exception):
    """The client went away in the middle of its body."""


def _blame(error: Exception, aiohttp: Any) -> tuple[int, str, str]:
    """Return status, metric and words for what went wrong on the way to the upstream."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return 502, "timeout", "The upstream could not be reached in time."
    if isinstance(error, TimeoutError):
        return 504, "timeout", "The upstream did not answer in time."
    if isinstance(error, aiohttp.InvalidURL) or not isinstance(error, aiohttp.ClientError):
        return 400, "invalid", "The request cannot be passed on: its target or a header is not valid."
    return 502, "unreachable", "The upstream could not be reached, or broke off."


async def _body(scope: Scope, receive: Receive) -> bytes | AsyncIterator[bytes] | None:
    """Return the body whole where it is at hand, else as it comes."""
    first = await receive()
    if first["type"] != "http.request":
        raise _ClientGoneError
    if not first.get("more_body", False):
        body = first.get("body", b"")
        # a length that the client stated is kept, even of nothing
        return body if body or heads.first(scope["headers"], b"content-length") else None
    return _pieces(first, receive)


async def _pieces(message: Message, receive: Receive) -> AsyncIterator[bytes]:
    while True:
        if message["type"] != "http.request":
            raise _ClientGoneError
        if piece := message.get("body", b""):
            yield piece
        if not message.get("more_body", False):
            return
        message = await receive()


async def _answer(send: Send, status: int, detail: str) -> None:
    problem = {"type": "about:blank", "title": "The request could not be served", "status": status, "detail": detail}
    body = json.dumps(problem).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _refuse_socket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "not passed on"})


def tls_context(authority: str = "") -> ssl.SSLContext:
    """Return how an ``https`` upstream is verified: by the system's authorities, or by those in one file."""
    try:
        return ssl.create_default_context(cafile=authority or None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"--upstream-ca {authority}: no certificates can be read from it") from error
