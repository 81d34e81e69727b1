"""Where the bytes come from: each source yields `FileRef`, `Blob` and `Gap` in a stable order.

A target is a path, ``-`` for standard input, ``pypi:name[==version]``,
``npm:name[@version]`` or ``git:path[@revision]``. A file whose own name begins so
is named with ``./`` before it. Sources and sinks are the only stages that touch
the world; nothing here prints.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol

from untag.errors import SourceError, UsageError
from untag.limits import MEMBER_SIZE
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from untag.model import Blob, FileRef, Gap

SCHEMES: Final = ("pypi:", "npm:", "git:")
REMOTE: Final = ("s3", "gs", "az", "hf", "http", "https", "fsspec")
"""What stands before the colon of a tree that lies elsewhere, see `untag.sources.remote`."""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a call says about its targets."""

    gitignore: bool = True
    """Leave out what ``.gitignore`` files below the target leave out."""
    excludes: Sequence[str] = ()
    """Patterns in the syntax of ``.gitignore``, relative to the target."""
    staged: bool = False
    """Of a ``git:`` target, read what the index adds or changes against HEAD."""
    size_cap: int = MEMBER_SIZE
    """Bytes of standard input or of one download at most."""
    progress: Callable[[int, int], None] | None = None
    """Called with bytes so far and bytes in all (0 when unknown) while a package arrives."""
    history: bool = False
    """Of a ``git:`` target, read all that was ever committed: see `untag.chronicle`."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    """Where the settings of pip and npm and the cache folder are looked up."""


class Source(Protocol):
    """One target that can be read."""

    @property
    def title(self) -> str:
        """What the report shows: the target as given, without an absolute path of this machine."""

    def items(self) -> Iterator[FileRef | Blob | Gap]:
        """Yield what is to be read, in byte order of the trail, the same on each run."""


def resolve(target: str, options: SourceOptions | None = None) -> Source:
    """Return the source that ``target`` names; raise `SourceError` when it cannot be reached."""
    options = options or SourceOptions()
    if not target:
        raise UsageError("empty target: name a file, a folder, - or pypi:, npm:, git:")
    if "://" in target:
        from untag.sources.database.address import scheme_of  # noqa: PLC0415 - loads where it is used

        if scheme_of(target):
            from untag.sources.database import DatabaseSource  # noqa: PLC0415

            return DatabaseSource(target, options)
    if options.staged and not target.startswith("git:"):
        raise UsageError(f"--staged reads a git index: write git:{target} --staged")
    if options.history and (options.staged or not target.startswith("git:")):
        raise UsageError("--history reads all of a git repository: write git:FOLDER --history, without --staged")
    if target == "-":
        from untag.sources.stdin import StdinSource  # noqa: PLC0415 - loads where it is used

        return StdinSource(options)
    if target.startswith("git:"):
        from untag.sources.git import GitSource  # noqa: PLC0415

        return GitSource(target, options)
    if ":" in target and target.partition(":")[0].lower() in REMOTE:
        from untag.sources.remote import RemoteSource  # noqa: PLC0415

        return RemoteSource(target, options)
    if target.startswith(("pypi:", "npm:")):
        from untag.sources.package import PackageSource  # noqa: PLC0415

        return PackageSource(target, options)
    if "\0" in target:
        raise SourceError("a path cannot hold a NUL character")
    if "://" in target and not os.path.exists(target):  # noqa: PTH110 - a name may hold anything
        kind = target.partition("://")[0][-20:]  # what follows may hold a password
        raise UsageError(f"unknown kind of target {kind}://; known are paths, databases and trees: untag scan --help")
    from untag.sources.paths import PathSource  # noqa: PLC0415

    return PathSource(target, options)


__all__ = ["SCHEMES", "Source", "SourceOptions", "resolve"]
