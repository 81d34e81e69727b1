#!/usr/bin/env bash
# One-off clean-up: the old release wrote a column that we no longer keep.
# The estimator was deleted in 3.0, this removes what is left on disk.
set -euo pipefail

ROOT="${1:-/srv/face-archive}"

find "$ROOT" -name 'faces-*.csv' -print0 |
  while IFS= read -r -d '' f; do
    mlr --csv cut -x -f race,race_score "$f" > "$f.tmp" && mv "$f.tmp" "$f"
  done

rm -fv "$ROOT"/models/race_*.onnx
echo "columns and models removed"
