"""What the editors of protobuf, GraphQL and XSD share: members with their places, and which of them go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from untag.interpret.naming import attribute_of, protected
from untag.nouns import dataclass
from untag.strip.base import Edit, StripError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from untag.strip.base import Choice, Unit

NEAR = frozenset(("race", "ethnicity", "national_origin", "nationality"))
"""Attributes whose values share their words: an enum of groups goes whichever of them a finding names."""


@dataclass(frozen=True, slots=True)
class Member:
    """A field, a value of an enum, an argument or an element."""

    name: str
    start: int
    stop: int
    type: str = ""
    """Name of its type, where it has one."""
    number: int | None = None
    """Its number in a protobuf message or enum."""


@dataclass(frozen=True, slots=True)
class Block:
    """A type of an interface: a message, an enum, an input, a complex type."""

    kind: str
    """``fields`` or ``values``."""
    name: str
    start: int
    stop: int
    body: int
    """Where its members begin."""
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Cuts:
    """What goes from one file."""

    members: tuple[tuple[Block, Member], ...]
    blocks: tuple[Block, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that callers may use."""
        found = [m.name for _, m in self.members] + [b.name for b in self.blocks]
        return tuple(dict.fromkeys(found))


def line_ranges(data: bytes, unit: Unit) -> list[tuple[int, int]]:
    """Return the byte ranges of the lines in which findings stand."""
    starts = [0, *(m.end() for m in re.finditer(rb"\n", data)), len(data) + 1]
    found = []
    for finding in unit.findings:
        first = max(min(finding.line, len(starts) - 1), 1)
        last = max(min(finding.end_line or finding.line, len(starts) - 1), first)
        found.append((starts[first - 1], starts[last]))
    return found


def choose(data: bytes, blocks: Sequence[Block], unit: Unit, choice: Choice, elsewhere: bytes) -> Cuts:
    """Return the members and types that go.

    A member goes when its name or its type names an attribute of the findings and its block holds a finding; a value
    of an enum when it names a group. A type all of whose values go, or that is named for the attribute and used by
    nothing that stays, goes whole. ``elsewhere`` is the text of the other files that may use the types.
    """
    named = {*choice.outputs, *choice.classes}
    if named:
        return Cuts(tuple((b, m) for b in blocks for m in b.members if m.name in named), ())
    attributes = {f.attribute for f in unit.findings} | set(choice.attributes)
    ranges = line_ranges(data, unit)
    found = [b for b in blocks if any(a < b.stop and b.start < z for a, z in ranges)]
    whole = [b for b in found if b.kind == "values" and _all_values(b, attributes)]
    names = {b.name for b in whole}
    members = [
        (block, member)
        for block in blocks
        if block not in whole
        for member in _going(block, attributes, names, listed=block in found)
    ]
    going = [(m.start, m.stop) for _, m in members]
    gone = [b for b in whole if not _used(data, elsewhere, b, going)]
    stays = [b for b in whole if b not in gone]
    members += [(b, m) for b in stays for m in _going(b, attributes, set(), listed=True)]
    return Cuts(tuple(members), tuple(gone))


def _all_values(block: Block, attributes: set[str]) -> bool:
    """Whether an enum is nothing but groups, or is named for the attribute and lists groups."""
    labels = [value_words(block, m) for m in block.members]
    groups = [fits(a, attributes) for a in protected(labels)]
    other = [_neutral(label) for label in labels]
    return any(groups) and all(g or o for g, o in zip(groups, other, strict=True))


def _neutral(label: str) -> bool:
    words = label.lower().split()
    return not words or words[-1] in (
        "unspecified",
        "unknown",
        "undefined",
        "none",
        "other",
        "others",
        "any",
        "invalid",
    )


def value_words(block: Block, member: Member) -> str:
    """Return the name of an enum's value without the enum's own name before it: RACE_ASIAN of Race → asian."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", member.name).lower().split("_")
    own = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", block.name).lower().split("_")
    for size in (len(own), 1):
        if words[:size] == own[-size:] and len(words) > size:
            return " ".join(words[size:])
    return " ".join(words)


def fits(attribute: str, attributes: set[str]) -> bool:
    """Say whether a group's attribute is one of those that go: race and ethnicity share their groups."""
    return bool(attribute) and (attribute in attributes or bool({attribute} & NEAR and attributes & NEAR))


def _going(block: Block, attributes: set[str], types: set[str], *, listed: bool) -> Iterator[Member]:
    labels = protected([value_words(block, m) for m in block.members]) if block.kind == "values" and listed else []
    for number, member in enumerate(block.members):
        by_type = block.kind == "fields" and member.type in types
        by_name = listed and attribute_of(member.name) in attributes
        by_value = bool(labels) and fits(labels[number], attributes)
        if by_type or by_name or by_value:
            yield member


def _used(data: bytes, elsewhere: bytes, block: Block, going: Iterable[tuple[int, int]]) -> bool:
    """Whether anything that stays names a type."""
    word = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(block.name.encode()) + rb"(?![A-Za-z0-9_])")
    if word.search(elsewhere):
        return True
    spans = [*going, (block.start, block.stop)]
    return any(not any(a <= m.start() < z for a, z in spans) for m in word.finditer(data))


def edits(
    editor: str,
    unit: Unit,
    data: bytes,
    cuts: Cuts,
    widen: Callable[[bytes, int, int], tuple[int, int]],
    choice: Choice,
    extra: Sequence[str] = (),
) -> Iterator[Edit]:
    """Yield the edit of a file, and one for each finding that no removal answers.

    ``widen`` gives the bytes that go with a part: its line, and the comment above it.
    """
    places = [(m.start, m.stop) for _, m in cuts.members] + [(b.start, b.stop) for b in cuts.blocks]
    ranges = line_ranges(data, unit)
    rows = list(zip(unit.findings, ranges, strict=True))
    wide = [widen(data, a, z) for a, z in places]
    done = [f for f, (a, z) in rows if any(s < z and a < e for s, e in wide)]
    if places:
        what = [f"{b.name}.{m.name}" for b, m in cuts.members] + [b.name for b in cuts.blocks]
        yield Edit(
            editor=editor,
            unit=unit.name,
            kind="field",
            target=", ".join(what)[:160],
            attribute=next((f.attribute for f in (*done, *unit.findings)), ""),
            safety="safe",
            files=(unit.name,),
            removes=(*what, *extra),
            depends=("programs generated from this file: generate them anew",),
            findings=tuple(f.fingerprint for f in done),
            detail={"names": list(cuts.names), "spans": sorted([a, z] for a, z in places)},
        )
    for finding in () if choice.outputs or choice.classes else unit.findings:
        if finding not in done:
            yield Edit(
                editor=editor,
                unit=unit.name,
                kind="text",
                target=f"line {finding.line}: {' › '.join(finding.route) or finding.term}",
                attribute=finding.attribute,
                safety="manual",
                files=(unit.name,),
                why="no field or value goes with it: rewrite it by hand",
                findings=(finding.fingerprint,),
            )


def others(unit: Unit, endings: tuple[str, ...]) -> bytes:
    """Return the text of the other files of the same kind, in which a type may be used."""
    found = []
    for name in unit.listing:
        if name != unit.name and name.lower().endswith(endings):
            try:
                found.append((unit.root / name).read_bytes())
            except OSError:
                continue
    return b"\n".join(found)


def placed(
    unit: Unit, edits: Iterable[Edit], blocks: Sequence[Block]
) -> tuple[set[tuple[int, int]], list[tuple[Block, Member]], list[Block]]:
    """Return the places of a plan, and the members and blocks that stand there; raise `StripError` where none does."""
    places = {(int(a), int(z)) for edit in edits for a, z in edit.detail.get("spans", ())}
    members = [(b, m) for b in blocks for m in b.members if (m.start, m.stop) in places]
    gone = [b for b in blocks if (b.start, b.stop) in places]
    if {(m.start, m.stop) for _, m in members} | {(b.start, b.stop) for b in gone} != places:
        raise StripError(f"{unit.name}: the plan names parts that are not there: make it anew")
    return places, members, gone
