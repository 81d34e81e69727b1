"""The noun of the lexicon: a term, and what it may say on its own."""

from __future__ import annotations

from typing import Final

from untag.nouns import dataclass, field

KINDS: Final = (
    "slot",  # the name of an attribute: ethnicity, 民族, skin tone
    "compound",  # a phrase that holds attribute and person or operation together: 维族人聚集报警, dominant_race
    "group",  # the name of a group; never a finding alone, whichever group it is
    "field",  # a coded field of a standard or product: EthicCode, byEthnic, fc:Complexion
    "call",  # a function or endpoint that infers, perhaps by default: DeepFace.analyze
    "model",  # the id of a model, weights file or data set: race_model_single_batch.h5, FairFace
    "proxy",  # dress, beard, registration place, names: only joined to an alert, list or search
    "context",  # never a finding: person, vision, cohort, operation, benign words
    "language",  # the name of a language: kept to lower, never to raise
)
SENSES: Final = (
    # of kind "context"; what the word speaks for
    "person",  # face, pedestrian, 人脸
    "vision",  # camera, snapshot, bounding box, embedding
    "cohort",  # age, gender, glasses, beard, emotion: siblings of a face-attribute record
    "infers",
    "searches",
    "alerts",
    "stores",
    "labels",
    "prompts",
    "trains",
    "exports",
    "documents",
    "benign",  # the topic of a text that has nothing to do with pictured people
    "language",  # language, script, i18n
    "sport",
    "game",
    "concurrency",
    "colour",
    "cuisine",
    "travel",
    "animal",
    "declared",  # forms, self_defined, HR, school
    "identity_document",
    "audit",  # fairness, bias, disparity
    "aggregate",  # statistics, census
    "medical",
    "genomics",
    "prohibits",  # not, never, removed, deny, forbid
    "news",
    "research",
    "finance",
    "text",  # sentiment, toxicity: a classifier of text, not of pictures
    "name",  # surname, given name
    "place",
)


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the lexicon's data, checked when it is loaded."""

    text: str
    """As its source spells it; identifiers in their own case (``EthicCode``)."""
    kind: str
    language: str
    """BCP 47, or ``zxx`` for identifiers and codes."""
    attribute: str
    """One of `untag.model.ATTRIBUTES`; empty for context and language."""
    ambiguity: str
    """low, medium or high: see the taxonomy. A group is always high."""
    group: str = ""
    """Canonical English name of the group, for ``group`` and compounds that name one."""
    gloss: str = ""
    """English gloss, for terms that are not English."""
    sense: str = ""
    """One of `SENSES`, for ``context``."""
    operation: str = ""
    """The operation that the term itself carries (a compound, a field, a call), else empty."""
    acquisition: str = ""
    """One of `untag.model.ACQUISITIONS` when the source fixes it."""
    person: bool = False
    """The term itself names the pictured person (``face_race``, 维族人脸)."""
    exact: bool = False
    """Case and spelling are fixed (``EthicCode``, hex ids): no case folding, no separators added."""
    benign_next: tuple[str, ...] = ()
    """Words that, directly after it, give it another meaning: race → condition, detector."""
    benign_prev: tuple[str, ...] = ()
    """Words that, directly before it, give it another meaning: arms, data, horse → race."""
    source: str = ""
    hits: tuple[str, ...] = field(default=())
    """Texts in which the matcher must find this term."""
    misses: tuple[str, ...] = field(default=())
    """Texts in which the matcher must not find this term."""
    note: str = ""
