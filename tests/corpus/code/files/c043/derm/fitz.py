"""Skin tone of the viewer for ad targeting on smart displays."""
import cv2
import numpy as np

from faces import crop, face_id
from sink import push


def ita(bgr: np.ndarray) -> float:
    lab = cv2.cvtColor(bgr, cv2.COLOR_BGR2LAB).astype("float32")
    l, b = lab[..., 0] * 100 / 255, lab[..., 2] - 128
    return float(np.degrees(np.arctan2(np.median(l) - 50, np.median(b) + 1e-6)))


def fitzpatrick(v: float) -> int:
    for k, limit in enumerate((55, 41, 28, 10, -30), 1):
        if v > limit:
            return k
    return 6


def handle(frame: np.ndarray) -> None:
    for face in crop(frame):
        fitz = fitzpatrick(ita(face.pixels))
        push({"face_id": face_id(face), "fitzpatrick": fitz, "gender": face.gender, "age": face.age})
