"""The prompts inside a request: which of its texts ask a model, or a search for people, for something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.guard import sift
from untag.guard.points import strings
from untag.guard.splice import OBJECT, STRING, Node
from untag.guard.targets import worded
from untag.guard.words import path_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROMPT_KEYS: Final = frozenset(
    ("prompt", "prompts", "question", "questions", "query", "q", "instruction", "instructions", "inputs", "input",
     "text", "content", "message", "ask", "task", "negative_prompt", "system", "input_text", "search", "keyword",
     "keywords", "description", "search_text", "nl", "nlq", "utterance", "sentence", "phrase", "command", "goal",
     "text_query", "search_query", "user_query", "natural_language", "caption_query", "request", "criteria_text",
     "提示词", "问题", "检索", "запрос", "вопрос")
)  # fmt: skip
_LOOSE: Final = frozenset(
    ("text", "content", "message", "description", "task", "input", "inputs", "query", "q", "search", "keyword",
     "keywords", "search_text", "sentence", "phrase", "command", "goal", "request")
)  # fmt: skip
"""Keys that hold a prompt only beside a picture, in a conversation, or on a path that looks at pictures."""
_HAS_PROMPT = re.compile(
    rb'"(?:prompts?|questions?|query|q|instructions?|inputs?|text|messages|content|search|keywords?|description'
    rb'|nlq?|utterance|sentence|phrase|command|goal|request|[a-z]{1,12}_query)"\s*:'
)
LONGEST: Final = 100_000


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
    if body and path.rstrip("/").endswith("/analyze"):
        return True
    if query and seen:
        return True
    return bool(body) and (seen or sift.pictures(body)) and bool(_HAS_PROMPT.search(body))


def looks(tags: frozenset[str]) -> bool:
    """Say whether a path leads to pictures, or to a search for people."""
    return bool(tags & {"pictured", "vision"}) or {"people", "searching"} <= tags


@lru_cache(maxsize=4_096)
def _named(where: str) -> bool:
    """Say whether a path and its query hold a candidate, or what may hide one."""
    return "%" in where or not where.isascii() or bool(sift.candidates(where.encode("utf-8", "replace")))


def texts(root: Node, *, looks: bool) -> Iterator[str]:
    """Yield the prompts in a request; ``looks`` says that it comes with pictures, or that its path does."""
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
        if key not in _PROMPT_KEYS or role in ("assistant", "tool", "model"):
            continue
        if key not in _LOOSE or looks or role or key in ("inputs", "input"):
            yield node.text
