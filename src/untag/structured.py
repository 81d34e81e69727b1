"""Search structured files: the parts that a reader names become spans of one text.

An `ArtifactReader` yields parts; here they are laid under each other as lines of a text, so
that the same engine and the same interpretation judge a model's outputs, a table's
columns and a line of code.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MIB, READ_SECONDS, Deadline
from untag.model import Blob, Gap, Span
from untag.nouns import dataclass, field
from untag.readers.base import Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.limits import Budget
    from untag.match.engine import Finder
    from untag.model import Scope
    from untag.readers.base import ArtifactReader

ENOUGH: Final = 1 << 20
"""Bytes of text gathered before they are judged: a database can have more to say than memory holds."""
APART: Final = ("table", "sheet", "class", "labels")
"""Scopes that have nothing to do with the one before them: what is said in one is not near the other."""
BETWEEN: Final = 8
"""Blank lines between such: more than count as near."""
SEARCHED: Final = 64 * MIB
"""Bytes up to which a file whose strings stand in it as they are is searched before it is parsed."""


def places(reader: ArtifactReader, blob: Blob, anchors: Finder) -> list[tuple[int, int]] | None:
    """Return where anchors stand in a file whose strings are plain UTF-8 in it; None where parsing alone can tell.

    A reader says so with ``verbatim``: nothing of a class file or of compiled Python is packed.
    """
    if getattr(reader, "verbatim", ()) != ("utf-8",) or len(blob.data) > SEARCHED:
        return None
    return [(start, stop) for _, start, stop in anchors.find(bytes(blob.data))]


@dataclass(slots=True)
class Sheaf:
    """Parts of one artifact, laid out as a text; reads itself as a `TextReader` does."""

    trail: tuple[str, ...]
    name: str = "parts"
    version: int = 1
    _lines: list[bytes] = field(default_factory=list)
    _spans: list[Span] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _docs: set[tuple[str, str]] = field(default_factory=set)
    _root: tuple[str, str] = ("", "")
    size: int = 0

    def add(self, part: Part) -> None:
        """Lay a part below the last one, and what is said of its scope above it, once."""
        scope: Scope | None = part.scope
        docs: list[Scope] = []
        root = ("", "")
        while scope is not None:
            if scope.kind != "file":
                root = (scope.kind, scope.name)
            if scope.doc and (scope.name, scope.doc) not in self._docs:
                docs.append(scope)
            scope = scope.parent
        if root != self._root and root[0] in APART and self._lines:
            self._lines.append(b"\n" * BETWEEN)
            self.size += BETWEEN + 1
        self._root = root
        for told in reversed(docs):
            self._docs.add((told.name, told.doc))
            self._lay(Part(told.doc, "docstring", told))
        self._lay(part)

    def _lay(self, part: Part) -> None:
        data = part.text.encode("utf-8", "replace")
        start, stop = self.size, self.size + len(data)
        self._starts.append(start)
        statement = part.statement or part.text
        self._spans.append(Span(part.text, part.role, start, stop, 0, 0, part.scope, statement, part.note))
        self._lines.append(data)
        self.size = stop + 1

    @property
    def full(self) -> bool:
        """Whether it is time to judge what was gathered."""
        return self.size > ENOUGH

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


def told(reader: ArtifactReader, blob: Blob, budget: Budget, anchors: Finder) -> Iterator[Sheaf | Blob | Gap]:
    """Yield what a reader has to say of a file: parts gathered in sheaves, embedded files, gaps.

    What was said before something went wrong is yielded before the error leaves.
    """
    wanted = places(reader, blob, anchors)
    if wanted is not None and not wanted:
        return
    sheaf = Sheaf(blob.trail)
    try:
        for item in _parts(reader, blob, budget, wanted):
            if isinstance(item, Gap | Blob):
                yield item
                continue
            sheaf.add(item)
            if sheaf.full:
                yield sheaf
                sheaf = Sheaf(blob.trail)
    except ReadError as error:
        yield Gap(blob.trail, error.reason, error.detail)
    except BaseException:
        yield sheaf
        raise
    yield sheaf


def _parts(
    reader: ArtifactReader, blob: Blob, budget: Budget, wanted: list[tuple[int, int]] | None
) -> Iterator[Part | Blob | Gap]:
    """Ask a reader for its parts; one that can choose is told where anchors stand."""
    deadline = Deadline.after(READ_SECONDS)
    if wanted and getattr(reader, "selects", False):
        yield from reader.parts(blob, budget, deadline, wanted=wanted)  # type: ignore[call-arg]
    else:
        yield from reader.parts(blob, budget, deadline)


def filed(trails: Iterable[tuple[str, ...]], trail: tuple[str, ...]) -> Sheaf:
    """Return what the folders and names of pictures say, as the parts of one artifact at ``trail``."""
    from untag.readers.artifacts.tables.layout import layout  # noqa: PLC0415 - few trees hold many pictures

    sheaf = Sheaf(trail)
    for part in layout(trails):
        sheaf.add(part)
    return sheaf
