"""A removal from a graph model: planned, done and proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.nouns import dataclass, replace
from untag.strip.base import Check, Choice, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.onnx.graph import RefusedError
from untag.strip.onnx.heads import Head
from untag.strip.tfjs import classcut, classes, prove
from untag.strip.tfjs.cut import changed_shards, edit_graph, write
from untag.strip.tfjs.evaluate import Pair, compared
from untag.strip.tfjs.graph import graph_of
from untag.strip.tfjs.heads import Removal, attribute, metadata, removal
from untag.strip.tfjs.model import described
from untag.strip.weights import choose, nearby
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Unit
    from untag.strip.tfjs.classes import Narrow
    from untag.strip.tfjs.graph import Graph
    from untag.strip.tfjs.model import Described

FORGETS = "the head is gone; what the model computes on the way to its other outputs may still encode it"


def plan(model: Described, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
    """Yield one edit for the outputs that go and one for each that loses classes, or why there is none."""
    graph = graph_of(model)
    prints = tuple(f.fingerprint for f in unit.findings)
    own = tuple(shard.name for shard in model.shards)
    keys = list(metadata(model, unit, choice))
    lists = (*classes.known(model), *nearby.known(unit, own))
    whole = {name: said for name in graph.outputs if (said := attribute(graph, name, unit, choice))}
    try:
        chosen = classes.find(model, graph, unit, choice, lists)
        whole |= {head.output: head.attribute or "named" for head in chosen if head.whole}
        parts = [head for head in chosen if head.output not in whole]
        narrow = [classes.narrowed(model, graph, head, renormalise=choice.renormalise) for head in parts]
    except RefusedError as error:
        yield Refusal(unit.name, error.target, error.reason, error.needed, prints)
        return
    if not whole and not narrow:
        yield from _none(unit, keys)
        return
    found = _removal(model, graph, whole, keys, unit, choice)
    if isinstance(found, Refusal):
        yield found
        return
    sizes = classes.sizes(model, graph)
    heads = [Head(name, "" if said == "named" else said, size=sizes.get(name, 0)) for name, said in whole.items()]
    known = {head.output: head for head in chosen}
    heads = [known[h.output] if h.output in known and known[h.output].listed else h for h in heads]
    done: list[str] = []
    for edit in _edits(model, graph, found, whole, nearby.spread(heads, lists, sizes), narrow, unit, own):
        done += edit.findings
        yield edit
    yield from choose.left(unit, "tfjs", done)


def _removal(
    model: Described, graph: Graph, whole: dict[str, str], keys: list[str], unit: Unit, choice: Choice
) -> Removal | Refusal:
    """Return what is dead without the outputs that go; nothing where none does."""
    if not whole:
        return Removal((), frozenset(), frozenset(), (), ())
    return removal(model, graph, whole, keys, unit, choice)


def _edits(
    model: Described,
    graph: Graph,
    found: Removal,
    whole: dict[str, str],
    heads: Sequence[Head],
    narrow: Sequence[Narrow],
    unit: Unit,
    own: Sequence[str],
) -> Iterator[Edit]:
    """Yield the edits of a model, each with the label files that change with it."""
    if whole:
        edit = _edit(model, graph, found, whole, unit)
        yield _with_labels(edit, unit, heads, own, ())
    for one in narrow:
        touched, empty = changed_shards(model, classes.spans([one]))
        left, size = len(one.kept), one.head.size
        depends = [
            f"output {one.head.output} is called {one.new} now: what still slices it would read other classes",
            f"execute() knows no node {one.node} any more, but {one.renamed}",
        ]
        if one.softmax:
            depends.append("the kept probabilities are normalised anew, and differ from before; the logits do not")
        removes = [f"{size - left} of {size} on axis {axis} of weight {weight.said()}" for weight, axis in one.weights]
        gone = [one.head.labels[at] for at in sorted(one.head.gone)] if one.head.labels else []
        edit = Edit(
            editor="tfjs",
            unit=unit.name,
            kind="classes",
            target=nearby.said(one.head),
            attribute=one.head.attribute,
            safety="safe",
            files=(model.name, *(shard.name for shard in (*touched, *empty))),
            removes=tuple(removes),
            depends=tuple(depends),
            findings=choose.answered(unit, [one.head.output], gone),
            detail={
                "model": "graph",
                "outputs": [],
                "metadata": [],
                "nodes": [],
                "weights": [],
                "names": [one.head.output],
                "sha256": sha256(unit.root / model.name),
            },
        )
        yield _with_labels(edit, unit, [one.head], own, [one])


def _with_labels(edit: Edit, unit: Unit, heads: Sequence[Head], own: Sequence[str], narrow: Sequence[Narrow]) -> Edit:
    """Return an edit with the label files beside the model that it changes."""
    others = nearby.touched(unit, heads, own)
    return replace(
        edit,
        files=(*edit.files, *others),
        removes=(*edit.removes, *(f"classes in {name}" for name in others)),
        detail={
            **edit.detail,
            "heads": [nearby.stated(head) for head in heads],
            "beside": list(others),
            "renormalise": any(one.softmax for one in narrow),
        },
    )


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
    found = _removal(model, graph, dict.fromkeys(outputs, "named"), keys, unit, Choice(outputs=tuple(outputs)))
    if isinstance(found, Refusal):
        raise StripError(f"{unit.name}: {found.target}: {found.reason}; {found.needed}")
    planned = {name for edit in edits for name in edit.detail["nodes"]}
    if not planned <= found.nodes:
        raise StripError(f"{unit.name}: other nodes would go than the plan says; plan again")
    heads = nearby.again(row for edit in edits for row in edit.detail.get("heads", ()))
    again = [head for head in heads if not head.whole and head.output not in outputs]
    renormalise = any(edit.detail.get("renormalise") for edit in edits)
    narrow = classes.narrow_again(model, graph, again, renormalise=renormalise)
    others = tuple(dict.fromkeys(name for edit in edits for name in edit.detail.get("beside", ())))
    before = (unit.root / model.name).read_bytes()
    with staged(staging) as work:
        edit_graph(model, found)
        relisted = tuple(head for head in heads if not head.whole or head.listed)
        classcut.edit(model, narrow, relisted)
        written, deleted = write(model, found.weights, work, classes.spans(narrow))
        tell(f"{unit.name}: comparing what stays")
        made = Made(found, tuple(narrow), relisted)
        checks = list(_checks(model, graph, made, unit, staging, written, before))
        more, gone = nearby.change(unit, others, heads, staging)
        work.names += more
        checks += nearby.checked(unit, [name for name in others if name in more], heads, staging)
        failed = [check for check in checks if not check.passed]
        if failed:
            raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
    notes = [FORGETS]
    kept = [name for name in graph.nodes if name not in found.nodes and choose.of_path(name, unit, Choice())]
    if kept:
        notes.append(f"{len(kept):,} kept nodes are named for the attribute, {kept[0]} first: kept outputs need them")
    return Outcome("tfjs", unit.name, (*written, *more), (*deleted, *gone), tuple(checks), tuple(notes))


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What was cut from a model."""

    found: Removal
    narrow: tuple[Narrow, ...]
    relisted: tuple[Head, ...]
    """Heads whose classes go from lists in the metadata that hold others, too."""


def _checks(
    model: Described, graph: Graph, made: Made, unit: Unit, staging: Path, written: list[str], before: bytes
) -> Iterator[Check]:
    """Yield each comparison of the result with the input."""
    found, narrow = made.found, made.narrow
    new = described(unit, staging)
    new_graph = graph_of(new)
    gone = set(found.outputs)
    renamed = {one.head.output: (one.new, one.renamed) for one in narrow}
    whole = {name: tensor for name, tensor in graph.outputs.items() if name not in gone and name not in renamed}
    expected = [renamed.get(name, (name, ""))[0] for name in graph.outputs if name not in gone]
    same = list(new_graph.outputs) == expected and all(new_graph.outputs[n] == t for n, t in whole.items())
    yield Check(
        "parses",
        same or not graph.signed,
        f"read again: outputs {', '.join(new_graph.outputs)}",
        {"outputs": list(new_graph.outputs)},
    )
    yield prove.kept_graph(model, new, found.nodes, narrow)
    yield prove.kept_weights(model, new, found.weights, narrow)
    if narrow:
        yield classcut.sliced(model, new, narrow)
    yield prove.kept_rest(model, new, found.outputs, found.metadata, narrow, made.relisted)
    names = {*found.nodes, *(w.name for w in found.weights), *found.outputs}
    names |= {word for one in narrow for word in (one.head.output, one.node)}
    # a node may be called as its operation is: that it is gone shows in the comparison of nodes
    held = {*new_graph.nodes, *new_graph.outputs, *(node.op for node in new_graph.nodes.values())}
    yield prove.names_absent(before, (staging / model.name).read_bytes(), names - held, model.name)
    yield prove.values_absent(model, found.weights, [staging / n for n in written if n != model.name], narrow)
    pairs = [(name, Pair(tensor, tensor)) for name, tensor in whole.items()]
    pairs += [
        (f"{'logits of ' if one.softmax else ''}{one.new}", Pair(*one.compared(), one.kept, one.product))
        for one in narrow
    ]
    yield compared(model, new, pairs, unit, staging)
