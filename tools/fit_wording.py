"""Fit the points of words, `src/untag/interpret/wording.bin`, to labelled files.

    python tools/fit_weights.py … --cases KEPT --write    # gathers the cases, and fits the named evidence
    python tools/fit_wording.py --cases KEPT [--write]    # fits the words to what that evidence leaves open

The words of a case are joined with the points that named evidence gives it *unseen*: each file is weighed by a fit to
the other packages' files, five times, so that the words learn what is really left over. What is printed was measured
on files that neither fit had seen. Needs numpy, scipy and scikit-learn.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

import fit_weights as named
from untag.interpret import wording

FOLDS = 5
SCALE = 6.0
"""How much all words count together beside the points of named evidence, before fitting."""
RARE = 2
"""Cases in which a word must stand."""
REACH = 7.0
"""Points below the threshold from which on words are not asked."""
OTHERS = 4
"""Cases of a file without findings that are learnt from: the strongest ones."""


def fold_of(item):
    """Return the part in which a file is left out; all files of one package share it."""
    if item["from"] in ("real", "real_2", "real_3", "dev"):
        whole = ":".join((item.get("source") or item["id"]).split(":")[:2])
    elif item["from"].startswith("pairs"):
        whole = item["from"] + item["id"][:-1]
    else:
        whole = item["from"] + item["id"].split("!")[0]
    return int(hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def bags_of(files, names):
    """Return (positive, features, item, words) of each file that has a case to judge."""
    bags = []
    for item, lines, cases in files:
        one = named.design([(item, lines, cases)], names)
        if not one:
            continue
        positive, x, _ = one[0]
        rows = [c for c in cases if not positive or any(c[0] - 2 <= n <= c[1] + 2 for n in lines)]
        if positive and any(c[2] == item["attribute"] for c in rows):
            rows = [c for c in rows if c[2] == item["attribute"]]
        bags.append((positive, x, item, [c[5] for c in rows]))
    return bags


def matrix(docs):
    """Return the words of cases as rows over the places of `wording.place`."""
    at, ends, values = [], [0], []
    for doc in docs:
        at += [wording.place(f) for f in doc]
        values += [1 / np.sqrt(max(len(doc), wording.LEAST))] * len(doc)
        ends.append(len(at))
    return csr_matrix((values, at, ends), shape=(len(docs), wording.SIZE))


def fit(bags, unseen, strength, price):
    """Return weights by place and what is added, in points of named evidence."""
    docs, wanted, counts, before = [], [], [], []
    for (positive, _, item, words), scores in zip(bags, unseen, strict=True):
        weight = named.REAL.get(item["from"], 1.0)
        for rank, i in enumerate(np.argsort(scores)[::-1][: 1 if positive else OTHERS]):
            if scores[i] < -REACH:
                continue
            docs.append(words[i])
            wanted.append(positive)
            counts.append(weight * (1.0 if positive else price / (1 + rank)))
            before.append(scores[i])
    x = matrix(docs)
    often = np.asarray((x > 0).sum(0)).ravel() >= RARE
    x = x @ csr_matrix((often.astype(float), (range(wording.SIZE), range(wording.SIZE))))
    held = csr_matrix(np.clip(before, -8, 8)[:, None])
    model = LogisticRegression(C=strength, max_iter=1000).fit(hstack([x * SCALE, held]), wanted, sample_weight=counts)
    worth = model.coef_[0][-1]
    return model.coef_[0][:-1] * SCALE / worth, model.intercept_[0] / worth


def measure(bags, unseen, strength, price):
    """Print how many files are judged right that no fit had seen."""
    by = defaultdict(lambda: np.zeros(4, int))
    marks = []
    for k in range(FOLDS):
        inside = [n for n, b in enumerate(bags) if fold_of(b[2]) != k]
        weights, bias = fit([bags[n] for n in inside], [unseen[n] for n in inside], strength, price)
        for n, (positive, _, item, words) in enumerate(bags):
            if fold_of(item) != k:
                continue
            said = np.clip(matrix(words) @ weights + bias, -wording.MOST, wording.MOST)
            top = float((unseen[n] + said).max())
            marks.append((positive, top))
            by[item["from"]] += (positive and top >= 0, positive and top < 0, not positive and top >= 0, 0)
            by[f"{item['from']} without words"] += (
                positive and unseen[n].max() >= 0,
                positive and unseen[n].max() < 0,
                not positive and unseen[n].max() >= 0,
                0,
            )
    for name, counts in sorted(by.items()):
        print(f"   {name:26} found {counts[0]}, missed {counts[1]}, false {counts[2]}")
    for limit in (-1, -0.5, 0, 0.5, 1, 1.5, 2):
        found, false = (sum(top >= limit for p, top in marks if p is want) for want in (True, False))
        print(f"   at {limit:+}: found {found} of {sum(p for p, _ in marks)}, false {false}")


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", required=True, help="where fit_weights.py kept the cases")
    asked.add_argument("--price", type=float, default=2.2)
    asked.add_argument("--words-price", type=float, default=2.5, help="what a false alarm costs the words")
    asked.add_argument("--strength", type=float, default=3.0, help="how far words may go: large is far")
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--quick", action="store_true", help="measure nothing")
    opt = asked.parse_args()
    names = list(named.prior())
    kept = [Path(f"{opt.cases}.{part}") for part in ("labelled", "neutral")]
    files = [f for path in kept if path.exists() for f in pickle.loads(path.read_bytes())]
    bags = bags_of(files, names)
    unseen = [None] * len(bags)
    for k in range(FOLDS):
        w = named.fit([b[:3] for b in bags if fold_of(b[2]) != k], names, 0.3, price=opt.price)
        for n, bag in enumerate(bags):
            if fold_of(bag[2]) == k:
                unseen[n] = bag[1] @ w - named.BIAS
    if not opt.quick:
        measure(bags, unseen, opt.strength, opt.words_price)
    if opt.write:
        weights, bias = fit(bags, unseen, opt.strength, opt.words_price)
        scale = np.abs(weights).max() / 127
        steps = np.round(weights / scale).astype(np.int8)
        Path(wording.DATA).write_bytes(wording.HEAD.pack(wording.MAGIC, scale, bias) + steps.tobytes())
        print(f"written: {Counter(steps != 0)[True]} words, bias {bias:.2f}, largest {np.abs(weights).max():.1f}")


if __name__ == "__main__":
    main()
