"""From lines on a page to headings, paragraphs and tables.

A PDF knows places, not paragraphs: lines of one size and one distance, of which all but
the last run to the edge, are one. Lines with wide blanks below each other are a table.
Lines at a page's edge that stood on an earlier page are running heads and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.readers.artifacts.documents.flow import Flow
    from untag.readers.base import Part

EDGE: Final = 0.1
"""Share of a page's height at its top and bottom where running heads stand."""
HEADS: Final = 2_000
"""Running heads remembered."""
LARGER: Final = 1.12
"""How much larger than most of the page the type of a heading is."""
SPACING: Final = 1.75
"""Distance of two lines of one paragraph at most, in sizes of type."""
FULL: Final = 4.0
"""How far from the edge, in sizes of type, a line may end that the next one continues."""
TITLE: Final = 120
"""Characters of a heading at most."""
SCRIPTS: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
"""Characters of scripts that are written without blanks (Korean has blanks, but breaks lines anywhere)."""
_BULLET: Final = re.compile(
    r"(?:[•●○▪■◆‣·∙–—*-]\s|\(?\d{1,3}[.)、]\s?|\(?[a-z][.)]\s|[（(]?[一二三四五六七八九十]{1,3}[、)）])"
)
_NUMBERED: Final = re.compile(r"(?:\d{1,3}(?:\.\d{1,3}){0,5}\.?|[A-Z]\.?\d{0,2}|[•●○▪■◆–-])\Z")
"""Numbers of sections and signs of lists."""
_WHOLE: Final = re.compile(
    r"(?:\b(?:skin|race|ethnic|face|facial|non|multi|sub|self|real|cross|age|gender|person|minority|religion|caste"
    r"|African|Asian|anti|vision|image))-\Z",
    re.IGNORECASE,
)
"""Words whose hyphen at the end of a line is their own: skin-tone, non-white."""
_RULES: Final = "#-–— /|.·"
_PAGE: Final = ("", "page", "page # of", "page of", "p", "seite", "seite # von", "第#页", "第 # 页", "第页", "第 页")
"""What is left of a page number."""
_NUMBERS: Final = re.compile(r"\d+")


@dataclass(slots=True)
class Line:
    """One line on a page, in points from the lower left corner."""

    cells: list[tuple[float, str]]
    left: float
    right: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        """The whole line."""
        return " ".join(text for _, text in self.cells)


@dataclass(slots=True)
class Sheet:
    """A page as the parser gives it."""

    lines: list[Line]
    height: float
    notes: list[str] = field(default_factory=list)
    """Remarks on the page, and what was read in a picture of it."""

    @classmethod
    def of(cls, raw: Sequence[Sequence[Any]], height: float) -> Sheet:
        """Take a page's lines from a frame of the child."""
        return cls([Line(_cells(row[0]), *(float(v) for v in row[1:5])) for row in raw], height)

    def edge(self, line: Line) -> bool:
        """Whether a line stands where running heads do."""
        return not EDGE * self.height < line.bottom < (1 - EDGE) * self.height

    def edges(self) -> set[str]:
        """Return the lines at the edges, without their numbers."""
        return {_bare(line) for line in self.lines if self.edge(line)}


def _cells(raw: Sequence[Sequence[Any]]) -> list[tuple[float, str]]:
    """Return the cells of a line; the number of a section stands before its title, not in a column."""
    cells = [(float(x), str(text)) for x, text in raw]
    if len(cells) == 2 and _NUMBERED.match(cells[0][1]):  # noqa: PLR2004 - a number and a title
        return [(cells[0][0], f"{cells[0][1]} {cells[1][1]}")]
    return cells


def _bare(line: Line) -> str:
    return _NUMBERS.sub("#", line.text.strip().lower())


def joined(before: str, after: str) -> str:
    """Join two lines: without a soft hyphen, without a blank between characters that need none."""
    if before.endswith("\xad"):
        before = before[:-1] + "-"
    if before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower():
        compound = _WHOLE.search(before) or "-" in after.split(" ", 1)[0]
        return before + after if compound else before[:-1] + after
    if (
        before.endswith(("/", "_"))
        or (before.endswith("-") and before[-2:-1].isalpha() and after[:1].isalpha())
        or (SCRIPTS.match(before[-1:]) and SCRIPTS.match(after[:1]))
    ):
        return before + after
    return f"{before} {after}"


class Layout:
    """Reads the pages of one document."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._heads: set[str] = set()
        self._sizes: dict[float, int] = {}
        """Characters set in each size of type so far; most stand in that of running text."""

    def page(self, sheet: Sheet, following: Sheet | None) -> Iterator[Part]:
        """Yield the parts of a page; ``following`` is the next one, which repeats its running heads."""
        again = following.edges() if following else set()
        lines = []
        for line in sheet.lines:
            if not sheet.edge(line):
                lines.append(line)
                continue
            bare = _bare(line)
            if bare in self._heads or bare.strip(_RULES) in _PAGE:
                continue
            if bare in again:
                yield from self._flow.paragraph(line.text)
                if len(self._heads) < HEADS:
                    self._heads.add(bare)
            else:
                lines.append(line)
        for line in lines:
            self._sizes[line.size] = self._sizes.get(line.size, 0) + len(line.text)
        body = max(self._sizes, key=lambda size: (self._sizes[size], -size), default=0.0)
        at = 0
        while at < len(lines):
            stop = _table(lines, at)
            if stop > at:
                yield from self._flow.table(_rows(lines[at:stop]))
            else:
                stop = _paragraph(lines, at)
                text = lines[at].text
                for line in lines[at + 1 : stop]:
                    text = joined(text.rstrip(), line.text)
                level = 0 if _upright(lines[at]) else _level(lines[at].size, body, text)
                yield from self._flow.heading(text, level) if level else self._flow.paragraph(text)
            at = stop


def _upright(line: Line) -> bool:
    """Whether a line runs up or down the page, as stamps on a margin do."""
    return len(line.text) > 8 and line.right - line.left < 0.15 * len(line.text) * line.size  # noqa: PLR2004 - a word


def _level(size: float, body: float, text: str) -> int:
    """Return the level of a heading by its size, or 0 for running text."""
    if size < body * LARGER or len(text) > TITLE or text.rstrip().endswith((".", "。", ";", ",", "；", "，")):
        return 0
    ratio = size / max(body, 1.0)
    return 1 if ratio > 1.6 else 2 if ratio > 1.3 else 3  # noqa: PLR2004 - sizes as style sheets have them


def _paragraph(lines: Sequence[Line], at: int) -> int:
    """Return where the paragraph that begins at a line ends."""
    first = lines[at]
    edge = first.right
    for line in lines[at + 1 : at + 60]:
        if abs(line.left - first.left) > 4 * first.size or abs(line.size - first.size) > 0.1 * first.size:
            break
        edge = max(edge, line.right)
    stop = at + 1
    while stop < len(lines):
        last, line = lines[stop - 1], lines[stop]
        distance = last.bottom - line.bottom
        if (
            (len(line.cells) > 1 and _table(lines, stop) > stop)
            or abs(line.size - last.size) > 0.1 * last.size
            or not 0 < distance <= SPACING * max(last.size, line.size)
            or last.right < edge - FULL * last.size
            or (stop - at > 1 and line.left > last.left + 1.2 * last.size)
            or _BULLET.match(line.text)
        ):
            break
        stop += 1
    return stop


def _table(lines: Sequence[Line], at: int) -> int:
    """Return where the table that begins at a line ends; the line itself when none does."""
    if len(lines[at].cells) < 2:  # noqa: PLR2004 - one cell is a line
        return at
    stop = at + 1
    lefts = [x for x, _ in lines[at].cells]
    while stop < len(lines):
        line, last = lines[stop], lines[stop - 1]
        distance = last.bottom - line.bottom
        if not -0.5 * last.size <= distance <= 4 * max(last.size, line.size):
            break
        aligned = sum(any(abs(x - left) <= 1.5 * line.size for left in lefts) for x, _ in line.cells)
        if aligned < len(line.cells) or (
            len(line.cells) == 1 and abs(line.left - lefts[0]) <= 1.5 * line.size and line.right > lefts[1]
        ):
            break
        stop += 1
    return stop if stop - at > 1 else at


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    """Return the rows of a table; a line without a first cell continues the row above it."""
    lefts = [x for x, _ in lines[0].cells]
    rows: list[list[str]] = []
    for line in lines:
        row = [""] * len(lefts)
        for x, text in line.cells:
            column = min(range(len(lefts)), key=lambda at: abs(lefts[at] - x))
            row[column] = joined(row[column], text) if row[column] else text
        if rows and len(rows) > 1 and not row[0]:
            rows[-1] = [joined(a, b) if a and b else a or b for a, b in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
    return rows
