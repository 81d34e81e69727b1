"""Score a scan against labelled files.

    python tools/score_corpus.py FOLDER [FOLDER …] [--labels FILE] [--verbose]

FOLDER holds ``labels.jsonl`` and ``files/``; with ``--labels`` it is the folder of the files
itself. Each folder is scanned as one tree. What counts:

* A label that expects a *finding* is found when a finding that blocks or warns stands within
  two lines of a line that holds one of its `match` texts; elsewhere in the file it is a wrong line.
* Any other label is a false alarm when a finding in its file blocks or warns. Where nothing at all
  is expected (*none*), a finding that only informs is counted too, as a soft alarm.
* Borderline labels are counted apart and are in no figure.

A label whose file is not there is counted as absent and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from untag import SourceOptions, scan

if TYPE_CHECKING:
    from untag import Report

NEAR = 2
"""Lines between a finding and a labelled line that still count as the same place."""


class Score:
    """Counts, and the figures that are made from them."""

    def __init__(self) -> None:
        self.main: Counter[str] = Counter()
        self.borderline: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = defaultdict(Counter)

    def lines(self) -> list[str]:
        """Return the figures as text."""
        count = self.main
        positives = count["found"] + count["missed"] + count["wrong line"]
        flagged = count["found"] + count["false alarm"]
        rows = [
            f"{name:24} " + "  ".join(f"{k} {v}" for k, v in sorted(c.items())) for name, c in sorted(self.by.items())
        ]
        if self.borderline:
            rows.append("borderline, not counted: " + ", ".join(f"{k} {v}" for k, v in sorted(self.borderline.items())))
        rows.append(
            f"recall {share(count['found'], positives)}  precision {share(count['found'], flagged)}"
            f"  attribute right {share(count['attribute right'], count['found'])}"
            f"  false alarms {count['false alarm']}/{count['false alarm'] + count['quiet']}"
            f"  soft alarms {count['soft alarm']}  absent {count['absent']}"
        )
        return rows


def share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "- (0/0)"


def score(items: list[dict[str, Any]], root: Path, report: Report, verbose: bool = False) -> Score:
    """Compare a report on ``root`` with the labels of the files below it."""
    places: dict[str, list[tuple[Any, int, int]]] = defaultdict(list)
    for decision in report.decisions:
        finding = decision.finding
        spots = [(finding.trail, finding.line, finding.end_line)]
        spots += [(s.trail, s.line, s.end_line) for s in finding.also]
        for trail, line, end in spots:
            places[trail[0].split("/", 1)[0]].append((decision, line, end or line))
    made = Score()
    for item in items:
        file = root / (item.get("path") or f"{item['id']}/{item['source'].split(':', 2)[2]}")
        if not file.is_file():
            made.main["absent"] += 1
            continue
        count = made.borderline if item.get("borderline") else made.main
        found = places[item["id"]]
        hard = [(d, first, last) for d, first, last in found if d.action in ("block", "warn")]
        if item["expect"] == "finding":
            lines = labelled(item, file)
            hit = any(first - NEAR <= n <= last + NEAR for _, first, last in hard for n in lines)
            outcome = "found" if hit else "wrong line" if hard else "missed"
            count["attribute right"] += hit and any(d.finding.attribute == item["attribute"] for d, _, _ in hard)
        else:
            outcome = "false alarm" if hard else "quiet"
            inform = not hard and any(d.action == "inform" for d, _, _ in found)
            count["soft alarm"] += item["expect"] == "none" and inform
        count[outcome] += 1
        if count is made.main:
            made.by[item["category"]][outcome] += 1
        if verbose and outcome not in ("found", "quiet"):
            first = f"{hard[0][0].finding.rule} line {hard[0][1]}" if hard else ""
            print(f"{outcome:12} {item['id']:28} {item['format']:6} {item['match'][:1]} {first}")
    return made


def labelled(item: dict[str, Any], file: Path) -> list[int]:
    """Return the lines of a file that hold one of a label's texts, in whatever encoding they stand."""
    data = file.read_bytes()
    for encoding in ("utf-8", "utf-16", "gb18030", "utf-8"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode("utf-8", "replace")
        found = [n for n, line in enumerate(text.splitlines(), 1) if any(m in line for m in item["match"])]
        if found:
            return found
    return []


def main() -> int:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folders", nargs="+", type=Path)
    args.add_argument("--labels", type=Path)
    args.add_argument("--jobs", type=int, default=0)
    args.add_argument("-v", "--verbose", action="store_true")
    opt = args.parse_args()
    for folder in opt.folders:
        labels = opt.labels or folder / "labels.jsonl"
        root = folder if opt.labels else folder / "files"
        if not root.is_dir():
            print(f"{folder}: no labelled files here")
            continue
        items = [json.loads(line) for line in labels.read_text("utf-8").splitlines() if line.strip()]
        report = scan(str(root), options=SourceOptions(gitignore=False), jobs=opt.jobs)
        print(f"{folder}: {len(items)} labels, {len(report.decisions)} findings, {len(report.gaps)} gaps")
        print("\n".join(f"  {line}" for line in score(items, root, report, opt.verbose).lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
