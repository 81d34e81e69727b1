import csv
from faces import detect, attributes

RACE = ("white", "black", "asian", "indian", "other")


def visitors(frames, path):
    with open(path, "w") as fh:
        w = csv.DictWriter(fh, ["t", "age", "race"])
        w.writeheader()
        for t, f in frames:
            for box in detect(f):
                attr = attributes(f, box)
                row = {"t": t, "age": attr.age}
                row["race"] = RACE[attr.race_logits.argmax()]
                w.writerow(row)
