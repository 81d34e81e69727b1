"""Captions of pictures: which of them name a group of the person in the picture, counted, never quoted.

One caption that says who is in a picture says little; a data set whose captions sort people by
group trains whatever is trained on it to do so. So captions are gathered, and speak together.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.model import Scope, Span
from untag.readers import company
from untag.readers.lines import Lines, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS: Final = 2
"""Different groups named, from which on captions sort people by group; names that are colours, too, are not counted."""
CAPTIONS: Final = 10
"""Captions that name one, from which on it is no chance."""
WORDS: Final = 4
"""Words of the shortest caption."""
LONGEST: Final = 4_000
"""Bytes of a caption that is looked at."""
PICTURED: Final = re.compile(rb"[^\s,|]{1,200}\.(?:jpe?g|png|bmp|webp)(?:#\d)?[ ]?([\t|,])[^\n]{8,}", re.IGNORECASE)
"""A line that is a picture's file name and its caption; the group is what stands between them."""
_PERSON: Final = re.compile(
    r"(?:[\s-]+(?:[a-z]+-)?[a-z]+)?[\s-]+(?:m[ae]n|wom[ae]n|person|persons|people|boys?|girls?|child|children|lad(?:y|ies)"
    r"|guys?|kids?|bab(?:y|ies)|toddlers?|teens?|teenagers?|students?|females?|males?|couple|famil(?:y|ies)|descent|face|faces)\b"
    r"|\s?(?:族|人|裔)?的?(?:年轻|中年|老年)?(?:男|女|孩|人)",
    re.IGNORECASE,
)
"""What follows the name of a group where a caption says it of a person."""


def captions_of(head: bytes) -> bytes:
    """Return what separates pictures from captions in a text that gives one of each a line; empty for another text."""
    rows = head.split(b"\n")[1:5]
    found = [PICTURED.match(row) for row in rows]
    return found[0][1] if len(rows) > 2 and found[0] and all(found) else b""  # noqa: PLR2004 - a count by eye


_DESCRIBED: Final = re.compile(
    rb"\b([A-Za-z]{3,20}) (?:m[ae]n|wom[ae]n|persons?|people|boys?|girls?|child|children|lady|ladies)\b"
)
SAMPLE: Final = 1 << 20
"""Bytes in which it is looked for how captions describe people."""
WORDED: Final = 40
"""Words of such descriptions that are kept, the most frequent first."""


class Captions:
    """The captions of one text in which groups were found."""

    def __init__(self, data: bytes, text_lines: Lines, table: Scope) -> None:
        self._data = data
        self._lines = text_lines
        self._table = table
        self._found: dict[str, list[tuple[int, int, int]]] = {}

    def add(self, name: str, low: int, high: int, start: int, stop: int) -> None:
        """Take in a place in the caption ``low:high`` of the column ``name``, if it says a group of a person."""
        if high - low > LONGEST or (self._data.count(b" ", low, high) + 1 < WORDS and self._data[low:high].isascii()):
            return
        if company.TELLS.search(decode(self._data, low, high)):
            return  # asks or says more than who is there
        if _PERSON.match(decode(self._data, stop, min(high, stop + 80))):
            self._found.setdefault(name, []).append((low, start, stop))

    def spans(self) -> dict[int, Span]:
        """Return the spans of all places by their starts; captions that do not sort people by group say nothing."""
        out: dict[int, Span] = {}
        for name, places in self._found.items():
            out |= self._of(name, places)
        return out

    def _described(self) -> tuple[str, ...]:
        """Return the words that captions set before a person: names of groups that are colours, too, among them."""
        found = Counter(m[1] for m in _DESCRIBED.finditer(self._data, 0, SAMPLE))
        return tuple(word.decode() for word, _ in found.most_common(WORDED))

    def _of(self, name: str, places: Sequence[tuple[int, int, int]]) -> dict[int, Span]:
        groups = tuple(dict.fromkeys(decode(self._data, s, e) for _, s, e in places))
        count = len({low for low, _, _ in places})
        said, scope = "", Scope("row", name, ("",), "", Scope("file", ""))
        if len({group.lower() for group in groups}) >= GROUPS and count >= CAPTIONS:
            said = f"label of pictured people: {count} of them are told apart by {len(groups)} groups"
            scope = Scope("row", name, (*groups, *self._described()), "", self._table)
        out: dict[int, Span] = {}
        for _, start, stop in places:
            line = self._lines.number(start)
            out[start] = Span(decode(self._data, start, stop), "value", start, stop, line, line, scope, said)
        return out
