"""Each model format with planted outputs and labels, its neutral twin, cut short, and made to hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from model_bytes import (
    LABELS,
    NEUTRAL,
    PROTECTED,
    VALID,
    caffe,
    coreml,
    engine,
    f,
    feature,
    graphdef,
    mnn,
    onnx_of,
    pair,
    savedmodel,
    tf_node,
    tflite,
)

from untag import scan
from untag.readers.artifacts import artifact_reader

if TYPE_CHECKING:
    from pathlib import Path

READERS = {
    "face.onnx": "onnx",
    "face_frozen.pb": "tensorflow",
    "saved_model.pb": "savedmodel",
    "face.caffemodel": "caffe",
    "face_v1.caffemodel": "caffe",
    "face.mlmodel": "coreml",
    "face_program.mlmodel": "coreml",
    "face.pdmodel": "paddle",
    "face.tflite": "tflite",
    "face.mnn": "mnn",
    "face.engine": "tensorrt",
}


def read(folder: Path, name: str, data: bytes):
    path = folder / "face_attributes" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return scan(str(folder))


def routes(report) -> set[tuple[str, ...]]:
    return {finding.route[-2:] for finding in report.findings}


def actions(report) -> set[str]:
    return {decision.action for decision in report.decisions}


@pytest.mark.parametrize("name", VALID)
def test_a_planted_attribute_is_found_where_it_stands(tmp_path, name):
    report = read(tmp_path, name, VALID[name](PROTECTED))
    assert (READERS[name], 1) in report.readers
    assert not report.gaps
    assert report.status == "blocked"
    assert "race" in {finding.attribute for finding in report.findings}
    if name != "face.engine":  # whose output names are compiled away
        assert any(route[-1] == "race_output" and route[0].startswith("model ") for route in routes(report))


@pytest.mark.parametrize("name", VALID)
def test_its_neutral_twin_is_clean(tmp_path, name):
    report = read(tmp_path, name, VALID[name](NEUTRAL))
    assert report.status == "clean"
    assert not report.gaps
    assert not actions(report) & {"block", "warn"}


@pytest.mark.parametrize("name", sorted(set(VALID) - {"face.engine", "face.mnn", "face.tflite"}))
@pytest.mark.parametrize("left", [0.97, 0.8, 0.5])
def test_what_stands_before_a_cut_is_read_and_the_cut_is_told(tmp_path, name, left):
    data = VALID[name](PROTECTED)
    report = read(tmp_path, name, data[: int(len(data) * left)])
    assert "truncated" in {gap.reason for gap in report.gaps}
    assert report.status in ("incomplete", "blocked")
    if left > 0.9 and name != "face.onnx":
        assert "race" in {finding.attribute for finding in report.findings}


@pytest.mark.parametrize(("name", "make"), [("face.tflite", tflite), ("face.mnn", mnn), ("face.engine", engine)])
def test_a_cut_flatbuffer_and_a_cut_description_are_told(tmp_path, name, make):
    report = read(tmp_path, name, make(PROTECTED)[:150])
    assert {gap.reason for gap in report.gaps} & {"truncated", "corrupt"}
    assert report.status in ("incomplete", "blocked")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("face_frozen.pb", f(1, tf_node("x", "NoOp"))),
        ("face.mlmodel", b""),
        ("face.onnx", b""),
        ("saved_model.pb", b""),
        ("face.caffemodel", b""),
        ("face.pdmodel", b""),
    ],
)
def test_damage_behind_a_finding_loses_nothing_that_came_before(tmp_path, name, kind):
    report = read(tmp_path, name, VALID[name](PROTECTED) + kind + b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x07")
    assert {gap.reason for gap in report.gaps} & {"corrupt", "truncated"}
    assert any(route[-1] == "race_output" for route in routes(report))


def test_the_name_of_a_file_does_not_decide(tmp_path):
    for name, make in VALID.items():
        if name in ("face.mnn", "face.engine"):  # without a mark of their own
            continue
        data = make(PROTECTED)
        found = artifact_reader(data[:4096], "weights.bin", data[-65_557:])
        assert found is not None, name
        assert found.name == READERS[name], name


def test_other_messages_are_not_taken_for_models():
    mediapipe = f(1, f(2, "ImagePropertiesCalculator") + f(3, "IMAGE:image") + f(4, "SIZE:size"))
    for data in (
        mediapipe,
        b"\n\x04abcd",
        b"\x08\x08\x12\x03abc",
        b"\x08\x01\x12\x02\x0a\x00",
        b"\n\n\n\n",
        b"\x08\x01",
    ):
        assert artifact_reader(data, "x.bin", data) is None


def test_labels_alone_are_found(tmp_path):
    data = coreml({"outputs": ["classLabel"], "labels": LABELS, "key": "race"})
    report = read(tmp_path, "FairNet.mlmodel", data)
    assert ("model FairNet", "labels stringClassLabels") in routes(report)
    assert report.status == "blocked"


def test_a_pipeline_is_read_to_its_depth_and_no_further(tmp_path):
    model = coreml(PROTECTED)
    for _ in range(3):
        model = f(1, 4) + f(2, f(10, feature("face"))) + f(202, f(1, model) + f(2, "stage"))
    report = read(tmp_path, "face.mlmodel", model)
    assert any("model stage" in route for route in routes(report))
    assert not report.gaps
    for _ in range(60):
        model = f(1, 4) + f(2, f(10, feature("x"))) + f(202, f(1, model))
    report = read(tmp_path, "face.mlmodel", model)
    assert {gap.reason for gap in report.gaps} == {"limit"}


def test_assets_that_climb_out_are_told(tmp_path):
    report = read(tmp_path, "saved_model.pb", savedmodel(NEUTRAL, "../../etc/passwd"))
    assert [gap.reason for gap in report.gaps] == ["unsafe_path"]
    assert "passwd" not in report.gaps[0].detail


def test_many_nodes_give_few_parts(tmp_path):
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.models.tensorflow import Frozen

    nodes = [tf_node("face", "Placeholder", attributes={"shape": f(7, f(2, f(1, 0)))})]  # a NUL: no plain text
    nodes += [
        tf_node(f"race_head/block_{i // 9}/conv_{i}", "Conv2D", [f"race_head/conv_{i - 1}"]) for i in range(10_000)
    ]
    parts = list(Frozen().parts(Blob(("x.pb",), f(1, nodes)), Budget(), Deadline.after(30)))
    assert len([part for part in parts if getattr(part, "role", "") == "name"]) < 10
    assert read(tmp_path, "face.pb", f(1, nodes)).findings


def test_weights_are_never_copied(tmp_path):
    import tracemalloc

    from untag.limits import Budget, Deadline
    from untag.model import Blob

    for make, name in ((graphdef, "x.pb"), (lambda case, size: caffe(case, blob=size), "x.caffemodel")):
        data = make(PROTECTED, 20 << 20)
        reader = artifact_reader(data[:4096], name, data[-65_557:])
        tracemalloc.start()
        list(reader.parts(Blob((name,), data), Budget(), Deadline.after(30)))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
        tracemalloc.stop()


def test_a_map_without_texts_is_no_fault(tmp_path):
    report = read(tmp_path, "face.onnx", onnx_of(NEUTRAL) + f(14, pair("", b"")) + f(14, b""))
    assert report.status == "clean"
