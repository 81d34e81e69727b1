"""Programs that ship: DEX, class files, .pyc, ELF, PE, Mach-O, .NET, layers of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door

DOORS: Final[tuple[Door, ...]] = ()
