"""Annotations in XML: Pascal VOC, CVAT and Label Studio's questions; elements cut by their bytes."""

from __future__ import annotations

import html
import re
from typing import IO, TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from untag.nouns import dataclass, field
from untag.strip.base import Check, StripError
from untag.strip.data.files import Shape, Writer, pieces
from untag.strip.data.spans import leave_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

LARGEST: Final = 256 << 20
"""Bytes of the largest file, which is held in memory as a tree."""
DEPTH: Final = 200
VALUES: Final = 500
_TOKEN: Final = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<!(?P<doctype>[A-Za-z])"
    rb"|<(?P<close>/)?(?P<tag>[^\s/>]+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/)?>",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BEFORE: Final = re.compile(rb"(?:\r?\n)?[ \t]*\Z")
BOXES: Final = frozenset(
    ("object", "box", "polygon", "polyline", "points", "mask", "skeleton", "ellipse", "cuboid", "tag", "track")
)
ATTRIBUTES: Final = frozenset(("attribute", "attr", "property"))
QUESTIONS: Final = frozenset(("Choices", "Taxonomy"))
PLAIN: Final = frozenset(
    (
        *(
            "name",
            "value",
            "label",
            "id",
            "deleted",
            "verified",
            "occluded",
            "truncated",
            "difficult",
            "pose",
            "bndbox",
        ),
        *(
            "xmin",
            "ymin",
            "xmax",
            "ymax",
            "x",
            "y",
            "width",
            "height",
            "cx",
            "cy",
            "w",
            "h",
            "angle",
            "attributes",
            "pt",
        ),
        *("polygon", "segm", "parts", "part", "robndbox", "date", "username", "box", "points", "track", "type", "crop"),
    )
)
"""Elements of a box that belong to the format."""


@dataclass(slots=True)
class Element:
    """An element and where it stands."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int
    """Where its content begins."""
    stop: int = 0
    text: str = ""
    """Its text, where it holds no other element."""
    children: list[Element] = field(default_factory=list)

    def child(self, tag: str) -> str:
        """Return the text of its first child of a kind."""
        return next((c.text for c in self.children if c.tag == tag), "")


def tree_of(data: bytes, name: str) -> Element:
    """Return the elements of a document; raise `StripError` for one that is broken or has a DOCTYPE."""
    top = Element("", {}, 0, 0, len(data))
    stack = [top]
    for found in _TOKEN.finditer(data):
        if found["doctype"] is not None:
            raise StripError(f"{name} has a DOCTYPE, which may say that other text is meant: write it without")
        if found["tag"] is None:
            continue
        tag = found["tag"].decode("utf-8", "replace")
        if found["close"] is not None:
            one = stack.pop()
            if one.tag != tag or not stack:
                raise StripError(f"{name} is no whole XML: {tag!r} is closed and was not open; nothing was written")
            one.stop = found.end()
            if not one.children:
                one.text = html.unescape(data[one.inner : found.start()].decode("utf-8", "replace")).strip()
            continue
        pairs = _ATTRIBUTE.findall(found["attributes"])
        attributes = {
            k.decode("utf-8", "replace"): html.unescape((a or b).decode("utf-8", "replace")) for k, a, b in pairs
        }
        one = Element(tag, attributes, found.start(), found.end(), found.end())
        stack[-1].children.append(one)
        if found["empty"] is None:
            stack.append(one)
            if len(stack) > DEPTH:
                raise StripError(f"{name}: more than {DEPTH} elements inside each other")
    if len(stack) > 1 or not top.children:
        raise StripError(f"{name} is truncated: an element is not closed; nothing was written")
    return top


class XmlNotes:
    """One annotation file in XML."""

    def __init__(self, data: bytes, name: str, shape: Shape) -> None:
        """Read it; raise `StripError` for a broken or too large file."""
        if len(data) > LARGEST:
            raise StripError(f"{name}: more than {LARGEST:,} bytes of annotations: split the file first")
        self.data, self.name, self.shape = data, name, shape
        self.top = tree_of(data, name)
        self.keys: dict[str, dict[str, None]] = {}
        """Values of each attribute that is told of a box, or asked for."""
        self.counts: dict[str, int] = {}
        self.classes: dict[str, int] = {}
        """Boxes of each class."""
        for one, above in _walk(self.top):
            key = key_of(one, above)
            if key:
                known = self.keys.setdefault(key, {})
                self.counts[key] = self.counts.get(key, 0) + 1
                if len(known) < VALUES:
                    known |= dict.fromkeys(_values(one))
            label = class_of(one, above)
            if label:
                self.classes[label] = self.classes.get(label, 0) + (one.tag in BOXES)

    def cut(
        self, keys: Sequence[str], classes: Sequence[str], file: IO[bytes], written: Callable[[], Path]
    ) -> list[Check]:
        """Write the file without some attributes and classes, and compare the two."""
        gone = [one for one, above in _walk(self.top) if key_of(one, above) in keys or class_of(one, above) in classes]
        ranges = [(self._from(one), one.stop) for one in gone]
        after = leave_out(self.data, ranges)
        out = Writer(file, self.shape)
        out.write(after)
        out.close()
        left = XmlNotes(b"".join(pieces(written(), self.shape)), self.name, self.shape)
        rest = set(keys) & set(left.keys) | set(classes) & set(left.classes)
        old, new = _parsed(self.data, self.name), _parsed(after, self.name)
        alike = _told(old, set(keys), set(classes)) == _told(new, set(), set())
        figures = {"elements": len(gone), "bytes": len(self.data) - len(after)}
        return [
            Check("parses", True, "the result is well-formed XML", {}),
            Check(
                "kept columns equal",
                alike,
                f"all other elements and values equal by another parser; only {len(gone):,} elements were touched",
                figures,
            ),
            Check("removed values absent", not rest, f"none of {len(keys) + len(classes):,} names is left", figures),
        ]

    def _from(self, one: Element) -> int:
        """Return where an element begins with the line break and blanks before it."""
        found = _BEFORE.search(self.data, max(0, one.start - 400), one.start)
        return found.start() if found is not None else one.start


def key_of(one: Element, above: Element) -> str:
    """Return the name of an attribute that an element tells or asks for; empty for another element."""
    if one.tag in ATTRIBUTES:
        return one.child("name") or one.attributes.get("name", "")
    if one.tag in QUESTIONS:
        return one.attributes.get("name", "")
    if (above.tag in BOXES or (above.tag == "attributes" and one.tag not in ATTRIBUTES)) and not one.children:
        return "" if one.tag.lower() in PLAIN or one.tag in BOXES else one.tag
    return ""


def class_of(one: Element, above: Element) -> str:
    """Return the class of a box or of a label that is defined; empty for another element."""
    if one.tag in BOXES:
        return one.attributes.get("label", "") or (one.child("name") if one.tag == "object" else "")
    if one.tag == "label" and above.tag in ("labels", "labelset"):
        return one.child("name")
    if one.tag == "Label" and above.tag.endswith("Labels"):
        return one.attributes.get("value", "")
    return ""


def _values(one: Element) -> list[str]:
    if one.tag in QUESTIONS:
        return [c.attributes["value"] for c in one.children if "value" in c.attributes]
    listed = one.child("values")
    if listed:
        return [v.strip() for v in listed.splitlines() if v.strip()]
    return [one.child("value") or one.text] if one.child("value") or one.text else []


def _walk(top: Element) -> Iterator[tuple[Element, Element]]:
    stack = [(c, top) for c in reversed(top.children)]
    while stack:
        one, above = stack.pop()
        yield one, above
        stack += [(c, one) for c in reversed(one.children)]


def _parsed(data: bytes, name: str) -> Any:
    try:
        return ET.fromstring(data)  # noqa: S314 - a document with a DOCTYPE was refused: no entity is expanded
    except ET.ParseError as error:
        raise StripError(f"{name} is no well-formed XML ({error}); nothing was written") from error


def _told(one: Any, keys: set[str], classes: set[str]) -> Any:
    """Return a parsed element as tuples, blanks aside, without attributes and classes that go."""

    def plain(tree: Any) -> Element:
        text = (tree.text or "").strip()
        return Element(tree.tag, dict(tree.attrib), 0, 0, 0, text if not len(tree) else "", [plain(c) for c in tree])

    def told(tree: Any, mine: Element) -> Any:
        kept = [
            told(c, p)
            for c, p in zip(tree, mine.children, strict=True)
            if not (key_of(p, mine) in keys or class_of(p, mine) in classes)
        ]
        return (
            tree.tag,
            tuple(sorted(tree.attrib.items())),
            (tree.text or "").strip(),
            tuple(kept),
            (tree.tail or "").strip(),
        )

    return told(one, plain(one))
