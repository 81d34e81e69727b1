"""Score the guard's judgement of prompts: recall and false alarms by language, disguise and stage.

python tools/score_prompts.py [FILE.jsonl ...]      # default: all of tests/corpus/prompts
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

from untag.guard.base import Settings
from untag.guard.prompt import check_prompt

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "prompts"


def main() -> None:
    paths = [Path(a) for a in sys.argv[1:]] or sorted(CORPUS.glob("*.jsonl"))
    for stage, settings in (("words and grammar alone", Settings(encoder="off")), ("both stages", Settings())):
        right: Counter[tuple[str, str, str]] = Counter()
        total: Counter[tuple[str, str, str]] = Counter()
        named: Counter[str] = Counter()
        times = []
        for path in paths:
            for row in map(json.loads, path.read_text("utf-8").splitlines()):
                start = time.perf_counter()
                verdict = check_prompt(row["prompt"], images=row["images"], settings=settings)
                times.append(time.perf_counter() - start)
                good = verdict.verdict == row["want"]
                for by, value in (
                    ("all", ""),
                    ("file", path.stem),
                    ("language", row["language"]),
                    ("disguise", row["disguise"]),
                ):
                    if value or by == "all":
                        right[by, value, row["want"]] += good
                        total[by, value, row["want"]] += 1
                if good and verdict.verdict == "refuse":
                    named["refused"] += 1
                    named["operation"] += verdict.operation == row["operation"]
                    named["attribute"] += verdict.attribute == row["attribute"]
                if not good and stage == "both stages":
                    print("WRONG", row["id"], row["want"], row["prompt"])
        print(f"\n== {stage}; median {statistics.median(times) * 1e6:.0f} µs a prompt")
        for by, value in sorted({key[:2] for key in total}):
            hits, alarms = (f"{right[by, value, w]}/{total[by, value, w]}" for w in ("refuse", "allow"))
            print(f"{by:9} {value:12} targeting refused {hits:9} harmless allowed {alarms}")
        print(
            f"operation right {named['operation']}/{named['refused']}, attribute right {named['attribute']}/{named['refused']}"
        )


if __name__ == "__main__":
    main()
