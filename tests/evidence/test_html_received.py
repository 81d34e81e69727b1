"""A report that is handed in: whole and consistent, or refused with a sentence that says why."""

import copy
import hashlib
import io
import json

import pytest
from html_values import many, report
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.errors import UsageError
from untag.model import Coverage
from untag.sinks.html import received as module
from untag.sinks.html.dossier import Dossier, canonical, sheet
from untag.sinks.html.page import render
from untag.sinks.html.received import received

GOOD = json.loads(canonical(many()))


def pack(table):
    return json.dumps(table, ensure_ascii=False).encode()


def change(path, value):
    table = copy.deepcopy(GOOD)
    *way, last = path
    place = table
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return table


def test_what_untag_wrote_is_taken_and_named_by_its_digest():
    data = canonical(many())
    taken, source = received(data, "r.json")
    assert taken.decisions[0].finding.rule == "UT101"
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert source.size == len(data)
    assert source.canonical


def test_line_ends_of_windows_are_no_edit():
    assert received(canonical(many()).replace(b"\n", b"\r\n"), "r.json")[1].canonical


@pytest.mark.parametrize(
    "table",
    [GOOD, change(("findings", 0, "message"), "something else"), GOOD | {"further": 1}],
    ids=["reformatted", "edited", "unknown key"],
)
def test_an_edited_file_is_taken_and_marked(table):
    taken, source = received(pack(table), "r.json")
    assert taken.target == "sdk.zip"
    # an edit in canonical form cannot be seen: the digest is what tells it
    assert source.canonical is (pack(table) == canonical(taken))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("schema",), "untag/report/v0", "not a report of schema"),
        (("schema",), "untag/report/v2", "not a report of schema"),
        (("schema",), ..., "not a report of schema"),
        (("findings",), ..., "KeyError 'findings'"),
        (("findings",), {"a": 1}, "not a whole report"),
        (("findings",), None, "not a whole report"),
        (("findings", 0), "x", "not a whole report"),
        (("findings", 0, "excerpt"), ..., "KeyError 'excerpt'"),
        (("findings", 0, "excerpt"), 3, "finding 1: rule, term, excerpt"),
        (("findings", 0, "trail"), "sdk", "trail is no list"),
        (("findings", 0, "route"), "sdk", "route is no list"),
        (("gaps", 0, "trail"), "sdk", "trail is no list"),
        (("subjects",), [{"target": "a.zip", "sha256": "0" * 64, "size": "9"}], "a subject has no target"),
        (("subjects",), [{"target": "a.zip", "sha256": "0" * 63, "size": 9}], "no SHA-256"),
        (("subjects",), [{"target": "a.zip", "size": 9}], "KeyError 'sha256'"),
        (("findings", 0, "trail"), [], "trail is no list of names"),
        (("findings", 0, "trail"), [1], "trail is no list of names"),
        (("findings", 0, "line"), "3", "a line is no count"),
        (("findings", 0, "line"), -3, "a line is no count"),
        (("findings", 0, "line"), True, "a line is no count"),
        (("findings", 0, "line"), 1.5, "a line is no count"),
        (("findings", 0, "attribute"), "shoe_size", "unknown attribute"),
        (("findings", 0, "operation"), "", "unknown operation"),
        (("findings", 0, "action"), "allow", "unknown action"),
        (("findings", 0, "clause"), None, "has no clause"),
        (("findings", 0, "groups"), [None], "route, groups or exemptions"),
        (("findings", 0, "because", 0, "weight"), "1", "weight"),
        (("findings", 0, "because", 0, "weight"), float("nan"), "weight"),
        (("findings", 0, "because", 0, "weight"), float("inf"), "weight"),
        (("findings", 0, "because", 0, "kind"), 7, "a reason has no kind"),
        (("coverage", "files"), "9", "coverage holds"),
        (("coverage", "unread"), -1, "coverage holds"),
        (("coverage", "parsed"), 99, "more files than there are"),
        (("coverage",), [], "not a whole report"),
        (("gaps", 0, "reason"), "boredom", "unknown gap reason"),
        (("gaps", 0, "trail"), [], "a gap has no place"),
        (("notices", 0, "text"), 1, "a notice is no text"),
        (("policy", "leaves_out"), [1], "leaves_out is no list of texts"),
        (("policy", "sha256"), 1, "policy sha256 is no text"),
        (("target",), ["x"], "target is no text"),
        (("tool", "readers"), {"zip": "1"}, "a reader has no name or version"),
        (("tool", "readers"), [], "not a whole report"),
        (("status",), "fine", "unknown status"),
        (("status",), "clean", "its status is clean, and it holds findings that block"),
        (("status",), "incomplete", "its status is incomplete, and it holds findings that block"),
    ],
)
def test_a_wrong_value_is_refused(path, value, says):
    table = change(path, value)
    with pytest.raises(UsageError) as caught:
        received(pack(table), "r.json")
    assert "r.json" in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (report(status="blocked"), "holds no finding"),
        (report(status="clean", coverage=Coverage(3, 1, 2, 0, 0, 1)), "1 files were not read"),
        (report(status="clean", coverage=Coverage(3, 1, 0, 0, 3)), "nothing was read"),
    ],
)
def test_a_report_that_speaks_against_itself_is_refused(made, says):
    with pytest.raises(UsageError, match=says):
        received(canonical(made), "r.json")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"\xff\xfe{}", b"\x00" * 50, b"[" * 200_000, b'{"schema": 1}', canonical(many())[:-40]],
)
def test_what_is_no_report_is_refused(data):
    with pytest.raises(UsageError, match=r"r\.json is not"):
        received(data, "r.json")


def test_a_report_beyond_all_measure_is_refused(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 100)
    with pytest.raises(UsageError, match="larger than"):
        received(b" " * 101, "r.json")


def places(value, way=()):
    """Yield the path to every value of a table."""
    yield way
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*way, key))


json_values = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(), st.text(max_size=5), st.just([]), st.just({}),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.integers(0, 3)), max_size=3), st.just({"a": 1}),
)  # fmt: skip


@given(st.sampled_from([way for way in places(GOOD) if way]), st.one_of(st.just(...), json_values))
@settings(deadline=None, max_examples=300)
def test_any_edit_is_refused_or_shown(way, value):
    table = change(way, value)
    try:
        taken, source = received(pack(table), "r.json")
    except UsageError:
        return
    out = io.StringIO()
    render(Dossier((sheet(taken, source),)), out)
    assert out.getvalue().endswith("</html>\n")
