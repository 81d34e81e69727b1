"""One file at an address of the web, and how this package asks a web server for anything but a package.

Asked is only the host that the user named: a redirect to another host, away from https,
or to anything but http is refused and named. User and password of an address, or a token,
go to that host alone. No page is parsed for links: a folder's listing page is one file.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from typing import IO, TYPE_CHECKING, Final

from untag.errors import ReadError, SourceError, UsageError
from untag.sources.remote import Broken, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT: Final = 30.0
"""Seconds without a byte."""
CHUNK: Final = 1 << 18
REDIRECTS: Final = 5
"""Redirects followed on one host; real servers need two."""
BUSY: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers that another try may mend."""
DENIED: Final = frozenset((401, 403, 407))
GONE: Final = frozenset((404, 410))
PATH: Final = "/%:@!$&'()*+,;=~-._"
"""Characters of a path that stay as they are."""
PORTS: Final = {"http": 80, "https": 443}

Parts = urllib.parse.SplitResult


class Answered(Exception):  # noqa: N818 - it is an answer, though not the one hoped for
    """A server's answer that is no success."""

    def __init__(self, code: int) -> None:
        super().__init__(f"answered {code} {http.client.responses.get(code, '')}".strip())
        self.code = code


class AwayError(ReadError):
    """A redirect to where the user did not point."""

    def __init__(self, host: str) -> None:
        super().__init__("unsupported", f"redirects to {host or 'no web address'}; name that address if you trust it")


def split(url: str) -> Parts:
    """Return the parts of an address; raise `UsageError` for one that is none."""
    try:
        parts = urllib.parse.urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"no web address: {error}") from error
    if parts.scheme not in PORTS or not host:
        raise UsageError("no web address: write https://HOST/PATH")
    return parts


def same_place(old: Parts, new: Parts) -> bool:
    """Whether a redirect stays with the host and port that were asked, and does not leave https."""
    if new.hostname != old.hostname or new.scheme not in PORTS:
        return False
    ports = [p.port or PORTS[p.scheme] for p in (old, new)]
    if new.scheme == old.scheme:
        return ports[0] == ports[1]
    return (old.scheme, new.scheme) == ("http", "https") and ports == [80, 443]


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects only where a rule allows it."""

    max_redirections = REDIRECTS

    def __init__(self, allowed: Callable[[Parts, Parts], bool]) -> None:
        self._allowed = allowed

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        new = urllib.parse.urlsplit(newurl)
        if not self._allowed(urllib.parse.urlsplit(req.full_url), new):
            raise AwayError(new.hostname or "")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Client:
    """Asks web servers; knows nothing of what they serve."""

    def __init__(self, allowed: Callable[[Parts, Parts], bool] = same_place) -> None:
        self._opener = urllib.request.OpenerDirector()
        # no handler for file:, ftp: or data: is there at all
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(allowed),
        ):
            self._opener.add_handler(handler)

    def open(self, url: str, authorization: str = "") -> http.client.HTTPResponse:
        """Open an address; raise `Answered`, `AwayError` or `Broken`."""
        request = urllib.request.Request(  # noqa: S310 - the opener knows http and https alone
            url, headers={"User-Agent": "untag", "Accept": "*/*", "Accept-Encoding": "identity"}
        )
        if authorization:
            request.add_unredirected_header("Authorization", authorization)
        try:
            answer = self._opener.open(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in BUSY:
                raise Broken(f"the server answered {error.code}") from None
            raise Answered(error.code) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _broken(error) from None
        if answer is None:
            raise Broken("no answer")
        return answer  # type: ignore[no-any-return]

    def chunks(self, url: str, authorization: str = "") -> Iterator[bytes]:
        """Yield what is at an address; raise `ReadError` or `Broken`."""
        try:
            answer = self.open(url, authorization)
        except Answered as error:
            raise _unread(error) from None
        with contextlib.closing(answer):
            said = answer.headers.get("Content-Length", "")
            left = int(said) if said.isascii() and said.isdigit() else -1
            try:
                while chunk := answer.read1(CHUNK):
                    left -= len(chunk)
                    yield chunk
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise _broken(error) from None
            if said and left > 0:
                raise Broken("the transfer broke off")


def _broken(error: BaseException) -> Broken:
    """Return what went wrong in few words: never an address, which may hold a secret."""
    cause = getattr(error, "reason", None)
    cause = cause if isinstance(cause, BaseException) else error
    if isinstance(cause, ssl.SSLError):
        return Broken("the certificate or the TLS connection is not sound")
    if isinstance(cause, socket.gaierror):
        return Broken("the host's name is not known (offline?)")
    if isinstance(cause, TimeoutError):
        return Broken(f"no answer in {TIMEOUT:.0f} seconds")
    if isinstance(cause, ConnectionRefusedError):
        return Broken("the host refuses the connection")
    if isinstance(cause, OSError) and cause.strerror:
        return Broken(f"the connection failed: {cause.strerror}")
    return Broken("the connection failed or broke off")


def _unread(error: Answered) -> ReadError:
    if error.code in DENIED:
        return ReadError("permission", f"the server {error}: it wants a user or a token that has the right to read")
    if error.code in GONE:
        return ReadError("vanished", f"the server {error}")
    return ReadError("unsupported", f"the server {error}")


class WebFile:
    """``http://…`` or ``https://…``: one file."""

    def __init__(self, url: str) -> None:
        parts = split(url)
        host = parts.netloc.rpartition("@")[2]
        path = urllib.parse.quote(parts.path, safe=PATH) or "/"
        self._url = urllib.parse.urlunsplit(
            (parts.scheme, host, path, urllib.parse.quote(parts.query, safe=PATH + "?"), "")
        )
        self._login = ""
        if parts.username is not None:
            login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            self._login = "Basic " + base64.b64encode(login.encode()).decode()
        self.title = f"{parts.scheme}://{host}{path}"
        last = urllib.parse.unquote(path.rsplit("/", 1)[-1])
        self._name = last if last and "/" not in last and last not in (".", "..") else parts.hostname or "page"
        self._client = Client()

    def entries(self) -> Iterator[Entry]:
        """Yield the one file, once its host has been reached: a target that is not there is an error, no Gap."""
        try:
            self._client.open(self._url, self._login).close()
        except Answered as error:
            raise SourceError(f"{self.title} {error}; check the address and the right to read it") from None
        except AwayError as error:
            raise SourceError(f"{self.title} {error.detail}") from None
        yield Entry(self._name, self._url, -1)

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield the file."""
        return self._client.chunks(entry.key, self._login)
