"""The nearest known word, for errors that say what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def hint(word: str, known: Sequence[str]) -> str:
    """Return ``did you mean …?``, or the list of known words when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - an error alone needs it, and start-up time is a goal

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
