"""Records of things: a mosque, a carpet, a ship. A religion or a nation among their fields is theirs, and nobody's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.kinds import SEEN, kind
from untag.guard.splice import OBJECT, STRING
from untag.guard.words import facts, split

if TYPE_CHECKING:
    from collections.abc import Collection

    from untag.guard.splice import Node

MEMBERS: Final = 40
"""Members of a record that are looked at."""
NAME: Final = 60
"""Characters of a thing's name."""
_CALLED: Final = frozenset(
    ("name", "title", "type", "category", "kind", "object", "item", "subject", "titre", "título", "titulo", "titel",
     "название", "наименование", "başlık", "ad", "名称", "标题", "اسم", "عنوان")
)  # fmt: skip
"""Words of keys that say what a thing is called, or what it is."""
_MADE: Final = frozenset(
    ("material", "materials", "medium", "accession", "inv", "imo", "mmsi", "hull", "tonnage", "draught", "vintage",
     "dimensions", "provenance", "sku", "isbn", "weave", "kiln", "bottler", "registrar", "flag_state")
)  # fmt: skip
"""Words of keys that only things have."""
_OTHER: Final = frozenset(("things", "culture", "creatures"))
_WHO: Final = frozenset(("people", "pictured", "whole_words", "seen"))


def thing(record: Node, holds: Collection[str]) -> bool:
    """Say whether a record is of a thing, by its own keys, its name, or the list that it stands in.

    ``holds`` are the tags of the keys around it. Where a face, an age or the like stands beside it, it is somebody's.
    """
    if record.kind != OBJECT:
        return False
    near = kind(record.names).near
    if near.cohort or near.tags & SEEN or not SEEN.isdisjoint(holds) or "people" in holds:
        return False
    return "things" in holds or _made(record.names) or any(_called(key[0], kid) for key, kid in _members(record))


def _members(record: Node) -> list[tuple[tuple[str, int, int], Node]]:
    return list(zip(record.keys[:MEMBERS], record.kids, strict=False))


@lru_cache(maxsize=4_096)
def _made(names: tuple[str, ...]) -> bool:
    """Say whether keys are among those that only things have."""
    return any(not _MADE.isdisjoint(split(name)) for name in names[:MEMBERS])


def _called(key: str, kid: Node) -> bool:
    """Say whether a member names a thing: ``"name": "Blue Mosque"``."""
    if kid.kind != STRING or len(kid.text) > NAME or _CALLED.isdisjoint(split(key)):
        return False
    tags = facts(kid.text).tags
    return bool(tags & _OTHER) and not tags & _WHO
