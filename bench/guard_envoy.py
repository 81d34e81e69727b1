"""What the guard adds to an Envoy: the same Envoy with and without the processor, nginx beside both, in one run.

    python bench/guard_envoy.py                      10,000 requests through the guard for each row
    python bench/guard_envoy.py --requests 2000      a quick look

Needs wrk and nginx (both in Debian) and the extras guard and envoy. The three take turns in slices of a second, so that
a busy machine meets them all; medians over slices are shown. Seconds do not carry over to other machines, and where
the cores are shared even the added latency says as much of the neighbours as of the guard: the CPU time of a request,
user and system, stands beside it. One connection shows latency, sixteen show throughput.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from guard import Bench, free, middle, spent
from untag.guard.envoy import Plan, configuration, program

ROWS = (
    ("clean 2 kB", "clean2", False, 1),
    ("clean 2 kB, posted", "clean2", True, 1),
    ("dirty 2 kB", "dirty2", False, 1),
    ("clean 2 kB", "clean2", False, 16),
    ("dirty 2 kB", "dirty2", False, 16),
)
GOAL = 1.0
"""Milliseconds that may be added to the median of a clean request of 2 kB."""


def begin(bench):
    """Start both Envoys and the processor; return side → its port and the processes whose CPU is counted."""
    processor = free()
    upstream = f"http://127.0.0.1:{bench.upstream}"
    judge = bench.start([sys.executable, "-m", "untag", "guard", "--ext-proc", f"127.0.0.1:{processor}"], processor)
    sides = {}
    for name in ("bare", "guarded"):
        port = free()
        guarded = name == "guarded"
        plan = Plan(f"127.0.0.1:{port}", upstream, f"127.0.0.1:{processor}", guarded=guarded, workers=1)
        path = bench.folder / f"envoy-{name}.json"
        path.write_text(configuration(plan))
        command = [program(), "-c", str(path), "--log-level", "error", "--use-dynamic-base-id", "--concurrency", "1"]
        process = bench.start(command, port)
        sides[name] = (port, (process, judge) if guarded else (process,))
    sides["nginx"] = (bench.relay, ())
    return sides


def turns(bench, sides, name, *, post, connections):
    """Load each side in turn until the guarded one has had its requests."""
    found = {side: [] for side in sides}
    done = 0
    while done < bench.args.requests:
        for side, (port, processes) in sides.items():
            before = [spent(process) for process in processes]
            result = bench.load(port, name, seconds=1, connections=connections, post=post)
            count = max(1, result["count"])
            result["cpu"] = [
                (spent(process) - old) / count * 1e6 for process, old in zip(processes, before, strict=True)
            ]
            found[side].append(result)
        done += found["guarded"][-1]["count"]
    return found


def row(title, found, connections):
    """Print one row; return the milliseconds added to the median, and the errors."""
    bare, guarded = found["bare"], found["guarded"]
    p50, p99 = (middle([b[key] - a[key] for a, b in zip(bare, guarded, strict=True)]) for key in ("p50", "p99"))
    rates = [middle([one["rate"] for one in found[side]]) for side in ("bare", "guarded", "nginx")]
    envoy = middle([one["cpu"][0] for one in guarded]) - middle([one["cpu"][0] for one in bare])
    judge = middle([one["cpu"][1] for one in guarded])
    count = sum(one["count"] for one in guarded)
    errors = sum(one["errors"] + one["broken"] for one in guarded)
    print(
        f"| {title} | {connections} | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[2]:,.0f} | {p50:.2f} | {p99:.2f}"
        f" | {judge:,.0f} | {envoy:,.0f} | {count:,} | {errors} |",
        flush=True,
    )
    return p50, errors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000, help="through the guard, for each row")
    parser.add_argument("--only", type=int, metavar="N", help="only the rows with N connections")
    args = parser.parse_args()
    args.connections, args.seconds = 1, 1
    added, errors = [], 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args)
        try:
            sides = begin(bench)
            for port, _ in sides.values():
                bench.load(port, "clean2", seconds=1)
            sys.stdout.reconfigure(line_buffering=True)
            print(
                "| through Envoy | connections | bare, req/s | guarded, req/s | nginx, req/s | added p50, ms"
                " | added p99, ms | processor, CPU µs | Envoy, CPU µs more | requests | errors |"
            )
            print("|---|---|---|---|---|---|---|---|---|---|---|")
            for title, name, post, connections in ROWS:
                if args.only not in (None, connections):
                    continue
                found = turns(bench, sides, name, post=post, connections=connections)
                p50, wrong = row(title, found, connections)
                errors += wrong
                if connections == 1:
                    added.append(p50)
        finally:
            bench.stop()
    print(f"\nerrors: {errors}")
    if added:
        print(f"added to the median: {max(added):.2f} ms at most (goal {GOAL:g})")


if __name__ == "__main__":
    main()
