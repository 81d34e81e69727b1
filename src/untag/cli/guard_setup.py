"""What the parts of ``untag guard`` have in common: settings, log and gate, as the command line and untag.toml say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError

if TYPE_CHECKING:
    import argparse

    from untag.guard.base import Settings
    from untag.guard.gate import Gate
    from untag.guard.log import DecisionLog
    from untag.guard.settings import Shell

_KEY: Final = 16
"""Bytes of the shortest key of the log's digests."""


def table_of(args: argparse.Namespace) -> tuple[dict[str, Any], Path]:
    """Return the table ``[guard]`` of the configuration that was named, or of the nearest, and where it stands."""
    from untag.config import find_config  # noqa: PLC0415 - not for all actions
    from untag.guard.settings import guard_table  # noqa: PLC0415

    path = Path(args.config) if args.config else find_config(Path.cwd())
    return (guard_table(path), path) if path else ({}, Path("untag.toml"))


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings of the configuration, with what the command line overrules."""
    from untag.guard.settings import parse_settings  # noqa: PLC0415
    from untag.nouns import replace  # noqa: PLC0415

    settings = parse_settings(*table_of(args))
    return replace(settings, mode=args.mode) if args.mode else settings


def shell_of(args: argparse.Namespace) -> Shell:
    """Return what the configuration says of the command itself, with what the command line overrules."""
    from untag.guard.settings import Shell, parse_shell  # noqa: PLC0415

    shell = parse_shell(*table_of(args))
    return Shell(args.log or shell.log, args.websockets or shell.websockets)


def key_of(args: argparse.Namespace) -> bytes:
    """Return the secret of the log's digests, or nothing."""
    if not args.log_key:
        return b""
    try:
        key = Path(args.log_key).read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"{args.log_key}: the key cannot be read: {error.strerror or error}") from error
    if len(key) < _KEY:
        raise ConfigError(f"{args.log_key}: a key has at least {_KEY} bytes: openssl rand -hex 32 > FILE")
    return key


def log_of(args: argparse.Namespace, path: str, *, key: bytes = b"") -> DecisionLog | None:
    """Open the log of decisions at ``path``; None where it is empty."""
    if not path:
        return None
    from untag.guard.log import DecisionLog  # noqa: PLC0415

    return DecisionLog(Path(path), key=key or key_of(args), sync=args.log_sync, rotate=args.log_rotate << 20)


def gate_of(args: argparse.Namespace, log: DecisionLog | None = None) -> Gate:
    """Return the gate that judges."""
    from untag.guard.gate import Gate  # noqa: PLC0415

    return Gate(settings_of(args), log=log)
