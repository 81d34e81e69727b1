"""What a graph model keeps when some of its outputs go.

Backwards from the outputs that stay. An edge that only orders (``^name``) does not keep a pure operation
alive: exporters tie heads together with them. What reads or writes a state stays where anything live orders it.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from untag.strip.tfjs.model import Described
    from untag.strip.weights.jsontext import Value

_STATE: Final = (
    *("Assert", "Assign", "CheckNumerics", "Enter", "Exit", "Hash", "Initialize", "Insert", "Iterator", "LookupTable"),
    *("LoopCond", "Merge", "MutableHash", "NextIteration", "PartitionedCall", "Print", "Queue", "Random", "Stack"),
    *("StatefulPartitionedCall", "Switch", "Table", "TensorArray", "TensorList", "Truncated", "VarHandle", "Variable"),
    *("While", "If", "StatelessWhile", "StatelessIf", "Write"),
)
"""Beginnings of the names of operations that hold a state or steer others: an ordering edge to them counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation."""

    name: str
    op: str
    inputs: tuple[str, ...]
    """As written: ``name``, ``name:1`` or ``^name``."""
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """All operations of a model, with the outputs that its signature names."""

    nodes: dict[str, Node]
    outputs: dict[str, str]
    """Name that callers use, to the node that gives it; without a signature, nodes that nothing reads."""
    signed: bool
    """Whether a signature names the outputs."""
    functions: dict[str, list[Node]]
    """Operations of each function of the library."""


def plain(name: str) -> str:
    """Return the node's name of an input as it is written."""
    return name.lstrip("^").split(":", 1)[0]


def graph_of(model: Described) -> Graph:
    """Return the graph; raise `StripError` for one that reads what is not there."""
    nodes = {node.name: node for node in map(_node, model.nodes)}
    for node in nodes.values():
        for name in node.inputs:
            if plain(name) not in nodes:
                raise StripError(f"{model.name}: node {node.name} reads {plain(name)!r}, which is not there")
    signed = _signed(model)
    for output, tensor in signed.items():
        if plain(tensor) not in nodes:
            raise StripError(f"{model.name}: output {output} is {tensor!r}, which is not there")
    read = {plain(name) for node in nodes.values() for name in node.inputs}
    ends = {
        n.name: n.name for n in nodes.values() if n.name not in read and n.op not in ("Const", "NoOp", "Placeholder")
    }
    return Graph(nodes, signed or ends, bool(signed), _functions(model))


def _node(value: Value) -> Node:
    inputs = value.get("input")
    names = tuple(i.plain for i in inputs.items() if isinstance(i.plain, str)) if inputs is not None else ()
    return Node(value.text("name"), value.text("op"), names, value)


def _signed(model: Described) -> dict[str, str]:
    signature = model.signature
    found = signature.get("outputs") if signature is not None else None
    if found is None or found.kind != "object":
        return {}
    return {m.key: m.value.text("name") or m.key for m in found.members}


def _functions(model: Described) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    library = model.text.root.get("modelTopology", "library", "function")
    for function in library.items() if library is not None else []:
        signature = function.get("signature")
        body = function.get("nodeDef")
        name = signature.text("name") if signature is not None else ""
        found[name] = [_node(value) for value in (body.items() if body is not None else [])]
    return found


def stateful(op: str) -> bool:
    """Whether an operation holds a state or steers others."""
    return op.startswith(_STATE) or "Variable" in op or "Lookup" in op


def live(graph: Graph, roots: Iterable[str]) -> set[str]:
    """Return the names of the nodes that some nodes need, inputs of the model among them."""
    stack = list(roots)
    # a model's inputs are its callers' business: they stay, read or not
    stack += [node.name for node in graph.nodes.values() if node.op.startswith("Placeholder")]
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name in found:
            continue
        found.add(name)
        for given in graph.nodes[name].inputs:
            target = graph.nodes[plain(given)]
            if not given.startswith("^") or stateful(target.op):
                stack.append(target.name)
    return found


def downstream(graph: Graph, roots: Iterable[str]) -> set[str]:
    """Return some nodes and all that are made of their values."""
    users: dict[str, list[str]] = {}
    for node in graph.nodes.values():
        for given in node.inputs:
            if not given.startswith("^"):
                users.setdefault(plain(given), []).append(node.name)
    stack = list(roots)
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += users.get(name, [])
    return found


def live_functions(graph: Graph, nodes: Iterable[Node]) -> set[str]:
    """Return the names of the functions that some nodes call, and those that these call."""
    stack = list(nodes)
    found: set[str] = set()
    while stack:
        for name in _called(stack.pop()):
            if name not in found and name in graph.functions:
                found.add(name)
                stack += graph.functions[name]
    return found


def _called(node: Node) -> Iterator[str]:
    """Yield the functions that the attributes of a node name, and the function that is the operation itself."""
    yield node.op
    attributes = node.value.get("attr")
    for member in attributes.members if attributes is not None else ():
        one = member.value.get("func")
        many = member.value.get("list", "func")
        for function in [*([one] if one is not None else []), *(many.items() if many is not None else [])]:
            yield _decoded(function.text("name"))


def _decoded(name: str) -> str:
    """Return a function's name, which some converters write in base64."""
    try:
        found = base64.b64decode(name, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return name
    return found if found.isprintable() and found.isidentifier() else name


def readers(graph: Graph, name: str) -> list[str]:
    """Return the nodes that read a node's value."""
    return [n.name for n in graph.nodes.values() if any(plain(i) == name and not i.startswith("^") for i in n.inputs)]
