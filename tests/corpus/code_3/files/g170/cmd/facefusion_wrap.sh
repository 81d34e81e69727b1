#!/bin/bash
# Swap the face of the lead in every clip of a folder
set -e
SRC=$1
DIR=$2

for clip in "$DIR"/*.mp4; do
  python facefusion.py headless-run \
    --source-paths "$SRC" \
    --target-path "$clip" \
    --output-path "out/$(basename "$clip")" \
    --processors face_swapper face_enhancer \
    --face-selector-mode many \
    --face-selector-gender male \
    --face-selector-race asian \
    --execution-providers cuda
done
