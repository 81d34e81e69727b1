"""What stands in one language's documentation and not in another's."""

import pytest
from html_values import decision, many, report
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.evidence.languages import compare, paired
from untag.model import Gap
from untag.sinks.html.dossier import sheet


def documents(trail, **changes):
    return decision(operation="documents", trail=trail if isinstance(trail, tuple) else (trail,), **changes)


def compared(*decisions, known=(), gaps=()):
    made = report(*decisions, gaps=gaps, status="incomplete" if gaps and not decisions else None)
    return compare(made, sheet(made).decisions, known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("docs/zh/face.md", "docs/en/face.md"),
        ("docs/zh-CN/face.md", "docs/en-US/face.md"),
        ("zh_CN/a/face.rst", "en_US/a/face.rst"),
        ("README.md", "README_zh.md"),
        ("README.md", "README-CN.md"),
        ("README.md", "readme.zh-CN.md"),
        ("docs/face.md", "docs/zh/face.md"),
        ("guide_cn.pdf", "guide_en.pdf"),
        ("docs/中文/face.docx", "docs/英文/face.docx"),
        ("docs/chinese/face.html", "docs/english/face.html"),
        ("i18n/ug/face.md", "i18n/zh-hans/face.md"),
    ],
)
def test_documents_are_paired_by_their_path(one, other):
    assert paired(("a.zip", one))[0] == paired(("a.zip", other))[0]
    assert paired(("a.zip", one))[1] != paired(("a.zip", other))[1]


@pytest.mark.parametrize(
    "name", ["user_id.md", "to-do/list.md", "read-me/x.md", "docs/v2/face.md", "face.md", "re-use/a.md", "get_it.md"]
)
def test_what_is_no_language_is_none(name):
    assert paired((name,))[1] == "und"


def test_members_of_other_archives_are_no_counterpart():
    assert paired(("a.zip", "zh/x.md"))[0] != paired(("b.zip", "en/x.md"))[0]


def test_a_capability_in_one_language_alone_is_said():
    found = compared(documents("docs/zh/x.md"), documents("docs/zh/x.md", attribute="race"), documents("docs/en/x.md"))
    assert found.compared == 1
    (row,) = found.differences
    assert (row.attribute, row.operation, row.document) == ("race", "documents", "docs/x.md")
    assert [(tag, path) for tag, path, _ in row.present] == [("zh", "docs/zh/x.md")]
    assert row.absent == (("en", "docs/en/x.md"),)


def test_the_number_is_that_of_the_finding_on_the_page():
    made = report(documents("docs/zh/x.md", attribute="race"), documents("docs/en/x.md"), decision(trail=("a.py",)))
    ordered = sheet(made).decisions
    rows = compare(made, ordered).differences
    for row in rows:
        for _, path, number in row.present:
            assert ordered[number].finding.trail == (path,)
            assert ordered[number].finding.attribute == row.attribute


def test_equal_documents_differ_in_nothing():
    found = compared(documents("docs/zh/x.md"), documents("docs/en/x.md"))
    assert (found.compared, found.differences, found.alone) == (1, (), ())


def test_a_counterpart_that_is_not_known_is_not_accused():
    found = compared(documents("docs/zh/x.md"))
    assert found.differences == ()
    assert found.alone == (("zh", "docs/zh/x.md"),)
    assert not found.listed


def test_a_listing_makes_the_silent_counterpart_count():
    found = compared(documents("docs/zh/x.md"), known=[("docs/zh/x.md",), ("docs/en/x.md",), ("docs/en/y.md",)])
    (row,) = found.differences
    assert row.absent == (("en", "docs/en/x.md"),)
    assert found.listed


@pytest.mark.parametrize("where", [("docs/en/x.md",), ("sdk.zip",)])
def test_a_counterpart_that_was_not_read_does_not_count(where):
    outer = where if where == ("sdk.zip",) else ()
    one, other = (*outer, "docs/zh/x.md"), (*outer, "docs/en/x.md")
    found = compared(documents(one), known=[one, other], gaps=(Gap(where, "corrupt", "cut"),))
    assert found.differences == ()
    assert len(found.alone) == 1


def test_a_gap_that_hides_nothing_does_not_hide_a_counterpart():
    found = compared(
        documents("docs/zh/x.md"),
        known=[("docs/zh/x.md",), ("docs/en/x.md",)],
        gaps=(Gap(("docs/en/x.md",), "encoding", "guessed"),),
    )
    assert len(found.differences) == 1


def test_talk_and_code_are_no_capability_of_a_document():
    assert compared(decision("exempt", operation="prohibits", trail=("docs/zh/x.md",))) is None
    assert compared(decision(trail=("src/en/x.py",))) is None
    assert compared() is None


def test_a_further_place_counts():
    from untag.model import Spot

    found = compared(documents("docs/zh/x.md", also=(Spot(("docs/en/x.md",), 3),)))
    assert (found.compared, found.differences) == (1, ())


def test_regions_of_one_language_are_compared_as_they_are_named():
    made = many()
    found = compare(made, sheet(made).decisions)
    assert found.compared == 1
    told = {(row.attribute, tuple(tag for tag, _ in row.absent)) for row in found.differences}
    assert told == {("ethnicity", ("en",)), ("race", ("ar", "ug", "zh"))}


parts = st.sampled_from(["zh", "en", "docs", "face", "zh-CN", "a_b", "README_zh.md", "x.md", "y_cn.pdf", ""])


@given(st.lists(st.lists(parts, min_size=1, max_size=3).map("/".join), min_size=1, max_size=6))
@settings(deadline=None)
def test_each_document_is_stated_once_and_never_accused_without_a_pair(names):
    found = compared(*(documents(name) for name in names))
    if found is None:
        return
    for row in found.differences:
        assert {tag for tag, _, _ in row.present}.isdisjoint({tag for tag, _ in row.absent})
    assert found.differences == ()  # all state the same
