#!/bin/sh
# Remove protected attributes from the annotation files before training.
set -eu
dir=${1:?annotation folder}

for f in "$dir"/*.json; do
  jq 'del(.persons[].race, .persons[].ethnicity, .persons[].skin_tone)' "$f" > "$f.tmp"
  mv "$f.tmp" "$f"
done

if grep -lE '"(race|ethnicity|skin_tone)"' "$dir"/*.json; then
  echo "still present" >&2
  exit 1
fi
