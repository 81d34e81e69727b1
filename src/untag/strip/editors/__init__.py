"""The editors, in the order in which they are asked: the first that takes a file plans it.

Named as modules that hold one `EDITOR` each, and imported when a file of their kind is met: a model editor
brings heavy libraries. Order matters where two could: a model before the label map beside it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.strip.base import Editor

EDITORS: Final[tuple[str, ...]] = (
    "onnx",
    "tfjs",
    "safetensors",
    "torch",
    "tflite",
    "opaque",
    "archive",
    "tables",
    "sqlite",
    "annotations",
    "openapi",
    "protobuf",
    "graphql",
    "xsd",
    "labels",
    "migration",
    "source",
    "text",
)
"""Module names below this package."""


def editors() -> Iterator[Editor]:
    """Yield the editors in order, each imported when its turn comes."""
    for name in EDITORS:
        yield cast("Editor", import_module(f"untag.strip.editors.{name}").EDITOR)
