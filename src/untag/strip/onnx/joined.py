"""Lists that hold the class names of several outputs one behind the other: 18 names for outputs of 7, 2 and 9.

Nothing in a model says where such a list is divided. It is told by what the names are: those of the groups stand
in one run, as many as one output has classes, and the other names are as many as other outputs have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.interpret.naming import protected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def run(names: Sequence[str], size: int) -> int | None:
    """Return where in a list the names of groups begin, if they stand in one run of ``size``; else nothing."""
    own = [at for at, attribute in enumerate(protected(names)) if attribute]
    return own[0] if own and len(own) == size == own[-1] + 1 - own[0] else None


def of_output(names: Sequence[str], output: str, sizes: Mapping[str, int]) -> int | None:
    """Return where in a list the classes of an output begin that holds protected groups and nothing else.

    ``sizes`` are the numbers of classes of all outputs. Nothing if the list is not made up of theirs.
    """
    size = sizes.get(output, 0)
    rest = [other for name, other in sizes.items() if name != output]
    if not 0 < size < len(names) or not _reached(len(names) - size, rest):
        return None
    return run(names, size)


def _reached(total: int, sizes: Sequence[int]) -> bool:
    """Whether some of the numbers add up to a total."""
    sums = {0}
    for size in sizes:
        sums |= {known + size for known in sums if known + size <= total}
    return total in sums
