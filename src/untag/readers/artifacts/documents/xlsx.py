"""XLSX: sheets by name, columns by header, strings shared and in place, comments."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.documents import ooxml
from untag.readers.artifacts.documents.flow import Flow, tidy
from untag.readers.artifacts.documents.package import Package
from untag.readers.artifacts.documents.tables import COLUMNS
from untag.readers.artifacts.documents.xmlpull import END, START, TEXT, Handler, handled, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.artifacts.documents.xmlpull import Event
    from untag.readers.base import Part

_SHEET: Final = re.compile(r"xl/(?:worksheets|chartsheets|dialogsheets|macrosheets)/(?!_rels)[^/]+\.xml~*\Z")
_BESIDE: Final = re.compile(
    r"xl/(?:comments\d*|threadedComments/[^/]+|drawings/drawing\d+|charts/chart\d+|comments/[^/]+)\.xml\Z"
)
_STRINGS: Final = "xl/sharedStrings.xml"
_BOOK: Final = "xl/workbook.xml"
_READ: Final = re.compile(
    rf"{_SHEET.pattern}|{_BESIDE.pattern}|xl/(?:sharedStrings|workbook)\.xml\Z|xl/_rels/workbook\.xml\.rels\Z"
    r"|docProps/(?:core|app|custom)\.xml\Z"
)
POOL: Final = 48 << 20
"""Bytes of shared strings that are kept; a sheet holds names, not novels."""


class Strings:
    """Shared strings in one buffer: a million of them as Python strings would take too much memory."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q")
        self.full = False

    def add(self, text: str) -> None:
        """Take the next string; past `POOL` they are empty."""
        if len(self._data) < POOL:
            self._data += text.encode("utf-8", "replace")
        elif text:
            self.full = True
        self._ends.append(len(self._data))

    def get(self, number: str) -> str:
        """Return a string by its number as a cell has it."""
        if not number.isdecimal() or len(number) > 9 or int(number) >= len(self._ends):  # noqa: PLR2004
            return ""
        at = int(number)
        return self._data[self._ends[at - 1] if at else 0 : self._ends[at]].decode("utf-8", "replace")


class XlsxReader:
    """Reads the strings of each sheet under the headers of their columns."""

    name = "xlsx"
    version = 1
    formats: tuple[str, ...] = ("xlsx", "xlsm", "xltx")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether a package of sheets is there; the binary kind (xlsb) is searched as members of a zip."""
        return ooxml.holds(head, tail, name, b"xl/workbook.xml", (".xlsx", ".xlsm", ".xltx"))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield names of sheets and cells, and what is remarked beside them."""
        package = Package(blob, budget, deadline)
        yield from package.gather(lambda name: bool(_READ.match(name)))
        flow = Flow(blob.trail[-1])
        yield from ooxml.properties(package, flow)
        strings = Strings()
        yield from package.guarded(_STRINGS, _gather(package, strings))
        if strings.full:
            yield Gap(blob.trail, "limit", f"more than {POOL:,} bytes of shared strings; the rest was not read")
        names: dict[str, str] = {}
        yield from package.guarded(_BOOK, _book(package, names, flow))
        sheets = [name for name in package.names() if _SHEET.match(name)]
        for name in sorted(sheets, key=lambda n: (n not in names, list(names).index(n) if n in names else 0, n)):
            title = names.get(name, name.rsplit("/", 1)[-1].removesuffix(".xml"))
            flow.at("sheet", title)
            yield from package.guarded(name, _sheet(package.data(name), strings, flow, deadline))
        for name in filter(_BESIDE.match, package.names()):
            flow.at("section", name.rsplit("/", 1)[-1].removesuffix(".xml"))
            yield from package.guarded(name, _remarks(package.events(name), flow))


def _gather(package: Package, strings: Strings) -> Iterator[Part]:
    """Take in the shared strings; a phonetic reading is no part of one. Yields nothing."""
    texts: list[str] = []
    on = False
    phonetic = 0
    for kind, name, _ in package.events(_STRINGS) if _STRINGS in package else ():
        if kind == TEXT:
            if on and not phonetic:
                texts.append(name)
        elif name == "t":
            on = kind == START
        elif name == "rPh":
            phonetic += 1 if kind == START else -1
        elif name == "si" and kind == END:
            strings.add("".join(texts))
            texts = []
    yield from ()


def _book(package: Package, names: dict[str, str], flow: Flow) -> Iterator[Part]:
    """Learn which sheet has which name, and yield the names, of sheets and of ranges, as what they are."""
    targets = package.relations(_BOOK)
    for event in package.events(_BOOK) if _BOOK in package else ():
        if event.kind != START:
            continue
        if event.name == "sheet":
            title = tidy(event.attributes.get("name", ""))
            target = targets.get(event.attributes.get("id", ""), "")
            if target:
                names[target] = title
            flow.at("sheet", title)
            yield from flow.heading(title)
        elif event.name == "definedName":
            flow.at("section", "names")
            yield from flow.paragraph(event.attributes.get("name", ""))


def _sheet(data: Buffer, strings: Strings, flow: Flow, deadline: Deadline) -> Iterator[Part]:
    """Yield the cells of one sheet, row by row."""
    sheet = flow.sheet()
    cells = _Cells(strings)
    try:
        for row in handled(data, cells, deadline):
            if isinstance(row, str):
                yield from flow.paragraph(row)
            else:
                yield from sheet.row(row)
    except ReadError:
        # a sheet that breaks off has said something before
        yield from sheet.row(cells.row)
        yield from sheet.end()
        raise
    yield from sheet.end()


_SAYS: Final = ("prompt", "promptTitle", "tooltip", "error")
_BESIDE_CELLS: Final = ("formula1", "oddHeader", "oddFooter")


class _Cells(Handler["list[str] | str"]):
    """Gathers the strings of each row, and what is remarked beside the cells; passes over numbers quickly."""

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings
        self.row: list[str] = []
        self._texts: list[str] = []
        self._column = 0
        self._kind = ""
        self._on = False
        self._next = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        name = local(name)
        if name == "c":
            self._column = _column(attributes.get("r", ""), self._next)
            self._next = self._column + 1
            self._kind = attributes.get("t", "")
            self._texts = []
        elif name in ("v", "t"):
            self._on = self._kind in _STRINGY
        elif name == "row":
            self.row, self._next = [], 0
        elif name in ("dataValidation", "hyperlink"):
            self.items += [attributes[key] for key in _SAYS if attributes.get(key)]
        elif name in _BESIDE_CELLS:
            self._on, self._texts = True, []

    def text(self, data: str) -> None:
        if self._on:
            self._texts.append(data)

    def end(self, name: str) -> None:
        super().end(name)
        name = local(name)
        if name in ("v", "t"):
            self._on = False
        elif name == "c":
            if self._texts and self._column < COLUMNS:
                self.row += [""] * (self._column - len(self.row) + 1)
                text = "".join(self._texts)
                self.row[self._column] = self._strings.get(text.strip()) if self._kind == "s" else text
        elif name == "row":
            if self.row:
                self.items.append(self.row)
            self.row = []
        elif name in _BESIDE_CELLS:
            self.items.append("".join(self._texts))
            self._on, self._texts = False, []


_STRINGY: Final = frozenset(("s", "str", "inlineStr"))
"""Types of cells that hold text; all others are numbers, dates and truth."""


def _column(reference: str, following: int) -> int:
    """Return the number of a cell's column from 0: ``B7`` is 1; cells without a reference follow each other."""
    letters = reference.rstrip("0123456789")
    number = _COLUMNS.get(letters)
    if number is None:
        number = 0
        for char in letters[:3]:
            number = number * 26 + max(ord(char) - 64, 0)
        if len(_COLUMNS) < COLUMNS:
            _COLUMNS[letters] = number
    return number - 1 if number else following


_COLUMNS: Final[dict[str, int]] = {}


def _remarks(events: Iterator[Event], flow: Flow) -> Iterator[Part]:
    """Yield comments, and the text of drawings and charts."""
    texts: list[str] = []
    on = False
    for kind, name, attributes in events:
        if kind == TEXT:
            if on:
                texts.append(name)
        elif name in ("t", "v", "text"):
            on = kind == START
        elif kind == START and name == "cNvPr":
            yield from flow.paragraph(attributes.get("descr", ""))
        elif kind == END and name in ("comment", "threadedComment", "p", "pt"):
            yield from flow.paragraph("".join(texts))
            texts = []
