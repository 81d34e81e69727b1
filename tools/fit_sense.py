"""Fit the corrections of the sentence encoder that judges prompts (`guard/prompts/sense.py`).

    python tools/fit_sense.py             # leaves the blind files out and prints figures
    python tools/fit_sense.py --write     # and writes the data

Needs the extra ``encoder`` and ``pip install jax`` (only here). The lower six layers of the encoder stay as they are,
so what they make of each request is computed once (`.cache/`). The upper six get low-rank corrections of their matrices,
and changed biases and normalisations; a head reads where it learnt to look. The score is averaged with that of the fit of
before, `sense.SECOND`: to replace that one, copy it before a new fit is written. What wording and grammar say is joined by a
logistic regression on the requests that were left out, on which the limit is chosen too.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

import fit_prompts
from untag.guard.prompt import DISGUISED, first
from untag.guard.prompts import disguise, sense, transformer
from untag.guard.prompts.patterns import REFUSE

CACHE = Path(__file__).parents[1] / ".cache"
LOW = 6
"""Layers that stay as they are."""
RANK = 16
STRENGTH = 2.0
RATE = 1e-3
WARM = 60
"""Steps until the full rate."""
BATCH = 32
KEPT = 0.9
"""Share of values that dropout keeps."""
SURE = 0.96
"""Labels are smoothed: the likelihood that a label is right, about."""
PADS = (12, 16, 20, 24, 32, 48, sense.WINDOW)
AXES = 48


def cut(encoder, row):
    """Return the pieces of a request; of a long one its beginning and end."""
    text = disguise.plain(row["prompt"])[:1_000]
    numbers = encoder.pieces.cut((sense.WITH_PICTURES if row["images"] else sense.WITHOUT) + text)
    half = sense.WINDOW // 2
    return numbers if len(numbers) <= sense.WINDOW else numbers[:half] + numbers[-half:]


def lower(rows):
    """Return what the lower layers make of each request, from the build cache where it is there."""
    encoder = transformer.load(transformer.path())
    low = transformer.Encoder(
        encoder.pieces, encoder.layers[:LOW], encoder.words, encoder.places, encoder.start, encoder.heads, encoder.tiny
    )
    keys = ["|".join(map(str, cut(encoder, row))) for row in rows]
    kept = CACHE / "prompt-states.npz"
    known = dict(np.load(kept)) if kept.exists() else {}
    for n, key in enumerate(keys):
        if key not in known:
            known[key] = low.states([int(k) for k in key.split("|")]).astype(np.float16)
        if n % 500 == 0:
            print(f"lower layers of {n} of {len(keys)}", flush=True)
    CACHE.mkdir(exist_ok=True)
    np.savez(kept, **known)
    return encoder, [known[key] for key in keys]


def start(layers, key):
    """Return corrections that change nothing yet."""
    made = []
    for layer in layers:
        one = {}
        for name, w in layer.weights.items():
            key, own = jax.random.split(key)
            one[f"{name}.left"] = jax.random.normal(own, (w.shape[0], RANK)) / np.sqrt(w.shape[0])
            one[f"{name}.right"] = jnp.zeros((RANK, w.shape[1]))
            one[f"{name}.bias"] = jnp.zeros(w.shape[1])
        for name in ("attention", "output"):
            one[f"{name}.scale"] = jnp.zeros(layer.weights["q"].shape[0])
            one[f"{name}.bias"] = jnp.zeros(layer.weights["q"].shape[0])
        made.append(one)
    key, own = jax.random.split(key)
    width = layers[0].weights["q"].shape[0]
    return {
        "layers": made,
        "look": jnp.zeros(width),
        "head": jax.random.normal(own, (2 * width,)) * 0.01,
        "bias": jnp.zeros(()),
    }


def pool(p, base, heads, x, mask, key):
    """Return one vector a request; ``key`` is None where nothing is dropped."""
    bias = (1 - mask)[:, None, None, :] * -1e9
    rows, length, width = x.shape

    def drop(value, own):
        return value if key is None else value * jax.random.bernoulli(own, KEPT, value.shape) / KEPT

    def normal(value, by, one, name):
        value = value - value.mean(-1, keepdims=True)
        value = value / jnp.sqrt((value * value).mean(-1, keepdims=True) + 1e-12)
        return value * (by[0] + one[f"{name}.scale"]) + by[1] + one[f"{name}.bias"]

    for number, (layer, one) in enumerate(zip(base, p["layers"], strict=True)):

        def through(value, name, layer=layer, one=one):
            added = (value @ one[f"{name}.left"]) @ one[f"{name}.right"] * STRENGTH
            return value @ layer["weights"][name] + added + layer["biases"][name] + one[f"{name}.bias"]

        def split(value):
            return value.reshape(rows, length, heads, width // heads).transpose(0, 2, 1, 3)

        own = (None, None) if key is None else jax.random.split(jax.random.fold_in(key, number))
        q, k, v = (split(through(x, name)) for name in "qkv")
        seen = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(width // heads) + bias, -1)
        mixed = (seen @ v).transpose(0, 2, 1, 3).reshape(rows, length, width)
        x = normal(x + drop(through(mixed, "ao"), own[0]), layer["attention"], one, "attention")
        inner = jax.nn.gelu(through(x, "fi"), approximate=False)
        x = normal(x + drop(through(inner, "fo"), own[1]), layer["output"], one, "output")
    look = jax.nn.softmax(x @ p["look"] - (1 - mask) * 1e9, -1)
    mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return jnp.concatenate([(look[..., None] * x).sum(1), mean], -1)


class Fit:
    """One run: requests, what the lower layers make of them, labels and weights."""

    def __init__(self, encoder, states, y, weight) -> None:
        self.states, self.y, self.weight = states, y.astype(np.float32), weight.astype(np.float32)
        self.layers = encoder.layers[LOW:]
        base = [
            {"weights": one.weights, "biases": one.biases, "attention": one.attention, "output": one.output}
            for one in self.layers
        ]
        self.base = jax.tree.map(jnp.asarray, base)
        heads = encoder.heads
        self.pooled = jax.jit(lambda p, x, mask: pool(p, self.base, heads, x.astype(jnp.float32), mask, None))

        def loss(p, x, mask, y, w, key):
            z = pool(p, self.base, heads, x.astype(jnp.float32), mask, key) @ p["head"] + p["bias"]
            goal = y * SURE + (1 - SURE) / 2
            return -((goal * jax.nn.log_sigmoid(z) + (1 - goal) * jax.nn.log_sigmoid(-z)) * w).sum() / w.sum()

        def step(p, m, v, n, rate, *batch):
            value, slope = jax.value_and_grad(loss)(p, *batch)
            size = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(slope)))
            slope = jax.tree.map(lambda g: g * jnp.minimum(1.0, 1.0 / size), slope)
            m = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, m, slope)
            v = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, v, slope)

            def moved(a, b, c):
                return a - rate * (b / (1 - 0.9**n) / (jnp.sqrt(c / (1 - 0.999**n)) + 1e-8) + 0.01 * a)

            return jax.tree.map(moved, p, m, v), m, v, value

        self.step = jax.jit(step)

    def batches(self, at, rng=None):
        """Return lists of requests of about one length."""
        by: dict[int, list[int]] = {}
        for i in at:
            by.setdefault(next(p for p in PADS if p >= len(self.states[i])), []).append(int(i))
        if rng is not None:
            for own in by.values():
                rng.shuffle(own)
        made = [own[n : n + BATCH] for own in by.values() for n in range(0, len(own), BATCH)]
        if rng is not None:
            rng.shuffle(made)
        return made

    def padded(self, at):
        """Return a full batch of states and its mask."""
        length = next(p for p in PADS if p >= max(len(self.states[i]) for i in at))
        x, mask = np.zeros((BATCH, length, self.states[0].shape[1]), np.float16), np.zeros((BATCH, length), np.float32)
        mask[:, 0] = 1
        for row, i in enumerate(at):
            x[row, : len(self.states[i])] = self.states[i]
            mask[row, : len(self.states[i])] = 1
        return x, mask

    def run(self, at, epochs, told=None):
        """Return the corrections, fitted to the requests at these places."""
        rng, key = np.random.default_rng(1), jax.random.PRNGKey(1)
        p = start(self.layers, key)
        m = v = jax.tree.map(jnp.zeros_like, p)
        total = epochs * len(self.batches(at))
        count, began, sums = 0, time.monotonic(), []
        for epoch in range(epochs):
            for own in self.batches(at, rng):
                count += 1
                rate = RATE * min(1.0, count / WARM) * max(0.02, 1 - count / total)
                x, mask = self.padded(own)
                full = own + [own[0]] * (BATCH - len(own))
                w = self.weight[full].copy()
                w[len(own) :] = 0
                batch = (x, mask, self.y[full], w, jax.random.fold_in(key, count))
                p, m, v, value = self.step(p, m, v, float(count), rate, *batch)
                sums.append(float(value))
                if count % WARM == 0:
                    print(f"step {count} of {total}: {np.mean(sums):.4f}, {time.monotonic() - began:.0f} s", flush=True)
                    sums = []
            if told:
                told(epoch, p)
        return p

    def vectors(self, p, at):
        """Return the pooled vectors of requests, in their order."""
        made = {}
        for own in self.batches(at):
            x, mask = self.padded(own)
            made.update(zip(own, np.asarray(self.pooled(p, x, mask))[: len(own)], strict=True))
        return np.stack([made[int(i)] for i in at])


def frontier(name, z, y):
    """Print what is refused of the targeting where little is refused of the harmless."""
    asked, harmless = z[y == 1], z[y == 0]
    shares = " ".join(
        f"{fa:.3f}: {(asked > np.quantile(harmless, 1 - fa)).mean():.3f}" for fa in (0.005, 0.01, 0.02, 0.05)
    )
    print(f"{name:12} {len(asked)} / {len(harmless)}  {shares}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument(
        "--hold",
        default="blind_e,blind_f,blind_g,blind_h",
        help="files that are left out of the fit, and choose mix and limit",
    )
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--epochs", type=int, default=5)
    asked.add_argument("--refuse", type=float, default=2.2)
    given = asked.parse_args()
    files, _, rows = (list(column) for column in zip(*fit_prompts.requests(), strict=True))
    files = np.array(files)
    y = np.array([r["want"] == "refuse" for r in rows], float)
    weight = np.array([0.6 if f.startswith(fit_prompts.TUNED) else 1.0 for f in files])
    encoder, states = lower(rows)
    fit = Fit(encoder, states, y, weight)
    out = np.array([f in given.hold.split(",") for f in files])
    held, learnt = np.flatnonzero(out), np.flatnonzero(~out)

    def scores(p):
        return fit.vectors(p, held) @ np.asarray(p["head"]) + float(p["bias"])

    p = fit.run(learnt, given.epochs, lambda epoch, p: frontier(f"epoch {epoch + 1}", scores(p), y[out]))
    second = opinions(encoder, [states[i] for i in held])
    frontier("second", second, y[out])
    mix, quiet = mixed((scores(p) + second) / 2, out, rows, y, weight)
    if given.write:
        write(fit, p, [rows[i] for i in learnt], learnt, y[learnt], mix, quiet, given.refuse)


def opinions(encoder, states):
    """Return what the fit of before, which ships as a second opinion, says of requests that it has not seen."""
    view = sense.view_of(encoder.layers, LOW, sense.stored_in(sense.SECOND))
    made = [encoder.further(one.astype(np.float32), view.layers) for one in states]
    return np.array([float(sense.pooled(one, view.look) @ view.head) + view.bias for one in made])


def mixed(z, out, rows, y, weight):
    """Return the weights of the three judges, from requests that were left out, and the score of quiet wording."""
    seen = [first(r["prompt"], images=r["images"]) for r in rows]
    x = fit_prompts.matrix([s.features() for s in seen])
    loud = np.array([s.reading.score >= REFUSE for s in seen], float)
    words = fit_prompts.score(x, fit_prompts.fit(x[~out], y[~out], weight[~out]))
    table = np.c_[z, words[out], loud[out]]
    b = fit_prompts.fit(table, y[out], np.ones(out.sum()), ridge=0.1)
    if b[2] < 0:  # a few hundred requests may say so by chance: what grammar refuses is no reason to allow
        two = fit_prompts.fit(table[:, :2], y[out], np.ones(out.sum()), ridge=0.1)
        b = np.array([two[0], two[1], 0.0, two[2]])
    hidden = np.array([s.disguised for s in seen], float)[out] * loud[out]
    total = fit_prompts.score(table, b) + DISGUISED * hidden
    print(f"mix of encoder, wording, grammar: {np.round(b, 3).tolist()}")
    frontier("all joined", total, y[out])
    for limit in np.quantile(total[y[out] == 0], (0.95, 0.97, 0.98, 0.99, 0.995, 1.0)):
        shares = [(total[y[out] == k] >= limit).mean() for k in (1, 0)]
        print(f"refuse from {limit:.2f}: {shares[0]:.3f} of the targeting, {shares[1]:.4f} of the harmless")
    quiet = float(np.quantile(words[out][y[out] == 1], 0.005))
    print(f"the encoder is not asked below {quiet:.2f}: {(words[out][y[out] == 0] < quiet).mean():.2f} of the harmless")
    return b, quiet


def write(fit, p, rows, places, y, mix, quiet, refuse) -> None:
    vectors = fit.vectors(p, places)
    middle = vectors.mean(0)
    axes = np.linalg.svd(vectors - middle, full_matrices=False)[2][:AXES].T
    known = np.flatnonzero(y == 1)
    along = (vectors[known] - middle) @ axes
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    data = {
        "model_bytes": np.array(Path(transformer.path()).stat().st_size),
        "requests": np.array(len(rows)),
        "look": np.asarray(p["look"], np.float32),
        "head": np.asarray(p["head"], np.float32),
        "bias": np.array(float(p["bias"])),
        "mix": np.asarray(mix, np.float32),
        "refuse": np.array(refuse),
        "quiet": np.array(quiet),
        "axes": axes.astype(np.float16),
        "origin": (middle @ axes).astype(np.float32),
        "known": np.round(along * 127).astype(np.int8),
        "names": np.array([rows[i]["id"] for i in known]),
    }
    for number, one in enumerate(p["layers"], LOW):
        for name, value in one.items():
            scale = np.sqrt(STRENGTH) if name.endswith((".left", ".right")) else 1.0
            data[f"{number}.{name}"] = (np.asarray(value) * scale).astype(np.float16)
    np.savez_compressed(sense.DATA, **data)
    print(f"wrote {Path(sense.DATA).name}: {Path(sense.DATA).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
