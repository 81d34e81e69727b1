"""Shapes of real products, and documents of many trades: what attributes a group goes, and nothing else does."""

import pytest

from untag.guard import answers, base, core, payload, sift

from . import payloads, trade_payloads, vendor_payloads


@pytest.mark.parametrize("case", vendor_payloads.DIRTY_RESPONSES, ids=lambda c: str(c[:2])[:70])
def test_what_a_product_says_of_a_group_is_gone(case):
    path, body, kind = payloads.row((*case[:2], *case[3:]))
    core.PLANS.clear()
    verdict = core.clean_response(body, kind, path=path)
    assert verdict.verdict == "strip", verdict
    left = [word for word in case[2] if word in verdict.body.decode()]
    assert not left, verdict.body.decode()
    assert core.clean_response(verdict.body, kind, path=path).verdict == "allow", "cleaning twice changes nothing"


@pytest.mark.parametrize("case", trade_payloads.DIRTY_RESPONSES, ids=lambda c: str(c[:2])[:70])
def test_what_attributes_a_group_is_stripped(case):
    path, body, kind = payloads.row(case)
    core.PLANS.clear()
    assert core.clean_response(body, kind, path=path).verdict == "strip"


@pytest.mark.parametrize(
    "case", [*vendor_payloads.DIRTY_REQUESTS, *trade_payloads.TARGETING], ids=lambda c: str(c[:2])[:70]
)
def test_a_request_by_group_does_not_pass(case):
    path, body, kind = payloads.row(case)
    assert core.check_request(body, kind, path).verdict != "allow"


@pytest.mark.parametrize(
    "case", [*vendor_payloads.CLEAN_RESPONSES, *trade_payloads.NEUTRAL_RESPONSES], ids=lambda c: str(c[:2])[:70]
)
def test_a_document_of_another_trade_passes(case):
    path, body, kind = payloads.row(case)
    core.PLANS.clear()
    verdict = core.clean_response(body, kind, path=path)
    assert verdict is base.ALLOW, (verdict.removed, verdict.because)


@pytest.mark.parametrize(
    "case", [*vendor_payloads.CLEAN_REQUESTS, *trade_payloads.NEUTRAL_REQUESTS], ids=lambda c: str(c[:2])[:70]
)
def test_a_request_of_another_trade_passes(case):
    path, body, kind = payloads.row(case)
    verdict = core.check_request(body, kind, path)
    assert verdict is base.ALLOW, verdict


@pytest.mark.parametrize("name", ["PLANTED_RESPONSES", "MORE_PLANTED", "NEUTRAL_RESPONSES", "MORE_NEUTRAL_RESPONSES"])
def test_the_prefilter_hides_nothing_from_the_judgement(name):
    """Where the prefilter says what to look at, the same is found as where everything is looked at."""
    acts = core.acted(core.DEFAULTS)
    for case in getattr(payloads, name):
        rest = case[3:] if name == "PLANTED_RESPONSES" else case[2:]
        path, body, kind = payloads.row((*case[:2], *rest))
        hits = sift.candidates(body)
        document = payload.read(body, kind)
        if not hits or document is None or len(document.text) != len(body) or sift.has_disguise(body):
            continue
        found = [answers.clean(document, path, images=False, hits=h, acts=acts) for h in (hits, None)]
        routes = [sorted({r.route for r in f.removed}) if f else [] for f in found]
        assert routes[0] == routes[1], case
