"""Single classes of graph models, and the label files beside them: cut to the byte, or refused by name."""

import json

import numpy as np
import pytest
from test_tfjs import CODES, Maker, const, node, strip, tree, unit, whole

from untag.scan import scan
from untag.strip.apply import apply
from untag.strip.base import Choice, Edit, Refusal, StripError
from untag.strip.editors.tfjs import EDITOR
from untag.strip.plan import make_plan

RACES = ["White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern"]
OTHERS = ["Male", "Female", "0-2", "3-9", "10-19", "20-29"]
NAMES = [*RACES, *OTHERS]
RANGE = Choice(classes=("all[0:7]",))
ANEW = Choice(classes=("all[0:7]",), renormalise=True)


def maker(last="Sigmoid", code="float32", size=13, seed=0):
    made = Maker((("age", 5),), code, seed)
    made.head("all", size, 1, last)
    return made


def planned(folder, choice, findings=()):
    return list(EDITOR.plan(unit(folder, findings), choice))


def refusal(folder, choice=RANGE):
    (item,) = planned(folder, choice)
    assert isinstance(item, Refusal), item
    return item


def stored(made, name):
    for entry, blob in zip(made.weights, made.blobs, strict=True):
        if entry["name"] == name:
            return np.frombuffer(blob, CODES[made.code]).reshape(entry["shape"])
    raise KeyError(name)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("shards", "last"), [(1, "Sigmoid"), (3, "Relu")])
def test_classes_go_from_the_last_layer(tmp_path, code, shards, last):
    made = maker(last, code)
    folder = made.write(tmp_path / "in", shards)
    before = tree(folder)
    outcome, (edit,) = strip(folder, tmp_path / "out", RANGE, ())
    assert tree(folder) == before
    assert (edit.kind, edit.safety) == ("classes", "safe")
    assert all(check.passed for check in outcome.checks), outcome.checks
    equal = next(c for c in outcome.checks if c.name == "outputs equal")
    assert (equal.figures["inputs"], equal.figures["different"]) == (200, 0)
    after = whole(folder, tmp_path / "out", outcome)
    said = json.loads(after["model.json"])
    outputs = said["signature"]["outputs"]
    assert list(outputs) == ["age", "all_6_of_13"]
    assert outputs["all_6_of_13"]["name"] == "Identity_1_6_of_13:0"
    assert outputs["all_6_of_13"]["tensorShape"]["dim"][-1] == {"size": "6"}
    nodes = {n["name"]: n for n in said["modelTopology"]["node"]}
    assert "Identity_1" not in nodes
    assert nodes["m/all/MatMul/w"]["attr"]["value"]["tensor"]["tensorShape"]["dim"] == [{"size": "6"}, {"size": "6"}]
    data = b"".join(after[p] for p in said["weightsManifest"][0]["paths"])
    expected = b""
    for entry, blob in zip(made.weights, made.blobs, strict=True):
        if entry["name"] in ("m/all/MatMul/w", "m/all/BiasAdd/b"):
            expected += stored(made, entry["name"])[..., 7:].tobytes()
        else:
            expected += blob
    assert data == expected
    gone = stored(made, "m/all/MatMul/w")[:, :7]
    assert code == "uint8" or not any(np.ascontiguousarray(column).tobytes() in data for column in gone.T)


def test_doing_it_twice_changes_nothing(tmp_path):
    folder = maker().write(tmp_path / "in")
    outcome, _ = strip(folder, tmp_path / "out", RANGE, ())
    again = tmp_path / "again"
    again.mkdir()
    for name, data in whole(folder, tmp_path / "out", outcome).items():
        (again / name).write_bytes(data)
    assert planned(again, RANGE) == []


def test_a_softmax_over_both(tmp_path):
    folder = maker("Softmax").write(tmp_path / "in")
    found = refusal(folder)
    assert found.target == "Softmax m/all/Softmax"
    assert "--renormalise" in found.needed
    outcome, (edit,) = strip(folder, tmp_path / "out", ANEW, ())
    assert any("normalised anew" in text for text in edit.depends)
    equal = next(c for c in outcome.checks if c.name == "outputs equal")
    assert "logits of all_6_of_13" in equal.detail
    assert equal.figures["different"] == 0


def test_a_weight_that_is_turned_and_a_bias_of_its_own(tmp_path):
    made = Maker((("age", 5),))
    made.weight("m/all/w", (13, made.width))
    made.weight("m/all/b", (13,))
    made.nodes += [
        node("m/all/MatMul", "MatMul", "stem/flat", "m/all/w", transpose_b={"b": True}),
        node("m/all/Add", "AddV2", "m/all/b", "m/all/MatMul"),
        node("Identity_1", "Identity", "m/all/Add"),
    ]
    made.outputs["all"] = {"name": "Identity_1:0", "dtype": "DT_FLOAT"}
    folder = made.write(tmp_path / "in")
    outcome, _ = strip(folder, tmp_path / "out", RANGE, ())
    assert all(check.passed for check in outcome.checks)
    said = json.loads((tmp_path / "out" / "model.json").read_bytes())
    assert {w["name"]: w["shape"] for w in said["weightsManifest"][0]["weights"]}["m/all/w"] == [6, made.width]


def test_without_a_signature_the_node_is_renamed(tmp_path):
    folder = maker().write(tmp_path / "in", signed=False)
    outcome, _ = strip(folder, tmp_path / "out", Choice(classes=("Identity_1[0:7]",)), ())
    assert all(check.passed for check in outcome.checks)
    names = [n["name"] for n in json.loads((tmp_path / "out" / "model.json").read_bytes())["modelTopology"]["node"]]
    assert "Identity_1_6_of_13" in names
    assert "Identity_1" not in names


class TestRefused:
    """Each with the node or the tensor by name, and nothing written."""

    def test_a_second_reader(self, tmp_path):
        made = maker()
        made.nodes.append(node("best", "Relu", "m/all/BiasAdd"))
        found = refusal(made.write(tmp_path / "in"))
        assert (found.target, "best" in found.reason) == ("node m/all/BiasAdd", True)

    def test_a_tied_weight(self, tmp_path):
        made = maker()
        made.nodes.append(node("other", "MatMul", "stem/flat", "m/all/MatMul/w"))
        found = refusal(made.write(tmp_path / "in"))
        assert found.target == "tensor m/all/MatMul/w"
        assert "tied" in found.reason

    def test_a_rank_over_mixed_classes(self, tmp_path):
        made = maker()
        made.nodes[-1] = node("Identity_1", "ArgMax", "m/all/Sigmoid")
        found = refusal(made.write(tmp_path / "in"))
        assert found.target == "ArgMax Identity_1"
        assert "ranks kept and protected classes" in found.reason

    def test_an_operation_between(self, tmp_path):
        made = maker()
        made.nodes[-1] = node("Identity_1", "LRN", "m/all/Sigmoid")
        found = refusal(made.write(tmp_path / "in"))
        assert (found.target, found.reason) == ("LRN Identity_1", "untag does not know how classes pass it")

    def test_channels_first(self, tmp_path):
        made = maker()
        made.nodes[-1] = node("Identity_1", "BiasAdd", "m/all/Sigmoid", "b", data_format={"s": "TkNIVw=="})
        made.weight("b", (13,))
        found = refusal(made.write(tmp_path / "in"))
        assert (found.target, "last axis" in found.reason) == ("BiasAdd Identity_1", True)

    def test_numbers_that_are_not_there(self, tmp_path):
        with pytest.raises(StripError, match="has the classes 0 to 12"):
            planned(maker().write(tmp_path / "in"), Choice(classes=("all[9:14]",)))

    def test_one_of_a_pair(self, tmp_path):
        folder = maker(size=2).write(tmp_path / "in")
        assert "says the same in each" in refusal(folder, Choice(classes=("all[0]",))).reason


class TestLabelFiles:
    """Files that list classes lose them in the same change, and the model with them."""

    @pytest.mark.parametrize("form", ["lines", "json", "map", "metadata"])
    def test_classes_that_a_file_names(self, tmp_path, form):
        made = maker()
        write = {
            "lines": ("labels.txt", "".join(f"{n}\n" for n in NAMES)),
            "json": ("labels.json", json.dumps(NAMES)),
            "map": ("labels.json", json.dumps(dict(map(reversed, enumerate(NAMES))) | {}, indent=1)),
        }
        if form == "metadata":
            made.extra["userDefinedMetadata"] = {"classes": NAMES, "author": "A"}
        folder = made.write(tmp_path / "face")
        if form in write:
            name, text = write[form]
            (folder / name).write_text(text, "utf-8")
        proof = apply(make_plan(str(folder), choice=Choice(classes=tuple(RACES))), tmp_path / "out")
        assert proof.holds
        after = {p.name: p.read_text("utf-8", "replace") for p in (tmp_path / "out").iterdir()}
        assert not any(race in text for text in after.values() for race in RACES if len(race) > 5)
        if form == "lines":
            assert after["labels.txt"].split("\n") == [*OTHERS, ""]
        elif form == "json":
            assert json.loads(after["labels.json"]) == OTHERS
        elif form == "map":
            assert json.loads(after["labels.json"]) == {n: at for at, n in enumerate(OTHERS)}
        else:
            assert json.loads(after["model.json"])["userDefinedMetadata"] == {"classes": OTHERS, "author": "A"}
        assert json.loads(after["model.json"])["signature"]["outputs"].keys() == {"age", "all_6_of_13"}

    def test_a_head_that_goes_takes_its_labels_along(self, tmp_path):
        made = Maker((("race_output", 7), ("gender_output", 2), ("age_output", 4)))
        folder = made.write(tmp_path / "face")
        (folder / "labels.json").write_text(json.dumps({"race": RACES, "age": OTHERS[2:]}), "utf-8")
        (folder / "classes.txt").write_text("\n".join(NAMES), "utf-8")
        plan = make_plan(str(folder))
        (edit,) = [e for e in plan.due() if e.editor == "tfjs"]
        assert set(edit.files) == {"model.json", "group1-shard1of1.bin", "labels.json", "classes.txt"}
        apply(plan, tmp_path / "out")
        assert json.loads((tmp_path / "out" / "labels.json").read_text("utf-8")) == {"age": OTHERS[2:]}
        assert (tmp_path / "out" / "classes.txt").read_text("utf-8").split("\n") == OTHERS
        assert not [d for d in scan(str(tmp_path / "out")).decisions if d.action in ("block", "warn")]

    def test_files_of_another_model_stay(self, tmp_path):
        folder = maker().write(tmp_path / "face")
        (folder / "labels.txt").write_text("\n".join(NAMES), "utf-8")
        (folder / "other.json").write_text('{"modelTopology": {}, "weightsManifest": []}', "utf-8")
        (edit,) = planned(folder, RANGE)
        assert isinstance(edit, Edit)
        assert "labels.txt" not in edit.files


def test_a_convolution_gives_the_classes(tmp_path):
    made = Maker((("age", 5),))
    made.weight("m/all/w", (1, 1, made.width, 13))
    made.weight("m/all/b", (13,))
    made.nodes += [
        node("m/all/Conv", "Conv2D", "stem/pool", "m/all/w", strides={"list": {"i": ["1", "1", "1", "1"]}},
             padding={"s": "VkFMSUQ="}),
        node("m/all/Add", "BiasAdd", "m/all/Conv", "m/all/b"),
        node("Identity_1", "Sigmoid", "m/all/Add"),
    ]  # fmt: skip
    made.outputs["all"] = {"name": "Identity_1:0", "dtype": "DT_FLOAT"}
    outcome, _ = strip(made.write(tmp_path / "in"), tmp_path / "out", RANGE, ())
    assert all(check.passed for check in outcome.checks)
    assert next(c for c in outcome.checks if c.name == "outputs equal").figures["inputs"] == 200


def test_constants_of_another_size_are_refused(tmp_path):
    made = maker()
    made.nodes[-1] = node("Identity_1", "Add", "m/all/Sigmoid", "shift")
    made.nodes.append(const("shift", (6, 13)))
    made.weights.append({"name": "shift", "shape": [6, 13], "dtype": "float32"})
    made.blobs.append(np.zeros((6, 13), "<f4").tobytes())
    assert refusal(made.write(tmp_path / "in")).target == "tensor shift"
