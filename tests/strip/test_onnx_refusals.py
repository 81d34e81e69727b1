"""What cannot be cut exactly is refused, with the tensor or node by name; nothing is cut half."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx_heads import GROUPS, RACE, WIDE, Net, cut_and_compare, noise, run, weight

from untag.strip.base import StripError
from untag.strip.onnx.cut import Wanted, cut, whole_model
from untag.strip.onnx.graph import RefusedError

CLASSES = Wanted(classes={"logits": (1, RACE)})
HEAD = Wanted(outputs=("race",))


def refused(model, wanted=CLASSES):
    before = model.SerializeToString()
    with pytest.raises(RefusedError) as caught:
        cut(model, numpy_helper.to_array, wanted)
    assert model.SerializeToString() == before
    return caught.value


def layer(net, name="fc"):
    return net.add(
        "Gemm",
        [net.trunk(), net.w(f"{name}.weight", GROUPS, WIDE), net.w(f"{name}.bias", GROUPS)],
        f"{name}.out",
        transB=1,
    )


def softmaxed(kind):
    net = Net()
    x = layer(net)
    if kind == "written out":
        e = net.add("Exp", [x])
        net.add("Div", [e, net.add("ReduceSum", [e, net.c([1])], keepdims=1)], "logits")
    else:
        net.add(kind, [x], "logits", axis=1)
    net.out("logits", "N", GROUPS)
    return net.model()


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
def test_a_softmax_over_both(kind):
    error = refused(softmaxed(kind))
    assert kind in error.target
    assert "softmax over kept and protected" in error.reason
    assert "--renormalise" in error.needed


def test_a_softmax_over_both_is_cut_when_the_caller_lets_it_be_normalised_anew():
    model = softmaxed("Softmax")
    made = cut(model, numpy_helper.to_array, Wanted(classes={"logits": (1, RACE)}, renormalise=True))
    assert made.kept == ()
    assert [(k.old, k.new, k.selection) for k in made.logits] == [("fc.out", "fc.out", (1, tuple(range(7, 18))))]
    new = whole_model(made, numpy_helper.to_array)
    onnx.checker.check_model(new, full_check=True)
    for old, now in zip(run(model, noise()), run(new, noise()), strict=True):
        kept = old["logits"][:, 7:]
        np.testing.assert_allclose(now["logits_11_of_18"], kept / kept.sum(axis=1, keepdims=True), rtol=1e-5)
    for m in (model, new):
        m.graph.output.append(helper.make_tensor_value_info("fc.out", TensorProto.FLOAT, ["N", None]))
    for old, now in zip(run(model, noise()), run(new, noise()), strict=True):
        np.testing.assert_array_equal(old["fc.out"][:, 7:], now["fc.out"])


def test_a_softmax_written_out():
    error = refused(softmaxed("written out"))
    assert "ReduceSum" in error.reason
    assert error.target.startswith("tensor ")


@pytest.mark.parametrize("op", ["ArgMax", "TopK"])
def test_ranks_over_mixed_classes(op):
    net = Net()
    x = layer(net)
    net.add("Identity", [x], "logits")
    if op == "ArgMax":
        net.add("ArgMax", [x], "best", axis=1)
        net.out("best", "N", 1, kind=TensorProto.INT64)
    else:
        net.add("TopK", [x, net.c([3])], ["values", "best"], axis=1)
        net.out("best", "N", 3, kind=TensorProto.INT64)
    net.out("logits", "N", GROUPS)
    error = refused(net.model())
    assert error.target == "tensor fc.out"
    assert op in error.reason
    assert "indices would change their meaning" in error.reason


def test_a_rank_that_is_itself_the_output():
    net = Net()
    net.add("TopK", [layer(net), net.c([3])], ["logits", "best"], axis=1)
    net.out("logits", "N", 3)
    error = refused(net.model(), Wanted(classes={"logits": (1, frozenset({0}))}))
    assert "TopK" in error.target


def test_a_tied_weight():
    net = Net()
    x = net.trunk()
    w = net.w("fc.weight", WIDE, GROUPS)
    y = net.add("MatMul", [x, w], "logits")
    net.add("MatMul", [net.add("Relu", [y]), net.add("Transpose", [w])], "again")
    net.out("logits", "N", GROUPS)
    net.out("again", "N", WIDE)
    assert "logits" in refused(net.model()).target or "fc.weight" in refused(net.model()).target


def test_a_weight_that_two_heads_share():
    net = Net()
    x = net.trunk()
    w = net.w("fc.weight", WIDE, 7)
    net.add("MatMul", [x, w], "race")
    net.add("MatMul", [net.add("Relu", [x]), w], "mood")
    net.out("race", "N", 7)
    net.out("mood", "N", 7)
    error = refused(net.model(), HEAD)
    assert error.target == "tensor fc.weight"
    assert "tied" in error.reason
    classes = refused(net.model(), Wanted(classes={"race": (1, frozenset({1}))}))
    assert classes.target == "tensor fc.weight"


def test_a_second_reader_of_the_whole_layer():
    net = Net()
    x = layer(net)
    net.add("Split", [x, net.c([7, 11])], ["race", "rest"], axis=1)
    net.add("MatMul", [x, net.w("mix", GROUPS, 3)], "mixed")
    for name, size in (("race", 7), ("rest", 11), ("mixed", 3)):
        net.out(name, "N", size)
    error = refused(net.model(), HEAD)
    assert error.target == "tensor fc.out"
    assert "MatMul" in error.reason
    new, _ = cut_and_compare(net.model(), Wanted(outputs=("race", "mixed")))
    assert weight(new, "fc.weight").shape == (11, WIDE)


def test_a_logit_that_stays_when_its_probability_goes():
    net = Net()
    x = net.add("Gemm", [net.trunk(), net.w("fc.weight", WIDE, 7)], "scores")
    net.add("Softmax", [x], "race", axis=1)
    net.out("race", "N", 7)
    net.out("scores", "N", 7)
    net.add("Gemm", ["t4", net.w("age.weight", WIDE, 9)], "age")
    net.out("age", "N", 9)
    model = net.model()
    error = refused(model, HEAD)
    assert error.target == "tensor scores"
    assert "output scores" in error.reason
    cut_and_compare(model, Wanted(outputs=("race", "scores")))


def test_parts_that_overlap():
    net = Net()
    x = layer(net)
    for name, low, high in (("race", 0, 7), ("rest", 5, 18)):
        net.add("Slice", [x, net.c([low]), net.c([high]), net.c([1])], name)
        net.out(name, "N", high - low)
    assert refused(net.model(), HEAD).target == "tensor fc.out"


def test_every_output():
    net = Net()
    net.add("Identity", [layer(net)], "race")
    net.out("race", "N", GROUPS)
    assert refused(net.model(), HEAD).needed == "delete the model"
    everything = Wanted(classes={"race": (1, frozenset(range(GROUPS)))})
    assert refused(net.model(), everything).needed == "delete the model"


def test_an_operator_of_another_domain():
    net = Net()
    net.add("QGemmLike", [net.trunk(), net.w("fc.weight", WIDE, GROUPS)], "logits", domain="com.microsoft")
    net.out("logits", "N", GROUPS)
    model = net.model(imports=[helper.make_opsetid("com.microsoft", 1)])
    error = refused(model)
    assert "QGemmLike" in error.target
    assert "com.microsoft" in error.target


def test_an_operator_that_is_unknown():
    net = Net()
    net.add("Einsum", [net.trunk(), net.w("fc.weight", WIDE, GROUPS)], "logits", equation="ij,jk->ik")
    net.out("logits", "N", GROUPS)
    assert "Einsum" in refused(net.model()).target


def test_trees():
    net = Net()
    net.add("Identity", [net.trunk()], "x")
    node = {
        "nodes_treeids": [0], "nodes_nodeids": [0], "nodes_featureids": [0], "nodes_values": [0.0], "nodes_modes": ["LEAF"],
        "nodes_truenodeids": [0], "nodes_falsenodeids": [0], "class_treeids": [0, 0, 0], "class_nodeids": [0, 0, 0],
        "class_ids": [0, 1, 2], "class_weights": [0.1, 0.2, 0.7], "classlabels_strings": ["a", "b", "c"],
    }  # fmt: skip
    net.add("TreeEnsembleClassifier", ["x"], ["label", "logits"], domain="ai.onnx.ml", **node)
    net.out("logits", "N", 3)
    error = refused(
        net.model(imports=[helper.make_opsetid("ai.onnx.ml", 3)]), Wanted(classes={"logits": (1, frozenset({0}))})
    )
    assert "TreeEnsembleClassifier" in error.target


def test_unknown_shapes():
    net = Net()
    net.add("Identity", [layer(net)], "logits")
    net.out("logits", "N", None)
    model = net.model()
    model.graph.node[0].input[0] = "elsewhere"
    model.graph.input[0].name = "elsewhere"
    model.graph.input[0].type.tensor_type.ClearField("shape")
    shapeless = refused(model, Wanted(classes={"logits": (5, frozenset({0}))}))
    assert "not known" in shapeless.reason


def test_classes_inside_a_branch():
    net = Net()
    x = layer(net)
    ask = net.add("Greater", [net.add("ReduceSum", [x], keepdims=0), net.c(0, kind=np.float32)])
    value = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    branches = [
        helper.make_graph([helper.make_node(op, ["fc.out"], ["y"])], op, [], [value]) for op in ("Relu", "Sigmoid")
    ]
    net.add("If", [ask], "logits", then_branch=branches[0], else_branch=branches[1])
    net.out("logits", "N", GROUPS)
    assert "If" in refused(net.model()).target


def test_classes_that_are_an_input():
    net = Net()
    net.add("Flatten", ["input"], "logits")
    net.out("logits", "N", 192)
    assert "input" in refused(net.model(), Wanted(classes={"logits": (1, frozenset(range(64)))})).target


def test_groups_that_are_shared():
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", GROUPS, WIDE // 2, 1, 1)], group=2)
    net.add("Flatten", [net.add("GlobalAveragePool", [x])], "logits")
    net.out("logits", "N", GROUPS)
    assert "group" in refused(net.model()).reason
    cut_and_compare(net.model(), Wanted(classes={"logits": (1, frozenset(range(9)))}), close=True)


def test_classes_that_alternate_with_pixels():
    net = Net()
    x = net.add("Conv", [net.map(), net.w("fc.weight", 3, WIDE, 1, 1)])
    net.add("Flatten", [x], "logits")
    net.out("logits", "N", 108)
    error = refused(net.model(), Wanted(classes={"logits": (1, frozenset({0, 40}))}))
    assert "alternate" in error.reason


def test_a_carried_value_of_a_loop_that_the_rest_needs():
    net = Net()
    net.trunk()
    net.nodes[-1].output[0] = "x"
    value = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("MatMul", ["r0", net.w("race.weight", WIDE, WIDE)], ["r1"]),
            helper.make_node("Add", ["a0", "r0"], ["a1"]),
        ],
        "body",
        [
            value("i", TensorProto.INT64, []),
            value("go", TensorProto.BOOL, []),
            value("r0", TensorProto.FLOAT, None),
            value("a0", TensorProto.FLOAT, None),
        ],
        [
            value("go_on", TensorProto.BOOL, []),
            value("r1", TensorProto.FLOAT, None),
            value("a1", TensorProto.FLOAT, None),
        ],
    )
    net.add("Loop", [net.c(2), net.c(True, kind=bool), "x", "x"], ["race", "age"], body=body)
    net.out("race", "N", WIDE)
    net.out("age", "N", WIDE)
    assert "r0" in str(refused(net.model(), HEAD))


def test_names_and_numbers_that_are_not_there():
    net = Net()
    net.add("Identity", [layer(net)], "logits")
    net.out("logits", "N", GROUPS)
    model = net.model()
    with pytest.raises(StripError, match="no output 'rase'; it has logits"):
        cut(model, numpy_helper.to_array, Wanted(outputs=("rase",)))
    with pytest.raises(StripError, match="0 to 17"):
        cut(model, numpy_helper.to_array, Wanted(classes={"logits": (1, frozenset({18}))}))
