"""Tar: v7, ustar, pax and GNU, as a stream of 512-byte blocks.

`tarfile` is an order of magnitude too slow and gives up where this goes on. A sparse
member is read as the bytes that are stored. A link, a device or a FIFO holds no bytes
and is silent, save a link that points out of the archive.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Blob, Gap
from untag.readers.containers.common import TRAILING, Names, Spool, leaves, text
from untag.readers.containers.pull import Pull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.limits import Budget

BLOCK: Final = 512
EXTENDED: Final = 1 << 20
"""Bytes of a pax or long-name header: names and times; real ones have some hundred."""
ZEROS: Final = bytes(BLOCK)
_NO_DATA: Final = frozenset(b"123456")
_ADLER: Final = 65_521


class Tar:
    """An uncompressed tar."""

    name = "tar"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the first block is a header whose checksum fits."""
        return claims(head)

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members."""
        pull = Pull(iter((memoryview(blob.data),)))
        yield from walk(pull, blob.trail, budget, budget.spend)


def claims(head: bytes) -> bool:
    """Whether ``head`` begins with a tar header."""
    if len(head) < BLOCK or head[0] == 0 or head[155] not in b" \0" or head[153] not in b"01234567 \0":
        return False
    return _fits(head[:BLOCK])


def _fits(block: bytes) -> bool:
    """Whether the checksum of a header fits: the sum of its bytes with the checksum itself as spaces."""
    try:
        stated = int(block[148:156].split(b"\0", 1)[0] or b"x", 8)
    except ValueError:
        return False
    # adler32 starts at 1 and keeps the plain sum of the bytes, modulo a prime, in its lower half
    total = (zlib.adler32(block) & 0xFFFF) - 1 - sum(block[148:156]) + 256
    if (total - stated) % _ADLER == 0:
        return True
    signed = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 256  # noqa: PLR2004 - of the format
    return signed == stated


def _number(field: bytes) -> int:
    """Read a number: octal digits, or GNU's base 256 when the top bit is set. Raises ValueError."""
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        if field[0] & 0x40:
            raise ValueError("negative")
        return value
    digits = field.split(b"\0", 1)[0].strip()
    value = int(digits, 8) if digits else 0
    if value < 0:
        raise ValueError("negative")
    return value


def _pax(data: bytes) -> dict[bytes, bytes]:
    """Parse the records of a pax header (length, key and value), as far as they are well formed."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 12)
        if space < 0:
            break
        try:
            stop = at + int(data[at:space])
        except ValueError:
            break
        if stop <= space or stop > len(data):
            break
        key, equals, value = data[space + 1 : stop].partition(b"=")
        if equals:
            found[key] = value.removesuffix(b"\n")
        at = stop
    return found


def walk(
    pull: Pull, trail: tuple[str, ...], budget: Budget, spend: Callable[[int], None] | None
) -> Iterator[Blob | Gap]:
    """Yield the members of the tar that ``pull`` stands at.

    ``spend`` counts the bytes of a member, or is None where the decompressor has.
    """
    return _Walk(pull, trail, budget, spend).run()


class _Walk:
    """The state between the headers of one tar."""

    def __init__(self, pull: Pull, trail: tuple[str, ...], budget: Budget, spend: Callable[[int], None] | None) -> None:
        self.pull = pull
        self.trail = trail
        self.budget = budget
        self.spend = spend
        self.names = Names(trail)
        self.common: dict[bytes, bytes] = {}
        """What a global pax header says of all members."""
        self.pax: dict[bytes, bytes] = {}
        """What extended headers say of the next member."""
        self.gaps: list[Gap] = []

    def run(self) -> Iterator[Blob | Gap]:
        """Yield the members, then whatever follows the end."""
        ended = damaged = False
        while True:
            block = self.pull.take(BLOCK)
            if len(block) < BLOCK:
                if block.strip(b"\0"):
                    yield Gap(self.trail, "truncated", "the tar ends inside a header")
                elif not ended and self.pull.error is None:
                    yield Gap(self.trail, "truncated", "the tar has no end mark")
                return
            if block[0] == 0 and block == ZEROS:
                ended = True
                continue
            if not _fits(block):
                if ended:
                    yield from self._trailing(block)
                    return
                if not damaged:
                    damaged = True
                    yield Gap(self.trail, "corrupt", "a damaged tar header; what follows was searched for the next")
                continue
            if ended:
                ended = False
                yield Gap(self.trail, "corrupt", "members behind the end mark of the tar; they were read")
            damaged = False
            yield from self._entry(block)

    def _trailing(self, block: bytes) -> Iterator[Blob | Gap]:
        """Yield what stands behind the end mark and is no tar."""
        yield Gap((*self.trail, TRAILING), "corrupt", "bytes behind the end mark of the tar; they were read")
        spool = Spool()
        spool.write(block)
        for chunk in self.pull.rest():
            if self.spend is not None:
                self.spend(len(chunk))
            self.budget.check_member(len(spool) + len(chunk), -1)
            spool.write(chunk)
        yield Blob((*self.trail, TRAILING), spool.finish())

    def _entry(self, block: bytes) -> Iterator[Blob | Gap]:
        """Yield what one header announces."""
        kind = block[156]
        try:
            size = _number(block[124:136])
        except ValueError:
            yield Gap(self.trail, "corrupt", "a tar header with a size that is no number")
            return
        if kind in b"xgLKX":
            yield from self._extended(kind, size)
            return
        pax = {**self.common, **self.pax} if self.common or self.pax else self.pax
        self.pax = {}
        if pax:
            stated = pax.get(b"size", b"")
            if stated.isdigit():
                size = int(stated)
        name = self._name(block, pax)
        if kind == 83:  # noqa: PLR2004 - "S": a sparse map goes on in further blocks before the data
            more = block[482]
            while more:
                extension = self.pull.take(BLOCK)
                more = len(extension) == BLOCK and extension[504]
        if kind in _NO_DATA:
            if kind in b"12":
                target = pax.get(b"linkpath") or block[157:257].split(b"\0", 1)[0]
                yield from self._link(kind, name, text(target))
            if not size or self._at_header():
                return
        self.budget.member()
        if kind == 53 or (not size and name.endswith("/")):  # noqa: PLR2004
            if not size:
                return
            yield Gap(self.trail, "corrupt", "a folder in the tar that holds bytes; they were read")
        yield from self._data(name, size)

    def _data(self, name: str, size: int) -> Iterator[Blob | Gap]:
        """Yield one member's bytes."""
        pull = self.pull
        trail = self.names.add(name, self.gaps)
        if self.gaps:
            yield from self.gaps
            self.gaps.clear()
        cap = self.budget.member_size
        data = pull.member(min(size, cap))
        have = len(data)
        if self.spend is not None:
            self.spend(have)
        if have < min(size, cap):
            error = pull.error or ReadError("truncated", "the tar ends inside this member; what there was was read")
            yield Gap(trail, error.reason, error.detail)
        elif size > cap:
            yield Gap(trail, "limit", f"member larger than {cap:,} bytes; the rest was not read")
            pull.skip(size - cap)
        pull.skip(-size % BLOCK)
        yield Blob(trail, data)

    def _extended(self, kind: int, size: int) -> Iterator[Gap]:
        """Keep what a pax or GNU header says of the members that follow."""
        if size > EXTENDED:
            yield Gap(self.trail, "limit", f"an extended tar header larger than {EXTENDED:,} bytes")
            self.pull.skip(size + -size % BLOCK)
            return
        data = self.pull.take(size)
        self.pull.skip(-size % BLOCK)
        if kind in b"LK":
            self.pax[b"path" if kind == 76 else b"linkpath"] = data.split(b"\0", 1)[0]  # noqa: PLR2004
        elif kind in b"xX":
            self.pax.update(_pax(data))
        else:
            self.common.update(_pax(data))

    @staticmethod
    def _name(block: bytes, pax: dict[bytes, bytes]) -> str:
        """Return the member's name: pax, else GNU, else prefix and name of the header."""
        raw = pax.get(b"GNU.sparse.name") or pax.get(b"path") if pax else None
        if not raw:
            raw = block[:100].split(b"\0", 1)[0]
            if block[345] and block[257:263] == b"ustar\0":
                raw = block[345:500].split(b"\0", 1)[0] + b"/" + raw
        return raw.decode() if raw.isascii() else text(raw)

    def _link(self, kind: int, name: str, target: str) -> Iterator[Gap]:
        """Report a link that points out of the archive; a hard link's target is counted from the top."""
        if leaves("" if kind == 49 else name, target):  # noqa: PLR2004
            clean = self.names.add(name, self.gaps)
            self.gaps.clear()
            yield Gap(clean, "link", "a link that points out of the archive")

    def _at_header(self) -> bool:
        """Whether the next block is a header or the end: then an entry that should have no data has none."""
        block = self.pull.peek(BLOCK)
        return len(block) < BLOCK or block == ZEROS or _fits(block)
