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
    from collections.abc import Iterable

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
APART: Final = frozenset(("cli", "evidence", "guard", "strip", "sinks"))
"""Packages of untag that decide nothing of what is gathered."""
ROOM: Final = 1 << 18
VERSION: Final = 1
"""Raised when what is kept changes shape."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk met, for comparison."""

    refs: list[FileRef]
    """The files that are scanned."""
    beside: list[FileRef]
    """Files that are not, but describe the package; they need not be there."""
    names: str
    """Digest over the scanner, the names of all, what could not be walked, and how many were left out."""


class Memory:
    """What is remembered of one folder, scanned in one way."""

    def __init__(self, root: str, how: str) -> None:
        """Take the folder, and ``how`` it is scanned: all else that decides what is gathered and what it is called."""
        seed = _digest(f"{VERSION}\0{os.path.realpath(root)}\0{how}".encode("utf-8", "surrogateescape"))
        self._path = os.path.join(cache_folder(), f"scan-{seed[:32]}.json")
        self._scanner = _scanner()
        self._started = time.time_ns()

    def walked(self, items: Iterable[FileRef | Blob | Gap], beside: Iterable[FileRef], ignored: int) -> Walked:
        """Return what a walk met: its items, files ``beside`` them that describe the package, what was left out."""
        refs: list[FileRef] = []
        said = [self._scanner, str(ignored)]
        for item in items:
            if isinstance(item, FileRef):
                refs.append(item)
                said.append(item.trail[0])
            else:
                said.append(repr(item))
        also = list(beside)
        said += [ref.trail[0] for ref in also]
        return Walked(refs, also, _digest("\0".join(said).encode("utf-8", "surrogatepass")))

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
        if seal != _digest(body).encode() or not body:
            return None
        import json  # noqa: PLC0415 - only where something is remembered

        names, content, tally, lexicon = json.loads(body)
        if names != walked.names or content != self._content(walked):
            return None
        return _tally(tally), (lexicon[0], lexicon[1])

    def keep(self, walked: Walked, tally: Tally, lexicon: tuple[str, str]) -> None:
        """Keep what was gathered, where the same bytes will give the same again."""
        if len(walked.refs) > FILES or tally.coverage.size > BYTES or tally.waivers:
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
            write(self._path, _digest(body).encode() + b"\n" + body)

    @staticmethod
    def _content(walked: Walked, before: int = 0) -> str | None:
        """Return the digest over the bytes of all files; None where there are too many or one cannot be read.

        None, too, where one changed at or after ``before`` (nanoseconds of the clock).
        """
        total = _hash()
        room = memoryview(bytearray(ROOM))
        left = BYTES
        for ref in (*walked.refs, *walked.beside):
            try:
                size = read_into(ref.path, room)
                data = room[:size] if size >= 0 else read(ref).data
                if before and _changed(ref.path) >= before:
                    return None
            except (ReadError, OSError) as error:
                if ref in walked.refs or getattr(error, "reason", "") != "vanished":
                    return None
                total.update(b"none")
                continue
            left -= len(data)
            if left < 0:
                return None
            total.update(len(data).to_bytes(8, "big"))
            total.update(data)
        return str(total.hexdigest())


def _changed(path: str) -> int:
    """Return when a file was changed last, in nanoseconds: its bytes or its entry."""
    known = os.stat(path, follow_symlinks=False)
    return max(known.st_ctime_ns, known.st_mtime_ns)


def _hash() -> Any:
    """Return a BLAKE2b without `hashlib`, which loads OpenSSL first: that takes as long as scanning a hundred files."""
    try:
        from _blake2 import blake2b  # noqa: PLC0415 - see above
    except ImportError:  # pragma: no cover - a Python that keeps it elsewhere
        from hashlib import blake2b  # noqa: PLC0415
    return blake2b(digest_size=32)


def _digest(data: bytes) -> str:
    total = _hash()
    total.update(data)
    return str(total.hexdigest())


def _scanner() -> str:
    """Return what tells scanners apart: their files and the folders of the libraries, by name, size and time.

    `untag.evidence.scanner.identity` reads the same files, for results kept for long: thirty times slower.
    """
    here = os.path.dirname(__file__)
    said = [__version__, sys.implementation.cache_tag or "", sys.platform, os.environ.get("UNTAG_ENGINE", "")]
    folders = [here]
    while folders:
        folder = folders.pop()
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__" and (entry.name not in APART or folder != here):
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
    return "|".join(said)


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
