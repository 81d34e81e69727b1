"""Where pip and npm are told to look for packages: their environment variables and files, read, never run."""

from __future__ import annotations

import configparser
import os
import re
import sys
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PYPI: Final = "https://pypi.org/simple/"
NPM: Final = "https://registry.npmjs.org/"


@dataclass(frozen=True, slots=True)
class PipSettings:
    """What of pip's configuration matters here."""

    indexes: tuple[str, ...]
    """The index, then the extra ones, each ending in ``/``."""
    certificates: str = ""
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NpmSettings:
    """What of npm's configuration matters here."""

    registry: str
    scopes: Mapping[str, str] = field(default_factory=dict)
    """Registry of each scope, ``@`` included."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """``Authorization`` by the address, without its scheme, that it is for."""
    certificates: str = ""

    def registry_of(self, name: str) -> str:
        """Return the registry that ``name`` is looked up in."""
        return self.scopes.get(name.partition("/")[0], self.registry)

    def token_for(self, url: str) -> str:
        """Return the header of the longest configured address that ``url`` lies below."""
        bare = "//" + url.partition("://")[2]
        found = [place for place in self.tokens if bare.startswith(place)]
        return self.tokens[max(found, key=len)] if found else ""


def _slash(url: str) -> str:
    return url if url.endswith("/") else url + "/"


def pip_settings(environ: Mapping[str, str]) -> PipSettings:
    """Read pip's configuration: files from the widest to the nearest, then the environment."""
    values: dict[str, str] = {}
    for path in _pip_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, OSError):
            continue
        for section in ("global", "download"):
            if parser.has_section(section):
                values.update(parser.items(section))
    for key, value in environ.items():
        if key.startswith("PIP_") and value:
            values[key[4:].lower().replace("_", "-")] = value
    indexes = []
    if values.get("no-index", "").lower() not in ("1", "true", "yes", "on"):
        indexes = [values.get("index-url") or PYPI, *values.get("extra-index-url", "").split()]
    return PipSettings(
        tuple(_slash(url) for url in indexes),
        values.get("cert") or environ.get("REQUESTS_CA_BUNDLE", ""),
        tuple(host.partition(":")[0] for host in values.get("trusted-host", "").split()),
    )


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield pip's configuration files in the order in which the later overrides the earlier."""
    only = environ.get("PIP_CONFIG_FILE", "")
    if only == os.devnull:
        return
    home = Path(environ.get("HOME") or "~").expanduser()
    if sys.platform == "win32":
        yield Path(environ.get("ProgramData", "C:/ProgramData")) / "pip/pip.ini"
        yield home / "pip/pip.ini"
        yield Path(environ.get("APPDATA", "")) / "pip/pip.ini"
        yield Path(sys.prefix) / "pip.ini"
    else:
        if sys.platform == "darwin":
            yield Path("/Library/Application Support/pip/pip.conf")
        else:
            for folder in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
                yield Path(folder) / "pip/pip.conf"
        yield Path("/etc/pip.conf")
        yield home / ".pip/pip.conf"
        if sys.platform == "darwin":
            yield home / "Library/Application Support/pip/pip.conf"
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip/pip.conf"
        yield Path(sys.prefix) / "pip.conf"
    if only:
        yield Path(only)


def npm_settings(environ: Mapping[str, str]) -> NpmSettings:
    """Read npm's configuration: the project's file, which may only name registries, the user's, the environment.

    The folder that is scanned may be the current one, so its file is not trusted
    with credentials or variables.
    """
    home = Path(environ.get("HOME") or "~").expanduser()
    user = _lower(environ, "npm_config_userconfig")
    mine = {key: _expand(value, environ) for key, value in _npmrc(Path(user) if user else home / ".npmrc").items()}
    near = _npmrc(Path(".npmrc"))
    project = {key: value for key, value in near.items() if key.endswith("registry") and "$" not in value}
    values = {**mine, **project}
    registry = _lower(environ, "npm_config_registry") or values.get("registry") or NPM
    tokens = {}
    for key, value in mine.items():
        place, _, what = key.rpartition(":")
        if place.startswith("//") and what == "_authToken":
            tokens[_slash(place)] = f"Bearer {value}"
        elif place.startswith("//") and what == "_auth":
            tokens[_slash(place)] = f"Basic {value}"
    return NpmSettings(
        _slash(registry),
        {key.partition(":")[0]: _slash(url) for key, url in values.items() if re.fullmatch(r"@[^:]+:registry", key)},
        tokens,
        _lower(environ, "npm_config_cafile") or values.get("cafile") or environ.get("NODE_EXTRA_CA_CERTS", ""),
    )


def _lower(environ: Mapping[str, str], name: str) -> str:
    """Return an npm variable, which may be spelt in capitals."""
    return environ.get(name) or environ.get(name.upper()) or ""


def _expand(value: str, environ: Mapping[str, str]) -> str:
    """Put in the variables that the user's own file names."""
    return re.sub(r"\$\{(\w+)\}", lambda found: environ.get(found[1], ""), value)


def _npmrc(path: Path) -> dict[str, str]:
    """Read an ``.npmrc``: ``key = value`` lines."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return {}
    found = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith(("#", ";")):
            found[key.strip()] = value.strip().strip("\"'")
    return found


def local_path(url: str) -> Path | None:
    """Return the path of a ``file:`` address, or None for any other."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    from urllib.request import url2pathname  # noqa: PLC0415 - loads where it is used

    return Path(url2pathname(parts.path))
