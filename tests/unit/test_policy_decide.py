"""What becomes of a finding: rules, exemptions, overlays, ceilings, baseline, waivers, and the status."""

from datetime import date

import pytest

from untag.errors import UsageError
from untag.model import ATTRIBUTES, CONFIDENCES, Coverage, Decision, Finding, Gap
from untag.policy import Waiver, decide, load_policy, status
from untag.policy.base import severity
from untag.policy.load import packs, parse

TODAY = date(2026, 11, 22)
CORE = load_policy()
GAP = Gap(("x.zip",), "encrypted", "needs a password")


def finding(**changes):
    values = {
        "rule": "UT101",
        "attribute": "ethnicity",
        "operation": "infers",
        "acquisition": "inferred_from_image",
        "groups": (),
        "confidence": "high",
        "trail": ("src/face.h",),
        "route": ("struct FaceObject",),
        "line": 3,
        "end_line": 3,
        "term": "EthicCode",
        "excerpt": "int EthicCode;",
        "gloss": "",
        "message": "stores ethnicity",
        "because": (),
        "fingerprint": "0123456789abcdef",
    }
    return Finding(**{**values, **changes})


def action(policy=CORE, **changes):
    return decide(finding(**changes), policy, (), (), TODAY).action


@pytest.mark.parametrize(("confidence", "wanted"), [("high", "block"), ("medium", "warn"), ("low", "inform")])
@pytest.mark.parametrize(
    "operation", ["infers", "searches", "alerts", "stores", "labels", "prompts", "trains", "exports", "documents"]
)
@pytest.mark.parametrize("acquisition", ["inferred_from_image", "third_party_perceived", "dataset_label", "unknown"])
def test_core_acts_by_confidence(operation, acquisition, confidence, wanted):
    assert action(operation=operation, acquisition=acquisition, confidence=confidence) == wanted


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"operation": "audits", "exemptions": ("fairness_evaluation",)}, "exempt"),
        ({"operation": "audits"}, "inform"),
        ({"operation": "prohibits"}, "exempt"),
        ({"operation": "mentions"}, "inform"),
        ({"operation": "mentions", "exemptions": ("discussion",)}, "exempt"),
        ({"operation": "declared", "acquisition": "self_reported"}, "inform"),
        ({"operation": "declared", "acquisition": "self_reported", "exemptions": ("self_identification",)}, "exempt"),
        ({"operation": "stores", "acquisition": "document"}, "inform"),
        ({"operation": "searches", "acquisition": "document"}, "warn"),
        ({"operation": "searches", "acquisition": "document", "exemptions": ("document_field",)}, "warn"),
        ({"operation": "stores", "acquisition": "document", "exemptions": ("document_field",)}, "exempt"),
        ({"attribute": "nationality"}, "warn"),
        ({"attribute": "nationality", "operation": "stores", "acquisition": "document"}, "warn"),
        (
            {
                "attribute": "nationality",
                "operation": "stores",
                "acquisition": "document",
                "exemptions": ("document_field",),
            },
            "exempt",
        ),
        ({"exemptions": ("name_not_picture",)}, "inform"),
        ({"exemptions": ("a_ground_of_the_future",)}, "block"),
        ({"operation": "labels", "exemptions": ("dataset_labelling_lawful",)}, "exempt"),
        ({"operation": "trains", "exemptions": ("dataset_labelling_lawful",)}, "block"),
        ({"attribute": "skin_tone", "operation": "infers", "exemptions": ("medical",)}, "exempt"),
        ({"attribute": "skin_tone", "operation": "searches", "exemptions": ("medical",)}, "block"),
        ({"exemptions": ("ancillary_feature",)}, "block"),
    ],
)
def test_core_exempts_what_its_grounds_allow_and_no_more(changes, wanted):
    assert action(**changes) == wanted


@pytest.mark.parametrize("operation", ["alerts", "searches", "exports"])
def test_an_alarm_is_no_bias_audit(operation):
    assert action(operation=operation, exemptions=("fairness_evaluation",)) == "block"


def test_an_exempt_finding_says_why():
    made = decide(finding(operation="prohibits"), CORE, (), (), TODAY)
    assert made.clause == "untag-core exemption negation: it prohibits or removes the practice"
    assert made.waiver == ""


def test_the_ai_act_reads_ethnicity_as_race_and_says_so():
    policy = load_policy("eu-ai-act-5-1-g")
    made = decide(finding(), policy, (), (), TODAY)
    assert made.action == "block"
    assert "by interpretation: the point says race" in made.clause
    assert action(policy, attribute="race") == "block"
    assert action(policy, attribute="race", acquisition="unknown") == "warn"


def test_what_a_law_does_not_name_informs_with_its_note():
    policy = load_policy("eu-ai-act-5-1-g")
    made = decide(finding(attribute="caste"), policy, (), (), TODAY)
    assert (made.action, made.clause) == ("inform", "eu-ai-act-5-1-g has no rule for this: caste is not listed")
    made = decide(finding(attribute="migrant_status"), policy, (), (), TODAY)
    assert made.action == "inform"
    assert "has no rule for this: infers migrant_status" in made.clause


def test_core_is_stricter_than_every_pack_that_ships():
    for layer in packs():
        if layer.overlay:
            continue
        policy = load_policy(layer.id)
        for attribute in ATTRIBUTES:
            for operation in ("infers", "searches", "alerts", "stores", "labels", "prompts", "trains", "exports"):
                for confidence in CONFIDENCES:
                    changes = {"attribute": attribute, "operation": operation, "confidence": confidence}
                    for acquisition in ("inferred_from_image", "third_party_perceived"):
                        changes["acquisition"] = acquisition
                        mine, theirs = action(CORE, **changes), action(policy, **changes)
                        assert severity(mine) >= severity(theirs), (layer.id, changes)


def test_the_strictest_layer_wins():
    law = load_policy("eu-gdpr-9")
    assert action(law) == "warn"
    assert action(load_policy("eu-gdpr-9", ["eu-ai-act-5-1-g"])) == "block"
    assert action(load_policy("untag-core", ["eu-gdpr-9"])) == "block"


def test_a_layer_exempts_from_its_own_rules_only():
    both = load_policy("untag-core", ["promise-alibaba-2020"])
    changes = {"operation": "stores", "exemptions": ("fairness_evaluation",)}
    assert action(CORE, **changes) == "exempt"
    assert action(both, **changes) == "block"


def test_an_overlay_that_grants_overrules_the_strictest_layer():
    granted = load_policy("untag-core", ["promise-alibaba-2020", "overlay-fairness"])
    assert action(granted, operation="stores", exemptions=("fairness_evaluation",)) == "exempt"
    assert action(granted, operation="stores") == "block"
    assert action(granted, operation="alerts", exemptions=("fairness_evaluation",)) == "block"


def test_an_overlay_of_notes_changes_no_decision():
    for name in ("us-il-bipa", "us-entity-list", "cn-frt-2025", "vendor-google-2020"):
        assert action(load_policy("untag-core", [name])) == "block"


def test_a_mention_never_blocks_whatever_a_pack_says(tmp_path):
    path = tmp_path / "strict.toml"
    path.write_text(
        'id="strict"\ntitle="s"\nlevel="prohibit"\n[[source]]\nclause="s"\nverified="read"\n'
        '[[rule]]\nattributes=["ethnicity"]\noperations=["mentions","declared"]\nacquisitions=["inferred_from_image"]\n'
    )
    policy = load_policy(path)
    assert action(policy, operation="mentions") == "inform"
    assert action(policy, operation="declared") == "block"


def test_a_ceiling_holds_a_rule_down(tmp_path):
    path = tmp_path / "calm.toml"
    path.write_text(
        'id="calm"\ntitle="s"\nlevel="prohibit"\n[[source]]\nclause="s"\nverified="read"\n'
        '[[rule]]\nattributes=["ethnicity"]\noperations=["infers"]\nacquisitions=["inferred_from_image"]\n'
        '[[ceiling]]\naction="warn"\nclause="not yet"\nrules=["UT1*"]\n'
    )
    policy = load_policy(path)
    assert decide(finding(), policy, (), (), TODAY).clause == "not yet"
    assert action(policy, rule="UT201") == "block"
    assert parse(path.read_bytes(), "x").ceilings[0].action == "warn"


def test_baseline_and_waiver_exempt_and_say_what_they_hide():
    made = decide(finding(), CORE, (), {"0123456789abcdef"}, TODAY)
    assert (made.action, made.waiver) == ("exempt", "baseline")
    assert made.clause.startswith("baseline; otherwise block: untag-core 1")
    waiver = Waiver("jane", "gone in January", date(2027, 1, 31), "untag.toml waiver 1", rule="UT101")
    made = decide(finding(), CORE, (waiver,), (), TODAY)
    assert (made.action, made.waiver) == ("exempt", "gone in January")
    assert "waiver by jane until 2027-01-31 (untag.toml waiver 1)" in made.clause
    assert "otherwise block" in made.clause


def test_an_expired_waiver_blocks():
    waiver = Waiver("jane", "gone in January", date(2026, 11, 21), "w", rule="UT101")
    assert decide(finding(), CORE, (waiver,), (), TODAY).action == "block"
    assert decide(finding(), CORE, (waiver,), (), date(2026, 11, 21)).action == "exempt"


def test_the_policy_exempts_before_the_waiver_does():
    waiver = Waiver("jane", "r", date(2027, 1, 31), "w", rule="UT101")
    assert decide(finding(operation="prohibits"), CORE, (waiver,), ("0123456789abcdef",), TODAY).waiver == ""


READ = Coverage(files=1, size=1, parsed=1)


@pytest.mark.parametrize(
    ("actions", "gaps", "coverage", "fail_on", "wanted"),
    [
        ((), (), READ, "block", "clean"),
        (("warn", "inform", "exempt"), (), READ, "block", "clean"),
        (("warn",), (), READ, "warn", "blocked"),
        (("inform",), (), READ, "inform", "blocked"),
        (("exempt",), (), READ, "inform", "clean"),
        (("block",), (GAP,), READ, "block", "blocked"),
        (("warn",), (GAP,), READ, "block", "incomplete"),
        ((), (), Coverage(files=2, parsed=1, unread=1), "block", "incomplete"),
        ((), (), Coverage(), "block", "incomplete"),
        ((), (), Coverage(files=3, opaque=3), "block", "incomplete"),
        ((), (), Coverage(files=1, bytes=1), "block", "clean"),
    ],
)
def test_status(actions, gaps, coverage, fail_on, wanted):
    decisions = [Decision(finding(), item, "") for item in actions]
    assert status(decisions, gaps, coverage, fail_on) == wanted


def test_status_refuses_an_unknown_threshold():
    with pytest.raises(UsageError, match="--fail-on"):
        status((), (), READ, "exempt")
