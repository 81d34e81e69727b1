"""What the tests of the shells share: a small core whose answers are plain, and a guard that really listens."""

import asyncio
import contextlib
import json
import socket
import threading

from untag.errors import ReadError
from untag.guard.base import ALLOW, Reason, Removed, Settings, Verdict
from untag.guard.encodings import coding_of, pack, unpack
from untag.guard.gate import Gate
from untag.guard.proxy import Limits, Upstream
from untag.guard.serve import Service, bound

CLEAN = {"faces": [{"age": 30, "box": [1, 2, 3, 4]}]}
DIRTY = {"faces": [{"age": 30, "race": "x", "box": [1, 2, 3, 4]}]}


class SmallCore:
    """Takes out each key ``race``, refuses what searches by it, and parses strictly."""

    def __init__(self):
        self.seen = []

    def check_request(self, body, content_type="", path="", query="", *, settings=None, encoding=""):
        body, codings = _plain(body, encoding, settings)
        if path != "/v1/chat/completions":
            self.seen.append((body, content_type, path, query))
        if b"explode" in body:
            raise RuntimeError("a secret value")
        if "face_field" in query and "race" in query:
            fresh = query.replace(",race", "")
            return Verdict(
                "strip", "infers", "race", removed=(Removed("face_field", "race", "parameter"),), query=fresh
            )
        if not body or "json" not in content_type:
            return ALLOW
        data = _parsed(body)
        if isinstance(data, dict) and "search_by_race" in data:
            return Verdict(
                "refuse", "searches", "race", (Reason("slot", "a search by group", 3.0),), "untag-core/searches"
            )
        return _cleaned(data, codings)

    def clean_response(self, body, content_type="", *, settings=None, path="", request=None, encoding=""):
        body, codings = _plain(body, encoding, settings)
        if "json" not in content_type or not body:
            return ALLOW
        return _cleaned(_parsed(body), codings)


def _parsed(body):
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ReadError("malformed", "not JSON") from error


def _plain(body, encoding, settings):
    codings = coding_of(body, encoding) if encoding and body else []
    return unpack(body, codings, settings.body_cap), codings


def _cleaned(data, codings):
    removed = []

    def clean(value, route):
        if isinstance(value, dict):
            if "race" in value:
                removed.append(Removed(f"{route}/race", "race", "field"))
            return {k: clean(v, f"{route}/{k}") for k, v in value.items() if k != "race"}
        if isinstance(value, list):
            return [clean(v, f"{route}/{i}") for i, v in enumerate(value)]
        return value

    fresh = clean(data, "")
    if not removed:
        return ALLOW
    return Verdict(
        "strip", "infers", "race", (), "untag-core/infers", tuple(removed), pack(json.dumps(fresh).encode(), codings)
    )


class Answers:
    """An upstream of raw bytes: hands each request's bytes to ``answer``, which talks to the socket itself."""

    def __init__(self, answer):
        self.answer = answer
        self.seen = []
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        with client, contextlib.suppress(OSError):
            while True:
                request = read_message(client)
                if request is None:
                    return
                self.seen.append(request)
                if self.answer(client, request) == "close":
                    return

    def close(self):
        self.sock.close()


def read_message(sock, timeout=10.0):
    """Read one HTTP/1 message with a Content-Length or chunked body; return ``(head, body)`` or None at the end."""
    sock.settimeout(timeout)
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return None if not data else (data, b"")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            piece = sock.recv(65536)
            if not piece:
                break
            body += piece
        return head, _unchunked(body)
    length = 0
    for line in lower.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        piece = sock.recv(65536)
        if not piece:
            break
        body += piece
    return head, body


def _unchunked(body):
    out = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        count = int(size, 16)
        if not count:
            break
        out += rest[:count]
        body = rest[count + 2 :]
    return out


def reply(body, content_type="application/json", status="200 OK", extra=b""):
    """Return the bytes of a whole answer."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n".encode()
    return head + extra + b"\r\n" + body


def always(body, **how):
    """Return an upstream's behaviour: the same answer to everything."""
    data = reply(body, **how)

    def answer(client, request):
        client.sendall(data)

    return answer


class Guard:
    """A guard in a thread of its own; a context manager."""

    def __init__(self, port, *, core=None, log=None, settings=None, limits=None, upstream=Upstream, **how):
        self.core = core or SmallCore()
        self.gate = Gate(settings or Settings(), log=log, core=self.core)
        self.limits = limits or Limits(connect=1, answer=1, header=1, body=1, write=1, idle=2, drain=2)
        self.upstream = upstream(f"http://127.0.0.1:{port}", limits=self.limits, metrics=self.gate.metrics)
        self.service = Service(self.gate, self.upstream, limits=self.limits, **how)
        self.sock = bound("127.0.0.1:0")
        self.port = self.sock.getsockname()[1]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        asyncio.run(self.service.run(self.sock, started=self._ready.set))

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_):
        for server in self.service._servers:
            server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()
        self.sock.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, raw):
        """Send raw bytes; return ``(head, body)`` of the answer."""
        with self.connect() as sock:
            sock.sendall(raw)
            return read_message(sock)

    def post(self, body, path="/v1/faces", content_type="application/json", extra=b""):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n"
        return self.ask(head.encode() + extra + b"\r\n" + body)

    def get(self, path="/v1/faces", extra=b""):
        return self.ask(f"GET {path} HTTP/1.1\r\nhost: a\r\n".encode() + extra + b"\r\n")


def status(answer):
    return int(answer[0].split(b" ", 2)[1])


def header(answer, name):
    for line in answer[0].split(b"\r\n")[1:]:
        found, _, value = line.partition(b":")
        if found.strip().lower() == name.encode():
            return value.strip().decode()
    return None
