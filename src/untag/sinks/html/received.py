"""A report that someone hands in: read once, checked, and named by the digest of the very bytes read.

The reader of the format takes what has the right keys. A page is evidence, so more is asked here:
every value has its type, no count is negative, and the status fits what the report holds.
"""

from __future__ import annotations

import hashlib
import json
import re
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Final

from untag.errors import UsageError
from untag.limits import MIB
from untag.sinks import json_v1
from untag.sinks.html.dossier import Source, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from untag.model import Finding, Report

LARGEST: Final = 512 * MIB
"""Bytes of a report: 300,000 findings; a page of that size opens in no browser."""
SHA256: Final = re.compile(r"[0-9a-f]{64}")
_HINT: Final = "was it edited by hand? make it again with untag scan --format json"


def received(data: bytes, name: str) -> tuple[Report, Source]:
    """Return the report in ``data`` and what is known of the file; ``name`` names it in errors.

    Raises `UsageError` for anything that is no whole report of version 1.
    """
    if len(data) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST // MIB} MiB: scan the parts on their own")
    report = json_v1.parse(data, name)
    for wrong in chain(_unlisted(data), _wrong(report)):
        raise UsageError(f"{name} is not a whole report: {wrong}; {_HINT}")
    same = canonical(report) == data.replace(b"\r\n", b"\n")
    return report, Source(name, hashlib.sha256(data).hexdigest(), len(data), same)


def _unlisted(data: bytes) -> Iterator[str]:
    """Yield where a text stands in place of a list: its letters would pass for the parts of a trail or a route."""
    table = json.loads(data)
    listed = [(table, ("findings", "gaps", "notices", "subjects")), (table["policy"], ("leaves_out", "overlays"))]
    listed += [(row, ("trail",)) for row in table["gaps"]]
    for row in table["findings"]:
        listed += [(row, ("groups", "trail", "route", "exemptions", "because", "also"))]
        listed += [(spot, ("trail",)) for spot in row["also"]]
    for holder, names in listed:
        yield from (f"{name} is no list" for name in names if not isinstance(holder.get(name, []), list))


def _wrong(report: Report) -> Iterator[str]:
    """Yield what is wrong with a report, the first thing first."""
    policy, counts = report.policy, report.coverage
    named = {
        "target": report.target,
        "policy id": policy.id,
        "policy sha256": policy.sha256,
        "policy title": policy.title,
        "lexicon version": report.lexicon_version,
        "lexicon sha256": report.lexicon_sha256,
        "tool version": report.tool_version,
    }
    yield from (f"{what} is no text" for what, value in named.items() if not isinstance(value, str))
    lists = {"leaves_out": policy.leaves_out, "overlays": policy.overlays}
    yield from (f"{what} is no list of texts" for what, value in lists.items() if not _texts(value))
    numbers = (counts.files, counts.size, counts.parsed, counts.bytes, counts.opaque, counts.unread)
    if not all(_count(number) for number in numbers):
        yield "coverage holds something else than counts"
    for name, version in report.readers:
        if not isinstance(name, str) or not _count(version):
            yield "a reader has no name or version"
    for gap in report.gaps:
        if not _trail(gap.trail) or not isinstance(gap.detail, str):
            yield "a gap has no place or no detail"
    for subject in report.subjects:
        if not _texts((subject.target, subject.sha256)) or not _count(subject.size):
            yield "a subject has no target, digest or size"
        elif not SHA256.fullmatch(subject.sha256):
            yield "the digest of a subject is no SHA-256"
    for notice in report.notices:
        if not _texts((notice.kind, notice.text)):
            yield "a notice is no text"
    for number, decision in enumerate(report.decisions, 1):
        if not _texts((decision.clause, decision.waiver)):
            yield f"finding {number} has no clause"
        for wrong in _wrong_finding(decision.finding):
            yield f"finding {number}: {wrong}"
    yield from _contrary(report)


def _wrong_finding(finding: Finding) -> Iterator[str]:
    named = (finding.rule, finding.term, finding.excerpt, finding.gloss, finding.message, finding.fingerprint)
    if not _texts(named):
        yield "rule, term, excerpt, gloss, message or fingerprint is no text"
    if not _trail(finding.trail) or not all(_trail(spot.trail) for spot in finding.also):
        yield "trail is no list of names"
    if not _texts((*finding.route, *finding.groups, *finding.exemptions)):
        yield "route, groups or exemptions hold something else than texts"
    lines = (finding.line, finding.end_line, *(n for spot in finding.also for n in (spot.line, spot.end_line)))
    if not all(_count(line) for line in lines):
        yield "a line is no count"
    for item in finding.because:
        if not _texts((item.kind, item.text)) or not _count(item.line):
            yield "a reason has no kind, text or line"
        if isinstance(item.weight, bool) or not isinstance(item.weight, int | float) or not isfinite(item.weight):
            yield "the weight of a reason is no number"


def _contrary(report: Report) -> Iterator[str]:
    """Yield where a report speaks against itself: that is no accident of a format."""
    counts = report.coverage
    blocked = any(decision.action == "block" for decision in report.decisions)
    if blocked and report.status != "blocked":
        yield f"its status is {report.status}, and it holds findings that block"
    if report.status == "blocked" and not report.decisions:
        yield "its status is blocked, and it holds no finding"
    if report.status == "clean" and counts.unread:
        yield f"its status is clean, and {counts.unread:,} files were not read"
    if report.status == "clean" and not counts.parsed + counts.bytes:
        yield "its status is clean, and nothing was read"
    if counts.parsed + counts.bytes + counts.opaque + counts.unread > counts.files:
        yield "its coverage counts more files than there are"


def _texts(values: Iterable[object]) -> bool:
    return not isinstance(values, str) and all(isinstance(value, str) for value in values)


def _trail(values: tuple[str, ...]) -> bool:
    return bool(values) and _texts(values)


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
