"""Laws of the policy: strictness, exemptions and waivers, over findings that hypothesis makes up."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from untag.model import ACQUISITIONS, ACTIONS, ATTRIBUTES, CONFIDENCES, OPERATIONS, Coverage, Finding, Gap
from untag.policy import Waiver, decide, load_policy, parse_inline, status
from untag.policy.base import GROUNDS, severity
from untag.policy.load import PACKS, load_layer

TODAY = date(2026, 11, 22)
BASES = [name for name in PACKS if not load_layer(name).overlay]
GRANTING = [name for name in PACKS if load_layer(name).grants]
LOADED = {name: load_policy(name) for name in BASES}

FINDING = st.builds(
    Finding,
    rule=st.sampled_from(["UT101", "UT201", "UT901"]),
    attribute=st.sampled_from(ATTRIBUTES),
    operation=st.sampled_from(OPERATIONS),
    acquisition=st.sampled_from(ACQUISITIONS),
    groups=st.just(()),
    confidence=st.sampled_from(CONFIDENCES),
    trail=st.just(("src/a.py",)),
    route=st.just(()),
    line=st.integers(1, 9),
    end_line=st.just(9),
    term=st.just("t"),
    excerpt=st.just("e"),
    gloss=st.just(""),
    message=st.just("m"),
    because=st.just(()),
    fingerprint=st.sampled_from(["a", "b"]),
    also=st.just(()),
    exemptions=st.lists(st.sampled_from([*GROUNDS, "other"]), max_size=2, unique=True).map(tuple),
)
BASE = st.sampled_from(BASES)


def act(finding, policy):
    return decide(finding, policy, (), (), TODAY).action


@given(FINDING, BASE)
def test_every_finding_gets_a_decision_with_a_clause(finding, base):
    made = decide(finding, LOADED[base], (), (), TODAY)
    assert made.action in ACTIONS
    assert made.clause
    assert made.finding is finding


@given(FINDING, BASE, BASE)
def test_an_overlay_without_a_grant_never_weakens(finding, base, extra):
    if base == extra:
        return
    both = load_policy(base, [extra])
    if both.index.of((finding.attribute, finding.operation, finding.acquisition, finding.confidence)):
        alone = LOADED[base]
        key = (finding.attribute, finding.operation, finding.acquisition, finding.confidence)
        if alone.index.of(key) and not any(c for layer in both.layers for c in layer.ceilings):
            assert severity(act(finding, both)) >= severity(act(finding, alone))


@given(FINDING, BASE)
def test_less_confidence_is_never_stricter(finding, base):
    policy = LOADED[base]
    found = [
        severity(act(Finding(**{**{k: getattr(finding, k) for k in Finding.__slots__}, "confidence": c}), policy))
        for c in CONFIDENCES
    ]
    assert found == sorted(found, reverse=True)


@given(FINDING, BASE)
def test_a_ground_never_makes_it_stricter(finding, base):
    bare = Finding(**{**{k: getattr(finding, k) for k in Finding.__slots__}, "exemptions": ()})
    assert severity(act(finding, LOADED[base])) <= severity(act(bare, LOADED[base]))


@given(FINDING, BASE, st.sampled_from(GRANTING))
def test_no_grant_exempts_what_its_ground_forbids(finding, base, overlay):
    policy = load_policy(base, [overlay])
    forbidden = all(
        ground not in GROUNDS or finding.operation in GROUNDS[ground] or ground not in policy.grants
        for ground in finding.exemptions
    )
    if forbidden and finding.operation != "prohibits":
        assert act(finding, policy) == act(finding, LOADED[base])


@given(FINDING, BASE)
def test_what_never_blocks_by_default(finding, base):
    if finding.operation in ("declared", "audits", "mentions", "prohibits"):
        assert act(finding, LOADED[base]) in ("inform", "exempt")


@given(FINDING, BASE, st.integers(-400, 400))
def test_a_waiver_counts_to_its_last_day(finding, base, days):
    policy = LOADED[base]
    end = TODAY + timedelta(days=days)
    waiver = Waiver("jane", "r", end, "w", rule=finding.rule)
    made = decide(finding, policy, (waiver,), (), TODAY)
    if days >= 0:
        assert made.action == "exempt"
    else:
        assert made == decide(finding, policy, (), (), TODAY)


@given(FINDING, BASE, st.booleans(), st.sampled_from(["block", "warn", "inform"]))
def test_blocked_wins_over_incomplete_and_nothing_unread_is_clean(finding, base, gap, fail_on):
    made = decide(finding, LOADED[base], (), (), TODAY)
    gaps = (Gap(("x",), "corrupt", ""),) if gap else ()
    found = status([made], gaps, Coverage(1, 1, 1), fail_on)
    if severity(made.action) >= severity(fail_on):
        assert found == "blocked"
    else:
        assert found == ("incomplete" if gap else "clean")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_line_parses_or_is_refused(before, after):
    for line in (before, f"{before} untag: allow {after}"):
        made = parse_inline(line, ("a",), 1)
        assert made is None or hasattr(made, "kind") or made.reason


@given(st.text(st.characters(exclude_characters='"\r\n', exclude_categories=("Cs",)), min_size=1).filter(str.strip))
def test_an_inline_reason_is_kept_as_it_stands(reason):
    made = parse_inline(f'# untag: allow UT101 reason="{reason}" owner=j expires=2027-01-31', ("a",), 1)
    assert isinstance(made, Waiver)
    assert made.reason == reason
