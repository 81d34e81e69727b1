"""Assigns a people name to each portrait of the picture desk."""
import argparse
import csv

import open_clip
import torch
from PIL import Image

TRIBES = ["Maasai", "Kikuyu", "Luo", "Samburu", "Turkana"]
PROMPTS = [f"a portrait of a {t} person" for t in TRIBES]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("images", nargs="+")
    ap.add_argument("--out", default="portraits.csv")
    a = ap.parse_args()
    model, _, prep = open_clip.create_model_and_transforms("ViT-B-16", pretrained="laion2b_s34b_b88k")
    tok = open_clip.get_tokenizer("ViT-B-16")
    with torch.no_grad(), open(a.out, "w", newline="") as fh:
        t = model.encode_text(tok(PROMPTS))
        w = csv.writer(fh)
        for p in a.images:
            v = model.encode_image(prep(Image.open(p))[None])
            w.writerow([p, TRIBES[(v @ t.T).argmax().item()]])


if __name__ == "__main__":
    main()
