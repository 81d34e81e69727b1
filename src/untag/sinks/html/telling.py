"""The sentences of a report, without markup: the page and the PDF tell the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.model import ATTRIBUTES, OPERATIONS
from untag.nouns import dataclass
from untag.sinks.html import wording
from untag.sinks.html.wording import language, opened, share, words
from untag.sinks.text import size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from untag.model import Coverage, Decision, Evidence, Finding
    from untag.sinks.html.dossier import Dossier, Languages, Sheet


MOST: Final = 50
"""Scanned files of one report that are written out with their digests."""


@dataclass(frozen=True, slots=True)
class Table:
    """Targets side by side."""

    rows: tuple[tuple[str, tuple[int, ...]], ...]
    """Capability, and its findings in each target."""
    notes: tuple[str, ...]


def read(counts: Coverage) -> str:
    """Return how much was read."""
    if not counts.files:
        return "Nothing was scanned."
    parts = [f"{counts.parsed:,} read in full"]
    if counts.bytes:
        parts.append(f"{counts.bytes:,} searched as raw bytes")
    if counts.opaque:
        parts.append(f"{counts.opaque:,} without text")
    parts.append(f"{counts.unread:,} NOT read" if counts.unread else "none unread")
    return f"{share(counts.files, 'file')} ({size(counts.size)}): {', '.join(parts)}."


def verdict(sheet: Sheet) -> str:
    """Return the result in one sentence."""
    if sheet.report.status == "clean" and not sheet.decisions:
        return wording.NOTHING
    return wording.VERDICT[sheet.report.status]


def main(decisions: Iterable[Decision]) -> list[tuple[str, str, int]]:
    """Return each capability that the policy does not let pass: its name, what it means, its findings."""
    blocked = Counter((d.finding.operation, d.finding.attribute) for d in decisions if d.action == "block")
    return [
        (_capability(*pair), wording.OPERATIONS[pair[0]], count)
        for pair, count in sorted(blocked.items(), key=lambda row: _rank(row[0]))
    ]


def facts(sheet: Sheet) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Return what was scanned, by what, and from which report: name, then texts with whether each is a code."""
    report, subject, source = sheet.report, sheet.subject, sheet.source
    rows = [("Target", [(report.target, False)])]
    if subject.name:
        rows.append(("File", [(subject.name, False)]))
    if subject.sha256:
        rows.append(("Size", [(f"{size(subject.size)} ({subject.size:,} bytes)", False)]))
        rows.append(("SHA-256", [(subject.sha256, True)]))
    elif report.subjects:
        for one in report.subjects[:MOST]:
            told = f"{one.target}, {size(one.size)} ({one.size:,} bytes); SHA-256:"
            rows.append(("File", [(told, False), (one.sha256, True)]))
        if len(report.subjects) > MOST:
            rows.append(("Further files", [(f"{len(report.subjects) - MOST:,}, listed in the report", False)]))
    else:
        rows.append(("Size, digest", [(wording.NOT_STATED, False)]))
    rows += [
        ("Came from", [(subject.source or wording.NOT_STATED, False)]),
        ("Fetched", [(subject.fetched or wording.NOT_STATED, False)]),
        ("Read", [(read(report.coverage), False)]),
        ("Policy", [(f"{report.policy.id}: {report.policy.title}", False), (report.policy.sha256, True)]),
        ("Overlays", [(", ".join(report.policy.overlays) or "none", False)]),
        ("Lexicon", [(report.lexicon_version, False), (report.lexicon_sha256, True)]),
        ("Program", [(f"untag {report.tool_version}", False)]),
        ("Readers", [(", ".join(f"{name} {version}" for name, version in report.readers) or "none", False)]),
        ("Report in JSON", [(f"{source.name}, {source.size:,} bytes; SHA-256:", False), (source.sha256, True)]),
    ]
    if not source.canonical:
        rows[-1][1].append((wording.NOT_CANONICAL, False))
    return rows


def place(trail: Sequence[str], line: int, end_line: int = 0) -> str:
    """Return a place in one line."""
    path = " ▸ ".join(trail)
    if not line:
        return path
    return f"{path}, lines {line:,}–{end_line:,}" if end_line > line else f"{path}, line {line:,}"


def also(finding: Finding, room: int) -> str:
    """Return the further places of a finding, ``room`` of them in words."""
    told = [
        f"line {spot.line:,}" if spot.trail == finding.trail and spot.line else place(spot.trail, spot.line)
        for spot in finding.also[:room]
    ]
    if len(finding.also) > room:
        told.append(share(len(finding.also) - room, "more place"))
    return "; ".join(told)


def weighed(finding: Finding, *, speaking_for: bool) -> list[Evidence]:
    """Return the reasons for or against a finding, the weightiest first."""
    chosen = [item for item in finding.because if (item.weight >= 0) is speaking_for]
    return sorted(chosen, key=lambda item: -abs(item.weight))


def reason(item: Evidence, line: int) -> str:
    """Return a reason without its points; its line where that is not the finding's."""
    where = f" (line {item.line:,})" if item.line not in (0, line) else ""
    return f"{item.kind.removeprefix('lowers ')}: {item.text}{where}"


def finding_facts(decision: Decision, tag: str, rules: Mapping[str, str]) -> str:
    """Return the axes, the rule and the identity of a finding in one line."""
    finding = decision.finding
    name = rules.get(finding.rule, "")
    told = [
        f"{finding.confidence} confidence",
        words(finding.attribute),
        finding.operation,
        words(finding.acquisition),
        language(tag) if tag in ("zxx", "und") else f"term in {language(tag)}",
    ]
    if finding.groups:
        told.append("names " + ", ".join(finding.groups))
    if finding.exemptions:
        told.append("grounds seen: " + ", ".join(map(words, finding.exemptions)))
    told += [f"rule {finding.rule}{f' {name}' if name else ''}", f"id {finding.fingerprint}"]
    return " · ".join(told)


def marked(text: str, term: str) -> tuple[str, str, str]:
    """Return an excerpt cut around its term; whole, with two empty parts, where it does not stand there."""
    low = text.lower()
    at = low.find(term.lower()) if term and len(low) == len(text) else -1
    if at < 0:
        return text, "", ""
    return text[:at], text[at : at + len(term)], text[at + len(term) :]


def compared(dossier: Dossier) -> Table | None:
    """Return the capabilities of several targets side by side; None for one target."""
    if len(dossier.sheets) < 2:  # noqa: PLR2004 - two are the least that can be compared
        return None
    cells = [
        Counter((d.finding.operation, d.finding.attribute) for d in sheet.decisions if d.action != "exempt")
        for sheet in dossier.sheets
    ]
    prints = [{d.finding.fingerprint for d in sheet.decisions} for sheet in dossier.sheets]
    notes = [f"Statements by fingerprint: {len(set.intersection(*prints)):,} stand in all targets."]
    for number, (sheet, mine) in enumerate(zip(dossier.sheets, prints, strict=True)):
        others = set().union(*(other for at, other in enumerate(prints) if at != number))
        notes.append(f"Only in {sheet.report.target}: {len(mine - others):,}.")
    if len({(sheet.report.policy.sha256, sheet.report.lexicon_sha256) for sheet in dossier.sheets}) > 1:
        notes.append(
            "These reports were made under different policies or lexicons: a difference between the targets may be a"
            " difference between those."
        )
    pairs = sorted(set().union(*cells), key=_rank)
    return Table(tuple((_capability(*pair), tuple(cell[pair] for cell in cells)) for pair in pairs), tuple(notes))


def languages_told(found: Languages) -> str:
    """Return what the comparison of languages came to."""
    if not found.compared:
        return "No document is known to stand in more than one language, so nothing could be compared."
    told = (
        f"{share(found.compared, 'document')} known to stand in more than one language"
        f" {'was' if found.compared == 1 else 'were'} compared by what their findings say. "
    )
    if found.differences:
        return (
            f"{told}{share(len(found.differences), 'capability', 'capabilities')} stated in one language, with no"
            " finding in another."
        )
    return f"{told}No difference was found."


def alone_told(found: Languages) -> str:
    """Return how many documents have no counterpart."""
    return (
        f"{share(len(found.alone), 'document')} with findings, of which no counterpart in another language is known to"
        " have been read:"
    )


def languages_limit(found: Languages) -> str:
    """Return what the comparison cannot see."""
    return "Documents are paired by the language in their path. " + (
        "The names of all files were taken from the subject, so a document without findings counts too."
        if found.listed
        else "A report lists only documents with findings: a translation without any is not known to exist here."
        " Give the scanned file or folder with --subject to include it."
    )


def _capability(operation: str, attribute: str) -> str:
    return f"{opened(operation)} {words(attribute)}"


def _rank(pair: tuple[str, str]) -> tuple[int, int]:
    return OPERATIONS.index(pair[0]), ATTRIBUTES.index(pair[1])
