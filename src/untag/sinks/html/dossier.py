"""What a report for people holds, before it has a format: the page and the PDF say the same from this.

A `Sheet` is one report with what is known of the file that holds it and of what was scanned; a
`Dossier` is one or more of them with what a comparison says.
"""

from __future__ import annotations

import hashlib
import io
import shlex
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.sinks import json_v1
from untag.sinks.base import ordered
from untag.sinks.html.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from untag.model import Decision, Report

_CODE: Final = "zxx"


@dataclass(frozen=True, slots=True)
class Source:
    """The report in JSON from which the page was made."""

    name: str
    sha256: str
    size: int
    """Bytes."""
    canonical: bool = True
    """Whether the file is byte for byte what untag writes for its content; an edited one seldom is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was scanned, as far as a report does not say it: told by whoever makes the page."""

    name: str = ""
    sha256: str = ""
    size: int = 0
    """Bytes."""
    source: str = ""
    """Where it came from, as told."""
    fetched: str = ""
    """When it was fetched, as told: a date or a time, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A capability that one language's documentation states and another's does not."""

    document: str
    """The document without its language."""
    attribute: str
    operation: str
    present: tuple[tuple[str, str, int], ...]
    """Language, path and number of the finding on the sheet (0-based), where it stands."""
    absent: tuple[tuple[str, str], ...]
    """Language and path, where it does not."""


@dataclass(frozen=True, slots=True)
class Languages:
    """What the documents of one report say in one language and not in another."""

    compared: int
    """Documents that stand in two or more languages, all of which were read."""
    differences: tuple[Difference, ...]
    alone: tuple[tuple[str, str], ...]
    """Language and path of documents with findings whose counterpart is not known to have been read."""
    listed: bool
    """Whether the names of all files were known, or only of those with findings."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One report, ready to be shown."""

    report: Report
    decisions: tuple[Decision, ...]
    """In the order of places."""
    languages: tuple[str, ...]
    """Language of the term of each decision; ``zxx`` for identifiers and codes."""
    source: Source
    subject: Subject
    compared: Languages | None = None

    def actions(self) -> Counter[str]:
        """Return how many findings there are of each action."""
        return Counter(decision.action for decision in self.decisions)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that one page or PDF is made from."""

    sheets: tuple[Sheet, ...]

    def __post_init__(self) -> None:
        if not self.sheets:
            raise ValueError("a dossier needs at least one report")


def sheet(report: Report, source: Source | None = None, subject: Subject | None = None) -> Sheet:
    """Return a report ready to be shown; without ``source`` it is the JSON that untag would write."""
    decisions = tuple(ordered(report))
    return Sheet(
        report=report,
        decisions=decisions,
        languages=tuple(_languages(decisions)),
        source=source or written(report),
        subject=_merged(subject, _stated(report)),
    )


def _merged(told: Subject | None, stated: Subject) -> Subject:
    """Return what was told, and of the rest what the report states itself."""
    if told is None:
        return stated
    file = told if told.sha256 or not stated.sha256 else stated
    return Subject(
        file.name or stated.name, file.sha256, file.size, told.source or stated.source, told.fetched or stated.fetched
    )


def _stated(report: Report) -> Subject:
    """Return what a report itself says of what was scanned."""
    if len(report.subjects) != 1:
        return Subject()
    (one,) = report.subjects
    registry = {"pypi": "the configured Python package index", "npm": "the configured npm registry"}
    return Subject(one.target, one.sha256, one.size, registry.get(one.target.partition(":")[0], ""))


def written(report: Report) -> Source:
    """Return what is known of the JSON that untag writes for a report."""
    data = canonical(report)
    return Source("report.json as untag scan --format json writes it", hashlib.sha256(data).hexdigest(), len(data))


def canonical(report: Report) -> bytes:
    """Return the bytes that ``--format json`` writes for a report."""
    out = io.StringIO(newline="")
    json_v1.render(report, out)
    return out.getvalue().encode("utf-8", "backslashreplace")


def command(report: Report) -> str:
    """Return the one command that makes the report again."""
    words = ["untag", "scan", *report.target.split(", "), "--policy", report.policy.id]
    for overlay in report.policy.overlays:
        words += ["--overlay", overlay]
    words += ["--format", "json", "--output", "report.json"]
    return " ".join(shlex.quote(shown(word)) for word in words)


def _languages(decisions: Sequence[Decision]) -> Iterable[str]:
    """Yield the language of the term of each decision, as the lexicon states it."""
    if not decisions:
        return
    known = _spellings()
    for decision in decisions:
        finding = decision.finding
        yield _chosen(known.get(finding.term.casefold(), ()), finding.term)


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Return each term of the lexicon, folded, with the languages that spell something so."""
    from untag.match import store  # noqa: PLC0415 - a report without findings needs no lexicon

    known: dict[str, tuple[str, ...]] = {}
    for term in store.load().terms:
        if term.kind not in ("context", "language"):
            folded = term.text.casefold()
            known[folded] = (*known.get(folded, ()), term.language)
    return known


def _chosen(languages: tuple[str, ...], term: str) -> str:
    """Return one of the languages that spell a term so: code before language, English before others."""
    for first in (_CODE, "en"):
        if first in languages:
            return first
    if languages:
        return languages[0]
    return _CODE if "_" in term or any(char.isdigit() for char in term) else "und"
