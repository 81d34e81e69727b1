"""ONNX models made by code, with random weights: the shapes of face-attribute models, and none of their knowledge.

The large ones are like FairFace: 18 outputs, which are 7 of race, 2 of gender and 9 of age.
"""

import json
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RACE, GENDER, AGE = 7, 2, 9
ALL = RACE + GENDER + AGE
KEPT = tuple(range(RACE, ALL))
LABELS = (
    *("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern"),
    *("Male", "Female"),
    *("0-2", "3-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70+"),
)
FEATURES = 96
"""Wide enough that the weights of a head, 18 x 96 floats, do not stay in memory."""
node = helper.make_node


@dataclass
class Made:
    """A model, and what is to go."""

    model: onnx.ModelProto
    output: str
    drop: tuple | None = tuple(range(RACE))
    """Indices on ``axis`` of ``output`` that go; none: the whole output."""
    axis: int = 1
    gone: tuple = ()
    """Values that must be nowhere in the result: arrays of weights."""
    notes: dict = field(default_factory=dict)


class Build:
    """A graph that grows; every weight comes from the seed."""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.inits, self.inputs, self.outputs, self.functions = [], [], [], [], []
        self.meta = {}

    def const(self, name, value):
        self.inits.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, name, *shape, kind=np.float32):
        value = self.rng.standard_normal(shape, dtype=np.float32) / np.sqrt(max(shape[-1], 1))
        return self.const(name, value.astype(kind))

    def add(self, kind, inputs, output, **attributes):
        outputs = [output] if isinstance(output, str) else output
        name = attributes.pop("name", f"{kind}_{outputs[0]}")
        self.nodes.append(node(kind, inputs, outputs, name=name, **attributes))
        return output

    def input(self, name, shape, kind=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name, shape, kind=TensorProto.FLOAT):
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def value(self, name):
        return next(numpy_helper.to_array(t) for t in self.inits if t.name == name)

    def model(self, opset=17, ir_version=9, domains=(), check=True):
        graph = helper.make_graph(self.nodes, "face", self.inputs, self.outputs, self.inits)
        sets = [helper.make_opsetid("", opset), *(helper.make_opsetid(d, 1) for d in domains)]
        made = helper.make_model(
            graph, opset_imports=sets, ir_version=ir_version, functions=self.functions, producer_name="made-by-code"
        )
        if self.meta:
            helper.set_model_props(made, self.meta)
        if check:
            onnx.checker.check_model(made)
        return made


def trunk(build, pooled=True):
    """Add a small convolutional trunk; return the name of its features."""
    x = build.input("input", ["N", 3, 12, 12])
    build.add("Conv", [x, build.weight("stem.w", 16, 3, 3, 3), build.weight("stem.b", 16)], "c1", pads=[1, 1, 1, 1])
    build.add("Relu", ["c1"], "r1")
    build.add("Conv", ["r1", build.weight("body.w", FEATURES, 16, 3, 3)], "c2", strides=[2, 2], pads=[1, 1, 1, 1])
    build.add("Relu", ["c2"], "r2")
    if not pooled:
        return "r2"
    build.add("GlobalAveragePool", ["r2"], "pool")
    return build.add("Flatten", ["pool"], "features")


def started(seed):
    build = Build(seed)
    build.meta = {"labels": json.dumps(LABELS), "description": "made by code"}
    return build


def gemm(seed=0, trans=1, alpha=1.0, bias=True, ir_version=9):
    """Return the head as one Gemm, its weight either way round."""
    build = started(seed)
    features = trunk(build)
    shape = (ALL, FEATURES) if trans else (FEATURES, ALL)
    inputs = [features, build.weight("fc.weight", *shape)] + ([build.weight("fc.bias", ALL)] if bias else [])
    build.add("Gemm", inputs, "output", transB=trans, alpha=alpha)
    build.output("output", ["N", ALL])
    weight = build.value("fc.weight")
    return Made(build.model(ir_version=ir_version), "output", gone=((weight if trans else weight.T)[:RACE],))


def matmul(seed=0):
    """Return the head as MatMul and Add."""
    build = started(seed)
    features = trunk(build)
    build.add("MatMul", [features, build.weight("fc.weight", FEATURES, ALL)], "product")
    build.add("Add", ["product", build.weight("fc.bias", ALL)], "output")
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("fc.weight").T[:RACE],))


def conv1x1(seed=0):
    """Return the head as a 1x1 convolution over the pooled features."""
    build = started(seed)
    trunk(build, pooled=False)
    build.add("GlobalAveragePool", ["r2"], "pool")
    build.add("Conv", ["pool", build.weight("fc.weight", ALL, FEATURES, 1, 1), build.weight("fc.bias", ALL)], "logits")
    build.add("Flatten", ["logits"], "output")
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("fc.weight")[:RACE],))


def conv_pool(seed=0, norm=False):
    """Return the head as a convolution before the pooling, with or without a BatchNormalization."""
    build = started(seed)
    trunk(build, pooled=False)
    build.add("Conv", ["r2", build.weight("fc.weight", ALL, FEATURES, 3, 3), build.weight("fc.bias", ALL)], "map")
    top = "map"
    if norm:
        parts = [build.weight(f"bn.{name}", ALL) for name in ("scale", "bias", "mean")]
        parts.append(build.const("bn.var", build.rng.random(ALL, dtype=np.float32) + 0.5))
        top = build.add("BatchNormalization", [top, *parts], "normed")
    build.add("GlobalAveragePool", [top], "pooled")
    build.add("Flatten", ["pooled"], "output")
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("fc.weight")[:RACE],))


def heads(seed=0, softmax=True):
    """Return three heads of their own, each an output; race goes whole."""
    build = started(seed)
    features = trunk(build)
    for name, size in (("race", RACE), ("gender", GENDER), ("age", AGE)):
        inputs = [features, build.weight(f"{name}.weight", size, FEATURES), build.weight(f"{name}.bias", size)]
        build.add("Gemm", inputs, f"{name}_logits" if softmax else f"{name}_output", transB=1)
        if softmax:
            build.add("Softmax", [f"{name}_logits"], f"{name}_output", axis=1)
        build.output(f"{name}_output", ["N", size])
    return Made(build.model(), "race_output", drop=None, gone=(build.value("race.weight"),))


def concat(seed=0):
    """Return three heads that are joined to one output."""
    build = started(seed)
    features = trunk(build)
    for name, size in (("race", RACE), ("gender", GENDER), ("age", AGE)):
        inputs = [features, build.weight(f"{name}.weight", size, FEATURES), build.weight(f"{name}.bias", size)]
        build.add("Gemm", inputs, f"{name}_logits", transB=1)
    build.add("Concat", ["race_logits", "gender_logits", "age_logits"], "output", axis=1)
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("race.weight"),))


def split(seed=0, softmax=True):
    """Return one shared layer that is split into three outputs; race goes whole, and its rows with it."""
    build = started(seed)
    features = trunk(build)
    build.add(
        "Gemm", [features, build.weight("fc.weight", ALL, FEATURES), build.weight("fc.bias", ALL)], "all", transB=1
    )
    parts = ["race_part", "gender_part", "age_part"]
    build.add("Split", ["all", build.const("sizes", np.array([RACE, GENDER, AGE], np.int64))], parts, axis=1)
    for part, size in zip(parts, (RACE, GENDER, AGE), strict=True):
        out = part.replace("_part", "_output")
        build.add("Softmax" if softmax else "Identity", [part], out, **({"axis": 1} if softmax else {}))
        build.output(out, ["N", size])
    return Made(build.model(), "race_output", drop=None, gone=(build.value("fc.weight")[:RACE],))


def sliced(seed=0):
    """Return one shared layer from which three outputs are taken by Slice."""
    build = started(seed)
    features = trunk(build)
    build.add(
        "Gemm", [features, build.weight("fc.weight", ALL, FEATURES), build.weight("fc.bias", ALL)], "all", transB=1
    )
    axes = build.const("axes", np.array([1], np.int64))
    low = 0
    for name, size in (("race", RACE), ("gender", GENDER), ("age", AGE)):
        start = build.const(f"{name}.start", np.array([low], np.int64))
        end = build.const(f"{name}.end", np.array([low + size], np.int64))
        build.add("Slice", ["all", start, end, axes], f"{name}_output")
        build.output(f"{name}_output", ["N", size])
        low += size
    return Made(build.model(), "race_output", drop=None, gone=(build.value("fc.weight")[:RACE],))


def qdq(seed=0, full=True):
    """Return a head whose weight is int8 with a scale for each class: as static quantisation writes it, or weight only."""
    build = started(seed)
    features = trunk(build)
    scale = build.const("x.scale", np.float32(0.05))
    zero = build.const("x.zero", np.uint8(128))
    build.add("QuantizeLinear", [features, scale, zero], "xq")
    build.add("DequantizeLinear", ["xq", scale, zero], "xd")
    build.const("fc.weight", build.rng.integers(-127, 128, (ALL, FEATURES), np.int8))
    scales = (build.rng.random(ALL, dtype=np.float32) + 0.1) / 100
    build.const("fc.scale", scales)
    build.const("fc.zero", np.zeros(ALL, np.int8))
    build.add("DequantizeLinear", ["fc.weight", "fc.scale", "fc.zero"], "wd", axis=0)
    if full:
        build.const("fc.bias", build.rng.integers(-5_000, 5_000, ALL, np.int32))
        build.const("bias.scale", scales * np.float32(0.05))
        build.const("bias.zero", np.zeros(ALL, np.int32))
        build.add("DequantizeLinear", ["fc.bias", "bias.scale", "bias.zero"], "bd", axis=0)
        build.add("Gemm", ["xd", "wd", "bd"], "logits", transB=1)
        build.add("QuantizeLinear", ["logits", build.const("y.scale", np.float32(0.03)), zero], "yq")
        build.add("DequantizeLinear", ["yq", "y.scale", zero], "output")
    else:
        build.add("Gemm", ["xd", "wd", build.weight("fc.bias", ALL)], "output", transB=1)
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("fc.weight")[:RACE],))


def dynamic_quantised(seed=0):
    """Return a head as dynamic quantisation makes it: MatMulInteger, Cast, two scales, bias."""
    build = started(seed)
    features = trunk(build)
    build.add("DynamicQuantizeLinear", [features], ["xq", "xs", "xz"])
    build.const("fc.weight", build.rng.integers(0, 256, (FEATURES, ALL), np.uint8))
    build.const("fc.zero", np.uint8(128))
    build.const("fc.scale", np.float32(0.01))
    build.add("MatMulInteger", ["xq", "fc.weight", "xz", "fc.zero"], "yi")
    build.add("Cast", ["yi"], "yf", to=TensorProto.FLOAT)
    build.add("Mul", ["xs", "fc.scale"], "scales")
    build.add("Mul", ["yf", "scales"], "scaled")
    build.add("Add", ["scaled", build.weight("fc.bias", ALL)], "output")
    build.output("output", ["N", ALL])
    return Made(build.model(), "output", gone=(build.value("fc.weight").T[:RACE],))


def function(seed=0):
    """Return a head inside a function of the model's own domain."""
    build = started(seed)
    features = trunk(build)
    opset = [helper.make_opsetid("", 17)]
    body = [node("Gemm", ["x", "w", "b"], ["y"], transB=1, name="inner")]
    build.functions.append(helper.make_function("local", "Head", ["x", "w", "b"], ["y"], body, opset))
    inputs = [features, build.weight("fc.weight", ALL, FEATURES), build.weight("fc.bias", ALL)]
    build.nodes.append(node("Head", inputs, ["output"], domain="local", name="head"))
    build.output("output", ["N", ALL])
    return Made(build.model(domains=("local",)), "output", gone=(build.value("fc.weight")[:RACE],))


def branch(seed=0):
    """Return a race output that is chosen by an ``If``; it goes whole."""
    build = started(seed)
    features = trunk(build)
    build.add("Gemm", [features, build.weight("age.weight", AGE, FEATURES)], "age_output", transB=1)
    build.output("age_output", ["N", AGE])
    build.add("ReduceMean", ["features"], "mean", keepdims=0)
    build.add("Greater", ["mean", build.const("half", np.float32(0.1))], "which")
    bodies = []
    gone = []
    for name in ("then", "else"):
        weight = build.rng.standard_normal((RACE, FEATURES), dtype=np.float32)
        gone.append(weight)
        inner = node("Gemm", [features, f"{name}.w"], [f"{name}_out"], transB=1)
        out = helper.make_tensor_value_info(f"{name}_out", TensorProto.FLOAT, ["N", RACE])
        bodies.append(helper.make_graph([inner], name, [], [out], [numpy_helper.from_array(weight, f"{name}.w")]))
    build.add("If", ["which"], "race_output", then_branch=bodies[0], else_branch=bodies[1])
    build.output("race_output", ["N", RACE])
    return Made(build.model(), "race_output", drop=None, gone=tuple(gone))


CASES = {
    "gemm transB": gemm,
    "gemm": lambda seed=0: gemm(seed, trans=0),
    "gemm alpha no bias": lambda seed=0: gemm(seed, alpha=0.5, bias=False),
    "matmul add": matmul,
    "conv 1x1": conv1x1,
    "conv pool": conv_pool,
    "conv norm pool": lambda seed=0: conv_pool(seed, norm=True),
    "three heads": heads,
    "concat": concat,
    "split": split,
    "slice": sliced,
    "qdq": qdq,
    "qdq of the weight": lambda seed=0: qdq(seed, full=False),
    "dynamic quantisation": dynamic_quantised,
    "function": function,
    "if": branch,
}
"""Each shape by name; what is to go is in what it returns."""


def save(model, path, *, external=False, location="weights.bin", threshold=1024):
    """Write a model, its weights in a file of their own if asked; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if external:
        (path.parent / location).parent.mkdir(parents=True, exist_ok=True)
        copy = onnx.ModelProto.FromString(model.SerializeToString())
        onnx.save(copy, path, save_as_external_data=True, location=location, size_threshold=threshold)
    else:
        path.write_bytes(model.SerializeToString())
    return path


def big(path, megabytes=400, seed=0):
    """Write a model of this size with a head of 18: stacked square layers, one tensor in memory at a time."""
    width = 3200
    layers = max(1, round(megabytes * (1 << 20) / (width * width * 4)))
    build = Build(seed)
    build.meta = {"labels": json.dumps(LABELS)}
    top = build.input("input", ["N", width])
    for number in range(layers):
        build.weight(f"l{number}.weight", width, width)
        build.add("Gemm", [top, f"l{number}.weight"], f"h{number}", transB=1)
        top = build.add("Relu", [f"h{number}"], f"r{number}")
    build.add("Gemm", [top, build.weight("fc.weight", ALL, width), build.weight("fc.bias", ALL)], "output", transB=1)
    build.output("output", ["N", ALL])
    graph = helper.make_graph(build.nodes, "face", build.inputs, build.outputs, build.inits)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, build.meta)
    path.write_bytes(model.SerializeToString())
    return path
