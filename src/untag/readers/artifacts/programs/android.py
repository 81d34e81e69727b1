"""Android's binary resources: ``resources.arsc`` and binary XML (AOSP, ResourceTypes.h).

Both are chunks around a pool of strings. In a table a value stands with its key in its
language and an array is a list with its name; in XML a value stands in its element. The
strings of the pool that stand nowhere are yielded on their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from untag.errors import ReadError
from untag.limits import STATEMENT
from untag.model import Gap, Scope
from untag.readers.artifacts.programs.common import AGAIN, LONGEST, SHORTEST, kept, u16, u32
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob

MOST: Final = 256 << 20
"""Bytes of one file of resources."""
ENTRIES: Final = 5_000_000
"""Entries of one table, all languages counted."""
_POOL, _TABLE, _XML, _CDATA, _ELEMENT, _PACKAGE, _TYPE = 0x1, 0x2, 0x3, 0x104, 0x102, 0x200, 0x201
_STRING: Final = 3
"""Type of a value that is a string of the pool."""
_NONE: Final = 0xFFFFFFFF


class Resources:
    """A table of resources or a binary XML file."""

    name = "android"
    version = 1
    formats = ("arsc", "axml")
    verbatim = ("utf-8", "utf-16-le")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether a table or an XML chunk begins here, with a pool of strings as its first chunk."""
        if len(head) < 16 or head[:2] not in (b"\2\0", b"\3\0"):  # noqa: PLR2004 - of the format
            return False
        at = u16(head, 2)
        return at in (8, 12) and head[at : at + 4] == b"\1\0\x1c\0"

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield keys with their values, elements with their attributes, then what is left of the pool."""
        if len(blob.data) > MOST:
            raise ReadError("limit", f"resources larger than {MOST:,} bytes")
        read = _Resources(bytes(blob.data), deadline)
        try:
            yield from read.parts()
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
        yield from read.left()
        if any(pool.broken for pool in read.pools):
            yield Gap(blob.trail, "corrupt", "strings that lie outside of the resources; the others were read")


class _Pool:
    """One pool of strings, decoded one by one."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        count, self.wide = u32(data, at + 8), not u32(data, at + 16) & 0x100
        self.start = at + u32(data, at + 20)
        self.table = at + u16(data, at + 2)
        self.count = max(0, min(count, (len(data) - self.table) // 4))
        self.broken = self.count < count
        """Whether a string lies outside of the file."""
        self.used = bytearray(self.count)

    def text(self, number: int) -> str:
        """Return a string, which counts as used; empty where there is none."""
        if number >= self.count:
            return ""
        again, self.used[number] = self.used[number], 1
        return self.peek(number)[:AGAIN] if again else self.peek(number)

    def peek(self, number: int) -> str:
        """Return a string; empty where it lies outside of the file."""
        at = self.start + u32(self.data, self.table + 4 * number)
        try:
            if self.wide:
                size = u16(self.data, at)
                at += 2
                if size & 0x8000:
                    size, at = (size & 0x7FFF) << 16 | u16(self.data, at), at + 2
                return self.data[at : at + 2 * min(size, LONGEST)].decode("utf-16-le", "replace")
            at += 1 + (self.data[at] >> 7)
            size = self.data[at]
            at += 1
            if size & 0x80:
                size, at = (size & 0x7F) << 8 | self.data[at], at + 1
            return self.data[at : at + size].decode("utf-8", "replace")
        except (IndexError, ReadError):
            self.broken = True
            return ""


class _Chunk(NamedTuple):
    kind: int
    head: int
    start: int
    stop: int


class _Resources:
    """One file."""

    def __init__(self, data: bytes, deadline: Deadline) -> None:
        self.data = data
        self.deadline = deadline
        self.pools: list[_Pool] = []
        self.entries = 0

    def chunks(self, at: int, stop: int) -> Iterator[_Chunk]:
        """Yield the chunks of a range; raise `ReadError` at one that does not fit."""
        while at + 8 <= stop:
            self.deadline.check()
            kind, head, size = u16(self.data, at), u16(self.data, at + 2), u32(self.data, at + 4)
            if size < 8 or head > size:  # noqa: PLR2004 - of the format
                raise ReadError("corrupt", "a chunk smaller than its head; what stood before it was read")
            yield _Chunk(kind, head, at, min(at + size, stop))
            if at + size > stop:
                raise ReadError("truncated", "the resources end early; what there was was read")
            at += size

    def pool(self, chunk: _Chunk) -> _Pool:
        """Return the pool in a chunk."""
        found = _Pool(self.data, chunk.start)
        self.pools.append(found)
        return found

    def parts(self) -> Iterator[Part]:
        """Yield what the chunks say."""
        data = self.data
        strings: _Pool | None = None
        for chunk in self.chunks(u16(data, 2), len(data)):
            if chunk.kind == _POOL:
                strings = self.pool(chunk)
            elif strings is not None and chunk.kind == _PACKAGE:
                yield from self._package(chunk, strings)
            elif strings is not None and chunk.kind == _ELEMENT:
                yield from self._element(chunk, strings)
            elif strings is not None and chunk.kind == _CDATA:
                yield Part(strings.text(u32(data, chunk.start + 16)), "prose", Scope("file", ""))

    def _element(self, chunk: _Chunk, strings: _Pool) -> Iterator[Part]:
        data, at = self.data, chunk.start
        name = strings.text(u32(data, at + 20))
        start, size, count = at + 16 + u16(data, at + 24), u16(data, at + 26), u16(data, at + 28)
        found = []
        for number in range(count if size >= 20 else 0):  # noqa: PLR2004 - of the format
            row = start + number * size
            if row + 20 > chunk.stop:
                break
            value = u32(data, row + 8)
            if value == _NONE and data[row + 15] == _STRING:
                value = u32(data, row + 16)
            found.append((strings.text(u32(data, row + 4)), "" if value == _NONE else strings.text(value)))
        pairs = " ".join(f'{key}="{value}"' if value else key for key, value in found)
        said = f"<{name} {pairs}>"[:STATEMENT]
        scope = Scope("element", name, kept(key for key, _ in found))
        yield Part(name, "declaration", scope, said)
        for key, text in found:
            yield Part(key, "key", scope, f'{key}="{text}"' if text else said)
            if len(text) >= SHORTEST:
                yield Part(text, "value", scope, f'{key}="{text}"')

    def _package(self, chunk: _Chunk, strings: _Pool) -> Iterator[Part]:
        data = self.data
        pools: list[_Pool] = []
        for inner in self.chunks(chunk.start + chunk.head, chunk.stop):
            if inner.kind == _POOL:
                pools.append(self.pool(inner))
            elif inner.kind == _TYPE and len(pools) > 1:
                number = data[inner.start + 8] if inner.start + 8 < len(data) else 0
                language = data[inner.start + 28 : inner.start + 30]
                where = pools[0].text(number - 1)
                if language.isalpha():
                    where += f"-{language.decode('ascii', 'replace')}"
                yield from self._type(inner, where, strings, pools[1])

    def _places(self, chunk: _Chunk) -> Iterator[int]:
        """Yield where the entries of a type stand."""
        data, at = self.data, chunk.start
        flags, count, start = data[at + 9], u32(data, at + 12), at + u32(data, at + 16)
        table = at + chunk.head
        size = 2 if flags & 2 else 4
        for row in range(table, min(table + count * size, chunk.stop - size + 1), size):
            if flags & 1:  # sparse: number and place in four-byte steps
                yield start + 4 * u16(data, row + 2)
            elif flags & 2:
                if u16(data, row) != 0xFFFF:  # noqa: PLR2004 - no entry
                    yield start + 4 * u16(data, row)
            elif u32(data, row) != _NONE:
                yield start + u32(data, row)

    def _type(self, chunk: _Chunk, where: str, strings: _Pool, keys: _Pool) -> Iterator[Part]:
        """Yield the entries of one type in one configuration."""
        data = self.data
        scope = Scope("map", where)
        for at in self._places(chunk):
            self.entries += 1
            if self.entries % 1024 == 0:
                self.deadline.check()
            if self.entries > ENTRIES:
                raise ReadError("limit", f"more than {ENTRIES:,} resources in one table")
            if at + 16 > chunk.stop:
                continue
            flags = u16(data, at + 2)
            if flags & 8:  # a compact entry: the key where the size was, the kind of value beside the flags
                key, values = keys.text(u16(data, at)), []
                if flags >> 8 == _STRING:
                    values.append(strings.text(u32(data, at + 4)))
            elif flags & 1:
                key, count = keys.text(u32(data, at + 4)), u32(data, at + 12)
                rows = range(at + 16, min(at + 16 + 12 * count, chunk.stop - 11), 12)
                values = [strings.text(u32(data, row + 8)) for row in rows if data[row + 7] == _STRING]
                yield from _array(key, values, scope)
                continue
            else:
                key = keys.text(u32(data, at + 4))
                values = [strings.text(u32(data, at + 12))] if data[at + 11] == _STRING else []
            value = values[0] if values else ""
            if len(key) >= SHORTEST:
                yield Part(key, "key", scope, f"{key} = {value}" if value else "")
            if len(value) >= SHORTEST and not value.startswith("res/"):
                yield Part(value, "value", scope, f"{key} = {value}")

    def left(self) -> Iterator[Part]:
        """Yield the strings of the pools that stood nowhere."""
        scope = Scope("file", "")
        for pool in self.pools:
            for number in range(pool.count):
                if not pool.used[number]:
                    text = pool.peek(number)
                    if len(text) >= SHORTEST:
                        yield Part(text, "string", scope)


def _array(key: str, values: list[str], scope: Scope) -> Iterator[Part]:
    """Yield an array, a plural or a style: its name, then its items."""
    inside = Scope("list", key, kept(values), "", scope)
    yield Part(key, "declaration", inside, f"{key} = {', '.join(values)}"[:STATEMENT] if values else "")
    for value in values:
        if len(value) >= SHORTEST:
            yield Part(value, "item", inside)
