"""Data sets of annotations and records that are texts: boxes in XML, choices in JSON, a record a line.

What stands in a box (Pascal VOC, CVAT), in a choice (Label Studio), in a feature (data set cards), in a
mapping (Elasticsearch) or in a record (JSON Lines) is a label with a name, a value set and the company it keeps, as
in a table. `untag.readers.fields` finds these by their surface; all else is left to the reader of the host format.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Gap, Scope, Span
from untag.readers import boxes, classes, company, fields, lines
from untag.readers.captions import Captions
from untag.readers.fields import FIELDS, PAIRS, SEGMENT, Field, Place, text_of
from untag.readers.lines import Lines, decode
from untag.readers.settle import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.limits import Deadline
    from untag.readers.base import Text

_CAPTION: Final = re.compile(
    rb"\"(caption|captions|raw|sentence|text|description|txt)\"\s*:\s*\"((?:[^\"\\\n]|\\.){0,4000})\""
)
_FINDERS: Final[dict[str, tuple[Callable[[bytes, Deadline], Iterator[Field]], str]]] = {
    "boxes": (fields.xml, "xml"),
    "choices": (boxes.label_studio, "json"),
    "card-json": (fields.card_json, "json"),
    "mapping": (fields.mapping, "json"),
    "captions": (boxes.coco, "json"),
    "card": (fields.card, "markdown"),
}
FORMATS: Final = tuple(_FINDERS)


class Sheet:
    """The spans of the fields of one text."""

    def __init__(self, text: Text, *, images: bool = False) -> None:
        self._text = text
        self._lines = Lines(text.data, text.first_line)
        self._file = Scope("file", text.name)
        self._of = text.name.split(".", 1)[0]
        self._images = images
        self._sets: dict[str, dict[str, None]] = {}
        self._scopes: dict[tuple[object, ...], Scope] = {}
        self._values: dict[str, tuple[str, ...]] = {}

    def learn(self, field: Field) -> None:
        """Take the values of a field into its value set."""
        known = self._sets.setdefault(field.name, {})
        for place in field.values[: limits.MEMBERS]:
            if len(known) <= company.SETS:
                known[text_of(self._text.data, place)] = None

    def name(self, field: Field) -> Span | None:
        """Return the span of a field's name: a column of a table of labels."""
        if field.at is None:
            return None
        note = "; ".join(self._set(field))[: limits.STATEMENT]
        return self._span(field.at, "member", self._table(field), self._said(field), note)

    def value(self, field: Field, number: int) -> Span:
        """Return the span of one of its values."""
        if field.kind == "labels":
            scope = self._labels(field)
            shown = text_of(self._text.data, field.values[number])
            if classes.is_thing(shown):
                return self._span(field.values[number], "item", Scope("list", "", (), "", self._file), shown)
            said = f"class {shown} of {self._said(field)}"[: limits.STATEMENT]
            return self._span(field.values[number], "item", scope, said)
        if company.tells(field.name):
            table = Scope("table", field.of, field.members[: limits.MEMBERS], "", self._file)
            return self._span(field.values[number], "value", company.row_scope(field.name, table), field.name)
        scope = company.row_scope(field.name, self._table(field), self._set(field))
        return self._span(field.values[number], "value", scope, self._said(field))

    def _said(self, field: Field) -> str:
        if field.kind == "cell":
            beside = company.beside(field.members, field.name)
            return f"column {field.name} stored in table {field.of}{beside}"[: limits.STATEMENT]
        if field.kind in ("column", "stored"):
            of = f" of {field.of}" if field.of else ""
            return f"column {field.name} stored in index{of}{company.beside(field.members, field.name)}"[
                : limits.STATEMENT
            ]
        return company.labelled(field.name, field.of or self._of, field.members)

    def _set(self, field: Field) -> tuple[str, ...]:
        """Return the value set of a label; a form has none."""
        if company.declared(field.members):
            return ()
        if field.name not in self._values:
            self._values[field.name] = company.label_set(self._sets.get(field.name, ()))
        return self._values[field.name]

    def _table(self, field: Field) -> Scope:
        key = ("table", field.of, field.members)
        if key not in self._scopes:
            said = company.said_of(field.members)
            members = field.members[: limits.MEMBERS]
            if field.kind == "labels" and field.at is None:  # what the classes of boxes are of is no part of the route
                self._scopes[key] = Scope("table", "", members, said or field.of, self._file)
            else:
                self._scopes[key] = Scope("table", field.of or "", members, said, self._file)
        return self._scopes[key]

    def _labels(self, field: Field) -> Scope:
        key = ("labels", field.name, field.values[:1], field.members)
        if key not in self._scopes:
            names = tuple(text_of(self._text.data, p) for p in field.values[: limits.MEMBERS])
            self._scopes[key] = Scope("labels", field.name, names, "", self._table(field))
        return self._scopes[key]

    def _span(self, place: Place, role: str, scope: Scope, said: str, note: str = "") -> Span:
        line = self._lines.number(place[0])
        last = self._lines.number(max(place[0], place[1] - 1))
        return Span(decode(self._text.data, *place), role, *place, line, last, scope, said, note)


def spans_of(text: Text, labels: Sequence[Field], wanted: Sequence[Place]) -> tuple[list[Span], list[Place]]:
    """Return the spans of those fields that hold a wanted range, and the ranges that none holds."""
    sheet = Sheet(text)
    places: list[tuple[int, int, Field, int]] = []
    for field in labels:
        sheet.learn(field)
        if field.at is not None:
            places.append((*field.at, field, -1))
        places += [(*place, field, number) for number, place in enumerate(field.values)]
    places.sort(key=lambda p: p[:2])
    starts = [p[0] for p in places]
    mine: list[Span] = []
    rest: list[Place] = []
    last = -1
    for start, stop in wanted:
        at = bisect_right(starts, start) - 1
        if at < 0 or stop > places[at][1]:
            rest.append((start, stop))
        elif at != last:
            last = at
            field, number = places[at][2:]
            span = sheet.name(field) if number < 0 else sheet.value(field, number)
            if span is not None:
                mine.append(span)
    return mine, rest


def caption_spans(text: Text, pattern: re.Pattern[bytes], wanted: Sequence[Place]) -> tuple[list[Span], list[Place]]:
    """Return the spans of groups named in captions (see `Captions`), and the other ranges."""
    data = text.data
    found = Captions(
        data, Lines(data, text.first_line), Scope("table", "", ("image", "caption"), "", Scope("file", text.name))
    )
    places = [(m.span(2), m[1]) for m in pattern.finditer(data)]
    starts = [p[0][0] for p in places]
    for start, stop in wanted:
        at = bisect_right(starts, start) - 1
        if at >= 0 and stop <= places[at][0][1]:
            found.add(places[at][1].decode(), *places[at][0], start, stop)
    spans = found.spans()
    return list(spans.values()), [w for w in wanted if w[0] not in spans]


def line_spans_of(text: Text, wanted: Sequence[Place], deadline: Deadline) -> tuple[list[Span], list[Place]]:
    """Return the spans of fields and captions in records of pictures, a record a line, and the other ranges."""
    told, rest = (
        caption_spans(text, _CAPTION, wanted) if company.PICTURE_FILE.search(text.data[:SEGMENT]) else ([], wanted)
    )
    text_lines = Lines(text.data, text.first_line)
    bulk = fields.BULK.match(text.data)
    index = None if bulk is None else text_of(text.data, bulk.span(1)) if bulk[1] else ""
    found: list[Field] = []
    last = -1
    for start, _ in rest:
        low, high = text_lines.bounds(start)
        if low == last or high - low > SEGMENT:
            continue
        last = low
        deadline.check()
        found += fields.record(text.data, low, high, index)
        if len(found) > FIELDS:
            break
    mine, rest = spans_of(text, found, rest)
    return [*told, *mine], list(rest)


WINDOWED: Final = ("captions", "choices")
"""Formats whose objects are known by themselves, so that windows of a large file are read, too."""


def _cut_off(text: Text, rest: Sequence[Place]) -> Iterator[Span]:
    """Yield what stands in no whole object of a window as values that nothing may quote."""
    text_lines = Lines(text.data, text.first_line)
    scope = company.row_scope("", Scope("table", "", ("image", "bbox"), "", Scope("file", text.name)))
    for place in rest:
        line = text_lines.number(place[0])
        yield Span(decode(text.data, *place), "value", *place, line, line, scope)


class RecordReader:
    """Reads annotation files, data set cards and mappings: each label with its values and its company."""

    name = "records"
    version = 2
    formats: tuple[str, ...] = FORMATS

    def claims(self, text: Text) -> bool:
        """Whether this reader understands the text."""
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        return format_of(text) in self.formats

    def spans(self, text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline) -> Iterator[Span | Gap]:
        """Yield the label around each wanted range; what is no label is read as its host format is."""
        from untag.readers.embed import read_as  # noqa: PLC0415 - loaded where it is used
        from untag.readers.fallback import line_spans  # noqa: PLC0415 - loaded where it is used
        from untag.readers.pick import format_of  # noqa: PLC0415 - loaded where it is used

        kind = format_of(text)
        if (not text.whole and kind not in WINDOWED) or len(text.data) > limits.PARSE:
            yield from line_spans(text, wanted)
            return
        finder, host = _FINDERS[kind]
        ranges = list(lines.checked(wanted, len(text.data), deadline))
        found = [field for _, field in zip(range(PAIRS), finder(text.data, deadline), strict=False)]
        mine, rest = spans_of(text, found, ranges)
        if kind == "captions":
            told, rest = caption_spans(text, _CAPTION, rest)
            mine += told
        others: Iterator[Span | Gap] = iter(())
        if rest and not text.whole:
            others = _cut_off(text, rest)
        elif rest:
            others = read_as(host, text, rest, Scope("file", text.name), deadline)
        yield from settled(text, ranges, [*mine, *others])


_HEADS: Final = (
    (
        "xml",
        "boxes",
        re.compile(rb"<annotations?\b[^>]*>.*<(?:object|image|meta|track)\b|<View\b.*<(?:Image|Video)\b", re.DOTALL),
    ),
    ("json", "choices", re.compile(rb"\"from_name\"\s*:")),
    (
        "json",
        "card-json",
        re.compile(rb"\"_type\"\s*:\s*\"ClassLabel\"|\"features\"\s*:\s*\{.*\"names\"\s*:", re.DOTALL),
    ),
    (
        "json",
        "mapping",
        re.compile(
            rb"\"mappings\"\s*:\s*\{.*\"properties\"\s*:\s*\{|\A\s*\{\s*\"properties\"\s*:\s*\{.*\"type\"\s*:\s*\"(?:keyword|text|dense_vector)\"",
            re.DOTALL,
        ),
    ),
    (
        "json",
        "captions",
        re.compile(
            rb"\"images\"\s*:\s*\[.*\"file_?name\"|\"categories\"\s*:\s*\[\s*\{[^{}]{0,400}\"supercategory\""
            rb"|\"annotations\"\s*:\s*\[\s*\{[^{}]{0,2000}\"(?:category_id|image_id)\"|\"annotations\"\s*:\s*\[.*\"caption\"\s*:|\A\s*\[\s*\{[^{}]{0,2000}\"(?:image|filename|file_name)\"[^{}]{0,2000}\"(?:caption|captions|text)\"",
            re.DOTALL,
        ),
    ),
    (
        "markdown",
        "card",
        re.compile(
            rb"\A---\r?\n.*^(?:dataset_info:|configs:|[ \t]*(?:class_label|features):)", re.DOTALL | re.MULTILINE
        ),
    ),
)


def records_format(kind: str, head: bytes) -> str:
    """Return the format of a data set that is written in the format ``kind``; ``kind`` itself for any other text."""
    for host, name, pattern in _HEADS:
        if host == kind and pattern.search(head) is not None:
            return name
    return kind
