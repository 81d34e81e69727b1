"""TensorFlow.js: the ``model.json`` of graph models and of layers models.

The weights lie beside it in shards without names. As plain text it reaches text readers first;
where the engine asks `untag.readers.plain.is_tfjs` before, it is read as the model it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.models.common import NO_DIGITS, OUTPUTS, Model, Tensor, climbs, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.base import Part

LARGEST: Final = 6 << 20
"""Bytes of a description that is parsed: as objects it takes ten times that; the largest real ones have 1 MB."""
_MARKS: Final = (b'"modelTopology"', b'"weightsManifest"', b'"graph-model"', b'"layers-model"')
_DEEP: Final = 12
"""Layers inside layers that are followed."""


class TfJs:
    """Graph models and layers models."""

    name = "tfjs"
    version = 1
    formats = ("tfjs",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has it
        """Whether a JSON object that speaks of its topology, its weights or its format begins here."""
        return head[:1] == b"{" and any(mark in head for mark in _MARKS)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """See `untag.readers.base.ArtifactReader`."""
        if len(blob.data) > LARGEST:
            raise ReadError("limit", f"a description of more than {LARGEST:,} bytes is not parsed")
        try:
            said = json.loads(bytes(blob.data))
        except (ValueError, RecursionError):
            raise ReadError("corrupt", "begins as a model of TensorFlow.js and is no JSON") from None
        model = Model(blob)
        topology = _map(_map(said).get("modelTopology"))
        signature = _map(_map(said).get("signature")) or _map(
            _map(_map(said).get("userDefinedMetadata")).get("signature")
        )
        nodes = [_map(node) for node in _list(topology.get("node"))]
        inputs = _signature(signature, "inputs") + [_placeholder(n) for n in nodes if n.get("op") == "Placeholder"]
        outputs = _signature(signature, "outputs")
        layers = list(_layers(topology, 0))
        inputs += [tensor for _, tensor in layers if tensor.kind]
        model.sees(inputs)
        yield from model.outputs(outputs or _ends(nodes))
        yield from model.inputs(inputs)
        for node in nodes:
            yield from model.name(_text(node.get("name")), "node")
        for kind, tensor in layers:
            yield from model.name(tensor.name, kind or "layer")
        for group in _list(_map(said).get("weightsManifest")):
            for weight in _list(_map(group).get("weights")):
                yield from model.name(_text(_map(weight).get("name")), "weight")
            if any(climbs(_text(path)) for path in _list(_map(group).get("paths"))):
                yield Gap(blob.trail, "unsafe_path", "weights lie outside the model's folder; never followed")
        extra = _map(_map(said).get("userDefinedMetadata"))
        for key, value in extra.items():
            if key != "signature":
                yield from model.metadata(_whole(key), _whole(value if isinstance(value, str) else json.dumps(value)))


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return _whole(value) if isinstance(value, str) else ""


def _whole(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON can write and no encoding can."""
    return text.encode("utf-8", "replace").decode()


def _shape(value: Any) -> list[object]:
    """Return the sizes of a ``tensorShape``."""
    return [_text(_map(dim).get("size")) or _map(dim).get("size", "?") for dim in _list(_map(value).get("dim"))][:16]


def _signature(signature: dict[str, Any], side: str) -> list[Tensor]:
    """Return the inputs or outputs that a signature names."""
    found = []
    for key, value in list(_map(signature.get(side)).items())[:OUTPUTS]:
        kind = _text(_map(value).get("dtype")).removeprefix("DT_").lower().replace("float", "float32")
        found.append(Tensor(_whole(key), shaped(kind, _shape(_map(value).get("tensorShape")))))
    return found


def _placeholder(node: dict[str, Any]) -> Tensor:
    """Return the input that a ``Placeholder`` of a graph stands for."""
    shape = _map(_map(_map(node.get("attr")).get("shape")).get("shape"))
    return Tensor(_text(node.get("name")), shaped("", _shape(shape)))


def _ends(nodes: list[dict[str, Any]]) -> list[Tensor]:
    """Return the nodes that no other reads, where no signature names the outputs."""
    read = {_text(name).lstrip("^").split(":", 1)[0] for node in nodes for name in _list(node.get("input"))}
    ends: dict[str, Tensor] = {}
    for node in nodes:
        name = _text(node.get("name"))
        if name and name not in read and node.get("op") not in ("Const", "NoOp", "Placeholder"):
            ends.setdefault(name.translate(NO_DIGITS), Tensor(name))
    return list(ends.values())


def _layers(value: Any, depth: int) -> Iterator[tuple[str, Tensor]]:
    """Yield kind and name of each layer of a layers model, and the shape of those that take something in."""
    if depth > _DEEP:
        return
    if isinstance(value, dict):
        config = _map(value.get("config"))
        name = _text(config.get("name"))
        if name:
            shape = _list(config.get("batch_input_shape") or config.get("batch_shape"))
            yield (
                _text(value.get("class_name")),
                Tensor(name, shaped("", ["?" if d is None else d for d in shape[:16]])),
            )
        for key, item in value.items():
            if key in ("config", "layers", "model_config"):
                yield from _layers(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _layers(item, depth + 1)
