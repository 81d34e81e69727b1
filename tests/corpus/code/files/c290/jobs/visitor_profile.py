"""Nightly job: enrich visitor snapshots with demographics."""
from pathlib import Path

from deepface import DeepFace

SNAPSHOTS = Path("/srv/lobby/snapshots")


def enrich(folder: Path = SNAPSHOTS):
    for img in sorted(folder.glob("*.jpg")):
        for face in DeepFace.analyze(str(img), enforce_detection=False, silent=True):
            yield {
                "file": img.name,
                "age": int(face["age"]),
                "gender": face["dominant_gender"],
                "mood": face["dominant_emotion"],
            }


if __name__ == "__main__":
    import csv, sys

    w = csv.DictWriter(sys.stdout, ["file", "age", "gender", "mood"])
    w.writeheader()
    w.writerows(enrich())
