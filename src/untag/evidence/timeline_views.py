"""A timeline as text and as JSON (``untag/timeline/v1``)."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from untag._version import __version__
from untag.sinks.text import columns, cut, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.evidence.timeline import Scanned, Statement, Timeline
    from untag.model import Decision

SCHEMA: Final = "untag/timeline/v1"
MARKS: Final = {"block": "█", "warn": "▓", "inform": "░"}
STATES: Final = {"holds": "holds", "broken": "broken", "open": "not decidable"}
LISTED: Final = 60
"""Statements that the console lists; JSON and the page hold all."""


def console(found: Timeline, width: int = 100) -> str:
    """Return the matrix and the verdict as text."""
    lines = [f"{plain(found.series)}: {len(found.releases)} releases, {len(found.statements)} statements"]
    lines += [f"policy {found.policy}, lexicon {found.lexicon}", ""]
    for number, release in enumerate(found.releases):
        lines.append(f"  {_row(number, release, found)}")
    lines += ["", "statements, release by release: █ block  ▓ warn  ░ inform  · none  ? not read", ""]
    room = max(width - len(found.releases) - 4, 30)
    rows = labelled(found)
    for name, statement in rows[:LISTED]:
        label = cut(plain(name), room)
        bar = "".join(cell(found, statement, n) for n in range(len(found.releases)))
        lines.append(f"  {label}{' ' * (room - columns(label))}  {bar}")
    if len(rows) > LISTED:
        lines.append(f"  and {len(rows) - LISTED} more: --format json or html holds all")
    if found.verdict:
        since = f" since {found.verdict.claim.since}" if found.verdict.claim.since else ""
        lines += ["", f"claim {found.verdict.claim.text}{since}: {STATES[found.verdict.state]}"]
        lines += [f"  {line}" for line in found.verdict.lines]
    lines += ["", "This is about the files of these releases, in what was read; it says nothing about a server."]
    return "\n".join(lines) + "\n"


def labelled(found: Timeline) -> list[tuple[str, Statement]]:
    """Return the statements, sorted, each with a label that no other has if its place tells it from them."""
    rows = sorted(found.statements, key=ranked)
    several = Counter(statement.label for statement in rows)
    return [(s.longer if several[s.label] > 1 else s.label, s) for s in rows]


def ranked(statement: Statement) -> tuple[int, int, str]:
    """Return what sorts statements: the strictest action first, then by first release."""
    worst = min(("block", "warn", "inform").index(c.action) for c in statement.cells if c)
    first = next(n for n, c in enumerate(statement.cells) if c)
    return worst, first, statement.label


def cell(found: Timeline, statement: Statement, number: int) -> str:
    """Return the mark of a statement in a release."""
    if found.releases[number].report is None:
        return "?"
    decision = statement.cells[number]
    return MARKS[decision.action] if decision else "·"


def _row(number: int, release: Scanned, found: Timeline) -> str:
    day = f"{release.date:<10}" if release.date else "no date   "
    if release.report is None:
        what = f"not scanned: {plain(release.missing)}"
    else:
        counts = counted(release.report.decisions)
        what = ", ".join(f"{counts[a]} {a}" for a in ("block", "warn", "inform") if counts[a]) or "no finding"
        if release.hidden:
            what += f"; {release.hidden} parts not read"
    state = f"  [{found.verdict.states[number]}]" if found.verdict else ""
    return f"{day}  {plain(release.version):<14} {what}{state}"


def counted(decisions: Iterable[Decision]) -> dict[str, int]:
    """Return how many findings there are of each action."""
    counts = {"block": 0, "warn": 0, "inform": 0, "exempt": 0}
    for decision in decisions:
        counts[decision.action] += 1
    return counts


def table(found: Timeline) -> dict[str, Any]:
    """Return the timeline as ``untag/timeline/v1``."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "untag", "version": __version__},
        "lexicon": found.lexicon,
        "policy": found.policy,
        "series": found.series,
        "releases": [
            {
                "version": release.version,
                "date": release.date or None,
                "dated_by": release.dated_by or None,
                "digest": release.digest or None,
                "status": release.report.status if release.report else None,
                "findings": counted(release.report.decisions) if release.report else None,
                "unread": release.hidden,
                "missing": release.missing or None,
            }
            for release in found.releases
        ],
        "statements": [_statement(found, statement) for statement in sorted(found.statements, key=ranked)],
        "claim": _claim(found),
    }


def _statement(found: Timeline, statement: Statement) -> dict[str, Any]:
    finding = statement.first.finding
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "attribute": finding.attribute,
        "operation": finding.operation,
        "message": finding.message,
        "trail": list(finding.trail),
        "route": list(finding.route),
        "releases": [
            {
                "version": found.releases[n].version,
                "action": c.action,
                "line": c.finding.line,
                "trail": list(c.finding.trail),
            }
            for n, c in enumerate(statement.cells)
            if c
        ],
    }


def _claim(found: Timeline) -> dict[str, Any] | None:
    if not found.verdict:
        return None
    return {
        "text": found.verdict.claim.text,
        "since": found.verdict.claim.since or None,
        "state": found.verdict.state,
        "verdict": list(found.verdict.lines),
        "releases": dict(zip((r.version for r in found.releases), found.verdict.states, strict=True)),
    }


def as_json(found: Timeline) -> str:
    """Return the timeline as JSON text."""
    return json.dumps(table(found), ensure_ascii=False, indent=2) + "\n"
