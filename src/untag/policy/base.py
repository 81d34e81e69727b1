"""The nouns of a policy: a rule, a ceiling, a source, and the pack that holds them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from untag.model import ACTIONS, PolicyInfo
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEVELS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "prohibit": ("block", "warn", "inform"),
        "restrict": ("warn", "warn", "inform"),
        "inform": ("inform", "inform", "inform"),
    }
)
"""What a level makes of a finding of high, medium and low confidence, where a rule says nothing else."""

VERIFIED: Final = ("read", "reported", "unverified")
"""How a source clause was checked: its text was read; a report about it was read; not checked."""

GROUNDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fairness_evaluation": ("alerts", "searches", "exports"),
        "bias_correction_data": ("alerts", "searches", "exports"),
        "dataset_labelling_lawful": ("alerts", "searches", "infers", "trains", "exports"),
        "self_identification": ("infers", "alerts"),
        "document_field": ("infers", "searches", "alerts"),
        "ancillary_feature": ("alerts", "exports"),
        "medical": ("alerts", "searches"),
        "security_research": ("infers",),
        "language_or_culture_content": (),
        "discussion": (),
        "negation": (),
    }
)
"""Each exemption, and the operations that it never exempts: an alarm is no bias audit."""

EXEMPT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fairness_evaluation": "an evaluation of fairness, without output about a single person",
        "bias_correction_data": "data kept to detect and correct bias",
        "dataset_labelling_lawful": "labels of a lawfully acquired data set, away from run time",
        "self_identification": "asked of the person, who answers for themselves",
        "document_field": "read from an identity document",
        "ancillary_feature": "cannot be used without the main service",
        "medical": "a clinical purpose",
        "security_research": "analysis of someone else's software, nothing is run",
        "language_or_culture_content": "about a language, a place, food or music, not about a pictured person",
        "discussion": "text about the practice, with nothing that does it",
        "negation": "it prohibits or removes the practice",
    }
)
"""The same exemptions in words, for the clause of a decision."""


Kind = tuple[str, str, str, str]
"""Attribute, operation, acquisition and confidence of a finding."""
Opinion = tuple[int, str, str]
"""The number of a layer, its action and the clause to cite."""


def severity(action: str) -> int:
    """Return how strict an action is: ``block`` 3 … ``exempt`` 0."""
    return len(ACTIONS) - 1 - ACTIONS.index(action)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a pack comes from."""

    clause: str
    quote: str = ""
    url: str = ""
    verified: str = "unverified"
    """One of `VERIFIED`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Attributes × operations × acquisitions → an action for each confidence."""

    attributes: tuple[str, ...]
    operations: tuple[str, ...]
    acquisitions: tuple[str, ...]
    high: str
    medium: str
    low: str
    clause: str
    """What a decision cites."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A finding that matches is never decided above ``action``. An empty criterion matches everything."""

    action: str
    clause: str
    rules: tuple[str, ...] = ()
    """Shell patterns over `Finding.rule`."""
    operations: tuple[str, ...] = ()
    acquisitions: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    """Any of these in `Finding.exemptions`."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One pack as it was written: the base of a policy, or an overlay."""

    id: str
    title: str
    jurisdiction: str
    in_force: str
    """ISO date, empty when the text has none."""
    level: str
    overlay: bool
    """It cannot stand alone: it only grants exemptions, adds rules or adds warnings to a base."""
    rules: tuple[Rule, ...]
    ceilings: tuple[Ceiling, ...]
    exemptions: frozenset[str]
    """Grounds that exempt a finding from this layer's own rules."""
    grants: frozenset[str]
    """Grounds that exempt a finding from every layer's rules."""
    interpretation: tuple[tuple[str, str, str], ...]
    """``(attribute, read as, note)``: what the text does not name. ``read as`` is empty: outside the text."""
    leaves_out: tuple[str, ...]
    notes: tuple[str, ...]
    """Further facts, shown with the pack and not with every result."""
    sources: tuple[Source, ...]
    sha256: str
    """Of the pack's own bytes."""


class Opinions:
    """The strictest rule of each layer for each kind of finding: deciding is one look-up after the first."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._known: dict[Kind, tuple[Opinion, ...]] = {}

    def of(self, kind: Kind) -> tuple[Opinion, ...]:
        """Return (layer, action, clause) of each layer that has a rule for the kind, in their order."""
        known = self._known.get(kind)
        if known is None:
            found = (_strictest(number, layer, kind) for number, layer in enumerate(self._layers))
            known = self._known[kind] = tuple(opinion for opinion in found if opinion)
        return known


def _strictest(number: int, layer: Layer, kind: Kind) -> Opinion | None:
    """Return the strictest that a layer says of a kind of finding, the first of several."""
    attribute, operation, acquisition, confidence = kind
    best: Opinion | None = None
    for rule in layer.rules:
        if operation not in rule.operations or acquisition not in rule.acquisitions:
            continue
        action = getattr(rule, confidence)
        for named, clause in _read_as(layer, rule):
            if named == attribute and (best is None or severity(action) > severity(best[1])):
                best = (number, action, clause)
    return best


def _read_as(layer: Layer, rule: Rule) -> Iterable[tuple[str, str]]:
    """Yield the attributes of a rule and those that are read as one of them, with the clause to cite."""
    for attribute in rule.attributes:
        yield attribute, rule.clause
    for attribute, read_as, note in layer.interpretation:
        if read_as in rule.attributes and attribute not in rule.attributes:
            yield attribute, f"{rule.clause}; by interpretation: {note}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A base pack and its overlays, ready to decide."""

    layers: tuple[Layer, ...]
    """The base first, then the overlays in the order in which they were named."""
    grants: frozenset[str]
    """Grounds that any overlay grants explicitly."""
    sha256: str
    """Of the base when it stands alone, else of the layers' digests in order."""
    index: Opinions = field(repr=False, compare=False)
    """What the layers' rules say of each kind of finding."""

    @property
    def id(self) -> str:
        """The base pack's id."""
        return self.layers[0].id

    @property
    def info(self) -> PolicyInfo:
        """What a report says of this policy."""
        base, *overlays = self.layers
        extra = [f"{layer.id}: {text}" for layer in overlays for text in layer.leaves_out]
        return PolicyInfo(
            id=base.id,
            sha256=self.sha256,
            title=base.title,
            leaves_out=(*base.leaves_out, *extra),
            overlays=tuple(layer.id for layer in overlays),
        )
