"""Waivers have an owner, a reason and an end; inline ones too; none is forgotten."""

from datetime import date

import pytest

from untag.errors import ConfigError
from untag.model import Decision, Finding, Notice
from untag.policy.waivers import Waiver, parse_inline, parse_waivers, review

TODAY = date(2026, 11, 22)
END = date(2027, 1, 31)


def finding(**changes):
    values = {
        "rule": "UT101", "attribute": "ethnicity", "operation": "infers", "acquisition": "inferred_from_image",
        "groups": (), "confidence": "high", "trail": ("src/face.h",), "route": (), "line": 3, "end_line": 3,
        "term": "EthicCode", "excerpt": "x", "gloss": "", "message": "m", "because": (), "fingerprint": "abc",
    }  # fmt: skip
    return Finding(**{**values, **changes})


def waiver(**changes):
    return Waiver(**{"owner": "jane", "reason": "r", "expires": END, "origin": "untag.toml waiver 1", **changes})


ROW = {"rule": "UT101", "owner": "jane@example.org", "reason": "gone in January", "expires": END}


def test_a_row_becomes_a_waiver():
    made = parse_waivers([{**ROW, "path": "vendor/**", "attribute": "race"}], "untag.toml")[0]
    assert made.origin == "untag.toml waiver 1"
    assert (made.rule, made.path, made.attribute, made.expires) == ("UT101", "vendor/**", "race", END)
    assert parse_waivers([{**ROW, "expires": "2027-01-31"}], "x")[0].expires == END


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "expires": "next year"}, "expires must be a date such as 2027-01-31; no waiver is for ever"),
        ({key: value for key, value in ROW.items() if key != "expires"}, "expires must be a date"),
        ({**ROW, "expires": True}, "expires must be a date"),
        ({key: value for key, value in ROW.items() if key != "owner"}, 'a waiver needs owner = "…"'),
        ({**ROW, "reason": "  "}, "reason is empty"),
        ({**ROW, "reason": 3}, "reason must be a text"),
        ({**ROW, "rule": ""}, "rule is empty"),
        ({key: value for key, value in ROW.items() if key != "rule"}, "a waiver for everything is no waiver"),
        ({**ROW, "finger": "x"}, "unknown key finger; did you mean fingerprint?"),
        ({**ROW, "attribute": "rase"}, "unknown attribute 'rase'; did you mean race?"),
    ],
)
def test_a_wrong_row_names_file_and_row(row, message):
    with pytest.raises(ConfigError) as caught:
        parse_waivers([ROW, row], "untag.toml")
    assert str(caught.value).startswith("untag.toml waiver 2")
    assert message in str(caught.value)


def test_waivers_are_tables():
    with pytest.raises(ConfigError, match=r"write \[\[waiver\]\]"):
        parse_waivers({"rule": "UT101"}, "untag.toml")


@pytest.mark.parametrize(
    ("pattern", "trail", "wanted"),
    [
        ("src/*.h", ("src/face.h",), True),
        ("*.h", ("src/face.h",), False),
        ("**/*.h", ("src/face.h",), True),
        ("**/face.h", ("face.h",), True),
        ("vendor/**", ("vendor/x.whl", "pkg/a.py"), True),
        ("vendor/x.whl", ("vendor/x.whl", "pkg/a.py"), True),
        ("vendor/x.whl!/pkg/*.py", ("vendor/x.whl", "pkg/a.py"), True),
        ("vendor/x.whl!/other/*.py", ("vendor/x.whl", "pkg/a.py"), False),
        ("src/fac?.h", ("src/face.h",), True),
        ("src/[f]ace.h", ("src/face.h",), False),
        ("src", ("src/face.h",), False),
        ("**", ("a\nb",), True),
        ("**", (), False),
    ],
)
def test_paths_are_globs(pattern, trail, wanted):
    assert waiver(path=pattern).covers(finding(trail=trail)) is wanted


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"fingerprint": "abc"}, True),
        ({"fingerprint": "abd"}, False),
        ({"fingerprint": "abc", "rule": "UT102"}, False),
        ({"rule": "UT101"}, True),
        ({"rule": "UT1"}, False),
        ({"attribute": "ethnicity"}, True),
        ({"attribute": "race"}, False),
        ({"rule": "UT101", "trail": ("src/face.h",), "line": 3}, True),
        ({"rule": "UT101", "trail": ("src/face.h",), "line": 2}, True),
        ({"rule": "UT101", "trail": ("src/face.h",), "line": 4}, False),
        ({"rule": "UT101", "trail": ("src/other.h",), "line": 3}, False),
    ],
)
def test_every_criterion_must_match(changes, wanted):
    assert waiver(**changes).covers(finding()) is wanted


@pytest.mark.parametrize(
    "line",
    [
        '# untag: allow UT101 reason="replaced in January" owner=jane expires=2027-01-31',
        "x = 1  # untag: allow UT101 expires=2027-01-31 owner='jane' reason='replaced in January'",
        '/* untag: allow UT101 reason="replaced in January" owner="jane" expires="2027-01-31" */',
        '<!-- Untag:allow UT101, owner=jane, reason="replaced in January", expires=2027-01-31 -->',
    ],
)
def test_inline_waivers_in_every_comment_style(line):
    made = parse_inline(line, ("a.zip", "src/face.h"), 2)
    assert isinstance(made, Waiver)
    assert (made.rule, made.owner, made.reason, made.expires) == ("UT101", "jane", "replaced in January", END)
    assert made.origin == "a.zip!/src/face.h:2"
    assert made.covers(finding(trail=("a.zip", "src/face.h")))
    assert not made.covers(finding(trail=("src/face.h",)))


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("# untag: allow UT101", "it lacks reason, owner, expires"),
        ('# untag: allow UT101 reason="x" owner=jane', "it lacks expires"),
        ('# untag: allow UT101 reason="" owner=jane expires=2027-01-31', "it lacks reason"),
        ('# untag: allow reason="x" owner=jane expires=2027-01-31', "it lacks the rule's name"),
        ('# untag: allow UT101 reason="x" owner=jane expires=soon', "expires must be a date"),
        ("# untag: allow", "it lacks the rule's name"),
    ],
)
def test_an_inline_waiver_that_lacks_something_is_not_honoured(line, missing):
    made = parse_inline(line, ("a.py",), 7)
    assert isinstance(made, Notice)
    assert made.kind == "waiver_ignored"
    assert made.text.startswith("a.py:7: this waiver does not count")
    assert missing in made.text


@pytest.mark.parametrize("line", ["", "allow UT101", "untag is a tool", "untag: allowance UT101", "x" * 10_000])
def test_other_lines_are_no_waivers(line):
    assert parse_inline(line, ("a.py",), 1) is None


def test_review_reports_expired_and_unused_waivers():
    open_ = Decision(finding(), "block", "")
    late = waiver(rule="UT101", expires=date(2026, 1, 1), origin="a")
    idle = waiver(rule="UT999", origin="b")
    used = waiver(rule="UT101", origin="c")
    notices = review([open_], [late, idle, used], TODAY)
    assert [(item.kind, item.text.split(":")[0]) for item in notices] == [
        ("waiver_expired", "a"),
        ("waiver_unused", "b"),
    ]
    exempt = Decision(finding(), "exempt", "by the policy itself")
    assert [item.kind for item in review([exempt], [used], TODAY)] == ["waiver_unused"]
    waived = Decision(finding(), "exempt", "", "r")
    assert review([waived], [used], TODAY) == ()
