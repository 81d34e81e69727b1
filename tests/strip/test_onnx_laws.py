"""The law of a cut: on any graph, what stays is what it was, what went is gone, or nothing is done.

60 graphs are drawn in a normal run; ``UNTAG_LAWS=1000`` draws as many as it says.
"""

import os
from collections import Counter

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import numpy_helper
from onnx_graphs import choices, graphs

from untag.strip.base import StripError
from untag.strip.onnx import cut, lean, wire, write
from untag.strip.onnx.nouns import tensors

ort = pytest.importorskip("onnxruntime")
CASES = int(os.environ.get("UNTAG_LAWS", "60"))
SEEN = Counter()
RELATIVE = 2e-4
"""Of the largest value that a sum has seen: float32 sums of a hundred terms in another order, through a few layers."""
RULES = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


def run(model, feeds, extra=(), *, plain=False):
    """Return every output by name; ``plain``: without the runtime's own changes to the graph."""
    if extra:
        copy = onnx.ModelProto()
        copy.CopyFrom(model)
        known = {o.name for o in copy.graph.output}
        for name in extra:
            if name not in known:
                copy.graph.output.add(name=name)
        model = copy
    options = ort.SessionOptions()
    options.log_severity_level = 4
    if plain:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    have = {i.name for i in session.get_inputs()}
    names = [o.name for o in session.get_outputs()]
    return [dict(zip(names, session.run(names, {k: v for k, v in f.items() if k in have}), strict=True)) for f in feeds]


ROUNDS = frozenset(("QuantizeLinear", "DynamicQuantizeLinear", "Cast", "ArgMax"))
"""Operators that turn a last bit into a step where a value stands on the edge of one."""


def near(one, two, steps):
    """Whether two arrays are equal but for the order of sums; with ``steps``, but for a tenth of their values."""
    if one.shape != two.shape or one.dtype != two.dtype:
        return False
    if one.tobytes() == two.tobytes():
        return True
    with np.errstate(all="ignore"):
        scale = float(np.max(np.abs(one[np.isfinite(one)]), initial=0.0))
        close = np.abs(one.astype(np.float64) - two) <= RELATIVE * max(scale, 1.0)
    same = close | (one == two) | (np.isnan(one) & np.isnan(two))
    return bool(np.mean(same) > 0.9 if steps else np.all(same))


def removed(path, model, wanted):
    """Cut the file; return the new one and what was done, or the reason why nothing was."""
    folder = path.parent / "out"
    try:
        with lean.open_model(path, path.parent) as opened:
            done = cut.cut(opened.model, opened.array, wanted)
            write.write(opened, done, folder, "m.onnx")
    except StripError as error:
        assert not list(folder.glob("*")) if folder.exists() else True
        return None, str(error)
    return folder / "m.onnx", done


def law(model, shapes, wanted, folder):
    """Hold one cut against the law."""
    path = folder / "m.onnx"
    for old in (path, folder / "out" / "m.onnx"):
        old.unlink(missing_ok=True)
    path.write_bytes(model.SerializeToString())
    out, done = removed(path, model, wanted)
    assert path.read_bytes() == model.SerializeToString()
    if out is None:
        SEEN["refused"] += 1
        assert len(done) > 10
        return None
    SEEN["cut"] += 1
    new = onnx.load(out)
    onnx.checker.check_model(new, full_check=True)
    rng = np.random.default_rng(1)
    first = model.graph.input[0].type.tensor_type.shape.dim
    feeds = [
        {"x": rng.standard_normal([batch if d.dim_param else d.dim_value for d in first]).astype(np.float32)}
        for batch in (1, 4)
    ]
    try:
        before = run(model, feeds)
    except Exception:  # noqa: BLE001 - the runtime has faults of its own, such as outputs that it folded away
        SEEN["not run"] += 1
        return None
    inner = [name for node in new.graph.node for name in node.output if name]
    after = run(new, feeds)
    steps = any(node.op_type in ROUNDS for node in model.graph.node)
    if steps:
        # the runtime joins two quantisations of one scale, and not of several: with one class left it may round anew
        _kept(run(model, feeds, plain=True), run(new, feeds, plain=True), done, wanted, shapes, steps)
    else:
        _kept(before, after, done, wanted, shapes, steps)
    _gone(model, new, out, done)
    _unseen(before[1], run(new, feeds[1:], inner)[0], wanted, done.kept)
    return done


def _kept(before, after, done, wanted, shapes, steps):
    """Every output but the removed ones is there, under another name if it shrank, with its old values."""
    assert {k.old for k in done.kept} == set(shapes) - set(wanted.outputs)
    for kept in done.kept:
        gone = wanted.classes.get(kept.old)
        assert (kept.selection is not None) == (gone is not None)
        assert (kept.new != kept.old) == (gone is not None)
        for old, new in zip(before, after, strict=True):
            whole = old[kept.old]
            if gone:
                axis, lost = gone
                left = [i for i in range(whole.shape[axis]) if i not in lost]
                assert tuple(kept.selection) == (axis % whole.ndim, tuple(left))
                whole = np.take(whole, left, axis)
            assert near(whole, new[kept.new], steps), kept


def _gone(model, new, out, done):
    """The rows that were sliced away stand nowhere in the file."""
    data = out.read_bytes()
    lived = {key: numpy_helper.to_array(t) for key, t in tensors(model)}
    for key, slices in done.slices.items():
        whole = lived.get(key)
        for axis, left in slices:
            if whole is None or whole.ndim < 2:
                continue
            lost = [i for i in range(whole.shape[axis]) if i not in left]
            for i in lost:
                row = np.ascontiguousarray(np.take(whole, i, axis))
                if len(np.unique(row)) > 3 and row.nbytes >= 8:
                    assert row.tobytes() not in data, f"row {i} of axis {axis} of {key} is still there"


def _unseen(before, inner, wanted, kept):
    """No tensor inside the new model has the values of a removed class, unless a kept class has them too."""
    left = [
        before[k.old] if k.selection is None else np.take(before[k.old], k.selection[1], k.selection[0]) for k in kept
    ]
    for name, (axis, lost) in wanted.classes.items():
        for i in lost:
            values = np.take(before[name], i, axis)
            if not any(_holds(array, values) for array in left):
                _not_inside(values, inner, f"{name}[{i}]")


def _holds(array, values):
    """Whether some place on some axis of an array has these values."""
    flat = np.sort(values.reshape(-1))
    return any(
        np.allclose(np.sort(part.reshape(-1)), flat, rtol=1e-5, atol=1e-6)
        for axis in range(array.ndim)
        if array.size // max(array.shape[axis], 1) == flat.size
        for part in np.moveaxis(array, axis, 0)
    )


def _not_inside(values, inner, what):
    flat = np.sort(values.reshape(-1))
    if len(np.unique(np.round(flat, 4))) < 4:
        return  # constant, saturated or too short to be told from chance
    for name, array in inner.items():
        assert array.dtype != np.float32 or not _holds(array, values), f"{what} is in {name}"


@pytest.fixture(autouse=True)
def _stubs_of_every_size(monkeypatch):
    """Let small weights stay in the file too."""
    monkeypatch.setattr(wire, "BIG", 32)


class TestLaw:
    """One law, many graphs."""

    @RULES
    @given(st.data())
    def test_what_stays_is_what_it_was(self, tmp_path_factory, data):
        folder = tmp_path_factory.getbasetemp()
        model, shapes = data.draw(graphs())
        whole, classes = data.draw(choices(shapes))
        if not whole and not classes:
            return
        law(model, shapes, cut.Wanted(whole, classes), folder)

    @settings(RULES, max_examples=max(20, CASES // 10))
    @given(st.data())
    def test_what_is_cut_twice_is_cut_once(self, tmp_path_factory, data):
        """The order of two removals does not matter, and a second one of the same finds nothing."""
        folder = tmp_path_factory.getbasetemp()
        model, shapes = data.draw(graphs())
        names = [n for n, s in shapes.items() if any(isinstance(d, int) and d > 1 for d in s)]
        if not names:
            return
        name = data.draw(st.sampled_from(names))
        axis = next(i for i, d in enumerate(shapes[name]) if isinstance(d, int) and d > 1)
        done = law(model, shapes, cut.Wanted(classes={name: (axis, frozenset({0}))}), folder)
        if done is None:
            return
        small = onnx.load(folder / "out" / "m.onnx")
        again = cut.cut(small, numpy_helper.to_array, cut.Wanted())
        assert not again.slices
        assert not again.renamed
        assert {t.name: t.SerializeToString() for t in again.model.graph.initializer} == {
            t.name: t.SerializeToString() for t in small.graph.initializer
        }

    def test_enough_was_cut(self):
        """Refusing everything would obey the law too."""
        assert SEEN["cut"] + SEEN["refused"] > CASES // 2
        assert SEEN["cut"] > (SEEN["cut"] + SEEN["refused"]) // 5
