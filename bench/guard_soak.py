"""Hours in minutes: the guard at full load with mixed traffic, killed in the middle, and what is left of its log.

    python bench/guard_soak.py --minutes 10
    python bench/guard_soak.py --minutes 10 --log guard.sqlite --connections 4

Clean and dirty answers of 2 and 200 kB, event streams, pictures, bodies, queries that are cut and requests that are
refused, over loopback with keep-alive. Halfway the guard is killed (SIGKILL) under load: its log must verify to the
last record and hold each decision whose answer a client has read. It is started anew on the same log for the second
half. Memory is flat if the line through the samples of a half, its first fifth left out, climbs less than 2 % of the
resident memory in ten minutes.

Needs wrk and nginx (both in Debian) and the extra guard.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from guard import Bench, document, free, spent
from untag.guard.log import rotated, verify

EVERY = 2.0
"""Seconds between two samples of the memory."""
FLAT = 0.02
WINDOW = 600.0
MIX = """
local json = { ["content-type"] = "application/json" }
local mix = {
  { 30, wrk.format("GET", "/clean2.json") },
  { 25, wrk.format("GET", "/dirty2.json") },
  { 2, wrk.format("GET", "/clean200.json") },
  { 1, wrk.format("GET", "/dirty200.json") },
  { 3, wrk.format("GET", "/events.ndjson") },
  { 4, wrk.format("GET", "/picture.jpg") },
  { 10, wrk.format("GET", "/clean2.json?face_field=age,race") },
  { 15, wrk.format("POST", "/clean2.json", json, [[%s]]) },
  { 6, wrk.format("POST", "/clean2.json", json, '{"camera": 3, "filter": {"ethnicity": "Uyghur"}}') },
  { 2, wrk.format("POST", "/clean2.json", json, '{"camera": 3, "filter": {"ethni') },
}
local deck = {}
for _, one in ipairs(mix) do for _ = 1, one[1] do deck[#deck + 1] = one[2] end end
math.randomseed(%d)
passed, cleaned, refused, withheld, other = 0, 0, 0, 0, 0
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function request() return deck[math.random(#deck)] end
function response(status, headers)
  if status == 200 then
    if headers["untag-guard"] then cleaned = cleaned + 1 else passed = passed + 1 end
  elseif status == 403 then refused = refused + 1
  elseif status == 502 then withheld = withheld + 1
  else other = other + 1 end
end
function done()
  for _, name in ipairs({ "passed", "cleaned", "refused", "withheld", "other" }) do
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    io.write("count ", name, " ", sum, "\\n")
  end
end
"""
NAMES = ("passed", "cleaned", "refused", "withheld", "other")


def resident(process):
    """Return the megabytes that a process holds."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def prepare(bench):
    """Write the traffic down."""
    folder = bench.folder
    rows = [document(600, dirty=number % 3 == 0) for number in range(12)]
    (folder / "events.ndjson").write_bytes(b"\n".join(rows) + b"\n")
    (folder / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + random.randbytes(20_000))
    (folder / "mix.lua").write_text(MIX % (document(1_500, dirty=False).decode(), 7))


def load(bench, port, seconds):
    command = ["wrk", "-t1", f"-c{bench.args.connections}", f"-d{seconds:.0f}", "-s", str(bench.folder / "mix.lua")]
    return subprocess.Popen([*command, f"http://127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True)


def outcome(process):
    text = process.communicate()[0]
    found = {name: int(re.search(rf"count {name} (\d+)", text)[1]) for name in NAMES}
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return found, tuple(map(int, broken.groups())) if broken else (0, 0, 0, 0)


def slope(samples):
    """Return MB in ten minutes of the line through ``(seconds, MB)``, and the median MB."""
    kept = samples[len(samples) // 5 :]
    line = statistics.linear_regression([at for at, _ in kept], [size for _, size in kept])
    return line.slope * WINDOW, statistics.median(size for _, size in kept)


def half(bench, title, log, seconds, *, kill):
    """Load the guard for some seconds; return what clients counted and whether memory was flat."""
    port = free()
    command = [sys.executable, "-m", "untag", "guard", "--upstream", f"http://127.0.0.1:{bench.upstream}"]
    process = bench.start([*command, "--listen", f"127.0.0.1:{port}", "--log", str(log), "--log-rotate", "4"], port)
    begun = time.monotonic()
    client = load(bench, port, seconds + (3 if kill else 0))
    samples = []
    while time.monotonic() - begun < seconds:
        time.sleep(EVERY)
        samples.append((time.monotonic() - begun, resident(process)))
    cpu = spent(process)
    if kill:
        process.send_signal(signal.SIGKILL)
        process.wait()
    found, broken = outcome(client)
    if not kill:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/__untag/healthz", timeout=10) as answer:
            assert answer.status == 200
        process.terminate()
        process.wait(30)
    count = sum(found.values())
    climb, level = slope(samples)
    print(
        f"\n{title}: {seconds:.0f} s, {count:,} requests, {count / seconds:,.0f}/s, {cpu / count * 1e6:,.0f} CPU µs each"
    )
    print("  " + ", ".join(f"{number:,} {name}" for name, number in found.items()))
    print(f"  socket errors (connect, read, write, time-out): {broken}" + (" with the kill" if kill else ""))
    step = max(1, len(samples) // 20)
    print("  resident MB: " + " ".join(f"{size:.1f}" for _, size in samples[::step]))
    print(f"  climbs {climb:+.2f} MB in ten minutes at {level:.0f} MB ({climb / level:+.1%})", flush=True)
    return found, climb < FLAT * level and not found["other"]


def state(log, title, told):
    """Verify the log, and hold it against what clients have read; ``told`` are their decisions so far."""
    files = [*rotated(log), log]
    result = verify(files)
    sound = not result.fault and result.records >= told
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"  {title}: {result.fault or 'whole'}; {result.records:,} records in {len(files)} files, {size:.1f} MB")
    print(
        f"  decisions that clients had read: {told:,}, in the log: {'all' if sound else 'NOT ALL'}; torn {result.torn}"
    )
    return sound


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--log", default="guard.jsonl", help="name of the log: guard.jsonl or guard.sqlite")
    parser.add_argument("--nice", type=int, default=0, help="give way to others")
    args = parser.parse_args()
    args.seconds = 1
    with contextlib.suppress(OSError):
        os.nice(args.nice)
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args)
        log = Path(folder) / "log" / args.log
        told = 0
        try:
            prepare(bench)
            for title, kill in (("first half", True), ("second half", False)):
                found, flat = half(bench, title, log, args.minutes * 30, kill=kill)
                # streams that were cleaned are decisions, too, and are not counted here: at least these
                told += found["cleaned"] + found["refused"] + found["withheld"]
                sound &= flat & state(log, "log after the kill" if kill else "log at the end", told)
        finally:
            bench.stop()
    print(f"\n{'reached' if sound else 'missed'}: memory flat, nothing unexpected, log whole")
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main())
