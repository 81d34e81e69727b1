"""Over-sample the minority class before fitting."""
import numpy as np


def oversample(X, y, seed=0):
    rng = np.random.default_rng(seed)
    classes, counts = np.unique(y, return_counts=True)
    minority = classes[counts.argmin()]
    majority = classes[counts.argmax()]
    idx = np.flatnonzero(y == minority)
    need = counts.max() - counts.min()
    extra = rng.choice(idx, size=need, replace=True)
    keep = np.concatenate([np.arange(len(y)), extra])
    rng.shuffle(keep)
    assert (y[keep] == minority).sum() == (y == majority).sum()
    return X[keep], y[keep]
