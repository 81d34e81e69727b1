"""The findings with what helps to find one: filters, the tree of places, the list."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from untag.model import ACTIONS, ATTRIBUTES, CONFIDENCES, OPERATIONS
from untag.sinks.html import tree
from untag.sinks.html.findings import articles
from untag.sinks.html.text import esc
from untag.sinks.html.wording import NOTHING, language, opened, share, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO

    from untag.sinks.html.dossier import Dossier


def browse(dossier: Dossier, out: TextIO, rules: Mapping[str, str]) -> None:
    """Write the section of findings."""
    count = sum(len(sheet.decisions) for sheet in dossier.sheets)
    out.write('<section id=findings aria-labelledby=findings-h tabindex="-1"><h2 id=findings-h>Findings</h2>\n')
    if not count:
        out.write(f"<p>{NOTHING}</p></section>\n")
        return
    tags = sorted({tag for sheet in dossier.sheets for tag in sheet.languages})
    out.write(_filters(dossier, tags))
    out.write("<nav class=places aria-labelledby=places-h><h3 id=places-h>Where findings stand</h3>\n")
    start = 0
    for sheet in dossier.sheets:
        if len(dossier.sheets) > 1:
            out.write(f"<p class=target><bdi>{esc(sheet.report.target, 300)}</bdi>")
        out.write(tree.render(sheet, start) if sheet.decisions else f"<p>{NOTHING}")
        start += len(sheet.decisions)
    out.write("</nav>\n<div class=listing>\n")
    out.write(f"<p id=count role=status aria-live=polite>{share(count, 'finding')}</p>\n")
    out.write("<div id=pager-top class=pager></div>\n<div id=list>\n")
    out.writelines(articles(dossier, tags, rules))
    out.write("</div>\n<div id=pager-end class=pager></div>\n</div>\n</section>\n")


def _filters(dossier: Dossier, tags: Sequence[str]) -> str:
    """Return the form; the script shows it, for without one it could do nothing."""
    decisions = [decision for sheet in dossier.sheets for decision in sheet.decisions]
    spoken = Counter(tag for sheet in dossier.sheets for tag in sheet.languages)
    attributes = Counter(decision.finding.attribute for decision in decisions)
    operations = Counter(decision.finding.operation for decision in decisions)
    actions = Counter(decision.action for decision in decisions)
    confidences = Counter(decision.finding.confidence for decision in decisions)
    fields = [
        _select("attribute", "Attribute", [(n, words(name), attributes[name]) for n, name in enumerate(ATTRIBUTES)]),
        _select("operation", "Operation", [(n, name, operations[name]) for n, name in enumerate(OPERATIONS)]),
        _select("action", "Action", [(n, name, actions[name]) for n, name in enumerate(ACTIONS)]),
        _select("confidence", "Confidence", [(n, name, confidences[name]) for n, name in enumerate(CONFIDENCES)]),
        _select("language", "Language", [(n, language(tag), spoken[tag]) for n, tag in enumerate(tags)]),
    ]
    if len(dossier.sheets) > 1:
        rows = [(n, sheet.report.target, len(sheet.decisions)) for n, sheet in enumerate(dossier.sheets)]
        fields.append(_select("report", "Target", rows))
    return (
        "<noscript><p class=note>Filters and search need scripts, which are switched off. All findings stand below."
        "</p></noscript>\n"
        '<form id=filters hidden role=search aria-label="Filter the findings">'
        "<div class=field><label for=q>Search in text</label><input id=q type=search autocomplete=off"
        " spellcheck=false maxlength=200></div>"
        + "".join(fields)
        + "<div class=field><label for=order>Order</label><select id=order><option value=place>by place"
        "<option value=action>by action<option value=confidence>by confidence</select></div>"
        "<div class=field><button type=button id=everything>Show all</button></div></form>\n"
        "<p id=within class=note hidden>Below <bdi id=within-name></bdi> only."
        " <button type=button id=within-off>Everywhere</button></p>\n"
    )


def _select(name: str, label: str, rows: Iterable[tuple[int, str, int]]) -> str:
    options = "".join(
        f'<option value="{number}">{esc(opened(text), 80)} ({count:,})' for number, text, count in rows if count
    )
    return (
        f'<div class=field><label for="by-{name}">{label}</label>'
        f'<select id="by-{name}"><option value="">All{options}</select></div>'
    )
