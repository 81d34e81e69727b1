"""DOCX: paragraphs from their runs, headings by style and outline, tables, notes, comments, headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.documents import ooxml
from untag.readers.artifacts.documents.flow import Flow
from untag.readers.artifacts.documents.package import Package
from untag.readers.artifacts.documents.xmlpull import START, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts.documents.xmlpull import Event
    from untag.readers.base import Part

TEXTS: Final = re.compile(
    r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes|comments|glossary/document)\.xml~*\Z"
)
"""The members that hold text."""
_READ: Final = re.compile(TEXTS.pattern[:-2] + r"|word/styles\.xml\Z|docProps/(?:core|app|custom)\.xml\Z")
_PLACES: Final = {"header": "header", "footer": "footer", "footnotes": "notes", "endnotes": "notes"}
_HEADING: Final = re.compile(r"(?:heading|überschrift|titre|标题|標題|見出し|제목)\s*([1-9])\Z", re.IGNORECASE)
_SKIPPED: Final = ("Fallback", "delText", "instrText", "del", "moveFrom")
"""What is not part of the text as it stands: second copies for old programs, deletions, field codes."""


class DocxReader:
    """Reads what a word processor shows, in its order."""

    name = "docx"
    version = 1
    formats: tuple[str, ...] = ("docx", "docm", "dotx")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether a word processor's package is there."""
        return ooxml.holds(head, tail, name, b"word/document", (".docx", ".docm", ".dotx", ".dotm"))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the text of the document, then of its notes, comments, headers and footers."""
        package = Package(blob, budget, deadline)
        yield from package.gather(lambda name: bool(_READ.match(name)))
        flow = Flow(blob.trail[-1])
        yield from ooxml.properties(package, flow)
        levels = _styles(package)
        seen: set[str] = set()
        for name in sorted(filter(TEXTS.match, package.names()), key=lambda n: "document" not in n):
            place = next((v for k, v in _PLACES.items() if k in name), "comments" if "comments" in name else "")
            flow.at("section" if place else "file", place)
            yield from package.guarded(
                name, _Body(flow, levels, seen if place in ("header", "footer") else None).parts(package.events(name))
            )


def _styles(package: Package) -> dict[str, int]:
    """Return the level of each heading style by its id: by outline level or by name."""
    levels: dict[str, int] = {}
    try:
        style = ""
        for event in package.events("word/styles.xml") if "word/styles.xml" in package else ():
            if event.kind != START:
                continue
            if event.name == "style":
                style = event.attributes.get("styleId", "")
            elif event.name == "name":
                match = _HEADING.match(event.attributes.get("val", ""))
                if match:
                    levels[style] = int(match[1])
                elif event.attributes.get("val", "").lower() == "title":
                    levels[style] = 1
            elif event.name == "outlineLvl" and event.attributes.get("val", "").isdecimal():
                levels.setdefault(style, min(int(event.attributes["val"][:3]) + 1, 10))
    except ReadError:
        pass  # headings are then known by their ids alone
    return levels


class _Table:
    __slots__ = ("cell", "row", "rows")

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.row: list[str] = []
        self.cell: list[str] = []


class _Body:
    """Walks one member: text runs become paragraphs, rows become tables."""

    def __init__(self, flow: Flow, levels: dict[str, int], seen: set[str] | None) -> None:
        self.flow = flow
        self.levels = levels
        self.seen = seen
        """Texts of headers and footers met before: each section repeats them."""
        self.tables: list[_Table] = []
        self.open: list[tuple[list[str], int]] = []
        """Texts and heading levels of the paragraphs that are open: a text box stands inside one."""
        self.level = 0
        self.skip = 0
        self.on = False

    def parts(self, events: Iterator[Event]) -> Iterator[Part]:
        """Yield the parts of one member's text; on an error, first what is gathered."""
        try:
            for event in events:
                yield from self._event(event)
        except ReadError:
            while self.open:
                yield from self._close()
            while self.tables:
                yield from self._table()
            raise

    def _event(self, event: Event) -> Iterator[Part]:
        kind, name, attributes = event
        if kind == TEXT:
            if self.on and self.open and not self.skip:
                self.open[-1][0].append(name)
            return
        if name in _SKIPPED and not (name == "del" and not self.open):
            self.skip += 1 if kind == START else -1
        elif self.skip:
            return
        elif name == "t":
            self.on = kind == START
        elif kind == START:
            self._start(name, attributes)
        else:
            yield from self._end(name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self.open.append(([], 0))
        elif name in ("tab", "br", "cr") and self.open:
            self.open[-1][0].append(" ")
        elif name == "noBreakHyphen" and self.open:
            self.open[-1][0].append("-")
        elif name == "pStyle" and self.open:
            value = attributes.get("val", "")
            match = re.match(r"(?:Heading|heading)?([1-9])\Z", value)
            self.open[-1] = (self.open[-1][0], self.levels.get(value, int(match[1]) if match and len(value) > 1 else 0))
        elif name == "outlineLvl" and self.open and attributes.get("val", "")[:2].isdecimal():
            self.open[-1] = (self.open[-1][0], int(attributes["val"][:2]) + 1)
        elif name == "docPr" and self.open and (attributes.get("descr") or attributes.get("title")):
            self.open[-1][0].append(f" {attributes.get('title', '')} {attributes.get('descr', '')} ")
        elif name == "tbl":
            self.tables.append(_Table())
        elif name == "tr" and self.tables:
            self.tables[-1].row = []
        elif name == "tc" and self.tables:
            self.tables[-1].cell = []

    def _end(self, name: str) -> Iterator[Part]:
        if name == "p" and self.open:
            yield from self._close()
        elif name == "tc" and self.tables:
            self.tables[-1].row.append("\n".join(self.tables[-1].cell))
        elif name == "tr" and self.tables:
            self.tables[-1].rows.append(self.tables[-1].row)
        elif name == "tbl" and self.tables:
            yield from self._table()

    def _close(self) -> Iterator[Part]:
        texts, level = self.open.pop()
        text = "".join(texts)
        if not text.strip() or (self.seen is not None and text in self.seen):
            return
        if self.seen is not None:
            self.seen.add(text)
        if self.tables:
            self.tables[-1].cell.append(text)
        elif 0 < level < 10:  # noqa: PLR2004 - level 10 is body text
            yield from self.flow.heading(text, level)
        else:
            yield from self.flow.paragraph(text)

    def _table(self) -> Iterator[Part]:
        """Close a table; one inside a cell is a table of its own."""
        table = self.tables.pop()
        if table.cell and (not table.row or table.row not in table.rows):
            table.rows.append(table.row or ["\n".join(table.cell)])
        yield from self.flow.table(table.rows)
