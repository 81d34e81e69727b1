"""Texts inside requests that are no prompts: lists with commas, and query languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.words import facts
from untag.interpret import naming
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"[^,;|，、；]+")
_COMPARED = re.compile(
    r"[\"'`\[]?(?P<name>[A-Za-z_][\w.]{1,40}|[\u0400-\u04ff_]{3,24}|[\u3400-\u9fff]{1,8})[\"'`\]]?\s*"
    r"(?P<how>=~|={1,3}|!=|<>|:|~|\blike\b|\bin\b|\bis\b|\bcontains\b|\beq\b|等于|为)\s*[(\[{]?\s*[\"'`%]?"
    r"(?=(?P<value>[^\W_](?:[\w \-]{0,38}[^\W_])?))",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\bselect\b.{1,400}\bfrom\b|\bwhere\b|\{[^{}]{1,200}\{|\bmatch\s*\(", re.IGNORECASE | re.DOTALL
)
_OPERATOR = re.compile(r"([A-Za-z_]\w{2,40})\s*:\s*\{\s*_?(?:eq|neq|ne|in|nin|like|ilike|is|not|equals|contains)\s*:")
CODED: Final = 3.0
"""Points of a name that means nothing else, as ``EthicCode``: a comparison with it is no sentence."""
LONGEST: Final = 200
"""Characters of a list with commas."""


@dataclass(frozen=True, slots=True)
class Queried:
    """A comparison of an attribute in a query language, with its points."""

    attribute: str
    points: float


def parts(text: str) -> list[tuple[int, int]]:
    """Return where the entries of a list with commas stand, blanks around them left out; empty for a sentence."""
    if len(text) > LONGEST or "\n" in text:
        return []
    places: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(text):
        raw = found.group()
        name = raw.strip()
        if not name or len(name) > 40 or name.count(" ") > 3:  # noqa: PLR2004 - no name of an attribute or a label
            return []
        start = found.start() + len(raw) - len(raw.lstrip())
        places.append((start, start + len(name)))
    return places


def queried(text: str) -> Iterator[Queried]:
    """Yield each comparison of an attribute in a text that is written in a query language."""
    if not any(mark in text for mark in ("=", ":", "~", "<>", "{")) and not re.search(
        r"\b(?:where|like|in|is|eq|contains)\b|等于|为", text, re.IGNORECASE
    ):
        return
    statement = bool(_STATEMENT.search(text))
    for found in _COMPARED.finditer(text):
        said = facts(found["name"].rpartition(".")[2])
        if not said.attribute or said.own:
            continue
        value = facts(found["value"])
        if not value.groups:
            value = facts(found["value"].split()[0])
        if not value.groups and not (found["value"].isdigit() or len(found["value"]) <= 3):  # noqa: PLR2004 - a code
            continue
        if found["how"].lower() in ("is", "in", "like", "contains") and not statement and said.weight < CODED:
            continue
        yield Queried(said.attribute, said.weight + (1.0 if value.groups else 0.0) + 1.5 + _topic(text))
    for found in _OPERATOR.finditer(text):
        said = facts(found[1])
        if said.attribute and not said.own:
            yield Queried(said.attribute, said.weight + 2.0 + _topic(text))
    if statement and "{" in text:
        for name in re.findall(r"[A-Za-z_]\w{2,40}", text):
            said = facts(name)
            if said.attribute and not said.own and not re.search(rf"{name}\s*[:(=]", text):
                yield Queried(said.attribute, said.weight + 1.0 + _topic(text))


def _topic(text: str) -> float:
    """Return points for what a query is about: faces raise, statistics and games lower."""
    seen = naming.lens().see(text[:1_000])
    points = 1.5 if seen.has("pictured", "vision") else 0.0
    lowers = ("aggregate", "audit", "declared", "game", "sport", "animal", "language", "cuisine", "genomics", "medical")
    return points - (2.5 if seen.has(*lowers) else 0.0)


def worded(text: str) -> bool:
    """Say whether a text has words: no picture in base64, no token."""
    if not text.isascii():
        return True
    return " " in text.strip() or len(text) < LONGEST // 4
