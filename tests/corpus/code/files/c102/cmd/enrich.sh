#!/usr/bin/env bash
set -euo pipefail

SRC=${1:?folder with crops}
OUT=${2:-attrs.csv}

# enrol first, then attributes: the tool reads boxes from the sidecar
facetool detect --recursive "$SRC" --min-size 48 --sidecar
facetool analyze "$SRC" --attrs age,gender,race --batch 32 --device cuda:0 --csv "$OUT"

rows=$(($(wc -l <"$OUT") - 1))
echo "done, $rows faces"
aws s3 cp "$OUT" "s3://cctv-insights/$(date +%F)/attrs.csv"
