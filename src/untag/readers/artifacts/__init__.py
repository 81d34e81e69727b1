"""Structured files that are no text: models, tables in columns, documents, databases, programs.

One subpackage a family, one file a format. `DOORS` is the one ordered list; a reader is
imported when the first content asks for it. The first reader that claims a content reads
it, before any container does, so that a document which is a zip inside is read as a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts import documents, models, programs, tables, tensors

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door
    from untag.readers.base import ArtifactReader

DOORS: Final[tuple[Door, ...]] = (
    *tensors.DOORS,
    *models.DOORS,
    *tables.DOORS,
    *documents.DOORS,
    *programs.DOORS,
)
"""Every artifact reader, in the order in which they are asked."""

if len({door.name for door in DOORS}) != len(DOORS):
    raise ValueError("two artifact readers have the same name")


def artifact_reader(head: bytes, name: str, tail: bytes) -> ArtifactReader | None:
    """Return the first reader that claims a content, or None."""
    lower = name.rsplit("/", 1)[-1].lower()
    for door in DOORS:
        if door.likely(head, lower):
            reader = door.reader()
            if reader.claims(head, name, tail):
                return reader
    return None
