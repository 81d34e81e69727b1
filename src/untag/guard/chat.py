"""Running text that a model wrote: sentences that attribute a group to a pictured person are withheld.

A group's name alone is nothing: it must be said of somebody (a person word beside it, a word of seeming before
it), and not of a language, a dish or a flag. Sentences are the smallest thing that is withheld; nothing is reworded.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from untag import kept
from untag.guard.words import plain
from untag.interpret import naming
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHHELD: Final = "[withheld: a statement about the origin, religion or skin colour of a pictured person]"
"""What stands in place of a withheld sentence."""
REACH: Final = 3
"""Words between a group's name and a person's."""
DASHED: Final = 4
"""Words before a dash in which a person is named."""
_DASHES: Final = ("\u2014", "\u2013", " -")
COLOUR_REACH: Final = 1
"""The same where the name is a colour, too."""
_SENTENCE = re.compile(r"[^.!?。！？؟\n]*(?:[.!?。！？؟]+(?=\s|$|[\"'»”）)])[\"'»”）)]*|[。！？]|\n|$|[.!?؟])\s*")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
CJK = re.compile("[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_COLOURS: Final = frozenset(
    ("black", "white", "brown", "yellow", "red", "dark", "light", "fair", "negro", "negra", "blanco", "blanca",
     "noir", "noire", "blanc", "blanche", "schwarz", "schwarze", "schwarzer", "weiß", "weiße", "weißer", "siyah",
     "beyaz", "черный", "белый", "чёрный")
)  # fmt: skip
_SOMEBODY: Final = r"(?:wo)?man|person|boy|girl|child|lady|guy|gentleman|figure|couple|one"
_PLACED = re.compile(
    rf"\b(?:{_SOMEBODY}) (?:on|at|to|in) the (?:far |very )?(?:left|right|front|back|middle|cent(?:er|re)|foreground)\b"
    rf"|\b(?:on|to|at) the (?:far )?(?:left|right)(?: side)?,? (?:is |stands |sits |there (?:is|are) )?"
    rf"(?:an?|two|three|another) (?:[\w-]+ ){{0,4}}?(?:{_SOMEBODY}|men|women|people)\b"
    r"|\b(?:in|at) the (?:foreground|background) (?:is|are|stands?|sits?)\b"
    r"|\b(?:homme|femme|personne|fille|garçon) (?:à|de) (?:gauche|droite)\b"
    r"|\b(?:hombre|mujer|persona|chica|chico) (?:a|de) la (?:izquierda|derecha)\b"
    r"|\b(?:mann|frau|person|mädchen|junge) (?:links|rechts|im vordergrund|im hintergrund)\b"
    r"|\b(?:мужчина|женщина|человек|девушка|парень) (?:слева|справа|на переднем плане|на заднем плане)\b"
    r"|(?:左|右)(?:边|侧|面)的?(?:那[个位])?(?:男|女|人|青年|老人|孩)"
    r"|\b(?:sol|sağ)da(?:ki)? (?:adam|kadın|kişi|erkek|kız)\b"
    r"|(?:رجل|امرأة|شخص|الرجل|المرأة|الشخص)(?: الذي| التي)? (?:على|إلى) (?:اليسار|اليمين)"
)
"""Where somebody stands in a picture: texts that speak of one need not call it so."""
BOTH: Final = frozenset(("et blanc", "y blanco", "y blanca", "und weiß", "and white", "e branco", "ve beyaz"))
_COPULA_BEFORE: Final = ("is", "are", "was", "be", "est", "es", "ist", "being")


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text without some of its sentences."""

    text: str
    attribute: str
    count: int
    whole: bool
    """Nothing is left of it."""


@cache
def _words() -> dict[str, frozenset[str]]:
    raw = kept.table(os.path.join(os.path.dirname(__file__), "data", "answers.toml"))  # noqa: PTH118, PTH120
    return {name: frozenset(section["words"]) for name, section in raw.items()}


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence begins and ends, blanks after it included."""
    at = 0
    while at < len(text):
        found = _SENTENCE.match(text, at)
        stop = found.end() if found and found.end() > at else len(text)
        yield at, stop
        at = stop


def withhold(text: str, *, sure: bool) -> Withheld | None:
    """Return a text without the sentences that attribute a group to a pictured person; None: there are none.

    ``sure`` says that a picture was shown to whoever wrote it; without, the text itself must speak of one.
    """
    if not sure and not pictured(text):
        return None
    kept_parts: list[str] = []
    attribute = ""
    count = 0
    left = False
    for start, stop in sentences(text):
        sentence = text[start:stop]
        said = attributed(sentence.strip()[:2_000])
        if not said:
            kept_parts.append(sentence)
            left = left or bool(sentence.strip())
            continue
        attribute = attribute or said
        count += 1
        body = sentence.rstrip()
        if not kept_parts or not kept_parts[-1].startswith(WITHHELD):
            kept_parts.append(WITHHELD + sentence[len(body) :])
    return Withheld("".join(kept_parts), attribute, count, not left) if count else None


def pictured(text: str) -> bool:
    """Say whether a text speaks of a picture itself."""
    low = text.lower()
    cues = _words()["pictured_cues"]
    return (
        _PLACED.search(low) is not None
        or any(word in cues for word in WORD.findall(low))
        or any(c in low for c in cues if not c.isascii())
    )


@lru_cache(maxsize=4_096)
def attributed(sentence: str) -> str:
    """Return the attribute that a sentence states of somebody, else empty."""
    sentence = plain(sentence)
    lexicon = naming.lens().lexicon
    data = sentence.encode("utf-8", "replace")
    places = lexicon.context.find(data)
    groups = [
        (lexicon.terms[i], start, stop) for i, start, stop in places if lexicon.terms[i].kind in ("group", "compound")
    ]
    if not groups:
        return ""
    low = sentence.lower()
    if any(f" {mark} " in f" {low} " for mark in _words()["others_words"] if " " in mark):
        return ""
    languages = {(start, stop) for i, start, stop in places if lexicon.terms[i].kind == "language"}
    for term, start, stop in groups:
        before = data[:start].decode("utf-8", "replace").lower()
        name = data[start:stop].decode("utf-8", "replace")
        after = data[stop:].decode("utf-8", "replace").lower()
        if term.kind == "compound" and not term.person:
            continue
        if _of_somebody(name, before, after, colour=name.lower() in _COLOURS, tongue=(start, stop) in languages):
            return term.attribute
    return ""


def _of_somebody(name: str, before: str, after: str, *, colour: bool, tongue: bool) -> bool:
    """Say whether a group's name is said of a person."""
    words = _words()
    if CJK.search(name):
        if after.startswith(tuple(words["joined_things"])):
            return False
        near = after[:6]
        return any(word in near for word in words["joined_after"]) or (
            name.endswith(("人", "族")) and _seeming(before[-12:])
        )
    behind = WORD.findall(after[:120])[: REACH + 1]
    inner = WORD.findall(name.lower())
    if len(inner) > 1 and not words["person_nouns"].isdisjoint(inner):
        # "homme noir", "femme arabe" say of whom themselves; "homme noir et blanc" is a film's
        return " ".join(behind[:2]) not in BOTH and not tight_thing(behind)
    ahead = WORD.findall(before[-120:])[-REACH - 1 :]
    if behind and (behind[0] in words["things"] or (len(behind) > 1 and f"{behind[0]} {behind[1]}" in words["things"])):
        return False
    reach = COLOUR_REACH if colour else REACH
    tight = after[:1] in (" ", "-", "\u2011")
    nouns = words["person_nouns"]
    if tight and any(w in nouns for w in behind[:reach]):
        stopper = next((i for i, w in enumerate(behind[:reach]) if w in words["things"]), reach)
        if any(w in nouns for w in behind[:stopper]):
            return True
    if ahead and ahead[-1] in words["copulas"]:
        return True
    if (
        before.rstrip().endswith(_DASHES)
        and not behind
        and any(w in nouns for w in WORD.findall(before[-60:])[-DASHED:])
    ):
        # "мужчина на фото — узбек": a dash says that he is
        return True
    if len(ahead) > 1 and " ".join(ahead[-2:]) in ("to be", "origin is", "ethnicity is", "race is", "nationality is"):
        return True
    if any(w in words["names_attribute"] for w in ahead[-REACH:]) and not tongue_only(tongue, ahead):
        return True
    # "the man is Uyghur", "elle est arabe"
    if len(ahead) > 1 and ahead[-1] in _COPULA_BEFORE and any(w in nouns for w in ahead[:-1]):
        return not behind or behind[0] not in words["things"]
    # "un homme noir", "рядом мужчина узбек"
    return (
        bool(ahead)
        and ahead[-1] in nouns
        and ahead[-1] not in ("he", "she", "they", "her", "him", "er", "sie", "il")
        and not tight_thing(behind)
    )


def tongue_only(tongue: bool, ahead: list[str]) -> bool:
    """Say whether a name beside ``language`` is a language's."""
    return tongue and any(w in ("language", "languages", "langue", "sprache", "idioma", "dil", "язык") for w in ahead)


def tight_thing(behind: list[str]) -> bool:
    """Say whether what follows a group's name is a thing."""
    return bool(behind) and behind[0] in _words()["things"]


def _seeming(before: str) -> bool:
    return any(word in before for word in ("是", "像", "可能", "似乎", "看起来", "应该", "属于", "为"))
