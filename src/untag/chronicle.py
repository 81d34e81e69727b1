"""What a scan of a whole git history needs beyond a scan: one statement for the many versions of a file.

`scan_history` searches every content that was ever committed. A version whose telling
lines (those about each candidate, the blocks that they stand in, the headers above them)
are those of a version of the same file that was read already, and in which the words that
the judgement weighs stand as often, gets that version's findings without a new reading. Findings
with the same trail and fingerprint become one, which says in its evidence which commit
brought it in and which one took it out. Names and messages of commits are not shown.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, Final

from untag import limits
from untag.errors import SourceError
from untag.model import Coverage, Evidence, Gap
from untag.readers.plain import is_plain
from untag.sources.history import Stay, history, stays
from untag.sources.names import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from untag.engine import Scanner
    from untag.model import Blob, Finding
    from untag.policy.waivers import Waiver
    from untag.tally import Tally

NEAR: Final = 6
"""Lines above and below a candidate that the judgement looks at, as in `untag.interpret.around`; and below a header."""
CLIMB: Final = 400
"""Lines looked up and down at most for the block and the headers (of a class, a function) around a candidate."""
OFTEN: Final = 5
"""Times from which on a word of a file weighs the same: the judgement counts no further either, or hardly."""
BOM: Final = b"\xef\xbb\xbf"
DEEP: Final = 1 << 30
ABBREVIATED: Final = 12
"""Digits of a commit that are shown; the Linux kernel needs as many."""
SHARES: Final = 4
"""Processes at most: each lists the whole history for itself."""
EVERY: Final = 64
"""Contents between two calls of ``progress``."""

Group = tuple[tuple[str, ...], str]
"""Trail and fingerprint: what makes findings of several versions one."""


@dataclass(slots=True)
class _Found:
    """One finding and the contents in which it stands."""

    finding: Finding
    """As the newest version that was read says it."""
    origins: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What reading one version gave."""

    findings: tuple[Finding, ...]
    waivers: tuple[Waiver, ...]


@dataclass(slots=True)
class _Gathered:
    """What reading one share of a history gave."""

    found: dict[Group, _Found]
    waivers: list[Waiver]


def title(path: str) -> str:
    """Return what a report shows of the target: the folder's own name, no absolute path."""
    name = os.path.basename(os.path.realpath(path.removeprefix("git:") or "."))  # noqa: PTH119
    return printable(f"git:{name} --history")


def scan_history(
    path: str,
    scanner: Scanner,
    *,
    environ: Mapping[str, str] | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Tally:
    """Search all that was ever committed to the repository at ``path`` and return what was gathered.

    With several ``jobs`` each process reads the versions of its own share of the paths.
    ``progress`` is called with contents done and 0, as their number is not known before.
    Each finding stands once for all versions of a file, with a last `Evidence` of kind
    ``history`` that names the commits. Its line is that in the newest version which holds
    it. Raises `SourceError` when there is no repository.
    """
    of = min(jobs, SHARES) if hasattr(os, "fork") else 1
    others = [_fork(path, scanner, environ, (number, of)) for number in range(1, of)]
    try:
        chronicle, tally = _share(path, scanner, environ, (0, max(of, 1)), progress)
        for pid, back in others:
            home = _home(pid, back)
            if home is None:
                tally.gaps.append(Gap((title(path),), "crashed", "a worker died on a content; scan with one job"))
            else:
                chronicle.found.update(home[0].found)
                chronicle.waivers += home[0].waivers
                tally.add(home[1])
    except BaseException:
        for pid, _ in others:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)
        raise
    found = chronicle.found
    try:
        when = stays(path, {key: one.origins for key, one in found.items()}, environ)
    except SourceError as error:
        tally.gaps.append(Gap((title(path),), "corrupt", f"which commits it was cannot be said: {error}"))
        when = {}
    tally.findings = [_dated(one, when.get(key)) for key, one in found.items()]
    tally.waivers = chronicle.waivers
    return tally


def _share(
    path: str,
    scanner: Scanner,
    environ: Mapping[str, str] | None,
    share: tuple[int, int],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[_Gathered, Tally]:
    """Read one share of a history."""
    chronicle = _Chronicle(scanner)
    for number, item in enumerate(history(path, environ, share), 1):
        if isinstance(item, Gap):
            scanner.feed(item)
        else:
            chronicle.read(item)
        if progress and number % EVERY == 0:
            progress(number * share[1], 0)
    tally = scanner.take()
    tally.coverage += Coverage(files=chronicle.files, size=chronicle.size, parsed=chronicle.files)
    return _Gathered(chronicle.found, chronicle.waivers), tally


def _fork(
    path: str, scanner: Scanner, environ: Mapping[str, str] | None, share: tuple[int, int]
) -> tuple[int, IO[bytes]]:
    """Start a process that reads a share; return its number and what it will send."""
    out, back = os.pipe()
    pid = os.fork()
    if pid:
        os.close(back)
        return pid, os.fdopen(out, "rb")
    code = 1
    try:
        os.close(out)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        body = pickle.dumps(_share(path, scanner, environ, share), protocol=5)
        with os.fdopen(back, "wb") as sink:
            sink.write(body)
        code = 0
    finally:
        os._exit(code)


def _home(pid: int, back: IO[bytes]) -> tuple[_Gathered, Tally] | None:
    """Return what a process gathered, None where it died."""
    with back:
        body = back.read()
    _, status = os.waitpid(pid, 0)
    if status:
        return None
    return pickle.loads(body)  # type: ignore[no-any-return] # noqa: S301 - from our own fork, nothing scanned


class _Chronicle:
    """What was read so far of a history, newest first."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.found: dict[Group, _Found] = {}
        self.waivers: list[Waiver] = []
        self.files = 0
        """Contents that were searched here and needed no reading."""
        self.size = 0
        self._known: dict[bytes, _Reading] = {}

    def read(self, blob: Blob) -> None:
        """Search one content."""
        key = self._telling(blob)
        if key == b"":
            self._count(blob)
            return
        reading = self._known.get(key) if key else None
        if reading is None:
            reading = self._feed(blob)
            if key:
                self._known[key] = reading
        else:
            self._count(blob)
        for finding in reading.findings:
            group = (finding.trail, finding.fingerprint)
            one = self.found.get(group)
            if one is None:
                one = self.found[group] = _Found(finding)
                self.waivers += [w for w in reading.waivers if w not in self.waivers and w.covers(finding)]
            one.origins.add(blob.origin)

    def _count(self, blob: Blob) -> None:
        self.files += 1
        self.size += len(blob.data)

    def _feed(self, blob: Blob) -> _Reading:
        """Let the scanner read a content, and take what it found."""
        tally = self.scanner.tally
        findings, waivers = len(tally.findings), len(tally.waivers)
        self.scanner.feed(blob)
        reading = _Reading(tuple(tally.findings[findings:]), tuple(tally.waivers[waivers:]))
        del tally.findings[findings:], tally.waivers[waivers:]
        return reading

    def _telling(self, blob: Blob) -> bytes | None:
        """Return a digest of what a text's findings rest on; empty where it has no candidate, None where unknown."""
        data = blob.data
        if not 0 < len(data) <= limits.PARSE or not isinstance(data, bytes):
            return None
        if not is_plain(data[: limits.OVERLAP], blob.trail[-1]) or not _is_utf8(data):
            return None
        lexicon = self.scanner.lexicon
        proposals = lexicon.anchors.propose(data)
        if not proposals:
            return b""
        if data.startswith(BOM):
            return None
        if kind := lexicon.anchors.folds(proposals):
            from untag.match.fold import fold  # noqa: PLC0415 - few texts hold escapes

            # the engine judges and quotes the folded text, so that is what findings rest on
            folded = fold(data, escapes_only=kind == "escapes")
            if folded != data:
                data, proposals = folded, lexicon.anchors.propose(folded)
        hits = lexicon.anchors.judge(data, proposals)
        if not hits:
            return b""
        return _digest(blob.trail, data, hits, lexicon.context.propose(data))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _digest(
    trail: tuple[str, ...], data: bytes, hits: list[tuple[int, int, int]], speaking: Iterable[tuple[int, int]]
) -> bytes:
    """Return the digest of what findings rest on: their surroundings, and how often which word stands in the file."""
    lines = data.split(b"\n")
    digest = blake2b("\0".join(trail).encode("utf-8", "replace"), digest_size=20)
    for number in sorted(_telling_lines(data, lines, [start for _, start, _ in hits])):
        digest.update(lines[number] + b"\n")
    counts = Counter(("anchor", index) for index, _, _ in hits)
    counts.update(("word", pattern) for pattern, _ in speaking)
    digest.update(repr(sorted((key, min(count, OFTEN)) for key, count in counts.items())).encode())
    return digest.digest()


def _telling_lines(data: bytes, lines: list[bytes], starts: list[int]) -> set[int]:
    """Return the numbers of the lines about places, of the blocks they stand in, and of the headers above those."""
    wanted: set[int] = set()
    number = before = 0
    until = -1
    for at in sorted(starts):
        number += data.count(b"\n", before, at)
        before = at
        wanted.update(range(max(0, number - NEAR), min(len(lines), number + NEAR + 1)))
        if number > until:
            until = _block(lines, number, wanted)
    return wanted


def _block(lines: list[bytes], number: int, wanted: set[int]) -> int:
    """Add the block that a line stands in and the headers above it; return the block's last line."""
    low = _indent(lines[number])
    last = number
    for above in range(number - 1, max(-1, number - CLIMB), -1):
        if not low:
            break
        indent = _indent(lines[above])
        if indent >= low:
            continue
        low = indent
        wanted.update(range(above, min(len(lines), above + NEAR + 1)))
        if last == number:
            while last + 1 < min(len(lines), number + CLIMB) and _indent(lines[last + 1]) > indent:
                last += 1
            wanted.update(range(above, last + 1))
    return last


def _indent(line: bytes) -> int:
    """Return how far a line is indented; a blank one says nothing and counts as deepest."""
    bare = line.lstrip(b" \t\r")
    return len(line) - len(bare) if bare else DEEP


def _dated(one: _Found, stay: Stay | None) -> Finding:
    """Return a finding that says when it came and went."""
    finding = one.finding
    if stay is None:
        return finding
    said = Evidence("history", _words(stay, len(one.origins)), finding.line, 0.0)
    return replace(finding, because=(*finding.because, said))


def _words(stay: Stay, versions: int) -> str:
    if not stay.first:
        return "in no commit: a content that only a tag or the index names"
    text = f"brought in by commit {stay.first[:ABBREVIATED]} of {stay.first_day}, "
    if stay.there:
        text += "still there"
    elif stay.last:
        text += f"taken out by commit {stay.last[:ABBREVIATED]} of {stay.last_day}"
    else:
        text += "never taken out of its branch, tag or stash"
    return f"{text}; in {versions:,} version{'s' if versions > 1 else ''} of the file"


__all__ = ["scan_history", "title"]
