"""A filter for event buses: JSON Lines in, JSON Lines out, each event judged on its own.

An event is cleaned as a response is. What cannot be judged does not pass (``fail`` is ``closed``), and is counted;
the lines that pass keep their order and, where nothing was taken out, their bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from untag.guard.gate import Gate

JSON: Final = "application/json"


@dataclass(slots=True)
class Counts:
    """What became of the events so far."""

    read: int = 0
    passed: int = 0
    changed: int = 0
    refused: int = 0
    failed: int = 0


def filtered(
    lines: Iterable[bytes],
    gate: Gate,
    counts: Counts,
    *,
    route: str = "",
    told: Callable[[int, str], None] | None = None,
) -> Iterator[bytes]:
    """Yield the lines that may go on; ``told`` hears the number of a line that may not, and why."""
    for line in lines:
        counts.read += 1
        body = line.rstrip(b"\r\n")
        if not body.strip():
            yield line
            continue
        outcome = gate.response(body, content_type=JSON, encoding="", path=route)
        if outcome.action == "pass":
            counts.passed += 1
            yield line
        elif outcome.action == "change":
            counts.changed += 1
            fresh = body if outcome.body is None else outcome.body
            yield fresh.replace(b"\n", b" ") + line[len(body) :]
        else:
            if outcome.action == "refuse":
                counts.refused += 1
            else:
                counts.failed += 1
            if told:
                told(counts.read, outcome.action)
