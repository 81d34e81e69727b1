"""PDF: the text layer page by page, in a child process; outline, fields, notes and attachments."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.limits import READ_SECONDS, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.documents import child, ocr
from untag.readers.artifacts.documents.flow import Flow
from untag.readers.artifacts.documents.pdf_layout import Layout, Sheet
from untag.readers.base import Part
from untag.readers.containers import zipdir
from untag.readers.containers.common import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget

MEMORY: Final = 1 << 30
"""Bytes of address space for PDFium beside the file; a page of 600 megapixels asks for more."""
PAGES: Final = 20_000
"""Pages read; the longest standards have a tenth."""
CHARACTERS: Final = 300_000
"""Characters of one page; a full page of a newspaper has 60,000."""
MARKS: Final = 5_000
ATTACHMENTS: Final = 500
"""Marks of the outline and files attached at most."""
BARE: Final = 200
"""Pages without text that are named one by one."""


class PdfReader:
    """Reads PDF with pypdfium2, which is the extra ``pdf``."""

    name = "pdf"
    version = 1
    formats: tuple[str, ...] = ("pdf",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the mark stands in the first kilobyte, where viewers look for it."""
        return b"%PDF-" in head[:1_024]

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the text of each page, then what is attached and what stands behind the PDF."""
        if find_spec("pypdfium2") is None:
            yield Gap(blob.trail, "missing_extra", "reading PDF needs an extra: pip install 'untag[pdf]'")
            yield from _bytes(blob)
        else:
            try:
                yield from _Document(blob, budget).parts(deadline)
            except ReadError as error:
                yield Gap(blob.trail, error.reason, error.detail)
                if error.reason != "encrypted":
                    yield from _bytes(blob)
        yield from _behind(blob)


def _behind(blob: Blob) -> Iterator[Blob]:
    """Yield the zip that stands behind a PDF, when the file is both."""
    view = memoryview(blob.data)
    tail = bytes(view[-zipdir.TAIL :])
    directory = zipdir.read(view) if b"PK\x05\x06" in tail else None
    start = min((entry.start for entry in directory.entries), default=0) if directory else 0
    if 0 < start < len(view):
        yield Blob((*blob.trail, "~zip"), view[start:])


def _bytes(blob: Blob) -> Iterator[Blob]:
    """Yield the file without its mark, to be searched as bytes."""
    at = bytes(memoryview(blob.data)[:1_024]).rfind(b"%PDF-")
    yield Blob((*blob.trail, "~bytes"), memoryview(blob.data)[at + 5 :])


class _Document:
    def __init__(self, blob: Blob, budget: Budget) -> None:
        self.blob = blob
        self.budget = budget
        self.flow = Flow(blob.trail[-1])
        self.layout = Layout(self.flow)
        self.names = Names(blob.trail)
        self.bare: list[int] = []
        self.damaged: list[int] = []
        self.fields: list[str] = []
        self.before: tuple[int, Sheet] | None = None
        """The page before, which is read once the next one has told which of its lines are running heads."""

    def parts(self, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        settings = {
            "memory": MEMORY,
            "seconds": int(READ_SECONDS) * 2 if not ocr.asked() else int(ocr.SECONDS),
            "pages": PAGES,
            "characters": CHARACTERS,
            "marks": MARKS,
            "attachments": ATTACHMENTS,
            "pixels": ocr.PIXELS if ocr.asked() else 0,
        }
        clock = Deadline.after(ocr.SECONDS) if ocr.asked() else deadline
        ended: ReadError | None = None
        try:
            for message, payload in child.ask("pdf_child", self.blob.data, settings, clock):
                yield from self.message(message, payload)
        except ReadError as error:
            ended = error
        yield from self.left()
        if ended is not None:
            raise ended

    def message(self, message: dict[str, Any], payload: bytes) -> Iterator[Part | Blob | Gap]:
        """Yield what one frame of the child says; a child that PDFium has broken may say anything."""
        if message.get("missing"):
            yield Gap(self.blob.trail, "missing_extra", "reading PDF needs an extra: pip install 'untag[pdf]'")
        elif "refused" in message:
            if message["refused"] == "encrypted":
                raise ReadError("encrypted", "a password-protected PDF; save it without its password")
            raise ReadError("corrupt", "the PDF has no pages that can be found; it was searched as bytes")
        elif "attachment" in message:
            yield from self.attachment(str(message["attachment"]), payload, damaged=bool(message.get("damaged")))
        elif "count" in message:
            yield from self.document(message)
        elif isinstance(message.get("page"), int):
            try:
                yield from self.page(message, payload)
            except (TypeError, ValueError, KeyError, IndexError) as error:
                raise ReadError("crashed", "the parser answers what makes no sense; please report it") from error

    def document(self, message: dict[str, Any]) -> Iterator[Part | Gap]:
        yield from self.flow.metadata([(str(key), str(value)) for key, value in message.get("info", [])])
        self.flow.at("section", "outline")
        for title in message.get("outline", []):
            for part in self.flow.paragraph(str(title)):
                yield Part(part.text, "heading", part.scope, part.statement)
        if int(message["count"]) > PAGES:
            yield Gap(self.blob.trail, "limit", f"more than {PAGES:,} pages; the rest was not read")

    def attachment(self, name: str, payload: bytes, *, damaged: bool) -> Iterator[Blob | Gap]:
        gaps: list[Gap] = []
        trail = self.names.add(name, gaps)
        yield from gaps
        self.budget.member()
        self.budget.spend(len(payload))
        if damaged:
            yield Gap(trail, "limit" if payload else "corrupt", "an attachment that could not be read to its end")
        if payload:
            yield Blob(trail, payload)

    def page(self, message: dict[str, Any], payload: bytes) -> Iterator[Part | Gap]:
        number = message["page"]
        if message.get("damaged"):
            self.damaged.append(number)
            return
        if message.get("cut"):
            yield Gap(self.blob.trail, "limit", f"page {number} holds more than {CHARACTERS:,} characters")
        sheet = Sheet.of(message["lines"], float(message["size"][1]))
        sheet.notes = [str(text) for kind, text in message["notes"] if kind == "note"]
        yield from self.turn(sheet)
        self.before = (number, sheet)
        self.fields += [str(text) for kind, text in message["notes"] if kind != "note"]
        if payload:
            picture = b"P6 %d %d 255\n" % (message["width"], message["height"]) + payload
            try:
                sheet.notes += ocr.read_image(picture)
            except ReadError as error:
                yield Gap(self.blob.trail, error.reason, f"page {number}: {error.detail}")
        elif message.get("drawn"):
            self.bare.append(number)

    def turn(self, following: Sheet | None) -> Iterator[Part]:
        """Yield the page before."""
        if self.before is not None:
            number, sheet = self.before
            self.before = None
            self.flow.at("page", str(number), keep=True)
            yield from self.layout.page(sheet, following)
            for note in sheet.notes:
                yield from self.flow.paragraph(note)

    def left(self) -> Iterator[Part | Gap]:
        """Yield the last page, the names of fields, and what was not read."""
        yield from self.turn(None)
        names = tuple(dict.fromkeys(self.fields))
        scope = self.flow.form(names)
        for name in names:
            yield Part(name, "member", scope, name)
        if self.bare:
            which = ranges(self.bare)
            verb = "has" if len(self.bare) == 1 else "have"
            yield Gap(self.blob.trail, "unsupported", f"{which} {verb} no text layer: give --ocr")
        if self.damaged:
            yield Gap(self.blob.trail, "corrupt", f"{ranges(self.damaged)} could not be read")


def ranges(numbers: list[int]) -> str:
    """Word a rising list of pages: ``pages 1, 3-5``."""
    runs: list[list[int]] = []
    for number in numbers[:BARE]:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
    more = " and more" if len(numbers) > BARE else ""
    return f"page{'' if len(numbers) == 1 else 's'} {words}{more}"
