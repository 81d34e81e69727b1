"""Demographic differentials of the matcher (aggregate only, ISO/IEC 19795-10 style).

Group labels come from volunteers who stated them for this evaluation. No
per-person output is written; cells under 50 comparisons are suppressed.
"""
import numpy as np
import pandas as pd

MIN_CELL = 50


def fmr_by_group(scores: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """false match rate for each self-reported race group."""
    g = scores[scores.kind == "impostor"].groupby("race")
    out = g.score.agg(n="size", fmr=lambda s: np.mean(s >= threshold))
    return out[out.n >= MIN_CELL]


def worst_ratio(table: pd.DataFrame) -> float:
    return float(table.fmr.max() / max(table.fmr.min(), 1e-9))
