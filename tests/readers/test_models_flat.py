"""Flatbuffers: TFLite with metadata, signatures and label files, MNN, and offsets that lie."""

from __future__ import annotations

import struct

import pytest
from model_bytes import BREEDS, LABELS, NEUTRAL, PROTECTED, Table, flat, mnn, tflite
from model_texts import task

from untag import scan
from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.models.flat import Flat
from untag.readers.artifacts.models.mnn import Mnn
from untag.readers.artifacts.models.tflite import TfLite
from untag.readers.base import Part

PLAIN = {"outputs": ["Identity", "Identity_1"], "labels": [], "key": ""}


def routes(report) -> set[tuple[str, ...]]:
    return {finding.route for finding in report.findings}


def parts(data: bytes, reader=TfLite) -> list[Part | Blob | Gap]:
    return list(reader().parts(Blob(("face.tflite",), data), Budget(), Deadline.after(20)))


@pytest.mark.parametrize(
    ("name", "labels", "status"), [("race.txt", LABELS, "blocked"), ("dog_breed.txt", BREEDS, "clean")]
)
def test_label_files_behind_a_model_are_its_labels(tmp_path, name, labels, status):
    path = tmp_path / "face.tflite"
    case = {"outputs": [name.removesuffix(".txt")], "labels": labels, "key": ""}
    path.write_bytes(tflite(case, zipped={name: "\n".join(labels), "readme.md": "About this model."}))
    report = scan(str(path))
    assert not report.gaps
    assert report.status == status
    if status == "blocked":
        assert any(route[-1].startswith("labels race race.txt") for route in routes(report))
    assert report.coverage.files == 2


def test_other_files_behind_a_model_are_read_as_files(tmp_path):
    path = tmp_path / "face.tflite"
    path.write_bytes(
        tflite(PLAIN, zipped={"app.py": "from deepface import DeepFace\nDeepFace.analyze(img_path=frame)\n"})
    )
    report = scan(str(path))
    assert {finding.trail for finding in report.findings} == {("face.tflite", "app.py")}


def test_files_behind_a_model_that_climb_out_are_told(tmp_path):
    path = tmp_path / "face.tflite"
    path.write_bytes(tflite(PLAIN, zipped={"../../race_labels.txt": "\n".join(LABELS)}))
    report = scan(str(path))
    assert "unsafe_path" in {gap.reason for gap in report.gaps}


def test_a_task_is_opened_and_its_models_read(tmp_path):
    path = tmp_path / "face.task"
    path.write_bytes(task(PROTECTED))
    report = scan(str(path))
    assert ("model face_attributes", "race_output") in routes(report)
    path.write_bytes(task(NEUTRAL))
    assert scan(str(path)).status == "clean"


def test_a_string_tensor_is_a_list_of_labels():
    words = [word.encode() for word in LABELS]
    ends = [4 + 4 * (len(words) + 1)]
    for word in words:
        ends.append(ends[-1] + len(word))
    data = struct.pack(f"<{len(ends) + 1}I", len(words), *ends) + b"".join(words)
    tensor = Table({0: [6], 1: ("u8", 5), 2: 1, 3: "face_race_labels"})
    root = Table({0: 3, 2: [Table({0: [tensor], 1: [], 2: [0], 4: "main"})], 4: [Table({}), Table({0: data})]})
    items = [item for item in parts(flat(root, b"TFL3")) if isinstance(item, Part) and item.role == "item"]
    assert [item.text for item in items] == LABELS
    assert items[0].scope.members == tuple(LABELS)


def test_buffers_behind_the_flatbuffer_are_read():
    text = b"min_runtime"
    root = Table({0: 3, 2: [], 4: [Table({}), Table({1: 0, 2: 0})], 6: [Table({0: "note", 1: 1})]})
    data = flat(root, b"TFL3")
    assert not any(isinstance(item, Gap) for item in parts(data + text))


def test_a_signature_of_no_graph_and_an_index_of_no_tensor_are_no_fault():
    signature = Table({0: [], 1: [Table({0: "race_output", 1: 999})], 2: "serving", 4: 77})
    root = Table({0: 3, 2: [Table({0: [], 1: [-1, 5], 2: [1 << 30]})], 4: [], 7: [signature]})
    items = parts(flat(root, b"TFL3"))
    assert "race_output" in {item.text for item in items if isinstance(item, Part)}
    assert not any(isinstance(item, Gap) for item in items)


@pytest.mark.parametrize("reader", [TfLite, Mnn])
def test_no_offset_leads_out(reader):
    data = tflite(PROTECTED) if reader is TfLite else mnn(PROTECTED)
    for at in range(8, len(data) - 4, 4):
        for value in (0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, len(data), 1):
            parts(data[:at] + struct.pack("<I", value) + data[at + 4 :], reader)


@pytest.mark.parametrize("reader", [TfLite, Mnn])
def test_no_cut_raises(reader):
    data = tflite(PROTECTED) if reader is TfLite else mnn(PROTECTED)
    for end in range(0, len(data), 7):
        assert any(isinstance(item, Gap) for item in parts(data[:end], reader)) or end > 8


def test_tables_that_are_one_table_are_counted(monkeypatch):
    monkeypatch.setattr("untag.readers.artifacts.models.flat.TABLES", 5_000)
    root = Table({0: 3, 2: [Table({0: [Table({3: "t"})], 1: [], 2: []})], 4: []})
    data = bytearray(flat(root, b"TFL3"))
    view = Flat(data)
    graph = next(view.tables(view.root(), 2))
    tensors, _ = view.vector(graph, 0)
    table = view.follow(tensors)
    where = len(data)
    data += struct.pack("<I", 100_000)
    data += b"".join(struct.pack("<I", (table - (where + 4 + 4 * i)) & 0xFFFFFFFF) for i in range(100_000))
    struct.pack_into("<I", data, view.field(graph, 0), where - view.field(graph, 0))
    assert {item.reason for item in parts(bytes(data)) if isinstance(item, Gap)} & {"limit", "truncated", "corrupt"}


@pytest.mark.parametrize("data", [b"", b"\x1c\0\0\0", b"\x1c\0\0\0TFL3", b"\xff\xff\xff\xffTFL3" + b"\0" * 40])
def test_next_to_nothing(data):
    assert any(isinstance(item, Gap) for item in parts(data))


def test_reads_are_checked():
    with pytest.raises(ReadError):
        Flat(b"\0\0").u32(0)
    with pytest.raises(ReadError):
        Flat(b"\0\0\0\0").byte(-1)
    with pytest.raises(ReadError):
        Flat(b"\xff\xff\0\0").text_at(0)
