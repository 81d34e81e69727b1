"""Time commands as ratios: the two sides take turns, so that both meet the same noise, and medians are compared."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Took:
    """What one command took: medians over its runs."""

    wall: float
    cpu: float
    peak: int
    """Bytes of memory of the largest of its processes."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    own: str
    peer: str
    ratio: str
    goal: str
    reached: bool | None
    """None where there is nothing to hold it against."""


def once(command: Sequence[str]) -> tuple[float, float, int]:
    """Run a command to its end and return wall seconds, CPU seconds and peak bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command[:3])} … ended with {process.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, usage.ru_maxrss * 1024


def turns(commands: Sequence[Sequence[str]], runs: int, *, warm: bool = True) -> list[Took]:
    """Run commands in turn and return the medians of each."""
    if warm:
        once(commands[0])
    taken: list[list[tuple[float, float, int]]] = [[] for _ in commands]
    for _ in range(runs):
        for place, command in zip(taken, commands, strict=True):
            place.append(once(command))
    return [
        Took(statistics.median(r[0] for r in rows), statistics.median(r[1] for r in rows), max(r[2] for r in rows))
        for rows in taken
    ]


def faster(name: str, own: Took, peer: Took | None, goal: float, of: str = "ripgrep") -> Row:
    """Return the row of a job that is to be so many times faster than a peer."""
    if peer is None:
        return Row(name, seconds(own.wall), "skipped: no ripgrep", "", f"≥ {goal:g} × {of}", None)
    ratio = peer.wall / own.wall
    text = f"{seconds(peer.wall)} {of} (CPU ratio {peer.cpu / own.cpu:.1f})"
    return Row(name, seconds(own.wall), text, f"{ratio:.1f} ×", f"≥ {goal:g} × faster", ratio >= goal)


def at_most(name: str, own: Took, base: Took, goal: float, of: str) -> Row:
    """Return the row of a job that may take so many times as long as another."""
    ratio = own.wall / base.wall
    return Row(name, seconds(own.wall), f"{seconds(base.wall)} {of}", f"{ratio:.1f} ×", f"≤ {goal:g} ×", ratio <= goal)


def seconds(value: float) -> str:
    return f"{value * 1e3:.0f} ms" if value < 1 else f"{value:.2f} s"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as one table."""
    head = ("bench", "untag", "held against", "ratio", "goal", "")
    marks: dict[bool | None, str] = {True: "reached", False: "NOT reached", None: "–"}
    cells = [head, *((r.name, r.own, r.peer, r.ratio, r.goal, marks[r.reached]) for r in rows)]
    widths = [max(len(c[i]) for c in cells) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join((lines[0], "  ".join("-" * w for w in widths), *lines[1:]))


def sampled(peak: Callable[[], int], process: subprocess.Popen[bytes]) -> int:
    """Return the highest value that ``peak`` gave while a process ran."""
    most = 0
    while process.poll() is None:
        most = max(most, peak())
        time.sleep(0.02)
    return most
