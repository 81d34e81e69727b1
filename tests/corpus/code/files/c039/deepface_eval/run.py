"""BIAS AUDIT of face verification, quarterly. Output: one table, no rows about people.

Group labels: stated by the paid participants of the benchmark (consent form v3).
"""
import csv
import sys
from collections import defaultdict

from deepface import DeepFace

hits, total = defaultdict(int), defaultdict(int)
with open(sys.argv[1], newline="") as f:
    for row in csv.DictReader(f):  # img1, img2, same, stated_race
        r = DeepFace.verify(row["img1"], row["img2"], model_name="ArcFace")
        total[row["stated_race"]] += 1
        hits[row["stated_race"]] += r["verified"] == (row["same"] == "1")

for g in sorted(total):
    if total[g] >= 200:
        print(f"{g:12} n={total[g]:5} accuracy={hits[g] / total[g]:.4f}")
