"""What stands in the body of a request: a report of what was seen, or a condition by which people are sought.

Both may come to ``/v1/alerts`` or ``/faces/search``, and both may hold ``race``. Whoever reports a face has boxes,
scores, stamps and single ages beside it, and the attribute is taken out. Whoever seeks has a filter, a rule, a
range or a limit, and is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import facts, split

if TYPE_CHECKING:
    from collections.abc import Iterator

ENOUGH: Final = 2
"""Signs that make a record a report."""
SOUGHT: Final = 3
"""The same where the path itself is that of a search."""
MEMBERS: Final = 40
"""Members of a record that are looked at."""
SIBLINGS: Final = 3
"""Records beside one that are looked at: those of one list are alike."""
PAIR: Final = 2
"""Members of a pair of name and value."""
LEVELS: Final = 3
"""Levels from a label up to the box that it is of."""
BOX: Final = 3
"""Numbers of which a box or a vector has at least as many; a range has two."""
_SEEKS: Final = frozenset(("searching", "defining", "listing", "training"))
_FIXED: Final = frozenset(("listing", "training"))
"""What no report undoes: who is put on a list of people, or trained on, is so with all that is said of them."""
_FILE = re.compile(r"\.(?:jpe?g|png|webp|bmp|heic|gif)$|^data:image/|^/9j/4AA|^iVBORw0KGgo", re.IGNORECASE)
_CORNERS: Final = frozenset(
    ("x", "y", "w", "h", "x1", "y1", "x2", "y2", "xmin", "ymin", "xmax", "ymax", "xtl", "ytl", "xbr", "ybr", "left",
     "top", "right", "bottom", "width", "height", "cx", "cy")
)  # fmt: skip
_TAGS: Final = frozenset(("tags", "tag", "keywords", "hashtags", "concepts", "标签", "теги", "etiketler", "etiquetas"))
_BOUNDS: Final = frozenset(("min", "max", "from", "to", "gte", "lte", "gt", "lt", "threshold", "range"))


def reported(record: Node, path: frozenset[str], *, guessed: bool = False) -> bool:
    """Say whether a record tells what was seen, by itself and by what it stands in.

    ``path`` are the tags of the request's path; ``guessed`` says that the attribute's own name says it was guessed.
    """
    fixed = path & _FIXED and not ("annotating" in path and "listing" not in path and _boxed(record))
    if fixed or (path & {"defining"} and not wrapped(record)):
        return False
    if seeks(record):
        return False
    needed = (SOUGHT if "searching" in path else ENOUGH) - 2 * wrapped(record) - guessed
    if "delivering" in path and needed == ENOUGH:
        needed = 1
    return needed <= 0 or _signs(record, needed)


def pushed(record: Node, path: frozenset[str]) -> bool:
    """Say whether a form was filled in by a camera: it has the number of a face, and what was seen of it."""
    if "delivering" not in path or path & (_SEEKS | {"defining"}) or seeks(record):
        return False
    named = any({"stamps", "pictured"} <= facts(key).tags for key, _, _ in record.keys[:MEMBERS])
    return named and _signs(record, ENOUGH)


def tagging(record: Node, path: frozenset[str]) -> bool:
    """Say whether a list holds the tags of one picture, beside its name: ``"asset": "a.jpg", "tags": […]``."""
    up = record.up
    if record.kind != ARRAY or up is None or _TAGS.isdisjoint(split(record.key)) or path & (_SEEKS - {"searching"}):
        return False
    mixed = any(kid.kind == STRING and not facts(kid.text).groups for kid in record.kids[:MEMBERS])
    return mixed and pictured(up) and not seeks(record)


def pictured(record: Node) -> bool:
    """Say whether a member names one picture: by its file."""
    return record.kind == OBJECT and any(
        kid.kind == STRING and _FILE.search(kid.text[:200]) for kid in record.kids[:MEMBERS]
    )


def captioned(record: Node) -> bool:
    """Say whether a record holds what was written of one picture: it stands in the captions beside its name."""
    at: Node | None = record
    while at is not None and at.up is not None:
        up = at.up
        if up.kind == OBJECT and "answers" in facts(at.key).tags and pictured(up):
            return True
        at = up
    return False


def seeks(record: Node) -> bool:
    """Say whether a record stands in a condition, a rule or a list, or beside the parameters of a search."""
    if any("asking" in facts(key).tags for key, _, _ in record.keys[:MEMBERS]):
        return True
    at: Node | None = record
    while at is not None and at.up is not None:
        tags = facts(at.key).tags if at.key else frozenset()
        if "reporting" in tags:
            return False
        if tags & _SEEKS and not (tags & _SEEKS == {"training"} and "annotating" in tags and _boxed(record)):
            return True
        up = at.up
        if up.kind == OBJECT and any(
            tag in facts(key).tags
            for (key, _, _), kid in zip(up.keys[:MEMBERS], up.kids, strict=False)
            for tag in ("asking", "defining")
            if kid is not at and (tag == "asking" or kid.kind in (OBJECT, ARRAY))
        ):
            return True
        at = up
    return False


def _boxed(record: Node) -> bool:
    """Say whether a record, or one around it, has the box of something that was drawn in a picture."""
    at: Node | None = record
    for _ in range(LEVELS):
        if at is None:
            return False
        if at.kind == OBJECT:
            corners, boxes = _boxes(at.names[:MEMBERS])
            if corners or any(
                kid.kind == ARRAY and not kid.kids and kid.stop - kid.start > BOX * 2
                for kid in (at.kids[number] for number in boxes)
            ):
                return True
        at = at.up
    return False


@lru_cache(maxsize=4_096)
def _boxes(names: tuple[str, ...]) -> tuple[bool, tuple[int, ...]]:
    """Return whether keys are the corners of a box, and which of them may hold a box as a list."""
    corners = sum(name.lower() in _CORNERS for name in names) >= BOX
    return corners, tuple(number for number, name in enumerate(names) if "pictured" in facts(name).tags)


def wrapped(record: Node) -> bool:
    """Say whether a record stands in what a service answers."""
    at: Node | None = record
    while at is not None:
        if at.key and "reporting" in facts(at.key).tags:
            return True
        at = at.up
    return False


def _signs(record: Node, needed: int) -> bool:
    """Say whether enough in and around a record says that it was seen: boxes, scores, stamps, single ages."""
    count = ENOUGH if _boxed(record) else 0
    if count >= needed:
        return True
    for key, kid in _members(record):
        count += _sign(key, kid)
        if count >= needed:
            return True
    return False


def _members(record: Node) -> Iterator[tuple[str, Node]]:
    """Yield the members of a record, of the records in it, and of the one around it."""
    holders = [record, *(kid for kid in record.kids[:MEMBERS] if kid.kind in (OBJECT, ARRAY))]
    up = record.up
    while up is not None and up.kind == ARRAY:
        holders += [kid for kid in up.kids[:SIBLINGS] if kid.kind == OBJECT and kid is not record]
        up = up.up
    if up is not None:
        holders.append(up)
    for holder in holders:
        named = _paired(holder)
        if named is not None:
            yield named
        for (key, _, _), kid in zip(holder.keys[:MEMBERS], holder.kids, strict=False):
            yield key, kid


def _paired(holder: Node) -> tuple[str, Node] | None:
    """Return name and value of an object that is a pair of both and nothing else: ``"type": "age", "value": 44``."""
    if holder.kind != OBJECT or len(holder.kids) != PAIR:
        return None
    first, second = holder.kids
    tags = [facts(key).tags for key in holder.names]
    if first.kind != STRING or "pair_names" not in tags[0] or "pair_values" not in tags[1]:
        return None
    return first.text, second


def _sign(key: str, kid: Node) -> int:
    """Return what one member says for a report."""
    said = facts(key)
    if said.attribute or _bounds(key):
        return 0
    if kid.kind == ARRAY:
        numbers = not kid.kids or all(k.kind == NUMBER for k in kid.kids)
        boxed = bool(said.tags & {"seen", "pictured", "vision"}) and numbers and kid.stop - kid.start > BOX * 2
        return 2 if boxed or ("parallel_values" in said.tags and numbers) else 0
    if kid.kind == OBJECT:
        return 1 if said.tags & {"cohort", "seen", "pictured"} and _valued(kid) else 0
    if kid.kind == NUMBER:
        return int(bool(said.tags & {"measured", "cohort", "stamps", "seen"}) or "quality" in key.lower())
    if kid.kind == LITERAL:
        return int("seen" in said.tags and kid.text in ("true", "false"))
    if kid.kind == STRING and kid.text:
        if (kid.text.isdigit() and "cohort" in said.tags) or (kid.text in ("true", "false") and "seen" in said.tags):
            return 1
        return int("stamps" in said.tags or bool(_FILE.search(kid.text[:200])))
    return 0


def _valued(kid: Node) -> bool:
    """Say whether an object holds one value that was found: ``{"value": 28}``, ``{"yaw": 3}``."""
    return any(k.kind in (NUMBER, STRING, LITERAL) for k in kid.kids) and not any(
        _bounds(key) for key, _, _ in kid.keys
    )


@lru_cache(maxsize=4_096)
def _bounds(key: str) -> bool:
    """Say whether a key is an end of a range."""
    return not _BOUNDS.isdisjoint(split(key))
