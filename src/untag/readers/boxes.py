"""Annotations of pictures in JSON: the categories and attributes of COCO, the answers of Label Studio.

One walk over the brackets and strings of a text, without parsing it: what belongs to what is told by the
objects that enclose it, in whatever order their keys stand, and a text that is cut off gives what it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.nouns import dataclass, field
from untag.readers import classes, company
from untag.readers.fields import Field, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.readers.fields import Place

_TOKEN: Final = re.compile(rb"\"((?:[^\"\\]|\\.)*+)(?:\"\s*(:)?|\\?\Z)|[{}\[\]]", re.DOTALL)
"""A string, and whether it is a key; a bracket. A string without end is the last token."""
_OBJECT: Final = re.compile(rb"\{\s*\"[\w .-]{1,60}\"\s*:")
"""Where an object begins: a window of a large file may begin within a string."""
_OFTEN: Final = 4_096
"""Tokens between two looks at the clock."""
CATEGORIES: Final = 2_000
"""Categories of one data set; LVIS has 1,203."""
_CHOSEN: Final = frozenset((b"choices", b"rectanglelabels", b"polygonlabels", b"brushlabels", b"taxonomy", b"labels"))
_STRUCTURE: Final = frozenset(
    (
        *("id", "image_id", "category_id", "bbox", "area", "iscrowd", "segmentation", "file_name", "filename", "name"),
        *("width", "height", "license", "flickr_url", "coco_url", "date_captured", "caption", "captions", "counts"),
        *("size", "keypoints", "num_keypoints", "track_id", "video_id", "attributes", "rle", "score", "url", "path"),
        *("text", "description", "sentence", "raw", "txt"),
    )
)
"""Keys of pictures and boxes that are no attributes of what is seen in them; captions are read as captions."""


@dataclass(slots=True)
class _Frame:
    """An object or a list that is open."""

    key: bytes
    """The key that it is the value of; a list hands its own on to what is in it."""
    last: Place | None = None
    """The key that waits for its value."""
    pairs: list[tuple[Place, Place | None]] = field(default_factory=list)
    """Keys with the place of their value, where that is a string."""
    items: list[Place] = field(default_factory=list)
    """Strings of a list."""
    chosen: list[Place] = field(default_factory=list)
    """Answers that stand in the object, or right below it."""


def _closed(data: bytes, deadline: Deadline) -> Iterator[tuple[_Frame, tuple[bytes, ...], _Frame]]:
    """Yield each object and list once it ends, with the keys that it lies under and what encloses it."""
    stack = [_Frame(b"")]
    first = _OBJECT.search(data)
    begin = first.start() if first is not None and not data[:64].lstrip().startswith((b"{", b"[")) else 0
    for number, token in enumerate(_TOKEN.finditer(data, begin)):
        if not number % _OFTEN:
            deadline.check()
        top = stack[-1]
        if token.start(1) < 0:
            sign = token[0]
            if sign in b"{[":
                if len(stack) > limits.NESTING:
                    break
                key = data[slice(*top.last)] if top.last is not None else top.key
                top.last = None
                stack.append(_Frame(key))
            elif len(stack) > 1:
                yield stack.pop(), tuple(frame.key for frame in stack), stack[-1]
        elif token[2]:
            top.last = token.span(1)
            top.pairs.append((top.last, None))
        elif top.last is not None:
            top.pairs[-1] = (top.last, token.span(1))
            top.last = None
        else:
            top.items.append(token.span(1))
    while len(stack) > 1:
        yield stack.pop(), tuple(frame.key for frame in stack), stack[-1]


def label_studio(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield what annotators chose, by the name of the question that stands in the same answer."""
    image = ("image",) if re.search(rb"\"(?:image|img|photo|video|to_name)\"\s*:", data[: 1 << 16]) else ()
    found: list[tuple[Place, tuple[Place, ...]]] = []
    for frame, _, outer in _closed(data, deadline):
        if frame.items and frame.key in _CHOSEN:
            outer.chosen += frame.items
        asked = next((v for k, v in frame.pairs if v is not None and data[slice(*k)] == b"from_name"), None)
        if asked is not None:
            found.append((asked, tuple(frame.chosen)))
        elif frame.key == b"value":
            outer.chosen += frame.chosen
    members = (*image, *dict.fromkeys(text_of(data, at) for at, _ in found))[: limits.MEMBERS]
    for at, values in found:
        yield Field(text_of(data, at), at, values, "row", "", members)


def coco(data: bytes, deadline: Deadline) -> Iterator[Field]:
    """Yield the categories of boxes in pictures as one set of classes, and the attributes of pictures and boxes.

    Objects are known by their own keys, so that a window of a large file is read like a whole one.
    """
    categories: list[Place] = []
    told: list[list[tuple[Place, Place | None]]] = []
    for frame, under, outer in _closed(data, deadline):
        own = {data[slice(*k)] for k, _ in frame.pairs}
        if b"supercategory" in own or (frame.key == b"categories" and under):
            named = [v for k, v in frame.pairs if v is not None and data[slice(*k)] == b"name"]
            categories += named if len(categories) < CATEGORIES else ()
        elif own & _TOLD:
            told.append([p for p in frame.pairs if data[slice(*p[0])].decode("utf-8", "replace") not in _STRUCTURE])
        elif frame.key in _ATTRIBUTES:  # told with what stands beside them
            outer.pairs += frame.pairs
    names = [text_of(data, place) for place in categories]
    people = tuple(dict.fromkeys(n for n in names if company.words(n) & company.PEOPLE))[: company.BESIDE]
    if categories:
        said = classes.said_of(names)
        of = "" if people and said == classes.PEOPLED else said
        yield Field("categories", None, tuple(categories), "labels", of, ("image", "bbox", *people))
    for pairs in told:
        deadline.check()
        keys = dict.fromkeys(text_of(data, at) for at, _ in pairs)
        members = tuple(dict.fromkeys(("image", "bbox", *people, *keys)))[: limits.MEMBERS]
        peopled = not company.of_people(members) and any(_PEOPLES.search(key) for key in keys)
        of = "pictured person" if peopled else ""
        for at, value in pairs:
            yield Field(text_of(data, at), at, (value,) if value is not None else (), "row", of, members)


_PEOPLES: Final = re.compile(r"ethni|民族|种族|種族|人种|人種|этни|인종|민족", re.IGNORECASE)
"""Attributes that nothing in a box can have but a person: dogs have a race, too, ships a nationality, sofas a skin."""
_TOLD: Final = frozenset((b"image_id", b"bbox", b"category_id", b"file_name", b"segmentation"))
"""Keys of pictures and boxes."""
_ATTRIBUTES: Final = frozenset((b"attributes", b"attribute", b"attrs", b"extra", b"properties", b"meta", b"metadata"))
"""Keys of objects that hold the attributes of the picture or the box that they stand in."""
