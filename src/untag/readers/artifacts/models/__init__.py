"""Model formats that hold a graph: ONNX, TensorFlow, TFLite, CoreML, Caffe and kin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door

DOORS: Final[tuple[Door, ...]] = ()
