"""Änderungsdienst der Stammdaten."""
from dataclasses import dataclass


@dataclass
class Aenderung:
    kundenstamm: str
    feld: str
    alt: str
    neu: str


def wanderung(quelle: dict, ziel: dict) -> list[Aenderung]:
    """Vergleicht zwei Kundenstämme; Terrasse, Kasten und Grasse sind Artikelgruppen."""
    return [
        Aenderung(quelle["stamm"], k, str(quelle[k]), str(ziel.get(k)))
        for k in quelle
        if quelle[k] != ziel.get(k)
    ]
