"""The seam between bytes and understanding.

Three kinds of reader stand behind it:

* a `Container` turns the bytes of an archive into member `Blob` s, lazily;
* a `TextReader` turns decoded text into `Span` s around the offsets that the
  engine found, so that nothing is parsed for its own sake;
* an `ArtifactReader` turns a structured file that is no text (a model, a table in
  columns, a document, a database) into `Part` s: the names and words in it.

Errors are items in the stream: all yield `Gap` beside what they could read, and
may raise `ReadError` when nothing more can follow. A reader never executes,
imports, unpickles or follows what it reads, and never touches the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap, Scope, Span


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text of one artifact, as UTF-8 bytes without a byte order mark."""

    trail: tuple[str, ...]
    data: bytes
    encoding: str = "utf-8"
    """The encoding it was decoded from."""
    first_line: int = 1
    """Line number of the first byte: not 1 for a window of a large file."""
    whole: bool = True
    """False for a window of a large file: the grammar may not start at its top."""
    header: bytes = b""
    """What stands before this window and tells its columns: a table's first line, the head of the
    statement of a dump that its first rows belong to, the beginning of a file of annotations; empty for
    a whole text."""

    @property
    def name(self) -> str:
        """The last part of the trail: the file's own name."""
        return self.trail[-1].rsplit("/", 1)[-1] if self.trail else ""


class Container(Protocol):
    """Opens one archive format."""

    name: str
    version: int

    def claims(self, head: bytes, name: str) -> bool:
        """Whether the content begins like this format; ``head`` is the first 4 KiB (and see `tail_magic`)."""

    def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Gap]:
        """Yield each member as a `Blob` (trail + member path), or a `Gap` for one that cannot be read."""


class TextReader(Protocol):
    """Understands one family of text formats."""

    name: str
    version: int

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text; the name may decide where content cannot."""

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield, in order of offset, a `Span` for each wanted ``(start, stop)`` byte range.

        ``wanted`` is sorted and does not overlap. Ranges in one node give one span.
        Every wanted range is covered by exactly one yielded span: where the grammar
        fails, a span with role ``code`` or ``prose`` and the line as text stands in.
        """


@dataclass(frozen=True, slots=True)
class Part:
    """A name or a piece of text in a structured file, with its role and its scope.

    Names of outputs, tensors and columns are ``member`` s of a scope whose ``members``
    are all of them; classes of a label list are ``item`` s of a ``labels`` scope whose
    ``members`` are the whole list; running text is ``prose``. A value about a person is a
    ``value`` in a ``row`` scope, which is named for its column: it is counted, never quoted.
    """

    text: str
    role: str
    """One of `untag.model.ROLES`."""
    scope: Scope
    statement: str = ""
    """What stands around it in words, such as ``output race_output float32[1, 5]``."""
    note: str = ""
    """What is said about it: a description, or a column's value set, which is never quoted."""


class ArtifactReader(Protocol):
    """Understands one structured format that is no text."""

    name: str
    version: int
    formats: tuple[str, ...]

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether the content is of this format: ``head`` is the first 4 KiB, ``tail`` the last 64 KiB.

        Judged by content; the name may decide only where the format has no mark of its own.
        """

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield what is named or said in the file, a `Blob` for each embedded file, a `Gap` for what is unread.

        ``blob.data`` may be a memory map of many gigabytes: read in it, never copy it whole.
        Embedded files are read like members of a container, with a trail one part longer.
        """
