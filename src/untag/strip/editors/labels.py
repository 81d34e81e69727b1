"""Label maps that stand alone: the names of groups go, all other bytes stay.

A model whose output is not cut goes on giving the class, and where labels are counted by their place the others
move up: so a removal is done only when it is asked for. A label map that belongs to a model that is cut is
changed by that model's editor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.strip.base import Check, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.labels.listing import LARGEST, Listing, decoded, listings, without
from untag.strip.weights import choose
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit

NAMED: Final = re.compile(r"label|class|categor|synset|names|id2|idx|indices", re.IGNORECASE)
"""What a label map is called."""
KEYS: Final = re.compile(rb'"(?:id2label|label2id|labels|label_names|class_names|classes|categories|names)"\s*:')
HEAD: Final = 1 << 16
MOVES: Final = "labels are known by their place: the others move up, and code that counts reads another class"
STAYS: Final = "a model whose output is not cut goes on giving the class, now without a name"


class Labels:
    """Cuts the names of groups from label maps."""

    name = "labels"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is called as label maps are, or is JSON or YAML with a key of that kind."""
        base = unit.name.rsplit("/", 1)[-1].lower()
        try:
            if unit.path.stat().st_size > LARGEST:
                return False
            with unit.path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return False
        if base.endswith(".names"):
            return b"\0" not in head
        if base.endswith((".txt", ".lst", ".labels")):
            return bool(NAMED.search(base)) and b"\0" not in head
        if base.endswith(".json"):
            bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
            return bare[:1] in (b"[", b"{") and bool(NAMED.search(base) or KEYS.search(head))
        if base.endswith((".yaml", ".yml")):
            return re.search(rb"^[ \t]*names[ \t]*:", head, re.MULTILINE) is not None
        return base.endswith((".pbtxt", ".prototxt")) and head.lstrip().startswith(b"item")

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """See `untag.strip.base.Editor`."""
        if not unit.findings and not choice.classes:
            return
        try:
            found = _read(unit)
        except StripError as error:
            if unit.findings:
                prints = tuple(f.fingerprint for f in unit.findings)
                yield Refusal(unit.name, unit.name, str(error), "change it by hand", prints)
            return
        gone = [choose.of_labels(listing.labels, unit, choice) for listing in found]
        # a block of YAML cannot be empty, and a whole file of labels is deleted
        blocks = [x for x, own in zip(found, gone, strict=True) if x.key and not x.flow and len(own) == len(x.labels)]
        if blocks:
            prints = tuple(f.fingerprint for f in unit.findings)
            yield Refusal(unit.name, blocks[0].key, "every class is protected", "delete the file", prints)
            return
        done: tuple[str, ...] = ()
        if any(gone):
            edit = _edit(unit, found, gone)
            done = edit.findings
            yield edit
        yield from choose.left(unit, self.name, done)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """See `untag.strip.base.Editor`."""
        if any(edit.editor != self.name or edit.detail.get("sha256") != sha256(unit.path) for edit in edits):
            raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")
        if progress:
            progress(f"{unit.name}: cutting labels")
        found = _read(unit)
        gone: list[set[int]] = [set() for _ in found]
        for edit in edits:
            for number, indices in enumerate(edit.detail["gone"]):
                gone[number] |= set(indices)
        if _whole(found, gone):
            detail = f"{len(found[0].labels)} labels, all of them removed with the file"
            return Outcome(self.name, unit.name, (), (unit.name,), (Check("labels", passed=True, detail=detail),))
        text = decoded(unit.path.read_bytes(), unit.name)
        new = without(text, zip(found, gone, strict=True)).encode()
        checks = tuple(_checks(found, gone, new, unit.name))
        failed = [check for check in checks if not check.passed]
        if failed:
            raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
        with staged(staging) as work:
            work.write(unit.name, new)
        return Outcome(self.name, unit.name, (unit.name,), (), checks, (STAYS,))


def _read(unit: Unit) -> list[Listing]:
    return listings(unit.path.read_bytes(), unit.name)


def _whole(found: list[Listing], gone: Sequence[set[int]]) -> bool:
    """Whether a file that is nothing but one list loses all of it."""
    return len(found) == 1 and not found[0].key and len(gone[0]) == len(found[0].labels)


def _edit(unit: Unit, found: list[Listing], gone: list[dict[int, str]]) -> Edit:
    labels = [listing.labels[n] for listing, own in zip(found, gone, strict=True) for n in own]
    names = list(dict.fromkeys(labels))
    places = [f"{listing.key or 'line'} {n}" for listing, own in zip(found, gone, strict=True) for n in own]
    moves = any(own and not listing.numbered for listing, own in zip(found, gone, strict=True))
    return Edit(
        editor="labels",
        unit=unit.name,
        kind="label",
        target="labels " + ", ".join(names),
        attribute=choose.main_attribute([a for own in gone for a in own.values()], unit),
        safety="unsafe",
        files=(unit.name,),
        removes=tuple(f"{label} ({place})" for label, place in zip(labels, places, strict=True)),
        depends=(MOVES, STAYS) if moves else (STAYS,),
        why=MOVES if moves else STAYS,
        findings=choose.answered(unit, (), labels),
        detail={"gone": [sorted(own) for own in gone], "names": names, "sha256": sha256(unit.path)},
    )


def _checks(found: list[Listing], gone: Sequence[set[int]], new: bytes, name: str) -> Iterator[Check]:
    """Read the result again and compare the lists."""
    kept = [
        tuple(label for n, label in enumerate(listing.labels) if n not in own)
        for listing, own in zip(found, gone, strict=True)
    ]
    try:
        again = [listing.labels for listing in listings(new, name)]
    except StripError as error:
        yield Check("parses", passed=False, detail=str(error))
        return
    # an empty list is no list of labels any more
    same = again == [labels for labels in kept if labels]
    count = sum(map(len, kept))
    yield Check("parses", same, f"read again: {count} kept labels in their order", {"kept": count})
    removed = {listing.labels[n] for listing, own in zip(found, gone, strict=True) for n in own}
    left = sorted(removed & {label for labels in again for label in labels})
    yield Check("removed labels absent", not left, f"{len(removed)} removed labels: {len(left)} left", {"left": left})


EDITOR: Final = Labels()
