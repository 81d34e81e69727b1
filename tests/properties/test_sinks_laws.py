"""Laws of the sinks, over reports that hypothesis makes up."""

import io
import json
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from untag.model import (
    ACQUISITIONS,
    ACTIONS,
    ATTRIBUTES,
    CONFIDENCES,
    GAP_REASONS,
    OPERATIONS,
    STATUSES,
    Coverage,
    Decision,
    Evidence,
    Finding,
    Gap,
    Notice,
    PolicyInfo,
    Report,
    Spot,
)
from untag.sinks import json_v1, markdown, sink
from untag.sinks.text import columns, cut, safe, wrap

SCHEMA = json.loads((Path(json_v1.__file__).parent / "schemas" / "report-v1.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

ANY = st.characters(codec=None, exclude_categories=())
BITS = st.sampled_from(
    [
        "\x1b[31m",
        "<img src=x>",
        "[a](javascript:b)",
        "![](x)",
        "@bob",
        "#12",
        "\n",
        "```",
        "|",
        "\u202e",
        "\udc80",
        "a",
        "维",
    ]
)
TEXT = st.one_of(st.text(ANY, max_size=8), st.lists(BITS, max_size=4).map("".join))
TRAIL = st.lists(TEXT, min_size=1, max_size=3).map(tuple)
LINE = st.integers(0, 10**6)
COUNT = st.integers(0, 10**9)
WEIGHT = st.floats(-10, 10, allow_nan=False)
SPOT = st.builds(Spot, TRAIL, LINE, LINE)
EVIDENCE = st.builds(Evidence, TEXT, TEXT, LINE, WEIGHT)
FINDING = st.builds(
    Finding,
    rule=TEXT,
    attribute=st.sampled_from(ATTRIBUTES),
    operation=st.sampled_from(OPERATIONS),
    acquisition=st.sampled_from(ACQUISITIONS),
    groups=st.lists(TEXT, max_size=2).map(tuple),
    confidence=st.sampled_from(CONFIDENCES),
    trail=TRAIL,
    route=st.lists(TEXT, max_size=2).map(tuple),
    line=LINE,
    end_line=LINE,
    term=TEXT,
    excerpt=TEXT,
    gloss=TEXT,
    message=TEXT,
    because=st.lists(EVIDENCE, max_size=3).map(tuple),
    fingerprint=TEXT,
    also=st.lists(SPOT, max_size=3).map(tuple),
    exemptions=st.lists(TEXT, max_size=2).map(tuple),
)
DECISION = st.builds(Decision, FINDING, st.sampled_from(ACTIONS), TEXT, TEXT)
REPORT = st.builds(
    Report,
    target=TEXT,
    status=st.sampled_from(STATUSES),
    decisions=st.lists(DECISION, max_size=4).map(tuple),
    coverage=st.builds(Coverage, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT),
    gaps=st.lists(st.builds(Gap, TRAIL, st.sampled_from(GAP_REASONS), TEXT), max_size=3).map(tuple),
    policy=st.builds(PolicyInfo, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple), st.just(())),
    lexicon_version=TEXT,
    lexicon_sha256=TEXT,
    tool_version=TEXT,
    notices=st.lists(st.builds(Notice, TEXT, TEXT), max_size=2).map(tuple),
    readers=st.lists(st.tuples(TEXT, st.integers(1, 9)), max_size=2, unique_by=lambda r: r[0]).map(tuple),
)
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=120)


def text(report, name, **options):
    out = io.StringIO()
    sink(name)(report, out, **options)
    return out.getvalue()


@CALM
@given(REPORT)
def test_json_fits_its_schema_and_reads_back(report):
    made = text(report, "json")
    data = made.encode("utf-8")
    VALIDATOR.validate(json.loads(data))
    again = text(json_v1.parse(data), "json")
    assert again == made


@CALM
@given(REPORT, st.sampled_from(["console", "json", "sarif", "markdown", "junit", "gitlab"]))
def test_the_order_of_work_does_not_show(report, name):
    turned = Report(
        **{
            **{key: getattr(report, key) for key in Report.__slots__},
            "decisions": report.decisions[::-1],
            "gaps": report.gaps[::-1],
            "notices": report.notices[::-1],
            "readers": report.readers[::-1],
        }
    )
    keys = [
        (d.finding.trail, d.finding.line, d.finding.rule, d.finding.attribute, d.finding.fingerprint)
        for d in report.decisions
    ]
    if len(set(keys)) == len(keys):
        assert text(turned, name) == text(report, name)


@CALM
@given(REPORT, st.integers(40, 120))
def test_the_console_lets_nothing_act(report, width):
    made = text(report, "console", verbose=True, width=width)
    made.encode("utf-8")
    allowed = "\n\u2068\u2069"
    for char in made:
        assert char in allowed or char.isprintable() or char == "\u3000", repr(char)
    assert made.count("\u2068") == made.count("\u2069")


@CALM
@given(REPORT)
def test_the_console_counts_every_finding(report):
    made = text(report, "console")
    if report.decisions:
        assert f"{len(report.decisions)} finding" in made
    else:
        assert "No finding in what was read." in made


@CALM
@given(REPORT)
def test_junit_is_xml_whose_counts_add_up(report):
    root = ET.fromstring(text(report, "junit").encode("utf-8"))
    assert len(root.findall(".//testcase")) == int(root.get("tests"))
    assert len(root.findall(".//failure")) == int(root.get("failures"))
    assert len(root.findall(".//error")) == int(root.get("errors"))


@CALM
@given(REPORT)
def test_sarif_and_gitlab_are_json_with_every_finding(report):
    run = json.loads(text(report, "sarif").encode("ascii"))["runs"][0]
    assert len(run["results"]) == len(report.decisions)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    if report.gaps or report.coverage.unread:
        assert run["invocations"][0]["executionSuccessful"] is False
    entries = json.loads(text(report, "gitlab").encode("utf-8"))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) >= len(report.decisions)


MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
OURS = {"<code>", "</code>", "<span>", "</span>"}


def tokens(source):
    for token in MARKDOWN.parse(source):
        yield token
        yield from token.children or ()


@CALM
@given(REPORT)
def test_markdown_holds_no_markup_but_its_own(report):
    made = text(report, "markdown", verbose=True)
    made.encode("utf-8")
    for token in tokens(made):
        assert token.type not in (
            "link_open",
            "image",
            "html_block",
            "fence",
            "code_block",
            "code_inline",
            "table_open",
        )
        if token.type == "html_inline":
            assert token.content in OURS


@given(TEXT)
def test_markdown_shows_the_text_as_it_stands(value):
    made = MARKDOWN.render(f"x {markdown.prose(value)} y")
    for tag in OURS:
        made = made.replace(tag, "")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        made = made.replace(entity, char)
    assert made == f"<p>x {markdown.plain(value)} y</p>\n"
    assert "@b" not in markdown.prose(value)


@given(TEXT, st.integers(2, 20))
def test_text_keeps_to_its_width(value, width):
    clean = safe(value)
    assert columns(cut(clean, width)) <= width
    for line in wrap(clean, width):
        assert columns(line) <= width
    assert "".join(wrap(clean, width)) == "".join(clean.split()) or " " in clean


@given(TEXT)
def test_safe_text_is_printable_and_stays_so(value):
    clean = safe(value)
    assert safe(clean) == clean
    assert all(char.isprintable() or unicodedata.category(char) == "Zs" for char in clean)
