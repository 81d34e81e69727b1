"""7z, with the extra ``untag[sevenzip]``: its members are unpacked into one unlinked file and mapped.

A solid 7z can only be unpacked from its start, so all members of one archive are
unpacked before the first is yielded; they lie on disk, not in memory.
"""

from __future__ import annotations

import io
import mmap
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.model import Blob, Gap
from untag.readers.containers.common import Meter, Names, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget

MAGIC: Final = b"7z\xbc\xaf\x27\x1c"


class SevenZip:
    """7-Zip archives."""

    name = "7z"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the content begins like 7z."""
        return head[:6] == MAGIC

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members."""
        try:
            import py7zr  # noqa: PLC0415 - loads where it is used
        except ImportError:
            yield Gap(blob.trail, "missing_extra", "7z needs an extra: pip install 'untag[sevenzip]'")
            return
        try:
            file = tempfile.TemporaryFile(prefix="untag-")  # noqa: SIM115 - its map outlives this block
        except OSError as error:
            raise ReadError("limit", f"no room for a temporary file: {error.strerror}") from error
        with file:
            taken = _Taken(py7zr, file, blob, budget)
            ended = taken.unpack()
            file.flush()
            size = file.tell()
            store = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)) if size else memoryview(b"")
        yield from taken.members(store)
        if ended is not None:
            yield Gap(blob.trail, ended.reason, ended.detail)


class _Taken:
    """What came out of one archive."""

    def __init__(self, py7zr: Any, file: IO[bytes], blob: Blob, budget: Budget) -> None:
        self.py7zr = py7zr
        self.file = file
        self.blob = blob
        self.budget = budget
        self.meter = Meter(budget, len(blob.data))
        self.spans: dict[int, tuple[int, int]] = {}
        """Where in the file each member that was begun stands."""
        self.files: list[Any] = []

    def unpack(self) -> ReadError | None:
        """Unpack all members; return what ended it early, if anything did."""
        errors = self.py7zr.exceptions
        try:
            source = io.BufferedReader(_View(memoryview(self.blob.data)))
            with self.py7zr.SevenZipFile(source) as archive:
                if archive.needs_password():
                    return ReadError("encrypted", "an encrypted 7z; unpack it with its password")
                self.files = list(archive.files)
                factory = _factory(self.py7zr, self)
                for index, file in enumerate(self.files):
                    self.budget.member()
                    if not file.is_directory:
                        # by number: py7zr refuses a whole archive for one name that climbs out of it
                        archive.worker.register_filelike(file.id, self.py7zr.io.MemIO(str(index), factory))
                archive.worker.extract(archive.fp, None, parallel=False)
        except ReadError as error:
            return error
        except errors.PasswordRequired:
            return ReadError("encrypted", "an encrypted 7z; unpack it with its password")
        except errors.UnsupportedCompressionMethodError as error:
            return ReadError("unsupported", f"a compression method of 7z that is not known: {error}")
        except Exception as error:  # noqa: BLE001 - whatever a hostile archive makes of a foreign parser
            return ReadError("corrupt", f"the 7z is damaged ({type(error).__name__}); what came before was read")
        return None

    def members(self, store: memoryview) -> Iterator[Blob | Gap]:
        """Yield the members from what was unpacked, in the archive's order."""
        names = Names(self.blob.trail)
        gaps: list[Gap] = []
        for index, file in enumerate(self.files):
            if index not in self.spans:
                continue
            trail = names.add(file.filename, gaps)
            yield from gaps
            gaps.clear()
            start, stop = self.spans[index]
            if file.is_symlink and stop - start < 4_096:  # noqa: PLR2004 - of the format
                if leaves(file.filename, bytes(store[start:stop]).decode("utf-8", "replace")):
                    yield Gap(trail, "link", "a link that points out of the archive")
                continue
            yield Blob(trail, store[start:stop])


class _View(io.RawIOBase):
    """A buffer as a file, without a copy."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (0, self._at, len(self._data))[whence]
        if base + offset < 0:
            raise OSError("seek before the start")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        piece = self._data[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _factory(py7zr: Any, taken: _Taken) -> Any:
    """Return what py7zr asks for a place to write each member to; its classes exist only once it is imported."""

    class Sink(py7zr.Py7zIO):  # type: ignore[misc] # a foreign base
        def __init__(self, index: int) -> None:
            self.index = index
            at = taken.file.tell()
            taken.spans[index] = (at, at)

        def write(self, s: bytes | bytearray) -> int:
            taken.meter.add(len(s))
            taken.file.write(s)
            start, stop = taken.spans[self.index]
            taken.budget.check_member(stop + len(s) - start, len(taken.blob.data))
            taken.spans[self.index] = (start, stop + len(s))
            return len(s)

        def read(self, size: int | None = None) -> bytes:  # noqa: ARG002
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
            return 0

        def flush(self) -> None:
            pass

        def size(self) -> int:
            start, stop = taken.spans[self.index]
            return stop - start

    class Factory(py7zr.WriterFactory):  # type: ignore[misc]
        def create(self, filename: str) -> Any:
            return Sink(int(filename))

    return Factory()
