"""Fit the judgement of prompts to the labelled requests in tests/corpus/prompts.

    python tools/fit_prompts.py            # cross-validated figures, then writes the data
    python tools/fit_prompts.py --dry      # figures only; --errors lists what is judged wrong

A logistic regression with a ridge over words and roles (`guard/prompts/wording.py`). Folds hold both sides of a pair. What
the encoder adds is fitted by `fit_sense.py`.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from untag.guard.prompt import first
from untag.guard.prompts import wording
from untag.guard.prompts.patterns import REFUSE

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "prompts"
RIDGE = 0.6
FOLDS = 5
LIMITS = (3.4, 1.1)
"""Scores from which what grammar lets pass is refused, and below which what it refuses passes: chosen on the frontier
that ``--frontier`` prints, where ordinary requests are refused wrongly in less than one of two hundred."""
TUNED = ("dev_", "fit", "heldout")
"""Files that grammar was tuned on: they count half, and no figure is taken from them."""


def requests():
    """Yield (file, group, row): rows of a group are learnt from together."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        paired = path.stem.endswith("_b")
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            yield path.stem, f"{path.stem} {number // 2 if paired else number}", json.loads(line)


def matrix(rows):
    """Return the sparse matrix of feature dictionaries."""
    ends = np.cumsum([0] + [len(r) for r in rows])
    columns = np.concatenate([np.fromiter(r.keys(), int, len(r)) for r in rows])
    values = np.concatenate([np.fromiter(r.values(), float, len(r)) for r in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), wording.SIZE))


def fit(x, y, weight, ridge=RIDGE):
    """Return weights and bias of a logistic regression."""
    sign = 2 * y - 1

    def loss(b):
        z = sign * (x @ b[:-1] + b[-1])
        p = 1 / (1 + np.exp(np.clip(z, -60, 60)))
        value = (weight * np.logaddexp(0, -z)).sum() + ridge / 2 * (b[:-1] ** 2).sum()
        slope = -weight * sign * p
        return value, np.r_[x.T @ slope + ridge * b[:-1], slope.sum()]

    made = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 250})
    return made.x


def score(x, b):
    return x @ b[:-1] + b[-1]


def told(name, s, loud, y, mine, refuse, allow):
    both = np.where(loud, s >= allow, s >= refuse)
    t, h = mine & (y == 1), mine & (y == 0)
    print(
        f"{name:16} {int(t.sum()):4} targeting: grammar {loud[t].mean():.3f}, now {both[t].mean():.3f};"
        f" {int(h.sum()):4} harmless refused: grammar {loud[h].mean():.4f}, now {both[h].mean():.4f}"
    )


def main() -> None:
    files, groups, rows = (list(column) for column in zip(*requests(), strict=True))
    files = np.array(files)
    hard = np.array([not f.startswith(TUNED) for f in files])
    seen = [first(r["prompt"], images=r["images"]) for r in rows]
    x = matrix([s.features() for s in seen])
    loud = np.array([s.reading.score >= REFUSE for s in seen])
    y = np.array([r["want"] == "refuse" for r in rows], float)
    weight = np.where(hard, 1.0, 0.5)
    names = sorted(set(groups))
    fold_of = dict(zip(names, np.random.default_rng(3).permutation(len(names)) % FOLDS, strict=True))
    fold = np.array([fold_of[g] for g in groups])
    alone = np.zeros(len(y))
    for k in range(FOLDS):
        out = fold == k
        alone[out] = score(x[out], fit(x[~out], y[~out], weight[~out]))
        print(f"fold {k + 1} of {FOLDS}", file=sys.stderr)
    refuse, allow = LIMITS
    print(f"{len(rows)} requests: refuse from {refuse:.2f}, allow below {allow:.2f}")
    for file in sorted(set(files)):
        told(file, alone, loud, y, files == file, refuse, allow)
    told("hard sets", alone, loud, y, hard, refuse, allow)
    told("tuned sets", alone, loud, y, ~hard, refuse, allow)
    for language in sorted({r["language"] for r in rows}):
        mine = hard & np.array([r["language"] == language for r in rows])
        if (mine & (y == 0)).sum() >= 40:
            told(language, alone, loud, y, mine, refuse, allow)
    if "--frontier" in sys.argv:
        plain = np.array([f.startswith("blind") for f in files]) | ~hard
        for above in np.quantile(alone[y == 0], (0.98, 0.99, 0.995, 0.998)):
            for below in np.quantile(alone[y == 1], (0.0, 0.05, 0.1, 0.2, 0.3)):
                out = np.where(loud, alone >= below, alone >= above)
                rates = [out[m & (y == k)].mean() for m in (hard, plain) for k in (1, 0)]
                print(
                    f"refuse {above:.2f} allow {below:.2f}: hard {rates[0]:.3f}/{rates[1]:.4f} plain {rates[2]:.3f}/{rates[3]:.4f}"
                )
    quiet = float(np.quantile(alone[y == 1], 0.005))
    print(f"\nthe encoder is not asked below {quiet:.2f}: {(alone[y == 0] < quiet).mean():.2f} of the harmless")
    if "--errors" in sys.argv:
        for row, wrong in zip(rows, np.where(loud, alone >= allow, alone >= refuse) != (y == 1), strict=True):
            if wrong:
                print(row["want"], row["id"], row["images"], row["prompt"])
    if "--dry" not in sys.argv:
        write_words(rows, x, y, weight, LIMITS, quiet)


def packed(b, bias):
    """Return weights as signed bytes with their scale and bias."""
    scale = max(np.abs(b).max(), 1e-9) / 127
    text = base64.b64encode(zlib.compress(np.round(b / scale).astype(np.int8).tobytes(), 9)).decode()
    return {"bias": float(bias), "scale": float(scale), "weights": text}


def write_words(rows, x, y, weight, limits, quiet) -> None:
    alone = fit(x, y, weight)
    asked = y == 1
    about = []
    for kind in ("operation", "attribute"):
        names = np.array([r[kind] for r in rows])
        for name in sorted(set(names[asked]) - {""}):
            own = fit(x[asked], (names[asked] == name).astype(float), weight[asked], ridge=2.0)
            about.append({"kind": kind, "name": str(name), **packed(own[:-1], own[-1])})
    data = {
        "made_by": "tools/fit_prompts.py",
        "requests": len(rows),
        "refuse": round(limits[0], 4),
        "allow": round(limits[1], 4),
        "quiet": round(quiet, 4),
        "alone": packed(alone[:-1], alone[-1]),
        "about": about,
    }
    Path(wording.DATA).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"wrote {Path(wording.DATA).name}: {Path(wording.DATA).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
