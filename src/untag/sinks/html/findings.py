"""The findings as articles that read without a script; what the filters go by stands in ``data-k``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.model import ACTIONS, ATTRIBUTES, CONFIDENCES, OPERATIONS
from untag.sinks.html import telling
from untag.sinks.html.text import esc, shown
from untag.sinks.html.wording import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from untag.model import Decision, Finding, Spot
    from untag.sinks.html.dossier import Dossier

_PLAIN = ("en", "zxx", "und")
"""Languages whose excerpts are mostly code or English: no ``lang`` of their own."""
_ALSO = 10
"""Further places written out; the others are counted."""
_REASON = 600


def articles(dossier: Dossier, tags: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    """Yield one article a finding, over all sheets; ``tags`` are the languages that the filter knows.

    ``names`` gives the name of each rule that is known.
    """
    attributes = {name: number for number, name in enumerate(ATTRIBUTES)}
    operations = {name: number for number, name in enumerate(OPERATIONS)}
    actions = {name: number for number, name in enumerate(ACTIONS)}
    confidences = {name: number for number, name in enumerate(CONFIDENCES)}
    known = {tag: number for number, tag in enumerate(tags)}
    count = 0
    for number, sheet in enumerate(dossier.sheets):
        for decision, tag in zip(sheet.decisions, sheet.languages, strict=True):
            count += 1
            finding = decision.finding
            keys = (
                f"{attributes[finding.attribute]} {operations[finding.operation]} {actions[decision.action]}"
                f" {confidences[finding.confidence]} {known[tag]} {number}"
            )
            yield f'<article id=f{count} data-k="{keys}">{article(decision, tag, names)}</article>\n'


def article(decision: Decision, tag: str, names: Mapping[str, str]) -> str:
    """Return the inside of one finding's article."""
    finding = decision.finding
    parts = [
        f"<h3><span class=a-{decision.action}>{decision.action}</span> {esc(opened(finding.message))}</h3>",
        f"<p class=w>{_place(finding.trail, finding.line, finding.end_line)}",
    ]
    if finding.route:
        parts.append(f"<p class=r>in <bdi>{esc(' → '.join(finding.route))}</bdi>")
    parts.append(_excerpt(finding, tag))
    if finding.gloss:
        parts.append(f"<p class=g dir=auto>In English: {esc(finding.gloss)}")
    parts.append(_reasons(finding))
    if finding.also:
        parts.append(f"<p class=o>Also at {_also(finding)}")
    parts.append(f"<p class=c>Policy: {esc(decision.clause)}")
    if decision.waiver:
        parts.append(f"<p class=c>Waived: {esc(decision.waiver)}")
    parts.append(f"<p class=i>{esc(telling.finding_facts(decision, tag, names))}")
    return "".join(parts)


def _place(trail: tuple[str, ...], line: int, end_line: int = 0) -> str:
    path = "<i> ▸ </i>".join(f"<bdi>{esc(part, 600)}</bdi>" for part in trail)
    if not line:
        return path
    return f"{path}, lines {line:,}–{end_line:,}" if end_line > line else f"{path}, line {line:,}"


def _excerpt(finding: Finding, tag: str) -> str:
    mark = f' lang="{esc(tag)}"' if tag not in _PLAIN else ""
    before, term, after = telling.marked(shown(finding.excerpt), shown(finding.term))
    inner = f"{esc(before)}<mark>{esc(term)}</mark>{esc(after)}" if term else esc(before)
    return f"<blockquote dir=auto{mark}>{inner}</blockquote>"


def _reasons(finding: Finding) -> str:
    """Return the reasons for and against, the weightiest first."""
    lists = []
    for title, sign, items in (
        ("For", "+", telling.weighed(finding, speaking_for=True)),
        ("Against", "−", telling.weighed(finding, speaking_for=False)),
    ):
        if items:
            rows = "".join(
                f"<li><b>{sign}{abs(item.weight):.4g}</b> {esc(telling.reason(item, finding.line), _REASON)}"
                for item in items
            )
            lists.append(f"<div><h4>{title}</h4><ul>{rows}</ul></div>")
    return f"<div class=y>{''.join(lists)}</div>" if lists else ""


def _also(finding: Finding) -> str:
    spots = finding.also[:_ALSO]
    told = [_spot(spot, finding.trail) for spot in spots]
    if len(finding.also) > len(spots):
        told.append(f"{len(finding.also) - len(spots):,} more places")
    return "; ".join(told)


def _spot(spot: Spot, trail: tuple[str, ...]) -> str:
    if spot.trail == trail and spot.line:
        return f"line {spot.line:,}"
    return _place(spot.trail, spot.line)
