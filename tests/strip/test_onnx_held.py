"""The second form of a cut: as many rows as before, zeros where some went, and the same bits as before."""

import json
import os

import numpy as np
import onnx
import onnx_models as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper
from onnx_graphs import choices, graphs

from untag.scan import scan
from untag.strip.apply import apply
from untag.strip.base import Choice, StripError
from untag.strip.editors import onnx as onnx_editor
from untag.strip.onnx import cut, held, lean, numeric, structural, wire, write
from untag.strip.onnx.nouns import HELD, take, tensors
from untag.strip.plan import make_plan
from untag.strip.prove import document

ort = pytest.importorskip("onnxruntime")
CASES = int(os.environ.get("UNTAG_LAWS", "40"))
RACE, ALL, WIDE = make.RACE, make.ALL, make.FEATURES


def weight_only(kind="gemm", *, scales=True, after=(), seed=0):
    """Return a head whose weight is int8 and becomes float when the model runs."""
    build = make.started(seed)
    features = make.trunk(build, pooled=kind != "conv")
    if kind == "conv":
        build.add("GlobalAveragePool", ["r2"], "pool")
        features = "pool"
    shape = {"gemm": (ALL, WIDE), "conv": (ALL, WIDE, 1, 1)}.get(kind, (WIDE, ALL))
    axis = 0 if shape[0] == ALL else 1
    build.const("fc.weight", build.rng.integers(-127, 128, shape, np.int8))
    scale = (build.rng.random(ALL, dtype=np.float32) + 0.1) / 100
    build.const("fc.scale", scale if scales else np.float32(0.01))
    build.add("DequantizeLinear", ["fc.weight", "fc.scale"], "wd", **({"axis": axis} if scales else {}))
    bias = build.weight("fc.bias", ALL)
    if kind == "matmul":
        build.add("MatMul", [features, "wd"], "product")
        build.add("Add", ["product", bias], "top")
    elif kind == "turned":
        build.add("Transpose", ["wd"], "wt", perm=[1, 0])
        build.add("Gemm", [features, "wt", bias], "top", transB=1)
    elif kind == "conv":
        build.add("Conv", [features, "wd", bias], "top")
    else:
        build.add("Gemm", [features, "wd", bias], "top", transB=1)
    top = "top"
    for number, step in enumerate(after):
        top = step(build, top, f"s{number}")
    build.add("Flatten" if kind == "conv" else "Identity", [top], "output")
    build.output("output", ["N", ALL])
    rows = np.moveaxis(build.value("fc.weight"), axis, 0)[:RACE]
    return make.Made(build.model(), "output", gone=(np.ascontiguousarray(rows),))


def relu(build, top, name):
    return build.add("Relu", [top], name)


def scaled(build, top, name):
    return build.add("Mul", [build.weight(f"{name}.by", ALL), top], name)


def normed(build, top, name):
    parts = [build.weight(f"{name}.{part}", ALL) for part in ("scale", "bias", "mean")]
    parts.append(build.const(f"{name}.var", build.rng.random(ALL, dtype=np.float32) + 0.5))
    return build.add("BatchNormalization", [top, *parts], name)


def halved(build, top, name):
    return build.add("Div", [top, build.const(f"{name}.by", np.float32(2))], name)


SHAPES = {
    "gemm": {},
    "gemm, one scale": {"scales": False},
    "gemm, steps": {"after": (scaled, relu, halved)},
    "gemm, norm": {"after": (normed, relu)},
    "matmul": {"kind": "matmul"},
    "matmul, steps": {"kind": "matmul", "after": (scaled, relu)},
    "turned": {"kind": "turned"},
    "conv": {"kind": "conv"},
    "conv, norm": {"kind": "conv", "after": (normed, relu)},
}


def cut_in_two(model, wanted, folder):
    """Return the cut of a model, its second form, which stands at ``out/m.onnx`` below a folder, and its first."""
    path = folder / "m.onnx"
    path.write_bytes(model.SerializeToString())
    with lean.open_model(path, folder) as opened:
        made = cut.cut(opened.model, opened.array, wanted)
        first = cut.whole_model(made, opened.array)
        second = held.held(made)
        if second is not None:
            write.write(opened, second, folder / "out", "m.onnx")
            with lean.open_model(folder / "out" / "m.onnx", folder / "out") as after:
                for check in structural.checks(opened, after, second):
                    assert check.passed, check
    return made, second, first


def wanted(made):
    return cut.Wanted(classes={made.output: (made.axis, frozenset(made.drop))})


def stripped(made, folder, *, external=False, **choice):
    """Strip a model as the command does; return the result's path and the proof."""
    path = make.save(made.model, folder / "in" / "m.onnx", external=external)
    out = folder / "out"
    proof = apply(make_plan(str(path.parent), choice=Choice(**choice)), out)
    return out / "m.onnx", proof


def compared(proof):
    return next(check for _, check in proof.checks if check.name == numeric.NAME)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_bit_of_every_shape(shape, tmp_path):
    made = weight_only(**SHAPES[shape])
    path, proof = stripped(made, tmp_path)
    figures = compared(proof).figures
    assert figures["inputs"] == figures["bit_equal"] == figures["compared"] == 200
    data = path.read_bytes()
    assert not any(row.tobytes() in data for gone in made.gone for row in (gone, *gone))
    new = onnx.load(path)
    assert [o.name for o in new.graph.output] == ["output_11_of_18"]
    assert new.graph.output[0].type.tensor_type.shape.dim[1].dim_value == ALL - RACE
    assert not scan(str(path.parent)).findings
    if "held" in figures:
        assert figures["sliced"]["bit_equal"] < figures["sliced"]["compared"] == 200
        assert "fc.weight" in figures["held"]
        (values,) = [numpy_helper.to_array(t) for t in new.graph.initializer if t.name == "fc.weight"]
        rows = values.T if values.shape[0] == WIDE else values
        assert not rows[:RACE].any()
        assert rows.shape[0] == ALL


def test_it_is_needed_and_said(tmp_path):
    """What was held, and why, stands in the plan, in the check and in the notes; the same is made again."""
    made = make.qdq(full=False)
    path, proof = stripped(made, tmp_path)
    (edit,) = proof.plan.due()
    assert any("zeros hold the places" in line for line in edit.depends)
    check = compared(proof)
    assert check.figures["held"] == ["fc.weight", "fc.scale", "fc.zero", "fc.bias"]
    assert "zeros hold the places" in check.detail
    assert any("zeros hold the places" in note for _, note in proof.notes)
    weights = next(check for _, check in proof.checks if check.name == "kept weights")
    assert weights.figures["held"] == 4
    json.dumps(document(proof))
    apply(make_plan(str(tmp_path / "in")), tmp_path / "again")
    assert (tmp_path / "again" / "m.onnx").read_bytes() == path.read_bytes()
    assert sorted(p.name for p in path.parent.iterdir()) == ["m.onnx"]


def test_a_plain_layer_is_sliced(tmp_path):
    path, proof = stripped(make.gemm(), tmp_path)
    assert "held" not in compared(proof).figures
    assert not any("zeros" in line for edit in proof.plan.due() for line in edit.depends)
    assert "Gather" not in {node.op_type for node in onnx.load(path).graph.node}


def test_static_quantisation_is_not_announced(tmp_path):
    _, proof = stripped(make.qdq(), tmp_path)
    assert not any("zeros" in line for edit in proof.plan.due() for line in edit.depends)


def test_external_data(tmp_path):
    path, proof = stripped(make.qdq(full=False), tmp_path, external=True)
    assert "held" in compared(proof).figures
    assert sorted(p.name for p in path.parent.iterdir()) == ["m.onnx", "weights.bin"]
    whole = path.read_bytes() + (path.parent / "weights.bin").read_bytes()
    assert not any(row.tobytes() in whole for row in make.qdq(full=False).gone[0])


def test_more_of_the_same_model_can_go_later(tmp_path, monkeypatch):
    """In either order, and at once: the same bits, and nothing of what went."""
    monkeypatch.setattr(onnx_editor, "INPUTS", 40)
    model = make.qdq(full=False).model
    del model.metadata_props[:]
    first = tmp_path / "m.onnx"
    first.write_bytes(model.SerializeToString())

    def strip(source, out, *classes):
        proof = apply(make_plan(str(source), choice=Choice(classes=classes)), out)
        assert compared(proof).figures["bit_equal"] == 40
        return out

    one = strip(first, tmp_path / "a.onnx", "output[0:7]")
    one = strip(one, tmp_path / "b.onnx", "output_11_of_18[0:2]")
    two = strip(first, tmp_path / "c.onnx", "output[7:9]")
    two = strip(two, tmp_path / "d.onnx", "output_16_of_18[0:7]")
    both = strip(first, tmp_path / "e.onnx", "output[0:9]")
    rows = next(numpy_helper.to_array(t) for t in model.graph.initializer if t.name == "fc.weight")[:9]
    x = np.random.default_rng(0).standard_normal((1, 3, 12, 12)).astype(np.float32)
    results = []
    for path in (one, two, both):
        data = path.read_bytes()
        assert not any(row.tobytes() in data for row in rows)
        results.append(ort.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"input": x})[0])
    assert results[0].tobytes() == results[1].tobytes() == results[2].tobytes()


def test_a_second_form_that_is_no_better_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(held, "held", lambda made: made)
    path, proof = stripped(make.qdq(full=False), tmp_path)
    figures = compared(proof).figures
    assert figures["bit_equal"] < figures["compared"]
    assert figures["worst_of_bound"] < 1
    (values,) = [numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer if t.name == "fc.weight"]
    assert values.shape == (ALL - RACE, WIDE)
    assert sorted(p.name for p in path.parent.iterdir()) == ["m.onnx"]


def test_a_difference_without_a_bound_is_held_too(tmp_path):
    """Behind an operator that stretches differences the first form cannot be proved; the second is equal."""
    stretched = weight_only(after=(lambda build, top, name: build.add("Exp", [top], name),))
    _, proof = stripped(stretched, tmp_path)
    assert "fc.weight" in compared(proof).figures["held"]


@pytest.mark.parametrize("case", make.CASES)
def test_the_second_form_of_every_shape_has_the_bits(case, tmp_path):
    """It is tried only where the first has not; by its construction it has them wherever there is one."""
    made = make.CASES[case]()
    asked = cut.Wanted((made.output,)) if made.drop is None else wanted(made)
    done, second, _ = cut_in_two(made.model, asked, tmp_path)
    if second is None:
        assert case in {"three heads", "concat", "qdq", "dynamic quantisation", "if"}
        return
    check = numeric.compare(tmp_path / "m.onnx", tmp_path / "out" / "m.onnx", second.kept, inputs=20)
    assert check.passed, check.detail
    assert check.figures["bit_equal"] == check.figures["compared"]
    assert [k.new for k in second.kept] == [k.new for k in done.kept]
    onnx.checker.check_model(str(tmp_path / "out" / "m.onnx"), full_check=True)


def two_readers():
    """Return a head whose weight is an output too, as far as it stays."""
    made = weight_only()
    graph = made.model.graph
    graph.node.append(helper.make_node("Slice", ["wd", "low", "high"], ["rest"]))
    graph.initializer.extend(
        numpy_helper.from_array(np.array([value], np.int64), name) for name, value in (("low", RACE), ("high", ALL))
    )
    graph.output.append(helper.make_tensor_value_info("rest", 1, [ALL - RACE, WIDE]))
    return made


def grouped():
    build = make.started(0)
    make.trunk(build, pooled=False)
    build.add("GlobalAveragePool", ["r2"], "pool")
    build.add("Conv", ["pool", build.weight("fc.weight", 12, 8, 1, 1)], "logits", group=12)
    build.add("Flatten", ["logits"], "output")
    build.output("output", ["N", 12])
    build.meta = {}
    return make.Made(build.model(), "output", drop=(0, 1, 2))


@pytest.mark.parametrize("odd", [two_readers, grouped])
def test_what_has_no_second_form(odd, tmp_path):
    made, second, _ = cut_in_two(odd().model, wanted(odd()), tmp_path)
    assert "fc.weight" in made.slices
    assert second is None or second.slices["fc.weight"] == made.slices["fc.weight"]


def test_a_renormalised_softmax_has_none(tmp_path):
    build = make.started(0)
    build.add("Gemm", [make.trunk(build), build.weight("fc.weight", ALL, WIDE)], "logits", transB=1)
    build.add("Softmax", ["logits"], "output", axis=1)
    build.output("output", ["N", ALL])
    made = make.Made(build.model(), "output")
    asked = cut.Wanted(classes=wanted(made).classes, renormalise=True)
    assert cut_in_two(made.model, asked, tmp_path)[1] is None


class TestTake:
    """Selections with held places, in memory and streamed."""

    @settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_streamed_is_taken(self, data):
        shape = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
        array = np.arange(1, np.prod(shape) + 1, dtype=np.int16).reshape(shape)
        slices, expected = [], array
        for axis in data.draw(st.lists(st.integers(0, len(shape) - 1), max_size=3)):
            places = st.just(HELD) | st.integers(0, expected.shape[axis] - 1)
            kept = tuple(data.draw(st.lists(places, min_size=1, max_size=7)))
            slices.append((axis, kept))
            expected = take(expected, kept, axis)
            lost = [at for at, place in enumerate(kept) if place == HELD]
            assert not np.moveaxis(expected, axis, 0)[lost].any()
            if not lost and len(slices) == 1:
                assert (expected == array.take(kept, axis)).all()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(write, "PIECE", data.draw(st.sampled_from([16, 64, 1 << 20])))
            streamed = b"".join(piece.tobytes() for piece in write.pieces(array, tuple(slices)))
        assert streamed == np.ascontiguousarray(expected).tobytes()

    def test_a_place_that_is_not_there(self):
        with pytest.raises(StripError):
            write._check((4, 2), "w", ((0, (0, HELD, 4)),))


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(st.data())
def test_laws_on_any_graph(tmp_path_factory, data):
    """A second form is sound, holds nothing of what went, and computes what the first does, where there is one."""
    folder = tmp_path_factory.getbasetemp() / "held"
    folder.mkdir(exist_ok=True)
    model, shapes = data.draw(graphs())
    whole, classes = data.draw(choices(shapes))
    if not whole and not classes:
        return
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wire, "BIG", 32)
            _, second, first = cut_in_two(model, cut.Wanted(whole, classes), folder)
    except StripError:
        return
    if second is None:
        return
    new = onnx.load(folder / "out" / "m.onnx")
    onnx.checker.check_model(new, full_check=True)
    assert [o.SerializeToString() for o in new.graph.output] == [o.SerializeToString() for o in first.graph.output]
    dims = [d.dim_value or 3 for d in model.graph.input[0].type.tensor_type.shape.dim]
    x = np.random.default_rng(0).standard_normal(dims).astype(np.float32)
    try:
        expected = run(first, x)
    except Exception:  # noqa: BLE001 - the runtime has faults of its own
        return
    for one, two in zip(expected, run(new, x), strict=True):
        assert one.shape == two.shape
        scale = max(float(np.max(np.abs(one[np.isfinite(one)].astype(np.float64)), initial=0)), 1)
        near = np.isclose(one, two, rtol=0, atol=2e-4 * scale, equal_nan=True)
        rounds = any(node.op_type in ("QuantizeLinear", "DynamicQuantizeLinear", "Cast") for node in model.graph.node)
        assert near.all() or (rounds and near.mean() > 0.9)
    values = dict(tensors(new))
    for key, slices in second.slices.items():
        for axis, kept in slices:
            if HELD in kept:
                array = numpy_helper.to_array(values[key])
                assert not np.moveaxis(array, axis, 0)[[k == HELD for k in kept]].any()


def run(model, x):
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})
