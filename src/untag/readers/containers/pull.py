"""Bytes taken in order from chunks that arrive in order; an error that ends them is kept, not raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.errors import ReadError
from untag.limits import IN_MEMORY
from untag.readers.containers.common import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Buffer


class Pull:
    """A stream with one chunk in hand."""

    __slots__ = ("_at", "_chunk", "_chunks", "error")

    def __init__(self, chunks: Iterator[bytes | memoryview]) -> None:
        self._chunks = chunks
        self._chunk: bytes | memoryview = b""
        self._at = 0
        self.error: ReadError | None = None
        """What ended the stream before its time, once it has ended."""

    def _more(self) -> bool:
        """Get the next chunk in hand; False at the end."""
        self._chunk, self._at = b"", 0
        if self.error is not None:
            return False
        try:
            for chunk in self._chunks:
                if len(chunk):
                    self._chunk = chunk
                    return True
        except ReadError as error:
            self.error = error
        return False

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes, fewer only at the end."""
        stop = self._at + count
        if stop <= len(self._chunk):
            piece = self._chunk[self._at : stop]
            self._at = stop
            return piece if type(piece) is bytes else bytes(piece)
        return b"".join(self._pieces(count))

    def _pieces(self, count: int) -> Iterator[bytes | memoryview]:
        """Yield what is in hand and what comes, ``count`` bytes in all."""
        while count > 0:
            if self._at >= len(self._chunk) and not self._more():
                return
            piece = self._chunk[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def member(self, count: int) -> Buffer:
        """Return the next ``count`` bytes: a view or a mapped file where they are more than memory should hold."""
        if count <= IN_MEMORY:
            return self.take(count)
        if isinstance(self._chunk, memoryview) and self._at < len(self._chunk):
            here = self._chunk[self._at : self._at + count]
            if len(here) == count:
                self._at += count
                return here
        spool = Spool()
        for piece in self._pieces(count):
            spool.write(piece)
        return spool.finish()

    def skip(self, count: int) -> int:
        """Pass over ``count`` bytes; return how many there were."""
        left = count
        while left > 0:
            here = len(self._chunk) - self._at
            if here >= left:
                self._at += left
                return count
            left -= here
            if not self._more():
                break
        return count - left

    def rest(self) -> Iterator[bytes]:
        """Yield all that is left, chunk by chunk."""
        for piece in self._pieces(1 << 62):
            yield bytes(piece)

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without passing them; ``count`` is small."""
        piece = self._chunk[self._at : self._at + count]
        if len(piece) == count:
            return bytes(piece)
        head = self.take(count)
        rest = self._chunk[self._at :]
        self._chunk = head + bytes(rest) if len(rest) else head
        self._at = 0
        return head
