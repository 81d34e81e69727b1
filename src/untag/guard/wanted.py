"""Lists of what a service is to work out: ``face_field=age,race``, ``"attributes": ["age", "race"]``.

An attribute that is asked for beside others is taken out of the list; a request for it alone is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard import asked as asking
from untag.guard import sets
from untag.guard.points import because, labels_points, plainly, threshold
from untag.guard.signs import labelled
from untag.guard.splice import ARRAY, OBJECT, STRING, Node
from untag.guard.targets import parts
from untag.guard.words import Facts, facts, wholly

if TYPE_CHECKING:
    from untag.guard.scene import Scene

GENERIC: Final = frozenset(
    ("fields", "include", "select", "columns", "features", "models", "return", "outputs", "detect", "extract",
     "modules", "tasks")
)  # fmt: skip
"""Names of lists of which many ask for something else than a face's attributes."""
LABELLED: Final = 9
"""Blanks in a label that is written as a sentence: ``a photo of a young woman``."""
BLANKS: Final = 4
"""Blanks in the name of what is to be worked out; what has more is a sentence."""
ABOVE: Final = 3
"""Levels from a list up to the key that says what becomes of it."""
CAPTION: Final = 400
"""Characters of what an open vocabulary shall find."""
_POINT = re.compile(r"\s\.(?:\s|$)")
BORNE: Final = ("nationality", "national_origin")
SHOWN: Final = 3.5
"""Points of a picture alone: more say that a face is in it."""
PLAIN: Final = 1.5
"""Points of a name that hardly means anything else, such as ``ethnicity``."""
_VERBS: Final = frozenset(("action", "op", "operation", "effect", "verb", "do"))
"""Keys under which a record says what is to be done with what it names."""


def asks(scene: Scene, holder: Node, said: Facts, cohort: int) -> bool:
    """Say whether a list, or a text with commas, asks for the attribute to be worked out."""
    if denied(holder):
        return False
    name = holder.key.lower()
    company = scene.judge.of(holder if holder.kind == ARRAY else holder.up or holder)
    points = said.weight + company.points
    if not cohort and said.weight < PLAIN and "label_lists" in facts(holder.key).tags:
        # ["wedding", "race", "concert"]: classes of pictures, and nothing of faces among them
        return False
    if not cohort and said.attribute in BORNE and not (scene.people(holder) or company.raised > SHOWN):
        # ships, flights and films have a nationality, too
        return False
    if "requested" in facts(holder.key).tags or "requested" in facts(name.replace("[]", "")).tags:
        points += 1.0 if name in GENERIC else 2.0
    if holder.kind != ARRAY and cohort:
        points += 1.75 if cohort > 1 else 0.75
    return points >= threshold(said.attribute)


def denied(node: Node) -> bool:
    """Say whether something stands under a key of what is not wanted: ``redact_fields``, ``do_not_infer``."""
    at: Node | None = node
    for _ in range(ABOVE):
        if at is None:
            return False
        if (at.key and "denying" in facts(at.key).tags) or _dropped(at):
            return True
        at = at.up
    return False


def _dropped(record: Node) -> bool:
    """Say whether a record says that what it names is to go: ``"action": "remove"``, ``"op": "drop_column"``."""
    return record.kind == OBJECT and any(
        kid.kind == STRING and name.lower() in _VERBS and "denying" in facts(kid.text[:40]).tags
        for name, kid in zip(record.names, record.kids, strict=False)
    )


def listed(scene: Scene, items: Node, said: list[Facts]) -> None:
    """Judge a list of texts."""
    asked = [
        (kid, s)
        for kid, s in zip(items.kids, said, strict=True)
        if s.attribute and not s.groups and not s.own and kid.text.count(" ") <= BLANKS
    ]
    hit = [(kid, s) for kid, s in asked if asks(scene, items, s, cohort=asking.cohort(said))]
    for kid, s in hit:
        why = because(s, scene.judge.of(items), "a list of attributes to work out names it")
        if len(hit) == len(items.kids):
            scene.ruling.refuse(scene.context(items) or "infers", s.attribute, why)
        else:
            scene.ruling.take(scene.at, kid, s.attribute, "parameter", why)


def entry(scene: Scene, record: Node, said: Facts, holder: Node) -> None:
    """Judge an entry that is an object: ``"features": [{"type": "RACE"}]``."""
    if not asks(scene, holder, said, 0):
        return
    why = because(said, scene.judge.of(holder), "an entry of what is to be worked out names it")
    if len(holder.kids) > 1:
        scene.ruling.take(scene.at, record, said.attribute, "parameter", why)
    else:
        scene.ruling.refuse("infers", said.attribute, why)


def delimited(scene: Scene, node: Node, tokens: list[tuple[int, int]]) -> None:
    """Judge a text with commas: attributes to work out, or labels."""
    if len(tokens) == 1 and "requested" not in facts(node.key.replace("[]", "")).tags:
        return
    said = asking.skins([facts(node.text[a:b].strip()) for a, b in tokens], [node.text[a:b] for a, b in tokens])
    if len(tokens) > 1 and _labels(scene, node, said):
        return
    asked = [i for i, s in enumerate(said) if s.attribute and not s.groups and not s.own]
    if not asked:
        return
    hit = [i for i in asked if asks(scene, node, said[i], asking.cohort(said))]
    if not hit:
        return
    first = said[hit[0]]
    why = because(first, scene.judge.of(node.up or node), f"the parameter {plainly(node.key)} asks for it")
    if len(hit) == len(tokens):
        twins = [k for k in (node.up.keys if node.up is not None else ()) if k[0] == node.key]
        if len(twins) > 1:
            scene.ruling.take(scene.at, node, first.attribute, "parameter", why)
        else:
            scene.ruling.refuse(scene.context(node.up) or "infers", first.attribute, why)
        return
    for i in hit[1:]:
        scene.ruling.note(node.route(), said[i].attribute, "parameter", ())
    new = asking.joined(node.text, tokens, set(hit))
    scene.ruling.take(scene.at, node, first.attribute, "parameter", why, new=new)


def described(scene: Scene, node: Node) -> None:
    """Judge a text with commas whose entries are whole phrases: ``a photo of a …, a photo of a …``."""
    tokens = parts(node.text, length=sets.LABEL, blanks=LABELLED)
    if len(tokens) > 1:
        _labels(scene, node, [labelled(node.text[a:b]) for a, b in tokens])


def captioned(scene: Scene, node: Node) -> None:
    """Judge what an open vocabulary shall find, each followed by a point: ``person . red car .``."""
    if len(node.text) > CAPTION or not facts(node.key).tags & {"answers", "prompts", "label_lists", "requested"}:
        return
    texts = [text.strip() for text in _POINT.split(node.text) if text.strip()]
    if not texts or any(text.count(" ") > BLANKS for text in texts):
        return
    said = [_meant(text) for text in texts]
    sets.judge(scene, node.up or node, said, "labels", texts)


def _meant(text: str) -> Facts:
    """Return the facts of a label, also of one that is a status of people: ``refugee``."""
    said = labelled(text)
    if said.groups or not (wholly(text, "standing") or (said.attribute and said.person)):
        return said
    return Facts(groups=(text,), of=said.attribute or "political_opinion", person=True, tags=said.tags)


def _labels(scene: Scene, node: Node, said: list[Facts]) -> bool:
    """Refuse labels with commas that are groups; say whether that was done."""
    grouped = [s for s in said if s.groups]
    if not grouped or not asking.sets(said):
        return False
    holder = node.up or node
    if sets.scored(node) or scene.reported(holder):
        return False
    company = scene.judge.of(holder)
    points = labels_points(grouped, len(said)) + company.points
    points += 1.0 if "label_lists" in facts(node.key).tags else 0.0
    if points < threshold(grouped[0].of):
        return False
    why = because(grouped[0], company, "labels that name groups")
    scene.ruling.refuse(scene.context(holder) or "labels", grouped[0].of, why)
    return True
