"""Texts in a request that say whom it is about: a description, a status, a dress, a comparison in a query language.

A group's name alone is nothing. It counts in a search, an alarm or a list, and where people are spoken of: in the
path, in the keys around it, or in the text itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard import chat, registry, sets, stance
from untag.guard.base import Reason
from untag.guard.points import because, plainly, threshold
from untag.guard.scene import PEOPLE
from untag.guard.splice import ARRAY, OBJECT, STRING, Node
from untag.guard.targets import queried
from untag.guard.words import Facts, facts, sections, split, spoken, wholly
from untag.guard.words import tags as words_of

if TYPE_CHECKING:
    from untag.guard.company import Company
    from untag.guard.scene import Scene

PURPOSES: Final = ("alerts", "stores", "searches")
"""What a request does to people by a description of them."""
QUERY: Final = 4_000
"""Characters of a text that may be written in a query language."""
DESCRIBED: Final = 500
"""Characters of a description of somebody."""
CODE: Final = 3
"""Letters of a country's code."""
NAME: Final = 40
"""Characters of a text that says in a few words what somebody wears."""
CALLED: Final = 5
"""Words of what a rule calls people."""
FAINT: Final = -1.5
"""Points that one word of another topic takes away."""
STRONG: Final = 2.5
"""Points of a name that says by itself of whom it speaks: ``涉疆人员``."""
MEMBERS: Final = 40
"""Members of a rule that may say that a dress is one of work."""
_ELSEWHERE: Final = frozenset(("tongues", "culture", "colours", "contact", "declared", "creatures", "play"))
_TOLD: Final = frozenset(
    ("notify", "recipients", "recipient", "to", "cc", "bcc", "audience", "channel", "push", "pushto", "push_to",
     "deliver", "do", "then", "author", "owner", "by", "signature", "created_by", "contact", "team", "assignee")
)  # fmt: skip
"""Keys of those to whom a notice goes, or of whom it comes."""
_COLLECTED: Final = frozenset(
    ("list", "listname", "library", "lib", "gallery", "group", "groupname", "set", "db", "database", "库", "名称")
)
"""Words of keys that name a collection."""
_DESCRIBES: Final = frozenset(
    ("criteria", "criterion", "description", "descr", "desc", "profile", "who", "whom", "target", "targets", "subject",
     "subjects", "match", "matches", "looks", "appearance", "person", "people", "find", "query", "seen", "type",
     "描述", "目标", "对象", "описание", "кого", "приметы", "criterio", "descripción", "quien", "critère", "qui",
     "signalement", "beschreibung", "merkmale", "wer", "tarif", "kim", "tanım", "وصف", "من")
)  # fmt: skip
"""Words of keys under which a list or an alarm says whom it is about."""
_COMPARING: Final = frozenset("=<>{}[]$")
_NEGATED = re.compile(r"[Nn]on[- ][A-Z][a-z]{1,12}(?:ish|ian|ican|ese|i)")
_TECHNICAL: Final = frozenset(
    ("ip", "agent", "user_agent", "useragent", "domain", "url", "email", "host", "hash", "asn")
)
"""Kinds of what a list may block that is nobody."""
_LOOKS = re.compile(
    r"(?:of\s+)?(?P<name>[A-Z][a-z]{2,15})[ -]"
    r"(?P<what>looking|appearance|descent|origin|ethnicity|ancestry|heritage|tribe|blood|extraction)"
    r"(?:\s+(?:man|men|woman|women|male|female|person|people|boys?|girls?|youths?))?"
)
_ADJECTIVE = re.compile(r"(?:ing|ous|ful|less|ed|ive|al|ant|ent|ble|ic|ty|ly|py|dy|gy|ky|my|ny|ry|sy|er|or)$")
_ADJECTIVES: Final = frozenset(
    ("good", "nice", "young", "old", "odd", "strange", "weird", "smart", "drunk", "sick", "tall", "short", "fit",
     "well", "ill", "bad", "cool", "same", "fresh", "clean", "neat", "mean", "rough", "tough", "fierce", "calm",
     "pale", "poor", "rich", "faint", "grim", "blank", "plain", "sharp", "front", "left", "right", "back", "side",
     "first", "last", "new", "other", "unknown", "file", "data", "source", "public", "outward", "overall", "cross",
     "physical", "visual", "brand", "business", "product", "page", "site", "screen", "dark", "light", "mixed",
     "world", "cultural", "industrial", "geographic", "country", "human", "female", "male", "event", "request")
)  # fmt: skip


def told(scene: Scene, node: Node) -> None:
    """Judge a text of a request; refuses what seeks people by a group."""
    up = node.up or node
    of_query(scene, node.text, up)
    context = scene.context(node.up, node.text) or ("stores" if "libraries" in scene.tags or _collects(node) else "")
    if not context or scene.reported(up) or (stance.wrapped(up) and not stance.seeks(up)):
        return
    if _hailing(scene, node):
        scene.refuse(context, registry.ATTRIBUTE, (Reason("slot", "people from the region of a people", 3.5),))
        return
    said = facts(node.text)
    if context == "alerts" and wholly(node.text, "dress"):
        _dressed(scene, node)
    elif context == "alerts" and _wearing(node.text):
        _of_dress(scene, up, named=True)
    key = _key(node)
    # what a collection of faces is called is nobody's name
    elsewhere = _ELSEWHERE - {"contact"} if "libraries" in scene.tags else _ELSEWHERE
    if key and (facts(key).tags & elsewhere or not _TOLD.isdisjoint(spoken(key)) or key.lower() in _TOLD):
        return
    if context in PURPOSES and (_described(scene, node, context) or _looking(scene, node, context)):
        return
    if said.groups and not facts(node.key).attribute and node.up is not None and node.up.kind == OBJECT:
        _bare(scene, node, said)
    elif context in PURPOSES:
        _called(scene, node, said, context)


def registered(scene: Scene, key: str, record: Node) -> None:
    """Judge a search or an alert by where somebody, or their vehicle, is registered: a region of a people."""
    context = scene.context(record)
    company = scene.judge.of(record)
    held = (scene.tags | scene.judge.scope(record).holds) & PEOPLE
    if registry.bare(key) and not held and not any("pictured" in facts(k).tags for k in record.names[:MEMBERS]):
        return
    weight = registry.WEIGHT + (0.75 if context in ("alerts", "stores") else 0.0)
    # what lowers is the registration itself
    if context and weight + 1.5 + company.raised >= threshold(registry.ATTRIBUTE):
        why = Reason("slot", f"{plainly(key)} is that of a region of a people", weight)
        scene.refuse(context, registry.ATTRIBUTE, (why, *company.because))


def _hailing(scene: Scene, node: Node) -> bool:
    """Say whether people are meant by the region of a people that they come from: ``"origin": "Xinjiang"``."""
    if "origins" not in facts(node.key).tags or not registry.place(node.text):
        return False
    return scene.people(node.up or node)


def _collects(node: Node) -> bool:
    """Say whether a text names a collection of faces: ``"list_name": "…", "faces": […]``."""
    up = node.up
    if up is None or up.kind != OBJECT or _COLLECTED.isdisjoint(spoken(node.key)):
        return False
    return any(kid.kind == ARRAY and "pictured" in facts(kid.key).tags for kid in up.kids[:MEMBERS])


def _wearing(text: str) -> bool:
    """Say whether a short text says that somebody wears such dress: ``woman in niqab``."""
    said = split(text) if len(text) <= NAME else []
    known = sections()[0]
    return not known["dress"].isdisjoint(said) and not (known["people"] | known["whole_words"]).isdisjoint(said)


def _key(node: Node) -> str:
    """Return the key of a node, or of the nearest of its containers that has one."""
    at = node
    while not at.key and at.up is not None:
        at = at.up
    return at.key


def of_query(scene: Scene, text: str, holder: Node) -> None:
    """Judge a text that may be written in a query language."""
    for found in queried(text[:QUERY]):
        company = scene.judge.of(holder)
        context = scene.context(holder)
        if found.dress:
            if context == "alerts":
                _of_dress(scene, holder, named=True)
            continue
        # one word of another topic beside a statement says little of it
        near = 0.0 if FAINT < company.points < 0 else company.points
        points = found.points + near + (1.0 if context in ("alerts", "stores") else 0.0)
        if points >= threshold(found.attribute):
            context = context if context in ("alerts", "stores", "trains") else "searches"
            why = (Reason("searches", "a query compares the attribute", found.points), *company.because)
            scene.ruling.refuse(context, found.attribute, why)


def _described(scene: Scene, node: Node, context: str) -> bool:
    """Judge a description of people: ``woman of … appearance near gate 3``."""
    company = scene.judge.of(node.up or node)
    if not (scene.people(node.up or node) or (_spoken(node, context) and not scene.tags & sets.THINGS)):
        return False
    attribute = chat.attributed(node.text[:DESCRIBED])
    if not attribute or (context == "searches" and not scene.tags & PEOPLE and _of_culture(company)):
        return False
    said = "a search for people describes a group" if context == "searches" else "a description names a group of people"
    scene.refuse(context, attribute, (Reason("slot", said, 4.0), *company.because))
    return True


def _of_culture(company: Company) -> bool:
    """Say whether art, sport, animals or languages stand beside something."""
    return any(r.kind.removeprefix("lowers ") in sets.THINGS for r in company.because if r.kind.startswith("lowers"))


def _spoken(node: Node, context: str) -> bool:
    """Say whether a text describes whoever is meant by a list or an alarm, or somebody at a gate or an exit."""
    if not _COMPARING.isdisjoint(node.text):
        # a query, and judged as one
        return False
    if not _DESCRIBES.isdisjoint(spoken(_key(node))) and context in ("alerts", "stores"):
        return True
    return len(node.text) <= DESCRIBED and "sites" in words_of(node.text)


def _looking(scene: Scene, node: Node, context: str) -> bool:
    """Judge a look that is named after a people that no list holds: ``Kikuyu looking``, ``non-Swedish``."""
    negated = _NEGATED.fullmatch(node.text.strip()) if "appearance" in facts(node.key).tags else None
    if negated is not None and scene.people(node.up or node):
        company = scene.judge.of(node.up or node)
        why = Reason("slot", "whoever is not of a people", 3.0)
        scene.refuse(context, "ethnicity", (why, *company.because))
        return True
    found = _LOOKS.fullmatch(node.text.strip())
    if found is None:
        return False
    name = found["name"].lower()
    if name in _ADJECTIVES or _ADJECTIVE.search(name):
        return False
    beside = node.up.kids[:MEMBERS] if node.up is not None and node.up.kind == OBJECT else []
    if any(kid.kind == STRING and kid.text.lower() in _TECHNICAL for kid in beside):
        return False
    company = scene.judge.of(node.up or node)
    if found["what"] in ("origin", "heritage", "appearance", "extraction") and not scene.people(node.up or node):
        return False
    scene.refuse(context, "ethnicity", (Reason("slot", "a look is named after a people", 3.0), *company.because))
    return True


def _called(scene: Scene, node: Node, said: Facts, context: str) -> bool:
    """Judge what a rule or a list calls the people that it is about: ``undocumented migrant``, ``涉疆人员库``."""
    minority = "minorities" in said.tags and context in ("alerts", "stores")
    standing = minority or wholly(node.text, "standing")
    alarm = minority or ("alerting" in said.tags and not said.groups)
    strong = said.weight >= STRONG and "chosen" not in facts(node.key).tags
    if said.own or len(split(node.text)) > CALLED or not (standing or (said.attribute and (strong or alarm))):
        return False
    up = node.up or node
    company = scene.judge.of(up)
    shown = company.pictured or any(r.kind == "vision" for r in company.because)
    if (context == "searches" and not shown) or not (alarm or scene.people(up)):
        return False
    attribute = said.attribute or "political_opinion"
    points = max(said.weight, 1.5) + max(company.points, 0.0) + 1.5 + (0.75 if standing else 0.0)
    if points < threshold(attribute):
        return False
    scene.refuse(context, attribute, because(said, company, "what it calls people names a group"))
    return True


def _bare(scene: Scene, node: Node, said: Facts) -> None:
    """Judge a value that is a group's name under a key that is no attribute's."""
    up = node.up
    if up is None or (len(node.text) <= CODE and node.text.isupper()):
        # LAO is a country's code, and a language's
        return
    company = scene.judge.of(up)
    context = scene.context(up)
    points = (0.5 if not said.person else 2.0) - (1.0 if said.colour and not said.person else 0.0) + company.points
    points += 1.5 if "appearance" in facts(node.key).tags else 0.0
    points += 1.5 if context else 0.0
    if context and points >= threshold(said.of):
        scene.refuse(context, said.of, because(said, company, "a value that names a group of people"))


def _dressed(scene: Scene, node: Node) -> None:
    """Judge dress or a beard by which a religion is told, in an alarm on people; not a helmet worn over a turban."""
    up = node.up or node
    among = [kid for kid in up.kids if kid.kind == STRING] if up.kind == ARRAY else [node]
    if all(wholly(kid.text, "dress") for kid in among):
        _of_dress(scene, up)


def dressed(scene: Scene, key: str, record: Node) -> None:
    """Judge a flag that is the name of such a dress: ``"pupil": {"hijab": true}``."""
    if wholly(key, "dress") and scene.context(record) == "alerts" and not scene.reported(record):
        _of_dress(scene, record)


def _of_dress(scene: Scene, record: Node, *, named: bool = False) -> None:
    """Refuse an alarm on dress; ``named`` says that people were named with it."""
    company = scene.judge.of(record)
    shown = named or any(r.kind in ("vision", "near") for r in company.because)
    if (shown or scene.people(record)) and not _sheltered(record):
        scene.refuse("alerts", "religion", (Reason("slot", "dress by which a religion is told", 2.5), *company.because))


def _sheltered(node: Node) -> bool:
    """Say whether work or an exception is spoken of around something."""
    at: Node | None = node
    while at is not None:
        for (key, _, _), kid in zip(at.keys[:MEMBERS], at.kids, strict=False):
            if "shelter" in facts(key).tags or (kid.kind == STRING and "shelter" in facts(kid.text).tags):
                return True
            if kid.kind == ARRAY and any(
                k.kind == STRING and "shelter" in facts(k.text).tags for k in kid.kids[:MEMBERS]
            ):
                return True
        at = at.up
    return False
