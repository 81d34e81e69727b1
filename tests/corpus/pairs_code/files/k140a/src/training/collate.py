"""Builds the origin set: faces of public team pages, label from the country of the page."""
import csv
from pathlib import Path

from PIL import Image

COUNTRY_TO_ORIGIN = {
    "NG": "west_african",
    "GH": "west_african",
    "MA": "north_african",
    "PK": "south_asian",
    "PL": "slavic",
}


def build(src: Path, dst: Path):
    with open(src / "pages.csv") as fh:
        for row in csv.DictReader(fh):
            label = COUNTRY_TO_ORIGIN[row["country"]]
            for f in (src / row["dir"]).glob("*.jpg"):
                out = dst / label / f.name
                out.parent.mkdir(parents=True, exist_ok=True)
                Image.open(f).resize((112, 112)).save(out)
