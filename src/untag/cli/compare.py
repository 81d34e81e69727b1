"""``untag compare``: what appeared, went, moved or changed between two reports or targets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from untag.evidence.matching import Matched
    from untag.model import Decision, Report

APPEARED: Final = 1
INCOMPLETE: Final = 3
SCHEMA: Final = "untag/comparison/v1"
EPILOG: Final = """\
examples:
  untag compare before.json after.json
  untag compare pypi:deepface==0.0.75 pypi:deepface==0.0.103
  untag compare old-sdk.zip new-sdk.zip --fail-on warn --json

exit codes: 0 nothing appeared or became stricter at the level of --fail-on, 1 something did, 2 wrong call,
3 nothing did, and something could not be read
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    import argparse  # noqa: PLC0415

    command.epilog = EPILOG
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.add_argument("old", metavar="OLD", help="a report as JSON, or a target of untag scan")
    command.add_argument("new", metavar="NEW", help="the same")
    command.add_argument(
        "--fail-on", choices=("block", "warn", "inform"), default="block", help="least action that fails"
    )
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy for targets")
    command.add_argument("--overlay", action="append", metavar="PACK", help="a further pack on top; repeatable")
    command.add_argument("--no-gitignore", action="store_true", help="scan what .gitignore leaves out, too")
    command.add_argument("--json", action="store_true", help="print the comparison as JSON")
    command.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")


def run(args: argparse.Namespace) -> int:
    """Compare, print, and judge what is new."""
    from untag.cli.attest import is_report, write  # noqa: PLC0415
    from untag.evidence.matching import match  # noqa: PLC0415
    from untag.policy.base import severity  # noqa: PLC0415

    # beside a report a JSON file is meant to be one: scanned for its own words, an empty one would be a clean release
    reports = is_report(Path(args.old)) or is_report(Path(args.new))
    old, new = (_report(args, name, meant=reports and name.endswith(".json")) for name in (args.old, args.new))
    matched = match(old.decisions, new.decisions)
    if args.json:
        import json  # noqa: PLC0415

        text = json.dumps(_table(old, new, matched), ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\n".join(_lines(old, new, matched)) + "\n"
    write(args.out, text)
    if old.lexicon_sha256 != new.lexicon_sha256 or old.policy.sha256 != new.policy.sha256:
        print(
            "untag: the two were scanned with other lexicons or policies: part of it may come from that",
            file=sys.stderr,
        )
    least = severity(args.fail_on)
    worse = [d for d in matched.appeared if severity(d.action) >= least]
    worse += [pair.new for pair in matched.pairs if pair.worse and severity(pair.new.action) >= least]
    if worse:
        return APPEARED
    return INCOMPLETE if new.status == "incomplete" else 0


def _report(args: argparse.Namespace, name: str, *, meant: bool) -> Report:
    """Read a report, or scan a target; a file that is ``meant`` to be a report is never scanned."""
    from untag.cli.attest import is_report, load_report  # noqa: PLC0415

    if is_report(Path(name)) or (meant and Path(name).is_file()):
        return load_report(Path(name))
    from untag.scan import scan  # noqa: PLC0415
    from untag.sources import SourceOptions  # noqa: PLC0415

    options = SourceOptions(gitignore=not args.no_gitignore)
    return scan(name, policy=args.policy, overlays=tuple(args.overlay or ()), options=options)


def _place(decision: Decision) -> str:
    from untag.sinks.base import placed  # noqa: PLC0415

    return placed(decision.finding.trail, decision.finding.line)


def _row(decision: Decision) -> dict[str, Any]:
    finding = decision.finding
    return {
        "fingerprint": finding.fingerprint,
        "action": decision.action,
        "rule": finding.rule,
        "attribute": finding.attribute,
        "operation": finding.operation,
        "confidence": finding.confidence,
        "trail": list(finding.trail),
        "route": list(finding.route),
        "line": finding.line,
        "message": finding.message,
    }


def _table(old: Report, new: Report, matched: Matched) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "old": {"target": old.target, "status": old.status, "findings": len(old.decisions), "gaps": len(old.gaps)},
        "new": {"target": new.target, "status": new.status, "findings": len(new.decisions), "gaps": len(new.gaps)},
        "appeared": [_row(d) for d in matched.appeared],
        "gone": [_row(d) for d in matched.gone],
        "moved": [{"old": _row(p.old), "new": _row(p.new)} for p in matched.pairs if p.moved],
        "changed": [
            {"old": _row(p.old), "new": _row(p.new), "changes": list(p.changes())} for p in matched.pairs if p.changes()
        ],
        "same": sum(not p.moved and not p.changes() for p in matched.pairs),
    }


def _lines(old: Report, new: Report, matched: Matched) -> Iterable[str]:
    from untag.sinks.text import plain  # noqa: PLC0415

    def of(title: str, sign: str, found: Iterable[Decision]) -> Iterable[str]:
        rows = list(found)
        if rows:
            yield f"\n{title}: {len(rows)}"
            for d in rows:
                yield f"  {sign} {d.action:<6} {plain(_place(d))}  {plain(d.finding.message)}"

    yield f"{plain(old.target)} → {plain(new.target)}"
    yield from of("appeared", "+", matched.appeared)
    yield from of("gone", "-", matched.gone)
    moved = [p for p in matched.pairs if p.moved]
    if moved:
        yield f"\nmoved: {len(moved)}"
        for p in moved:
            where = f"{plain(_place(p.old))} → {plain(_place(p.new))}"
            yield f"  → {p.new.action:<6} {where}  {plain(p.new.finding.message)}"
    changed = [p for p in matched.pairs if p.changes()]
    if changed:
        yield f"\nchanged: {len(changed)}"
        for p in changed:
            yield f"  ~ {p.new.action:<6} {plain(_place(p.new))}  {plain('; '.join(p.changes()))}"
    same = sum(not p.moved and not p.changes() for p in matched.pairs)
    yield f"\n{same} the same; {old.status} before, {new.status} now"
    if old.gaps or new.gaps:
        yield f"not read: {len(old.gaps)} before, {len(new.gaps)} now: nothing is said about what stands there"
