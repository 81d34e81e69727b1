"""What the readers of weights yield, part by part, and what hostile files cost."""

from __future__ import annotations

import pickle
import struct
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensor_files import (
    GROUPS,
    Name,
    array,
    dtype,
    dumped,
    face_model,
    gguf,
    hdf5_bare,
    joblib,
    keras_config,
    keras_zip,
    npy,
    safetensors,
    state_dict,
    tensor,
    thing,
    torch_legacy,
    torch_zip,
)

from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts import artifact_reader
from untag.readers.base import Part

SEEDS = {
    "a.pkl": dumped(face_model(GROUPS)),
    "b.pkl": dumped({"a": array(GROUPS)}, 4),
    "c.joblib": joblib(GROUPS, padding=3),
    "d.pth": torch_legacy(state_dict()),
    "e.pt": torch_zip(state_dict(), "pass"),
    "f.npy": npy(GROUPS),
    "g.safetensors": safetensors({"a.b": (1, 2)}, {"k": "v"}),
    "h.gguf": gguf({"k": "v", "l": ["a", "b"]}, {"a.b": (1,)}),
    "i.keras": keras_zip(),
}


def read(name, data, seconds=20.0):
    reader = artifact_reader(data[:4096], name, data[-65557:])
    assert reader is not None, name
    return list(reader.parts(Blob((name,), data), Budget(), Deadline.after(seconds)))


def parts(name, data):
    return [item for item in read(name, data) if isinstance(item, Part)]


def gaps(name, data):
    return [item.reason for item in read(name, data) if isinstance(item, Gap)]


def test_state_dict_names_its_heads_with_shapes():
    found = {p.text: p for p in parts("face.pt", torch_zip(state_dict()))}
    head = found["race_head.weight"]
    assert (head.role, head.scope.kind, head.statement) == (
        "member",
        "outputs",
        "tensor race_head.weight float32[5, 512]",
    )
    assert head.scope.members == ("face_backbone", "race_head", "age_head", "gender_head")
    assert head.scope.parent.kind == "model"
    assert head.scope.parent.name == "face"


def test_ten_thousand_tensors_are_named_by_their_components():
    many = {f"encoder.layers.{at}.attention.weight": tensor("0", (4,)) for at in range(10_000)}
    found = parts("big.pt", torch_zip({"state_dict": many | {"race_head.weight": tensor("1", (5, 4))}}))
    names = [p.text for p in found if p.scope.kind == "outputs"]
    assert names == ["encoder.layers.0.attention.weight", "race_head.weight"]


def test_modules_of_a_whole_model():
    head = thing("torch.nn.Linear", _parameters={"weight": tensor("0", (5, 4))}, _modules={})
    net = thing(
        "faces.Net", _parameters={}, _modules={"race_head": head, "backbone": thing("torch.nn.Conv2d", _modules={})}
    )
    names = [p.text for p in parts("net.pth", torch_legacy(net)) if p.scope.kind == "outputs"]
    assert "race_head" in names
    assert "race_head.weight" in names


def test_labels_carry_their_whole_list():
    for name, data in (("a.pkl", dumped({"x": array(GROUPS)})), ("b.joblib", joblib(GROUPS)), ("c.npy", npy(GROUPS))):
        words = [p for p in parts(name, data) if p.scope.kind == "labels"]
        assert [p.text for p in words] == list(GROUPS), name
        assert words[0].scope.members == GROUPS
        assert words[0].role == "item"


def test_what_stands_behind_a_raw_array_is_read():
    assert "face image" in [p.text for p in parts("a.joblib", joblib(GROUPS))]
    assert "face image" in [p.text for p in parts("b.joblib", joblib(GROUPS, padding=11))]


def test_keys_attributes_and_classes():
    found = parts("m.pkl", dumped(thing("faces.RaceNet", race_map={"a": "x"}, age=3)))
    assert ("RaceNet", "declaration") in [(p.text, p.role) for p in found]
    assert ("race_map", "member") in [(p.text, p.role) for p in found]
    assert ("a", "key") in [(p.text, p.role) for p in found]


def test_storages_of_a_zip_are_not_touched():
    data = bytearray(torch_zip(state_dict(), storages=(b"race" * 64,)))
    items = read("face.pt", bytes(data))
    assert not [b for b in items if isinstance(b, Blob) and b"racerace" in bytes(b.data)]


def test_source_text_goes_on_as_a_file():
    source = "class RaceNet:\n    def forward(self, face):\n        return face\n\n" + "# filler\n" * 40
    blobs = [b for b in read("m.pkl", dumped({"source": source})) if isinstance(b, Blob)]
    assert [bytes(b.data).decode() for b in blobs] == [source]


def test_keras_outputs():
    found = parts("m.keras", keras_zip())
    outputs = [p for p in found if p.scope.kind == "outputs"]
    assert [p.text for p in outputs] == ["race_output", "age_output", "gender_output"]
    assert outputs[0].statement == "output race_output Dense 5 softmax"


def test_hdf5_without_its_library(monkeypatch):
    from untag.readers.artifacts.tensors import hdf5

    monkeypatch.setattr(hdf5, "find_spec", lambda _: None)
    texts = {p.text for p in parts("m.h5", hdf5_bare(("conv1", "race_head"), keras_config()))}
    assert {"race_head", "race_output"} <= texts


def test_a_value_that_holds_itself_many_times():
    value = ["race"]
    for _ in range(200):
        value = [value] * 50
    loop = []
    loop.append(loop)
    start = time.monotonic()
    found = parts("bomb.pkl", pickle.dumps({"a": value, "b": loop, "c": "end"}))
    assert "end" in [p.text for p in found]
    assert time.monotonic() - start < 2


def test_deep_nesting():
    data = b"\x80\x02" + b"]" * 50_000 + b"X\x04\0\0\0race" + b"a" * 50_000 + b"."
    assert [p.text for p in parts("deep.pkl", data)] == ["race"]
    nested = b"\x80\x02X\x04\0\0\0race" + b"\x85" * 50_000 + b"."
    assert "race" in [p.text for p in parts("deep2.pkl", nested)]


def test_lengths_that_lie():
    for tail in (
        b"B\xff\xff\xff\xff",
        b"\x8e" + b"\xff" * 8,
        b"X\xff\xff\xff\x7f",
        b"\x8b\xff\xff\xff\x7f",
        b"\x95" + b"\xff" * 8,
    ):
        items = read("lie.pkl", b"\x80\x04]\x94X\x04\0\0\0race" + tail)
        assert "race" in [p.text for p in items if isinstance(p, Part)]
        assert [i.reason for i in items if isinstance(i, Gap)] == ["truncated"]


def test_a_pickle_of_many_values_stays_in_its_room(monkeypatch):
    from untag.readers.artifacts.tensors import opcodes

    shared = [f"label {at}" for at in range(7)]
    data = pickle.dumps({f"word number {at}": [shared[at % 7]] for at in range(20_000)} | {"last": ["the end"]}, 4)
    whole = {p.text for p in parts("v.pkl", data)}
    monkeypatch.setattr(opcodes, "FULL", 1 << 20)
    tracemalloc.start()
    drained = {p.text for p in parts("v.pkl", data)}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {*shared, "the end"} <= drained
    assert drained == whole
    assert peak < 16 << 20


def test_a_pickle_that_outgrows_its_room(monkeypatch):
    from untag.readers.artifacts.tensors import opcodes

    monkeypatch.setattr(opcodes, "ROOM", 1 << 20)
    monkeypatch.setattr("untag.readers.artifacts.tensors.pickles.ROOM", 1 << 20)
    data = b"\x80\x02X\x04\0\0\0race" + b"X\x03\0\0\0abc" * 20_000 + b"."
    items = read("v.pkl", data)
    assert [i.reason for i in items if isinstance(i, Gap)] == ["limit"]
    assert "race" in [p.text for p in items if isinstance(p, Part)]


def test_gguf_that_nests_without_end():
    data = gguf({"race": "x"}, {})
    data = data[:16] + struct.pack("<Q", 2) + data[24:] + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 9)
    items = read("a.gguf", data + struct.pack("<IQ", 9, 1) * 50)
    assert [i.reason for i in items if isinstance(i, Gap)] == ["limit"]
    assert "race" in [p.text for p in items if isinstance(p, Part)]
    assert gaps("b.gguf", b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1 << 60)) == ["corrupt"]


def test_safetensors_that_lie():
    text = b'{"race_head.weight": {"dtype": "F32", "shape": [5, 2], "data_offsets": [0, 9'
    items = read("a.safetensors", struct.pack("<Q", 5_000) + text)
    assert [i.reason for i in items if isinstance(i, Gap)] == ["truncated"]
    assert "tensor race_head.weight F32[5, 2]" in [p.statement for p in items if isinstance(p, Part)]
    deep = b'{"a":' + b"[" * 100_000
    assert gaps("b.safetensors", struct.pack("<Q", len(deep)) + deep) == ["corrupt"]


def test_npy_that_lies():
    with pytest.raises(ReadError):
        read("a.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 31) + b"{")
    big = npy(GROUPS).replace(b"(5,)", b"(9,)")
    assert gaps("b.npy", big) == ["truncated"]


def test_joblib_arrays_that_lie():
    from tensor_files import Raw

    for shape in ((1 << 60,), (1 << 40, 1 << 40), ("a",), (-1,)):
        data = dumped({"race": "x", "a": Raw(dtype("f8", 8), shape, b"12345678")}, 3)
        items = read("a.joblib", data)
        assert "x" in [p.text for p in items if isinstance(p, Part)]
        assert [i for i in items if not isinstance(i, Part)]


def test_names_only():
    found = parts("a.pkl", dumped([Name("faces.race", "RaceClassifier"), {"k": 1}]))
    assert "RaceClassifier" in [p.text for p in found]


def survives(name, data):
    reader = artifact_reader(data[:4096], name, data[-65557:])
    if reader is None:
        return
    try:
        for item in reader.parts(Blob((name,), data), Budget(unpacked=64 << 20), Deadline.after(10)):
            assert isinstance(item, Part | Blob | Gap)
    except ReadError:
        pass


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(SEEDS)),
    st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=8)), max_size=4),
    st.integers(0, 60),
)
def test_mutations_raise_nothing_else(name, edits, cut):
    data = bytearray(SEEDS[name])
    for place, piece in edits:
        at = place % len(data)
        data[at : at + len(piece)] = piece
    survives(name, bytes(data[: len(data) - cut]))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            b"\x80\x02",
            b"\x80\x04\x95",
            b"\x80\x03}q\0(",
            b"GGUF\x03\0\0\0",
            b"\x93NUMPY\x01\0",
            b'\x40\0\0\0\0\0\0\0{"',
            b"PK\x03\x04",
        ]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_raise_nothing_else(head, rest):
    survives("x.pkl", head + rest)
