"""The kept outputs on seeded noise, before and after: a small evaluator for common operations.

It is no TensorFlow.js: it shows that the kept outputs of both files are the same function of the same input by
the same arithmetic. An operation that it does not know ends the comparison, and the check says so: then the
comparison of nodes and weights stands alone, which implies the same.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import Check
from untag.strip.tfjs.graph import graph_of, live, plain
from untag.strip.tfjs.model import read_weight
from untag.strip.tfjs.operations import OPERATIONS, STEADY, Unknown, attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from untag.strip.base import Unit
    from untag.strip.tfjs.graph import Graph, Node
    from untag.strip.tfjs.model import Described

SEED: Final = 20_260_101
INPUTS: Final = 200
"""Noise inputs compared where the model is small enough."""
WORK: Final = 320_000_000_000
"""Products summed in all, some ten seconds: a larger model is compared on fewer inputs, at least `FEWEST`."""
LIGHT: Final = 4_000_000_000
"""Products that are summed in this process: a second process would take longer to start."""
SHARES: Final = 2
"""Processes that the inputs of a larger model are dealt out to."""
FEWEST: Final = 3
LARGEST: Final = 1 << 26
"""Elements of one input."""
WEIGHTS: Final = 1 << 30
"""Bytes of weights that are held decoded."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A tensor of one model, and the one of another that it is compared with."""

    old: str
    new: str
    kept: tuple[int, ...] | None = None
    """Indices on the last axis of the old one that the new one has; none for all."""
    product: str = ""
    """The product of weights that became narrower: it is added up in a fixed order in both."""


def compared(old: Described, new: Described, outputs: Sequence[tuple[str, Pair]], unit: Unit, staging: Path) -> Check:
    """Compare outputs, given by name and tensors, of two models bit by bit.

    ``unit`` and ``staging`` are where the two stand: large models are run in processes of their own.
    """
    names = ", ".join(name for name, _ in outputs)
    pairs = [pair for _, pair in outputs]
    try:
        import numpy  # noqa: F401, ICN001, PLC0415 - an extra; without it the structure alone is compared

        first, second = programs(old, new, pairs)
        cost = first.cost([pair.old for pair in pairs])
        count = max(FEWEST, min(INPUTS, WORK // max(cost, 1)))
        if count * cost < LIGHT:
            different = differing(first, second, pairs, range(count))
        else:
            different = _apart(unit, staging, pairs, count)
    except ImportError:
        return _left(names, "numpy is not installed (pip install 'untag[strip]')")
    except Unknown as error:
        return _left(names, str(error))
    detail = (
        f"{names} on {count:,} inputs of seeded noise, by untag's own evaluator in float32, which computes an "
        f"operation on the same bits once: {different} differ in any bit"
    )
    figures = {"inputs": count, "seed": SEED, "different": different, "evaluator": "untag", "outputs": len(outputs)}
    return Check("outputs equal", not different, detail, figures)


def programs(old: Described, new: Described, pairs: Sequence[Pair]) -> tuple[Program, Program]:
    """Return both models as programs, in which products that became narrower are added up in a fixed order."""
    steady = frozenset(pair.product for pair in pairs if pair.product)
    moved = {pair.new if pair.product == plain(pair.old) else pair.product for pair in pairs if pair.product}
    return Program(old, steady), Program(new, frozenset(map(plain, moved)))


def _apart(unit: Unit, staging: Path, pairs: Sequence[Pair], count: int) -> int:
    """Compare in processes of their own, in which products are summed by one thread each: two cores are two shares."""
    command = [sys.executable, "-P", "-B", "-m", f"{__package__}.evaluate_child"]
    rows = [[pair.old, pair.new, pair.kept, pair.product] for pair in pairs]
    asked = {"root": str(unit.root.absolute()), "name": unit.name, "staging": str(staging.absolute())}
    running = []
    try:
        for share in range(SHARES):
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            running.append(process)
            assert process.stdin is not None
            numbers = list(range(share, count, SHARES))
            with suppress(BrokenPipeError):
                process.stdin.write(json.dumps({**asked, "pairs": rows, "numbers": numbers}).encode())
                process.stdin.close()
        return sum(map(_said, running))
    except OSError as error:
        raise Unknown(f"no process could be started to compute them: {error.strerror or error}") from None
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
            with suppress(OSError):
                if process.stdout is not None:
                    process.stdout.close()
            process.wait()


def _said(process: subprocess.Popen[bytes]) -> int:
    """Return how many inputs a child found to differ. Raises `Unknown` for one that ended without a word."""
    assert process.stdout is not None
    try:
        answer = json.loads(process.stdout.read())
    except ValueError:
        answer = {"unknown": "the process that computes them ended early, perhaps for want of memory"}
    if "different" not in answer:
        raise Unknown(str(answer.get("unknown")))
    return int(answer["different"])


def _left(names: str, why: str) -> Check:
    detail = (
        f"{names} not computed: {why}. Every node, attribute and weight byte that they need is the same in both "
        "files, so they are the same function of the input"
    )
    return Check("outputs equal", passed=True, detail=detail, figures={"inputs": 0, "by": "structure"})


def differing(first: Program, second: Program, pairs: Sequence[Pair], numbers: Iterable[int]) -> int:
    """Return for how many noise inputs two models differ in any bit of any of some tensors."""
    return sum(not _same(first, second, pairs, number) for number in numbers)


def _same(first: Program, second: Program, pairs: Sequence[Pair], number: int) -> bool:
    feeds = first.noise(number)
    made: dict[str, Any] = {}
    one = first.run([pair.old for pair in pairs], feeds, made)
    two = second.run([pair.new for pair in pairs], feeds, known=(first, made))
    one = [a if pair.kept is None else a.take(pair.kept, axis=-1) for a, pair in zip(one, pairs, strict=True)]
    return all(map(_equal, one, two))


def _equal(one: Any, two: Any) -> bool:
    """Whether two arrays are the same in type, shape and every bit."""
    return one is two or (one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes())


class Program:
    """A graph model that can be evaluated."""

    def __init__(self, model: Described, steady: frozenset[str] = frozenset()) -> None:
        self.graph: Graph = graph_of(model)
        self._steady = steady
        self._model = model
        self._constants: dict[str, Any] = {}
        self._attributes: dict[str, dict[str, Any]] = {}
        self.products = 0

    def noise(self, number: int) -> dict[str, Any]:
        """Return an input for each placeholder, from a seeded generator."""
        import numpy as np  # noqa: PLC0415

        random = np.random.Generator(np.random.PCG64([SEED, number]))
        feeds: dict[str, Any] = {}
        for node in self.graph.nodes.values():
            if node.op != "Placeholder":
                continue
            shape = self._shape(node.name)
            if self.attributes_of(node.name).get("dtype") in ("DT_INT32", "DT_UINT8", 3, 4):
                feeds[node.name] = random.integers(0, 256, shape, dtype=np.int32)
            else:
                feeds[node.name] = random.standard_normal(shape, dtype=np.float32)
        return feeds

    def _shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an input, with a batch of one."""
        import math  # noqa: PLC0415

        declared = self.attributes_of(name).get("shape")
        if not isinstance(declared, list):
            raise Unknown(f"the input {name} has no declared shape")
        sizes = [1 if size < 0 and at == 0 else size for at, size in enumerate(declared)]
        if any(size <= 0 for size in sizes) or math.prod(sizes) > LARGEST:
            raise Unknown(f"the input {name} has no fixed shape")
        return tuple(sizes)

    def attributes_of(self, name: str) -> dict[str, Any]:
        """Return the attributes of a node as plain values."""
        if name not in self._attributes:
            self._attributes[name] = attributes(self.graph.nodes[name].value)
        return self._attributes[name]

    def cost(self, tensors: Sequence[str]) -> int:
        """Return how many products one input takes, by evaluating it once."""
        self.products = 0
        self.run(tensors, self.noise(0))
        return self.products

    def run(
        self,
        tensors: Sequence[str],
        feeds: dict[str, Any],
        values: dict[str, Any] | None = None,
        known: tuple[Program, dict[str, Any]] | None = None,
    ) -> list[Any]:
        """Return some tensors for given inputs. Raises `Unknown` for what this evaluator cannot do.

        ``values`` receives the value of every node. ``known`` is another model with the values of its nodes: where
        a node of the same name is the same operation there and was given the same bits, its value is taken over.
        """
        values = {} if values is None else values
        values.update(feeds)
        for name in self._order(tensors):
            if name not in values:
                values[name] = self._known(name, values, known)
        return [values[plain(tensor)] for tensor in tensors]

    def _known(self, name: str, values: dict[str, Any], known: tuple[Program, dict[str, Any]] | None) -> Any:
        """Return the value of a node, from another model where it is the same operation on the same bits."""
        if known is None:
            return self._value(name, values)
        other, theirs = known
        if name not in theirs:
            return self._value(name, values)
        node, twin = self.graph.nodes[name], other.graph.nodes[name]
        if node.op == "Const":
            own = self._constant(name)
            # the same bits under one identity, so that what is made of them need not be compared again
            return theirs[name] if _equal(own, theirs[name]) else own
        same = (
            node.op == twin.op
            and self.attributes_of(name) == other.attributes_of(name)
            and [i.partition(":")[2] for i in _data(node)] == [i.partition(":")[2] for i in _data(twin)]
            and all(_equal(values[plain(a)], theirs[plain(b)]) for a, b in zip(_data(node), _data(twin), strict=True))
        )
        return theirs[name] if same else self._value(name, values)

    def _order(self, tensors: Sequence[str]) -> list[str]:
        """Return the nodes that some tensors need, each after its inputs."""
        wanted = live(self.graph, [plain(tensor) for tensor in tensors])
        order: list[str] = []
        state: dict[str, int] = {}
        stack = [(plain(tensor), False) for tensor in tensors]
        while stack:
            name, done = stack.pop()
            if done:
                state[name] = 2
                order.append(name)
            elif name not in state and name in wanted:
                state[name] = 1
                stack.append((name, True))
                inputs = [plain(i) for i in self.graph.nodes[name].inputs if not i.startswith("^")]
                if any(state.get(i) == 1 for i in inputs):
                    raise Unknown(f"node {name} stands in a circle")
                stack += [(i, False) for i in inputs]
        return order

    def _value(self, name: str, values: dict[str, Any]) -> Any:
        node = self.graph.nodes[name]
        if node.op == "Const":
            return self._constant(name)
        operation = (STEADY if name in self._steady else OPERATIONS).get(node.op)
        if operation is None:
            raise Unknown(f"the operation {node.op} of node {name} is not known to the evaluator")
        if any(":" in given and not given.endswith(":0") for given in node.inputs):
            raise Unknown(f"node {name} reads a second result of another")
        given = [values[plain(i)] for i in _data(node)]
        try:
            made, products = operation(given, self.attributes_of(name))
        except (ValueError, IndexError, TypeError, KeyError) as error:
            raise Unknown(f"node {name} ({node.op}) is not of a form that is known: {str(error)[:80]}") from None
        self.products += products
        return made

    def _constant(self, name: str) -> Any:
        """Return a weight as numbers, decoded as TensorFlow.js does."""
        import numpy as np  # noqa: PLC0415

        if name in self._constants:
            return self._constants[name]
        weight = next((w for w in self._model.weights if w.name == name), None)
        if weight is None or weight.dtype not in ("float32", "int32", "bool"):
            raise Unknown(f"the constant {name} has no weights of a known type")
        if sum(value.nbytes for value in self._constants.values()) > WEIGHTS:
            raise Unknown(f"more than {WEIGHTS:,} bytes of weights")
        stored = np.frombuffer(read_weight(self._model, weight), dtype=np.dtype(_STORED[weight.code]))
        if weight.code not in (weight.dtype, "float16"):
            stored = stored * np.float32(weight.scale) + np.float32(weight.least)
        made = stored.astype(_STORED[weight.dtype]).reshape(weight.shape)
        self._constants[name] = made
        return made


def _data(node: Node) -> list[str]:
    """Return the inputs of a node that are values, as written."""
    return [name for name in node.inputs if not name.startswith("^")]


_STORED: Final = {
    "float32": "<f4",
    "int32": "<i4",
    "bool": "u1",
    "uint8": "u1",
    "uint16": "<u2",
    "float16": "<f2",
    "complex64": "<c8",
}
