"""Ar: Debian packages and static libraries, with GNU and BSD long names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.model import Blob, Gap
from untag.readers.containers.common import TRAILING, Names, blank, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget

MAGIC: Final = b"!<arch>\n"
HEADER: Final = 60


class Ar:
    """The common archive format; a thin archive holds names only."""

    name = "ar"
    version = 1

    def claims(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the seam has it
        """Whether the content begins like an archive."""
        return head[:8] in (MAGIC, b"!<thin>\n")

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield the members, the symbol table among them."""
        data = memoryview(blob.data)
        if bytes(data[:8]) != MAGIC:
            yield Gap(blob.trail, "link", "a thin archive: its members are files beside it; scan them as well")
            return
        names = Names(blob.trail)
        long_names = b""
        gaps: list[Gap] = []
        at = 8
        while at < len(data):
            header = bytes(data[at : at + HEADER])
            digits = header[48:58].strip()
            if len(header) < HEADER or header[58:] != b"`\n" or not digits.isdigit():
                if not blank(data[at:]):
                    reason = "truncated" if len(header) < HEADER else "corrupt"
                    yield Gap((*blob.trail, TRAILING), reason, "a damaged ar header; what follows was read as it is")
                    yield Blob((*blob.trail, TRAILING), data[at:])
                return
            size = int(digits)
            at += HEADER
            raw = header[:16].rstrip(b" ")
            start = at
            at += size + size % 2
            if raw == b"//":
                long_names = bytes(data[start : start + size])
            elif raw[:1] == b"/" and raw[1:].isdigit():
                raw = long_names[int(raw[1:]) :].split(b"\n", 1)[0]
            elif raw[:3] == b"#1/" and raw[3:].isdigit():
                length = min(int(raw[3:]), size)
                raw = bytes(data[start : start + length]).rstrip(b"\0")
                start, size = start + length, size - length
            budget.member()
            content = data[start : start + size]
            budget.spend(len(content))
            special = raw in (b"/", b"//", b"/SYM64/")
            trail = names.add("~symbols" if special else text(raw.removesuffix(b"/")), [] if special else gaps)
            yield from gaps
            gaps.clear()
            if len(content) < size:
                yield Gap(trail, "truncated", "the archive ends inside this member; what there was was read")
            yield Blob(trail, content)
