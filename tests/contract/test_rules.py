"""Every rule proves itself on its own examples, through the whole pipeline."""

import pytest

from untag import scan
from untag.interpret.rules import CATALOGUE, RULES, SPARED

HITS = [pytest.param(r, *hit, id=f"{r.id}-{n}") for r in CATALOGUE.values() for n, hit in enumerate(r.hits)]
MISSES = [pytest.param(r, *miss, id=f"{r.id}-{n}") for r in CATALOGUE.values() for n, miss in enumerate(r.misses)]
HARD = ("block", "warn")


def decisions(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return scan(str(tmp_path), jobs=1).decisions


@pytest.mark.parametrize(("rule", "name", "text"), HITS)
def test_hits(tmp_path, rule, name, text):
    found = decisions(tmp_path, name, text)
    shown = [(d.finding.rule, d.action, d.finding.operation, d.finding.line, d.finding.excerpt) for d in found]
    mine = [d for d in found if d.finding.rule == rule.id]
    assert mine, shown
    if rule in RULES:
        assert any(d.action in HARD for d in mine), shown
    else:
        assert all(d.action not in HARD for d in mine), shown


@pytest.mark.parametrize(("rule", "name", "text"), MISSES)
def test_misses(tmp_path, rule, name, text):
    """In a miss no rule warns, not only the rule whose example it is."""
    found = [(d.finding.rule, d.action, d.finding.line, d.finding.excerpt) for d in decisions(tmp_path, name, text)]
    assert not [row for row in found if row[1] in HARD]


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda r: r.id)
def test_a_rule_is_documented(rule):
    page = rule.page()
    assert page.endswith((".", "`", ")")), "a page ends with a sentence"
    assert rule.summary().count(".") >= 1
    assert len(rule.summary()) <= 200, "the first paragraph is one or two sentences: it stands in lists"
    assert rule.id.startswith("UT")
    assert rule.name == rule.name.lower().replace(" ", "-")


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_that_may_block_has_examples(rule):
    assert rule.hits


def test_spared_rules_never_block_under_the_default_policy():
    from untag.model import ACQUISITIONS, ATTRIBUTES
    from untag.policy.load import load_policy

    core = load_policy()
    spared = {r.operation for r in SPARED} & {"prohibits", "audits", "declared", "mentions"}
    assert spared
    for operation in spared:
        for attribute in ATTRIBUTES:
            for acquisition in ACQUISITIONS:
                for confidence in ("high", "medium", "low"):
                    rows = core.index.of((attribute, operation, acquisition, confidence))
                    assert all(action not in HARD for _, action, _ in rows)
