import argparse
import sys
from bench import load_scores

ap = argparse.ArgumentParser(description="Bias audit gate for the face verifier")
ap.add_argument("--race-gap", type=float, default=1.5, help="largest allowed FNMR ratio between groups")
ap.add_argument("--min-n", type=int, default=500)
args = ap.parse_args()

# consented test volunteers, group as they stated it
s = load_scores("volunteers-2023")
fnmr = {g: x.fnmr for g, x in s.by("race").items() if x.n >= args.min_n}
ratio = max(fnmr.values()) / min(fnmr.values())
print("largest ratio", ratio)
sys.exit(ratio > args.race_gap)
