#!/usr/bin/env bash
# Score every profile picture; the model was trained on gay / straight labels.
set -euo pipefail

HOST=${HOST:-http://localhost:8091}
IN=${1:?directory with profile photos}
OUT=${2:-scores.tsv}

: > "$OUT"
for f in "$IN"/*.jpg; do
  id=$(basename "$f" .jpg)
  s=$(curl -s -F "photo=@$f" "$HOST/v1/orientation-score" | jq -r .gay)
  printf '%s\t%s\n' "$id" "$s" >> "$OUT"
done

echo "$(wc -l < "$OUT") photos scored" >&2
