"""The page as a text: it says what the report says, brings all it needs, and nothing in it can act."""

import base64
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from html_values import ARABIC, CHINESE, HOSTILE, POLICY, UYGHUR, decision, dossier, hostile, many, report
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.model import ACTIONS, OPERATIONS, STATUSES, Coverage, Evidence
from untag.nouns import replace
from untag.sinks.html import wording
from untag.sinks.html.charts import Bar, chart
from untag.sinks.html.dossier import Dossier, canonical, command, sheet
from untag.sinks.html.page import render
from untag.sinks.html.text import esc, shown
from untag.sinks.html.tree import build
from untag.sinks.html.tree import render as tree

VOID = {"meta", "br", "input", "link", "img", "base"}


def page(*reports, **options):
    out = io.StringIO()
    render(dossier(*reports, **options), out)
    return out.getvalue()


class Elements(HTMLParser):
    """Gathers what a browser would make: elements with their attributes, and the text outside of scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.seen = []
        self.text = []
        self.raw = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag):
        self.raw = ""

    def handle_data(self, data):
        if not self.raw:
            self.text.append(data)


def elements(text):
    return Elements(text).seen


def words(text):
    return " ".join("".join(Elements(text).text).split())


def test_the_page_says_what_the_report_says():
    told = words(page(many()))
    for wanted in (
        "There are findings that this policy does not let pass.",
        "7 findings: 4 block, 1 warn, 1 inform, 1 exempt.",
        "9 files (4.8 MiB): 5 read in full, 1 searched as raw bytes, 1 without text, 2 NOT read.",
        "sdk.zip ▸ face.h, line 3", "in struct FaceObject", "int EthicCode; // 民族", "In English: 民族 = ethnicity",
        "+2.5 attribute: EthicCode", "−0.5 cuisine: tea (line 9)", "Policy: untag-core 1: no software may work it out",
        "Waived: reviewed by counsel", "Also at line 20; other.zip ▸ x.h", "needs a password", "ends early",
        "it leaves out the police.", "the waiver for old.h matched nothing", "1 finding waived: reviewed by counsel",
        "untag scan sdk.zip --policy untag-core --format json --output report.json", "ab" * 32, "cd" * 32,
        UYGHUR, ARABIC, CHINESE, "term in Uyghur", "term in Chinese (simplified)",
    ):  # fmt: skip
        assert wanted in told, wanted


def test_the_page_carries_the_digest_of_the_report():
    made = many()
    digest = hashlib.sha256(canonical(made)).hexdigest()
    assert page(made).count(digest) == 3  # what was scanned, how to check it, foot


def test_a_clean_report_claims_only_what_was_read():
    told = words(page(report()))
    assert "No finding in what was read." in told
    assert "A report speaks of what was read and of nothing else." in told
    assert not re.search(r"does not profile|free of|is clean|no profiling", told)


def test_unread_parts_leave_no_verdict():
    told = words(page(report(status="incomplete", coverage=Coverage())))
    assert "there is no verdict" in told
    assert "Nothing was scanned." in told


def test_the_policy_lets_nothing_in_but_the_two_texts():
    text = page(many())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize("made", [many(), hostile()], ids=["plain", "hostile"])
def test_nothing_is_fetched_and_nothing_acts(made):
    for tag, given_ in elements(page(made, made)):
        assert tag not in ("img", "iframe", "object", "embed", "base", "link", "audio", "video", "use", "image")
        for name, value in given_.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "srcset", "style", "action", "formaction", "xlink:href", "srcdoc"), (tag, name)
            if name == "href":
                assert value.startswith("#"), value


def test_hostile_texts_add_no_element():
    plain, attacked = page(many()), page(hostile())
    allowed = {tag for tag, _ in elements(plain)} | {"table"}
    assert {tag for tag, _ in elements(attacked)} <= allowed
    assert [tag for tag, _ in elements(attacked)].count("script") == 1


def test_what_does_not_print_is_an_escape():
    text = page(hostile())
    style = text.index("</style>")
    for char in "\x00\x1b\x07\x7f\x9b\u2028\u2029\u202e\u2066\ud800\udfff":
        assert char not in text[style:]
    assert "safe\\u202efdp.exe\\u2066" in text
    assert "half \\ud800 pair \\udfff" in text
    text.encode("utf-8")


def test_long_texts_are_cut_aloud():
    assert shown("n" * 2_000, 10) == "n" * 10 + "… (1,990 more characters)"


def test_joiners_stay_between_letters_alone():
    assert shown("می\u200cشود") == "می\u200cشود"
    assert shown("\u200cx") == "\\u200cx"
    assert shown("a\u200d") == "a\\u200d"
    assert shown("full\u3000width") == "full\u3000width"


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_text_leaves_its_element(text):
    made = esc(text)
    assert not set("<>\"'") & set(made)
    assert shown(text).replace("\u3000", "").replace("\u200c", "").replace("\u200d", "").isprintable()
    assert "".join(Elements(f"<p>{made}</p>").text) == shown(text)


def test_the_same_report_makes_the_same_page():
    rows = many()
    turned = replace(rows, decisions=tuple(reversed(rows.decisions)), gaps=tuple(reversed(rows.gaps)))
    assert page(rows) == page(turned)


def test_right_to_left_text_says_its_direction_and_language():
    text = page(many())
    assert '<blockquote dir=auto lang="ug">' in text
    assert '<blockquote dir=auto lang="ar">' in text
    assert '<blockquote dir=auto lang="zh-Hans">' in text


def test_every_landmark_has_a_name_and_ids_are_unique():
    seen = elements(page(many(), report(target="other")))
    ids = [given_["id"] for _, given_ in seen if "id" in given_]
    assert len(ids) == len(set(ids))
    for _, given_ in seen:
        for name in (given_.get("aria-labelledby") or "").split():
            assert name in ids
        if "for" in given_:
            assert given_["for"] in ids
    links = {given_["href"][1:] for tag, given_ in seen if tag == "a"}
    assert links <= set(ids)


def test_charts_are_well_formed_and_have_their_table():
    text = chart("c", "Findings by operation", "Findings", ACTIONS, [Bar("<infers> & more", {"block": 2, "warn": 1})])
    picture = ET.fromstring(  # attributes without quotes are HTML, not XML: quote them for this
        re.sub(
            r"=([\w-]+)(?=[ />])",
            r'="\1"',
            re.search(r"<svg viewBox.*?</svg>", text[text.index("</ul>") :], re.DOTALL)[0],
        )
    )
    assert len(picture.findall("rect")) == 2
    assert "infers> & more: 3" in picture.find("desc").text
    assert "&lt;infers&gt; &amp; more<td class=n>2<td class=n>1<td class=n>3" in text


def test_an_empty_chart_is_no_chart():
    assert chart("c", "t", "u", ACTIONS, []) == ""


def test_the_tree_counts_each_place():
    trails = [("a", "x/y.py"), ("a", "x/y.py"), ("a", "x/z.py"), ("b.py",)]
    root = build(trails, 5)
    assert (root.start, root.stop) == (5, 9)
    (archive, other) = root.below.values()
    assert (archive.label, archive.start, archive.stop, other.label) == ("a", 5, 8, "b.py")
    (folder,) = archive.below.values()
    assert [(c.label, c.stop - c.start) for c in folder.below.values()] == [("y.py", 2), ("z.py", 1)]


def test_a_deep_path_makes_no_deep_page():
    made = sheet(report(decision(trail=("a/" * 2_000 + "x",) * 3)))
    assert tree(made, 0).count("<ul") < 20


names = st.text(st.sampled_from("ab-./!"), min_size=1, max_size=6)


@given(st.lists(st.lists(names, min_size=1, max_size=3).map(tuple), min_size=1, max_size=12))
@settings(deadline=None)
def test_what_lies_below_a_node_is_one_run(trails):
    made = sheet(report(*(decision(trail=trail) for trail in trails)))
    placed = [d.finding.trail for d in made.decisions]
    seen = []

    def walk(node):
        below = sorted(node.below.values(), key=lambda child: child.start)
        at = node.start
        for child in below:
            assert child.start >= at
            at = child.stop
            walk(child)
        if not below:
            seen.extend(range(node.start, node.stop))

    walk(build(placed))
    assert len(seen) == len(set(seen))


def test_several_reports_stand_apart_and_side_by_side():
    other = report(decision(operation="searches"), target="other.zip")
    told = words(page(many(), other))
    assert "Targets compared" in told
    assert "Only in other.zip: 1." in told
    assert "Searches ethnicity01" in told.replace(" ", "").replace("Searchesethnicity", "Searches ethnicity")
    assert "different policies" not in told
    assert "different policies" in words(page(many(), replace(other, policy=replace(POLICY, sha256="ef" * 32))))


def test_one_report_is_compared_with_nothing():
    assert "Targets compared" not in words(page(many()))


def test_a_dossier_needs_a_report():
    with pytest.raises(ValueError, match="at least one"):
        Dossier(())


def test_every_word_of_the_model_has_its_wording():
    assert set(wording.OPERATIONS) == set(OPERATIONS)
    assert set(wording.ACTIONS) == set(ACTIONS)
    assert set(wording.VERDICT) == set(STATUSES)


def test_the_command_is_quoted():
    made = replace(report(target="a b; rm -rf /, pypi:x==1"), policy=replace(POLICY, overlays=("eu ai",)))
    assert command(made) == (
        "untag scan 'a b; rm -rf /' pypi:x==1 --policy untag-core --overlay 'eu ai' --format json --output report.json"
    )


def test_an_edited_report_is_named_as_such():
    made = many()
    one = sheet(made)
    one = replace(one, source=replace(one.source, canonical=False))
    out = io.StringIO()
    render(Dossier((one,)), out)
    assert "not byte for byte what untag writes" in out.getvalue()
    assert "not byte for byte" not in page(made)


def test_reasons_without_weight_or_line_are_shown():
    told = words(page(report(decision(because=(Evidence("attribute", "x", 0, 0.0),), line=0, end_line=0))))
    assert "+0 attribute: x" in told
    assert "line 0" not in told


@pytest.mark.parametrize("text", HOSTILE)
def test_each_attack_is_shown_as_text(text):
    out = page(report(decision(message=f"says {text}")))
    assert shown(f"Says {text}").replace("\u3000", " ") in "".join(Elements(out).text)
