#!/usr/bin/env bash
# Nightly batch: enrich the snapshots of the day
set -euo pipefail

DAY="${1:-$(date -d yesterday +%F)}"
SRC="/srv/snapshots/${DAY}"
OUT="/srv/enriched/${DAY}.jsonl"

mkdir -p "$(dirname "$OUT")"
find "$SRC" -name '*.jpg' -print0 |
  while IFS= read -r -d '' f; do
    python -m faceworker analyze \
      --input "$f" \
      --actions age,gender,race \
      --detector retinaface \
      --append "$OUT"
  done
echo "done: $(wc -l < "$OUT") rows"
