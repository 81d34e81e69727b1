"""Small signs in one record: a flag, a pair of name and value, a label, a value that tells something by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import registry
from untag.guard.chat import attributed
from untag.guard.kinds import LABELS
from untag.guard.splice import LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import Facts, facts, sections, split, tagged

if TYPE_CHECKING:
    from collections.abc import Callable

FEW: Final = 2
BLANKS: Final = 5
"""Blanks in a name at most: a text of more is a sentence, and judged as one."""
SAID: Final = frozenset(("true", "false", "yes", "no", "0", "1", "on", "off"))
"""Texts that are a yes or a no."""
DESCRIBED: Final = 14
"""Words of a label that describes somebody."""
_BEHIND: Final = frozenset(
    ("in", "with", "wearing", "on", "at", "near", "by", "holding", "standing", "sitting", "walking", "smiling",
     "looking", "and", "who", "from", "of", "aged", "face", "faces", "person", "people", "avec", "en", "au", "con",
     "mit", "im", "am", "в", "с", "у")
)  # fmt: skip
"""Words that go on about somebody; any other makes the label one of a thing."""
SKIN: Final = Facts("skin_tone", 1.5)
CODES: Final = re.compile(
    r"0[1-9]|[1-4][0-9]|5[0-6]|9[78]|HA|MG|HU|ZA|UG|MH|YI|ZH|BY|CS|MA|DO|YA|BA|TJ|HN|KZ|DA|LI|LS|VA|SH|GS|LH|SU|DX|JP|NX|TU"
    r"|DU|ML|QI|BL|SL|MN|GL|XB|AC|PM|TA|NU|UZ|RS|EW|DE|BN|YG|GI|TT|DR|OR|HZ|MB|LB|JN"
)
"""Codes of the peoples of China by number and by letters (GB/T 3304-1991); 97 and 98 are others."""
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
    if "coded" in said.tags and not said.attribute and kid.kind in (STRING, NUMBER) and CODES.fullmatch(kid.text):
        return Facts("ethnicity", 1.5, tags=said.tags)
    if {"guessed", "regions"} <= said.tags and kid.kind == STRING and registry.place(kid.text):
        return Facts(registry.ATTRIBUTE, 3.0, tags=said.tags)
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


@lru_cache(maxsize=8_192)
def labelled(text: str) -> Facts:
    """Return the facts of a label, also of one that describes somebody: ``elderly Asian woman in a red coat``."""
    said = facts(text)
    if said.groups or "whole_words" not in said.tags:
        return said
    words = split(text)
    nouns = sections()[0]["whole_words"]
    last = max((i for i, word in enumerate(words) if word in nouns), default=-1)
    if not FEW <= len(words) <= DESCRIBED or last < 0:
        return said
    if last + 1 < len(words) and words[last + 1] not in _BEHIND:
        # "Asian women shoes" are shoes
        return said
    attribute = attributed(text)
    return Facts("", 0.0, (attribute,), attribute, person=True, tags=said.tags) if attribute else said


def shares(kids: list[Node]) -> bool:
    """Say whether numbers look like parts of a whole: all from 0 to 1, or percentages that add up."""
    values = [float(kid.text) for kid in kids if kid.kind == NUMBER]
    if len(values) != len(kids) or not values or min(values) < 0:
        return False
    return max(values) <= 1 or 99 <= sum(values) <= 101  # noqa: PLR2004 - per cent
