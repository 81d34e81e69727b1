"""The report as SARIF 2.1.0, inside the limits of GitHub code scanning.

A finding in a container is placed on the outer file, which is what a repository has;
the member stands in ``artifacts`` with its ``parentIndex`` and among the related locations
with its own line. What a limit cuts off is stated in a notification.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from untag.model import ACTIONS
from untag.sinks.base import RuleInfo, joined, ordered, ordered_gaps, ordered_notices, whole, within
from untag.sinks.text import amount, safe
from untag.sinks.words import REASONS, coverage, policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

    from untag.model import Decision, Finding, Gap, Report

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"

RESULTS: Final = 25_000
"""GitHub refuses a run with more."""
RESULTS_SHOWN: Final = 5_000
"""GitHub keeps these, the most severe first."""
RULES: Final = 25_000
TAGS: Final = 20
LOCATIONS: Final = 1_000
"""Of one result."""
PACKED: Final = 9_000_000
"""Bytes of results once compressed; GitHub takes 10 MB of everything."""
MESSAGE: Final = 1_000
"""Characters of one message: what an alert's page shows."""
HELP: Final = 20_000
"""Characters of a rule's page."""
NOTIFICATIONS: Final = 1_000
"""Gaps stated one by one; past this their number is stated."""

_LEVEL: Final = {"block": "error", "warn": "warning", "inform": "note", "exempt": "none"}
_ROOT: Final = "%SRCROOT%"


def render(report: Report, out: TextIO, *, rules: Mapping[str, RuleInfo] | None = None) -> None:
    """Write the report; ``rules`` is the catalogue that explains each rule."""
    decisions = ordered(report)
    kept = _most_severe(decisions)
    catalogue = _catalogue(kept, rules or {})
    index = {rule.id: number for number, rule in enumerate(catalogue)}
    artifacts = _Artifacts()
    seen: Counter[str] = Counter()
    packer = zlib.compressobj(6)
    packed, results = 0, []
    for decision in kept:
        text = _encode(_result(decision, index, artifacts, seen))
        packed += len(packer.compress(text.encode())) + len(packer.flush(zlib.Z_SYNC_FLUSH))
        if packed > PACKED:
            break
        results.append(text)
    driver = {
        "name": "untag",
        "semanticVersion": report.tool_version,
        "rules": [_rule(rule) for rule in catalogue],
    }
    properties = {
        "policy": {"id": report.policy.id, "sha256": report.policy.sha256, "overlays": report.policy.overlays},
        "leavesOut": report.policy.leaves_out,
        "lexicon": {"version": report.lexicon_version, "sha256": report.lexicon_sha256},
        "status": report.status,
        "coverage": coverage(report.coverage),
    }
    write = out.write
    write(f'{{\n"$schema": {_encode(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n')
    write(f'"tool": {_encode({"driver": driver})},\n')
    write('"columnKind": "unicodeCodePoints",\n')
    write(f'"automationDetails": {_encode({"id": f"untag/{report.policy.id}/"})},\n')
    write(f'"originalUriBaseIds": {_encode({_ROOT: {"description": {"text": "The root of what was scanned."}}})},\n')
    write(f'"invocations": [{_encode(_invocation(report, len(decisions), len(results)))}],\n')
    write('"results": [' + ("\n" + ",\n".join(results) + "\n" if results else "") + "],\n")
    write(f'"artifacts": {_encode(artifacts.rows)},\n')
    write(f'"properties": {_encode(properties)}\n}}]\n}}\n')


def _encode(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _most_severe(decisions: list[Decision]) -> list[Decision]:
    """Return at most `RESULTS` decisions, the strictest ones, in report order."""
    if len(decisions) <= RESULTS:
        return decisions
    ranked = sorted(range(len(decisions)), key=lambda number: (ACTIONS.index(decisions[number].action), number))
    return [decisions[number] for number in sorted(ranked[:RESULTS])]


def _catalogue(decisions: Iterable[Decision], rules: Mapping[str, RuleInfo]) -> list[RuleInfo]:
    """Return the rules that were used, then the others of the catalogue, both by id."""
    used = sorted({decision.finding.rule for decision in decisions})
    others = sorted(set(rules) - set(used))
    bare = (rules.get(name) or RuleInfo(name, name, f"Rule {name} of untag.", "") for name in [*used, *others])
    return list(bare)[:RULES]


def _rule(rule: RuleInfo) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": _message(rule.short)},
        "fullDescription": {"text": _message(" ".join((rule.full or rule.short).split()))},
        "help": {"text": _short(rule.full or rule.short, HELP), "markdown": _short(rule.full or rule.short, HELP)},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["biometric-categorisation", "ethnic-profiling", "untag"][:TAGS]},
    }
    if rule.help_uri:
        found["helpUri"] = rule.help_uri
    return found


def _result(decision: Decision, index: Mapping[str, int], artifacts: _Artifacts, seen: Counter[str]) -> dict[str, Any]:
    finding = decision.finding
    seen[finding.fingerprint] += 1
    inside = len(finding.trail) > 1
    where = within(finding) if inside else ""
    found: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "kind": "fail",
        "level": _LEVEL[decision.action],
        "message": {"text": _message(f"{finding.message}{where} Policy: {decision.clause}")},
        "locations": [_location(finding, artifacts)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{whole(finding.fingerprint)}:{seen[finding.fingerprint]}",
            "untag/v1": whole(finding.fingerprint),
        },
        "properties": {
            "action": decision.action,
            "attribute": finding.attribute,
            "operation": finding.operation,
            "acquisition": finding.acquisition,
            "confidence": finding.confidence,
            "clause": whole(decision.clause),
            "because": [
                {"kind": item.kind, "text": whole(item.text), "line": item.line, "weight": item.weight}
                for item in finding.because
            ],
        },
    }
    related = _related(finding, artifacts)
    if related:
        found["relatedLocations"] = related
    if decision.action == "exempt":
        found["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": _short(safe(decision.clause), MESSAGE)}
        ]
    return found


def _location(finding: Finding, artifacts: _Artifacts) -> dict[str, Any]:
    """Return the main place: the file itself, or for a member its outermost container."""
    inside = len(finding.trail) > 1
    region = {"startLine": 1} if inside else _region(finding.line, finding.end_line, finding.excerpt)
    found: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": artifacts.location(finding.trail[:1]), "region": region}
    }
    names = [whole(name) for name in finding.route]
    if inside:
        names = [whole(name) for name in finding.trail[1:]] + names
    if names:
        logical = {"name": names[-1], "fullyQualifiedName": " > ".join(names)}
        found["logicalLocations"] = [logical | ({"kind": "member"} if inside else {})]
    return found


def _related(finding: Finding, artifacts: _Artifacts) -> list[dict[str, Any]]:
    """Return the member itself, with its own line, then the further places."""
    places = [(spot.trail, spot.line, spot.end_line) for spot in finding.also]
    if len(finding.trail) > 1:
        places.insert(0, (finding.trail, finding.line, finding.end_line))
    return [
        {
            "id": number,
            "physicalLocation": {"artifactLocation": artifacts.location(trail), "region": _region(line, end, "")},
            "message": {"text": _message(f"{joined(trail)} line {line}")},
        }
        for number, (trail, line, end) in enumerate(places[: LOCATIONS - 1], 1)
    ]


def _region(line: int, end_line: int, excerpt: str) -> dict[str, Any]:
    start = max(line, 1)
    region: dict[str, Any] = {"startLine": start}
    if end_line > start:
        region["endLine"] = end_line
    if excerpt:
        region["snippet"] = {"text": whole(excerpt)}
    return region


class _Artifacts:
    """The artifacts of a run, each once; a member knows its container."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.numbers: dict[tuple[str, ...], int] = {}

    def location(self, trail: tuple[str, ...]) -> dict[str, Any]:
        """Return the location of an artifact that is listed from now on."""
        trail = trail or (".",)
        number = self._number(trail)
        if len(trail) > 1:
            return {"uri": _uri(trail[-1]), "index": number}
        return {"uri": _uri(trail[0]), "uriBaseId": _ROOT, "index": number}

    def _number(self, trail: tuple[str, ...]) -> int:
        number = self.numbers.get(trail)
        if number is not None:
            return number
        row: dict[str, Any] = {"location": {"uri": _uri(trail[-1])}}
        if len(trail) > 1:
            row["parentIndex"] = self._number(trail[:-1])
        else:
            row["location"]["uriBaseId"] = _ROOT
        self.rows.append(row)
        self.numbers[trail] = len(self.rows) - 1
        return self.numbers[trail]


def _uri(path: str) -> str:
    """Return a path as a relative URI: its bytes, percent-encoded; never with a scheme or a host."""
    data = path.encode("utf-8", "surrogatepass" if _far_surrogate(path) else "surrogateescape")
    return quote(data.lstrip(b"/"), safe="/") or "."


def _far_surrogate(path: str) -> bool:
    """Whether a surrogate stands for no byte of a file name."""
    return any("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff" for char in path)


def _invocation(report: Report, findings: int, results: int) -> dict[str, Any]:
    counts = report.coverage
    read = not report.gaps and not counts.unread and counts.parsed + counts.bytes > 0
    gaps = ordered_gaps(report)
    notes = [_gap(gap) for gap in gaps[:NOTIFICATIONS]]
    if len(gaps) > len(notes):
        notes.append(_note("error", f"{amount(len(gaps) - len(notes), 'more gap')} not listed here.", "limit"))
    if results < findings:
        text = f"{findings - results:,} of {amount(findings, 'finding')} not listed: the limits of SARIF uploads."
        notes.append(_note("error", text, "truncated"))
    if results > RESULTS_SHOWN:
        notes.append(_note("warning", f"GitHub shows {RESULTS_SHOWN:,} of these results.", "truncated"))
    notes.append(_note("note", coverage(counts), "coverage"))
    notes.append(_note("note", f"Policy: {policy(report)}", "policy"))
    notes.extend(_note("note", text, "leaves_out") for text in report.policy.leaves_out)
    return {
        "executionSuccessful": read,
        "exitCode": report.exit_code(),
        "toolExecutionNotifications": notes,
        "toolConfigurationNotifications": [_note("warning", n.text, n.kind) for n in ordered_notices(report)],
    }


def _gap(gap: Gap) -> dict[str, Any]:
    text = f"{joined(gap.trail)} was not read: {REASONS.get(gap.reason, gap.reason)}: {gap.detail}"
    found = _note("error", text, gap.reason)
    if gap.trail:
        place = {"uri": _uri(gap.trail[0]), "uriBaseId": _ROOT}
        found["locations"] = [{"physicalLocation": {"artifactLocation": place}}]
    return found


def _note(level: str, text: str, kind: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _message(text)}, "descriptor": {"id": f"untag/{kind}"}}


def _message(text: str) -> str:
    """Return a plain message: SARIF makes links of ``[…](…)`` unless they are escaped."""
    plain = safe(_short(text, MESSAGE))
    return plain.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _short(text: str, most: int) -> str:
    return whole(text if len(text) <= most else text[: most - 1] + "…")
