"""Read what a prompt asks for: whose attribute, by which operation, of pictured people or of something else.

Evidence adds up as in a scan: each reason has a weight, and a request is refused where they reach `REFUSE`.
What counts is the sentence: its attribute, its operation, its people; only pictures count for the whole prompt.
A group's name is about people or about a thing (its language, its food, a place): the words beside it decide.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from untag.guard.base import Reason
from untag.guard.prompts.aims import described, gap, outermost, strength_of, without_tongues
from untag.guard.prompts.patterns import (
    BREAK,
    CAMERAS,
    DEEDS,
    END,
    HARMLESS,
    LIKENESS,
    LONGEST,
    OPERATIONS,
    PICK,
    WEIGHTS,
)
from untag.guard.prompts.words import TARGETS, Mark, roles, targets
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sentence asks for."""

    score: float
    operation: str
    attribute: str
    because: tuple[Reason, ...]
    people: bool = False
    """It speaks of people and does something with them."""


NOTHING: Final = Reading(0.0, "", "", ())


def read(low: str, *, images: bool, disguised: bool = False, marks: list[Mark] | None = None) -> Reading:
    """Return the gravest reading of the sentences of a squashed text."""
    marks = targets().find(low) if marks is None else marks
    if not marks:
        return NOTHING
    best = NOTHING
    everything = roles().find(low)
    vision = images or any(m.role == "vision" for m in everything)
    before: list[Mark] = []
    for start, stop in _sentences(low):
        aims = _within(marks, start, stop)
        said = _within(everything, start, stop)
        if aims:
            reading = _sentence(
                low, (start, stop), aims, said, before, images=images, vision=vision, disguised=disguised
            )
            if reading.score > best.score:
                best = reading
        before = [m for m in said if m.role in OPERATIONS or m.role in ("person", "tracked", "reading", "deny")]
    return best


def _elsewhere(said: list[Mark]) -> bool:
    """Say whether a sentence has a word that makes it harmless, and which is no part of an operation's own phrase."""
    deeds = [m for m in said if m.role in OPERATIONS]
    return any(
        m.role in HARMLESS and not any(d.start <= m.start and m.stop <= d.stop and d[1:3] != m[1:3] for d in deeds)
        for m in said
    )


def doubtful(low: str, *, images: bool, marks: list[Mark] | None = None) -> str:
    """Return the sentences that choose or judge pictured people by something that words alone do not settle.

    Such a sentence speaks of people, does something with them or asks of them, and has a word of origin, descent,
    belief or looks; nothing in it says that it is about something else.
    """
    triggers = targets().find(low) if marks is None else marks
    if not triggers:
        return ""
    everything = roles().find(low)
    vision = images or any(m.role == "vision" for m in everything)
    out = []
    for start, stop in _sentences(low):
        if not _within(triggers, start, stop):
            continue
        said = _within(everything, start, stop)
        by = {m.role: m for m in reversed(said)}
        first = min((m.start for m in said if m.role in OPERATIONS), default=stop)
        if "deny" in by and by["deny"].start < first:
            continue  # do not ..., never ...
        people = "person" in by or "tracked" in by or LIKENESS.search(low, start, stop) is not None
        people = people or (images and PICK.search(low, start, stop) is not None)
        deeds = any(m.role in OPERATIONS for m in said) or low[start:stop].rstrip()[-1:] in ("?", "؟", "？")
        if people and deeds and (vision or "alert" in by) and not _elsewhere(said):
            own = [m for m in said if m.role == "self"]
            if not own or "search" in by or "alert" in by:
                out.append(low[start:stop].strip())
    return " ".join(out)


def _sentences(low: str) -> list[tuple[int, int]]:
    """Return the sentences of a text, or the pieces of one without end."""
    out: list[tuple[int, int]] = []
    start = 0
    for end in [*(m.end() for m in END.finditer(low)), len(low)]:
        if end - start <= 2 and end < len(low):  # noqa: PLR2004 - a number, an initial
            continue
        while end - start > LONGEST:
            cut = low.rfind(" ", start + LONGEST // 2, start + LONGEST)
            cut = cut + 1 if cut > 0 else start + LONGEST
            out.append((start, cut))
            start = cut
        if low[start:end].strip():
            out.append((start, end))
        start = end
    return out


def _within(marks: list[Mark], start: int, stop: int) -> list[Mark]:
    """Return the marks, sorted by their start, that begin in a sentence."""
    return marks[bisect_left(marks, start, key=_starts) : bisect_left(marks, stop, key=_starts)]


def _starts(mark: Mark) -> int:
    return mark.start


def _sentence(
    low: str,
    span: tuple[int, int],
    aims: list[Mark],
    said: list[Mark],
    before: list[Mark],
    *,
    images: bool,
    vision: bool,
    disguised: bool,
) -> Reading:
    """Weigh one sentence."""
    by: dict[str, list[Mark]] = {}
    for mark in said:
        by.setdefault(mark.role, []).append(mark)
    people = by.get("person", []) + by.get("tracked", [])
    aims = outermost(m for m in aims if m.role in TARGETS) + described(low, span, by, people)
    code = by.get("code", [])
    aims = [a for a in aims if not (a.attribute in ("race", "tribe", "caste", "trade_union") and code)]
    aims = without_tongues(low, aims, people)
    kept = [(a, strength) for a in aims if (strength := strength_of(low, a, by, people, images=images, span=span))]
    if not kept:
        return NOTHING
    if (
        (people or any(s in ("trait", "group") for _, s in kept))
        and vision
        and "ask" not in by
        and low[span[0] : span[1]].rstrip()[-1:] in ("?", "؟", "？")
    ):
        by["ask"] = [Mark("ask", span[1] - 1, span[1])]
    operations = _operations(by, kept) or ([m for m in before if m.role in OPERATIONS] if people or kept else [])
    if not operations and people and any(s != "bare group" for _, s in kept) and vision:
        by_name = any(s == "slot" for _, s in kept) or "tracked" in by or CAMERAS.search(low, *span)
        if by_name:
            operations = [Mark("implied", span[0], span[0])]
    if not images:
        operations = [m for m in operations if m.role != "ask" or vision]
    seen = vision or _watched(by)
    if not operations or not seen:
        return Reading(1.0, "", kept[0][0].attribute, ())
    because = _weigh(low, by, kept, operations, people, images=images, vision=vision, disguised=disguised)
    attribute = _attribute(kept)
    return Reading(
        sum(r.weight for r in because),
        _operation(operations),
        attribute,
        tuple(because),
        people=bool(people),
    )


def _operations(by: dict[str, list[Mark]], kept: Sequence[tuple[Mark, str]]) -> list[Mark]:
    inside = [(a.start, a.stop) for a, _ in kept]
    return [
        m
        for role in OPERATIONS
        for m in by.get(role, [])
        if m.role == "ask" or not any(start <= m.start and m.stop <= stop for start, stop in inside)
    ]


def _watched(by: dict[str, list[Mark]]) -> bool:
    """Say whether people are watched without a word of pictures: an alert on those who enter, a list of guests."""
    return "alert" in by or ("tracked" in by and any(r in by for r in ("search", "store")))


def _denied(low: str, by: dict[str, list[Mark]], kept: Sequence[tuple[Mark, str]], operations: list[Mark]) -> bool:
    """Say whether the sentence forbids or removes what it names."""
    denials = [d for d in by.get("deny", []) if not any(m.start < d.start and d.stop <= m.stop for m in operations)]
    slots = any(strength in ("slot", "trait") for _, strength in kept)
    if slots and "field" in by:
        for erase in by.get("erase", []):
            if any(gap(low, erase, a) <= 5 for a, _ in kept):  # noqa: PLR2004
                return True
    asked = min((a.start for a in by.get("ask", [])), default=-1)
    if asked >= 0:
        denials = [d for d in denials if d.start < asked]
    if not denials:
        return False
    deeds = [m for m in operations if m.role in DEEDS or (m.role == "search" and slots)]
    free = False
    found = False
    for deed in deeds:
        near = [d for d in denials if _denies(low, d, deed)]
        if near:
            found = True
        elif (found and BREAK.search(low[deeds[0].stop : deed.start]) and deed.role != "ask") or (
            not found and deed.start < min(d.start for d in denials) and deed.role != "infer"
        ):
            free = True
    return found and not free


def _denies(low: str, denial: Mark, deed: Mark) -> bool:
    """Say whether a denial is one of this deed: up to three words before it, or right behind it as in Turkish or German."""  # noqa: E501
    ahead = denial.start <= deed.start
    between = low[denial.stop : deed.start] if ahead else low[deed.stop : denial.start]
    return not BREAK.search(between) and gap(low, denial, deed) <= (3 if ahead else 1)


def _weigh(
    low: str,
    by: dict[str, list[Mark]],
    kept: Sequence[tuple[Mark, str]],
    operations: list[Mark],
    people: list[Mark],
    *,
    images: bool,
    vision: bool,
    disguised: bool,
) -> list[Reason]:
    """Return the reasons of one sentence, with their weights."""
    strengths = {strength for _, strength in kept}
    main = max(strengths, key=lambda s: WEIGHTS[s])
    attribute = _attribute(kept)
    because = [
        Reason(
            "slot" if main in ("slot", "trait") else main,
            f"names {attribute.replace('_', ' ')}"
            if main == "slot"
            else f"a criterion of {attribute.replace('_', ' ')}",
            WEIGHTS[main],
        )
    ]
    if len({low[a.start : a.stop] for a, s in kept if s.endswith("group")}) > 1 and main != "bare group":
        because.append(Reason("set", "several groups side by side", WEIGHTS["set"]))
    role = max((m.role for m in operations), key=lambda r: WEIGHTS[r])
    because.append(Reason("operation", OPERATIONS[role], WEIGHTS[role]))
    if people or main == "group":
        because.append(Reason("person", "speaks of people", WEIGHTS["person"]))
    if vision or _watched(by):
        because.append(Reason("pictured", "pictures are in play", WEIGHTS["pictured"]))
    if disguised:
        because.append(Reason("disguise", "the word was disguised", WEIGHTS["disguise"]))
    if _denied(low, by, kept, operations):
        because.append(Reason("prohibits", "forbids or removes it", WEIGHTS["prohibits"]))
    linked = (bool(people) or main == "group") and main != "bare group"
    for kind, text in (
        ("reading", "language, script or translation"),
        ("creating", "makes something new"),
        ("audit", "bias or fairness"),
        ("topic", "news, history, law or society"),
        ("meta", "speaks about the practice"),
        ("medical", "medicine, make-up or retouching"),
    ):
        if kind == "medical" and attribute != "skin_tone":
            continue
        if any(kind == "meta" or not _left_behind(low, m, kept, operations) for m in by.get(kind, [])):
            weight = WEIGHTS[kind]
            asked = images or kind != "audit"
            aimed = {"alert", "search", "label", *(["ask"] if asked else [])}
            if (
                linked
                and (people or kind != "reading")
                and kind not in ("creating", "meta", "medical")
                and any(m.role in aimed for m in operations)
            ):
                weight /= 3
            if not images and kind == "topic":
                weight *= 2
            because.append(Reason(kind, text, round(weight, 2)))
    if "self" in by and not any(m.role in ("alert", "search") for m in operations):
        because.append(Reason("self", "the speaker's own", WEIGHTS["self"] * (1 if people else 3)))
    return because


def _left_behind(low: str, mark: Mark, kept: Sequence[tuple[Mark, str]], operations: list[Mark]) -> bool:
    """Say whether the sentence has gone on to another errand: translate the sign, then tell me ..."""
    aim = kept[0][0]
    pause = BREAK.search(low, mark.stop, aim.start) if mark.stop < aim.start else None
    return pause is not None and any(pause.end() <= m.start < aim.start for m in operations)


def _attribute(kept: Sequence[tuple[Mark, str]]) -> str:
    order = ("slot", "group", "trait", "place", "sign", "bare group")
    return min(kept, key=lambda k: (order.index(k[1]), k[0].start))[0].attribute


def _operation(operations: list[Mark]) -> str:
    """Return the operation in the words of the model: a watch or a training before all, else what is said first."""
    found = {m.role for m in operations}
    for role in ("alert", "train", "exports"):
        if role in found:
            return OPERATIONS[role]
    first = min(operations, key=lambda m: (m.start, -m.stop))
    return OPERATIONS[first.role]
