"""Fit the points of `src/untag/interpret/weights.toml` to labelled files.

    python tools/fit_weights.py MANIFEST=ROOT [MANIFEST=ROOT …] [--write] [--folds 5]

A manifest is a list of labels as in `tests/corpus/*/labels.jsonl`; ROOT holds the
files. The fit is a logistic regression over the strongest case of each file, held
close to the hand-set `PRIOR` by a quadratic penalty and bounded so that no evidence
changes sign. With ``--folds`` the files are split and what is printed was measured
on files that the fit had not seen. Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from untag import engine
from untag.interpret import Lens, cases_of
from untag.interpret.denial import PROSE
from untag.interpret.evidence import KIND_OF, WEAK
from untag.interpret.judge import _stands
from untag.interpret.weighing import weigh
from untag.interpret.wording import features
from untag.match import store
from untag.model import ATTRIBUTES, ROLES, Blob
from untag.packages import Packages

BIAS = 5.0
KEEP = 0.35
"""Share of its hand-set points that no evidence loses, however rare it is in the labelled files."""
REAL = {"dev": 3.0, "real": 2.0, "real_2": 2.0, "real_3": 2.0, "neutral": 4.0, "held": 10.0}
"""How much files that people published count beside files that were written as examples."""
FIXED = {
    "prose:lowers prohibits.direct": -8.0,
    "prose:lowers prohibits.clause": -8.0,
    "code:lowers prohibits.clause": -8.0,
    "code:lowers declared.close": -2.5,
    "code:joined.caption": 2.5,
    "prose:joined.caption": 2.5,
}
"""Set by hand: what nothing outweighs (a clause that forbids), and what people say of themselves in so many words."""
TARGET = Path(__file__).resolve().parent.parent / "src/untag/interpret/weights.toml"
LEVELS = ("token", "statement", "note", "members", "scope", "near", "file", "path", "package")


def prior() -> dict[str, float]:
    """Return the points set by hand, by register and feature."""
    one = prior_of_one()
    return {f"{register}:{name}": points for register in ("code", "prose") for name, points in one.items()}


def prior_of_one() -> dict[str, float]:
    """Return the points set by hand, by feature."""
    p: dict[str, float] = {
        "slot.low": 3.0, "slot.medium": 2.0, "slot.high": 1.0, "slot.compound": 3.0, "slot.field": 3.5,
        "slot.call": 3.5, "slot.model": 3.0, "slot.group": 0.5, "slot.proxy": 0.2,
        "slot.names_person": 1.0, "slot.unambiguous": 0.5,
    }  # fmt: skip
    p |= {f"attribute.{a}": 0.0 for a in ATTRIBUTES}
    p |= {f"role.{r}": 0.0 for r in ROLES} | {"role.prose": -0.3, "role.comment": -0.3}
    p |= dict(zip((f"pictured.{x}" for x in LEVELS), (1.5, 1.5, 1.0, 1.0, 1.5, 1.0, 1.0, 1.0, 1.0), strict=True))
    p |= dict(zip((f"vision.{x}" for x in LEVELS), (0.3, 0.4, 0.3, 0.3, 0.3, 0.3, 0.4, 0.3, 0.4), strict=True))
    p |= dict(zip((f"person.{x}" for x in LEVELS), (0.2, 0.3, 0.2, 0.1, 0.2, 0.2, 0.1, 0.1, 0.1), strict=True))
    p |= {"pictured.both_statement": 0.7, "pictured.both_note": 0.5, "pictured.both_near": 0.4}
    p |= {"cohort.1": 0.8, "cohort.2": 0.6, "cohort.3": 0.4, "cohort.5": 0.2}
    p |= {"cohort.near_1": 0.2, "cohort.near_2": 0.4, "cohort.near_4": 0.3}
    p |= dict(
        zip(
            (f"cohort.seen_only_{x}" for x in ("token", "members", "statement", "near")),
            (0.5, 0.7, 0.7, 0.4),
            strict=True,
        )
    )
    p |= {"values.1": 0.2, "values.2": 0.8, "values.3": 1.0, "values.4": 0.6, "values.6": 0.3}
    p |= {"values.near_1": 0.1, "values.near_3": 0.4, "act.term": 1.0}
    worth = {
        "alerts": 1.0,
        "searches": 1.0,
        "prompts": 1.0,
        "infers": 1.0,
        "labels": 0.5,
        "trains": 0.5,
        "stores": 0.3,
        "exports": 0.3,
        "documents": 0.2,
    }
    for act, points in worth.items():
        for place, share in (("close", 1.0), ("around", 0.5), ("near", 0.3), ("file", 0.2)):
            p[f"act.{act}_{place}"] = points * share
    p |= {
        "joined.act_statement": 0.7,
        "joined.act_note": 0.4,
        "joined.cohort_statement": 0.5,
        "joined.cohort_note": 0.3,
    }
    p |= {"joined.act_cohort_statement": 0.3, "joined.act_cohort_note": 0.2, "joined.scope": 0.4, "joined.record": 0.4}
    p |= {
        "joined.question_both": 1.0,
        "joined.question": 0.5,
        "joined.token": 0.7,
        "joined.table": 2.0,
        "joined.output": 2.0,
        "joined.caption": 2.5,
    }
    p["lowers other use.file"] = -2.0
    p["lowers prohibits.direct"] = -3.0
    p["lowers prohibits.clause"] = -2.5
    p["lowers prohibits.behind"] = -2.0
    special = {
        "concurrency": {"close": -3.0, "near": -2.0},
        "prohibits": {"close": -4.0, "around": -1.5, "file": 0.0, "package": 0.0},
        "news": {"close": -1.0, "near": -1.0},
        "research": {"close": -0.7, "near": -0.5, "file": -0.7, "path": -0.3, "package": -0.2},
        "statistics": {"close": -0.7, "near": -0.5, "file": -0.7, "path": -0.3, "package": -0.2},
        "medical": {"close": -0.3, "around": -0.3, "near": -0.3, "file": -0.3, "several": -0.2},
        "name": {"close": -0.7, "near": -0.5, "file": -0.7},
        "place": {"close": -0.5, "near": -0.4, "file": -0.5},
        "benign": {"close": -0.7, "near": -0.5, "file": -0.7},
    }
    usual = {"close": -1.5, "around": -1.0, "near": -1.0, "file": -2.0, "path": -1.0, "package": -1.0, "several": -0.5}
    for kind in KIND_OF.values():
        for place, points in (usual | special.get(kind, {})).items():
            p[f"lowers {kind}.{place}"] = points
    p["lowers language.names"] = -2.0
    for kind in WEAK:
        p[f"lowers {kind}.weak"] = -0.5
        p[f"lowers {kind}.weak_near"] = -0.3
    return p


class Gatherer(engine.Scanner):
    """A scanner that keeps the cases instead of judging them."""

    def __init__(self, *args):
        super().__init__(*args)
        self.cases = []
        self.bags = []

    def _interpret(self, text, hits, sheaf=None):
        from untag.readers import reader_for

        choose = (lambda _: sheaf) if sheaf is not None else reader_for
        found, _ = cases_of(text, hits, self.lens, choose, lambda: self.packages.of(text.trail, self.lens))
        self.cases += found
        if found:
            self.bags.append((text.trail, found))


def gather(pairs):
    """Return for each labelled file its item and its cases as (line, attribute, {feature: value})."""
    lexicon = store.load()
    lens = Lens(lexicon)
    out = []
    for pair in pairs:
        manifest, root = pair.split("=", 1)
        for line in Path(manifest).read_text().splitlines():
            if not line.strip():
                continue
            item = json.loads(line)
            rel = item["path"] if "path" in item else f"{item['id']}/{item['source'].split(':', 2)[2]}"
            path = Path(root) / rel
            if not path.is_file() or item.get("borderline"):
                continue
            scanner = Gatherer(lexicon, lens, Packages(root))
            data = path.read_bytes()
            scanner.feed(Blob((rel,), data))
            cases = rows_of(scanner.cases)
            lines = [
                n
                for n, t in enumerate(data.decode("utf-8", "replace").splitlines(), 1)
                if any(m in t for m in item["match"])
            ]
            item["from"] = (
                Path(manifest).stem if "dev" in manifest or "real" in manifest else Path(manifest).parent.name
            )
            out.append((item, lines, cases))
    return out


def rows_of(cases):
    """Return cases as (line, last line, attribute, {feature: value}, term, words around)."""
    out = []
    for case in cases:
        w = weigh(case)
        if not _stands(w):
            continue
        row = defaultdict(float)
        for name, value, _ in w.features:
            row[name] = row[name] + value
        register = "prose" if case.span.role in PROSE else "code"
        row = {f"{register}:{n}": v for n, v in row.items()}
        out.append((case.span.line, case.span.end_line, case.attribute, row, case.term.text, frozenset(features(case))))
    return out


def gather_neutral(folder):
    """Return the files of neutral packages, in which nothing may be found."""
    from untag.model import FileRef

    lexicon = store.load()
    lens = Lens(lexicon)
    out = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file():
            continue
        scanner = Gatherer(lexicon, lens, Packages())
        scanner.feed(FileRef((path.name,), str(path), path.stat().st_size))
        for trail, found in scanner.bags:
            cases = rows_of(found)
            if cases:
                item = {
                    "id": "!/".join(trail),
                    "expect": "none",
                    "match": [],
                    "attribute": "none",
                    "format": trail[-1].rsplit(".", 1)[-1],
                    "why": "neutral package",
                    "from": "neutral",
                }
                out.append((item, [], cases))
    return out


def design(files, names):
    index = {n: i for i, n in enumerate(names)}
    bags = []
    for item, lines, cases in files:
        positive = item["expect"] == "finding"
        rows = []
        for first, last, attribute, feats, *_ in cases:
            if positive and not any(first - 2 <= n <= last + 2 for n in lines):
                continue
            x = np.zeros(len(names))
            for name, value in feats.items():
                if name in index:
                    x[index[name]] = value
            rows.append((x, attribute == item["attribute"]))
        if not rows:
            continue
        if positive and any(same for _, same in rows):
            rows = [r for r in rows if r[1]]
        bags.append((positive, np.array([x for x, _ in rows]), item))
    return bags


def fit(bags, names, strength, rounds=6, price=1.5):
    """Return the points; ``price`` is what a false alarm costs against a miss."""
    mean = np.array([prior()[n] for n in names])
    for n, points in FIXED.items():
        mean[names.index(n)] = points
    w = mean.copy()
    bounds = []
    for n in names:
        bare = n.split(":", 1)[1]
        first = prior()[n]
        if n in FIXED:
            bounds.append((FIXED[n], FIXED[n]))
        elif bare.startswith("lowers "):
            bounds.append((-6.0, KEEP * first))
        elif bare.startswith(("attribute.", "role.")):
            bounds.append((-0.8, 0.5))
        else:
            bounds.append((KEEP * first, 5.0))
    for _ in range(rounds):
        xs, ys, cs = [], [], []
        for positive, x, item in bags:
            order = np.argsort(x @ w)[::-1]
            counts = REAL.get(item.get("from", ""), 1.0)
            for rank, i in enumerate(order[:1] if positive else order[:3]):
                xs.append(x[i])
                ys.append(1.0 if positive else 0.0)
                cs.append(counts * (1.0 if positive else price / (1 + rank)))
        X, y, c = np.array(xs), np.array(ys), np.array(cs)

        def loss(v):
            z = X @ v - BIAS
            p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
            ll = -(c * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum()
            d = v - mean
            return ll + strength * (d @ d), X.T @ (c * (p - y)) + 2 * strength * d

        w = minimize(loss, w, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 400}).x
    return w


def score(bags, w, threshold=BIAS):
    found = missed = false = quiet = 0
    for positive, x, _ in bags:
        hit = (x @ w).max() >= threshold
        if positive:
            found, missed = found + hit, missed + (not hit)
        else:
            false, quiet = false + hit, quiet + (not hit)
    return found, missed, false, quiet


def kept(base, name, make, wanted):
    """Return gathered files: made now when their source is named, else as they were kept."""
    path = Path(f"{base}.{name}") if base else None
    if wanted:
        files = make()
        if path:
            path.write_bytes(pickle.dumps(files))
        return files
    return pickle.loads(path.read_bytes()) if path and path.exists() else []


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("pairs", nargs="*")
    args.add_argument("--write", action="store_true")
    args.add_argument("--prior-only", action="store_true")
    args.add_argument("--neutral", help="folder of packages in which nothing may be found")
    args.add_argument("--cases", help="keep the gathered cases in this file, or take them from it")
    args.add_argument("--errors", action="store_true", help="name the files that were judged wrongly unseen")
    args.add_argument("--folds", type=int, default=5)
    args.add_argument("--strength", type=float, default=0.3)
    args.add_argument("--price", type=float, default=2.2, help="what a false alarm costs against a miss")
    opt = args.parse_args()
    names = list(prior())
    if opt.prior_only:
        write(dict(prior()))
        return
    files = kept(opt.cases, "labelled", lambda: gather(opt.pairs), bool(opt.pairs))
    files += kept(opt.cases, "neutral", lambda: gather_neutral(opt.neutral), bool(opt.neutral))
    blind = sum(1 for i, _, c in files if i["expect"] == "finding" and not c)
    bags = design(files, names)
    positives = sum(1 for i, _, _ in files if i["expect"] == "finding")
    print(
        f"{len(files)} files, {positives} positives, of which {positives - sum(b[0] for b in bags)} have no case on the line ({blind} no case at all)"
    )
    rng = np.random.default_rng(7)
    fold = rng.integers(0, opt.folds, len(bags))
    totals = np.zeros(4, int)
    marks = []
    by = defaultdict(lambda: np.zeros(4, int))
    for k in range(opt.folds):
        w = fit([b for b, f in zip(bags, fold, strict=True) if f != k], names, opt.strength, price=opt.price)
        held = [b for b, f in zip(bags, fold, strict=True) if f == k]
        totals += score(held, w)
        for b in held:
            by[b[2]["from"]] += score([b], w)
            marks.append((b[0], float((b[1] @ w).max())))
            hit = (b[1] @ w).max() >= BIAS
            if opt.errors and hit != b[0]:
                print("  ", "false" if hit else "missed", b[2]["id"], b[2]["format"], b[2]["why"][:90])
    print("unseen files: found, missed, false, quiet =", totals)
    for limit in (4.5, 5.0, 5.5, 6.0, 6.5, 7.0):
        print(
            f"   at {limit}: found {sum(s >= limit for p, s in marks if p)}, false {sum(s >= limit for p, s in marks if not p)}"
        )
    for name, counts in by.items():
        print(f"   {name}: {counts}")
    w = fit(bags, names, opt.strength, price=opt.price)
    print("all files:", score(bags, w), " prior alone:", score(bags, np.array([prior()[n] for n in names])))
    if opt.write:
        write(dict(zip(names, w, strict=True)))


def write(points):
    head = (
        "# Points of evidence, in log-odds. Made by tools/fit_weights.py from the labelled files of\n"
        "# tests/corpus and the hand-set priors in that script; do not edit by hand: change a prior,\n"
        "# or add a labelled file, and fit again.\n\n"
        "support = 1.0  # for a case when a strong finding on its attribute stands in the same file\n\n"
        "[threshold]\nhigh = 7.0     # block under untag-core\nmedium = 5.0   # warn\nlow = 4.0      # inform\n"
    )
    body = ""
    for register in ("code", "prose"):
        body += f"\n[{register}]\n"
        for name, value in points.items():
            if name.startswith(register + ":"):
                body += f'"{name.split(":", 1)[1]}" = {round(float(value), 2) + 0.0}\n'
    TARGET.write_text(head + body)
    print("written", TARGET)


if __name__ == "__main__":
    os.environ.setdefault("UNTAG_JOBS", "1")
    main()
