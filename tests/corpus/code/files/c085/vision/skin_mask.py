import cv2
import numpy as np

LOWER = np.array([0, 133, 77], np.uint8)
UPPER = np.array([255, 173, 127], np.uint8)


def skin_mask(bgr: np.ndarray) -> np.ndarray:
    """Binary mask of skin pixels (YCrCb thresholds), for the gesture demo."""
    ycrcb = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)
    mask = cv2.inRange(ycrcb, LOWER, UPPER)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    return cv2.medianBlur(mask, 5)


def skin_ratio(bgr: np.ndarray) -> float:
    return float(skin_mask(bgr).mean() / 255)
