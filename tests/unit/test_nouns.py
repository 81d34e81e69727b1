"""A noun is a dataclass to all who ask, though none of its methods is compiled for it."""

import copy
import dataclasses
import inspect
import pickle
import sys

import pytest

from untag import nouns
from untag.model import Coverage, Evidence, Finding, Gap, Scope, Spot


@nouns.dataclass(frozen=True, slots=True)
class Own:
    one: int
    two: str = "b"
    three: list = nouns.field(default_factory=list)
    four: int = nouns.field(default=4, repr=False, compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Twin:
    one: int
    two: str = "b"
    three: list = dataclasses.field(default_factory=list)
    four: int = dataclasses.field(default=4, repr=False, compare=False)


@nouns.dataclass(slots=True)
class Open:
    one: int = 1
    count: int = nouns.field(default=0, init=False)


CALLS = [
    ((1,), {}),
    ((1, "x"), {}),
    ((1, "x", [2], 5), {}),
    ((), {"one": 1, "four": 9}),
    ((1,), {"three": [1]}),
]


@pytest.mark.parametrize(("values", "named"), CALLS)
def test_made_and_shown_as_its_twin(values, named):
    own, twin = Own(*values, **named), Twin(*values, **named)
    assert repr(own).replace("Own", "Twin") == repr(twin)
    assert dataclasses.asdict(own) == dataclasses.asdict(twin)
    assert dataclasses.astuple(own) == dataclasses.astuple(twin)


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"one": 2}), ((1,), {"five": 5})],
)
def test_a_wrong_call_is_a_type_error(values, named):
    for made in (Own, Twin):
        with pytest.raises(TypeError):
            made(*values, **named)


def test_defaults_are_not_shared():
    assert Own(1).three is not Own(1).three


def test_a_dataclass_to_all_who_ask():
    assert dataclasses.is_dataclass(Own)
    assert [(f.name, f.type, f.repr, f.compare) for f in dataclasses.fields(Own)] == [
        (f.name, f.type, f.repr, f.compare) for f in dataclasses.fields(Twin)
    ]
    assert Own.__dataclass_params__.frozen
    assert str(inspect.signature(Own)).replace("'", "") == str(inspect.signature(Twin)).replace("'", "")
    assert Own.__match_args__ == Twin.__match_args__
    assert dataclasses.replace(Own(1), two="c") == Own(1, "c") == nouns.replace(Own(1), two="c")
    if sys.version_info >= (3, 13):
        assert copy.replace(Own(1), two="c") == Own(1, "c")


def test_equal_by_what_is_compared():
    assert Own(1, four=1) == Own(1, four=2)
    assert Own(1) != Own(2)
    assert Own(1) != Twin(1)
    assert hash(Spot(("a",), 1)) == hash(Spot(("a",), 1))
    assert len({Spot(("a",), 1), Spot(("a",), 1), Spot(("b",), 1)}) == 2
    with pytest.raises(TypeError):
        hash(Open())


def test_frozen():
    own = Own(1)
    for change in (lambda: setattr(own, "one", 2), lambda: delattr(own, "one"), lambda: setattr(own, "five", 5)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    changed = Open()
    changed.one = changed.count = 7
    assert (changed.one, changed.count) == (7, 7)
    with pytest.raises(TypeError):
        Open(count=1)
    assert not hasattr(own, "__dict__")


@pytest.mark.parametrize(
    "value",
    [Own(1, three=[1]), Scope("class", "Face", parent=Scope("file", "")), Evidence("a", "b", 1, 2.0), Coverage(1)],
)
def test_sent_and_copied(value):
    assert pickle.loads(pickle.dumps(value, protocol=5)) == value
    assert copy.deepcopy(value) == value == copy.copy(value)


def test_after_it_is_made_it_is_checked():
    with pytest.raises(ValueError, match="gap reason"):
        Gap(("a",), "nope", "")
    assert "attribute" in {f.name for f in dataclasses.fields(Finding)}


def test_what_it_does_not_do():
    with pytest.raises(TypeError, match="inherits"):
        nouns.dataclass(slots=True)(type("Child", (Own,), {"__annotations__": {}}))
    with pytest.raises(TypeError, match="slots"):
        nouns.dataclass(frozen=True)
