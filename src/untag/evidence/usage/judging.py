"""What a call asked for and what it received, by the judgement of the guard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard import check_request, clean_response
from untag.guard.base import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.evidence.usage.calls import Call
    from untag.guard.base import Verdict

KEPT: Final = 50_000
"""Judgements that are remembered: calls of one client repeat but for their numbers."""
NUMBERS: Final = re.compile(rb"(\d{2})\d{4,}|\d+")
"""Numbers do not change a judgement, but for the first digits of a long one: a place of registration."""
LONG: Final = re.compile(rb"\d{6}")
ZEROS: Final = re.compile(rb"00+")
DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
NOISE: Final = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}|[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,}){0,4}")
"""Ids, tokens and pictures in base64. A long number alone is left to `NUMBERS`."""
SEGMENT: Final = re.compile(r"(?<=/)(?:\d+|[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*|[A-Za-z0-9_-]{24,})(?=/|$)")

Found = tuple[str, str, str]
"""``asked`` or ``received``, attribute, operation."""


class Judge:
    """Judges calls, and remembers calls that differ in nothing but numbers and ids."""

    def __init__(self, policy: str = "untag-core") -> None:
        """Take the policy that decides what counts; nothing is exempt here: an audit is usage, too."""
        self._settings = Settings(policy=policy, encoder="off")
        self._known: dict[bytes, tuple[Found, ...]] = {}

    def of(self, call: Call) -> tuple[Found, ...]:
        """Return what a call asked for and received; empty for most."""
        key = b"\0".join(
            (
                call.path.encode("utf-8", "surrogatepass"),
                _shape(call.query.encode("utf-8", "surrogatepass")),
                _shape(call.request),
                _shape(call.response),
            )
        )
        known = self._known.get(key)
        if known is None:
            known = tuple(dict.fromkeys(self._judged(call)))
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = known
        return known

    def _judged(self, call: Call) -> Iterator[Found]:
        asked = check_request(call.request, call.request_type, call.path, call.query, settings=self._settings)
        yield from _found("asked", asked)
        if call.response:
            received = clean_response(
                call.response,
                call.response_type,
                settings=self._settings,
                path=call.path,
                request=call.request,
            )
            yield from _found("received", received)


def _shape(text: bytes) -> bytes:
    if not text:
        return b""
    plain = NOISE.sub(_id, text)
    if LONG.search(plain):
        return NUMBERS.sub(rb"\g<1>0", plain)
    return ZEROS.sub(b"0", plain.translate(DIGITS))


def _id(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0].isdigit() else b"~"


def _found(side: str, verdict: Verdict) -> Iterator[Found]:
    if verdict.verdict == "allow" or not verdict.attribute:
        return
    for removed in verdict.removed:
        yield side, removed.attribute, verdict.operation
    if not verdict.removed:
        yield side, verdict.attribute, verdict.operation


def endpoint(call: Call) -> str:
    """Return the endpoint of a call: method and path, with ids as ``{id}``."""
    path = SEGMENT.sub("{id}", call.path)[:200]
    return f"{call.method} {path}".strip()
