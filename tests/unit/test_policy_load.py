"""Packs load strictly, say where they come from, and an empty one is an error."""

import tomllib
from pathlib import Path

import pytest

import untag.policy.load as module
from untag.errors import ConfigError
from untag.model import OPERATIONS
from untag.policy.base import GROUNDS
from untag.policy.load import PACKS, load_layer, load_policy, packs, parse, policies

PACK_FOLDER = Path(module.__file__).parent / "packs"

GOOD = """
id = "mine"
title = "Mine"
level = "prohibit"
leaves_out = ["everything but faces"]
[[source]]
clause = "house rule 1"
verified = "read"
[[rule]]
attributes = ["race"]
operations = ["infers"]
acquisitions = ["inferred_from_image"]
"""


def test_the_registry_and_the_folder_agree():
    assert sorted(PACKS) == sorted(path.stem for path in PACK_FOLDER.iterdir())
    assert len(PACKS) == 20


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_says_where_it_comes_from_and_what_it_leaves_out(name):
    layer = load_layer(name)
    assert layer.id == name
    assert layer.title
    assert layer.leaves_out, "a pack without a gap of its own has not been read closely"
    assert layer.sources
    assert all(source.verified in ("read", "reported") for source in layer.sources)
    for text in layer.leaves_out:
        assert text.endswith("."), text


@pytest.mark.parametrize("name", PACKS)
def test_packs_are_small_enough_to_parse_at_start_up(name):
    assert (PACK_FOLDER / f"{name}.toml").stat().st_size < 5_000


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_a_policy_or_an_overlay(name):
    layer = load_layer(name)
    if layer.overlay:
        with pytest.raises(ConfigError, match="overlays"):
            load_policy(name)
        assert load_policy("untag-core", [name]).info.overlays == (name,)
    else:
        assert load_policy(name).id == name
        assert set(layer.exemptions) >= {"negation", "discussion", "language_or_culture_content"}


def test_the_guidance_that_nobody_read_is_marked():
    texts = " ".join(text for layer in packs() for text in (*layer.leaves_out, *layer.notes))
    assert "(unverified)" in texts
    for layer in packs():
        raw = tomllib.loads((PACK_FOLDER / f"{layer.id}.toml").read_text("utf-8"))
        assert "known" not in {source["verified"] for source in raw["source"]}


def test_the_ai_act_pack_states_its_gaps():
    info = load_policy("eu-ai-act-5-1-g").info
    assert any("law enforcement" in text for text in info.leaves_out)
    assert any("says race, never ethnicity" in text for text in info.leaves_out)


def test_policies_lists_the_default_first():
    listed = policies()
    assert [item.id for item in listed] == list(PACKS)
    assert listed[0].id == "untag-core"
    assert len({item.sha256 for item in listed}) == len(PACKS)


def test_overlays_change_the_digest_and_carry_their_gaps():
    base, both = load_policy("untag-core"), load_policy("untag-core", ["overlay-fairness", "us-il-bipa"])
    assert both.sha256 != base.sha256
    assert both.info.leaves_out[: len(base.info.leaves_out)] == base.info.leaves_out
    assert any(text.startswith("us-il-bipa: ") for text in both.info.leaves_out)


def test_an_unknown_name_lists_the_known_ones_and_the_nearest():
    with pytest.raises(ConfigError) as caught:
        load_policy("untag-cor")
    assert "did you mean untag-core?" in str(caught.value)
    assert "eu-gdpr-9" in str(caught.value)
    with pytest.raises(ConfigError, match="known: untag-core"):
        load_policy("zzzz")


def test_a_policy_named_twice_is_an_error():
    with pytest.raises(ConfigError, match="named twice"):
        load_policy("untag-core", ["eu-gdpr-9", "eu-gdpr-9"])


def test_a_file_is_a_policy(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8")
    assert load_policy(str(path)).id == "mine"
    assert load_policy(path).info.leaves_out == ("everything but faces",)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_policy(str(tmp_path / "none.toml"))


def test_a_shipped_pack_stands_before_a_file_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "untag-core").write_text("nonsense", "utf-8")
    assert load_policy("untag-core").id == "untag-core"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[[rule]]", "[[rules]]"), "unknown key rules; did you mean rule?"),
        (('["race"]', '["rase"]'), "rule 1 attributes has unknown 'rase'; did you mean race?"),
        (('["infers"]', '["infer"]'), "did you mean infers?"),
        (('["race"]', "[]"), "rule 1 attributes must be a list that is not empty"),
        (('["race"]', '"race"'), "rule 1 attributes must be a list of texts"),
        (('"prohibit"', '"forbid"'), "level must be one of prohibit, restrict, inform"),
        (('verified = "read"', 'verified = "known"'), "source 1 verified must be one of read, reported, unverified"),
        (('id = "mine"', 'id = ""'), "id must be a text that is not empty"),
        (('[[source]]\nclause = "house rule 1"\nverified = "read"', ""), "names no source"),
        (('level = "prohibit"', 'level = "prohibit"\noverlay = "yes"'), "overlay must be true or false"),
        (('level = "prohibit"', 'level = "prohibit"\ngrants = ["medical"]'), "only an overlay has grants"),
        (('level = "prohibit"', 'level = "prohibit"\nexemptions = ["medicine"]'), "unknown 'medicine'"),
        (('id = "mine"', "id = mine"), "not valid TOML"),
    ],
)
def test_a_wrong_pack_names_the_pack_and_the_key(change, message):
    with pytest.raises(ConfigError) as caught:
        parse(GOOD.replace(*change).encode(), "mine.toml")
    assert message in str(caught.value)
    assert "mine.toml" in str(caught.value)


def test_an_empty_policy_is_an_error():
    head = GOOD.partition("[[rule]]")[0]
    with pytest.raises(ConfigError, match="no rules, so it would pass everything"):
        parse(head.encode(), "mine.toml")
    with pytest.raises(ConfigError, match="does nothing"):
        parse(head.replace('leaves_out = ["everything but faces"]', "overlay = true").encode(), "mine.toml")


def test_a_ceiling_over_everything_is_an_error():
    text = GOOD + '[[ceiling]]\naction = "inform"\nclause = "all"\n'
    with pytest.raises(ConfigError, match="holds down every finding"):
        parse(text.encode(), "mine.toml")


def test_bytes_that_are_not_utf_8_are_an_error():
    with pytest.raises(ConfigError, match="not UTF-8 at byte"):
        parse(GOOD.encode() + b"\xff", "mine.toml")


def test_interpretation_names_known_attributes():
    text = GOOD + '[attributes_by_interpretation]\nethnicity = { as = "religion", note = "x" }\n'
    with pytest.raises(ConfigError, match="an attribute that a rule of the pack names"):
        parse(text.encode(), "mine.toml")
    with pytest.raises(ConfigError, match="is no attribute"):
        parse(text.replace("ethnicity =", "colour =").encode(), "mine.toml")


def test_actions_come_from_level_action_or_confidence():
    rule = parse(GOOD.encode(), "x").rules[0]
    assert (rule.high, rule.medium, rule.low, rule.clause) == ("block", "warn", "inform", "house rule 1")
    rule = parse((GOOD + 'level = "restrict"\nlow = "exempt"\n').encode(), "x").rules[0]
    assert (rule.high, rule.medium, rule.low) == ("warn", "warn", "exempt")
    rule = parse((GOOD + 'action = "inform"\n').encode(), "x").rules[0]
    assert (rule.high, rule.medium, rule.low) == ("inform", "inform", "inform")


def test_every_exemption_forbids_only_known_operations():
    assert {operation for forbidden in GROUNDS.values() for operation in forbidden} <= set(OPERATIONS)
