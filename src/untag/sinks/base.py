"""What the sinks share: the order of findings, the join of a trail, and text that cannot misbehave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.model import Decision, Finding, Gap, Notice, Report

JOIN: Final = "!/"
"""Between a container and its member, where a trail is shown as one text."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What the rule catalogue says of one rule."""

    id: str
    name: str
    short: str
    """One sentence."""
    full: str
    """The rule's page, in Markdown."""
    help_uri: str = ""


def ordered(report: Report) -> list[Decision]:
    """Return the decisions in report order, whatever order they came in."""
    return sorted(report.decisions, key=_place)


def ordered_gaps(report: Report) -> list[Gap]:
    """Return the gaps in report order."""
    return sorted(report.gaps, key=lambda gap: (_trail(gap.trail), gap.reason, whole(gap.detail)))


def ordered_notices(report: Report) -> list[Notice]:
    """Return the notices in report order."""
    return sorted(report.notices, key=lambda notice: (whole(notice.kind), whole(notice.text)))


def placed(trail: Iterable[str], line: int) -> str:
    """Return a trail with its line; a place in a model or a table has none."""
    return f"{joined(trail)}:{line}" if line else joined(trail)


def within(finding: Finding) -> str:
    """Return where inside its archive a finding stands, as a remark behind its message."""
    return f" (In {joined(finding.trail[1:])}{f' line {finding.line}' if finding.line else ''}.)"


def joined(trail: Iterable[str]) -> str:
    """Return a trail as one text, for people; programs take the tuple."""
    return JOIN.join(trail)


def whole(text: str) -> str:
    """Return text that any encoder takes: a lone surrogate becomes its backslash escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _trail(trail: tuple[str, ...]) -> tuple[str, ...]:
    """Return a trail as it is written, so that a report read back keeps its order."""
    return tuple([whole(part) for part in trail])


def _place(decision: Decision) -> tuple[tuple[str, ...], int, str, str, str, str]:
    """Return what the order goes by; the operation parts those that agree in all the rest."""
    finding = decision.finding
    rule, fingerprint = whole(finding.rule), whole(finding.fingerprint)
    return _trail(finding.trail), finding.line, rule, finding.attribute, fingerprint, finding.operation
