"""What the PDF says, as plain data for its template: texts, counts, and nothing that could be markup."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from untag.model import ACTIONS, ATTRIBUTES, OPERATIONS
from untag.sinks.base import joined, ordered_gaps, ordered_notices
from untag.sinks.html import telling, wording
from untag.sinks.html.dossier import command
from untag.sinks.html.text import shown
from untag.sinks.html.wording import language, opened, share, words
from untag.sinks.words import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from untag.model import Decision, Finding
    from untag.sinks.html.dossier import Dossier, Sheet

_GAPS: Final = 500
"""Gaps written out of one report; the rest is counted."""
_PLACES: Final = 300
_ALSO: Final = 10
_DIGESTS: Final = 4
"""Digests in the foot of each page; of more reports the first ones, and the count."""
_RUN: Final = 36
"""Characters of a word after which it may be broken anywhere: a line holds at least that many."""
_CELL: Final = 25
"""Characters of a word that fit the narrowest cell of a table."""
_LINE: Final = 80
"""Characters of a word that fit a whole line: nothing is put into what someone may copy unless it is longer."""
_SEPARATORS: Final = frozenset("/_.-\\=&?:,;▸")
_RIGHT_TO_LEFT: Final = ("R", "AL")
_PLAIN: Final = ("en", "zxx", "und")


def content(dossier: Dossier, rules: Mapping[str, str]) -> dict[str, Any]:
    """Return all that the template shows."""
    targets = ", ".join(sheet.report.target for sheet in dossier.sheets)
    return {
        "title": shown(f"untag report: {targets}", 300),
        "running": _line(f"untag report of findings: {targets}", 160),
        "heading": "Protected attributes of pictured people in "
        + ("these targets" if len(dossier.sheets) > 1 else "this target"),
        "bound": wording.BOUND,
        "nothing": wording.NOTHING,
        "digests": _digests(dossier),
        "sheets": [_sheet(sheet, rules) for sheet in dossier.sheets],
        "charts": _charts(dossier),
        "comparison": _comparison(dossier),
        "languages": [row for sheet in dossier.sheets for row in _languages(sheet)],
        "left-out": [
            [_text(" with ".join((info.id, *info.overlays))), [_text(text) for text in info.leaves_out]]
            for info in dict.fromkeys(sheet.report.policy for sheet in dossier.sheets)
        ],
        "repeat": wording.REPEAT,
        "reading": wording.READING,
        "terms": [
            [head, [[name, [{"text": text, "code": False}]] for name, text in rows.items()]]
            for head, rows in wording.TERMS
        ],
    }


def _text(text: str, room: int = 1_200, width: int = _CELL) -> str:
    """Return text that prints, with places where words of more than ``width`` characters may be broken."""
    return " ".join("".join(_breakable(word)) if len(word) > width else word for word in shown(text, room).split(" "))


def _line(text: str, room: int = 1_200) -> str:
    """Return text that has a whole line to itself."""
    return _text(text, room, _LINE)


def _breakable(word: str) -> Iterator[str]:
    """Yield a word with zero-width spaces: behind separators, and after long runs, never before a mark."""
    run = 0
    for char in word:
        if run >= _RUN and not unicodedata.combining(char):
            yield "\u200b"
            run = 0
        yield char
        run += 1
        if char in _SEPARATORS and run > 1:
            yield "\u200b"
            run = 0


def _digests(dossier: Dossier) -> list[list[str]]:
    rows = [[_text(sheet.source.name, 60), sheet.source.sha256] for sheet in dossier.sheets[:_DIGESTS]]
    if len(dossier.sheets) > _DIGESTS:
        rows[-1][0] = f"and {len(dossier.sheets) - _DIGESTS} more reports, listed inside; {rows[-1][0]}"
    return rows


def _sheet(sheet: Sheet, rules: Mapping[str, str]) -> dict[str, Any]:
    report = sheet.report
    counts = sheet.actions()
    tally = ", ".join(f"{counts[name]:,} {name}" for name in ACTIONS if counts[name])
    total = len(sheet.decisions)
    gaps = ordered_gaps(report)
    rows = [[_text(joined(g.trail), 600), REASONS.get(g.reason, g.reason), _text(g.detail, 600)] for g in gaps[:_GAPS]]
    waived = Counter(decision.waiver for decision in sheet.decisions if decision.waiver)
    places = Counter(joined(decision.finding.trail) for decision in sheet.decisions)
    listed = [[_text(place, 300), f"{count:,}"] for place, count in list(places.items())[:_PLACES]]
    if len(places) > _PLACES:
        listed.append([f"and {len(places) - _PLACES:,} more files", ""])
    return {
        "target": _text(report.target),
        "status": report.status,
        "verdict": telling.verdict(sheet),
        "told": (f"{share(total, 'finding')}: {tally}. " if total else "") + telling.read(report.coverage),
        "main": [
            [head, f": {text} ({share(count, 'finding')})"] for head, text, count in telling.main(sheet.decisions)
        ],
        "facts": _facts(sheet),
        "gaps-told": f"{share(len(gaps), 'gap')} in all."
        + (f" The first {_GAPS} are listed." if len(gaps) > _GAPS else "")
        if gaps
        else f"No gap was reported. {telling.read(report.coverage)}",
        "gaps": rows,
        "places": listed,
        "findings": [_finding(d, tag, rules) for d, tag in zip(sheet.decisions, sheet.languages, strict=True)],
        "notices": [_text(f"{share(count, 'finding')} waived: {reason}") for reason, count in sorted(waived.items())]
        + [_text(notice.text) for notice in ordered_notices(report)],
        "command": _line(command(report), 4_000),
        "sha256": sheet.source.sha256,
        "same": wording.SAME.format(_text(report.tool_version)),
    }


def _facts(sheet: Sheet) -> list[list[Any]]:
    rows = telling.facts(sheet)
    return [
        [name, [{"text": shown(text, 200) if code else _text(text), "code": code} for text, code in parts]]
        for name, parts in rows
    ]


def _finding(decision: Decision, tag: str, rules: Mapping[str, str]) -> dict[str, Any]:
    finding = decision.finding
    text, term = shown(finding.excerpt), shown(finding.term)
    notes = []
    if finding.also:
        notes.append(f"Also at {telling.also(finding, _ALSO)}")
    notes.append(f"Policy: {decision.clause}")
    if decision.waiver:
        notes.append(f"Waived: {decision.waiver}")
    return {
        "action": decision.action,
        "message": _line(opened(finding.message)),
        "place": _line(telling.place(finding.trail, finding.line, finding.end_line), 2_000),
        "route": _line(" → ".join(finding.route)),
        "excerpt": [_line(part) for part in telling.marked(text, term)],
        "lang": tag.partition("-")[0] if tag not in _PLAIN else "en",
        "rtl": _right_to_left(text),
        "gloss": _line(finding.gloss),
        "for": _reasons(finding, "+"),
        "against": _reasons(finding, "−"),
        "notes": [_line(note) for note in notes],
        "facts": _line(telling.finding_facts(decision, tag, rules)),
    }


def _reasons(finding: Finding, sign: str) -> list[list[str]]:
    return [
        [f"{sign}{abs(item.weight):.4g}", _text(telling.reason(item, finding.line), 600)]
        for item in telling.weighed(finding, speaking_for=sign == "+")
    ]


def _right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is one of those written from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", *_RIGHT_TO_LEFT):
            return direction != "L"
    return False


def _charts(dossier: Dossier) -> list[dict[str, Any]]:
    """Return the four charts: by operation, attribute, language and coverage."""
    decisions = [decision for sheet in dossier.sheets for decision in sheet.decisions]
    tags = [tag for sheet in dossier.sheets for tag in sheet.languages]
    spoken = [tag for tag, _ in sorted(Counter(tags).items(), key=lambda row: (-row[1], row[0]))]

    def chart(title: str, keys: Iterable[str], order: Iterable[str], name: Callable[[str], str]) -> dict[str, Any]:
        counts: dict[str, Counter[str]] = {}
        for key, decision in zip(keys, decisions, strict=True):
            counts.setdefault(key, Counter())[decision.action] += 1
        return {"title": title, "bars": [_bar(name(key), counts[key], ACTIONS) for key in order if key in counts]}

    charts = [
        chart("Findings by operation", [d.finding.operation for d in decisions], OPERATIONS, str),
        chart("Findings by attribute", [d.finding.attribute for d in decisions], ATTRIBUTES, words),
        chart("Findings by language", tags, spoken, language),
    ]
    levels = [
        _bar(label.partition(":")[0], Counter({level: count}), (level,))
        for level, label in wording.LEVELS
        if (count := sum(getattr(sheet.report.coverage, level) for sheet in dossier.sheets))
    ]
    charts.append({"title": "Files by coverage", "bars": levels})
    return [one for one in charts if one["bars"]]


def _bar(label: str, counts: Counter[str], order: Iterable[str]) -> dict[str, Any]:
    parts = [{"name": name, "count": counts[name]} for name in order if counts[name]]
    split = ", ".join(f"{counts[name]:,} {name}" for name in order if counts[name])
    total = sum(counts.values())
    return {
        "label": _text(label, 60),
        "parts": parts,
        "total": total,
        "shown": f"{total:,}",
        "split": f" ({split})" if len(parts) > 1 else f" {parts[0]['name']}" if parts and order is ACTIONS else "",
    }


def _comparison(dossier: Dossier) -> dict[str, Any] | None:
    table = telling.compared(dossier)
    if table is None:
        return None
    return {
        "told": wording.COMPARED,
        "heads": ["Capability", *(_text(sheet.report.target, 120) for sheet in dossier.sheets)],
        "rows": [[name, *(f"{count:,}" for count in counts)] for name, counts in table.rows],
        "notes": [_line(note) for note in table.notes],
    }


def _languages(sheet: Sheet) -> Iterable[dict[str, Any]]:
    found = sheet.compared
    if found is None:
        return
    yield {
        "target": _text(sheet.report.target),
        "told": telling.languages_told(found),
        "rows": [
            [
                _text(row.document),
                f"{opened(row.operation)} {words(row.attribute)}",
                _text("; ".join(f"{language(tag)}: {path}" for tag, path, _ in row.present), 3_000),
                _text("; ".join(f"{language(tag)}: {path}" for tag, path in row.absent), 3_000),
            ]
            for row in found.differences
        ],
        "alone-told": telling.alone_told(found),
        "alone": [[language(tag), _text(path)] for tag, path in found.alone[:200]],
        "limit": telling.languages_limit(found),
    }
