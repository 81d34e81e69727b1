"""What becomes of a message, and a message whose judgement takes a while."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError, UntagError
from untag.guard.base import ALLOW, Verdict
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.gate import Gate

LARGE: Final = 16_384
"""Bytes of a body above which a full judgement, some 500 µs a kB, would keep others waiting."""
HUGE: Final = 1 << 20
"""Bytes above which even the search for candidates, half a ms a MB and more, is not made in between."""
PACKED: Final = 2_048
"""The same for a body in a content coding."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a shell does with a message."""

    action: str
    """``pass`` (as it came), ``change`` (with ``body`` or ``query``), ``refuse`` or ``fail`` (answer ``problem``)."""
    verdict: Verdict = ALLOW
    body: bytes | None = None
    """The new body in the encoding that ``encoding`` names; None: the old one stands."""
    encoding: str = ""
    query: str | None = None
    status: int = 0
    problem: bytes = b""


PASS: Final = Outcome("pass")
LET: Final = Outcome("pass", encoding="unjudged")
"""Passed unjudged, because the owner chose so."""


ASKED: Final = (b"messages", b"prompt", b"text", b"query", b"question", b"instruction", b"input", b"content")
"""Parts of the names under which services are asked in words."""


def _asks_the_encoder(body: bytes) -> bool:
    """Whether a request may be put to the encoder, which takes tens of milliseconds: where it is installed."""
    if not any(name in body for name in ASKED):
        return False
    from untag.guard.prompts import sense  # noqa: PLC0415 - most requests ask nothing in words

    return sense.there()


class Case:
    """A message whose judgement takes a while. ``judged`` may run in any thread, all else runs where the gate does."""

    __slots__ = ("_body", "_encoding", "_gate", "_judge", "_key", "_kind", "_route", "_took", "long")

    def __init__(
        self,
        gate: Gate,
        kind: str,
        route: str,
        body: bytes,
        encoding: str,
        judge: Callable[[], Verdict],
        key: tuple[str, str, str] | None = None,
    ) -> None:
        self._gate = gate
        self._kind = kind
        self._route = route
        self._body = body
        self._encoding = encoding
        self._judge = judge
        self._key = key
        """Under what to remember that it was let through."""
        self._took = 0.0
        self.long = len(body) > (PACKED if encoding else LARGE) or (kind == "request" and _asks_the_encoder(body))
        """Whether it may take so long that others should not have to wait for it."""

    def judged(self) -> Verdict | Exception:
        """Return the verdict, or what went wrong."""
        begun = time.perf_counter()
        try:
            return self._judge()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong inside, nothing unjudged may pass
            return error
        finally:
            self._took = time.perf_counter() - begun

    def ruled(self, found: Verdict | Exception) -> Outcome:
        """Write down what was found, and return what becomes of the message."""
        gate = self._gate
        if isinstance(found, Exception):
            reason = "unreadable" if isinstance(found, UntagError) else "internal"
            detail = found.detail if isinstance(found, ReadError) else ""
            return gate.failed(self._kind, self._route, reason, body=self._body, detail=detail)
        gate.metrics.took(self._took)
        outcome = gate.ruled(self._kind, self._route, self._body, self._encoding, found)
        if outcome is PASS and self._key is not None:
            gate.remember(self._key)
        return outcome

    def outcome(self) -> Outcome:
        """Judge it here and now."""
        return self.ruled(self.judged())
