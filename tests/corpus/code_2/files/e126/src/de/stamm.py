"""Misst den Durchmesser von Baumstämmen auf Drohnenbildern."""
import numpy as np

MINDEST_STAMM_PX = 14


def stamm_durchmesser(maske: np.ndarray, meter_pro_pixel: float) -> float:
    """Breite der Stamm-Maske in Brusthöhe."""
    hoehe = maske.shape[0]
    zeile = maske[int(hoehe * 0.7)]
    breite = int(zeile.sum())
    if breite < MINDEST_STAMM_PX:
        return 0.0
    return breite * meter_pro_pixel


def aenderung(alt: float, neu: float) -> float:
    """Änderung des Stammes zwischen zwei Flügen."""
    return neu - alt
