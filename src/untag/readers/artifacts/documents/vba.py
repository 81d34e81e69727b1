"""The source of macros in old and new office files: unpacked, never run.

Of MS-OVBA: a module's stream ends in a compressed container, whose first words are
``Attribute VB_Name``; chunks of 4 KiB, each of literal bytes and copies of earlier ones.
"""

from __future__ import annotations

from typing import Final

LARGEST: Final = 8 << 20
"""Bytes of one module's source; editors stop at 64,000 lines."""
_FIRST: Final = b"\x00Attribut"


def source(stream: bytes) -> bytes:
    """Return the source in a module's stream, empty when it holds none; what is damaged ends it."""
    at = stream.rfind(_FIRST) - 3
    if at < 0 or stream[at] != 1:
        return b""
    out = bytearray()
    at += 1
    while at + 2 <= len(stream) and len(out) < LARGEST:
        head = int.from_bytes(stream[at : at + 2], "little")
        stop = min(at + (head & 0x0FFF) + 3, len(stream))
        if head & 0x7000 != 0x3000:  # noqa: PLR2004 - the mark of a chunk
            break
        at += 2
        if head & 0x8000:
            _chunk(stream[at:stop], out)
        else:
            out += stream[at:stop]
        at = stop
    return bytes(out)


def _chunk(data: bytes, out: bytearray) -> None:
    """Unpack one chunk onto what was unpacked before it."""
    start = len(out)
    at = 0
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                return
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token = int.from_bytes(data[at : at + 2], "little")
            at += 2
            # the further into the chunk, the more bits the distance takes
            bits = max((len(out) - start - 1).bit_length(), 4)
            size = (token & (0xFFFF >> bits)) + 3
            distance = (token >> (16 - bits)) + 1
            if distance > len(out) - start or bits > 12:  # noqa: PLR2004 - of the format
                return
            for _ in range(size):
                out.append(out[-distance])
