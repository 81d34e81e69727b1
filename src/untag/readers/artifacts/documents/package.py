"""Documents that are a zip inside: OOXML, OpenDocument, EPUB.

The zip is opened by untag's own container, so that the Budget, bombs, members of one
name and encrypted members are handled as everywhere. What a document's reader does not
read itself is handed on as an embedded file: pictures, objects, macros, fonts, custom XML.
"""

from __future__ import annotations

import mmap
import posixpath
import tempfile
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import unquote

from untag.errors import ReadError
from untag.limits import MIB
from untag.model import Blob, Gap
from untag.readers.artifacts.documents import xmlpull
from untag.readers.containers.zip import Zip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Buffer
    from untag.readers.base import Part

HELD: Final = 24 * MIB
"""Bytes of members held in memory; more goes to a temporary file, which is mapped."""


class Package:
    """The members of a document that its reader will read, by name."""

    def __init__(self, blob: Blob, budget: Budget, deadline: Deadline) -> None:
        self.blob = blob
        self.deadline = deadline
        self._budget = budget
        self._held: dict[str, tuple[tuple[str, ...], Buffer | tuple[int, int]]] = {}
        self._size = 0
        self._file: IO[bytes] | None = None
        self._map: mmap.mmap | None = None

    def gather(self, wanted: Callable[[str], bool]) -> Iterator[Blob | Gap]:
        """Keep the members that are wanted; yield all others, and what is wrong with any.

        A second member of a name is read too, under a name of its own.
        """
        budget = self._budget
        try:
            for item in Zip().members(self.blob, budget):
                self.deadline.check()
                name = item.trail[-1]
                if isinstance(item, Gap) or not wanted(name):
                    yield item
                else:
                    self._keep(name, item)
        except ReadError as error:
            yield Gap(self.blob.trail, error.reason, error.detail)
        finally:
            self._settle()

    def _settle(self) -> None:
        """Map the temporary file and let go of it; it is gone when the map is."""
        if self._file is not None:
            with self._file as file:
                self._file = None
                file.flush()
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def _keep(self, name: str, item: Blob) -> None:
        while name in self._held:
            name += "~"
        size = len(item.data)
        self._size += size
        if self._size <= HELD or not isinstance(item.data, bytes):
            self._held[name] = (item.trail, item.data)
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="untag-")  # noqa: SIM115 - lives as long as the package
            start = self._file.seek(0, 2)
            self._file.write(item.data)
        except OSError as error:
            raise ReadError("limit", f"no room for a temporary file: {error.strerror}") from error
        self._held[name] = (item.trail, (start, start + size))

    def names(self) -> list[str]:
        """Return the names of what was kept, in the archive's order."""
        return list(self._held)

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def data(self, name: str) -> Buffer:
        """Return the bytes of a kept member."""
        _, where = self._held[name]
        if not isinstance(where, tuple):
            return where
        assert self._map is not None, "gather was not read to its end"
        return memoryview(self._map)[where[0] : where[1]]

    def events(self, name: str) -> Iterator[xmlpull.Event]:
        """Yield the events of a kept XML member."""
        yield from xmlpull.events(self.data(name), self.deadline)

    def guarded(self, name: str, parts: Iterator[Part | Blob | Gap]) -> Iterator[Part | Blob | Gap]:
        """Yield the parts of one member; where it breaks off, a Gap, and its bytes to be searched as they are."""
        try:
            yield from parts
        except ReadError as error:
            trail, _ = self._held[name]
            yield Gap(trail, error.reason, error.detail)
            if error.reason != "limit":
                yield Blob(trail, self.data(name))

    def relations(self, name: str) -> dict[str, str]:
        """Return the targets inside the package that a member refers to, by their id; a damaged list is empty."""
        folder, base = posixpath.split(name.rstrip("~"))
        found: dict[str, str] = {}
        path = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if path not in self._held:
            return found
        try:
            for event in self.events(path):
                if event.kind == xmlpull.START and event.name == "Relationship":
                    a = event.attributes
                    if a.get("TargetMode") != "External":
                        found[a.get("Id", "")] = resolved(folder, a.get("Target", ""))
        except ReadError:
            pass  # the member itself is read without its list
        return found


def resolved(folder: str, target: str) -> str:
    """Return the member that a reference from ``folder`` names; it cannot leave the package."""
    target = unquote(target.split("#", 1)[0])
    path = target if target.startswith("/") else f"{folder}/{target}"
    return posixpath.normpath("/" + path).lstrip("/")
