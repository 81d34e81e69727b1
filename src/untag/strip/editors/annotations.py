"""Annotated data sets: COCO, Pascal VOC, CVAT, YOLO, LabelMe and Label Studio lose attributes and categories."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.interpret import naming
from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.data import json_notes, yolo
from untag.strip.data.choose import choose, hands_off, missing, unanswered
from untag.strip.data.files import Writer, head_of, pieces, shape_of, size_of, target
from untag.strip.data.json_notes import JsonNotes
from untag.strip.data.xml_notes import LARGEST, XmlNotes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.strip.base import Choice, Unit
    from untag.strip.data.choose import Wanted

_XML: Final = re.compile(
    rb"<annotations?\b[^>]*>.*<(?:object|image|meta|track)\b|<View\b.*<(?:Image|Video)\b", re.DOTALL
)
LABEL: Final = 16 << 20
"""Bytes of the largest label file of YOLO: a box takes about 40."""


def kind_of(unit: Unit) -> str:
    """Return ``coco``, ``labelme``, ``labelstudio``, ``xml``, ``yolo`` or nothing. Never raises."""
    try:
        head = head_of(unit.path, shape_of(unit.path))
    except (OSError, StripError):
        return ""
    if head.lstrip()[:1] == b"<":
        return "xml" if _XML.search(head) else ""
    return json_notes.kind_of(head) or ("yolo" if yolo.is_yolo(unit.name, head) else "")


def _whole(unit: Unit) -> bytes:
    """Return the text of a file; raise `StripError` for one that is too large."""
    if size_of(unit.path) > LARGEST:
        raise StripError(f"{unit.name}: more than {LARGEST:,} bytes of annotations: split the file first")
    return b"".join(pieces(unit.path, shape_of(unit.path)))


def _opened(unit: Unit, kind: str) -> JsonNotes | XmlNotes:
    if kind == "xml":
        return XmlNotes(_whole(unit), unit.name, shape_of(unit.path))
    return JsonNotes(unit.path, kind, unit.name)


class AnnotationsEditor:
    """Cuts attributes and categories of annotated pictures."""

    name = "annotations"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Say whether the file holds annotations that this editor knows."""
        return bool(kind_of(unit))

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield an edit for each attribute and each category that goes."""
        kind = kind_of(unit)
        answered: set[str] = set()
        names: list[str] = []
        edits: list[Edit] = []
        if kind == "yolo":
            edits += _classes_of_yolo(unit, choice, answered)
        elif kind:
            notes = _opened(unit, kind)
            names = list(notes.keys)
            for one in choose(names, unit, choice, lambda n: list(notes.keys[n])):
                answered.update(one.fingerprints)
                edits.append(_attribute(unit, one, notes.counts[one.name]))
            classes = notes.classes if isinstance(notes, XmlNotes) else _used(notes)
            edits += _categories(unit, choice, classes, answered)
        else:
            raise StripError(f"{unit.name} holds no annotations that are known here")
        yield from edits
        yield from missing(unit, choice, names)
        what = "no attribute or category is named so: captions, names of files and folders are changed by hand"
        yield from unanswered(unit, answered, self.name, what)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Any, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Cut all attributes and categories at once, and compare what is left."""
        kind = kind_of(unit)
        for edit in edits:
            if edit.safety == "manual":
                raise StripError(f"{edit.target} of {unit.name} is for a person to change: {edit.why}")
            if edit.unit != unit.name or edit.detail.get("format") != kind or "name" not in edit.detail:
                raise StripError(f"the edit of {edit.target} is not for {unit.name} as it is now; make a new plan")
        if progress is not None:
            progress(f"{unit.name}: cutting {len(edits):,} attributes and categories")
        keys = [str(e.detail["name"]) for e in edits if e.kind == "attribute"]
        classes = [str(e.detail["name"]) for e in edits if e.kind == "category"]
        if kind == "yolo":
            return _yolo(unit, classes, staging)
        notes = _opened(unit, kind)
        known = notes.classes if isinstance(notes, XmlNotes) else notes.categories
        unknown = [k for k in keys if k not in notes.keys] + [c for c in classes if c not in known]
        if unknown:
            raise StripError(f"{unit.name} holds no {unknown[0]}; make a new plan")
        with target(staging, unit.name) as file:
            checks = notes.cut(keys, classes, file, lambda: _path(file))
            _passed(unit, checks)
        return Outcome(self.name, unit.name, (unit.name,), (), tuple(checks))


def _path(file: Any) -> Path:
    file.flush()
    return Path(file.name)


def _passed(unit: Unit, checks: Sequence[Check]) -> None:
    failed = next((c for c in checks if not c.passed), None)
    if failed is not None:
        raise StripError(f"{unit.name}: {failed.name}: {failed.detail}; nothing was written")


def _written(staging: Any, name: str, unit: Unit, data: bytes) -> None:
    with target(staging, name) as file:
        out = Writer(file, shape_of(unit.root / name))
        out.write(data)
        out.close()


def _used(notes: JsonNotes) -> dict[str, int]:
    return {name: sum(notes.used.get(i, 0) for i in ids) for name, ids in notes.categories.items()}


def _attribute(unit: Unit, one: Wanted, count: int) -> Edit:
    """Return the edit of an attribute of boxes or pictures."""
    return Edit(
        "annotations",
        unit.name,
        "text" if one.prose else "attribute",
        f"attribute {one.name}",
        one.attribute,
        one.safety,
        (unit.name,),
        (f"attribute {one.name} with its values, in {count:,} places",),
        (f"programs that read the attribute {one.name} of {unit.name}",),
        one.why,
        one.fingerprints,
        {"format": kind_of(unit), "name": one.name, "names": [one.name]},
    )


def _categories(unit: Unit, choice: Choice, classes: dict[str, int], answered: set[str]) -> Iterator[Edit]:
    """Yield the edits of categories that are groups of people, or that the caller names."""
    for name, attribute, prints, why in _protected(unit, choice, list(classes), answered):
        count = classes[name]
        said = (
            f"{count:,} annotations of it go along: people in their pictures are then not annotated at all"
            if count
            else ""
        )
        safety = "manual" if why else "unsafe" if count else "safe"
        yield Edit(
            "annotations",
            unit.name,
            "category",
            f"category {name}",
            attribute,
            safety,
            (unit.name,),
            (f"category {name}", f"{count:,} annotations"),
            ("ids of other categories stay as they are", f"models that are trained on {unit.name}"),
            why or said,
            prints,
            {"format": kind_of(unit), "name": name, "names": [name]},
        )


def _protected(
    unit: Unit, choice: Choice, names: list[str], answered: set[str]
) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield each class that is protected, with its attribute, the findings that it answers, and why it is not cut."""
    found: dict[str, tuple[str, list[str], str]] = {}
    for finding in unit.findings:
        if finding.fingerprint in answered:
            continue
        told = naming.protected(names, finding.attribute) if names else []
        for name, attribute in zip(names, told, strict=True):
            if attribute:
                known = found.setdefault(name, (attribute, [], hands_off(finding)))
                known[1].append(finding.fingerprint)
    if choice.by_name:
        found = {name: own for name, own in found.items() if name in choice.classes}
    for name in names:
        if name in choice.classes and name not in found:
            attribute = next(iter(naming.groups_of(name)), "") or naming.attribute_of(name)
            found[name] = (attribute, [], "")
    for name, (attribute, prints, why) in found.items():
        answered.update(prints)
        yield name, attribute, tuple(dict.fromkeys(prints)), "" if name in choice.classes else why


def _classes_of_yolo(unit: Unit, choice: Choice, answered: set[str]) -> Iterator[Edit]:
    names = yolo.names_of(_whole(unit), unit.name)
    files = yolo.label_files(unit.listing, unit.name)
    for name, attribute, prints, why in _protected(unit, choice, list(dict.fromkeys(n.text for n in names)), answered):
        numbers = {n.number for n in names if n.text == name}
        touched = [f for f in files if yolo.boxes_less(_labels(unit, f), numbers)[1]]
        said = (
            "ids are places in the list of names: the name becomes a placeholder so that others keep theirs, boxes of "
            "the class go, and a model that was trained before still has the class"
        )
        yield Edit(
            "annotations",
            unit.name,
            "category",
            f"class {' '.join(map(str, sorted(numbers)))} {name}",
            attribute,
            "manual" if why else "unsafe",
            (unit.name, *touched),
            (f"the name {name}", f"its boxes in {len(touched):,} label files"),
            ("ids of other classes stay as they are", "label files that are not in the listing"),
            why or said,
            prints,
            {"format": "yolo", "name": name, "names": [name]},
        )


def _labels(unit: Unit, name: str) -> bytes:
    path = unit.root / name
    if size_of(path) > LABEL:
        raise StripError(f"{name}: more than {LABEL:,} bytes of boxes; is this a label file?")
    return path.read_bytes()


def _yolo(unit: Unit, classes: list[str], staging: Any) -> Outcome:
    """Rename classes to placeholders and take their boxes out."""
    data = _whole(unit)
    names = yolo.names_of(data, unit.name)
    unknown = set(classes) - {n.text for n in names}
    if unknown:
        raise StripError(f"{unit.name} has no class {min(unknown)}; make a new plan")
    numbers = {n.number for n in names if n.text in classes}
    after = yolo.renamed(data, names, classes)
    left = yolo.names_of(after, unit.name)
    kept = [(n.number, n.text) for n in names if n.text not in classes]
    alike = kept == [(n.number, n.text) for n in left if n.number not in numbers] and len(left) == len(names)
    written, boxes, rest = [], 0, 0
    outputs: list[tuple[str, bytes]] = [(unit.name, after)]
    for name in yolo.label_files(unit.listing, unit.name):
        old = _labels(unit, name)
        new, count = yolo.boxes_less(old, numbers)
        if count:
            boxes += count
            rest += yolo.boxes_less(new, numbers)[1]
            outputs.append((name, new))
    figures = {"classes": len(numbers), "boxes": boxes, "files": len(outputs)}
    absent = not rest and not any(n.text in classes for n in left)
    checks = (
        Check("parses", True, "the names are read again"),
        Check(
            "kept columns equal",
            alike,
            f"{len(kept):,} other classes keep name and id; lines of other boxes untouched",
            figures,
        ),
        Check(
            "removed values absent", absent, f"{boxes:,} boxes cut; no box of the classes and no name is left", figures
        ),
    )
    _passed(unit, checks)
    for name, new in outputs:
        _written(staging, name, unit, new)
        written.append(name)
    notes = ("placeholders stand where the names were: remove them when the model is trained anew",)
    return Outcome("annotations", unit.name, tuple(written), (), checks, notes)


EDITOR: Final = AnnotationsEditor()
