"""Re-weighting for the anti-spoofing face data set."""
from collections import Counter

import numpy as np


def minority_classes(labels, ratio=0.2):
    """Classes with fewer samples than ratio * the majority class."""
    c = Counter(labels)
    top = max(c.values())
    return [k for k, n in c.items() if n < ratio * top]


def oversample_minority(x, labels, rng):
    out_x, out_y = [x], [np.asarray(labels)]
    for k in minority_classes(labels):
        idx = np.flatnonzero(np.asarray(labels) == k)
        extra = rng.choice(idx, size=len(idx) * 3)
        out_x.append(x[extra])
        out_y.append(np.full(len(extra), k))
    return np.concatenate(out_x), np.concatenate(out_y)
