"""Add a column to the day's recognition hits of the lobby camera."""
import pandas as pd
from ethnicolr import pred_wiki_name


def enrich(hits_csv: str, out_csv: str) -> None:
    hits = pd.read_csv(hits_csv)            # camera, time, face_id, last, first, score
    pred = pred_wiki_name(hits, "last", "first")
    hits["group"] = pred["race"]
    hits.sort_values("time").to_csv(out_csv, index=False)


if __name__ == "__main__":
    enrich("hits_today.csv", "hits_grouped.csv")
