"""A revision or the index of a git repository, read through ``git cat-file --batch``.

The repository is hostile: nothing in its configuration may run. Hooks and the file
system monitor are off, no filter or text conversion applies to ``cat-file``, missing
objects are not fetched, and only ``ls-tree``, ``diff-index``, ``rev-parse`` and
``cat-file`` are called. A git LFS pointer is the text that it is.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from untag.errors import ReadError, SourceError, UsageError
from untag.limits import IN_MEMORY, MEMBER_SIZE
from untag.model import Blob, Gap
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Buffer
    from untag.sources import SourceOptions

SAFE: Final = (
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.attributesFile=",
    "-c",
    "core.sshCommand=false",
    "-c",
    "core.gitProxy=false",
    "-c",
    "core.pager=cat",
    "-c",
    "core.alternateRefsCommand=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "credential.helper=",
    "-c",
    "gc.auto=0",
    "-c",
    "diff.external=",
    "-c",
    "submodule.recurse=false",
)
"""What stands before each command: nothing of the repository's configuration may run a program."""
KEPT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "HOME", "LANG", "GIT_CEILING_DIRECTORIES")
WAIT: Final = 120
"""Seconds for one listing; a repository of a million files takes ten."""


class Entry(NamedTuple):
    """One file of a tree or of the index."""

    path: str
    object: str
    mode: str


class GitSource:
    """``git:PATH@REVISION``, or with ``staged`` what the index adds to or changes in HEAD."""

    def __init__(self, target: str, options: SourceOptions) -> None:
        whole = target.removeprefix("git:")
        path, at, revision = whole.rpartition("@")
        if not at or os.path.isdir(whole):  # noqa: PTH112
            path, revision = whole, ""
        if options.staged and revision:
            raise UsageError("--staged reads the index: leave out the revision")
        self._path = path or "."
        self._revision = revision or "HEAD"
        self._staged = options.staged
        if revision.startswith("-") or "\0" in target:
            raise UsageError(f"{revision!r} is no revision")
        if not os.path.isdir(self._path):  # noqa: PTH112
            raise SourceError(f"cannot open {self._path}: no such folder; write git:FOLDER@REVISION")
        self._environ = {
            **{name: options.environ[name] for name in KEPT if name in options.environ},
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_NO_LAZY_FETCH": "1",
            # older versions do not know the line above: with no protocol allowed they cannot fetch either
            "GIT_ALLOW_PROTOCOL": "none",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "LC_ALL": "C",
            # the repository belongs to whoever it belongs to: it is only read, and nothing of it runs
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        }
        self._commit = self._resolve()

    @property
    def title(self) -> str:
        """The folder's own name and the revision, no absolute path."""
        if os.path.isabs(self._path) or ".." in self._path or self._path == ".":  # noqa: PTH117
            name = os.path.basename(os.path.realpath(self._path))  # noqa: PTH119
        else:
            name = self._path.replace(os.sep, "/").strip("/")
        return printable(f"git:{name} --staged" if self._staged else f"git:{name}@{self._revision}")

    def items(self) -> Iterator[Blob | Gap]:
        """Yield the files in byte order of their paths."""
        entries = self._staged_entries() if self._staged else self._tree()
        wanted = []
        for entry in sorted(entries, key=lambda entry: os.fsencode(entry.path)):
            # 160000 is a submodule: another repository, named by a commit; 120000 a link, whose target is text
            if entry.mode == "160000":
                yield Gap((printable(entry.path),), "link", "a submodule; scan its repository as well")
            elif entry.mode != "120000":
                wanted.append(entry)
        yield from self._blobs(wanted)

    def tags(self) -> list[tuple[str, str, str]]:
        """Return the tags of the repository by date: name, ISO day, object."""
        form = "--format=%(refname:short)%09%(creatordate:short)%09%(objectname)"
        raw = self._run("for-each-ref", "--sort=creatordate", form, "refs/tags").decode("utf-8", "replace")
        return [tuple(line.split("\t")) for line in raw.splitlines() if line.count("\t") == 2]  # type: ignore[misc]  # noqa: PLR2004

    def _run(self, *arguments: str) -> bytes:
        """Run git and return what it prints."""
        try:
            done = subprocess.run(  # noqa: S603 - no shell, fixed commands
                ["git", *SAFE, "-C", self._path, *arguments],  # noqa: S607 - the user's own git
                env=self._environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WAIT,
                check=True,
            )
        except FileNotFoundError as error:
            raise SourceError("git is not installed; install it, or scan the checked-out folder") from error
        except subprocess.TimeoutExpired as error:
            raise SourceError(f"git {arguments[0]} took more than {WAIT} seconds; scan a checked-out folder") from error
        except subprocess.CalledProcessError as error:
            text = error.stderr.decode("utf-8", "replace")
            if "not a git repository" in text:
                raise SourceError(f"{self._path} is not in a git repository; scan it as a folder") from error
            last = printable(text.strip().splitlines()[-1]) if text.strip() else "it gave no reason"
            raise SourceError(f"git {arguments[0]} failed: {last}") from error
        return done.stdout

    def _resolve(self) -> str:
        """Return the commit that the revision names; for the index, the tree to compare with."""
        self._run("rev-parse", "--git-dir")
        try:
            name = f"{self._revision}^{{commit}}"
            return self._run("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
        except SourceError as error:
            if self._staged:  # no commit yet: all of the index is new
                return self._run("hash-object", "-t", "tree", "--stdin").decode().strip()
            raise SourceError(f"unknown revision {self._revision!r} in {self._path}; see git log") from error

    def _tree(self) -> Iterator[Entry]:
        """List the files of the commit below the folder, by paths relative to it."""
        for record in self._run("ls-tree", "-r", "-z", self._commit).split(b"\0"):
            head, tab, path = record.partition(b"\t")
            if tab:
                mode, _, name = head.decode().split(" ")
                yield Entry(os.fsdecode(path), name, mode)

    def _staged_entries(self) -> Iterator[Entry]:
        """List what the index adds to or changes in the commit, below the folder."""
        plain = (
            "--cached",
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            "--relative",
            "--no-ext-diff",
            "--no-textconv",
        )
        listed = self._run("diff-index", *plain, self._commit, "--")
        fields = listed.split(b"\0")
        for head, path in zip(fields[::2], fields[1::2], strict=False):
            _, mode, _, name, status = head.decode().split(" ")
            if status[:1] in ("A", "M", "T"):
                yield Entry(os.fsdecode(path), name, mode)

    def _blobs(self, entries: list[Entry]) -> Iterator[Blob | Gap]:
        """Read objects through one process."""
        if not entries:
            return
        process = subprocess.Popen(  # noqa: S603 - no shell, fixed commands
            ["git", *SAFE, "-C", self._path, "cat-file", "--batch"],  # noqa: S607 - the user's own git
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        ask, answer = process.stdin, process.stdout
        if ask is None or answer is None:
            raise SourceError("git cat-file gave no pipes")
        try:
            for at, entry in enumerate(entries):
                trail = (printable(entry.path),)
                try:
                    ask.write(entry.object.encode() + b"\n")
                    ask.flush()
                    yield Blob(trail, _answer(answer), origin=f"git:{entry.object}")
                except ReadError as error:
                    yield Gap(trail, error.reason, error.detail)
                except OSError as error:
                    raise SourceError(f"git cat-file ended at file {at:,} of {len(entries):,}; try git fsck") from error
        finally:
            ask.close()
            answer.close()
            if process.poll() is None:
                process.terminate()
            process.wait()


def _answer(stream: IO[bytes]) -> Buffer:
    """Read one object: its header line, its bytes and a line feed."""
    header = stream.readline(1_024).split()
    if not header:
        raise BrokenPipeError
    if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004 - of the format
        raise ReadError("vanished", "the object is not in this repository (a shallow or partial clone?)")
    size = int(header[2])
    if size <= IN_MEMORY:
        data = stream.read(size + 1)
        if len(data) != size + 1:
            raise BrokenPipeError
        return data[:-1]
    with tempfile.TemporaryFile(prefix="untag-") as spool:
        left = size
        while left:
            chunk = stream.read(min(left, 1 << 20))
            if not chunk:
                raise BrokenPipeError
            left -= len(chunk)
            if size <= MEMBER_SIZE:
                spool.write(chunk)
        stream.read(1)
        if size > MEMBER_SIZE:
            raise ReadError("limit", f"larger than {MEMBER_SIZE:,} bytes")
        spool.flush()
        import mmap  # noqa: PLC0415 - loads where it is used

        return mmap.mmap(spool.fileno(), size, access=mmap.ACCESS_READ)
