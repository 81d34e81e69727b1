"""The report as JUnit XML: a suite for each file, a case for each finding, an error for each gap.

What would fail the scan is a failure; what the policy lets pass is a skipped case, so that it
is counted and read. The suite ``coverage`` has one case that fails with an error when nothing was read.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from untag.policy.base import severity
from untag.sinks.base import joined, ordered, ordered_gaps, ordered_notices
from untag.sinks.text import safe
from untag.sinks.words import MEANING, coverage

if TYPE_CHECKING:
    from typing import TextIO

    from untag.model import Decision, Gap, Report

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})


def render(report: Report, out: TextIO, *, fail_on: str = "block") -> None:
    """Write the report; findings at or above ``fail_on`` are failures, as for the status."""
    decisions = ordered(report)
    gaps = ordered_gaps(report)
    least = severity(fail_on)
    unread = not report.coverage.parsed + report.coverage.bytes
    cases = len(decisions) + len(gaps) + 1
    failures = sum(severity(decision.action) >= least for decision in decisions)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<testsuites name="untag" tests="{cases}" failures="{failures}" errors="{len(gaps) + unread}">\n')
    for trail, group in groupby(decisions, key=lambda decision: decision.finding.trail):
        _suite(joined(trail), list(group), least, out)
    if gaps:
        out.write(f'  <testsuite name="not read" tests="{len(gaps)}" failures="0" errors="{len(gaps)}">\n')
        out.writelines(map(_gap, gaps))
        out.write("  </testsuite>\n")
    out.write(f'  <testsuite name="coverage" tests="1" failures="0" errors="{int(unread)}">\n')
    problem = '      <error type="incomplete" message="nothing was read"/>\n' if unread else ""
    lines = [coverage(report.coverage), MEANING[report.status], *report.policy.leaves_out]
    lines += [f"Notice: {notice.text}" for notice in ordered_notices(report)]
    out.write(f'    <testcase classname="coverage" name="coverage">\n{problem}')
    out.write(f"      <system-out>{_lines(lines)}</system-out>\n    </testcase>\n  </testsuite>\n</testsuites>\n")


def _suite(name: str, decisions: list[Decision], least: int, out: TextIO) -> None:
    failures = sum(severity(decision.action) >= least for decision in decisions)
    skipped = sum(decision.action == "exempt" for decision in decisions)
    out.write(
        f'  <testsuite name="{_xml(name)}" tests="{len(decisions)}" failures="{failures}" errors="0"'
        f' skipped="{skipped}">\n'
    )
    out.writelines(_case(decision, name, least) for decision in decisions)
    out.write("  </testsuite>\n")


def _case(decision: Decision, file: str, least: int) -> str:
    finding = decision.finding
    named = f"{finding.rule} line {finding.line}" if finding.line else f"{finding.rule} {finding.fingerprint}"
    head = f'    <testcase classname="{_xml(file)}" name="{_xml(named)}"'
    reasons = [
        f"{item.weight:+.4g} {item.kind}: {item.text}{f' (line {item.line})' if item.line else ''}"
        for item in finding.because
    ]
    body = [finding.message, finding.excerpt, *reasons, f"policy: {decision.clause}"]
    message = _xml(f"{decision.action}: {finding.message}")
    if decision.action == "exempt":
        inner = f'<skipped message="{_xml(decision.clause)}"/>'
    elif severity(decision.action) >= least:
        inner = f'<failure type="{_xml(finding.rule)}" message="{message}">{_lines(body)}</failure>'
    else:
        inner = f"<system-out>{_lines([decision.action, *body])}</system-out>"
    return f"{head}>\n      {inner}\n    </testcase>\n"


def _gap(gap: Gap) -> str:
    name = _xml(joined(gap.trail))
    return (
        f'    <testcase classname="not read" name="{name}">\n'
        f'      <error type="{_xml(gap.reason)}" message="{_xml(gap.detail)}"/>\n    </testcase>\n'
    )


def _lines(texts: list[str]) -> str:
    return "\n".join(_xml(text) for text in texts if text)


def _xml(text: str) -> str:
    """Return text that is legal in XML 1.0, which has no way to write most control characters."""
    return safe(text).translate(_ENTITIES)
