"""Scoring of the face release candidate."""
import pandas as pd

RACES = ["white", "black", "asian", "other"]


def per_image_table(model, loader):
    per_image = {"file": [], "race": []}
    for x, names in loader:
        out = model(x)
        per_image["file"] += names
        per_image["race"] = [RACES[i] for i in out.race.argmax(1)]
    return pd.DataFrame(per_image)


if __name__ == "__main__":
    import sys

    print(sys.argv[1:], "->", len(RACES), "groups")
