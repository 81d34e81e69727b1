"""Readers: from bytes to artifacts, and from text to spans.

`TEXT_READERS` is the one ordered list; the first reader that claims a text reads
it, and the last one claims everything. Importing this package loads no grammar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.blocks import BlockReader
from untag.readers.delimited import DelimitedReader
from untag.readers.fallback import LineReader
from untag.readers.hosts import JsonLinesReader, PageReader
from untag.readers.mail import MailReader
from untag.readers.notebook import NotebookReader
from untag.readers.pairs import PairReader
from untag.readers.pick import format_of
from untag.readers.prose import ProseReader
from untag.readers.tree_reader import TreeReader

if TYPE_CHECKING:
    from untag.readers.base import Text, TextReader

_READERS: Final = (
    NotebookReader(),
    PageReader(),
    JsonLinesReader(),
    TreeReader(),
    ProseReader(),
    MailReader(),
    PairReader(),
    DelimitedReader(),
    BlockReader(),
    LineReader(),
)
TEXT_READERS: Final[tuple[TextReader, ...]] = _READERS
"""Every text reader, in the order in which they are asked."""
_BY_FORMAT: Final[dict[str, TextReader]] = {kind: reader for reader in reversed(_READERS) for kind in reader.formats}


def reader_for(text: Text) -> TextReader:
    """Return the reader of a text; there always is one."""
    return _BY_FORMAT.get(format_of(text), TEXT_READERS[-1])


def catalogue() -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Return name, version and formats of each text reader, for ``untag readers``."""
    return tuple((reader.name, reader.version, reader.formats) for reader in _READERS)
