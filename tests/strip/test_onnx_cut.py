"""Heads and classes go from ONNX graphs of every shape in which they are met, and what stays stays bit for bit."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx_heads import GROUPS, RACE, WIDE, Net, cut_and_compare, holds, noise, run, weight

from untag.strip.onnx.cut import Wanted, cut, whole_model

CLASSES = Wanted(classes={"logits": (1, RACE)})


def gemm(turned, alpha=1.0, beta=1.0, bias=(GROUPS,)):
    net = Net()
    x = net.trunk()
    w = net.w("fc.weight", *((GROUPS, WIDE) if turned else (WIDE, GROUPS)))
    net.add("Gemm", [x, w, net.w("fc.bias", *bias)], "logits", transB=int(turned), alpha=alpha, beta=beta)
    net.out("logits", "N", GROUPS)
    return net.model(), 0 if turned else 1


def matmul_add(order=0):
    net = Net()
    x = net.add("MatMul", [net.trunk(), net.w("fc.weight", WIDE, GROUPS)])
    pair = [x, net.w("fc.bias", GROUPS)]
    net.add("Add", pair[::-1] if order else pair, "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 1


def conv_1x1(opset=17):
    net = Net(opset=opset)
    x = net.add("Conv", [net.map(), net.w("fc.weight", GROUPS, WIDE, 1, 1), net.w("fc.bias", GROUPS)])
    x = net.add(
        "BatchNormalization",
        [
            x,
            *(net.w(f"bn.{n}", GROUPS) for n in ("scale", "bias", "mean")),
            net.c(np.arange(1, 19) / 7, "bn.var", np.float32),
        ],
    )
    x = net.add("LeakyRelu", [x], alpha=0.2)
    x = net.add("GlobalAveragePool", [x])
    net.add("Reshape", [x, net.c([-1, GROUPS])], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def conv_kept_map():
    net = Net()
    net.add("Conv", [net.map(), net.w("fc.weight", GROUPS, WIDE, 1, 1), net.w("fc.bias", GROUPS)], "logits")
    net.out("logits", "N", GROUPS, 6, 6)
    return net.model(), 0


def transposed_conv():
    net = Net()
    net.add("ConvTranspose", [net.map(), net.w("fc.weight", WIDE, GROUPS, 2, 2), net.w("fc.bias", GROUPS)], "logits")
    net.out("logits", "N", GROUPS, 7, 7)
    return net.model(), 1


def prelu_and_scale():
    net = Net()
    x = net.add("MatMul", [net.trunk(), net.w("fc.weight", WIDE, GROUPS)])
    x = net.add("PRelu", [x, net.w("slope", GROUPS)])
    x = net.add("Mul", [net.w("scale", 1, GROUPS), x])
    x = net.add("Div", [x, net.c(3.5, kind=np.float32)])
    x = net.add("Clip", [x, net.c(-2, kind=np.float32), net.c(2, kind=np.float32)])
    net.add("Sigmoid", [x], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 1


def reshaped_through():
    net = Net()
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", GROUPS, WIDE)], transB=1)
    x = net.add("Unsqueeze", [x, net.c([0])])
    x = net.add("Transpose", [x], perm=[1, 2, 0])
    x = net.add("Squeeze", [x, net.c([2])])
    x = net.add("Reshape", [x, net.c([0, GROUPS, 1])])
    net.add("Flatten", [x], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def dynamic_reshape():
    net = Net()
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", GROUPS, WIDE)], transB=1)
    batch = net.add("Gather", [net.add("Shape", [x]), net.c(0)], axis=0)
    shape = net.add("Concat", [net.add("Unsqueeze", [batch, net.c([0])]), net.c([GROUPS]), net.c([1])], axis=0)
    x = net.add("Reshape", [x, shape])
    net.add("Squeeze", [x, net.c([2])], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def tail_of_shape_reader():
    net = Net()
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", GROUPS, WIDE)], transB=1)
    size = net.add("Cast", [net.add("Shape", [x])], to=TensorProto.FLOAT)
    net.add("ReduceSum", [size, net.c([0])], "size", keepdims=0)
    net.add("Relu", [x], "logits")
    net.out("logits", "N", GROUPS)
    net.out("size")
    return net.model(), 0


def qdq(axis):
    net = Net()
    x = net.trunk()
    stored = net.w("fc.weight", GROUPS, WIDE, kind=np.int8)
    scale = net.c(np.full(GROUPS, 0.02) + np.arange(GROUPS) / 1e3 if axis else 0.02, "fc.scale", np.float32)
    zero = net.c(np.zeros(GROUPS) if axis else 0, "fc.zero", np.int8)
    w = net.add("DequantizeLinear", [stored, scale, zero], **({"axis": 0} if axis else {}))
    y = net.add("Gemm", [x, w, net.w("fc.bias", GROUPS)], transB=1)
    s, z = net.c(0.05, kind=np.float32), net.c(3, kind=np.int8)
    y = net.add("QuantizeLinear", [y, s, z])
    net.add("DequantizeLinear", [y, s, z], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def dynamic_quantised(per_column):
    net = Net()
    x, scale, zero = net.add("DynamicQuantizeLinear", [net.trunk()], ["xq", "xs", "xz"])
    w = net.w("fc.weight", WIDE, GROUPS, kind=np.int8)
    wz = net.c(np.arange(GROUPS) % 3 if per_column else 0, "fc.zero", np.int8)
    y = net.add("MatMulInteger", [x, w, zero, wz])
    y = net.add("Cast", [y], to=TensorProto.FLOAT)
    ws = net.c(np.linspace(0.01, 0.03, GROUPS) if per_column else 0.02, "fc.scale", np.float32)
    y = net.add("Mul", [y, net.add("Mul", [scale, ws])])
    net.add("Add", [y, net.w("fc.bias", GROUPS)], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 1


def conv_integer():
    net = Net()
    x, scale, zero = net.add("DynamicQuantizeLinear", [net.map()], ["xq", "xs", "xz"])
    y = net.add("ConvInteger", [x, net.w("fc.weight", GROUPS, WIDE, 1, 1, kind=np.int8), zero])
    y = net.add("Mul", [net.add("Cast", [y], to=TensorProto.FLOAT), scale])
    y = net.add("Flatten", [net.add("GlobalAveragePool", [y])], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def depthwise():
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", GROUPS, WIDE, 1, 1)])
    x = net.add("Conv", [x, net.w("dw", GROUPS, 1, 3, 3), net.w("dwb", GROUPS)], group=GROUPS)
    x = net.add("InstanceNormalization", [x, net.w("in.s", GROUPS), net.w("in.b", GROUPS)])
    x = net.add("MaxPool", [x], kernel_shape=[2, 2])
    x = net.add("Resize", [x, "", net.c([1, 1, 2, 2], kind=np.float32)])
    net.add("ReduceMean", [x], "logits", axes=[2, 3], keepdims=0)
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def softmax_over_pixels():
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", GROUPS, WIDE, 1, 1)])
    x = net.add("Softmax", [x], axis=2)
    x = net.add("ReduceMax", [x], axes=[2], keepdims=0)
    x = net.add("Pad", [x, net.c([0, 0, 1, 0, 0, 1])])
    x = net.add("CumSum", [x, net.c(2)])
    net.add("ReduceSum", [x, net.c([-1])], "logits", keepdims=0)
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def batched_matmul():
    net = Net()
    x = net.add("Unsqueeze", [net.trunk(), net.c([1])])
    x = net.add("MatMul", [x, net.w("fc.weight", WIDE, GROUPS)])
    x = net.add("Expand", [x, net.c([1, 3, GROUPS])])
    net.add("ReduceMean", [x], "logits", axes=[1], keepdims=0)
    net.out("logits", "N", GROUPS)
    return net.model(), 1


def left_matmul():
    net = Net()
    x = net.add("Transpose", [net.trunk()], perm=[1, 0])
    x = net.add("MatMul", [net.w("fc.weight", GROUPS, WIDE), x])
    net.add("Transpose", [x], "logits", perm=[1, 0])
    net.out("logits", "N", GROUPS)
    return net.model(), 0


def where_masked():
    net = Net()
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", WIDE, GROUPS)])
    keep = net.add("Greater", [x, net.w("floor", GROUPS)])
    net.add("Where", [keep, x, net.c(0, kind=np.float32)], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 1


def constant_nodes():
    net = Net()
    values = numpy_helper.from_array(net.random.standard_normal((WIDE, GROUPS)).astype(np.float32), "fc.weight")
    w = net.add("Constant", [], value=values)
    b = net.add("Constant", [], value=numpy_helper.from_array(net.random.standard_normal(GROUPS).astype(np.float32)))
    net.add("Gemm", [net.trunk(), w, b], "logits")
    net.out("logits", "N", GROUPS)
    return net.model(), 1


WHOLE_LAYERS = {
    "gemm": lambda: gemm(False),
    "gemm turned": lambda: gemm(True),
    "gemm scaled": lambda: gemm(True, 0.5, 2.0),
    "gemm broadcast bias": lambda: gemm(False, bias=(1, GROUPS)),
    "gemm scalar bias": lambda: gemm(True, bias=(1,)),
    "matmul add": matmul_add,
    "add matmul": lambda: matmul_add(1),
    "conv": conv_1x1,
    "conv opset 11": lambda: conv_1x1(11),
    "conv map": conv_kept_map,
    "transposed conv": transposed_conv,
    "prelu": prelu_and_scale,
    "reshaped": reshaped_through,
    "dynamic reshape": dynamic_reshape,
    "shape reader": tail_of_shape_reader,
    "qdq": lambda: qdq(False),
    "qdq per axis": lambda: qdq(True),
    "dynamic quantised": lambda: dynamic_quantised(False),
    "dynamic quantised per column": lambda: dynamic_quantised(True),
    "conv integer": conv_integer,
    "depthwise": depthwise,
    "softmax over pixels": softmax_over_pixels,
    "batched matmul": batched_matmul,
    "left matmul": left_matmul,
    "where": where_masked,
    "constant nodes": constant_nodes,
}


@pytest.mark.parametrize("name", WHOLE_LAYERS)
@pytest.mark.parametrize(
    "gone", [RACE, frozenset({0, 5, 11, 17}), frozenset(range(1, 18))], ids=["first", "strewn", "all but one"]
)
def test_classes_go_from_a_layer(name, gone):
    model, axis = WHOLE_LAYERS[name]()
    new, made = cut_and_compare(model, Wanted(classes={"logits": (1, gone)}))
    assert made.renamed == {"logits": f"logits_{GROUPS - len(gone)}_of_{GROUPS}"}
    assert "logits" not in [o.name for o in new.graph.output]
    stored = [t for t in model.graph.initializer if t.name == "fc.weight"] or [
        n.attribute[0].t for n in model.graph.node if n.op_type == "Constant"
    ][:1]
    old = numpy_helper.to_array(stored[0])
    for index in gone:
        assert holds(model, old.take(index, axis)), "the test looks at the wrong thing"
        assert not holds(new, old.take(index, axis))
    again = cut(new, numpy_helper.to_array, Wanted(classes={made.renamed["logits"]: (1, frozenset())}))
    assert not again.slices
    assert not again.renamed


def shared(kind, opset=17):
    """One layer of 18 whose parts are three outputs."""
    net = Net(opset=opset)
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", GROUPS, WIDE), net.w("fc.bias", GROUPS)], transB=1)
    parts = (("race", 0, 7), ("gender", 7, 9), ("age", 9, 18))
    if kind == "split":
        sizes = {} if opset >= 13 else {"split": [7, 2, 9]}
        net.add("Split", [x, net.c([7, 2, 9])] if opset >= 13 else [x], [n for n, _, _ in parts], axis=1, **sizes)
    for name, low, high in parts:
        if kind == "slice":
            net.add("Slice", [x, net.c([low]), net.c([high]), net.c([1])], name)
        elif kind == "slice to the end":
            net.add(
                "Slice", [x, net.c([low - GROUPS]), net.c([high if high < GROUPS else 2**63 - 1]), net.c([-1])], name
            )
        elif kind == "gather":
            net.add("Gather", [x, net.c(list(range(low, high)))], name, axis=1)
        elif kind == "old slice":
            net.add("Slice", [x], name, axes=[1], starts=[low], ends=[high])
        elif kind == "softmaxes":
            part = net.add("Slice", [x, net.c([low]), net.c([high]), net.c([1])])
            net.add("Softmax", [part], name, axis=1)
    for name, low, high in parts:
        net.out(name, "N", high - low)
    return net.model()


@pytest.mark.parametrize(
    ("kind", "opset"),
    [
        ("split", 17),
        ("split", 11),
        ("slice", 17),
        ("slice to the end", 17),
        ("gather", 17),
        ("old slice", 9),
        ("softmaxes", 17),
    ],
)
@pytest.mark.parametrize("name", ["race", "gender", "age"])
def test_a_whole_output_of_a_shared_layer_goes(kind, opset, name):
    model = shared(kind, opset)
    new, made = cut_and_compare(model, Wanted(outputs=(name,)))
    low, high = {"race": (0, 7), "gender": (7, 9), "age": (9, 18)}[name]
    assert weight(new, "fc.weight").shape == (GROUPS - (high - low), WIDE)
    for index in range(low, high):
        assert not holds(new, weight(model, "fc.weight")[index])
    assert [o.name for o in new.graph.output] == [n for n in ("race", "gender", "age") if n != name]
    assert not made.renamed


@pytest.mark.parametrize("kind", ["split", "slice", "gather"])
def test_some_classes_and_a_whole_output_of_a_shared_layer_go(kind):
    model = shared(kind)
    new, made = cut_and_compare(model, Wanted(("race",), {"age": (1, frozenset({0, 3, 8}))}))
    assert weight(new, "fc.weight").shape == (GROUPS - 10, WIDE)
    assert made.renamed == {"age": "age_6_of_9"}
    one, _ = cut_and_compare(model, Wanted(("race",)))
    two, _ = cut_and_compare(one, Wanted(classes={"age": (1, frozenset({0, 3, 8}))}))
    other, _ = cut_and_compare(model, Wanted(classes={"age": (1, frozenset({0, 3, 8}))}))
    three, _ = cut_and_compare(other, Wanted(("race",)))
    for late in (two, three):
        np.testing.assert_array_equal(weight(late, "fc.weight"), weight(new, "fc.weight"))
        for a, b in zip(run(new, noise(3)), run(late, noise(3)), strict=True):
            assert a.keys() == b.keys()
            assert all(np.array_equal(a[k], b[k]) for k in a)


def three_heads(joined=""):
    net = Net()
    x = net.trunk()
    names = []
    for name, size in (("race", 7), ("gender", 2), ("age", 9)):
        h = net.add("Relu", [net.add("Gemm", [x, net.w(f"{name}.hidden", 8, WIDE)], transB=1)])
        target = f"{name}_part" if joined else name
        net.add("Gemm", [h, net.w(f"{name}.weight", size, 8), net.w(f"{name}.bias", size)], target, transB=1)
        if joined == "softmax" and name == "race":
            target = net.add("Softmax", [target], axis=1)
        names.append(target)
        if not joined:
            net.out(name, "N", size)
    if joined:
        net.add("Concat", names, "logits", axis=-1)
        net.out("logits", "N", GROUPS)
    return net.model()


def test_a_head_of_its_own_goes_with_its_layers():
    model = three_heads()
    new, _ = cut_and_compare(model, Wanted(outputs=("race",)))
    assert not [t.name for t in new.graph.initializer if t.name.startswith("race")]
    assert len(new.graph.node) == len(model.graph.node) - 3


@pytest.mark.parametrize("joined", ["plain", "softmax"])
def test_a_joined_head_goes_with_its_layers(joined):
    model = three_heads(joined)
    new, _ = cut_and_compare(model, CLASSES)
    assert not [t.name for t in new.graph.initializer if t.name.startswith("race")]
    two, _ = cut_and_compare(model, Wanted(classes={"logits": (1, frozenset(range(9)))}))
    assert "Concat" not in [n.op_type for n in two.graph.node]


def branch(name, weights, taken):
    """A branch that gives two outputs, each of a layer of its own around it."""
    nodes = [
        helper.make_node("Gemm", ["x", weights[0]], [f"{name}_r"]),
        helper.make_node("Gemm", ["x", weights[1]], [f"{name}_a0"]),
        helper.make_node(taken, [f"{name}_a0"], [f"{name}_a"]),
    ]
    outs = [helper.make_tensor_value_info(f"{name}_{n}", TensorProto.FLOAT, None) for n in "ra"]
    return helper.make_graph(nodes, name, [], outs)


def with_if():
    net = Net()
    x = net.trunk()
    net.nodes[-1].output[0] = "x"
    del x
    net.w("race.weight", WIDE, 7), net.w("age.weight", WIDE, 9), net.w("race.other", WIDE, 7)
    total = net.add("ReduceSum", ["x"], keepdims=0)
    ask = net.add("Greater", [total, net.c(0, kind=np.float32)])
    net.add(
        "If", [ask], ["race", "age"],
        then_branch=branch("then", ("race.weight", "age.weight"), "Relu"),
        else_branch=branch("else", ("race.other", "age.weight"), "Sigmoid"),
    )  # fmt: skip
    net.out("race", "N", 7)
    net.out("age", "N", 9)
    return net.model()


def test_a_whole_output_of_an_if_goes():
    model = with_if()
    new, _ = cut_and_compare(model, Wanted(outputs=("race",)), noise(20))
    assert [t.name for t in new.graph.initializer if "race" in t.name] == []
    node = next(n for n in new.graph.node if n.op_type == "If")
    assert [len(a.g.output) for a in node.attribute] == [1, 1]


def with_loop(carried=True):
    """A loop that carries one value and collects two others."""
    net = Net()
    net.trunk()
    net.nodes[-1].output[0] = "x"
    net.w("race.weight", WIDE, 7), net.w("age.weight", WIDE, 9)
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Relu", ["h"], ["h1"]),
            helper.make_node("MatMul", ["h1", "race.weight"], ["r"]),
            helper.make_node("MatMul", ["h1", "age.weight"], ["a"]),
        ],
        "body",
        [value("i", TensorProto.INT64, []), value("go", TensorProto.BOOL, []), value("h", TensorProto.FLOAT, None)],
        [value("go_on", TensorProto.BOOL, []), *(value(n, TensorProto.FLOAT, None) for n in ("h1", "r", "a"))],
    )
    net.add("Loop", [net.c(2), net.c(True, kind=bool), "x"], ["last", "race", "age"], body=body)
    net.out("race", 2, "N", 7)
    net.out("age", 2, "N", 9)
    return net.model()


def test_a_collected_output_of_a_loop_goes():
    new, _ = cut_and_compare(with_loop(), Wanted(outputs=("race",)))
    assert [t.name for t in new.graph.initializer if "race" in t.name] == []


def test_a_function_is_written_out_first():
    fc = helper.make_function(
        "own", "Head", ["x", "w", "b"], ["y"],
        [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"])],
        [helper.make_opsetid("", 17)],
    )  # fmt: skip
    net = Net()
    net.add("Head", [net.trunk(), net.w("fc.weight", WIDE, GROUPS), net.w("fc.bias", GROUPS)], "logits", domain="own")
    net.out("logits", "N", GROUPS)
    model = net.model(functions=[fc], imports=[helper.make_opsetid("own", 1)])
    new, _ = cut_and_compare(model, CLASSES)
    assert weight(new, "fc.weight").shape == (WIDE, 11)


@pytest.mark.parametrize("ir", [3, 8])
def test_weights_that_are_inputs_too_are_cut(ir):
    net = Net(ir=ir, opset=11)
    net.add("Gemm", [net.trunk(), net.w("fc.weight", WIDE, GROUPS), net.w("fc.bias", GROUPS)], "logits")
    net.out("logits", "N", GROUPS)
    inputs = [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in net.weights]
    new, _ = cut_and_compare(net.model(inputs=inputs), CLASSES)
    assert {i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in new.graph.input}["fc.weight"] == [
        WIDE,
        11,
    ]


def anchors():
    """A detector's layer of 3 anchors, each a box and 6 classes."""
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", 30, WIDE, 1, 1), net.w("fc.bias", 30)])
    x = net.add("Reshape", [x, net.c([-1, 3, 10, 6, 6])])
    x = net.add("Transpose", [x], perm=[0, 1, 3, 4, 2])
    x = net.add("Sigmoid", [x])
    net.add("Reshape", [x, net.c([0, 108, 10])], "boxes")
    net.out("boxes", "N", 108, 10)
    return net.model()


def test_classes_go_from_every_anchor():
    model = anchors()
    new, _ = cut_and_compare(model, Wanted(classes={"boxes": (2, frozenset({5, 8}))}))
    assert weight(new, "fc.weight").shape == (24, WIDE, 1, 1)
    old = weight(model, "fc.weight")
    for index in (5, 8, 15, 18, 25, 28):
        assert not holds(new, old[index])


def test_metadata_and_the_order_of_tensors_stay():
    model = three_heads()
    helper.set_model_props(model, {"b": "2", "a": "1"})
    made = cut(model, numpy_helper.to_array, Wanted(outputs=("race",)))
    new = whole_model(made, numpy_helper.to_array)
    assert [(p.key, p.value) for p in new.metadata_props] == [("b", "2"), ("a", "1")]
    names = [t.name for t in model.graph.initializer if not t.name.startswith("race")]
    assert [t.name for t in new.graph.initializer] == names
    assert isinstance(new, onnx.ModelProto)
