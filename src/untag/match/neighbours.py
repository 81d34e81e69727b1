"""The words beside a hit: ``race condition``, ``horseRace``, 单人种田 name something else.

A term lists the words that, directly after or before it, give it another meaning
(`untag.lexicon.term.Term.benign_next`, ``benign_prev``). The neighbour is the next
or previous piece of the identifier or of the sentence: camelCase is split, and at
most two of space, tab, ``_`` and ``-`` lie between. A dot is no such joint:
``data.race`` reads a member and is no data race. In Han, Kana and Hangul, where no
space stands between words, the neighbour is the text that directly touches the hit.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.match.boundary import script

if TYPE_CHECKING:
    from untag.lexicon.term import Term

REACH: Final = 48
"""Bytes looked at on each side: longer than any neighbour that the lexicon lists."""
UNSPACED: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts whose words touch each other."""
_AFTER: Final = re.compile(r"[ \t_\-]{0,2}([^\W\d_]+)")
_BEFORE: Final = re.compile(r"([^\W\d_]+)[ \t_\-]{0,2}\Z")
_PIECE: Final = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+")


def neighbours_ok(data: bytes, start: int, stop: int, term: Term) -> bool:
    """Return whether no word directly beside ``data[start:stop]`` gives ``term`` another meaning."""
    if term.benign_next:
        word, text = _after(bytes(data[stop : stop + REACH]))
        if word in term.benign_next or text.startswith(_touching(term.benign_next)):
            return False
    if term.benign_prev:
        word, text = _before(bytes(data[max(0, start - REACH) : start]))
        if word in term.benign_prev or text.endswith(_touching(term.benign_prev)):
            return False
    return True


@lru_cache(maxsize=65_536)
def _after(raw: bytes) -> tuple[str, str]:
    """Return the first word after a hit, case-folded and split from its identifier, and the text itself."""
    text = raw.decode("utf-8", "ignore")
    found = _AFTER.match(text)
    piece = _PIECE.match(found[1]) if found else None
    return (piece[0].casefold() if piece else "", text)


@lru_cache(maxsize=65_536)
def _before(raw: bytes) -> tuple[str, str]:
    """Return the last word before a hit, case-folded and split from its identifier, and the text itself."""
    text = raw.decode("utf-8", "ignore")
    found = _BEFORE.search(text)
    pieces = _PIECE.findall(found[1]) if found else []
    return (pieces[-1].casefold() if pieces else "", text)


@lru_cache(maxsize=1024)
def _touching(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the words that are written without spaces around them."""
    return tuple(word for word in words if script(word[0]) in UNSPACED)
