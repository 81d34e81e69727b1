"""Which findings of two scans are the same statement: by fingerprint, else by what was renamed or moved.

A fingerprint holds the file's path and the statement's route, without versions and lines. A file that moved, or a
class that was renamed, gives another; then the same rule, attribute and term in the same kind of place is taken for
the same statement, if there is exactly one on each side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.policy.base import severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from untag.model import Decision

Key = tuple[object, ...]


def _file(decision: Decision) -> str:
    return decision.finding.trail[-1].rsplit("/", 1)[-1]


LOOSER: Final[tuple[Callable[[Decision], Key], ...]] = (
    # the file moved
    lambda d: (d.finding.rule, d.finding.attribute, d.finding.route, d.finding.term, _file(d)),
    lambda d: (d.finding.rule, d.finding.attribute, d.finding.route, d.finding.term),
    # the statement does something else now, in the same place
    lambda d: (d.finding.attribute, d.finding.trail[1:] or d.finding.trail, d.finding.route, d.finding.term),
    # what encloses it was renamed
    lambda d: (d.finding.rule, d.finding.attribute, d.finding.route[-1:], d.finding.term, _file(d)),
    lambda d: (d.finding.attribute, d.finding.term, _file(d)),
)
"""From strict to loose: what still makes two findings one statement when their fingerprints differ."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same statement, before and after."""

    old: Decision
    new: Decision

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere now: another file or another route."""
        return self.old.finding.fingerprint != self.new.finding.fingerprint

    def changes(self) -> tuple[str, ...]:
        """Return what is different about it, in words; the place is not among them."""
        old, new = self.old.finding, self.new.finding
        rows = [
            (name, getattr(old, name), getattr(new, name))
            for name in ("operation", "acquisition", "confidence", "groups")
        ]
        rows.append(("action", self.old.action, self.new.action))
        return tuple(f"{name}: {_words(a)} → {_words(b)}" for name, a, b in rows if a != b)

    @property
    def worse(self) -> bool:
        """Whether the policy decides it more strictly now."""
        return severity(self.new.action) > severity(self.old.action)


def _words(value: object) -> str:
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Matched:
    """Two scans, put side by side."""

    pairs: tuple[Pair, ...]
    appeared: tuple[Decision, ...]
    gone: tuple[Decision, ...]


def match(old: Iterable[Decision], new: Iterable[Decision]) -> Matched:
    """Pair the findings of two scans; the order of the result is that of the new one, then of the old."""
    left, right = list(old), list(new)
    pairs: dict[int, int] = {}
    _join(left, right, pairs, lambda d: (d.finding.trail, d.finding.fingerprint), several=True)
    _join(left, right, pairs, lambda d: (d.finding.fingerprint,), several=True)
    for key in LOOSER:
        _join(left, right, pairs, key, several=False)
    taken = set(pairs.values())
    return Matched(
        pairs=tuple(Pair(left[pairs[n]], right[n]) for n in range(len(right)) if n in pairs),
        appeared=tuple(right[n] for n in range(len(right)) if n not in pairs),
        gone=tuple(left[n] for n in range(len(left)) if n not in taken),
    )


def _join(
    left: Sequence[Decision],
    right: Sequence[Decision],
    pairs: dict[int, int],
    key: Callable[[Decision], Key],
    *,
    several: bool,
) -> None:
    """Pair what has the same key and is not paired yet; ``several`` pairs equal ones in their order."""
    taken = set(pairs.values())
    olds: dict[Key, list[int]] = {}
    news: dict[Key, list[int]] = {}
    for number, decision in enumerate(left):
        if number not in taken:
            olds.setdefault(key(decision), []).append(number)
    for number, decision in enumerate(right):
        if number not in pairs:
            news.setdefault(key(decision), []).append(number)
    for found, numbers in news.items():
        before = olds.get(found, [])
        if several or len(before) == len(numbers) == 1:
            pairs.update(zip(numbers, before, strict=False))
