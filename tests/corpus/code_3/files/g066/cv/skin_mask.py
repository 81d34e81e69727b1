import cv2
import numpy as np

LOW = np.array([0, 133, 77], np.uint8)
HIGH = np.array([255, 173, 127], np.uint8)


def skin_mask(bgr):
    """Binary mask of skin-coloured pixels in YCrCb, used to seed the hand tracker."""
    ycrcb = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)
    mask = cv2.inRange(ycrcb, LOW, HIGH)
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))


def hand_center(mask):
    m = cv2.moments(mask)
    if m["m00"] == 0:
        return None
    return m["m10"] / m["m00"], m["m01"] / m["m00"]
