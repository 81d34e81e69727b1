"""What is compared after a removal from a model of TensorFlow.js: the files as they were and as they are."""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING, Any

from untag.strip.base import Check
from untag.strip.tfjs import classcut
from untag.strip.tfjs.graph import plain
from untag.strip.tfjs.model import read_weight
from untag.strip.weights.pieces import absent, layouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from untag.strip.onnx.heads import Head
    from untag.strip.tfjs.classes import Narrow
    from untag.strip.tfjs.model import Described, Weight


def kept_weights(old: Described, new: Described, gone: Sequence[Weight], narrow: Sequence[Narrow] = ()) -> Check:
    """Compare the stored bytes, shape, type and quantisation of every kept weight; slices are compared elsewhere."""
    parts = {weight.name for one in narrow for weight, _ in one.weights}
    left = {w.name for w in old.weights} - {w.name for w in gone} - parts
    now = {w.name: w for w in new.weights if w.name not in parts}
    wrong = sorted(left ^ now.keys())
    size = 0
    for weight in old.weights:
        twin = now.get(weight.name)
        if twin is None or weight.name not in left:
            continue
        same = weight.value.python() == twin.value.python()
        if not same or _digest(old, weight) != _digest(new, twin):
            wrong.append(weight.name)
        size += weight.stop - weight.start
    detail = f"{len(left):,} kept weights, {size:,} bytes: {len(wrong)} differ"
    if wrong:
        detail += f", {wrong[0]} first"
    return Check("kept weights", not wrong, detail, {"weights": len(left), "bytes": size, "different": len(wrong)})


def _digest(model: Described, weight: Weight) -> str:
    return hashlib.sha256(read_weight(model, weight)).hexdigest()


def kept_graph(old: Described, new: Described, gone: Iterable[str], narrow: Sequence[Narrow] = ()) -> Check:
    """Compare every kept node with all its attributes, in order, but for ordering edges to nodes that went.

    Nodes behind which classes went are held against what they must be.
    """
    removed = set(gone)
    kept = [_without(node.python(), removed) for node in old.nodes if node.text("name") not in removed]
    expected = [classcut.expected(node, narrow) for node in kept] if narrow else kept
    held = [node.python() for node in new.nodes]
    wrong = [str(a.get("name")) for a, b in zip(expected, held, strict=False) if a != b]
    edges = sum(len(_list(n.python())) for n in old.nodes if n.text("name") not in removed) - sum(
        len(_list(n)) for n in expected
    )
    passed = not wrong and len(expected) == len(held)
    detail = f"{len(held):,} kept nodes with inputs and attributes: {len(wrong)} differ"
    if narrow:
        detail += "; shapes of what lost classes are as they must be"
    if edges:
        detail += f"; {edges:,} ordering edges to removed nodes are gone from them"
    return Check("kept nodes", passed, detail, {"nodes": len(held), "different": len(wrong), "edges_removed": edges})


def _list(node: dict[str, Any]) -> list[Any]:
    held = node.get("input")
    return held if isinstance(held, list) else []


def _without(node: dict[str, Any], removed: set[str]) -> dict[str, Any]:
    if "input" not in node:
        return node
    kept = [i for i in _list(node) if not (str(i).startswith("^") and plain(str(i)) in removed)]
    return {**node, "input": kept}


def kept_rest(
    old: Described,
    new: Described,
    outputs: Iterable[str],
    keys: Iterable[str],
    narrow: Sequence[Narrow] = (),
    heads: Sequence[Head] = (),
) -> Check:
    """Compare signature and metadata, without what went, and every other key of the description."""
    before, after = old.text.root.python(), new.text.root.python()
    if isinstance(before, list):
        return Check("description", isinstance(after, list), "a list of weights, and nothing else")
    gone, dropped = set(outputs), set(keys)
    for held in (before.get("signature"), _inside(before, "userDefinedMetadata").get("signature")):
        for name in gone:
            _inside(held, "outputs").pop(name, None)
    own = _inside(before, "userDefinedMetadata")
    for name in dropped:
        own.pop(name, None)
    if isinstance(own.get("structuredOutputKeys"), list):
        own["structuredOutputKeys"] = [k for k in own["structuredOutputKeys"] if k not in gone]
    if narrow or heads:
        before = classcut.described(before, narrow, heads)
    for document in (before, after):
        document.pop("weightsManifest", None)
        topology = _inside(document, "modelTopology")
        topology.pop("node", None)
        _inside(topology, "library").pop("function", None)
    wrong = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    detail = f"{len(after)} other parts of the description compared: {', '.join(wrong) or 'all the same'}"
    return Check("description", not wrong, detail, {"different": wrong})


def _inside(held: Any, key: str) -> dict[str, Any]:
    found = held.get(key) if isinstance(held, dict) else None
    return found if isinstance(found, dict) else {}


def values_absent(
    old: Described, gone: Sequence[Weight], files: Sequence[Path], narrow: Sequence[Narrow] = ()
) -> Check:
    """Search the written files for the removed weights and classes, as rows and as columns."""
    values = (part for w in gone for part in layouts(read_weight(old, w), w.shape, w.width))
    return absent(files, chain(values, classcut.removed(old, narrow)))


def names_absent(old: bytes, new: bytes, names: Iterable[str], name: str) -> Check:
    """Count the removed names in the description before and after, as quoted words and within longer ones."""
    wanted = sorted(set(names))
    counts = {n: (old.count(_quoted(n)), new.count(_quoted(n))) for n in wanted}
    left = sorted(n for n, (_, after) in counts.items() if after)
    detail = f"{len(wanted):,} removed names, {sum(b for b, _ in counts.values()):,} places in {name}: {len(left)} left"
    if left:
        detail += f", {left[0]} first"
    return Check("removed names absent", not left, detail, {"names": len(wanted), "left": left})


def _quoted(name: str) -> bytes:
    return b'"' + name.encode() + b'"'
