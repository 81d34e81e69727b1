"""Is the consented test set balanced? Used before each fairness evaluation.

The column stays in the secure enclave; the face detector never sees it.
"""
import csv
from collections import Counter


def load(path):
    with open(path, newline="", encoding="utf-8") as fh:
        return list(csv.DictReader(fh))


def check(path, low=0.07):
    rows = load(path)
    share = Counter(r["declared_skin_tone"] for r in rows)
    total = sum(share.values())
    thin = {k: n / total for k, n in share.items() if n / total < low}
    if thin:
        raise SystemExit(f"under-represented groups: {sorted(thin)}")
    return share
