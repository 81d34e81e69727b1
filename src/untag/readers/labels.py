"""Label lists: the classes of a model or of a data set, an entry a line or an item a block.

``classes.txt``, ``obj.names``, ``labels.txt``, ``synset.txt``, ``label_map.pbtxt``, ``data.yaml``: the
file's name says what it is, and its entries are one value set. What they are classes of is said by the
folder that they lie in, so it stands in the scope's words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import classes, lines
from untag.readers.lines import Lines, decode
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

ENTRIES: Final = 30_000
"""Entries of a list that are looked at: ImageNet's largest label list has 21,843."""
ENTRY: Final = 160
"""Bytes of the longest label of a list: synsets name their synonyms."""
AROUND: Final = limits.MEMBERS // 2
"""Entries above and below one that are its siblings, where a list is longer than `limits.MEMBERS`."""
_LISTED: Final = re.compile(
    r"(?:.*[_.-])?(?:class(?:es)?|class[_-]?names?|labels?|labelmap|label[_-]map|label[_-]?names?|categor(?:y|ies)|synsets?"
    r"|synset[_-]?words|attributes?|attribute[_-]?names?|obj|tags|names)(?:[_.-](?:en|zh|list|names|all|final|\d+))?"
    r"\.(?:txt|names|labels|list|lst)\Z|.*\.(?:names|labels)\Z",
)
_MAPPED: Final = re.compile(r".*label[_-]?map.*\.(?:pbtxt|txt)\Z|.*labelmap.*\.(?:pbtxt|txt)\Z|.*\.pbtxt\Z")
_NUMBERED: Final = re.compile(rb"[ \t]*(?:n\d{8}[ \t,:]+|\d{1,6}[ \t]*[:,=.)\t ][ \t]*|[\"']|-[ \t]+)?")
_ITEM: Final = re.compile(rb"\bitem\s{0,20}:?\s{0,20}\{([^{}]{0,2000})\}")
_NAME: Final = re.compile(
    rb"\b(?:name|display_name|class_name)\s{0,9}:\s{0,9}(?:\"([^\"\n]{0,200})\"|'([^'\n]{0,200})')"
)
_SENTENCE: Final = re.compile(rb"[.!?;:]\s*\Z|[{}<>]|\.(?:jpe?g|png|bmp)\b|\s-?\d+(?:\.\d+)?\s+-?\d", re.IGNORECASE)
_YAML_NAMES: Final = re.compile(
    rb"^names[ \t]*:(?:[^\n]*\n)(?:(?:[ \t]+|-[ \t]|[\]#])[^\n]*\n?|[ \t\r]*\n)*+", re.MULTILINE
)
_YOLO: Final = re.compile(rb"^(?:train|val|test|nc|path)[ \t]*:", re.MULTILINE)
_QUOTED: Final = re.compile(
    rb"\"([^\"\n]{1,160})\"|'([^'\n]{1,160})'|(?<=[\[,\-:])[ \t]*([^\s\[\],:'\"#][^\[\],:\"#\n]{0,160})"
)


def is_labels(name: str, data: bytes) -> bool:
    """Whether a file of this name is a list of labels: its name says so, and its first lines do not deny it."""
    lower = name.lower()
    head = data[:8_192]
    if _MAPPED.match(lower) and _ITEM.search(head) is not None:
        return _NAME.search(head) is not None
    if _LISTED.match(lower) is None:
        return False
    rows = [row for row in head.split(b"\n")[:200] if row.strip()]
    if len(head) < len(data):
        rows = rows[:-1]
    denied = sum(1 for row in rows if len(row) > ENTRY or _SENTENCE.search(row.rstrip()) is not None)
    return len(rows) > 1 and denied * 10 <= len(rows)


def is_yolo(name: str, head: bytes) -> bool:
    """Whether a YAML file describes a data set of boxes: folders of pictures and the names of the classes."""
    return name.lower().endswith((".yaml", ".yml")) and _YOLO.search(head) is not None and b"names" in head


def entries_of(text: Text, deadline: Deadline) -> list[tuple[int, int]]:
    """Return where the labels of a list stand."""
    data = text.data
    if _ITEM.search(data[:8_192]) is not None:
        return _items(data, deadline)
    if text.name.lower().endswith((".yaml", ".yml")):
        found = _YAML_NAMES.search(data)
        if found is None:
            return []
        low = data.find(b":", found.start()) + 1
        return [
            lines.trim(data, *next(m.span(i) for i in (1, 2, 3) if m.start(i) >= 0))
            for _, m in zip(range(ENTRIES), _QUOTED.finditer(data, low - 1, found.end()), strict=False)
        ]
    out: list[tuple[int, int]] = []
    at = 0
    while at < len(data) and len(out) < ENTRIES:
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        found = _NUMBERED.match(data, at, stop)
        low, high = lines.trim(data, found.end() if found is not None else at, stop)
        while high > low and data[high - 1 : high] in b"\"',":
            high -= 1
        if low < high:
            out.append((low, high))
        at = stop + 1
        if not len(out) % 1024:
            deadline.check()
    return out


def _items(data: bytes, deadline: Deadline) -> list[tuple[int, int]]:
    """Return where the names of the items of a label map stand; a display name is one more of them."""
    out: list[tuple[int, int]] = []
    for number, item in enumerate(_ITEM.finditer(data)):
        if number >= ENTRIES:
            break
        if not number % 256:
            deadline.check()
        out += [m.span(1) if m.start(1) >= 0 else m.span(2) for m in _NAME.finditer(data, *item.span(1))]
    return out


def words_of(text: Text) -> str:
    """Return what the place of a label list says of it: the file's name and the folder that it lies in."""
    parts = [part for step in text.trail[-2:] for part in step.split("/")]
    return f"labels of {'/'.join(parts[-3:])}"[: limits.STATEMENT]


class LabelReader:
    """Reads label lists: each entry with all entries as its siblings."""

    name = "labels"
    version = 1
    formats: tuple[str, ...] = ("labels", "yolo")

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the entry around each wanted range."""
        places = entries_of(text, deadline)
        ranges = list(lines.checked(wanted, len(text.data), deadline))
        starts = [low for low, _ in places]
        mine: list[Span] = []
        rest: list[tuple[int, int]] = []
        text_lines = Lines(text.data, text.first_line)
        scopes = _Scopes(text, places)
        last = -1
        for start, stop in ranges:
            at = bisect_right(starts, start) - 1
            if at < 0 or not (places[at][0] <= start and stop <= places[at][1]):
                rest.append((start, stop))
            elif at != last:
                last = at
                mine.append(_entry(text.data, places[at], scopes.of(at), text_lines))
        yield from settled(text, ranges, [*mine, *_rest(text, rest, deadline)])


class _Scopes:
    """The value sets of a list: one, or a window of one around each entry of a long list."""

    def __init__(self, text: Text, places: list[tuple[int, int]]) -> None:
        self._data = text.data
        self._places = places
        self._file = Scope("file", text.name)
        self._name = text.name
        self._said = words_of(text)
        self._known: dict[int, Scope] = {}

    def of(self, at: int) -> Scope:
        """Return the scope of one entry: the whole list, or none for a thing that is named after a people."""
        if classes.is_thing(decode(self._data, *self._places[at])):
            return Scope("list", "", (), "", self._file)
        step = 0 if len(self._places) <= limits.MEMBERS else at // AROUND * AROUND
        if step not in self._known:
            low = max(0, step - AROUND // 2)
            members = tuple(decode(self._data, *p) for p in self._places[low : low + limits.MEMBERS])
            of = classes.said_of(members) if not step else ""
            said = f"{self._said}; classes of objects: {of}" if of else self._said
            self._known[step] = Scope("labels", self._name, members, said, self._file)
        return self._known[step]


def _entry(data: bytes, place: tuple[int, int], scope: Scope, text_lines: Lines) -> Span:
    line = text_lines.number(place[0])
    shown = decode(data, *place)
    return Span(shown, "item", *place, line, line, scope, lines.clip(f"class {shown} of {scope.name}"))


def _rest(text: Text, rest: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
    """Read what is no entry: comments, folders, the keys of a YAML file."""
    if not rest:
        return
    if text.name.lower().endswith((".yaml", ".yml")) and len(text.data) <= limits.PARSE:
        from untag.readers.syntax.reader import tree_spans  # noqa: PLC0415 - loaded where it is used

        yield from tree_spans("yaml", text, rest, deadline)
        return
    from untag.readers.fallback import line_spans  # noqa: PLC0415 - loaded where it is used

    yield from line_spans(text, rest)
