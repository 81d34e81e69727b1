"""What a call asked for and what it received, by the judgement of the guard."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from untag.evidence.usage.calls import read
from untag.guard import check_request, clean_response
from untag.guard.base import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.evidence.usage.calls import Call
    from untag.guard.base import Verdict

KEPT: Final = 50_000
"""Judgements that are remembered: calls of one client repeat but for their numbers."""
LONG: Final = re.compile(rb"\d{6,}")
"""Numbers do not change a judgement, but for the first digits of a long one: a place of registration."""
LETTERS: Final = bytes.maketrans(b"0123456789", b"ABCDEFGHIJ")
"""What keeps the first digits of a long number through the loss of all others."""
ZEROS: Final = re.compile(rb"00+")
DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
RUN: Final = re.compile(rb"[0-9A-Za-z+/_-]{8,}={0,2}")
"""What may be an id, a token or a picture in base64. A long number alone is left to `LONG`."""
HEX: Final = re.compile(rb"[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,}){0,4}")
LONGEST: Final = 40
"""Characters from which on a run is a token, if it has digits enough."""
FEW: Final = 3
"""Digits of a long token that may still be words: a path, or the name of a model."""
SEGMENT: Final = re.compile(r"(?<=/)(?:\d+|[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*|[A-Za-z0-9_-]{24,})(?=/|$)")

CUT: Final = 1 << 20
"""Bytes of a body that is closed where its end is missing."""
CLOSING: Final = {b"{": b"}", b"[": b"]"}
TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*+["\\]?+|[{}\[\]]', re.DOTALL)
"""A text, which may be cut off, or what opens or closes a list or an object."""
ESCAPE: Final = re.compile(rb"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?\Z")
"""An escape that is cut off."""
LETTER: Final = re.compile(rb"(?:[\xc0-\xff]|[\xe0-\xff][\x80-\xbf]|[\xf0-\xff][\x80-\xbf]{2})\Z")
"""A letter in UTF-8 that is cut off."""
LITERAL: Final = re.compile(rb"[-+.\w]+\Z")

Found = tuple[str, str, str]
"""``asked`` or ``received``, attribute, operation."""
UNREAD: Final = ("unread", "", "")
"""In place of one: a body that the guard cannot read."""


class Judge:
    """Judges calls, and remembers calls that differ in nothing but numbers and ids."""

    def __init__(self, policy: str = "untag-core") -> None:
        """Take the policy that decides what counts; nothing is exempt here: an audit is usage, too."""
        self._settings = Settings(policy=policy, encoder="off")
        self._known: dict[bytes, tuple[Found, ...]] = {}

    def of(self, call: Call) -> tuple[Found, ...]:
        """Return what a call asked for and received; empty for most."""
        parts = (call.query.encode("utf-8", "surrogatepass"), call.request, call.response)
        key = call.path.encode("utf-8", "surrogatepass") + b"\0" + _shape(b"\0".join(parts))
        known = self._known.get(key)
        if known is None:
            known = tuple(dict.fromkeys(self._judged(call)))
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = known
        return known

    def _judged(self, call: Call) -> Iterator[Found]:
        settings = self._settings
        yield from _side(
            "asked",
            call.request,
            lambda body: check_request(body, call.request_type, call.path, call.query, settings=settings),
        )
        if call.response:
            yield from _side(
                "received",
                call.response,
                lambda body: clean_response(
                    body, call.response_type, settings=settings, path=call.path, request=call.request
                ),
            )


def _side(side: str, body: bytes, decide: Callable[[bytes], Verdict]) -> Iterator[Found]:
    """Yield what one side of a call says; `UNREAD` where the guard cannot read its body, which a service refuses."""
    verdict = decide(body)
    if _unreadable(verdict):
        whole = closed(body)
        verdict = decide(whole) if whole else verdict
    if _unreadable(verdict):
        yield UNREAD
        # the path and the query speak for themselves
        verdict = decide(b"")
    yield from _found(side, verdict)


def _unreadable(verdict: Verdict) -> bool:
    return not verdict.attribute and any(reason.kind == "unreadable" for reason in verdict.because)


def closed(body: bytes) -> bytes:
    """Return JSON of which the end is missing with its texts, lists and objects closed; empty where that gives none.

    Servers log the first bytes of a body, so that many end in the middle of one.
    """
    if len(body) > CUT or body.lstrip()[:1] not in (b"{", b"["):
        return b""
    open_ones: list[bytes] = []
    last = b""
    for found in TOKEN.finditer(body):
        last = found[0]
        if last in CLOSING:
            open_ones.append(CLOSING[last])
        elif open_ones and last == open_ones[-1]:
            open_ones.pop()
    if last.startswith(b'"') and body.endswith(last) and not (len(last) > 1 and TEXT.fullmatch(last)):
        body = ESCAPE.sub(rb"\1", LETTER.sub(b"", body)) + b'"'
    ends = b"".join(reversed(open_ones))
    tries = (body, body + b":null", body + b"null", body.rstrip().removesuffix(b","), LITERAL.sub(b"null", body))
    return next((text + ends for text in tries if read(text + ends) is not None), b"")


def _shape(text: bytes) -> bytes:
    """Return a text without its ids and numbers; zero bytes in it stay."""
    plain = LONG.sub(_long, RUN.sub(_run, text))
    return ZEROS.sub(b"0", plain.translate(DIGITS))


def _long(found: re.Match[bytes]) -> bytes:
    return b"#" + found[0][:2].translate(LETTERS)


def _run(found: re.Match[bytes]) -> bytes:
    text = found[0]
    digits = len(text) - len(text.translate(None, b"0123456789"))
    if not digits or digits == len(text):
        return text
    if digits >= FEW and len(text) >= LONGEST:
        return b"~"
    return HEX.sub(_id, text)


def _id(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0].isdigit() else b"~"


@cache
def judge(policy: str) -> Judge:
    """Return this process's judge for a policy: what it remembers serves all shares of all logs."""
    return Judge(policy)


def _found(side: str, verdict: Verdict) -> Iterator[Found]:
    if verdict.verdict == "allow" or not verdict.attribute:
        return
    for removed in verdict.removed:
        yield side, removed.attribute, verdict.operation
    if not verdict.removed:
        yield side, verdict.attribute, verdict.operation


def endpoint(call: Call) -> str:
    """Return the endpoint of a call: method and path, with ids as ``{id}``."""
    return _endpoint(call.method, call.path)


@lru_cache(maxsize=4_096)
def _endpoint(method: str, path: str) -> str:
    return f"{method} {SEGMENT.sub('{id}', path)[:200]}".strip()
