"""The report as GitLab Code Quality JSON.

Code Quality and not the SAST report: it shows in the merge request on every tier, and it needs no
clock, whereas SAST schema 15 demands the times at which a scan began and ended, so that no two
reports of the same bytes would be the same. A gap is an entry of its own.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from untag.sinks.base import joined, ordered, ordered_gaps, whole, within
from untag.sinks.text import safe
from untag.sinks.words import REASONS

if TYPE_CHECKING:
    from typing import TextIO

    from untag.model import Decision, Gap, Report

_SEVERITY: Final = {"block": "blocker", "warn": "major", "inform": "info", "exempt": "info"}


def render(report: Report, out: TextIO) -> None:
    """Write the report: one entry a line."""
    seen: set[str] = set()
    rows = [_finding(decision, seen) for decision in ordered(report)]
    rows += [_gap(gap, seen) for gap in ordered_gaps(report)]
    if not report.coverage.parsed + report.coverage.bytes:
        text = "Nothing was read: this is no clean result."
        rows.append(_entry("untag/incomplete", text, (".", 1), severity="major", identity="", seen=seen))
    texts = [json.dumps(row, ensure_ascii=False, separators=(", ", ": ")) for row in rows]
    out.write("[\n" + ",\n".join(texts) + "\n]\n" if texts else "[]\n")


def _finding(decision: Decision, seen: set[str]) -> dict[str, Any]:
    finding = decision.finding
    inside = len(finding.trail) > 1
    where = within(finding) if inside else ""
    text = f"{decision.action}: {finding.message}{where} {decision.clause}"
    path = finding.trail[0] if finding.trail else "."
    line = 1 if inside else max(finding.line, 1)
    severity = _SEVERITY[decision.action]
    identity = finding.fingerprint
    return _entry(f"untag/{finding.rule}", text, (path, line), severity=severity, identity=identity, seen=seen)


def _gap(gap: Gap, seen: set[str]) -> dict[str, Any]:
    text = f"{joined(gap.trail)} was not read: {REASONS.get(gap.reason, gap.reason)}: {gap.detail}"
    path = gap.trail[0] if gap.trail else "."
    identity = joined((*gap.trail, gap.reason))
    return _entry("untag/not-read", text, (path, 1), severity="major", identity=identity, seen=seen)


def _entry(
    check: str, text: str, place: tuple[str, int], *, severity: str, identity: str, seen: set[str]
) -> dict[str, Any]:
    """Return one entry; GitLab drops the second of two with one fingerprint."""
    number = 0
    while True:
        seed = f"{check}\n{identity}\n{number}".encode("utf-8", "backslashreplace")
        fingerprint = hashlib.sha256(seed).hexdigest()[:32]
        if fingerprint not in seen:
            break
        number += 1
    seen.add(fingerprint)
    return {
        "description": safe(text),
        "check_name": safe(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": whole(place[0]), "lines": {"begin": place[1]}},
    }
