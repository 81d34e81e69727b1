"""Which clause of the policy decides, and how to appeal; policies are loaded once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.policy import load_policy
from untag.policy.base import severity

if TYPE_CHECKING:
    from untag.guard.base import Settings
    from untag.policy.base import Policy

APPEAL: Final = (
    "If this is a mistake, write to the operator of this service, with the time and the request's id:"
    " a person will look at it."
)
"""What stands where the operator named no way to appeal."""
SEVERAL: Final = 512


@lru_cache(maxsize=8)
def policy(name: str) -> Policy:
    """Return a policy by its name or path; raises `untag.errors.ConfigError`."""
    return load_policy(name)


@lru_cache(maxsize=SEVERAL)
def decided(name: str, attribute: str, operation: str, acquisition: str = "inferred_from_image") -> tuple[str, str]:
    """Return the action (``block`` … ``exempt``) and the clause of a policy for an attribution."""
    best = ("inform", f"{name} has no rule for this")
    for _, action, clause in policy(name).index.of((attribute, operation, acquisition, "high")):
        if best[1].startswith(name + " has no") or severity(action) > severity(best[0]):
            best = (action, clause)
    return best


def clause(settings: Settings, attribute: str, operation: str, *, refused: bool = False) -> str:
    """Return the clause that decided, and with a refusal how to appeal."""
    text = decided(settings.policy, attribute, operation)[1]
    return f"{text}. {settings.appeal or APPEAL}" if refused else text


def acts(settings: Settings, attribute: str, operation: str) -> bool:
    """Say whether the policy blocks or warns of this at all: what it only informs of is left alone."""
    return severity(decided(settings.policy, attribute, operation)[0]) >= severity("warn")
