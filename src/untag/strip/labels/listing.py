"""Lists of class names in a text, with the place of each name, whatever the format.

Only what surely is a list of labels is one; a text of another form gives none, and nothing of it is changed.
Encodings are UTF-8, with or without its mark; line ends are those of the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.weights.jsontext import BOM, Text, lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST: Final = 8 << 20
"""Bytes of a label map; ImageNet-21k's has half a megabyte."""
LONGEST: Final = 200
"""Characters of a class name."""
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_NUMBERED: Final = re.compile(r"\s*(?:(\d{1,6})\s*[:=,;\t ]\s*)?(.*?)(?:\s*[,;\t:]\s*(\d{1,6}))?\s*\Z")
_ITEM: Final = re.compile(r"^[ \t]*item[ \t]*:?[ \t]*\{([^{}]*)\}[ \t]*(?:\r?\n)?", re.MULTILINE)
_NAME: Final = re.compile(r"""\b(display_name|name)[ \t]*:[ \t]*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_NAMES: Final = re.compile(r"^(?P<indent>[ \t]*)names[ \t]*:[ \t]*(?P<rest>[^\r\n]*)(?:\r?\n|\Z)", re.MULTILINE)
_COUNT: Final = re.compile(r"^[ \t]*nc[ \t]*:[ \t]*(\d{1,6})\b", re.MULTILINE)
_ENTRY: Final = re.compile(r"(?P<indent>[ \t]*)(?:-[ \t]+|(?P<id>\d{1,6})[ \t]*:[ \t]+)(?P<label>[^\r\n]*)")
_FLOW: Final = re.compile(
    r"""\s*(?:(?P<id>\d{1,6})\s*:\s*)?(?:"(?P<d>[^"\\\n]*)"|'(?P<s>[^'\n]*)'|(?P<p>[^\s,\[\]{}'"#:][^,\[\]{}'"#:\n]*))\s*"""
)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """One list of class names."""

    key: str
    """What it is called, empty where it is the whole file."""
    labels: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """Of each label with all that belongs to it, in characters."""
    flow: bool
    """Whether commas stand between the labels; else each has lines of its own."""
    numbered: bool
    """Whether each label says its own number, so that the others keep theirs when it goes."""
    count: tuple[int, int] | None = None
    """Where the number of classes stands."""


def decoded(data: bytes, name: str) -> str:
    """Return the text of a label map; raise `StripError` where it is too long or no UTF-8."""
    if len(data) > LARGEST:
        raise StripError(f"{name} has more than {LARGEST:,} bytes; it is not changed by untag")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise StripError(f"{name} is no UTF-8; save it as UTF-8 and plan again") from None


def listings(data: bytes, name: str) -> list[Listing]:
    """Return the lists of class names of a file, by its name and its content."""
    text = decoded(data, name)
    lower = name.lower()
    if lower.endswith((".json", ".jsonc")):
        return list(_json(data, name))
    if lower.endswith((".yaml", ".yml")):
        return list(_yaml(text))
    if lower.endswith((".pbtxt", ".prototxt")):
        return list(_items(text))
    return list(_lines(text))


def _json(data: bytes, name: str) -> Iterator[Listing]:
    for key, value in lists(Text(data, name).root):
        named = value.kind == "object" and not value.members[0].key.isdecimal()
        labels = [m.key if named else str(m.value.plain) for m in value.members]
        places = tuple((m.start, m.value.stop) for m in value.members)
        yield Listing(key, tuple(labels), places, flow=True, numbered=value.kind == "object")


def _lines(text: str) -> Iterator[Listing]:
    """Yield the list that a file of one label a line is, numbers before or behind them left out."""
    labels, places, numbers = [], [], 0
    at = len(BOM) if text.startswith(BOM) else 0
    while at < len(text):
        found = _LINE.match(text, at)
        assert found is not None
        line = found[0].rstrip("\r\n")
        if line.strip():
            parts = _NUMBERED.match(line)
            label = parts[2] if parts and parts[2] else line.strip()
            numbers += bool(parts and parts[2] and (parts[1] or parts[3]))
            labels.append(_bare(label))
            places.append(found.span())
        at = found.end()
    if labels and all(len(label) <= LONGEST for label in labels):
        yield Listing("", tuple(labels), tuple(places), flow=False, numbered=numbers == len(labels))


def _bare(label: str) -> str:
    """Return a label without the quotes around it."""
    return label[1:-1] if len(label) > 1 and label[0] in "\"'" and label[-1] == label[0] else label


def _items(text: str) -> Iterator[Listing]:
    """Yield the label map of TensorFlow's object detection: ``item { id: 1 name: "…" }``."""
    labels, places = [], []
    for item in _ITEM.finditer(text):
        names = {m[1]: m[2] if m[2] is not None else m[3] for m in _NAME.finditer(item[1])}
        label = names.get("display_name") or names.get("name")
        if label is None:
            return
        labels.append(label)
        places.append(item.span())
    if labels and not re.sub(r"#[^\n]*", "", _ITEM.sub("", text)).strip():
        yield Listing("", tuple(labels), tuple(places), flow=False, numbered=True)


def _yaml(text: str) -> Iterator[Listing]:
    """Yield the ``names`` of a YOLO data set or model: a list or a map, as flow or as block."""
    for head in _NAMES.finditer(text):
        rest = head["rest"].split(" #", 1)[0].strip()
        found = (
            _flow(text, head.start("rest"), rest[0])
            if rest[:1] in ("[", "{")
            else _block(text, head)
            if not rest
            else None
        )
        if found is None:
            raise StripError("its names are written in a way that untag does not know")
        labels, places, numbered = found
        counts = list(_COUNT.finditer(text))
        right = len(counts) == 1 and int(counts[0][1]) == len(labels) and not numbered
        count = counts[0].span(1) if right else None
        yield Listing("names", tuple(labels), tuple(places), flow=bool(rest), numbered=numbered, count=count)


Found = tuple[list[str], list[tuple[int, int]], bool]


def _flow(text: str, at: int, mark: str) -> Found | None:
    """Return what stands in ``[a, b]`` or ``{0: a, 1: b}``."""
    end = "]" if mark == "[" else "}"
    labels: list[str] = []
    places: list[tuple[int, int]] = []
    at = text.index(mark, at) + 1
    while True:
        found = _FLOW.match(text, at)
        if found is None or (found["id"] is not None) != (mark == "{"):
            return None
        label = next(found[group] for group in ("d", "s", "p") if found[group] is not None).rstrip()
        labels.append(label)
        lead = len(found[0]) - len(found[0].lstrip())
        places.append((found.start() + lead, found.start() + len(found[0].rstrip())))
        at = found.end()
        if text[at : at + 1] == end:
            return labels, places, mark == "{"
        if text[at : at + 1] != ",":
            return None
        at += 1
        if re.compile(r"\s*" + re.escape(end)).match(text, at):
            return labels, places, mark == "{"


def _block(text: str, head: re.Match[str]) -> Found | None:
    """Return what stands below ``names:``, an entry a line."""
    labels: list[str] = []
    places: list[tuple[int, int]] = []
    kinds: set[tuple[str, bool]] = set()
    at = head.end()
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        bare = line[0].rstrip("\r\n")
        if bare.strip() and not bare.lstrip().startswith("#"):
            found = _ENTRY.match(bare)
            dashed = found is not None and found["id"] is None
            deep = found is not None and len(found["indent"]) >= len(head["indent"]) + (not dashed)
            if found is None or not deep:
                break
            label = re.split(r"\s+#", found["label"], maxsplit=1)[0].strip()
            if not label or label[0] in "[{&*!|>%@`":
                return None
            labels.append(_bare(label))
            places.append(line.span())
            kinds.add((found["indent"], dashed))
        at = line.end()
    return (labels, places, not next(iter(kinds))[1]) if labels and len(kinds) == 1 else None


def without(text: str, cuts: Iterable[tuple[Listing, set[int]]]) -> str:
    """Return a text without some labels of some lists; what else stands in it stays as it is."""
    changes: list[tuple[int, int, str]] = []
    for listing, gone in cuts:
        changes += [(start, stop, "") for start, stop in _runs(listing, gone)]
        if listing.count is not None and gone:
            changes.append((*listing.count, str(len(listing.labels) - len(gone))))
    out: list[str] = []
    at = 0
    for start, stop, new in sorted(changes):
        out += (text[at:start], new)
        at = stop
    return "".join((*out, text[at:]))


def _runs(listing: Listing, gone: set[int]) -> Iterator[tuple[int, int]]:
    """Yield what is cut out: lines, or entries with one comma each."""
    if not listing.flow:
        yield from (place for n, place in enumerate(listing.places) if n in gone)
        return
    run, kept = -1, -1
    for number, (start, stop) in enumerate(listing.places):
        if number in gone:
            run = start if run < 0 else run
            continue
        if run >= 0:
            yield run, start
            run = -1
        kept = stop
    if run >= 0:
        last = max(n for n in gone if n < len(listing.places))
        yield (kept if kept >= 0 else run), listing.places[last][1]
