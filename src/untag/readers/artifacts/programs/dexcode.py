"""Lengths of Dalvik instructions, and the strings that a method's code loads (Dalvik bytecode, AOSP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.programs.common import uleb

if TYPE_CHECKING:
    from collections.abc import Iterator

CONST_STRING: Final = 0x1A
CONST_STRING_JUMBO: Final = 0x1B
STORES: Final = frozenset((0x5B, 0x69))
"""iput-object and sput-object: what was built goes into a field."""


def _lengths() -> bytes:
    """Return the length in 16-bit units of each opcode."""
    table = bytearray(b"\1" * 256)
    spans = (
        (2, (0x02, 0x05, 0x08, 0x13, 0x15, 0x16, 0x19, 0x1A, 0x1C, 0x1F, 0x20, 0x22, 0x23, 0x29, 0xFE, 0xFF)),
        (3, (0x03, 0x06, 0x09, 0x14, 0x17, 0x1B, 0x24, 0x25, 0x26, 0x2A, 0x2B, 0x2C, 0xFC, 0xFD)),
        (5, (0x18,)),
        (2, (*range(0x2D, 0x3E), *range(0x44, 0x6E), *range(0x90, 0xB0), *range(0xD0, 0xE3))),
        (3, (*range(0x6E, 0x73), *range(0x74, 0x79))),
        (4, (0xFA, 0xFB)),
    )
    for length, opcodes in spans:
        for opcode in opcodes:
            table[opcode] = length
    return bytes(table)


LENGTHS: Final = _lengths()


def loads(code: bytes) -> Iterator[tuple[bool, int]]:
    """Yield ``(True, number of a string)`` for each load, ``(False, number of a field)`` for each store of an object.

    Tables of switches and arrays stand behind the instructions and end the walk.
    """
    low, high = code[::2], code[1::2]
    at, stop = 0, len(high)
    if low.find(CONST_STRING) < 0 and low.find(CONST_STRING_JUMBO) < 0:
        return
    lengths = LENGTHS
    while at < stop - 1:
        opcode = low[at]
        if opcode == CONST_STRING:
            yield True, low[at + 1] | high[at + 1] << 8
        elif opcode in STORES:
            yield False, low[at + 1] | high[at + 1] << 8
        elif opcode == CONST_STRING_JUMBO and at + 2 < stop:
            yield True, low[at + 1] | high[at + 1] << 8 | low[at + 2] << 16 | high[at + 2] << 24
        elif not opcode and high[at]:
            return
        at += lengths[opcode]


def methods_of(data: bytes, at: int) -> tuple[list[tuple[int, int]], int]:
    """Return number and place of code of each method in a class's data, and how many members there are.

    Raises `ReadError` for data that lies outside of the file.
    """
    counts = []
    for _ in range(4):
        count, at = uleb(data, at)
        counts.append(count)
    if sum(counts) > len(data) - at:
        raise ReadError("corrupt", "a class with more members than bytes")
    try:
        return _methods(data, at, counts), sum(counts)
    except IndexError as error:
        raise ReadError("truncated", "the members of a class lie beyond the end of the file") from error


def _methods(data: bytes, at: int, counts: list[int]) -> list[tuple[int, int]]:
    """Walk the members of a class; most numbers have one or two bytes, and there are a hundred thousand of them."""
    for _ in range(2 * (counts[0] + counts[1])):
        while data[at] >= 0x80:  # noqa: PLR2004 - LEB128
            at += 1
        at += 1
    found = []
    for count in counts[2:]:
        method = 0
        for _ in range(count):
            step = data[at]
            at += 1
            if step >= 0x80:  # noqa: PLR2004
                step, at = uleb(data, at - 1)
            method += step
            while data[at] >= 0x80:  # noqa: PLR2004 - the access flags
                at += 1
            code = data[at + 1]
            at += 2
            if code >= 0x80:  # noqa: PLR2004
                code, at = uleb(data, at - 1)
            if code:
                found.append((method, code))
    return found
