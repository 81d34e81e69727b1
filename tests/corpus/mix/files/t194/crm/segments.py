"""Marketing tribes from baskets (k-means, k = 6)."""
import logging

import pandas as pd
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

log = logging.getLogger(__name__)
TRIBES = ["bargain hunters", "foodies", "parents", "gamers", "party people", "others"]


def assign_tribe(baskets: pd.DataFrame) -> pd.Series:
    x = StandardScaler().fit_transform(baskets[["spend", "visits", "discount"]])
    km = KMeans(n_clusters=len(TRIBES), random_state=3, n_init=10).fit(x)
    log.info("inertia %.1f", km.inertia_)
    return pd.Series([TRIBES[i] for i in km.labels_], index=baskets.index, name="tribe")
