"""``npm:name[@version]``: the tarball of a release, through the registry's JSON; nothing is installed or run."""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.parse
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import SourceError, UsageError
from untag.sources.settings import NPM, npm_settings
from untag.sources.web import ELSEWHERE, Digest, Web, cache_folder, kept

if TYPE_CHECKING:
    from pathlib import Path

    from untag.sources import SourceOptions

ACCEPT: Final = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"
NAME: Final = re.compile(r"(?:@[A-Za-z0-9~-][\w.~-]*/)?[A-Za-z0-9~-][\w.~-]*", re.ASCII)
"""npm's grammar of a name, the capitals of old packages included."""
VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)
TAG: Final = re.compile(r"[A-Za-z][\w.-]{0,100}", re.ASCII)
LENGTH: Final = 214
STRENGTH: Final = ("sha512", "sha384", "sha256", "sha1")


def parse(spec: str) -> tuple[str, str]:
    """Split ``name[@version]`` and check both; raise `UsageError`."""
    at = spec.find("@", 1)
    name, version = (spec, "") if at < 0 else (spec[:at], spec[at + 1 :])
    if not NAME.fullmatch(name) or len(name) > LENGTH:
        raise UsageError(f"{name!r} is no name of an npm package; write npm:name, npm:@scope/name or npm:name@1.2.3")
    if at >= 0 and not VERSION.fullmatch(version) and not TAG.fullmatch(version):
        raise UsageError(f"{version!r} is no version; write npm:{name}@1.2.3")
    return name, version


def document_of(name: str, options: SourceOptions, *, whole: bool = False) -> tuple[str, dict[str, Any]]:
    """Return the registry's document of a package and its address; ``whole`` asks for the dates too."""
    settings = npm_settings(options.environ)
    url = settings.registry_of(name) + urllib.parse.quote(name, safe="@")
    web = Web(certificates=settings.certificates)
    page = web.page(url, accept="application/json" if whole else ACCEPT, token=settings.token_for(url))
    if page is None:
        raise SourceError(f"the registry has no package {name}; check the name, or {ELSEWHERE}")
    try:
        document = json.loads(page.data)
    except ValueError as error:
        raise SourceError(f"the registry sent no document of {name}; {ELSEWHERE}") from error
    return page.url, document


def releases(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Return every version of a package, oldest first, with the moment at which it was published or an empty text."""
    try:
        times = document.get("time") or {}
        found = [(at, str(times.get(at) or "")) for at in document["versions"] if VERSION.fullmatch(at)]
    except (KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"the registry sent no document of a package; {ELSEWHERE}") from error
    return sorted(found, key=lambda row: order(row[0]))


def order(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]:
    """Return what sorts versions as semver does: a pre-release before its release."""
    core, _, rest = version.partition("+")[0].partition("-")
    parts = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in rest.split("."))
    return tuple(int(part) for part in core.split(".")), not rest, parts if rest else ()


def fetch(
    spec: str, options: SourceOptions, document: tuple[str, dict[str, Any]] | None = None
) -> tuple[Path, str, str]:
    """Return the tarball's path in the cache, its sha256 and its version; a ``document`` spares asking again."""
    name, version = parse(spec)
    settings = npm_settings(options.environ)
    registry = settings.registry_of(name)
    web = Web(certificates=settings.certificates)
    home, table = document or document_of(name, options)
    try:
        at, dist = choose(table, version)
        tarball = urllib.parse.urljoin(home, str(dist["tarball"]))
        digest = stated(dist)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"version {version} of {name}" if version else name
        raise SourceError(f"the registry has no {what} that can be downloaded; check the version") from error
    if tarball.startswith(NPM) and registry != NPM:  # a mirror's documents still name the original
        tarball = registry + tarball.removeprefix(NPM)
    filename = f"{name.rpartition('/')[2]}-{at}.tgz"

    def save(file: IO[bytes]) -> None:
        token = settings.token_for(tarball)
        web.save(tarball, file, cap=options.size_cap, token=token, progress=options.progress)

    path, sha256 = kept(cache_folder(options.environ), filename, digest, save)
    return path, sha256, at


def choose(document: dict[str, Any], version: str) -> tuple[str, dict[str, Any]]:
    """Return the version and its ``dist``: the stated one, a tag's, or the latest. Raises KeyError."""
    versions = document["versions"]
    tags = document.get("dist-tags") or {}
    at = version if version in versions else str(tags[version or "latest"])
    if not VERSION.fullmatch(at):
        raise KeyError(at)
    return at, versions[at]["dist"]


def stated(dist: dict[str, Any]) -> Digest | None:
    """Return the strongest digest that the registry states: ``integrity``, else the old ``shasum``."""
    found = {}
    for part in str(dist.get("integrity") or "").split():
        name, _, value = part.partition("-")
        if name in STRENGTH:
            try:
                found[name] = base64.b64decode(value.partition("?")[0], validate=True).hex()
            except (binascii.Error, ValueError):
                continue
    for name in STRENGTH:
        if name in found:
            return Digest(name, found[name])
    old = str(dist.get("shasum") or "").lower()
    return Digest("sha1", old) if re.fullmatch(r"[0-9a-f]{40}", old) else None
