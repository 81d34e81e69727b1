"""Keep the attribute out of a running service: a pure core, and thin shells around it.

    from untag.guard import check_prompt, check_request, clean_response

Each takes what it judges and returns a `Verdict`: what was removed or refused, why, and by which clause of the policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from untag.guard.base import Exemption, Reason, Removed, Settings, Verdict
    from untag.guard.core import check_prompt, check_request, clean_response

_HOME = {
    **dict.fromkeys(("check_prompt", "check_request", "clean_response"), "untag.guard.core"),
    **dict.fromkeys(("Exemption", "Reason", "Removed", "Settings", "Verdict"), "untag.guard.base"),
}
__all__ = [
    "Exemption",
    "Reason",
    "Removed",
    "Settings",
    "Verdict",
    "check_prompt",
    "check_request",
    "clean_response",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'untag.guard' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - start-up time is a feature

    return getattr(import_module(_HOME[name]), name)
