"""Formats without a grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.readers.fallback import line_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Gap, Scope, Span
    from untag.readers.base import Text


def block_spans(
    text: Text, wanted: Sequence[tuple[int, int]], deadline: Deadline, parent: Scope | None = None
) -> Iterator[Span | Gap]:
    yield from line_spans(text, wanted)
