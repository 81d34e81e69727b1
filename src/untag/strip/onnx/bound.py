"""How far two sums of the same products may differ when a kernel adds them in another order.

A matrix of 11 rows may be multiplied by another kernel than one of 18, and the same row then comes out with its
last bits different. That is no change of the model, and it has a bound: whatever the order, a computed sum of ``n``
products is within γₙ·Σ|w||x| of the true one, γₙ = nu / (1 − nu) with u half the spacing of the type's numbers at 1
(N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1). Two computed sums are within
twice that. Units in the last place say nothing here: near zero a sum of large terms is off by millions of them.

The bound holds where the layer was cut. It reaches an output only through operators that do not stretch a
difference, and those are listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    import numpy as np

UNIT: Final = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
"""Half the distance from 1 to the next number."""
LAYERS: Final = frozenset(("Gemm", "MatMul", "Conv"))
"""Operators that sum products of an input with a weight, and whose weights can be sliced."""
WRAPS: Final = frozenset(("DequantizeLinear", "Cast", "Transpose", "Identity", "Reshape", "Squeeze", "Unsqueeze"))
"""Operators that may stand between a weight and its layer."""
EXACT: Final = frozenset(
    ("Identity", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Concat", "Split", "Slice", "Gather",
     "Expand", "Relu", "Clip", "Neg", "Abs", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin", "Dropout")
)  # fmt: skip
"""Operators that compute no new digits and bring no two values further apart than they were."""
SMOOTH: Final = frozenset(
    ("Sigmoid", "Tanh", "Softmax", "GlobalAveragePool", "AveragePool", "ReduceMean", "Softplus", "Softsign")
)  # fmt: skip
"""Operators that bring no two values further apart (each has a Lipschitz constant of at most 1), and round."""
ALLOWANCE: Final = 16
"""Units of the result's largest size that one operator of `SMOOTH` may round by on each side."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer whose weights were cut, as it stands in the new model."""

    node: Any
    """The ``onnx.NodeProto``: its first two inputs are multiplied, the third is added."""
    output: str


@dataclass(frozen=True, slots=True)
class Route:
    """How a difference in cut layers reaches an output."""

    layers: tuple[Layer, ...]
    smooth: int
    """Operators of `SMOOTH` on the way."""
    stop: str = ""
    """An operator through which no bound is known, by name; empty if there is none."""


def gamma(count: int, unit: float) -> float:
    """Return γ of a sum of ``count`` products; infinite where the bound says nothing."""
    return count * unit / (1 - count * unit) if count * unit < 1 else float("inf")


def products(node: Any, x: Any, w: Any) -> int:
    """Return how many products a layer adds up for one value, the added bias and scales among them."""
    if node.op_type == "Conv":
        return int(w.size // w.shape[0]) + 2
    if node.op_type == "Gemm":
        turned = any(a.name == "transA" and a.i for a in node.attribute)
        return int(x.shape[0 if turned else -1]) + 4
    return int(x.shape[-1]) + 1


def route(model: Any, output: str, layers: dict[str, Layer]) -> Route:
    """Follow an output of the new model back to the cut layers (by the name of what they make)."""
    makers = {name: node for node in model.graph.node for name in node.output if name}
    feeds = _downstream(model, set(layers))
    found: dict[str, Layer] = {}
    smooth, stop = 0, ""
    waiting, seen = [output], {output}
    while waiting:
        name = waiting.pop()
        if name in layers:
            found[name] = layers[name]
            continue
        node = makers.get(name)
        if node is None or name not in feeds:
            continue
        if node.op_type in SMOOTH:
            smooth += 1
        elif node.op_type not in EXACT or any(i in feeds for i in node.input[1:] if node.op_type != "Concat"):
            stop = stop or f"{node.op_type} {node.name or name}"
        for source in node.input:
            if source and source not in seen:
                seen.add(source)
                waiting.append(source)
    return Route(tuple(found.values()), smooth, stop)


def tolerance(units: float, largest: float, size: float, smooth: int, unit: float) -> float:
    """Return how far an output may be off.

    ``units`` is γ, ``largest`` the largest Σ|w||x| of the layers behind it, ``size`` the largest value of the output.
    """
    return 2 * units * largest + 2 * smooth * ALLOWANCE * unit * max(size, 1.0)


def magnitudes(node: Any, inputs: list[np.ndarray[Any, Any]]) -> Any:
    """Return a model of one layer on absolute values, which gives its Σ|w||x|."""
    from onnx import helper  # noqa: PLC0415 - slow to load

    alone = type(node)()
    alone.CopyFrom(node)
    names = [f"i{number}" for number in range(len(inputs))]
    alone.input[:] = names
    alone.output[:] = ["sum"]
    for item in alone.attribute:
        if item.name in {"alpha", "beta"}:
            item.f = abs(item.f)
    kind = helper.np_dtype_to_tensor_dtype(inputs[0].dtype)
    values = [helper.make_tensor_value_info(name, kind, list(a.shape)) for name, a in zip(names, inputs, strict=True)]
    return helper.make_graph([alone], "magnitudes", values, [helper.make_tensor_value_info("sum", kind, None)])


def _downstream(model: Any, names: set[str]) -> set[str]:
    """Return every name that depends on one of ``names``; nodes stand in the order of their data."""
    feeds = set(names)
    for node in model.graph.node:
        if any(name in feeds for name in node.input):
            feeds.update(name for name in node.output if name)
    return feeds
