"""Which outputs of a graph model go, what is dead without them, and why one cannot go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of, protected
from untag.nouns import dataclass
from untag.strip.base import Refusal
from untag.strip.tfjs.graph import downstream, live, live_functions, plain, readers
from untag.strip.weights import choose
from untag.strip.weights.jsontext import lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from untag.strip.base import Choice, Unit
    from untag.strip.tfjs.graph import Graph
    from untag.strip.tfjs.model import Described, Weight

CHAIN: Final = 12
"""Operations behind an output that may say what it is, when its own name is ``Identity_2``."""
GENERIC: Final = ("", "identity", "output", "outputs", "out", "statefulpartitionedcall", "partitionedcall")
"""Names of outputs that say nothing, without their numbers."""
FINAL: Final = ("Identity", "Softmax", "Sigmoid", "LogSoftmax", "BiasAdd", "Add", "AddV2", "Reshape", "Squeeze")
PRODUCTS: Final = ("MatMul", "_FusedMatMul", "Conv2D", "_FusedConv2D")


@dataclass(frozen=True, slots=True, eq=False)
class Removal:
    """What goes from a graph model."""

    outputs: tuple[str, ...]
    nodes: frozenset[str]
    functions: frozenset[str]
    weights: tuple[Weight, ...]
    metadata: tuple[str, ...]
    """Keys of the user's metadata."""


def attribute(graph: Graph, output: str, unit: Unit, choice: Choice) -> str:
    """Return the attribute for which an output goes, empty when it stays.

    Where its name is one that any exporter gives, the operations that make it and nothing else are asked, as far
    as its last product of weights.
    """
    found = choose.of_name(output, unit, choice) or choose.of_path(output, unit, choice)
    if found or output.lower().strip("_:0123456789") not in GENERIC:
        return found
    for name in _chain(graph, graph.outputs[output]):
        found = choose.of_path(name, unit, choice)
        if found:
            return found
    return ""


def _chain(graph: Graph, tensor: str) -> Iterator[str]:
    """Yield the names of the operations behind an output that one operation alone reads."""
    name = plain(tensor)
    for _ in range(CHAIN):
        node = graph.nodes[name]
        yield name
        if node.op in PRODUCTS:
            yield from (plain(i) for i in node.inputs[1:])
            return
        if node.op not in FINAL or not node.inputs:
            return
        name = plain(node.inputs[0])
        if len(readers(graph, name)) > 1:
            return


def core(graph: Graph, tensor: str) -> list[str]:
    """Return what an output is made of and must not outlive it: its last product, the weights, what follows them.

    Where no product of weights is near, it is the output's own node, and what only passes its value on.
    """
    name = plain(tensor)
    found: list[str] = []
    passed = [name]
    for _ in range(CHAIN):
        node = graph.nodes[name]
        found.append(name)
        if node.op in PRODUCTS:
            return found + [plain(i) for i in node.inputs[1:] if graph.nodes[plain(i)].op == "Const"]
        if node.op not in FINAL or not node.inputs:
            return passed
        name = plain(node.inputs[0])
        if node.op == "Identity" and passed[-1] == found[-1]:
            passed.append(name)
    return passed


def roots(graph: Graph, gone: Iterable[str], unit: Unit, choice: Choice) -> list[str]:
    """Return the nodes for whose sake others stay: the kept outputs, and what nothing reads.

    A node that nothing reads may be asked for by its name, so it stays, unless it is made of a removed output
    or is itself named for what goes.
    """
    kept = [plain(tensor) for name, tensor in graph.outputs.items() if name not in set(gone)]
    removed = {node for name in gone for node in core(graph, graph.outputs[name])}
    constants = {name for name in removed if graph.nodes[name].op == "Const"}
    below = downstream(graph, removed - constants)
    asked = {graph.outputs[name] for name in graph.outputs}
    read = {plain(name) for node in graph.nodes.values() for name in node.inputs}
    for name in graph.nodes:
        loose = name not in read and name not in below and name not in {plain(a) for a in asked}
        if loose and not any(choose.of_path(link, unit, choice) for link in _chain(graph, name)):
            kept.append(name)
    return kept


def removal(
    model: Described, graph: Graph, outputs: Iterable[str], keys: Iterable[str], unit: Unit, choice: Choice
) -> Removal | Refusal:
    """Return all that is dead once some outputs are gone, or why they cannot go. A weight that no node names stays."""
    gone = tuple(outputs)
    kept = [name for name in graph.outputs if name not in gone]
    target = "output " + ", ".join(gone)
    prints = tuple(f.fingerprint for f in unit.findings)
    if not kept:
        return Refusal(unit.name, target, "every output of the model is protected", "delete the model", prints)
    needed = live(graph, roots(graph, gone, unit, choice))
    for name in gone:
        for node in core(graph, graph.outputs[name]):
            if node not in needed:
                continue
            by = [r for r in readers(graph, node) if r in needed]
            shared = [k for k in kept if plain(graph.outputs[k]) == node]
            who = f"node {by[0]}" if by else f"output {shared[0]}" if shared else "an ordering edge"
            reason = f"{node}, of which it is made, is read by {who}, which the kept outputs {', '.join(kept)} need"
            return Refusal(unit.name, target, reason, "export the model again without this head", prints)
    alive = [node for node in graph.nodes.values() if node.name in needed]
    dead = frozenset(graph.nodes) - needed
    functions = live_functions(graph, alive)
    dead_functions = frozenset(live_functions(graph, [graph.nodes[n] for n in dead])) - functions
    used = needed | {node.name for name in graph.functions.keys() - dead_functions for node in graph.functions[name]}
    names = (dead | {node.name for name in dead_functions for node in graph.functions[name]}) - used
    weights = tuple(w for w in model.weights if w.name in names)
    return Removal(gone, dead, dead_functions, weights, tuple(keys))


def metadata(model: Described, unit: Unit, choice: Choice) -> Iterator[str]:
    """Yield the keys of the user's metadata that name the attribute or list nothing but its groups."""
    held = model.text.root.get("userDefinedMetadata")
    asked = choose.wanted(unit)
    for member in held.members if held is not None and held.kind == "object" else ():
        if member.key == "signature":
            continue
        if (own := attribute_of(member.key)) and (own in asked or member.key in choice.outputs):
            yield member.key
            continue
        for _, value in lists(member.value, member.key):
            words = [str(m.value.plain) if value.kind == "array" or m.key.isdecimal() else m.key for m in value.members]
            if any(all(own == a for own in protected(words, a)) for a in asked) or all(
                w in choice.classes for w in words
            ):
                yield member.key
                break
