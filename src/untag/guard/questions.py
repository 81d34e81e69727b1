"""The prompts inside a request: which of its texts ask a model, or a search for people, for something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import hidden, reports, sift, stance
from untag.guard.points import strings
from untag.guard.splice import OBJECT, STRING, Node
from untag.guard.targets import worded
from untag.guard.words import NONE, facts, path_tags
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
     "text_query", "text_input", "search_query", "user_query", "natural_language", "caption_query", "request",
     "criteria_text",
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
SHORT: Final = 60
"""Characters of a short search."""
WORDS: Final = 5
"""Words of a short search; what is meant without being named takes more."""
LONGEST: Final = 100_000
FEW: Final = 2
MEMBERS: Final = 40
"""Members of a request that are looked at."""
CODED: Final = 0.7
"""Share of a text's lines that must look like those of a program."""
_SOURCE = re.compile(
    r"\s*(?:(?:async )?def \w+\(|class \w+|import [\w.{*]|from [\w.]+ import|return\b"
    r"|(?:el)?if\b.*[:{]\s*$|else\s*[:{]|for\b.*[:{]\s*$"
    r"|while\b.*[:{]\s*$|try\s*[:{]|except\b|with\b.*:\s*$|raise\b|assert\b"
    r"|@\w+|#include|#|//|/?\*|\"\"\"|func \w*|fn \w+"
    r"|(?:let|const|var|val|auto|int|void|bool|float|double|char|string|public|private|static|final|using|package|use)\b"
    r"|[\w.\[\]]+\s*(?:[-+*/|&]?=|:=)\s*\S|[\w.:]+\(.*\)\s*;?\s*$|[)}\]]+[;,)]*\s*(?:else\s*\{)?$|.*[;{}]\s*$|[-+] )"
)
"""How a line of a program begins or ends."""
_COMPARED = re.compile(r"\b(\w{1,60})\s*(?:={2,3}|!=|<>|=~|\bin\b|\.equals\()\s*[(\[{]?\s*[\"'\d]")
"""What a program compares with a text or a number."""


_ACTING: Final = frozenset(("alerting", "listing", "training"))
"""What a path does that is done seldom, and to people: such requests are looked at as they are."""


def worth(body: bytes, path: str, query: str) -> bool:
    """Say whether a request must be looked at: it has a candidate, or a prompt beside a picture."""
    if body and (
        sift.is_wide(body) or sift.candidates(body) or (b"%" in body and sift.candidates(sift.unquoted(body)))
    ):
        return True
    if body and hidden.hides(body):
        return True
    where = path + "?" + query if query else path
    if where and _named(where):
        return True
    tags = path_tags(path)
    seen = looks(tags)
    if body and tags & _ACTING:
        return True
    if body and path.rstrip("/").endswith("/analyze"):
        return True
    if query and seen:
        return True
    pictured, prompted = sift.signs(body) if body else (False, False)
    return prompted and (seen or pictured)


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


def filmed(root: Node) -> bool:
    """Say whether a key of a request names cameras or pictures."""
    return any(facts(key).tags & {"vision", "pictured"} for key in root.names[:MEMBERS])


def program(text: str) -> bool:
    """Say whether a text is the source of a program that names no group: its races are those of threads.

    Tests and patches may come to a service of faces, too; a source that names a group is judged as any text.
    """
    lines = [line for line in text[:LONGEST].splitlines() if line.strip()]
    if len(lines) < FEW or CODED * len(lines) > sum(_SOURCE.match(line) is not None for line in lines):
        return False
    if any(facts(name).attribute for name in _COMPARED.findall(text[:LONGEST])):
        return False
    seen = naming.lens().see(text[:LONGEST])
    return not (seen.groups or seen.has("proxy"))


def texts(root: Node, *, looks: bool, images: bool = False) -> Iterator[str]:
    """Yield the prompts in a request.

    ``looks`` says that it comes with pictures, or that its path speaks of them; ``images`` says that they came.
    """
    for node in strings(root):
        if plain := hidden.opened(node.text):
            # what is put in base64 is meant for a machine that reads it
            yield plain
            continue
        if not 4 <= len(node.text) <= LONGEST or not worded(node.text):  # noqa: PLR2004 - no question is shorter
            continue
        holder: Node | None = node
        while holder is not None and not holder.key:
            holder = holder.up
        if holder is None:
            if looks and root.kind == STRING and not program(node.text):
                yield node.text
            continue
        key = (reports.tensor(node) or holder.key).lower()
        above = [a for a in node.above() if a.kind == OBJECT]
        role = next((r.text for a in above if (r := a.get("role")) is not None), "")
        if key in _TOLD and above and (stance.reported(above[0], NONE) or stance.captioned(above[0])):
            # what was seen is described, and nobody asks
            continue
        if key not in _PROMPT_KEYS or role in ("assistant", "tool", "model"):
            continue
        if key in _LOOSE and not role and not images and _plain(node.text):
            continue
        if key not in _LOOSE or looks or role or key in ("inputs", "input"):
            yield node.text
