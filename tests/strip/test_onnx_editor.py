"""The ONNX editor from a scan to a proof: what it plans, what it writes, what it says of it, what it leaves alone."""

import json
import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx_heads import GROUPS, WIDE, Net, holds, noise, run, weight

from untag.scan import scan
from untag.strip.apply import apply
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors import onnx as onnx_editor
from untag.strip.editors.onnx import EDITOR
from untag.strip.plan import make_plan

RACES = ("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern")
OTHERS = ("Male", "Female", "0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+")
NAMES = (*RACES, *OTHERS)


def numbered(names):
    return repr(dict(enumerate(names)))


def one_layer(props=None, width=GROUPS):
    net = Net()
    net.add("Gemm", [net.trunk(), net.w("fc.weight", width, WIDE), net.w("fc.bias", width)], "logits", transB=1)
    net.out("logits", "N", width)
    return net.model(props)


def heads(names=("race", "gender", "age")):
    net = Net()
    x = net.trunk()
    for name, size in zip(names, (7, 2, 9), strict=True):
        net.add("Gemm", [x, net.w(f"{name}.weight", size, WIDE), net.w(f"{name}.bias", size)], name, transB=1)
        net.out(name, "N", size)
    return net.model()


def unit(folder, name="m.onnx"):
    report = scan(str(folder / name))
    found = tuple(d.finding for d in report.decisions if d.action in ("block", "warn"))
    return Unit(folder, name, found, tuple(sorted(os.listdir(folder))))


def planned(folder, choice=None, name="m.onnx"):
    return list(EDITOR.plan(unit(folder, name), choice or Choice()))


def applied(folder, choice=None, name="m.onnx"):
    """Plan and apply; return the staging folder and the outcome, all checks of which must hold."""
    edits = [item for item in planned(folder, choice, name) if isinstance(item, Edit) and item.safety == "safe"]
    assert edits
    staging = folder.parent / f"{folder.name}-out"
    staging.mkdir()
    outcome = EDITOR.apply(unit(folder, name), edits, staging)
    assert [c.name for c in outcome.checks if not c.passed] == [], outcome.checks
    return staging, outcome, edits


@pytest.fixture(autouse=True)
def _few_inputs(request, monkeypatch):
    """Run on 200 inputs only where that is what is looked at."""
    if "every_input" not in request.fixturenames:
        monkeypatch.setattr(onnx_editor, "INPUTS", 12)


@pytest.fixture
def every_input():
    """Leave the number of inputs as it is."""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    return made


def test_classes_that_a_label_list_names(folder, every_input):
    model = one_layer({"names": numbered(NAMES), "author": "a  b", "note": ""})
    onnx.save(model, folder / "m.onnx")
    before = (folder / "m.onnx").read_bytes()
    staging, outcome, (edit,) = applied(folder)
    assert (folder / "m.onnx").read_bytes() == before
    assert (edit.kind, edit.safety, edit.files) == ("classes", "safe", ("m.onnx",))
    assert len(edit.findings) == len(unit(folder).findings) > 0
    json.dumps(edit.detail)
    new = onnx.load(staging / "m.onnx")
    assert {p.key: p.value for p in new.metadata_props} == {"names": numbered(OTHERS), "author": "a  b", "note": ""}
    assert [o.name for o in new.graph.output] == ["logits_11_of_18"]
    assert not any(holds(new, row) for row in weight(model, "fc.weight")[:7])
    assert any("embedding" in note for note in outcome.notes)
    assert {c.name for c in outcome.checks} >= {
        "kept weights",
        "removed values absent",
        "parses",
        "names gone",
        "kept outputs equal",
    }
    numeric = next(c for c in outcome.checks if c.name == "kept outputs equal")
    assert numeric.figures["bit_equal"] == numeric.figures["compared"] == 200
    assert not [d for d in scan(str(staging)).decisions if d.action in ("block", "warn")]


def test_classes_that_are_chosen_by_number_without_any_labels(folder):
    onnx.save(one_layer(), folder / "m.onnx")
    staging, _, (edit,) = applied(folder, Choice(classes=("logits[0:7]",)))
    assert edit.target == "classes 0, 1, 2, 3, 4, 5, 6 of output logits"
    assert weight(onnx.load(staging / "m.onnx"), "fc.weight").shape == (11, WIDE)


@pytest.mark.parametrize("form", ["json list", "json map", "lines", "commas", "python list"])
def test_labels_in_every_writing(folder, form):
    write = {
        "json list": lambda names: json.dumps(names, indent=1),
        "json map": lambda names: json.dumps({str(n): name for n, name in enumerate(names)}),
        "lines": "\n".join,
        "commas": ",".join,
        "python list": lambda names: repr(list(names)),
    }[form]
    onnx.save(one_layer({"labels": write(NAMES)}), folder / "m.onnx")
    staging, _, _ = applied(folder)
    value = onnx.load(staging / "m.onnx").metadata_props[0].value
    if form == "json list":
        assert json.loads(value) == list(OTHERS)
    else:
        assert value == write(OTHERS)


def test_a_whole_head_and_its_words(folder):
    model = heads()
    model.graph.doc_string = "Predicts age. Predicts race of faces. Predicts gender."
    helper.set_model_props(model, {"race_labels": ",".join(RACES), "age_labels": "a,b,c"})
    for node in model.graph.node:
        node.name = f"/all/{node.output[0]}_head"
    model.graph.node[0].name = "/race_gender_age/Conv"
    onnx.save(model, folder / "m.onnx")
    staging, _, edits = applied(folder, Choice(outputs=("race",)))
    assert [e.kind for e in edits] == ["head"]
    new = onnx.load(staging / "m.onnx")
    assert [o.name for o in new.graph.output] == ["gender", "age"]
    assert b"race" not in (staging / "m.onnx").read_bytes().lower()
    assert new.graph.doc_string == "Predicts age. Predicts gender."
    assert [p.key for p in new.metadata_props] == ["age_labels"]
    assert new.graph.node[0].name == "/cut_gender_age/Conv"
    for old, now in zip(run(model, noise()), run(new, noise()), strict=True):
        assert all(np.array_equal(old[k], now[k]) for k in ("gender", "age"))


def test_external_data_are_written_anew_and_old_ones_are_gone(folder):
    model = one_layer({"labels": numbered(NAMES)})
    rows = weight(model, "fc.weight")
    onnx.save(model, folder / "m.onnx", save_as_external_data=True, location="m.data", size_threshold=0)
    staging, outcome, (edit,) = applied(folder)
    assert set(edit.files) == {"m.onnx", "m.data"} == set(outcome.written)
    data = (staging / "m.data").read_bytes()
    assert all(row.tobytes() in data for row in rows[7:])
    assert not any(row.tobytes() in data for row in rows[:7])


def test_an_external_file_of_which_nothing_is_left_is_deleted(folder):
    model = heads()
    for tensor in model.graph.initializer:
        where = "race.bin" if tensor.name.startswith("race") else "rest.bin"
        onnx.external_data_helper.set_external_data(tensor, where)
    onnx.save(model, folder / "m.onnx")
    _, outcome, _ = applied(folder, Choice(outputs=("race",)))
    assert outcome.deleted == ("race.bin",)
    assert set(outcome.written) == {"m.onnx", "rest.bin"}


def test_label_files_beside_the_model_go_with_it(folder):
    onnx.save(one_layer({"labels": numbered(NAMES)}), folder / "m.onnx")
    (folder / "labels.txt").write_text("\n".join(NAMES) + "\n")
    config = {
        "id2label": dict(enumerate(NAMES)),
        "label2id": {n: i for i, n in enumerate(NAMES)},
        "num_labels": 18,
        "size": 224,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    (folder / "fruit.txt").write_text("apple\npear\n")
    staging, outcome, (edit,) = applied(folder)
    assert set(edit.files) == {"m.onnx", "labels.txt", "config.json"} == set(outcome.written)
    assert (staging / "labels.txt").read_text() == "\n".join(OTHERS) + "\n"
    left = json.loads((staging / "config.json").read_text())
    assert left == {
        "id2label": {str(i): n for i, n in enumerate(OTHERS)},
        "label2id": {n: i for i, n in enumerate(OTHERS)},
        "num_labels": 11,
        "size": 224,
    }


def test_the_list_of_a_head_that_goes_is_deleted(folder):
    onnx.save(heads(), folder / "m.onnx")
    (folder / "m_race.txt").write_text("\n".join(RACES))
    (folder / "manifest.json").write_text(json.dumps({"race": RACES, "gender": ["Male", "Female"]}))
    staging, outcome, _ = applied(folder, Choice(outputs=("race",)))
    assert outcome.deleted == ("m_race.txt",)
    assert json.loads((staging / "manifest.json").read_text()) == {"gender": ["Male", "Female"]}


def test_another_model_in_the_folder_keeps_its_label_file(folder):
    onnx.save(one_layer({"labels": numbered(NAMES)}), folder / "m.onnx")
    onnx.save(one_layer(), folder / "other.onnx")
    (folder / "labels.txt").write_text("\n".join(NAMES))
    (edit,) = planned(folder)
    assert edit.files == ("m.onnx",)


def test_neutral_models_have_nothing_to_cut(folder):
    colours = ("black", "white", "red", "green", "blue", "brown", "grey", "yellow", "pink")
    onnx.save(heads(("mood", "glasses", "hair_colour")), folder / "m.onnx")
    model = onnx.load(folder / "m.onnx")
    helper.set_model_props(model, {"hair_colour": ",".join(colours)})
    onnx.save(model, folder / "m.onnx")
    assert planned(folder) == []
    assert planned(folder, Choice(outputs=("race",))) == []


def test_a_choice_cuts_what_it_names_and_nothing_else(folder):
    onnx.save(heads(("mood", "glasses", "age")), folder / "m.onnx")
    staging, _, edits = applied(folder, Choice(outputs=("glasses",)))
    assert [e.target for e in edits] == ["output glasses"]
    assert [o.name for o in onnx.load(staging / "m.onnx").graph.output] == ["mood", "age"]


def test_heads_that_can_only_go_together_are_one_edit(folder):
    net = Net()
    x = net.trunk()
    net.add("Gemm", [x, net.w("r.weight", 7, WIDE)], "scores", transB=1)
    net.add("Softmax", ["scores"], "race", axis=1)
    net.add("Gemm", [x, net.w("age.weight", 9, WIDE)], "age", transB=1)
    for name, size in (("scores", 7), ("race", 7), ("age", 9)):
        net.out(name, "N", size)
    onnx.save(net.model(), folder / "m.onnx")
    (refusal,) = planned(folder, Choice(outputs=("race",)))
    assert refusal.target == "tensor scores"
    assert refusal.needed == "choose scores too"
    staging, _, edits = applied(folder, Choice(outputs=("race", "scores")))
    assert [e.target for e in edits] == ["output scores, output race"]
    assert [o.name for o in onnx.load(staging / "m.onnx").graph.output] == ["age"]


def test_an_output_that_shrinks_and_is_called_by_what_went_gets_another_name(folder):
    model = one_layer({"labels": numbered(NAMES)})
    model.graph.output[0].name = model.graph.node[-1].output[0] = "race_age_gender"
    onnx.save(model, folder / "m.onnx")
    staging, _, _ = applied(folder, Choice(classes=("race_age_gender[0:7]",)))
    assert [o.name for o in onnx.load(staging / "m.onnx").graph.output] == ["cut_age_gender_11_of_18"]


def test_an_output_that_says_that_it_holds_more_is_not_cut_whole_by_its_name(folder):
    model = one_layer()
    model.graph.output[0].name = model.graph.node[-1].output[0] = "race_age_gender"
    model.graph.output.append(helper.make_tensor_value_info("t4", TensorProto.FLOAT, ["N", WIDE]))
    onnx.save(model, folder / "m.onnx")
    finding = scan(str(folder / "m.onnx")).findings[0]
    (refusal,) = EDITOR.plan(Unit(folder, "m.onnx", (finding,), ("m.onnx",)), Choice())
    assert "age, gender" in refusal.reason
    assert "--class race_age_gender[0:7]" in refusal.needed


def test_edits_in_any_order_give_the_same_bytes(folder, tmp_path):
    onnx.save(heads(("race", "mood", "age")), folder / "m.onnx")
    items = planned(folder, Choice(outputs=("race",), classes=("age[0:3]",)))
    assert len(items) == 2
    made = []
    for number, order in enumerate((items, items[::-1])):
        staging = tmp_path / f"out{number}"
        EDITOR.apply(unit(folder), order, staging)
        made.append((staging / "m.onnx").read_bytes())
    assert made[0] == made[1]


def test_stripping_twice_changes_nothing(folder, tmp_path):
    onnx.save(one_layer({"labels": numbered(NAMES)}), folder / "m.onnx")
    plan = make_plan(str(folder))
    proof = apply(plan, tmp_path / "once")
    assert proof.holds
    again = make_plan(str(tmp_path / "once"))
    assert (again.edits, again.refusals) == ((), ())


def test_a_detector_is_named_one(folder):
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", 4 + GROUPS, WIDE, 1, 1)])
    net.add("Reshape", [x, net.c([0, 4 + GROUPS, 36])], "output0")
    net.out("output0", "N", 4 + GROUPS, 36)
    model = net.model({"names": numbered([f"thing {n}" for n in range(GROUPS)]), "task": "detect", "stride": "32"})
    onnx.save(model, folder / "m.onnx")
    staging, outcome, (edit,) = applied(folder, Choice(classes=("thing 3", "thing 17")))
    assert "detector" in " ".join(edit.depends)
    assert any("may win" in note for note in outcome.notes)
    new = onnx.load(staging / "m.onnx")
    assert [o.name for o in new.graph.output] == ["output0_20_of_22"]
    old = weight(model, "fc.weight")
    assert holds(new, old[6])
    assert not holds(new, old[7])
    assert not holds(new, old[21])


def test_places_in_the_output_of_a_detector_count_its_box(folder):
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", 4 + GROUPS, WIDE, 1, 1)])
    net.add("Reshape", [x, net.c([0, 4 + GROUPS, 36])], "output0")
    net.out("output0", "N", 4 + GROUPS, 36)
    meta = {"names": numbered([f"thing {n}" for n in range(GROUPS)]), "task": "detect", "stride": "32"}
    onnx.save(net.model(meta), folder / "m.onnx")
    staging, _, (edit,) = applied(folder, Choice(classes=("output0[7]",)))
    assert "thing 3 " in edit.target
    names = next(p.value for p in onnx.load(staging / "m.onnx").metadata_props if p.key == "names")
    assert "thing 3'" not in names
    assert f"{GROUPS - 2}: 'thing {GROUPS - 1}'" in names
    (refusal,) = planned(folder, Choice(classes=("output0[3]",)))
    assert "box" in refusal.reason


def test_a_softmax_is_cut_only_when_asked_and_its_logits_are_proved(folder):
    net = Net()
    net.add("Gemm", [net.trunk(), net.w("fc.weight", GROUPS, WIDE), net.w("fc.bias", GROUPS)], "scores", transB=1)
    net.add("Softmax", ["scores"], "probabilities", axis=1)
    net.out("probabilities", "N", GROUPS)
    onnx.save(net.model({"labels": numbered(NAMES)}), folder / "m.onnx")
    (refusal,) = planned(folder)
    assert isinstance(refusal, Refusal)
    assert "--renormalise" in refusal.needed
    staging, outcome, _ = applied(folder, Choice(renormalise=True))
    assert "logits equal" in {c.name for c in outcome.checks}
    assert any("normalised anew" in note for note in outcome.notes)
    assert sorted(os.listdir(staging)) == ["m.onnx"]


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (Choice(classes=("logits[3]",)), "one of two values"),
        (Choice(outputs=("logits",)), "delete the model"),
    ],
)
def test_what_is_refused_says_why(folder, choice, reason):
    if "[" in "".join(choice.classes):
        onnx.save(one_layer(width=2), folder / "m.onnx")
        choice = Choice(classes=("logits[1]",))
        reason = "one or two values"
    else:
        onnx.save(one_layer(), folder / "m.onnx")
    (refusal,) = planned(folder, choice)
    assert isinstance(refusal, Refusal)
    assert reason in f"{refusal.reason}; {refusal.needed}"


def test_a_class_number_beyond_the_output(folder):
    onnx.save(one_layer(), folder / "m.onnx")
    with pytest.raises(StripError, match="0 to 17"):
        planned(folder, Choice(classes=("logits[10:20]",)))


def test_labels_of_which_the_output_cannot_be_told(folder):
    model = one_layer({"labels": numbered(NAMES[:-1])})
    onnx.save(model, folder / "m.onnx")
    (refusal,) = planned(folder)
    assert isinstance(refusal, Refusal)
    assert "which output its 17 classes are of" in refusal.reason
    assert "--class OUTPUT[0]" in refusal.needed


@pytest.mark.parametrize("data", [b"", b"\x08", b"not a model", b"{}"])
def test_what_is_no_model_is_not_taken(folder, data):
    (folder / "m.onnx").write_bytes(data)
    assert not EDITOR.takes(Unit(folder, "m.onnx", ()))
    assert not EDITOR.takes(Unit(folder, "missing.onnx", ()))


def test_a_model_cut_short_is_an_error_and_leaves_nothing(folder):
    data = one_layer({"labels": numbered(NAMES)}).SerializeToString()
    (folder / "m.onnx").write_bytes(data[:-100])
    with pytest.raises(StripError):
        list(EDITOR.plan(Unit(folder, "m.onnx", (), ("m.onnx",)), Choice(classes=("logits[0:7]",))))
    assert os.listdir(folder) == ["m.onnx"]


@pytest.mark.parametrize("location", ["../outside.bin", "/etc/hostname", "missing.bin"])
def test_external_data_that_lead_out_or_are_missing(folder, location):
    (folder.parent / "outside.bin").write_bytes(bytes(10_000))
    model = one_layer({"labels": numbered(NAMES)})
    tensor = model.graph.initializer[-1]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(StripError):
        list(EDITOR.plan(Unit(folder, "m.onnx", (), ("m.onnx",)), Choice(classes=("logits[0:7]",))))


def test_a_plan_that_lacks_its_heads(folder):
    onnx.save(one_layer({"labels": numbered(NAMES)}), folder / "m.onnx")
    (edit,) = planned(folder)
    edit.detail.clear()
    with pytest.raises(StripError, match="make the plan anew"):
        EDITOR.apply(unit(folder), [edit], folder.parent / "out")


def test_a_removed_row_that_stands_elsewhere_fails_the_proof(folder):
    model = one_layer({"labels": numbered(NAMES)})
    row = weight(model, "fc.weight")[2]
    model.graph.initializer.append(numpy_helper.from_array(np.tile(row[:, None], (1, 3)), "spare"))
    model.graph.node.append(helper.make_node("ReduceSum", ["spare"], ["spare_sum"], keepdims=0))
    model.graph.output.append(helper.make_tensor_value_info("spare_sum", TensorProto.FLOAT, []))
    onnx.save(model, folder / "m.onnx")
    (edit,) = planned(folder)
    outcome = EDITOR.apply(unit(folder), [edit], folder.parent / "out")
    check = next(c for c in outcome.checks if c.name == "removed values absent")
    assert not check.passed
    assert "fc.weight[2]" in check.detail
    assert "spare" in check.detail


@pytest.mark.parametrize("kind", [np.float16, np.float64, np.int8])
@pytest.mark.parametrize("strided", [False, True])
def test_removed_rows_are_found_in_every_type(folder, kind, strided):
    net = Net()
    x = net.trunk()
    stored = net.w("fc.weight", GROUPS, WIDE, kind=kind)
    w = net.add("Cast", [stored], to=TensorProto.FLOAT)
    net.add("Gemm", [x, w], "logits", transB=1)
    net.out("logits", "N", GROUPS)
    row = numpy_helper.to_array(net.weights[-1])[5]
    spare = np.zeros((WIDE, 5), dtype=kind)
    spare[:, 2] = row
    net.weights.append(numpy_helper.from_array(spare if strided else np.ascontiguousarray(spare.T), "spare"))
    net.add("ReduceSum", [net.add("Cast", ["spare"], to=TensorProto.FLOAT)], "total", keepdims=0)
    net.out("total")
    onnx.save(net.model(), folder / "m.onnx")
    (edit,) = planned(folder, Choice(classes=("logits[5]",)))
    outcome = EDITOR.apply(unit(folder), [edit], folder.parent / "out")
    assert [c.name for c in outcome.checks if not c.passed] == ["removed values absent"]


@pytest.mark.registry
def test_the_real_detector(tmp_path, every_input):
    """nudenet's model, a real detector of three scales, on noise only."""
    import subprocess
    import sys
    import zipfile

    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path), "nudenet==3.4.2"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip("the package registry cannot be reached")
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        data = wheel.read("nudenet/320n.onnx")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "m.onnx").write_bytes(data)
    staging, outcome, (edit,) = applied(folder, Choice(classes=("FEET_COVERED", "BELLY_COVERED")))
    new, old = onnx.load(staging / "m.onnx"), onnx.load(folder / "m.onnx")
    names = next(p.value for p in new.metadata_props if p.key == "names")
    assert "FEET_COVERED" not in names
    assert "15: '" in names
    assert "16: '" not in names
    others = [p.SerializeToString() for p in old.metadata_props if p.key != "names"]
    assert others == [p.SerializeToString() for p in new.metadata_props if p.key != "names"]
    for scale in range(3):
        rows = weight(old, f"model.22.cv3.{scale}.2.weight")
        assert not holds(new, rows[8])
        assert not holds(new, rows[9])
        assert holds(new, rows[10])
    numeric = next(c for c in outcome.checks if c.name == "kept outputs equal")
    assert numeric.figures["bit_equal"] == numeric.figures["compared"]
    assert "detector" in " ".join(edit.depends)


@pytest.mark.parametrize("broken", ["cycle", "twice", "dims"])
def test_a_model_that_fails_its_own_checker(folder, broken):
    """The message says that it is the model, and not what was done to it."""
    model = one_layer({"names": numbered(NAMES)})
    if broken == "cycle":
        nodes = list(model.graph.node)[::-1]
        del model.graph.node[:]
        model.graph.node.extend(nodes)
    elif broken == "twice":
        model.graph.node.append(model.graph.node[0])
    else:
        model.graph.initializer[0].raw_data = model.graph.initializer[0].raw_data[:-4]
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    before = (folder / "m.onnx").read_bytes()
    out = folder.parent / "out"
    with pytest.raises(StripError) as error:
        apply(make_plan(str(folder)), out)
    assert "m.onnx" in str(error.value)
    assert ("refuses the model itself" in str(error.value)) == (broken != "dims")
    assert (folder / "m.onnx").read_bytes() == before
    assert sorted(p.name for p in folder.parent.iterdir()) == ["in"]


@pytest.mark.parametrize("broken", [False, True])
def test_external_data_of_two_models(folder, broken):
    """The other would not find its weights any more, whether or not there is a finding in it."""
    model = one_layer({"names": numbered(NAMES)})
    onnx.save(model, folder / "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
    other = (folder / "m.onnx").read_bytes().replace(b"names", b"namen")
    (folder / "other.onnx").write_bytes(other[:-9] if broken else other)
    (item,) = planned(folder)
    if broken:
        assert isinstance(item, Edit)
        return
    assert isinstance(item, Refusal)
    assert (item.target, "other.onnx" in item.reason) == ("w.bin", True)
    (folder / "other.onnx").unlink()
    onnx.save(one_layer(), folder / "other.onnx")
    assert isinstance(planned(folder)[0], Edit)
