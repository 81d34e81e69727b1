"""Model formats that hold a graph: ONNX, TensorFlow, TFLite, CoreML, Caffe and kin.

Every name, label, description and metadata entry is read; no tensor is. Most are protocol
buffers, read by `wire`; TFLite and MNN are flatbuffers, read by `flat`. TF.js, OpenVINO,
NCNN, Darknet, Caffe's prototxt and Triton's configuration are text, which text readers read;
``.task``, ``.mlpackage`` and ``.mar`` are zips or folders, whose members come here on their own.

An engine of TensorRT is compiled: its bytes are searched for strings, and a report on it says
that only the model it was built from can be cut.
"""

from __future__ import annotations

from typing import Final

from untag.readers.artifacts.door import Door
from untag.readers.plain import is_tfjs

PRINT: Final = 0x20
"""The first printable character of ASCII."""


def _versioned(head: bytes, name: str) -> bool:
    """Whether a message begins with a small number, as ONNX, CoreML and SavedModel do with their version."""
    return (head[:1] == b"\x08" and len(head) > 2 and head[1] < 0x80) or name.endswith((".onnx", ".mlmodel"))  # noqa: PLR2004


def _nested(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam's
    """Whether a message begins with a message or a text in its first field."""
    return head[:1] == b"\x0a" and len(head) > 3  # noqa: PLR2004


def _caffe(head: bytes, name: str) -> bool:
    """Whether a net's name, or a layer, stands first."""
    return _nested(head, name) or name.endswith(".caffemodel")


def _tfjs(head: bytes, name: str) -> bool:
    """Whether a model of TensorFlow.js begins here: JSON, which is plain text to all that do not ask."""
    return name.endswith(".json") and is_tfjs(head)


DOORS: Final[tuple[Door, ...]] = (
    Door("tflite", 1, ("tflite",), ("models.tflite", "TfLite"), lambda head, _: head[4:8] == b"TFL3"),
    Door("mnn", 1, ("mnn",), ("models.mnn", "Mnn"), lambda _, name: name.endswith(".mnn")),
    Door("coreml", 1, ("coreml",), ("models.coreml", "CoreMl"), _versioned),
    Door("savedmodel", 1, ("savedmodel",), ("models.tensorflow", "SavedModel"), _versioned),
    Door("onnx", 1, ("onnx",), ("models.onnx", "Onnx"), _versioned),
    Door("paddle", 1, ("paddle",), ("models.paddle", "Paddle"), _nested),
    Door("tensorflow", 1, ("frozen-pb", "metagraph"), ("models.tensorflow", "Frozen"), _nested),
    Door("caffe", 1, ("caffemodel",), ("models.caffe", "Caffe"), _caffe),
    Door("tfjs", 1, ("tfjs",), ("models.tfjs", "TfJs"), _tfjs),
    Door("tensorrt", 1, ("tensorrt",), ("models.tensorrt", "TensorRt"), lambda head, _: head[4:6] in (b'{"', b"{'")),
)
