"""Words that deny or forbid a candidate where it stands: "no ethnicity", "do NOT infer race or religion"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import later

if TYPE_CHECKING:
    from untag.interpret.case import Case

PROSE: Final = frozenset(("prose", "heading", "docstring", "comment"))
"""Roles in which sentences speak; all others are code or data, with points of their own."""

DENIAL: Final = later.pattern(
    r"(?:\b(?:no|not|nor|neither|never|without|non|kein|keine|keinen|keiner|ohne|sans|aucun|aucune|sin|ning[uú]n|ninguna"
    r"|sem|nenhum|nenhuma|не|ни|без|нет)\b[\s\"'`(]{1,3}|(?:不|无|無|非|没有|沒有|未)[\s\"'`]{0,2})\Z",
    re.IGNORECASE,
)
"""Words that, directly before the attribute's name, deny it: no ethnicity, sans origine, 不含民族."""


FORBIDDEN: Final = later.pattern(
    r"\b(?:(?:do|does|must|shall|should|may|can|will) ?not|don['’]?t|doesn['’]?t|mustn['’]?t|won['’]?t|cannot|can['’]?t"
    r"|never|refuse to|refrain from|forbidden to|prohibited from|not (?:permitted|allowed) to"
    r"|ne (?:pas|jamais|doit pas|peut pas)|n['’]\w+ (?:pas|jamais)|no (?:debe|puede|infiera|inferir|se debe)"
    r"|não (?:deve|pode|infer\w+)"
    r"|darf (?:nicht|keine?)|dürfen (?:nicht|keine?)|niemals|nie"
    r"|не (?:долж\w+|следует|разреша\w+|допуска\w+|может|определя\w+)"
    r"|запреща\w+|нельзя|yasak\w*|asla)\b[^.;:!?\n]*\Z"
    r"|(?:不得|禁止|严禁|嚴禁|切勿|请勿|不允许|不允許|不应|不會|不会|してはならない|しないで)[^。；！？\n]*\Z",
    re.IGNORECASE,
)
"""Words with which a sentence forbids what it goes on to name: "do NOT infer ethnicity, nationality or religion"."""
CLAUSE: Final = 200
"""Characters before a candidate in which such words may stand."""


def forbidden(case: Case) -> bool:
    """Whether the sentence forbids or denies what it says of the candidate."""
    if case.span.role not in (*PROSE, "string", "item", "value"):
        return False
    at = case.place[0]
    before = case.around.text.data[max(case.span.start, at - CLAUSE) : at].decode("utf-8", "ignore")
    return bool(FORBIDDEN.search(before))


def denied(case: Case) -> bool:
    """Whether the candidate is denied where it stands: "no age, no gender, no ethnicity"."""
    data = case.around.text.data
    at = case.place[0]
    return bool(DENIAL.search(data[max(0, at - 24) : at].decode("utf-8", "ignore")))
