"""What Word, PowerPoint and Excel packages share: how they are known, their properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.documents.xmlpull import START, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.readers.artifacts.documents.flow import Flow
    from untag.readers.artifacts.documents.package import Package
    from untag.readers.base import Part

PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_SAID = frozenset(
    ("title", "subject", "description", "keywords", "category", "contentStatus", "Company", "lpwstr", "lpstr")
)
"""Properties that say something about the document; who wrote it, and when, is nobody's business."""


def holds(head: bytes, tail: bytes, name: str, member: bytes, names: tuple[str, ...]) -> bool:
    """Whether a zip's directory, or its first member, names ``member``; a cut zip is known by its name."""
    if member in tail or member in head:
        return True
    return name.lower().endswith(names) and b"PK\x05\x06" not in tail


def properties(package: Package, flow: Flow) -> Iterator[Part | Gap]:
    """Yield title, subject, keywords and custom properties."""
    pairs: list[tuple[str, str]] = []
    for path in PROPERTIES:
        if path not in package:
            continue
        key = name = ""
        try:
            for event in package.events(path):
                if event.kind == START:
                    name = event.name
                    key = event.attributes.get("name", "") if name == "property" else key
                elif event.kind == TEXT and name in _SAID and event.name.strip():
                    pairs.append((key or name, event.name))
        except ReadError as error:
            yield Gap((*package.blob.trail, path), error.reason, error.detail)
    yield from flow.metadata(pairs[:200])
