"""Laws that hold for any document: what is planted goes, all else stays byte for byte."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.guard import core, quick
from untag.guard.splice import Unreadable, cut, parse_json

from . import payloads

QUIET = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
LAYOUTS = st.sampled_from([{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])


def spots(document):
    """Return every object in a document."""
    if isinstance(document, dict):
        yield document
        for value in document.values():
            yield from spots(value)
    elif isinstance(document, list):
        for value in document:
            yield from spots(value)


@QUIET
@given(payloads.DOCUMENTS, payloads.DOCUMENTS, payloads.PLANTS, st.integers(0, 3), LAYOUTS, st.booleans())
def test_a_planted_attribute_is_gone_and_all_else_stays(around, beside, plant, place, layout, wrapped):
    face = {"face_id": 3, "bbox": [1, 2, 3, 4], "age": 31, "extra": beside}
    document = {"faces": [face], "around": around} if wrapped else [around, {"face": face}]
    clean = json.dumps(document, **layout).encode()
    items = list(face.items())
    items.insert(place, plant)
    face.clear()
    face.update(items)
    dirty = json.dumps(document, **layout).encode()
    verdict = core.clean_response(dirty, "application/json", path="/v1/detect")
    assert verdict.verdict == "strip"
    assert verdict.body == clean


@QUIET
@given(payloads.DOCUMENTS, LAYOUTS)
def test_a_document_without_any_is_let_pass(document, layout):
    body = json.dumps(document, **layout).encode()
    assert core.clean_response(body, "application/json", path="/v1/detect").verdict == "allow"


@QUIET
@given(payloads.DOCUMENTS, LAYOUTS)
def test_the_parser_reads_what_the_standard_library_reads(document, layout):
    text = json.dumps(document, **layout)
    assert value(parse_json(text), text) == json.loads(text)


def value(node, text):
    match node.kind:
        case "object":
            return {key: value(kid, text) for (key, _, _), kid in zip(node.keys, node.kids, strict=True)}
        case "array":
            return [value(kid, text) for kid in node.expand(text)]
        case "string":
            return node.text
        case _:
            return json.loads(node.text)


@QUIET
@given(st.text(st.sampled_from('{}[]",:\\ue1-.0tfn \n')))
def test_the_parser_accepts_nothing_that_the_standard_library_refuses(text):
    try:
        root = parse_json(text)
    except Unreadable:
        return
    assert value(root, text) == json.loads(text)


@QUIET
@given(st.dictionaries(st.text(max_size=3), payloads.SCALARS, min_size=1, max_size=6), st.data(), LAYOUTS)
def test_a_cut_leaves_the_other_members(document, data, layout):
    text = json.dumps(document, **layout)
    root = parse_json(text)
    gone = data.draw(st.sets(st.sampled_from(range(len(root.kids)))))
    new = cut(text, [root.kids[i] for i in gone])
    assert json.loads(new) == {key: v for i, (key, v) in enumerate(document.items()) if i not in gone}


@QUIET
@given(st.lists(payloads.SCALARS, min_size=1, max_size=6), st.data(), LAYOUTS)
def test_a_cut_leaves_the_other_items(document, data, layout):
    text = json.dumps(document, **layout)
    root = parse_json(text)
    kids = root.expand(text)
    gone = data.draw(st.sets(st.sampled_from(range(len(kids)))))
    new = cut(text, [kids[i] for i in gone])
    assert json.loads(new) == [v for i, v in enumerate(document) if i not in gone]


FACES = st.lists(
    st.fixed_dictionaries(
        {"face_id": st.integers(0, 99), "bbox": st.just([1, 2]), "age": st.integers(0, 99)},
        optional={
            "race": st.sampled_from(["asian", "white", "black"]),
            "note": st.sampled_from(["", "race", "blurred", "self-reported"]),
            "gender": st.sampled_from(["F", "M"]),
        },
    ),
    min_size=1,
    max_size=6,
)


@QUIET
@given(FACES, st.lists(FACES, min_size=1, max_size=4), LAYOUTS)
def test_the_short_way_says_what_the_long_one_says(first, others, layout):
    """A plan that was made of one body gives, for any other, what the full judgement gives."""
    core.PLANS.clear()
    for faces in [first, *others]:
        body = json.dumps({"faces": faces}, **layout).encode()
        short = core.clean_response(body, "application/json", path="/v1/detect")
        kept = dict(core.PLANS.plans)
        core.PLANS.clear()
        full = core.clean_response(body, "application/json", path="/v1/detect")
        core.PLANS.plans.update(kept)
        assert (short.verdict, short.body) == (full.verdict, full.body)


SENT = st.fixed_dictionaries(
    {"faces": FACES},
    optional={
        "camera": st.sampled_from(["c7", "c12", "alarm", "Uyghur"]),
        "limit": st.integers(1, 9),
        "filter": st.sampled_from([{}, {"race": "asian"}, {"age": 3}]),
        "type": st.sampled_from(["report", "alert", "watchlist"]),
        "exclude": st.sampled_from([["race"], ["age"]]),
        "race": st.booleans(),
    },
)


@QUIET
@given(
    SENT, st.lists(SENT, min_size=1, max_size=4), LAYOUTS, st.sampled_from(["/v1/faces", "/events", "/faces/search"])
)
def test_the_short_way_says_what_the_long_one_says_of_requests(first, others, layout, path):
    core.PLANS.clear()
    for sent in [first, *others]:
        body = json.dumps(sent, **layout).encode()
        short = core.check_request(body, "application/json", path)
        kept = dict(core.PLANS.plans)
        core.PLANS.clear()
        full = core.check_request(body, "application/json", path)
        core.PLANS.plans.update(kept)
        assert (short.verdict, short.body) == (full.verdict, full.body)


def test_a_report_that_was_judged_once_is_judged_soon_and_a_search_in_its_words_is_not():
    core.PLANS.clear()
    sent = {"camera": "c7", "faces": [{"face_id": "f01", "bbox": [1, 2], "age": 3, "race": "asian"}]}
    first = core.check_request(json.dumps(sent).encode(), "application/json", "/v1/faces")
    assert first.verdict == "strip"
    (key,) = core.PLANS.plans
    again = json.dumps(sent).replace("c7", "c12").replace("f01", "f99ab").encode()
    assert core.PLANS.follow(again, key).body == core.check_request(again, "application/json", "/v1/faces").body
    for word in ("alarm", "filter", "\\u0066"):
        assert core.PLANS.follow(json.dumps(sent).replace("camera", word).encode(), key) is None
    core.PLANS.clear()


@pytest.mark.parametrize(
    "second",
    [
        {"faces": [{"bbox": [1, 2], "age": 3, "race": "Monaco GP"}]},
        {"runners": [{"bib": [1, 2], "age": 3, "race": "asian"}]},
        {"faces": [{"bbox": [1, 2], "age": 3, "race": "asian"}], "self_reported": {"race": "asian"}},
        {"faces": [{"bbox": [1, 2], "age": 3, "race": "asian", "ethnicity": "Uyghur"}]},
    ],
)
def test_a_plan_is_not_followed_where_the_case_is_another(second):
    core.PLANS.clear()
    first = json.dumps({"faces": [{"bbox": [1, 2], "age": 3, "race": "asian"}]}).encode()
    assert core.clean_response(first, "application/json", path="/v1/detect").verdict == "strip"
    assert core.PLANS.plans
    key = next(iter(core.PLANS.plans))
    assert core.PLANS.follow(first, key) is not None
    assert core.PLANS.follow(json.dumps(second).encode(), key) is None
    assert core.PLANS.follow(first[:-1], key) is None, "what is malformed is judged in full"


def test_a_route_with_two_shapes_has_two_plans():
    core.PLANS.clear()
    one = json.dumps({"faces": [{"bbox": [1, 2], "age": 3, "race": "asian"}]}).encode()
    two = json.dumps({"faces": [{"bbox": [1, 2], "age": 3, "ethnicity": "Uyghur", "race": "asian"}]}).encode()
    for body in (one, two):
        core.clean_response(body, "application/json", path="/v1/detect")
    key = next(iter(core.PLANS.plans))
    want = json.dumps({"faces": [{"bbox": [1, 2], "age": 3}]}).encode()
    assert [core.PLANS.follow(body, key).body for body in (one, two)] == [want, want]
    core.PLANS.clear()


def test_plans_are_few():
    core.PLANS.clear()
    body = json.dumps({"faces": [{"bbox": [1, 2], "age": 3, "race": "asian"}]}).encode()
    for number in range(20):
        core.clean_response(body, "application/json", path=f"/v1/detect/{number}")
    assert len(core.PLANS.plans) == 1, "a route counts by what it says, and a number says nothing"
    for number in range(quick.PLANS + 10):
        core.PLANS.plans[(frozenset((str(number),)), "", False)] = next(iter(core.PLANS.plans.values()))
    assert core.clean_response(body, "application/json", path="/pedestrians").verdict == "strip"
    core.PLANS.clear()
