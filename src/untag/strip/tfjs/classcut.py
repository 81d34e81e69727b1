"""A graph model without some classes of its outputs: what is written, and what it is held against.

The expected nodes and lists are made from the parsed description alone, by other code than that which changes its
text, so that a mistake of one shows in the other.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from untag.strip.base import Check
from untag.strip.onnx.cleaned import losses
from untag.strip.onnx.texts import prune, pruned
from untag.strip.tfjs.classes import taken
from untag.strip.tfjs.model import read_weight
from untag.strip.weights.pieces import layouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.strip.onnx.heads import Head
    from untag.strip.tfjs.classes import Narrow
    from untag.strip.tfjs.model import Described
    from untag.strip.weights.jsontext import Text, Value


def edit(model: Described, found: Sequence[Narrow], heads: Sequence[Head]) -> None:
    """Mark in the description all that changes where outputs lose classes; ``heads`` are all whose labels go."""
    text, root = model.text, model.text.root
    nodes = {value.text("name"): value for value in model.nodes}
    for narrow in found:
        left = len(narrow.kept)
        if narrow.renamed != narrow.node:
            _put(text, nodes[narrow.node].get("name"), narrow.renamed)
        for name in narrow.chain:
            _resize_outputs(text, nodes[name], -1, narrow.head.size, left)
        for weight, axis in narrow.weights:
            dims = nodes[weight.name].get("attr", "value", "tensor", "tensorShape", "dim")
            _resize(text, dims, axis, left)
            _resize_outputs(text, nodes[weight.name], axis, narrow.head.size, left)
            shape = weight.value.get("shape")
            if shape is not None:
                text.put(shape.items()[axis], left)
        for held in (root.get("signature"), root.get("userDefinedMetadata", "signature")):
            _resign(text, held, narrow, left)
        keys = root.get("userDefinedMetadata", "structuredOutputKeys")
        for item in keys.items() if keys is not None else []:
            if item.plain == narrow.head.output:
                text.put(item, narrow.new)
    own = root.get("userDefinedMetadata")
    if own is not None and heads:
        prune(text, "userDefinedMetadata", losses(heads), own)


def _put(text: Text, value: Value | None, new: object) -> None:
    if value is not None:
        text.put(value, new)


def _resize(text: Text, dims: Value | None, axis: int, left: int) -> None:
    """Write another size over one dim of a shape, as text where it was text."""
    listed = dims.items() if dims is not None else []
    if listed:
        size = listed[axis].get("size")
        if size is not None:
            text.put(size, str(left) if isinstance(size.plain, str) else left)


def _resize_outputs(text: Text, node: Value, axis: int, size: int, left: int) -> None:
    """Change the shape that an exporter noted of what a node gives."""
    noted = node.get("attr", "_output_shapes", "list", "shape")
    for shape in noted.items() if noted is not None else []:
        dims = shape.get("dim")
        listed = dims.items() if dims is not None else []
        held = listed[axis].get("size") if listed else None
        if held is not None and str(held.plain) == str(size):
            _resize(text, dims, axis, left)


def _resign(text: Text, signature: Value | None, narrow: Narrow, left: int) -> None:
    outputs = signature.get("outputs") if signature is not None else None
    for member in outputs.members if outputs is not None else []:
        if member.key != narrow.head.output:
            continue
        text.rekey(member, narrow.new)
        name = member.value.get("name")
        if name is not None:
            text.put(name, narrow.renamed + str(name.plain)[len(narrow.node) :])
        _resize(text, member.value.get("tensorShape", "dim"), -1, left)


def expected(node: dict[str, Any], found: Sequence[Narrow]) -> dict[str, Any]:
    """Return a kept node as it must be."""
    node = copy.deepcopy(node)
    for narrow in found:
        size, left = narrow.head.size, len(narrow.kept)
        axes = {weight.name: axis for weight, axis in narrow.weights}
        name = node["name"]
        if name in axes:
            _shrink(node["attr"]["value"]["tensor"]["tensorShape"]["dim"], axes[name], left)
        if name in axes or name in narrow.chain:
            for shape in node.get("attr", {}).get("_output_shapes", {}).get("list", {}).get("shape", []):
                dims = shape.get("dim", [])
                if dims and str(dims[axes.get(name, -1)].get("size")) == str(size):
                    _shrink(dims, axes.get(name, -1), left)
        if name == narrow.node:
            node["name"] = narrow.renamed
    return node


def _shrink(dims: list[dict[str, Any]], axis: int, left: int) -> None:
    dims[axis]["size"] = str(left) if isinstance(dims[axis]["size"], str) else left


def described(before: dict[str, Any], found: Sequence[Narrow], heads: Sequence[Head]) -> dict[str, Any]:
    """Return signature and metadata of a description as they must be."""
    for held in (before.get("signature"), (before.get("userDefinedMetadata") or {}).get("signature")):
        outputs = held.get("outputs") if isinstance(held, dict) else None
        if not isinstance(held, dict) or not isinstance(outputs, dict):
            continue
        for narrow in found:
            if narrow.head.output in outputs:
                one = outputs[narrow.head.output]
                if "name" in one:
                    one["name"] = narrow.renamed + one["name"][len(narrow.node) :]
                if one.get("tensorShape", {}).get("dim"):
                    _shrink(one["tensorShape"]["dim"], -1, len(narrow.kept))
        renamed = {narrow.head.output: narrow.new for narrow in found}
        held["outputs"] = {renamed.get(key, key): value for key, value in outputs.items()}
    own = before.get("userDefinedMetadata")
    if isinstance(own, dict) and heads:
        renamed = {narrow.head.output: narrow.new for narrow in found}
        keys = own.get("structuredOutputKeys")
        own = {key: pruned(key, value, losses(heads)) for key, value in own.items()}
        if isinstance(keys, list):
            own["structuredOutputKeys"] = [renamed.get(key, key) for key in keys]
        before["userDefinedMetadata"] = own
    return before


def sliced(old: Described, new: Described, found: Sequence[Narrow]) -> Check:
    """Compare each weight that lost classes with the slice of what it was."""
    now = {w.name: w for w in new.weights}
    wrong, count = [], 0
    for narrow in found:
        for weight, axis in narrow.weights:
            count += 1
            twin = now.get(weight.name)
            shape = (*weight.shape[:axis], len(narrow.kept), *weight.shape[axis + 1 :])
            entry = {**weight.value.python(), "shape": list(shape)}
            same = twin is not None and twin.value.python() == entry
            if (
                not same
                or twin is None
                or read_weight(new, twin) != taken(read_weight(old, weight), weight, axis, narrow.kept)
            ):
                wrong.append(weight.name)
    detail = f"{count:,} weights are exact slices of what they were: {len(wrong)} differ"
    return Check("sliced weights", not wrong, detail, {"weights": count, "different": len(wrong)})


def removed(old: Described, found: Sequence[Narrow]) -> Iterator[bytes]:
    """Yield the bytes of the classes that went, class by class and as they stood."""
    for narrow in found:
        for weight, axis in narrow.weights:
            data = read_weight(old, weight)
            gone = sorted(narrow.head.gone)
            shape = (*weight.shape[:axis], len(gone), *weight.shape[axis + 1 :])
            yield from layouts(taken(data, weight, axis, gone), shape, weight.width)
            for at in gone:
                yield taken(data, weight, axis, [at])
