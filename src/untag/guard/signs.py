"""Small signs in one record: a flag, a pair of name and value, a label, a value that tells something by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.kinds import LABELS
from untag.guard.splice import LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import Facts, facts, split, tagged

if TYPE_CHECKING:
    from collections.abc import Callable

FEW: Final = 2
BLANKS: Final = 5
"""Blanks in a name at most: a text of more is a sentence, and judged as one."""
SAID: Final = frozenset(("true", "false", "yes", "no", "0", "1", "on", "off"))
"""Texts that are a yes or a no."""
SKIN: Final = Facts("skin_tone", 1.5)
KINDS: Final = frozenset(("type", "event", "kind", "code", "alarm", "rule", "topic"))
"""Words of keys whose value says what happened."""


def telling(key: str, kid: Node) -> Facts | None:
    """Return what a value tells of somebody by itself, or None."""
    if kid.kind == OBJECT:
        return SKIN if _skin(key, kid) else None
    if kid.kind != STRING or facts(key).attribute or kid.text.count(" ") > BLANKS:
        return None
    said = facts(kid.text)
    alarm = "alerting" in said.tags and ("alerting" in facts(key).tags or not KINDS.isdisjoint(split(key)))
    if said.attribute and said.weight >= FEW and not said.own:
        return Facts(said.attribute, said.weight + (1.0 if alarm else 0.0))
    if said.groups and alarm and not said.colour:
        return Facts(said.of, 3.0)
    if said.groups and not said.colour and "appearance" in facts(key).tags:
        return Facts(said.of, 1.0)
    return None


def _skin(key: str, kid: Node) -> bool:
    """Say whether an object is a skin's colour by number or name; elsewhere a skin is dry, a polygon, or a theme."""
    if key.lower() != "skin":
        return False
    found = kid.get("type", "color", "colour", "tone")
    if found is None:
        return False
    return found.kind == NUMBER or (found.kind == STRING and facts(found.text).colour)


def flagged(said: Facts, kid: Node, key: str) -> Facts:
    """Return the facts of a key that is a group's name with a yes or a number: ``is_uyghur: true``."""
    if said.attribute or not said.groups or (said.colour and not said.person):
        return said
    if kid.kind not in (LITERAL, NUMBER) and not (kid.kind == STRING and kid.text.lower() in SAID):
        return said
    asked = split(key)[:1] in (["is"], ["has"])
    # the names of states are those of languages, editions and markets, too
    weight = 0.5 if said.of == "nationality" else 2.25 if asked else 1.5
    return Facts(said.of, weight, (), "", colour=False, person=False, tags=said.tags, own=said.own)


def column(node: Node) -> str:
    """Return the name of a column, empty where it has none."""
    if node.kind == STRING:
        return node.text
    named = node.get("name", "field", "id") if node.kind == OBJECT else None
    return named.text if named is not None else ""


def pair(record: Node, touched: Callable[[Node], bool] | None = None) -> Node | None:
    """Return the member whose value names an attribute, of an object that holds the attribute's value beside it."""
    if len(record.kids) < FEW:
        return None
    for (key, _, _), kid in zip(record.keys[:12], record.kids, strict=False):
        if kid.kind != STRING or not tagged(key, "pair_names") or (touched is not None and not touched(kid)):
            continue
        if facts(kid.text).attribute:
            rest = (other for other, _, _ in record.keys if other != key)
            if any(tagged(other, "pair_values") for other in rest):
                return kid
    return None


def label(record: Node) -> Node | None:
    """Return the string that labels an object, under ``label``, ``class``, ``name`` and the like."""
    if record.kind != OBJECT:
        return None
    for name in LABELS:
        kid = record.get(name)
        if kid is not None and kid.kind == STRING and kid.text:
            return kid
    return None


def shares(kids: list[Node]) -> bool:
    """Say whether numbers look like parts of a whole: all from 0 to 1, or percentages that add up."""
    values = [float(kid.text) for kid in kids if kid.kind == NUMBER]
    if len(values) != len(kids) or not values or min(values) < 0:
        return False
    return max(values) <= 1 or 99 <= sum(values) <= 101  # noqa: PLR2004 - per cent
