"""``untag explain``: one finding with all that raised and lowered it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from untag.model import Decision, Report


SHORTEST: Final = 4
"""Digits of a fingerprint that are enough to ask by."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.add_argument("fingerprint", help=f"id of the finding, or at least its first {SHORTEST} digits")
    command.add_argument("targets", nargs="*", metavar="TARGET", help="scan this instead of reading a report")
    command.add_argument("--report", metavar="FILE", help="a JSON report to look in (untag scan -f json -o FILE)")
    command.add_argument("-p", "--policy", metavar="PACK", help="policy pack for a scan (default: as untag scan)")


def run(args: argparse.Namespace) -> int:
    """Print the finding."""
    wanted = args.fingerprint.lower()
    if len(wanted) < SHORTEST:
        raise UsageError(f"{args.fingerprint} is too short: give at least {SHORTEST} digits of the id")
    report = _report(args)
    found = [d for d in report.decisions if d.finding.fingerprint.lower().startswith(wanted)]
    if not found:
        raise UsageError(f"no finding with id {args.fingerprint} there; untag scan TARGET shows the id of each")
    _use_utf8()
    for decision in found:
        _show(decision)
    return 0


def _report(args: argparse.Namespace) -> Report:
    if args.report and args.targets:
        raise UsageError("name a TARGET to scan or --report FILE, not both")
    if args.report:
        from untag.sinks.json_v1 import load  # noqa: PLC0415 - loads where it is used

        return load(Path(args.report))
    if not args.targets:
        raise UsageError("nothing to look in: name a TARGET to scan, or --report FILE")
    from untag.config import load_config  # noqa: PLC0415
    from untag.scan import scan  # noqa: PLC0415
    from untag.sources import SourceOptions  # noqa: PLC0415

    config = load_config(Path.cwd())
    return scan(
        args.targets,
        policy=args.policy or config.policy,
        overlays=config.overlays,
        waivers=config.waivers,
        options=SourceOptions(gitignore=config.gitignore, excludes=config.exclude),
        jobs=config.jobs,
        inline_waivers=config.inline_waivers,
        ocr=config.ocr,
    )


def _use_utf8() -> None:
    """Write other scripts whatever the locale says."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _show(decision: Decision) -> None:
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415
    from untag.interpret.weights import weights  # noqa: PLC0415
    from untag.sinks.base import placed  # noqa: PLC0415
    from untag.sinks.text import plain  # noqa: PLC0415

    finding = decision.finding
    rule = CATALOGUE.get(finding.rule)
    out = sys.stdout
    name = f"{finding.rule} {rule.name}" if rule else finding.rule
    out.write(f"{finding.fingerprint}  {name}\n")
    out.write(f"  {plain(finding.message)}\n")
    out.write(f"  at {plain(placed(finding.trail, finding.line))}  {plain(' → '.join(finding.route))}\n")
    out.write(f"  {plain(finding.excerpt)}\n")
    if finding.gloss:
        out.write(f"  in English: {plain(finding.gloss)}\n")
    out.write(f"  decided: {decision.action}, {plain(decision.clause)}\n\n  what speaks for and against it:\n")
    for reason in sorted(finding.because, key=lambda reason: -reason.weight):
        line = f" (line {reason.line})" if reason.line else ""
        out.write(f"  {reason.weight:+6.2f}  {plain(reason.kind)}: {plain(reason.text)}{line}\n")
    total = sum(r.weight for r in finding.because)
    limits = weights().threshold
    out.write(
        f"  {total:6.2f}  in all: {finding.confidence} confidence "
        f"(high from {limits['high']}, medium from {limits['medium']}, low from {limits['low']})\n"
    )
    for spot in finding.also:
        out.write(f"  also at {plain(placed(spot.trail, spot.line))}\n")
    out.write(f"\n  about the rule: untag rules {finding.rule}\n\n")
