"""Protocol buffers' wire format, one level at a time: all that an Example of TensorFlow needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator


FIELDS: Final = 1 << 18
"""Fields of one message that are walked: lists of numbers are packed into one."""


def fields(data: bytes) -> Iterator[tuple[int, int, bytes | int]]:
    """Yield number, wire type and value of each field of a message."""
    at, end = 0, len(data)
    count = 0
    while at < end:
        count += 1
        if count > FIELDS:
            raise ReadError("limit", f"a message of more than {FIELDS:,} fields")
        tag, at = _varint(data, at)
        wire = tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield tag >> 3, wire, value
        elif wire == 2:  # noqa: PLR2004 - a string of bytes
            size, at = _varint(data, at)
            if size > end - at:
                raise ReadError("corrupt", "a field longer than its message")
            yield tag >> 3, wire, data[at : at + size]
            at += size
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
            if at > end:
                raise ReadError("corrupt", "a field longer than its message")
        else:
            raise ReadError("corrupt", "a field of an unknown wire type")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    try:
        for shift in range(0, 70, 7):
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - of a varint
                return value, at
    except IndexError:
        raise ReadError("corrupt", "a message ends inside a number") from None
    raise ReadError("corrupt", "a number of more than ten bytes")
