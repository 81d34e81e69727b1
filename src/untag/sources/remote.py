"""Trees that lie elsewhere: ``s3:``, ``gs:``, ``az:``, ``hf:``, ``http:``, ``https:`` and any file system of fsspec.

A tree is listed, then read object by object: into memory up to `limits.IN_MEMORY`, larger
ones through a temporary file that is mapped and gone when the next one comes. Nothing is
written under a name that a listing gives. Each service stands behind `Tree`; what it
answers is mapped to `SourceError` (nothing can be read), `ReadError` (one object cannot)
or `Broken` (worth another try). Addresses are shown without user, password and query.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Protocol

from untag.errors import ReadError, SourceError, UsageError
from untag.limits import IN_MEMORY, MEMBER_SIZE, NAME, UNPACKED_TOTAL
from untag.model import Blob, Gap
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from untag.model import Buffer
    from untag.sources import SourceOptions

STORES: Final = ("s3", "gs", "az")
"""Object stores, which the extra ``remote`` reads."""
SCHEMES: Final = (*STORES, "hf", "http", "https", "fsspec")
"""What stands before the colon of a remote target."""
OBJECTS: Final = 1_000_000
"""Objects of one tree: their names are sorted in memory, some 200 MB of them."""
TRIES: Final = 3
"""Times an object is asked for before it is given up."""
PAUSE: Final = 0.5
"""Seconds before the second try; twice that before the third."""
PATIENCE: Final = 60.0
"""Seconds that any object may take, however small and slow it is."""
SLOW: Final = 64 << 10
"""Bytes a second below which a transfer is given up once `PATIENCE` has passed: a server that drips holds a scan."""
EXTRA: Final = "pip install 'untag[remote]'"


class Broken(Exception):  # noqa: N818 - no end of anything: it is tried again
    """A transfer that broke off or a service that was busy; the message says which, without addresses."""


class BadListing(Broken):
    """A listing that breaks off at the same place each time: it is not tried again."""


class Entry(NamedTuple):
    """One object of a tree."""

    name: str
    """Path below the target, or the object's own name where the target is one object."""
    key: str
    """What the service calls it."""
    size: int
    """Bytes as the listing says, -1 where it does not."""


class Tree(Protocol):
    """One service at one address."""

    title: str
    """What a report shows: nothing secret."""

    def entries(self) -> Iterator[Entry]:
        """Yield the objects in any order; raise `SourceError` or `Broken` when the listing cannot go on."""

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield the bytes of an object; raise `ReadError` or `Broken`."""


class RemoteSource:
    """A tree, or one object, that is read over a network."""

    def __init__(self, target: str, options: SourceOptions, tree: Tree | None = None) -> None:
        """Check the address; nothing is asked for before `items`. A ``tree`` of one's own is taken as it is."""
        self._tree = tree or _tree(target, options)
        self._options = options

    @property
    def title(self) -> str:
        """The address without user, password and query."""
        return printable(self._tree.title)

    def items(self) -> Iterator[Blob | Gap]:
        """Yield the objects in byte order of their names; raise `SourceError` when nothing can be listed."""
        spent = 0
        entries: list[Entry] = []
        yield from self._list(entries)
        for entry in entries:
            trail = (printable(entry.name[:NAME]),)
            if not _safe(entry.name):
                # no unsafe_path: its bytes were not searched, and the scan must not pass for complete
                yield Gap(trail, "unsupported", "a name that climbs out or is no path: not asked for")
                continue
            if spent + max(entry.size, 0) > UNPACKED_TOTAL:
                yield Gap(
                    trail, "limit", f"more than {UNPACKED_TOTAL:,} bytes in one scan; scan the parts on their own"
                )
                continue
            try:
                data = self._read(entry)
            except ReadError as error:
                yield Gap(trail, error.reason, error.detail)
                continue
            spent += len(data)
            yield Blob(trail, data)

    def _list(self, entries: list[Entry]) -> Iterator[Gap]:
        """Fill in the sorted entries; yield a Gap for what the listing does not reach."""
        for number in range(TRIES):
            entries.clear()
            try:
                for entry in self._tree.entries():
                    if len(entries) >= OBJECTS:
                        yield Gap((self.title,), "limit", f"more than {OBJECTS:,} objects; scan the parts on their own")
                        break
                    entries.append(entry)
                break
            except Broken as error:
                if number + 1 < TRIES and not isinstance(error, BadListing):
                    time.sleep(PAUSE * 2**number)
                    continue
                if not entries:
                    raise SourceError(f"cannot list {self.title}: {error}; check the network and the address") from None
                yield Gap((self.title,), "truncated", f"the listing broke off after {len(entries):,} objects: {error}")
                break
        entries.sort(key=lambda entry: os.fsencode(printable(entry.name)))

    def _read(self, entry: Entry) -> Buffer:
        """Return the bytes of an object, after as many tries as it is worth."""
        cap = min(self._options.size_cap, MEMBER_SIZE)
        if entry.size > cap:
            raise ReadError("limit", f"larger than {cap:,} bytes; fetch it and scan the file")
        if not entry.size:  # many are no files but the marks that stand for folders
            return b""
        for number in range(TRIES):
            if number:
                time.sleep(PAUSE * 2 ** (number - 1))
            try:
                return spooled(self._tree.chunks(entry), cap)
            except Broken as error:
                said = str(error)
        raise ReadError("truncated", f"{said}, {TRIES} times; scan again, or fetch it and scan the file")


def spooled(chunks: Iterable[bytes], cap: int) -> Buffer:
    """Return what arrives: in memory while it is small, above that in an unlinked file that is mapped."""
    parts: list[bytes] = []
    size = 0
    spool: IO[bytes] | None = None
    begun = time.monotonic()
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > cap:
                raise ReadError("limit", f"larger than {cap:,} bytes; fetch it and scan the file")
            passed = time.monotonic() - begun
            if passed > PATIENCE and size < SLOW * passed:
                raise ReadError("limit", f"fewer than {SLOW:,} bytes a second: given up; fetch it and scan the file")
            if spool is None and size > IN_MEMORY:
                spool = tempfile.TemporaryFile(prefix="untag-")  # noqa: SIM115 - its map outlives this block
                spool.writelines(parts)
                parts.clear()
            if spool is None:
                parts.append(bytes(chunk))
            else:
                spool.write(chunk)
        if spool is None:
            return b"".join(parts)
        spool.flush()
        return mmap.mmap(spool.fileno(), size, access=mmap.ACCESS_READ)
    except OSError as error:
        raise ReadError("limit", f"cannot be held in the temporary folder: {error.strerror}") from error
    finally:
        if spool is not None:
            spool.close()


def _safe(name: str) -> bool:
    """Whether a listed name stays below the target; empty parts, which buckets allow, do not climb."""
    if not name or len(name) > NAME or "\0" in name or name[0] == "/":
        return False
    parts = name.replace("\\", "/").split("/")
    return not any(part in (".", "..") for part in parts)


def is_remote(target: str) -> bool:
    """Whether a target is an address that this module reads."""
    return target.partition(":")[0].lower() in SCHEMES and ":" in target


def _tree(target: str, options: SourceOptions) -> Tree:
    """Return the service that an address names."""
    scheme, _, rest = target.partition(":")
    scheme = scheme.lower()
    if any(ord(letter) < 0x21 or ord(letter) == 0x7F for letter in target):  # noqa: PLR2004 - control characters
        raise UsageError("an address cannot hold spaces or control characters; write them as %20")
    if scheme == "fsspec":
        from untag.sources.stores import fsspec_tree  # noqa: PLC0415 - loads where it is used

        return fsspec_tree(rest)
    rest = rest.removeprefix("//").lstrip("/")
    if not rest:
        raise UsageError(f"{scheme}: names nothing; write {scheme}://…")
    if scheme in ("http", "https"):
        from untag.sources.web_file import WebFile  # noqa: PLC0415

        return WebFile(f"{scheme}://{rest}")
    if scheme == "hf":
        from untag.sources.hub import Hub  # noqa: PLC0415

        return Hub(rest, options.environ)
    from untag.sources.stores import store_tree  # noqa: PLC0415

    return store_tree(scheme, rest, options.environ)


__all__ = [
    "EXTRA",
    "SCHEMES",
    "STORES",
    "BadListing",
    "Broken",
    "Entry",
    "RemoteSource",
    "Tree",
    "is_remote",
    "spooled",
]
