"""Keys of records: cut to the byte from JSON Lines and arrays."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_tables_csv import finding, made, plan, strip

from untag.strip.base import Refusal, StripError
from untag.strip.data.spans import JsonError, cut_members, leave_out, loaded, parse


def test_sentences_at_a_neutral_key_are_for_a_person(tmp_path):
    """A finding may stand at the key itself, and not only at its rows: prompts and captions are rewritten, not cut."""
    rows = [{"image": f"{n}.jpg", "text": f"tell the ethnicity of person {n}: Han or Hui"} for n in range(3)]
    path = made(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode(), "faces.jsonl")
    (edit,) = plan(path, finding("text"))
    assert (edit.kind, edit.safety, edit.target) == ("text", "manual", "key text")
    (edit,) = plan(path, finding("text"), outputs=("text",))
    assert edit.safety == "safe", "a person named it"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"image":"a.jpg","ethnicity":"Han","x":1.50}', '{"image":"a.jpg","x":1.50}'),
        ('{"ethnicity" : "Han" , "image":"a.jpg"}', '{"image":"a.jpg"}'),
        ('{ "image":"a.jpg", "ethnicity":{"p":[1,{"q":2}]} }', '{ "image":"a.jpg" }'),
        ('{"image":"a","face":{"ethnicity":"Han"},"n":1e3}', '{"image":"a","face":{},"n":1e3}'),
        (
            '{"image":"a","faces":[{"age":1,"ethnicity":["Han","Hui"]},{"ethnicity":null,"age":2}]}',
            '{"image":"a","faces":[{"age":1},{"age":2}]}',
        ),
        (
            '{"image":"a","eth\\u006eicity":"Han","note":"say \\"ethnicity\\": x"}',
            '{"image":"a","note":"say \\"ethnicity\\": x"}',
        ),
        ('{"image":"a","ethnicity":"x","b":0,"ethnicity":"y"}', '{"image":"a","b":0}'),
        ('{"image":"a","b":"ethnicity"}', '{"image":"a","b":"ethnicity"}'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines(tmp_path, before, after, end):
    row = '{"image":"z.jpg","ethnicity":"Hui"}'
    path = made(tmp_path, (row + end + before + end).encode(), "faces.jsonl")
    out, outcome = strip(path, finding("ethnicity"), unsafe=True)
    assert out == ('{"image":"z.jpg"}' + end + after + end).encode()
    assert outcome.checks[0].figures["records"] == 2


def test_an_array_keeps_its_indentation(tmp_path):
    records = [{"image": f"{n}.jpg", "ethnicity": "Han", "age": n} for n in range(9)]
    path = made(tmp_path, json.dumps(records, indent=2).encode(), "faces.json")
    out, _ = strip(path, finding("ethnicity"))
    for one in records:
        del one["ethnicity"]
    assert out == json.dumps(records, indent=2).encode()


def test_a_key_in_several_places_is_asked_for(tmp_path):
    path = made(tmp_path, b'{"image":"a.jpg","race":"x","event":{"race":"grand prix"}}\n' * 3, "x.jsonl")
    (edit,) = plan(path, finding("race", attribute="race"))
    assert edit.safety == "unsafe"
    assert "2 places (the record itself, event)" in edit.why
    path = made(tmp_path, b'{"image":"a.jpg","faces":[{"race":"x"},{"race":"y"}]}\n' * 3, "x.jsonl")
    (edit,) = plan(path, finding("race", attribute="race"))
    assert edit.safety == "safe"


def test_bad_lines(tmp_path):
    row = b'{"image":"a.jpg","ethnicity":"Han"}\n'
    path = made(tmp_path, row * 3 + b"{nothing\n\n" + row, "faces.jsonl")
    out, _ = strip(path, finding("ethnicity"))
    assert out == b'{"image":"a.jpg"}\n' * 3 + b'{nothing\n\n{"image":"a.jpg"}\n'
    path = made(tmp_path, row * 3 + row[:-3], "faces.jsonl")
    with pytest.raises(StripError, match="line 4 is truncated"):
        strip(path, finding("ethnicity"), staging=tmp_path / "b")
    path = made(tmp_path, b"[" + row.strip() + b"," + row[:-3], "faces.json")
    with pytest.raises(StripError, match="truncated"):
        strip(path, finding("ethnicity"), staging=tmp_path / "c")
    assert not [p for p in tmp_path.rglob("[bc]/*") if p.is_file()]


def test_records_of_nothing_else_are_refused(tmp_path):
    (refusal,) = plan(made(tmp_path, b'{"ethnicity":"Han"}\n{"ethnicity":"Hui"}\n', "x.jsonl"), finding("ethnicity"))
    assert isinstance(refusal, Refusal)


def test_twice_changes_nothing(tmp_path):
    path = made(tmp_path, b'{"image":"a.jpg","ethnicity":"Han"}\n' * 3, "faces.jsonl")
    path.write_bytes(strip(path, finding("ethnicity"))[0])
    assert not [e for e in plan(path, finding("ethnicity")) if e.safety != "manual"]


def test_utf16(tmp_path):
    text = '[{"image":"á.jpg","民族":"汉"},{"image":"b","民族":"回"}]'
    out, _ = strip(made(tmp_path, text.encode("utf-16"), "faces.json"), finding("民族"))
    assert out.decode("utf-16") == '[{"image":"á.jpg"},{"image":"b"}]'


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b", "race", 'q"\\', "é"]), inner, max_size=4)
    ),
    max_leaves=20,
)


def less(value):
    if isinstance(value, dict):
        return {k: less(v) for k, v in value.items() if k != "race"}
    return [less(v) for v in value] if isinstance(value, list) else value


@settings(max_examples=300, deadline=None)
@given(VALUE, st.sampled_from([None, 0, 2]), st.booleans(), st.sampled_from([(",", ":"), (" , ", " : ")]))
def test_any_json_is_cut_exactly(value, indent, plain, marks):
    data = json.dumps(value, indent=indent, ensure_ascii=plain, separators=marks).encode("utf-8", "surrogatepass")
    ranges = list(cut_members(parse(data), lambda _, m: m.key == "race"))
    out = leave_out(data, ranges)
    assert json.loads(out.decode("utf-8", "surrogatepass")) == less(value)
    if not ranges:
        assert out == data
    again = list(cut_members(parse(out), lambda _, m: m.key == "race"))
    assert not again
    if indent is None and marks[0] == ",":
        assert out == json.dumps(less(value), ensure_ascii=plain, separators=marks).encode("utf-8", "surrogatepass")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | st.text(st.sampled_from('{}[],:"\\a1 e-.tn'), max_size=30).map(str.encode))
def test_what_is_no_json_is_an_error(data):
    try:
        node = parse(data)
        loaded(data[node.start : node.stop])
    except JsonError:
        return
    assert json.loads(data[node.start : node.stop], strict=False) is not Ellipsis
