"""What counts as a whole word: the one definition both engines obey.

A candidate is the place of a term's literal text in UTF-8 bytes, ASCII case folded.
`accepts` decides whether it stands there as a word:

* Latin terms must begin and end at a word edge of an identifier: a non-letter, or a
  change of case (``dominantRace``, ``raceNames``, ``RACE_LABELS``); ``trace``,
  ``embrace`` and ``races`` are not ``race``. Digits and ``_`` are edges.
* Cyrillic, Arabic, Hebrew, Greek, Devanagari … terms must not touch a letter or a
  mark of their own script (``Терраса`` is not ``раса``), save for the short list of
  suffixes that the language hangs on words: see `tails`.
* Han, Kana, Hangul, Thai, Lao, Khmer and Burmese terms have no spaces around them: accepted anywhere;
  the words that merely contain them (单人种田) are the term's own misses, see
  `untag.lexicon.term.Term.benign_prev` and ``benign_next``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

LOWER: Final = frozenset(range(ord("a"), ord("z") + 1))
UPPER: Final = frozenset(range(ord("A"), ord("Z") + 1))
LETTER: Final = LOWER | UPPER
UNSPACED: Final = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", ""))
"""Scripts that put no spaces between words."""


def accepts(data: bytes, start: int, stop: int) -> bool:
    """Return whether ``data[start:stop]`` stands as a word in UTF-8 ``data``."""
    return _left(data, start) and _right(data, start, stop)


def _left(data: bytes, start: int) -> bool:
    """Whether a word may begin at ``start``."""
    if start == 0:
        return True
    before, first = data[start - 1], data[start]
    if first in LOWER:
        return before not in LETTER and (before < 0x80 or not _continues(data, start, forward=False))
    if first in UPPER:
        if before in LOWER:
            return True
        if before in UPPER:
            # XMLRace: a capital followed by a small letter begins a word even after capitals
            return start + 1 < len(data) and data[start + 1] in LOWER
        return before < 0x80 or not _continues(data, start, forward=False)
    if first < 0x80:
        return True
    return _joined_ok(data, start, forward=False)


def _right(data: bytes, start: int, stop: int) -> bool:
    """Whether the word that began at ``start`` may end at ``stop``."""
    if stop >= len(data):
        return True
    last, after = data[stop - 1], data[stop]
    if last in LOWER:
        return after not in LOWER and (after < 0x80 or not _continues(data, stop, forward=True))
    if last in UPPER:
        if after in LOWER:
            return False
        if after in UPPER:
            # RACELabel: the next capital begins a word when a small letter follows it
            return stop - start > 1 and stop + 1 < len(data) and data[stop + 1] in LOWER
        return after < 0x80 or not _continues(data, stop, forward=True)
    if last < 0x80:
        return True
    return _joined_ok(data, stop, forward=True)


def _char(data: bytes, at: int, *, forward: bool) -> str:
    """Return the character that begins (or, backwards, ends) at byte ``at``; empty when it is not UTF-8."""
    if forward:
        piece = data[at : at + 4]
        lead = piece[0]
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        raw = bytes(piece[:size])
    else:
        begin = at - 1
        while begin > 0 and at - begin < 4 and 0x80 <= data[begin] < 0xC0:
            begin -= 1
        raw = bytes(data[begin:at])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _continues(data: bytes, at: int, *, forward: bool) -> bool:
    """Whether a Latin word goes on into a non-ASCII letter (``raça`` after ``ra``)."""
    char = _char(data, at, forward=forward)
    return bool(char) and script(char) == "LATIN"


def _joined_ok(data: bytes, at: int, *, forward: bool) -> bool:
    """Whether a non-ASCII term may end or begin at ``at``, seen from its own script."""
    inner = _char(data, at, forward=not forward)
    outer = _char(data, at, forward=forward)
    if not inner or not outer:
        return True
    kind = script(inner)
    if kind in UNSPACED:
        return True
    if unicodedata.category(outer)[0] == "M":
        return False
    return script(outer) != kind


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """Return the script of a letter by its Unicode name, or empty for anything else."""
    if unicodedata.category(char)[0] not in "LM":
        return ""
    name = unicodedata.name(char, "")
    first = name.split(" ", 1)[0]
    if first in ("CJK", "KANGXI"):
        return "CJK"
    return first.split("-", 1)[0]
