"""A case: one candidate in its place, with all that stands around it, level by level.

Levels go from the candidate outwards: ``token`` (the text itself), ``note`` (its
comment), ``statement``, ``members`` (its siblings), ``scope`` (names and docs of what
encloses it), ``near`` (the lines around it), ``file``, ``path`` and ``package``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from untag.interpret.lens import NOTHING, Lens, Seen, judgements, longest, tally
from untag.lexicon.compile import split_words
from untag.match.boundary import accepts
from untag.readers.pick import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.lexicon.term import Term
    from untag.model import Span
    from untag.readers.base import Text

LEVELS: Final = ("token", "statement", "note", "members", "scope", "near", "file", "path", "package")
ACTIVE: Final = frozenset(
    ("alerts", "searches", "prompts", "infers", "labels", "trains", "stores", "exports", "documents")
)
ABOVE: Final = 6
BELOW: Final = 6
"""Lines before and after a candidate that count as near it."""
LARGE: Final = 1 << 19
"""Bytes above which a text is known by what stands around its hits alone."""
REACH: Final = 800
"""Bytes before and after beyond which nothing is near, however long the lines are."""
PHRASE: Final = 64
"""Bytes by which a phrase of the lexicon may begin before, or end after, a term within it."""
EDGE: Final = 4
"""Bytes by which a proposal's end may lie behind the word that it proposes."""
FILE_TWICE: Final = 2
"""A context word must stand this often in a file before it speaks for the whole file."""


class Surroundings:
    """One text and the context words in it, indexed by place."""

    def __init__(self, text: Text, lens: Lens, hits: Sequence[tuple[int, int, int]] = ()) -> None:
        """Take a text; of a large one, only what lies around ``hits`` is looked at."""
        self.text = text
        self.lens = lens
        if hits and (not text.whole or len(text.data) > LARGE):
            proposals = self._around(hits)
        else:
            proposals = lens.lexicon.context.propose(text.data)
        self._proposals = sorted(proposals, key=itemgetter(1))
        self._others: dict[str, float] = {}

    def _around(self, hits: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
        """Return the proposals on the lines around hits, so that a large text costs what its hits cost."""
        data = self.text.data
        propose = self.lens.lexicon.context.propose
        found: list[tuple[int, int]] = []
        ranges: list[list[int]] = []
        for _, start, stop in hits:
            if ranges and start - REACH <= ranges[-1][1]:
                ranges[-1][1] = max(ranges[-1][1], min(len(data), stop + REACH))
            else:
                ranges.append([max(0, start - REACH), min(len(data), stop + REACH)])
        for begun, ended in ranges:
            found += [(pattern, end + begun) for pattern, end in propose(data[begun:ended])]
        return found

    @cached_property
    def places(self) -> list[tuple[int, int, int]]:
        """Return every place of a context word, which costs time in large files: few questions need them all."""
        return self.lens.lexicon.context.judge(self.text.data, self._proposals)

    def inside(self, start: int, stop: int) -> list[tuple[int, int, int]]:
        """Return the places that lie in the bytes ``start`` to ``stop``."""
        low = bisect_left(self._proposals, start, key=itemgetter(1))
        high = bisect_right(self._proposals, stop + EDGE, key=itemgetter(1))
        found = self.lens.lexicon.context.judge(self.text.data, self._proposals[low:high])
        return [p for p in found if p[1] >= start and p[2] <= stop]

    def may_have(self, *senses: str) -> bool:
        """Whether a word of the senses may stand in the file; False is certain."""
        owners = self.lens.lexicon.context.table.owners
        return any(self.lens.speaks(owner, senses) for owner in {owners[p] for p, _ in self._proposals})

    def between(self, start: int, stop: int) -> Seen:
        """Return what stands in the bytes ``start`` to ``stop``."""
        return tally(longest(self.inside(start, stop), self.text.data, self.lens.terms))

    def near(self, start: int, stop: int) -> Seen:
        """Return what stands on the lines around a place."""
        data = self.text.data
        first, last = max(0, start - REACH), min(len(data), stop + REACH)
        above, below = (0, 0) if self.unrelated else (ABOVE, BELOW)
        for _ in range(above + 1):
            found = data.rfind(b"\n", first, max(start, first))
            if found < 0:
                start = first
                break
            start = found
        for _ in range(below + 1):
            found = data.find(b"\n", stop, last)
            if found < 0:
                stop = last
                break
            stop = found + 1
        return self.between(start, stop)

    def other_uses(self, term: Term) -> float:
        """Return which share of a term's places in the file mean something else (race condition), 0 to 1.

        Such places lie in a longer benign phrase or have a neighbour that the term's row lists.
        """
        known = self._others.get(term.text)
        if known is None:
            known = self._others[term.text] = self._other_uses(term)
        return known

    def _other_uses(self, term: Term) -> float:
        if not (term.benign_next or term.benign_prev) or not term.text.isascii():
            return 0.0
        mine = [p for p in self.places if self.lens.terms[p[0]].text == term.text]
        spelled = rb"[ _.\-]?".join(re.escape(w.encode()) for w in split_words(term.text))
        plain = (m.span() for m in re.finditer(spelled, self.text.data, re.IGNORECASE))
        whole = sum(1 for start, stop in plain if accepts(self.text.data, start, stop))
        covered = sum(1 for _, start, stop in mine if self.inside_phrase(start, stop))
        return min(1.0, max(0, whole - len(mine) + covered) / whole) if whole else 0.0

    def inside_phrase(self, start: int, stop: int) -> bool:
        """Whether a place lies inside a longer context or language phrase, such as race condition."""
        terms = self.lens.terms
        beside = self.inside(max(0, start - PHRASE), stop + PHRASE)
        return any(
            s <= start and e >= stop and e - s > stop - start
            for i, s, e in beside
            if terms[i].kind in ("context", "language")
        )

    @cached_property
    def words(self) -> dict[int, int]:
        """Return how often each context word stands in the file and in no longer one, in order of first place."""
        count: dict[int, int] = {}
        last = (-1, -1)
        for index, start, stop in self.places:
            if stop <= last[1] and (start, stop) != last:
                continue
            last = (start, max(stop, last[1]) if start != last[0] else stop)
            count[index] = count.get(index, 0) + 1
        return count

    @cached_property
    def talk(self) -> dict[str, int]:
        """Return how often each sense is spoken of in the whole file."""
        count: dict[str, int] = {}
        pictured, seen_only, weak = judgements()
        for index, times in self.words.items():
            term = self.lens.terms[index]
            if term.kind != "context":
                continue
            word = term.text.lower()
            if word in pictured:
                count["pictured"] = count.get("pictured", 0) + times
            elif word in seen_only:
                count["seen_only"] = count.get("seen_only", 0) + times
            if word not in weak.get(term.sense, ()):
                count[term.sense] = count.get(term.sense, 0) + times
        return count

    @cached_property
    def unrelated(self) -> bool:
        """Whether the lines of the text have nothing to do with each other: a list of prompts, of words."""
        return format_of(self.text) == "list"

    @cached_property
    def often(self) -> Seen:
        """Return what the file speaks of: words that stand in it at least `FILE_TWICE` times."""
        if self.unrelated:
            return NOTHING
        return tally((self.lens.terms[i], "") for i, times in self.words.items() if times >= FILE_TWICE)

    @cached_property
    def once(self) -> Seen:
        """Return every context word of the file."""
        return tally((self.lens.terms[i], "") for i in self.words)

    @cached_property
    def path(self) -> Seen:
        """Return what the artifact's own path speaks of."""
        return self.lens.see("/".join(self.text.trail))


@dataclass(slots=True)
class Case:
    """One candidate under judgement."""

    term: Term
    attribute: str
    span: Span
    around: Surroundings
    package: Seen = NOTHING
    place: tuple[int, int] = (0, 0)
    """Byte offsets of the candidate itself in the text."""
    groups: tuple[str, ...] = ()
    """Groups named at the candidate itself or among its siblings."""
    _seen: dict[str, Seen] = field(default_factory=dict)

    def seen(self, level: str) -> Seen:
        """Return what stands at ``level``."""
        if level not in self._seen:
            self._seen[level] = self._look(level)
        return self._seen[level]

    def share(self, *senses: str) -> float:
        """Return how much of the file speaks of ``senses``, 0 to 1, against its talk of pictured people."""
        talk = self.around.talk
        count = sum(talk.get(s, 0) for s in senses)
        if senses[0] in ("pictured", "vision", "person") or senses[0] in ACTIVE:
            return min(1.0, count / 5)
        return count / (count + talk.get("pictured", 0) + 0.3 * talk.get("vision", 0) + 2)

    def _look(self, level: str) -> Seen:
        see, span = self.around.lens.see, self.span
        match level:
            case "token":
                return see(span.text)
            case "statement":
                return see(span.statement)
            case "note":
                return see(span.note)
            case "members":
                return see("\n".join(siblings(span)))
            case "scope":
                return see("\n".join(enclosing(span)))
            case "near":
                return self.around.near(span.start, span.stop)
            case "file":
                return self.around.often
            case "path":
                return self.around.path
            case _:
                return self.package


def siblings(span: Span) -> Sequence[str]:
    """Return the members of the innermost scope that has any."""
    scope = span.scope
    for _ in range(3):
        if scope.members and scope.kind not in ("file", "module", "section"):
            return scope.members
        if scope.parent is None:
            break
        scope = scope.parent
    return ()


def enclosing(span: Span) -> list[str]:
    """Return the names and docs of all that encloses a span, from the inside."""
    texts: list[str] = []
    scope = span.scope
    while True:
        if scope.kind != "file":
            texts.append(scope.name)
            texts.append(scope.doc[:600])
        if scope.parent is None:
            return [t for t in texts if t]
        scope = scope.parent
