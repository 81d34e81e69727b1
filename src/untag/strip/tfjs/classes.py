"""Single classes of an output of a graph model: the rows of its last layer, with the bias behind it.

The selection of the classes that stay is pushed back from the output to the weights, over operators that act on
the last axis alone. Anything else on the way stops it, by name.
"""

from __future__ import annotations

from math import prod
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.onnx import heads as choosing
from untag.strip.onnx.graph import RefusedError
from untag.strip.onnx.heads import Head, Labels
from untag.strip.tfjs.graph import plain
from untag.strip.tfjs.operations import attributes
from untag.strip.weights import choose
from untag.strip.weights.jsontext import lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.strip.base import Choice, Unit
    from untag.strip.tfjs.graph import Graph, Node
    from untag.strip.tfjs.model import Described, Weight

CHAIN: Final = 16
"""Operations between an output and its last product of weights."""
PASSING: Final = frozenset(
    ("Identity", "StopGradient", "Sigmoid", "Relu", "Relu6", "Elu", "Selu", "Tanh", "Softplus", "LeakyRelu", "Neg",
     "Abs", "Exp", "Log", "Sqrt", "Square")
)  # fmt: skip
"""Operations of one value each: fewer classes are the same for those that stay."""
SHIFTS: Final = frozenset(("BiasAdd", "Add", "AddV2", "Sub", "Mul"))
"""Operations with a constant for each class, or one for all."""
PRODUCTS: Final = frozenset(("MatMul", "_FusedMatMul", "Conv2D", "_FusedConv2D"))
SOFTMAXES: Final = frozenset(("Softmax", "LogSoftmax"))
RANKS: Final = frozenset(("ArgMax", "ArgMin", "TopKV2", "TopK", "NonMaxSuppressionV3", "NonMaxSuppressionV5"))
NEEDED: Final = "a model in which the classes come from a layer without it in between"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of bytes that goes from the shards of a group."""

    group: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Narrow:
    """An output that loses classes, and what is cut for it."""

    head: Head
    new: str
    """What the output is called then."""
    node: str
    """The operation that gives it."""
    renamed: str
    """What that operation is called then."""
    chain: tuple[str, ...]
    """All operations from it to the product, the product last."""
    weights: tuple[tuple[Weight, int], ...]
    """Weights that lose classes, with the axis on which they stand."""
    softmax: str
    """The operation behind which probabilities are normalised anew; empty if there is none."""

    @property
    def kept(self) -> tuple[int, ...]:
        """Numbers of the classes that stay."""
        return tuple(at for at in range(self.head.size) if at not in self.head.gone)

    @property
    def product(self) -> str:
        """The product of weights."""
        return self.chain[-1]

    def compared(self) -> tuple[str, str]:
        """Return which tensor of the old model is compared with which of the new one: what enters a softmax."""
        if self.softmax:
            inner = self.chain[self.chain.index(self.softmax) + 1]
            return inner, inner
        return self.node, self.renamed


def known(model: Described) -> Iterator[Labels]:
    """Yield the lists of class names in the user's metadata."""
    held = model.text.root.get("userDefinedMetadata")
    for member in held.members if held is not None and held.kind == "object" else ():
        if member.key in ("signature", "structuredOutputKeys"):
            continue
        for key, value in lists(member.value, member.key):
            if value.kind == "array":
                names = [str(m.value.plain) for m in value.members]
            elif all(m.key.isdecimal() for m in value.members):
                names = [str(m.value.plain) for m in sorted(value.members, key=lambda m: int(m.key))]
            else:
                names = [m.key for m in sorted(value.members, key=lambda m: m.value.plain)]
            yield Labels(f"file {model.name}", key, tuple(names))


def sizes(model: Described, graph: Graph) -> dict[str, int]:
    """Return the number of classes of each output, where a last layer says it."""
    found = {}
    for name, tensor in graph.outputs.items():
        try:
            chain, _ = _chain(graph, tensor)
        except RefusedError:
            continue
        weight = _weight(model, graph.nodes[chain[-1]].inputs[1])
        if weight is not None and weight.shape:
            found[name] = weight.shape[_axis(graph.nodes[chain[-1]], weight)]
    return found


def find(model: Described, graph: Graph, unit: Unit, choice: Choice, known_lists: Sequence[Labels]) -> tuple[Head, ...]:
    """Return what goes of each output, by the findings and the choice. Raises `RefusedError`, `StripError`."""
    counted = sizes(model, graph)
    for text in choice.classes:
        name = text.rpartition("[")[0]
        if choose.is_range(text) and name in graph.outputs and name not in counted:
            _chain(graph, graph.outputs[name])  # says where it stops
    shapes: dict[str, tuple[Any, ...]] = {name: ("N", counted[name]) for name in counted}
    # the choice is made as for ONNX, from names, labels and sizes alone
    outputs = [SimpleNamespace(name=name) for name in graph.outputs]
    alike = SimpleNamespace(graph=SimpleNamespace(output=outputs, metadata_props=()), metadata_props=())
    return choosing.find(alike, shapes, unit, choice, known_lists)


def narrowed(model: Described, graph: Graph, head: Head, *, renormalise: bool) -> Narrow:
    """Return what is cut for an output that loses classes; raise `RefusedError` with the node where it stops."""
    tensor = graph.outputs[head.output]
    chain, softmax = _chain(graph, tensor)
    if softmax and not renormalise:
        needed = "--renormalise, after which the kept probabilities differ and the logits do not"
        reason = "a softmax over kept and protected classes together"
        raise RefusedError(f"{graph.nodes[softmax].op} {softmax}", reason, needed)
    others = {plain(t): name for name, t in graph.outputs.items() if name != head.output}
    found: list[tuple[Weight, int]] = []
    for at, name in enumerate(chain):
        node = graph.nodes[name]
        by = [n.name for n in graph.nodes.values() if any(plain(i) == name for i in n.inputs)]
        wrong = [reader for reader in by if at == 0 or reader != chain[at - 1]]
        if wrong or name in others:
            who = f"node {wrong[0]}" if wrong else f"output {others[name]}"
            raise RefusedError(f"node {name}", f"a second reader: {who} reads it too, and needs all of it", NEEDED)
        found += _constants(model, graph, node, name == chain[-1], head.size)
    new = f"{head.output}_{head.size - len(head.gone)}_of_{head.size}"
    own = plain(tensor)
    renamed = new if head.output == own else f"{own}_{head.size - len(head.gone)}_of_{head.size}"
    if new in graph.outputs or renamed in graph.nodes:
        raise RefusedError(f"output {head.output}", f"there is a {new} already", "another name for it")
    return Narrow(head, new, own, renamed, tuple(chain), tuple(found), softmax)


def _chain(graph: Graph, tensor: str) -> tuple[list[str], str]:
    """Return the operations from an output back to its last product of weights, and a softmax among them."""
    name, chain, softmax = plain(tensor), [], ""
    for _ in range(CHAIN):
        node = graph.nodes[name]
        chain.append(name)
        data = [given for given in node.inputs if not given.startswith("^")]
        if attributes(node.value).get("data_format", "NHWC") != "NHWC":
            raise RefusedError(f"{node.op} {name}", "its classes do not stand on the last axis", NEEDED)
        if node.op in PRODUCTS and len(data) > 1:
            return chain, softmax
        if node.op in SOFTMAXES:
            softmax = softmax or name
        if node.op in SHIFTS and len(data) == 2:  # noqa: PLR2004 - both sides
            consts = [graph.nodes[plain(given)].op == "Const" for given in data]
            if sum(consts) == 1 and not (node.op == "Sub" and consts[0]):
                name = plain(data[consts.index(False)])
                continue
        if node.op not in PASSING | SOFTMAXES or len(data) != 1:
            why = "untag does not know how classes pass it"
            if node.op in RANKS:
                why = "it ranks kept and protected classes together: its indices would change their meaning"
            raise RefusedError(f"{node.op} {name}", why, NEEDED)
        name = plain(data[0])
    raise RefusedError(f"node {plain(tensor)}", "no layer with weights is near", NEEDED)


def _axis(node: Node, weight: Weight) -> int:
    """Return the axis of a product's weight on which the classes stand."""
    attributes = node.value.get("attr")
    turned = attributes.get("transpose_b", "b") if attributes is not None else None
    return 0 if turned is not None and turned.plain is True else len(weight.shape) - 1


def _weight(model: Described, given: str) -> Weight | None:
    return next((w for w in model.weights if w.name == plain(given)), None)


def _constants(model: Described, graph: Graph, node: Node, last: bool, size: int) -> Iterator[tuple[Weight, int]]:
    """Yield the weights of an operation that lose classes, with the axis."""
    data = [plain(given) for given in node.inputs if not given.startswith("^")]
    for place, given in enumerate(data):
        if graph.nodes[given].op != "Const":
            if last and place:
                raise RefusedError(f"{node.op} {node.name}", f"{given} is no constant", NEEDED)
            continue
        weight = _weight(model, given)
        if weight is None:
            raise RefusedError(f"tensor {given}", "its numbers are not in the manifest", "the model converted again")
        if prod(weight.shape) == 1 and size != 1:
            continue
        layer = last and place == 1
        axis = _axis(node, weight) if layer else len(weight.shape) - 1
        if not weight.shape or weight.shape[axis] != size or not (layer or prod(weight.shape) == size):
            raise RefusedError(f"tensor {given}", f"it is not of {size} classes", NEEDED)
        if sum(any(plain(i) == given for i in n.inputs) for n in graph.nodes.values()) > 1:
            raise RefusedError(f"tensor {given}", "a tied weight: another node reads it too", NEEDED)
        yield weight, axis


def spans(found: Sequence[Narrow]) -> list[Span]:
    """Return the bytes that go from the shards."""
    out: list[Span] = []
    for narrow in found:
        for weight, axis in narrow.weights:
            inner = prod(weight.shape[axis + 1 :]) * weight.width
            step = weight.shape[axis] * inner
            for row in range(prod(weight.shape[:axis])):
                for at in sorted(narrow.head.gone):
                    start = weight.start + row * step + at * inner
                    if out and out[-1].stop == start and out[-1].group == weight.group:
                        out[-1] = Span(weight.group, out[-1].start, start + inner)
                    else:
                        out.append(Span(weight.group, start, start + inner))
    return out


def taken(data: bytes, weight: Weight, axis: int, indices: Sequence[int]) -> bytes:
    """Return some classes of a weight's bytes."""
    inner = prod(weight.shape[axis + 1 :]) * weight.width
    step = weight.shape[axis] * inner
    rows = range(0, len(data), step) if step else ()
    return b"".join(data[row + at * inner : row + (at + 1) * inner] for row in rows for at in indices)


def narrow_again(model: Described, graph: Graph, heads: Sequence[Head], *, renormalise: bool) -> list[Narrow]:
    """Return the cuts that a plan states, on the model in hand; raise `StripError` where they cannot be done."""
    try:
        return [narrowed(model, graph, head, renormalise=renormalise) for head in heads]
    except (RefusedError, KeyError) as error:
        raise StripError(f"{model.name}: {error}; plan again") from error
