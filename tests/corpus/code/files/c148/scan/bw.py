"""Turn a page photo into black text on white paper."""
from enum import Enum

import cv2


class Tone(Enum):
    BLACK = 0
    WHITE = 255
    GRAY = 128


def binarise(gray, block=31, c=12):
    bw = cv2.adaptiveThreshold(gray, Tone.WHITE.value, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, block, c)
    black = int((bw == Tone.BLACK.value).sum())
    white = bw.size - black
    return bw if white > black else 255 - bw
