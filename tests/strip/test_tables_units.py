"""Large JSON, unit by unit: the same as a tree would give."""

import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st
from test_tables_json import VALUE, less

from untag.strip.data.files import Shape
from untag.strip.data.json_units import Gone, alike, ranges_of, units, write
from untag.strip.data.spans import JsonError

ITEMS = st.lists(st.fixed_dictionaries({"id": st.integers(0, 3), "v": VALUE}) | VALUE, max_size=6)
FILES = ITEMS | st.dictionaries(st.sampled_from(["a", "race", "list", "é"]), ITEMS | VALUE, max_size=4)


def dropping(value, top=True):
    """Leave out members named race, and objects in the file's own arrays whose id is 1."""
    if isinstance(value, dict) and top:
        return {
            k: dropping(v, False) if isinstance(v, list) else less(v)
            for k, v in value.items()
            if k != "race" or isinstance(v, list)
        }
    return (
        [less(v) for v in value if not (isinstance(v, dict) and v.get("id") == 1)]
        if isinstance(value, list)
        else less(value)
    )


@settings(max_examples=300, deadline=None)
@given(FILES, st.sampled_from([None, 1]))
def test_units_are_cut_as_a_tree_would_be(value, indent):
    value = json.loads(json.dumps(value).replace('"race": [', '"rac": ['))  # a unit of its own is never cut by its key
    if isinstance(value, dict):
        value.pop("race", None)
    data = json.dumps(value, indent=indent).encode()
    gone = Gone(
        lambda _, key: key == "race",
        lambda above, get: len(above) < 2 and "" not in above and get("id") == "1",
        lambda _: True,
    )
    tally = {"units": 0, "changed": 0, "cut": 0}
    out = io.BytesIO()
    write(data, list(ranges_of(data, gone, tally)), out, Shape())
    after = json.loads(out.getvalue())
    want = dropping(value)
    assert after == want
    if not tally["cut"]:
        assert out.getvalue() == data
    assert alike(data, out.getvalue(), gone)
    if out.getvalue() != data:
        assert not alike(data, data, gone)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('{}[],:"\\a1 '), max_size=24).map(str.encode))
def test_broken_text_is_an_error(data):
    try:
        list(units(data))
    except JsonError:
        return
    assert data.strip()[:1] in (b"{", b"[")
