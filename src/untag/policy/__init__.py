"""What becomes of a finding: packs of rules, waivers, the baseline; most names are loaded when they are asked for."""

from __future__ import annotations

from untag.policy.decide import decide, status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from untag.policy.base import Policy
    from untag.policy.baseline import Baseline, load_baseline
    from untag.policy.load import load_policy, packs, policies
    from untag.policy.waivers import Waiver, parse_inline, parse_waivers, review

_HOME = {
    "Policy": "base",
    **dict.fromkeys(("Baseline", "load_baseline"), "baseline"),
    **dict.fromkeys(("load_policy", "packs", "policies"), "load"),
    **dict.fromkeys(("Waiver", "parse_inline", "parse_waivers", "review"), "waivers"),
}

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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'untag.policy' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - start-up time is a feature

    return getattr(import_module(f"untag.policy.{_HOME[name]}"), name)
