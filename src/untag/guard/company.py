"""The company of a record: what its siblings, its containers and its path say of it, in points.

What raises says that a person in a picture is spoken of; what lowers says that it is a game, a dog, a form,
a statistic. A key named ``race`` means nothing without either.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.splice import OBJECT, STRING, Node
from untag.guard.words import LOWERING, facts
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

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
SEEN: Final = frozenset(("pictured", "seen"))
LEVELS: Final = 24
"""Named containers of a record that are looked at, from the inside: payloads of people nest a dozen deep."""
SIBLINGS: Final = 60
"""Keys of one record that are looked at: more say nothing more."""


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


class Judge:
    """Weighs the records of one document; asked once for each record."""

    def __init__(self, path: frozenset[str], *, images: bool = False) -> None:
        self.path = path
        self.images = images
        self._known: dict[int, Company] = {}
        self._kept: list[Node] = []

    def of(self, record: Node) -> Company:
        """Return the company of what stands in an object or an array."""
        known = self._known.get(id(record))
        if known is None:
            known = self._known[id(record)] = self._weigh(record)
            self._kept.append(record)
        return known

    def _weigh(self, record: Node) -> Company:
        near = [facts(name).tags for name in _names(record)]
        holds: list[frozenset[str]] = []
        beside: list[frozenset[str]] = _sources(record) if record.kind == OBJECT else []
        node: Node | None = record
        while node is not None and node.up is not None and len(holds) < LEVELS:
            if node.key:
                holds.append(facts(node.key).tags)
            if node.up.kind == OBJECT:
                beside += [facts(key).tags for key, _, _ in node.up.keys[:SIBLINGS] if key != node.key]
                beside += _sources(node.up)
            node = node.up
        return self._sum(near, holds, beside)

    def _sum(self, near: list[frozenset[str]], holds: list[frozenset[str]], beside: list[frozenset[str]]) -> Company:
        because: list[Reason] = []
        raised = 0.0

        def add(kind: str, text: str, points: float) -> None:
            nonlocal raised
            raised += points
            because.append(_reason(kind, text, points))

        close, chain, far = _union(near), _union(holds), _union(beside)
        if close & SEEN:
            add("pictured", "a face or a body is described beside it", 2.0)
        elif "vision" in close:
            add("vision", "a picture is named beside it", 1.25)
        if len(close & {"pictured", "seen", "vision"}) > 1:
            add("vision", "several things of a picture beside it", 0.75)
        cohort = sum("cohort" in tags for tags in near)
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
        if not (close | chain) & {"pictured", "seen", "vision"} and far & {"pictured", "vision"}:
            add("near", "a picture or a face elsewhere in the document", 0.75)
        if "pictured" in self.path:
            add("path", "the path speaks of faces", 2.0)
        elif "vision" in self.path:
            add("path", "the path speaks of pictures", 1.25)
        elif "people" in self.path:
            add("path", "the path speaks of people", 0.75)
        if "infers" in self.path:
            add("path", "the path asks for an analysis", 0.75)
        if self.images:
            add("pictured", "a picture was sent with the request", 1.5)
        pictured = "pictured" in close | chain or "pictured" in self.path or self.images
        return Company(raised, self._lower(near, chain, pictured=pictured, because=because), tuple(because), pictured)

    def _lower(
        self, near: list[frozenset[str]], chain: frozenset[str], *, pictured: bool, because: list[Reason]
    ) -> float:
        lowered = 0.0
        there = _union(near) | chain | self.path
        for kind in LOWERING:
            if kind not in there:
                continue
            points = min(MOST[kind], STATED[kind] * sum(kind in tags and not tags & SEEN for tags in near))
            if kind == "contact" and pictured:
                points *= 0.5
            if kind in chain or kind in self.path:
                points += AROUND[kind]
            if points:
                lowered += points
                because.append(_reason(f"lowers {kind}", f"beside words of another topic: {kind}", -points))
        return lowered


@lru_cache(maxsize=1_024)
def _reason(kind: str, text: str, points: float) -> Reason:
    """Return a reason; the same few are given again and again."""
    return Reason(kind, text, points)


def _names(record: Node) -> Iterable[str]:
    """Yield what names the members of a record: its keys, and the names in a list of pairs."""
    if record.kind == OBJECT:
        yield from (key for key, _, _ in record.keys[:SIBLINGS])
        for kid in record.kids[:SIBLINGS]:
            if kid.kind == OBJECT:
                # what is nested one level deeper is still of the same record: a box, a pose
                yield from (key for key, _, _ in kid.keys[:8])
        return
    for kid in record.kids[:SIBLINGS]:
        if kid.kind == STRING and len(kid.text) <= 40:  # noqa: PLR2004 - a label, no sentence
            yield kid.text
        elif kid.kind == OBJECT:
            yield from (n.text for n in kid.kids if n.kind == STRING and facts(n.key).tags & {"pair_names"})


def _sources(record: Node) -> list[frozenset[str]]:
    """Return the tags of the short texts that say what records are of: ``dataset: faces``."""
    return [
        facts(kid.text).tags
        for (key, _, _), kid in zip(record.keys[:SIBLINGS], record.kids, strict=False)
        if kid.kind == STRING and len(kid.text) <= 60 and "sources" in facts(key).tags  # noqa: PLR2004 - a name
    ]


def _union(tags: list[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*tags) if tags else frozenset()
