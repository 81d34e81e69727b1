"""Codes whose legend stands beside them: a number says nothing, and "0 yellow, 1 brown, 2 black" says what of whom.

``SkinType`` alone may be dry or oily; with such a legend it is the colour of somebody's skin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.signs import SKIN
from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node
from untag.guard.words import Facts, facts, split

if TYPE_CHECKING:
    from collections.abc import Iterator

WEIGHT: Final = 3.0
"""Points of a code whose legend is of groups."""
FEW: Final = 2
LONGEST: Final = 400
"""Characters of a legend that is a text."""
MEMBERS: Final = 40
CODE: Final = 4
"""Characters of a code that is a text."""
_LEGENDS: Final = frozenset(
    ("legend", "map", "mapping", "lookup", "codebook", "codes", "labels", "names", "enum", "dict", "meaning",
     "meanings", "key", "desc", "description", "note", "comment", "values", "说明", "图例", "映射", "легенда",
     "расшифровка", "légende", "legende", "leyenda", "açıklama", "مفتاح")
)  # fmt: skip
_ENTRY = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,3}")
_SKINNED: Final = (
    "skin",
    "skinned",
    "complexion",
    "肤色",
    "皮肤",
    "кожа",
    "кожи",
    "peau",
    "piel",
    "haut",
    "ten",
    "cilt",
)


@lru_cache(maxsize=4_096)
def legends(names: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return which keys of a record are legends, and of which other one: -1 where they name none."""
    said = [split(name) for name in names[:MEMBERS]]
    found: list[tuple[int, int]] = []
    for number, words in enumerate(said):
        if not words or words[-1] not in _LEGENDS:
            continue
        rest = words[:-1]
        coded = said.index(rest) if rest and rest in said else -1
        if coded >= 0 or not rest:
            found.append((number, coded))
    return tuple(found)


def coded(record: Node) -> tuple[list[Node], Facts, str] | None:
    """Return what goes of a record with a code and its legend, what they say, and the key; None: there is none."""
    for number, other in legends(record.names):
        legend = record.kids[number]
        codes = [record.kids[other]] if other >= 0 else [kid for kid in record.kids if kid is not legend]
        if not any(kid.kind == NUMBER or (kid.kind == STRING and len(kid.text) <= CODE) for kid in codes):
            continue
        key = record.keys[other][0] if other >= 0 else record.key
        said = _said(legend, key)
        if said is None:
            continue
        if other >= 0:
            return [record.kids[other], legend], said, key
        if record.up is not None and record.up.kind == OBJECT:
            return [record], said, key
    return None


def _said(legend: Node, key: str) -> Facts | None:
    """Return what a legend is of: groups, or the colours of a skin; None: of anything else."""
    entries = list(_entries(legend))
    known = [facts(entry) for entry in entries]
    grouped = [said for said in known if said.groups and not said.colour]
    coloured = [said for said in known if said.groups or "colour_groups" in said.tags]
    if len(coloured) < FEW or FEW * len(coloured) < len(entries):
        return None
    if grouped:
        return Facts(grouped[0].of, WEIGHT)
    spoken = {*split(key), *(word for entry in entries for word in split(entry))}
    return Facts(SKIN.attribute, WEIGHT) if not spoken.isdisjoint(_SKINNED) else None


def _entries(legend: Node) -> Iterator[str]:
    if legend.kind == STRING and len(legend.text) <= LONGEST:
        yield from (found.group().strip() for found in _ENTRY.finditer(legend.text))
    elif legend.kind in (OBJECT, ARRAY):
        for kid in legend.kids[:MEMBERS]:
            if kid.kind == STRING:
                yield kid.text
            elif legend.kind == OBJECT and kid.kind == NUMBER:
                yield kid.key
