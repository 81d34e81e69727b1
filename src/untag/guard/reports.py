"""Reports that come as requests: what a camera, a worker or a bus sends on is cleaned as an answer would be.

A record of a face that is pushed to ``/events`` or stored by ``/_bulk`` is no question. What attributes a group in it
is taken out, and the rest goes on; texts are touched only where a model wrote them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import NONE, facts, split

if TYPE_CHECKING:
    from untag.guard.payload import Document
    from untag.guard.shapes import Found

KINDS: Final = ("json", "lines", "events", "xml", "text", "pairs", "settings")
"""Documents that may be a report; a form is filled in by somebody."""
_NO: Final = ("false", "null")
_WANTING: Final = frozenset(
    ("with", "return", "returns", "include", "includes", "enable", "enabled", "get", "want", "detect", "use", "extract",
     "need", "needs", "do", "run", "compute", "predict", "infer", "estimate", "analyze", "analyse", "show")
)  # fmt: skip
"""Words with which the name of a switch begins."""
_ACTIONS: Final = ("index", "create", "update")
_ANSWERS: Final = ("chat.completion", "chat.completion.chunk", "response", "text_completion")
_SHOWN: Final = frozenset(("pictured", "vision", "people"))


def possible(document: Document | None) -> bool:
    """Say whether a request's body may be a report of what was seen."""
    return document is not None and document.kind in KINDS and not document.tail


def unwanted(found: Found) -> bool:
    """Say whether something found says of itself that it is not wanted: ``"withRace": false``."""
    node = found.nodes[0]
    if node.kind != LITERAL or node.text not in _NO or node.up is None:
        return False
    return bool(facts(node.up.key).tags & {"requested"}) or not _WANTING.isdisjoint(split(node.key)[:1])


def left(found: Found, root: Node) -> bool:
    """Say whether something found in a request stays: it is asked for as a prompt, or somebody wrote it."""
    node = found.nodes[0]
    if asks(node):
        return True
    if node.kind == STRING and node.key and facts(node.key).tags & {"prompts"} and found.what == "field":
        return True
    return not answered(root) and any(above.kind == OBJECT and above.get("role") is not None for above in node.above())


def asks(node: Node) -> bool:
    """Say whether a text is the value of a tensor that asks a model for something: ``"name": "QUESTION"``."""
    return bool(facts(tensor(node)).tags & {"prompts"})


def tensor(node: Node) -> str:
    """Return the name of the tensor in whose values a text stands, else empty."""
    at = node.up
    while at is not None and at.kind == ARRAY:
        at = at.up
    if at is None or at.kind != OBJECT or at.get("datatype", "shape") is None:
        return ""
    name = at.get("name")
    return name.text if name is not None and name.kind == STRING else ""


def measured(value: Node) -> bool:
    """Say whether a value is what a classifier gave: numbers by label, or a label with its score."""
    return value.kind == OBJECT and any(
        kid.kind == NUMBER and (facts(key).groups or "measured" in facts(key).tags)
        for (key, _, _), kid in zip(value.keys, value.kids, strict=False)
    )


def answered(root: Node) -> bool:
    """Say whether a document is what a model answered: it has choices and no messages of its own."""
    if root.kind != OBJECT:
        return False
    named = root.get("object")
    if named is not None and named.text in _ANSWERS:
        return True
    if root.get("messages") is not None or root.get("contents") is not None:
        return False
    role = root.get("role")
    if role is not None and role.text in ("assistant", "model") and root.get("content") is not None:
        return True
    given = root.get("choices", "candidates")
    return given is not None and given.kind == ARRAY and any(kid.kind == OBJECT for kid in given.kids)


def called(document: Document, number: int) -> frozenset[str]:
    """Return what the name of an event, outside of its data, says of what was seen: ``event: person``."""
    name = document.named(number)
    return facts(name).tags & _SHOWN if name else NONE


def announced(root: Node) -> frozenset[str]:
    """Return what the line before a record says of it in a bulk request: ``{"index": {"_index": "faces"}}``."""
    if root.kind != OBJECT or len(root.kids) != 1:
        return NONE
    action = root.get(*_ACTIONS)
    if action is not None and action.kind == STRING:
        # the header of a search among several
        return facts(action.text).tags & _SHOWN
    index = action.get("_index") if action is not None and action.kind == OBJECT else None
    return facts(index.text).tags & _SHOWN if index is not None and index.kind == STRING else NONE
