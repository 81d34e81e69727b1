"""EPUB: chapters in the order of the spine; headings, paragraphs and tables of their XHTML."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.documents.flow import Flow
from untag.readers.artifacts.documents.package import Package, resolved
from untag.readers.artifacts.documents.xmlpull import START, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.documents.xmlpull import Event
    from untag.readers.base import Part

_PAGES: Final = (".xhtml", ".html", ".htm", ".opf", ".ncx")
_SAID: Final = ("title", "subject", "description")
_BLOCKS: Final = frozenset(
    ("p", "div", "li", "td", "th", "dt", "dd", "blockquote", "figcaption", "caption", "section", "body", "pre", "br")
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_UNSEEN: Final = ("script", "style")


class EpubReader:
    """Reads books."""

    name = "epub"
    version = 1
    formats: tuple[str, ...] = ("epub",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:
        """Whether the first member says that it is a book, or the name and the directory do."""
        if head[30:38] == b"mimetype" and b"application/epub+zip" in head[38:120]:
            return True
        return name.lower().endswith(".epub") and (b"META-INF/container.xml" in tail or b"PK\x05\x06" not in tail)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield title and subjects, then the chapters; pages that the spine does not name come last."""
        package = Package(blob, budget, deadline)
        yield from package.gather(lambda name: name.lower().endswith(_PAGES) or name == "META-INF/encryption.xml")
        if "META-INF/encryption.xml" in package and _hides_pages(package):
            yield Gap(blob.trail, "encrypted", "a book with digital rights management; its pages cannot be read")
            return
        flow = Flow(blob.trail[-1])
        order: list[str] = []
        for name in [n for n in package.names() if n.endswith(".opf")]:
            yield from package.guarded(name, _outline(package.events(name), posixpath.dirname(name), order, flow))
        pages = [name for name in package.names() if name.endswith((".xhtml", ".html", ".htm"))]
        spine = [name for name in dict.fromkeys(order) if name in pages]
        for number, name in enumerate(spine + [p for p in pages if p not in set(spine)], 1):
            flow.at("section", str(number))
            yield from package.guarded(name, page(package.events(name), flow))


def _hides_pages(package: Package) -> bool:
    """Whether more than fonts is encrypted."""
    try:
        return any(
            event.name == "CipherReference" and event.attributes.get("URI", "").lower().endswith(_PAGES)
            for event in package.events("META-INF/encryption.xml")
            if event.kind == START
        )
    except ReadError:
        return False


def _outline(events: Iterator[Event], folder: str, order: list[str], flow: Flow) -> Iterator[Part]:
    """Learn the order of the chapters and yield what the book says of itself."""
    files: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    name = ""
    for event in events:
        if event.kind == TEXT:
            if name in _SAID:
                pairs.append((name, event.name))
            continue
        name = event.name if event.kind == START else ""
        if event.kind == START and name == "item":
            files[event.attributes.get("id", "")] = resolved(folder, event.attributes.get("href", ""))
        elif event.kind == START and name == "itemref":
            order.append(files.get(event.attributes.get("idref", ""), ""))
    yield from flow.metadata(pairs[:200])


def page(events: Iterator[Event], flow: Flow) -> Iterator[Part]:
    """Yield the headings, paragraphs and tables of an XHTML page."""
    texts: list[str] = []
    tables: list[list[list[str]]] = []
    skip = level = 0
    try:
        for kind, name, attributes in events:
            if kind == TEXT:
                if not skip:
                    texts.append(name)
                continue
            if name in _UNSEEN:
                skip += 1 if kind == START else -1
            elif name == "img" and kind == START:
                texts.append(f" {attributes.get('alt', '')} ")
            elif name in _HEADINGS:
                yield from _said(texts, level, flow)
                texts = []
                level = _HEADINGS[name] if kind == START else 0
            elif name == "table":
                if kind == START:
                    yield from _said(texts, level, flow)
                    tables.append([])
                elif tables:
                    rows = tables.pop()
                    yield from flow.table(rows)
                texts = []
            elif tables:
                if name == "tr" and kind == START:
                    tables[-1].append([])
                elif name in ("td", "th"):
                    if kind != START and tables[-1]:
                        tables[-1][-1].append("".join(texts))
                    texts = []
                elif name in _BLOCKS:
                    texts.append(" ")
            elif name in _BLOCKS:
                yield from _said(texts, level, flow)
                texts = []
    except ReadError:
        for rows in tables:
            yield from flow.table(rows)
        yield from _said(texts, level, flow)
        raise


def _said(texts: list[str], level: int, flow: Flow) -> Iterator[Part]:
    text = "".join(texts)
    if text.strip():
        yield from flow.heading(text, level) if level else flow.paragraph(text)
