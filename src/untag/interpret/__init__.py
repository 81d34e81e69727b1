"""Interpretation: from places of terms to statements about pictured people, with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from untag.interpret.around import REACH, Surroundings
from untag.interpret.case import Case
from untag.interpret.lens import NOTHING, Lens, Seen
from untag.limits import HITS_PER_FILE, HITS_PER_TERM, READ_SECONDS, Deadline
from untag.model import Finding, Gap, Span

if TYPE_CHECKING:
    from untag.lexicon.term import Term
    from untag.match.engine import Indexed
    from untag.readers.base import Text, TextReader

__all__ = ["NOTHING", "Lens", "Seen", "cases_of", "interpret"]

Hit = tuple[int, int, int]
Described = Callable[[], Seen]
ACTING: Final = ("alerts", "searches", "prompts", "infers")
CLASS_FILES: Final = (".json", ".names", "classes.txt", "labels.txt", ".yaml", ".yml")
"""How files are named that may list the classes of a data set of boxes."""
CLASS_LISTS: Final = ("captions", "labels", "yolo")
"""Their formats, as `readers.pick` calls them."""


def _nothing() -> Seen:
    return NOTHING


def interpret(
    text: Text, hits: list[Hit], lens: Lens, reader_for: Callable[[Text], TextReader], described: Described = _nothing
) -> tuple[list[Finding], list[Gap]]:
    """Return the findings of one decoded text in which anchors stand, and what could not be read.

    ``hits`` are accepted places of anchors in ``text.data``; ``described`` tells what the
    package says of itself, and is asked only where that can matter.
    """
    cases, gaps = cases_of(text, hits, lens, reader_for, described)
    if not cases:
        return [], gaps
    from untag.interpret.judge import findings, judge  # noqa: PLC0415 - most scans of neutral code never judge

    return findings(judge(cases), text.trail), gaps


def cases_of(
    text: Text, hits: list[Hit], lens: Lens, reader_for: Callable[[Text], TextReader], described: Described = _nothing
) -> tuple[list[Case], list[Gap]]:
    """Return a case for each anchor that can matter, read in its place."""
    around = Surroundings(text, lens, hits)
    classes = _lists_classes(text)
    wanted = sorted(_wanted(hits, around, lens.terms, classes=classes), key=lambda x: (x[0], x[1]))
    if not wanted:
        return [], []
    package = described()
    if not classes and not _pictured(around, hits, package):
        return [], []
    gaps: list[Gap] = []
    cases: list[Case] = []
    ranges = merge([(s, e) for s, e, _ in wanted])
    for item in reader_for(text).spans(text, ranges, Deadline.after(READ_SECONDS)):
        if isinstance(item, Gap):
            gaps.append(item)
        else:
            cases += _cases(item, wanted, around, package)
    return cases, gaps


def _lists_classes(text: Text) -> bool:
    """Whether a text lists the classes of boxes or pictures: its reader knows by the others who is pictured."""
    name = text.name.lower()
    if not (name.endswith(CLASS_FILES) and (not name.endswith(".json") or b'"categories"' in text.data)):
        return False
    from untag.readers.pick import format_of  # noqa: PLC0415 - few files are named so

    return format_of(text) in CLASS_LISTS


def _named(around: Surroundings, hits: list[Hit]) -> bool:
    """Whether a term itself names the pictured person."""
    terms = around.lens.terms
    return any(terms[i].person or terms[i].acquisition == "inferred_from_image" for i, _, _ in hits)


def _pictured(around: Surroundings, hits: list[Hit], package: Seen) -> bool:
    """Whether anything here speaks of a pictured person, so that parsing can matter."""
    if _named(around, hits):
        return True
    if any(_speaks_of_people(seen.has) for seen in (around.path, package)):
        return True
    return _speaks_of_people(around.spoken)


def _speaks_of_people(has: Callable[..., object]) -> bool:
    return bool(has("pictured", "vision", "seen_only") or (has("person", "name") and has(*ACTING)))


def _wanted(
    hits: list[Hit], around: Surroundings, terms: Indexed, *, classes: bool = False
) -> list[tuple[int, int, Term]]:
    """Return the anchors to read about: those in no longer benign phrase, groups only where several stand."""
    kept: dict[tuple[int, int], list[Term]] = {}
    for index, start, stop in hits:
        if not around.inside_phrase(start, stop):
            kept.setdefault((start, stop), []).append(terms[index])
    out = [(s, e, t) for (s, e), found in kept.items() for t in best_terms(found)]
    out = _outermost(out)
    out = [x for x in out if classes or x[2].kind not in ("group", "proxy") or _joined(x, around)]
    out.sort(key=lambda x: (x[0], -x[1]))
    count: dict[str, int] = {}
    few = []
    for place in out:
        text = place[2].text
        count[text] = count.get(text, 0) + 1
        if count[text] <= HITS_PER_TERM:
            few.append(place)
    return few[:HITS_PER_FILE]


def _joined(place: tuple[int, int, Term], around: Surroundings) -> bool:
    """Whether a group name has company close by that could make it more than a name."""
    start, stop = place[:2]
    people = around.may_have(max(0, start - REACH), stop + REACH, "pictured", "seen_only", "vision")
    filed = bool(around.path.has(*SHOWN))
    if not people and not filed and around.unspoken(*SHOWN):
        return False  # the most frequent cases: no word need be judged
    lines = around.lines(start, stop)
    if not people and not (around.may_have_groups(*lines) > GROUP_SET and (filed or around.spoken(*SHOWN))):
        return False
    seen = around.between(*lines)
    if not (seen.has("pictured", "seen_only") or (seen.has("vision") and seen.has("person", "cohort"))):
        return sum(map(len, seen.groups.values())) > GROUP_SET and (filed or around.spoken(*SHOWN))
    if seen.has(*ACTING, "labels") or sum(map(len, seen.groups.values())) > 1:
        return True
    from untag.interpret.evidence import QUESTION  # noqa: PLC0415 - see interpret

    data = around.text.data
    first = data.rfind(b"\n", max(0, place[0] - REACH), place[0]) + 1
    last = data.find(b"\n", place[1], place[1] + REACH)
    line = data[max(first, place[0] - REACH) : last if last >= 0 else place[1] + REACH]
    return bool(QUESTION.search(line.decode("utf-8", "replace")))


SHOWN: Final = ("pictured", "vision")
"""Senses of which a file must speak, for a set of groups anywhere in it to be labels of pictures."""
GROUP_SET: Final = 2
"""Groups on neighbouring lines, beyond which they may be the labels of a classifier."""


def best_terms(found: list[Term]) -> list[Term]:
    """Return the terms to judge of several that share one place: one for each attribute, the surest kind."""
    order = ("field", "call", "model", "compound", "slot", "group", "proxy")
    best: dict[str, Term] = {}
    for term in sorted(found, key=lambda t: order.index(t.kind)):
        best.setdefault(term.attribute, term)
    return list(best.values())


def _outermost(places: list[tuple[int, int, Term]]) -> list[tuple[int, int, Term]]:
    """Drop places inside a longer place: ``skin`` within ``skin tone``."""
    places.sort(key=lambda x: (x[0], -x[1]))
    out: list[tuple[int, int, Term]] = []
    last = (-1, -1)
    for start, stop, term in places:
        if stop <= last[1] and (start, stop) != last:
            continue
        last = (start, stop)
        out.append((start, stop, term))
    return out


def merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted ranges without overlaps."""
    out: list[tuple[int, int]] = []
    for start, stop in sorted(set(ranges)):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return out


def _cases(span: Span, wanted: list[tuple[int, int, Term]], around: Surroundings, package: Seen) -> list[Case]:
    """Return one case for each distinct term in a span."""
    from bisect import bisect_left  # noqa: PLC0415

    low = bisect_left(wanted, span.start, key=lambda x: x[0])
    seen: set[tuple[str, str]] = set()
    cases = []
    for start, stop, term in wanted[low:]:
        if start >= span.stop:
            break
        key = (term.text, term.attribute)
        if stop <= span.stop and key not in seen:
            seen.add(key)
            cases.append(Case(term, term.attribute, span, around, package, (start, stop)))
    return cases
