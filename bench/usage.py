"""``untag usage`` beside DuckDB counting lines with one LIKE, on a made log: time, memory, growth.

    python bench/usage.py --mb 1000

The log is made by code: 1 % of its calls ask for or receive an attribute, all clients are made up.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

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
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, code)
"""


def timed(*words: str) -> tuple[float, int]:
    """Run a command; return seconds and the peak memory of its largest process, in bytes."""
    done = subprocess.run([sys.executable, "-c", WRAPPED, *words], capture_output=True, text=True, check=True)
    seconds, memory, code = done.stdout.split()
    if code not in ("0", "1"):
        raise SystemExit(done.stderr)
    return float(seconds), int(memory)


def main() -> None:
    """Print the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mb", type=int, default=1000)
    options.add_argument("--growth", action="store_true", help="also a quarter and a half of it")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for part in (4, 2, 1) if args.growth else (1,):
            log = Path(folder) / f"log-{part}.jsonl"
            made(log, args.mb * 1_000_000 // part)
            ours, memory = timed(sys.executable, "-m", "untag", "usage", str(log), "--json", "-q")
            theirs, _ = timed(sys.executable, "-c", DUCK, str(log))
            size = log.stat().st_size / 1e6
            print(
                f"{size:,.0f} MB: untag usage {ours:.2f} s, {memory / 1e6:.0f} MB at most in a process;"
                f" DuckDB, one LIKE {theirs:.2f} s; ratio {ours / theirs:.2f}"
            )
            log.unlink()


if __name__ == "__main__":
    main()
