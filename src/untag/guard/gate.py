"""One gate for every shell: asks the core, keeps the mode, writes the log, counts, and words the refusal.

A shell hands over a request or a response as plain values and does with the bytes what the `Outcome` says.
Nothing here knows a server, a client or a framework.
"""

from __future__ import annotations

import contextlib
import json
import posixpath
import time
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from untag.errors import UntagError
from untag.guard.base import ALLOW, Settings, Verdict
from untag.guard.case import HUGE, LARGE, LET, PASS, Case, Outcome
from untag.guard.metrics import Metrics, counter
from untag.nouns import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.log import DecisionLog
    from untag.guard.metrics import Counter

__all__ = ["LARGE", "LET", "PASS", "Case", "Gate", "Outcome", "plain_path"]
REFUSED: Final = 403
FAILED: Final = 502
CODINGS: Final = 2
"""Content codings over each other: nobody needs more, and each may be a bomb."""
PROBLEM_TYPE: Final = "application/problem+json"
APPEAL: Final = (
    "If you hold this to be a mistake, write to the operator of this service and name the decision above; "
    "a declared bias audit or another lawful purpose can be exempted in the configuration."
)
_JSON: Final = "application/json"
_WARM_ASK: Final = (
    b'{"messages":[{"role":"user","content":[{"type":"image_url"},{"type":"text","text":"which race?"}]}]}'
)
_WARM_TOLD: Final = (
    b'{"faces":[{"age":1,"race":"?"}]}',
    b'{"text":"caf\xc3\xa9 \\u2019"}',
    '{"faces":[{"年龄":1,"民族":"?"}],"text":"A man stands there. He looks happy."}'.encode(),
)
_REMEMBERED: Final = 4_096
"""Routes without a body that were let through and are not judged again; a pure question has one answer."""
_LONG: Final = 512
_FAULTS: Final = {
    "over_cap": "it is larger than what the guard may judge",
    "encoding": "it has too many content encodings",
    "unreadable": "it cannot be read as what it says it is",
    "internal": "the guard met an internal error",
    "log": "the decision could not be written to the log",
    "partial": "a part of a body cannot be judged",
    "stream": "a part of the stream cannot be judged",
}

UNREADABLE: Final = "unreadable"
"""Kind of the reason with which the core refuses what it cannot judge."""


class Core(Protocol):
    """What the gate asks: `untag.guard.core`, or what a test puts in its place."""

    def check_request(
        self,
        body: bytes,
        content_type: str = "",
        path: str = "",
        query: str = "",
        *,
        settings: Settings | None = None,
        encoding: str = "",
    ) -> Verdict:
        """Judge a request."""

    def clean_response(
        self,
        body: bytes,
        content_type: str = "",
        *,
        settings: Settings | None = None,
        path: str = "",
        request: bytes | bool | None = None,
        encoding: str = "",
    ) -> Verdict:
        """Judge a response."""


class Gate:
    """The gate of one service; `settings` may be replaced while it runs."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        log: DecisionLog | None = None,
        metrics: Metrics | None = None,
        core: Core | None = None,
    ) -> None:
        self.metrics = metrics or Metrics()
        self.log = log
        self._core = core or _core()
        self._settles: Callable[..., Verdict | None] | None = getattr(self._core, "settled", None)
        self._asks: Callable[..., Verdict | None] | None = getattr(self._core, "asked", None)
        self._told = dict(self.metrics.allowed)
        self._off: tuple[str, ...] = ()
        self._allowed: set[tuple[str, str, str]] = set()
        self.use(settings or Settings())

    def use(self, settings: Settings) -> None:
        """Judge by these settings from now on; what is under way ends by the old ones."""
        self.settings = settings
        # the gate itself knows what is off, by the path as it came: see `off`
        self._inner = replace(settings, overrides=None) if settings.overrides else settings
        self._off = tuple(p for p, what in (settings.overrides or {}).items() if what == "off")
        self.some_off = bool(self._off)
        """Whether `off` need be asked at all."""
        self.observing = settings.mode == "observe"
        self._allowed.clear()

    def warm(self) -> None:
        """Load what the first message would wait for: the lexicon's engine, the readers, the grammar of prompts."""
        with contextlib.suppress(UntagError):
            self._core.check_request(_WARM_ASK, _JSON, "/v1/chat/completions", "a=1", settings=self._inner)
            for told in _WARM_TOLD * 2:
                self._core.clean_response(told, _JSON, settings=self._inner, path="/v1/faces", request=True)

    def off(self, path: str) -> bool:
        """Say whether a route is never judged; such messages are counted. A path with anything odd in it is judged."""
        if not self._off or plain_path(path) != path:
            return False
        found = any(fnmatchcase(path, pattern) for pattern in self._off)
        if found:
            self.metrics.count("untag_guard_unread_total", reason="override")
        return found

    def request(
        self, body: bytes, *, content_type: str, encoding: str, path: str, query: str, method: str = ""
    ) -> Outcome:
        """Judge a request. ``path`` is decoded once, as ASGI gives it; ``body`` is in its content encoding."""
        found = self.asked(body, content_type=content_type, encoding=encoding, path=path, query=query, method=method)
        return found if isinstance(found, Outcome) else found.outcome()

    def asked(
        self, body: bytes, *, content_type: str, encoding: str, path: str, query: str, method: str = ""
    ) -> Outcome | Case:
        """Return what becomes of a request; a `Case` where that takes longer than a few microseconds."""
        if not body and self.known(method, path, query):
            return PASS
        key = (method, path, query)
        path = plain_path(path)
        settings = self._inner
        core = self._core
        if self._asks is not None and not encoding and len(body) <= HUGE:
            begun = time.perf_counter()
            try:
                verdict = self._asks(body, content_type, path, query, settings=settings)
            except Exception:  # noqa: BLE001 - whatever goes wrong inside, nothing unjudged may pass
                return self.failed("request", f"{method} {path}", "internal", body=body)
            if verdict is ALLOW:
                self.metrics.took(time.perf_counter() - begun)
                self.metrics.allowed["request"] += 1
                if not body:
                    self.remember(key)
                return PASS

        def judge() -> Verdict:
            return core.check_request(body, content_type, path, query, settings=settings, encoding=encoding)

        route = f"{method} {path}" if method else path
        return self._case("request", route, body, encoding, judge, None if body else key)

    def known(self, method: str, path: str, query: str) -> bool:
        """Say whether a request without a body was let through before, and count it if so.

        Most ask for one of a few routes, and hold nothing else to judge.
        """
        if (method, path, query) in self._allowed:
            self.metrics.allowed["request"] += 1
            return True
        return False

    def remember(self, key: tuple[str, str, str]) -> None:
        """Let requests for this route pass from now on, as long as they have no body."""
        if sum(map(len, key)) < _LONG and not self.settings.exemptions:
            if len(self._allowed) >= _REMEMBERED:
                self._allowed.clear()
            self._allowed.add(key)

    def response(
        self, body: bytes, *, content_type: str, encoding: str, path: str = "", request: bytes | None = None
    ) -> Outcome:
        """Judge a whole response; ``request`` is the body that asked for it, where it is at hand."""
        found = self.answered(body, content_type=content_type, encoding=encoding, path=path, request=request)
        return found if isinstance(found, Outcome) else found.outcome()

    def answered(
        self, body: bytes, *, content_type: str, encoding: str, path: str = "", request: bytes | None = None
    ) -> Outcome | Case:
        """Return what becomes of a response; a `Case` where that takes longer than a few microseconds."""
        path = plain_path(path)
        settings = self._inner
        core = self._core
        if self._settles is not None and not encoding and len(body) <= HUGE:
            begun = time.perf_counter()
            try:
                verdict = self._settles(body, content_type, settings=settings, path=path, request=request)
            except Exception:  # noqa: BLE001 - whatever goes wrong inside, nothing unjudged may pass
                return self.failed("response", path, "internal", body=body)
            if verdict is not None:
                self.metrics.took(time.perf_counter() - begun)
                if verdict is ALLOW:
                    self.metrics.allowed["response"] += 1
                    return PASS
                return self.ruled("response", path, body, "", verdict)

        def judge() -> Verdict:
            return core.clean_response(
                body, content_type, settings=settings, path=path, request=request, encoding=encoding
            )

        return self._case("response", path, body, encoding, judge)

    def _case(
        self,
        kind: str,
        route: str,
        body: bytes,
        encoding: str,
        judge: Callable[[], Verdict],
        key: tuple[str, str, str] | None = None,
    ) -> Outcome | Case:
        if len(body) > self.settings.body_cap:
            return self.failed(kind, route, "over_cap", body=body)
        if encoding.count(",") >= CODINGS:
            return self.failed(kind, route, "encoding", body=body)
        return Case(self, kind, route, body, encoding, judge, key)

    def failed(self, kind: str, route: str, reason: str, *, body: bytes = b"", detail: str = "") -> Outcome:
        """Return what becomes of a message that could not be judged, and write it down."""
        self.metrics.count("untag_guard_failures_total", kind=kind, reason=reason)
        number = 0
        if self.log is not None and reason != "log":
            try:
                number = self.log.decided(kind, ALLOW, route=route, body=body, mode=self.settings.mode, fault=reason)
            except OSError:
                reason = "log"
        if self.observing or self.settings.fail == "open":
            return LET
        why = _FAULTS.get(reason, _FAULTS["unreadable"])
        problem = {
            "type": "urn:untag:unjudged",
            "title": "The guard could not judge this and lets nothing through that it has not judged",
            "status": FAILED,
            "detail": f"The {kind} was withheld: {why}." + (f" {detail}" if detail else ""),
            "reason": reason,
            **self._instance(number),
        }
        return Outcome("fail", status=FAILED, problem=json.dumps(problem).encode())

    def note(self, kind: str, verdict: Verdict, *, route: str, body: bytes) -> int:
        """Count and write down a decision that a shell took piece by piece; return its number in the log."""
        self.metrics.add(_decided(kind, verdict.verdict, verdict.operation, verdict.attribute))
        if self.log is None:
            return 0
        return self.log.decided(kind, verdict, route=route, body=body, mode=self.settings.mode)

    def tally(self) -> None:
        """Write down how many messages were let through since the last time: silence is accounted for, too."""
        now = dict(self.metrics.allowed)
        fresh = {
            kind: count - self._told.get(kind, 0) for kind, count in now.items() if count > self._told.get(kind, 0)
        }
        if fresh and self.log is not None:
            self.log.write({"kind": "tally", "allowed": fresh, "mode": self.settings.mode})
            self._told = now

    def ruled(self, kind: str, route: str, body: bytes, encoding: str, verdict: Verdict) -> Outcome:
        """Write a verdict down and return what becomes of the message."""
        if verdict is ALLOW or (verdict.verdict == "allow" and not verdict.exemption and not verdict.because):
            self.metrics.allowed[kind] += 1
            return PASS
        if verdict.because and verdict.because[0].kind == UNREADABLE:
            return self.failed(kind, route, "unreadable", body=body, detail=verdict.because[0].text)
        try:
            number = self.note(kind, verdict, route=route, body=body)
        except OSError:
            return self.failed(kind, route, "log")
        if self.observing or verdict.verdict == "allow":
            return Outcome("pass", verdict)
        if verdict.verdict == "refuse":
            problem = json.dumps(self._refusal(kind, verdict, number)).encode()
            return Outcome("refuse", verdict, status=REFUSED, problem=problem)
        return Outcome("change", verdict, body=verdict.body, encoding=encoding, query=verdict.query)

    def _refusal(self, kind: str, verdict: Verdict, number: int) -> dict[str, Any]:
        return {
            "type": "urn:untag:refused",
            "title": "Refused: it targets or describes people by a protected attribute",
            "status": REFUSED,
            "detail": f"The {kind} {_DOES.get(verdict.operation, 'concerns')} {verdict.attribute or 'the attribute'}"
            " of pictured people, which this service does not do.",
            "operation": verdict.operation,
            "attribute": verdict.attribute,
            "clause": verdict.clause,
            "because": [{"kind": reason.kind, "text": reason.text} for reason in verdict.because],
            "appeal": self.settings.appeal or APPEAL,
            **self._instance(number),
        }

    def _instance(self, number: int) -> dict[str, str]:
        return {"instance": f"urn:untag:decision:{number}"} if number else {}


_DOES: Final = {
    "infers": "asks to infer",
    "searches": "searches by",
    "alerts": "raises alerts by",
    "stores": "stores",
    "labels": "labels people by",
    "prompts": "asks for",
    "trains": "trains on",
    "exports": "exports",
}


@lru_cache(maxsize=1_024)
def _decided(kind: str, verdict: str, operation: str, attribute: str) -> Counter:
    """Return the counter of such decisions: all of them are words of closed vocabularies."""
    named = {"kind": kind, "verdict": verdict, "operation": operation, "attribute": attribute}
    return counter("untag_guard_decisions_total", **named)


@lru_cache(maxsize=4_096)
def plain_path(path: str) -> str:
    """Return a path with dot segments, doubled slashes, backslashes and path parameters taken out.

    What is off for ``/audit/*`` must not be off for ``/audit/../faces``, however the upstream reads it.
    """
    if "/." not in path and "//" not in path and "\\" not in path and ";" not in path and "\0" not in path:
        return path
    segments = [segment.partition(";")[0] for segment in path.replace("\\", "/").replace("\0", "").split("/")]
    plain = posixpath.normpath("/" + "/".join(segments).lstrip("/"))
    return plain + "/" if path.endswith("/") and plain != "/" else plain


def _core() -> Core:
    from untag.guard import core  # noqa: PLC0415 - a test brings its own

    return core
