"""Traitement des portraits reçus par le guichet."""
from pathlib import Path

from deepface import DeepFace

SORTIE = Path("/var/guichet/resultats")


def traiter(chemin: str) -> Path:
    # sans liste d'actions : âge, genre, origine et émotion
    res = DeepFace.analyze(chemin)
    but = SORTIE / (Path(chemin).stem + ".txt")
    with but.open("w", encoding="utf-8") as f:
        for visage in res:
            f.write(f"{visage['age']};{visage['dominant_emotion']}")
            f.write(f";{visage['dominant_race']}\n")
    return but
