"""Models that are text reach text readers: what a scan finds in them, and that their twins stay clean."""

from __future__ import annotations

import json

import pytest
from model_bytes import NEUTRAL, PROTECTED, coreml, engine
from model_texts import TEXTS

from untag import scan

FOUND = ("model.json", "face_model-weights_manifest.json", "face.xml", "face.param", "face.cfg", "face.data")


@pytest.mark.parametrize("name", FOUND)
def test_a_planted_attribute_is_found(tmp_path, name):
    path = tmp_path / name
    path.write_text(TEXTS[name](PROTECTED))
    assert "race" in {f.attribute for f in scan(str(path)).findings}


@pytest.mark.parametrize("name", TEXTS)
def test_its_neutral_twin_is_clean(tmp_path, name):
    path = tmp_path / name
    path.write_text(TEXTS[name](NEUTRAL))
    report = scan(str(path))
    assert report.status == "clean"
    assert not {d.action for d in report.decisions} & {"block", "warn"}


def test_an_mlpackage_is_a_folder(tmp_path):
    inside = tmp_path / "face.mlpackage" / "Data" / "com.apple.CoreML"
    inside.mkdir(parents=True)
    (inside / "model.mlmodel").write_bytes(coreml(PROTECTED, program=True))
    (tmp_path / "face.mlpackage" / "Manifest.json").write_text('{"fileFormatVersion": "1.0.0"}')
    report = scan(str(tmp_path))
    assert report.status == "blocked"
    assert any(f.route[-1] == "race_output" for f in report.findings)


def test_a_bare_engine_is_searched_as_bytes(tmp_path):
    path = tmp_path / "face.engine"
    path.write_bytes(
        b"ftrt" + b"\0\1\2\3" * 90 + b"face_image\0age_output\0gender_output\0race_output\0" + b"\0\1\2\3" * 90
    )
    report = scan(str(path))
    assert report.coverage.bytes == 1
    assert "race" in {f.attribute for f in report.findings}
    path.write_bytes(engine(NEUTRAL))
    assert scan(str(path)).status == "clean"


@pytest.mark.parametrize("name", ["deploy.prototxt", "config.pbtxt"])
def test_protobuf_text_is_read_in_the_scope_of_its_model(tmp_path, monkeypatch, name):
    import untag.readers
    from untag.readers.artifacts.models.texts import ModelText

    monkeypatch.setitem(untag.readers._BY_FORMAT, "blocks", ModelText())
    path = tmp_path / name
    path.write_text(TEXTS[name](PROTECTED))
    findings = scan(str(path)).findings
    assert "race" in {f.attribute for f in findings}
    assert {f.route[0] for f in findings} <= {"model FaceAttributeNet", "model face_attributes"}
    path.write_text(TEXTS[name](NEUTRAL))
    assert not scan(str(path)).findings


def test_what_a_text_model_takes_in_is_said_of_it():
    from untag.readers.artifacts.models.texts import ModelText, model_of
    from untag.readers.base import Text

    caffe = b'name: "N"\ninput: "data"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 224\ninput_dim: 224\n'
    assert model_of(Text(("a.prototxt",), caffe)).doc == "reads images: data"
    triton = b'name: "n"\ninput [\n {\n name: "x"\n dims: [ 3, 224, 224 ]\n }\n]\n'
    assert model_of(Text(("config.pbtxt",), triton)).doc == "reads images: x"
    assert model_of(Text(("names.pbtxt",), b'name: "model"\ninput: "x"\ndims: [ 30 ]')).name == "names"
    assert not ModelText().claims(Text(("a.txt",), b""))


@pytest.mark.parametrize(("case", "status"), [(PROTECTED, "blocked"), (NEUTRAL, "clean")])
def test_a_tfjs_model_is_read_as_a_model_where_the_engine_asks(tmp_path, case, status):
    path = tmp_path / "gear.json"
    path.write_text(TEXTS["model.json"](case))
    report = scan(str(path))
    assert report.status == status
    assert not report.gaps
    if status == "blocked":
        assert ("model gear", "race_output") in {f.route for f in report.findings}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXTS["model.json"](PROTECTED)[:-300], "corrupt"),
        ('{"modelTopology": ' + "[" * 50_000, "corrupt"),
        ('{"modelTopology": {}, "weightsManifest": [{"paths": ["../../x"]}]}', "unsafe_path"),
        ('{"modelTopology": 1, "x": "' + "y" * (7 << 20) + '"}', "limit"),
    ],
)
def test_a_hostile_tfjs_model_is_told(tmp_path, text, reason):
    path = tmp_path / "model.json"
    path.write_text(text)
    assert [gap.reason for gap in scan(str(path)).gaps] == [reason]


@pytest.mark.parametrize(
    "text",
    [
        '{"modelTopology": null}',
        '{"modelTopology": [1], "signature": {"outputs": [3]}, "weightsManifest": {"a": 1}}',
        '{"modelTopology": {"node": [1, {"name": 3, "input": [4], "attr": []}]}, "signature": {"outputs": {"a": 5}}}',
        '{"modelTopology": {"model_config": {"config": {"layers": [{"config": {"name": "a", "batch_shape": 7}}]}}}}',
        '{"modelTopology": {}, "userDefinedMetadata": {"\\ud800": "\\ud800", "b": [1]}, "weightsManifest": [[], 3]}',
    ],
)
def test_odd_tfjs_models_raise_nothing(text):
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.models.tfjs import TfJs

    for item in TfJs().parts(Blob(("model.json",), text.encode()), Budget(), Deadline.after(5)):
        getattr(item, "text", "").encode()


def test_a_layers_model_names_its_layers():
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.models.tfjs import TfJs

    layers = [
        {"class_name": "InputLayer", "config": {"name": "face", "batch_input_shape": [None, 112, 112, 3]}},
        {"class_name": "Dense", "config": {"name": "race_head"}},
    ]
    said = {"format": "layers-model", "modelTopology": {"model_config": {"config": {"layers": layers}}}}
    parts = list(TfJs().parts(Blob(("m.json",), json.dumps(said).encode()), Budget(), Deadline.after(5)))
    assert {"race_head", "face", "reads images"} <= {part.text for part in parts}
