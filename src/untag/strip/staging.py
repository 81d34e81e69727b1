"""The folder in which a result is made and proved before it takes its name.

It stands beside the place of the result, so that taking the name is one step. A run that is killed cannot take it
away: a lock tells such folders from those in use, and the next run at that place removes them.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = ".untag-strip-"
LOCK: Final = "lock"
RESULT: Final = "out"
YOUNG: Final = 5.0
"""Seconds in which a folder is never taken for one that was left: between its making and its lock."""


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """Give an empty folder below ``home`` for a result; whatever is left of it at the end is removed.

    Raises `OSError` where ``home`` cannot be written to.
    """
    clear(home)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    try:
        with (folder / LOCK).open("wb") as held:
            _lock(held)
            (folder / RESULT).mkdir(mode=0o700)
            yield folder / RESULT
    finally:
        remove(folder)


def clear(home: Path) -> None:
    """Remove what killed runs left below ``home``."""
    with suppress(OSError):
        for folder in sorted(home.glob(f"{PREFIX}*")):
            if not folder.is_symlink() and _left(folder):
                remove(folder)


def _left(folder: Path) -> bool:
    """Whether the run that made a folder is gone."""
    lock = folder / LOCK
    try:
        if lock.is_symlink() or time.time() - lock.stat().st_mtime < YOUNG:
            return False
        with lock.open("r+b") as held:
            return _lock(held)
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    """Take the lock of a file for as long as it is open; false where another holds it, or there are no locks."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        # where there is none, a file that is open cannot be removed: that is lock enough
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(folder: Path) -> None:
    """Remove a folder of ours, its read-only parts too; what cannot be removed stays."""
    for here, _, _ in os.walk(folder):
        with suppress(OSError):
            # copied folders have the rights of their models
            Path(here).chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
