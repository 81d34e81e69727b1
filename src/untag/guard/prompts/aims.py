"""What a sentence aims at: whether a name stands for people or for a thing, whose it is, and what is only described."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from untag.guard.prompts.patterns import (
    ADJECTIVE,
    ALONE,
    ARTICLE,
    BREAK,
    CURT,
    LINK,
    OF_ANYTHING,
    OTHERS,
    PLURAL,
    SAFETY,
    TONGUE,
    WHERE,
    WORD,
    WORDY,
)
from untag.guard.prompts.words import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable


def gap(low: str, a: Mark, b: Mark) -> int:
    """Return the number of words between two marks; of a script without spaces, its letters by two."""
    first, second = (a, b) if a.start <= b.start else (b, a)
    if first.stop >= second.start:
        return 0
    between = low[first.stop : second.start]
    wide = sum(1 for c in between if c >= "\u2e80")
    return len(WORD.findall(between)) if not wide else wide // 2 + between.count(" ")


def outermost(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that lie in no longer one."""
    kept: list[Mark] = []
    stop = -1
    last = (-1, -1)
    for mark in sorted(marks, key=lambda m: (m.start, -m.stop)):
        if mark.stop > stop or (mark.start, mark.stop) == last:
            kept.append(mark)
            stop = max(stop, mark.stop)
            last = (mark.start, mark.stop)
    return kept


def described(low: str, span: tuple[int, int], by: dict[str, list[Mark]], people: list[Mark]) -> list[Mark]:
    """Return criteria that no single word names: whose families came from, who looks foreign."""
    out: list[Mark] = []
    own = by.get("self", [])
    others = [p for p in people if not any(k.start <= p.start < k.stop for k in by.get("kin", []))]
    for kin in by.get("kin", []):
        if any(gap(low, s, kin) < 1 for s in own):
            continue
        for hail in by.get("hail", []):
            if gap(low, kin, hail) <= 6 and (others or "look" in by):  # noqa: PLR2004 - one clause
                out.append(Mark("trait", min(kin.start, hail.start), max(kin.stop, hail.stop), "national_origin"))  # noqa: PERF401
    for where in WHERE.finditer(low, *span):
        between = [
            m for r in ("person", "tracked", "ask") for m in by.get(r, []) if where.start() <= m.start < where.end()
        ]
        things = [m for r in ("thing", "vision") for m in by.get(r, []) if where.start() <= m.start < where.end()]
        if [m for m in between if m.role != "ask"] and not things:
            out.append(Mark("trait", where.start(), where.end(), "national_origin"))
    for hue in by.get("hue", []):
        behind = [p for p in people if low[hue.stop : p.start] == " "]
        english = low[hue.start : hue.stop] in ("black", "white")
        ahead = [p for p in people if low[p.stop : hue.start] == " " and not english]
        worn = any(
            0 <= c.start - hue.stop <= 1 or 0 <= hue.start - c.stop <= 1
            for r in ("colour", "thing")
            for c in by.get(r, [])
        )
        if (behind or ahead) and not worn and not low[: hue.start].endswith(("in ", "en ", "wearing ")):
            out.append(Mark("group", hue.start, hue.stop, "race"))
    for alien in by.get("alien", []):
        near = [
            m
            for m in (*by.get("look", []), *people)
            if gap(low, m, alien) <= (4 if m.role == "look" else 2) and m.start != alien.start
        ]
        if near and not any(gap(low, alien, t) <= 0 for t in by.get("thing", []) if t.start >= alien.stop):
            out.append(Mark("trait", alien.start, alien.stop, "national_origin"))
    return out


def without_tongues(low: str, aims: list[Mark], people: list[Mark]) -> list[Mark]:
    """Return the targets without those that are languages: en arabe, по-татарски, auf Arabisch oder Kurdisch."""
    tongues = [
        a
        for a in aims
        if a.role == "group" and TONGUE.search(low, max(0, a.start - 8), a.start) and not person_next(low, a, people)
    ]
    return [a for a in aims if not any(a.role == "group" and gap(low, a, t) <= 2 for t in tongues)] if tongues else aims  # noqa: PLR2004


def strength_of(
    low: str, aim: Mark, by: dict[str, list[Mark]], people: list[Mark], *, images: bool, span: tuple[int, int]
) -> str:
    """Return what a target counts as: its role, ``bare group``, or empty where it is about something else."""
    own = by.get("self", [])
    if is_own(low, aim, own):
        return ""
    if is_of_thing(low, aim, by, people):
        return ""
    if aim.role == "group":
        curt = (
            images
            and not WORDY.search(low[span[0] : aim.start] + low[aim.stop : span[1]])
            and "?" in low[span[0] : span[1]]
            and low.count(" ", *span) < CURT
            and "thing" not in by
            and "reading" not in by
        )
        return "group" if curt or is_of_person(low, aim, by, people) else "bare group"
    if aim.role == "place":
        return "place" if is_from_place(low, aim, by, people) else ""
    if aim.role == "sign":
        sought = any(r in by for r in ("search", "alert", "store"))
        return "sign" if sought and people and not SAFETY.search(low, *span) else ""
    return aim.role


def is_own(low: str, aim: Mark, own: list[Mark]) -> bool:
    """Say whether the words just before, or after, say that it is the speaker's."""
    for mark in own:
        if aim.start <= mark.start < aim.stop:
            continue
        behind = mark.start >= aim.stop
        between = low[aim.stop : mark.start] if behind else low[mark.stop : aim.start]
        if BREAK.search(between):
            continue
        if gap(low, mark, aim) <= (0 if behind else 2) and not OTHERS.search(between):
            return not re.search(r"other|another|find|search|alert|which|其他|друг", between)
    return False


def is_of_thing(low: str, aim: Mark, by: dict[str, list[Mark]], people: list[Mark]) -> bool:
    """Say whether a target names a thing's kind: a Uyghur restaurant, la cuisine kurde, 维吾尔语."""
    if aim.role in ("place", "sign") or (aim.role == "group" and " " in low[aim.start : aim.stop]):
        return False
    nearest = 9
    for thing in (*by.get("thing", []), *by.get("colour", [])):
        if thing.start < aim.stop and aim.start < thing.stop:
            if thing.start <= aim.start and thing.stop > aim.stop:
                return True
            continue
        if thing.start >= aim.stop:
            between = low[aim.stop : thing.start]
            if BREAK.search(between) or ALONE.match(low, aim.stop) or (unspaced(between) and len(between) > 1):
                continue
            distance = gap(low, aim, thing)
            if distance <= (1 if aim.role == "group" else 0):
                nearest = min(nearest, distance)
        elif aim.role == "group" and "alert" not in by:
            between = low[thing.stop : aim.start]
            words = WORD.findall(between)
            if (
                not BREAK.search(between)
                and len(words) <= 2  # noqa: PLR2004 - words
                and all(w in LINK for w in words)
                and not unspaced(low[thing.start : aim.start])
            ):
                nearest = min(nearest, len(words) or 0)
    if nearest == 9:  # noqa: PLR2004 - none
        return False
    persons = [gap(low, aim, p) for p in people if p.start >= aim.stop and not BREAK.search(low[aim.stop : p.start])]
    return not persons or min(persons) > nearest


def person_next(low: str, aim: Mark, people: list[Mark]) -> bool:
    """Say whether a person word follows directly."""
    return any(p.start >= aim.stop and gap(low, aim, p) < 1 for p in people)


def unspaced(text: str) -> bool:
    """Say whether text is written without spaces."""
    return any(c >= "\u2e80" for c in text)


def is_of_person(low: str, aim: Mark, by: dict[str, list[Mark]], people: list[Mark]) -> bool:
    """Say whether a group's name stands for people: beside a person word, asked of someone, or as a noun."""
    for person in people:
        between = low[aim.stop : person.start] if person.start >= aim.stop else low[person.stop : aim.start]
        if (
            gap(low, aim, person) <= 3 and not re.search(r"[,;，]", between)  # noqa: PLR2004 - words
        ) or person.start <= aim.start < person.stop:
            return True
    word = low[aim.start : aim.stop]
    if "alert" in by or " " in word:
        return True
    if ADJECTIVE.search(word):
        return False
    things = [t.start for r in ("thing", "code", "reading") for t in by.get(r, [])]
    for ask in by.get("ask", []):
        if ask.stop > aim.start or gap(low, ask, aim) > 6:  # noqa: PLR2004
            continue
        if low[ask.start : ask.stop] in OF_ANYTHING and not people and ask.stop + 1 < aim.start:
            continue
        if not any(ask.start < t < aim.start for t in things):
            return True
    if word[-1] in "族人民裔徒" or PLURAL.search(word):
        return True
    return bool(ARTICLE.search(low, max(0, aim.start - 12), aim.start)) and bool(ALONE.match(low, aim.stop))


def is_from_place(low: str, aim: Mark, by: dict[str, list[Mark]], people: list[Mark]) -> bool:
    """Say whether people are said to be from a place: not photos from it, not melons."""
    links = [*by.get("from", []), *by.get("hail", []), *by.get("look", [])]
    for link in links:
        if link.stop <= aim.start and gap(low, link, aim) <= 2:  # noqa: PLR2004 - "from southern Xinjiang"
            before = [p for p in people if p.stop <= link.start and gap(low, p, link) <= 5]  # noqa: PLR2004
            after = [p for p in people if p.start >= aim.stop and gap(low, aim, p) <= 2]  # noqa: PLR2004
            things = [
                t
                for t in (*by.get("thing", []), *by.get("vision", []))
                if t.stop <= link.start and gap(low, t, link) <= 0
            ]
            things = [t for t in things if not any(p.start == t.start for p in people)]
            if (before or after) and (not things or after):
                return True
        if link.start >= aim.start and gap(low, aim, link) <= 1 and people:
            return True
    if any(aim.stop == p.start or aim.start < p.start < aim.stop for p in people):
        return True
    return low[aim.start : aim.stop].endswith(("li", "dan", "den")) and bool(people)
