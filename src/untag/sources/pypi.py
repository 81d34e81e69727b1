"""``pypi:name[==version]``: one archive of a release, through the Simple API; nothing is built or run.

Which archive is a matter of the release alone, never of this machine: a wheel for any
platform, else the one for Linux on x86-64 and the newest Python, else the first by
name, else the source archive.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from html.parser import HTMLParser
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from untag.errors import SourceError, UsageError
from untag.sources.settings import local_path, pip_settings
from untag.sources.web import ELSEWHERE, Digest, Page, Web, cache_folder, kept

if TYPE_CHECKING:
    from pathlib import Path

    from untag.sources import SourceOptions

ACCEPT: Final = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,212}[A-Za-z0-9])?")
"""PEP 508's grammar of a name."""
FILE: Final = re.compile(r"[A-Za-z0-9][\w.+!~-]{0,250}", re.ASCII)
HASHES: Final = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5")


class Link(NamedTuple):
    """One file of a project."""

    filename: str
    url: str
    digest: Digest | None
    yanked: bool
    uploaded: str = ""
    """When it came to the index, as PEP 700 states it; empty where the index does not."""


def parse(spec: str) -> tuple[str, str]:
    """Split ``name[==version]`` and check both; raise `UsageError`."""
    name, _, version = (part.strip() for part in spec.partition("=="))
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a Python package; write pypi:name or pypi:name==1.2.3")
    if version or "==" in spec:
        from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - loads where it is used

        try:
            return name, str(Version(version))
        except InvalidVersion as error:
            raise UsageError(f"{version!r} is no version; write pypi:{name}==1.2.3") from error
    return name, ""


class Listing(NamedTuple):
    """What the configured indexes list of one project."""

    web: Web
    project: str
    links: list[Link]
    failure: SourceError | None
    """The first failure of an index, of interest where no other has the file."""


def fetch(spec: str, options: SourceOptions, listing: Listing | None = None) -> tuple[Path, str, str]:
    """Return the archive's path in the cache, its sha256 and its version; a ``listing`` spares asking again."""
    name, version = parse(spec)
    web, project, links, failure = listing or listed(name, options)
    found, at = choose(links, project, version)
    if found is None:
        if failure:
            raise failure
        what = f"{name} {version}" if version else name
        raise SourceError(f"the index has no file of {what}; check name and version, or {ELSEWHERE}")

    def save(file: IO[bytes]) -> None:
        path = local_path(found.url)
        if path is None:
            web.save(found.url, file, cap=options.size_cap, progress=options.progress)
            return
        try:
            with path.open("rb") as source:
                while chunk := source.read(1 << 20):
                    file.write(chunk)
        except OSError as error:
            raise SourceError(f"cannot read {found.filename} from the index folder: {error.strerror}") from error

    path, sha256 = kept(cache_folder(options.environ), found.filename, found.digest, save)
    return path, sha256, at


def releases(listing: Listing) -> list[tuple[str, str]]:
    """Return every version of a project, oldest first, with the moment at which it was uploaded or an empty text."""
    from packaging.version import Version  # noqa: PLC0415 - loads where it is used

    first: dict[str, str] = {}
    for link in listing.links:
        found, at = choose([link._replace(yanked=False)], listing.project, "")
        if found is not None:
            known = first.get(at, "")
            first[at] = min(known, link.uploaded) if known and link.uploaded else known or link.uploaded
    if not first:
        raise listing.failure or SourceError(f"the index has no file of {listing.project}; check the name")
    return [(at, first[at]) for at in sorted(first, key=Version)]


def listed(name: str, options: SourceOptions) -> Listing:
    """Ask the configured indexes for a project."""
    settings = pip_settings(options.environ)
    if not settings.indexes:
        raise SourceError(f"pip is set to use no index; {ELSEWHERE}")
    web = Web(certificates=settings.certificates, insecure=settings.trusted)
    project = re.sub(r"[-_.]+", "-", name).lower()
    links: list[Link] = []
    failure: SourceError | None = None
    for index in settings.indexes:
        try:
            links += _links(web, index, project)
        except SourceError as error:  # another index may have it
            failure = failure or error
    return Listing(web, project, links, failure)


def choose(links: list[Link], project: str, version: str) -> tuple[Link | None, str]:
    """Return the best file and its version: the stated one, else the latest final release."""
    from packaging.utils import (  # noqa: PLC0415
        InvalidSdistFilename,
        InvalidWheelFilename,
        parse_sdist_filename,
        parse_wheel_filename,
    )
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    wanted = Version(version) if version else None
    best: tuple[Any, Link, Version] | None = None
    for link in links:
        try:
            if link.filename.endswith(".whl"):
                name, at, _, tags = parse_wheel_filename(link.filename)
                rank = _wheel_rank({str(tag) for tag in tags})
            else:
                name, at = parse_sdist_filename(link.filename)
                rank = (0, 0)
        except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
            continue
        if name != project or (wanted is not None and at != wanted) or (wanted is None and link.yanked):
            continue
        # of equal files the first in byte order wins, whatever the order of the index
        key = (not at.is_prerelease, at, rank, tuple(-ord(char) for char in link.filename))
        if best is None or key > best[0]:
            best = (key, link, at)
    return (best[1], str(best[2])) if best else (None, "")


def _wheel_rank(tags: set[str]) -> tuple[int, int]:
    """Rank a wheel: any platform, then Linux on x86-64 by Python version, then the rest."""
    if any(tag.endswith("-none-any") for tag in tags):
        return 3, 0
    linux = [tag for tag in tags if "linux" in tag and tag.endswith("_x86_64")]
    if linux:
        return 2, max(int(re.sub(r"\D", "", tag.split("-")[0]) or 0) for tag in linux)
    return 1, 0


def _links(web: Web, index: str, project: str) -> list[Link]:
    """Return the files that one index lists."""
    base = urllib.parse.urljoin(index, urllib.parse.quote(project) + "/")
    folder = local_path(index)
    if folder is not None:
        try:
            page = Page(base + "index.html", "text/html", (folder / project / "index.html").read_bytes())
        except OSError:
            return []
    else:
        answer = web.page(base, accept=ACCEPT)
        if answer is None:
            return []
        page = answer
    raw = _from_json(page) if page.kind.endswith("json") else _from_html(page)
    found = []
    for link in raw:
        scheme = urllib.parse.urlsplit(link.url).scheme
        # a page of the web may not make untag read a file of this machine
        if FILE.fullmatch(link.filename) and (scheme in ("http", "https") or (folder is not None and scheme == "file")):
            found.append(link)
    return found


def _from_json(page: Page) -> list[Link]:
    """Read a page of PEP 691."""
    try:
        files = json.loads(page.data)["files"]
        return [
            Link(
                str(file["filename"]),
                urllib.parse.urljoin(page.url, str(file["url"])),
                _digest(file.get("hashes") or {}),
                bool(file.get("yanked")),
                str(file.get("upload-time") or ""),
            )
            for file in files
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"the index sent a page that is no Simple API; {ELSEWHERE}") from error


def _digest(hashes: dict[str, str]) -> Digest | None:
    """Return the best digest of those stated."""
    for name in HASHES:
        value = str(hashes.get(name, "")).lower()
        if re.fullmatch(r"[0-9a-f]{32,128}", value):
            return Digest(name, value)
    return None


class _Anchors(HTMLParser):
    """Collects the links of a PEP 503 page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            named = dict(attrs)
            if named.get("href"):
                self.found.append((str(named["href"]), "data-yanked" in named))


def _from_html(page: Page) -> list[Link]:
    """Read a page of PEP 503."""
    parser = _Anchors()
    parser.feed(page.data.decode("utf-8", "replace"))
    found = []
    for href, yanked in parser.found:
        url, fragment = urllib.parse.urldefrag(urllib.parse.urljoin(page.url, href))
        name, _, value = fragment.partition("=")
        filename = urllib.parse.unquote(urllib.parse.urlsplit(url).path.rpartition("/")[2])
        found.append(Link(filename, url, _digest({name: value}), yanked))
    return found
