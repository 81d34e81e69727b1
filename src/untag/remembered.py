"""What was gathered in a folder, kept until one byte in it, or the scanner, is another.

People scan the same folder again and again: before each commit, in an editor, in a pipeline with a cache. A
folder is known again by the names and the bytes of all its files, which are read and digested each time, never by
their dates. What is kept is what the scanner gathered: policy, waivers, baseline and the day decide anew.

Nothing is kept of a folder that is large, of a scan that a second run might read more of (a time limit, a file that
was locked or changed), nor of one in which a file was written so shortly before that a later change could look alike.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from untag._version import __version__
from untag.errors import ReadError
from untag.kept import cache_folder, write
from untag.model import READ_ANYWAY, Coverage, Evidence, FileRef, Finding, Gap, Notice, Spot
from untag.nouns import dataclass
from untag.sources.paths import read, read_into
from untag.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from untag.model import Blob

__all__ = ["Memory"]

FILES: Final = 5_000
"""Files of a folder that is remembered, at most."""
BYTES: Final = 64 << 20
"""Their bytes: reading and digesting more takes as long as two processes take to scan it."""
KEPT: Final = 8 << 20
"""Bytes of what is kept of one folder."""
FRESH: Final = 2_000_000_000
"""Nanoseconds: what changed so shortly before a scan may change again without a later date."""
LASTING: Final = READ_ANYWAY | {"encrypted", "truncated", "corrupt", "unsupported"}
"""Gaps that the same bytes give again."""
APART: Final = frozenset(("cli", "evidence", "guard", "strip", "policy", "sinks", "__pycache__"))
"""Packages of untag that decide nothing of what is gathered."""
ROOM: Final = 1 << 18
VERSION: Final = 1
"""Raised when what is kept changes shape."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk met, for comparison."""

    refs: list[FileRef]
    """The files, those last that only describe."""
    names: str
    """Digest over the names of all, over what could not be walked and how many were left out."""


class Memory:
    """What is remembered of one folder, scanned in one way."""

    def __init__(self, root: str, how: str) -> None:
        """Take the folder, and ``how`` it is scanned: all else that decides what is gathered and what it is called."""
        self._seed = "\0".join((os.path.realpath(root), how, _scanner()))
        self._started = time.time_ns()

    @staticmethod
    def walked(items: Iterable[FileRef | Blob | Gap], beside: Iterable[FileRef], ignored: int) -> Walked:
        """Return what a walk met: its items, files ``beside`` them that describe the package, what was left out."""
        refs: list[FileRef] = []
        said = [str(ignored)]
        for item in items:
            if isinstance(item, FileRef):
                refs.append(item)
                said.append(item.trail[0])
            else:
                said.append(repr(item))
        also = list(beside)
        said += [ref.trail[0] for ref in also]
        return Walked(refs + also, _digest(["\0".join(said).encode("utf-8", "surrogatepass")]).decode())

    def recall(self, walked: Walked) -> tuple[Tally, tuple[str, str]] | None:
        """Return what was gathered in these files, and version and digest of the lexicon, or None."""
        if len(walked.refs) > FILES:
            return None
        try:
            with open(self._path, "rb") as file:
                raw = file.read(KEPT + 1)
        except OSError:
            return None
        seal, _, body = raw.partition(b"\n")
        if seal != _digest([body]) or not body:
            return None
        import json  # noqa: PLC0415 - only where something is remembered

        names, content, tally, lexicon = json.loads(body)
        if names != walked.names or content != self._content(walked):
            return None
        return _tally(tally), (lexicon[0], lexicon[1])

    def keep(self, walked: Walked, tally: Tally, lexicon: tuple[str, str]) -> None:
        """Keep what was gathered, where the same bytes will give the same again."""
        if len(walked.refs) > FILES or tally.waivers:
            return
        if any(gap.reason not in LASTING for gap in tally.gaps):
            return
        content = self._content(walked, self._started - FRESH)
        if content is None:
            return
        import json  # noqa: PLC0415

        kept = [walked.names, content, _rows(tally), lexicon]
        body = json.dumps(kept, separators=(",", ":")).encode()
        if len(body) < KEPT:
            write(self._path, _digest([body]) + b"\n" + body)

    @property
    def _path(self) -> str:
        return os.path.join(
            cache_folder(), f"scan-{_digest([self._seed.encode('utf-8', 'surrogateescape')])[:32].decode()}.json"
        )

    @staticmethod
    def _content(walked: Walked, before: int = 0) -> str | None:
        """Return the digest over the bytes of all files; None where there are too many or one cannot be read.

        None, too, where one changed at or after ``before`` (nanoseconds of the clock).
        """
        total = _hash()()
        room = memoryview(bytearray(ROOM))
        left = BYTES
        try:
            for ref in walked.refs:
                size = read_into(ref.path, room)
                if size >= 0:
                    total.update(size.to_bytes(8, "big"))
                    total.update(room[:size])
                else:
                    data = read(ref).data
                    size = len(data)
                    if size > left:
                        return None
                    total.update(size.to_bytes(8, "big"))
                    total.update(data)
                left -= size
                if left < 0 or (before and _changed(ref.path) >= before):
                    return None
        except (ReadError, OSError):
            return None
        return str(total.hexdigest())


def _changed(path: str) -> int:
    """Return when a file was changed last, in nanoseconds: its bytes or its entry."""
    known = os.stat(path, follow_symlinks=False)
    return max(known.st_ctime_ns, known.st_mtime_ns)


def _hash() -> Callable[[], Any]:
    """Return BLAKE2b without `hashlib`, which loads OpenSSL first: that takes as long as scanning a hundred files."""
    try:
        from _blake2 import blake2b  # noqa: PLC0415 - see above
    except ImportError:  # pragma: no cover - a Python that keeps it elsewhere
        from hashlib import blake2b  # noqa: PLC0415
    return lambda: blake2b(digest_size=32)


def _digest(parts: Iterable[bytes]) -> bytes:
    total = _hash()()
    for part in parts:
        total.update(part)
    return bytes(total.hexdigest().encode())


def _scanner() -> str:
    """Return what tells scanners apart: their files and the folders of the libraries, by name, size and time."""
    here = os.path.dirname(__file__)
    said = [__version__, sys.implementation.cache_tag or "", sys.platform, os.environ.get("UNTAG_ENGINE", "")]
    folders = [here]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in APART or folder != here:
                        folders.append(entry.path)
                elif entry.name.endswith((".py", ".toml", ".bin", ".json", ".npz")):
                    known = entry.stat()
                    said.append(f"{entry.name}:{known.st_size}:{known.st_mtime_ns}")
    for folder in sys.path:
        if folder.endswith(("-packages", "-packages/")):
            try:
                said.append(f"{folder}:{os.stat(folder).st_mtime_ns}")
            except OSError:
                continue
    return "|".join((str(VERSION), *said))


def _rows(value: Any) -> Any:
    """Return nouns as lists of their fields' values."""
    names = getattr(value, "__match_args__", None)
    if names:
        return [_rows(getattr(value, name)) for name in names]
    if isinstance(value, (tuple, list)):
        return [_rows(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return [_rows(one) for one in sorted(value)]
    return value


def _tally(row: list[Any]) -> Tally:
    findings, gaps, coverage, _, notices, readers = row
    return Tally(
        [_finding(one) for one in findings],
        [Gap(tuple(trail), reason, detail) for trail, reason, detail in gaps],
        Coverage(*coverage),
        [],
        [Notice(*one) for one in notices],
        {(name, version) for name, version in readers},
    )


def _finding(row: list[Any]) -> Finding:
    made = dict(zip(Finding.__match_args__, row, strict=True))
    for name in ("groups", "trail", "route", "exemptions"):
        made[name] = tuple(made[name])
    made["because"] = tuple(Evidence(*one) for one in made["because"])
    made["also"] = tuple(Spot(tuple(trail), line, end) for trail, line, end in made["also"])
    return Finding(**made)
