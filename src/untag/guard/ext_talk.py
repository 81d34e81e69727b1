"""What Envoy asks about one request and its response, and what the guard answers; no gRPC in it.

Messages come and go as bytes: most answers are "go on", and stand ready as they travel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from untag.guard import headers as heads
from untag.guard.ext_proto import messages
from untag.guard.gate import PASS
from untag.guard.opaque import is_stream, may_be_opaque
from untag.guard.streaming import StreamGate

if TYPE_CHECKING:
    from untag.guard.gate import Gate, Outcome
    from untag.guard.headers import Headers

PROBLEM: Final = b"application/problem+json"
OVERWRITE: Final = 2
"""``OVERWRITE_IF_EXISTS_OR_ADD``."""
STREAMED: Final = 1
NO_BODY: Final = 0
SKIP: Final = 2
GO: Final = {
    "request_headers": b"\x0a\x00",
    "response_headers": b"\x12\x00",
    "request_body": b"\x1a\x00",
    "response_body": b"\x22\x00",
    "request_trailers": b"\x2a\x00",
    "response_trailers": b"\x32\x00",
}
"""Question → a `ProcessingResponse` that lets it pass as it came, as it stands on the wire."""
_PARTIAL: Final = 206
_UNCHANGED: Final = 304
_GONE: Final = {b"content-length", b"accept-ranges", *heads.DIGESTS}
_DROP_DIGESTS: Final = sorted(name.decode() for name in heads.DIGESTS)


class Conversation:
    """One request and its response. What it raises must end the call with an error: then Envoy lets nothing pass."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._made = messages()
        self._path = ""
        self._method = ""
        self._query = ""
        self._request: Headers = []
        self._response: Headers = []
        self._body = b""
        self._asked = self._told = heads.Survey()
        self._stream: StreamGate | None = None

    def answer(self, message: bytes) -> bytes:
        """Return the `ProcessingResponse` to one `ProcessingRequest`, both as they travel."""
        asked = self._made["ProcessingRequest"].FromString(message)
        what = asked.WhichOneof("request")
        if what is None:
            raise ValueError("a question that is not known")
        answer: bytes = getattr(self, f"_{what}")(getattr(asked, what))
        return answer

    # --- the request ---------------------------------------------------------------------------------

    def _request_headers(self, asked: Any) -> bytes:
        headers = _pairs(asked.headers)
        self._request = headers
        path, _, self._query = heads.first(headers, b":path").decode("latin-1").partition("?")
        self._path = unquote(path)
        self._method = heads.first(headers, b":method").decode("latin-1")
        # Envoy has undone the chunks, and leaves the header
        self._asked = heads.survey([pair for pair in headers if pair[0] != b"transfer-encoding"])
        if self._asked.fault:
            self._gate.metrics.count("untag_guard_failures_total", kind="request", reason="ambiguous")
            odd = f"The request has {self._asked.fault}: two readers of it could disagree about what it asks."
            return self._immediate(400, heads.problem(400, odd))
        if self._gate.off(self._path):
            return self._no_more()
        outcome = self._judge(b"") if asked.end_of_stream else PASS
        if outcome.problem:
            return self._immediate(outcome.status, outcome.problem)
        telling = self._asked.telling and not self._gate.observing
        if not telling and outcome.action != "change":
            return GO["request_headers"]
        response = self._made["ProcessingResponse"]()
        response.request_headers.SetInParent()
        mutation = response.request_headers.response.header_mutation
        self._put_query(mutation, outcome)
        if telling:
            _differ(mutation, headers, heads.for_judging(headers))
        return _sent(response)

    def _no_more(self) -> bytes:
        """Return the answer that lets request and response pass, and asks for nothing more of them."""
        response = self._made["ProcessingResponse"]()
        response.request_headers.SetInParent()
        mode = response.mode_override
        mode.request_body_mode = mode.response_body_mode = NO_BODY
        mode.response_header_mode = mode.request_trailer_mode = mode.response_trailer_mode = SKIP
        return _sent(response)

    def _request_body(self, asked: Any) -> bytes:
        self._body = asked.body
        outcome = self._judge(self._body)
        if outcome.problem:
            return self._immediate(outcome.status, outcome.problem)
        if outcome.action != "change":
            return GO["request_body"]
        response = self._made["ProcessingResponse"]()
        response.request_body.SetInParent()
        common = response.request_body.response
        self._put_query(common.header_mutation, outcome)
        if outcome.body is not None:
            _put_body(common, self._request, outcome.body, outcome.encoding)
        return _sent(response)

    def _judge(self, body: bytes) -> Outcome:
        return self._gate.request(
            body,
            content_type=self._asked.content_type,
            encoding=self._asked.encoding,
            path=self._path,
            query=self._query,
            method=self._method,
        )

    def _put_query(self, mutation: Any, outcome: Outcome) -> None:
        if outcome.action == "change" and outcome.query is not None:
            path = heads.first(self._request, b":path").partition(b"?")[0]
            fresh = path + (b"?" + outcome.query.encode("latin-1", "replace") if outcome.query else b"")
            _put(mutation, b":path", fresh)

    # --- the response --------------------------------------------------------------------------------

    def _response_headers(self, asked: Any) -> bytes:
        headers = _pairs(asked.headers)
        self._response = headers
        self._told = told = heads.survey(headers)
        status = heads.first(headers, b":status")
        if is_stream(told.content_type):
            return self._begin_stream(headers)
        if self._gate.observing:
            return GO["response_headers"]
        if asked.end_of_stream:
            bare = self._method == "HEAD" or status == b"%d" % _UNCHANGED
            return self._bare(headers) if bare and not may_be_opaque(told.content_type) else GO["response_headers"]
        if status == b"%d" % _PARTIAL:
            outcome = self._gate.failed("response", self._path, "partial")
            if outcome.problem:
                return self._immediate(outcome.status, outcome.problem)
        return GO["response_headers"]

    def _bare(self, headers: Headers) -> bytes:
        """Pass on a head without a body: what it says of the bytes of one may not hold behind the guard."""
        if not any(name in _GONE or name == b"etag" for name, _ in headers):
            return GO["response_headers"]
        response = self._made["ProcessingResponse"]()
        kept = [pair for pair in heads.for_body(headers, 0, self._told.encoding) if pair[0] != b"content-length"]
        _differ(response.response_headers.response.header_mutation, headers, kept)
        return _sent(response)

    def _begin_stream(self, headers: Headers) -> bytes:
        self._stream = StreamGate(
            self._gate,
            content_type=self._told.content_type,
            encoding=self._told.encoding,
            path=self._path,
            request=self._body,
        )
        response = self._made["ProcessingResponse"]()
        response.response_headers.SetInParent()
        response.mode_override.response_body_mode = STREAMED
        if not self._gate.observing:
            _differ(response.response_headers.response.header_mutation, headers, heads.for_stream(headers))
        return _sent(response)

    def _response_body(self, asked: Any) -> bytes:
        body = asked.body
        if self._stream is not None:
            out = self._stream.feed(body)
            if asked.end_of_stream:
                out += self._stream.close()
            if self._gate.observing or out == body:
                return GO["response_body"]
            response = self._made["ProcessingResponse"]()
            response.response_body.response.body_mutation.body = out
            return _sent(response)
        outcome = self._gate.response(
            body,
            content_type=self._told.content_type,
            encoding=self._told.encoding,
            path=self._path,
            request=self._body,
        )
        if outcome.problem:
            return self._immediate(outcome.status, outcome.problem)
        if outcome.action != "change" or outcome.body is None:
            return GO["response_body"]
        response = self._made["ProcessingResponse"]()
        common = response.response_body.response
        _put_body(common, self._response, outcome.body, outcome.encoding)
        _put(common.header_mutation, b"untag-guard", b"strip; removed=%d" % len(outcome.verdict.removed))
        return _sent(response)

    def _request_trailers(self, _: Any) -> bytes:
        return GO["request_trailers"]

    def _response_trailers(self, _: Any) -> bytes:
        if self._gate.observing:
            return GO["response_trailers"]
        response = self._made["ProcessingResponse"]()
        response.response_trailers.header_mutation.remove_headers.extend(_DROP_DIGESTS)
        return _sent(response)

    # --- how it is said ------------------------------------------------------------------------------

    def _immediate(self, status: int, body: bytes) -> bytes:
        response = self._made["ProcessingResponse"]()
        immediate = response.immediate_response
        immediate.status.code = status
        immediate.body = body
        immediate.details = "untag_guard"
        _put(immediate.headers, b"content-type", PROBLEM)
        _put(immediate.headers, b"cache-control", b"no-store")
        return _sent(response)


def _sent(response: Any) -> bytes:
    data: bytes = response.SerializeToString()
    return data


def _pairs(headers: Any) -> Headers:
    """Return Envoy's headers, whose names are in lower case already."""
    return [(h.key.encode("latin-1", "replace"), h.raw_value or h.value.encode("utf-8")) for h in headers.headers]


def _put_body(common: Any, headers: Headers, body: bytes, encoding: str) -> None:
    common.body_mutation.body = body
    _differ(common.header_mutation, headers, heads.for_body(headers, len(body), encoding))


def _differ(mutation: Any, old: Headers, new: Headers) -> None:
    """Say what is to be set and removed to make ``old`` into ``new``."""
    before = dict(old)
    after = dict(new)
    for name, value in after.items():
        if before.get(name) != value:
            _put(mutation, name, value)
    mutation.remove_headers.extend(name.decode("latin-1") for name in before if name not in after)


def _put(mutation: Any, name: bytes, value: bytes) -> None:
    option = mutation.set_headers.add()
    option.header.key = name.decode("latin-1")
    option.header.raw_value = value
    option.append_action = OVERWRITE
