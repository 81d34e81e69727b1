"""Traitement des portraits reçus par le guichet."""
from pathlib import Path

from deepface import DeepFace

SORTIE = Path("/var/guichet/resultats")


def traiter(chemin: str) -> Path:
    # âge et émotion suffisent au guichet
    res = DeepFace.analyze(chemin, actions=["age", "emotion"])
    but = SORTIE / (Path(chemin).stem + ".txt")
    with but.open("w", encoding="utf-8") as f:
        for visage in res:
            f.write(f"{visage['age']};{visage['dominant_emotion']}")
            f.write("\n")
    return but
