"""A removal from a layers model (Keras, converted): the output layer, what it alone needed, and their weights.

Only functional models whose layers each stand once and name what they read are cut; anything else is refused.
The outputs of such a model have no names of their own but an order, so code that takes them by position reads
another one: a removal is never safe by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import Check, Edit, Outcome, Refusal, StripError, sha256
from untag.strip.tfjs import prove
from untag.strip.tfjs.cut import changed_shards, write
from untag.strip.tfjs.model import described
from untag.strip.weights import choose
from untag.strip.weights.pieces import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit
    from untag.strip.tfjs.model import Described, Weight
    from untag.strip.weights.jsontext import Value

NESTED: Final = ("Model", "Functional", "Sequential", "TimeDistributed", "Bidirectional", "RNN", "Wrapper")
"""Layers that hold layers, whose weights are not named after them."""
WHY: Final = "a layers model gives its outputs by position: code that takes them so reads another one"


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """The layers of a functional model."""

    config: Value
    layers: dict[str, Value]
    reads: dict[str, tuple[str, ...]]
    """Each layer, to those that it reads."""
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]


def layers_of(model: Described) -> Layers | str:
    """Return the layers, or why they cannot be cut."""
    topology = model.text.root.get("modelTopology")
    assert topology is not None
    held = topology.get("model_config") or topology
    config = held.get("config")
    if held.text("class_name") not in ("Model", "Functional") or config is None:
        return "only functional models with several outputs are cut"
    layers: dict[str, Value] = {}
    reads: dict[str, tuple[str, ...]] = {}
    listed = config.get("layers")
    for layer in listed.items() if listed is not None else []:
        name = layer.text("name") or (layer.get("config") or layer).text("name")
        bound = layer.get("inbound_nodes")
        calls = bound.items() if bound is not None else []
        if not name or name in layers or len(calls) > 1:
            return f"the layer {name!r} stands in the model more than once"
        found = [_read(call.python()) for call in calls]
        if None in found:
            return f"the layer {name!r} names what it reads in a way that untag does not know"
        layers[name] = layer
        reads[name] = tuple(n for names in found for n in names or ())
    ends = [_ends(config.get(key)) for key in ("output_layers", "input_layers")]
    outputs, inputs = ends[0], ends[1]
    if (
        not outputs
        or inputs is None
        or not {*outputs, *inputs, *(n for r in reads.values() for n in r)} <= layers.keys()
    ):
        return "outputs or layers that are not there"
    return Layers(config, layers, reads, tuple(outputs), tuple(inputs))


def _read(call: Any) -> tuple[str, ...] | None:
    """Return the layers that one call reads: ``[["name", 0, 0, {}], …]``."""
    if not isinstance(call, list):
        return None
    names = []
    for item in call:
        plain = isinstance(item, list) and len(item) >= 3 and isinstance(item[0], str)  # noqa: PLR2004
        if not plain or item[1] != 0 or (len(item) > 3 and item[3]):  # noqa: PLR2004
            return None
        names.append(item[0])
    return tuple(names)


def _ends(value: Value | None) -> list[str] | None:
    """Return the layers that ``output_layers`` or ``input_layers`` lists, each one once."""
    held = value.python() if value is not None else None
    if not isinstance(held, list) or not held:
        return None
    rows = [held] if isinstance(held[0], str) else held
    names = [row[0] for row in rows if isinstance(row, list) and len(row) == 3 and row[1:] == [0, 0]]  # noqa: PLR2004
    return names if len(names) == len(rows) == len(set(names)) else None


def needed(layers: Layers, outputs: Iterable[str]) -> set[str]:
    """Return the layers that some outputs need; inputs stay."""
    stack = [*outputs, *layers.inputs]
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += layers.reads[name]
    return found


def removal(model: Described, layers: Layers, gone: Iterable[str]) -> tuple[list[str], tuple[Weight, ...]] | str:
    """Return the layers that are dead without some outputs, and their weights, or why they cannot go."""
    removed = set(gone)
    kept = [name for name in layers.outputs if name not in removed]
    if not kept:
        return "every output of the model is protected: delete the model"
    alive = needed(layers, kept)
    if removed & alive:
        name = min(removed & alive)
        by = next((n for n in alive if name in layers.reads[n]), "another output")
        return f"the layer {name} is read by {by}, which the kept outputs need"
    dead = [name for name in layers.layers if name not in alive]
    for name in dead:
        if layers.layers[name].text("class_name") in NESTED:
            return f"the layer {name} holds layers of its own"
    weights = tuple(w for w in model.weights if set(w.name.split("/")[:-1]) & set(dead))
    if any(set(w.name.split("/")[:-1]) & alive for w in weights):
        return "weights are named for kept and removed layers at once"
    return dead, weights


def plan(model: Described, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
    """Yield one edit of class ``unsafe`` for the output layers that go, or why there is none."""
    prints = tuple(f.fingerprint for f in unit.findings)
    layers = layers_of(model)
    if isinstance(layers, str):
        if unit.findings:
            yield Refusal(unit.name, unit.name, layers, "cut the model that it was converted from", prints)
        return
    heads = {name: own for name in layers.outputs if (own := choose.of_name(name, unit, choice))}
    if not heads:
        if unit.findings:
            reason = f"no output layer is itself named for {', '.join(choose.wanted(unit))}"
            yield Refusal(unit.name, unit.name, reason, "name the output layer with --output", prints)
        return
    found = removal(model, layers, heads)
    if isinstance(found, str):
        yield Refusal(unit.name, "layer " + ", ".join(heads), found, "export the model without this head", prints)
        return
    dead, weights = found
    touched, empty = changed_shards(model, weights)
    main = choose.main_attribute(heads.values(), unit)
    yield Edit(
        editor="tfjs",
        unit=unit.name,
        kind="head",
        target="output layer " + ", ".join(heads),
        attribute=main,
        safety="unsafe",
        files=(model.name, *(shard.name for shard in touched), *(shard.name for shard in empty)),
        removes=(*(f"layer {name}" for name in dead), *(f"weight {weight.said()}" for weight in weights)),
        depends=(f"predict() gives {', '.join(layers.outputs)} now; without {', '.join(heads)} the others move up",),
        why=WHY,
        findings=choose.answered(unit, [*dead, *(w.name for w in weights)]),
        detail={
            "model": "layers",
            "outputs": list(heads),
            "layers": dead,
            "weights": [w.name for w in weights],
            "names": list(heads),
            "sha256": sha256(unit.root / model.name),
        },
    )


def edit_layers(model: Described, layers: Layers, dead: Iterable[str]) -> None:
    """Mark in the description the layers that go, wherever the configuration lists them."""
    gone = set(dead)
    text = model.text
    by_id = {id(value): name for name, value in layers.layers.items()}
    listed = layers.config.get("layers")
    if listed is not None:
        text.remove(listed, lambda m: by_id.get(id(m.value)) in gone)
    outputs = layers.config.get("output_layers")
    if outputs is not None:
        text.remove(outputs, lambda m: bool(m.value.items()) and m.value.items()[0].plain in gone)
    training = model.text.root.get("modelTopology", "training_config")
    stack = [training] if training is not None else []
    while stack:
        here = stack.pop()
        if here.kind == "object":
            text.remove(here, lambda m: m.key in gone)
        stack += [m.value for m in here.members if m.key not in gone]


def apply(unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None) -> Outcome:
    """Cut the output layers of all edits at once, and compare what stays."""
    if any(edit.detail.get("sha256") != sha256(unit.root / edit.unit) for edit in edits):
        raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")
    if progress:
        progress(f"{unit.name}: cutting layers")
    model = described(unit)
    layers = layers_of(model)
    outputs = {name for edit in edits for name in edit.detail["outputs"]}
    if isinstance(layers, str) or not outputs <= set(layers.outputs):
        raise StripError(f"{unit.name} has not all outputs of the plan; plan again")
    found = removal(model, layers, outputs)
    if isinstance(found, str):
        raise StripError(f"{unit.name}: {found}")
    dead, weights = found
    before = (unit.root / model.name).read_bytes()
    with staged(staging) as work:
        edit_layers(model, layers, dead)
        written, deleted = write(model, weights, work)
        new = described(unit, staging)
        names = {*dead, *(w.name for w in weights)}
        checks = (
            _kept_layers(layers, layers_of(new), dead),
            prove.kept_weights(model, new, weights),
            prove.names_absent(before, (staging / model.name).read_bytes(), names, model.name),
            prove.values_absent(model, weights, [staging / n for n in written if n != model.name]),
        )
        failed = [check for check in checks if not check.passed]
        if failed:
            raise StripError(f"{unit.name}: {failed[0].name}: {failed[0].detail}; nothing was written")
    note = "the head is gone; what the model computes on the way to its other outputs may still encode it"
    return Outcome("tfjs", unit.name, tuple(written), tuple(deleted), checks, (note,))


def _kept_layers(old: Layers, new: Layers | str, dead: Iterable[str]) -> Check:
    """Compare every kept layer with its whole configuration, and the order of the outputs."""
    if isinstance(new, str):
        return Check("parses", passed=False, detail=f"read again: {new}")
    gone = set(dead)
    expected = {name: value.python() for name, value in old.layers.items() if name not in gone}
    held = {name: value.python() for name, value in new.layers.items()}
    same = list(expected.items()) == list(held.items())
    same &= [n for n in old.outputs if n not in gone] == list(new.outputs)
    detail = f"read again: {len(held):,} kept layers and outputs {', '.join(new.outputs)} compared"
    return Check("kept layers", same, detail, {"layers": len(held)})
