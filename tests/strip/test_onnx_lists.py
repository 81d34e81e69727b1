"""Lists of class names that several outputs of a model share: what goes of an output goes from them."""

import json

import onnx
import pytest
from onnx import helper
from onnx_heads import WIDE, Net
from test_onnx_editor import NAMES, OTHERS, RACES, folder, heads, planned, unit

from untag.nouns import replace
from untag.strip.base import Choice, Refusal
from untag.strip.editors import onnx as onnx_editor
from untag.strip.editors.onnx import EDITOR

__all__ = ["folder"]


@pytest.fixture(autouse=True)
def _few_inputs(monkeypatch):
    monkeypatch.setattr(onnx_editor, "INPUTS", 12)


class TestListsOfSeveralOutputs:
    """One list of names for all outputs, one behind the other, as face-attribute models often have it."""

    @pytest.mark.parametrize("choice", [Choice(), Choice(outputs=("race",))])
    @pytest.mark.parametrize("order", [("race", "gender", "age"), ("age", "gender", "race")])
    def test_the_names_of_the_head_go_with_it(self, folder, choice, order):
        model = heads(order) if order[0] == "race" else turned()
        names = NAMES if order[0] == "race" else (*OTHERS[2:], *OTHERS[:2], *RACES)
        helper.set_model_props(model, {"labels": json.dumps(names), "author": "A"})
        onnx.save(model, folder / "m.onnx")
        (folder / "config.json").write_text(json.dumps({"classes": names, "num_classes": 18}))
        given = replace(unit(folder), findings=()) if choice.outputs else unit(folder)
        edits = list(EDITOR.plan(given, choice))
        assert [(e.kind, e.target) for e in edits] == [("head", "output race")], edits
        staging = folder.parent / "out"
        staging.mkdir()
        outcome = EDITOR.apply(given, edits, staging)
        assert all(c.passed for c in outcome.checks), outcome.checks
        new = onnx.load(staging / "m.onnx")
        props = {p.key: p.value for p in new.metadata_props}
        left = [name for name in names if name not in RACES]
        assert (json.loads(props["labels"]), props["author"]) == (left, "A")
        assert json.loads((staging / "config.json").read_text()) == {"classes": left, "num_classes": 11}

    def test_two_outputs_of_as_many_classes(self, folder):
        """Which of the two lists the groups cannot be told: a wrong head would be cut."""
        net = Net()
        x = net.trunk()
        for name in ("one", "two"):
            net.add("Gemm", [x, net.w(f"{name}.weight", 7, WIDE)], name, transB=1)
            net.out(name, "N", 7)
        ages = [f"{n}-{n + 9}" for n in range(0, 70, 10)]
        onnx.save(net.model({"labels": json.dumps([*RACES, *ages])}), folder / "m.onnx")
        (item,) = planned(folder)
        assert isinstance(item, Refusal)
        assert "cannot be told" in item.reason

    def test_a_list_that_fits_no_output_is_told_of(self, folder):
        model = heads()
        helper.set_model_props(model, {"labels": json.dumps([*NAMES, "more", "and more"])})
        onnx.save(model, folder / "m.onnx")
        given = replace(unit(folder), findings=())
        edits = list(EDITOR.plan(given, Choice(outputs=("race",))))
        staging = folder.parent / "out"
        staging.mkdir()
        outcome = EDITOR.apply(given, edits, staging)
        (check,) = [c for c in outcome.checks if c.name == "names gone"]
        assert check.passed
        assert "labels still lists groups" in check.detail


def turned():
    """Return three heads, of which that of race is last."""
    net = Net()
    x = net.trunk()
    for name, size in (("age", 9), ("gender", 2), ("race", 7)):
        net.add("Gemm", [x, net.w(f"{name}.weight", size, WIDE), net.w(f"{name}.bias", size)], name, transB=1)
        net.out(name, "N", size)
    return net.model()
