"""The configuration of a project: ``untag.toml``, or ``[tool.untag]`` in ``pyproject.toml``.

The nearest one upward from the current folder counts, and the search ends at the folder that holds
``.git``: who calls untag configures it, never the tree that is scanned. Every key
is known or an error: a misspelt ``fail_on`` must not quietly fall back to the default.
"""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath
from typing import Any, Final

from untag.errors import ConfigError
from untag.model import CONFIDENCES
from untag.nouns import dataclass
from untag.policy.decide import FAIL_ON
from untag.policy.load import DEFAULT
from untag.policy.waivers import Waiver, parse_waivers
from untag.policy.words import hint
from untag.sinks import SINKS

FILE: Final = "untag.toml"
KEYS: Final = (
    "policy",
    "overlays",
    "fail_on",
    "exclude",
    "gitignore",
    "baseline",
    "format",
    "jobs",
    "min_confidence",
    "inline_waivers",
    "ocr",
    "waiver",
    "guard",
)
_MAX_JOBS: Final = 1024
"""More processes than any machine has cores is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a project asks for; a command line option overrules it."""

    path: Path | None = None
    """The file that it came from; None for the defaults."""
    policy: str = DEFAULT
    """A shipped name, or a path resolved against the folder of the file."""
    overlays: tuple[str, ...] = ()
    fail_on: str = "block"
    exclude: tuple[str, ...] = ()
    """Patterns as in ``.gitignore``."""
    gitignore: bool = True
    """Whether files that git ignores are left out."""
    baseline: Path | None = None
    format: str = "console"
    jobs: int = 0
    """Worker processes; 0 leaves the number to the engine."""
    min_confidence: str = "low"
    inline_waivers: bool = True
    """Whether comments in the scanned files may waive findings."""
    ocr: bool = False
    """Whether the text in pictures and scanned pages is read."""
    waivers: tuple[Waiver, ...] = ()


def load_config(start: Path) -> Config:
    """Return the configuration nearest to ``start``, a file or a folder, or the defaults."""
    path = find_config(start)
    return Config() if path is None else read_config(path)


def find_config(start: Path) -> Path | None:
    """Return the nearest configuration file at or above ``start``, not beyond its repository."""
    folder = start.absolute()
    if not folder.is_dir():
        folder = folder.parent
    for here in (folder, *folder.parents):
        own, project = here / FILE, here / "pyproject.toml"
        has_own, has_project = own.is_file(), project.is_file() and _table(project) is not None
        if has_own and has_project:
            raise ConfigError(f"{own} and [tool.untag] in pyproject.toml beside it both count: keep one of them")
        if has_own or has_project:
            return own if has_own else project
        if (here / ".git").exists():
            return None
    return None


def read_config(path: Path) -> Config:
    """Return the configuration in one file; a ``pyproject.toml`` without ``[tool.untag]`` holds the defaults."""
    return parse_config(_table(path) or {}, path)


def parse_config(table: dict[str, Any], path: Path) -> Config:
    """Return the configuration in a table that was read from ``path``."""
    for key in table:
        if key not in KEYS:
            raise ConfigError(f"{path}: unknown key {key}; {hint(key, KEYS)}")
    folder = path.parent
    baseline = _text(table, "baseline", path)
    return Config(
        path=path,
        policy=_policy(_text(table, "policy", path, DEFAULT), folder),
        overlays=tuple(_policy(name, folder) for name in _texts(table, "overlays", path)),
        fail_on=_one(table, "fail_on", path, FAIL_ON, "block"),
        exclude=_texts(table, "exclude", path),
        gitignore=_flag(table, "gitignore", path, default=True),
        baseline=folder / baseline if baseline else None,
        format=_one(table, "format", path, (*SINKS, "html", "pdf"), "console"),
        jobs=_jobs(table, path),
        min_confidence=_one(table, "min_confidence", path, CONFIDENCES, "low"),
        inline_waivers=_flag(table, "inline_waivers", path, default=True),
        ocr=_flag(table, "ocr", path, default=False),
        waivers=parse_waivers(table.get("waiver", []), str(path)),
    )


def _table(path: Path) -> dict[str, Any] | None:
    """Return the table that holds the configuration, or None when a ``pyproject.toml`` has none."""
    try:
        data = path.read_bytes().decode("utf-8")
        whole = tomllib.loads(data)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    if path.name != "pyproject.toml":
        return whole
    tool = whole.get("tool", {})
    table = tool.get("untag") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.untag must be a table")
    return table


def _policy(name: str, folder: Path) -> str:
    """Return a policy's name, or its path as seen from the configuration's folder."""
    is_path = name.endswith(".toml") or "/" in name or "\\" in name
    return str(folder / PurePosixPath(name)) if is_path else name


def _text(table: dict[str, Any], key: str, path: Path, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or (key in table and not value.strip()):
        raise ConfigError(f"{path}: {key} must be a text that is not empty")
    return value


def _texts(table: dict[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ConfigError(f"{path}: {key} must be a list of texts")
    return tuple(value)


def _one(table: dict[str, Any], key: str, path: Path, known: tuple[str, ...], default: str) -> str:
    value = table.get(key, default)
    if value not in known:
        near = hint(value, known) if isinstance(value, str) else f"known: {', '.join(known)}"
        raise ConfigError(f"{path}: {key} cannot be {value!r}; {near}")
    return str(value)


def _flag(table: dict[str, Any], key: str, path: Path, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise ConfigError(f"{path}: {key} must be true or false")
    return value


def _jobs(table: dict[str, Any], path: Path) -> int:
    value = table.get("jobs", 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_JOBS:
        raise ConfigError(f"{path}: jobs must be a whole number from 0 (as many as there are cores) to {_MAX_JOBS}")
    return value
