"""Undo the disguises of a prompt: what a reader would still read, a matcher must.

`plain` returns the text with every disguise undone that can be undone in place; what can only
be read beside it (a decoded base64 run, letters joined, digits read as letters) is returned as
further texts. Each runs in time linear in the prompt.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from untag.guard.prompts.words import squash, targets
from untag.match.fold import CONFUSABLE, fold

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST: Final = 65_536
"""Characters of a run that is decoded; a longer one is data."""
RUNS: Final = 32
"""Encoded runs of one prompt that are decoded."""

_BASE64: Final = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{12,}={0,2}(?![\w+/=-])")
_HEX: Final = re.compile(r"(?<![\w])(?:[0-9a-fA-F]{2}[ :]?){8,}(?![\w])")
_PERCENT: Final = re.compile(r"%[0-9a-fA-F]{2}")
_SPACED: Final = re.compile(r"(?<!\w)(?:\w[ .\-_*·•|/~+,]{1,2}){3,}\w(?!\w)")
_CJK_SPLIT: Final = re.compile(r"(?<=[\u4e00-\u9fff])[\s.\-_*·•|/~+]{1,3}(?=[\u4e00-\u9fff])")
_TATWEEL: Final = "\u0640"
"""A stroke that lengthens Arabic letters and says nothing."""
_INNER: Final = re.compile(r"(?<=\w)[-_.*·•|~^'\"]+(?=\w)")
_LEET: Final = re.compile(r"[A-Za-z]+[013457@$!|€][\w@$!|€]*|[013457@$!|€]+[A-Za-z][\w@$!|€]*", re.ASCII)
_CAMEL: Final = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})")
_DIGITS: Final = str.maketrans("01345789@$!|€", "oieastbgasiie")
_DIGITS_L: Final = str.maketrans("01345789@$!|€", "oleastbgaslle")
_TO_CYRILLIC: Final = str.maketrans("aceopxyikmthbrn", "асеорхуікмтнвгп")
_MIXED: Final = re.compile(r"[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]")
_MIXED_WORD: Final = re.compile(r"[a-z\u0400-\u052f]+")
_HUMP: Final = re.compile(r"[a-z][A-Z]")
_VEIL: Final = re.compile(
    r"(?<=[A-Za-zÀ-ɏ\u0400-\u052f\u4e00-\u9fff])[\u200b-\u200d\u2060\ufeff]+(?=[A-Za-zÀ-ɏ\u0400-\u052f\u4e00-\u9fff])"
)
SEPARATORS: Final = frozenset("-_.*·•|~^+/'\"")
DIGITS: Final = frozenset("013457@$!|€")
PRINCIPAL: Final = [
    "uyghur",
    "uighur",
    "uygur",
    "uyghurs",
    "ethnicity",
    "ethnicities",
    "nationality",
    "religion",
    "kazakh",
    "tibetan",
    "ethnic",
    "muslim",
    "muslims",
    "hispanic",
    "caucasian",
    "migrants",
    "immigrant",
    "refugees",
    "refugee",
    "complexion",
    "homosexual",
    "brahmin",
    "rohingya",
    "kurdish",
    "nationalities",
    "ethnically",
    "weiwuer",
    "xinjiang",
    "xinjiangese",
]
"""Words that people misspell to pass a filter, or turn round."""
NEIGHBOURS: Final = frozenset(
    [
        "muslin",
        "muslins",
        "ethnics",
        "ethic",
        "ethics",
        "religions",
        "region",
        "rationality",
        "nationally",
        "tibetans",
        "muslims",
        "kazakhs",
        "immigrants",
        "refugees",
        "refuges",
        "refugee",
        "migrant",
        "emigrants",
        "immigrate",
        "hispanics",
        "ethnical",
        "caucasians",
        "complexions",
        "brahmins",
        "brahman",
        "homosexuals",
        "religious",
        "xinjiang",
        "relation",
        "ethnicities",
        "legion",
        "emigrant",
        "immigrant",
        "refuge",
        "relgion2",
        "tibeta",
    ]
)
"""Words of their own that lie one letter from those."""


def plain(text: str) -> str:
    """Return the text with escapes, look-alike letters, widths and invisible characters undone."""
    if text.isascii() and "\\" not in text and "&#" not in text:
        return text
    folded = fold(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded).replace(_TATWEEL, "")


def veiled(text: str) -> bool:
    """Whether letters of one word are held apart by what nobody sees, or are borrowed from another alphabet.

    Persian and Hindi words and families of emoji rightly hold such characters; Latin, Cyrillic and Chinese ones do not.
    """
    return not text.isascii() and bool(_VEIL.search(text) or _MIXED.search(text))


def further(text: str, low: str) -> list[str]:
    """Return what can be read beside the plain text, squashed; ``low`` is the text itself, squashed."""
    found: list[str] = []
    chars = set(text)
    words = text.split()
    decoded = " . ".join(_decoded(text, chars, max(map(len, words), default=0)))
    if decoded:
        found.append(squash(plain(decoded)))
    split = not chars.isdisjoint(SEPARATORS)
    if (split or sum(len(w) == 1 for w in words) > 3) and _SPACED.search(low):  # noqa: PLR2004 - as many as `_SPACED` joins
        found.append(_SPACED.sub(_joined, low))
    if any("\u4e00" <= c <= "\u9fff" for c in chars) and _CJK_SPLIT.search(low):
        found.append(_CJK_SPLIT.sub("", low))
    if split and _INNER.search(low):
        found.append(_INNER.sub("", low))
    if not chars.isdisjoint(DIGITS):
        found += [_LEET.sub(lambda m: m.group().translate(t), low) for t in (_DIGITS, _DIGITS_L)]  # noqa: B023 - called here
    if not low.isascii() and _MIXED.search(low):
        found.append(_MIXED_WORD.sub(lambda m: _one_script(m.group()), low))
    if _HUMP.search(text):
        parted = _CAMEL.sub(" ", text)
        if parted != text:
            found.append(squash(parted))
    return [t for t in dict.fromkeys(_mended(t) for t in (low, *found)) if t != low]


def _mended(low: str) -> str:
    """Return a text with the slips in its principal words mended."""
    if not _slips()(low):
        return low
    mended = misspellings()
    return re.sub(r"[a-z]{6,14}", lambda m: mended.get(m.group(), m.group()), low)


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"[^\w]|_", "", match.group())


def _one_script(word: str) -> str:
    if not _MIXED.search(word):
        return word
    latin = word.translate(CONFUSABLE)
    return latin if latin.isascii() else word.translate(_TO_CYRILLIC)


def _decoded(text: str, chars: set[str], longest: int) -> list[str]:
    """Return the readable texts that stand encoded in a prompt."""
    out: list[str] = []
    if "%" in chars and _PERCENT.search(text):
        out.append(unquote(text, errors="ignore"))
    if longest < 12 and chars.isdisjoint("0123456789"):  # noqa: PLR2004 - the shortest run
        return out
    import base64  # noqa: PLC0415 - loads where it is used

    for number, run in enumerate(_BASE64.finditer(text)):
        if number >= RUNS:
            break
        word = run.group()[:LONGEST].rstrip("=")
        if word.isalpha() and word[1:].islower():
            continue  # a word
        try:
            raw = base64.b64decode(
                word + "=" * (-len(word) % 4), altchars=b"-_" if "-" in word or "_" in word else None
            )
        except ValueError:
            continue
        out += _readable(raw)
    for number, run in enumerate(_HEX.finditer(text)):
        if number >= RUNS:
            break
        digits = re.sub(r"[ :]", "", run.group())[:LONGEST]
        out += _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))
    return out


def _readable(raw: bytes) -> list[str]:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return []
    letters = sum(c.isalpha() or c in " .,?!'\"-:" for c in text)
    return [text] if letters > 0.8 * len(text) else []


@cache
def misspellings() -> dict[str, str]:
    """Return what lies one slip from a principal word, or is one read backwards, and the word that is meant."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    known = frozenset(PRINCIPAL) | NEIGHBOURS
    out: dict[str, str] = {}
    for word in PRINCIPAL:
        splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
        slips = [a + b[1:] for a, b in splits if b]
        slips += [a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1]
        slips += [a + c + b[1:] for a, b in splits if b for c in letters]
        slips += [a + c + b for a, b in splits for c in letters]
        slips.append(word[::-1])
        out |= {slip: word for slip in slips if slip not in known and len(slip) > 5}  # noqa: PLR2004 - shorter ones are words
    known_words = targets()
    return {slip: word for slip, word in out.items() if not known_words.any(slip)}


@cache
def _slips() -> Callable[[str], list[tuple[int, int, int]]]:
    """Return what finds a slip, if only inside a longer word."""
    from ahocorasick_rs import AhoCorasick  # noqa: PLC0415 - a guard that sees no prompt needs none

    find: Callable[[str], list[tuple[int, int, int]]] = AhoCorasick(list(misspellings())).find_matches_as_indexes
    return find
