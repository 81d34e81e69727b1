"""The guard inside a program: sessions and pipelines. No model: they return noise."""

import random

import pytest

from untag.errors import UntagError
from untag.guard.base import Settings
from untag.guard.wrap import GuardedPipeline, GuardedSession, RefusedError


class Output:
    def __init__(self, name):
        self.name = name


class Session:
    """Stands for onnxruntime.InferenceSession: random numbers for each output asked for."""

    def __init__(self, *names):
        self.names = names
        self.asked = None

    def get_outputs(self):
        return [Output(name) for name in self.names]

    def get_inputs(self):
        return [Output("image")]

    def run(self, names, feed, options=None):
        self.asked = names
        return [random.random() for _ in names]

    run_with_ort_values = run

    def run_with_iobinding(self, binding):
        return [1]


def test_protected_outputs_are_not_computed():
    inner = Session("age_output", "race_output", "gender_output")
    session = GuardedSession(inner)
    assert session.protected == {"race_output": "race"}
    assert len(session.run(None, {})) == 2
    assert inner.asked == ["age_output", "gender_output"]
    assert len(session.run([], {})) == 2
    assert [one.name for one in session.get_outputs()] == ["age_output", "gender_output"]
    assert session.get_inputs()[0].name == "image"
    assert len(session.run_with_ort_values(["age_output"], {})) == 1


def test_a_protected_output_asked_for_is_refused():
    session = GuardedSession(Session("age_output", "race_output"))
    with pytest.raises(RefusedError, match="race") as caught:
        session.run(["race_output"], {})
    assert caught.value.verdict.attribute == "race"
    with pytest.raises(AttributeError):
        session.run_with_iobinding(None)


def test_an_output_that_tells_nothing_can_be_named():
    inner = Session("head_1", "head_2")
    session = GuardedSession(inner, outputs={"head_2": "ethnicity"})
    session.run(None, {})
    assert inner.asked == ["head_1"]
    with pytest.raises(UntagError, match="no output"):
        GuardedSession(inner, outputs={"head_9": "race"})


def test_a_model_with_nothing_else_does_not_run():
    with pytest.raises(RefusedError):
        GuardedSession(Session("ethnicity")).run(None, {})


class Mask:
    """A thing that JSON does not know."""


def noise(*args, **kwargs):
    labels = kwargs.get("candidate_labels", ["cat", "dog"])
    return [{"label": label, "score": random.random(), "mask": Mask()} for label in labels]


def test_harmless_labels_pass_and_the_answer_is_the_same_object():
    answer = [{"label": "cat", "score": 0.5, "mask": Mask()}]
    pipeline = GuardedPipeline(lambda *a, **k: answer)
    assert pipeline("picture", candidate_labels=["cat", "dog"]) is answer


@pytest.mark.parametrize(
    "labels", [["Uyghur person", "Han person"], ["a photo of an Asian man", "a photo of a white man"]]
)
def test_a_label_set_of_groups_is_refused(labels):
    asked = []
    pipeline = GuardedPipeline(lambda *a, **k: asked.append(a))
    with pytest.raises(RefusedError):
        pipeline("picture", candidate_labels=labels)
    with pytest.raises(RefusedError):
        pipeline("picture", labels)
    assert not asked


def test_a_question_about_a_group_is_refused():
    pipeline = GuardedPipeline(noise)
    with pytest.raises(RefusedError, match="race"):
        pipeline("picture", question="What race is this person?")
    pipeline("picture", question="How many people are in the picture?")


def test_an_answer_is_cleaned_and_keeps_its_objects():
    mask = Mask()
    answer = {"faces": [{"age": 31, "race": "x", "gender": "f", "box": [1, 2, 3, 4], "mask": mask}]}
    cleaned = GuardedPipeline(lambda *a, **k: answer)("picture")
    assert cleaned == {"faces": [{"age": 31, "gender": "f", "box": [1, 2, 3, 4], "mask": mask}]}
    assert cleaned["faces"][0]["mask"] is mask
    assert "race" in answer["faces"][0]


def test_observe_changes_nothing():
    answer = {"faces": [{"age": 31, "race": "x"}]}
    pipeline = GuardedPipeline(lambda *a, **k: answer, Settings(mode="observe"))
    assert pipeline("picture", candidate_labels=["Uyghur person", "Han person"]) is answer


def test_an_answer_that_cannot_be_judged_is_withheld():
    loop = []
    loop.append(loop)
    with pytest.raises(UntagError, match="withheld"):
        GuardedPipeline(lambda *a, **k: loop)("picture")
    assert GuardedPipeline(lambda *a, **k: loop, Settings(fail="open"))("picture") is loop


def test_a_real_session_loses_its_output(tmp_path):
    onnx = pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    numpy = pytest.importorskip("numpy")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("Relu", ["image"], ["age"]), helper.make_node("Neg", ["image"], ["race"])],
        "noise",
        [helper.make_tensor_value_info("image", floats, [1, 2])],
        [helper.make_tensor_value_info(name, floats, [1, 2]) for name in ("age", "race")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    session = GuardedSession(runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]))
    noise = numpy.random.default_rng(1).random((1, 2), dtype="float32")
    (age,) = session.run(None, {"image": noise})
    assert (age == noise).all()
