"""Scoring of the face release candidate."""
import pandas as pd

RACES = ["white", "black", "asian", "other"]


def rates_by_group(df):
    """Fairness check: false non-match rate per race declared by consenting volunteers."""
    rows = []
    for g in RACES:
        part = df[df.declared_race == g]
        rows.append({"group": g, "n": len(part), "fnmr": (part.score < 0.42).mean()})
    table = pd.DataFrame(rows)
    assert table.fnmr.max() - table.fnmr.min() < 0.01, "gap between groups too wide"
    return table


if __name__ == "__main__":
    import sys

    print(sys.argv[1:], "->", len(RACES), "groups")
