"""``[guard]`` of untag.toml, or of ``[tool.untag]`` in pyproject.toml, as `Settings`.

A misspelt key is an error: a service must not believe that it is guarded when it is not.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from untag.errors import ConfigError
from untag.guard.base import Exemption, Settings
from untag.guard.policy import policy
from untag.model import ATTRIBUTES
from untag.nouns import dataclass
from untag.policy.words import hint

KEYS: Final = (
    *("policy", "parameters", "appeal", "exemption", "overrides", "body_cap", "mode", "fail", "over_cap", "encoder"),
)
SHELL: Final = ("log", "websockets")
"""Keys of ``[guard]`` that the command reads when it starts, see `Shell`."""
_EXEMPTION: Final = ("id", "owner", "purpose", "expires", "routes", "attributes")
CHOICES: Final = {
    "parameters": ("strip", "refuse"),
    "mode": ("enforce", "observe"),
    "fail": ("closed", "open"),
    "over_cap": ("refuse", "pass"),
    "encoder": ("auto", "off", "required"),
}


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands in ``[guard]`` for the command around the core; read once, and not by a reload."""

    log: str = ""
    """Path of the log of decisions, beside the configuration where it is relative; empty: none."""
    websockets: str = "refuse"
    """``refuse`` or ``pass``: frames are never judged."""


def parse_shell(table: dict[str, Any], path: Path | str) -> Shell:
    """Return what a ``[guard]`` table that was read from ``path`` says of the command; raise `ConfigError`."""
    log = table.get("log", "")
    if not isinstance(log, str) or ("log" in table and not log.strip()):
        raise ConfigError(f"{path}: guard.log must be the path of a file")
    websockets = _one(table.get("websockets", "refuse"), "guard.websockets", path, ("refuse", "pass"))
    return Shell(str(Path(path).parent / log) if log else "", websockets)


def parse_settings(table: dict[str, Any], path: Path | str, *, known: tuple[str, ...] = ()) -> Settings:
    """Return the settings in a ``[guard]`` table that was read from ``path``.

    ``known`` are keys that a shell reads for itself, such as the address that it listens on.
    Raises `ConfigError` for what is unknown or wrong.
    """
    keys = (*KEYS, *SHELL, *known)
    for key in table:
        if key not in keys:
            raise ConfigError(f"{path}: unknown key guard.{key}; {hint(key, keys)}")
    chosen: dict[str, Any] = {}
    for key, allowed in CHOICES.items():
        if key in table:
            chosen[key] = _one(table[key], f"guard.{key}", path, allowed)
    for key in ("policy", "appeal"):
        if key in table:
            if not isinstance(table[key], str) or not table[key].strip():
                raise ConfigError(f"{path}: guard.{key} must be a text that is not empty")
            chosen[key] = table[key]
    if "policy" in chosen:
        policy(chosen["policy"])  # an unknown policy is an error now, not with the first request
    if "body_cap" in table:
        cap = table["body_cap"]
        if not isinstance(cap, int) or isinstance(cap, bool) or cap < 1:
            raise ConfigError(f"{path}: guard.body_cap must be a number of bytes greater than 0")
        chosen["body_cap"] = cap
    if "overrides" in table:
        chosen["overrides"] = _overrides(table["overrides"], path)
    if "exemption" in table:
        chosen["exemptions"] = _exemptions(table["exemption"], path)
    return Settings(**chosen)


def load_settings(start: Path) -> Settings:
    """Return the settings of the project around ``start``, or the defaults."""
    from untag.config import find_config  # noqa: PLC0415 - a shell may bring its own table

    path = find_config(start)
    if path is None:
        return Settings()
    return parse_settings(guard_table(path), path)


def guard_table(path: Path) -> dict[str, Any]:
    """Return the ``[guard]`` table of one configuration file; empty when it has none."""
    import tomllib  # noqa: PLC0415 - only a start or a reload reads it

    try:
        whole = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    if path.name == "pyproject.toml":
        tool = whole.get("tool", {})
        whole = tool.get("untag", {}) if isinstance(tool, dict) else {}
    table = whole.get("guard", {}) if isinstance(whole, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: guard must be a table")
    return table


def _one(value: Any, key: str, path: Path | str, known: tuple[str, ...]) -> str:
    if value not in known:
        near = hint(value, known) if isinstance(value, str) else f"known: {', '.join(known)}"
        raise ConfigError(f"{path}: {key} cannot be {value!r}; {near}")
    return str(value)


def _overrides(table: Any, path: Path | str) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: guard.overrides must be a table of route patterns")
    return {str(route): _one(value, f'guard.overrides."{route}"', path, ("off",)) for route, value in table.items()}


def _exemptions(rows: Any, path: Path | str) -> tuple[Exemption, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{path}: exemptions are written as [[guard.exemption]]")
    made = tuple(_exemption(row, path) for row in rows)
    names = [one.id for one in made]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: two exemptions are called {name!r}: the log could not tell them apart")
    return made


def _exemption(row: dict[str, Any], path: Path | str) -> Exemption:
    where = f"{path}: guard.exemption {row.get('id', '')!r}"
    for key in row:
        if key not in _EXEMPTION:
            raise ConfigError(f"{where}: unknown key {key}; {hint(key, _EXEMPTION)}")
    for key in ("id", "owner", "purpose"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            raise ConfigError(f"{where}: an exemption needs {key}: a text that is not empty")
    expires = row.get("expires")
    if isinstance(expires, str):
        try:
            expires = date.fromisoformat(expires)
        except ValueError:
            expires = None
    if isinstance(expires, datetime):
        expires = expires.date()
    if not isinstance(expires, date):
        raise ConfigError(f"{where}: an exemption needs expires: a date such as 2027-06-30")
    routes = _texts(row.get("routes", []), where, "routes")
    if not routes:
        raise ConfigError(f'{where}: an exemption names its routes, such as routes = ["/audit/*"]')
    attributes = _texts(row.get("attributes", []), where, "attributes")
    for name in attributes:
        if name not in ATTRIBUTES:
            raise ConfigError(f"{where}: unknown attribute {name!r}; {hint(name, ATTRIBUTES)}")
    return Exemption(row["id"], row["owner"], row["purpose"], expires, routes, attributes)


def _texts(value: Any, where: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ConfigError(f"{where}: {key} must be a list of texts")
    return tuple(value)
