"""The report as JSON, version 1: what programs read, pinned by ``schemas/report-v1.schema.json``.

Key by key from the model, so that a change of the model never changes the format unseen.
Written by hand because an indented `json.dumps` is pure Python: one row of a list a line,
which also makes two reports easy to compare.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring as _str
from math import isfinite
from typing import TYPE_CHECKING, Final

from untag.errors import UsageError
from untag.model import (
    ACTIONS,
    STATUSES,
    Coverage,
    Decision,
    Evidence,
    Finding,
    Gap,
    Notice,
    PolicyInfo,
    Report,
    Spot,
    Subject,
)
from untag.sinks.base import ordered, ordered_gaps, ordered_notices, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Any, TextIO

SCHEMA: Final = "untag/report/v1"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), allow_nan=False).encode
_CHUNK: Final = 500
"""Findings written at once: few calls of ``write`` without holding the whole text."""


def render(report: Report, out: TextIO) -> None:
    """Write the report; the caller opens ``out`` as UTF-8 with line feeds for ends of lines."""
    coverage = report.coverage
    readers = dict(sorted(report.readers, key=lambda reader: whole(reader[0])))
    head = (
        ("schema", SCHEMA),
        (
            "tool",
            {
                "name": "untag",
                "version": report.tool_version,
                "readers": readers,
            },
        ),
        ("lexicon", {"version": report.lexicon_version, "sha256": report.lexicon_sha256}),
        (
            "policy",
            {
                "id": report.policy.id,
                "sha256": report.policy.sha256,
                "title": report.policy.title,
                "overlays": report.policy.overlays,
                "leaves_out": report.policy.leaves_out,
            },
        ),
        ("target", report.target),
        ("subjects", [{"target": s.target, "sha256": s.sha256, "size": s.size} for s in report.subjects]),
        ("status", report.status),
    )
    out.write("{\n")
    out.writelines(f'  "{key}": {_settle(_encode(value))},\n' for key, value in head)
    _findings(ordered(report), out)
    counts = {
        "files": coverage.files,
        "bytes": coverage.size,
        "parsed": coverage.parsed,
        "bytes_only": coverage.bytes,
        "opaque": coverage.opaque,
        "unread": coverage.unread,
    }
    out.write(f'  "coverage": {_encode(counts)},\n')
    gaps = [_encode({"trail": gap.trail, "reason": gap.reason, "detail": gap.detail}) for gap in ordered_gaps(report)]
    out.write(f'  "gaps": {_settle(_rows(gaps, 4))},\n')
    rows = [_encode({"kind": notice.kind, "text": notice.text}) for notice in ordered_notices(report)]
    out.write(f'  "notices": {_settle(_rows(rows, 4))}\n')
    out.write("}\n")


def _findings(decisions: Sequence[Decision], out: TextIO) -> None:
    if not decisions:
        out.write('  "findings": [],\n')
        return
    out.write('  "findings": [\n')
    for start in range(0, len(decisions), _CHUNK):
        chunk = ",\n".join([_finding(decision) for decision in decisions[start : start + _CHUNK]])
        out.write(_settle(chunk) + (",\n" if start + _CHUNK < len(decisions) else "\n"))
    out.write("  ],\n")


def _finding(decision: Decision) -> str:
    finding = decision.finding
    also = [
        f'{{"trail": {_list(spot.trail)}, "line": {spot.line}, "end_line": {spot.end_line or spot.line}}}'
        for spot in finding.also
    ]
    because = [
        f'{{"kind": {_str(item.kind)}, "text": {_str(item.text)}, '
        f'"line": {item.line}, "weight": {_number(item.weight)}}}'
        for item in finding.because
    ]
    return f"""\
    {{
      "fingerprint": {_str(finding.fingerprint)},
      "rule": {_str(finding.rule)},
      "attribute": {_str(finding.attribute)},
      "operation": {_str(finding.operation)},
      "acquisition": {_str(finding.acquisition)},
      "groups": {_list(finding.groups)},
      "confidence": {_str(finding.confidence)},
      "action": {_str(decision.action)},
      "clause": {_str(decision.clause)},
      "waiver": {_str(decision.waiver)},
      "trail": {_list(finding.trail)},
      "route": {_list(finding.route)},
      "line": {finding.line},
      "end_line": {finding.end_line},
      "term": {_str(finding.term)},
      "excerpt": {_str(finding.excerpt)},
      "gloss": {_str(finding.gloss)},
      "message": {_str(finding.message)},
      "exemptions": {_list(finding.exemptions)},
      "because": {_rows(because, 8)},
      "also": {_rows(also, 8)}
    }}"""


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join([_str(text) for text in texts])}]"


def _number(value: float) -> str:
    """Return the shortest text that reads back as the same number; JSON has no infinity."""
    return repr(float(value)) if isfinite(value) else "0.0"


def _settle(text: str) -> str:
    """Return JSON text that any encoder takes: a lone surrogate becomes an escaped backslash escape."""
    if text.isascii():
        return text
    import re  # noqa: PLC0415 - start-up time is a feature

    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):04x}", text)


def _rows(rows: Iterable[str], indent: int) -> str:
    """Return a JSON list with one row a line."""
    pad = " " * indent
    text = (",\n" + pad).join(rows)
    return f"[\n{pad}{text}\n{pad[2:]}]" if text else "[]"


def load(path: Path) -> Report:
    """Return the report that a file holds, as `render` wrote it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"report {path.name} cannot be read: {error.strerror or error}") from error
    return parse(data, path.name)


def parse(data: bytes, name: str = "report") -> Report:
    """Return the report in ``data``; ``name`` names it in errors."""
    try:
        table = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}") from error
    found = table.get("schema") if isinstance(table, dict) else None
    if found != SCHEMA:
        raise UsageError(f"{name} is not a report of schema {SCHEMA}: write one with untag scan --format json")
    try:
        return _report(table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{name} is not a whole report: {type(error).__name__} {error}") from error


def _report(table: dict[str, Any]) -> Report:
    policy, counts = table["policy"], table["coverage"]
    if table["status"] not in STATUSES:
        raise ValueError(f"unknown status {table['status']!r}")
    return Report(
        target=table["target"],
        status=table["status"],
        decisions=tuple(_decision(row) for row in table["findings"]),
        coverage=Coverage(
            files=counts["files"],
            size=counts["bytes"],
            parsed=counts["parsed"],
            bytes=counts["bytes_only"],
            opaque=counts["opaque"],
            unread=counts["unread"],
        ),
        gaps=tuple(Gap(tuple(row["trail"]), row["reason"], row["detail"]) for row in table["gaps"]),
        policy=PolicyInfo(
            id=policy["id"],
            sha256=policy["sha256"],
            title=policy["title"],
            leaves_out=tuple(policy["leaves_out"]),
            overlays=tuple(policy["overlays"]),
        ),
        lexicon_version=table["lexicon"]["version"],
        lexicon_sha256=table["lexicon"]["sha256"],
        tool_version=table["tool"]["version"],
        notices=tuple(Notice(row["kind"], row["text"]) for row in table["notices"]),
        readers=tuple(table["tool"]["readers"].items()),
        # reports of before have none
        subjects=tuple(Subject(row["target"], row["sha256"], row["size"]) for row in table.get("subjects", ())),
    )


def _decision(row: dict[str, Any]) -> Decision:
    if row["action"] not in ACTIONS:
        raise ValueError(f"unknown action {row['action']!r}")
    finding = Finding(
        rule=row["rule"],
        attribute=row["attribute"],
        operation=row["operation"],
        acquisition=row["acquisition"],
        groups=tuple(row["groups"]),
        confidence=row["confidence"],
        trail=tuple(row["trail"]),
        route=tuple(row["route"]),
        line=row["line"],
        end_line=row["end_line"],
        term=row["term"],
        excerpt=row["excerpt"],
        gloss=row["gloss"],
        message=row["message"],
        because=tuple(Evidence(it["kind"], it["text"], it["line"], it["weight"]) for it in row["because"]),
        fingerprint=row["fingerprint"],
        also=tuple(Spot(tuple(it["trail"]), it["line"], it["end_line"]) for it in row["also"]),
        exemptions=tuple(row["exemptions"]),
    )
    return Decision(finding, row["action"], row["clause"], row["waiver"])
