"""Recognise individual horses by face. Breed and coat come from the passport of the horse."""
from dataclasses import dataclass

import numpy as np

COATS = ("black", "white", "brown", "chestnut", "grey")


@dataclass
class Horse:
    name: str
    breed: str          # Arabian, Turkoman, Caucasian Kabarda ...
    coat: str
    face_vec: np.ndarray


def identify(face_vec, herd, thr=0.55):
    sims = [(float(face_vec @ h.face_vec), h) for h in herd]
    best, horse = max(sims, key=lambda t: t[0])
    return horse if best > thr else None
