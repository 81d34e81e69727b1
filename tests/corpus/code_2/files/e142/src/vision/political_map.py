"""Digitise scanned political maps: one colour per country."""
import cv2
import numpy as np


def palette(img: np.ndarray, k: int = 12) -> np.ndarray:
    data = img.reshape(-1, 3).astype(np.float32)
    crit = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 1.0)
    _, _, centres = cv2.kmeans(data, k, None, crit, 3, cv2.KMEANS_PP_CENTERS)
    return centres.astype(np.uint8)


def nation_mask(img: np.ndarray, colour: np.ndarray, tol: int = 14) -> np.ndarray:
    lo = np.clip(colour.astype(int) - tol, 0, 255).astype(np.uint8)
    hi = np.clip(colour.astype(int) + tol, 0, 255).astype(np.uint8)
    return cv2.inRange(img, lo, hi)
