"""The library's main door: scan targets and get a `Report`.

>>> from untag import scan
>>> report = scan("vendor-sdk.zip")          # doctest: +SKIP
>>> report.status                            # doctest: +SKIP
'blocked'
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from untag._version import __version__
from untag.engine import MANY, Scanner, Tally
from untag.limits import ALSO
from untag.match import store
from untag.model import CONFIDENCES, FileRef, Notice, PolicyInfo, Report, Spot, Subject
from untag.nouns import replace
from untag.packages import Packages
from untag.policy.baseline import Baseline, stale
from untag.policy.decide import decide, status
from untag.policy.load import load_policy
from untag.sources import SourceOptions, resolve
from untag.workers import LARGE, cores, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from untag.match.store import Lexicon
    from untag.model import Decision, Finding
    from untag.policy.base import Policy
    from untag.policy.waivers import Waiver

__all__ = ["scan"]

LEFT_OUT = "{:,} files or folders were left out by .gitignore or --exclude; --no-gitignore reads what the former hides"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".npy", ".heic", ".gif", ".ppm", ".pgm")
"""Endings of pictures, by which a tree of them is known; their names and folders may be labels."""


def scan(
    targets: str | Sequence[str],
    *,
    policy: Policy | str = "untag-core",
    overlays: Sequence[str] = (),
    waivers: Sequence[Waiver] = (),
    baseline: Baseline | None = None,
    fail_on: str = "block",
    min_confidence: str = "low",
    options: SourceOptions | None = None,
    jobs: int = 0,
    today: date | None = None,
    progress: Callable[[int, int], None] | None = None,
    inline_waivers: bool = True,
    ocr: bool = False,
) -> Report:
    """Scan one or more targets and return the report.

    A target is a path, ``-``, ``pypi:name[==version]``, ``npm:name[@version]`` or
    ``git:path[@revision]``. ``progress`` is called with files done and files in all.
    ``inline_waivers`` says whether comments in the scanned files may waive findings: not in a tree
    that is not one's own. ``ocr`` reads the text in pictures, which takes seconds each (extra ``ocr``).
    ``today`` decides which waivers have expired and is the current day unless given.
    Raises `UntagError` when a target cannot be reached or the policy is wrong; what
    cannot be *read* is a Gap in the report instead.
    """
    names = [targets] if isinstance(targets, str) else list(targets)
    chosen = load_policy(policy, overlays) if isinstance(policy, str) else policy
    sources = [resolve(name, options) for name in names]
    lexicon = store.load()
    if ocr or "untag.readers.artifacts.documents.ocr" in sys.modules:  # a scan before may have asked for it
        from untag.readers.artifacts.documents import ocr as pictures  # noqa: PLC0415 - only where it is asked for

        pictures.ask(on=ocr)
    total = Tally()
    single: list[tuple[str, FileRef, str]] = []
    for name, source in zip(names, sources, strict=True):
        prefix = source.title if len(names) > 1 else ""
        scanner = Scanner(lexicon, None, Packages(name if os.path.isdir(name) else ""))
        if options is not None and options.history and name.startswith("git:"):
            from untag import chronicle  # noqa: PLC0415 - few scans read a history

            tally = chronicle.scan_history(
                name, scanner, environ=options.environ, jobs=jobs or cores(), progress=progress
            )
            total.add(_prefixed(tally, prefix) if prefix else tally)
            continue
        refs = []
        for item in source.items():
            if isinstance(item, FileRef):
                refs.append(item)
            else:
                scanner.feed(item)
        if len(refs) == 1 and (os.path.isfile(name) or name.startswith(("pypi:", "npm:"))):
            single.append((source.title, refs[0], getattr(source, "sha256", "")))
        if ignored := getattr(source, "ignored", 0):
            scanner.tally.notices.append(Notice("left_out", LEFT_OUT.format(ignored)))
        shown = [r.trail for r in refs if r.trail[-1].lower().endswith(PICTURES)]
        if len(shown) >= MANY:
            scanner.pictures(shown, (source.title,))
        tally = scanner.take()
        tally.add(run(scanner, _sized(refs), jobs or cores(), progress))
        total.add(_prefixed(tally, prefix) if prefix else tally)
    if not inline_waivers:
        total.waivers = []
    title = ", ".join(s.title for s in sources)
    report = _report(title, total, chosen, waivers, baseline, fail_on, min_confidence, today, lexicon)
    subjects = tuple(filter(None, (_subject(*one, found=bool(report.decisions)) for one in single)))
    return replace(report, subjects=subjects) if subjects else report


DIGESTED: Final = 256 << 20
"""Bytes of a target up to which its digest is taken: beyond, it costs as much as the scan."""
SMALL: Final = 32 << 20
"""The same, where nothing was found."""


def _subject(title: str, ref: FileRef, sha256: str, *, found: bool) -> Subject | None:
    """Return the digest of a target that is one file; None for one that is large."""
    try:
        size = os.stat(ref.path).st_size
        if not sha256:
            if size > (DIGESTED if found else SMALL):
                return None
            import hashlib  # noqa: PLC0415 - slow to load

            with open(ref.path, "rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return Subject(title, sha256, size)


def _sized(refs: list[FileRef]) -> list[FileRef]:
    """Return the files with the size of those that are large, which workers share."""
    sized = []
    for ref in refs:
        size = ref.size
        if not size:
            try:
                size = os.stat(ref.path).st_size
            except OSError:
                size = 0
        sized.append(FileRef(ref.trail, ref.path, size) if size >= LARGE else ref)
    return sized


def _prefixed(tally: Tally, prefix: str) -> Tally:
    """Put the target's name before every trail, where there are several targets."""

    def long(trail: tuple[str, ...]) -> tuple[str, ...]:
        return (f"{prefix}/{trail[0]}", *trail[1:])

    tally.findings = [
        replace(f, trail=long(f.trail), also=tuple(replace(s, trail=long(s.trail)) for s in f.also))
        for f in tally.findings
    ]
    tally.gaps = [replace(g, trail=long(g.trail)) for g in tally.gaps]
    tally.waivers = [replace(w, trail=long(w.trail)) for w in tally.waivers]
    return tally


def _report(
    title: str,
    tally: Tally,
    policy: Policy,
    waivers: Sequence[Waiver],
    baseline: Baseline | None,
    fail_on: str,
    min_confidence: str,
    today: date | None,
    lexicon: Lexicon,
) -> Report:
    """Decide every finding and put the report together, in an order that no worker can change."""
    known = baseline or Baseline()
    allowed = [*waivers, *sorted(set(tally.waivers), key=lambda w: w.origin)]
    least = CONFIDENCES.index(min_confidence)
    found = _merged(sorted(set(tally.findings), key=_order))
    kept = [f for f in found if CONFIDENCES.index(f.confidence) <= least]
    decisions: tuple[Decision, ...] = ()
    reviewed: tuple[Notice, ...] = ()
    if kept or allowed:
        from untag.policy.waivers import current_day, review  # noqa: PLC0415 - dates are slow to load

        day = today or current_day()
        decisions = tuple(decide(f, policy, allowed, known, day) for f in kept)
        reviewed = review(decisions, allowed, day)
    gaps = tuple(sorted(set(tally.gaps), key=lambda g: (g.trail, g.reason, g.detail)))
    notices = (
        *sorted(set(tally.notices), key=lambda n: n.text),
        *reviewed,
        *stale(known, decisions),
    )
    return Report(
        target=title,
        status=status(decisions, gaps, tally.coverage, fail_on),
        decisions=decisions,
        coverage=tally.coverage,
        gaps=gaps,
        policy=info(policy),
        lexicon_version=lexicon.version,
        lexicon_sha256=lexicon.sha256,
        tool_version=__version__,
        notices=notices,
        readers=tuple(sorted(tally.readers)),
    )


def _merged(found: list[Finding]) -> list[Finding]:
    """Return findings in which the same statement, met in several windows of a large file, stands once."""
    first: dict[tuple[tuple[str, ...], str], Finding] = {}
    for finding in found:
        key = (finding.trail, finding.fingerprint)
        known = first.get(key)
        if known is None:
            first[key] = finding
        elif len(known.also) < ALSO:
            more = (*known.also, Spot(finding.trail, finding.line, finding.end_line), *finding.also)
            first[key] = replace(known, also=more[:ALSO])
    return list(first.values())


def info(policy: Policy) -> PolicyInfo:
    """Return what a report says of its policy."""
    return policy.info


def _order(finding: Finding) -> tuple[tuple[str, ...], int, str, str, str]:
    return finding.trail, finding.line, finding.rule, finding.attribute, finding.fingerprint
