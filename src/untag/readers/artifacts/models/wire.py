"""Protocol buffers as they stand in a file: fields by number, in place, without a schema or a copy.

ONNX, TensorFlow, CoreML, Caffe and PaddlePaddle all write their graphs in this one encoding
(protobuf.dev/programming-guides/encoding): a varint of field number and wire type, then a
varint, 4 or 8 bytes, or a length and that many bytes. What a reader does not ask for is passed
over by its length, so that a tensor of gigabytes costs one comparison.

A broken message ends where it breaks and leaves a `Gap`; what stands before it, and what
follows the message that holds it, is still read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.model import Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.model import Buffer

VARINT: Final = 0
FIXED64: Final = 1
LEN: Final = 2
FIXED32: Final = 5

Field = tuple[int, int, int, int]
"""Number, wire type, and start and stop of the bytes; of a varint, its value and 0."""

NESTED: Final = 40
"""Messages of one kind inside each other (subgraphs, blocks, pipelines): real ones have 3, Python's stack ends."""
TEXT: Final = 1 << 20
"""Bytes of one text that are decoded; the longest real one, an OCR alphabet in ONNX metadata, has 27 kB."""
GAPS: Final = 20
"""Different faults told of one file."""
_BYTE: Final = 0x7F
_TICKS: Final = 0xFFF
"""Fields between two looks at the clock, less one."""
_VARINT_BITS: Final = 63


class Wire:
    """One file of protocol buffers, read in place."""

    __slots__ = ("_ticks", "data", "deadline", "gaps", "size", "trail")

    def __init__(self, data: Buffer, trail: tuple[str, ...], deadline: Deadline | None = None) -> None:
        self.data = data
        self.size = len(data)
        self.trail = trail
        self.deadline = deadline
        self.gaps: dict[tuple[str, str], Gap] = {}
        """What could not be read so far, each fault once."""
        self._ticks = 0

    def note(self, reason: str, detail: str) -> None:
        """Remember a fault; it is told when the file is done."""
        key = (reason, "" if reason == "truncated" else detail)
        if len(self.gaps) < GAPS:
            self.gaps.setdefault(key, Gap(self.trail, reason, detail))

    def fields(self, start: int, stop: int) -> Iterator[Field]:
        """Yield the fields of the message at ``start`` to ``stop``, to its end or to where it breaks.

        A field that is cut off by the end of the file is yielded as far as it goes.
        """
        data, at = self.data, start
        while at < stop:
            self._ticks += 1
            if not self._ticks & _TICKS and self.deadline is not None:
                self.deadline.check()
            tag: int = data[at]
            at += 1
            if tag > _BYTE:
                tag, at = self._varint(at - 1, stop)
            number, kind = tag >> 3, tag & 7
            if kind == LEN:
                size, at = self._varint(at, stop)
                if at < 0:
                    return
                end = at + size
                if end > stop:
                    self._broken(stop, f"field {number} is longer than what holds it")
                    if stop == self.size:
                        yield number, kind, at, stop
                    return
            elif kind == VARINT:
                value, at = self._varint(at, stop)
                if at < 0:
                    return
                yield number, kind, value, 0
                continue
            elif kind in (FIXED32, FIXED64):
                end = at + (4 if kind == FIXED32 else 8)
            else:
                self.note("corrupt", f"wire type {kind} at byte {at - 1} is none that models are written with")
                return
            if number == 0 or at < 0 or end > stop:
                self._broken(stop, f"no field can begin at byte {at}")
                return
            yield number, kind, at, end
            at = end

    def _varint(self, at: int, stop: int) -> tuple[int, int]:
        """Return the number at ``at`` and where it ends; a negative place where it breaks."""
        value = shift = 0
        if at < 0:
            return 0, -1
        while at < stop and shift <= _VARINT_BITS:
            byte: int = self.data[at]
            at += 1
            value |= (byte & _BYTE) << shift
            if byte <= _BYTE:
                return value, at
            shift += 7
        self._broken(stop if shift <= _VARINT_BITS else -1, f"the number before byte {at} has no end")
        return 0, -1

    def _broken(self, stop: int, detail: str) -> None:
        """Note a fault: the end of the file is a cut, any other end is damage."""
        if stop == self.size:
            self.note("truncated", f"ends after {self.size:,} bytes, inside a message; what stands before was read")
        else:
            self.note("corrupt", detail)

    def text(self, start: int, stop: int) -> str:
        """Return the text of a field, which is UTF-8 by the book and GB18030 in some models' labels."""
        if stop - start > TEXT:
            self.note("limit", f"a text of {stop - start:,} bytes was read for its first {TEXT:,}")
            stop = start + TEXT
        return decode(bytes(self.data[start:stop]))

    def strings(self, start: int, stop: int, number: int, most: int) -> list[str]:
        """Return the texts in field ``number`` of a message, at most ``most``."""
        out: list[str] = []
        for field, kind, low, high in self.fields(start, stop):
            if field == number and kind == LEN:
                if len(out) >= most:
                    self.note("limit", f"a list of more than {most:,} texts was read for its first {most:,}")
                    break
                out.append(self.text(low, high))
        return out

    def first(self, start: int, stop: int, number: int) -> str:
        """Return the text in the first field ``number`` of a message, else an empty one."""
        for field, kind, low, high in self.fields(start, stop):
            if field == number and kind == LEN:
                return self.text(low, high)
        return ""

    def number(self, start: int, stop: int, number: int) -> int:
        """Return the varint in the first field ``number`` of a message, else 0."""
        for field, kind, value, _ in self.fields(start, stop):
            if field == number and kind == VARINT:
                return value
        return 0

    def entry(self, start: int, stop: int) -> tuple[str, int, int]:
        """Return the key of a map's entry, and where its value starts and stops."""
        key, low, high = "", start, start
        for field, kind, begin, end in self.fields(start, stop):
            if kind == LEN and field == 1:
                key = self.text(begin, end)
            elif kind == LEN and field == 2:  # noqa: PLR2004 - of the encoding of maps
                low, high = begin, end
        return key, low, high

    def pair(self, start: int, stop: int) -> tuple[str, str]:
        """Return key and value of a map's entry from text to text."""
        key, low, high = self.entry(start, stop)
        return key, self.text(low, high)


def decode(data: bytes) -> str:
    """Return text from bytes that should be UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def printable(data: bytes) -> bool:
    """Whether bytes are text of some length: UTF-8 without control characters."""
    if not data:
        return False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() or not any(c < " " and c not in "\t\n\r" for c in text)


def signed(value: int) -> int:
    """Return a varint as the int64 that it stands for."""
    return value - (1 << 64) if value >> 63 else value


def outline(head: bytes) -> list[Field]:
    """Return the fields of a message whose beginning is ``head``, to its end or to where it breaks.

    The last one may reach beyond: it is clipped to what there is. For `claims`.
    """
    return list(Wire(head, ()).fields(0, len(head)))


def inner(head: bytes, field: Field) -> list[Field]:
    """Return the fields of a message inside ``head``; an empty list where it breaks before the head's end."""
    _, kind, low, high = field
    if kind != LEN:
        return []
    wire = Wire(head, ())
    found = list(wire.fields(low, high))
    return [] if any(reason == "corrupt" for reason, _ in wire.gaps) else found
