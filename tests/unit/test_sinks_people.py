"""The formats for people: console and Markdown. Nothing from an artifact acts, nothing unread is hidden."""

import io
import unicodedata

import pytest

from untag.errors import UsageError
from untag.model import Coverage, Decision, Evidence, Finding, Gap, Notice, PolicyInfo, Report, Spot
from untag.sinks import SINKS, markdown, sink
from untag.sinks.base import RuleInfo
from untag.sinks.console import render, wants_colour
from untag.sinks.text import columns, cut, isolate, plain, safe, size, wrap

POLICY = PolicyInfo("untag-core", "ab", "the default", ("it leaves out the police.",))


def finding(**changes):
    values = {
        "rule": "UT101", "attribute": "ethnicity", "operation": "infers", "acquisition": "inferred_from_image",
        "groups": ("Uyghur",), "confidence": "high", "trail": ("sdk.zip", "face.h"), "route": ("struct FaceObject",),
        "line": 3, "end_line": 3, "term": "EthicCode", "excerpt": "int EthicCode; // 维族", "gloss": "Uyghur group",
        "message": "infers the ethnicity of pictured people", "fingerprint": "abc",
        "because": (Evidence("benign", "a test", 9, -0.5), Evidence("slot", "EthicCode", 3, 2.5)),
    }  # fmt: skip
    return Finding(**{**values, **changes})


def report(*decisions, status="blocked", coverage=None, gaps=(), notices=()):
    return Report(
        "sdk.zip", status, decisions, coverage or Coverage(2, 2048, 2), gaps, POLICY, "1", "cd", "0.1", notices
    )


def text(made, module=render, **options):
    out = io.StringIO()
    module(made, out, **options)
    return out.getvalue()


BLOCK = Decision(finding(), "block", "untag-core 1: no")
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\r\n\udc80\x9b31m\u200b"


def test_a_finding_in_full():
    assert text(report(BLOCK), width=80) == (
        "sdk.zip!/face.h\n"
        "  BLOCK high confidence  sdk.zip!/face.h:3  UT101\n"
        "    infers the ethnicity of pictured people\n"
        "      | int EthicCode; // 维族\n"
        "        in English: Uyghur group\n"
        "    in struct FaceObject\n"
        "    + 2.5   slot: EthicCode (line 3)\n"
        "    − 0.5   benign: a test (line 9)\n"
        "    policy: untag-core 1: no\n"
        "    id abc\n"
        "\n"
        " 1 finding: 1 block.\n"
        " Scanned 2 files (2.0 KiB): 2 parsed, none unread.\n"
        " Policy: untag-core (the default)\n"
        "   - it leaves out the police.\n"
        " BLOCKED, exit 1: there are findings that this policy does not let pass.\n"
    )


def test_a_clean_report_claims_only_what_was_read():
    made = text(report(status="clean"))
    assert made.startswith(" No finding in what was read.\n")
    assert "This is no statement about what was not." in made
    assert "clean software" not in made


def test_an_empty_scan_is_no_verdict():
    made = text(report(status="incomplete", coverage=Coverage()))
    assert "Nothing was scanned." in made
    assert "INCOMPLETE, exit 3" in made


def test_what_was_not_read_is_counted_and_listed():
    gaps = tuple(Gap((f"f{n:02}",), "encrypted", "needs a password") for n in range(12))
    coverage = Coverage(312, 4_300_000, 287, 10, 3, 12)
    made = text(report(BLOCK, coverage=coverage, gaps=gaps))
    assert "287 parsed, 10 as bytes, 3 opaque (no text to read), 12 NOT read." in made
    assert "Not read: 12 encrypted." in made
    assert "! and 2 more: --verbose lists them" in made
    assert "f11" not in made
    assert "! f11: encrypted: needs a password" in text(report(gaps=gaps), verbose=True)


def test_informing_and_exempt_findings_are_counted_and_shown_on_demand():
    made = report(BLOCK, Decision(finding(line=5), "inform", "i"), Decision(finding(line=6), "exempt", "e"))
    terse = text(made)
    assert "3 findings: 1 block, 1 inform, 1 exempt." in terse
    assert "1 inform and 1 exempt not listed: --verbose lists them." in terse
    assert "EXEMPT" not in terse
    assert "EXEMPT" in text(made, show=("exempt",))
    full = text(made, verbose=True)
    assert "EXEMPT" in full
    assert "INFORM" in full
    assert "not listed" not in full


def test_a_limit_is_stated():
    made = text(report(*(Decision(finding(line=n), "block", "c") for n in range(1, 6))), limit=2)
    assert made.count("BLOCK ") == 2
    assert "3 findings not listed: the limit was reached." in made


def test_further_places_and_notices():
    spots = tuple(Spot((f"s{n}.h",), n) for n in range(1, 9))
    made = report(
        Decision(finding(also=spots), "block", "c"), notices=(Notice("waiver_unused", "untag.toml waiver 1"),)
    )
    assert "also at s5.h:5\n    also at 3 more places\n" in text(made)
    assert "also at s8.h:8" in text(made, verbose=True)
    assert "Notice: untag.toml waiver 1" in text(made)


def test_rules_have_names_when_the_catalogue_is_given():
    rules = {"UT101": RuleInfo("UT101", "coded-field", "s", "f")}
    assert "UT101 coded-field\n" in text(report(BLOCK), rules=rules)


def test_colour_marks_action_and_term():
    made = text(report(BLOCK), colour=True)
    assert "\x1b[1;31mBLOCK\x1b[0m" in made
    assert "\x1b[1;4mEthicCode\x1b[0m" in made
    assert "\x1b" not in text(report(BLOCK))


@pytest.mark.parametrize(
    ("environ", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_when_to_colour(environ, terminal, wanted):
    assert wants_colour(environ, terminal=terminal) is wanted


def hostile():
    bad = finding(
        trail=(HOSTILE, HOSTILE), route=(HOSTILE,), excerpt=HOSTILE, gloss=HOSTILE, message=HOSTILE, term=HOSTILE,
        rule=HOSTILE, because=(Evidence(HOSTILE, HOSTILE, 1, 1.0),), also=(Spot((HOSTILE,), 1),), fingerprint=HOSTILE,
    )  # fmt: skip
    return report(
        Decision(bad, "block", HOSTILE), gaps=(Gap((HOSTILE,), "corrupt", HOSTILE),), notices=(Notice("x", HOSTILE),)
    )


@pytest.mark.parametrize("name", ["console", "markdown", "junit"])
def test_hostile_text_is_shown_and_does_not_act(name):
    made = text(hostile(), sink(name))
    made.encode("utf-8")
    for char in made:
        assert char == "\n" or char.isprintable() or char == "\ufe0f" or unicodedata.category(char) != "Cc", repr(char)
        assert char not in "\u202e\x1b\x9b\x07\r\u200b\udc80"


@pytest.mark.parametrize("name", list(SINKS))
def test_every_format_takes_hostile_text_and_is_utf_8(name):
    made = text(hostile(), sink(name))
    made.encode("utf-8")
    assert made.endswith("\n")
    assert made == text(hostile(), sink(name))


def test_an_unknown_format_lists_the_known_ones():
    with pytest.raises(UsageError, match="use one of console, json, sarif"):
        sink("yaml")


def test_safe_escapes_what_does_not_print():
    assert safe("a\tb\n\x1b\x9b\u202e\udc80\U000e0041") == "a\\tb\\n\\x1b\\x9b\\u202e\\udc80\\U000e0041"
    assert safe("维族　ёж") == "维族　ёж"


def test_right_to_left_text_is_isolated():
    assert isolate("شعب") == "\u2068شعب\u2069"
    assert plain("a/עם.py") == "\u2068a/עם.py\u2069"
    assert isolate("abc 维族") == "abc 维族"


def test_columns_count_wide_and_combining_characters():
    assert columns("abc") == 3
    assert columns("维族") == 4
    assert columns("e\u0301") == 1
    assert cut("维族人", 5) == "维族…"
    assert cut("abc", 3) == "abc"


def test_wrap_keeps_to_the_width():
    assert wrap("aa bb cc", 5) == ["aa bb", "cc"]
    assert wrap("维族人聚集", 4) == ["维族", "人聚", "集"]
    assert wrap("", 5) == []
    assert wrap("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]


def test_sizes():
    assert [size(n) for n in (1, 2, 1536, 5 << 20, 5 << 30, 5 << 40)] == [
        "1 byte", "2 bytes", "1.5 KiB", "5.0 MiB", "5.0 GiB", "5120.0 GiB",
    ]  # fmt: skip


def test_markdown_in_full():
    assert text(report(BLOCK), markdown.render) == (
        "## untag: blocked\n"
        "\n"
        "exit 1: there are findings that this policy does not let pass.\n"
        "\n"
        "1 finding: 1 block. Scanned 2 files (2<span>&#46;</span>0 KiB): 2 parsed, none unread.\n"
        "\n"
        "### <code>sdk&#46;zip&#33;/face&#46;h</code>\n"
        "\n"
        "🛑 **block**, high confidence, line 3, <code>UT101</code>: infers the ethnicity of pictured people\n"
        "\n"
        "- <code>int EthicCode&#59; // 维族</code>, in English: Uyghur group\n"
        "- in <code>struct FaceObject</code>\n"
        "- +2.5 slot: EthicCode (line 3)\n"
        "- −0.5 benign: a test (line 9)\n"
        "- policy: untag-core 1: no\n"
        "\n"
        "Policy: untag-core (the default)\n"
        "\n"
        "- it leaves out the police.\n"
    )


def test_markdown_stays_inside_a_comment_and_counts_the_rest():
    made = text(report(*(Decision(finding(line=n), "block", "c") for n in range(1, 1000))), markdown.render)
    assert len(made) < 65_536
    assert "Not listed here: " in made
    few = text(report(*(Decision(finding(line=n), "block", "c") for n in range(1, 10))), markdown.render, limit=2)
    assert "Not listed here: 7 block." in few
