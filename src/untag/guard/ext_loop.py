"""gRPC in one thread: what gRPC's own queue of completions yields is answered where it is taken.

``grpc.aio`` hands each message from a polling thread to an event loop and back, and an exchange with Envoy is three or
four messages: that costs several times what judging does. Here one thread polls, answers and polls again. The names
are those that gRPC's Python server itself is built from (``grpc/_server.py``); they are no public interface, so
whoever makes a `CallLoop` falls back to ``grpc.aio`` where they are missing.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    Talk = Callable[[bytes], bytes]
    """Answers one message of a call; what it raises ends the call with an error."""

EXPERIMENTS: Final = "-event_engine_listener"
"""For ``GRPC_EXPERIMENTS``, before gRPC is loaded: whoever waits for an event reads the sockets himself. By default a
thread of gRPC's reads them and wakes him up, which doubles what a message costs. An unknown name does no harm."""
TICK: Final = 0.2
"""Seconds after which an idle loop looks whether it is wanted: signals and reloads wait no longer."""
_INTERNAL: Final = 13
_UNIMPLEMENTED: Final = 12
_NEEDED: Final = (
    *("CompletionQueue", "CompletionType", "Server", "OperationType", "ReceiveCloseOnServerOperation"),
    *("ReceiveMessageOperation", "SendInitialMetadataOperation", "SendMessageOperation"),
    "SendStatusFromServerOperation",
)


class CallLoop:
    """A gRPC server of one bidirectional method; ``talk`` makes what answers the messages of one call.

    Raises `ImportError` where gRPC is missing or not built as expected.
    """

    def __init__(
        self,
        method: str,
        talk: Callable[[], Talk],
        *,
        options: tuple[tuple[str, int], ...] = (),
        failed: Callable[[], None] | None = None,
    ) -> None:
        from grpc._cython import cygrpc  # noqa: PLC0415 - an extra

        c: Any = cygrpc
        missing = [name for name in _NEEDED if not hasattr(c, name)]
        if missing:
            raise ImportError(f"gRPC without {missing[0]}")
        self._c = c
        self._method = method.encode()
        self.talk = talk
        self.failed = failed or (lambda: None)
        self._jobs: deque[Callable[[], None]] = deque()
        self._queue = c.CompletionQueue()
        self._server = c.Server(options, False)
        self._server.register_completion_queue(self._queue)
        self._stop_at = 0.0
        self._due = 0
        """Events that must still come before the server may be taken down."""
        # an operation holds the memory of one use: each is made anew
        self.send = c.SendMessageOperation
        self.receive = c.ReceiveMessageOperation
        self.received = c.OperationType.receive_message

    def listen(self, address: str) -> int:
        """Bind to an address; return the port, or 0 where that cannot be done."""
        try:
            return int(self._server.add_http2_port(address.encode()))
        except RuntimeError:
            return 0

    def run(self) -> None:
        """Serve until `stop` has been called and what is under way has ended."""
        self._server.start()
        self._ask()
        poll, jobs = self._queue.poll, self._jobs
        timeout = self._c.CompletionType.queue_timeout
        cancelled = False
        while not self._stop_at or self._due:
            event = poll(time.time() + TICK)
            while jobs:
                jobs.popleft()()
            if event.completion_type != timeout:
                event.tag(event)
            elif self._stop_at and not cancelled and time.monotonic() > self._stop_at:
                cancelled = True
                self._server.cancel_all_calls()
            # an event that is kept holds its call, and the server never ends
            event = None
        self._server.destroy()
        self._queue.shutdown()

    def call_soon(self, job: Callable[[], None]) -> None:
        """Have something done by the thread that serves, between two messages; safe from any thread."""
        self._jobs.append(job)

    def stop(self, grace: float) -> None:
        """End: take no new calls, and break off after ``grace`` seconds what is still under way. From any thread."""
        self._jobs.append(lambda: self._stop(grace))

    def begin(self, call: Any, operation: Any, then: Callable[[Any], None]) -> None:
        """Open a call: with its first message, or with the end of it."""
        call.start_server_batch((self._c.ReceiveCloseOnServerOperation(0),), _nothing)
        call.start_server_batch((self._c.SendInitialMetadataOperation(None, 0), operation), then)

    def status(self, code: int, details: bytes = b"") -> Any:
        """Return the operation that ends a call."""
        return self._c.SendStatusFromServerOperation(None, code, details, 0)

    def _stop(self, grace: float) -> None:
        if not self._stop_at:
            self._stop_at = time.monotonic() + grace
            self._due += 1
            self._server.shutdown(self._queue, self._ended)

    def _ended(self, _: Any) -> None:
        self._due -= 1

    def _ask(self) -> None:
        self._due += 1
        self._server.request_call(self._queue, self._queue, self._come)

    def _come(self, event: Any) -> None:
        """Take a new call."""
        self._due -= 1
        if not self._stop_at:
            self._ask()
        if not event.success or event.call is None:
            return
        if event.call_details.method == self._method:
            _Call(self, event.call)
        else:
            self.begin(event.call, self.status(_UNIMPLEMENTED, b"no such method"), _nothing)


class _Call:
    """One call: a message is read, answered, and the next is read."""

    __slots__ = ("_call", "_loop", "_talk")

    def __init__(self, loop: CallLoop, call: Any) -> None:
        self._loop = loop
        self._call = call
        self._talk = loop.talk()
        loop.begin(call, loop.receive(0), self._told)

    def _told(self, event: Any) -> None:
        loop = self._loop
        received = loop.received
        message = None
        for operation in event.batch_operations:
            if operation.type() == received:
                message = operation.message()
        if message is None:
            # the other side has said all it will, or has gone: then nobody reads the status
            if event.success:
                self._call.start_server_batch((loop.status(0),), _nothing)
            return
        try:
            answer = self._talk(message)
        except Exception:  # noqa: BLE001 - an error status: Envoy must not take the end for consent
            loop.failed()
            self._call.start_server_batch((loop.status(_INTERNAL, b"the guard met an internal error"),), _nothing)
            return
        self._call.start_server_batch((loop.send(answer, 0), loop.receive(0)), self._told)


def _nothing(_: Any) -> None:
    """Let an event go: it is taken, and says nothing that is needed."""
