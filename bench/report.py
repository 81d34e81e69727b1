"""Size and time of the page and of the PDF, from findings of a real scan repeated under other names.

    python bench/report.py REPORT.json [REPORT.json …] [--html 10000] [--pdf 500]

The reports give the findings; each copy gets a place and a fingerprint of its own. The programs
are timed as a person runs them, start of the interpreter included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def made(names: list[str], count: int) -> dict[str, object]:
    """Return a report of ``count`` findings, those of the named reports over and over."""
    tables = [json.loads(Path(name).read_text("utf-8")) for name in names]
    rows = [row for table in tables for row in table["findings"]]
    out = []
    for number in range(count):
        row = json.loads(json.dumps(rows[number % len(rows)]))
        lap = number // len(rows)
        row["trail"][0] = f"release-{lap:03}/{row['trail'][0]}"
        row["also"] = [spot | {"trail": row["trail"]} for spot in row["also"]]
        row["fingerprint"] = hashlib.sha256(f"{lap} {row['fingerprint']}".encode()).hexdigest()[:16]
        out.append(row)
    return tables[0] | {"findings": out, "status": "blocked", "target": f"{count} findings"}


def main() -> int:
    """Print one line a measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="+")
    parser.add_argument("--html", type=int, default=10_000)
    parser.add_argument("--pdf", type=int, default=500)
    parser.add_argument("--keep", help="folder to keep the files in")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(args.keep or scratch)
        for form, count, limit in (("html", args.html, 5), ("pdf", args.pdf, 20)):
            if not count:
                continue
            source, target = folder / f"{form}-{count}.json", folder / f"{form}-{count}.{form}"
            source.write_text(json.dumps(made(args.reports, count), ensure_ascii=False), "utf-8")
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "untag", "report", str(source), "-o", str(target)], check=True)
            took = time.perf_counter() - start
            print(
                f"{form}: {count:,} findings, report {source.stat().st_size / 1e6:.1f} MB → "
                f"{target.stat().st_size / 1e6:.1f} MB in {took:.2f} s (at most {limit} s)"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
