"""Statements in SQL: what may be taken out of the columns that one selects, so that the rest is still asked for.

``SELECT track_id, est_age, est_race FROM person_tracks`` asks for an attribute beside others, and compares nothing.
What compares one is judged as any query; what counts, or is of a register that people filled in, stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.points import plainly, threshold
from untag.guard.words import Facts, facts, tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.guard.scene import Scene
    from untag.guard.splice import Node

LONGEST: Final = 4_000
"""Characters of a statement that are looked at."""
TABLE: Final = 2.0
"""Points of a table of faces, of people that were seen."""
BESIDE: Final = 0.75
"""Points of each other column that a face has: an age, a track."""
MOST: Final = 2
_SELECT = re.compile(
    r"\bselect\s+(?:distinct\s+|top\s+\d+\s+)?(?P<columns>[^;]{1,2000}?)\s+from\s+(?P<table>[\w.\"`\[\]]{1,80})",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"(?:[^,()]|\((?:[^()]|\([^()]*\))*\))+")
_NAME = re.compile(r"[\w.\"`\[\]]+")
_COUNTS = re.compile(r"\b(?:count|avg|sum|stddev|percentile\w*|corr)\s*\(|\bgroup\s+by\b", re.IGNORECASE)
_SHOWN: Final = frozenset(("pictured", "vision", "people", "seen", "stamps"))
_STATED: Final = frozenset(
    ("declared", "contact", "play", "creatures", "tongues", "culture", "counts", "papers", "clinic")
)


def judge(scene: Scene, node: Node) -> None:
    """Judge a text that is a statement; takes out the columns that name an attribute, refuses one of these alone."""
    text = node.text
    if len(text) > LONGEST or _COUNTS.search(text):
        return
    found = _SELECT.search(text)
    if found is None:
        return
    columns = list(_columns(found["columns"]))
    hit = [(start, stop, said) for start, stop, said in columns if said.attribute and not said.own]
    if not hit:
        return
    first = hit[0][2]
    points = first.weight + _company(found["table"], found["columns"], [said for _, _, said in columns])
    if points < threshold(first.attribute):
        return
    name = plainly(found["columns"][hit[0][0] : hit[0][1]].strip())
    why = (Reason("slot", f"a statement selects the column {name}", points),)
    if len(hit) == len(columns):
        scene.ruling.refuse("searches", first.attribute, why)
        return
    kept = [found["columns"][a:b].strip() for a, b, said in columns if not said.attribute or said.own]
    new = text[: found.start("columns")] + ", ".join(kept) + text[found.end("columns") :]
    for _, _, said in hit[1:]:
        scene.ruling.note(node.route() or "/", said.attribute, "parameter", ())
    scene.ruling.take(scene.at, node, first.attribute, "parameter", why, new=new)


def _columns(text: str) -> Iterator[tuple[int, int, Facts]]:
    """Yield where each column of a list stands, and what its name says; an alias says nothing."""
    for found in _COLUMN.finditer(text):
        names = _NAME.findall(found.group())
        yield found.start(), found.end(), facts(names[0].rpartition(".")[2].strip('"`[]')) if names else facts("")


def _company(table: str, columns: str, said: list[Facts]) -> float:
    """Return points for what the table, and the other columns, say that the rows are of."""
    own = facts(table.rpartition(".")[2].strip('"`[]')).tags
    points = TABLE if own & _SHOWN else 0.0
    points += BESIDE * min(MOST, sum(bool(each.tags & {"cohort", "seen", "stamps", "pictured"}) for each in said))
    lowering = (own | tags(columns)) & _STATED
    return points - TABLE * len(lowering)
