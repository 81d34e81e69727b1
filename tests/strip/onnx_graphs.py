"""Random graphs over the operators that are cut, and some that must be refused: a hypothesis strategy."""

import numpy as np
import onnx
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

N = "N"
"""The batch: the one dim that is not known."""
UNARY = (
    "Relu",
    "Sigmoid",
    "Tanh",
    "LeakyRelu",
    "Elu",
    "Abs",
    "Neg",
    "Identity",
    "Softplus",
    "HardSigmoid",
    "Erf",
    "Exp",
)
BINARY = ("Add", "Mul", "Sub", "Div", "Max", "Min", "PRelu", "Where")


class Graph:
    """A graph that grows by draws; every tensor is float32, and its shape is known but for the batch."""

    def __init__(self, draw, seed):
        self.draw = draw
        self.rng = np.random.default_rng(seed)
        self.nodes, self.inits, self.inputs = [], [], []
        self.shapes = {}
        self.used = set()
        self.count = 0
        self.weights = []

    def pick(self, options):
        return self.draw(st.sampled_from(list(options)))

    def chance(self, share):
        return self.draw(st.integers(0, 99)) < share

    def number(self, low, high):
        return self.draw(st.integers(low, high))

    def fresh(self, kind):
        self.count += 1
        return f"{kind.lower()}{self.count}"

    def const(self, value, attribute=False):
        name = self.fresh("c")
        tensor = numpy_helper.from_array(np.asarray(value), name)
        if attribute:
            self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        else:
            self.inits.append(tensor)
        return name

    def ints(self, *values):
        return self.const(np.array(values, np.int64), attribute=self.chance(30))

    def floats(self, *shape):
        value = self.rng.standard_normal(shape).astype(np.float32)
        return self.const(value, attribute=self.chance(15))

    def weight(self, *shape):
        """Return a weight: new, tied to an earlier one, turned by a Transpose, or dequantised."""
        same = [name for name, own in self.weights if own == shape]
        if same and self.chance(8):
            return self.pick(same)
        if len(shape) == 2 and self.chance(10):
            name = self.fresh("w")
            self.nodes.append(helper.make_node("Transpose", [self.floats(*shape[::-1])], [name], perm=[1, 0]))
        elif self.chance(8):
            name = self.fresh("w")
            axis = self.number(0, len(shape) - 1)
            wide = self.chance(50)
            size = (shape[axis],) if wide else ()
            scale = self.const((self.rng.random(size) / 50 + 0.01).astype(np.float32))
            zero = self.const(self.rng.integers(-3, 3, size).astype(np.int8))
            whole = self.const(self.rng.integers(-128, 128, shape).astype(np.int8))
            self.nodes.append(
                helper.make_node("DequantizeLinear", [whole, scale, zero], [name], **({"axis": axis} if wide else {}))
            )
        else:
            name = self.floats(*shape)
        self.weights.append((name, shape))
        return name

    def add(self, kind, inputs, shape, outputs=1, **attributes):
        names = [self.fresh(kind) for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=f"n_{names[0]}", **attributes))
        self.used.update(inputs)
        shapes = [shape] if outputs == 1 else shape
        for name, own in zip(names, shapes, strict=True):
            self.shapes[name] = tuple(own)
        return names[0]


def axes(shape):
    return [i for i, dim in enumerate(shape) if dim != N]


def layer(g, x, shape):
    """Add a layer with weights, as it fits the rank."""
    size = g.number(2, 9)
    rank = len(shape)
    if rank == 4 and shape[1] != N and N not in shape[2:]:
        kernel = g.pick([1, 3])
        group = shape[1] if g.chance(15) else 1
        out = shape[1] * g.pick([1, 2]) if group > 1 else size
        inputs = [x, g.weight(out, shape[1] // group, kernel, kernel)] + ([g.floats(out)] if g.chance(70) else [])
        return g.add("Conv", inputs, (shape[0], out, *shape[2:]), group=group, pads=[kernel // 2] * 4)
    if shape[-1] == N:
        return None
    if rank == 2 and g.chance(60):
        trans = g.number(0, 1)
        inputs = [x, g.weight(size, shape[1]) if trans else g.weight(shape[1], size)]
        if g.chance(70):
            inputs.append(g.floats(*g.pick([(size,), (1, size), ()])))
        return g.add("Gemm", inputs, (shape[0], size), transB=trans, alpha=g.pick([1.0, 0.5]), beta=g.pick([1.0, 2.0]))
    if rank == 2 and g.chance(15):
        quantised = [g.fresh("dq") for _ in range(3)]
        g.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], quantised))
        g.used.add(x)
        whole = g.const(g.rng.integers(0, 255, (shape[1], size)).astype(np.uint8))
        zero = g.const(g.rng.integers(100, 140, g.pick([(), (size,)])).astype(np.uint8))
        product = g.add("MatMulInteger", [quantised[0], whole, quantised[2], zero], (shape[0], size))
        cast = g.add("Cast", [product], (shape[0], size), to=TensorProto.FLOAT)
        scale = g.add(
            "Mul", [quantised[1], g.const((g.rng.random(g.pick([(), (size,)])) / 9).astype(np.float32))], (size,)
        )
        del g.shapes[product]
        del g.shapes[scale]
        return g.add("Mul", [cast, scale], (shape[0], size))
    return g.add("MatMul", [x, g.weight(shape[-1], size)], (*shape[:-1], size))


def norm(g, x, shape):
    if len(shape) < 2 or shape[1] == N:
        return None
    parts = [g.floats(shape[1]) for _ in range(3)]
    var = g.const((g.rng.random(shape[1]) + 0.5).astype(np.float32))
    return g.add("BatchNormalization", [x, *parts, var], shape)


def unary(g, x, shape):
    kind = g.pick((*UNARY, "Clip", "Dropout", "Cast", "Softmax", "LogSoftmax"))
    if kind == "Clip":
        return g.add("Clip", [x, g.const(np.float32(-0.5)), g.const(np.float32(0.7))], shape)
    if kind == "Cast":
        half = g.add("Cast", [x], shape, to=g.pick([TensorProto.DOUBLE, TensorProto.FLOAT16]))
        out = g.add("Cast", [half], shape, to=TensorProto.FLOAT)
        del g.shapes[half]
        return out
    if kind in ("Softmax", "LogSoftmax"):
        return g.add(kind, [x], shape, axis=g.pick(range(-len(shape), len(shape))))
    return g.add(kind, [x], shape)


def quantise(g, x, shape):
    known = axes(shape)
    wide = bool(known) and g.chance(40)
    axis = g.pick(known) if wide else 0
    size = (shape[axis],) if wide else ()
    scale = g.const((g.rng.random(size) / 20 + 0.01).astype(np.float32))
    zero = g.const(g.rng.integers(100, 150, size).astype(np.uint8))
    extra = {"axis": axis} if wide else {}
    whole = g.add("QuantizeLinear", [x, scale, zero], shape, **extra)
    del g.shapes[whole]
    return g.add("DequantizeLinear", [whole, scale, zero], shape, **extra)


def constant(g, x, shape):
    """Combine with a constant of a shape that broadcasts."""
    kind = g.pick(BINARY)
    known = axes(shape)
    how = g.number(0, 3)
    if how == 0 or not known:
        size = g.pick([(), (1,)])
    elif how == 1 and shape[-1] != N:
        size = (shape[-1],)
    elif how == 2:
        axis = g.pick(known)
        size = tuple(dim if i == axis else 1 for i, dim in enumerate(shape))
    else:
        size = tuple(1 if dim == N else dim for dim in shape)
    if kind == "Where":
        where = g.const(g.rng.integers(0, 2, size).astype(bool))
        other = g.floats(*g.pick([(), size]))
        return g.add("Where", [where, x, other] if g.chance(50) else [where, other, x], shape)
    value = g.floats(*size)
    if kind == "PRelu" or g.chance(70):
        return g.add(kind, [x, value], shape)
    return g.add(kind, [value, x], shape)


def pair(g, x, shape):
    """Combine two tensors: of one shape, or along an axis."""
    same = [n for n, own in g.shapes.items() if own == shape]
    if g.chance(50):
        return g.add(g.pick(("Add", "Mul", "Sub", "Max")), [x, g.pick(same)], shape)
    axis = g.pick(range(len(shape)))
    if shape[axis] == N:
        return None
    fits = [
        n
        for n, own in g.shapes.items()
        if len(own) == len(shape) and all(a == b for i, (a, b) in enumerate(zip(own, shape, strict=True)) if i != axis)
    ]
    parts = [x, *(g.pick(fits) for _ in range(g.number(1, 2)))]
    if g.chance(50):
        parts.reverse()
    if any(g.shapes[p][axis] == N for p in parts):
        return None
    total = sum(g.shapes[p][axis] for p in parts)
    return g.add(
        "Concat", parts, (*shape[:axis], total, *shape[axis + 1 :]), axis=axis if g.chance(70) else axis - len(shape)
    )


def take(g, x, shape):
    """Take a part of an axis."""
    known = [a for a in axes(shape) if shape[a] > 1]
    if not known:
        return None
    axis = g.pick(known)
    size = shape[axis]
    put = lambda dim: (*shape[:axis], dim, *shape[axis + 1 :])  # noqa: E731
    kind = g.pick(("Split", "Split", "Slice", "Gather"))
    if kind == "Split":
        cuts = sorted({g.number(1, size - 1) for _ in range(g.number(1, 2))})
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, size], strict=True)]
        return g.add("Split", [x, g.ints(*sizes)], [put(s) for s in sizes], len(sizes), axis=axis)
    if kind == "Slice":
        if g.chance(25):
            return g.add("Slice", [x, g.ints(-1), g.ints(-1000), g.ints(axis), g.ints(-1)], shape)
        low = g.number(0, size - 1)
        high = g.number(low + 1, size)
        step = g.number(1, 2)
        start = low if g.chance(70) else low - size
        end = high if high < size or g.chance(50) else 2**31 - 1
        return g.add(
            "Slice", [x, g.ints(start), g.ints(end), g.ints(axis), g.ints(step)], put(len(range(low, high, step)))
        )
    if g.chance(25) and len(shape) > 1:
        index = g.const(np.int64(g.number(-size, size - 1)))
        return g.add("Gather", [x, index], (*shape[:axis], *shape[axis + 1 :]), axis=axis)
    many = [g.number(0, size - 1) for _ in range(g.number(1, size))]
    return g.add("Gather", [x, g.ints(*many)], put(len(many)), axis=axis)


def turn(g, x, shape):
    """Change the shape and no value."""
    rank = len(shape)
    kind = g.pick(("Transpose", "Flatten", "Unsqueeze", "Squeeze", "merge", "part", "dynamic", "Expand", "Tile"))
    if kind == "Transpose":
        perm = g.draw(st.permutations(range(rank)))
        return g.add("Transpose", [x], [shape[p] for p in perm], perm=perm)
    if kind == "Flatten" and shape[0] == N and N not in shape[1:]:
        return g.add("Flatten", [x], (N, int(np.prod(shape[1:]))), axis=1)
    if kind == "Unsqueeze" and rank < 4:
        axis = g.number(0, rank)
        return g.add("Unsqueeze", [x, g.ints(axis)], (*shape[:axis], 1, *shape[axis:]))
    ones = [i for i, dim in enumerate(shape) if dim == 1]
    if kind == "Squeeze" and ones:
        axis = g.pick(ones)
        return g.add("Squeeze", [x, g.ints(axis)], (*shape[:axis], *shape[axis + 1 :]))
    if shape[0] != N or N in shape[1:]:
        return None
    if kind == "merge" and rank > 2:
        at = g.number(1, rank - 2)
        out = (*shape[:at], shape[at] * shape[at + 1], *shape[at + 2 :])
        target = [0, *out[1:]] if at == 1 or g.chance(50) else [-1, *out[1:]]
        return g.add("Reshape", [x, g.ints(*target)], out)
    if kind == "part" and rank < 4:
        at = g.number(1, rank - 1) if rank > 1 else 0
        if not at:
            return None
        factors = [f for f in range(1, shape[at] + 1) if shape[at] % f == 0]
        one = g.pick(factors)
        out = (*shape[:at], one, shape[at] // one, *shape[at + 1 :])
        target = [-1, *out[1:]] if g.chance(50) else [0, *out[1:]]
        return g.add("Reshape", [x, g.ints(*target)], out)
    if kind == "dynamic" and rank > 1:
        size = g.fresh("shape")
        g.nodes.append(helper.make_node("Shape", [x], [size]))
        first = g.fresh("first")
        g.nodes.append(helper.make_node("Gather", [size, g.const(np.array([0], np.int64))], [first], axis=0))
        target = g.fresh("target")
        g.nodes.append(helper.make_node("Concat", [first, g.const(np.array([-1], np.int64))], [target], axis=0))
        return g.add("Reshape", [x, target], (N, int(np.prod(shape[1:]))))
    if kind == "Expand" and ones:
        axis = g.pick(ones)
        size = g.number(1, 3)
        target = [size if i == axis else 1 for i in range(rank)]
        return g.add("Expand", [x, g.ints(*target)], (*shape[:axis], size, *shape[axis + 1 :]))
    if kind == "Tile":
        axis = g.pick(range(1, rank)) if rank > 1 else 0
        return g.add("Tile", [x, g.ints(*(2 if i == axis and axis else 1 for i in range(rank)))],
                     tuple(d * 2 if i == axis and axis else d for i, d in enumerate(shape)))  # fmt: skip
    return None


def reduce(g, x, shape):
    """Reduce an axis, or rank what stands on it."""
    known = axes(shape)
    kind = g.pick(("ReduceMean", "ReduceMax", "ReduceSum", "pool", "GlobalAveragePool", "ArgMax", "TopK", "CumSum"))
    if kind in ("pool", "GlobalAveragePool"):
        if len(shape) != 4 or N in shape[2:]:
            return None
        if kind == "pool":
            name = g.pick(("MaxPool", "AveragePool"))
            return g.add(name, [x], shape, kernel_shape=[3, 3], pads=[1] * 4)
        return g.add(kind, [x], (*shape[:2], 1, 1))
    if not known or len(shape) < 2:
        return None
    axis = g.pick(known)
    if kind == "CumSum":
        return g.add("CumSum", [x, g.const(np.int64(axis))], shape)
    keep = g.number(0, 1)
    out = (*shape[:axis], *((1,) if keep else ()), *shape[axis + 1 :])
    if kind == "ArgMax":
        index = g.add("ArgMax", [x], out, axis=axis, keepdims=keep)
        del g.shapes[index]
        return g.add("Cast", [index], out, to=TensorProto.FLOAT)
    if kind == "TopK":
        names = [g.fresh("top"), g.fresh("which")]
        g.nodes.append(helper.make_node("TopK", [x, g.const(np.array([1], np.int64))], names, axis=axis))
        g.used.add(x)
        g.shapes[names[0]] = (*shape[:axis], 1, *shape[axis + 1 :])
        return names[0]
    if kind == "ReduceSum":
        return g.add(kind, [x, g.ints(axis)], out, keepdims=keep)
    return g.add(kind, [x], out, axes=[axis], keepdims=keep)


def branch(g, x, shape):
    """Choose between two layers by an ``If``."""
    if len(shape) != 2 or shape[1] == N:
        return None
    size = g.number(2, 5)
    bodies = []
    for name in ("then", "else"):
        own = g.fresh(name)
        weight = numpy_helper.from_array(g.rng.standard_normal((shape[1], size)).astype(np.float32), f"{own}_w")
        inner = helper.make_node("MatMul", [x, f"{own}_w"], [own])
        out = helper.make_tensor_value_info(own, TensorProto.FLOAT, [shape[0], size])
        bodies.append(helper.make_graph([inner], own, [], [out], [weight]))
    which = g.const(np.array(g.chance(50)))
    g.used.add(x)
    return g.add("If", [which], (shape[0], size), then_branch=bodies[0], else_branch=bodies[1])


STEPS = (
    *(layer, layer, layer, unary, unary, constant, constant, pair, pair),
    *(take, take, turn, turn, norm, quantise, reduce, branch),
)
TAME = (
    *(layer, layer, layer, layer, unary, unary, constant, constant),
    *(pair, take, turn, turn, norm, norm, quantise),
)
STARTS = ((N, 5), (N, 12), (2, 6), (N, 3, 4), (N, 3, 4, 4), (N, 4, 4, 4), (N, 2, 6))


@st.composite
def graphs(draw):
    """Draw a model that ONNX's own checker takes, with at least one output."""
    g = Graph(draw, draw(st.integers(0, 2**32 - 1)))
    start = draw(st.sampled_from(STARTS))
    g.inputs.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, start))
    g.shapes["x"] = start
    top = layer(g, "x", start) or "x"
    tame = g.chance(65)
    for _ in range(g.number(1, 9)):
        # mostly further along, so that graphs are deep and not only wide; a tame one has few second readers
        x = top if g.chance(90 if tame else 60) else g.pick(g.shapes)
        if not g.shapes[x]:
            continue
        made = g.pick(TAME if tame else STEPS)(g, x, g.shapes[x])
        top = made or top
    ends = [n for n in g.shapes if n not in g.used and n != "x"]
    more = [n for n in g.shapes if n in g.used and n != "x"]
    ends += [n for n in more if not tame and g.chance(12)]
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, g.shapes[n]) for n in ends]
    graph = helper.make_graph(g.nodes, "drawn", g.inputs, outputs, g.inits)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model, {n: g.shapes[n] for n in ends}


@st.composite
def choices(draw, shapes):
    """Draw what is to go: outputs whole, and classes on an axis; never nothing."""
    names = list(shapes)
    whole, classes = [], {}
    one = len(names) == 1 or draw(st.booleans())
    aim = draw(st.sampled_from(names)) if names else ""
    for name in names:
        how = 2 + (len(names) > 1 and draw(st.integers(0, 2)) - 1) if one else draw(st.integers(0, 3))
        if one and name != aim:
            continue
        known = [a for a in axes(shapes[name]) if shapes[name][a] > 1]
        if how == 1 and len(names) > 1:
            whole.append(name)
        elif how >= 2 and known:
            # heads have their classes on the second axis, or the last
            axis = next((a for a in (1, len(shapes[name]) - 1) if a in known), known[0])
            if draw(st.integers(0, 3)) == 0:
                axis = draw(st.sampled_from(known))
            size = shapes[name][axis]
            gone = draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=max(1, size - 1)))
            classes[name] = (axis, frozenset(gone))
    return tuple(whole), classes
