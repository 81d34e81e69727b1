"""The cut itself: what is no longer needed is found from the outputs backwards, then the graph is made without it.

Two passes over the same rules, one for the graph as it is and one for the graph without what was
chosen, tell what goes because of the cut. It goes only if it goes down to the weights: a tensor that
anything else still needs stops the cut, by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, field
from untag.strip.onnx import folding, normal, rules, shaping
from untag.strip.onnx.drops import ALL, DEAD, GONE, WHOLE, Drop, Edge, covers, left, meet, without
from untag.strip.onnx.graph import Graph, RefusedError, inner, title
from untag.strip.onnx.nouns import tensors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from untag.strip.onnx.nouns import Slices

STANDARD: Final = ("", "ai.onnx")
ALLOW: Final[dict[str, Callable[[Graph, Any, Sequence[Drop]], list[Edge]]]] = {
    **dict.fromkeys(rules.UNARY, rules.unary),
    **dict.fromkeys(rules.BROADCAST, rules.broadcast),
    **dict.fromkeys(normal.POOLS, normal.pool),
    **dict.fromkeys(normal.REDUCTIONS, normal.reduction),
    **dict.fromkeys(normal.SOFTMAXES, normal.softmax),
    **dict.fromkeys(("CumSum", "LpNormalization", "LayerNormalization", "RMSNormalization"), normal.apart),
    **dict.fromkeys(("MatMul", "MatMulInteger", "QLinearMatMul"), rules.matmul),
    **dict.fromkeys(("Conv", "ConvTranspose", "ConvInteger", "QLinearConv"), rules.conv),
    **dict.fromkeys(("BatchNormalization", "InstanceNormalization"), rules.channelwise),
    **dict.fromkeys(("QuantizeLinear", "DequantizeLinear"), rules.quantised),
    **dict.fromkeys(("Reshape", "Flatten"), folding.fold),
    **dict.fromkeys(("Squeeze", "Unsqueeze"), folding.squeeze),
    **dict.fromkeys(("Resize", "Upsample"), normal.resize),
    "Constant": lambda graph, node, outs: [],  # noqa: ARG005 - it is sliced itself
    "Gemm": rules.gemm,
    "Pad": normal.pad,
    "Shape": normal.shape,
    "Split": shaping.split,
    "Slice": shaping.slicing,
    "Gather": shaping.gather,
    "Concat": shaping.concat,
    "Transpose": shaping.transpose,
    "Expand": folding.expand,
}
"""By operator, what a selection on its outputs asks of its inputs."""
APPLY: Final[dict[str, Callable[[Graph, Any, Sequence[Drop], Sequence[Drop]], list[Any]]]] = {
    "Split": shaping.split_apply,
    "Slice": shaping.slicing_apply,
    "Gather": shaping.gather_apply,
    "Concat": shaping.concat_apply,
    "Reshape": folding.reshape_apply,
    "Squeeze": folding.squeeze_apply,
    "Expand": folding.expand_apply,
    "Resize": normal.resize_apply,
    "Shape": normal.shape_apply,
    "Conv": rules.conv_apply,
    "ConvInteger": rules.conv_apply,
    "QLinearConv": rules.conv_apply,
}
"""Operators that have something to change themselves."""
TAKERS: Final = frozenset(("Split", "Slice", "Gather", "Shape"))
"""Operators that can do without a part of their input although all of their output is needed."""
MIXERS: Final = {
    **dict.fromkeys(
        ("ArgMax", "ArgMin", "TopK"),
        "it ranks kept and protected classes together: its indices would change their meaning",
    ),
    "NonMaxSuppression": "it selects among kept and protected classes together: its indices would change their meaning",
    **dict.fromkeys(
        normal.REDUCTIONS, "it adds up kept and protected classes together, as a softmax that is written out does"
    ),
    **dict.fromkeys(normal.SOFTMAXES, "a softmax over kept and protected classes together"),
    **dict.fromkeys(
        ("TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"),
        "trees learned their splits from the classes",
    ),
    **dict.fromkeys(
        ("ZipMap", "LinearClassifier", "SVMClassifier"), "it names or ranks kept and protected classes together"
    ),
}
"""Why an operator that reads classes cannot do with fewer."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Tensors that are to be sliced, marked so that they are found again in a copy of their model."""

    kept: dict[str, tuple[Slices, str]] = field(default_factory=dict)
    """By mark: what is kept, and the description that the mark stands in for."""
    layers: list[str] = field(default_factory=list)
    """Outputs of the linear nodes that lost rows."""

    def mark(self, tensor: Any, kept: Slices) -> None:
        """Mark a tensor."""
        mark = f"\0untag {len(self.kept)}"
        self.kept[mark] = kept, tensor.doc_string
        tensor.doc_string = mark

    def collect(self, model: Any) -> dict[str, Slices]:
        """Take the marks away, and return by key what is kept of each tensor."""
        found = {}
        for key, tensor in tensors(model):
            if tensor.doc_string in self.kept:
                found[key], tensor.doc_string = self.kept[tensor.doc_string]
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """What a pass from the outputs backwards found."""

    drops: dict[str, Drop]
    """What goes of each tensor; one that is not here is not read."""
    edges: dict[str, list[tuple[str, Edge]]]
    """Who reads each tensor, in words, and what each can do without."""
    nodes: dict[int, list[Edge]] = field(default_factory=dict)
    """What each node asked of its inputs, by its place."""
    trimmed: dict[int, Any] = field(default_factory=dict)
    """Nodes with branches or bodies that lost outputs, by place: the node as it will be."""
    owed: dict[str, set[str]] = field(default_factory=dict)
    """Outputs of such nodes, and the tensors around the node that they came from unchanged."""
    marks: Marks = field(default_factory=Marks)


def backward(graph: Graph, wanted: Mapping[str, Drop], before: Found | None = None) -> Found:
    """Return what is not needed where the outputs lose what ``wanted`` says.

    With ``before``, the same pass for the graph as it is, what was not needed anyway stays as it is, and
    `RefusedError` is raised where a part that has to go is needed.
    """
    from untag.strip.onnx import branches  # noqa: PLC0415 - it uses this module for the graphs inside

    drops: dict[str, Drop] = {}
    edges: dict[str, list[tuple[str, Edge]]] = {}
    found = Found(drops, edges)
    for name in graph.outputs:
        drop = wanted.get(name, WHOLE)
        edges.setdefault(name, []).append(
            (f"output {name}", Edge(drop, WHOLE if drop is None else drop, exact=bool(drop)))
        )
    nodes = list(graph.proto.node)
    for place in range(len(nodes) - 1, -1, -1):
        node = nodes[place]
        outs = [_settled(graph, name, found, before) for name in node.output]
        inside = any(True for _ in inner(node))
        if inside:
            captured, asked = branches.ask(graph, node, outs, found, place, before)
            for name, edge in captured.items():
                edges.setdefault(name, []).append((title(node), edge))
        else:
            asked = _asked(graph, node, outs, strict=before is not None)
        found.nodes[place] = asked
        for name, edge in zip(node.input, asked, strict=False):
            if name:
                edges.setdefault(name, []).append((title(node), edge))
    for name in (*graph.initializers, *graph.sparse, *graph.inputs):
        _settled(graph, name, found, before)
    return found


def _asked(graph: Graph, node: Any, outs: Sequence[Drop], *, strict: bool) -> list[Edge]:
    """Return what a node can do without when its outputs lose ``outs``."""
    if outs and all(drop is None for drop in outs):
        return [GONE] * len(node.input)
    partial = any(drop for drop in outs)
    rule = ALLOW.get(node.op_type) if node.domain in STANDARD else None
    if not partial and node.op_type not in TAKERS:
        return [ALL] * len(node.input)
    if rule is None:
        if not partial:
            return [ALL] * len(node.input)
        reason = MIXERS.get(node.op_type, "untag does not know how classes pass it")
        raise RefusedError(_full(node), reason, "a model in which the classes come from a layer without it in between")
    try:
        return rule(graph, node, outs)
    except RefusedError:
        if strict and partial:
            raise
        return [ALL] * len(node.input)


def _full(node: Any) -> str:
    return title(node) + (f" of {node.domain}" if node.domain not in STANDARD else "")


def _settled(graph: Graph, name: str, found: Found, before: Found | None) -> Drop:
    """Settle what goes of a tensor once all its readers were asked."""
    if not name:
        return DEAD
    if name in found.drops:
        return found.drops[name]
    edges = found.edges.get(name, [])
    drop = meet(edge.allowed for _, edge in edges)
    if drop is not None and graph.shape(name) is not None:
        sizes = graph.shape(name) or ()
        if any(isinstance(sizes[a], int) and len(gone) == sizes[a] for a, gone in drop.items()):
            # what is read for its shape alone has to be something
            drop = DEAD if all(edge.allowed is None or edge.must for _, edge in edges) else WHOLE
    if before is not None:
        drop = without(drop, before.drops.get(name, WHOLE))
        _check(graph, name, drop, edges)
    found.drops[name] = drop
    return drop


def _check(graph: Graph, name: str, drop: Drop, edges: Sequence[tuple[str, Edge]]) -> None:
    """Refuse where a tensor keeps what has to go, or a reader would get it in a shape that it does not take."""
    for reader, edge in edges:
        wrong = edge.exact and drop is not None and edge.allowed != drop
        if covers(drop, edge.must) and not wrong:
            continue
        others = [other for other, its in edges if other != reader and not covers(its.allowed, edge.must)]
        if not others:
            others = [other for other, its in edges if other != reader]
        kind = others[0].split(" ", 1)[0] if others else ""
        why = MIXERS.get(kind, "it still needs what would go")
        tied = "a tied weight" if graph.fixed(name) else "a second reader"
        raise RefusedError(
            f"tensor {name}",
            f"{tied}: {', '.join(others[:3]) or reader} reads it too, and {why}",
            _needed(kind, others, name),
        )
    if drop and (name in graph.inputs or (not graph.fixed(name) and name not in graph.producer)):
        raise RefusedError(
            f"input {name}",
            "the classes come from an input of the model, not from its weights",
            "the model that makes them",
        )


def _needed(kind: str, others: Sequence[str], name: str) -> str:
    if kind == "output":
        return f"choose {' and '.join(o.split(' ', 1)[1] for o in others)} too"
    return f"a model in which only the classes read {name}"


def forward(graph: Graph, found: Found) -> None:
    """Make the graph without what goes, and mark the tensors to slice."""
    made: list[Any] = []
    nodes = list(graph.proto.node)
    for name in (*graph.initializers, *graph.constants):
        drop = found.drops.get(name, DEAD)
        if drop:
            found.marks.mark(graph.tensor(name), _kept(graph, name, drop))
    for place, node in enumerate(nodes):
        outs = [found.drops.get(name, DEAD) if name else DEAD for name in node.output]
        if outs and all(drop is None for drop in outs):
            continue
        if place in found.trimmed:
            made.append(found.trimmed[place])
            continue
        ins = [found.drops.get(name, DEAD) if name else DEAD for name in node.input]
        if node.op_type in rules.LINEAR and node.domain in STANDARD and outs[0]:
            found.marks.layers.append(node.output[0])
        change = APPLY.get(node.op_type) if node.domain in STANDARD else None
        if change is None or not any(drop or drop is None for drop in (*ins, *outs)):
            made.append(node)
        else:
            made.extend(change(graph, node, ins, outs))
    _place(graph.proto, made)
    graph.proto.initializer.extend(graph.added)
    graph.added = []


def _kept(graph: Graph, name: str, drop: dict[int, frozenset[int]]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    tensor = graph.tensor(name)
    if tensor is None:
        raise RefusedError(
            f"tensor {name}", "a sparse tensor or a constant of another kind holds classes", "dense weights"
        )
    return tuple((axis, left(tensor.dims[axis], gone)) for axis, gone in sorted(drop.items()))


def _place(proto: Any, made: Sequence[Any]) -> None:
    """Give a graph its nodes."""
    copies = []
    for node in made:
        copy = type(node)()
        copy.CopyFrom(node)
        copies.append(copy)
    del proto.node[:]
    proto.node.extend(copies)
