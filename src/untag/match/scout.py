"""A small set of patterns that finds every place where a term may stand, and some more.

The engine slows down as its patterns grow in number, and shorter ones weigh more. So text is
first searched for a short piece of each term that common words do not hold (``thnici`` stands for
all spellings of *ethnicity*, *ethnicities*, *ethnicity group*), and for all patterns only around
the places where one was met. About two thousand pieces stand for more than twenty
thousand patterns.

What the judge accepts (`Literal.fits`, `untag.match.boundary.accepts`) must hold a piece. There are three
kinds of pieces, tried in this order:

* letters inside one word of the term, in any case, whatever stands around them;
* one whole word with word edges, as `untag.lexicon.compile.expression` has it, and, for spellings
  without a joint (``racelabel``), the letters where it meets the words beside it;
* two neighbouring words with each joint.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from untag.errors import LexiconError
from untag.lexicon import compile as patterns
from untag.match.common import FREQUENT, WORDS
from untag.match.hyper import REACH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.lexicon.compile import Literal

LONGEST: Final = REACH - 16
"""Bytes of the longest spelling of a term that may be looked for."""
PIECES: Final = (5, 6, 7, 8)
"""Letters of a piece inside a word: the engine hashes eight, and with four of them finds too much."""
STEADY: Final = rb"\xff"
"""A pattern of one byte that no UTF-8 text holds. With it the engine looks at each byte: at every second or fourth one,
as it would, it takes so much for a candidate that it is a third slower over some thousand patterns."""
KEY: Final = 4
"""Letters of the shortest word that is looked for alone with its edges."""
MEETING: Final = 4
"""Letters on each side of the place where two words meet without a joint."""
Words = tuple[bytes, ...]


def expressions(literals: Iterable[Literal]) -> list[bytes]:
    """Return byte patterns of which at least one matches inside each accepted place of each literal, sorted.

    Literals of which some pattern is not ASCII are left out: another database finds them.
    Raises `LexiconError` for one that is longer than the engine looks around a piece.
    """
    found: set[bytes] = set()
    spelled: set[Words] = set()
    for literal in literals:
        if sum(map(len, literal.words)) + len(literal.words) > LONGEST:
            raise LexiconError(f"a term of more than {LONGEST} bytes: {b' '.join(literal.words).decode()[:60]!r}")
        if literal.latin and not literal.exact:
            spelled.add(literal.words)
        else:
            found.update(e for e in patterns.expression(literal) if e.isascii())
    chosen, left = _inside(sorted(spelled))
    found.update(map(_anywhere, chosen))
    found.update(_beside(left))
    return sorted(found)


def _anywhere(letters: bytes) -> bytes:
    return b"(?i)" + re.escape(letters)


def _inside(terms: Sequence[Words]) -> tuple[list[bytes], list[Words]]:
    """Return pieces of words, as few as a greedy choice makes them, and the terms that hold none."""
    common = WORDS.encode()
    holders: dict[bytes, set[int]] = defaultdict(set)
    for number, words in enumerate(terms):
        for word in words:
            for size in PIECES:
                for at in range(len(word) - size + 1):
                    holders[word[at : at + size]].add(number)
    heap = [
        (-len(numbers), -len(piece), piece)
        for piece, numbers in holders.items()
        if piece.isalpha() and piece not in common
    ]
    heapq.heapify(heap)
    open_ = set(range(len(terms)))
    chosen = []
    while heap:
        count, length, piece = heapq.heappop(heap)
        held = holders[piece] & open_
        if len(held) == -count:
            chosen.append(piece)
            open_ -= held
        elif held:
            heapq.heappush(heap, (-len(held), length, piece))
    return chosen, [terms[number] for number in sorted(open_)]


def _beside(terms: Sequence[Words]) -> Iterator[bytes]:
    """Yield the patterns of terms in which every word is short or common."""
    alone = {words[0] for words in terms if len(words) == 1}
    for word in alone:
        yield from _edged(word)
    several = [words for words in terms if len(words) > 1]
    for words, key in zip(several, _keys(several, alone), strict=True):
        if key is None:
            at = max(range(len(words) - 1), key=lambda i: min(len(words[i]), MEETING) + min(len(words[i + 1]), MEETING))
            for joint in patterns.SEPARATORS:
                yield _meeting(words[at], words[at + 1], joint)
            continue
        at = words.index(key)
        yield from _edged(key)
        if at:
            yield _meeting(words[at - 1], key)
        if at + 1 < len(words):
            yield _meeting(key, words[at + 1])


def _edged(word: bytes) -> list[bytes]:
    return patterns.expression(patterns.Literal((word,), latin=True, exact=False))


def _meeting(first: bytes, second: bytes, joint: bytes = b"") -> bytes:
    return _anywhere(first[-MEETING:] + joint + second[:MEETING])


def _keys(terms: Sequence[Words], alone: set[bytes]) -> list[bytes | None]:
    """Return for each term the word to look for: one that is looked for anyway, else one that many terms share."""
    frequent = frozenset(FREQUENT.encode().split())
    holders: dict[bytes, set[int]] = defaultdict(set)
    for number, words in enumerate(terms):
        for word in words:
            if word in alone or (len(word) >= KEY and word.isalpha() and word not in frequent):
                holders[word].add(number)
    keys: list[bytes | None] = [None] * len(terms)
    for word in sorted(holders, key=lambda word: (word not in alone, -len(holders[word]), word)):
        for number in holders[word]:
            keys[number] = keys[number] or word
    return keys
