"""A removal from a graph model: planned, done and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.base import Check, Choice, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.tfjs import prove
from untag.strip.tfjs.cut import changed_shards, edit_graph, write
from untag.strip.tfjs.evaluate import compared
from untag.strip.tfjs.graph import graph_of
from untag.strip.tfjs.heads import Removal, attribute, metadata, removal
from untag.strip.tfjs.model import described
from untag.strip.weights import choose
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Unit
    from untag.strip.tfjs.graph import Graph
    from untag.strip.tfjs.model import Described

FORGETS = "the head is gone; what the model computes on the way to its other outputs may still encode it"


def plan(model: Described, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
    """Yield one edit for each output that goes, or why there is none."""
    graph = graph_of(model)
    heads = {name: own for name in graph.outputs if (own := attribute(graph, name, unit, choice))}
    keys = list(metadata(model, unit, choice))
    numbered = [text for text in choice.classes if choose.is_range(text) and text.rpartition("[")[0] in graph.outputs]
    if numbered:
        yield Refusal(
            unit.name,
            numbered[0],
            "single classes of an output of a TensorFlow.js model are not cut by untag",
            "name the whole output, or cut the model that it was converted from (ONNX) and convert it again",
            tuple(f.fingerprint for f in unit.findings),
        )
        return
    if not heads:
        yield from _none(unit, keys)
        return
    found = removal(model, graph, heads, keys, unit, choice)
    if isinstance(found, Refusal):
        yield found
        return
    edit = _edit(model, graph, found, heads, unit)
    yield edit
    yield from choose.left(unit, "tfjs", edit.findings)


def _none(unit: Unit, keys: list[str]) -> Iterator[Refusal]:
    """Yield why findings of a model have no output that answers them; nothing when only a name was asked for."""
    if not unit.findings:
        return
    asked = ", ".join(choose.wanted(unit))
    about = f"; its metadata {', '.join(keys)} lists the classes" if keys else ""
    yield Refusal(
        unit.name,
        unit.findings[0].excerpt[:120] or unit.name,
        f"no output of the model is itself named for {asked}{about}",
        "name the output with --output",
        tuple(f.fingerprint for f in unit.findings),
    )


def _edit(model: Described, graph: Graph, found: Removal, heads: dict[str, str], unit: Unit) -> Edit:
    touched, empty = changed_shards(model, found.weights)
    kept = [name for name in graph.outputs if name not in heads]
    main = choose.main_attribute(heads.values(), unit)
    size = sum(w.stop - w.start for w in found.weights)
    removes = [f"output {name} (node {graph.outputs[name]})" for name in heads]
    removes += [f"weight {weight.said()}" for weight in found.weights]
    removes.append(f"{len(found.nodes):,} nodes, {size:,} bytes of weights")
    removes += [f"metadata {key}" for key in found.metadata]
    depends = [
        f"code that asks for {', '.join(heads)} by name gets an error",
        f"execute() and predict() without names give {', '.join(graph.outputs)} now, and {', '.join(kept)} then",
        "code that takes outputs by position reads another one",
    ]
    return Edit(
        editor="tfjs",
        unit=unit.name,
        kind="head",
        target="output " + ", ".join(heads),
        attribute=main,
        safety="safe",
        files=(model.name, *(shard.name for shard in touched), *(shard.name for shard in empty)),
        removes=tuple(removes),
        depends=tuple(depends),
        findings=choose.answered(unit, [*heads, *found.nodes, *(w.name for w in found.weights), *found.metadata]),
        detail={
            "model": "graph",
            "outputs": list(heads),
            "metadata": list(found.metadata),
            "nodes": sorted(found.nodes),
            "weights": [w.name for w in found.weights],
            "names": list(heads),
            "sha256": sha256(unit.root / model.name),
        },
    )


def same_bytes(unit: Unit, edits: Sequence[Edit]) -> None:
    """Raise `StripError` when the file is not the one that was planned."""
    if any(edit.detail.get("sha256") != sha256(unit.root / edit.unit) for edit in edits):
        raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")


def apply(unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None) -> Outcome:
    """Cut the outputs of all edits at once, and compare what stays; raise `StripError` for another file."""
    same_bytes(unit, edits)
    tell = progress or (lambda _: None)
    model = described(unit)
    graph = graph_of(model)
    outputs = list(dict.fromkeys(name for edit in edits for name in edit.detail["outputs"]))
    keys = [key for edit in edits for key in edit.detail["metadata"]]
    if not set(outputs) <= graph.outputs.keys():
        raise StripError(f"{unit.name} has no output {', '.join(sorted(set(outputs) - graph.outputs.keys()))}")
    found = removal(model, graph, outputs, keys, unit, Choice(outputs=tuple(outputs)))
    if isinstance(found, Refusal):
        raise StripError(f"{unit.name}: {found.target}: {found.reason}; {found.needed}")
    planned = {name for edit in edits for name in edit.detail["nodes"]}
    if not planned <= found.nodes:
        raise StripError(f"{unit.name}: other nodes would go than the plan says; plan again")
    before = (unit.root / model.name).read_bytes()
    with staged(staging) as work:
        edit_graph(model, found)
        written, deleted = write(model, found.weights, work)
        tell(f"{unit.name}: comparing what stays")
        checks = list(_checks(model, graph, found, unit, staging, written, before))
        failed = [check for check in checks if not check.passed]
        if failed:
            raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
    notes = [FORGETS]
    kept = [name for name in graph.nodes if name not in found.nodes and choose.of_path(name, unit, Choice())]
    if kept:
        notes.append(f"{len(kept):,} kept nodes are named for the attribute, {kept[0]} first: kept outputs need them")
    return Outcome("tfjs", unit.name, tuple(written), tuple(deleted), tuple(checks), tuple(notes))


def _checks(
    model: Described, graph: Graph, found: Removal, unit: Unit, staging: Path, written: list[str], before: bytes
) -> Iterator[Check]:
    """Yield each comparison of the result with the input."""
    new = described(unit, staging)
    new_graph = graph_of(new)
    gone = set(found.outputs)
    expected = {name: tensor for name, tensor in graph.outputs.items() if name not in gone}
    same = list(new_graph.outputs.items()) == list(expected.items()) if graph.signed else True
    yield Check(
        "parses", same, f"read again: outputs {', '.join(new_graph.outputs)}", {"outputs": list(new_graph.outputs)}
    )
    yield prove.kept_graph(model, new, found.nodes)
    yield prove.kept_weights(model, new, found.weights)
    yield prove.kept_rest(model, new, found.outputs, found.metadata)
    names = {*found.nodes, *(w.name for w in found.weights), *found.outputs}
    held = {*new_graph.nodes, *new_graph.outputs}
    yield prove.names_absent(before, (staging / model.name).read_bytes(), names - held, model.name)
    yield prove.values_absent(model, found.weights, [staging / n for n in written if n != model.name])
    yield compared(model, new, list(expected.items()), unit, staging)
