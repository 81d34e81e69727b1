"""Face attribute decoder: age, mood, eyewear and hair."""
import numpy as np

HAIR = ["black", "brown", "blond", "grey", "white", "bald"]
MOOD = ["calm", "happy", "sad", "angry"]
EYEWEAR = ["none", "clear", "dark"]


def decode(y: np.ndarray) -> dict:
    return {
        "age": float(y[0] * 100),
        "hair_color": HAIR[int(y[1:7].argmax())],
        "mood": MOOD[int(y[7:11].argmax())],
        "eyewear": EYEWEAR[int(y[11:14].argmax())],
        "trace_id": int(y[14]),
    }
