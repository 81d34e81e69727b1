"""Outputs before and after on noise: what is equal, what is near enough and why, and what is neither."""

import json
import os
import stat

import numpy as np
import onnx
import onnx_models as make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from untag.strip.onnx import bound, cut, lean, noise, numeric, write
from untag.strip.onnx.nouns import Cut, Kept

pytest.importorskip("onnxruntime")


def stripped(made, folder, *, external=False, renormalise=False):
    """Cut a model; return both files and what was kept."""
    path = make.save(made.model, folder / "in" / "m.onnx", external=external)
    with lean.open_model(path, path.parent) as opened:
        classes = {} if made.drop is None else {made.output: (made.axis, frozenset(made.drop))}
        outputs = (made.output,) if made.drop is None else ()
        done = cut.cut(opened.model, opened.array, cut.Wanted(outputs, classes, renormalise))
        names = write.write(opened, done, folder / "out", "m.onnx")
    data = b"".join((folder / "out" / name).read_bytes() for name in names)
    return path, folder / "out" / "m.onnx", done, data


@pytest.mark.parametrize("case", make.CASES)
def test_kept_outputs_of_every_shape(case, tmp_path):
    made = make.CASES[case]()
    before, after, done, data = stripped(made, tmp_path)
    check = numeric.compare(before, after, done.kept)
    assert check.passed, check.detail
    assert check.figures["inputs"] == 200
    assert min(check.figures["distinct"]) > 150
    if case != "qdq of the weight":  # its kernel takes other steps for another width
        assert check.figures["bit_equal"] == check.figures["compared"]
    whole = before.read_bytes()
    for gone in made.gone:
        assert gone.tobytes() not in data
        assert not any(row.tobytes() in data for row in gone)
    assert any(gone.tobytes() in whole or gone.T.tobytes() for gone in made.gone)
    onnx.checker.check_model(str(after), full_check=True)
    json.dumps(check.figures)


@pytest.mark.parametrize("case", ["gemm transB", "split", "qdq"])
def test_external_data(case, tmp_path):
    before, after, done, _ = stripped(make.CASES[case](), tmp_path, external=True)
    check = numeric.compare(before, after, done.kept, inputs=20)
    assert check.passed, check.detail
    assert check.figures["inputs"] == 20


def test_the_same_twice_is_the_same_proof(tmp_path):
    before, after, done, _ = stripped(make.gemm(), tmp_path)
    one, two = (numeric.compare(before, after, done.kept, inputs=10, seed=3) for _ in range(2))
    assert one.figures == two.figures
    assert one.detail == two.detail


def changed(path, change):
    model = onnx.load(path)
    change({t.name: t for t in model.graph.initializer}, model)
    path.write_bytes(model.SerializeToString())


def test_a_wrong_row_is_found(tmp_path):
    before, after, done, _ = stripped(make.gemm(), tmp_path)

    def swap(weights, _model):
        rows = numpy_helper.to_array(weights["fc.weight"]).copy()
        rows[[0, 1]] = rows[[1, 0]]
        weights["fc.weight"].raw_data = rows.tobytes()

    changed(after, swap)
    check = numeric.compare(before, after, done.kept, inputs=5)
    assert not check.passed
    assert "differs by" in check.detail


def test_a_change_in_the_trunk_is_found(tmp_path):
    before, after, done, _ = stripped(make.gemm(), tmp_path)

    def nudge(weights, _model):
        values = numpy_helper.to_array(weights["stem.b"]).copy()
        values[3] += 1e-3
        weights["stem.b"].raw_data = values.tobytes()

    changed(after, nudge)
    check = numeric.compare(before, after, done.kept, inputs=5)
    assert not check.passed
    assert "enters" in check.detail


def test_a_last_bit_elsewhere_is_found(tmp_path):
    """Where no layer was cut nothing may differ, however little."""
    before, after, done, _ = stripped(make.heads(softmax=False), tmp_path)

    def nudge(weights, _model):
        values = numpy_helper.to_array(weights["age.weight"]).copy()
        values[0] = np.nextafter(values[0], np.float32(9))
        weights["age.weight"].raw_data = values.tobytes()

    changed(after, nudge)
    check = numeric.compare(before, after, done.kept, inputs=40)
    assert not check.passed
    assert "no cut layer is behind it" in check.detail


def test_a_wrong_selection_is_found(tmp_path):
    before, after, _, _ = stripped(make.gemm(), tmp_path)
    name = onnx.load(after).graph.output[0].name
    for wrong in (tuple(range(11)), (*range(7, 17), 6)):
        check = numeric.compare(before, after, [Kept("output", name, (1, wrong))], inputs=3)
        assert not check.passed
    assert not numeric.compare(before, after, [Kept("output", name)], inputs=3).passed


def test_names_that_are_not_there(tmp_path):
    before, after, _, _ = stripped(make.gemm(), tmp_path)
    assert not numeric.compare(before, after, [Kept("nothing", "output")], inputs=3).passed
    assert not numeric.compare(before, after, [], inputs=3).passed


def test_inner_tensors_can_be_compared(tmp_path):
    before, after, _, _ = stripped(make.heads(), tmp_path)
    check = numeric.compare(before, after, [Kept("age_logits", "age_logits"), Kept("features", "features")], inputs=5)
    assert check.passed, check.detail
    assert check.figures["outputs"] == 2


def test_overridable_initializers_are_constants_in_both(tmp_path):
    made = make.gemm()
    weights = [t for t in made.model.graph.initializer if t.name in ("fc.weight", "fc.bias")]
    for tensor in weights:
        made.model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    path = make.save(made.model, tmp_path / "m.onnx")
    check = numeric.compare(path, path, [Kept("output", "output")], inputs=5)
    assert check.passed, check.detail
    assert list(check.figures["shapes"]) == ["input"]


KINDS = {
    "f16": TensorProto.FLOAT16,
    "f64": TensorProto.DOUBLE,
    "i8": TensorProto.INT8,
    "u8": TensorProto.UINT8,
    "i16": TensorProto.INT16,
    "u16": TensorProto.UINT16,
    "i32": TensorProto.INT32,
    "u32": TensorProto.UINT32,
    "i64": TensorProto.INT64,
    "u64": TensorProto.UINT64,
    "flag": TensorProto.BOOL,
    "text": TensorProto.STRING,
}


def test_inputs_of_every_type_and_dim(tmp_path):
    build = make.Build()
    for name, kind in KINDS.items():
        build.input(name, ["N", "steps", 3], kind)
        build.add("Identity", [name], f"{name}_out")
        build.output(f"{name}_out", ["N", "steps", 3], kind)
    path = make.save(build.model(), tmp_path / "m.onnx")
    check = numeric.compare(path, path, [Kept(f"{n}_out", f"{n}_out") for n in KINDS], inputs=12)
    assert check.passed, check.detail
    assert check.figures["shapes"]["text"] == ["1 to 5", 8, 3]
    assert check.figures["bit_equal"] == 12 * len(KINDS)


def test_dims_that_only_some_sizes_fit(tmp_path):
    """Pictures of any size that must be a multiple of 32, in a batch of one, and a small table of words."""
    build = make.Build()
    build.input("picture", ["batch", 3, "h", "w"])
    build.input("word", ["batch", 4], TensorProto.INT64)
    build.add("Reshape", ["picture", build.const("tiles", np.array([1, -1, 32, 32], np.int64))], "tiled")
    build.add("Conv", ["picture", build.weight("w", 2, 3, 64, 64)], "seen")
    build.add("Squeeze", ["picture", build.const("first", np.array([0], np.int64))], "single")
    build.add("Gather", [build.weight("table", 2, 5), "word"], "words")
    for name in ("tiled", "single", "seen", "words"):
        build.output(name, None)
    path = make.save(build.model(check=False), tmp_path / "m.onnx")
    check = numeric.compare(path, path, [Kept(n, n) for n in ("tiled", "single", "seen", "words")], inputs=4)
    assert check.passed, check.detail
    assert check.figures["shapes"] == {"picture": [1, 3, 64, 64], "word": [1, 4]}


def test_an_input_that_went_with_its_head(tmp_path):
    build = make.Build()
    build.add("Identity", [build.input("a", ["N", 4])], "x")
    build.add("Identity", [build.input("b", ["N", 4])], "y")
    build.output("x", ["N", 4])
    build.output("y", ["N", 4])
    before = make.save(build.model(), tmp_path / "a.onnx")
    build.nodes.pop()
    build.inputs.pop()
    build.outputs.pop()
    after = make.save(build.model(), tmp_path / "b.onnx")
    assert numeric.compare(before, after, [Kept("x", "x")], inputs=3).passed
    other = numeric.compare(after, before, [Kept("x", "x")], inputs=3)
    assert not other.passed
    assert "input" in other.detail


class TestRefused:
    """What cannot be run is a failed check with its reason, never an exception."""

    def test_an_unknown_operator(self, tmp_path):
        build = make.Build()
        build.input("a", ["N", 4])
        build.nodes.append(helper.make_node("Mystery", ["a"], ["y"], domain="vendor"))
        build.output("y", ["N", 4])
        graph = helper.make_graph(build.nodes, "g", build.inputs, build.outputs)
        sets = [helper.make_opsetid("", 17), helper.make_opsetid("vendor", 1)]
        path = make.save(helper.make_model(graph, opset_imports=sets, ir_version=9), tmp_path / "m.onnx")
        check = numeric.compare(path, path, [Kept("y", "y")], inputs=3)
        assert not check.passed
        assert "refuses the model" in check.detail
        assert "Mystery" in check.detail

    @pytest.mark.parametrize("data", [b"", b"no model", b"\x08\x09"])
    def test_no_model(self, data, tmp_path):
        (tmp_path / "m.onnx").write_bytes(data)
        check = numeric.compare(tmp_path / "m.onnx", tmp_path / "m.onnx", [Kept("y", "y")], inputs=3)
        assert not check.passed

    def test_no_file(self, tmp_path):
        check = numeric.compare(tmp_path / "a.onnx", tmp_path / "b.onnx", [Kept("y", "y")], inputs=3)
        assert not check.passed
        assert "cannot be read" in check.detail

    def test_no_shape_and_no_noise(self, tmp_path):
        build = make.Build()
        build.inputs.append(helper.make_tensor_value_info("a", TensorProto.FLOAT, None))
        build.add("Identity", ["a"], "y")
        build.output("y", None)
        path = make.save(build.model(check=False), tmp_path / "m.onnx")
        check = numeric.compare(path, path, [Kept("y", "y")], inputs=3)
        assert not check.passed
        assert "no tensor shape" in check.detail

    @pytest.mark.skipif(os.name != "posix", reason="a script that ends by a signal")
    @pytest.mark.parametrize(
        ("ends", "says"), [("kill -SEGV $$", "signal 11"), ("exit 3", "code 3"), ("echo x", "code 0")]
    )
    def test_a_crash_of_the_runtime(self, ends, says, tmp_path, monkeypatch):
        script = tmp_path / "python"
        script.write_text(f"#!/bin/sh\n{ends}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(numeric.sys, "executable", str(script))
        check = numeric.compare(tmp_path, tmp_path, [Kept("y", "y")])
        assert not check.passed
        assert says in check.detail

    @pytest.mark.skipif(os.name != "posix", reason="a script that hangs")
    def test_a_runtime_that_hangs(self, tmp_path, monkeypatch):
        script = tmp_path / "python"
        script.write_text("#!/bin/sh\nexec sleep 30\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(numeric.sys, "executable", str(script))
        monkeypatch.setattr(numeric, "SECONDS", 0.2)
        check = numeric.compare(tmp_path, tmp_path, [Kept("y", "y")])
        assert not check.passed
        assert "did not end" in check.detail


class TestBound:
    """Σ|w||x| and γ: never too small, and never so large that a wrong row fits."""

    @settings(max_examples=200, deadline=None)
    @given(st.integers(0, 2**32 - 1), st.integers(1, 600), st.sampled_from([1.0, 1e-4, 1e6]), st.booleans())
    def test_sums_in_any_order_are_within(self, seed, count, scale, sign):
        rng = np.random.default_rng(seed)
        w, x = (rng.standard_normal((2, count)) * scale).astype(np.float32)
        if sign:
            x = np.abs(x) * np.sign(w)
        parts = (w * x).astype(np.float32)
        one = np.float32(0)
        for part in parts:
            one = np.float32(one + part)
        two = np.float32(0)
        for part in rng.permutation(parts):
            two = np.float32(two + part)
        total = float(np.abs(w.astype(np.float64) * x).sum())
        allowed = bound.tolerance(bound.gamma(count + 2, bound.UNIT["float32"]), total, 0, 0, 0)
        assert abs(float(one) - float(two)) <= allowed

    def test_gamma(self):
        assert bound.gamma(1, 2.0**-24) == pytest.approx(2.0**-24)
        assert bound.gamma(2**24, 2.0**-24) == float("inf")
        assert bound.gamma(100, 2.0**-24) > 100 * 2.0**-24

    @pytest.mark.parametrize(("norm", "says"), [("Softmax", None), ("Exp", "no bound is known through Exp")])
    def test_behind_other_operators(self, norm, says, tmp_path):
        """A kernel that adds in another order shows behind a Softmax too; behind what stretches it nothing is known."""
        made = make.qdq(full=False)
        model = made.model
        model.graph.node[-1].output[0] = "logits"
        extra = {"axis": 1} if norm == "Softmax" else {}
        if norm == "Softmax":  # only over what stays
            sizes = numpy_helper.from_array(np.array([7, 11], np.int64), "sizes")
            model.graph.initializer.append(sizes)
            model.graph.node.append(helper.make_node("Split", ["logits", "sizes"], ["race", "rest"], axis=1))
            model.graph.node.append(helper.make_node("Softmax", ["rest"], ["output"], **extra))
            model.graph.output.append(helper.make_tensor_value_info("race", 1, ["N", 7]))
            model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 11
            made.output, made.drop = "race", None
        else:
            model.graph.node.append(helper.make_node(norm, ["logits"], ["output"], **extra))
        before, after, done, _ = stripped(made, tmp_path)
        check = numeric.compare(before, after, done.kept, inputs=60)
        if says and check.figures.get("bit_equal") != check.figures.get("compared"):
            assert says in check.detail
        else:
            assert check.passed, check.detail
            assert check.figures["worst_of_bound"] < 1


class TestNoise:
    """Shapes, seeds and how many."""

    def test_amount(self):
        assert noise.amount(1_000, 200) == 200
        assert noise.amount(noise.FULL, 200) == 200
        assert noise.amount(400 << 20, 200) == noise.LEAST
        assert noise.amount(400 << 20, 3) == 3
        sizes = [noise.amount(s << 20, 200) for s in range(1, 500)]
        assert sizes == sorted(sizes, reverse=True)

    def test_feeds_are_those_of_the_seed(self):
        wanted = [noise.Want("a", "float32", ("#batch", 3)), noise.Want("b", "int64", ("#batch", "s"))]
        plan = noise.Plan(8, 10, batched=True)
        one, two = noise.feed(wanted, plan, 5, 3), noise.feed(wanted, plan, 5, 3)
        assert all((one[k] == two[k]).all() for k in one)
        assert one["a"].shape == (5, 3)
        assert one["b"].shape == (5, 8)
        assert (noise.feed(wanted, plan, 6, 3)["a"] != one["a"]).any()
        assert noise.feed(wanted, plan, 5, 0)["a"].shape == (1, 3)


def test_a_cut_noun_has_what_the_proof_needs():
    made = Cut(None, {})
    assert made.kept == ()
