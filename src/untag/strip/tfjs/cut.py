"""A graph model without some of its outputs: the description changed in place, the shards copied by ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.tfjs.graph import plain
from untag.strip.tfjs.model import kept_ranges
from untag.strip.weights.pieces import copy_ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.tfjs.classes import Span
    from untag.strip.tfjs.heads import Removal
    from untag.strip.tfjs.model import Described, Shard, Weight
    from untag.strip.weights.jsontext import Member, Text, Value
    from untag.strip.weights.pieces import Staged


def changed_shards(model: Described, weights: Sequence[Weight | Span]) -> tuple[list[Shard], list[Shard]]:
    """Return the shards that lose bytes, and those that lose all of them."""
    touched: list[Shard] = []
    empty: list[Shard] = []
    for shard in model.shards:
        left = sum(stop - start for start, stop in kept_ranges(shard, weights))
        if left == shard.stop - shard.start:
            continue
        (touched if left else empty).append(shard)
    return touched, empty


def edit_graph(model: Described, removal: Removal) -> None:
    """Mark in the description all that goes from a graph model."""
    text, root = model.text, model.text.root
    signature = model.signature
    outputs = signature.get("outputs") if signature is not None else None
    if outputs is not None:
        text.remove(outputs, lambda m: m.key in removal.outputs)
    listed = root.get("userDefinedMetadata", "structuredOutputKeys")
    if listed is not None:
        text.remove(listed, lambda m: m.value.plain in removal.outputs)
    own = root.get("userDefinedMetadata")
    if own is not None and removal.metadata:
        text.remove(own, lambda m: m.key in removal.metadata)
    nodes = root.get("modelTopology", "node")
    if nodes is not None:
        text.remove(nodes, lambda m: m.value.text("name") in removal.nodes)
        for node in nodes.items():
            if node.text("name") not in removal.nodes:
                _unlink(text, node, removal)
    library = root.get("modelTopology", "library", "function")
    if library is not None and removal.functions:
        text.remove(library, lambda m: _called(m.value) in removal.functions)


def _unlink(text: Text, node: Value, removal: Removal) -> None:
    """Take the ordering edges to removed nodes from a kept one."""
    inputs = node.get("input")

    def dangling(member: Member) -> bool:
        name = member.value.plain
        return isinstance(name, str) and name.startswith("^") and plain(name) in removal.nodes

    if inputs is not None:
        text.remove(inputs, dangling)


def _called(function: Value) -> str:
    signature = function.get("signature")
    return signature.text("name") if signature is not None else ""


def edit_manifest(model: Described, weights: tuple[Weight, ...], empty: list[Shard]) -> None:
    """Mark in the description the weights that go, and the shards and groups that are empty without them."""
    text = model.text
    gone = {id(weight.value) for weight in weights}
    paths = {id(shard.item) for shard in empty}
    manifest = text.root if text.root.kind == "array" else text.root.get("weightsManifest")
    bare = {
        id(group)
        for number, group in enumerate(model.groups)
        if any(w.group == number for w in model.weights)
        and all(id(w.value) in gone for w in model.weights if w.group == number)
    }
    if manifest is None:
        return
    text.remove(manifest, lambda m: id(m.value) in bare)
    for group in model.groups:
        if id(group) in bare:
            continue
        for key, removed in (("weights", gone), ("paths", paths)):
            held = group.get(key)
            if held is not None:
                text.remove(held, lambda m, removed=removed: id(m.value) in removed)  # type: ignore[misc]


def write(
    model: Described, weights: tuple[Weight, ...], work: Staged, spans: Sequence[Span] = ()
) -> tuple[list[str], list[str]]:
    """Write the description and the shards that change; return the names written and those to delete.

    ``weights`` go whole, ``spans`` are further bytes that go. Bytes of kept weights are copied, never decoded.
    """
    gone: list[Weight | Span] = [*weights, *spans]
    touched, empty = changed_shards(model, gone)
    edit_manifest(model, weights, empty)
    work.write(model.name, model.text.done())
    for shard in touched:
        with work.path(shard.name).open("wb") as target:
            copy_ranges(shard.path, kept_ranges(shard, gone), target)
    return list(work.names), [shard.name for shard in empty]
