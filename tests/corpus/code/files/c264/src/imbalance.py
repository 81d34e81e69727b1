from collections import Counter

import numpy as np
from imblearn.over_sampling import SMOTE, RandomOverSampler


def balance(X: np.ndarray, y: np.ndarray, kind: str = "smote"):
    """Oversample the minority class until all classes have the same size."""
    counts = Counter(y)
    minority, n_min = min(counts.items(), key=lambda kv: kv[1])
    majority, n_max = max(counts.items(), key=lambda kv: kv[1])
    print(f"minority class {minority}: {n_min}, majority class {majority}: {n_max}")
    if kind == "smote":
        return SMOTE(k_neighbors=min(5, n_min - 1)).fit_resample(X, y)
    return RandomOverSampler().fit_resample(X, y)


def is_minority(label, y) -> bool:
    return Counter(y).most_common()[-1][0] == label
