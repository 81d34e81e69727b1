"""Readers: from bytes to artifacts, and from text to spans.

`TEXT_READERS` is the one ordered list; the first reader that claims a text reads
it, and the last one claims everything. Importing this package loads no reader and
no grammar: a reader is imported when the first text asks for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.readers.pick import format_of
from untag.readers.syntax.tables import WHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Gap, Span
    from untag.readers.base import Text, TextReader


@dataclass(slots=True)
class Door:
    """A text reader that is imported when it is first used."""

    name: str
    version: int
    """Goes up when the same text may give other spans; it is in the report and in the cache key."""
    formats: tuple[str, ...]
    where: tuple[str, str]
    """Module and class of the reader."""

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return "lines" in self.formats or format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield a span for each wanted range."""
        yield from self.reader().spans(text, wanted, deadline)

    def reader(self) -> TextReader:
        """Return the reader itself."""
        module, name = self.where
        found: TextReader = getattr(import_module(f"untag.readers.{module}"), name)()
        return found


_DOORS: Final = (
    Door("notebook", 1, ("notebook",), ("notebook", "NotebookReader")),
    Door("page", 1, ("html",), ("hosts", "PageReader")),
    Door("jsonl", 2, ("jsonl",), ("hosts", "JsonLinesReader")),
    Door("syntax", 1, tuple(sorted(WHERE.keys() - {"html"})), ("tree_reader", "TreeReader")),
    Door("prose", 1, ("markdown", "rst", "adoc", "prose", "log"), ("prose", "ProseReader")),
    Door("headers", 1, ("mail",), ("mail", "MailReader")),
    Door("pairs", 1, ("ini", "po"), ("pairs", "PairReader")),
    Door("records", 2, ("boxes", "choices", "card-json", "mapping", "captions", "card"), ("records", "RecordReader")),
    Door("dump", 1, ("dump",), ("dumps", "DumpReader")),
    Door("labels", 1, ("labels", "yolo"), ("labels", "LabelReader")),
    Door("table", 2, ("csv",), ("delimited", "DelimitedReader")),
    Door("blocks", 1, ("blocks",), ("blocks", "BlockReader")),
    Door("model-text", 1, ("prototxt",), ("artifacts.models.texts", "ModelText")),
    Door("list", 1, ("list",), ("fallback", "ListReader")),
    Door("lines", 1, ("lines",), ("fallback", "LineReader")),
)
TEXT_READERS: Final[tuple[TextReader, ...]] = _DOORS
"""Every text reader, in the order in which they are asked."""
_BY_FORMAT: Final[dict[str, TextReader]] = {kind: door for door in reversed(_DOORS) for kind in door.formats}


def reader_for(text: Text) -> TextReader:
    """Return the reader of a text; there always is one."""
    return _BY_FORMAT.get(format_of(text), TEXT_READERS[-1])


def catalogue() -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Return name, version and formats of each text reader, for ``untag readers``."""
    return tuple((door.name, door.version, door.formats) for door in _DOORS)
