"""What a short name says to the guard: an attribute, a group, a picture, a form, a game.

The lexicon names attributes and groups; `data/payload.toml` has the words that only payloads use. Every
distinct name is looked at once.
"""

from __future__ import annotations

import os
import re
import unicodedata
import zlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from untag import kept
from untag.interpret import naming
from untag.nouns import dataclass

if TYPE_CHECKING:
    from untag.lexicon.term import Term

SENSES: Final = {
    "pictured": "pictured",
    "vision": "vision",
    "seen_only": "seen",
    "cohort": "cohort",
    "person": "people",
    "infers": "infers",
    "searches": "searching",
    "alerts": "alerting",
    "trains": "training",
    "exports": "exporting",
    "declared": "declared",
    "identity_document": "papers",
    "audit": "counts",
    "aggregate": "counts",
    "game": "play",
    "sport": "play",
    "animal": "creatures",
    "language": "tongues",
    "cuisine": "culture",
    "travel": "culture",
    "news": "culture",
    "colour": "colours",
    "concurrency": "machines",
    "medical": "clinic",
    "genomics": "clinic",
    "name": "contact",
}
"""The lexicon's senses as the guard calls them."""
LOWERING: Final = (
    *("declared", "contact", "play", "creatures", "tongues", "culture", "colours", "machines", "counts", "papers"),
    "clinic",
)
"""Tags that give an attribute's name another meaning, or make it the person's own statement."""
LANGUAGES_TOO: Final = frozenset(("ethnicity", "nationality", "national_origin"))
"""Attributes whose groups are mostly the names of languages, too."""
LONGEST: Final = 80
"""Characters of a name or a label; what is longer is a text."""
_SPLIT = re.compile(r"[\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SELF: Final = ("self_", "selfreported", "self-", "自报", "本人申报")
_STRONG: Final = frozenset(("field", "call", "model"))
_EXTRA: Final = re.compile("[\u200b-\u200f\u2060-\u206f\u00ad\ufeff\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What one name says."""

    attribute: str = ""
    """The protected attribute that it names, else empty."""
    weight: float = 0.0
    """Points of the name alone: how little else it can mean."""
    groups: tuple[str, ...] = ()
    """Canonical names of the groups that the whole of it names."""
    of: str = ""
    """The attribute that the groups are values of."""
    colour: bool = False
    """The group is a colour's name too."""
    person: bool = False
    """A label that says it is of a person: ``Uyghur person``."""
    tags: frozenset[str] = frozenset()
    """Sections of `data/payload.toml` and senses of the lexicon that its words stand in."""
    own: bool = False
    """It says of itself that the person stated it."""


NOTHING: Final = Facts()
NONE: Final[frozenset[str]] = frozenset()
FEW: Final = 2
WORDS: Final = 5
"""Words of a name in which a group is looked for beside a word that measures."""
_FLAGS: Final = frozenset(("is", "has", "be", "likely", "maybe"))
_MARKED: Final = str.maketrans({"ı": "i", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe"})
ORIGIN: Final = "national_origin"
WORKED_OUT: Final = 1.5
"""Points of an origin that was guessed, as ``apparentOrigin``: an origin may be that of goods, too."""
BARE: Final = (
    ("bare_ethnicity", "ethnicity", 1.25),
    ("bare_race", "race", 0.75),
    ("bare_skin", "skin_tone", 1.25),
    ("bare_religion", "religion", 1.0),
)
"""Sections of names that the lexicon does not hold, with their attribute and points."""


@cache
def sections() -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    """Return, by section, its words and those of them that are beyond ASCII."""
    raw = kept.table(os.path.join(os.path.dirname(__file__), "data", "payload.toml"))  # noqa: PTH118, PTH120
    words = {name: frozenset(section["words"]) for name, section in raw.items()}
    foreign = {name: tuple(w for w in found if not w.isascii() and not _spelled(w)) for name, found in words.items()}
    return words, foreign


def _spelled(word: str) -> bool:
    """Say whether a word is one of the Latin script with marks: those have edges, and count as whole words."""
    return " " not in word and all(c < "\u0250" or c == "\u1e9e" for c in word)


def bare(word: str) -> str:
    """Return a word without its marks, as many write it in a key: ``gözlük`` → gozluk."""
    plain_word = word.translate(_MARKED)
    return "".join(c for c in unicodedata.normalize("NFKD", plain_word) if not unicodedata.combining(c))


@cache
def digest() -> str:
    """Return what tells one set of the guard's words from another: what is made from them is kept under it."""
    text = repr(sorted((name, sorted(words)) for name, words in sections()[0].items()))
    return f"{zlib.crc32(text.encode()):08x}"


@cache
def _index() -> dict[str, frozenset[str]]:
    """Return, by word, the sections that it stands in."""
    index: dict[str, set[str]] = {}
    for name, words in sections()[0].items():
        for word in words:
            index.setdefault(word, set()).add(name)
            if not word.isascii() and _spelled(word):
                index.setdefault(bare(word), set()).add(name)
    return {word: frozenset(names) for word, names in index.items()}


def plain(text: str) -> str:
    """Return a text without marks that nobody sees, in its plain width."""
    if text.isascii():
        return text
    return _EXTRA.sub("", unicodedata.normalize("NFKC", text))


def split(name: str) -> list[str]:
    """Return the words of an identifier, lower case: ``faceRectangle`` → face, rectangle."""
    return [word.lower() for word in _SPLIT.split(_HUMP.sub(" ", name)) if word]


@lru_cache(maxsize=32_768)
def facts(name: str) -> Facts:
    """Return what a key, a label, a parameter or a path says."""
    if not name or len(name) > LONGEST:
        return NOTHING
    name = _straight(name)
    words = split(name)
    index = _index()
    tags: set[str] = set()
    whole = "_".join(words)
    for word in (*words, whole, whole.replace("_", "")):
        if len(word) > 1 or word == whole:
            # a letter inside a name is no word: 1vN counts nothing
            tags |= index.get(word, NONE)
    if not name.isascii():
        low = name.lower()
        tags |= {s for s, foreign in sections()[1].items() if any(word in low for word in foreign)}
    nothing = sections()[0]["means_nothing"]
    seen = naming.lens().see(" ".join(w for w in words if w not in nothing) if nothing.intersection(words) else name)
    tags |= {tag for sense, tag in SENSES.items() if sense in seen.senses}
    if "listing" in tags:
        tags.discard("alerting")
    own = "self" in words or any(mark in name.lower() for mark in _SELF)
    attribute = "" if "judged_speech" in tags else naming.attribute_of(name)
    if attribute == "skin_tone" and "retouching" in tags:
        # skin_tone_protection: a setting of colours, and nobody's
        attribute = ""
    if not attribute and not seen.groups and not naming.lens().see(name).groups:
        if "romanised" in tags and len(words) <= FEW:
            return Facts(groups=(whole.replace("_", ""),), of="ethnicity", tags=frozenset(tags), own=own)
        if "guessed" in tags and "origins" in tags and len(words) <= WORDS:
            return Facts(ORIGIN, WORKED_OUT, tags=frozenset(tags), own=own)
        for section, named, points in BARE:
            if section in tags:
                weight = points + (1.25 if "measured" in tags else 0.0)
                return Facts(named, weight, tags=frozenset(tags), own=own)
        return _tagged(frozenset(tags), own)
    groups = naming.groups_of(name)
    if not groups and not attribute and 1 < len(words) <= WORDS:
        # is_uyghur, asian_score: a group with a word that measures it
        bare = [w for w in words if w not in _FLAGS and not index.get(w, NONE) & {"measured", "guessed"}]
        groups = naming.groups_of(" ".join(bare)) if 0 < len(bare) < len(words) else groups
    of = next(iter(groups), "")
    low_words = [w for w in words if not w.isdigit()]
    if groups and words[0] in ("non", "not"):
        groups = {a: tuple(g if g.startswith("non-") else f"non-{g}" for g in found) for a, found in groups.items()}
    return Facts(
        attribute=attribute,
        weight=_weight(name, attribute, tags, seen.slots) if attribute else 0.0,
        groups=tuple(g for found in groups.values() for g in found),
        of=of,
        colour=bool(groups) and _coloured(low_words),
        person=bool(groups) and "whole_words" in tags,
        tags=frozenset(tags),
        own=own,
    )


def _coloured(words: list[str]) -> bool:
    """Say whether a group's name is a colour's too; ``black or african american`` is not."""
    colours = sections()[0]["colour_groups"]
    rest = [word for word in words if word not in colours]
    if len(rest) == len(words) or not {"skin", "skinned"}.isdisjoint(words):
        return False
    return len(rest) < FEW or not naming.groups_of(" ".join(word for word in rest if word not in ("or", "and")))


@lru_cache(maxsize=4_096)
def _tagged(tags: frozenset[str], own: bool) -> Facts:
    """Return what a name says that is no attribute's and no group's."""
    return Facts(tags=tags, own=own)


_SPACED = re.compile(r"(?:[^\W_][ .\-_*·]){3,}[^\W_]")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _straight(name: str) -> str:
    """Return a name with its disguises undone."""
    if _SPACED.fullmatch(name):
        name = re.sub(r"[ .\-_*·]", "", name)
    elif len(name) % 4 == 0 and _BASE64.fullmatch(name) and not (name.isalpha() and name[1:].islower()):
        name = _decoded(name)
    if name.isascii():
        return name
    from untag.match.fold import fold  # noqa: PLC0415 - names beyond ASCII alone need it

    return fold(plain(name).encode("utf-8", "replace")).decode("utf-8", "replace")


def _decoded(name: str) -> str:
    """Return what base64 stands for, where that is a word; else the name itself."""
    from base64 import b64decode  # noqa: PLC0415 - rare

    try:
        text = b64decode(name, validate=True).decode("utf-8")
    except ValueError:
        return name
    return text if text.isprintable() and all(c.isalpha() or c in " -_" for c in text) else name


def _weight(name: str, attribute: str, tags: set[str], slots: tuple[Term, ...]) -> float:
    """Return the points of an attribute's name: from ``nation``, which means a country, to ``EthicCode``."""
    terms = [t for t in slots if t.attribute == attribute]
    ambiguity = {t.ambiguity for t in terms}
    points = 0.75 if ambiguity == {"high"} else 1.5
    lexicon = naming.lens().lexicon
    for index, _, _ in lexicon.anchors.find(name.encode("utf-8", "replace")):
        term = lexicon.terms[index]
        if term.attribute == attribute and (term.kind in _STRONG or term.exact):
            points = max(points, 3.5 if term.ambiguity == "low" else 2.5)
        elif term.attribute == attribute and term.kind == "compound":
            points = max(points, 3.0 if term.ambiguity == "low" else 2.0)
    if attribute == "race" and points < 1:
        points = 1.0
    if "guessed" in tags:
        points += 2.0
    if "measured" in tags:
        points += 1.25
    if "pictured" in tags or "people" in tags:
        points += 1.5
    return points


def wholly(text: str, section: str) -> bool:
    """Say whether a text is made of the words of a section, and of nothing else: ``undocumented migrants``."""
    known = sections()[0][section]
    words = split(text)
    return bool(words) and ("_".join(words) in known or all(word in known for word in words))


@lru_cache(maxsize=8_192)
def spoken(name: str) -> frozenset[str]:
    """Return the words of an identifier, in no order: what many names are asked for again and again."""
    return frozenset(split(name))


@lru_cache(maxsize=4_096)
def tags(text: str) -> frozenset[str]:
    """Return the sections that single words of a text of any length stand in."""
    index = _index()
    found = NONE.union(*(index.get(word, NONE) for word in split(text)))
    if not text.isascii():
        low = text.lower()
        found |= {s for s, foreign in sections()[1].items() if any(word in low for word in foreign)}
    return found


def path_tags(path: str) -> frozenset[str]:
    """Return the tags of a request path's parts."""
    return _path(path.partition("?")[0][:512]) if path else frozenset()


@lru_cache(maxsize=4_096)
def _path(path: str) -> frozenset[str]:
    tags: set[str] = set()
    for part in path.split("/"):
        said = facts(part).tags
        if "reporting" in said and sections()[0]["searching"].isdisjoint(split(part)):
            # results are not another search
            said -= {"searching", "exporting"}
        tags |= said
        if facts(part).attribute:
            tags.add("names an attribute")
    return frozenset(tags)


def tagged(name: str, *wanted: str) -> bool:
    """Say whether a name carries one of the tags."""
    return not facts(name).tags.isdisjoint(wanted)
