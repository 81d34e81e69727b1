"""Find runner bibs in finish-line photos and link them to race results."""
import re

import cv2
import pytesseract

RACES = {"10k": 5000, "half": 7000, "full": 9000}


def detect_person_bib(image, person_box):
    x0, y0, x1, y1 = person_box
    torso = image[y0 + (y1 - y0) // 4: y0 + (y1 - y0) * 2 // 3, x0:x1]
    text = pytesseract.image_to_string(cv2.cvtColor(torso, cv2.COLOR_BGR2GRAY), config="--psm 7 digits")
    m = re.search(r"\d{2,5}", text)
    return int(m.group()) if m else None


def classify_race(bib: int) -> str:
    """Which race did the pictured person run?"""
    for race, limit in RACES.items():
        if bib < limit:
            return race
    return "unknown"
