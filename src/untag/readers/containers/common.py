"""What all containers share: names that are safe to report, metering and spooling."""

from __future__ import annotations

import mmap
import re
import tempfile
from typing import IO, TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.limits import IN_MEMORY, MIB, NAME, RATIO_FLOOR, Budget
from untag.model import Gap
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Buffer

TRAILING: Final = "~trailing"
"""Member name given to bytes that stand behind the end of a container."""

_PLAIN: Final = re.compile(r"(?!\.{1,2}(?:/|\Z))[\w+@~ -][\w.+@~ -]*(?:/(?!\.{1,2}(?:/|\Z))[\w.+@~ -]+)*/?", re.ASCII)
_DRIVE: Final = re.compile(r"[A-Za-z]:(?=/|\Z)|[A-Za-z]:(?=[^/])")


def clean(name: str) -> tuple[str, str]:
    """Return a member's name as a relative path, and what was unsafe in it (empty when nothing was)."""
    if len(name) <= NAME and _PLAIN.fullmatch(name):
        return name.rstrip("/"), ""
    why = ""
    if "\0" in name:
        why = "a NUL character in the name"
    path = name.replace("\\", "/")
    if path.startswith("/"):
        why = why or "an absolute name"
    elif _DRIVE.match(path):
        why = why or "a drive letter in the name"
        path = path[2:]
    parts = []
    for part in path.split("/"):
        if part == "..":
            why = why or "a name that climbs out of the archive"
        elif part not in ("", "."):
            parts.append(part)
    path = printable("/".join(parts))
    if len(path) > NAME:
        why = why or "an over-long name"
        path = path[:NAME]
    return path or "unnamed", why


def leaves(name: str, target: str) -> bool:
    """Whether a symbolic link called ``name`` with ``target`` points out of its archive."""
    path = target.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or "\0" in path:
        return True
    depth = name.count("/")
    for part in path.split("/"):
        if part == "..":
            depth -= 1
            if depth < 0:
                return True
        elif part not in ("", "."):
            depth += 1
    return False


class Names:
    """Cleans the names of one container and remembers them, so that the second of a kind is told."""

    __slots__ = ("_seen", "_trail")

    def __init__(self, trail: tuple[str, ...]) -> None:
        self._trail = trail
        self._seen: set[str] = set()

    def add(self, name: str, gaps: list[Gap]) -> tuple[str, ...]:
        """Return the trail of the member ``name``; put what is wrong with the name into ``gaps``."""
        path, why = clean(name)
        trail = (*self._trail, path)
        if why:
            gaps.append(Gap(trail, "unsafe_path", f"{why}; read as {path}"))
        if path in self._seen:
            gaps.append(Gap(trail, "duplicate", "a second member of this name; both were read"))
        else:
            self._seen.add(path)
        return trail


class Meter:
    """Counts the bytes that come out of one container against its packed size and the Budget."""

    __slots__ = ("budget", "out", "packed")

    def __init__(self, budget: Budget, packed: int) -> None:
        self.budget = budget
        self.packed = max(packed, 1)
        self.out = 0

    def add(self, count: int) -> None:
        """Count ``count`` bytes; raise `LimitError` when there were too many."""
        self.budget.spend(count)
        self.out += count
        if self.out > RATIO_FLOOR and self.out > self.budget.ratio * self.packed:
            raise LimitError(f"unpacks to more than {self.budget.ratio} times its packed size: a decompression bomb?")


class Spool:
    """Collects one member: in memory up to `limits.IN_MEMORY`, above that in an unlinked file that is mapped."""

    __slots__ = ("_file", "_parts", "_size")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def __len__(self) -> int:
        return self._size

    def write(self, chunk: bytes | memoryview) -> None:
        """Add a chunk."""
        self._size += len(chunk)
        try:
            if self._file is not None:
                self._file.write(chunk)
            elif self._size <= IN_MEMORY:
                self._parts.append(bytes(chunk))
            else:
                self._file = tempfile.TemporaryFile(prefix="untag-")  # noqa: SIM115 - its map outlives this block
                self._file.writelines(self._parts)
                self._file.write(chunk)
                self._parts.clear()
        except OSError as error:
            raise ReadError("limit", f"no room for a temporary file: {error.strerror}") from error

    def finish(self) -> Buffer:
        """Return what was collected; the temporary file is gone when the map is."""
        if self._file is None:
            return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        try:
            with self._file as file:
                file.flush()
                return mmap.mmap(file.fileno(), self._size, access=mmap.ACCESS_READ)
        except OSError as error:
            raise ReadError("limit", f"no room for a temporary file: {error.strerror}") from error


def gathered(chunks: Iterator[bytes], budget: Budget, packed: int = -1) -> tuple[Buffer, ReadError | None]:
    """Collect a member from its chunks; return what came and the error that ended it, if one did."""
    spool = Spool()
    error = None
    try:
        for chunk in chunks:
            budget.check_member(len(spool) + len(chunk), packed)
            spool.write(chunk)
    except ReadError as caught:
        error = caught
    return spool.finish(), error


def text(raw: bytes) -> str:
    """Decode a member's name: UTF-8, else GB18030 when that gives common Chinese, else code page 437."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        name = raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("cp437")
    odd = [char for char in name if char > "\x7f"]
    return name if all("\u4e00" <= char <= "\u9fa5" for char in odd) else raw.decode("cp437")


def blank(data: memoryview) -> bool:
    """Whether all bytes are zero, as padding is."""
    return all(not bytes(data[at : at + MIB]).strip(b"\0") for at in range(0, len(data), MIB))
