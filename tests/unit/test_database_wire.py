"""Servers that lie, flood, drip or ask for the password: a clear error or a Gap, never a hang."""

import contextlib
import json
import socket
import struct
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.engine import Scanner
from untag.errors import ReadError, SourceError
from untag.limits import Budget, Deadline
from untag.match import store
from untag.model import Blob
from untag.packages import Packages
from untag.readers.artifacts import artifact_reader
from untag.readers.artifacts.tables.live import MAGIC, LiveReader
from untag.sources import resolve
from untag.sources.database import DatabaseSource, catalog
from untag.sources.database.catalog import Column, LostError, Relation, Values, document
from untag.sources.database.wire import Meter


@contextlib.contextmanager
def server(answer):
    """A server on loopback that does what ``answer`` does with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    done = threading.Event()

    def serve():
        while not done.is_set():
            try:
                peer, _ = listener.accept()
            except OSError:
                continue
            peer.settimeout(5)
            with peer, contextlib.suppress(OSError, struct.error):
                answer(peer, done)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join()
        listener.close()


def message(kind, body=b""):
    return kind + struct.pack("!I", len(body) + 4) + body


def greeted(peer):
    """Take PostgreSQL's start-up, in the clear, and say that all is well."""
    size = struct.unpack("!I", peer.recv(4))[0]
    peer.recv(size - 4)
    peer.sendall(message(b"R", struct.pack("!I", 0)) + message(b"Z", b"I"))


def packet(number, body):
    return struct.pack("<I", len(body))[:3] + bytes((number,)) + body


def greeted_mysql(peer):
    """Say hello as MySQL does, in the clear, and that all is well."""
    hello = b"\x0a8.0.1\0" + struct.pack("<I", 1) + b"12345678\0" + struct.pack("<H", 0xF7FF & ~0x0800) + b"\x21\x02\0"
    hello += struct.pack("<H", 0x000F) + b"\x15" + b"\0" * 10 + b"123456789012\0mysql_native_password\0"
    peer.sendall(packet(0, hello))
    peer.recv(4096)
    peer.sendall(packet(2, b"\0\0\0\2\0\0\0"))


GREETINGS = {"postgresql": greeted, "mysql": greeted_mysql}


def drip(peer, done, greet):
    greet(peer)
    while not done.is_set():
        peer.sendall(b"\1")
        time.sleep(0.02)


def flood(peer, done, greet):
    greet(peer)
    peer.recv(4096)
    block = message(b"N", b"x" * 1_000_000) if greet is greeted else packet(1, b"\xfe" * 1_000_000)
    while not done.is_set():
        peer.sendall(block)


def garbage(peer, done, greet):
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 10)
    done.wait(0.2)


def silence(peer, done, greet):
    done.wait(5)


def nothing(peer, done, greet):
    pass


def nothing_at_all(peer, done):
    pass


def huge(peer, done, greet):
    greet(peer)
    peer.recv(4096)
    peer.sendall(b"D\xff\xff\xff\xff" + b"x" * 100)
    done.wait(0.2)


@pytest.fixture
def impatient(monkeypatch):
    from untag.sources.database import mysql, postgres, wire

    for module in (postgres, mysql):
        monkeypatch.setattr(module, "CATALOG", 0.2)
        monkeypatch.setattr(module, "GRACE", 0.1)
    monkeypatch.setattr(wire, "ANSWER", 8_000_000)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
@pytest.mark.parametrize("answer", [garbage, silence, nothing, drip, flood, huge])
def test_a_server_that_is_none(answer, scheme):
    pytest.importorskip("pg8000" if scheme == "postgresql" else "pymysql")
    began = time.monotonic()
    with server(lambda peer, done: answer(peer, done, GREETINGS[scheme])) as port, pytest.raises(SourceError) as caught:
        resolve(f"{scheme}://me:hunter2@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=1")
    assert time.monotonic() - began < 8
    assert "hunter2" not in str(caught.value)
    assert f"{scheme}://127.0.0.1:{port}/d" in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_nothing_listens(scheme):
    pytest.importorskip("pg8000" if scheme == "postgresql" else "pymysql")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(SourceError, match="nothing listens there"):
            resolve(f"{scheme}://me@127.0.0.1:{port}/d")


def refuses_tls(peer, done):
    peer.recv(8)
    peer.sendall(b"N")
    done.wait(0.2)


def hello_only(peer, done):
    greeted_mysql(peer)
    done.wait(0.2)


@pytest.mark.parametrize(("scheme", "answer"), [("postgresql", refuses_tls), ("mysql", hello_only)])
def test_no_tls_where_it_is_asked_for(scheme, answer):
    pytest.importorskip("pg8000" if scheme == "postgresql" else "pymysql")
    with server(answer) as port, pytest.raises(SourceError, match="offers no TLS"):
        resolve(f"{scheme}://me:hunter2@127.0.0.1:{port}/d?sslmode=require")


def test_tls_is_tried_first_where_it_is_preferred():
    pytest.importorskip("pg8000")
    heard = []

    def answer(peer, done):
        heard.append(peer.recv(8))
        if len(heard) == 1:
            peer.sendall(b"N")
        else:
            peer.recv(4096)
            peer.sendall(message(b"E", b"C3D000\0\0"))

    with server(answer) as port, pytest.raises(SourceError, match="no such database"):
        resolve(f"postgresql://me:hunter2@127.0.0.1:{port}/d")
    assert heard[0] == struct.pack("!II", 8, 80877103)
    assert len(heard) == 2


def test_the_program_says_what_to_do_and_not_the_password(capsys):
    pytest.importorskip("pg8000")
    from untag.cli import main

    with server(nothing_at_all) as port:
        assert main(["scan", f"postgresql://me:hunter2@127.0.0.1:{port}/d"]) == 2
    out, err = capsys.readouterr()
    assert "hunter2" not in out + err
    assert f"cannot read postgresql://127.0.0.1:{port}/d" in err


def test_the_password_does_not_leave_this_machine_in_the_clear(monkeypatch):
    pytest.importorskip("pg8000")
    from untag.sources.database.address import Address

    heard = []

    def answer(peer, done):
        size = struct.unpack("!I", peer.recv(4))[0]
        heard.append(peer.recv(size - 4))
        peer.sendall(message(b"R", struct.pack("!I", 3)))
        heard.append(peer.recv(1000))

    monkeypatch.setattr(Address, "near", False)
    with server(answer) as port, pytest.raises(SourceError, match="password in the clear"):
        resolve(f"postgresql://me:hunter2@127.0.0.1:{port}/d?sslmode=disable")
    assert b"hunter2" not in b"".join(heard)


def test_a_server_that_asks_for_a_file_gets_none(tmp_path):
    """MySQL's LOAD DATA LOCAL lets a server name a file of the client: it is off."""
    pytest.importorskip("pymysql")
    heard = []

    def answer(peer, done):
        greeted_mysql(peer)
        while not done.is_set():
            asked = peer.recv(4096)
            if not asked:
                return
            heard.append(asked)
            peer.sendall(packet(1, b"\xfb/etc/passwd"))

    with server(answer) as port, pytest.raises(SourceError):
        resolve(f"mysql://me:hunter2@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=1")
    assert b"root:" not in b"".join(heard)


def test_a_meter_counts_and_keeps_time():
    meter = Meter(0.0)
    with pytest.raises(TimeoutError):
        meter.wait()
    meter.start(5)
    assert 4 < meter.wait() <= 5
    meter.count(1000)
    with pytest.raises(OSError, match="too large"):
        meter.count(1 << 40)


class Session:
    """A session that is a list, and that ends where it is told to."""

    closed = False

    def __init__(self, relations, ends_at=""):
        self.relations, self.ends_at = relations, ends_at

    def describe(self, catalog):
        catalog.relations += self.relations
        yield
        if self.ends_at == "describe":
            raise LostError
        catalog.script(
            "s",
            "views",
            "v/1",
            "CREATE VIEW uyghur_alerts AS SELECT id, camera_id FROM face_capture WHERE ethnicity = 'uyghur'",
        )
        yield

    def sample(self, relation, column, rows):
        if relation.name == self.ends_at:
            raise LostError
        column.values = Values(["han", "uyghur"], 2, sampled=False)
        return [column]

    def close(self):
        self.closed = True


def faces(name):
    return Relation(
        "s", name, columns=[Column(n, "text", "", "text") for n in ("face_image", "camera", "age", "ethnicity")]
    )


@pytest.mark.parametrize("ends_at", ["", "describe", "face_2"])
def test_what_was_read_stays(monkeypatch, ends_at):
    session = Session([faces("face_1"), faces("face_2"), faces("face_3")], ends_at)
    monkeypatch.setattr("untag.sources.database._session", lambda address: session)
    source = resolve("postgresql://h/d")
    assert isinstance(source, DatabaseSource)
    scanner = Scanner(store.load(), None, Packages(""))
    scanner.run(source.items())
    tally = scanner.take()
    assert session.closed
    found = {f.trail[0] for f in tally.findings}
    assert {"s/face_1", "s/face_2", "s/face_3"} <= found
    assert ("s/views/v∕1.sql" in found) == (ends_at != "describe")
    assert [g.reason for g in tally.gaps] == (["vanished"] if ends_at else [])
    with pytest.raises(SourceError, match="read already"):
        list(source.items())


def parts(data):
    return list(LiveReader().parts(Blob(("s/t",), data), Budget(), Deadline.after(5)))


def test_the_document_is_what_its_reader_reads():
    assert catalog.MAGIC == MAGIC
    relation = faces("face")
    relation.columns[3].values = Values(["han", "uyghur"], 20, sampled=True)
    relation.columns.append(Column("g", "enum('a','it''s')"))
    relation.checks = [
        (("camera",), "CHECK ((camera = ANY (ARRAY['in'::text, 'it''s out'::text])))"),
        (("age",), "(`age` in (_utf8mb4\\'old\\',_utf8mb4\\'young\\'))"),
    ]
    blob = document(relation)
    reader = artifact_reader(bytes(blob.data[:4096]), blob.trail[-1], b"")
    assert isinstance(reader, LiveReader)
    made = parts(blob.data)
    assert [p.text for p in made if p.role == "item"] == ["in", "it's out", "old", "young", "a", "it's"]
    column = next(p for p in made if p.text == "ethnicity")
    assert (column.note, "sample of 20" in column.statement) == ("han; uyghur", True)


def test_a_document_that_is_cut_is_a_gap():
    data = bytes(document(faces("face")).data)
    scanner = Scanner(store.load(), None, Packages(""))
    scanner.feed(Blob(("s/face",), data[:-20]))
    assert [g.reason for g in scanner.take().gaps] == ["corrupt"]


@settings(max_examples=60)
@given(st.data())
def test_no_document_breaks_the_reader(data):
    whole = bytes(document(faces("face")).data)
    if data.draw(st.booleans()):
        leaf = st.none() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
        keys = st.sampled_from(
            ["name", "kind", "doc", "rows", "columns", "checks", "values", "classes", "seen", "sampled"]
        )
        value = data.draw(
            st.recursive(leaf, lambda s: st.lists(s, max_size=3) | st.dictionaries(keys, s, max_size=6), max_leaves=20)
        )
        broken = MAGIC + json.dumps(value).encode()
    else:
        at = data.draw(st.integers(len(MAGIC), len(whole) - 1))
        broken = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 4)) :]
    with contextlib.suppress(ReadError):
        parts(broken)
