"""Common operations of TensorFlow graphs in numpy, for `untag.strip.tfjs.evaluate`.

Each takes its inputs and its attributes, and returns its value with the number of products that it took.
Pictures are in NHWC, as TensorFlow.js has them.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.strip.weights.jsontext import Value

Given = tuple[Any, int]
COLUMNS: Final = 8
"""Columns from which on numpy adds up rows one by one."""
BLOCK: Final = 1 << 20
"""Bytes of windows that a convolution lays out at once: what a core's own cache holds."""


class Unknown(Exception):  # noqa: N818 - no error of the input: this evaluator does not know it
    """Something that this evaluator cannot compute."""


def attributes(node: Value) -> dict[str, Any]:
    """Return the attributes of a node as plain values: texts decoded, 64-bit numbers as such, shapes as lists."""
    held = node.get("attr")
    found = held.python() if held is not None else {}
    return {key: _attribute(value) for key, value in found.items() if isinstance(value, dict)}


def _attribute(value: dict[str, Any]) -> Any:
    for key, item in value.items():
        if key == "s":
            return _text(item)
        if key == "i":
            return int(item)
        if key == "shape":
            dims = item.get("dim", []) if isinstance(item, dict) else []
            return [int(dim.get("size", -1)) for dim in dims]
        if key == "list":
            inner = item if isinstance(item, dict) else {}
            return [_attribute({kind: entry}) for kind, entries in inner.items() for entry in entries]
        return item
    return None


def _text(item: Any) -> str:
    if isinstance(item, list):
        return bytes(item).decode("ascii", "replace")
    try:
        return base64.b64decode(str(item), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return str(item)


def _pads(size: int, window: int, stride: int, padding: str, dilation: int = 1) -> tuple[int, int]:
    """Return what is added before and after an axis."""
    if padding == "VALID":
        return 0, 0
    if padding != "SAME":
        raise Unknown(f"the padding {padding} is not known to the evaluator")
    reach = (window - 1) * dilation + 1
    whole = max((-(-size // stride) - 1) * stride + reach - size, 0)
    return whole // 2, whole - whole // 2


def _windows(data: Any, window: tuple[int, int], attr: dict[str, Any], fill: float) -> Any:
    """Return the windows of pictures as ``[batch, rows, columns, channels, height, width]``, a view."""
    import numpy as np  # noqa: PLC0415 - heavy

    if attr.get("data_format", "NHWC") != "NHWC" or data.ndim != 4:  # noqa: PLR2004 - pictures
        raise Unknown("pictures in another order than NHWC are not known to the evaluator")
    strides = attr.get("strides", [1, 1, 1, 1])
    dilations = (attr.get("dilations") or [1, 1, 1, 1])[1:3]
    padding = str(attr.get("padding", "VALID"))
    pads = [_pads(data.shape[1 + n], window[n], strides[1 + n], padding, dilations[n]) for n in (0, 1)]
    if any(map(any, pads)):
        data = np.pad(data, [(0, 0), *pads, (0, 0)], constant_values=fill)
    reach = tuple((size - 1) * dilation + 1 for size, dilation in zip(window, dilations, strict=True))
    view = np.lib.stride_tricks.sliding_window_view(data, reach, axis=(1, 2))
    return view[:, :: strides[1], :: strides[2], :, :: dilations[0], :: dilations[1]]


def _conv(given: list[Any], attr: dict[str, Any]) -> Given:
    import numpy as np  # noqa: PLC0415

    data, kernel = given[0], given[1]
    height, width, channels, filters = kernel.shape
    windows = _windows(data, (height, width), attr, 0.0).transpose(0, 1, 2, 4, 5, 3)
    batch, rows, columns = windows.shape[:3]
    reach = height * width * channels
    weights = kernel.reshape(reach, filters)
    made = np.empty((batch, rows, columns, filters), np.result_type(data, kernel))
    # some rows of the picture at a time: their windows, laid out one behind the other, stay in the cache
    step = max(1, BLOCK // max(columns * reach * data.itemsize, 1))
    for one, picture in zip(made, windows, strict=True):
        for row in range(0, rows, step):
            piece = picture[row : row + step]
            np.matmul(piece.reshape(-1, reach), weights, out=one[row : row + step].reshape(-1, filters))
    return made, made.size * reach


def _depthwise(given: list[Any], attr: dict[str, Any]) -> Given:
    import numpy as np  # noqa: PLC0415

    data, kernel = given[0], given[1]
    windows = _windows(data, kernel.shape[:2], attr, 0.0)
    made = np.einsum("brcihw,hwim->brcim", windows, kernel)
    flat = made.reshape(*made.shape[:3], -1)
    return flat, flat.size * kernel.shape[0] * kernel.shape[1]


def _matmul(given: list[Any], attr: dict[str, Any]) -> Given:
    one, two = given[0], given[1]
    if attr.get("transpose_a") or attr.get("adj_x"):
        one = one.swapaxes(-1, -2)
    if attr.get("transpose_b") or attr.get("adj_y"):
        two = two.swapaxes(-1, -2)
    made = one @ two
    return made, made.size * one.shape[-1]


def _fused(product: Callable[[list[Any], dict[str, Any]], Given]) -> Callable[[list[Any], dict[str, Any]], Given]:
    """Return a product with what was fused behind it."""

    def run(given: list[Any], attr: dict[str, Any]) -> Given:
        made, count = product(given, attr)
        rest = list(given[2:])
        for word in attr.get("fused_ops", []):
            if word == "BiasAdd":
                made = made + rest.pop(0)
            elif word in ACTIVATIONS:
                made = ACTIVATIONS[word](made)
            else:
                raise Unknown(f"the fused operation {word} is not known to the evaluator")
        return made, count

    return run


def _pool(given: list[Any], attr: dict[str, Any], reduce: str) -> Given:
    import numpy as np  # noqa: PLC0415

    window = tuple(attr["ksize"][1:3])
    if reduce == "max":
        windows = _windows(given[0], window, attr, -np.inf)
        made = windows[..., 0, 0].copy()
        for row, column in np.ndindex(*windows.shape[4:]):
            np.maximum(made, windows[..., row, column], out=made)
        return made, 0
    if attr.get("padding") != "VALID":
        raise Unknown("an average over padded windows is not known to the evaluator")
    return _windows(given[0], window, attr, 0.0).mean(axis=(4, 5)), 0


def _reduced(name: str) -> Callable[[list[Any], dict[str, Any]], Given]:
    def run(given: list[Any], attr: dict[str, Any]) -> Given:
        axes = tuple(int(axis) for axis in given[1].reshape(-1))
        return getattr(given[0], name)(axis=axes, keepdims=bool(attr.get("keep_dims"))), 0

    return run


def _normalised(given: list[Any], attr: dict[str, Any]) -> Given:
    import numpy as np  # noqa: PLC0415

    data, scale, offset, mean, variance = given[:5]
    return (data - mean) / np.sqrt(variance + np.float32(attr.get("epsilon", 1e-3))) * scale + offset, 0


def _softmax(data: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    raised = np.exp(data - data.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def _sigmoid(data: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-data))


def _elu(data: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.where(data > 0, data, np.expm1(np.minimum(data, 0)))


def _one(function: Callable[[Any], Any]) -> Callable[[list[Any], dict[str, Any]], Given]:
    return lambda given, _: (function(given[0]), 0)


def _two(name: str) -> Callable[[list[Any], dict[str, Any]], Given]:
    def run(given: list[Any], _: dict[str, Any]) -> Given:
        import numpy as np  # noqa: PLC0415

        return getattr(np, name)(given[0], given[1]), 0

    return run


def _joined(given: list[Any], _: dict[str, Any]) -> Given:
    import numpy as np  # noqa: PLC0415

    return np.concatenate(given[:-1], axis=int(given[-1])), 0


def _padded(given: list[Any], _: dict[str, Any]) -> Given:
    import numpy as np  # noqa: PLC0415

    return np.pad(given[0], given[1].tolist(), constant_values=float(given[2]) if len(given) > 2 else 0.0), 0  # noqa: PLR2004


def _squeezed(given: list[Any], attr: dict[str, Any]) -> Given:
    axes = tuple(attr.get("squeeze_dims") or ())
    return (given[0].squeeze(axes) if axes else given[0].squeeze()), 0


ACTIVATIONS: Final[dict[str, Callable[[Any], Any]]] = {
    "Relu": lambda data: data.clip(0, None),
    "Relu6": lambda data: data.clip(0, 6),
    "Elu": _elu,
    "Sigmoid": _sigmoid,
}
OPERATIONS: Final[dict[str, Callable[[list[Any], dict[str, Any]], Given]]] = {
    **{name: _one(function) for name, function in ACTIVATIONS.items()},
    **dict.fromkeys(("Identity", "StopGradient"), _one(lambda data: data)),
    "Add": _two("add"),
    "AddV2": _two("add"),
    "BiasAdd": _two("add"),
    "Sub": _two("subtract"),
    "Mul": _two("multiply"),
    "RealDiv": _two("divide"),
    "Maximum": _two("maximum"),
    "Minimum": _two("minimum"),
    "MatMul": _matmul,
    "_FusedMatMul": _fused(_matmul),
    "Conv2D": _conv,
    "_FusedConv2D": _fused(_conv),
    "DepthwiseConv2dNative": _depthwise,
    "FusedDepthwiseConv2dNative": _fused(_depthwise),
    "MaxPool": lambda given, attr: _pool(given, attr, "max"),
    "AvgPool": lambda given, attr: _pool(given, attr, "mean"),
    "Max": _reduced("max"),
    "Mean": _reduced("mean"),
    "Sum": _reduced("sum"),
    "Min": _reduced("min"),
    "FusedBatchNorm": _normalised,
    "FusedBatchNormV3": _normalised,
    "Softmax": _one(_softmax),
    "ConcatV2": _joined,
    "Pad": _padded,
    "PadV2": _padded,
    "Squeeze": _squeezed,
    "Reshape": lambda given, _: (given[0].reshape(given[1].tolist()), 0),
    "ExpandDims": lambda given, _: (given[0].reshape(_expanded(given[0].shape, int(given[1]))), 0),
}


def _steady(one: Any, two: Any) -> Any:
    """Return a product whose columns are added up in the same order however many there are."""
    import numpy as np  # noqa: PLC0415

    count = two.shape[1]
    # a single column would be added up pairwise: some of zeros stand beside it
    wide = np.ascontiguousarray(np.pad(two, ((0, 0), (0, max(0, COLUMNS - count)))))
    made = np.empty((one.shape[0], wide.shape[1]), np.result_type(one, two))
    for row, values in enumerate(one):
        np.add.reduce(values[:, None] * wide, axis=0, out=made[row])
    return np.ascontiguousarray(made[:, :count])


def _matmul_steady(given: list[Any], attr: dict[str, Any]) -> Given:
    one, two = given[0], given[1]
    if one.ndim != 2 or two.ndim != 2:  # noqa: PLR2004 - as a last layer is
        raise Unknown("a last layer of more than two axes is not known to the evaluator")
    if attr.get("transpose_a"):
        one = one.T
    if attr.get("transpose_b"):
        two = two.T
    return _steady(one, two), one.shape[0] * two.size


def _conv_steady(given: list[Any], attr: dict[str, Any]) -> Given:
    data, kernel = given[0], given[1]
    height, width, channels, filters = kernel.shape
    windows = _windows(data, (height, width), attr, 0.0).transpose(0, 1, 2, 4, 5, 3)
    batch, rows, columns = windows.shape[:3]
    reach = height * width * channels
    made = _steady(windows.reshape(-1, reach), kernel.reshape(reach, filters))
    return made.reshape(batch, rows, columns, filters), made.size * reach


STEADY: Final[dict[str, Callable[[list[Any], dict[str, Any]], Given]]] = {
    "MatMul": _matmul_steady,
    "_FusedMatMul": _fused(_matmul_steady),
    "Conv2D": _conv_steady,
    "_FusedConv2D": _fused(_conv_steady),
}
"""Products of weights that lost classes: a library may add up another number of columns in another order."""


def _expanded(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    axis = axis if axis >= 0 else len(shape) + 1 + axis
    return (*shape[:axis], 1, *shape[axis:])
