"""Small graphs of the shapes in which heads are met, made by code with random weights, and how they are compared."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from untag.strip.onnx.cut import cut, whole_model
from untag.strip.onnx.nouns import tensors

WIDE = 16
GROUPS = 18
RACE = frozenset(range(7))
INPUT = ("N", 3, 8, 8)


class Net:
    """A graph being built: nodes and weights are added, outputs declared."""

    def __init__(self, seed=0, opset=17, ir=8):
        self.random = np.random.default_rng(seed)
        self.opset, self.ir = opset, ir
        self.nodes, self.weights, self.outputs = [], [], []
        self.count = 0

    def w(self, name, *shape, kind=np.float32):
        values = self.random.standard_normal(shape)
        values = (values * 40).astype(kind) if np.dtype(kind).kind in "iu" else values.astype(kind)
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def c(self, values, name="", kind=np.int64):
        self.count += 1
        name = name or f"c{self.count}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def add(self, op, inputs, outputs=None, **attributes):
        self.count += 1
        outputs = [f"t{self.count}"] if outputs is None else [outputs] if isinstance(outputs, str) else outputs
        domain = attributes.pop("domain", "")
        self.nodes.append(helper.make_node(op, inputs, outputs, name=f"n{self.count}", domain=domain, **attributes))
        return outputs[0] if len(outputs) == 1 else outputs

    def trunk(self):
        """Convolution, activation, pooling: N × 16."""
        x = self.add("GlobalAveragePool", [self.map()])
        return self.add("Flatten", [x])

    def map(self):
        """Convolution and activation: N × 16 × 6 × 6."""
        x = self.add("Conv", ["input", self.w("trunk.weight", WIDE, 3, 3, 3), self.w("trunk.bias", WIDE)])
        return self.add("Relu", [x])

    def out(self, name, *shape, kind=TensorProto.FLOAT):
        self.outputs.append(helper.make_tensor_value_info(name, kind, list(shape)))

    def model(self, props=None, inputs=(), functions=(), imports=()):
        first = helper.make_tensor_value_info("input", TensorProto.FLOAT, list(INPUT))
        graph = helper.make_graph(self.nodes, "main_graph", [first, *inputs], self.outputs, self.weights)
        made = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", self.opset), *imports],
            ir_version=self.ir,
            functions=functions,
        )
        helper.set_model_props(made, props or {})
        onnx.checker.check_model(made)
        return made


def run(model, feeds):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    taken = {i.name for i in session.get_inputs()}
    runs = [session.run(None, {name: value for name, value in feed.items() if name in taken}) for feed in feeds]
    return [dict(zip(names, values, strict=True)) for values in runs]


def noise(count=200, shape=(2, 3, 8, 8), seed=1):
    random = np.random.default_rng(seed)
    return [{"input": random.standard_normal(shape).astype(np.float32)} for _ in range(count)]


def cut_and_compare(model, wanted, feeds=None, *, close=False):
    """Cut a model, check the result, and hold every kept output against the old one, bit for bit."""
    before = model.SerializeToString()
    made = cut(model, numpy_helper.to_array, wanted)
    assert model.SerializeToString() == before, "the input was changed"
    new = whole_model(made, numpy_helper.to_array)
    onnx.checker.check_model(new, full_check=True)
    feeds = feeds or noise()
    for old, now in zip(run(model, feeds), run(new, feeds), strict=True):
        assert set(now) >= {k.new for k in made.kept}
        for kept in made.kept:
            values = old[kept.old]
            if kept.selection:
                values = values.take(kept.selection[1], axis=kept.selection[0])
            if close or (kept.selection and len(kept.selection[1]) == 1):
                # a matrix that becomes a vector is multiplied by another kernel, which adds up in another order
                np.testing.assert_allclose(values, now[kept.new], rtol=1e-5, atol=1e-5, err_msg=kept.old)
            else:
                np.testing.assert_array_equal(values, now[kept.new], err_msg=kept.old)
    return new, made


def holds(model, values):
    """Say whether the bytes of some values stand in a model, in a row or in a column of any of its tensors."""
    needle = np.ascontiguousarray(values).tobytes()
    data = model.SerializeToString()
    if needle in data:
        return True
    return any(
        needle in np.ascontiguousarray(np.moveaxis(numpy_helper.to_array(t), axis, place)).tobytes()
        for _, t in tensors(model)
        if len(t.dims) > 1
        for axis, place in ((0, -1), (1, 0))
    )


def weight(model, name):
    return next(numpy_helper.to_array(t) for t in model.graph.initializer if t.name == name)
