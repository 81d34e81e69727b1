"""Annotations in JSON: COCO, LabelMe and Label Studio; keys, answers and categories cut by their bytes."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final

from untag.strip.base import Check, StripError
from untag.strip.data.files import shape_of
from untag.strip.data.json_units import Gone, alike, mapped, ranges_of, units, write
from untag.strip.data.spans import JsonError, Pairs, loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

VALUES: Final = 500
_SHELF: Final = {
    "coco": frozenset(("annotations", "images")),
    "labelme": frozenset(("flags", "shapes")),
    "labelstudio": frozenset(("data", "meta", "result")),
}
"""Where keys stand that are told of pictures or of what is in them, by format."""
_FRAME: Final = frozenset(
    (
        *("id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd", "keypoints", "num_keypoints"),
        *("file_name", "width", "height", "license", "flickr_url", "coco_url", "date_captured", "attributes", "label"),
        *("points", "group_id", "shape_type", "flags", "from_name", "to_name", "type", "value", "result", "data"),
    )
)
"""Keys of the formats themselves, which are never cut."""
_COCO: Final = re.compile(rb'"(?:images|annotations|categories)"\s*:\s*\[')
_COCO_TOO: Final = re.compile(rb'"(?:file_name|image_id|category_id|licenses|info|supercategory|coco_url)"\s*:')
_LABELME: Final = re.compile(rb'"(?:shapes|imagePath|imageData)"\s*:')


def kind_of(head: bytes) -> str:
    """Return ``coco``, ``labelme``, ``labelstudio`` or nothing, by the first bytes of a file."""
    start = head.lstrip()[:1]
    if start not in (b"{", b"["):
        return ""
    if b'"from_name"' in head and b'"to_name"' in head:
        return "labelstudio"
    if start == b"{" and _COCO.search(head) and _COCO_TOO.search(head):
        return "coco"
    return "labelme" if start == b"{" and len(set(_LABELME.findall(head))) > 1 else ""


class JsonNotes:
    """One annotation file in JSON."""

    def __init__(self, path: Path, kind: str, name: str) -> None:
        """Learn its keys and categories; raise `StripError` for a broken file."""
        self.path, self.kind, self.name = path, kind, name
        self.shape = shape_of(path)
        self.keys: dict[str, dict[str, None]] = {}
        """Values of each key that may be cut."""
        self.counts: dict[str, int] = {}
        self.categories: dict[str, list[str]] = {}
        """Ids of each category, as they are written."""
        self.used: dict[str, int] = {}
        """Annotations of each id."""
        try:
            with mapped(path, self.shape) as data:
                for unit in units(data):
                    if unit.stop > unit.start:
                        self._unit(unit.path, loaded(data[unit.start : unit.stop]))
        except JsonError as error:
            raise StripError(f"{name}: {error}: truncated or corrupt; nothing was written") from None

    def _unit(self, path: tuple[str, ...], value: Any) -> None:
        """Learn from one annotation, picture, category or task."""
        self._learn(value, shelf=bool(_SHELF[self.kind] & set(path)))
        if self.kind != "coco" or not isinstance(value, Pairs) or len(path) != 2:  # noqa: PLR2004 - an item of a list
            return
        if path[0] == "categories" and isinstance(value.get("name"), str):
            self.categories.setdefault(value.get("name"), []).append(str(value.get("id")))
        elif path[0] == "annotations":
            told = str(value.get("category_id"))
            self.used[told] = self.used.get(told, 0) + 1

    def _learn(self, value: Any, *, shelf: bool) -> None:
        """Gather keys and their values, and what annotators were asked."""
        if isinstance(value, list):
            for one in value:
                if isinstance(one, Pairs | list):
                    self._learn(one, shelf=shelf)
        if not isinstance(value, Pairs):
            return
        asked = value.get("from_name") if self.kind == "labelstudio" else None
        if isinstance(asked, str):
            self._take(asked, value.get("value"))
            return
        for key, inner in value.pairs:
            if shelf and key not in _FRAME:
                self._take(key, inner)
            if isinstance(inner, Pairs | list):
                self._learn(inner, shelf=shelf or key in _SHELF[self.kind])

    def _take(self, key: str, value: Any) -> None:
        known = self.keys.setdefault(key, {})
        self.counts[key] = self.counts.get(key, 0) + 1
        if len(known) < VALUES:
            known |= dict.fromkeys(_texts(value))

    def _gone(self, names: frozenset[str], categories: frozenset[str]) -> Gone:
        ids = frozenset(i for name in categories for i in self.categories.get(name, ()))
        shelves = _SHELF[self.kind]
        marks = [re.escape(n.encode("utf-8", "surrogateescape")) for n in (*names, *categories, *ids)]
        surface = re.compile(b"|".join((*(rb'[":\s]' + m + rb"[\",}\s]" for m in marks), rb"\\[u\"\\/bfnrt]")))

        def key(above: tuple[str, ...], name: str) -> bool:
            return name in names and not shelves.isdisjoint(above)

        def item(above: tuple[str, ...], get: Callable[[str], str]) -> bool:
            if above == ("categories",):
                return bool(categories) and get("name") in categories
            if above == ("annotations",) and self.kind == "coco":
                return bool(ids) and get("category_id") in ids
            return self.kind == "labelstudio" and bool(names) and get("from_name") in names

        return Gone(key, item, lambda raw: surface.search(raw) is not None)

    def cut(
        self, keys: Sequence[str], categories: Sequence[str], file: IO[bytes], written: Callable[[], Path]
    ) -> list[Check]:
        """Write the file without some keys and categories, and compare the two."""
        names, classes = frozenset(keys), frozenset(categories)
        gone = self._gone(names, classes)
        figures = {"units": 0, "changed": 0, "cut": 0}
        try:
            with mapped(self.path, self.shape) as data:
                ranges = list(ranges_of(data, gone, figures))
                write(data, ranges, file, self.shape)
                path = written()
                with mapped(path, self.shape) as after:
                    equal = alike(data, after, gone)
        except JsonError as error:
            raise StripError(f"{self.name}: {error}: the file is no whole JSON; nothing was written") from None
        left = JsonNotes(path, self.kind, self.name)
        rest = names & set(left.keys) | classes & set(left.categories)
        went = sum(self.used.values()) - sum(left.used.values())
        figures |= {"ranges": len(ranges), "annotations": went}
        return [
            Check("parses", True, "each value of the result is JSON", {}),
            Check(
                "kept columns equal",
                equal,
                f"{figures['units']:,} values compared, equal digit for digit; bytes outside of {len(ranges):,} "
                "ranges, ids too, are untouched",
                figures,
            ),
            Check("removed values absent", not rest, f"none of {len(names) + len(classes):,} names is left", figures),
        ]


def _texts(value: Any) -> list[str]:
    """Return the texts in a value, as far as they are few."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [t for one in value[:VALUES] for t in _texts(one)]
    return [t for _, one in value.pairs for t in _texts(one)] if isinstance(value, Pairs) else []
