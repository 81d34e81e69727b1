"""The report as Markdown, for a comment on a pull request: nothing in it can act.

Whatever comes from an artifact has its punctuation written as character references, so that no
renderer takes it for a link, a picture, a tag or a table; the characters that GitHub looks for
*after* rendering (a mention, an issue number, an address) stand in an element of their own.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.sinks.base import joined, ordered, ordered_gaps, ordered_notices
from untag.sinks.text import amount, cut, plain
from untag.sinks.words import MEANING, REASONS, coverage, policy, tally

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import TextIO

    from untag.model import Decision, Report

ROOM: Final = 60_000
"""Characters of findings: GitHub refuses a comment of more than 65,536, and the rest needs its place."""
_GAPS: Final = 20
_WIDE: Final = 400
"""Columns of any one text."""
_SPLIT: Final = frozenset("@#")
_JOINT: Final = frozenset(":.")
"""These make an address only where something follows them at once."""
_MARK: Final = {"block": "🛑", "warn": "⚠️", "inform": "ℹ️", "exempt": "✅"}


def render(
    report: Report,
    out: TextIO,
    *,
    show: Collection[str] = ("block", "warn"),
    limit: int | None = None,
    verbose: bool = False,
    room: int = ROOM,
) -> None:
    """Write the report; ``show``, ``limit`` and ``verbose`` as in the console, ``room`` in characters."""
    decisions = ordered(report)
    wanted = [decision for decision in decisions if verbose or decision.action in show]
    lines = [
        f"## untag: {report.status}",
        "",
        prose(MEANING[report.status]),
        "",
        f"{prose(tally(decisions))} {prose(coverage(report.coverage))}",
        "",
    ]
    listed, left = 0, room
    for decision in wanted[:limit]:
        trail = decision.finding.trail
        part = _finding(decision)
        if not listed or wanted[listed - 1].finding.trail != trail:
            part = [f"### {code(joined(trail))}", "", *part]
        left -= sum(len(line) + 1 for line in part)
        if left < 0:
            break
        lines += part
        listed += 1
    lines += _unlisted(decisions, wanted[:listed])
    lines += _gaps(report)
    lines += [f"Policy: {prose(policy(report))}", ""]
    lines += [f"- {prose(text)}" for text in report.policy.leaves_out]
    if report.notices:
        lines += ["", "Notices:", "", *(f"- {prose(notice.text)}" for notice in ordered_notices(report))]
    out.write("\n".join(lines).rstrip("\n") + "\n")


def prose(text: str) -> str:
    """Return text that any Markdown renderer shows as it stands, in a sentence."""
    whole = plain(cut(text, _WIDE))
    around = zip(f" {whole}", whole, f"{whole[1:]} ", strict=False)
    return "".join(char if _harmless(before, char, after) else _inert(char) for before, char, after in around)


def code(text: str) -> str:
    """Return text that any Markdown renderer shows as it stands, as code."""
    return "<code>" + "".join(_reference(char) for char in plain(cut(text, _WIDE))) + "</code>"


def _harmless(before: str, char: str, after: str) -> bool:
    """Whether a character that could begin markup cannot do so here, which keeps the source readable."""
    if char == "-":
        return before.isalnum() and after.isalnum()
    if char == ":":
        return after == " "
    if char == ")":
        return not before.isdigit()
    return char == "." and after == " " and not before.isdigit()


def _inert(char: str) -> str:
    return f"<span>{_reference(char)}</span>" if char in _SPLIT or char in _JOINT else _reference(char)


def _reference(char: str) -> str:
    return char if char.isalnum() or char in " ,('/%" or not char.isascii() else f"&#{ord(char)};"


def _finding(decision: Decision) -> list[str]:
    finding = decision.finding
    action = f"{_MARK[decision.action]} **{decision.action}**, {finding.confidence} confidence"
    lines = [
        f"{action}, {f'line {finding.line}, ' if finding.line else ''}{code(finding.rule)}: {prose(finding.message)}",
        "",
        f"- {code(finding.excerpt)}" + (f", in English: {prose(finding.gloss)}" if finding.gloss else ""),
    ]
    if finding.route:
        lines.append(f"- in {code(' → '.join(finding.route))}")
    lines += [
        f"- {'+' if item.weight >= 0 else '−'}{abs(item.weight):.4g} {prose(item.kind)}: {prose(item.text)}"
        + (f" (line {item.line})" if item.line else "")
        for item in sorted(finding.because, key=lambda item: -item.weight)
    ]
    lines += [
        f"- also at {code(joined(spot.trail))} {f'line {spot.line}' if spot.line else ''}".rstrip()
        for spot in finding.also[:5]
    ]
    if len(finding.also) > 5:  # noqa: PLR2004 - the five above
        lines.append(f"- also at {amount(len(finding.also) - 5, 'more place')}")
    return [*lines, f"- policy: {prose(decision.clause)}", ""]


def _unlisted(decisions: list[Decision], listed: list[Decision]) -> list[str]:
    hidden = Counter(d.action for d in decisions) - Counter(d.action for d in listed)
    if not hidden:
        return []
    counts = ", ".join(f"{count:,} {action}" for action, count in sorted(hidden.items()))
    return [f"Not listed here: {counts}.", ""]


def _gaps(report: Report) -> list[str]:
    gaps = ordered_gaps(report)
    if not gaps:
        return []
    lines = [f"**Not read** ({len(gaps):,}):", ""]
    lines += [
        f"- {code(joined(gap.trail))}: {prose(REASONS.get(gap.reason, gap.reason))}: {prose(gap.detail)}"
        for gap in gaps[:_GAPS]
    ]
    if len(gaps) > _GAPS:
        lines.append(f"- and {len(gaps) - _GAPS:,} more")
    return [*lines, ""]
