"""Which scanner made a result: a digest over all that decides what a scan finds.

The version alone does not say it: weights, word lists and rules change between two versions of a working copy, and a
library that is installed later reads what was a gap before. What is kept of a scan is kept under this digest.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import untag
from untag._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

APART: Final = frozenset(("cli", "evidence", "guard", "strip"))
"""Packages of untag that decide nothing of what a scan finds: they come after it."""
READING: Final = frozenset(("sevenzip", "hdf5", "lz4", "tables", "duckdb", "pdf", "ocr"))
"""Extras with which a scan reads more."""
NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
EXTRA: Final = re.compile(r"extra\s*==\s*[\"']([^\"']+)")


@cache
def identity() -> str:
    """Return the SHA-256 over version, Python, code, data and libraries of the scanner; some 7 MB are read, once."""
    total = sha256()
    root = Path(untag.__file__).resolve().parent
    for name in sorted(_files(root)):
        total.update(f"{name}\0{_digest(root / name)}\n".encode("utf-8", "surrogateescape"))
    for name, version in sorted(_libraries()):
        total.update(f"{name} {version}\n".encode())
    total.update(f"{__version__} {sys.implementation.cache_tag} {sys.platform}".encode())
    return total.hexdigest()


def _files(root: Path) -> Iterator[str]:
    """Yield the files of untag that decide, relative to its folder; what Python compiles beside them is none."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = [n for n in folders if not n.startswith((".", "__")) and not (here == root and n in APART)]
        yield from ((here / name).relative_to(root).as_posix() for name in files if not name.startswith("."))


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _libraries() -> Iterator[tuple[str, str]]:
    """Yield the libraries that a scan reads with, and their versions; one that is missing has none."""
    try:
        asked = metadata.requires("untag") or []
    except metadata.PackageNotFoundError:  # a source tree that was never installed
        return
    for text in asked:
        extra, name = EXTRA.search(text), NAME.match(text.strip())
        if name is None or (extra and extra[1] not in READING):
            continue
        try:
            yield name[0], metadata.version(name[0])
        except metadata.PackageNotFoundError:
            yield name[0], ""


__all__ = ["identity"]
