"""Sets of labels in a request: zero-shot classes, classes to train on or to annotate with, values of a filter.

A set of groups says of itself that it is to tell them apart. Labels that come with their scores are an answer, and
none of a request's: what cleans answers takes those out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard import asked as asking
from untag.guard import stance
from untag.guard.points import because, labels_points, threshold
from untag.guard.signs import label as label_of
from untag.guard.signs import labelled
from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node
from untag.guard.words import NOTHING, Facts, facts, sections

if TYPE_CHECKING:
    from untag.guard.scene import Scene

UNIQUE: Final = ("json", "lines", "events", "pairs")
"""Documents in which no name stands twice in one object."""
TWINS: Final = 2
"""Elements of one name that make a list."""
LABEL: Final = 80
"""Characters of a label."""
MEMBERS: Final = 40
"""Members beside a set that are looked at."""
NAME: Final = 40
"""Characters of a text that may say what a set is of."""
ELSEWHERE: Final = 2.0
"""Points that a word of another topic takes from a set beside it."""
THINGS: Final = frozenset(("tongues", "culture", "creatures", "play", "clinic"))
"""Topics of which groups are the adjectives: a Turkish dish, a Persian cat."""


def judge(scene: Scene, holder: Node, said: list[Facts], key: str = "", texts: list[str] | None = None) -> None:
    """Judge a set of labels that stand in ``holder``, under ``key``; refuses one that is of groups."""
    named = [s for s in said if s.groups]
    if not named or scored(holder) or scene.reported(holder):
        return
    company = scene.judge.of(holder)
    context = scene.context(holder)
    if not context and len({g for s in named for g in s.groups}) == 1 and not any(s.person for s in named):
        # one group among other words is a tag, and tells nobody from anybody
        return
    over = facts(key or holder.key)
    points = labels_points(named, len(said)) + company.points + over.weight
    points += 1.0 if "label_lists" in over.tags else 0.0
    points += 1.5 if context else 0.0
    points += 1.0 if any(_noun(text) for text in texts or ()) else 0.0
    if "label_lists" in over.tags and scene.named(holder):
        # "task": "person_tagging"
        points += 1.25
    points -= ELSEWHERE if scene.tags & {"emblems", "writings"} or _of_things(holder) else 0.0
    attribute = over.attribute or named[0].of
    bar = threshold(attribute) + (0.0 if len(named) > 1 or company.pictured or named[0].person else 1.0)
    if points >= bar:
        operation = context if context and context != "exports" else "labels"
        scene.ruling.refuse(operation, attribute, because(named[0], company, "labels that name groups"))


def _of_things(holder: Node) -> bool:
    """Say whether a short text beside the labels says that they are of dishes, languages, breeds or the like."""
    record = holder if holder.kind == OBJECT else holder.up
    if record is None or record.kind != OBJECT:
        return False
    beside = [kid for kid in record.kids[:MEMBERS] if kid.kind == STRING and len(kid.text) <= NAME]
    return any(facts(kid.text).tags & (THINGS | {"emblems"}) and not facts(kid.text).groups for kid in beside)


def _noun(text: str) -> bool:
    """Say whether a label is a noun for people of a group, as ``Kurd``: rugs and dishes are called Kurdish."""
    return text.strip().lower() in sections()[0]["demonyms"]


def scored(items: Node) -> bool:
    """Say whether labels come with numbers: those of a list beside them, or their own."""
    up = items.up
    if items.kind == ARRAY and items.kids and items.kids[0].kind == OBJECT:
        return any(
            "measured" in facts(key).tags and kid.kind == NUMBER
            for row in items.kids[:8]
            for (key, _, _), kid in zip(row.keys, row.kids, strict=False)
        )
    if up is None or up.kind != OBJECT:
        return False
    return any(
        kid.kind == ARRAY
        and not kid.kids
        and kid.stop - kid.start > stance.BOX
        and facts(key).tags & {"measured", "parallel_values"}
        for (key, _, _), kid in zip(up.keys, up.kids, strict=False)
    )


def twins(scene: Scene, record: Node) -> None:
    """Judge elements of one name that hold a label each: ``<Choice value="…"/><Choice value="…"/>``."""
    names = record.names
    if scene.at.kind in UNIQUE or len(names) == len(set(names)):
        return
    by_key: dict[str, list[Node]] = {}
    for key, kid in zip(names, record.kids, strict=True):
        by_key.setdefault(key, []).append(kid)
    for key, kids in by_key.items():
        if len(kids) < TWINS:
            continue
        labels = [kid if kid.kind == STRING else label_of(kid) for kid in kids]
        texts = [each.text for each in labels if each is not None and len(each.text) <= LABEL]
        said = [labelled(text) for text in texts]
        if asking.sets(said):
            judge(scene, record, said, key, texts)


def rows(scene: Scene, items: Node) -> None:
    """Judge a list of objects that hold a label each: ``[{"value": "…"}, {"value": "…"}]``."""
    labels = [label_of(kid) for kid in items.kids if kid.kind == OBJECT]
    texts = [each.text for each in labels if each is not None and len(each.text) <= LABEL]
    said = [labelled(text) for text in texts]
    if asking.sets(said):
        judge(scene, items, said, items.key, texts)


def listed(scene: Scene, items: Node, said: list[Facts]) -> None:
    """Judge a list of texts."""
    texts = [kid.text if kid.kind == STRING else "" for kid in items.kids]
    said = [s if s.groups or not text else labelled(text) for s, text in zip(said, texts, strict=True)]
    judge(scene, items, said, items.key, texts)


def members(scene: Scene, record: Node) -> None:
    """Judge an object all of whose values are labels: ``{"0": "…", "1": "…"}``."""
    if len(record.kids) < TWINS or any(kid.kind != STRING for kid in record.kids):
        return
    texts = [kid.text for kid in record.kids]
    said = [labelled(text) if len(text) <= LABEL else NOTHING for text in texts]
    if asking.sets(said):
        judge(scene, record, said, record.key, texts)


def column(scene: Scene, heads: Node, head: str, cells: list[Node]) -> None:
    """Judge the different values of one column of a table: labels of what stands in the others."""
    if scene.context(None) != "trains":
        # a table of what was seen, or of what was counted
        return
    texts = list(dict.fromkeys(cell.text.strip() for cell in cells if cell.text.strip()))
    said = [labelled(text) if len(text) <= LABEL else NOTHING for text in texts]
    if asking.sets(said) and 2 * sum(bool(s.groups) for s in said) >= len(said):
        judge(scene, heads, said, head, texts)
