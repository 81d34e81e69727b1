"""A second form of a cut: the layer keeps its number of rows, zeros stand where rows went, and the rest is gathered.

The first form slices the layer. Where a weight is dequantised when the model runs, ONNX Runtime does not pack it, and
for a single input its kernel then multiplies some rows together and the last ones one by one: a kept row that changes
sides is added up in another order, and its last bits differ. With as many rows as before, each kept row at its old
place, every kernel does with it what it did, on every device. The values that went are gone in both forms: zeros take
their places, not copies of kept rows, which would stay behind when such a class goes some day.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, field, replace
from untag.strip.onnx import bound, numeric, rules
from untag.strip.onnx.graph import attribute, captured, inner
from untag.strip.onnx.nouns import HELD, node_tensors
from untag.strip.onnx.write import write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.strip.base import Check
    from untag.strip.onnx.lean import Lean
    from untag.strip.onnx.nouns import Cut

WRAPS: Final = frozenset(("DequantizeLinear", "Cast", "Identity", "Transpose"))
"""Operators between a weight and its layer that hold no sizes of their own."""
STANDARD: Final = ("", "ai.onnx")


@dataclass(frozen=True, slots=True)
class Places:
    """What all the tensors of one layer lost: places on one axis."""

    size: int
    """Places as they were."""
    kept: tuple[int, ...]

    @property
    def held(self) -> tuple[int, ...]:
        """The selection that keeps every kept value at its old place."""
        there = set(self.kept)
        return tuple(place if place in there else HELD for place in range(self.size))


@dataclass(slots=True)
class _Graph:
    """The graph of a cut, indexed, and what is found out about it."""

    made: Cut
    model: Any
    makers: dict[str, Any] = field(default_factory=dict)
    readers: dict[str, list[Any]] = field(default_factory=dict)
    """Nodes that read a value; ``None`` for the model itself, whose output it is."""
    tensors: dict[str, tuple[str, Any]] = field(default_factory=dict)
    """Initializers and constants by the name of their value: key and tensor."""
    slices: dict[str, tuple[tuple[int, tuple[int, ...]], ...]] = field(default_factory=dict)
    """By key, what is held instead of sliced."""
    taken: set[str] = field(default_factory=set)
    """Every name of a value, in the graphs inside too."""

    def __post_init__(self) -> None:
        graph = self.model.graph
        self.taken = set(_names(graph))
        self.tensors = {t.name: (t.name, t) for t in graph.initializer}
        for node in graph.node:
            for name in node.output:
                self.makers[name] = node
            if node.op_type == "Constant":
                self.tensors.update((node.output[0], pair) for pair in node_tensors(node, ""))
            for name in (*node.input, *(n for body in inner(node) for n in captured(body))):
                self.readers.setdefault(name, []).append(node)
        for output in graph.output:
            self.readers.setdefault(output.name, []).append(None)

    def places(self, name: str, axis: int) -> Places | None:
        """Return what a weight lost on an axis, looked up behind what wraps it; nothing if it is another thing."""
        node = self.makers.get(name)
        if name not in self.tensors and node is not None and node.op_type in WRAPS:
            return self.places(node.input[0], _before(node, axis))
        key, tensor = self.tensors.get(name, ("", None))
        found = self.made.slices.get(key, ())
        if len(found) != 1 or found[0][0] != axis % len(tensor.dims):
            return None
        return Places(int(tensor.dims[axis]), tuple(found[0][1]))

    def rank(self, name: str) -> int:
        """Return the number of axes of a weight that `places` found."""
        while name not in self.tensors:
            name = self.makers[name].input[0]
        return len(self.tensors[name][1].dims)

    def hold(self, name: str, axis: int, places: Places) -> dict[str, Any] | None:
        """Return by key what is held of the tensors behind an operand; nothing where that cannot be.

        It cannot where another reader takes one of them, or where one lost something else.
        """
        key, tensor = self.tensors.get(name, ("", None))
        own = self.made.slices.get(key, ())
        if tensor is not None and not own:
            # one value for all places
            return {} if not tensor.dims or -axis > len(tensor.dims) or tensor.dims[axis] == 1 else None
        if len(self.readers.get(name, ())) != 1:
            return None
        if tensor is not None:
            fits = -len(tensor.dims) <= axis < len(tensor.dims) and self.places(name, axis) == places
            return {key: ((own[0][0], places.held),)} if fits else None
        node = self.makers.get(name)
        if node is None or node.op_type not in WRAPS or node.domain not in STANDARD:
            return None
        found: dict[str, Any] = {}
        for number, other in enumerate(node.input if node.op_type == "DequantizeLinear" else node.input[:1]):
            if not other:
                continue
            # scales and zero points are one for all, or one for each place
            scales = bool(number) and other in self.tensors and len(self.tensors[other][1].dims) <= 1
            more = self._scales(other, places) if scales else self.hold(other, _before(node, axis), places)
            if more is None:
                return None
            found |= more
        return found

    def _scales(self, name: str, places: Places) -> dict[str, Any] | None:
        key, tensor = self.tensors[name]
        if self.made.slices.get(key):
            return self.hold(name, 0, places)
        return {} if not tensor.dims or len(tensor.dims) == 1 else None


def _names(graph: Any) -> Iterator[str]:
    """Yield the name of every value of a graph and of the graphs inside it."""
    yield from (value.name for value in (*graph.input, *graph.output, *graph.initializer))
    for node in graph.node:
        yield from (*node.input, *node.output)
        for body in inner(node):
            yield from _names(body)


def _before(node: Any, axis: int) -> int:
    """Return where an axis of a node's result stands in what it wraps."""
    if node.op_type != "Transpose":
        return axis
    order = attribute(node, "perm")
    if order is None:
        return -1 - axis
    place = int(order[axis])
    return place if axis >= 0 else place - len(order)


def held(made: Cut) -> Cut | None:
    """Return a cut in its second form, or nothing where no layer of it has one."""
    if made.logits or not made.sliced_layers:
        return None
    model = type(made.model)()
    model.CopyFrom(made.model)
    graph = _Graph(made, model)
    wide = [name for layer in made.sliced_layers if (name := _widened(graph, layer))]
    if not wide:
        return None
    return replace(made, model=model, slices=made.slices | graph.slices)


def likely(made: Cut) -> bool:
    """Say whether the second form may be needed: a layer's weight is dequantised when the model runs, and only that."""
    makers = {name: node for node in made.model.graph.node for name in node.output}
    rounded = {node.input[0] for node in made.model.graph.node if node.op_type == "QuantizeLinear"}
    layers = [makers[name] for name in made.sliced_layers if name in makers and name not in rounded]
    weights = [node.input[1] for node in layers if node.op_type in bound.LAYERS]
    return any(name in makers and makers[name].op_type == "DequantizeLinear" for name in weights) and bool(held(made))


def _widened(graph: _Graph, name: str) -> str:
    """Hold the places of one layer, and of what follows it value by value; return what is gathered, if it can be."""
    node = graph.makers.get(name)
    if node is None or node.domain not in STANDARD or node.op_type not in bound.LAYERS:
        return ""
    weight = {"Gemm": -2 if attribute(node, "transB", 0) else -1, "MatMul": -1, "Conv": 0}[node.op_type]
    places = graph.places(node.input[1], weight) if attribute(node, "group", 1) == 1 else None
    if places is None:
        return ""
    found = graph.hold(node.input[1], weight, places)
    if found is not None and len(node.input) > 2 and node.input[2]:  # noqa: PLR2004 - what is added
        more = graph.hold(node.input[2], -1 if node.op_type == "Gemm" else 0, places)
        found = None if more is None else found | more
    if found is None:
        return ""
    graph.slices |= found
    # counted from the end, so that it is the same in what is broadcast to more axes
    axis = 1 - graph.rank(node.input[1]) if node.op_type == "Conv" else -1
    passed = [name]
    while step := _step(graph, passed[-1], axis, places):
        passed.append(step)
    _gather(graph, passed, axis, places)
    return passed[-1]


def _step(graph: _Graph, name: str, axis: int, places: Places) -> str:
    """Return what an operator makes of a held value, place by place; nothing where the places end."""
    readers = graph.readers.get(name, [])
    node = readers[0] if len(readers) == 1 else None
    if node is None or node.domain not in STANDARD or len([o for o in node.output if o]) != 1:
        return ""
    if node.op_type in rules.UNARY and node.input[0] == name:
        return str(node.output[0])
    if node.op_type == "BatchNormalization" and node.input[0] == name:
        others = [(other, 0) for other in node.input[1:]]
    elif node.op_type in rules.BROADCAST:
        others = [(other, axis) for other in node.input if other != name]
    else:
        return ""
    found: dict[str, Any] = {}
    for other, at in others:
        more = graph.hold(other, at, places)
        if more is None:
            return ""
        found |= more
    graph.slices |= found
    return str(node.output[0])


def _gather(graph: _Graph, passed: Sequence[str], axis: int, places: Places) -> None:
    """Put a gather of the kept places behind the last of the values that hold all of them."""
    import numpy as np  # noqa: PLC0415 - the library loads when a model is cut
    from onnx import helper, numpy_helper  # noqa: PLC0415 - as above

    proto, last = graph.model.graph, passed[-1]
    wide, index = (_fresh(f"{last}_{what}", graph.taken) for what in ("places", "kept"))
    maker = graph.makers[last]
    maker.output[:] = [wide if name == last else name for name in maker.output]
    proto.initializer.append(numpy_helper.from_array(np.asarray(places.kept, np.int64), index))
    at = next(number for number, node in enumerate(proto.node) if wide in node.output)
    proto.node.insert(at + 1, helper.make_node("Gather", [wide, index], [last], name=wide, axis=axis))
    # the values in between are as wide as they were, and said to be narrower
    narrow = [number for number, value in enumerate(proto.value_info) if value.name in passed[:-1]]
    for number in reversed(narrow):
        del proto.value_info[number]


def _fresh(name: str, taken: set[str]) -> str:
    wanted, number = name, 2
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    taken.add(wanted)
    return wanted


@dataclass(frozen=True, slots=True)
class Again:
    """A second form that gave the bits which the first did not."""

    cut: Cut
    check: Check
    """Its comparison."""


def again(lean: Lean, made: Cut, staging: Path, checks: Sequence[Check], inputs: int) -> Again | None:
    """Try the second form of a cut whose kept outputs were not bit-equal, and keep it if with it they are.

    ``checks`` are those of the first form, whose files stand below ``staging``: they are replaced, or left as they
    are. The comparison that is returned says what was held, and why.
    """
    first = next((check for check in checks if check.name == numeric.NAME), None)
    figures = first.figures if first else {}
    if first is None or figures.get("bit_equal") == figures.get("compared"):
        return None
    second = held(made)
    if second is None:
        return None
    with tempfile.TemporaryDirectory(prefix=".untag-held-", dir=staging) as name:
        folder = Path(name)
        written = write(lean, second, folder, lean.name)
        check = numeric.compare(lean.path, folder / lean.name, second.kept, inputs=inputs)
        if not check.passed or check.figures["bit_equal"] != check.figures["compared"]:
            return None
        for file in written:
            (folder / file).replace(staging / file)
    said = noted(made, second, first)
    more = {"held": _lines(made, second), "sliced": {k: figures[k] for k in ("bit_equal", "compared")}}
    check = replace(check, detail=f"{check.detail}; {said}", figures=check.figures | more)
    return Again(replace(second, notes=(*second.notes, said)), check)


def noted(made: Cut, second: Cut, first: Check) -> str:
    """Return what was held, and why, in a sentence."""
    figures = first.figures
    return (
        f"zeros hold the places of what went in {', '.join(_lines(made, second))}, and a Gather takes what stays: "
        f"with fewer rows the runtime added up in another order, and {figures['bit_equal']} of {figures['compared']} "
        "were bit-equal"
    )


def _lines(made: Cut, second: Cut) -> list[str]:
    return [key for key, slices in second.slices.items() if slices != made.slices.get(key)]
