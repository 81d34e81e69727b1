"""Points of what is seen: of a set of labels, of a value; and what an attribution needs of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.company import THRESHOLD, Company
from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.words import LANGUAGES_TOO, Facts, facts, sections
from untag.interpret import naming

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

SHORT_CODE: Final = 3
"""Characters of a coded value: ``05``, ``UG``."""
SPOKEN: Final = frozenset(
    ("political_opinion", "sexual_orientation", "religion", "trade_union", "caste", "migrant_status")
)
"""Attributes whose names are no races, nations or origins of anything but people."""
SURE: Final = 1.5
"""Points of a name that hardly means anything else."""
RELIEF: Final = 2.5
"""What is given back at most to a name that was guessed, beside words of a form or of goods."""
INSIDE: Final = 1.0
"""Points for standing in what was worked out of a picture."""
_STATED: Final = ("lowers declared", "lowers culture", "lowers contact")
_MEANT: Final = ("lowers play", "lowers machines", "lowers creatures")
"""Topics that give a race another meaning, and a guessed religion none."""
SIDE: Final = 1.5
"""Points of a picture that came with a request, above which lie those of a face that is described."""
MODELLED: Final = 1.5
"""Points of a set whose model says that it tells who people are."""
MODEL: Final = 80
"""Characters of a model's name."""
_MODELS: Final = ("id", "name", "model_id", "display_name", "version")
MANY: Final = 3
"""Labels, or groups, that are more than a pair."""


def labels_points(said: list[Facts], count: int) -> float:
    """Return the points of the groups among ``count`` labels: a set says more than one, a colour less."""
    groups = {g for s in said for g in s.groups}
    colours = sum(s.colour for s in said)
    person = any(s.person for s in said)
    points = 1.0 if len(groups) == 1 else 1.5 if len(groups) < MANY else 2.25
    if person:
        points += 2.0
    elif colours == len(said):
        points -= 2.5
    elif colours:
        points += 1.0
    if any(g.lower().startswith("non-") for g in groups):
        points += 1.0
    attributes = {s.of for s in said}
    if not person and attributes <= LANGUAGES_TOO:
        points -= 1.5 if attributes == {"nationality"} else 0.75
    if not person and count > 2 * len(said) and count > MANY:
        points -= 0.5
    return points


def threshold(attribute: str) -> float:
    """Return the points that an attribution of this attribute needs."""
    return THRESHOLD + (1.0 if attribute == "nationality" else 0.0)


def value_points(node: Node, said: Facts, company: Company, text: str) -> float:
    """Return what a value adds to the name of its attribute; ``elf`` takes away."""
    if node.kind == STRING:
        sure = said.attribute in SPOKEN and said.weight >= SURE
        return _string_points(node.text, company, said.attribute, sure=sure)
    if node.kind in (NUMBER, LITERAL):
        return 0.0
    if node.kind == ARRAY:
        if not node.kids:
            return 0.5 if node.length(text) > 1 else 0.0
        return max(value_points(kid, said, company, text) for kid in node.kids[:8]) + 0.5
    named = [facts(key) for key, _, _ in node.keys[:40]]
    if any(s.groups for s in named) and any(measured(kid) for kid in node.kids):
        return 2.5 if sum(bool(s.groups) for s in named) > 1 else 1.5
    points = 1.0 if any("measured" in s.tags for s in named) else 0.0
    inner = [value_points(kid, said, company, text) for kid in node.kids[:12] if kid.kind in (STRING, OBJECT)]
    return points + (max(inner) if inner else 0.0)


def _string_points(value: str, company: Company, attribute: str, *, sure: bool) -> float:
    low = value.strip().lower()
    if low in sections()[0]["not_groups"]:
        return -4.0
    said = facts(value)
    if said.groups:
        return 0.5 if said.colour and not said.person else 1.0
    if attribute in ("skin_tone", "race") and low in sections()[0]["colour_groups"]:
        return 0.5
    if len(low) <= SHORT_CODE or low.isdigit() or low in naming.OTHERS or low in ("true", "false"):
        return 0.0
    return -0.5 if company.pictured or sure else -1.5


def relief(said: Facts, company: Company, holds: Collection[str]) -> float:
    """Return the points that other topics took from a name that says of itself, or of its place, that it was guessed.

    Nobody guesses in a form what somebody stated of themselves.
    """
    if "guessed" not in said.tags and "guessed" not in holds:
        return 0.0
    taken = min(sum(-r.weight for r in company.because if r.kind in _STATED), RELIEF)
    if said.attribute in SPOKEN and "guessed" in said.tags:
        taken += sum(-r.weight for r in company.because if r.kind in _MEANT)
    return taken + (INSIDE if "guessed" in holds and "guessed" not in said.tags else 0.0)


def because(said: Facts, company: Company, seen: str) -> tuple[Reason, ...]:
    """Return the reasons in the order in which a reader wants them: what it is, then its company."""
    return (_slot(seen, said.weight), *company.because)


@lru_cache(maxsize=1_024)
def _slot(seen: str, weight: float) -> Reason:
    """Return the first reason; the same few are given again and again."""
    return Reason("slot", seen, weight)


def plainly(name: str) -> str:
    """Return a key as a reason may show it: short, in one line."""
    return "".join(c for c in name if c.isprintable())[:40]


def strings(root: Node, gone: Collection[int] = (), touched: Callable[[Node], bool] | None = None) -> Iterator[Node]:
    """Yield the strings in a tree, in the order of the document; without what is gone, or was not touched."""
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) in gone or (touched is not None and not touched(node)):
            continue
        if node.kind == STRING:
            yield node
        stack += [kid for kid in reversed(node.kids) if kid.kids or kid.kind == STRING]


def measured(kid: Node) -> bool:
    """Say whether a value is a number, or holds nothing but one or two."""
    return kid.kind == NUMBER or (kid.kind == OBJECT and bool(kid.kids) and all(k.kind == NUMBER for k in kid.kids))


def tells(items: Node) -> float:
    """Return the points of a set by what its model says that it tells: ``"model": {"id": "demographics"}``."""
    at = items.up
    while at is not None:
        model = at.get("model", "model_id", "model_name", "workflow") if at.kind == OBJECT else None
        named = model.get(*_MODELS) if model is not None and model.kind == OBJECT else model
        if named is not None and named.kind == STRING and len(named.text) <= MODEL:
            said = facts(named.text)
            return MODELLED if said.attribute or "demograph" in named.text.lower() else 0.0
        at = at.up
    return 0.0


def bodily(company: Company) -> bool:
    """Say whether somebody's age or the like stands beside something, and a face or a body beside or around it."""
    kinds = {r.kind for r in company.because if r.kind == "cohort" or (r.weight > SIDE and r.kind != "path")}
    return "cohort" in kinds and not kinds.isdisjoint(("pictured", "scope"))
