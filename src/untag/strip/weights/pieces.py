"""Bytes of weight files: copied by ranges, compared and searched without holding a file in memory."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import climbs
from untag.strip.base import Check, StripError, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from untag.strip.base import Unit

STEP: Final = 4 << 20
"""Bytes copied at once."""
SHORTEST: Final = 8
"""Bytes of a removed value that are searched: shorter ones stand anywhere by chance."""
LONGEST: Final = 4_096
"""Bytes of a removed value that are searched for at once: more says nothing more."""
NEEDLES: Final = 256
"""Values searched for of one removal; of more, every n-th."""
FEWEST: Final = 16
"""Values searched for in the largest files."""
SEARCHED: Final = 64 << 30
"""Bytes compared in one search, some seconds: values times bytes of the files."""
_PLAIN: Final = 4
"""Different bytes that a value must have to be searched: zeros and ones stand in any file."""


class Staged:
    """Files that are written below a staging folder; all of them go again when the work is not finished."""

    def __init__(self, staging: Path) -> None:
        self.staging = staging
        self.names: list[str] = []

    def path(self, name: str) -> Path:
        """Return where a file is to be written, with its folder made."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name not in self.names:
            self.names.append(name)
        return path

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file."""
        self.path(name).write_bytes(data)


@contextmanager
def staged(staging: Path) -> Iterator[Staged]:
    """Give out a `Staged`; remove what was written when the block raises. A system error becomes a `StripError`."""
    work = Staged(staging)
    try:
        yield work
    except BaseException as error:
        for name in work.names:
            (staging / name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StripError(f"cannot write the result, and nothing was kept: {said(error)}") from error
        raise


def beside(unit: Unit, name: str, path: str) -> str:
    """Return the relative name of a file that ``name`` names by a relative path; raise for one that leads away.

    It must be a regular file in the same tree, with no link on the way, and be listed where the unit has a listing.
    """
    if not path or climbs(path):
        raise StripError(f"{name} names {path!r}, which lies outside of its folder; it is not followed")
    folder = name.rpartition("/")[0]
    relative = "/".join(part for part in f"{folder}/{path}".split("/") if part not in ("", "."))
    here = unit.root
    for part in relative.split("/"):
        here = here / part
        if here.is_symlink():
            raise StripError(f"{relative} is reached by a link, which is not followed; put the file itself there")
    if not here.is_file() or (unit.listing and relative not in unit.listing):
        raise StripError(f"{name} needs {relative}, which is not there; strip the folder that holds both")
    return relative


def copy_ranges(source: Path, ranges: Iterable[tuple[int, int]], target: BinaryIO) -> int:
    """Copy the bytes of ranges, in order; return how many. Raises `StripError` where the file ends before."""
    count = 0
    with source.open("rb") as file:
        for start, stop in ranges:
            file.seek(start)
            left = stop - start
            while left > 0:
                piece = file.read(min(STEP, left))
                if not piece:
                    raise StripError(f"{source.name} ends at byte {file.tell():,}, before its weights do")
                target.write(piece)
                count += len(piece)
                left -= len(piece)
    return count


def digest(path: Path, ranges: Iterable[tuple[int, int]]) -> str:
    """Return the SHA-256 of the bytes of ranges, behind each other."""
    held = hashlib.sha256()
    with path.open("rb") as file:
        for start, stop in ranges:
            file.seek(start)
            left = stop - start
            while left > 0:
                piece = file.read(min(STEP, left))
                if not piece:
                    raise StripError(f"{path.name} ends before its weights do")
                held.update(piece)
                left -= len(piece)
    return held.hexdigest()


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges with those that touch made one."""
    out: list[tuple[int, int]] = []
    for start, stop in ranges:
        if start == stop:
            continue
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], stop)
        else:
            out.append((start, stop))
    return out


def telling(value: bytes) -> bool:
    """Whether a value would not stand in another file by chance."""
    return len(value) >= SHORTEST and len(set(value)) >= _PLAIN


def absent(paths: Sequence[Path], values: Iterable[bytes]) -> Check:
    """Search files for removed values, in each layout that the caller gives; the check fails on the first found.

    Values too short or too plain to tell are counted and not searched; of many values, and in large files, every
    n-th is.
    """
    every = list(dict.fromkeys(value[:LONGEST] for value in values))
    needles = [value for value in every if telling(value)]
    most = max(FEWEST, min(NEEDLES, SEARCHED // max(sum(path.stat().st_size for path in paths), 1)))
    looked = needles[:: max(1, -(-len(needles) // most))]
    found: set[bytes] = set()
    for path in paths:
        found |= _found(path, looked)
    detail = (
        f"{len(looked):,} byte runs of the removed values, as rows, columns and strides, searched: {len(found)} found"
    )
    if len(every) > len(looked):
        detail += f" ({len(every) - len(looked):,} more are too short, too plain or like those searched)"
    figures = {"searched": len(looked), "found": len(found), "not_searched": len(every) - len(looked)}
    return Check("removed values absent", not found, detail, figures)


def _found(path: Path, needles: Sequence[bytes]) -> set[bytes]:
    """Return the values that stand in a file, which is read in pieces that overlap."""
    found: set[bytes] = set()
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(STEP):
            held = tail + piece
            found.update(needle for needle in needles if needle in held)
            tail = held[-LONGEST:]
    return found


def layouts(value: bytes, shape: Sequence[int], width: int) -> Iterator[bytes]:
    """Yield the bytes of a removed tensor as rows and as columns of its last two axes, for `absent`."""
    count = len(value) // width if width else 0
    last = shape[-1] if shape else 1
    yield value
    if len(shape) < 2 or not last or not count or count % last:  # noqa: PLR2004 - a vector has one layout
        return
    rows = count // last
    for row in range(0, rows, max(1, rows // 16)):
        yield value[row * last * width : (row + 1) * last * width]
    for column in range(0, last, max(1, last // 16)):
        picked = range(column, min(count, column + last * (LONGEST // width)), last)
        yield b"".join(value[at * width : (at + 1) * width] for at in picked)
