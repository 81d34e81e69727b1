"""The log of decisions as a text file: one line a record, written to its end in one go."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Final

from untag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINE: Final = 1 << 20
"""Bytes of the longest line that a log may hold when it is read back; ours stay below a few kilobytes."""
_TAIL: Final = 1 << 16


class Lines:
    """A text file that one process adds lines to; `untag.guard.log.Store`."""

    def __init__(self, path: Path, *, always: bool) -> None:
        self._path = path
        self._always = always
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        hold(self._fd, path)
        size = os.fstat(self._fd).st_size
        whole = _whole(self._fd, size)
        self.torn = size - whole
        self._mended = not self.torn
        self.size = size

    def last(self) -> bytes | None:
        """Return the last whole line; None where there is none."""
        with self._path.open("rb") as file:
            return last_line(file, self.size - self.torn)

    def append(self, _: int, line: bytes) -> None:
        """Write a line whole, or raise `OSError` and leave everything as it was."""
        if not self._mended:
            # only now: a file that turned out not to be a log was not touched
            self.size -= self.torn
            os.ftruncate(self._fd, self.size)
            self._mended = True
        written = os.write(self._fd, line)
        if written != len(line):
            # a full disk took half a line: take it back, so that the chain ends with a whole one
            os.ftruncate(self._fd, self.size)
            raise OSError(f"{self._path}: the disk took only a part of a record")
        self.size += written
        if self._always:
            os.fsync(self._fd)

    def sync(self) -> None:
        """Bring to the disk what was written."""
        os.fsync(self._fd)

    def move(self, target: Path) -> None:
        """Sync, and give the file its last name."""
        self.sync()
        self._path.rename(target)

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def hold(fd: int, path: Path) -> None:
    """Lock a file: two writers would break the chain. Closes ``fd`` where another process holds it."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise ConfigError(f"{path}: another process writes this log; give each its own file") from error


def lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """Yield number and bytes of each line of a file, and whether it ends; an overlong one counts as ended."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE):
            number += 1
            yield number, line.removesuffix(b"\n"), line.endswith(b"\n") or len(line) >= LINE


def last_line(file: IO[bytes], size: int = -1) -> bytes | None:
    """Return the last line of a file, or of its first ``size`` bytes."""
    if size < 0:
        size = file.seek(0, os.SEEK_END)
    start = max(0, size - LINE)
    file.seek(start)
    found = file.read(size - start).rstrip(b"\n").rsplit(b"\n", 1)[-1]
    return found or None


def _whole(fd: int, size: int) -> int:
    """Return how many bytes from the start are whole lines."""
    end = size
    while end > 0:
        start = max(0, end - _TAIL)
        os.lseek(fd, start, os.SEEK_SET)
        at = os.read(fd, end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0
