"""Files from a registry: bounded, verified, cached by digest, with the user's proxies and certificates.

Only ``http``, ``https`` and, where the user's own settings name such an index,
``file`` are opened. Credentials go to the host that they were configured for and
are not carried along a redirect.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import ssl
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from untag.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TIMEOUT: Final = 30.0
"""Seconds without an answer."""
PAGE: Final = 256 << 20
"""Bytes of one index page; the largest on npm has 40 MB."""
CHUNK: Final = 1 << 18
ELSEWHERE: Final = "download the package elsewhere and scan the file"


@dataclass(frozen=True, slots=True)
class Digest:
    """What an index says that a file hashes to; ``name`` is one of hashlib's."""

    name: str
    hex: str


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that is held in memory."""

    url: str
    """Where it came from, after redirects: what its links are relative to."""
    kind: str
    """Its media type."""
    data: bytes


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from https to http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise urllib.error.URLError("a redirect away from https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Web:
    """Opens addresses with the user's settings."""

    def __init__(self, *, certificates: str = "", insecure: tuple[str, ...] = ()) -> None:
        """Take the path of a certificate bundle, and hosts that may be asked without TLS."""
        try:
            context = ssl.create_default_context(cafile=certificates or None)
        except (OSError, ssl.SSLError) as error:
            raise SourceError(f"cannot read the certificates that pip or npm is set to: {error}") from error
        self._insecure = insecure
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(context=context),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(),
        ):
            self._opener.add_handler(handler)

    def page(self, url: str, *, accept: str = "*/*", token: str = "") -> Page | None:
        """Return the page at ``url``, or None where there is none."""
        try:
            with contextlib.closing(self._open(url, accept, token)) as answer:
                data = answer.read(PAGE + 1)
                kind = answer.headers.get_content_type()
                final = answer.url
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (404, 410):
                return None
            raise SourceError(f"{_host(url)} answered {error.code} {error.reason}; {ELSEWHERE}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SourceError(f"cannot reach {_host(url)} ({_why(error)}); {ELSEWHERE}") from error
        if len(data) > PAGE:
            raise SourceError(f"{_host(url)} sent an index page larger than {PAGE:,} bytes; {ELSEWHERE}")
        return Page(final, kind, data)

    def save(
        self,
        url: str,
        into: IO[bytes],
        *,
        cap: int,
        token: str = "",
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Write what is at ``url`` into a file."""
        try:
            with contextlib.closing(self._open(url, "*/*", token)) as answer:
                total = int(answer.headers.get("Content-Length") or 0)
                size = 0
                while chunk := answer.read(CHUNK):
                    size += len(chunk)
                    if size > cap:
                        raise SourceError(f"the package is larger than {cap:,} bytes; {ELSEWHERE}")
                    into.write(chunk)
                    if progress:
                        progress(size, total)
        except urllib.error.HTTPError as error:
            error.close()
            raise SourceError(f"{_host(url)} answered {error.code} {error.reason}; {ELSEWHERE}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SourceError(f"the download from {_host(url)} broke off ({_why(error)}); {ELSEWHERE}") from error

    def _open(self, url: str, accept: str, token: str) -> http.client.HTTPResponse:
        """Open an address; a user and password in it become a header."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise ValueError(f"not a web address: {parts.scheme}")
        host = parts.hostname or ""
        if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1", *self._insecure):
            raise ValueError("http without TLS; add the host to pip's trusted-host if it is yours")
        netloc = parts.netloc.rpartition("@")[2]
        request = urllib.request.Request(  # noqa: S310 - the scheme stands above
            urllib.parse.urlunsplit((parts.scheme, netloc, parts.path, parts.query, "")),
            headers={"Accept": accept, "User-Agent": "untag", "Accept-Encoding": "identity"},
        )
        if token:
            request.add_unredirected_header("Authorization", token)
        elif parts.username is not None:
            login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
            request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
        answer = self._opener.open(request, timeout=TIMEOUT)
        if answer is None:
            raise OSError("no answer")
        return answer  # type: ignore[no-any-return]


def _host(url: str) -> str:
    """Return the host of an address: what a message may show."""
    return urllib.parse.urlsplit(url).hostname or "the index"


def _why(error: BaseException) -> str:
    """Return what went wrong in few words."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return str(reason) or type(error).__name__


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Return untag's folder in the user's cache."""
    if environ.get("XDG_CACHE_HOME", "").startswith("/"):
        base = Path(environ["XDG_CACHE_HOME"])
    elif sys.platform == "win32" and environ.get("LOCALAPPDATA"):
        base = Path(environ["LOCALAPPDATA"])
    elif sys.platform == "darwin":
        base = Path("~/Library/Caches").expanduser()
    else:
        base = Path(environ.get("HOME") or "~").expanduser() / ".cache"
    return base / "untag"


def hashed(path: str | Path, *names: str) -> tuple[str, ...]:
    """Return digests of a file by hashlib's names, all of one reading; a name that stands twice is computed once."""
    sums = {name: hashlib.new(name) for name in names}
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK):
            for one in sums.values():
                one.update(chunk)
    return tuple(sums[name].hexdigest() for name in names)


def kept(folder: Path, filename: str, digest: Digest | None, fetch: Callable[[IO[bytes]], None]) -> tuple[Path, str]:
    """Return a verified file from the cache, fetched when it is not there, and its sha256.

    Without a digest from the index nothing can be known to be the same: it is fetched each time.
    """
    if digest:
        place = folder / "packages" / f"{digest.name}-{digest.hex}" / filename
        with contextlib.suppress(OSError):
            own, sha256 = hashed(place, digest.name, "sha256")
            if own == digest.hex:
                return place, sha256
    try:
        (folder / "packages").mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=folder / "packages")
    except OSError as error:
        raise SourceError(f"cannot write to the cache folder {folder}: {error.strerror}; set XDG_CACHE_HOME") from error
    try:
        with os.fdopen(handle, "wb") as file:
            fetch(file)
        own, sha256 = hashed(name, digest.name if digest else "sha256", "sha256")
        if digest and own != digest.hex:
            raise SourceError(f"{filename} is not what the index says it is: its {digest.name} differs; do not use it")
        place = folder / "packages" / (f"{digest.name}-{digest.hex}" if digest else f"sha256-{sha256}") / filename
        place.parent.mkdir(parents=True, exist_ok=True)
        Path(name).replace(place)
    except OSError as error:
        raise SourceError(f"cannot write to the cache folder {folder}: {error.strerror}; set XDG_CACHE_HOME") from error
    finally:
        Path(name).unlink(missing_ok=True)
    return place, sha256
