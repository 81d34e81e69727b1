"""The words beside a hit: ``race condition``, ``horseRace``, 单人种田 name something else.

A term lists the words that, directly after or before it, give it another meaning
(`untag.lexicon.term.Term.benign_next`, ``benign_prev``). The neighbour is the next
or previous piece of the identifier or of the sentence: camelCase is split, and at
most two of space, tab, ``_`` and ``-`` lie between. A dot is no such joint:
``data.race`` reads a member and is no data race. In Han, Kana and Hangul, where no
space stands between words, the neighbour is the text that directly touches the hit;
so is a neighbour that the lexicon spells with a sign in it (``promise.``, ``test -``).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag import later
from untag.match.boundary import script

if TYPE_CHECKING:
    from untag.lexicon.term import Term

REACH: Final = 48
"""Bytes looked at on each side: longer than any neighbour that the lexicon lists."""
UNSPACED: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts whose words touch each other."""
_SORTED: Final[dict[int, tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]]] = {}
"""By the identity of a term's tuple, which is kept too: to hash a hundred words costs more than the test itself."""
_AFTER: Final = later.pattern(r"[ \t_\-]{0,2}([^\W\d_]+)")
_BEFORE: Final = later.pattern(r"([^\W\d_]+)[ \t_\-]{0,2}\Z")
_PIECE: Final = later.pattern(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+")


def neighbours_ok(data: bytes, start: int, stop: int, term: Term) -> bool:
    """Return whether no word directly beside ``data[start:stop]`` gives ``term`` another meaning."""
    if term.benign_next:
        words, touching = _sorted_out(term.benign_next)
        word, text = _after(bytes(data[stop : stop + REACH]))
        if word in words or (touching and text.startswith(touching)):
            return False
    if term.benign_prev:
        words, touching = _sorted_out(term.benign_prev)
        word, text = _before(bytes(data[max(0, start - REACH) : start]))
        if word in words or (touching and text.endswith(touching)):
            return False
    return True


@lru_cache(maxsize=65_536)
def _after(raw: bytes) -> tuple[str, str]:
    """Return the first word after a hit, split from its identifier, and the text itself, both case-folded."""
    text = raw.decode("utf-8", "ignore")
    found = _AFTER.match(text)
    piece = _PIECE.match(found[1]) if found else None
    return (piece[0].casefold() if piece else "", text.casefold())


@lru_cache(maxsize=65_536)
def _before(raw: bytes) -> tuple[str, str]:
    """Return the last word before a hit, split from its identifier, and the text itself, both case-folded."""
    text = raw.decode("utf-8", "ignore")
    found = _BEFORE.search(text)
    pieces = _PIECE.findall(found[1]) if found else []
    return (pieces[-1].casefold() if pieces else "", text.casefold())


def _sorted_out(words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words, and those that touch the hit as they stand: unspaced scripts, and words with a sign in them."""
    kept = _SORTED.get(id(words))
    if kept is None:
        touching = tuple(word for word in words if not word.isalpha() or script(word[0]) in UNSPACED)
        kept = _SORTED[id(words)] = (words, frozenset(words), touching)
    return kept[1], kept[2]
