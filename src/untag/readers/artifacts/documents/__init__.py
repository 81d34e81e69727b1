"""Documents: PDF, office files, EPUB, RTF, mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door

DOORS: Final[tuple[Door, ...]] = ()
