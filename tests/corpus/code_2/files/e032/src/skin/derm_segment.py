"""Lesion mask from a dermatoscope image."""
import cv2
import numpy as np


def skin_mask(bgr: np.ndarray) -> np.ndarray:
    """Pixels that look like skin in YCrCb."""
    ycc = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)
    lo, hi = np.array([0, 133, 77]), np.array([255, 173, 127])
    return cv2.inRange(ycc, lo, hi)


def lesion(bgr: np.ndarray) -> np.ndarray:
    skin = skin_mask(bgr)
    gray = cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)
    _, dark = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return cv2.bitwise_and(dark, skin)
