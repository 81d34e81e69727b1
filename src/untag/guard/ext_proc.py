"""The guard as an external processor of Envoy: ``untag guard --ext-proc ADDR``.

Envoy does the HTTP; for each request it opens one gRPC stream and asks about headers and whole bodies in turn.
Event streams are asked about piece by piece. A stream that ends cleanly would make Envoy go on unjudged, so
whatever goes wrong here ends it with an error, upon which Envoy refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from untag.errors import UntagError, UsageError
from untag.guard import headers as heads
from untag.guard.asgi import PROBLEM
from untag.guard.ext_proto import METHOD, NEED, SERVICE, messages
from untag.guard.opaque import is_stream
from untag.guard.streaming import StreamGate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from untag.guard.base import Settings
    from untag.guard.gate import Gate, Outcome
    from untag.guard.headers import Headers

OVERWRITE: Final = 2
"""``OVERWRITE_IF_EXISTS_OR_ADD``."""
STREAMED: Final = 1
NO_BODY: Final = 0
_SLACK: Final = 1 << 20
_PARTIAL: Final = 206
_GRACE: Final = 10.0


class Conversation:
    """What Envoy asks about one request and its response; no gRPC in it."""

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

    def answer(self, asked: Any) -> Any:
        """Return the `ProcessingResponse` to one `ProcessingRequest`; whatever it raises must end the stream."""
        what = asked.WhichOneof("request")
        if what is None:
            raise ValueError("a question that is not known")
        return getattr(self, f"_{what}")(getattr(asked, what))

    # --- the request ---------------------------------------------------------------------------------

    def _request_headers(self, asked: Any) -> Any:
        headers = _pairs(asked.headers)
        self._request = headers
        path, _, self._query = heads.first(headers, b":path").decode("latin-1").partition("?")
        self._path = unquote(path)
        self._method = heads.first(headers, b":method").decode("latin-1")
        self._asked = heads.survey([pair for pair in headers if pair[0] != b"transfer-encoding"])
        odd = self._asked.fault
        if odd:
            self._gate.metrics.count("untag_guard_failures_total", kind="request", reason="ambiguous")
            return self._immediate(400, b'{"status": 400, "detail": "The request has %b."}' % odd.encode())
        response = self._made["ProcessingResponse"]()
        if self._gate.off(self._path):
            response.request_headers.SetInParent()
            response.mode_override.request_body_mode = NO_BODY
            response.mode_override.response_body_mode = NO_BODY
            return response
        response.request_headers.SetInParent()
        mutation = response.request_headers.response.header_mutation
        if asked.end_of_stream:
            outcome = self._judge(b"")
            if outcome.problem:
                return self._refused(outcome)
            self._put_query(mutation, outcome)
        if self._asked.telling and not self._gate.observing:
            self._differ(mutation, headers, heads.for_judging(headers))
        return response

    def _request_body(self, asked: Any) -> Any:
        self._body = asked.body
        outcome = self._judge(asked.body)
        if outcome.problem:
            return self._refused(outcome)
        response = self._made["ProcessingResponse"]()
        response.request_body.SetInParent()
        common = response.request_body.response
        self._put_query(common.header_mutation, outcome)
        if outcome.action == "change" and outcome.body is not None:
            self._put_body(common, self._request, outcome.body, outcome.encoding)
        return response

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

    def _response_headers(self, asked: Any) -> Any:
        headers = _pairs(asked.headers)
        self._response = headers
        response = self._made["ProcessingResponse"]()
        response.response_headers.SetInParent()
        common = response.response_headers.response
        self._told = told = heads.survey(headers)
        if is_stream(told.content_type):
            self._stream = StreamGate(
                self._gate,
                content_type=told.content_type,
                encoding=told.encoding,
                path=self._path,
                request=self._body,
            )
            response.mode_override.response_body_mode = STREAMED
            if not self._gate.observing:
                self._differ(common.header_mutation, headers, heads.for_stream(headers))
        elif (
            not asked.end_of_stream
            and heads.first(headers, b":status") == b"%d" % _PARTIAL
            and not self._gate.observing
        ):
            outcome = self._gate.failed("response", self._path, "partial")
            if outcome.problem:
                return self._refused(outcome)
        return response

    def _response_body(self, asked: Any) -> Any:
        response = self._made["ProcessingResponse"]()
        response.response_body.SetInParent()
        common = response.response_body.response
        if self._stream is not None:
            out = self._stream.feed(asked.body)
            if asked.end_of_stream:
                out += self._stream.close()
            if not self._gate.observing and out != asked.body:
                common.body_mutation.body = out
            return response
        outcome = self._gate.response(
            asked.body,
            content_type=self._told.content_type,
            encoding=self._told.encoding,
            path=self._path,
            request=self._body,
        )
        if outcome.problem:
            return self._refused(outcome)
        if outcome.action == "change" and outcome.body is not None:
            self._put_body(common, self._response, outcome.body, outcome.encoding)
            _put(common.header_mutation, b"untag-guard", b"strip; removed=%d" % len(outcome.verdict.removed))
        return response

    def _request_trailers(self, _: Any) -> Any:
        response = self._made["ProcessingResponse"]()
        response.request_trailers.SetInParent()
        return response

    def _response_trailers(self, _: Any) -> Any:
        response = self._made["ProcessingResponse"]()
        if self._gate.observing:
            response.response_trailers.SetInParent()
        else:
            response.response_trailers.header_mutation.remove_headers.extend(n.decode() for n in sorted(heads.DIGESTS))
        return response

    # --- how it is said ------------------------------------------------------------------------------

    def _put_body(self, common: Any, headers: Headers, body: bytes, encoding: str) -> None:
        common.body_mutation.body = body
        self._differ(common.header_mutation, headers, heads.for_body(headers, len(body), encoding))

    def _differ(self, mutation: Any, old: Headers, new: Headers) -> None:
        """Say what is to be set and removed to make ``old`` into ``new``."""
        before = dict(old)
        after = dict(new)
        for name, value in after.items():
            if before.get(name) != value:
                _put(mutation, name, value)
        mutation.remove_headers.extend(name.decode("latin-1") for name in before if name not in after)

    def _refused(self, outcome: Outcome) -> Any:
        return self._immediate(outcome.status, outcome.problem)

    def _immediate(self, status: int, body: bytes) -> Any:
        response = self._made["ProcessingResponse"]()
        immediate = response.immediate_response
        immediate.status.code = status
        immediate.body = body
        immediate.details = "untag_guard"
        _put(immediate.headers, b"content-type", PROBLEM)
        _put(immediate.headers, b"cache-control", b"no-store")
        return response


def _pairs(headers: Any) -> Headers:
    """Return Envoy's headers, whose names are in lower case already."""
    return [(h.key.encode("latin-1", "replace"), h.raw_value or h.value.encode("utf-8")) for h in headers.headers]


def _put(mutation: Any, name: bytes, value: bytes) -> None:
    option = mutation.set_headers.add()
    option.header.key = name.decode("latin-1")
    option.header.raw_value = value
    option.append_action = OVERWRITE


def server(gate: Gate, address: str) -> tuple[Any, int]:
    """Return a gRPC server that is not started yet, and the port it is bound to; needs a running event loop."""
    try:
        grpc = import_module("grpc")
        import_module("grpc.aio")
    except ImportError as error:
        raise UsageError(NEED) from error
    made = messages()

    async def process(_: AsyncIterator[Any], context: Any) -> None:
        talk = Conversation(gate)
        try:
            # read and write by hand: quicker than iterators
            while (one := await context.read()) is not grpc.aio.EOF:
                await context.write(talk.answer(one))
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - an error status: Envoy must not take the end for consent
            gate.metrics.count("untag_guard_failures_total", kind="request", reason="internal")
            await context.abort(grpc.StatusCode.INTERNAL, "the guard met an internal error")

    handler = grpc.stream_stream_rpc_method_handler(
        process,
        request_deserializer=made["ProcessingRequest"].FromString,
        response_serializer=made["ProcessingResponse"].SerializeToString,
    )
    size = gate.settings.body_cap + _SLACK
    options = [
        ("grpc.max_receive_message_length", size),
        ("grpc.max_send_message_length", size),
        ("grpc.so_reuseport", 0),
    ]
    made_server = grpc.aio.server(options=options)
    made_server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),))
    try:
        port = made_server.add_insecure_port(address)
    except RuntimeError as error:
        raise UsageError(f"cannot listen at {address} for Envoy") from error
    return made_server, port


async def serve(
    gate: Gate,
    address: str,
    *,
    reload: Callable[[], Settings] | None = None,
    started: Callable[[int], None] | None = None,
    until: asyncio.Event | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or ``until``; SIGHUP reloads."""
    from untag.guard.serve import tallying  # noqa: PLC0415 - imports this module's neighbours

    gate.warm()
    gc.collect()
    gc.freeze()
    made, port = server(gate, address)
    await made.start()
    stop = until or asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for name in ("SIGTERM", "SIGINT"):
            loop.add_signal_handler(getattr(signal, name), stop.set)
        if reload is not None:
            loop.add_signal_handler(signal.SIGHUP, lambda: _reload(gate, reload))
    tally = asyncio.create_task(tallying(gate))
    if started:
        started(port)
    try:
        await stop.wait()
    finally:
        await made.stop(_GRACE)
        tally.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tally


def _reload(gate: Gate, load: Callable[[], Settings]) -> None:
    try:
        gate.use(load())
    except UntagError as error:
        print(f"untag: the policy was not reloaded, the old one stands: {error}", file=sys.stderr)  # noqa: T201
