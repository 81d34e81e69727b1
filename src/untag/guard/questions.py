"""The prompts inside a request: which of its texts ask a model, or a search for people, for something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import sift, stance
from untag.guard.points import strings
from untag.guard.splice import OBJECT, STRING, Node
from untag.guard.targets import worded
from untag.guard.words import NONE, path_tags
from untag.interpret import naming

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROMPT_KEYS: Final = frozenset(
    ("prompt", "prompts", "question", "questions", "query", "q", "instruction", "instructions", "inputs", "input",
     "text", "content", "message", "ask", "task", "negative_prompt", "system", "input_text", "search", "keyword",
     "keywords", "description", "search_text", "nl", "nlq", "utterance", "sentence", "phrase", "command", "goal",
     "natural", "natural_language", "condition", "conditions", "criteria", "describe", "look_for", "looking_for",
     "rule_text", "requete", "requête", "anfrage", "sorgu", "busqueda", "búsqueda", "consulta", "descripcion",
     "beschreibung", "описание", "查询", "描述", "条件", "وصف",
     "text_query", "search_query", "user_query", "natural_language", "caption_query", "request", "criteria_text",
     "提示词", "问题", "检索", "запрос", "вопрос")
)  # fmt: skip
_LOOSE: Final = frozenset(
    ("text", "content", "message", "description", "task", "input", "inputs", "query", "q", "search", "keyword",
     "keywords", "search_text", "sentence", "phrase", "command", "goal", "request", "natural", "natural_language",
     "condition", "conditions", "criteria", "describe", "look_for", "looking_for", "rule_text", "requete", "requête",
     "anfrage", "sorgu", "busqueda", "búsqueda", "consulta", "descripcion", "beschreibung", "описание", "查询", "描述",
     "条件", "وصف")
)  # fmt: skip
"""Keys that hold a prompt only beside a picture, in a conversation, or on a path that looks at pictures."""
_TOLD: Final = frozenset(("description", "descriptions", "caption", "text", "summary"))
_HAS_PROMPT = re.compile(
    rb'"(?:prompts?|questions?|query|q|instructions?|inputs?|text|messages|content|search|keywords?|description'
    rb"|nlq?|utterance|sentence|phrase|command|goal|request|[a-z]{1,12}_query|natural(?:_language)?|conditions?|criteria"
    rb'|describe|look(?:ing)?_for|rule_text|requete|anfrage|sorgu|busqueda|consulta|descripcion|beschreibung)"\s*:'
)
SHORT: Final = 60
"""Characters of a short search."""
WORDS: Final = 5
"""Words of a short search; what is meant without being named takes more."""
LONGEST: Final = 100_000


_CUES: Final = re.compile(
    rb"(?<![a-z0-9])(?:mz(?:dm|bm|lx)?|zjmz|minzu(?:dm)?|irki?|raca)(?![a-z0-9])"
    rb"|\b(?:gay|lesbian|straight|bisexual)[ _-](?:m[ae]n|wom[ae]n|person|people|face)"
    rb"|(?:appar\w{2,4}|predicted|guessed|estimated|inferred|perceived|presumed|likely|est)[_ -]?"
    rb"(?:origin|ancestry|heritage|descent|homeland)"
    rb"|(?:origin|heritage|ancestry|descent|homeland|origine|origen|herkunft)[_ -]?"
    rb"(?:guess|est|pred|infer|appar|apar|suppos|estim|vermut|gesch)",
)
"""Keys that the lexicon does not hold: they name an attribute only by how they are made, or beside a code."""
_CUED: Final = (b"origin", b"ancestry", b"heritage", b"descent", b"homeland", b"origen", b"herkunft", b"mz", b"minzu",
                b"irk", b"raca", b"gay", b"lesbian", b"straight", b"bisexual")  # fmt: skip
"""What stands in each of them: looked for first, since it is quick."""
_ACTING: Final = frozenset(("alerting", "listing", "training"))
"""What a path does that is done seldom, and to people: such requests are looked at as they are."""


def worth(body: bytes, path: str, query: str) -> bool:
    """Say whether a request must be looked at: it has a candidate, or a prompt beside a picture."""
    if body and (
        sift.is_wide(body) or sift.candidates(body) or (b"%" in body and sift.candidates(sift.unquoted(body)))
    ):
        return True
    where = path + "?" + query if query else path
    if where and _named(where):
        return True
    tags = path_tags(path)
    seen = looks(tags)
    if body and (tags & _ACTING or _cued(body)):
        return True
    if seen and query and _cued(query.encode("utf-8", "replace")):
        return True
    if body and path.rstrip("/").endswith("/analyze"):
        return True
    if query and seen:
        return True
    return bool(body) and (seen or sift.pictures(body)) and bool(_HAS_PROMPT.search(body))


def _cued(body: bytes) -> bool:
    """Say whether a key stands in a body that the lexicon does not hold."""
    low = body.lower()
    return any(word in low for word in _CUED) and _CUES.search(low) is not None


def looks(tags: frozenset[str]) -> bool:
    """Say whether a path leads to pictures, or to a search for people."""
    return bool(tags & {"pictured", "vision"}) or {"people", "searching"} <= tags


@lru_cache(maxsize=4_096)
def _named(where: str) -> bool:
    """Say whether a path and its query hold a candidate, or what may hide one."""
    return "%" in where or not where.isascii() or bool(sift.candidates(where.encode("utf-8", "replace")))


def _plain(text: str) -> bool:
    """Say whether a search is short and names nothing that could matter: ``two women with a pram``."""
    if not text.isascii() or len(text) > SHORT or len(text.split()) > WORDS:
        return False
    seen = naming.lens().see(text)
    return not (seen.groups or seen.slots or seen.has("proxy"))


def texts(root: Node, *, looks: bool, images: bool = False) -> Iterator[str]:
    """Yield the prompts in a request.

    ``looks`` says that it comes with pictures, or that its path speaks of them; ``images`` says that they came.
    """
    for node in strings(root):
        if not 4 <= len(node.text) <= LONGEST or not worded(node.text):  # noqa: PLR2004 - no question is shorter
            continue
        holder: Node | None = node
        while holder is not None and not holder.key:
            holder = holder.up
        if holder is None:
            if looks and root.kind == STRING:
                yield node.text
            continue
        key = holder.key.lower()
        above = [a for a in node.above() if a.kind == OBJECT]
        role = next((r.text for a in above if (r := a.get("role")) is not None), "")
        if key in _TOLD and above and stance.reported(above[0], NONE):
            # what was seen is described, and nobody asks
            continue
        if key not in _PROMPT_KEYS or role in ("assistant", "tool", "model"):
            continue
        if key in _LOOSE and not role and not images and _plain(node.text):
            continue
        if key not in _LOOSE or looks or role or key in ("inputs", "input"):
            yield node.text
