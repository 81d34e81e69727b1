"""``untag explain``: one finding with all that raised and lowered it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from untag.model import Decision, Report


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.add_argument("fingerprint", help="fingerprint of the finding, or the first 4 or more digits of it")
    command.add_argument("--report", metavar="FILE", help="a JSON report to look in (untag scan -f json -o FILE)")
    command.add_argument("targets", nargs="*", metavar="TARGET", help="scan this instead of reading a report")
    command.add_argument("-p", "--policy", default="untag-core", metavar="PACK", help="policy pack for a scan")


def run(args: argparse.Namespace) -> int:
    """Print the finding."""
    report = _report(args)
    found = [d for d in report.decisions if d.finding.fingerprint.startswith(args.fingerprint.lower())]
    if not found:
        raise UsageError(f"no finding with fingerprint {args.fingerprint}; list them with: untag scan TARGET -v")
    for decision in found:
        _show(decision)
    return 0


def _report(args: argparse.Namespace) -> Report:
    if args.report:
        from untag.sinks.json_v1 import load  # noqa: PLC0415

        return load(Path(args.report))
    if not args.targets:
        raise UsageError("nothing to look in: name a TARGET to scan, or --report FILE")
    from untag.scan import scan  # noqa: PLC0415

    return scan(args.targets, policy=args.policy)


def _show(decision: Decision) -> None:
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415
    from untag.interpret.weights import weights  # noqa: PLC0415
    from untag.sinks.text import plain  # noqa: PLC0415

    finding = decision.finding
    rule = CATALOGUE.get(finding.rule)
    out = sys.stdout
    name = f"{finding.rule} {rule.name}" if rule else finding.rule
    out.write(f"{finding.fingerprint}  {name}\n")
    out.write(f"  {plain(finding.message)}\n")
    out.write(f"  at {plain('!/'.join(finding.trail))}:{finding.line}  {plain(' → '.join(finding.route))}\n")
    out.write(f"  {plain(finding.excerpt)}\n")
    if finding.gloss:
        out.write(f"  in English: {plain(finding.gloss)}\n")
    out.write(f"  decided: {decision.action}, {plain(decision.clause)}\n\n  what speaks for and against it:\n")
    for reason in finding.because:
        out.write(f"  {reason.weight:+6.2f}  {plain(reason.kind)}: {plain(reason.text)} (line {reason.line})\n")
    total = sum(r.weight for r in finding.because)
    limits = weights().threshold
    out.write(
        f"  {total:6.2f}  in all: {finding.confidence} confidence "
        f"(high from {limits['high']}, medium from {limits['medium']}, low from {limits['low']})\n\n"
    )
