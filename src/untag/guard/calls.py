"""Calls that make a service work an attribute out without a list that asks for it: a path, a default, a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.forms import unquoted
from untag.guard.points import because, plainly, threshold
from untag.guard.words import facts, spoken

if TYPE_CHECKING:
    from untag.guard.purposes import Purposes
    from untag.guard.ruling import Ruling
    from untag.guard.scene import Scene
    from untag.guard.splice import Node

NAMED: Final = 1.0
"""Points of a field that an answer about a picture shall have."""
_FORMS: Final = frozenset(("schema", "format", "function", "functions", "tools", "parameters", "guided"))
"""Words of keys under which stands how a model shall answer."""
_DEFAULT_ON: Final = ("img_path", "img", "img_base64")
_DEFAULTS: Final = '"actions": ["age", "gender", "emotion"], '


def default_on(scene: Scene, root: Node, path: str) -> None:
    """Give the call of a service that works out race unasked the list of what is wanted instead."""
    keys = set(root.names)
    if scene.at.kind != "json" or "actions" in keys or keys.isdisjoint(_DEFAULT_ON):
        return
    if path.rstrip("/").endswith("/analyze"):
        why = (Reason("call", "this call works out race unless it names its actions", 3.5),)
        scene.ruling.put(scene.at, root.start + 1, _DEFAULTS)
        scene.ruling.note("/actions", "race", "default", why)


def formed(scene: Scene, record: Node) -> None:
    """Judge the form in which a model shall answer about a picture: a property named after the attribute is taken out.

    ``record`` holds the properties of a schema. What is read off a document stays: its holder states it.
    """
    if not any(spoken(above.key) & _FORMS for above in record.above() if above.key):
        return
    company = scene.judge.of(record)
    lowered = sum(-r.weight for r in company.because if r.kind.startswith("lowers") and "machines" not in r.kind)
    for key, kid in zip(record.names, record.kids, strict=True):
        said = facts(key)
        points = said.weight + NAMED + company.raised - lowered
        if not said.attribute or said.own or points < threshold(said.attribute):
            continue
        why = because(said, company, f"the answer is to have the field {plainly(key)}")
        scene.ruling.take(scene.at, kid, said.attribute, "parameter", why)
        needed = record.up.get("required") if record.up is not None else None
        for name in needed.kids if needed is not None else ():
            if name.text == key:
                scene.ruling.take(scene.at, name, said.attribute, "parameter", why)


def of_path(path: str, tags: frozenset[str], ruling: Ruling, purposes: Purposes, *, images: bool) -> None:
    """Judge a path that names the attribute, or a group: ``/faces/by-ethnicity/uyghur``; ``tags`` are its own."""
    segments = [facts(unquoted(part)) for part in path.split("/") if part]
    named = next((s for s in segments if s.attribute and not s.own), None)
    grouped = next((s for s in segments if s.groups), None)
    if named is None:
        return
    points = named.weight + (1.5 if grouped else 0.0) + (1.5 if images else 0.0)
    points += 2.0 if "pictured" in tags else 1.25 if "vision" in tags else 0.0
    points += 0.75 if "infers" in tags else 0.0
    points -= 3.0 if tags & {"declared", "play", "counts", "tongues", "culture", "creatures", "clinic"} else 0.0
    if points >= threshold(named.attribute):
        operation = purposes.of(None) or ("searches" if grouped else "infers")
        ruling.refuse(operation, named.attribute, (Reason("path", "the path names the attribute", points),))
