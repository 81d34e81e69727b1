"""Standard input as one artifact: in memory while it is small, above that in an unlinked file that is mapped."""

from __future__ import annotations

import mmap
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Final

from untag.errors import SourceError
from untag.limits import IN_MEMORY, MIB
from untag.model import Blob, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Buffer
    from untag.sources import SourceOptions

TRAIL: Final = ("-",)


class StdinSource:
    """What is piped in."""

    title = "-"

    def __init__(self, options: SourceOptions, stream: IO[bytes] | None = None) -> None:
        self._cap = options.size_cap
        self._stream = stream

    def items(self) -> Iterator[Blob | Gap]:
        """Yield the one blob; a Gap before it says when there was more than the cap."""
        stream = self._stream or sys.stdin.buffer
        parts: list[bytes] = []
        size = 0
        spool: IO[bytes] | None = None
        try:
            while size <= self._cap and (chunk := stream.read(min(MIB, self._cap + 1 - size))):
                size += len(chunk)
                if spool is None and size > IN_MEMORY:
                    spool = tempfile.TemporaryFile(prefix="untag-")  # noqa: SIM115 - its map outlives this block
                    spool.writelines(parts)
                    parts.clear()
                if spool is None:
                    parts.append(chunk)
                else:
                    spool.write(chunk)
            if size > self._cap:
                yield Gap(TRAIL, "limit", f"more than {self._cap:,} bytes piped in; save it and scan the file")
            data: Buffer
            if spool is None:
                data = b"".join(parts)[: self._cap]
            else:
                with spool:
                    spool.flush()
                    data = mmap.mmap(spool.fileno(), min(size, self._cap), access=mmap.ACCESS_READ)
        except OSError as error:
            raise SourceError(f"cannot read standard input: {error.strerror}; save it and scan the file") from error
        yield Blob(TRAIL, data)
