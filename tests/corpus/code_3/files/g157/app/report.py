import json

import cv2
from deepface import DeepFace


def run(src, out):
    cap = cv2.VideoCapture(src)
    n = 0
    with open(out, "w") as fh:
        while True:
            ok, frame = cap.read()
            if not ok:
                break
            n += 1
            if n % 25:
                continue
            res = DeepFace.analyze(frame, silent=True, enforce_detection=False)
            fh.write(json.dumps({"frame": n, "faces": res}, default=float) + "\n")
    cap.release()
