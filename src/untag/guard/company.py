"""The company of a record: what its siblings, its containers and its path say of it, in points.

What raises says that a person in a picture is spoken of; what lowers says that it is a game, a dog, a form,
a statistic. A key named ``race`` means nothing without either.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.kinds import NO_TAGS, SEEN, SIBLINGS, Near, kind, near
from untag.guard.splice import ARRAY, OBJECT, STRING
from untag.guard.words import LOWERING, facts
from untag.nouns import dataclass

if TYPE_CHECKING:
    from untag.guard.splice import Node

THRESHOLD: Final = 3.5
"""Points from which an attribute's name counts as an attribution."""
STATED: Final = {"declared": 0.75, "contact": 1.0, "play": 1.5, "creatures": 2.5, "tongues": 2.0, "culture": 1.25,
                 "colours": 0.0, "machines": 1.5, "counts": 1.0, "papers": 1.5, "clinic": 2.0}  # fmt: skip
"""Points that each sibling of a kind takes away."""
MOST: Final = {"declared": 2.25, "contact": 3.0, "play": 4.0, "creatures": 4.0, "tongues": 3.0, "culture": 3.0,
               "colours": 0.0, "machines": 3.0, "counts": 3.0, "papers": 3.5, "clinic": 4.0}  # fmt: skip
"""The most that siblings of a kind take away together."""
AROUND: Final = {"declared": 2.5, "contact": 1.0, "play": 4.0, "creatures": 3.0, "tongues": 2.5, "culture": 2.5,
                 "colours": 1.0, "machines": 2.0, "counts": 2.5, "papers": 3.0, "clinic": 3.0}  # fmt: skip
"""What a container or a path of a kind takes away."""
_OWN: Final = ("declared", "contact", "papers")
"""Topics of what people state of themselves."""
_PLACES: Final = ("play", "culture")
SHOWN: Final = frozenset(("pictured", "vision"))
VISION: Final = frozenset(("vision",))
VECTOR: Final = 40
"""Characters of a list of numbers that is no box, no range and no place."""
TRACK: Final = 24
BESIDE: Final = 12
"""Members whose value may be the number of a track."""
_TRACKED: Final = re.compile(
    r"(?:track|trk|tracklet|cam|camera|frame|frm|snap|face|ped|crop)[-_#:]?[0-9][\w-]{0,12}", re.IGNORECASE
)
"""The number of a track, a camera, a frame: ``trk-17``."""


@dataclass(frozen=True, slots=True)
class Company:
    """Points for and against, with their reasons."""

    raised: float
    lowered: float
    because: tuple[Reason, ...]
    pictured: bool
    """Whether a person in a picture is spoken of, in so many words."""

    @property
    def points(self) -> float:
        """The sum."""
        return self.raised - self.lowered


@dataclass(frozen=True, slots=True)
class Scope:
    """What the containers of something say of it, from the inside out."""

    holds: frozenset[str] = NO_TAGS
    """Tags of the keys under which it stands."""
    beside: frozenset[str] = NO_TAGS
    """Tags of what stands beside its containers."""


OUTSIDE: Final = Scope()


class Judge:
    """Weighs the records of one document; asked once for each record, and once for each container."""

    def __init__(self, path: frozenset[str], *, images: bool = False) -> None:
        self.path = path
        self.images = images
        self._known: dict[int, Company] = {}
        self._scopes: dict[int, Scope] = {}
        self._sides: dict[int, tuple[dict[str, frozenset[str]], frozenset[str]]] = {}
        self._kept: list[Node] = []
        """A node is known by its id, which must not be given to another."""

    def of(self, record: Node) -> Company:
        """Return the company of what stands in an object or an array."""
        known = self._known.get(id(record))
        if known is None:
            scope = self.scope(record)
            beside = scope.beside
            if record.kind == OBJECT:
                beside |= _sources(record)
            beside_it = _near(record)
            known = self._known[id(record)] = _company(
                *(beside_it.tags, beside_it.cohort, beside_it.lowering),
                *(scope.holds, not beside.isdisjoint(SHOWN), self.path, self.images),
            )
            self._kept.append(record)
        return known

    def scope(self, node: Node) -> Scope:
        """Return what the containers of a node say of it, its own key included."""
        way: list[Node] = []
        at: Node | None = node
        while at is not None and id(at) not in self._scopes:
            way.append(at)
            at = at.up
        scope = self._scopes[id(at)] if at is not None else OUTSIDE
        for each in reversed(way):
            up = each.up
            if up is not None:
                scope = self._inside(scope, each, up)
            self._scopes[id(each)] = scope
            self._kept.append(each)
        return scope

    def _inside(self, scope: Scope, node: Node, up: Node) -> Scope:
        if up.kind != OBJECT:
            return scope
        names, sources = self._sides.get(id(up)) or self._side(up)
        beside = sources.union(*(tags for name, tags in names.items() if name != node.key))
        tags = facts(node.key).tags
        if tags <= scope.holds and beside <= scope.beside:
            return scope
        return Scope(scope.holds | tags, scope.beside | beside)

    def _side(self, up: Node) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        """Return, of an object, its keys that speak of pictures, and what its sources say."""
        keys = {key for key, _, _ in up.keys[:SIBLINGS]}
        names = {key: tags for key in keys if (tags := facts(key).tags & SHOWN)}
        side = self._sides[id(up)] = (names, _sources(up))
        self._kept.append(up)
        return side


@lru_cache(maxsize=8_192)
def _company(
    close: frozenset[str],
    cohort: int,
    lowering: tuple[int, ...],
    chain: frozenset[str],
    far: bool,
    path: frozenset[str],
    images: bool,
) -> Company:
    """Return the sum of what stands beside, around and above something; the same few sums come again and again."""
    because: list[Reason] = []
    raised = 0.0

    def add(kind: str, text: str, points: float) -> None:
        nonlocal raised
        raised += points
        because.append(Reason(kind, text, points))

    if close & SEEN:
        add("pictured", "a face or a body is described beside it", 2.0)
    elif "vision" in close:
        add("vision", "a picture is named beside it", 1.25)
    if len(close & {"pictured", "seen", "vision"}) > 1:
        add("vision", "several things of a picture beside it", 0.75)
    if cohort:
        add("cohort", "age, gender or the like beside it", 1.75 if cohort > 1 else 0.75)
    if chain & SEEN:
        add("scope", "inside a face or a body", 2.0)
    elif "vision" in chain:
        add("scope", "inside what was seen in a picture", 1.25)
    if "people" in chain and not chain & SEEN:
        add("scope", "inside a person", 0.75)
    if "attributes" in chain:
        add("scope", "inside attributes that were worked out", 0.75)
    if far and not (close | chain) & {"pictured", "seen", "vision"}:
        add("near", "a picture or a face elsewhere in the document", 0.75)
    if "pictured" in path:
        add("path", "the path speaks of faces", 2.0)
    elif "vision" in path:
        add("path", "the path speaks of pictures", 1.25)
    elif "people" in path:
        add("path", "the path speaks of people", 0.75)
    if "infers" in path:
        add("path", "the path asks for an analysis", 0.75)
    stated = sum(lowering[LOWERING.index(topic)] for topic in _OWN) or not path.isdisjoint(_OWN)
    if images and (not stated or (close | chain) & SEEN):
        # the picture in a form is that of whoever fills it in
        add("pictured", "a picture was sent with the request", 1.5)
    pictured = "pictured" in close | chain or "pictured" in path or images
    lowered = 0.0
    there = close | chain | path
    for number, topic in enumerate(LOWERING):
        if topic not in there:
            continue
        points = min(MOST[topic], STATED[topic] * lowering[number])
        if topic == "contact" and pictured:
            points *= 0.5
        # who may enter a stadium, a hotel or a museum is a list of people all the same
        if topic in chain or (topic in path and not ("listing" in path and topic in _PLACES)):
            points += AROUND[topic]
        if points:
            lowered += points
            because.append(Reason(f"lowers {topic}", f"beside words of another topic: {topic}", -points))
    return Company(raised, lowered, tuple(because), pictured)


def _near(record: Node) -> Near:
    """Return what names the members of a record: its keys, and the names in a list of pairs."""
    if record.kind == OBJECT:
        return _summed(record.names, tuple([kid.names for kid in record.kids[:SIBLINGS] if kid.kind == OBJECT]))
    names: list[str] = []
    for kid in record.kids[:SIBLINGS]:
        if kid.kind == STRING and len(kid.text) <= 40:  # noqa: PLR2004 - a label, no sentence
            names.append(kid.text)
        elif kid.kind == OBJECT:
            names += [n.text for n in kid.kids if n.kind == STRING and "pair_names" in facts(n.key).tags]
    return near(tuple(names))


@lru_cache(maxsize=8_192)
def _summed(names: tuple[str, ...], nested: tuple[tuple[str, ...], ...]) -> Near:
    """Return what keys say, and those of the records in it: a box, a pose, are still of the same record."""
    total = kind(names).near
    for inner in nested:
        total += kind(inner).nested
    return total


def _sources(record: Node) -> frozenset[str]:
    """Return what the short texts say that tell what records are of: ``dataset: faces``."""
    of = kind(record.names)
    marked = any(len(kid.text) <= TRACK and _TRACKED.fullmatch(kid.text) for kid in record.kids[:BESIDE] if kid.text)
    marked = marked or any(_vector(record.kids[i]) for i in of.vectors)
    where = of.sources
    if not where:
        return VISION if marked else NO_TAGS
    kids = [record.kids[i] for i in where]
    tags = [facts(kid.text).tags for kid in kids if kid.kind == STRING and len(kid.text) <= 60]  # noqa: PLR2004 - a name
    # nothing else is asked of them
    return NO_TAGS.union(*tags) & SHOWN | (VISION if marked else NO_TAGS)


def _vector(kid: Node) -> bool:
    """Say whether something is what a model made of a picture or a text: a list of numbers that has no end."""
    return kid.kind == ARRAY and kid.stop - kid.start > VECTOR and not any(k.kind in (STRING, OBJECT) for k in kid.kids)
