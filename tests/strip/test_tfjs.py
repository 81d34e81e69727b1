"""TensorFlow.js models are made here by code, with random weights and no picture: heads go, all else stays as it was."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.model import Finding
from untag.scan import scan
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors.tfjs import EDITOR
from untag.strip.plan import choose
from untag.strip.tfjs import evaluate
from untag.strip.tfjs.evaluate import Pair, Program, differing
from untag.strip.tfjs.graph import graph_of
from untag.strip.tfjs.model import described
from untag.strip.weights.jsontext import Text

WHATEVER = Choice()
CODES = {"float32": "<f4", "uint8": "u1", "uint16": "<u2", "float16": "<f2"}


def finding(attribute="race", file="model.json", route=("model m", "race_output")):
    return Finding(
        "UT105",
        attribute,
        "infers",
        "inferred_from_image",
        (),
        "high",
        (file,),
        route,
        0,
        0,
        "race output",
        "output race_output",
        "",
        "m",
        (),
        "f" * 16,
    )


def node(name, op, *inputs, **attr):
    made = {"name": name, "op": op}
    if inputs:
        made["input"] = list(inputs)
    return {**made, "attr": attr}


def const(name, shape):
    dims = [{"size": str(n)} for n in shape]
    return node(name, "Const", value={"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": dims}}})


class Maker:
    """A face model of a shared layer and one head for each output."""

    def __init__(self, heads, code="float32", seed=0, width=6):
        self.random = np.random.default_rng(seed)
        self.code, self.width = code, width
        self.nodes = [
            node(
                "input",
                "Placeholder",
                shape={"shape": {"dim": [{"size": "-1"}, {"size": "16"}, {"size": "16"}, {"size": "3"}]}},
                dtype={"type": "DT_FLOAT"},
            )
        ]
        self.weights, self.blobs = [], []
        self.weight("stem/w", (3, 3, 3, width))
        self.weight("stem/b", (width,))
        self.nodes += [
            node(
                "stem/conv",
                "_FusedConv2D",
                "input",
                "stem/w",
                "stem/b",
                strides={"list": {"i": ["1", "2", "2", "1"]}},
                padding={"s": "U0FNRQ=="},
                fused_ops={"list": {"s": ["Qmlhc0FkZA==", "UmVsdQ=="]}},
            ),
            node(
                "stem/pool",
                "MaxPool",
                "stem/conv",
                ksize={"list": {"i": ["1", "8", "8", "1"]}},
                strides={"list": {"i": ["1", "8", "8", "1"]}},
                padding={"s": "VkFMSUQ="},
            ),
            node(
                "stem/shape", "Const", value={"tensor": {"dtype": "DT_INT32", "tensorShape": {"dim": [{"size": "2"}]}}}
            ),
            node("stem/flat", "Reshape", "stem/pool", "stem/shape"),
        ]
        self.weights.append({"name": "stem/shape", "shape": [2], "dtype": "int32"})
        self.blobs.append(np.array([1, -1], "<i4").tobytes())
        self.outputs = {}
        for number, (name, size) in enumerate(heads):
            self.head(name, size, number)
        self.extra = {}

    def weight(self, name, shape):
        self.nodes.append(const(name, shape))
        entry = {"name": name, "shape": list(shape), "dtype": "float32"}
        kind = CODES[self.code]
        if self.code == "float32":
            stored = self.random.standard_normal(shape)
        elif self.code == "float16":
            stored, entry["quantization"] = (
                self.random.standard_normal(shape),
                {"dtype": "float16", "original_dtype": "float32"},
            )
        else:
            stored = self.random.integers(0, 250, shape)
            entry["quantization"] = {"dtype": self.code, "scale": 0.0123, "min": -1.5, "original_dtype": "float32"}
        self.weights.append(entry)
        self.blobs.append(np.asarray(stored).astype(kind).tobytes())

    def head(self, name, size, number, last="Softmax"):
        """Add an output: a last layer, and what stands behind it."""
        self.weight(f"m/{name}/MatMul/w", (self.width, size))
        self.weight(f"m/{name}/BiasAdd/b", (size,))
        self.nodes += [
            node(
                f"m/{name}/BiasAdd",
                "_FusedMatMul",
                "stem/flat",
                f"m/{name}/MatMul/w",
                f"m/{name}/BiasAdd/b",
                fused_ops={"list": {"s": ["Qmlhc0FkZA=="]}},
            ),
            node(f"m/{name}/{last}", last, f"m/{name}/BiasAdd"),
            node(f"Identity_{number}", "Identity", f"m/{name}/{last}"),
        ]
        self.outputs[name] = {
            "name": f"Identity_{number}:0",
            "dtype": "DT_FLOAT",
            "tensorShape": {"dim": [{"size": "-1"}, {"size": str(size)}]},
        }

    def write(self, folder, shards=1, indent=2, signed=True):
        folder.mkdir(parents=True, exist_ok=True)
        data = b"".join(self.blobs)
        cuts = [len(data) * n // shards for n in range(shards + 1)]
        paths = [f"group1-shard{n + 1}of{shards}.bin" for n in range(shards)]
        for n, path in enumerate(paths):
            (folder / path).write_bytes(data[cuts[n] : cuts[n + 1]])
        said = {"format": "graph-model", "generatedBy": "untag's tests"}
        if signed:
            said["signature"] = {
                "inputs": {
                    "input": {
                        "name": "input:0",
                        "dtype": "DT_FLOAT",
                        "tensorShape": {"dim": [{"size": "-1"}, {"size": "16"}, {"size": "16"}, {"size": "3"}]},
                    }
                },
                "outputs": self.outputs,
            }
        said |= {
            "modelTopology": {"node": self.nodes, "library": {}, "versions": {"producer": 1}},
            "weightsManifest": [{"paths": paths, "weights": self.weights}],
        }
        said |= self.extra
        (folder / "model.json").write_text(json.dumps(said, indent=indent), "utf-8")
        return folder


def unit(folder, findings=None, name="model.json"):
    listing = tuple(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()))
    return Unit(folder, name, (finding(),) if findings is None else tuple(findings), listing)


def planned(folder, choice=WHATEVER, findings=None):
    return list(EDITOR.plan(unit(folder, findings), choice))


def strip(folder, out, choice=WHATEVER, findings=None):
    out.mkdir(exist_ok=True)
    edits = planned(folder, choice, findings)
    assert all(isinstance(e, Edit) for e in edits), edits
    return EDITOR.apply(unit(folder, findings), edits, out), edits


def whole(folder, out, outcome):
    """Return the tree as it is after the removal."""
    kept = {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in outcome.deleted}
    return kept | {name: (out / name).read_bytes() for name in outcome.written}


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


HEADS = (("race_output", 5), ("gender_output", 2), ("age_output", 7))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("shards", [1, 3])
def test_a_head_goes_with_its_weights_and_the_others_give_the_same_bits(tmp_path, code, shards):
    made = Maker(HEADS, code)
    folder = made.write(tmp_path / "in", shards)
    before = tree(folder)
    outcome, edits = strip(folder, tmp_path / "out")
    assert tree(folder) == before
    assert [e.target for e in edits] == ["output race_output"]
    assert edits[0].safety == "safe"
    assert edits[0].detail["names"] == ["race_output"]
    assert all(check.passed for check in outcome.checks)
    equal = next(c for c in outcome.checks if c.name == "outputs equal")
    assert equal.figures["inputs"] == 200
    assert equal.figures["different"] == 0
    after = whole(folder, tmp_path / "out", outcome)
    text = after["model.json"].decode()
    assert "race" not in text
    said = json.loads(text)
    assert list(said["signature"]["outputs"]) == ["gender_output", "age_output"]
    shard = b"".join(after[p] for p in said["weightsManifest"][0]["paths"])
    kept = [blob for entry, blob in zip(made.weights, made.blobs, strict=True) if "race" not in entry["name"]]
    assert shard == b"".join(kept)
    assert [w for w in made.weights if "race" not in w["name"]] == said["weightsManifest"][0]["weights"]


def test_an_operation_on_other_bits_is_computed_again(tmp_path):
    old, new = (described(unit(Maker(HEADS).write(tmp_path / name))) for name in ("old", "new"))
    tensors = [Pair(tensor, tensor) for name, tensor in graph_of(old).outputs.items() if "race" not in name]
    assert differing(Program(old), Program(new), tensors, range(3)) == 0
    for victim in ("stem/b", next(w.name for w in old.weights if "age" in w.name)):
        program = Program(new)
        program.run([pair.new for pair in tensors], program.noise(0))
        changed = program._constants[victim].copy()
        # enough to turn what is the largest class
        changed.reshape(-1)[0] += 1e6
        program._constants[victim] = changed
        assert differing(Program(old), program, tensors, range(3)) == 3


def test_a_costly_model_is_run_in_processes_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "LIGHT", 0)
    folder = Maker(HEADS).write(tmp_path / "in", 1)
    outcome, _ = strip(folder, tmp_path / "out")
    equal = next(c for c in outcome.checks if c.name == "outputs equal")
    assert equal.figures == {**equal.figures, "inputs": 200, "different": 0, "evaluator": "untag"}


def test_what_stays_of_the_description_keeps_its_bytes(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    path = folder / "model.json"
    lines = path.read_text().replace("\n", "\r\n")
    path.write_bytes(lines.encode())
    strip(folder, tmp_path / "out")
    after = (tmp_path / "out/model.json").read_bytes().decode().split("\r\n")
    assert "\n" not in "".join(after)
    left = iter(lines.split("\r\n"))
    assert all(any(line in (other, other + ",", other.rstrip(",")) for other in left) for line in after)


def test_doing_it_twice_changes_nothing(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    outcome, _ = strip(folder, tmp_path / "out")
    again = tmp_path / "again"
    again.mkdir()
    for name, data in whole(folder, tmp_path / "out", outcome).items():
        (again / name).write_bytes(data)
    assert [type(item) for item in planned(again)] == [Refusal]
    assert planned(again, Choice(outputs=("race_output",)), []) == []


def test_strip_then_scan_is_clean(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "face")
    chosen, _ = choose(scan(str(folder)).decisions, Choice())
    findings = [d.finding for d in chosen]
    assert {f.attribute for f in findings} == {"race"}
    outcome, edits = strip(folder, tmp_path / "out", findings=findings)
    assert set(edits[0].findings) == {f.fingerprint for f in findings}
    result = tmp_path / "result"
    result.mkdir()
    for name, data in whole(folder, tmp_path / "out", outcome).items():
        (result / name).write_bytes(data)
    assert not scan(str(result)).findings


def test_an_output_that_only_its_weights_name(tmp_path):
    made = Maker(HEADS)
    made.outputs = {f"Identity_{n}": value for n, value in enumerate(made.outputs.values())}
    _, edits = strip(made.write(tmp_path / "in"), tmp_path / "out")
    assert edits[0].detail["outputs"] == ["Identity_0"]


@pytest.mark.parametrize("signed", [True, False])
def test_a_graph_with_and_without_a_signature(tmp_path, signed):
    folder = Maker(HEADS).write(tmp_path / "in", signed=signed)
    outcome, _ = strip(folder, tmp_path / "out")
    assert b"race" not in (tmp_path / "out/model.json").read_bytes()
    assert all(c.passed for c in outcome.checks)


def test_an_ordering_edge_does_not_keep_a_dead_head(tmp_path):
    made = Maker(HEADS)
    kept = next(n for n in made.nodes if n["name"] == "m/gender_output/Softmax")
    kept["input"].append("^m/race_output/Softmax")
    made.nodes.append(node("all", "NoOp", "^m/race_output/Softmax", "^m/age_output/Softmax"))
    outcome, _ = strip(made.write(tmp_path / "in"), tmp_path / "out")
    nodes = json.loads((tmp_path / "out/model.json").read_text())["modelTopology"]["node"]
    assert next(n for n in nodes if n["name"] == "m/gender_output/Softmax")["input"] == ["m/gender_output/BiasAdd"]
    assert next(n for n in nodes if n["name"] == "all")["input"] == ["^m/age_output/Softmax"]
    assert next(c for c in outcome.checks if c.name == "kept nodes").figures["edges_removed"] == 2


def test_what_is_made_of_the_head_goes_with_it_and_a_neutral_loose_end_stays(tmp_path):
    made = Maker(HEADS)
    made.nodes += [node("top", "ArgMax", "m/race_output/Softmax"), node("embedding", "Identity", "stem/flat")]
    strip(made.write(tmp_path / "in"), tmp_path / "out")
    names = {n["name"] for n in json.loads((tmp_path / "out/model.json").read_text())["modelTopology"]["node"]}
    assert "embedding" in names
    assert "top" not in names


def test_metadata_that_lists_the_groups_goes_too(tmp_path):
    made = Maker(HEADS)
    made.extra = {
        "userDefinedMetadata": {
            "race_labels": ["White", "Black", "Asian"],
            "colours": ["red", "white", "black"],
            "version": 3,
            "structuredOutputKeys": ["race_output", "age_output"],
        }
    }
    strip(made.write(tmp_path / "in"), tmp_path / "out")
    said = json.loads((tmp_path / "out/model.json").read_text())["userDefinedMetadata"]
    assert said == {"colours": ["red", "white", "black"], "version": 3, "structuredOutputKeys": ["age_output"]}


def test_an_unknown_operation_leaves_the_comparison_to_the_structure(tmp_path):
    made = Maker(HEADS)
    next(n for n in made.nodes if n["name"] == "m/age_output/Softmax")["op"] = "Erf"
    outcome, _ = strip(made.write(tmp_path / "in"), tmp_path / "out")
    equal = next(c for c in outcome.checks if c.name == "outputs equal")
    assert equal.passed
    assert equal.figures == {"inputs": 0, "by": "structure"}
    assert "Erf" in equal.detail


def test_a_tied_weight_is_refused(tmp_path):
    made = Maker(HEADS)
    made.nodes.append(node("tie", "MatMul", "stem/flat", "m/race_output/MatMul/w"))
    made.outputs["other"] = {"name": "tie:0"}
    (found,) = planned(made.write(tmp_path / "in"))
    assert isinstance(found, Refusal)
    assert "m/race_output/MatMul/w" in found.reason


# --- refusals: nothing is cut that something else needs


def test_a_head_that_a_kept_output_reads_is_refused(tmp_path):
    made = Maker(HEADS)
    made.nodes.append(node("mix", "ConcatV2", "m/race_output/Softmax", "m/age_output/Softmax"))
    made.outputs["both"] = {"name": "mix:0"}
    (found,) = planned(made.write(tmp_path / "in"))
    assert isinstance(found, Refusal)
    assert "mix" in found.reason
    assert "both" in found.reason


def test_weights_that_another_model_reads_are_refused(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    (folder / "other.json").write_text('{"weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": []}]}')
    (found,) = planned(folder)
    assert isinstance(found, Refusal)
    assert "other.json" in found.reason


def test_every_output_protected_means_delete_the_model(tmp_path):
    (found,) = planned(Maker(HEADS[:1]).write(tmp_path / "in"))
    assert isinstance(found, Refusal)
    assert found.needed == "delete the model"


def test_neutral_heads_are_never_cut(tmp_path):
    folder = Maker((("age_output", 7), ("language_output", 4), ("race_condition_output", 2))).write(tmp_path / "in")
    assert [type(i) for i in planned(folder)] == [Refusal]
    assert planned(folder, Choice(), []) == []
    assert planned(folder, Choice(outputs=("no_such",)), []) == []


def test_the_caller_may_name_any_output(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    _, edits = strip(folder, tmp_path / "out", Choice(outputs=("gender_output",)), [])
    assert edits[0].detail["outputs"] == ["gender_output"]


# --- bad input


def broken(folder, change):
    path = folder / "model.json"
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["weightsManifest"][0]["weights"][0].update(shape=[9, 9, 9, 9]),
        lambda s: s["weightsManifest"][0]["weights"][0].update(shape=[-1]),
        lambda s: s["weightsManifest"][0]["weights"][0].update(shape=[1 << 50, 1 << 50]),
        lambda s: s["weightsManifest"][0]["weights"][0].update(dtype="string"),
        lambda s: s["weightsManifest"][0]["weights"].append(s["weightsManifest"][0]["weights"][0]),
        lambda s: s["weightsManifest"][0].update(paths=["../elsewhere.bin"]),
        lambda s: s["weightsManifest"][0].update(paths=["/etc/hosts"]),
        lambda s: s["weightsManifest"][0].update(paths=["gone.bin"]),
        lambda s: s["weightsManifest"][0].update(paths=[3]),
        lambda s: s["modelTopology"]["node"].append(s["modelTopology"]["node"][1]),
        lambda s: s["modelTopology"]["node"][-1].update(input=["nowhere"]),
        lambda s: s["signature"]["outputs"]["age_output"].update(name="nowhere:0"),
    ],
)
def test_a_description_that_lies_is_an_error(tmp_path, change):
    (tmp_path / "elsewhere.bin").write_bytes(b"x" * 4096)
    folder = Maker(HEADS).write(tmp_path / "in")
    broken(folder, change)
    before = tree(folder)
    with pytest.raises(StripError):
        planned(folder)
    assert tree(folder) == before


def test_a_truncated_shard_is_an_error(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in", 2)
    path = folder / "group1-shard2of2.bin"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StripError, match="truncated"):
        planned(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_shard_behind_a_link_is_not_followed(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    path = folder / "group1-shard1of1.bin"
    path.rename(tmp_path / "elsewhere.bin")
    path.symlink_to(tmp_path / "elsewhere.bin")
    with pytest.raises(StripError, match="link"):
        planned(folder)


@pytest.mark.parametrize(
    "text", ["{", '{"modelTopology": {}, "modelTopology": {}}', "\xff{", '{"modelTopology": NaN}', "[" * 5000]
)
def test_what_is_no_json_is_an_error(tmp_path, text):
    (tmp_path / "model.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(StripError):
        planned(tmp_path)


def test_a_plan_for_other_bytes_leaves_nothing(tmp_path):
    folder = Maker(HEADS).write(tmp_path / "in")
    edits = planned(folder)
    path = folder / "model.json"
    path.write_text(path.read_text() + "\n")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(StripError, match="plan again"):
        EDITOR.apply(unit(folder), edits, out)
    assert tree(out) == {}


def test_a_failed_check_leaves_nothing(tmp_path):
    made = Maker(HEADS)
    # a copy of the head's weights under a neutral name: the values would still be in the file
    at = next(n for n, w in enumerate(made.weights) if w["name"] == "m/race_output/MatMul/w")
    made.weights.append({**made.weights[at], "name": "stem/copy"})
    made.blobs.append(made.blobs[at])
    folder = made.write(tmp_path / "in")
    before = tree(folder)
    out = tmp_path / "out"
    with pytest.raises(StripError, match="removed values absent"):
        strip(folder, out)
    assert tree(out) == {}
    assert tree(folder) == before


# --- the other kinds of description


def layers_model():
    made = Maker(())
    made.weights, made.blobs = [], []
    layers = [
        {
            "class_name": "InputLayer",
            "config": {"name": "face", "batch_input_shape": [None, 64, 64, 3]},
            "name": "face",
            "inbound_nodes": [],
        }
    ]
    for name, reads, size in (("trunk", "face", 8), ("age", "trunk", 4), ("race", "trunk", 5), ("gender", "trunk", 2)):
        layers.append(
            {
                "class_name": "Dense",
                "config": {"name": name, "units": size},
                "name": name,
                "inbound_nodes": [[[reads, 0, 0, {}]]],
            }
        )
        for part, shape in (("kernel", (8, size)), ("bias", (size,))):
            made.weight(f"{name}/{part}", shape)
    config = {
        "name": "faces",
        "layers": layers,
        "input_layers": [["face", 0, 0]],
        "output_layers": [[n, 0, 0] for n in ("race", "age", "gender")],
    }
    made.nodes = []
    made.topology = {
        "keras_version": "2.4",
        "model_config": {"class_name": "Functional", "config": config},
        "training_config": {"loss": {"age": "mse", "race": "mse", "gender": "mse"}},
    }
    return made


def write_layers(made, folder):
    made.write(folder, signed=False)
    broken(folder, lambda s: (s.update(modelTopology=made.topology), s.update(format="layers-model")))
    return folder


def test_a_layers_model_loses_a_layer_only_when_asked(tmp_path):
    folder = write_layers(layers_model(), tmp_path / "in")
    outcome, edits = strip(folder, tmp_path / "out")
    assert edits[0].safety == "unsafe"
    assert edits[0].why
    assert all(c.passed for c in outcome.checks)
    text = (tmp_path / "out/model.json").read_text()
    assert "race" not in text
    said = json.loads(text)
    assert [o[0] for o in said["modelTopology"]["model_config"]["config"]["output_layers"]] == ["age", "gender"]
    assert list(said["modelTopology"]["training_config"]["loss"]) == ["age", "gender"]


def test_a_layer_that_is_read_by_a_kept_one_is_refused(tmp_path):
    made = layers_model()
    made.topology["model_config"]["config"]["layers"][2]["inbound_nodes"] = [[["race", 0, 0, {}]]]
    (found,) = planned(write_layers(made, tmp_path / "in"))
    assert isinstance(found, Refusal)
    assert "age" in found.reason


def test_a_bare_manifest_loses_tensors_only_when_asked(tmp_path):
    made = Maker(())
    made.weights, made.blobs = [], []
    for name in ("trunk/w", "fc/age/w", "fc/race/w", "fc/gender/w"):
        made.weight(name, (8, 4))
    made.write(tmp_path / "in", 2)
    said = json.loads((tmp_path / "in/model.json").read_text())
    (tmp_path / "in/model.json").write_text(json.dumps(said["weightsManifest"]))
    assert EDITOR.takes(unit(tmp_path / "in"))
    outcome, edits = strip(tmp_path / "in", tmp_path / "out")
    assert edits[0].safety == "unsafe"
    assert edits[0].detail["weights"] == ["fc/race/w"]
    assert b"race" not in (tmp_path / "out/model.json").read_bytes()
    assert all(c.passed for c in outcome.checks)


def test_what_is_no_model_is_not_taken(tmp_path):
    for name, data in (
        ("a.json", b'{"name": "x"}'),
        ("b.json", b""),
        ("c.bin", b'{"modelTopology": 1}'),
        ("d.json", b"[1]"),
    ):
        (tmp_path / name).write_bytes(data)
        assert not EDITOR.takes(Unit(tmp_path, name, ()))
    assert not EDITOR.takes(Unit(tmp_path, "none.json", ()))


# --- the law over random models


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_models_are_exact(tmp_path_factory, data):
    names = data.draw(
        st.permutations(["race_output", "ethnicity_head", "age_output", "gender_output", "glasses", "smile"])
    )
    heads = [(n, data.draw(st.integers(1, 9))) for n in names]
    made = Maker(heads, data.draw(st.sampled_from(list(CODES))), data.draw(st.integers(0, 99)))
    folder = made.write(
        tmp_path_factory.mktemp("in"), data.draw(st.integers(1, 6)), data.draw(st.sampled_from([None, 1, 4]))
    )
    findings = [finding("race"), finding("ethnicity", route=("model m", "ethnicity_head"))]
    out = tmp_path_factory.mktemp("out")
    edits = planned(folder, findings=findings)
    assert len(edits) == 1
    outcome = EDITOR.apply(unit(folder, findings), edits, out)
    after = whole(folder, out, outcome)
    assert b"race" not in after["model.json"]
    assert b"ethnicity" not in after["model.json"]
    said = json.loads(after["model.json"])
    assert list(said["signature"]["outputs"]) == [n for n in names if n not in ("race_output", "ethnicity_head")]
    kept = [
        b
        for w, b in zip(made.weights, made.blobs, strict=True)
        if "race" not in w["name"] and "ethnicity" not in w["name"]
    ]
    assert b"".join(after[p] for p in said["weightsManifest"][0]["paths"]) == b"".join(kept)
    assert Path(folder).exists()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1 << 20), new=st.binary(min_size=1, max_size=6))
def test_a_damaged_description_is_an_error_or_exact(tmp_path_factory, at, new):
    made = Maker(HEADS)
    folder = made.write(tmp_path_factory.mktemp("in"), indent=None)
    path = folder / "model.json"
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(new)] = new
    path.write_bytes(data)
    before = tree(folder)
    out = tmp_path_factory.mktemp("out")
    try:
        edits = [e for e in planned(folder) if isinstance(e, Edit) and e.safety != "manual"]
        outcome = EDITOR.apply(unit(folder), edits, out) if edits else None
    except StripError:
        assert tree(out) == {}
    else:
        assert outcome is None or all(c.passed for c in outcome.checks)
    assert tree(folder) == before


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(value=JSON, indent=st.sampled_from([None, 0, 3]), ascii_only=st.booleans(), data=st.data())
def test_json_that_loses_members_is_what_json_says(value, indent, ascii_only, data):
    text = Text(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode(), "x.json")
    assert text.root.python() == value
    assert text.done() == json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    if isinstance(value, list | dict) and value:
        gone = data.draw(st.sets(st.integers(0, len(value) - 1)))
        places = {id(m): n for n, m in enumerate(text.root.members)}
        text.remove(text.root, lambda m: places[id(m)] in gone)
        left = (
            [v for n, v in enumerate(value) if n not in gone]
            if isinstance(value, list)
            else {k: v for n, (k, v) in enumerate(value.items()) if n not in gone}
        )
        assert json.loads(text.done()) == left
