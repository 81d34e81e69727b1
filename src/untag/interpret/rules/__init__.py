"""The rules, in the order in which they are asked: the first that applies names the finding."""

from __future__ import annotations

from typing import Final

from untag.interpret.rules.base import Rule
from untag.interpret.rules.documents import BiasAudit, Declared, DocumentedCapability, FromNames, Prohibition
from untag.interpret.rules.named import CodedField, InferringCall, KnownModel
from untag.interpret.rules.records import DatasetLabel, FaceAttribute, LabelSet, ModelHead, StoredAttribute
from untag.interpret.rules.targets import AlertRule, PersonSearch, Prompt

RULES: Final[tuple[Rule, ...]] = (
    AlertRule(),
    PersonSearch(),
    CodedField(),
    InferringCall(),
    KnownModel(),
    Prompt(),
    LabelSet(),
    DatasetLabel(),
    StoredAttribute(),
    ModelHead(),
    FaceAttribute(),
    DocumentedCapability(),
)
"""Statements that may block."""

SPARED: Final[tuple[Rule, ...]] = (Prohibition(), BiasAudit(), Declared())
"""Statements that never block by default."""

FROM_NAMES: Final = FromNames()
"""Guesses from names, which untag-core only informs of."""

CATALOGUE: Final[dict[str, Rule]] = {rule.id: rule for rule in (*RULES, *SPARED, FROM_NAMES)}

if len(CATALOGUE) != len(RULES) + len(SPARED) + 1:
    raise ValueError("two rules have the same id")

__all__ = ["CATALOGUE", "FROM_NAMES", "RULES", "SPARED", "Rule"]
