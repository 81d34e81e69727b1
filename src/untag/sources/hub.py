"""Models, data sets and spaces of the Hugging Face hub, by its web interface and no library.

``hf://[datasets/|spaces/]OWNER/NAME[@REVISION][/PATH]``. The revision is resolved to a
commit once, so that the listing and the files are of one state. Files that the hub keeps
on its own storage hosts are fetched from there: redirects to ``*.hf.co`` and
``*.huggingface.co`` are followed, without the token, and to no other host. The token is
that of ``HF_TOKEN`` or of the hub's own log-in and goes to ``HF_ENDPOINT`` alone.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

from untag.errors import SourceError, UsageError
from untag.sources.remote import Broken, Entry
from untag.sources.web_file import Answered, AwayError, Client, Parts, same_place, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOME: Final = "https://huggingface.co"
STORAGE: Final = (".hf.co", ".huggingface.co")
"""Endings of the hosts on which the hub keeps large files."""
KINDS: Final = ("models", "datasets", "spaces")
PAGE: Final = 64 << 20
"""Bytes of one page of a listing: a thousand files are 300 KB."""
PAGES: Final = 10_000
"""Pages of one listing."""
_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}\Z", re.ASCII)
_NEXT: Final = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?')


def hub_place(old: Parts, new: Parts) -> bool:
    """Whether a redirect stays with the host, or goes by https to a storage host of the hub."""
    return same_place(old, new) or (
        new.scheme == "https" and new.port in (None, 443) and (new.hostname or "").endswith(STORAGE)
    )


class Hub:
    """One repository of the hub, or a folder or a file in it."""

    def __init__(self, address: str, environ: Mapping[str, str]) -> None:
        parts = address.strip("/").split("/")
        self._kind = parts.pop(0) if parts[0] in KINDS else "models"
        owner = parts.pop(0) if parts else ""
        name, at, revision = (parts.pop(0) if parts else "").partition("@")
        if not (_NAME.match(owner) and _NAME.match(name)) or ".." in owner + name or (at and not revision):
            raise UsageError("write hf://OWNER/NAME[@REVISION][/PATH], with datasets/ or spaces/ before it for those")
        if any(part in ("", ".", "..") for part in parts):
            raise UsageError("the path in a repository of the hub cannot hold empty parts or ..")
        self._id = f"{owner}/{name}"
        self._revision = revision.replace("%2F", "/").replace("%2f", "/") or "main"
        self._path = "/".join(parts)
        shown = "" if self._kind == "models" else f"{self._kind}/"
        self.title = f"hf://{shown}{self._id}" + (f"@{revision}" if at else "") + (f"/{self._path}" if parts else "")
        endpoint = environ.get("HF_ENDPOINT") or HOME
        split(endpoint)
        self._home = endpoint.rstrip("/")
        self._repository = f"{self._home}/{shown}{self._id}"
        token = environ.get("HF_TOKEN") or _logged_in(environ)
        self._token = f"Bearer {token}" if token and token.isascii() and token.isprintable() else ""
        self._client = Client(hub_place)

    def entries(self) -> Iterator[Entry]:
        """Yield the files of the repository's one state."""
        api = f"{self._home}/api/{self._kind}/{self._id}"
        about, _ = self._json(f"{api}/revision/{quote(self._revision, safe='')}")
        commit = about.get("sha") if isinstance(about, dict) else None
        if not isinstance(commit, str) or not commit.isalnum():
            raise SourceError(f"{self._host} gave no commit for {self.title}; is HF_ENDPOINT a hub?")
        files = f"{self._repository}/resolve/{commit}/"
        below = f"/{quote(self._path)}" if self._path else ""
        url = f"{api}/tree/{commit}{below}?recursive=true&expand=false"
        for _ in range(PAGES):
            try:
                page, url = self._json(url)
            except _MissingError:
                if not self._path:
                    raise
                yield Entry(self._path.rsplit("/", 1)[-1], files + quote(self._path), -1)
                return
            yield from _files(page, files, self._path)
            if not url:
                return
        raise Broken(f"a listing of more than {PAGES:,} pages")

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file."""
        return self._client.chunks(entry.key, self._token)

    @property
    def _host(self) -> str:
        return urlsplit(self._home).hostname or "the hub"

    def _json(self, url: str) -> tuple[Any, str]:
        """Return a page of the interface and the address of the next one."""
        try:
            with contextlib.closing(self._client.open(url, self._token)) as answer:
                body = answer.read(PAGE + 1)
                link = _NEXT.search(answer.headers.get("Link", ""))
        except Answered as error:
            if error.code == 404:  # noqa: PLR2004 - not found
                raise _MissingError(
                    f"{self._host} has no {self.title}; check the name, the kind and the revision"
                ) from None
            if error.code in (401, 403):
                raise SourceError(
                    f"{self._host} {error} for {self.title}: not there, or not without HF_TOKEN"
                ) from None
            raise SourceError(f"{self._host} {error} for {self.title}") from None
        except AwayError as error:
            raise SourceError(f"{self._host} {error.detail}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Broken(f"the connection to {self._host} broke off") from error
        if len(body) > PAGE:
            raise SourceError(f"{self._host} sent a listing page larger than {PAGE:,} bytes")
        try:
            page = json.loads(body)
        except (ValueError, RecursionError):
            raise SourceError(f"{self._host} did not answer in JSON; is HF_ENDPOINT a hub?") from None
        after = urljoin(url, link[1]) if link else ""
        if after and not same_place(urlsplit(url), urlsplit(after)):
            raise SourceError(f"{self._host} sends the next page of the listing from another host")
        return page, after


class _MissingError(SourceError):
    """Nothing at that name."""


def _files(page: Any, base: str, path: str) -> Iterator[Entry]:
    """Yield the files of one page of a listing."""
    for row in page if isinstance(page, list) else ():
        if not isinstance(row, dict) or row.get("type") != "file":
            continue
        key, size = row.get("path"), row.get("size")
        if not isinstance(key, str):
            continue
        whole = size if isinstance(size, int) and size >= 0 else -1
        name = key.removeprefix(f"{path}/") if path else key
        # a name that climbs is refused by whoever reads the entries
        yield Entry(name, base + quote(key, errors="replace"), whole)


def _logged_in(environ: Mapping[str, str]) -> str:
    """Return the token that the hub's own program keeps, empty where there is none."""
    home = environ.get("HF_HOME") or f"{environ.get('XDG_CACHE_HOME') or '~/.cache'}/huggingface"
    try:
        return Path(environ.get("HF_TOKEN_PATH") or f"{home}/token").expanduser().read_text("utf-8").strip()
    except (OSError, ValueError, RuntimeError):
        return ""
