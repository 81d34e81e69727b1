import json
import sys

import cv2
from deepface import DeepFace


def process(path: str, sink) -> None:
    cap = cv2.VideoCapture(path)
    n = 0
    while True:
        ok, frame = cap.read()
        if not ok:
            break
        n += 1
        if n % 25:
            continue
        info = DeepFace.analyze(frame, enforce_detection=False)
        sink.write(json.dumps({
            "frame": n,
            "age": info[0]["age"],
            "group": info[0]["dominant_race"],
        }) + "\n")


if __name__ == "__main__":
    process(sys.argv[1], sys.stdout)
