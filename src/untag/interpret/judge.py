"""From weighed cases to findings.

A case becomes a finding when it names an attribute, a pictured person and something
that is done with it, and the points left after lowering reach a threshold. What was
lowered by a prohibition, an audit or a form, and would have been a finding without,
is reported as that: listed, never blocking.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import later
from untag.interpret.case import siblings
from untag.interpret.evidence import BY_LOOKS, CLOSE, Weighing, related
from untag.interpret.excerpt import excerpt, gloss
from untag.interpret.rules import FROM_NAMES, RULES, SPARED
from untag.interpret.weighing import begin, bounds, finish, lower, read
from untag.interpret.weights import weights
from untag.interpret.wording import MOST
from untag.lexicon.compile import split_words
from untag.limits import ALSO
from untag.model import Finding, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.interpret.case import Case
    from untag.interpret.rules import Rule

ROUTE: Final = 3
"""Parts of a route that tell findings apart: deeper places of the same scope are listed under `also`."""
FIXED: Final = ("UT104", "UT105", "UT106", "UT201", "UT202", "UT301", "UT401")
"""Rules whose shape says what is done, whatever the words around it say."""
EXEMPTION: Final = {
    "prohibits": "negation",
    "audits": "fairness_evaluation",
    "declared": "self_identification",
}
PLACE_SENSES: Final = ("sport", "game", "concurrency", "language", "animal", "colour", "cuisine")


class Verdict:
    """A weighing with the rule and the confidence that came of it."""

    __slots__ = ("confidence", "operation", "rule", "weighing")

    def __init__(self, weighing: Weighing, rule: Rule, operation: str, confidence: str) -> None:
        self.weighing = weighing
        self.rule = rule
        self.operation = operation
        self.confidence = confidence

    @property
    def hard(self) -> bool:
        """Whether the statement may block."""
        return self.rule not in (*SPARED, FROM_NAMES) and self.confidence in ("high", "medium")


def judge(cases: Iterable[Case]) -> list[Verdict]:
    """Judge the cases of one artifact together: a strong one supports the weaker ones on its attribute."""
    weighed = [begun for case in cases if _may_matter(begun := begin(case))]
    for begun in weighed:
        finish(begun)
        if _wording_decides(begun):
            read(begun)
    verdicts = {id(x): decide(x) for x in weighed}
    points = weights().support
    strong = {
        v.weighing.case.attribute: v.weighing.case.span.line
        for v in verdicts.values()
        if v and v.rule not in SPARED and v.confidence == "high"
    }
    if strong:
        for x in weighed:
            verdict = verdicts[id(x)]
            line = strong.get(x.case.attribute)
            if line is None or (verdict and verdict.hard) or not _may_be_supported(x):
                continue
            if x.score + points < weights().threshold["medium"]:
                continue
            x.support("a strong finding on it stands in the same file", line, points)
            verdicts[id(x)] = decide(x)
    return [v for x in weighed if (v := verdicts[id(x)])]


def _may_matter(begun: Weighing) -> bool:
    """Whether a case that was begun can reach any verdict, and lower it if so.

    Most cannot, and then the rest of their file need not be known.
    """
    w = weights()
    medium = w.threshold["medium"] - ROUNDING
    least = min(w.threshold["low"], medium - w.support) - ROUNDING
    if _guesses_from_names(begun.case):
        lower(begun)
        return True
    if bounds(begun)[0] < least - MOST:
        return False
    lower(begun)
    raised, left = bounds(begun)
    return left >= least - MOST or raised >= medium  # what is raised much and lowered much may be spared


def _wording_decides(weighing: Weighing) -> bool:
    """Whether the words around can lift a case to a verdict, or take one away from it."""
    if weighing.case.labelled and any(weighing.lowered.get(s, 0) >= 1 for s in PLACE_SENSES):
        return False  # a set of labels with a topic of its own says what it is
    limits = weights().threshold
    return limits["low"] - weights().support - MOST <= weighing.score < limits["high"] + MOST and _stands(weighing)


ROUNDING: Final = 1e-6
"""Points by which sums may differ that were added in another order."""


def _may_be_supported(weighing: Weighing) -> bool:
    return weighing.pictured and not any(weighing.lowered.get(s, 0) >= 1 for s in (*PLACE_SENSES, "prohibits"))


def decide(weighing: Weighing) -> Verdict | None:
    """Return the verdict of one case, or None where it says nothing about pictured people."""
    w = weights()
    if _from_names(weighing):
        return Verdict(weighing, FROM_NAMES, "infers", "medium")
    spared = _spared(weighing)
    if spared is not None:
        return spared
    if not _stands(weighing):
        return None
    confidence = w.confidence(weighing.score)
    if not confidence:
        return None
    rule = next(r for r in RULES if r.applies(weighing))
    return Verdict(weighing, rule, _operation(rule, weighing), confidence)


def _from_names(weighing: Weighing) -> bool:
    """Whether a group is guessed from names, with no pictured person in the whole file."""
    case = weighing.case
    talk = case.around.talk
    if case.term.kind in ("group", "proxy") or talk.get("pictured"):
        return False
    if any(case.seen(level).has("infers") for level in CLOSE) and _says_from_names(case):
        return True
    if not _guesses_from_names(case) or talk.get("vision", 0) > talk.get("name", 0):
        return False
    return talk.get("name", 0) >= NAMES_TALK


def _guesses_from_names(case: Case) -> bool:
    """Whether names, and words of inference, stand around a case that may be guessed from them."""
    if case.term.ambiguity == "high":
        return False
    named = any(case.seen(level).has("name") for level in (*CLOSE, "near", "path"))
    return named and any(case.seen(level).has("infers") for level in (*CLOSE, "near"))


FROM_A_NAME: Final = later.pattern(
    rb"(?i)\A[^.;!?\n]{0,40}\b(?:from|of) (?:(?:an?|the|any|given|their|his|her|your|someone'?s?|people'?s?|person'?s?"
    rb"|full|first|last|family|personal)[ -]){0,3}(?:sur|first|last)?names?\b"
)


def _says_from_names(case: Case) -> bool:
    """Whether the sentence goes on to say that the attribute is one of a name: "nationality prediction from a name"."""
    at = case.place[1]
    return bool(FROM_A_NAME.search(case.around.text.data[at : min(case.span.stop, at + 80)]))


NAMES_TALK: Final = 3
"""Words of names in a file from which on it speaks of names."""


def _operation(rule: Rule, weighing: Weighing) -> str:
    term = weighing.case.term
    if rule.id in FIXED:
        return rule.operation
    return term.operation or weighing.act or rule.operation


def _stands(weighing: Weighing) -> bool:
    """Whether a pictured person is spoken of, and a group name is joined to something."""
    if not weighing.pictured or _asks_otherwise(weighing) or _among_strings(weighing.case):
        return False
    if weighing.case.term.kind in ("group", "proxy"):
        return _group_stands(weighing)
    return weighing.case.term.kind != "model" or _tells_more(weighing.case)


def _tells_more(case: Case) -> bool:
    """Whether a known data set or model stands for the attribute here, and is not merely named.

    FairFace and UTKFace hold age and gender, too, and are cited a thousand times: unless the
    name itself says the attribute, the file must speak of it.
    """
    words = {w.lower() for w in split_words(case.term.text)}
    if words & SAYS or case.term.acquisition == "inferred_from_image":
        return True
    terms = case.around.lens.terms
    named = (*(terms[i] for i in case.around.words), *case.around.path.slots)
    return any(term.kind == "slot" and related(term.attribute, case.attribute) for term in named)


SAYS: Final = frozenset(("race", "ethnicity", "ethnic", "eth", "races", "multicultural", "demographics", "islamic"))
"""Words of a model's name that say what it tells apart."""


def _among_strings(case: Case) -> bool:
    """Whether an ambiguous word stands alone among the strings of a binary, and none of them speaks of somebody's face.

    A library of sound and film holds frames, filters and a list of genres, one of which is "Ethnic".
    """
    if case.span.role != "raw" or case.term.ambiguity == "low" or not case.span.text.strip().isalpha():
        return False
    around = [case.seen(level) for level in ("token", "statement", "note", "members", "scope", "near")]
    return not any(seen.has("pictured", "seen_only", "person") for seen in around)


def _asks_otherwise(weighing: Weighing) -> bool:
    """Whether a call that infers by default is told what to infer, and the attribute is not among it."""
    case = weighing.case
    if case.term.kind != "call":
        return False
    text = f"{case.span.statement}\n{chr(10).join(siblings(case.span))}"
    if not CHOICE.search(text):
        return False
    return not any(t.attribute == case.attribute and t.kind != "call" for t in case.around.lens.see(text).slots)


CHOICE: Final = later.pattern(r"\bactions\b|\battributes\b|\bfeatures\b|_field\b", re.IGNORECASE)
"""Names of parameters with which a caller chooses what is inferred."""


def _group_stands(weighing: Weighing) -> bool:
    """Return whether a group name is joined to more: a set of them, an alert, a search, a prompt."""
    case = weighing.case
    inner = weighing.act in ("alerts", "searches", "prompts", "infers", "labels") and weighing.act_level in CLOSE
    near = any(case.seen(level).has("pictured") for level in CLOSE) or any(
        case.seen(level).has("vision") and case.seen(level).has("person") for level in ("statement", "note", "near")
    )
    if weighing.lowered.get("animal", 0.0) >= 1:
        return False
    if case.term.kind == "proxy":
        return weighing.act in ("alerts", "searches") and weighing.act_level in CLOSE and near
    return (
        (weighing.values >= SET and (near or bool(case.around.often.has("pictured"))))
        or (inner and near)
        or _labels_pictures(weighing)
    )


SET: Final = 3
"""Groups from which on a value set says what a classifier or a data set tells apart."""


def _labels_pictures(weighing: Weighing) -> bool:
    """Whether groups are the labels of pictures, though nobody says that persons are in them."""
    case = weighing.case
    scope = case.span.scope
    if scope.kind == "assignment" and scope.parent is not None:
        scope = scope.parent
    if scope.kind not in ("labels", "row") or weighing.values < SET or case.attribute not in BY_LOOKS:
        return False
    if any(weighing.lowered.get(s, 0) >= 1 for s in (*PLACE_SENSES, "place", "travel", "genomics")):
        return False
    shown = any(case.seen(level).has("vision", "pictured") for level in (*CLOSE, "near", "path"))
    return shown or case.around.filed_with_a_model


def _spared(weighing: Weighing) -> Verdict | None:
    """Return the verdict that spares a case, where what lowers it is what the text is about."""
    w = weights()
    if weighing.raised < w.threshold["medium"] or not weighing.pictured:
        return None
    if weighing.case.term.kind in ("group", "proxy") and not _group_stands(weighing):
        return None
    for rule, kinds in (
        (SPARED[0], ("prohibits",)),
        (SPARED[1], ("audit",)),
        (SPARED[2], ("declared", "identity document")),
    ):
        points = max(weighing.lowered.get(k, 0.0) for k in kinds)
        if points >= 1 and weighing.score < w.threshold["medium"]:
            return Verdict(weighing, rule, rule.operation, w.confidence(weighing.raised) or "low")
    return None


def findings(verdicts: Iterable[Verdict], trail: tuple[str, ...]) -> list[Finding]:
    """Merge verdicts on the same statement and return the findings of one artifact, by line."""
    groups: dict[tuple[object, ...], list[Verdict]] = {}
    for verdict in verdicts:
        case = verdict.weighing.case
        route = case.span.scope.route()[:ROUTE]
        key = (verdict.rule.id, case.attribute, verdict.operation, route)
        groups.setdefault(key, []).append(verdict)
    made = [_finding(group, trail, key[3]) for key, group in groups.items()]  # type: ignore[arg-type]
    return sorted(made, key=lambda f: (f.line, f.rule, f.attribute, f.fingerprint))


def _finding(group: list[Verdict], trail: tuple[str, ...], route: tuple[str, ...]) -> Finding:
    """Make one finding of the verdicts that say the same of the same scope; the strongest speaks."""
    best = max(group, key=lambda v: (v.weighing.score, -v.weighing.case.span.line))
    case = best.weighing.case
    span = case.span
    told = [v.weighing.case for v in group if not v.weighing.case.record]
    names = sorted({g for one in told for g in (*one.groups, one.term.group) if g})
    lines = sorted({v.weighing.case.span.line for v in group} - {span.line})
    return Finding(
        rule=best.rule.id,
        attribute=case.attribute,
        operation=best.operation,
        acquisition=_acquisition(best),
        groups=tuple(names),
        confidence=best.confidence,
        trail=trail,
        route=_place(group, route),
        line=span.line,
        end_line=span.end_line,
        term=case.named,
        excerpt=excerpt(case),
        gloss=gloss(case),
        message=best.rule.message(best.weighing, best.operation),
        because=tuple(best.weighing.evidence),
        fingerprint=fingerprint(trail, route, best.rule.id, case.attribute, case.named),
        also=tuple(Spot(trail, line, line) for line in lines[:ALSO]),
        exemptions=_exemptions(best),
    )


NAMES: Final = ("member", "key", "parameter", "declaration")
"""Roles whose text names the place: the last part of a route."""


def _place(group: list[Verdict], route: tuple[str, ...]) -> tuple[str, ...]:
    """Return the route of a statement down to the strongest name in it, where there is one."""
    named = [v for v in group if v.weighing.case.span.role in NAMES and not v.weighing.case.record]
    if not named:
        return route
    best = max(named, key=lambda v: (v.weighing.score, -v.weighing.case.span.line))
    return (*route, best.weighing.case.span.text[:80])


def _acquisition(verdict: Verdict) -> str:
    case = verdict.weighing.case
    if case.term.acquisition:
        return case.term.acquisition
    if verdict.operation == "declared":
        return "document" if verdict.weighing.lowered.get("identity document") else "self_reported"
    if verdict.operation == "labels":
        return "dataset_label"
    if verdict.operation in ("prohibits", "audits", "mentions") or verdict.rule is FROM_NAMES:
        return "unknown"
    return "inferred_from_image"


def _exemptions(verdict: Verdict) -> tuple[str, ...]:
    if verdict.rule is FROM_NAMES:
        return ("name_not_picture",)
    name = EXEMPTION.get(verdict.operation)
    if name == "self_identification" and verdict.weighing.lowered.get("identity document"):
        return ("document_field",)
    return (name,) if name else ()


VERSION: Final = later.pattern(r"(?<![A-Za-z])v?\d+(?:\.\d+)+(?:[-._]?(?:a|b|rc|alpha|beta|post|dev)\.?\d*)?|\d{8}")


def fingerprint(trail: tuple[str, ...], route: tuple[str, ...], rule: str, attribute: str, term: str) -> str:
    """Return the identity of a statement that survives a release: no version, no line.

    16 hex digits of SHA-256 over the trail without version numbers, the route, the
    rule, the attribute and the term.
    """
    bare = [VERSION.sub("*", part) for part in trail]
    if len(bare) > 1:
        bare[0] = "*"  # the archive's own name changes with each release and platform
    text = "\x1f".join(("1", *bare, "\x1e", *route, "\x1e", rule, attribute, term.lower()))
    from hashlib import sha256  # noqa: PLC0415 - slow to load, and only a finding asks

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
