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

from untag import limits
from untag._version import __version__
from untag.model import CONFIDENCES, FileRef, Notice, PolicyInfo, Report, Spot, Subject
from untag.nouns import replace
from untag.policy.baseline import Baseline, stale
from untag.policy.decide import decide, status
from untag.policy.load import load_policy
from untag.sources import SourceOptions, resolve
from untag.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from untag.engine import Scanner
    from untag.match.store import Lexicon
    from untag.model import Blob, Decision, Finding, Gap
    from untag.packages import Packages
    from untag.policy.base import Policy
    from untag.policy.waivers import Waiver
    from untag.sources import Source

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
    cache: bool = True,
) -> Report:
    """Scan one or more targets and return the report.

    A target is a path, ``-``, ``pypi:name[==version]``, ``npm:name[@version]`` or
    ``git:path[@revision]``. ``progress`` is called with files done and files in all.
    ``inline_waivers`` says whether comments in the scanned files may waive findings: not in a tree
    that is not one's own. ``ocr`` reads the text in pictures, which takes seconds each (extra ``ocr``).
    ``cache`` keeps what was gathered in a small folder and takes it from there while no byte of it changed
    (`untag.remembered`). ``today`` decides which waivers have expired and is the current day unless given.
    Raises `UntagError` when a target cannot be reached or the policy is wrong; what
    cannot be *read* is a Gap in the report instead.
    """
    names = [targets] if isinstance(targets, str) else list(targets)
    chosen = load_policy(policy, overlays) if isinstance(policy, str) else policy
    sources = [resolve(name, options) for name in names]
    work = _Work(options, jobs, progress, ocr=ocr, cache=cache)
    total = Tally()
    for name, source in zip(names, sources, strict=True):
        tally = work.gathered(name, source)
        total.add(_prefixed(tally, source.title) if len(names) > 1 else tally)
    if not inline_waivers:
        total.waivers = []
    title = ", ".join(s.title for s in sources)
    report = _report(title, total, chosen, waivers, baseline, fail_on, min_confidence, today, work.edition)
    subjects = tuple(filter(None, (_subject(*one, found=bool(report.decisions)) for one in work.single)))
    return replace(report, subjects=subjects) if subjects else report


class _Work:
    """What one call gathers, target by target; the lexicon is loaded for the first that is not remembered."""

    def __init__(
        self,
        options: SourceOptions | None,
        jobs: int,
        progress: Callable[[int, int], None] | None,
        *,
        ocr: bool,
        cache: bool,
    ) -> None:
        self._options = options
        self._jobs = jobs
        self._progress = progress
        self._ocr = ocr
        self._cache = cache
        self._lexicon: Lexicon | None = None
        self._edition = ("", "")
        self.single: list[tuple[str, FileRef, str]] = []
        """Targets that are one file: title, file, digest where the source states one."""

    @property
    def edition(self) -> tuple[str, str]:
        """Version and digest of the lexicon."""
        if not self._edition[0]:
            lexicon = self._loaded()
            self._edition = (lexicon.version, lexicon.sha256)
        return self._edition

    def gathered(self, name: str, source: Source) -> Tally:
        """Return what one target holds."""
        if self._options is not None and self._options.history and name.startswith("git:"):
            return self._history(name)
        return self._folder(name, source) if self._cache and os.path.isdir(name) else self._read(name, source)

    def _folder(self, name: str, source: Source) -> Tally:
        """Return what a folder holds, from memory where every byte is as it was."""
        from untag.remembered import Memory  # noqa: PLC0415 - only folders are

        memory = Memory(name, f"ocr={self._ocr}\0{source.title}")
        items = list(source.items())
        walked = memory.walked(items, getattr(source, "beside", ()), getattr(source, "ignored", 0))
        known = memory.recall(walked)
        if known:
            tally, self._edition = known
            return tally
        tally = self._read(name, source, items)
        memory.keep(walked, tally, self.edition)
        return tally

    def _read(self, name: str, source: Source, walked: Iterable[FileRef | Blob | Gap] | None = None) -> Tally:
        """Return what a target holds, all of it read."""
        from untag.packages import Packages  # noqa: PLC0415 - what is remembered is not read
        from untag.workers import cores, run  # noqa: PLC0415

        scanner = self._scanner(Packages(name if os.path.isdir(name) else ""))
        refs: list[FileRef] = []
        for item in source.items() if walked is None else walked:
            if isinstance(item, FileRef):
                refs.append(item)
            else:
                scanner.feed(item)
        if len(refs) == 1 and (os.path.isfile(name) or name.startswith(("pypi:", "npm:"))):
            self.single.append((source.title, refs[0], getattr(source, "sha256", "")))
        if ignored := getattr(source, "ignored", 0):
            scanner.tally.notices.append(Notice("left_out", LEFT_OUT.format(ignored)))
        shown = [r.trail for r in refs if r.trail[-1].lower().endswith(PICTURES)]
        if len(shown) >= limits.PICTURES:
            scanner.pictures(shown, (source.title,))
        tally = scanner.take()
        tally.add(run(scanner, _sized(refs), self._jobs or cores(), self._progress))
        return tally

    def _history(self, name: str) -> Tally:
        """Return what was ever committed to a git repository."""
        from untag import chronicle  # noqa: PLC0415 - few scans read a history
        from untag.packages import Packages  # noqa: PLC0415
        from untag.workers import cores  # noqa: PLC0415

        environ = self._options.environ if self._options else None
        scanner = self._scanner(Packages(""))
        return chronicle.scan_history(
            name, scanner, environ=environ, jobs=self._jobs or cores(), progress=self._progress
        )

    def _scanner(self, packages: Packages) -> Scanner:
        from untag.engine import Scanner  # noqa: PLC0415

        return Scanner(self._loaded(), None, packages)

    def _loaded(self) -> Lexicon:
        """Return the lexicon, and ask readers for what this call wants read."""
        if self._lexicon is None:
            from untag.match import store  # noqa: PLC0415

            self._lexicon = store.load()
            if self._ocr or "untag.readers.artifacts.documents.ocr" in sys.modules:  # an earlier scan may have asked
                from untag.readers.artifacts.documents import ocr as pictures  # noqa: PLC0415

                pictures.ask(on=self._ocr)
        return self._lexicon


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
        sized.append(FileRef(ref.trail, ref.path, size) if size >= limits.LARGE else ref)
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
    edition: tuple[str, str],
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
        lexicon_version=edition[0],
        lexicon_sha256=edition[1],
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
        elif len(known.also) < limits.ALSO:
            more = (*known.also, Spot(finding.trail, finding.line, finding.end_line), *finding.also)
            first[key] = replace(known, also=more[: limits.ALSO])
    return list(first.values())


def info(policy: Policy) -> PolicyInfo:
    """Return what a report says of its policy."""
    return policy.info


def _order(finding: Finding) -> tuple[tuple[str, ...], int, str, str, str]:
    return finding.trail, finding.line, finding.rule, finding.attribute, finding.fingerprint
