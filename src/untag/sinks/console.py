"""The report for a terminal: by file, each finding with its reasons, then what was and was not read.

Everything that comes from an artifact is escaped first (`untag.sinks.text`). The caller
says how wide the terminal is and whether it takes colour; nothing here asks the machine.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from untag.sinks.base import joined, ordered, ordered_gaps, ordered_notices, placed
from untag.sinks.text import amount, columns, cut, isolate, plain, safe, wrap
from untag.sinks.words import MEANING, REASONS, coverage, policy, tally

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import TextIO

    from untag.model import Decision, Evidence, Finding, Report
    from untag.sinks.base import RuleInfo

_STYLE: Final = {
    "block": "1;31",
    "warn": "1;33",
    "inform": "36",
    "exempt": "32",
    "clean": "1;32",
    "blocked": "1;31",
    "incomplete": "1;33",
    "file": "1",
    "term": "1;4",
    "dim": "2",
}
_GAPS: Final = 10
"""Gaps listed one by one unless ``verbose`` asks for all: the counts by reason stand above them."""
_ALSO: Final = 5
_NARROW: Final = 40
_TERSE: Final = ("block", "warn")


def wants_colour(environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Return whether to colour: NO_COLOR forbids it, FORCE_COLOR asks for it, else only on a terminal."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return terminal and environ.get("TERM") != "dumb"


def render(
    report: Report,
    out: TextIO,
    *,
    colour: bool = False,
    width: int = 100,
    verbose: bool = False,
    show: Collection[str] = _TERSE,
    limit: int | None = None,
    rules: Mapping[str, RuleInfo] | None = None,
) -> None:
    """Write the report.

    ``show`` names the actions whose findings are written in full, the others are counted;
    ``verbose`` shows all of them, and every gap and place; ``limit`` ends the list early, aloud;
    ``rules`` gives the rules their names.
    """
    page = _Page(out, colour=colour, width=max(width, _NARROW), verbose=verbose, rules=rules or {})
    decisions = ordered(report)
    wanted = [decision for decision in decisions if verbose or decision.action in show]
    listed = wanted if limit is None else wanted[:limit]
    for trail, group in groupby(listed, key=lambda decision: decision.finding.trail):
        page.line(page.paint("file", plain(joined(trail))))
        for decision in group:
            page.finding(decision)
        page.line()
    page.summary(report, decisions, unlisted=len(wanted) - len(listed), hidden=_hidden(decisions, wanted))


def _hidden(decisions: list[Decision], wanted: list[Decision]) -> Counter[str]:
    return Counter(d.action for d in decisions) - Counter(d.action for d in wanted)


class _Page:
    """Writes lines, with or without colour."""

    def __init__(self, out: TextIO, *, colour: bool, width: int, verbose: bool, rules: Mapping[str, RuleInfo]) -> None:
        self.out = out
        self.colour = colour
        self.width = width
        self.verbose = verbose
        self.rules = rules

    def line(self, text: str = "") -> None:
        """Write one line; what it holds is safe already."""
        self.out.write(f"{text}\n")

    def paint(self, style: str, text: str) -> str:
        """Return text in a style, where there is colour."""
        return f"\x1b[{_STYLE[style]}m{text}\x1b[0m" if self.colour else text

    def block(self, text: str, indent: str, first: str = "", style: str = "") -> None:
        """Write a wrapped text; ``first`` opens its first line in place of the indent."""
        lead = first or indent
        for part in wrap(safe(text), self.width - columns(indent)):
            shown_part = isolate(part)
            self.line(lead + (self.paint(style, shown_part) if style else shown_part))
            lead = indent

    def finding(self, decision: Decision) -> None:
        """Write one finding: what, where, the place itself, why, and by which clause."""
        finding = decision.finding
        action = self.paint(decision.action, decision.action.upper())
        place = plain(placed(finding.trail, finding.line))
        known = self.rules.get(finding.rule)
        name = f"{finding.rule} {known.name}" if known else finding.rule
        self.line(f"  {action} {finding.confidence} confidence  {place}  {safe(name)}")
        self.block(finding.message, "    ")
        self.line(f"      {self.paint('dim', '|')} {self.excerpt(finding)}")
        if finding.gloss:
            self.block(f"in English: {finding.gloss}", "        ", style="dim")
        if finding.route:
            self.block(f"in {' → '.join(finding.route)}", "    ", style="dim")
        for item in sorted(finding.because, key=lambda item: -item.weight):
            self.reason(item)
        self.also(finding)
        self.block(f"policy: {decision.clause}", "    ", style="dim")
        self.line(f"    {self.paint('dim', f'id {safe(finding.fingerprint)}')}")

    def excerpt(self, finding: Finding) -> str:
        """Return the excerpt, cut to the line, with the term marked where there is colour."""
        text = cut(safe(finding.excerpt), self.width - 8)
        if not self.colour or not finding.term:
            return isolate(text)
        found = re.search(re.escape(safe(finding.term)), text, re.IGNORECASE)
        if found is None:
            return isolate(text)
        return isolate(text[: found.start()] + self.paint("term", found[0]) + text[found.end() :])

    def reason(self, item: Evidence) -> None:
        """Write one reason: for (+) or against (−), its weight, and the line where it stands."""
        sign = "+" if item.weight >= 0 else "−"
        where = f" (line {item.line})" if item.line else ""
        self.block(f"{item.kind}: {item.text}{where}", " " * 12, f"    {sign} {abs(item.weight):<5.4g} ")

    def also(self, finding: Finding) -> None:
        """Write the further places of a finding."""
        spots = finding.also if self.verbose else finding.also[:_ALSO]
        for spot in spots:
            self.line(f"    also at {plain(placed(spot.trail, spot.line))}")
        if len(finding.also) > len(spots):
            self.line(f"    also at {amount(len(finding.also) - len(spots), 'more place')}")

    def summary(self, report: Report, decisions: list[Decision], unlisted: int, hidden: Counter[str]) -> None:
        """Write what was found, what was read and what was not, and what the status means."""
        self.block(tally(decisions), "  ", " ")
        if unlisted:
            self.block(f"{amount(unlisted, 'finding')} not listed: the limit was reached.", "  ", " ")
        if hidden:
            counts = " and ".join(f"{count:,} {action}" for action, count in sorted(hidden.items(), reverse=True))
            self.block(f"{counts} not listed: --verbose lists them.", "  ", " ")
        self.block(coverage(report.coverage), "  ", " ")
        self.gaps(report)
        self.block(f"Policy: {policy(report)}", "  ", " ")
        for text in report.policy.leaves_out:
            self.block(text, "     ", "   - ")
        for notice in ordered_notices(report):
            self.block(f"Notice: {notice.text}", "  ", " ")
        status = self.paint(report.status, report.status.upper())
        self.block(MEANING[report.status], "  ", f" {status}, ")

    def gaps(self, report: Report) -> None:
        """Write what was not read: the reasons with their counts, then the places."""
        gaps = ordered_gaps(report)
        if not gaps:
            return
        reasons = Counter(gap.reason for gap in gaps)
        counts = ", ".join(f"{count:,} {REASONS.get(reason, reason)}" for reason, count in sorted(reasons.items()))
        self.block(f"Not read: {counts}.", "  ", " ")
        listed = gaps if self.verbose else gaps[:_GAPS]
        for gap in listed:
            self.block(f"{joined(gap.trail)}: {REASONS.get(gap.reason, gap.reason)}: {gap.detail}", "     ", "   ! ")
        if len(gaps) > len(listed):
            self.line(f"   ! and {len(gaps) - len(listed):,} more: --verbose lists them")
