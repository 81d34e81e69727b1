"""Atheris target: any model file into its editor; `StripError`, or a model whose kept weights are as they were.

The first byte chooses the kind; the rest is, for a description (TensorFlow.js JSON, the header of safetensors, the
pickle of PyTorch, a label map), the text itself, or, when the second byte is odd, and always for ONNX, edits of a good
one. Laws: those of `editing`; a result is read again by a reader of its own. ONNX models are planned, cut and written,
and never run: their weights are random numbers, and no machine learning library is asked what they say.

python tests/fuzz/fuzz_strip_models.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_strip_models.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import io
import json
import struct
import sys
import tempfile
import warnings
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "strip"))
sys.path.insert(0, str(Path(__file__).parent))
import editing

KINDS = ("tfjs", "safetensors", "torch", "labels", "onnx")
LABELS = ("labels.txt", "labels.json", "config.json", "data.yaml", "face.names", "map.pbtxt", "label_map.csv")
MIXED = ("Cat", "East Asian", "Dog", "Black")


def one(data: bytes) -> None:
    """Cut one model."""
    if len(data) < 2:
        return
    kind, how, body = KINDS[data[0] % len(KINDS)], data[1], data[2:]
    {"tfjs": _tfjs, "safetensors": _safetensors, "torch": _torch, "labels": _labels, "onnx": _onnx}[kind](how, body)


def _tfjs(how: int, body: bytes) -> None:
    files = dict(tfjs())
    files["model.json"] = editing.edited(files["model.json"], body) if how & 1 else body
    findings = [editing.finding("model m", "race_output")]
    written = editing.strip(("tfjs",), files, "model.json", findings, **_choice(how, "race_output"))
    if written:
        whole = files | {name: data for name, data in written.items() if data is not None}
        model = json.loads(whole["model.json"])
        shards = [path for group in model["weightsManifest"] for path in group["paths"]]
        assert all(shard in whole for shard in shards), "a shard is missing"


def _safetensors(how: int, body: bytes) -> None:
    files = dict(safetensors())
    weights = files["model.safetensors"]
    size = struct.unpack("<Q", weights[:8])[0]
    header, rest = weights[8 : 8 + size], weights[8 + size :]
    if how & 2:
        files["config.json"] = editing.edited(files["config.json"], body) if how & 1 else body
    else:
        header = editing.edited(header, body) if how & 1 else body
        files["model.safetensors"] = struct.pack("<Q", len(header)) + header + rest
    name = "config.json" if how & 4 else "model.safetensors"
    findings = [editing.finding("model m", "race_classifier", groups=("Black", "East Asian"))]
    written = editing.strip(("safetensors",), files, name, findings, **_choice(how, "race_head.weight"))
    after = (written or {}).get("model.safetensors")
    if after is None:
        return
    old, new = _tensors(files["model.safetensors"]), _tensors(after)
    assert new.keys() <= old.keys(), "another tensor"
    for key, value in new.items():
        assert value == old[key] or len(value) < len(old[key]), f"{key} changed"
    assert not any("race" in key for key in new), "the head still stands"


def _tensors(data: bytes) -> dict[str, bytes]:
    """Read safetensors as the format says."""
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    base = 8 + size
    return {key: data[base + row["data_offsets"][0] : base + row["data_offsets"][1]] for key, row in header.items()}


def _torch(how: int, body: bytes) -> None:
    members = dict(torch())
    at = "archive/data.pkl"
    members[at] = editing.edited(members[at], body) if how & 1 else body
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    findings = [editing.finding("model m", "race_classifier.bias")]
    written = editing.strip(
        ("torch",), {"m.pt": out.getvalue()}, "m.pt", findings, **_choice(how, "race_classifier.bias")
    )
    if written:
        new = _tensors(written["m.safetensors"] or b"")
        assert not any("race" in key.split(".")[0] for key in new), "the head still stands"
        stored = b"".join(members.values())
        assert how & 1 or all(value in stored for value in new.values() if len(value) > 16), "weights from nowhere"


def _labels(how: int, body: bytes) -> None:
    name = LABELS[how % len(LABELS)]
    findings = [editing.finding("labels f", attribute="ethnicity", operation="labels")]
    written = editing.strip(("labels",), {name: body}, name, findings)
    after = (written or {}).get(name)
    if after is None:
        return
    assert len(after) < len(body), "nothing went"
    if name.endswith(".json"):
        json.loads(after)


def _onnx(how: int, body: bytes) -> None:
    from untag.strip.base import StripError
    from untag.strip.onnx.graph import RefusedError

    model = editing.edited(onnx(how % 4 % 3), body)
    root, staging = editing.fresh({"m.onnx": model})
    choice = {"classes": ("Black",)} if how & 16 else {"outputs": ("race",)} if how & 8 else {}
    with contextlib.suppress(StripError, RefusedError):
        _cut(root, staging, choice)
    assert (root / "m.onnx").read_bytes() == model, "the input was changed"


def _cut(root: Path, staging: Path, choice: dict[str, tuple[str, ...]]) -> None:
    """Plan, cut, write and look at the structure: all of the editor but the run of both models."""
    from untag.strip.base import Choice, Edit, Unit
    from untag.strip.editors.onnx import EDITOR, _again, _made, _unsaid
    from untag.strip.onnx import structural
    from untag.strip.onnx.lean import open_model
    from untag.strip.onnx.write import write

    unit = Unit(root, "m.onnx", (editing.finding("model m", "output race"),), ("m.onnx",))
    if not EDITOR.takes(unit):
        return
    planned = list(EDITOR.plan(unit, Choice(**choice)))
    edits = [item for item in planned if isinstance(item, Edit) and item.safety != "manual"]
    if not edits or len(edits) != len(planned):
        return
    found = _again(edits)
    with open_model(unit.path, root) as lean:
        made = _made(lean, found, renormalise=False)
        names = write(lean, made, staging, unit.name)
        assert all((staging / name).is_file() for name in names), "a file is missing"
        with open_model(staging / unit.name, staging) as after:
            checks = [*structural.checks(lean, after, made), _unsaid(after.model, found)]
    assert checks, "no proof"


def _choice(how: int, name: str) -> dict[str, Any]:
    return {"outputs": (name,)} if how & 8 else {}


# -- good models -----------------------------------------------------------------------------------------------------


@cache
def tfjs() -> dict[str, bytes]:
    """Return the files of a small graph model."""
    from test_tfjs import Maker

    with tempfile.TemporaryDirectory() as folder:
        Maker((("race_output", 3), ("age_output", 2)), width=2).write(Path(folder), indent=None)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@cache
def safetensors() -> dict[str, bytes]:
    """Return weights and configuration of a small classifier with a head besides."""
    from test_safetensors import model

    with tempfile.TemporaryDirectory() as folder:
        model(Path(folder), labels=MIXED, **{"race_head.weight": (3, 4)})
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@cache
def torch() -> dict[str, bytes]:
    """Return the members of a state dict."""
    from test_torch import save, tensors

    out = io.BytesIO()
    save(out, tensors())
    with zipfile.ZipFile(out) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@cache
def onnx(which: int) -> bytes:
    """Return a small model with three heads: of their own, as classes of one output, or behind a Concat."""
    import numpy as np
    from onnx_models import Build

    build = Build(which)
    build.meta = {"labels": json.dumps(["White", "Black", "East Asian", "Male", "Female"])}
    build.input("input", ["N", 8])
    build.add("Gemm", ["input", build.weight("stem.w", 8, 8), build.weight("stem.b", 8)], "stem", transB=1)
    build.add("Relu", ["stem"], "features")
    sizes = {"race": 3, "gender": 2, "age": 4}
    if which == 1:
        build.add("Gemm", ["features", build.weight("fc.w", 5, 8), build.weight("fc.b", 5)], "output", transB=1)
        build.output("output", ["N", 5])
    else:
        for name, size in sizes.items():
            build.add("MatMul", ["features", build.weight(f"{name}.w", 8, size)], f"{name}_raw")
            build.add("Add", [f"{name}_raw", build.const(f"{name}.b", np.zeros(size, np.float32))], name)
            if which == 0:
                build.output(name, ["N", size])
        if which == 2:
            build.add("Concat", list(sizes), "all", axis=1)
            build.output("all", ["N", 9])
            build.output("race", ["N", 3])
    made: bytes = build.model().SerializeToString()
    return made


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    header = safetensors()["model.safetensors"]
    size = struct.unpack("<Q", header[:8])[0]
    texts = {
        "labels_txt": (0, "male\nfemale\nuyghur\nhan\ntibetan\n"), "labels_json": (1, '["male", "uyghur", "han", "tibetan"]'),
        "labels_map": (2, '{"id2label": {"0": "male", "1": "han", "2": "uyghur"}, "label2id": {"male": 0, "han": 1}}'),
        "labels_yaml": (3, "names: [male, uyghur, han]\nnc: 3\n"), "labels_pbtxt": (5, 'item { id: 1 name: "uyghur" }\n' * 2),
    }  # fmt: skip
    return {
        "tfjs": b"\x00\x00" + tfjs()["model.json"],
        "tfjs_edit": b"\x00\x09\x01\x00\x00\x7b",
        "safetensors": b"\x01\x00" + header[8 : 8 + size],
        "safetensors_config": b"\x01\x06" + safetensors()["config.json"],
        "torch": b"\x02\x00" + torch()["archive/data.pkl"],
        "torch_edit": b"\x02\x01\x00\x20\x00\x00",
        **{name: bytes((3, how)) + text.encode() for name, (how, text) in texts.items()},
        "onnx": b"\x04\x08",
        "onnx_classes": b"\x04\x11",
        "onnx_concat": b"\x04\x0a",
        "onnx_text": b"\x04\x08" + onnx(0).index(b"Relu_features").to_bytes(2) + b"\x00\xff",
        "onnx_edit": b"\x04\x08\x00\x40\x04\x02\x01\x20\x02\x03",
    }


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        editing.write(sys.argv[sys.argv.index("--seeds") + 1], samples())
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag.strip"]):
        for name in KINDS:
            editing.editor(name)
        import untag.strip.onnx.cleaned
        import untag.strip.onnx.write  # noqa: F401 - imported to be instrumented
    for made in (tfjs, safetensors, torch, lambda: onnx(0)):
        made()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
