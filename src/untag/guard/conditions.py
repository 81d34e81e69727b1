"""Conditions written as lists: ``["eq", ["get", "ethnicity"], "…"]``, as rule engines and expressions have them.

Polish notation (JSONLogic, CQL2, style and rule expressions) and infix (``["ethnicity", "=", "…"]``): an operator,
a name, and a value side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.points import because, threshold
from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.guard.scene import Scene
    from untag.guard.words import Facts

OPERANDS: Final = 12
"""Members of one comparison at most."""
LEVELS: Final = 2
"""Levels of calls around a name: ``["get", "x"]``, ``["lower", ["get", "x"]]``."""
CODE: Final = 3
"""Characters of a coded value."""
ABOVE: Final = 6
"""Levels above a condition at which people may be spoken of."""
_OPERATORS: Final = frozenset(
    ("eq", "ne", "neq", "==", "===", "=", "!=", "<>", "in", "!in", "not in", "nin", "is", "is not", "equals", "equal",
     "match", "matches", "contains", "like", "has", "any", "any-of", "anyof", "one-of", "oneof", "$eq", "$in", "$ne",
     "~", "=~", ">=", ">", "<=", "<", "gte", "gt", "lte", "lt", "等于", "包含", "равно")
)  # fmt: skip


def judge(scene: Scene, items: Node) -> None:
    """Judge a list as one comparison; refuses one that seeks people by a group."""
    if not 2 <= len(items.kids) <= OPERANDS or not _compares(items):  # noqa: PLR2004 - a name and a value
        return
    texts = list(_texts(items, 0))
    names = [s for _, s in texts if s.attribute and not s.groups and not s.own]
    if not names:
        return
    said = max(names, key=lambda s: s.weight)
    others = [(text, s) for text, s in texts if s is not said]
    grouped = any(s.groups for _, s in others)
    coded = any(_is_code(text) for text, _ in others) or any(k.kind in (NUMBER, LITERAL) for k in items.kids)
    if not (grouped or coded):
        return
    company = scene.judge.of(items)
    context = scene.context(items)
    people = scene.people(items) or _speaks_of_people(items)
    if not (people or context in ("alerts", "stores", "trains")):
        return
    points = said.weight + 1.5 + (1.0 if grouped else 0.0) + company.points + (0.75 if people else 0.0)
    points += 1.5 if context else 0.0
    if points >= threshold(said.attribute):
        scene.refuse(
            context if context in ("alerts", "stores", "trains") else "searches",
            said.attribute,
            because(said, company, "a condition compares the attribute"),
        )


def _compares(items: Node) -> bool:
    """Say whether an operator stands in a list, or names it: ``{"==": [{"var": "…"}, "…"]}``."""
    if items.key.lower() in _OPERATORS:
        return True
    beside = items.up.get("op", "operator", "oper", "fn", "function") if items.up is not None else None
    if beside is not None and beside.kind == STRING and beside.text.lower() in _OPERATORS:
        return True
    return any(kid.kind == STRING and kid.text.lower() in _OPERATORS for kid in items.kids[:2])


def _texts(items: Node, level: int) -> Iterator[tuple[str, Facts]]:
    """Yield the short texts of a comparison, those of the calls in it too."""
    for kid in items.kids[:OPERANDS]:
        if kid.kind == STRING:
            if kid.text.lower() not in _OPERATORS:
                yield kid.text, facts(kid.text.rpartition(".")[2] if "." in kid.text else kid.text)
        elif kid.kind in (ARRAY, OBJECT) and level < LEVELS:
            yield from _texts(kid, level + 1)


def _is_code(text: str) -> bool:
    return text.isdigit() or (len(text) <= CODE and text.isupper())


def _speaks_of_people(items: Node) -> bool:
    """Say whether the lists around a condition name people: ``["person", "AND", […]]``."""
    at = items.up
    for _ in range(ABOVE):
        if at is None:
            return False
        if any(k.kind == STRING and facts(k.text).tags & {"people", "pictured"} for k in at.kids[:OPERANDS]):
            return True
        at = at.up
    return False
