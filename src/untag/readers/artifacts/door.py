"""What stands before an artifact reader: a cheap test, and where the reader is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.readers.base import ArtifactReader


@dataclass(frozen=True, slots=True)
class Door:
    """An artifact reader that is imported when a content may be its own."""

    name: str
    version: int
    """Goes up when the same bytes may give other parts; it is in the report and in the cache key."""
    formats: tuple[str, ...]
    where: tuple[str, str]
    """Module below `untag.readers.artifacts`, and class."""
    likely: Callable[[bytes, str], bool]
    """Cheap test of the first 4 KiB and the lower-case file name that costs no import."""

    def reader(self) -> ArtifactReader:
        """Return the reader itself."""
        module, name = self.where
        found: ArtifactReader = getattr(import_module(f"untag.readers.artifacts.{module}"), name)()
        return found
