"""The configuration of a Keras model, as JSON: its layers, and which of them are outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.limits import MEMBERS
from untag.model import Scope
from untag.readers.artifacts.tensors.naming import LONGEST, short
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.model import Blob
    from untag.readers.artifacts.tensors.walk import Walk

NESTED: Final = 8
"""Models as layers of models."""
USUAL: Final = (
    *("class_name", "name", "module", "registered_name", "activation", "dtype", "inbound_nodes", "input_layers"),
    *("output_layers", "output_names", "kernel_initializer", "bias_initializer", "data_format", "padding"),
)
"""Keys of a configuration whose values are told already, or are words of Keras itself."""
LAYERS: Final = 50_000
"""Layers of one model that are named."""


def parts(text: str, model: Scope, walk: Walk) -> Iterator[Part | Blob]:
    """Yield the layers and outputs of a model's configuration, then all that it says besides."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        yield Part(short(text), "string", Scope("metadata", "model_config", parent=model))
        return
    yield from _layers(config, model, 0)
    yield from _rest(config, model, walk)


def _layers(config: Any, model: Scope, depth: int) -> Iterator[Part]:
    """Yield the layers of one model: outputs by name and size, the others as its members."""
    inner = config.get("config") if isinstance(config, dict) else None
    layers = inner if isinstance(inner, list) else inner.get("layers") if isinstance(inner, dict) else None
    if not isinstance(layers, list) or depth > NESTED:
        return
    rows = [_named(layer) for layer in layers[:LAYERS] if isinstance(layer, dict)]
    outputs = _outputs(inner.get("output_layers")) if isinstance(inner, dict) else []
    outputs = outputs or ([rows[-1][0]] if rows else [])
    shapes = dict(rows)
    scope = Scope("outputs", "", tuple(outputs[:MEMBERS]), parent=model)
    for name in outputs:
        yield Part(name, "member", scope, short(f"output {name} {shapes.get(name, '')}".rstrip()))
    body = Scope("model", model.name, tuple(name for name, _ in rows[:MEMBERS]), parent=model.parent)
    for name, what in rows:
        if name and name not in outputs:
            yield Part(name, "member", body, short(f"layer {name} {what}".rstrip()))
    for layer in layers[:LAYERS]:
        if isinstance(layer, dict) and isinstance(layer.get("config"), dict) and "layers" in layer["config"]:
            yield from _layers(layer, model, depth + 1)


def _rest(config: Any, model: Scope, walk: Walk) -> Iterator[Part | Blob]:
    """Yield the lists of words and the free text in a configuration, such as a lookup's vocabulary."""
    scope = Scope("metadata", "model_config", parent=model)
    todo: list[tuple[str, Any]] = [("", config)]
    while todo:
        key, value = todo.pop()
        if isinstance(value, dict):
            todo += [(str(k), v) for k, v in value.items() if k not in USUAL]
        elif isinstance(value, list) and value and all(isinstance(x, str) for x in value):
            yield from walk.values([{key: value}], scope)
        elif isinstance(value, list):
            todo += [(key, x) for x in value if isinstance(x, dict | list)]
        elif isinstance(value, str) and not value.replace("_", "").isalnum():
            yield Part(value[:LONGEST], "value", scope, short(f"{key}: {value}"))


def _named(layer: dict[str, Any]) -> tuple[str, str]:
    """Return a layer's name, and its class with size and activation."""
    inner = layer.get("config")
    inner = inner if isinstance(inner, dict) else {}
    name = layer.get("name") or inner.get("name") or ""
    words = [layer.get("class_name"), inner.get("units") or inner.get("filters"), inner.get("activation")]
    return str(name), " ".join(str(word) for word in words if isinstance(word, str | int))


def _outputs(value: Any) -> list[str]:
    """Return the names of output layers: ``["race", 0, 0]``, or a list or mapping of such."""
    if isinstance(value, dict):
        return [name for item in value.values() for name in _outputs(item)]
    if not isinstance(value, list) or not value:
        return []
    if isinstance(value[0], str):
        return [value[0]]
    return [item[0] for item in value if isinstance(item, list) and item and isinstance(item[0], str)]
