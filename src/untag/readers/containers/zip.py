"""Zip, and what is a zip inside: wheels, jars, apks, office documents, files with a zip behind them.

What the central directory says is read; where a local header names another file, sizes
or checksums differ, or members overlap, a Gap says so. Bytes between the members that no
entry claims are read too: local entries found there as members, the rest as it is.
"""

from __future__ import annotations

import stat
import struct
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.limits import IN_MEMORY, Budget
from untag.model import Blob, Buffer, Gap
from untag.readers.containers import codecs, zipdir
from untag.readers.containers.codecs import fast
from untag.readers.containers.common import TRAILING, Meter, Names, blank, gathered, leaves, text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

DEFLATE: Final = 8
LINK: Final = 4_096
"""Bytes of a link's target; a member that says it is a link and holds more is read."""
SLACK: Final = 32
"""Bytes between two members that are worth reading: more than a data descriptor or alignment."""
_LOCAL: Final = struct.Struct("<4s5H3L2H")


class Zip:
    """All zips, by the end record at their end or a local header at their start."""

    name = "zip"
    splits = True
    """`members` can be asked for a share of them."""
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a local header, an empty archive or the first part of a split one begins here."""
        return head[:4] in (zipdir.LOCAL, zipdir.END, b"PK\x07\x08", b"PK00")

    def claims_tail(self, tail: bytes) -> bool:
        """Whether the last bytes (`zipdir.TAIL` of them) hold the end of a zip: something may stand before it."""
        return b"\0" in tail and zipdir.find_end(tail) >= 0

    def count(self, blob: Blob) -> int:
        """Return the number of members that the directory holds, to judge whether splitting pays."""
        directory = zipdir.read(memoryview(blob.data))
        return len(directory.entries) if directory else 0

    def members(self, blob: Blob, budget: Budget, part: tuple[int, int] = (0, 1)) -> Iterator[Blob | Gap]:
        """Yield the members; of ``part`` ``(i, n)``, the i-th of n shares of about the same packed size.

        The shares of one archive together yield exactly what the whole does, in its order.
        """
        data = memoryview(blob.data)
        directory = zipdir.read(data)
        if directory is None:
            if part[0] == 0:
                yield Gap(blob.trail, "truncated", "the zip has no end record; its members were read one by one")
                yield from _Reader(data, blob.trail, budget).loose(0, len(data), listed=True)
            return
        yield from _Reader(data, blob.trail, budget).run(directory, part)


def _share(entries: list[zipdir.Entry], part: tuple[int, int]) -> tuple[int, int]:
    """Return the range of indices that is the i-th of n shares of equal weight."""
    index, count = part
    if count <= 1:
        return 0, len(entries)
    weights = [entry.packed + 2_000 for entry in entries]  # a member costs about what 2 kB cost
    total = sum(weights)
    bounds = [0]
    so_far = 0
    for at, weight in enumerate(weights):
        so_far += weight
        while len(bounds) < count and so_far * count >= total * len(bounds):
            bounds.append(at + 1)
    bounds += [len(entries)] * (count + 1 - len(bounds))
    return bounds[index], bounds[index + 1]


class _Reader:
    """One archive being read."""

    def __init__(self, data: memoryview, trail: tuple[str, ...], budget: Budget) -> None:
        self.data = data
        self.trail = trail
        self.budget = budget
        self.names = Names(trail)
        self.meter = Meter(budget, len(data))
        self.gaps: list[Gap] = []

    def run(self, directory: zipdir.Directory, part: tuple[int, int]) -> Iterator[Blob | Gap]:
        """Yield the members of a share, and what stands between them; the first share reports on the whole."""
        entries = directory.entries
        first, last = _share(entries, part)
        overlapping, following = _layout(entries, directory.start)
        begin = min((entry.start for entry in entries), default=directory.start)
        if part[0] == 0:
            for note in directory.notes:
                yield Gap(self.trail, "corrupt", f"{note}; what the directory holds was read")
            if begin > 0 and bytes(self.data[:4]) in (zipdir.LOCAL, b"PK\x07\x08", b"PK00"):
                yield from self._slack(0, begin)
        for entry in entries[:first]:
            self.names.add(entry.name, [])
        for index in range(first, last):
            entry = entries[index]
            end = yield from self._entry(entry, overlapping=index in overlapping)
            stop = following.get(entry.start, end)
            if end and stop > end:
                yield from self._slack(end, stop)
        if part[0] == part[1] - 1:
            if directory.comment:
                yield Blob((*self.trail, "~comment"), directory.comment)
            rest = self.data[directory.end :]
            if len(rest) and not blank(rest):
                yield Blob((*self.trail, TRAILING), rest)

    def _entry(self, entry: zipdir.Entry, *, overlapping: bool) -> Generator[Blob | Gap, None, int]:
        """Yield one member; return where its bytes end, 0 when that is not known."""
        self.budget.member()
        if entry.name.endswith("/") and not entry.size and entry.packed < SLACK:  # a folder; some compress its nothing
            at = self._data_start(entry)
            return at + entry.packed if at > 0 else 0
        trail = self.names.add(entry.name, self.gaps)
        if self.gaps:
            yield from self.gaps
            self.gaps.clear()
        if overlapping:
            yield Gap(trail, "corrupt", "shares its bytes with another member: a zip bomb? Not read")
            return 0
        at = self._data_start(entry)
        if at < 0:
            yield Gap(trail, "corrupt", "the directory points where no member stands; it was not read")
            return 0
        if at == 0:
            at = self._data_start(entry, check=False)
            yield Gap(trail, "corrupt", "the local header gives another name; read as the directory has it")
        end = min(at + entry.packed, len(self.data))
        if entry.flags & 0x2041:
            yield Gap(trail, "encrypted", "an encrypted member; unpack the archive with its password")
            return end
        content, error = self._content(entry, self.data[at:end])
        if at + entry.packed > len(self.data):
            error = ReadError("truncated", "the archive ends inside this member; what there was was read")
        if error is not None:
            yield Gap(trail, error.reason, error.detail)
            if not len(content):
                return end
        elif len(content) != entry.size or fast.crc32(content) != entry.crc:
            yield Gap(trail, "corrupt", "size or checksum differ from what the directory states; it was read as it is")
        if entry.mode and stat.S_ISLNK(entry.mode) and len(content) <= LINK:
            if leaves(entry.name, bytes(content).decode("utf-8", "replace")):
                yield Gap(trail, "link", "a link that points out of the archive")
            return end
        yield Blob(trail, content)
        return end

    def _data_start(self, entry: zipdir.Entry, *, check: bool = True) -> int:
        """Return where the member's bytes begin: -1 when no header stands there, 0 when it names another."""
        at = entry.start
        if at < 0 or at + _LOCAL.size > len(self.data):
            return -1
        fields = _LOCAL.unpack_from(self.data, at)
        if fields[0] != zipdir.LOCAL:
            return -1
        at += _LOCAL.size
        names, extras = fields[9], fields[10]
        if check and self.data[at : at + names] != entry.raw:
            return 0
        return int(at + names + extras)

    def _content(self, entry: zipdir.Entry, packed: memoryview) -> tuple[Buffer, ReadError | None]:
        """Unpack one member: at one go where it is small, in chunks where it is large or odd."""
        method, size = entry.method, entry.size
        if method == DEFLATE and size <= IN_MEMORY:
            machine = fast.decompressobj(wbits=-15)
            try:
                content: bytes = machine.decompress(packed, size + 1)
                if machine.eof and len(content) == size:
                    self.meter.add(size)
                    return content, None
            except LimitError:
                raise
            except Exception:  # noqa: S110, BLE001 - the chunks below say what is wrong
                pass
        elif method == 0:
            self.meter.add(len(packed))
            return (bytes(packed) if len(packed) <= IN_MEMORY else packed), None
        chunks = _chunks(method, packed, size)
        if chunks is None:
            return b"", ReadError("unsupported", f"compression method {method}; unpack the archive with its own tool")
        return gathered(self._metered(chunks), self.budget, len(packed))

    def _metered(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.meter.add(len(chunk))
            yield chunk

    def _slack(self, start: int, stop: int) -> Iterator[Blob | Gap]:
        """Yield what stands in bytes that no entry claims."""
        rest = self.data[start:stop]
        if bytes(rest[:4]) == b"PK\x07\x08":
            rest = rest[16:]
        if len(rest) < SLACK or blank(rest):
            return
        yield from self.loose(stop - len(rest), stop)

    def loose(self, at: int, stop: int, *, listed: bool = False) -> Iterator[Blob | Gap]:
        """Yield the local entries that stand between ``at`` and ``stop``, and the bytes around them.

        ``listed`` is for an archive whose directory is lost: then no member is a stowaway.
        """
        while stop - at >= _LOCAL.size:
            found = _find(self.data, zipdir.LOCAL, at, stop)
            rest = self.data[at : stop if found < 0 else found]
            directory = bytes(rest[:4]) in (zipdir.CENTRAL, zipdir.END)
            if len(rest) >= SLACK and not directory and not blank(rest):
                self.budget.member()
                yield Blob((*self.trail, f"~between-{at}"), rest)
            if found < 0:
                return
            at = yield from self._loose_entry(found, stop, listed=listed)

    def _loose_entry(self, at: int, stop: int, *, listed: bool) -> Generator[Blob | Gap, None, int]:
        """Yield one member by its local header alone; return where it ends."""
        if stop - at < _LOCAL.size:
            return stop
        _, _, flags, method, _, _, crc, packed, size, names, extras = _LOCAL.unpack_from(self.data, at)
        start = at + _LOCAL.size + names + extras
        raw = bytes(self.data[at + _LOCAL.size : at + _LOCAL.size + names])
        if not raw or start > stop:
            return at + 4
        if raw.endswith(b"/") and not size and not packed:
            return int(start)
        self.budget.member()
        trail = self.names.add(text(raw), self.gaps)
        yield from self.gaps
        self.gaps.clear()
        if not listed:
            yield Gap(trail, "corrupt", "a member that the central directory does not list; it was read")
        if flags & 0x2041:
            yield Gap(trail, "encrypted", "an encrypted member; unpack the archive with its password")
            return int(start + packed)
        open_ended = bool(flags & 8 and not packed)
        if open_ended and method != DEFLATE:
            found = _find(self.data, b"PK", start, stop)
            packed = (stop if found < 0 else found) - start
        end = stop if open_ended and method == DEFLATE else min(start + packed, stop)
        tail = codecs.Tail()
        body = self.data[start:end]
        chunks = codecs.inflated(body, tail) if method == DEFLATE else _chunks(method, body, size)
        if chunks is None:
            yield Gap(trail, "unsupported", f"compression method {method}; unpack the archive with its own tool")
            return end
        content, error = gathered(self._metered(chunks), self.budget, len(body))
        if error is not None:
            yield Gap(trail, error.reason, error.detail)
        elif not open_ended and fast.crc32(content) != crc:
            yield Gap(trail, "corrupt", "the checksum differs from what its header states; it was read as it is")
        if len(content):
            yield Blob(trail, content)
        return int(start + tail.at if open_ended and tail.at else end)


def _layout(entries: list[zipdir.Entry], end: int) -> tuple[set[int], dict[int, int]]:
    """Return the indices of entries that lie on another's bytes, and where each start's follower starts."""
    order = sorted(range(len(entries)), key=lambda index: (entries[index].start, index))
    overlapping: set[int] = set()
    following: dict[int, int] = {}
    reach = last = -1
    for index in order:
        entry = entries[index]
        if entry.start < reach:
            overlapping.add(index)
            continue
        if last >= 0:
            following[last] = entry.start
        last = entry.start
        # the local header's own extra field may be longer still: this is the least it takes
        reach = entry.start + _LOCAL.size + len(entry.raw) + entry.packed
    if last >= 0:
        following[last] = end
    return overlapping, following


def _chunks(method: int, packed: memoryview, size: int) -> Iterator[bytes] | None:
    """Return the chunks of a member by its compression method, or None for one that is not known."""
    tail = codecs.Tail()
    if method == DEFLATE:
        return codecs.inflated(packed, tail)
    if method == 0:
        return iter((bytes(packed),))
    if method == 9:  # noqa: PLR2004 - of the format
        return codecs.inflated64(packed)
    if method == 12:  # noqa: PLR2004
        return codecs.bunzipped(packed, tail)
    if method == 14:  # noqa: PLR2004
        return codecs.unlzma_zip(packed, size)
    if method in (20, 93):
        return codecs.unzstd(packed, tail)
    if method == 95:  # noqa: PLR2004
        return codecs.unxz(packed, tail)
    return None


def _find(data: memoryview, sign: bytes, start: int, stop: int) -> int:
    """Return where ``sign`` stands between ``start`` and ``stop``, or -1, in steps that fit memory."""
    step = 1 << 20
    while start < stop:
        found = bytes(data[start : min(start + step + len(sign), stop)]).find(sign)
        if found >= 0:
            return start + found
        start += step
    return -1
