"""The sections of a PE file, and where its .NET header is (Microsoft, PE Format)."""

from __future__ import annotations

from untag.errors import ReadError
from untag.readers.artifacts.programs.common import u16, u32


class Image:
    """The headers of a PE file; raises `ReadError` for what is none."""

    def __init__(self, data: bytes) -> None:
        if data[:2] != b"MZ":
            raise ReadError("corrupt", "no PE file")
        at = u32(data, 0x3C)
        if data[at : at + 4] != b"PE\0\0":
            raise ReadError("corrupt", "no PE file")
        count, size = u16(data, at + 6), u16(data, at + 20)
        optional = at + 24
        # the table of directories stands 16 bytes later in 64-bit images
        start = optional + (112 if u16(data, optional) == 0x20B else 96)  # noqa: PLR2004 - of the format
        self.cli = (0, 0)
        """Address and size of the .NET header, zeros where there is none."""
        if u32(data, start - 4) > 14 and start + 15 * 8 <= optional + size:  # noqa: PLR2004 - of the format
            self.cli = (u32(data, start + 14 * 8), u32(data, start + 14 * 8 + 4))
        table = optional + size
        rows = [table + 40 * number for number in range(min(count, 96)) if table + 40 * number + 40 <= len(data)]
        self._sections = [
            (u32(data, row + 12), max(u32(data, row + 8), u32(data, row + 16)), u32(data, row + 20)) for row in rows
        ]

    def place(self, address: int) -> int:
        """Return where in the file an address in memory lies; raise `ReadError` when it lies nowhere."""
        for start, size, raw in self._sections:
            if start <= address < start + size:
                return raw + address - start
        raise ReadError("corrupt", "an address that lies in no section")
