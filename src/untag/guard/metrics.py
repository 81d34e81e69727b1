"""What the guard counts, in the text format that Prometheus reads.

Labels are of closed vocabularies (verdicts, operations, attributes, kinds): no route, no value, no client.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

Counter = tuple[str, tuple[tuple[str, str], ...]]
"""A counter's name and its labels."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0)
"""Seconds: from what a clean small body takes to what nobody should wait for."""
_HELP: Final = {
    "untag_guard_decisions_total": "Decisions by kind of message, verdict, operation and attribute.",
    "untag_guard_failures_total": "Messages that could not be judged, by reason.",
    "untag_guard_unread_total": "Messages passed on without being read, by reason.",
    "untag_guard_upstream_total": "Answers of the upstream by class, or what went wrong.",
    "untag_guard_reloads_total": "Reloads of the policy, by result.",
}


def counter(name: str, **labels: str) -> Counter:
    """Return what names a counter: made once where one is counted with most messages."""
    return name, tuple(sorted(labels.items()))


class Metrics:
    """Counters and one histogram of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Counter, int] = {}
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0
        self.allowed = {"request": 0, "response": 0}
        """Messages without any finding; apart from the rest because nearly all are."""
        self.gauges: dict[str, Callable[[], float]] = {}
        """Name → what tells the value now."""
        self._begun = time.time()

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        self.add(counter(name, **labels))

    def add(self, one: Counter) -> None:
        """Add one to a counter that was named beforehand."""
        with self._lock:
            self._counts[one] = self._counts.get(one, 0) + 1

    def took(self, seconds: float) -> None:
        """Note how long one judgement took."""
        self._buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def value(self, name: str, **labels: str) -> int:
        """Return a counter's value, summed over the labels that are not named."""
        asked = set(labels.items())
        with self._lock:
            total = sum(count for (n, found), count in self._counts.items() if n == name and asked <= set(found))
        if name == "untag_guard_decisions_total" and labels.get("verdict", "allow") == "allow":
            kinds = [labels["kind"]] if "kind" in labels else list(self.allowed)
            total += sum(self.allowed.get(kind, 0) for kind in kinds)
        return total

    def text(self) -> str:
        """Return everything as Prometheus reads it."""
        with self._lock:
            rows = dict(self._counts)
        for kind, count in self.allowed.items():
            key = (("attribute", ""), ("kind", kind), ("operation", ""), ("verdict", "allow"))
            rows["untag_guard_decisions_total", key] = rows.get(("untag_guard_decisions_total", key), 0) + count
        lines: list[str] = []
        named = ""
        for (name, labels), count in sorted(rows.items()):
            if name != named:
                named = name
                lines += [f"# HELP {name} {_HELP.get(name, 'A count.')}", f"# TYPE {name} counter"]
            inner = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
            lines.append(f"{name}{{{inner}}} {count}" if inner else f"{name} {count}")
        lines += self._histogram()
        gauges = {"untag_guard_start_time_seconds": lambda: self._begun, **self.gauges}
        for name, tell in sorted(gauges.items()):
            lines += [f"# TYPE {name} gauge", f"{name} {tell():g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "untag_guard_judging_seconds"
        lines = [f"# HELP {name} Time spent on judging one message.", f"# TYPE {name} histogram"]
        total = 0
        for limit, count in zip((*BUCKETS, "+Inf"), self._buckets, strict=True):
            total += count
            lines.append(f'{name}_bucket{{le="{limit}"}} {total}')
        return [*lines, f"{name}_sum {self._seconds:.6f}", f"{name}_count {total}"]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
