"""PPTX: slides in the order of the show, with titles, tables, charts, notes and comments."""

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

_SLIDE: Final = re.compile(r"ppt/slides/slide(\d+)\.xml~*\Z")
_BESIDE: Final = re.compile(
    r"ppt/(?:notesSlides/notesSlide|comments/(?:modernComment_?|comment)|diagrams/data|charts/chart)[\w-]*\.xml\Z"
)
_READ: Final = re.compile(
    rf"{_SLIDE.pattern}|{_BESIDE.pattern}|ppt/presentation\.xml\Z|ppt/(?:slides/)?_rels/[\w-]+\.xml\.rels\Z"
    r"|docProps/(?:core|app|custom)\.xml\Z"
)
_TITLES: Final = ("title", "ctrTitle")


class PptxReader:
    """Reads slides; what is written beside one belongs to it."""

    name = "pptx"
    version = 1
    formats: tuple[str, ...] = ("pptx", "pptm", "ppsx", "potx")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether a package of slides is there."""
        return ooxml.holds(head, tail, name, b"ppt/presentation.xml", (".pptx", ".pptm", ".ppsx", ".potx"))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the text of each slide, and of its notes, comments, charts and diagrams."""
        package = Package(blob, budget, deadline)
        yield from package.gather(lambda name: bool(_READ.match(name)))
        flow = Flow(blob.trail[-1])
        yield from ooxml.properties(package, flow)
        read: set[str] = set()
        for number, name in enumerate(_order(package), 1):
            flow.at("slide", str(number))
            yield from package.guarded(name, shapes(package.events(name), flow))
            for beside in package.relations(name).values():
                if _BESIDE.match(beside) and beside in package and beside not in read:
                    read.add(beside)
                    yield from package.guarded(beside, shapes(package.events(beside), flow))
        for name in package.names():
            if _BESIDE.match(name) and name not in read:
                flow.at("section", name.rsplit("/", 1)[-1])
                yield from package.guarded(name, shapes(package.events(name), flow))


def _order(package: Package) -> list[str]:
    """Return the slides as they are shown; those that no list names come last."""
    slides = sorted((n for n in package.names() if _SLIDE.match(n)), key=lambda n: (int(_SLIDE.match(n)[1][:9]), n))  # type: ignore[index] # each matches
    order: list[str] = []
    try:
        targets = package.relations("ppt/presentation.xml")
        for event in package.events("ppt/presentation.xml") if "ppt/presentation.xml" in package else ():
            if event.kind == START and event.name == "sldId":
                order += [t for v in event.attributes.values() if (t := targets.get(v, "")) in slides]
    except ReadError:
        order = []
    order = list(dict.fromkeys(order))
    return order + [name for name in slides if name not in set(order)]


def shapes(events: Iterator[Event], flow: Flow) -> Iterator[Part]:
    """Yield the paragraphs, titles and tables of a slide or of what stands beside one."""
    texts: list[str] = []
    rows: list[list[str]] = []
    cell: list[str] = []
    table = title = on = False
    for event in events:
        kind, name, attributes = event
        if kind == TEXT:
            if on:
                texts.append(name)
        elif name in ("t", "v", "text"):
            on = kind == START
            if not on and name != "t":
                texts.append(" ")
        elif kind == START:
            if name == "sp":
                title = False
            elif name == "ph":
                title = attributes.get("type") in _TITLES
            elif name == "cNvPr" and attributes.get("descr"):
                yield from flow.paragraph(attributes["descr"])
            elif name == "br":
                texts.append(" ")
            elif name == "tbl":
                table, rows = True, []
            elif name == "tr":
                rows.append([])
            elif name == "tc":
                cell = []
        elif name in ("p", "ser", "cm", "pt"):
            text = "".join(texts)
            if name != "pt":
                texts = []
            if table:
                cell.append(text)
            elif text.strip() and name != "pt":
                yield from flow.heading(text) if title else flow.paragraph(text)
        elif name == "tc" and rows:
            rows[-1].append("\n".join(cell))
        elif name == "tbl":
            table = False
            yield from flow.table(rows)
            rows = []
    if rows:
        yield from flow.table(rows)
    yield from flow.paragraph("".join(texts))
