"""Weights and pickles: PyTorch, joblib, safetensors, GGUF, HDF5 and Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from untag.readers.artifacts.door import Door

DOORS: Final[tuple[Door, ...]] = ()
