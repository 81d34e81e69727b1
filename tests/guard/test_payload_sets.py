"""The two sets: neutral documents pass as they came, planted attributes are always gone."""

import json

import pytest

from untag.guard import base, core

from . import payloads


@pytest.mark.parametrize("case", payloads.NEUTRAL_RESPONSES, ids=lambda c: str(c[1])[:60])
def test_a_neutral_response_passes(case):
    path, body, kind = payloads.row(case)
    verdict = core.clean_response(body, kind, path=path)
    assert verdict.verdict == "allow", (verdict.removed, verdict.because)
    assert verdict.body is None


@pytest.mark.parametrize("case", payloads.PLANTED_RESPONSES, ids=lambda c: str(c[1])[:60])
def test_a_planted_attribute_is_gone(case):
    gone = case[2]
    path, body, kind = payloads.row((case[0], case[1], *case[3:]))
    verdict = core.clean_response(body, kind, path=path)
    assert verdict.verdict == "strip", verdict
    assert all((verdict.attribute, verdict.removed, verdict.because, verdict.clause))
    text = verdict.body.decode()
    if kind == payloads.JSON and not text.count("\n") > 0:
        text = json.dumps(json.loads(text), ensure_ascii=False)
    left = [word for word in gone if word in text.replace("interface", "")]
    assert not left, text
    again = core.clean_response(verdict.body, kind, path=path)
    assert again.verdict == "allow", "cleaning twice changes nothing"
    said = " ".join(r.text for r in verdict.because)
    values = [w for w in ("asian", "Uyghur", "维吾尔", "Kazakh", "Roma") if w in gone]
    assert not [w for w in values if w in said], "a reason quotes a value about a person"


@pytest.mark.parametrize("case", payloads.NEUTRAL_REQUESTS, ids=lambda c: str(c[:2])[:70])
def test_a_neutral_request_passes(case):
    path, body, kind = payloads.row(case)
    verdict = core.check_request(body, kind, path)
    assert verdict == base.ALLOW, verdict


@pytest.mark.parametrize("case", payloads.TARGETING_REQUESTS, ids=lambda c: str(c[:2])[:70])
def test_a_targeting_request_is_refused(case):
    path, body, kind = payloads.row(case[:2])
    verdict = core.check_request(body, kind, path)
    assert verdict.verdict == "refuse", verdict
    assert verdict.operation == case[2]
    assert all((verdict.attribute, verdict.because))
    assert "mistake" in verdict.clause, "a refusal says how to appeal"


@pytest.mark.parametrize("case", payloads.ASKING_REQUESTS, ids=lambda c: str(c[:2])[:70])
def test_an_attribute_that_is_asked_for_is_taken_out(case):
    gone, stays = case[2], case[3]
    path, body, kind = payloads.row((case[0], case[1], *case[4:]))
    verdict = core.check_request(body, kind, path)
    assert verdict.verdict == "strip", verdict
    new = (verdict.body or b"").decode("utf-8", "replace") + (verdict.query or "")
    assert not [word for word in gone if word in new], new
    assert not [word for word in stays if word not in new], new
    path = path.partition("?")[0]
    again = core.check_request(verdict.body or body, kind, path, verdict.query or "")
    assert again == base.ALLOW
    refused = core.check_request(body, kind, case[0], settings=base.Settings(parameters="refuse"))
    assert refused.verdict == "refuse"
    assert refused.body is None


@pytest.mark.parametrize("case", payloads.MORE_NEUTRAL_RESPONSES, ids=lambda c: str(c[1])[:60])
def test_another_neutral_response_passes(case):
    path, body, kind = payloads.row(case)
    assert core.clean_response(body, kind, path=path).verdict == "allow"


@pytest.mark.parametrize("case", payloads.MORE_PLANTED, ids=lambda c: str(c[1])[:60])
def test_another_planted_attribute_is_gone(case):
    path, body, kind = payloads.row(case)
    verdict = core.clean_response(body, kind, path=path, request="chat" in path)
    assert verdict.verdict == "strip"
    assert core.clean_response(verdict.body, kind, path=path, request="chat" in path).verdict == "allow"


@pytest.mark.parametrize("case", payloads.MORE_NEUTRAL_REQUESTS, ids=lambda c: str(c)[:70])
def test_another_neutral_request_passes(case):
    path, body, kind = payloads.row(case)
    assert core.check_request(body, kind, path) == base.ALLOW


@pytest.mark.parametrize("case", payloads.MORE_TARGETING, ids=lambda c: str(c)[:70])
def test_another_targeting_request_is_not_let_pass(case):
    path, body, kind = payloads.row(case)
    assert core.check_request(body, kind, path).verdict != "allow"


def test_the_sets_are_large_enough():
    assert len(payloads.NEUTRAL_RESPONSES) + len(payloads.NEUTRAL_REQUESTS) >= 150
    planted = (payloads.PLANTED_RESPONSES, payloads.TARGETING_REQUESTS, payloads.ASKING_REQUESTS)
    assert sum(map(len, planted)) >= 150
