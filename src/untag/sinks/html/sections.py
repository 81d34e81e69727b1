"""The sections of the page around the findings: what was scanned, what was read, how to check it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.model import ACTIONS, ATTRIBUTES, OPERATIONS
from untag.sinks.base import joined, ordered_gaps, ordered_notices
from untag.sinks.html import telling
from untag.sinks.html.charts import Bar, chart
from untag.sinks.html.dossier import command
from untag.sinks.html.text import esc
from untag.sinks.html.wording import (
    BOUND,
    COMPARED,
    LEVELS,
    NOT_CANONICAL,
    NOT_STATED,
    NOTHING,
    READING,
    REPEAT,
    SAME,
    TERMS,
    language,
    opened,
    share,
    words,
)
from untag.sinks.words import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from untag.sinks.html.dossier import Difference, Dossier, Languages, Sheet

_GAPS: Final = 2_000
"""Gaps written out on one page; the counts by reason stand above them."""
_ALONE: Final = 200


def title(dossier: Dossier) -> str:
    """Return the title of the page."""
    return "untag report: " + ", ".join(sheet.report.target for sheet in dossier.sheets)


def header(dossier: Dossier) -> str:
    """Return the head: what this is, of what, with which result."""
    several = len(dossier.sheets) > 1
    targets = "".join(
        f"<li><span class=st-{sheet.report.status}>{sheet.report.status}</span> <bdi>{esc(sheet.report.target)}</bdi>"
        for sheet in dossier.sheets
    )
    return (
        "<header><p class=kind>untag · report of findings</p>"
        f"<h1>Protected attributes of pictured people in {'these targets' if several else 'this target'}</h1>"
        f"<ul class=targets>{targets}</ul></header>\n"
    )


def contents(dossier: Dossier) -> str:
    """Return the table of contents."""
    rows = [
        ("summary", "In short"),
        ("scanned", "What was scanned"),
        ("unread", "What was not read"),
        ("charts", "In numbers"),
    ]
    if len(dossier.sheets) > 1:
        rows.append(("comparison", "Targets compared"))
    if any(sheet.compared for sheet in dossier.sheets):
        rows.append(("languages", "Languages compared"))
    rows += [
        ("findings", "Findings"),
        ("left-out", "What the policy leaves out"),
        ("notices", "Waivers and notices"),
        ("reproduce", "How to check this report"),
        ("reading", "How to read it"),
    ]
    items = "".join(f'<li><a href="#{name}">{text}</a>' for name, text in rows)
    return f'<nav class=contents aria-label="Contents"><ol>{items}</ol></nav>\n'


def summary(dossier: Dossier) -> str:
    """Return the result of each target in sentences."""
    parts = []
    for sheet in dossier.sheets:
        counts = sheet.actions()
        total = len(sheet.decisions)
        tally = ", ".join(f"{counts[name]:,} {name}" for name in ACTIONS if counts[name])
        told = f"{share(total, 'finding')}: {tally}. " if total else ""
        rows = "".join(
            f"<li><b>{name}</b>: {text} <span class=n>{share(count, 'finding')}</span>"
            for name, text, count in telling.main(sheet.decisions)
        )
        parts.append(
            f'<div class="verdict v-{sheet.report.status}">{_named(dossier, sheet)}'
            f"<p class=big>{telling.verdict(sheet)}</p>"
            f"<p>{told}{telling.read(sheet.report.coverage)}</p>"
            + (f"<ul class=main>{rows}</ul>" if rows else "")
            + "</div>"
        )
    return _section("summary", "In short", "".join(parts) + f"<p class=note>{BOUND}</p>")


def scanned(dossier: Dossier) -> str:
    """Return what was scanned, with every digest."""
    return _section("scanned", "What was scanned", "".join(_facts(dossier, sheet) for sheet in dossier.sheets))


def _facts(dossier: Dossier, sheet: Sheet) -> str:
    rows = []
    for name, texts in telling.facts(sheet):
        value = "<br>".join(_code(text) if code else _fact(text) for text, code in texts)
        rows.append(f"<div><dt>{name}</dt><dd>{value}</dd></div>")
    return f"{_named(dossier, sheet)}<dl class=facts>{''.join(rows)}</dl>"


def _fact(text: str) -> str:
    if text == NOT_STATED:
        return f"<i>{text}</i>"
    return f"<strong class=alert>{text}</strong>" if text == NOT_CANONICAL else f"<bdi>{esc(text)}</bdi>"


def unread(dossier: Dossier) -> str:
    """Return what was not read, and why."""
    parts = []
    for sheet in dossier.sheets:
        gaps = ordered_gaps(sheet.report)
        parts.append(_named(dossier, sheet))
        if not gaps:
            parts.append(f"<p>No gap was reported. {telling.read(sheet.report.coverage)}")
            continue
        reasons = Counter(gap.reason for gap in gaps)
        told = ", ".join(f"{count:,} {REASONS.get(reason, reason)}" for reason, count in sorted(reasons.items()))
        rows = "".join(
            f"<tr><td><bdi>{esc(joined(gap.trail))}</bdi><td>{esc(REASONS.get(gap.reason, gap.reason))}"
            f"<td><bdi>{esc(gap.detail)}</bdi>"
            for gap in gaps[:_GAPS]
        )
        more = f"<p>and {len(gaps) - _GAPS:,} more, which the report in JSON lists" if len(gaps) > _GAPS else ""
        table = _table(_of("Gaps", dossier, sheet), ("Place", "Reason", "Detail"), rows)
        parts.append(f"<p>{share(len(gaps), 'gap')}: {esc(told)}.{table}{more}")
    return _section("unread", "What was not read", "".join(parts))


def charts(dossier: Dossier) -> str:
    """Return the charts, over all targets."""
    decisions = [decision for sheet in dossier.sheets for decision in sheet.decisions]
    tags = [tag for sheet in dossier.sheets for tag in sheet.languages]
    acts = [decision.action for decision in decisions]

    def bars(keys: Iterable[str], order: Iterable[str], name: Callable[[str], str]) -> list[Bar]:
        counts: dict[str, Counter[str]] = {}
        for key, action in zip(keys, acts, strict=True):
            counts.setdefault(key, Counter())[action] += 1
        return [Bar(name(key), counts[key]) for key in order if key in counts]

    spoken = [tag for tag, _ in sorted(Counter(tags).items(), key=lambda row: (-row[1], row[0]))]
    level_bars = []
    for level, label in LEVELS:
        count = sum(getattr(sheet.report.coverage, level) for sheet in dossier.sheets)
        if count:
            level_bars.append(Bar(label.partition(":")[0], {level: count}))
    operations = bars([d.finding.operation for d in decisions], OPERATIONS, str)
    attributes = bars([d.finding.attribute for d in decisions], ATTRIBUTES, words)
    languages_of = bars(tags, spoken, language)
    levels = [level for level, _ in LEVELS]
    body = "".join(
        (
            chart("c-operation", "Findings by operation", "Findings", ACTIONS, operations),
            chart("c-attribute", "Findings by attribute", "Findings", ACTIONS, attributes),
            chart("c-language", "Findings by language", "Findings", ACTIONS, languages_of),
            chart("c-coverage", "Files by coverage", "Files", levels, level_bars),
        )
    )
    return _section("charts", "In numbers", f"<div class=charts>{body}</div>" if body else f"<p>{NOTHING}")


def comparison(dossier: Dossier) -> str:
    """Return what each target holds, side by side; empty for one target."""
    table = telling.compared(dossier)
    if table is None:
        return ""
    heads = tuple(f"<bdi>{esc(sheet.report.target, 120)}</bdi>" for sheet in dossier.sheets)
    rows = "".join(
        f"<tr><th scope=row>{name}" + "".join(f"<td class=n>{count:,}" for count in counts)
        for name, counts in table.rows
    )
    notes = "".join(f"<li><bdi>{esc(note)}</bdi>" for note in table.notes)
    body = _table("Capabilities of each target", ("Capability", *heads), rows) if rows else f"<p>{NOTHING}"
    return _section("comparison", "Targets compared", f"<p>{COMPARED}{body}<ul>{notes}</ul>")


def languages(dossier: Dossier) -> str:
    """Return where one language's documentation states what another's does not."""
    parts = []
    starts = 0
    for sheet in dossier.sheets:
        if sheet.compared is not None:
            parts.append(_named(dossier, sheet) + _compared(sheet.compared, starts, _of("", dossier, sheet)))
        starts += len(sheet.decisions)
    return _section("languages", "Languages compared", "".join(parts)) if parts else ""


def _compared(found: Languages, start: int, of: str) -> str:
    parts = [f"<p>{telling.languages_told(found)}"]
    if found.differences:
        heads = ("Document", "Capability", "Stated in", "No finding in")
        rows = "".join(_difference(row, start) for row in found.differences)
        parts.append(_table(f"Differences between languages{of}", heads, rows))
    if found.alone:
        rows = "".join(f"<tr><td>{esc(language(tag))}<td><bdi>{esc(path)}</bdi>" for tag, path in found.alone[:_ALONE])
        parts.append(f"<p>{telling.alone_told(found)}")
        parts.append(_table(f"Documents on their own{of}", ("Language", "Document"), rows))
    parts.append(f"<p class=note>{telling.languages_limit(found)}")
    return "".join(parts)


def _difference(row: Difference, start: int) -> str:
    present = "<br>".join(
        f'{esc(language(tag))}: <a href="#f{start + number + 1}"><bdi>{esc(path)}</bdi></a>'
        for tag, path, number in row.present
    )
    absent = "<br>".join(f"{esc(language(tag))}: <bdi>{esc(path)}</bdi>" for tag, path in row.absent)
    return (
        f"<tr><td><bdi>{esc(row.document)}</bdi><td>{opened(row.operation)} {words(row.attribute)}"
        f"<td>{present}<td>{absent}"
    )


def left_out(dossier: Dossier) -> str:
    """Return what each policy leaves out, in its own words."""
    told: dict[str, tuple[str, ...]] = {}
    for sheet in dossier.sheets:
        info = sheet.report.policy
        told[" with ".join((info.id, *info.overlays))] = info.leaves_out
    body = "".join(
        f"<h3>{esc(name)}</h3>" + (f"<ul>{_list(texts)}</ul>" if texts else "<p>It states nothing of that.")
        for name, texts in told.items()
    )
    return _section("left-out", "What the policy leaves out", body)


def notices(dossier: Dossier) -> str:
    """Return the waivers in force and what the scan wants its reader to know."""
    parts = []
    for sheet in dossier.sheets:
        waived = Counter(decision.waiver for decision in sheet.decisions if decision.waiver)
        rows = [f"{share(count, 'finding')} waived: {reason}" for reason, count in sorted(waived.items())]
        rows += [notice.text for notice in ordered_notices(sheet.report)]
        parts.append(_named(dossier, sheet))
        parts.append(f"<ul>{_list(rows)}</ul>" if rows else "<p>No waiver took effect, and the scan gave no notice.")
    return _section("notices", "Waivers and notices", "".join(parts))


def reproduce(dossier: Dossier) -> str:
    """Return the command that makes each report again, and the digest that it must have."""
    parts = [
        f"{_named(dossier, sheet)}<pre tabindex=0><code>{esc(command(sheet.report), 4000)}</code></pre>"
        f"<p>The file it writes has the SHA-256 {_code(sheet.source.sha256)}"
        f"{SAME.format(esc(sheet.report.tool_version))}"
        for sheet in dossier.sheets
    ]
    return _section("reproduce", "How to check this report", "".join(parts) + f"<p class=note>{REPEAT}")


def reading(_: Dossier) -> str:
    """Return what the words mean."""
    body = "".join(
        f"<h3>{head}</h3><dl class=terms>"
        + "".join(f"<div><dt>{name}</dt><dd>{text}</dd></div>" for name, text in rows.items())
        + "</dl>"
        for head, rows in TERMS
    )
    return _section("reading", "How to read it", f"<p>{READING}{body}")


def footer(dossier: Dossier) -> str:
    """Return the foot: the digests, once more."""
    rows = "".join(
        f"<li><bdi>{esc(sheet.source.name)}</bdi> SHA-256 {_code(sheet.source.sha256)}" for sheet in dossier.sheets
    )
    return f"<footer><p>Made by untag from:<ul>{rows}</ul></footer>\n"


def _section(name: str, head: str, body: str) -> str:
    return f"<section id={name} aria-labelledby={name}-h><h2 id={name}-h>{head}</h2>\n{body}\n</section>\n"


def _named(dossier: Dossier, sheet: Sheet) -> str:
    """Return the heading of one target where there are several."""
    return f"<h3 class=target><bdi>{esc(sheet.report.target)}</bdi></h3>" if len(dossier.sheets) > 1 else ""


def _of(what: str, dossier: Dossier, sheet: Sheet) -> str:
    """Return a name that says of which target a table is, where there are several."""
    if len(dossier.sheets) == 1:
        return what
    return f"{what} of target {dossier.sheets.index(sheet) + 1}: {sheet.report.target[:80]}"


def _list(texts: Iterable[str]) -> str:
    return "".join(f"<li dir=auto>{esc(text)}" for text in texts)


def _code(text: str) -> str:
    return f"<code>{esc(text, 200)}</code>"


def _table(label: str, heads: tuple[str, ...], rows: str) -> str:
    """Return a table that scrolls on its own where it is wide."""
    cells = "".join(f"<th scope=col>{head}" for head in heads)
    return (
        f'<div class=wide tabindex=0 role=region aria-label="{esc(label)}"><table><thead><tr>{cells}</thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
