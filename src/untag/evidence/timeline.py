"""When each statement appears and disappears over the releases of a series, and whether a claim about them holds.

A release is scanned once and its report kept by the digests of its bytes, the lexicon, the policy and the scanner. A
release that cannot be had or read decides nothing: the claim stays open there, unless a finding breaks it.
"""

from __future__ import annotations

import gzip
import io
import os
import re
from contextlib import nullcontext
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from untag.errors import UntagError, UsageError
from untag.evidence.matching import match
from untag.evidence.scanner import identity
from untag.kept import cache_folder, write
from untag.match import store
from untag.model import ATTRIBUTES, OPERATIONS, READ_ANYWAY
from untag.nouns import dataclass
from untag.policy.load import load_policy
from untag.scan import scan
from untag.sinks import json_v1
from untag.sources import SourceOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from untag.evidence.releases import Release
    from untag.model import Decision, Report
    from untag.policy.base import Policy

CLAIM: Final = re.compile(r"no:(?P<attributes>[a-z_]+(?:,[a-z_]+)*)(?::(?P<operations>[a-z_]+(?:,[a-z_]+)*))?")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
NO_EARLIER: Final = ("archive", "image")
"""What dates a release by the parts in it: it came out then, or later."""
FORMAT: Final = 1
"""Raised when what is kept of a scan changes."""


@dataclass(frozen=True, slots=True)
class Claim:
    """``no:ethnicity``: no finding about the attributes that the policy blocks or warns of."""

    text: str
    attributes: tuple[str, ...]
    """Empty for ``any``."""
    operations: tuple[str, ...] = ()
    """Empty: all."""
    since: str = ""
    """ISO day from which it is claimed, empty for all releases."""

    def broken_by(self, decision: Decision) -> bool:
        """Say whether a finding contradicts the claim."""
        finding = decision.finding
        return (
            decision.action in ("block", "warn")
            and (not self.attributes or finding.attribute in self.attributes)
            and (not self.operations or finding.operation in self.operations)
        )


def claim(text: str, since: str = "") -> Claim:
    """Read a claim: ``no:ATTRIBUTE[,ATTRIBUTE][:OPERATION]``, where ``any`` stands for all attributes."""
    found = CLAIM.fullmatch(text.strip().lower().replace("-", "_"))
    if not found:
        raise UsageError(f"{text!r} is no claim: write no:ethnicity, no:race,ethnicity or no:any:infers")
    attributes = () if found["attributes"] == "any" else tuple(found["attributes"].split(","))
    operations = tuple((found["operations"] or "").split(",")) if found["operations"] else ()
    for name in attributes:
        if name not in ATTRIBUTES:
            raise UsageError(f"unknown attribute {name}; known are any, {', '.join(ATTRIBUTES)}")
    for name in operations:
        if name not in OPERATIONS:
            raise UsageError(f"unknown operation {name}; known are {', '.join(OPERATIONS)}")
    if since and not _is_day(since):
        raise UsageError(f"{since!r} is no day: write --since 2020-12-17")
    return Claim(text, attributes, operations, since)


def _is_day(text: str) -> bool:
    """Say whether a text is a day of the calendar, written as releases are dated, with which it is compared."""
    try:
        return DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Scanned:
    """A release with its report, or why there is none."""

    version: str
    date: str
    dated_by: str
    digest: str
    report: Report | None
    missing: str = ""
    """Why it could not be had or scanned."""

    @property
    def hidden(self) -> int:
        """How many parts were not read."""
        if self.report is None:
            return 0
        gaps = sum(gap.reason not in READ_ANYWAY for gap in self.report.gaps)
        return max(gaps, self.report.coverage.unread, int(self.report.status == "incomplete"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement over the releases: where it stands in each, or does not."""

    first: Decision
    """As it was first found."""
    cells: tuple[Decision | None, ...]
    """By release."""

    @property
    def label(self) -> str:
        """What it says, in a line."""
        return self._said(self.first.finding.trail[-1].rpartition("/")[2])

    @property
    def longer(self) -> str:
        """The same with all of the file's path and the archives around it, for where two files have one name."""
        trail = self.first.finding.trail
        # what a compressed archive is inflated to has its name, and says nothing new
        inner = [n for o, n in pairwise(trail[:-1]) if not (n.endswith(".tar") and o.startswith(n[:-4]))]
        return self._said(" › ".join((*(name.rpartition("/")[2] for name in inner), trail[-1])))

    def _said(self, place: str) -> str:
        finding = self.first.finding
        where = " › ".join(finding.route[-2:]) or finding.term
        return f"{finding.operation} {finding.attribute}: {place} › {where}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the releases say of a claim."""

    claim: Claim
    states: tuple[str, ...]
    """By release: ``holds``, ``broken``, ``open`` (unread or missing) or ``before`` (before the claim's day)."""
    lines: tuple[str, ...]
    """The same in words, with ranges of versions."""

    @property
    def state(self) -> str:
        """``broken`` if it is broken anywhere, else ``open`` if it is open anywhere, else ``holds``."""
        for state in ("broken", "open"):
            if state in self.states:
                return state
        return "holds" if "holds" in self.states else "open"


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it."""

    series: str
    releases: tuple[Scanned, ...]
    statements: tuple[Statement, ...]
    verdict: Verdict | None
    policy: str
    lexicon: str
    scanned: int
    """Releases that were scanned now; the others came from the cache."""


def timeline(
    series: str,
    found: Sequence[Release],
    *,
    policy: str = "untag-core",
    overlays: Sequence[str] = (),
    asked: Claim | None = None,
    cache: bool = True,
    jobs: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> Timeline:
    """Scan the releases and put them side by side; ``progress`` is told number, all, and version."""
    pack = load_policy(policy, overlays)
    lexicon = store.load()
    scanned: list[Scanned] = []
    fresh = 0
    for number, release in enumerate(found):
        if progress:
            progress(number, len(found), release.version)
        one, made = _scanned(release, pack, lexicon.sha256, cache=cache, jobs=jobs)
        fresh += made
        scanned.append(one)
    return Timeline(
        series=series,
        releases=tuple(scanned),
        statements=tuple(_statements(scanned)),
        verdict=_verdict(scanned, asked) if asked else None,
        policy=pack.id,
        lexicon=lexicon.version,
        scanned=fresh,
    )


def _scanned(release: Release, policy: Policy, lexicon: str, *, cache: bool, jobs: int) -> tuple[Scanned, bool]:
    """Return a release with its report, and whether it was scanned now."""
    try:
        target, digest = release.get()
    except UntagError as error:
        return Scanned(release.version, release.date, release.dated_by, "", None, str(error)), False
    # the name counts: a reader goes by it too, and the report tells it
    name = target.replace(os.sep, "/").rpartition("/")[2]
    parts = (str(FORMAT), name, digest, identity(), lexicon, policy.sha256)
    key = sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    path = os.path.join(cache_folder(), "timeline", f"{key}.json.gz")  # noqa: PTH118 - the cache speaks in texts
    report = _kept(path) if cache else None
    made = report is None
    if report is None:
        options = SourceOptions(gitignore=False)
        try:
            with release.packed() if release.packed else nullcontext(target) as file:
                report = scan(file, policy=policy, options=options, inline_waivers=False, jobs=jobs)
        except (UntagError, OSError) as error:
            return Scanned(release.version, release.date, release.dated_by, digest, None, str(error)), True
        if cache:
            out = io.StringIO()
            json_v1.render(report, out)
            write(path, gzip.compress(out.getvalue().encode(), 6, mtime=0))
    return Scanned(release.version, release.date, release.dated_by, digest, report), made


def _kept(path: str) -> Report | None:
    """Return a report of the cache; a damaged one is made anew."""
    try:
        with gzip.open(path, "rb") as file:
            return json_v1.parse(file.read(), "cache")
    except (OSError, EOFError, UntagError, ValueError):
        return None


def _statements(scanned: Sequence[Scanned]) -> Iterable[Statement]:
    """Follow each finding from release to release; releases without a report are passed over."""
    rows: list[dict[int, Decision]] = []
    last: list[tuple[int, Decision]] = []
    gone: list[tuple[int, Decision]] = []
    for number, release in enumerate(scanned):
        if release.report is None:
            continue
        now = [d for d in release.report.decisions if d.action != "exempt"]
        owners = {id(d): row for row, d in last}
        matched = match([d for _, d in last], now)
        current: list[tuple[int, Decision]] = [(owners[id(p.old)], p.new) for p in matched.pairs]
        gone += [(owners[id(d)], d) for d in matched.gone]
        # what went in one release and comes again in a later one is the same statement
        owners = {id(d): row for row, d in gone}
        again = match([d for _, d in gone], matched.appeared)
        back = [(owners[id(p.old)], p.new) for p in again.pairs if not p.moved]
        current += back
        taken = {row for row, _ in back}
        gone = [(row, d) for row, d in gone if row not in taken]
        known = {id(d) for _, d in back}
        for decision in matched.appeared:
            if id(decision) not in known:
                rows.append({})
                current.append((len(rows) - 1, decision))
        for row, decision in current:
            rows[row][number] = decision
        last = current
    for cells in rows:
        first = cells[min(cells)]
        yield Statement(first, tuple(cells.get(number) for number in range(len(scanned))))


def _verdict(scanned: Sequence[Scanned], asked: Claim) -> Verdict:
    """Judge a claim release by release."""
    states = []
    earliest = ""
    for release in scanned:
        day = release.date
        if day and release.dated_by in NO_EARLIER:
            # what stands behind a release that is covered is no older, however old its newest member is
            day = earliest = max(day, earliest)
        broken = release.report is not None and any(asked.broken_by(d) for d in release.report.decisions)
        if asked.since and day and day < asked.since:
            states.append("before")
        elif asked.since and not day:
            # without a day nobody knows whether the claim covers it; a breach there decides nothing either
            states.append("open")
        elif broken:
            states.append("broken")
        elif release.report is None or release.hidden:
            states.append("open")
        else:
            states.append("holds")
    return Verdict(asked, tuple(states), tuple(_ranges(scanned, states)))


WORDS: Final = {
    "holds": "holds",
    "broken": "broken",
    "open": "not decidable",
    "before": "not claimed",
}


def _ranges(scanned: Sequence[Scanned], states: Sequence[str]) -> Iterable[str]:
    """Yield the states as ranges of versions, the last one open to the future."""
    start = 0
    for number in range(1, len(states) + 1):
        if number < len(states) and states[number] == states[start]:
            continue
        first, last = scanned[start].version, scanned[number - 1].version
        word = WORDS[states[start]]
        if number == len(states) and states[start] != "open":
            span = f"from {first}" if start or first != last else f"in {first}"
        else:
            span = f"in {first}" if first == last else f"in {first} to {last}"
        if states[start] == "open":
            count = number - start
            missing = sum(s.report is None for s in scanned[start:number])
            undated = sum(bool(s.report is not None and not s.hidden) for s in scanned[start:number])
            why = [f"{missing} not to be had"] if missing else []
            why += [f"{undated} without a date"] if undated else []
            unread = count - missing - undated
            why += [f"{unread} with unread parts"] if unread else []
            span += f": {', '.join(why)}"
        yield f"{word} {span}"
        start = number
