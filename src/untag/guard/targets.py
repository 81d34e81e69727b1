"""Texts inside requests that are no prompts: lists with commas, and query languages."""

from __future__ import annotations

import itertools
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from untag.guard import registry
from untag.guard.signs import CODES
from untag.guard.words import Facts, facts, wholly
from untag.interpret import naming
from untag.nouns import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"[^,;|，、；]+")
_COMPARED = re.compile(
    r"[\"'`\[]?(?P<name>[A-Za-z_][\w.]{1,40}|[\u0400-\u04ff_]{3,24}|[\u3400-\u9fff]{1,8})[\"'`\]]?\s*"
    r"(?P<how>=~|={1,3}|!=|<>|:|~|\blike\b|\bin\b|\bis\b|\bcontains\b|\beq(?:uals?)?\b|等于|为)\s*[(\[{]?\s*[\"'`%]?"
    r"(?=(?P<value>[^\W_](?:[\w \-]{0,38}[^\W_])?))",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"(?P<name>[A-Za-z_]\w{1,40}|[\u0400-\u04ff_]{3,24}|[\u3400-\u9fff]{1,8})(?:/text\(\))?\s*(?:\[\s*(?:\.|text\(\)|@[Vv]alue)\s*"
    r"|\)\s*|(?=,))(?P<how>!?=|,)\s*(?:'|\"|&quot;|&apos;)(?=(?P<value>[^\W_](?:[\w \-]{0,38}[^\W_])?))"
)
"""A comparison in XPath: ``//Face/Race[. = "…"]``, ``contains(//Race, "…")``."""
_PATH = re.compile(r"//|/\w+:|\[@|\[\.")
_STATEMENT = re.compile(
    r"\bselect\b.{1,400}\bfrom\b|\bwhere\b|\{[^{}]{1,200}\{|\bmatch\s*\(", re.IGNORECASE | re.DOTALL
)
_SELECTION = re.compile(r"\s*(?:(?:query|mutation|subscription|fragment)\b[^{}]{0,200})?\{")
"""How a selection of fields begins: ``{ faces { age } }``, ``query Q($id: ID!) {``."""
_COMPARES = re.compile(r"\b(?:where|like|in|is|eq(?:uals?)?|contains)\b|等于|为", re.IGNORECASE)
_OPERATOR = re.compile(r"([A-Za-z_]\w{2,40})\s*:\s*\{\s*_?(?:eq|neq|ne|in|nin|like|ilike|is|not|equals|contains)\s*:")
_OPENS = re.compile(r"(?:(?P<name>\w{2,40})\s*:\s*)?\{|\}")
_LONE = re.compile(
    r"\s*[\w.]{3,40}\s?(?:={1,3}|!=|<>|~|:(?=\S)|\s(?:eq|ne)\s)\s?"
    r"[\"'%]?[^\W\d][\w-]{2,40}+(?: [\w-]{1,40}+){0,3}[\"'%]?"
    r"(?:\s?(?:&&|;|,|\band\b)\s?[\w.]{1,40}+\s?(?:[=<>!~:]{1,3}+|\w{2}\s)\s?[\"']?[\w:.-]{1,40}+[\"']?){0,6}\s?",
    re.IGNORECASE,
)
"""A text that is a condition and nothing else: ``political_leaning=opposition``."""
_UNSAID: Final = frozenset(("none", "null", "false", "unknown", "any", "all", "asc", "desc", "hidden", "undefined"))
INSIDE: Final = 1.5
"""Points of a comparison that stands in the braces of a person."""
CODED: Final = 3.0
"""Points of a name that means nothing else, as ``EthicCode``: a comparison with it is no sentence."""
SURELY: Final = ("political_opinion", "sexual_orientation", "trade_union", "caste", "migrant_status")
"""Attributes whose names are of nothing but people, so that any value of them is a person's."""
LONE: Final = 1.5
"""Points of such a name from which a condition may have any value."""
APART: Final = 60
"""Characters between a comparison of a name and that of its value."""
BRACES: Final = 600
"""Characters before a comparison in which braces are looked for."""
NEAR: Final = 200
"""Characters before a comparison in which a filter begins."""
SLIP: Final = 7
"""Letters of a name that may be misspelt and still be known."""
_LISTED = re.compile(r"[(\[{]")
"""What opens the values of a condition: a sentence has none."""
_FILTERS = re.compile(r"\b(?:filter|where|having|find|search|match)\b", re.IGNORECASE)
_FLAGS: Final = ("1", "true", "yes", "on")
_WRITTEN: Final = ("appearance", "ethnicity", "ethnic_group", "complexion", "descent", "ancestry", "heritage")
LONGEST: Final = 200
"""Characters of a list with commas."""


@dataclass(frozen=True, slots=True)
class Queried:
    """A comparison of an attribute in a query language, with its points."""

    attribute: str
    points: float
    dress: bool = False
    """It names such dress as a religion is told by."""


def parts(text: str, *, length: int = 40, blanks: int = 3) -> list[tuple[int, int]]:
    """Return where the entries of a list with commas stand, blanks around them left out; empty for a sentence.

    ``length`` characters and ``blanks`` blanks has an entry at most: no name of an attribute or a label has more.
    """
    if text.isalnum() and len(text) <= length:
        return [(0, len(text))]
    if len(text) > LONGEST * (1 + (length > LONGEST // 4)) or "\n" in text:
        return []
    places: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(text):
        raw = found.group()
        name = raw.strip()
        if not name or len(name) > length or name.count(" ") > blanks:
            return []
        start = found.start() + len(raw) - len(raw.lstrip())
        places.append((start, start + len(name)))
    return places


def queried(text: str) -> Iterator[Queried]:
    """Yield each comparison of an attribute in a text that is written in a query language."""
    if text.isalnum() and text.isascii():
        return
    if not any(mark in text for mark in ("=", ":", "~", "<>", "{")) and not _COMPARES.search(text):
        return
    statement = bool(_STATEMENT.search(text))
    for found in _COMPARED.finditer(text):
        compared = _compared(found, text, statement=statement)
        if compared is not None:
            yield compared
    for found in _STEP.finditer(text) if _PATH.search(text) else ():
        compared = _compared(found, text, statement=True)
        if compared is not None:
            yield compared
    for found in _OPERATOR.finditer(text):
        said = facts(found[1])
        if said.attribute and not said.own:
            held = INSIDE if _of_people(text[: found.start()][-BRACES:]) else 0.0
            yield Queried(said.attribute, said.weight + 2.0 + held + _topic(text))
    yield from _paired(text)


def _lone(text: str) -> bool:
    """Say whether a text is a condition and nothing else."""
    return len(text) <= LONGEST and _LONE.fullmatch(text) is not None


def selection(text: str) -> bool:
    """Say whether a text selects fields as GraphQL does."""
    return bool(_SELECTION.match(text) and _STATEMENT.search(text))


def selected(name: str, text: str) -> Queried | None:
    """Return what the selection of a field says, or None."""
    said = facts(name)
    if not said.attribute or said.own:
        return None
    return Queried(said.attribute, said.weight + 1.0 + _topic(text))


def _of_people(before: str) -> bool:
    """Say whether a filter's braces that are still open are those of a person: ``where:{person:{…``."""
    opened: list[str] = []
    for found in _OPENS.finditer(before):
        if found.group() == "}":
            del opened[-1:]
        else:
            opened.append(found["name"] or "")
    return any(facts(name).tags & {"people", "pictured"} for name in opened)


def _paired(text: str) -> Iterator[Queried]:
    """Yield what a pair of comparisons says: ``[?(@.name=='race' && @.value!='white')]``."""
    compared = list(_COMPARED.finditer(text))
    for first, second in itertools.pairwise(compared):
        if second.start() - first.end() > APART:
            continue
        names = [facts(each["name"].rpartition(".")[2]).tags for each in (first, second)]
        said = facts(first["value"])
        if "pair_names" in names[0] and "pair_values" in names[1] and said.attribute and not (said.groups or said.own):
            yield Queried(said.attribute, said.weight + 2.0 + _topic(text))


def _compared(found: re.Match[str], text: str, *, statement: bool) -> Queried | None:
    """Return what a comparison says of a group, or None."""
    name, written = found["name"], found["value"]
    said = facts(name.rpartition(".")[2])
    if said.own:
        return None
    if facts(name).tags & {"culture", "tongues", "play", "creatures"}:
        # calendar.religion is that of a holiday
        return None
    first = written.split()[0].lower()
    value = facts(written)
    standing = wholly(written, "standing") or wholly(first, "standing")
    if not value.groups:
        value = facts(first)
    if wholly(written, "dress") and facts(name).tags & {"people", "pictured", "appearance", "seen"}:
        return Queried("religion", 0.0, dress=True)
    flag = first in _FLAGS
    between = text[found.end("how") : found.start("value")]
    worded = found["how"].lower() in ("is", "in", "like", "contains") and not _LISTED.search(between)
    if said.attribute:
        if "coded" in said.tags and not worded and CODES.fullmatch(written):
            said = replace(said, attribute="ethnicity", weight=max(said.weight, 1.5))
        filtered = flag and not first.isdigit() and bool(_FILTERS.search(text[: found.start()][-NEAR:]))
        toned = said.attribute == "skin_tone" and "colour_groups" in facts(first).tags
        lone = said.attribute in SURELY and first not in _UNSAID and said.weight >= LONE and _lone(text)
        if lone and not value.groups:
            return Queried(said.attribute, said.weight + 1.0 + 1.5 + _topic(text))
        if not value.groups and not filtered and not toned and not (first.isdigit() or len(written) <= 3):  # noqa: PLR2004 - a code
            return None
        if worded and not statement and said.weight < CODED:
            return None
        return Queried(said.attribute, said.weight + (1.0 if value.groups else 0.0) + 1.5 + _topic(text))
    if said.groups and flag and not (said.colour and not said.person) and said.of != "nationality":
        # is_uyghur = 1
        return Queried(said.of, 2.25 + 1.5 + _topic(text))
    if not worded and "appearance" in facts(name).tags and registry.place(written):
        return Queried(registry.ATTRIBUTE, 2.0 + 1.5 + _topic(text))
    if worded or not (value.groups or standing):
        return None
    return _valued(name, value, text)


def _valued(name: str, value: Facts, text: str) -> Queried | None:
    """Return a comparison whose value names a group, under a name that says how somebody looks or who it is."""
    if value.colour and not (value.person or value.groups[0].startswith("non-")):
        return None
    tags = facts(name).tags
    if tags & {"tongues", "culture", "colours", "contact", "declared"} or not (
        tags & {"appearance", "people", "pictured"} or alike(name)
    ):
        return None
    negated = any(g.startswith("non-") for g in value.groups)
    points = 1.0 + (1.0 if negated or value.person else 0.0) + (0.75 if tags & {"people", "pictured"} else 0.0)
    return Queried(value.of or value.attribute or "political_opinion", points + 1.5 + _topic(text))


def alike(name: str) -> bool:
    """Say whether a name is a slip of the pen for one of those under which people are described: ``apperance``."""
    word = name.rpartition(".")[2].lower()
    return len(word) >= SLIP and bool(get_close_matches(word, _WRITTEN, 1, 0.86))


def _topic(text: str) -> float:
    """Return points for what a query is about: faces raise, statistics and games lower."""
    seen = naming.lens().see(text[:1_000])
    points = 1.5 if seen.has("pictured", "vision") else 0.75 if seen.has("person") else 0.0
    lowers = ("aggregate", "audit", "declared", "game", "sport", "animal", "language", "cuisine", "genomics", "medical")
    return points - (2.5 if seen.has(*lowers) else 0.0)


def worded(text: str) -> bool:
    """Say whether a text has words: no picture in base64, no token."""
    if not text.isascii():
        return True
    return " " in text.strip() or len(text) < LONGEST // 4
