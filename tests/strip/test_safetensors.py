"""Safetensors are made here by code, with random numbers: heads and classes go, every other tensor keeps its bytes."""

import hashlib
import json
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.model import Finding
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors.safetensors import EDITOR

WHATEVER = Choice()
MIXED = ("Male", "Female", "White", "Black", "East Asian", "smiling", "glasses")
NEUTRAL = ("Male", "Female", "smiling", "glasses")
DTYPES = {"F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "U8": "u1"}


GROUPS = ("Black", "East Asian", "White")


def finding(attribute="race", file="config.json", groups=GROUPS):
    where = ("model m", "race_classifier", "race_labels")
    return Finding(
        "UT105",
        attribute,
        "infers",
        "inferred_from_image",
        groups,
        "high",
        (file,),
        where,
        0,
        0,
        "race",
        "x",
        "",
        "m",
        (),
        "f" * 16,
    )


def save(path, tensors, metadata=None):
    """Write a file as the format's own writers do: header padded to 8, tensors without gaps."""
    header, blobs, at = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, (dtype, array) in tensors.items():
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
        blobs.append(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def load(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    assert (8 + size) % 8 == 0
    metadata = header.pop("__metadata__", None)
    return metadata, {
        k: (v["dtype"], tuple(v["shape"]), data[8 + size + v["data_offsets"][0] : 8 + size + v["data_offsets"][1]])
        for k, v in header.items()
    }


def tensors(classes, seed=0, dtype="F32", **extra):
    random = np.random.default_rng(seed)
    kind = DTYPES[dtype]

    def make(*shape):
        return (
            dtype,
            random.integers(1, 250, shape).astype(kind)
            if dtype != "F32"
            else random.standard_normal(shape).astype(kind),
        )

    found = {
        "vit.embeddings.weight": make(5, 16),
        "classifier.weight": make(classes, 16),
        "classifier.bias": make(classes),
        "vit.norm.weight": make(16),
    }
    return found | {name: make(*shape) for name, shape in extra.items()}


def configure(folder, labels, **extra):
    said = {
        "architectures": ["ViTForImageClassification"],
        "id2label": {str(n): x for n, x in enumerate(labels)},
        "image_size": 224,
        "label2id": {x: n for n, x in enumerate(labels)},
        "num_labels": len(labels),
        **extra,
    }
    (folder / "config.json").write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", "utf-8")


def model(folder, labels=MIXED, metadata=None, **extra):
    folder.mkdir(exist_ok=True)
    held = tensors(len(labels), **extra)
    save(folder / "model.safetensors", held, metadata)
    configure(folder, labels)
    return held


def unit(folder, name="config.json", findings=None):
    listing = tuple(sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()))
    return Unit(folder, name, (finding(file=name),) if findings is None else tuple(findings), listing)


def planned(folder, name="config.json", choice=WHATEVER, findings=None):
    return list(EDITOR.plan(unit(folder, name, findings), choice))


def strip(folder, out, name="config.json", choice=WHATEVER, findings=None):
    out.mkdir(exist_ok=True)
    edits = planned(folder, name, choice, findings)
    assert edits
    assert all(isinstance(e, Edit) for e in edits), edits
    outcome = EDITOR.apply(unit(folder, name, findings), edits, out)
    assert all(c.passed for c in outcome.checks)
    assert set(outcome.written) | set(outcome.deleted) == set(edits[0].files)
    return outcome, edits[0]


def tree(folder):
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


@pytest.mark.parametrize("dtype", DTYPES)
def test_classes_go_from_the_classifier_and_from_the_label_maps(tmp_path, dtype):
    held = model(tmp_path / "in", dtype=dtype, metadata={"format": "pt", "labels": json.dumps(MIXED), "note": "kept"})
    before = tree(tmp_path / "in")
    outcome, edit = strip(tmp_path / "in", tmp_path / "out")
    assert tree(tmp_path / "in") == before
    assert edit.safety == "unsafe"
    assert "softmax" in edit.why
    assert {"White", "Black", "East Asian"} <= set(edit.detail["names"])
    metadata, after = load(tmp_path / "out/model.safetensors")
    assert metadata == {"format": "pt", "labels": json.dumps(NEUTRAL), "note": "kept"}
    kept = [0, 1, 5, 6]
    for name, (kind, array) in held.items():
        wanted = array[kept] if name.startswith("classifier") else array
        assert after[name] == (kind, wanted.shape, wanted.tobytes())
    assert list(after) == list(held)
    said = json.loads((tmp_path / "out/config.json").read_text())
    assert said["id2label"] == {str(n): x for n, x in enumerate(NEUTRAL)}
    assert said["label2id"] == {x: n for n, x in enumerate(NEUTRAL)}
    assert said["num_labels"] == 4
    assert said["image_size"] == 224
    assert any("logits" in note for note in outcome.notes)


def test_lines_of_the_configuration_that_stay_keep_their_bytes(tmp_path):
    model(tmp_path / "in")
    path = tmp_path / "in/config.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    strip(tmp_path / "in", tmp_path / "out")
    after = (tmp_path / "out/config.json").read_bytes()
    assert after.count(b"\r\n") == after.count(b"\n")
    assert after.startswith(path.read_bytes()[:80])


def test_a_whole_head_goes_and_the_classifier_stays(tmp_path):
    extra = {"race_classifier.weight": (7, 16), "race_classifier.bias": (7,)}
    held = model(tmp_path / "in", NEUTRAL, **extra)
    configure(tmp_path / "in", NEUTRAL, race_labels=["a", "b"], num_race_labels=7)
    outcome, edit = strip(tmp_path / "in", tmp_path / "out", "model.safetensors")
    assert edit.kind == "head"
    assert edit.safety == "unsafe"
    assert "race_classifier" in edit.detail["names"]
    _, after = load(tmp_path / "out/model.safetensors")
    assert {k: v[2] for k, v in after.items()} == {k: v[1].tobytes() for k, v in held.items() if k not in extra}
    said = (tmp_path / "out/config.json").read_text()
    assert "race" not in said
    assert json.loads(said)["id2label"] == {str(n): x for n, x in enumerate(NEUTRAL)}
    assert next(c for c in outcome.checks if c.name == "removed values absent").figures["searched"] > 2


def sharded(folder, labels=MIXED, **extra):
    folder.mkdir(exist_ok=True)
    held = tensors(len(labels), **extra)
    names = list(held)
    parts = [names[: len(names) // 2], names[len(names) // 2 :]]
    index = {"metadata": {"total_size": sum(v[1].nbytes for v in held.values())}, "weight_map": {}}
    for n, part in enumerate(parts):
        file = f"model-{n + 1:05}-of-00002.safetensors"
        save(folder / file, {k: held[k] for k in part})
        index["weight_map"] |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))
    configure(folder, labels)
    return held


def test_shards_and_their_index(tmp_path):
    held = sharded(tmp_path / "in")
    strip(tmp_path / "in", tmp_path / "out")
    index = json.loads((tmp_path / "out/model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == sum(v[1].nbytes for v in held.values()) - 3 * 17 * 4
    assert list(index["weight_map"]) == list(held)
    # a shard of which nothing goes is not written
    strip(tmp_path / "in", tmp_path / "two", "model.safetensors.index.json", Choice(outputs=("classifier.bias",)), [])
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == [
        "model-00002-of-00002.safetensors",
        "model.safetensors.index.json",
    ]


def test_a_shard_that_loses_all_is_deleted(tmp_path):
    sharded(tmp_path / "in", NEUTRAL)
    outcome, _ = strip(
        tmp_path / "in",
        tmp_path / "out",
        "model-00002-of-00002.safetensors",
        Choice(outputs=("classifier.bias", "vit.norm.weight")),
        [],
    )
    assert outcome.deleted == ("model-00002-of-00002.safetensors",)
    assert sorted(json.loads((tmp_path / "out/model.safetensors.index.json").read_text())["weight_map"]) == [
        "classifier.weight",
        "vit.embeddings.weight",
    ]


def test_classes_by_number(tmp_path):
    held = model(tmp_path / "in")
    (tmp_path / "in/config.json").unlink()
    strip(tmp_path / "in", tmp_path / "out", "model.safetensors", Choice(classes=("classifier[2:5]",)), [])
    _, after = load(tmp_path / "out/model.safetensors")
    assert after["classifier.weight"][2] == held["classifier.weight"][1][[0, 1, 5, 6]].tobytes()


def test_classes_by_name_without_a_finding(tmp_path):
    model(tmp_path / "in")
    _, edit = strip(tmp_path / "in", tmp_path / "out", choice=Choice(classes=("White", "glasses")), findings=[])
    assert edit.detail["gone"] == [2, 6]
    assert planned(tmp_path / "in", choice=Choice(classes=("no such",)), findings=[]) == []


def test_doing_it_twice_changes_nothing(tmp_path):
    model(tmp_path / "in")
    strip(tmp_path / "in", tmp_path / "out")
    assert [type(i) for i in planned(tmp_path / "out")] == [Refusal]
    assert planned(tmp_path / "out", choice=Choice(classes=("White",)), findings=[]) == []


# --- refusals


def test_a_label_set_of_nothing_else_means_delete_the_model(tmp_path):
    model(tmp_path / "in", ("White", "Black", "East Asian", "Indian"))
    (found,) = planned(tmp_path / "in")
    assert isinstance(found, Refusal)
    assert found.needed == "delete the model"


def test_several_last_layers_are_named(tmp_path):
    model(tmp_path / "in", **{"distillation_classifier.weight": (7, 16), "distillation_classifier.bias": (7,)})
    (found,) = planned(tmp_path / "in")
    assert isinstance(found, Refusal)
    assert "distillation_classifier.weight" in found.reason
    assert "classifier.bias" in found.reason


def test_a_classifier_of_another_size_is_refused(tmp_path):
    model(tmp_path / "in")
    configure(tmp_path / "in", (*MIXED, "more"))
    assert [type(i) for i in planned(tmp_path / "in")] == [Refusal]


def test_neutral_label_sets_stay(tmp_path):
    model(tmp_path / "in", ("red", "white", "black", "green"))
    assert planned(tmp_path / "in", findings=[]) == []
    model(tmp_path / "two", ("English", "Chinese", "Arabic", "Hindi"))
    assert [type(i) for i in planned(tmp_path / "two")] == [Refusal]


def test_a_tied_tensor_leaves_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    held = tensors(len(MIXED))
    save(tmp_path / "in/model.safetensors", {**held, "twin.kernel": held["classifier.weight"]})
    configure(tmp_path / "in", MIXED)
    out = tmp_path / "out"
    with pytest.raises(StripError, match="removed values absent"):
        strip(tmp_path / "in", out)
    assert tree(out) == {}


# --- bad input


def rewrite(path, change):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + size :])


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h["classifier.weight"].update(shape=[8, 16]),
        lambda h: h["classifier.weight"].update(shape=[-7, -16]),
        lambda h: h["classifier.weight"].update(shape=["7", 16]),
        lambda h: h["classifier.weight"].update(data_offsets=[0, 448]),
        lambda h: h["classifier.weight"].update(data_offsets=[0]),
        lambda h: h["classifier.weight"].update(dtype="X9"),
        lambda h: h["classifier.weight"].update(more=1),
        lambda h: h.update({"classifier.bias": 3}),
        lambda h: h.pop("classifier.bias"),
        lambda h: h.pop("vit.norm.weight"),
    ],
)
def test_a_header_that_lies_is_an_error(tmp_path, change):
    model(tmp_path / "in")
    rewrite(tmp_path / "in/model.safetensors", change)
    before = tree(tmp_path / "in")
    with pytest.raises(StripError):
        planned(tmp_path / "in")
    assert tree(tmp_path / "in") == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 16,
        struct.pack("<Q", 1 << 40) + b"{}",
        struct.pack("<Q", 2) + b"[]x",
        struct.pack("<Q", 30) + b'{"a":1,"a":2}'.ljust(30),
    ],
)
def test_what_is_no_file_of_tensors_is_an_error(tmp_path, data):
    model(tmp_path / "in")
    (tmp_path / "in/model.safetensors").write_bytes(data)
    with pytest.raises(StripError):
        planned(tmp_path / "in")


def test_a_truncated_file_is_an_error(tmp_path):
    model(tmp_path / "in")
    path = tmp_path / "in/model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StripError, match="before its last tensor"):
        planned(tmp_path / "in")


@pytest.mark.parametrize("shard", ["../x.safetensors", "/x.safetensors", "none.safetensors"])
def test_an_index_that_leads_away_is_an_error(tmp_path, shard):
    sharded(tmp_path / "in")
    save(tmp_path / "x.safetensors", tensors(7))
    path = tmp_path / "in/model.safetensors.index.json"
    said = json.loads(path.read_text())
    said["weight_map"] = dict.fromkeys(said["weight_map"], shard)
    path.write_text(json.dumps(said))
    with pytest.raises(StripError):
        planned(tmp_path / "in")


def test_an_index_that_differs_from_its_shards_is_an_error(tmp_path):
    sharded(tmp_path / "in")
    path = tmp_path / "in/model.safetensors.index.json"
    said = json.loads(path.read_text())
    said["weight_map"]["more"] = next(iter(said["weight_map"].values()))
    path.write_text(json.dumps(said))
    with pytest.raises(StripError, match="differ"):
        planned(tmp_path / "in")


def test_a_plan_for_other_bytes_leaves_nothing(tmp_path):
    model(tmp_path / "in")
    edits = planned(tmp_path / "in")
    out = tmp_path / "out"
    out.mkdir()
    save(tmp_path / "in/model.safetensors", tensors(7, more=(3,)))
    with pytest.raises(StripError, match="plan again"):
        EDITOR.apply(unit(tmp_path / "in"), edits, out)
    assert tree(out) == {}


def test_what_is_not_of_this_kind_is_not_taken(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "x.safetensors").write_bytes(b"nothing of the kind")
    assert not EDITOR.takes(Unit(tmp_path, "x.safetensors", (), ("config.json", "x.txt")))
    assert not EDITOR.takes(Unit(tmp_path, "config.json", (), ("config.json", "x.txt")))
    assert not EDITOR.takes(Unit(tmp_path, "gone.safetensors", ()))


# --- the law over random models


LABELS = st.permutations([*MIXED, "Middle Eastern", "beard", "0-9", "10-19"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=LABELS,
    size=st.integers(4, 11),
    dtype=st.sampled_from(list(DTYPES)),
    seed=st.integers(0, 50),
    indent=st.sampled_from([None, 2]),
)
def test_random_models_are_exact_or_refused(tmp_path_factory, labels, size, dtype, seed, indent):
    labels = labels[:size]
    folder, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    held = tensors(size, seed, dtype)
    save(folder / "model.safetensors", held)
    configure(folder, labels)
    (folder / "config.json").write_text(json.dumps(json.loads((folder / "config.json").read_text()), indent=indent))
    gone = [n for n, x in enumerate(labels) if x in ("White", "Black", "East Asian", "Middle Eastern")]
    groups = tuple(labels[n] for n in gone)
    found = [finding(groups=groups)]
    edits = planned(folder, findings=found)
    if not gone or len(gone) == size:
        assert [type(i) for i in edits] == [Refusal]
        return
    EDITOR.apply(unit(folder, findings=found), edits, out)
    kept = [n for n in range(size) if n not in gone]
    _, after = load(out / "model.safetensors")
    for name, (kind, array) in held.items():
        wanted = array[kept] if name.startswith("classifier") else array
        assert after[name] == (kind, wanted.shape, wanted.tobytes())
    said = json.loads((out / "config.json").read_text())
    assert said["id2label"] == {str(n): labels[k] for n, k in enumerate(kept)}
    assert said["label2id"] == {labels[k]: n for n, k in enumerate(kept)}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, 1 << 16),
    new=st.binary(min_size=1, max_size=4),
    name=st.sampled_from(["model.safetensors", "config.json"]),
)
def test_damaged_files_are_an_error_or_exact(tmp_path_factory, at, new, name):
    folder, out = tmp_path_factory.mktemp("in"), tmp_path_factory.mktemp("out")
    model(folder, metadata={"labels": json.dumps(MIXED)})
    data = bytearray((folder / name).read_bytes())
    at %= min(len(data), 700)
    data[at : at + len(new)] = new
    (folder / name).write_bytes(data)
    before = tree(folder)
    try:
        edits = [e for e in planned(folder) if isinstance(e, Edit) and e.safety != "manual"]
        outcome = EDITOR.apply(unit(folder), edits, out) if edits else None
    except StripError:
        assert tree(out) == {}
    else:
        assert outcome is None or all(c.passed for c in outcome.checks)
    assert tree(folder) == before


class TestLabelFiles:
    """Lists of classes beside the model lose them in the same change."""

    @pytest.mark.parametrize("sharded", [False, True])
    def test_beside_a_configuration(self, tmp_path, sharded):
        folder = tmp_path / "in"
        held = model(folder)
        if sharded:
            names = list(held)
            save(folder / "model-1.safetensors", {n: held[n] for n in names[:2]})
            save(folder / "model-2.safetensors", {n: held[n] for n in names[2:]})
            (folder / "model.safetensors").unlink()
            where = {n: f"model-{1 if n in names[:2] else 2}.safetensors" for n in names}
            (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": where}), "utf-8")
        (folder / "labels.txt").write_text("".join(f"{name}\n" for name in MIXED), "utf-8")
        (folder / "classes.json").write_text(json.dumps({"num_classes": 7, "names": MIXED}), "utf-8")
        (folder / "vocab.json").write_text(json.dumps(["White", "Black", "other", "words"]), "utf-8")
        outcome, edit = strip(folder, tmp_path / "out")
        assert {"labels.txt", "classes.json"} <= set(edit.files)
        assert "vocab.json" not in edit.files
        assert (tmp_path / "out" / "labels.txt").read_text("utf-8").split() == list(NEUTRAL)
        said = json.loads((tmp_path / "out" / "classes.json").read_text("utf-8"))
        assert said == {"num_classes": 4, "names": list(NEUTRAL)}
        assert {"label files", "labels", "kept weights"} <= {c.name for c in outcome.checks}

    def test_the_only_list_there_is(self, tmp_path):
        """Without a configuration the file beside the model says which rows are which."""
        folder = tmp_path / "in"
        folder.mkdir()
        held = tensors(len(MIXED))
        save(folder / "face.safetensors", held)
        (folder / "face.labels.txt").write_text("\n".join(MIXED), "utf-8")
        outcome, edit = strip(folder, tmp_path / "out", "face.safetensors", Choice(classes=GROUPS), ())
        assert edit.kind == "classes"
        _, after = load(tmp_path / "out" / "face.safetensors")
        assert after["classifier.weight"][1] == (4, 16)
        kept = [n for n, name in enumerate(MIXED) if name in NEUTRAL]
        assert after["classifier.bias"][2] == held["classifier.bias"][1][kept].tobytes()
        assert (tmp_path / "out" / "face.labels.txt").read_text("utf-8").split() == list(NEUTRAL)
        assert all(check.passed for check in outcome.checks)

    def test_a_head_that_goes_whole(self, tmp_path):
        folder = tmp_path / "in"
        folder.mkdir()
        save(folder / "model.safetensors", tensors(4, **{"race_head.weight": (3, 16), "race_head.bias": (3,)}))
        configure(folder, NEUTRAL)
        (folder / "labels.json").write_text(json.dumps({"race": GROUPS, "face": NEUTRAL}), "utf-8")
        strip(folder, tmp_path / "out", choice=Choice(outputs=("race_head",)), findings=())
        assert json.loads((tmp_path / "out" / "labels.json").read_text("utf-8")) == {"face": list(NEUTRAL)}

    def test_files_beside_two_models_stay(self, tmp_path):
        folder = tmp_path / "in"
        model(folder)
        (folder / "other.onnx").write_bytes(b"x")
        (folder / "labels.txt").write_text("\n".join(MIXED), "utf-8")
        _, edit = strip(folder, tmp_path / "out")
        assert "labels.txt" not in edit.files
