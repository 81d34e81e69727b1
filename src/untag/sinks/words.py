"""What every format for people says in the same words: coverage, status, what was left out."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from untag.model import ACTIONS
from untag.sinks.text import amount, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from untag.model import Coverage, Decision, Report

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "encrypted": "encrypted",
        "truncated": "cut off",
        "corrupt": "damaged",
        "limit": "over a limit",
        "unsafe_path": "a member name that points outside its container",
        "duplicate": "two members of one name",
        "link": "a link",
        "permission": "no permission",
        "vanished": "gone before it was read",
        "changed": "changed while it was read",
        "crashed": "the reader failed",
        "missing_extra": "an optional package is not installed",
        "unsupported": "a format that is not understood",
        "encoding": "an encoding that is not understood",
        "special_file": "not a regular file",
    }
)
"""A gap's reason, for people."""

MEANING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "clean": "exit 0: no finding that blocks in what was read. This is no statement about what was not.",
        "blocked": "exit 1: there are findings that this policy does not let pass.",
        "incomplete": "exit 3: something was not read or nothing was there to read, so there is no verdict.",
    }
)
"""What a status means to whoever waits for the exit code."""


def coverage(counts: Coverage) -> str:
    """Return how much was read, with what was not."""
    if not counts.files:
        return "Nothing was scanned."
    parts = [f"{counts.parsed:,} parsed"]
    if counts.bytes:
        parts.append(f"{counts.bytes:,} as bytes")
    if counts.opaque:
        parts.append(f"{counts.opaque:,} opaque (no text to read)")
    parts.append(f"{counts.unread:,} NOT read" if counts.unread else "none unread")
    return f"Scanned {amount(counts.files, 'file')} ({size(counts.size)}): {', '.join(parts)}."


def tally(decisions: list[Decision]) -> str:
    """Return how many findings there are of each action."""
    counts = Counter(decision.action for decision in decisions)
    if not counts:
        return "No finding in what was read."
    parts = [f"{counts[action]:,} {action}" for action in ACTIONS if counts[action]]
    return f"{amount(sum(counts.values()), 'finding')}: {', '.join(parts)}."


def policy(report: Report) -> str:
    """Return which policy decided."""
    info = report.policy
    overlays = f" with {', '.join(info.overlays)}" if info.overlays else ""
    return f"{info.id}{overlays} ({info.title})"
