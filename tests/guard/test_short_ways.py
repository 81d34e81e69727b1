"""What is kept or searched at once in the guard comes to what is done piece by piece."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from untag.guard import marks
from untag.guard.base import Reason, Removed, Verdict
from untag.guard.log import DecisionLog, verify

MIDDLE = st.lists(
    st.one_of(
        st.sampled_from(marks.PICTURES),
        st.sampled_from((b'"prompt" :', b'"x_query":', b'"name":"QUERY"', b'"Text":', b'"NAME":"query"', b'"q"', b":")),
        st.binary(max_size=8),
        st.just(b"\n "),
    ),
    max_size=6,
).map(b"".join)


@settings(deadline=None)
@given(MIDDLE)
def test_one_search_for_the_signs_says_what_two_said(body):
    slow = any(mark in body for mark in marks.PICTURES), re.search(marks.PROMPTED, body) is not None
    assert marks.signs(body) == slow
    assert marks.pictures(body) == slow[0]


def test_the_words_of_a_decision_are_kept_and_never_mixed_up(tmp_path):
    why, out = (Reason("slot", "x", 1.0),), (Removed("/a", "race", "field"),)
    with DecisionLog(tmp_path / "a.jsonl", key=b"k") as log:
        for operation in ("infers", "stores"):
            for fault in ("", "log"):
                for _ in range(2):
                    verdict = Verdict("strip", operation, "race", why, "c", out, b"{}")
                    log.decided("response", verdict, route="/v1/x?y=1", body=b"b", mode="enforce", fault=fault)
        for number in range(600):
            one = Verdict("refuse", "searches", "race", (Reason(f"kind {number}", "x"),), "c")
            log.decided("request", one, route="/v1/x", body=b"", mode="enforce")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()][1:]
    assert [(r["operation"], r["verdict"], r.get("fault")) for r in rows[:8]] == [
        (operation, verdict, fault)
        for operation in ("infers", "stores")
        for verdict, fault in (("strip", None), ("strip", None), ("fail", "log"), ("fail", "log"))
    ]
    assert [r["because"] for r in rows[8:]] == [[f"kind {number}"] for number in range(600)]
    assert {r["route"] for r in rows} == {"/v1/x"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", r["time"]) for r in rows)
    assert list(rows[0])[:4] == ["n", "time", "kind", "verdict"]
    assert list(rows[0])[-4:] == ["digest", "mode", "prev", "hash"]
    assert not verify([tmp_path / "a.jsonl"]).fault
