"""Rules on what is done to people: alerts, searches, prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.interpret.evidence import CLOSE, QUESTION
from untag.interpret.rules.base import PROSE_ROLES, Rule

if TYPE_CHECKING:
    from untag.interpret.evidence import Weighing


WORDS: Final = 4
"""Words that make a question, in scripts with spaces."""


class AlertRule(Rule):
    """An alarm, watch list or rule that fires when a person of a group is seen.

    This is the form that does the gravest harm: the picture of a person sets off an
    action against that person. Alarm enums, rule files, alert configuration and
    documentation of such alarms all count.

    Raised by: alarm, warning, watch-list and control words (报警, 布控) in the same
    structure as the attribute or the group, and a camera, face or person. Lowered by:
    prohibition, news, race as a sport.
    """

    id = "UT201"
    name = "alert-rule"
    operation = "alerts"
    hits = (
        (
            "rules.yaml",
            "rules:\n  - name: street camera\n    alert_when: face.ethnicity == 'minority'\n    notify: guard_post\n",
        ),
        (
            "events.h",
            "enum AlarmType {\n  ALARM_FACE_STRANGER = 1,\n  ALARM_ETHNIC_GATHER = 2, // 维族人员聚集报警\n};\n",
        ),
    )

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.act == "alerts" or weighing.case.term.operation == "alerts"

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"alert joined to {weighing.case.named}"


class PersonSearch(Rule):
    """A search or filter over people in pictures by a group.

    Request parameters, filter fields, query builders and search screens that narrow
    faces or persons by the attribute.

    Raised by: search, filter, query, retrieval words (检索) at the attribute, and a face
    or person record. Lowered by: forms, document fields, aggregate statistics.
    """

    id = "UT202"
    name = "person-search"
    operation = "searches"
    hits = (
        (
            "search.ts",
            "interface PersonSearchFilter {\n  ageRange?: number[];\n  glasses?: boolean;\n  ethnicity?: string;\n  faceImage: string;\n}\n",
        ),
    )

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.act == "searches"

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"search or filter by {weighing.case.named}"


class Prompt(Rule):
    """A prompt that asks a model for the group of a person in a picture.

    Questions to vision-language models, zero-shot class lists ("a photo of a … person")
    and prompt templates with the attribute as a blank.

    Raised by: question or template form, a picture and a person in the same text.
    Lowered by: benchmarks of fairness (reported as audits), image *generation*, a
    person's words about themselves.
    """

    id = "UT301"
    name = "prompt"
    operation = "prompts"
    hits = (
        ("ask.py", 'PROMPT = "What is the ethnicity of the person in this picture? Answer in one word."\n'),
        ("zero_shot.py", 'labels = ["a photo of a Uyghur person", "a photo of a Han Chinese person"]\n'),
    )
    misses = (("ask.py", 'PROMPT = "What is the age of the person in this picture?"\n'),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        span = weighing.case.span
        if weighing.act == "prompts" and weighing.act_level in CLOSE:
            return True
        if span.role not in ("string", "item", "value", *PROSE_ROLES):
            return False
        text = span.statement if span.role in PROSE_ROLES else span.text
        asks = bool(QUESTION.search(text)) and (len(text.split()) >= WORDS or not text.isascii())
        if span.role in PROSE_ROLES and not text.rstrip().endswith(("?", "？", "؟")) and "{" not in text:
            return False
        seen = weighing.case.seen("statement" if span.role in PROSE_ROLES else "token")
        return asks and bool(seen.has("pictured") or (seen.has("vision") and seen.has("person")))

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return "a prompt asks for it" if weighing.case.term.kind != "group" else "a prompt offers groups to choose from"
