"""OpenDocument: text, sheets and slides in one walk; OpenOffice.org 1 files are the same in this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MIB
from untag.model import Gap
from untag.readers.artifacts.documents.flow import Flow
from untag.readers.artifacts.documents.package import Package
from untag.readers.artifacts.documents.tables import COLUMNS, Sheet
from untag.readers.artifacts.documents.xmlpull import START, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.documents.xmlpull import Event
    from untag.readers.base import Part

_MIME: Final = (b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")
_NAMES: Final = (".odt", ".ods", ".odp", ".ott", ".ots", ".otp", ".sxw", ".sxc", ".sxi")
_SKIPPED: Final = ("deletion", "forms", "sequence-decls", "automatic-styles", "font-face-decls", "note-citation")
_SAID: Final = ("title", "subject", "description", "keyword", "user-defined")
MANIFEST: Final = "META-INF/manifest.xml"


class OpenDocumentReader:
    """Reads ODT, ODS and ODP."""

    name = "opendocument"
    version = 1
    formats: tuple[str, ...] = ("odt", "ods", "odp")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether the first member says that it is an OpenDocument, or the name and the directory do."""
        if head[30:38] == b"mimetype" and any(mime in head[38:120] for mime in _MIME):
            return True
        return name.lower().endswith(_NAMES) and (b"content.xml" in tail or b"PK\x05\x06" not in tail)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield what the document says of itself, its content, and its headers and footers."""
        package = Package(blob, budget, deadline)
        held = ("content.xml", "meta.xml", "styles.xml", MANIFEST)
        yield from package.gather(lambda name: name in held)
        if _encrypted(package):
            yield Gap(blob.trail, "encrypted", "a password-protected OpenDocument; save it without its password")
            return
        flow = Flow(blob.trail[-1])
        for name in package.names():
            base = name.rstrip("~")
            if base == "meta.xml":
                yield from package.guarded(name, _meta(package.events(name), flow))
            elif base == "content.xml":
                yield from package.guarded(name, _Walk(flow).parts(package.events(name)))
            elif base == "styles.xml":
                flow.at("section", "header and footer")
                yield from package.guarded(name, _Walk(flow).parts(package.events(name)))


def _encrypted(package: Package) -> bool:
    try:
        events = package.events(MANIFEST) if MANIFEST in package and len(package.data(MANIFEST)) < MIB else ()
        return any(event.name == "encryption-data" for event in events if event.kind == START)
    except ReadError:
        return False


def _meta(events: Iterator[Event], flow: Flow) -> Iterator[Part]:
    pairs: list[tuple[str, str]] = []
    name = ""
    for event in events:
        if event.kind == START:
            name = event.attributes.get("name", event.name) if event.name in _SAID else ""
        elif event.kind == TEXT and name:
            pairs.append((name, event.name))
    yield from flow.metadata(pairs[:200])


class _Walk:
    """Walks the content; a sheet hands its rows on one by one, a table in a text is gathered whole."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.texts: list[list[str]] = []
        self.levels: list[int] = []
        self.rows: list[list[list[str]]] = []
        self.cells: list[list[str]] = []
        self.names: list[str] = []
        self.sheet: Sheet | None = None
        self.sheets = False
        self.skip = 0
        self.pages = 0
        self.repeat = 1

    def parts(self, events: Iterator[Event]) -> Iterator[Part]:
        """Yield the parts; on an error, first what is gathered."""
        try:
            for event in events:
                yield from self._event(event)
        except ReadError:
            while self.texts:
                yield from self._close()
            while self.rows:
                yield from self._table()
            raise

    def _event(self, event: Event) -> Iterator[Part]:
        kind, name, attributes = event
        if kind == TEXT:
            if self.texts and not self.skip:
                self.texts[-1].append(name)
        elif name in _SKIPPED:
            self.skip += 1 if kind == START else -1
        elif self.skip:
            return
        elif kind == START:
            yield from self._start(name, attributes)
        else:
            yield from self._end(name)

    def _start(self, name: str, attributes: dict[str, str]) -> Iterator[Part]:
        if name in ("p", "h"):
            level = attributes.get("outline-level", attributes.get("level", "1"))
            self.texts.append([])
            self.levels.append((int(level) if level.isdecimal() and len(level) < 3 else 1) if name == "h" else 0)  # noqa: PLR2004
        elif name in ("s", "tab", "line-break") and self.texts:
            self.texts[-1].append(" ")
        elif name in ("title", "desc") and not self.texts:
            self.texts.append([])
            self.levels.append(0)
        elif name == "spreadsheet":
            self.sheets = True
        elif name == "table":
            title = attributes.get("name", "")
            if self.sheets and not self.rows:
                self.flow.at("sheet", title)
                yield from self.flow.heading(title)
                self.flow.at("sheet", title)
                self.sheet = self.flow.sheet()
            self.rows.append([])
            self.names.append(title)
        elif name == "table-row" and self.rows:
            self.rows[-1].append([])
        elif name in ("table-cell", "covered-table-cell") and self.rows:
            count = attributes.get("number-columns-repeated", "1")
            self.repeat = min(int(count), COLUMNS) if count.isdecimal() and len(count) < 9 else 1  # noqa: PLR2004
            self.cells.append([])
        elif name == "page":
            self.pages += 1
            self.flow.at("slide", str(self.pages))

    def _end(self, name: str) -> Iterator[Part]:
        if name in ("p", "h", "title", "desc") and self.texts:
            yield from self._close()
        elif name in ("table-cell", "covered-table-cell") and self.cells:
            text = "\n".join(self.cells.pop())
            if self.rows and self.rows[-1] and len(self.rows[-1][-1]) < COLUMNS:
                self.rows[-1][-1] += [text] * (self.repeat if text else min(self.repeat, COLUMNS))
            self.repeat = 1
        elif name == "table-row" and self.sheet is not None and len(self.rows) == 1 and self.rows[-1]:
            yield from self.sheet.row(self.rows[-1].pop())
        elif name == "table" and self.rows:
            yield from self._table()

    def _close(self) -> Iterator[Part]:
        text, level = "".join(self.texts.pop()), self.levels.pop()
        if not text.strip():
            return
        if self.cells:
            self.cells[-1].append(text)
        elif self.texts:
            self.texts[-1].append(f" {text} ")
        elif level:
            yield from self.flow.heading(text, level)
        else:
            yield from self.flow.paragraph(text)

    def _table(self) -> Iterator[Part]:
        rows, name = self.rows.pop(), self.names.pop()
        if self.cells and len(self.cells) > len(self.rows):
            cell = "\n".join(self.cells.pop())
            rows = rows or [[]]
            rows[-1].append(cell)
        if self.sheet is not None and not self.rows:
            for row in rows:
                yield from self.sheet.row(row)
            yield from self.sheet.end()
            self.sheet = None
        else:
            yield from self.flow.table(rows, name)
