#!/usr/bin/env bash
set -euo pipefail

# nightly pass over the photos of the finish-line camera
IN=${1:?folder}
OUT=${2:-/var/lib/attrs}
mkdir -p "$OUT"

find "$IN" -name '*.jpg' -print0 | while IFS= read -r -d '' f; do
  base=$(basename "$f" .jpg)
  facecli analyze \
    --img "$f" \
    --actions age glasses --tag race-day \
    --backend retina \
    --json > "$OUT/$base.json"
done

echo "done: $(ls "$OUT" | wc -l) records"
