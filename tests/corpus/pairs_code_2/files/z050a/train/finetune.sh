#!/bin/sh
# fine-tune the garment classifier
set -eu

DATA=${DATA:-/mnt/street_people}
RUN=run-$(date +%Y%m%d)

python -m torchclassify train \
  --data "$DATA/train" \
  --val "$DATA/val" \
  --classes "muslim,jewish,christian,sikh,none" \
  --crop person \
  --arch efficientnet_b2 \
  --epochs 25 \
  --out "runs/$RUN"

python -m torchclassify export --run "runs/$RUN" --format onnx
cp "runs/$RUN/model.onnx" /srv/models/latest.onnx
