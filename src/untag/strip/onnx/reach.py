"""Whether a removed output really goes: from it backwards, all that only it needs is gone down to its own weights.

An output that is taken off a graph leaves nothing behind only if the layer that made it goes too. Where
the way back meets a tensor that something else still reads before it meets such a layer, the values of
the output could still be computed, and the cut is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.strip.onnx import rules, shaping
from untag.strip.onnx.graph import Graph, RefusedError, attribute, title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.strip.onnx.narrow import Found

CHAIN: Final = frozenset(
    ("DequantizeLinear", "QuantizeLinear", "Transpose", "Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze")
)
"""Operators between a weight and the layer that uses it."""
MATRIX: Final = 2
"""Dimensions from which a constant is taken for a weight."""


def check(graph: Graph, found: Found, names: Iterable[str]) -> set[str]:
    """Check removed outputs; return the tensors around a branch that its outputs came from unchanged.

    Raises `RefusedError` with the tensor that is still needed.
    """
    owed: set[str] = set()
    seen: set[str] = set()
    for name in names:
        _Walk(graph, found, seen, owed).go(name)
    return owed


class _Walk:
    """One way back."""

    def __init__(self, graph: Graph, found: Found, seen: set[str], owed: set[str]) -> None:
        self.graph = graph
        self.found = found
        self.seen = seen
        self.owed = owed

    def go(self, name: str) -> None:
        """Follow the ways back from a tensor until each has met a weight that is gone."""
        pending = [name]
        while pending:
            name = pending.pop()
            if name in self.seen:
                continue
            self.seen.add(name)
            pending += self._step(name)

    def _step(self, name: str) -> list[str]:
        graph = self.graph
        if graph.fixed(name):
            self._untied(name)
            return []
        if self._constant(name):
            return []
        node = graph.producer.get(name)
        if node is None:
            if name not in graph.inputs:
                self.owed.add(name)
                return []
            raise RefusedError(
                f"output {name}", "it passes on an input of the model: no weight makes it", "another model"
            )
        if self.found.drops.get(name) is not None:
            raise RefusedError(
                f"tensor {name}",
                self._read(name),
                self._instead(name),
            )
        if name in self.found.owed:
            return sorted(self.found.owed[name])
        living = [o for o in node.output if o and self.found.drops.get(o) is not None]
        if living and node.op_type != "Split":
            raise RefusedError(
                title(node),
                f"it makes {living[0]} too, which stays",
                "a model in which a node of its own makes the output",
            )
        return self._before(node, name)

    def _read(self, name: str) -> str:
        readers = [reader for reader, edge in self.found.edges.get(name, []) if edge.allowed is not None]
        return (
            f"a second reader: {', '.join(readers[:3])} still needs what the removed output is made of, "
            "before any weight of its own"
        )

    def _instead(self, name: str) -> str:
        """Return what would let the tensor go."""
        outputs = [reader for reader, edge in self.found.edges.get(name, []) if edge.allowed is not None]
        if outputs and all(reader.startswith("output ") for reader in outputs):
            return f"choose {' and '.join(reader.split(' ', 1)[1] for reader in outputs)} too"
        return f"choose what else reads {name} too, or a model in which it does not"

    def _before(self, node: Any, name: str) -> list[str]:
        """Return the inputs of a node that is gone which have to be followed."""
        graph, drops = self.graph, self.found.drops
        if node.op_type in ("Split", "Slice", "Gather") and drops.get(node.input[0]) is not None:
            if self._taken(node, name):
                return []
            return [node.input[0]]
        if node.op_type in rules.LINEAR or node.op_type not in _NAMES:
            weights = [root for i in node.input if i and (root := self._root(i)) and (graph.rank(root) or 0) >= MATRIX]
            for root in weights:
                self._untied(root)
            if weights:
                return []
        moving = [i for i in node.input if i and not self._root(i) and not self._constant(i)]
        if node.op_type in rules.BROADCAST:
            return self._any(moving)
        if node.op_type == "Concat":
            return moving
        return moving[:1] if node.op_type in _NAMES else moving

    def _untied(self, name: str) -> None:
        """See that a weight goes too; one around a branch is looked at there."""
        if not self.graph.fixed(name):
            self.owed.add(name)
        elif self.found.drops.get(name) is not None:
            readers = [reader for reader, edge in self.found.edges.get(name, []) if edge.allowed is not None]
            raise RefusedError(
                f"tensor {name}",
                f"a tied weight: {', '.join(readers[:3])} reads it too",
                "a head with weights of its own",
            )

    def _any(self, names: list[str]) -> list[str]:
        """Return nothing if one of several ways ends at weights of its own, else the ways."""
        if len(names) < 2:  # noqa: PLR2004 - one way has to be gone
            return names
        for name in names:
            try:
                _Walk(self.graph, self.found, set(self.seen), self.owed).go(name)
            except RefusedError:
                continue
            return []
        return names

    def _taken(self, node: Any, name: str) -> bool:
        """Say whether what a split, slice or gather took is gone from a tensor that stays."""
        graph = self.graph
        drop = self.found.drops.get(node.input[0]) or {}
        rank = graph.rank(node.input[0]) or 1
        if node.op_type == "Slice":
            taken = shaping.slices(graph, node)
        elif node.op_type == "Gather":
            value = graph.value(node.input[1])
            axis = attribute(node, "axis", 0) % rank
            size = (graph.shape(node.input[0]) or ())[axis]
            taken = (
                {axis: [int(i) % size for i in value.reshape(-1)]}
                if value is not None and isinstance(size, int)
                else {}
            )
        else:
            axis = attribute(node, "axis", 0) % rank
            offset = 0
            for other in node.output:
                size = rules.size_of(graph, other, axis, node)
                if other == name:
                    break
                offset += size
            taken = {axis: list(range(offset, offset + size))}
        return any(indices and set(indices) <= drop.get(axis, frozenset()) for axis, indices in taken.items())

    def _root(self, name: str) -> str:
        """Return the initializer or constant that an input is made of alone, or nothing."""
        for _ in range(32):
            if self.graph.fixed(name) or (name in self.graph.around and name not in self.graph.producer):
                return name
            node = self.graph.producer.get(name)
            if node is None or node.op_type not in CHAIN:
                return ""
            name = node.input[0]
        return ""

    def _constant(self, name: str) -> bool:
        return self.graph.value(name) is not None


_NAMES: Final = (
    rules.UNARY
    | rules.BROADCAST
    | frozenset(
        (
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Expand",
            "Pad",
            "Resize",
            "Transpose",
            "Concat",
            "Split",
            "Slice",
            "Gather",
        )
    )
    | frozenset(
        (
            "Softmax",
            "LogSoftmax",
            "Hardmax",
            "ArgMax",
            "ArgMin",
            "TopK",
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
        )
    )
    | frozenset(
        (
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Tile",
            "Shape",
            "Size",
            "OneHot",
            "LpNormalization",
        )
    )
)
"""Operators that have no weights."""
