"""Class-room demo: print the mood of each face in a still."""
import sys

from deepface import DeepFace


def mood(path: str):
    faces = DeepFace.analyze(path, actions=("emotion",), detector_backend="opencv", enforce_detection=False)
    for f in faces:
        r = f["region"]
        yield (r["x"], r["y"], r["w"], r["h"]), f["dominant_emotion"]


if __name__ == "__main__":
    for arg in sys.argv[1:]:
        for box, m in mood(arg):
            print(arg, box, m)
