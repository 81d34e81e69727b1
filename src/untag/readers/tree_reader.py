"""The door to the tree-sitter grammars; importing it does not import tree-sitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag import limits
from untag.readers.fallback import line_spans
from untag.readers.pick import format_of
from untag.readers.syntax.tables import WHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Gap, Span
    from untag.readers.base import Text


class TreeReader:
    """Reads source code and data formats that have a grammar."""

    name = "syntax"
    version = 1
    formats: tuple[str, ...] = tuple(sorted(WHERE.keys() - {"html"}))

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield a span for each wanted range."""
        if not text.whole or len(text.data) > limits.PARSE:
            yield from line_spans(text, wanted)
            return
        from untag.readers.syntax.reader import tree_spans  # noqa: PLC0415 - loaded where it is used

        yield from tree_spans(format_of(text), text, wanted, deadline)
