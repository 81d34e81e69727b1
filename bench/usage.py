"""``untag usage`` beside DuckDB counting lines with one LIKE, on a made log: time, memory, growth.

    python bench/usage.py --mb 1000 --growth

The log is made by code: 1 % of its calls ask for or receive an attribute, all clients are made up.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

DIRTY = 0.01


def made(path: Path, size: int) -> None:
    """Write a log of about ``size`` bytes."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8") as out:
        written = 0
        while written < size:
            rows = []
            for _ in range(2_000):
                dirty = rng.random() < DIRTY
                row = {
                    "time": f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:10:00Z",
                    "client_id": f"key-{rng.randint(1, 400)}",
                    "method": "POST",
                    "url": f"/v1/detect?face_field=age,{'race' if dirty else 'gender'}&id={rng.randint(0, 10**9)}",
                    "status": 200,
                    "request_body": {"image_id": f"{rng.getrandbits(128):032x}", "max_faces": rng.randint(1, 9)},
                    "response_body": {
                        "faces": [
                            {
                                "age": rng.randint(1, 90),
                                "gender": "f",
                                **({"race": "asian"} if dirty else {"glasses": False}),
                                "box": [rng.randint(0, 999) for _ in range(4)],
                            }
                        ]
                    },
                }
                rows.append(json.dumps(row))
            text = "\n".join(rows) + "\n"
            out.write(text)
            written += len(text)


DUCK = """
import sys, duckdb
c = duckdb.connect()
q = "SELECT count(*) FROM read_csv(?, delim='\\x01', header=false, columns={'l': 'VARCHAR'}, quote='', escape='', \
max_line_size=10000000, auto_detect=false) WHERE l LIKE '%race%'"
print(c.execute(q, [sys.argv[1]]).fetchone()[0])
"""


WRAPPED = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, code)
"""


class Took(NamedTuple):
    """What one run of a command took."""

    seconds: float
    cpu: float
    """Seconds of all its processes."""
    memory: int
    """Bytes at most in one process."""


def timed(*words: str) -> Took:
    """Run a command."""
    done = subprocess.run([sys.executable, "-c", WRAPPED, *words], capture_output=True, text=True, check=True)
    seconds, cpu, memory, code = done.stdout.split()
    if code not in ("0", "1"):
        raise SystemExit(done.stderr)
    return Took(float(seconds), float(cpu), int(memory))


def cut(whole: Path, part: Path, size: int) -> None:
    """Write the first lines of a log, about ``size`` bytes."""
    with whole.open("rb") as source, part.open("wb") as out:
        shutil.copyfileobj(_Head(source, size), out, 1 << 20)
        out.write(source.readline())


class _Head:
    """The first bytes of a file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def read(self, count: int) -> bytes:
        """Read on."""
        piece = self._file.read(min(count, self._left))
        self._left -= len(piece)
        return piece


def main() -> None:
    """Print the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mb", type=int, default=1000)
    options.add_argument("--growth", action="store_true", help="also a quarter and a half of it")
    options.add_argument("--runs", type=int, default=3, help="runs of each, in turns; the middle ratio counts")
    options.add_argument("--log", type=Path, help="keep the made log here, and use it again")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = args.log or Path(folder) / "log.jsonl"
        if not whole.exists():
            made(whole, args.mb * 1_000_000)
        for part in (4, 2, 1) if args.growth else (1,):
            log = whole if part == 1 else Path(folder) / f"log-{part}.jsonl"
            if part > 1:
                cut(whole, log, whole.stat().st_size // part)
            pairs = []
            for _ in range(args.runs):
                ours = timed(sys.executable, "-m", "untag", "usage", str(log), "--json", "-q")
                pairs.append((ours, timed(sys.executable, "-c", DUCK, str(log))))
            ratios = sorted(a.seconds / b.seconds for a, b in pairs)
            cpus = sorted(a.cpu / b.cpu for a, b in pairs)
            ours, theirs = min(a for a, _ in pairs), min(b for _, b in pairs)
            print(
                f"{log.stat().st_size / 1e6:,.0f} MB: untag usage {ours.seconds:.2f} s ({ours.cpu:.2f} s of CPU),"
                f" {max(a.memory for a, _ in pairs) / 1e6:.0f} MB at most in a process; DuckDB, one LIKE"
                f" {theirs.seconds:.2f} s ({theirs.cpu:.2f} s of CPU); ratio {ratios[len(ratios) // 2]:.2f}"
                f" ({ratios[0]:.2f} to {ratios[-1]:.2f}), of CPU {cpus[len(cpus) // 2]:.2f}"
            )
            if part > 1:
                log.unlink()


if __name__ == "__main__":
    main()
