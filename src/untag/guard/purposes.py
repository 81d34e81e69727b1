"""What a request does, and where: it makes an alarm, keeps a list, trains, hands on, searches; or it is a talk."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.ruling import CONTEXTS
from untag.guard.splice import NUMBER, OBJECT, STRING, Node
from untag.guard.words import NONE, facts, split

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME: Final = 24
"""Characters of a text that may name what a rule does."""
MEMBERS: Final = 40
"""Members of an object that may tell what a rule does."""
DOES: Final = frozenset(tag for tag, _ in CONTEXTS)
RULING: Final = "ruling"
"""The tag of what holds a condition and what is done when it is met."""
_IF: Final = frozenset(("if", "when", "whenever", "lhs", "cond", "condition", "conditions", "on", "trigger", "triggers",
                        "wenn", "si", "cuando", "quand", "если", "когда", "如果", "当", "eğer", "إذا"))  # fmt: skip
_THEN: Final = frozenset(("then", "do", "run", "rhs", "action", "actions", "emit", "execute", "consequence",
                          "dann", "entonces", "alors", "то", "тогда", "действие", "则",
                          "执行", "动作", "ise", "عندئذ"))  # fmt: skip
TOOL: Final = 60
"""Characters of a tool's name."""
_TOOLS: Final = ("name", "tool", "tool_name", "toolName", "function", "method", "action")
_ARGUMENTS: Final = ("arguments", "args", "input", "params", "parameters", "tool_input", "kwargs", "payload")
_OF_PEOPLE: Final = frozenset(("people", "pictured", "vision"))
_SEEKING: Final = frozenset(("find", "list", "locate", "track", "follow", "identify", "spot", "lookup", "get", "show"))
"""Words of a tool's name with which people are sought."""
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

    def rules(self, record: Node) -> bool:
        """Say whether a record stands in a rule: in what has a condition, and what is done when it is met."""
        return RULING in self._around(record)[0]

    def talk(self, record: Node) -> bool:
        """Say whether it is part of a conversation: something above it has a role."""
        return self._around(record)[1]

    def _around(self, node: Node) -> tuple[frozenset[str], bool]:
        """Return what the containers of a node say that the request does, and whether they hold a conversation."""
        known = self._known.get(id(node))
        if known is not None:
            return known
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
                talk = talk or _roled(each.names)
            self._known[id(each)] = tags, talk
        return tags, talk


@lru_cache(maxsize=4_096)
def _roled(names: tuple[str, ...]) -> bool:
    """Say whether an object says who speaks in it."""
    return any(name.lower() == "role" for name in names)


def _done(record: Node) -> frozenset[str]:
    """Return what the members of an object say that a request does: ``"type": "alarm"``, ``"notify": …``."""
    tags, holding = _shaped(record.names[:MEMBERS])
    kids = record.kids
    for number, held in holding:
        if kids[number].kind != NUMBER:
            tags |= held
    for kid in kids[:MEMBERS]:
        if kid.kind == STRING and len(kid.text) < NAME:
            said = facts(kid.text).tags
            if not said.isdisjoint(SAYING):
                tags |= said & SAYING
    return tags | _called(record)


def _called(record: Node) -> frozenset[str]:
    """Return what a tool does that an object calls by its name: ``"name": "find_people", "arguments": …``."""
    if not 1 < len(record.kids) <= MEMBERS or record.get(*_ARGUMENTS) is None:
        return NONE
    tool = record.get(*_TOOLS)
    if tool is None or tool.kind != STRING or len(tool.text) > TOOL or " " in tool.text:
        return NONE
    said = facts(tool.text).tags
    if said.isdisjoint(_OF_PEOPLE):
        return NONE
    return said & DOES or (frozenset(("searching",)) if not _SEEKING.isdisjoint(split(tool.text)) else NONE)


@lru_cache(maxsize=4_096)
def _shaped(names: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[int, frozenset[str]], ...]]:
    """Return what keys say: that they are a rule's, as ``lhs`` beside ``rhs``, and which of them tell what is done."""
    held = ((number, facts(name).tags & HOLDING) for number, name in enumerate(names))
    holding = tuple((number, tags) for number, tags in held if tags)
    first = [frozenset(split(name)[:1]) for name in names]
    if any(not words.isdisjoint(_IF) for words in first) and any(not words.isdisjoint(_THEN) for words in first):
        return frozenset((RULING,)), holding
    return NONE, holding
