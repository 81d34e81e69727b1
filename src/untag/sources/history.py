"""What was ever committed to a git repository: each content once, read through ``git cat-file --batch``.

`history` lists every object that any branch, tag or stash reaches and yields the files
among them; `lifetimes` says which commit brought a content in and which took it out, and
`stays` says the same, with dates, of several contents that are versions of one thing. The
repository is as hostile as in
`untag.sources.git`, whose ways of calling git are used here; grafts and the commit-graph
file, which may lie about the history, are off as well.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from zlib import crc32

from untag.errors import ReadError, SourceError
from untag.model import Blob, Gap
from untag.sources.git import KEPT, SAFE, _answer
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import IO

    Process = subprocess.Popen[bytes]

Key = TypeVar("Key")

OBJECTS: Final = 20_000_000
"""Objects of one history; the Linux kernel has some ten million, trees included."""
CHUNK: Final = 1 << 18
"""Bytes of a listing read at once."""
LINE: Final = 1 << 14
"""Bytes kept of what git says of its errors."""
UNTRUSTED: Final = ("-c", "core.commitGraph=false", "-c", "log.showSignature=false", "-c", "log.showRoot=true")
"""Settings beside `untag.sources.git.SAFE`: no cached history, no program that verifies signatures."""
SETTINGS: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "LC_ALL": "C",
    # the repository belongs to whoever it belongs to: it is only read, and nothing of it runs
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "safe.directory",
    "GIT_CONFIG_VALUE_0": "*",
}
"""Environment of git: that of `untag.sources.git`, and no grafts, which could hide commits."""
ORIGIN: Final = "git:"
"""What stands before the id of a content in `Blob.origin`."""


class Lifetime(NamedTuple):
    """When a content was part of the project."""

    first: str
    """Commit that brought it in, empty when no commit of the history shows it."""
    last: str
    """Last commit that took it out, empty when it is in HEAD or was never taken out."""


class Stay(NamedTuple):
    """How long something that stands in several versions was part of the project."""

    first: str
    """Commit that brought it in, empty when no commit of the history shows it."""
    first_day: str
    """Day of that commit as its committer's clock said, ``2026-01-31``."""
    last: str
    """Last commit that took it out, empty when none did."""
    last_day: str
    there: bool
    """Whether a version that holds it is in HEAD."""


def history(
    path: str, environ: Mapping[str, str] | None = None, share: tuple[int, int] = (0, 1)
) -> Iterator[Blob | Gap]:
    """Yield the content of every file that was ever committed, each once, under the first path that it had.

    ``path`` is a folder of the repository, with or without ``git:`` before it; all of the
    repository is read. ``origin`` is ``git:`` and the id of the content. The order is git's
    own, from the newest commit backwards. Contents that are missing, as in a partial clone,
    are a `Gap`; so is a history that was cut off. ``share`` is which part of how many to yield:
    all versions of a path are in one part, and what is said of the whole in the first.
    Raises `SourceError` when there is no repository, or no git of 2.32 or newer.
    """
    git = _Git(path, environ)
    if not share[0] and git.text("rev-parse", "--is-shallow-repository") == "true":
        yield Gap((git.title,), "truncated", "a shallow clone: older commits are not here; run git fetch --unshallow")
    # two lists in files: a history of millions of contents is more than memory should hold
    with tempfile.TemporaryFile(prefix="untag-") as ids, tempfile.TemporaryFile(prefix="untag-") as names:
        gaps = _listed(git, ids, names, share)
        yield from (gap for gap in gaps if not share[0])
        if names.tell():
            for file in (ids, names):
                file.flush()
                file.seek(0)
            yield from _contents(git, ids, names)


def lifetimes(path: str, blobs: Iterable[str], environ: Mapping[str, str] | None = None) -> dict[str, Lifetime]:
    """Return when each content was part of the project, by its id (with or without ``git:`` before it).

    One pass over the history, oldest commit first. A content that came, went and came again
    counts from its first commit to its last removal. Merges count where they change what all
    of their parents have. Raises `SourceError` as `history` does.
    """
    wanted = {name.removeprefix(ORIGIN).encode() for name in blobs if name.strip("0")}
    if not wanted:
        return {}
    git = _Git(path, environ)
    kept = _kept(git, wanted)
    first: dict[bytes, bytes] = {}
    last: dict[bytes, bytes] = {}
    for commit, _, olds, new in _changes(git):
        if new in wanted:
            first.setdefault(new, commit)
        for old in olds:
            if old in wanted and old != new:
                last[old] = commit
    return {
        name.decode(): Lifetime(first.get(name, b"").decode(), "" if name in kept else last.get(name, b"").decode())
        for name in sorted(wanted)
    }


def stays(
    path: str, groups: Mapping[Key, Collection[str]], environ: Mapping[str, str] | None = None
) -> dict[Key, Stay]:
    """Return how long each group of contents, the versions that hold one thing, was part of the project.

    A version that gives way to another of its group is no removal. What went and came again
    counts from its first commit to its last removal. One pass over the history, oldest commit
    first. Raises `SourceError` as `history` does.
    """
    owners: dict[bytes, list[Key]] = {}
    for key, blobs in groups.items():
        for name in blobs:
            owners.setdefault(name.removeprefix(ORIGIN).encode(), []).append(key)
    if not owners:
        return {}
    git = _Git(path, environ)
    first: dict[Key, tuple[bytes, bytes]] = {}
    last: dict[Key, tuple[bytes, bytes]] = {}
    for commit, day, olds, new in _changes(git):
        before = {key for old in olds if old != new for key in owners.get(old, ())}
        after = owners.get(new, ())
        for key in after:
            first.setdefault(key, (commit, day))
            if key not in before:
                last.pop(key, None)
        for key in before.difference(after):
            last[key] = (commit, day)
    kept = _kept(git, set(owners))
    there = {key for name in kept for key in owners[name]}
    return {key: _stay(first.get(key), None if key in there else last.get(key), there=key in there) for key in groups}


def _stay(first: tuple[bytes, bytes] | None, last: tuple[bytes, bytes] | None, *, there: bool) -> Stay:
    first, last = first or (b"", b""), last or (b"", b"")
    return Stay(first[0].decode(), first[1].decode(), last[0].decode(), last[1].decode(), there)


def _changes(git: _Git) -> Iterator[tuple[bytes, bytes, list[bytes], bytes]]:
    """Yield commit, its day, ids before and id after of each change of a file, oldest first."""
    form = ("--raw", "-z", "-c", "--root", "--no-abbrev", "--no-renames", "--format=%H %cs", "--no-notes", "--no-color")
    order = ("--all", "--topo-order", "--reverse", "--no-ext-diff", "--no-textconv", "--no-mailmap", "--full-history")
    commit = day = b""
    paths = 0
    for record in git.records("log", *form, *order, "--"):
        if paths:  # a path may look like anything, a commit included
            paths -= 1
            continue
        head = record.lstrip(b"\n")
        if head[:1] != b":":
            if head:
                commit, _, day = head.partition(b" ")
            continue
        paths = 1
        fields = head.split(b" ")
        parents = len(head) - len(head.lstrip(b":"))
        # modes of the parents and of the result, ids of the parents, id of the result, status
        if len(fields) == 2 * parents + 3:
            yield commit, day, fields[parents + 1 : 2 * parents + 1], fields[2 * parents + 1]


def _kept(git: _Git, wanted: set[bytes]) -> set[bytes]:
    """Return which contents the current commit holds; none where there is no current commit."""
    found = set()
    try:
        for record in git.records("ls-tree", "-r", "-z", "--full-tree", "HEAD"):
            fields = record.partition(b"\t")[0].split(b" ")
            if len(fields) == 3 and fields[2] in wanted:  # noqa: PLR2004 - mode, type, id
                found.add(fields[2])
    except SourceError:
        return found
    return found


def _listed(git: _Git, ids: IO[bytes], names: IO[bytes], share: tuple[int, int]) -> Iterator[Gap]:
    """Write the ids of all contents and their paths to two files, one a line in each."""
    # rev-list names trees as well; the filter leaves the contents
    only = ("--filter=object:type=blob", "--filter-provided-objects")
    missing = 0
    lines = git.records("rev-list", "--objects", "--all", "--missing=print", *only, end=b"\n")
    try:
        for number, line in enumerate(lines):
            if number >= OBJECTS:
                yield Gap((git.title,), "limit", f"more than {OBJECTS:,} contents in the history; the rest was left")
                break
            name, _, path = line.partition(b" ")
            if name[:1] == b"?":
                missing += 1
            elif share[1] == 1 or crc32(path) % share[1] == share[0]:
                ids.write(name + b"\n")
                names.write(path + b"\n")
    except SourceError as error:
        yield Gap((git.title,), "corrupt", f"the history could not be followed to its end: {error}")
    if missing:
        yield Gap((git.title,), "vanished", f"{missing:,} objects of the history are not here (a partial clone?)")


class _Heard:
    """A stream that remembers the last line read of it, which is the header of an answer."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.read = stream.read
        self.line = b""

    def readline(self, most: int) -> bytes:
        """Read a line."""
        self.line = self._stream.readline(most)
        return self.line


def _contents(git: _Git, ids: IO[bytes], names: IO[bytes]) -> Iterator[Blob | Gap]:
    """Yield the contents whose ids stand in a file, under the names that stand in another."""
    process = git.start("cat-file", "--batch", "--buffer", stdin=ids)
    if process.stdout is None:
        raise SourceError("git cat-file gave no pipe")
    answer = _Heard(process.stdout)
    try:
        for number, path in enumerate(names):
            trail = (printable(os.fsdecode(path[:-1])) or "unnamed",)
            try:
                data = _answer(answer)  # type: ignore[arg-type] # it reads and reads lines, nothing more
                yield Blob(trail, data, origin=ORIGIN + answer.line.split(b" ", 1)[0].decode())
            except ReadError as error:
                yield Gap(trail, error.reason, error.detail)
            except OSError:
                yield Gap(trail, "corrupt", f"git cat-file ended after {number:,} contents; run git fsck")
                return
    finally:
        git.stop(process)


class _Git:
    """One repository, and how git is called on it."""

    def __init__(self, path: str, environ: Mapping[str, str] | None) -> None:
        self.path = path.removeprefix(ORIGIN) or "."
        if not os.path.isdir(self.path):  # noqa: PTH112
            raise SourceError(f"cannot open {self.path}: no such folder; write git:FOLDER --history")
        known = os.environ if environ is None else environ
        # nothing of the caller's that could name another repository or a program
        self._environ = {
            **{name: known[name] for name in KEPT if name in known},
            **SETTINGS,
        }
        self.title = printable(os.path.basename(os.path.realpath(self.path))) or "history"  # noqa: PTH119
        self.text("rev-parse", "--git-dir")

    def start(self, *arguments: str, stdin: IO[bytes] | None = None, stderr: IO[bytes] | None = None) -> Process:
        """Start git with its output in a pipe."""
        try:
            return subprocess.Popen(  # noqa: S603 - no shell, fixed commands
                ["git", *SAFE, *UNTRUSTED, "-C", self.path, *arguments],  # noqa: S607 - the user's own git
                env=self._environ,
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr or subprocess.DEVNULL,
            )
        except FileNotFoundError as error:
            raise SourceError("git is not installed; install it, or scan the checked-out folder") from error

    @staticmethod
    def stop(process: Process) -> None:
        """End a process, whether it is done or not."""
        if process.stdout is not None:
            process.stdout.close()
        if process.poll() is None:
            process.terminate()
        process.wait()

    def records(self, *arguments: str, end: bytes = b"\0") -> Iterator[bytes]:
        """Yield what git prints, cut at an end mark; raise `SourceError` when it fails, after what it printed."""
        with tempfile.TemporaryFile(prefix="untag-") as errors:
            process = self.start(*arguments, stderr=errors)
            try:
                rest = b""
                while process.stdout is not None and (chunk := process.stdout.read(CHUNK)):
                    *records, rest = (rest + chunk).split(end)
                    yield from records
                if rest:
                    yield rest
                if process.wait():
                    errors.seek(0)
                    said = errors.read(LINE).decode("utf-8", "replace").strip().splitlines()
                    raise SourceError(self._explained(arguments[0], printable(said[-1]) if said else "no reason given"))
            finally:
                self.stop(process)

    def _explained(self, command: str, said: str) -> str:
        if "not a git repository" in said:
            return f"{self.path} is not in a git repository; scan it as a folder"
        if "object:type" in said or "filter-provided" in said:
            return "git 2.32 or newer is needed to read a history"
        return f"git {command} failed: {said}"

    def text(self, *arguments: str) -> str:
        """Return the one line that git prints."""
        return b"".join(self.records(*arguments, end=b"\n")).decode("utf-8", "replace").strip()
