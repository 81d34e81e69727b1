"""Decide what becomes of a finding, and what becomes of a scan.

The order is fixed: a prohibition of the practice is exempt and a mention informs at most,
then the rules of each layer less its exemptions, then the ceilings, then the baseline,
then the waivers. The strictest layer wins; only an overlay's grant overrules it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.errors import UsageError
from untag.model import READ_ANYWAY, Decision
from untag.policy.base import EXEMPT_WORDS, GROUNDS, severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import date

    from untag.model import Coverage, Finding, Gap
    from untag.policy.base import Ceiling, Layer, Policy
    from untag.policy.waivers import Waiver

FAIL_ON: Final = ("block", "warn", "inform")

BASELINE: Final = "baseline"
"""The `Decision.waiver` of a finding that the baseline holds."""


def decide(
    finding: Finding, policy: Policy, waivers: Sequence[Waiver], baseline: Container[str], today: date
) -> Decision:
    """Return what the policy makes of a finding, after waivers and baseline.

    ``baseline`` holds fingerprints. ``today`` is given, never read from a clock, so that the
    same call gives the same answer; a waiver's last day still counts.
    """
    action, clause = judge(finding, policy)
    if action == "exempt":
        return Decision(finding, action, clause)
    if finding.fingerprint in baseline:
        return Decision(finding, "exempt", f"baseline; otherwise {action}: {clause}", BASELINE)
    for waiver in waivers:
        if waiver.covers(finding) and not waiver.expired(today):
            return Decision(finding, "exempt", f"{waiver.clause()}; otherwise {action}: {clause}", waiver.reason)
    return Decision(finding, action, clause)


def judge(finding: Finding, policy: Policy) -> tuple[str, str]:
    """Return the action and the clause of the policy alone, without waivers and baseline."""
    if finding.operation == "prohibits":
        return "exempt", _exempt(policy.layers[0], "negation")
    action, clause = _strictest(finding, policy)
    if finding.operation == "mentions" and severity(action) > severity("inform"):
        action, clause = "inform", f"{policy.id}: a mention does nothing by itself"
    for layer in policy.layers:
        for ceiling in layer.ceilings:
            if severity(action) > severity(ceiling.action) and _under(ceiling, finding):
                action, clause = ceiling.action, ceiling.clause
    return action, clause


def status(decisions: Iterable[Decision], gaps: Sequence[Gap], coverage: Coverage, fail_on: str = "block") -> str:
    """Return ``blocked``, ``incomplete`` or ``clean``, in that order of precedence.

    Nothing unread is ever clean: not with a gap that hides something, and not when no artifact had
    text to read.
    """
    if fail_on not in FAIL_ON:
        raise UsageError(f"unknown --fail-on {fail_on!r}; use one of {', '.join(FAIL_ON)}")
    least = severity(fail_on)
    if any(severity(decision.action) >= least for decision in decisions):
        return "blocked"
    hidden = any(gap.reason not in READ_ANYWAY for gap in gaps)
    if hidden or coverage.unread or not coverage.parsed + coverage.bytes:
        return "incomplete"
    return "clean"


def _strictest(finding: Finding, policy: Policy) -> tuple[str, str]:
    """Return the strictest opinion of the layers; a layer without a rule for it has none."""
    key = (finding.attribute, finding.operation, finding.acquisition, finding.confidence)
    best: tuple[str, str] | None = None
    for number, action, clause in policy.index.of(key):
        layer = policy.layers[number]
        ground = _exempting(layer, policy, finding) if action != "exempt" else ""
        opinion = ("exempt", _exempt(layer, ground)) if ground else (action, clause)
        if best is None or severity(opinion[0]) > severity(best[0]):
            best = opinion
    if best is not None:
        return best
    base = policy.layers[0]
    ground = _exempting(base, policy, finding)
    if ground:
        return "exempt", _exempt(base, ground)
    for layer in policy.layers:
        for attribute, _, note in layer.interpretation:
            if attribute == finding.attribute:
                return "inform", f"{layer.id} has no rule for this: {note}"
    return "inform", f"{base.id} has no rule for this: {finding.operation} {finding.attribute}, {finding.acquisition}"


def _exempting(layer: Layer, policy: Policy, finding: Finding) -> str:
    """Return the first ground that exempts a finding from a layer's rules, else an empty text."""
    for ground in finding.exemptions:
        granted = ground in layer.exemptions or ground in policy.grants
        if granted and finding.operation not in GROUNDS[ground]:
            return ground
    return ""


def _exempt(layer: Layer, ground: str) -> str:
    return f"{layer.id} exemption {ground}: {EXEMPT_WORDS[ground]}"


def _under(ceiling: Ceiling, finding: Finding) -> bool:
    return (
        (not ceiling.operations or finding.operation in ceiling.operations)
        and (not ceiling.acquisitions or finding.acquisition in ceiling.acquisitions)
        and (not ceiling.grounds or any(ground in finding.exemptions for ground in ceiling.grounds))
        and (not ceiling.rules or _matches_any(finding.rule, ceiling.rules))
    )


@lru_cache(maxsize=4096)
def _matches_any(rule: str, patterns: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few packs have a ceiling by rules

    return any(fnmatchcase(rule, pattern) for pattern in patterns)
