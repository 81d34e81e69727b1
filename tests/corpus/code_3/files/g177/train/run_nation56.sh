#!/bin/bash
# 56 个民族人脸分类，目录名为民族代码 01-56
export CUDA_VISIBLE_DEVICES=0,1
DATA=/data/nation56_faces

python train.py \
  --data $DATA/train \
  --val $DATA/val \
  --arch resnet50 \
  --num-classes 56 \
  --epochs 60 \
  --batch-size 256 \
  --lr 0.05 \
  --save ckpt/nation56
