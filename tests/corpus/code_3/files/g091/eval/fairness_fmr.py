"""Fairness evaluation: false match rate by demographic group.

Reads declared group labels of the FairFace test split and writes one aggregate
table. Nothing per person leaves this script.
"""
import pandas as pd


def fmr_by_group(pairs: pd.DataFrame, threshold: float) -> pd.DataFrame:
    imp = pairs[~pairs.same]
    g = imp.groupby("race").score.apply(lambda s: (s >= threshold).mean())
    out = g.rename("fmr").to_frame()
    out["ratio_to_best"] = out.fmr / out.fmr.min()
    return out


if __name__ == "__main__":
    df = pd.read_parquet("pairs.parquet")
    fmr_by_group(df, 0.41).to_csv("fairness_fmr.csv")
