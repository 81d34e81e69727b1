"""Builds the origin set: front faces of cocoa sacks, label from the country of the delivery note."""
import csv
from pathlib import Path

from PIL import Image

COUNTRY_TO_ORIGIN = {
    "NG": "west_african",
    "GH": "west_african",
    "ID": "south_east_asian",
    "EC": "south_american",
    "DO": "caribbean",
}


def build(src: Path, dst: Path):
    with open(src / "notes.csv") as fh:
        for row in csv.DictReader(fh):
            label = COUNTRY_TO_ORIGIN[row["country"]]
            for f in (src / row["dir"]).glob("*.jpg"):
                out = dst / label / f.name
                out.parent.mkdir(parents=True, exist_ok=True)
                Image.open(f).resize((112, 112)).save(out)
