"""ONNX: every place that holds names or labels, and what a hostile file may try."""

from __future__ import annotations

import os
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from model_bytes import (
    BREEDS,
    LABELS,
    NEUTRAL,
    PROTECTED,
    f,
    onnx,
    onnx_graph,
    onnx_node,
    onnx_of,
    onnx_tensor,
    onnx_value,
    pair,
    varint,
)

from untag import scan
from untag.errors import LimitError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.models.onnx import Onnx
from untag.readers.base import Part

if TYPE_CHECKING:
    from pathlib import Path

FACE = "face_net"


def attribute(name: str, value: bytes) -> bytes:
    return f(5, f(1, name) + value)


def one_node(attributes: bytes, *, extra: bytes = b"") -> bytes:
    node = onnx_node("ZipMap", "face/classify", ["features"], ["scores"], attributes)
    return onnx(onnx_graph(FACE, ["scores"], f(1, node), extra))


def listed(labels: list[str]) -> dict[str, bytes]:
    words = str(dict(enumerate(labels)))
    tensor = onnx_tensor("face_classes", strings=labels)
    names = onnx_graph(FACE, ["scores"])
    branch = onnx_graph(
        "then", [f"face_{labels[0]}"], f(1, onnx_node("Constant", "c", [], ["x"], attribute("value", f(5, tensor))))
    )
    function = (
        f(1, "classify_face")
        + f(4, "x")
        + f(5, "y")
        + f(7, onnx_node("F", "n", ["x"], ["y"], attribute("classes", f(9, labels))))
    )
    return {
        "metadata_props of the model": onnx(names, f(14, pair("face_classes", words))),
        "metadata_props as JSON": onnx(
            names, f(14, pair("meta", '{"a": {"face_classes": ' + str(labels).replace("'", '"') + "}}"))
        ),
        "metadata_props with commas": onnx(names, f(14, pair("face_classes", ",".join(labels)))),
        "metadata_props of the graph": onnx(onnx_graph(FACE, ["scores"], extra=f(16, pair("face_classes", words)))),
        "metadata_props of a node": one_node(f(9, pair("face_classes", words))),
        "classlabels_strings": one_node(attribute("classlabels_strings", f(9, labels))),
        "a string attribute": one_node(attribute("face_classes", f(4, words))),
        "a string tensor in an attribute": one_node(attribute("value", f(5, tensor))),
        "a string initializer": one_node(b"", extra=f(5, tensor)),
        "a list of tensors": one_node(attribute("values", f(10, tensor))),
        "a subgraph": one_node(attribute("then_branch", f(6, branch))),
        "a list of subgraphs": one_node(attribute("branches", f(11, branch))),
        "a function": onnx(names, f(25, function)),
        "a training graph": onnx(names, f(20, f(2, onnx_graph("train", ["loss"], extra=f(5, tensor))))),
        "GB18030": onnx(names, f(14, f(1, "face_classes") + f(2, words.encode("gb18030")))),
    }


@pytest.mark.parametrize("place", listed(LABELS))
def test_labels_are_found_wherever_they_stand(tmp_path, place):
    path = tmp_path / "face.onnx"
    path.write_bytes(listed(LABELS)[place])
    report = scan(str(path))
    assert not report.gaps
    assert report.status == "blocked"
    assert any("labels" in part for finding in report.findings for part in finding.route)


@pytest.mark.parametrize("place", listed(BREEDS))
def test_other_labels_are_not_reported(tmp_path, place):
    path = tmp_path / "face.onnx"
    path.write_bytes(listed(BREEDS)[place])
    report = scan(str(path))
    assert report.status == "clean"
    assert not report.findings


@pytest.mark.parametrize(
    "data",
    [
        onnx(onnx_graph(FACE, ["scores"]), doc="Estimates the ethnicity of a face in a photo."),
        onnx(onnx_graph(FACE, ["scores"], extra=f(10, "Estimates the ethnicity of a face in a photo."))),
        onnx(onnx_graph(FACE, ["scores"], extra=f(12, onnx_value("y", [1, 7], "ethnicity of the face, 7 classes")))),
        one_node(f(6, "predicts the ethnicity of the face")),
        one_node(b"", extra=f(5, onnx_tensor("face/ethnicity_head/weight", b"\0" * 64))),
        one_node(b"", extra=f(13, onnx_value("face_ethnicity", [1, 7]))),
        one_node(b"", extra=f(15, f(1, onnx_tensor("face/ethnicity_head/weight", b"\0" * 64)))),
        onnx(onnx_graph(FACE, ["scores"]), f(25, f(1, "predict_face_ethnicity") + f(5, "y"))),
    ],
)
def test_names_and_descriptions_are_found(tmp_path, data):
    path = tmp_path / "net.onnx"
    path.write_bytes(data)
    report = scan(str(path))
    assert not report.gaps
    assert "ethnicity" in {finding.attribute for finding in report.findings}


def test_unnamed_heads_are_no_finding(tmp_path):
    path = tmp_path / "face.onnx"
    values = b"".join(f(12, onnx_value(f"output_{n}", [1, n])) for n in (4, 5, 6, 7))
    path.write_bytes(onnx(f(2, "face_attributes") + values))
    assert scan(str(path)).status == "clean"


@pytest.mark.parametrize(
    "location", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\x", "https://example.org/w", "~/w"]
)
def test_external_data_is_never_followed(tmp_path, location):
    path = tmp_path / "face.onnx"
    path.write_bytes(one_node(b"", extra=f(5, onnx_tensor("w", extra=f(13, pair("location", location)) + f(14, 1)))))
    report = scan(str(path))
    assert [gap.reason for gap in report.gaps] == ["unsafe_path"]
    assert "passwd" not in report.gaps[0].detail


def test_external_data_beside_the_model_is_no_gap(tmp_path):
    path = tmp_path / "face.onnx"
    path.write_bytes(one_node(b"", extra=f(5, onnx_tensor("w", extra=f(13, pair("location", "weights.bin"))))))
    assert not scan(str(path)).gaps


def parts(data: bytes, seconds: float = 30) -> list[Part | Blob | Gap]:
    return list(Onnx().parts(Blob(("face.onnx",), data), Budget(), Deadline.after(seconds)))


def gaps(items: list[Part | Blob | Gap]) -> set[str]:
    return {item.reason for item in items if isinstance(item, Gap)}


def test_graphs_inside_each_other_end_somewhere():
    graph = onnx_graph("inner", ["race_output"])
    for _ in range(200):
        graph = onnx_graph("g", ["y"], f(1, onnx_node("If", "n", [], ["y"], attribute("then_branch", f(6, graph)))))
    assert gaps(parts(onnx(graph))) == {"limit"}


def test_a_length_beyond_its_message_costs_that_message_only():
    broken = f(1, b"\x1a\x7fabc")
    items = parts(onnx(onnx_graph(FACE, ["race_output"], broken), f(14, pair("classes", "a,b"))))
    assert gaps(items) == {"corrupt"}
    assert {"race_output", "a", "b"} <= {item.text for item in items if isinstance(item, Part)}


@pytest.mark.parametrize("length", [1 << 31, 1 << 40, (1 << 64) - 1])
def test_lengths_that_lie(length):
    lie = onnx_of(PROTECTED) + varint(14 << 3 | 2) + varint(length)
    items = parts(lie)
    assert gaps(items) == {"truncated"}
    assert "race_output" in {item.text for item in items if isinstance(item, Part)}


def test_a_flood_of_fields_meets_the_deadline():
    flood = onnx(f(12, onnx_value("race_output", [1])) + b"\x18\x01" * 400_000)
    with pytest.raises(LimitError):
        parts(flood, seconds=-1)


def test_a_flood_of_names_is_capped(monkeypatch):
    monkeypatch.setattr("untag.readers.artifacts.models.common.COMPONENTS", 5_000)
    nodes = b"".join(f(1, f(3, "".join(chr(97 + int(c)) for c in str(i)))) for i in range(9_000))
    items = parts(onnx(nodes + f(12, onnx_value("race_output", [1]))))
    assert gaps(items) == {"limit"}
    assert len(items) < 6_000


def test_a_text_of_megabytes_is_cut_into_pieces():
    long = "face " * 600_000
    items = parts(onnx(onnx_graph(FACE, ["y"]), f(14, pair("notes", long))))
    assert gaps(items) == {"limit"}
    assert max(len(item.text) for item in items if isinstance(item, Part)) <= 16_384


def test_a_vocabulary_is_no_list_of_classes():
    items = parts(onnx(onnx_graph(FACE, ["y"]), f(14, pair("vocab", "\n".join(f"w{i}" for i in range(5_000))))))
    assert "labels" not in {item.scope.kind for item in items if isinstance(item, Part)}
    assert "list" in {item.scope.kind for item in items if isinstance(item, Part)}


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "{0: 'a', 1: ",
        '{"0": "\\ud800", "1": "b"}',
        "[1e999, 9" + "9" * 5_000 + "]",
        "{}",
        "[]",
    ],
)
def test_metadata_that_is_no_sound_json(value):
    items = parts(onnx(onnx_graph(FACE, ["race_output"]), f(14, pair("k", value))))
    assert "race_output" in {item.text for item in items if isinstance(item, Part)}
    for item in items:
        if isinstance(item, Part):
            item.text.encode()


def test_400_megabytes_of_weights_cost_nothing(tmp_path: Path):
    size = 400 << 20
    before = f(1, onnx_node("Gemm", "head/Gemm", ["features", "w"], ["race_output"]))
    tensor = f(1, size // 4) + f(2, 1) + f(8, "w") + varint(9 << 3 | 2) + varint(size)
    after = f(2, "face_attributes") + f(12, onnx_value("race_output", [1, 5]))
    length = len(tensor) + size
    field = varint(5 << 3 | 2) + varint(length) + tensor
    path = tmp_path / "big.onnx"
    with path.open("wb") as file:
        file.write(f(1, 8) + varint(7 << 3 | 2) + varint(len(before) + len(field) + size + len(after)) + before + field)
        file.seek(size, os.SEEK_CUR)
        file.write(after + f(8, f(2, 17)))
    scan(str(path))  # what is imported and compiled once is no part of it
    tracemalloc.start()
    start = time.perf_counter()
    report = scan(str(path))
    took, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [finding.route for finding in report.findings] == [("model face_attributes", "race_output")]
    assert took < 2  # 0.1 s on an idle machine
    assert peak < 16 << 20


def test_a_neutral_model_with_all_the_trimmings_is_clean(tmp_path):
    path = tmp_path / "face.onnx"
    path.write_bytes(onnx_of(NEUTRAL) + f(14, pair("author", "a. person")) + f(14, pair("task", "classify")))
    assert scan(str(path)).status == "clean"
