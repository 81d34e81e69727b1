"""Weights and pickles through the whole scan: planted labels are found, their neutral twins are not."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import struct
import sys
import zlib

import pytest
from tensor_files import (
    GROUPS,
    NEUTRAL,
    array,
    dumped,
    face_model,
    gguf,
    hdf5_bare,
    joblib,
    joblib_objects,
    keras_config,
    keras_zip,
    mar,
    npz,
    objects,
    safetensors,
    state_dict,
    torch_legacy,
    torch_zip,
)

from untag import scan

CODE = """
class FaceAttributes(Module):
  def predict_{head}(self, face_image: Tensor) -> Tensor:
    # infers the {head} of the face in the image
    return self.{head}_head(face_image)
"""


def heads(head):
    return {"face_backbone.conv1.weight": (64, 3, 3), f"{head}_head.weight": (5, 512), "age_head.weight": (9, 512)}


def made(head):
    words = GROUPS if head == "race" else NEUTRAL
    shapes = heads(head)
    return {
        "plain.pkl": dumped(face_model(words, head)),
        "protocol4.pkl": dumped(face_model(words, head), 4),
        "protocol5.pickle": dumped(face_model(words, head), 5),
        "array.pkl": dumped({f"face_{head}": array(words), "face_image": "x"}),
        "objects.pkl": dumped({f"face_{head}": objects(words)}),
        "bytes.pkl": dumped({f"face_{head}": [word.encode() for word in words]}, 4),
        "index.pkl": dumped({f"face_{head}_to_idx": {word: at for at, word in enumerate(words)}}),
        "new.pt": torch_zip(state_dict(head)),
        "script.pt": torch_zip({}, CODE.format(head=head)),
        "old.pth": torch_legacy(state_dict(head)),
        "arrays.joblib": joblib(words, head),
        "aligned.joblib": joblib(words, head, 5),
        "objects.joblib": joblib_objects(words) if head == "race" else dumped({"face": list(words)}),
        "zlib.joblib": zlib.compress(joblib(words, head)),
        "gzip.joblib": gzip.compress(joblib(words, head)),
        "bz2.joblib": bz2.compress(joblib(words, head)),
        "xz.joblib": lzma.compress(joblib(words, head)),
        "labels.npz": npz(**{f"predicted_face_{head}_labels": words}),
        "faces.safetensors": safetensors(shapes, {"labels": json.dumps(words), "task": "face attributes"}),
        "faces.gguf": gguf({"general.name": "faces", f"face.{head}.labels": list(words)}, shapes),
        "faces.keras": keras_zip(head),
        "faces.mar": mar(words),
    }


NAMES = sorted(made("race"))


def actions(path):
    return [d.action for d in scan(str(path)).decisions]


@pytest.mark.parametrize("name", NAMES)
def test_planted_labels_are_found(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(made("race")[name])
    report = scan(str(path))
    found = [f for f in report.findings if f.attribute in ("race", "ethnicity")]
    assert found, report
    assert any(d.action in ("block", "warn") for d in report.decisions)
    assert all("model" in " ".join(f.route) or f.trail[-1].endswith((".py", ".json")) for f in found)
    assert not report.gaps


@pytest.mark.parametrize("name", NAMES)
def test_neutral_twins_are_clean(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(made("dog_breed")[name])
    report = scan(str(path))
    assert not [d for d in report.decisions if d.action in ("block", "warn")]
    assert report.status == "clean", report.gaps
    assert report.coverage.parsed


@pytest.mark.parametrize("name", ["plain.pkl", "arrays.joblib", "old.pth", "faces.safetensors", "faces.gguf", "new.pt"])
def test_cut_files_keep_what_was_read(tmp_path, name):
    whole = made("race")[name]
    cut = {
        "old.pth": whole.find(b"race_head.weight") + 400,
        "arrays.joblib": len(whole) - 9,
        "plain.pkl": len(whole) - 9,
    }
    path = tmp_path / name
    path.write_bytes(whole[: cut.get(name, len(whole) - 8)])
    report = scan(str(path))
    assert report.findings
    assert {"truncated", "corrupt"} & {gap.reason for gap in report.gaps}


def test_a_bad_opcode_behind_good_ones(tmp_path):
    good = dumped(face_model(GROUPS))
    path = tmp_path / "broken.pkl"
    path.write_bytes(good[:-1] + b"\xff\xfe nothing of this is an opcode" + b"race_output" * 3)
    report = scan(str(path))
    assert [gap.reason for gap in report.gaps] == ["corrupt"]
    assert "block" in [d.action for d in report.decisions]


def test_a_pickle_behind_a_pickle_is_read(tmp_path):
    path = tmp_path / "two.pkl"
    path.write_bytes(dumped({"version": "1"}) + dumped(face_model(GROUPS)))
    assert "block" in actions(path)


def test_what_stands_behind_a_pickle_is_searched(tmp_path):
    path = tmp_path / "tail.pkl"
    path.write_bytes(
        dumped({"version": "1"}) + b"\n\ndef predict_race(face_image):\n    return race_model(face_image)\n" * 3
    )
    assert scan(str(path)).findings


def test_nothing_is_run(tmp_path):
    witness = tmp_path / "witness"
    path = tmp_path / "evil.pkl"
    path.write_bytes(
        b"\x80\x02cos\nsystem\nX" + struct.pack("<I", len(str(witness)) + 6) + f"touch {witness}".encode() + b"\x85R."
    )
    assert scan(str(path)).coverage.parsed == 1
    assert not witness.exists()


def test_a_bomb_of_zlib_is_capped(tmp_path):
    machine = zlib.compressobj(9)
    packed = machine.compress(dumped(face_model(GROUPS))[:-1])
    for _ in range(80):
        packed += machine.compress(b"0" * (1 << 20))
    path = tmp_path / "bomb.joblib"
    path.write_bytes(packed + machine.flush())
    report = scan(str(path))
    assert "limit" in {gap.reason for gap in report.gaps}


def test_lz4_by_its_library(tmp_path):
    frames = pytest.importorskip("lz4.frame")
    packed = frames.compress(joblib(GROUPS))
    path = tmp_path / "m.joblib"
    path.write_bytes(packed)
    assert "block" in actions(path)
    path.write_bytes(packed[:-20])
    assert [gap.reason for gap in scan(str(path)).gaps] == ["truncated"]
    path.write_bytes(frames.compress(dumped(1)[:-1] + b"0" * (100 << 20)))
    assert "limit" in {gap.reason for gap in scan(str(path)).gaps}


def test_lz4_without_its_library(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lz4", None)
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    path = tmp_path / "m.joblib"
    path.write_bytes(b"\x04\x22\x4d\x18" + bytes(100))
    assert [gap.reason for gap in scan(str(path)).gaps] == ["missing_extra"]


def test_a_stowaway_in_a_torch_zip_is_read(tmp_path):
    data = torch_zip({"version": "1"})
    at = data.index(b"PK\x01\x02")
    hidden = b"\ndef predict_race(face_image):\n    return race_model(face_image)\n" * 3
    path = tmp_path / "m.pt"
    start = struct.pack("<I", at + len(hidden))
    path.write_bytes(data[:at] + hidden + data[at:-6] + start + data[-2:])
    assert scan(str(path)).findings


def test_a_missing_extra_is_a_gap(tmp_path, monkeypatch):
    from untag.readers.artifacts.tensors import hdf5

    monkeypatch.setattr(hdf5, "find_spec", lambda _: None)
    path = tmp_path / "face.h5"
    path.write_bytes(hdf5_bare(("face_backbone", "race_head", "age_head"), keras_config()))
    report = scan(str(path))
    assert [gap.reason for gap in report.gaps] == ["missing_extra"]
    assert "block" in [d.action for d in report.decisions]
    path.write_bytes(hdf5_bare(("face_backbone", "dog_breed_head"), keras_config("dog_breed")))
    assert not [d for d in scan(str(path)).decisions if d.action in ("block", "warn")]


@pytest.mark.parametrize("head", ["race", "dog_breed"])
def test_hdf5_by_its_library(tmp_path, head):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "face.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = keras_config(head)
        file.attrs["layer_names"] = [b"face_backbone", f"{head}_output".encode()]
        file.create_dataset(f"model_weights/{head}_output/kernel:0", (512, 5), "f4")
        file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")
    report = scan(str(path))
    assert [gap.reason for gap in report.gaps] == ["link"]
    assert ("infers" in [f.operation for f in report.findings]) == (head == "race")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert scan(str(path)).gaps
    path.write_bytes(data[:96] + b"\xff" * 64 + data[160:])
    assert scan(str(path)).gaps


def test_persons_in_a_table_are_not_quoted(tmp_path):
    rows = [
        {"name": "Ada Ex", "race": "African"},
        {"name": "Bo Why", "race": "Asian"},
        {"name": "Cy Zed", "race": "Indian"},
    ]
    path = tmp_path / "faces.pkl"
    path.write_bytes(dumped({"face_images": rows}))
    report = scan(str(path))
    assert not [
        f for f in report.findings if any(name in f.excerpt + f.message for name in ("Ada", "African", "Bo Why"))
    ]
