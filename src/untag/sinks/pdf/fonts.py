"""The fonts of a PDF: which are there, and which characters none of them has.

The typesetter brings a serif and a fixed-width font for Latin, Greek and Cyrillic letters. Other
scripts need fonts of the machine, of a folder that is named, or of packages that carry nothing
else. Characters without a glyph would be boxes, so they are looked for before and named aloud.
"""

from __future__ import annotations

import struct
import unicodedata
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGES: Final = (
    ("fontpkg_amiri", "files"),
    ("fontpkg_noto_sans_arabic", "files"),
    ("noto_cjk_sans_otc", ""),
)
"""Packages that carry fonts under the Open Font License, and the folder in each; used where installed."""
PREFERRED: Final = (
    "Libertinus Serif",
    "Noto Naskh Arabic",
    "Amiri",
    "Noto Sans Arabic",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans",
    "Segoe UI",
    "Arial Unicode MS",
)
"""Families in the order in which they are asked for a glyph; then any font that has it."""
_BUILT_IN: Final = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x391, 0x3C9),
    (0x400, 0x45F),
    (0x2010, 0x2027),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x25A0, 0x25FF),
)
"""Ranges that the typesetter's own fonts cover."""
_INVISIBLE: Final = frozenset("\n\u200b\u200c\u200d\u3000\u00ad")
_TABLES: Final = 512
_FORMAT_BMP: Final = 4
_FORMAT_FULL: Final = 12
_COLLECTION: Final = b"ttcf"


def folders() -> list[str]:
    """Return the folders of the font packages that are installed; none is imported."""
    specs = ((find_spec(package), inner) for package, inner in PACKAGES)
    return [
        str(Path(place) / inner) for spec, inner in specs if spec for place in spec.submodule_search_locations or ()
    ]


def families(fonts: Any) -> list[str]:
    """Return the preferred families that are there, in order; ``fonts`` is the typesetter's list."""
    there = set(fonts.families())
    return [name for name in PREFERRED if name in there]


def missing(texts: Iterable[str], fonts: Any) -> Counter[str]:
    """Return for each script how many different characters have no glyph in any font."""
    wanted = {char for text in texts if not text.isascii() for char in text} - _INVISIBLE
    codes = {ord(char) for char in wanted if not any(low <= ord(char) <= high for low, high in _BUILT_IN)}
    rank = {name: number for number, name in enumerate(PREFERRED)}
    files = {(font.path, font.index): rank.get(font.family, len(rank)) for font in fonts.fonts() if font.path}
    for (path, index), _ in sorted(files.items(), key=lambda row: (row[1], row[0])):
        if not codes:
            break
        codes -= covered(Path(path), index, codes)
    return Counter(_script(chr(code)) for code in codes)


def _script(char: str) -> str:
    """Return the name of a character's script, as Unicode names its characters."""
    if unicodedata.category(char)[0] not in "LMN":
        return "symbol"
    return unicodedata.name(char, "unnamed").partition(" ")[0].partition("-")[0].title().replace("Cjk", "Han")


def covered(path: Path, index: int, codes: set[int]) -> set[int]:
    """Return those of ``codes`` that a font has a glyph for; none where the file is no font."""
    try:
        with path.open("rb") as file:
            return _covered(file, index, codes)
    except (OSError, struct.error, ValueError):
        return set()


def _covered(file: Any, index: int, codes: set[int]) -> set[int]:
    start = 0
    head = file.read(12)
    if head[:4] == _COLLECTION:
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
        file.seek(start)
        head = file.read(12)
    (count,) = struct.unpack(">H", head[4:6])
    for _ in range(min(count, _TABLES)):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            table = file.read(length)
            return {code for low, high in _ranges(table) for code in codes if low <= code <= high}
    return set()


def _ranges(table: bytes) -> Iterator[tuple[int, int]]:
    """Yield the ranges of characters of a ``cmap`` table; glyph 0 inside a range is not looked for."""
    (count,) = struct.unpack(">H", table[2:4])
    for number in range(min(count, _TABLES)):
        (offset,) = struct.unpack(">I", table[8 + 8 * number : 12 + 8 * number])
        (form,) = struct.unpack(">H", table[offset : offset + 2])
        if form == _FORMAT_FULL:
            (groups,) = struct.unpack(">I", table[offset + 12 : offset + 16])
            for low, high, _ in struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * groups]):
                yield low, high
        elif form == _FORMAT_BMP:
            (double,) = struct.unpack(">H", table[offset + 6 : offset + 8])
            ends = struct.unpack(f">{double // 2}H", table[offset + 14 : offset + 14 + double])
            starts = struct.unpack(f">{double // 2}H", table[offset + 16 + double : offset + 16 + 2 * double])
            yield from zip(starts, ends, strict=True)
