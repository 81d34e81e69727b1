"""The baseline: the findings that were there before, by fingerprint alone.

The file is a header and one fingerprint a line, sorted: no line numbers, no dates and no
excerpts, so that two branches merge it cleanly and it says nothing about anyone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from untag.errors import ConfigError
from untag.model import Notice
from untag.nouns import dataclass
from untag.policy.decide import BASELINE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from untag.model import Decision

HEADER: Final = "# untag baseline 1"
_LONGEST: Final = 200
"""Characters of a fingerprint, of ours or of a tool's that writes the format."""
_CONFLICT: Final = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Fingerprints that are known; use it as the container that `decide` asks."""

    fingerprints: frozenset[str] = frozenset()
    name: str = ""
    """The file, as the user named it."""

    def __contains__(self, fingerprint: object) -> bool:
        return fingerprint in self.fingerprints


def load_baseline(path: Path, name: str = "") -> Baseline:
    """Return the baseline in a file."""
    shown = name or str(path)
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"baseline {shown} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"baseline {shown} is not UTF-8: write it again with untag scan --write-baseline") from error
    lines = text.splitlines()
    if not lines or lines[0].strip() != HEADER:
        raise ConfigError(
            f"baseline {shown} does not begin with {HEADER!r}: write it again with untag scan --write-baseline"
        )
    found = set()
    for number, line in enumerate(lines[1:], 2):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith(_CONFLICT):
            raise ConfigError(f"baseline {shown} line {number}: a merge was left unfinished: keep both sides")
        if len(entry) > _LONGEST or not all("!" <= c <= "~" for c in entry):
            raise ConfigError(f"baseline {shown} line {number} is no fingerprint")
        found.add(entry)
    return Baseline(frozenset(found), shown)


def dump(decisions: Iterable[Decision]) -> str:
    """Return the text of a baseline that holds every finding that is not exempt by policy or waiver."""
    kept = {d.finding.fingerprint for d in decisions if d.action != "exempt" or d.waiver == BASELINE}
    return "\n".join([HEADER, *sorted(kept), ""])


def write(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a baseline to a temporary file beside ``path``, then put it in place."""
    text = dump(decisions)
    if path.exists() and not path.is_file():
        raise ConfigError(f"baseline {path.name} is no regular file: name another")
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as out:
            out.write(text)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ConfigError(f"baseline {path.name} cannot be written: {error.strerror or error}") from error


def stale(baseline: Baseline, decisions: Iterable[Decision]) -> tuple[Notice, ...]:
    """Return one notice that counts the entries whose finding is gone."""
    gone = baseline.fingerprints - {decision.finding.fingerprint for decision in decisions}
    if not gone:
        return ()
    entries = f"{len(gone)} entries match" if len(gone) > 1 else "1 entry matches"
    return (Notice("baseline_stale", f"{baseline.name}: {entries} no finding any more: write the baseline again"),)
