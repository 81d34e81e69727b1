"""Which outputs, tensors and classes of a model are to go: by its findings, and by what the caller names.

A name goes when the caller names it, or when it names an attribute itself that a finding of the same
file speaks of. Nothing else goes: a neutral head stays whatever stands beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of, groups_of, protected
from untag.strip.base import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.strip.base import Choice, Unit

_RANGE: Final = re.compile(r"(.+)\[(\d+)(?:(:)(\d+))?\]")
_PARTS: Final = re.compile(r"[/.:;|]+")


def wanted(unit: Unit) -> tuple[str, ...]:
    """Return the attributes that the findings of a file speak of, in order."""
    return tuple(dict.fromkeys(finding.attribute for finding in unit.findings))


def answered(unit: Unit, names: Iterable[str], labels: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the fingerprints of the findings that are answered when some names and some class names go.

    A finding of groups is answered when all its groups are among those of the removed classes, another one when
    it stands at a removed name.
    """
    gone = [name for name in names if name]
    groups = {group for label in labels for found in groups_of(label).values() for group in found}
    found = []
    for finding in unit.findings:
        place = "\n".join((*finding.route, finding.excerpt))
        # a scan names a path once for all that differ in numbers, and may name a part of it
        last = finding.route[-1] if finding.route else place
        there = any(name in place or last in name for name in gone)
        if (finding.groups and set(finding.groups) <= groups) or there:
            found.append(finding.fingerprint)
    return tuple(dict.fromkeys(found))


def left(unit: Unit, editor: str, done: Iterable[str]) -> Iterator[Edit]:
    """Yield a manual edit for each finding that the edits of a file do not answer: for a person to change."""
    known = set(done)
    for finding in unit.findings:
        if finding.fingerprint not in known:
            yield Edit(
                editor=editor,
                unit=unit.name,
                kind="text",
                target=" › ".join(finding.route) or finding.term,
                attribute=finding.attribute,
                safety="manual",
                files=(unit.name,),
                why="no output, tensor or class that is cut stands there: a person must change it",
                findings=(finding.fingerprint,),
            )


def of_name(name: str, unit: Unit, choice: Choice) -> str:
    """Return the attribute for which an output goes, ``named`` when only the caller says so, empty when it stays."""
    own = attribute_of(name)
    if name in choice.outputs:
        return own or "named"
    return own if own in wanted(unit) else ""


def of_path(name: str, unit: Unit, choice: Choice) -> str:
    """Return the attribute for which a tensor goes: one of its path's parts names it. As `of_name` else."""
    if name in choice.outputs:
        return of_name(name, unit, choice)
    parts = _PARTS.split(name)
    for number, part in enumerate(parts):
        if part in choice.outputs or "/".join(parts[: number + 1]) in choice.outputs:
            return attribute_of(part) or "named"
        if ".".join(parts[: number + 1]) in choice.outputs:
            return attribute_of(part) or "named"
    asked = wanted(unit)
    return next((own for part in parts if (own := attribute_of(part)) in asked), "") if asked else ""


def ranges(output: str, size: int, choice: Choice) -> set[int]:
    """Return the classes of an output that are chosen by number: ``OUTPUT[0:7]`` and ``OUTPUT[3]``.

    What lies beyond ``size`` is left out; the caller compares.
    """
    found: set[int] = set()
    for text in choice.classes:
        match = _RANGE.fullmatch(text)
        if match is None or match[1] != output:
            continue
        first = int(match[2])
        stop = int(match[4]) if match[3] else first + 1
        found |= set(range(first, min(stop, size)))
    return found


def is_range(text: str) -> bool:
    """Whether a chosen class is given by number."""
    return _RANGE.fullmatch(text) is not None


def of_labels(labels: Sequence[str], unit: Unit, choice: Choice) -> dict[int, str]:
    """Return the classes of a list that go, with the attribute of each.

    They go when the caller names them, or when the findings of the file are about this list: when the groups that
    the findings name are among its classes.
    """
    gone = {n: "named" for n, label in enumerate(labels) if label in choice.classes}
    for number in gone:
        gone[number] = next(iter(filter(None, protected([labels[number]]))), "named")
    for attribute in wanted(unit):
        meant = {group for f in unit.findings if f.attribute == attribute for group in f.groups}
        held = {group for label in labels for found in groups_of(label).values() for group in found}
        if meant and len(meant & held) >= min(2, len(meant)):
            for number, own in enumerate(protected(labels, attribute)):
                if own == attribute:
                    gone.setdefault(number, own)
    return gone


def commonest(attributes: Iterable[str]) -> str:
    """Return the attribute that stands most often, the first of several; empty where there is none."""
    counted = Counter(attribute for attribute in attributes if attribute and attribute != "named")
    return max(counted, key=lambda key: counted[key], default="")


def main_attribute(attributes: Iterable[str], unit: Unit) -> str:
    """Return the attribute by which an edit is reported: the one that goes most often, a finding's before others."""
    return commonest(attributes) or next(iter(wanted(unit)), "")
