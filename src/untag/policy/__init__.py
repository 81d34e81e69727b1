"""What becomes of a finding: packs of rules, waivers and the baseline."""

from untag.policy.base import Policy
from untag.policy.baseline import Baseline, load_baseline
from untag.policy.decide import decide, status
from untag.policy.load import load_policy, packs, policies
from untag.policy.waivers import Waiver, parse_inline, parse_waivers, review

__all__ = [
    "Baseline",
    "Policy",
    "Waiver",
    "decide",
    "load_baseline",
    "load_policy",
    "packs",
    "parse_inline",
    "parse_waivers",
    "policies",
    "review",
    "status",
]
