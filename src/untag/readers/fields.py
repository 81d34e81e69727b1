"""Labels as data sets that are texts name them: boxes in XML, choices in JSON, features of a card, records a line.

Each finder knows one dialect by its surface and yields `Field` s: a label's name, where its values
stand, and the fields beside it. No file is parsed as a whole, and whatever a hostile file holds,
the work is bounded by its size: a box or a list is looked for in `SEGMENT` bytes only.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.nouns import dataclass
from untag.readers import company, lines
from untag.readers.lines import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline

Place = tuple[int, int]

FIELDS: Final = 20_000
"""Fields looked at in one text; an annotation file repeats the same few."""
PAIRS: Final = 100_000
"""Fields of an annotation file in JSON, whose values must not be told by another reader: as many as 4 MiB hold."""
SEGMENT: Final = 1 << 16
"""Bytes of one box or feature."""


@dataclass(frozen=True, slots=True)
class Field:
    """A label as a file names it, with the values that stand with it."""

    name: str
    at: Place | None
    """Where the name stands; None where it is told once for many."""
    values: tuple[Place, ...]
    kind: str
    """``row`` for values of a pictured person, ``labels`` for listed classes, ``column`` and ``stored`` of an index,
    ``cell`` of a table."""
    of: str = ""
    """What it is a label of: the class of a box, a mapping's index."""
    members: tuple[str, ...] = ()
    """The fields beside it."""


# ── boxes in XML ──────────────────────────────────────────────────────────────────────────────────

_BOX: Final = re.compile(
    rb"<(object|box|polygon|polyline|points|mask|skeleton|ellipse|cuboid|tag|track)\b([^<>]{0,2000})(?<!/)>"
)
_PAIR: Final = re.compile(
    rb"<name>([^<>]{1,200})</name>\s{0,40}<value>([^<>]{0,400})</value>"
    rb"|<(?:attribute|attr|property|label)\s+name\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,200})[\"'][^<>]{0,400}>([^<>]{0,400})<"
    rb"|<([A-Za-z_][\w.-]{0,80})>([^<>]{1,400})</\5>"
)
_PLAIN_TAGS: Final = frozenset(
    (
        *(
            b"name",
            b"value",
            b"label",
            b"id",
            b"deleted",
            b"verified",
            b"occluded",
            b"truncated",
            b"difficult",
            b"pose",
        ),
        *(b"xmin", b"ymin", b"xmax", b"ymax", b"x", b"y", b"width", b"height", b"cx", b"cy", b"w", b"h", b"angle"),
    )
)
"""Elements of a box that are no attributes of what is in it."""
_CLASS: Final = re.compile(rb"\s{0,40}<name>([^<>]{1,100})</name>|\blabel\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,100})")
_SPEC: Final = re.compile(rb"<(attribute)()>")
_SPEC_NAME: Final = re.compile(rb"<name>([^<>]{1,200})</name>")
_SPEC_VALUES: Final = re.compile(rb"<values>([^<]{0,20000})</values>")
_CHOICES: Final = re.compile(rb"<(Choices|Taxonomy|Labels|RectangleLabels)\b([^<>]{0,1000})(?<!/)>")
_NAME_IS: Final = re.compile(rb"\bname\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,200})[\"']")
_VALUE_IS: Final = re.compile(rb"\bvalue\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,200})[\"']")


def _elements(pattern: re.Pattern[bytes], data: bytes, deadline: Deadline) -> Iterator[tuple[Place, Place]]:
    """Yield the attributes and the content of elements that a pattern opens, which end soon enough."""
    end = -1
    for number, opened in enumerate(pattern.finditer(data)):
        if number >= FIELDS:
            break
        if not number % 64:
            deadline.check()
        if opened.start() < end:
            continue
        stop = data.find(b"</" + opened[1], opened.end(), opened.end() + SEGMENT)
        if stop >= 0:
            end = stop
            yield opened.span(2), (opened.end(), stop)


def xml(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the attributes of boxes, and the attributes and choices that an annotation tool offers."""
    yield from _boxes(data, deadline)
    image = ("image",) if re.search(rb"<(?:[Ii]mage|video|filename)\b", data) else ()
    for _, (low, high) in _elements(_SPEC, data, deadline):
        named, listed = _SPEC_NAME.search(data, low, high), _SPEC_VALUES.search(data, low, high)
        if named is not None and listed is not None:
            yield Field(text_of(data, named.span(1)), named.span(1), _split(data, listed.span(1)), "labels", "", image)
    for attributes, content in _elements(_CHOICES, data, deadline):
        named = _NAME_IS.search(data, *attributes)
        if named is not None:
            values = tuple(v.span(1) for v in _VALUE_IS.finditer(data, *content))
            yield Field(text_of(data, named.span(1)), named.span(1), values, "labels", "", image)


def _boxes(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the attributes of boxes: what stands in one is told of the person in it."""
    for attributes, (low, high) in _elements(_BOX, data, deadline):
        named = _CLASS.match(data, low, high) or _CLASS.search(data, *attributes)
        of = text_of(data, named.span(1) if named.start(1) >= 0 else named.span(2)) if named is not None else ""
        found: list[tuple[Place, Place]] = []
        for pair in _PAIR.finditer(data, low, min(high + 2, len(data))):
            at, value = next((pair.span(i), pair.span(i + 1)) for i in (1, 3, 5) if pair.start(i) >= 0)
            if data[slice(*at)].lower() not in _PLAIN_TAGS:
                found.append((lines.trim(data, *at), lines.trim(data, *value)))
        members = dict.fromkeys(("image", "bbox", *_people_of(of), *(text_of(data, at) for at, _ in found)))
        for at, value in found:
            yield Field(text_of(data, at), at, (value,), "row", of, tuple(members))


def _people_of(of: str) -> tuple[str, ...]:
    """Return the class of a box where it is one of people."""
    return (of,) if company.words(of) & company.PEOPLE else ()


def _split(data: bytes, place: Place) -> tuple[Place, ...]:
    """Return the lines of a range, without blanks."""
    out, at = [], place[0]
    while at < place[1]:
        stop = data.find(b"\n", at, place[1])
        stop = place[1] if stop < 0 else stop
        low, high = lines.trim(data, at, stop)
        if low < high:
            out.append((low, high))
        at = stop + 1
    return tuple(out)


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────

_STRING: Final = rb"\"((?:[^\"\\\n]|\\.){0,400})\""
_ITEMS: Final = re.compile(_STRING)
_CLASSES: Final = re.compile(
    rb"\"((?:[^\"\\\n]|\\.){1,200})\"\s*:\s*\{[^{}\[\]]{0,400}\"names\"\s*:\s*\[([^\[\]]{0,65536})\]"
)
_MAPPED: Final = re.compile(
    rb"\"([\w.@-]{1,200})\"\s*:\s*\{\s*(?:\"[\w]{1,40}\"\s*:\s*[\w\".]{1,60}\s*,\s*)?\"type\"\s*:\s*\"(\w{1,40})\""
)
_KEY: Final = re.compile(rb"\"([\w.@ -]{1,100})\"\s*:")
_SCALAR: Final = re.compile(
    rb"\"([\w.@ -]{1,100})\"\s*:\s*(?:\"((?:[^\"\\\n]|\\.){0,4000})\"|[-\d.]{1,40}|true|false|null)"
)
_WORDS: Final = 4
"""Words from which on a value is a sentence, which speaks for itself."""


def card_json(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the features with classes of a data set's description in JSON."""
    image = ("image",) if re.search(rb"\"_type\"\s*:\s*\"Image\"|\"image\"\s*:", data) else ()
    for number, found in enumerate(_CLASSES.finditer(data)):
        if not number % 64:
            deadline.check()
        values = tuple(m.span(1) for m in _ITEMS.finditer(data, *found.span(2)))
        yield Field(text_of(data, found.span(1)), found.span(1), values, "labels", "", image)


def mapping(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the fields of a search engine's mapping, each a column of an index."""
    found = [m for _, m in zip(range(FIELDS), _MAPPED.finditer(data), strict=False)]
    members = tuple(dict.fromkeys(text_of(data, m.span(1)) for m in found))
    first = _KEY.search(data)
    of = text_of(data, first.span(1)) if first is not None else ""
    of = "" if of in ("mappings", "settings", "aliases", "properties") else of
    for number, one in enumerate(found):
        if not number % 256:
            deadline.check()
        yield Field(text_of(data, one.span(1)), one.span(1), (), "column", of, members)


def record(data: bytes, low: int, high: int, index: str | None) -> Iterator[Field]:
    """Yield the fields of one record of JSON Lines: names, and values that are labels."""
    names = _keys(data, low, high)
    if not company.of_pictures(names):
        return
    kind = "row" if index is None else "stored"
    for found in _SCALAR.finditer(data, low, high):
        value = found.span(2)
        if value[0] >= 0 and data.count(b" ", *value) + 1 >= _WORDS:
            continue
        yield Field(
            text_of(data, found.span(1)), found.span(1), (value,) if value[0] >= 0 else (), kind, index or "", names
        )


BULK: Final = re.compile(
    rb"\{\s*\"(?:index|create|update)\"\s*:\s*\{(?:[^{}]{0,400}\"_index\"\s*:\s*" + _STRING + rb")?"
)
"""The first line of a bulk export of a search engine: what is done with the next record, and in which index."""


def _keys(data: bytes, low: int, high: int) -> tuple[str, ...]:
    """Return the keys of a record itself, or of all in it where it is no whole JSON."""
    try:
        found = json.loads(data[low:high])
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and len(found) > 1:
        return tuple(lines.clip(str(key), company.NAME) for key in list(found)[: limits.MEMBERS])
    return tuple(dict.fromkeys(text_of(data, m.span(1)) for m in _KEY.finditer(data, low, high)))[: limits.MEMBERS]


# ── data set cards ────────────────────────────────────────────────────────────────────────────────

_FEATURE: Final = re.compile(
    rb"^([ \t]*)-[ \t]+name:[ \t]*([^\n]{1,200}?)[ \t\r]*\n((?:(?!\1-[ \t])[ \t]+[^\n]*\n){0,4000})", re.MULTILINE
)
_CLASS_LINE: Final = re.compile(
    rb"[ \t]+(?:['\"]?\d{1,6}['\"]?[ \t]*:|-)[ \t]*['\"]?([^\n'\"]{1,200}?)['\"]?[ \t\r]*$", re.MULTILINE
)

_TITLE: Final = re.compile(rb"^pretty_name:[ \t]*([^\n]{1,200})|^# ([^\n]{1,200})", re.MULTILINE)


def front_matter(data: bytes) -> int:
    """Return where the front matter of a page ends; 0 for a page without."""
    if not data.startswith((b"---\n", b"---\r\n")):
        return 0
    return data.find(b"\n---", 3, 1 << 20) + 1


def _classes(data: bytes, low: int, high: int) -> tuple[Place, ...]:
    """Return where the names of classes stand that a feature lists, a line each."""
    at = data.find(b"names:", low, high)
    out: list[Place] = []
    while at >= 0 and len(out) < FIELDS:
        at = data.find(b"\n", at, high) + 1 or high
        found = _CLASS_LINE.match(data, at, high)
        if found is None:
            break
        out.append(found.span(1))
    return tuple(out)


def card(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the features of a data set that its card lists, with their classes."""
    stop = front_matter(data)
    found = [m for _, m in zip(range(FIELDS), _FEATURE.finditer(data, 0, stop), strict=False)]
    members = tuple(
        dict.fromkeys(text_of(data, m.span(2)) for m in found if b"dtype" in m[3] or b"class_label" in m[3])
    )
    title = _TITLE.search(data, 0, stop + (1 << 14))
    of = text_of(data, title.span(1) if title[1] else title.span(2)) if title is not None else ""
    for one in found:
        deadline.check()
        values = _classes(data, *one.span(3))
        yield Field(text_of(data, one.span(2)), one.span(2), values, "labels", of, members)


def text_of(data: bytes, place: Place) -> str:
    """Return the text of a place, in one line and cut to the length of a name."""
    return lines.clip(decode(data, *place), company.NAME)
