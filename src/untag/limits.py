"""Every cap of untag, each with its reason, and the Budget that counts what arrives.

A cap never ends a scan: what lies beyond it becomes a `Gap` with reason ``limit``.
"""

from __future__ import annotations

import time
from typing import Final

from untag.errors import LimitError
from untag.nouns import dataclass, field

MIB: Final = 1 << 20

DEPTH: Final = 8
"""Containers inside containers. Real packages nest 3 deep (apk in zip in tar); quines nest for ever."""
MEMBERS_TOTAL: Final = 2_000_000
"""Members of all containers of one scan: ten Linux kernels; a zip of 65 k empty files is cheap to make."""
UNPACKED_TOTAL: Final = 64 << 30
"""Bytes unpacked in one scan; disks and patience end about there."""
MEMBER_SIZE: Final = 8 << 30
"""Bytes of one member. Larger ones are model weights, which their own reader takes from disk."""
RATIO: Final = 200
"""Unpacked to packed bytes of one container once `RATIO_FLOOR` is passed; real text reaches 20, logs 100."""
RATIO_FLOOR: Final = 64 * MIB
"""Below this many unpacked bytes no ratio is judged: a megabyte of zeros is no bomb."""
IN_MEMORY: Final = 32 * MIB
"""A member up to this size is held in memory; a larger one goes through a temporary file and a map."""
NAME: Final = 4_096
"""Characters of one member name (PATH_MAX)."""
PARSE: Final = 4 * MIB
"""A text above this size is read by windows, not parsed as one tree: a parser needs ~10 times its input."""
WINDOW: Final = 4 * MIB
"""Bytes handed to the engine at once; the overlap is `OVERLAP`."""
OVERLAP: Final = 4_096
"""Bytes shared by two windows: longer than any term in any encoding."""
MEMBERS: Final = 200
"""Names kept of one scope: past this a value set says nothing more."""
STATEMENT: Final = 400
"""Characters of a statement kept as context."""
EXCERPT: Final = 160
"""Characters quoted in a report: the least that shows the place."""
NESTING: Final = 500
"""Depth of a syntax tree or document that is walked; deeper input is read as lines."""
HITS_PER_FILE: Final = 2_000
"""Candidates interpreted in one file; the rest of a file that repeats itself so often says the same."""
HITS_PER_TERM: Final = 300
"""Candidates of one term interpreted in one file or window: an emoji table names skin tones ten thousand times."""
ALSO: Final = 50
"""Further places listed under one finding."""
READ_SECONDS: Final = 30.0
"""One reader on one artifact; a grammar that backtracks without end must not hold the scan."""


@dataclass(slots=True)
class Budget:
    """What one scan may still spend. Count what arrives, never what a header declares.

    ``spend`` and ``enter`` raise `LimitError`; the caller turns it into a Gap.
    """

    unpacked: int = UNPACKED_TOTAL
    members: int = MEMBERS_TOTAL
    member_size: int = MEMBER_SIZE
    depth: int = DEPTH
    ratio: int = RATIO
    spent: int = field(default=0, init=False)
    seen: int = field(default=0, init=False)

    def member(self) -> None:
        """Count one more member of a container."""
        self.seen += 1
        if self.seen > self.members:
            raise LimitError(f"more than {self.members:,} members in one scan; scan the parts on their own")

    def spend(self, count: int) -> None:
        """Count ``count`` unpacked bytes."""
        self.spent += count
        if self.spent > self.unpacked:
            raise LimitError(f"more than {self.unpacked:,} bytes unpacked in one scan; scan the parts on their own")

    def check_member(self, size: int, packed: int) -> None:
        """Judge a member that has yielded ``size`` bytes from ``packed`` packed ones so far."""
        if size > self.member_size:
            raise LimitError(f"member larger than {self.member_size:,} bytes")
        if size > RATIO_FLOOR and packed >= 0 and size > self.ratio * max(packed, 1):
            raise LimitError(f"unpacks to more than {self.ratio} times its packed size: a decompression bomb?")

    def check_depth(self, depth: int) -> None:
        """Judge a container that stands ``depth`` containers deep."""
        if depth > self.depth:
            raise LimitError(f"more than {self.depth} containers inside each other")


LARGE: Final = 48 * MIB
"""A file from this size on is read in shares."""
PICTURES: Final = 20
"""Pictures in one tree or archive from which on it is asked how they are named and filed."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment after which one artifact is given up."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline ``seconds`` from now."""
        return cls(time.monotonic() + seconds)

    def check(self) -> None:
        """Raise `LimitError` once the moment has passed."""
        if time.monotonic() > self.at:
            raise LimitError("reading took too long")
