"""The nouns of the guard: what is judged, what came of it, and why. No I/O, no framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VERDICTS: Final = ("allow", "strip", "refuse")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against a verdict; the kinds are those of `untag.model.Evidence`."""

    kind: str
    text: str
    """As few words as will do; never a value about a person, never the user's own sentence."""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that was taken out of a body."""

    route: str
    """Where it stood, as a JSON pointer, an XML path or the name of a parameter: never its value."""
    attribute: str
    what: str
    """``field``, ``item``, ``parameter``, ``tensor``, ``sentence`` …"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard decided of one prompt, request or response."""

    verdict: str
    """One of `VERDICTS`; for ``strip``, ``body``/``query`` hold what goes on instead."""
    operation: str = ""
    """One of `untag.model.OPERATIONS` that was asked for or done, else empty."""
    attribute: str = ""
    because: tuple[Reason, ...] = ()
    clause: str = ""
    """The policy clause that decided, and with a refusal how to appeal."""
    removed: tuple[Removed, ...] = ()
    body: bytes | None = None
    """The new body, where one was changed; None: the old bytes go on untouched."""
    query: str | None = None
    """The new query string, where one was changed."""
    exemption: str = ""
    """The id of the declared bias audit or other exemption that let it pass, else empty."""
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that must change with the body, beside its length: ``Inference-Header-Content-Length``."""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"unknown verdict {self.verdict!r}; use one of {', '.join(VERDICTS)}")


ALLOW: Final = Verdict("allow")


@dataclass(frozen=True, slots=True)
class Exemption:
    """A declared bias audit or another lawful purpose; it ends, and it has an owner."""

    id: str
    owner: str
    purpose: str
    expires: date
    routes: tuple[str, ...] = ()
    """Shell patterns over the request path; empty matches none: an exemption names its routes."""
    attributes: tuple[str, ...] = ()
    """Empty: all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the owner of the guarded service chose; made by `untag.guard.settings` from ``[guard]`` in untag.toml."""

    policy: str = "untag-core"
    parameters: str = "strip"
    """``strip`` or ``refuse``: what becomes of ``face_field=age,race``."""
    appeal: str = ""
    """How to appeal, in the operator's words: an address or a page. Empty gives a general sentence."""
    exemptions: tuple[Exemption, ...] = ()
    overrides: Mapping[str, str] | None = None
    """Route pattern → ``off``: routes that are never judged; listed in the log and in `/metrics`."""
    body_cap: int = 32 << 20
    """Bytes of a body, unpacked, that are judged; more is refused unless ``over_cap`` says ``pass``."""
    over_cap: str = "refuse"
    """``refuse`` or ``pass``: what becomes of a body that is larger than `body_cap`."""
    mode: str = "enforce"
    """``enforce`` or ``observe``."""
    fail: str = "closed"
    """``closed`` or ``open``: what becomes of what cannot be judged."""
    encoder: str = "auto"
    """``auto``: the second stage where its extra is installed; ``off``; ``required``."""
