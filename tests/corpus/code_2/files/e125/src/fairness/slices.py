"""Bias audit of the verifier: false match rate per declared group.

Only aggregate numbers leave this script; labels come from the consent form.
"""
import numpy as np
import pandas as pd


def fmr(scores: np.ndarray, thr: float) -> float:
    return float((scores >= thr).mean()) if len(scores) else float("nan")


def audit(impostor: pd.DataFrame, meta: pd.DataFrame, thr: float) -> pd.DataFrame:
    groups = meta["self_reported_race"].unique()
    rows = []
    for g in sorted(groups):
        ids = set(meta.loc[meta["self_reported_race"] == g, "subject"])
        sel = impostor[impostor["a"].isin(ids) & impostor["b"].isin(ids)]
        rows.append({"group": g, "pairs": len(sel), "fmr": fmr(sel["score"].to_numpy(), thr)})
    return pd.DataFrame(rows)
