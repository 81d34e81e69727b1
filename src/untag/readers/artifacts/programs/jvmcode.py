"""The constants that the code of a Java method loads, and the fields it stores to (JVM specification, chapter 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LDC, _LDC_W, _PUTSTATIC, _PUTFIELD = 0x12, 0x13, 0xB3, 0xB5
_TABLE, _LOOKUP, _WIDE, _IINC = 0xAA, 0xAB, 0xC4, 0x84


def _lengths() -> bytes:
    """Return the length in bytes of each instruction; 0 where it depends on what follows."""
    table = bytearray(b"\1" * 256)
    spans = (
        (2, (0x10, 0x12, *range(0x15, 0x1A), *range(0x36, 0x3B), 0xA9, 0xBC)),
        (3, (0x11, 0x13, 0x14, 0x84, *range(0x99, 0xA9), *range(0xB2, 0xB9), 0xBB, 0xBD, 0xC0, 0xC1, 0xC6, 0xC7)),
        (4, (0xC5,)),
        (5, (0xB9, 0xBA, 0xC8, 0xC9)),
        (0, (_TABLE, _LOOKUP, _WIDE)),
    )
    for length, opcodes in spans:
        for opcode in opcodes:
            table[opcode] = length
    return bytes(table)


LENGTHS: Final = _lengths()


def loads(code: bytes) -> Iterator[tuple[bool, int]]:
    """Yield ``(True, number of a constant)`` for each load, ``(False, number of a field)`` for each store."""
    at, stop = 0, len(code) - 2
    while at < stop:
        opcode = code[at]
        if opcode == _LDC:
            yield True, code[at + 1]
        elif opcode == _LDC_W:
            yield True, code[at + 1] << 8 | code[at + 2]
        elif opcode in (_PUTSTATIC, _PUTFIELD):
            yield False, code[at + 1] << 8 | code[at + 2]
        at += LENGTHS[opcode] or _length(code, at)


def _length(code: bytes, at: int) -> int:
    """Return the length of an instruction that states it."""
    if code[at] == _WIDE:
        return 6 if code[at + 1] == _IINC else 4
    table = at + 1 + (-(at + 1) % 4)
    if code[at] == _TABLE:
        low, high = (int.from_bytes(code[table + i : table + i + 4], "big", signed=True) for i in (4, 8))
        return max(1, table + 12 + 4 * max(0, high - low + 1) - at)
    pairs = int.from_bytes(code[table + 4 : table + 8], "big", signed=True)
    return max(1, table + 8 + 8 * max(0, pairs) - at)
