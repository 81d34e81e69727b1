"""What a request does, and where: it makes an alarm, keeps a list, trains, hands on, searches; or it is a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.ruling import CONTEXTS
from untag.guard.splice import NUMBER, OBJECT, STRING, Node
from untag.guard.words import NONE, facts

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME: Final = 24
"""Characters of a text that may name what a rule does."""
MEMBERS: Final = 40
"""Members of an object that may tell what a rule does."""
DOES: Final = frozenset(tag for tag, _ in CONTEXTS)
REPORTED: Final = frozenset(("searching", "exporting"))
"""Tags that a container of results has for another reason."""
HOLDING: Final = frozenset(("alerting", "listing", "training"))
"""Tags of keys that tell what the record is, beside those under which it stands."""
SAYING: Final = frozenset(("alerting", "listing"))
"""Tags of short values that tell it."""


class Purposes:
    """The purposes of one request's containers; each is looked at once."""

    def __init__(self, path: Iterable[str]) -> None:
        self._tags = DOES.intersection(path)
        self._known: dict[int, tuple[frozenset[str], bool]] = {}
        """By a container's id: the documents keep their nodes, so that an id stays one node's."""

    def of(self, record: Node | None) -> str:
        """Return the gravest operation here, by the path, the containers and what stands beside them; or empty."""
        tags = self._tags if record is None else self._around(record)[0]
        return next((operation for tag, operation in CONTEXTS if tag in tags), "")

    def talk(self, record: Node) -> bool:
        """Say whether it is part of a conversation: something above it has a role."""
        return self._around(record)[1]

    def _around(self, node: Node) -> tuple[frozenset[str], bool]:
        """Return what the containers of a node say that the request does, and whether they hold a conversation."""
        way: list[Node] = []
        at: Node | None = node
        while at is not None and id(at) not in self._known:
            way.append(at)
            at = at.up
        tags, talk = self._known[id(at)] if at is not None else (self._tags, False)
        for each in reversed(way):
            said = facts(each.key).tags if each.key else NONE
            # results of a search are not another one
            tags |= said & DOES - REPORTED if "reporting" in said else said & DOES
            if each.kind == OBJECT:
                tags |= _done(each)
                talk = talk or each.get("role") is not None
            self._known[id(each)] = tags, talk
        return tags, talk


def _done(record: Node) -> frozenset[str]:
    """Return what the members of an object say that a request does: ``"type": "alarm"``, ``"notify": …``."""
    tags: set[str] = set()
    for (key, _, _), kid in zip(record.keys[:MEMBERS], record.kids, strict=False):
        if kid.kind != NUMBER:
            tags |= facts(key).tags & HOLDING
        if kid.kind == STRING and len(kid.text) < NAME:
            tags |= facts(kid.text).tags & SAYING
    return frozenset(tags)
