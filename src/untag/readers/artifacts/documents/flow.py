"""How a document becomes parts: places, sections, sentences and tables, the same for every format.

A reader says what it meets (`heading`, `paragraph`, `table`); the flow holds where
that is (page 3, slide 5) and below which heading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.limits import MEMBERS, STATEMENT
from untag.model import Scope
from untag.readers.artifacts.documents import tables
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVELS: Final = 9
"""Levels of headings that are told apart, as word processors have them."""
HEADING: Final = 200
"""Characters of a heading that name a section; a longer one is a paragraph in a heading's clothes."""
LONGEST: Final = 2_000
"""Characters of one part: text without an end of sentence is cut there, at a blank where there is one."""
_SENTENCE_END: Final = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[^\sa-z])|[。！？；…]+[”’」』）]*\s*")
_ABBREVIATION: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Mr|Mrs|Dr|No|Fig|Sec|approx|resp)|\b[A-Z])\.\s+\Z")
_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f]+")
_HIDDEN: Final = re.compile("[\xad\u200b-\u200d\u2060\ufeff]")
"""Soft hyphens and characters without width: where a line may break, and nothing else."""


def tidy(text: str) -> str:
    """Return text on one line, without hyphens and joints that are not seen."""
    return _BLANKS.sub(" ", _HIDDEN.sub("", text)).strip()


def sentences(text: str) -> Iterator[str]:
    """Cut a tidy paragraph into sentences; one that fits a statement with its neighbours is still cut."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text, max(start, match.end() - 14), match.end()):
            continue
        yield from _pieces(text[start : match.end()].strip())
        start = match.end()
    yield from _pieces(text[start:].strip())


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        cut = text.rfind(" ", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].strip()
    if text:
        yield text


class Flow:
    """Where a document's reader is, and the parts that come of what it meets there."""

    __slots__ = ("_chain", "_place", "_scope", "_tables", "file")

    def __init__(self, name: str) -> None:
        self.file = Scope("file", name)
        self._place = self.file
        self._chain: list[tuple[int, str]] = []
        self._scope: Scope | None = None
        self._tables = 0

    def at(self, kind: str, name: str, *, keep: bool = False) -> None:
        """Go to a page, slide, sheet or section; ``keep`` when the section runs on, as it does over pages."""
        self._place = Scope(kind, tidy(name)[:HEADING], (), "", self.file)
        if not keep:
            self._chain = []
        self._scope = None

    @property
    def scope(self) -> Scope:
        """The innermost section here."""
        if self._scope is None:
            scope = self._place
            for _, name in self._chain:
                scope = Scope("section", name, (), "", scope)
            self._scope = scope
        return self._scope

    def heading(self, text: str, level: int = 1) -> Iterator[Part]:
        """Yield a heading and open its section; ``level`` counts from 1."""
        text = tidy(text)
        if not text:
            return
        if len(text) > HEADING:
            yield from self.paragraph(text)
            return
        level = max(1, min(level, LEVELS))
        while self._chain and self._chain[-1][0] >= level:
            self._chain.pop()
        self._chain.append((level, text))
        self._scope = None
        yield Part(text, "heading", self.scope, text)

    def paragraph(self, text: str, scope: Scope | None = None) -> Iterator[Part]:
        """Yield the sentences of a paragraph."""
        for sentence in sentences(tidy(text)):
            yield Part(sentence, "prose", scope or self.scope, sentence)

    def table(self, rows: Sequence[Sequence[str]], name: str = "") -> Iterator[Part]:
        """Yield a table of a document: a specification, a table of data, a form or a layout."""
        if not name:
            self._tables += 1
            name = f"{self._tables}"
        yield from tables.document(rows, name, self)

    def sheet(self) -> tables.Sheet:
        """Return what takes a spreadsheet's rows one by one."""
        return tables.Sheet(self)

    def metadata(self, pairs: Sequence[tuple[str, str]]) -> Iterator[Part]:
        """Yield what a document says of itself: title, subject, keywords, names of fields."""
        pairs = [(tidy(key), tidy(value)) for key, value in pairs if value.strip()]
        scope = Scope("metadata", "", tuple(key for key, _ in pairs)[:50], "", self.file)
        for key, value in pairs:
            text = value[:LONGEST]
            yield Part(text, "prose", Scope("metadata", key, (), "", scope), f"{key}: {text}"[:STATEMENT])

    def form(self, names: Sequence[str]) -> Scope:
        """Return the scope of a form's fields."""
        return Scope("table", "form", tuple(names)[:MEMBERS], "", self.file)
