"""Model files that are not cut: compiled engines, and formats whose weights no one but their framework can rewrite.

What was found is named, with what would make a removal possible: nearly always the source model, cut and converted
again.
"""

# ruff: noqa: E501 - rows of a table
from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import Edit, Outcome, Refusal, StripError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit

HEAD: Final = 4_096
"""Bytes by which a format is known."""
AGAIN: Final = "cut the source model (as ONNX, with untag), and convert it again"


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is refused."""

    title: str
    endings: tuple[str, ...]
    """Endings of file names, in lower case; empty when its mark says enough."""
    marks: tuple[bytes, ...]
    """One of these stands in the first bytes; empty when the ending says enough."""
    at: int
    """Where the mark stands, -1 for anywhere in the head."""
    reason: str
    needed: str = AGAIN


FORMATS: Final = (
    Format("a TensorRT engine", (), (b"ptrt", b"ftrt"), 0, "an engine is compiled for one kind of device: its layers are fused"),
    Format("a TensorRT engine", (".engine", ".trt", ".plan"), (), 0, "an engine is compiled for one kind of device"),
    Format("a GGUF model", (), (b"GGUF",), 0, "its tensors are quantised in blocks that hold several rows"),
    Format("a Keras or HDF5 file", (), (b"\x89HDF\r\n\x1a\n",), 0, "cut parts of an HDF5 file stay in it as free space", "load the model in a place of your own, take the layer out, and save it again; or convert it to ONNX and cut that"),
    Format("an MNN model", (".mnn",), (), 0, "its layers are fused for its own engine"),
    Format("an NCNN model", (".param",), (b"7767517",), 0, "its weights lie in another file, in the order of the layers"),
    Format("NCNN weights", (".ncnn.bin",), (), 0, "its layers stand in another file"),
    Format("a Caffe model", (".caffemodel",), (), 0, "its layers are not traced by untag"),
    Format("a Caffe network", (".prototxt",), (b"layer",), -1, "its weights lie in a caffemodel that is not cut"),
    Format("a Paddle model", (".pdmodel", ".pdiparams", ".pdparams"), (), 0, "its weights lie in another file, by the order of the names"),
    Format("a Darknet network", (".cfg",), (b"[net]", b"[convolutional]"), -1, "its weights lie in another file, in the order of the layers"),
    Format("Darknet weights", (".weights",), (), 0, "its layers stand in another file"),
    Format("a Core ML model", (".mlmodel", ".mlpackage", ".mil"), (), 0, "its layers are not traced by untag"),
    Format("an OpenVINO model", (".xml",), (b"<net ",), -1, "its weights lie in another file, by offset"),
    Format("a TensorFlow graph", (".pb", ".ckpt", ".meta", ".index"), (), 0, "its variables are not traced by untag", "convert it to ONNX or TensorFlow.js and cut that"),
    Format("a TensorFlow graph", (".pbtxt",), (b"node",), -1, "its variables are not traced by untag", "convert it to ONNX or TensorFlow.js and cut that"),
    Format("a TensorFlow checkpoint", (".data-00000-of-00001",), (), 0, "its variables are not traced by untag", "convert it to ONNX or TensorFlow.js and cut that"),
    Format("a Flax checkpoint", (".msgpack",), (), 0, "its tree is not traced by untag", "save it as safetensors and cut that"),
    Format("a pickled model", (".joblib", ".pkl", ".pickle", ".sav", ".dill", ".model"), (b"\x80", b"(", b"c", b"]", b"}", b"x", b"\x1f\x8b", b"ZF"), 0, "a pickle cannot be changed without being run, and what an estimator learnt of a class cannot be cut from it", "train it again without the labels"),
    Format("a PyTorch file", (".pt", ".pth", ".bin", ".ckpt", ".tar"), (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", b"\x80"), 0, "it is no plain state dict", "save model.state_dict() with torch.save or safetensors"),
)  # fmt: skip
"""In order of certainty: what a mark says before what an ending says."""
KERAS: Final = Format(
    "a Keras model", (".keras",), (), 0, "its weights lie in an HDF5 file inside a zip", FORMATS[3].needed
)
TASK: Final = Format(
    "a bundle of MediaPipe",
    (".task",),
    (),
    0,
    "its models stand in a zip with offsets",
    "unpack it, cut the models, and bundle it again",
)


class Opaque:
    """Refuses model files that no other editor cuts."""

    name = "opaque"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is one of the formats that are named here."""
        return _format(unit) is not None

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield why each finding of the file stays, and what the caller names of it."""
        form = _format(unit)
        if form is None:
            return
        reason = f"{unit.name.rsplit('/', 1)[-1]} is {form.title}: {form.reason}"
        for finding in unit.findings:
            target = " › ".join(finding.route) or finding.excerpt[:120] or finding.term
            yield Refusal(unit.name, target, reason, form.needed, (finding.fingerprint,))
        for name in (*choice.outputs, *choice.classes) if unit.alone else ():
            yield Refusal(unit.name, name, reason, form.needed)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],  # noqa: ARG002 - the seam's
        staging: Path,  # noqa: ARG002
        progress: Callable[[str], None] | None = None,  # noqa: ARG002
    ) -> Outcome:
        """Never done: the plan has no edits."""
        raise StripError(f"{unit.name} is not cut by untag: {AGAIN}")


def _format(unit: Unit) -> Format | None:
    lower = unit.name.lower()
    try:
        with unit.path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return None
    if head[:4] == b"PK\x03\x04":
        return _packed(unit, lower)
    for form in FORMATS:
        if form.endings and not lower.endswith(form.endings):
            continue
        # what only its ending names must be binary: ``deploy.plan`` may be anybody's notes
        if any(_stands(mark, form.at, head) for mark in form.marks) if form.marks else b"\0" in head:
            return form
    return None


def _stands(mark: bytes, at: int, head: bytes) -> bool:
    return mark in head if at < 0 else head[at : at + len(mark)] == mark


def _packed(unit: Unit, lower: str) -> Format | None:
    """Return the format of a zip: Keras, MediaPipe, or what its ending says of a model."""
    if lower.endswith(TASK.endings):
        return TASK
    if not lower.endswith((*KERAS.endings, ".mlpackage", ".zip")):
        return None
    try:
        with zipfile.ZipFile(unit.path) as packed:
            names = set(packed.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return KERAS if {"config.json", "model.weights.h5"} <= names else None


EDITOR: Final = Opaque()
