"""The user's cache folder, and data of ours that is kept there in a form that loads at once.

A shipped TOML file takes longer to parse than a hundred files take to scan. What was made
of it is kept as JSON beside its checksum, under a name that holds the checksum and the
size of the bytes that it was made from, and the version of untag: other bytes find another
name, and a damaged file is made anew.
"""

from __future__ import annotations

import os
import sys
import zlib
from _thread import get_ident
from typing import TYPE_CHECKING, Any, Final

from untag._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable


def cache_folder() -> str:
    """Return the user's cache folder for untag, made by whoever writes there first."""
    if chosen := os.environ.get("UNTAG_CACHE"):
        return chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "untag")


def write(path: str, body: bytes) -> None:
    """Keep a file, whole or not at all; a folder that cannot be written costs time, never a scan."""
    folder, name = os.path.split(path)
    # `tempfile` would do, but takes as long to load as a hundred files to scan
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{get_ident()}.tmp")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, 0o600)
        try:
            with open(handle, "wb") as f:
                f.write(body)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
    except OSError:
        return


OLD: Final = 60 * 86_400
"""Seconds after which what was made for another version, lexicon or processor is taken for forgotten."""


def tidy() -> None:
    """Remove what was compiled or parsed more than two months ago, for which each version leaves some forty megabytes.

    Called when a lexicon was compiled, which is seldom. What is still wanted is made anew.
    """
    import time  # noqa: PLC0415 - only after a lexicon was compiled

    try:
        with os.scandir(cache_folder()) as entries:
            old = [
                entry.path
                for entry in entries
                if entry.name.endswith((".bin", ".hs", ".json"))
                and entry.is_file(follow_symlinks=False)
                and time.time() - entry.stat(follow_symlinks=False).st_mtime > OLD
            ]
        for path in old:
            os.unlink(path)
    except OSError:
        return


def kept(name: str, data: bytes, make: Callable[[], Any]) -> Any:
    """Return what ``make`` makes of ``data``, from the cache where it was made before.

    It must be what JSON can hold: tables, lists, strings, numbers and booleans. ``name``
    says what was made, ``data`` are the bytes of a file that ships with untag.
    """
    import json  # noqa: PLC0415 - start-up time is a feature

    path = os.path.join(cache_folder(), f"{name}-{__version__}-{zlib.crc32(data):08x}{zlib.adler32(data):08x}.json")
    try:
        with open(path, "rb") as f:
            checksum, _, body = f.read().partition(b"\n")
    except OSError:
        checksum, body = b"", b""
    if checksum == b"%08x" % zlib.crc32(body) and body:
        return json.loads(body)
    made = make()
    body = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()
    write(path, b"%08x\n" % zlib.crc32(body) + body)
    return made


def table(path: str) -> dict[str, Any]:
    """Return a TOML file that ships with untag, parsed; raise `OSError` where it cannot be read."""
    with open(path, "rb") as f:
        data = f.read()

    def parsed() -> Any:
        import tomllib  # noqa: PLC0415 - slow to load, and once for each new file

        return tomllib.loads(data.decode("utf-8"))

    found: dict[str, Any] = kept(os.path.basename(path).removesuffix(".toml"), data, parsed)
    return found
