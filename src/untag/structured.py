"""Search structured files: the parts that a reader names become spans of one text.

An `ArtifactReader` yields parts; here they are laid under each other as lines of a text, so
that the same engine and the same interpretation judge a model's outputs, a table's
columns and a line of code.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.model import Span
from untag.readers.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Gap
    from untag.readers.base import Part

ENOUGH: Final = 1 << 20
"""Bytes of text gathered before they are judged: a database can have more to say than memory holds."""


@dataclass(slots=True)
class Sheaf:
    """Parts of one artifact, laid out as a text; reads itself as a `TextReader` does."""

    trail: tuple[str, ...]
    name: str
    version: int
    _lines: list[bytes] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    size: int = 0

    def add(self, part: Part) -> None:
        """Lay a part below the last one."""
        data = part.text.encode("utf-8", "replace")
        start, stop = self.size, self.size + len(data)
        self._starts.append(start)
        statement = part.statement or part.text
        self._spans.append(Span(part.text, part.role, start, stop, 0, 0, part.scope, statement, part.note))
        self._lines.append(data)
        self.size = stop + 1

    def text(self) -> Text:
        """Return all parts as one text, a part a line."""
        return Text(self.trail, b"\n".join(self._lines))

    def claims(self, text: Text) -> bool:
        """Whether the text is this sheaf's own."""
        return text.trail == self.trail

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:  # noqa: ARG002 - the seam's
        """Yield the part that holds each wanted range, each part once."""
        last = -1
        for start, _stop in wanted:
            at = bisect_right(self._starts, start) - 1
            if at > last:
                yield self._spans[at]
                last = at
