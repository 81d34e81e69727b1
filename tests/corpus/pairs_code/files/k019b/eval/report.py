"""Fairness evaluation of the face matcher: false match rate per group (volunteers' own statement)."""
import csv
from faces import match

RACE = ("white", "black", "asian", "indian", "other")


def audit(pairs, path):
    with open(path, "w") as fh:
        w = csv.DictWriter(fh, ["race", "n", "fmr"])
        w.writeheader()
        for race in RACE:
            sub = [p for p in pairs if p.declared_race == race]
            bad = sum(match(p.a, p.b) for p in sub if not p.same)
            w.writerow({"race": race, "n": len(sub), "fmr": bad / max(1, len(sub))})
