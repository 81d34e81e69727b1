#!/bin/sh
# fine-tune the facade classifier
set -eu

DATA=${DATA:-/mnt/street_views}
RUN=run-$(date +%Y%m%d)

python -m torchclassify train \
  --data "$DATA/train" \
  --val "$DATA/val" \
  --classes "mosque,synagogue,church,gurdwara,none" \
  --crop building \
  --arch efficientnet_b2 \
  --epochs 25 \
  --out "runs/$RUN"

python -m torchclassify export --run "runs/$RUN" --format onnx
cp "runs/$RUN/model.onnx" /srv/models/latest.onnx
