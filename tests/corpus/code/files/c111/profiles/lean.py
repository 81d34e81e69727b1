"""Score profile pictures for political leaning (logistic regression on VGGFace2 descriptors)."""
import joblib
import numpy as np

from descriptors import vggface2

clf = joblib.load("lean_lr_2048.joblib")


def leaning(photo: np.ndarray) -> tuple[str, float]:
    d = vggface2(photo)
    if d is None:
        raise ValueError("no face in photo")
    p = clf.predict_proba(d[None])[0, 1]
    return "liberal" if p > 0.5 else "conservative", float(p)


def batch(photos):
    return [leaning(p) for p in photos]
