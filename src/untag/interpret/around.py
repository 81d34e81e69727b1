"""What stands around the candidates of one text: the context words in it, looked for where they are asked for.

The engine proposes places of context words, and a judge says which of them stand as
words. Both cost time, so a text is looked at close to its candidates first; all of
it, only when a question cannot be answered from there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from untag.interpret.lens import NOTHING, judgements, longest, tally
from untag.lexicon.compile import is_context, split_words
from untag.match.boundary import accepts
from untag.readers.pick import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.interpret.lens import Lens, Seen
    from untag.lexicon.term import Term
    from untag.readers.base import Text

ABOVE: Final = 6
BELOW: Final = 6
"""Lines before and after a candidate that count as near it."""
LARGE: Final = 1 << 19
"""Bytes above which a text is known by what stands around its hits alone."""
SMALL: Final = 1 << 12
"""Bytes up to which all of a text is looked at at once: pieces of it would cost more."""
REACH: Final = 800
"""Bytes before and after beyond which nothing is near, however long the lines are."""
PHRASE: Final = 64
"""Bytes by which a phrase of the lexicon may begin before, or end after, a term within it."""
LONGEST: Final = 96
"""Bytes that the longest context term can take up; a test holds the lexicon to it."""
EDGE: Final = 4
"""Bytes by which a proposal's end may lie behind the word that it proposes."""
FILE_TWICE: Final = 2
"""A context word must stand this often in a file before it speaks for the whole file."""

Place = tuple[int, int, int]
"""Term index, start and stop in the text."""
GROUPS: Final = ("group",)
PHRASES: Final = ("context", "language")
"""Kinds of terms that give a shorter term within them another meaning."""


class Surroundings:
    """One text and the context words in it, indexed by place."""

    def __init__(self, text: Text, lens: Lens, hits: Sequence[Place] = ()) -> None:
        """Take a text; of a large one, only what lies around ``hits`` is ever looked at."""
        self.text = text
        self.lens = lens
        self._context = lens.lexicon.context
        self._proposals: list[tuple[int, int]] = []
        """By their end, in which the pad in front counts."""
        self._ends: list[int] = []
        self._known: list[tuple[int, int]] = []
        """The ranges that were looked at, while it is not the whole text."""
        self._all = False
        self._ends_of: dict[tuple[str, ...], list[int]] = {}
        """The ends of the proposals of some senses."""
        self._spoken: dict[tuple[str, ...], bool] = {}
        self._others: dict[str, float] = {}
        self._large = bool(hits) and (not text.whole or len(text.data) > LARGE)
        if hits and (self._large or len(text.data) > SMALL):
            self._look_around(hits)
        else:
            self._look_at_all()

    def _look_at_all(self) -> None:
        self._take(self._context.propose(self.text.data))
        self._all = True

    def _look_around(self, hits: Sequence[Place]) -> None:
        """Take the proposals on the lines around hits, so that a text costs what its hits cost."""
        data = self.text.data
        propose = self._context.propose
        found: list[tuple[int, int]] = []
        ranges: list[list[int]] = []
        for _, start, stop in hits:
            if ranges and start - REACH <= ranges[-1][1]:
                ranges[-1][1] = max(ranges[-1][1], min(len(data), stop + REACH))
            else:
                ranges.append([max(0, start - REACH), min(len(data), stop + REACH)])
        for begun, ended in ranges:
            found += [(pattern, end + begun) for pattern, end in propose(data[begun:ended])]
        self._known = [(begun, ended) for begun, ended in ranges]
        self._take(found)

    def _take(self, proposals: list[tuple[int, int]]) -> None:
        proposals.sort(key=itemgetter(1))
        self._proposals = proposals
        self._ends = [end for _, end in proposals]
        self._ends_of = {}

    def _reach(self, start: int, stop: int) -> None:
        """Look at all of the text unless the bytes ``start`` to ``stop`` were looked at; a large one stays as it is."""
        if not (self._all or self._large or self._within(start, stop)):
            self._look_at_all()

    def _within(self, start: int, stop: int) -> bool:
        start, stop = max(start, 0), min(stop, len(self.text.data))
        at = bisect_right(self._known, start, key=itemgetter(0)) - 1
        return at >= 0 and stop <= self._known[at][1]

    @cached_property
    def places(self) -> list[Place]:
        """Return every place of a context word, which costs time in large files: few questions need them all."""
        self._reach(0, len(self.text.data))
        return self._context.judge(self.text.data, self._proposals)

    def inside(self, start: int, stop: int) -> list[Place]:
        """Return the places that lie in the bytes ``start`` to ``stop``."""
        found = self._context.judge(self.text.data, self._between(start, stop))
        return [p for p in found if p[1] >= start and p[2] <= stop]

    def spoken(self, *senses: str) -> bool:
        """Whether a word of the senses stands in the text, in no longer term; answered without judging all others."""
        known = self._spoken.get(senses)
        if known is None:
            known = self._spoken[senses] = self._are_spoken(senses)
        return known

    def unspoken(self, *senses: str) -> bool:
        """Whether it is known already that no word of the senses is spoken: a question that costs nothing."""
        return self._spoken.get(senses) is False

    def _are_spoken(self, senses: tuple[str, ...]) -> bool:
        if not (self._all or self._large):
            if self._any(senses, LONGEST):
                return True
            self._look_at_all()
        return self._any(senses, 0)

    def _any(self, senses: tuple[str, ...], margin: int) -> bool:
        """Whether a word of the senses stands in what was looked at, ``margin`` bytes from where that ends."""
        speak = self.lens.speakers(senses)
        judge, data = self._context.judge, self.text.data
        for proposal in self._proposals:
            if speak[proposal[0]]:
                for _, start, stop in judge(data, [proposal]):
                    if (not margin or self._within(start - margin, stop + margin)) and not self._covered(start, stop):
                        return True
        return False

    def _covered(self, start: int, stop: int) -> bool:
        """Whether a place lies inside a longer one."""
        return any(s <= start and e >= stop for _, s, e in self._longer(start, stop, stop + LONGEST, ()))

    def _longer(self, start: int, stop: int, last: int, kinds: tuple[str, ...]) -> list[Place]:
        """Return the places that end from ``stop`` to ``last`` of words longer than ``stop - start``."""
        sizes = self.lens.sizes(kinds)
        low = bisect_left(self._ends, stop)
        high = bisect_right(self._ends, last + EDGE, low)
        size = stop - start
        chosen = [p for p in self._proposals[low:high] if sizes[p[0]] > size]
        found = self._context.judge(self.text.data, chosen) if chosen else []
        return [p for p in found if p[2] - p[1] > size]

    def may_have(self, start: int, stop: int, *senses: str) -> bool:
        """Whether a word of the senses may stand in the bytes ``start`` to ``stop``; False is certain."""
        self._reach(start, stop)
        ends = self._ends_of.get(senses)
        if ends is None:
            speak = self.lens.speakers(senses)
            ends = self._ends_of[senses] = [end for pattern, end in self._proposals if speak[pattern]]
        at = bisect_left(ends, start)
        return at < len(ends) and ends[at] <= stop + EDGE

    def may_have_groups(self, start: int, stop: int) -> int:
        """Return how many names of groups may stand in the bytes ``start`` to ``stop``; there are no more."""
        sizes, owners = self.lens.sizes(GROUPS), self._context.table.owners
        return len({owners[p] for p, _ in self._between(start, stop) if sizes[p]})

    def _between(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the proposals of which the places may lie in the bytes ``start`` to ``stop``."""
        self._reach(start, stop)
        low = bisect_left(self._ends, start)
        return self._proposals[low : bisect_right(self._ends, stop + EDGE, low)]

    def between(self, start: int, stop: int) -> Seen:
        """Return what stands in the bytes ``start`` to ``stop``."""
        return tally(longest(self.inside(start, stop), self.lens.terms))

    def lines(self, start: int, stop: int) -> tuple[int, int]:
        """Return where the lines around a place begin and end."""
        data = self.text.data
        first, last = max(0, start - REACH), min(len(data), stop + REACH)
        above, below = (0, 0) if self.unrelated else (ABOVE, BELOW)
        for _ in range(above + 1):
            found = data.rfind(b"\n", first, start)
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
        return start, stop

    def near(self, start: int, stop: int) -> Seen:
        """Return what stands on the lines around a place."""
        return self.between(*self.lines(start, stop))

    def other_uses(self, term: Term) -> float:
        """Return which share of a term's places in the file mean something else (race condition), 0 to 1.

        Such places lie in a longer benign phrase or have a neighbour that the term's row lists.
        """
        known = self._others.get(term.text)
        if known is None:
            known = self._others[term.text] = self._other_uses(term)
        return known

    def _other_uses(self, term: Term) -> float:
        if not (term.benign_next or term.benign_prev) or not term.text.isascii() or not is_context(term):
            return 0.0
        mine = [p for p in self.places if self.lens.terms[p[0]].text == term.text]
        data = self.text.data
        spelled = rb"[ _.\-]?".join(re.escape(w.lower().encode()) for w in split_words(term.text))
        # letters are folded beforehand: a search that begins with a plain literal is many times faster
        whole = sum(1 for m in re.finditer(spelled, self._folded) if accepts(data, *m.span()))
        covered = sum(1 for _, start, stop in mine if self.inside_phrase(start, stop))
        return min(1.0, max(0, whole - len(mine) + covered) / whole) if whole else 0.0

    @cached_property
    def _folded(self) -> bytes:
        return self.text.data.lower()

    def inside_phrase(self, start: int, stop: int) -> bool:
        """Whether a place lies inside a longer context or language phrase, such as race condition."""
        low, high = max(0, start - PHRASE), stop + PHRASE
        self._reach(low, high)
        beside = self._longer(start, stop, high, PHRASES)
        return any(low <= s <= start and stop <= e <= high for _, s, e in beside)

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
        terms = self.lens.terms
        return tally(terms[i] for i, times in self.words.items() if times >= FILE_TWICE)

    @cached_property
    def path(self) -> Seen:
        """Return what the artifact's own path speaks of."""
        return self.lens.see("/".join(self.text.trail))

    @cached_property
    def filed_with_a_model(self) -> bool:
        """Whether the path names a known model or data set of people's pictures."""
        path = "/".join(self.text.trail).encode("utf-8", "replace")
        return any(self.lens.terms[i].kind == "model" for i, _, _ in self.lens.lexicon.anchors.find(path))
