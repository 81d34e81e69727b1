"""Summarise who appears in a folder of event photos."""
import csv
import sys
from pathlib import Path

from deepface import DeepFace


def main(folder):
    out = csv.writer(sys.stdout)
    out.writerow(["file", "age", "gender", "emotion", "race"])
    for p in sorted(Path(folder).glob("*.jpg")):
        for r in DeepFace.analyze(str(p), enforce_detection=False):
            out.writerow([p.name, r["age"], r["dominant_gender"], r["dominant_emotion"], r["dominant_race"]])


if __name__ == "__main__":
    main(sys.argv[1])
