"""What of a tensor is no longer needed, and what a reader says of its inputs.

A drop is a set of hyperplanes: by axis, the indices that go. ``DEAD`` says that nothing is left of
the tensor; an empty drop, that all of it stays. Indices and axes are those of the model as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Drop = dict[int, frozenset[int]] | None
"""By axis, the indices that go; ``None``: all."""
DEAD: Final[Drop] = None
WHOLE: Final[dict[int, frozenset[int]]] = {}


@dataclass(frozen=True, slots=True)
class Edge:
    """What one reader of a tensor can do without."""

    allowed: Drop
    """What it does not need."""
    must: Drop
    """The part of it that has to go because of the cut: a tensor that keeps it stops the cut."""
    exact: bool = False
    """Whether the reader takes the tensor with exactly ``allowed`` gone, and in no other shape."""


ALL: Final = Edge(WHOLE, WHOLE)
"""A reader that needs everything."""
GONE: Final = Edge(DEAD, WHOLE)
"""A reader that goes itself."""


def exact(drop: Drop) -> Edge:
    """Return the edge of a reader that follows its output: what is gone there is gone here."""
    return Edge(drop, drop, exact=bool(drop))


def tidy(drop: dict[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Return a drop without axes on which nothing goes."""
    return {axis: gone for axis, gone in drop.items() if gone}


def meet(drops: Iterable[Drop]) -> Drop:
    """Return what none of several readers needs."""
    living = [drop for drop in drops if drop is not None]
    if not living:
        return DEAD
    axes = set(living[0])
    for drop in living[1:]:
        axes &= set(drop)
    return tidy({axis: frozenset.intersection(*(drop[axis] for drop in living)) for axis in axes})


def without(drop: Drop, before: Drop) -> Drop:
    """Return what goes beyond what was not needed before the cut either."""
    if drop is None or before is None:
        return drop
    return tidy({axis: gone - before.get(axis, frozenset()) for axis, gone in drop.items()})


def covers(drop: Drop, must: Drop) -> bool:
    """Say whether all that must go is gone."""
    if drop is None:
        return True
    if must is None:
        return False
    return all(gone <= drop.get(axis, frozenset()) for axis, gone in must.items())


def left(size: int, gone: frozenset[int]) -> tuple[int, ...]:
    """Return the indices of an axis that stay."""
    return tuple(index for index in range(size) if index not in gone)


def places(kept: Iterable[int], gone: frozenset[int]) -> list[int]:
    """Return where indices of the old axis stand on the new one."""
    ordered = sorted(gone)
    found = []
    for index in kept:
        before = 0
        for other in ordered:
            if other >= index:
                break
            before += 1
        found.append(index - before)
    return found
