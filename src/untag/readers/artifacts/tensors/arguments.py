"""The arguments of a pickle's opcodes: numbers, lines and texts with a length, each checked against the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.readers.artifacts.tensors.values import NUMBER, Raw

if TYPE_CHECKING:
    from untag.model import Buffer

TEXT: Final = 1 << 20
"""Bytes of one string that are decoded; longer ones stay where they are."""
LINE: Final = 1 << 16
"""Bytes in which the line of a protocol 0 argument ends."""
_WHOLE: Final = {"uint1": 1, "uint2": 2, "int4": 4, "uint4": 4, "uint8": 8}
_LONG: Final = {
    **{f"{kind}1": 1 for kind in ("string", "bytes", "unicodestring", "long")},
    **{f"{kind}4": 4 for kind in ("string", "bytes", "unicodestring", "long")},
    **{f"{kind}8": 8 for kind in ("bytes", "unicodestring", "bytearray")},
}
"""Arguments with a length before them, and how many bytes that takes."""


class Stream:
    """A place in a pickle's bytes, and the room that its values may still take."""

    def __init__(self, data: Buffer, at: int, room: int) -> None:
        self.data = data
        self.at = at
        self.room = room

    def take(self, size: int) -> bytes:
        """Return the next bytes; raise `ReadError` where there are fewer."""
        piece = bytes(self.data[self.at : self.at + size])
        if len(piece) < size:
            raise ReadError("truncated", "the pickle ends within a value; what it loaded was read")
        self.at += size
        return piece

    def _line(self) -> str:
        piece = bytes(self.data[self.at : self.at + LINE])
        end = piece.find(b"\n")
        if end < 0:
            raise ReadError("truncated" if len(piece) < LINE else "corrupt", "a line in the pickle has no end")
        self.at += end + 1
        return piece[:end].decode("utf-8", "replace")

    def argument(self, kind: str) -> Any:
        """Return the argument of an opcode; text as ``str``, short bytes as ``bytes``, long ones as `Raw`."""
        if not kind:
            return None
        size = _WHOLE.get(kind)
        if size is not None:
            return int.from_bytes(self.take(size), "little", signed=kind == "int4")
        size = _LONG.get(kind)
        if size is not None:
            return self._long(kind, int.from_bytes(self.take(size), "little"))
        if kind == "float8":
            self.take(8)
            return NUMBER
        if kind == "stringnl_noescape_pair":
            return f"{self._line()}.{self._line()}"
        line = self._line()
        if kind.startswith("decimalnl"):
            digits = line.rstrip("L")
            return int(digits) if len(digits) < 20 else NUMBER  # noqa: PLR2004 - as many as 64 bits hold
        if kind == "floatnl":
            return NUMBER
        self.room -= len(line) + 60
        return line.strip("'\"") if kind == "stringnl" else line

    def _long(self, kind: str, size: int) -> Any:
        if size > len(self.data) - self.at:
            raise ReadError("truncated", "the pickle ends within a value; what it loaded was read")
        if kind.startswith("long"):
            return int.from_bytes(self.take(size), "little", signed=True) if size <= 16 else self._skip(size)  # noqa: PLR2004
        text = kind.startswith(("unicode", "string"))
        if size > (TEXT if text else 4_096):
            start = self.at
            self.at += size
            self.room -= 80
            return Raw(start, self.at, text=kind.startswith("unicode"))
        self.room -= size + 60
        piece = self.take(size)
        return piece.decode("utf-8", "surrogatepass" if kind.startswith("unicode") else "replace") if text else piece

    def _skip(self, size: int) -> float:
        self.at += size
        return NUMBER
