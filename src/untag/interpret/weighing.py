"""Weigh a case: what raises it, what lowers it, in points that can be read.

Each feature of `untag.interpret.evidence` is multiplied with its points in
`weights.toml`, and the reasons are worded. Points are log-odds: a case whose points
reach the threshold ``medium`` is more likely a true statement than not. The points are
fitted on labelled files by `tools/fit_weights.py`, held close to values set by hand,
and never allowed to change sign: what raises can only raise.

It goes in three steps, the dear ones last, because most cases come to nothing: `begin`
(what raises, close by), `lower` (what lowers, close by), `finish` (the file as a whole).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from untag.interpret.denial import PROSE
from untag.interpret.evidence import DEFERRED, Weighing, lowering, raising
from untag.interpret.weights import weights
from untag.interpret.wording import points
from untag.model import Evidence

if TYPE_CHECKING:
    from untag.interpret.case import Case


def weigh(case: Case) -> Weighing:
    """Weigh one case against everything around it."""
    out = begin(case)
    lower(out)
    finish(out)
    return out


def begin(case: Case) -> Weighing:
    """Weigh what raises a case, without what the file as a whole speaks of: that is dear, and seldom decides."""
    out = Weighing(case)
    out.features = list(raising(case, out))
    return out


def lower(out: Weighing) -> None:
    """Weigh what lowers a case that was begun, without what the file as a whole speaks of."""
    out.features += lowering(out.case)


def finish(out: Weighing) -> None:
    """Weigh what the file as a whole speaks of, and sum up a case that was begun and lowered."""
    case = out.case
    out.features = [f for at in out.features for f in (DEFERRED[at](case, out) if at in DEFERRED else (at,))]
    for kind, parts in _kinds(out).items():
        total = sum(p for p, _ in parts)
        out.score += total
        out.raised += max(total, 0.0)
        if kind.startswith("lowers "):
            out.lowered[kind[7:]] = -total
        if abs(total) >= WORDED or kind == "attribute":
            text = parts[0][1] if kind == "attribute" else max(parts, key=lambda p: p[0] if total > 0 else -p[0])[1]
            out.evidence.append(Evidence(kind, text, case.span.line, round(total, 2)))


def read(out: Weighing) -> None:
    """Add what the words around a finished case say together: dear, and asked only where it can decide."""
    total, told = points(out.case)
    out.score += total
    if abs(total) >= WORDED:
        like = "known statements" if total > 0 else "harmless mentions"
        text = f"worded like {like}" + (f": {', '.join(told)}" if told else "")
        kind = "wording" if total > 0 else "lowers wording"
        out.evidence.append(Evidence(kind, text, out.case.span.line, round(total, 2)))


def bounds(begun: Weighing) -> tuple[float, float]:
    """Return the most points that can raise a case that is not finished, and the most that can be left of them."""
    totals = [sum(p for p, _ in parts) for parts in _kinds(begun).values()]
    more = _of_any_file("prose" if begun.case.span.role in PROSE else "code")
    return sum(t for t in totals if t > 0) + more, sum(totals) + more


@cache
def _of_any_file(table: str) -> float:
    """Return the points of all features that are not known of a case that is not finished."""
    known: dict[str, float] = getattr(weights(), table)
    return sum(max(p, 0.0) for name, p in known.items() if name.endswith(("file", "_file")) or name[:7] == "lowers ")


def _kinds(weighing: Weighing) -> dict[str, list[tuple[float, str]]]:
    """Return points and words of the features that count, by the kind of evidence that they are."""
    known = weights().prose if weighing.case.span.role in PROSE else weights().code
    kinds: dict[str, list[tuple[float, str]]] = {}
    for name, value, text in weighing.features:
        worth = known.get(name, 0.0) * value
        if worth:
            kind = name.split(".", 1)[0]
            kinds.setdefault(KIND_WORDS.get(kind, kind), []).append((worth, text))
    return kinds


WORDED: Final = 0.1
"""Points below which a reason is counted but not shown; which attribute it is, is always shown."""
KIND_WORDS: Final = {
    "slot": "attribute",
    "role": "attribute",
    "attribute": "attribute",
    "pictured": "pictured person",
    "vision": "picture",
    "values": "value set",
    "act": "operation",
    "joined": "together",
}
"""Kinds of evidence as reports name them; kinds that are not listed keep their name."""
