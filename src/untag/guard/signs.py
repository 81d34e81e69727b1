"""Small signs in one record: a flag, a pair of name and value, a label, a value that tells something by itself."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import registry
from untag.guard.chat import attributed
from untag.guard.kinds import LABELS
from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import Facts, facts, sections, split, tagged, wholly
from untag.interpret import naming
from untag.nouns import replace

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
SPOKEN: Final = frozenset(("political_opinion", "sexual_orientation", "religion", "trade_union", "caste"))
"""Attributes whose groups are no languages, dishes, cats or colours."""
OTHERWISE: Final = frozenset(("tongues", "culture", "contact", "declared", "creatures", "colours", "play", "papers"))
"""Topics of a key under which a group's name is something else's."""
SCORED: Final = frozenset(
    ("conf", "confidence", "score", "prob", "probability", "p", "certainty", "likelihood", "pct", "softmax", "logit")
)
"""Words of a key for how sure a classifier is."""
OPERATING: Final = frozenset(("op", "operator", "oper", "cmp", "comparator", "comparison", "rel", "relation", "fn"))
"""Words of keys that say how a condition compares."""
_FIELDS: Final = frozenset(("path", "column", "col", "property", "properties", "json_path", "jsonpath", "selector"))
STEPS: Final = 4
"""Steps of a path to a field."""
ASKED: Final = 2.25
"""Points of a key that asks whether somebody is of a group, with a yes or a number."""
UNKNOWN: Final = 4
"""Letters of a key that is cut so short that it says nothing."""
_PLACES: Final = frozenset(
    ("cam", "name", "id", "site", "zone", "city", "lang", "loc", "src", "team", "tag", "host", "node")
)
_SHARE: Final = re.compile(r"0?\.[0-9]+")
"""A number from 0 to 1 with a point: how sure a classifier is."""
KINDS: Final = frozenset(("type", "event", "kind", "code", "alarm", "rule", "topic"))
"""Words of keys whose value says what happened."""


def telling(key: str, kid: Node) -> Facts | None:
    """Return what a value tells of somebody by itself, or None."""
    if kid.kind == OBJECT:
        return SKIN if _skin(key, kid) else _guessed(key, kid)
    if key.lower() == "skin" and kid.kind == STRING and kid.text.strip().lower() in sections()[0]["colour_groups"]:
        return SKIN
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
    if said.groups and said.of in SPOKEN and "guessed" in facts(key).tags:
        # likely_orientation: what was guessed says its attribute by its value
        return Facts(said.of, 2.5)
    return None


def _guessed(key: str, kid: Node) -> Facts | None:
    """Return what an object tells that holds a group and how sure it is: ``"origine": {"libelle": …, "score": …}``."""
    if not facts(key).tags & {"origins", "appearance"} or facts(key).attribute:
        return None
    named = label(kid)
    said = facts(named.text) if named is not None else None
    if (
        said is None
        or not said.groups
        or said.colour
        or not any(each.kind == NUMBER and "measured" in facts(each.key).tags for each in kid.kids)
    ):
        return None
    return Facts(said.of, 2.0)


def worked_out(record: Node, number: int) -> Facts | None:
    """Return what a value tells that stands beside its own score: ``"rcl": "…", "rcl_conf": 0.9``; or None."""
    kid, key = record.kids[number], record.keys[number][0]
    said = facts(kid.text)
    if kid.kind != STRING or not said.groups or facts(key).attribute or facts(key).tags & OTHERWISE:
        return None
    if said.of == "race" and not said.colour and not facts(key).tags & {"pair_names", "answers"}:
        # nothing but people is called so
        return Facts(said.of, 2.0)
    words = split(key)
    if len(key) <= UNKNOWN and not facts(key).tags and said.of == "ethnicity" and _PLACES.isdisjoint(words):
        return Facts(said.of, 1.5)
    for (other, _, _), beside in zip(record.keys, record.kids, strict=True):
        named = split(other)
        scored = beside.kind == NUMBER and len(named) > len(words) and SCORED.intersection(named)
        if scored and (named[: len(words)] == words or named[-len(words) :] == words):
            return Facts(said.of, 2.0)
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
    if "minorities" in said.tags and kid.kind == LITERAL and wholly(key, "minorities") and said.weight < ASKED:
        return replace(said, attribute=said.attribute or "ethnicity", weight=ASKED)
    answered = kid.kind in (LITERAL, NUMBER) or (kid.kind == STRING and kid.text.lower() in SAID)
    asked = split(key)[:1] in (["is"], ["has"])
    if said.attribute and asked and answered and said.attribute != "nationality" and said.weight < ASKED:
        # the lexicon may know the whole of it: isUyghur
        return replace(said, weight=ASKED)
    if said.attribute or not said.groups or (said.colour and not said.person) or not answered:
        return said
    # the names of states are those of languages, editions and markets, too
    fraction = kid.kind == NUMBER and _SHARE.fullmatch(kid.text) is not None
    weight = 0.5 if said.of == "nationality" else ASKED if asked or fraction else 1.5
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
        if kid.kind not in (STRING, ARRAY) or (touched is not None and not touched(kid)) or not _names(key, record):
            continue
        if kid.kind == ARRAY:
            # a path to a field: ["attributes", "race"]
            if not 0 < len(kid.kids) <= STEPS or any(step.kind != STRING for step in kid.kids):
                continue
            kid = kid.kids[-1]  # noqa: PLW2901 - the field is the last of its path
        if facts(kid.text).attribute:
            rest = (other for other, _, _ in record.keys if other != key)
            if any(tagged(other, "pair_values") for other in rest):
                return kid
    return None


def _names(key: str, record: Node) -> bool:
    """Say whether a key's value may name an attribute: a path or a property does so in a condition alone."""
    if tagged(key, "pair_names"):
        return True
    if key.lower() not in _FIELDS:
        return False
    return any(not OPERATING.isdisjoint(split(other)) for other in record.names[:12])


def label(record: Node) -> Node | None:
    """Return the string that labels an object, under ``label``, ``class``, ``name`` and the like."""
    if record.kind != OBJECT:
        return None
    for number in _labels(record.names):
        kid = record.kids[number]
        if kid.kind == STRING and kid.text:
            return kid
    return None


@lru_cache(maxsize=8_192)
def _labels(names: tuple[str, ...]) -> tuple[int, ...]:
    """Return which keys label an object, the likeliest first."""
    lower = [name.lower() for name in names]
    return tuple(lower.index(name) for name in LABELS if name in lower)


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
    if last + 1 < len(words) and words[last + 1] not in _BEHIND and not facts(words[last + 1]).groups:
        # "Asian women shoes" are shoes, "un homme arabe" is a man
        return said
    attribute = attributed(text)
    if not attribute:
        return said
    groups = tuple(g for found in naming.lens().see(text).groups.values() for g in found)
    return Facts("", 0.0, groups or (attribute,), attribute, person=True, tags=said.tags)


def shares(kids: list[Node]) -> bool:
    """Say whether numbers look like parts of a whole: all from 0 to 1, or percentages that add up."""
    values = [float(kid.text) for kid in kids if kid.kind == NUMBER]
    if len(values) != len(kids) or not values or min(values) < 0:
        return False
    return max(values) <= 1 or 99 <= sum(values) <= 101  # noqa: PLR2004 - per cent


def rated(row: Node) -> bool:
    """Say whether an entry holds a number from 0 to 1 as its value: ``{"name": "…", "value": 0.7}``."""
    values = [kid for kid in row.kids if kid.kind == NUMBER and tagged(kid.key, "pair_values")]
    return any(shares([kid]) for kid in values)


def legend(values: Node) -> bool:
    """Say whether a list names several groups and nothing else: the values that a field may have, and nobody's."""
    if values.kind != ARRAY or len(values.kids) < FEW:
        return False
    return all(kid.kind == STRING and facts(kid.text).groups for kid in values.kids)
