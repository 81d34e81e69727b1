"""Files and folders of this machine.

A walk of 200 k files takes well under a second: names come sorted from `os.scandir`,
kinds come from the folder entry, and nothing is stat'ed, so that a walked `FileRef`
has size 0 until its reader opens it. Links are never followed: what a link inside
the root names is scanned where it stands; a link that leaves the root, dangles or
loops is a Gap. ``.git`` folders are never entered.
"""

from __future__ import annotations

import errno
import mmap
import os
import stat
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError, SourceError
from untag.limits import IN_MEMORY
from untag.model import Blob, FileRef, Gap
from untag.nouns import dataclass
from untag.sources.names import DESCRIPTIONS, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.sources import SourceOptions
    from untag.sources.ignore import Rules

OPEN: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
"""A path that became a link, or a FIFO, between the walk and the read must neither be followed nor block."""

REASONS: Final = {
    errno.EACCES: ("permission", "no permission to read"),
    errno.EPERM: ("permission", "no permission to read"),
    errno.ENOENT: ("vanished", "gone since the walk"),
    errno.ENOTDIR: ("vanished", "gone since the walk"),
    errno.ESTALE: ("vanished", "gone since the walk"),
    errno.ELOOP: ("changed", "became a link since the walk"),
    errno.EISDIR: ("changed", "became a folder since the walk"),
    errno.ENXIO: ("special_file", "no regular file"),
    errno.EAGAIN: ("special_file", "no regular file"),
    errno.ENAMETOOLONG: ("limit", "path too long for this system"),
}


def reason(error: OSError) -> tuple[str, str]:
    """Return the gap reason and detail for a failed call on a path."""
    known = REASONS.get(error.errno or 0)
    if known:
        return known
    return "corrupt", f"the system cannot read it: {error.strerror or type(error).__name__}"


class PathSource:
    """A file or a folder."""

    def __init__(self, target: str, options: SourceOptions) -> None:
        try:
            self._mode = os.stat(target).st_mode  # noqa: PTH116
        except (OSError, ValueError) as error:
            detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise SourceError(f"cannot open {target}: {detail}; check the path") from error
        self._target = target
        self._options = options
        self.ignored = 0
        """Files and folders that the ignore rules left out, known once `items` is exhausted."""
        self.beside: list[FileRef] = []
        """Files among them that may say what a package is about; known then, too."""

    @property
    def title(self) -> str:
        """The path as given when it is relative and below the current folder, else its last part."""
        target = self._target.replace(os.sep, "/")
        parts = [part for part in target.split("/") if part not in ("", ".")]
        if os.path.isabs(self._target) or ".." in parts:  # noqa: PTH117
            parts = [os.path.basename(os.path.realpath(self._target))]  # noqa: PTH119
        return printable("/".join(parts)) or "."

    def items(self) -> Iterator[FileRef | Gap]:
        """Yield the file, or the files of the folder in byte order of their paths."""
        if stat.S_ISDIR(self._mode):
            walker = _Walk(self._target, gitignore=self._options.gitignore, excludes=self._options.excludes)
            yield from walker.run()
            self.ignored = walker.ignored
            self.beside = [FileRef((key,), os.path.join(walker.root, key), 0) for key in walker.left]  # noqa: PTH118
            return
        path = os.path.realpath(self._target)
        trail = (printable(os.path.basename(self._target)),)  # noqa: PTH119
        if not stat.S_ISREG(self._mode):
            yield Gap(trail, "special_file", "neither a regular file nor a folder; pipe it in with -")
            return
        yield FileRef(trail, path, os.stat(path).st_size)  # noqa: PTH116


def walk(root: str, *, gitignore: bool = True, excludes: Sequence[str] = ()) -> Iterator[FileRef | Gap]:
    """Yield the files below ``root`` in byte order of their paths, sizes not yet known (0)."""
    return _Walk(root, gitignore=gitignore, excludes=excludes).run()


@dataclass(slots=True, eq=False)
class _Folder:
    """A folder that is being walked."""

    keys: Iterator[str]
    odd: dict[str, os.DirEntry[str]]
    """What is neither a file nor a folder, by key."""
    rules: Rules | None


class _Walk:
    """One walk: an explicit stack, because a hostile tree is deeper than Python's."""

    def __init__(self, root: str, *, gitignore: bool, excludes: Sequence[str]) -> None:
        self.root = os.path.realpath(root)
        self.gitignore = gitignore
        self.ignored = 0
        self.left: list[str] = []
        """Keys of files that were left out and may describe a package."""
        self.rules: Rules | None = None
        if excludes:
            from untag.sources.ignore import Rules  # noqa: PLC0415 - loads where it is used

            self.rules = Rules.parse(excludes, "", None)

    def run(self) -> Iterator[FileRef | Gap]:
        """Yield the walk: a key is a path below the root, that of a folder ends in ``/``."""
        join = self.root.rstrip(os.sep) + os.sep
        stack = [_Folder(iter(("/",)), {}, self.rules)]
        while stack:
            folder = stack[-1]
            rules = folder.rules
            for key in folder.keys:
                if rules is not None and rules.ignored(key):
                    self.ignored += 1
                    if key.rpartition("/")[2] in DESCRIPTIONS and key not in folder.odd:
                        self.left.append(key)
                    elif key.endswith((".dist-info/", ".egg-info/")):
                        self.left.append(f"{key}METADATA")
                elif key[-1] == "/":
                    deeper = self._list(join + key, key, rules) if key != "/" else self._list(self.root, "", rules)
                    if isinstance(deeper, Gap):
                        yield deeper
                        continue
                    stack.append(deeper)
                    break
                elif key in folder.odd:
                    gap = self._judge(folder.odd[key], key)
                    if gap:
                        yield gap
                else:
                    yield FileRef((key if key.isprintable() else printable(key),), join + key, 0)
            else:
                stack.pop()

    def _list(self, path: str, prefix: str, rules: Rules | None) -> _Folder | Gap:
        """List a folder in byte order; a folder's name sorts with its slash, as its content will."""
        keys: list[str] = []
        add = keys.append
        odd: dict[str, os.DirEntry[str]] = {}
        try:
            with os.scandir(path) as scan:
                for entry in scan:
                    if entry.is_file(follow_symlinks=False):
                        add(prefix + entry.name)
                    elif entry.is_dir(follow_symlinks=False):
                        if entry.name != ".git":
                            add(f"{prefix}{entry.name}/")
                    else:
                        odd[prefix + entry.name] = entry
                        add(prefix + entry.name)
        except OSError as error:
            return Gap((printable(prefix.rstrip("/")) or ".",), *reason(error))
        if "".join(keys).isascii():
            keys.sort()
        else:
            keys.sort(key=os.fsencode)
        ignore = prefix + ".gitignore"
        if self.gitignore and ignore in keys and ignore not in odd:
            rules = self._read_rules(os.path.join(path, ".gitignore"), prefix, rules)  # noqa: PTH118
        return _Folder(iter(keys), odd, rules)

    def _read_rules(self, path: str, prefix: str, rules: Rules | None) -> Rules | None:
        """Add the rules of one ``.gitignore``; one that cannot be read leaves nothing out."""
        from untag.sources.ignore import SIZE, Rules  # noqa: PLC0415

        try:
            blob = read(FileRef((".gitignore",), path, 0))
        except ReadError:
            return rules
        if len(blob.data) > SIZE:
            return rules
        return Rules.parse(bytes(blob.data).decode("utf-8", "surrogateescape").splitlines(), prefix, rules)

    def _judge(self, entry: os.DirEntry[str], key: str) -> Gap | None:
        """Judge an entry that is neither a file nor a folder."""
        trail = (printable(key),)
        if not entry.is_symlink():
            return Gap(trail, "special_file", "a FIFO, socket or device holds no bytes to scan")
        try:
            target = os.path.realpath(entry.path, strict=True)
        except OSError as error:
            loop = error.errno == errno.ELOOP
            return Gap(trail, "link", "a link that loops" if loop else "a link that leads nowhere")
        if target == self.root or target.startswith(self.root.rstrip(os.sep) + os.sep):
            return None
        return Gap(trail, "link", "a link that leads out of the scanned folder; scan its target as well")


def read(ref: FileRef) -> Blob:
    """Open a file of the walk: bytes up to `limits.IN_MEMORY`, above that a read-only map.

    Raises `ReadError` with ``permission``, ``vanished``, ``changed`` or ``special_file``.
    """
    try:
        handle = os.open(ref.path, OPEN)
    except OSError as error:
        raise ReadError(*reason(error)) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ReadError("changed", "no longer a regular file")
        size = status.st_size
        if size > IN_MEMORY:
            return Blob(ref.trail, mmap.mmap(handle, size, access=mmap.ACCESS_READ))
        data = _read_up_to(handle, size + 1)
    except (OSError, ValueError) as error:
        raise ReadError(*reason(error) if isinstance(error, OSError) else ("changed", str(error))) from error
    finally:
        os.close(handle)
    if len(data) != size:
        raise ReadError("changed", f"changed while it was read: {size:,} bytes became {len(data):,}")
    return Blob(ref.trail, data)


def _read_up_to(handle: int, count: int) -> bytes:
    """Read until the end or ``count`` bytes: one call is enough but for slow file systems."""
    data = os.read(handle, count)
    if not data or len(data) >= count:
        return data
    parts = [data]
    have = len(data)
    while have < count:
        more = os.read(handle, count - have)
        if not more:
            break
        parts.append(more)
        have += len(more)
    return data if len(parts) == 1 else b"".join(parts)


def read_into(path: str, buffer: bytearray | memoryview) -> int:
    """Read a small file into ``buffer`` and return its length, or -1 when it does not fit.

    A length equal to the buffer's says nothing about what follows, so it counts as
    not fitting: the caller falls back to `read`. Raises `ReadError` as `read` does.
    """
    try:
        handle = os.open(path, OPEN)
    except OSError as error:
        raise ReadError(*reason(error)) from error
    try:
        size = os.readv(handle, [buffer]) if hasattr(os, "readv") else _read_slow(handle, buffer, 0)
        # a short read is the end of a regular file save on slow file systems: ask once more to be sure
        if 0 < size < len(buffer):
            size += _read_slow(handle, buffer, size)
    except OSError as error:
        raise ReadError(*reason(error)) from error
    finally:
        os.close(handle)
    return size if size < len(buffer) else -1


def _read_slow(handle: int, buffer: bytearray | memoryview, start: int) -> int:
    """Read on from ``start`` until the end or the buffer is full; return the bytes that came."""
    at = start
    while at < len(buffer):
        more = os.read(handle, len(buffer) - at)
        if not more:
            break
        buffer[at : at + len(more)] = more
        at += len(more)
    return at - start
