"""Buckets by obstore against a server on loopback, and any file system of fsspec."""

from __future__ import annotations

import pytest
import remote_servers as servers

from untag import scan
from untag.errors import SourceError, UsageError
from untag.limits import IN_MEMORY
from untag.model import Blob, Gap
from untag.sources import SourceOptions, remote, resolve
from untag.sources.remote import RemoteSource

PLANTED = (
    b"class FaceObject:\n    age: int\n    gender: str\n    race: str\n\n\ndef predict_race(face_image):\n    ...\n"
)
NEUTRAL = b"class FaceObject:\n    age: int\n    emotion: str\n    dog_breed: str\n"
SECRET = "wJalrXUtnFEMIhunter2"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def obstore():
    return pytest.importorskip("obstore", reason="needs pip install 'untag[remote]'")


def amazon(server, **more):
    return SourceOptions(
        environ={
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
            **more,
        }
    )


def items(target, options):
    return list(resolve(target, options).items())


OBJECTS = {
    "a/face.py": PLANTED,
    "a/é ü+%.txt": b"odd",
    "a/deep/er/z.txt": b"z",
    "ab/other.txt": b"other",
    "b.txt": b"b",
}


@pytest.mark.usefixtures("obstore")
def test_a_bucket_is_scanned_in_order_page_by_page():
    with servers.serve(servers.bucket(OBJECTS)) as server:
        found = items("s3://things", amazon(server))
        assert found == [Blob((n,), OBJECTS[n]) for n in sorted(OBJECTS, key=str.encode)]
        assert sum("list-type=2" in path for _, path, _ in server.asked) == 3
        assert all(SECRET not in str(asked) for asked in server.asked)
        assert all("AWS4-HMAC-SHA256" in headers["authorization"] for _, _, headers in server.asked)
        report = scan("s3://things/a", options=amazon(server))
    assert report.findings[0].trail == ("face.py",)
    assert report.target == "s3://things/a"


@pytest.mark.usefixtures("obstore")
def test_the_neutral_twin_is_clean():
    with servers.serve(servers.bucket({"face.py": NEUTRAL})) as server:
        report = scan("s3:things", options=amazon(server))
    assert report.status == "clean"


@pytest.mark.usefixtures("obstore")
def test_prefixes_are_folders_and_single_objects():
    with servers.serve(servers.bucket(OBJECTS)) as server:
        assert [i.trail[0] for i in items("s3://things/a", amazon(server))] == ["deep/er/z.txt", "face.py", "é ü+%.txt"]
        assert [i.trail[0] for i in items("s3://things/a/", amazon(server))] == [
            "deep/er/z.txt",
            "face.py",
            "é ü+%.txt",
        ]
        assert items("s3://things/b.txt", amazon(server)) == [Blob(("b.txt",), b"b")]
        for nothing in ("s3://things/c", "s3://things/b.txt/", "s3://others"):
            with pytest.raises(SourceError):
                items(nothing, amazon(server))


@pytest.mark.usefixtures("obstore")
def test_what_one_object_suffers_the_others_do_not():
    with servers.serve(
        servers.bucket(OBJECTS, denied={"a/face.py"}, cut={"b.txt", "ab/other.txt"}, busy={"a/deep/er/z.txt": 1})
    ) as server:
        found = items("s3://things", amazon(server))
    assert {i.trail[0]: i.reason for i in found if isinstance(i, Gap)} == {
        "a/face.py": "permission",
        "ab/other.txt": "truncated",
        "b.txt": "truncated",
    }
    assert {i.trail[0] for i in found if isinstance(i, Blob)} == {"a/deep/er/z.txt", "a/é ü+%.txt"}


@pytest.mark.usefixtures("obstore")
@pytest.mark.parametrize("name", ["../../etc/passwd", "a//passwd", "a/../passwd", "a/./passwd"])
def test_names_that_climb_are_never_asked_for(name):
    with servers.serve(servers.bucket({"0": b"0", name: b"evil"}, page=1)) as server:
        if name < "0":
            with pytest.raises(SourceError, match="no path"):
                items("s3://things", amazon(server))
        else:
            blob, gap = sorted(items("s3://things", amazon(server)), key=lambda i: isinstance(i, Gap))
            assert (blob.trail, gap.reason, gap.trail) == (("0",), "truncated", ("s3://things",))
        assert not [path for _, path, _ in server.asked if "passwd" in path.partition("?")[0]]


@pytest.mark.usefixtures("obstore")
def test_marks_of_folders_are_no_gaps():
    with servers.serve(servers.bucket({"a/": b"", "a/b": b"b", "c": b""})) as server:
        found = items("s3://things", amazon(server))
    assert found == [Blob(("a",), b""), Blob(("a/b",), b"b"), Blob(("c",), b"")]


@pytest.mark.usefixtures("obstore")
def test_without_keys_nothing_is_signed_and_no_service_is_asked_for_some():
    with servers.serve(servers.bucket(OBJECTS)) as server:
        environ = {"AWS_ENDPOINT_URL": server.url, "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}
        assert len(items("s3://things", SourceOptions(environ=environ))) == 5
        assert not any("authorization" in headers for _, _, headers in server.asked)


@pytest.mark.usefixtures("obstore")
def test_keys_of_a_profile(tmp_path):
    path = tmp_path / "credentials"
    path.write_text(f"[other]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = {SECRET}\n")
    with servers.serve(servers.bucket(OBJECTS)) as server:
        environ = {"AWS_ENDPOINT_URL": server.url, "AWS_SHARED_CREDENTIALS_FILE": str(path), "AWS_PROFILE": "other"}
        assert len(items("s3://things", SourceOptions(environ=environ))) == 5
        assert all("AKIDPROFILE" in headers["authorization"] for _, _, headers in server.asked)


@pytest.mark.usefixtures("obstore")
def test_denied_offline_and_wrong_say_no_secret():
    with servers.serve(lambda request: request.send(b"<Error><Code>AccessDenied</Code></Error>", 403)) as server:
        with pytest.raises(SourceError, match="denies") as denied:
            items("s3://things", amazon(server))
        options = amazon(server)
    with pytest.raises(SourceError, match="offline") as offline:
        items("s3://things", options)
    with pytest.raises(SourceError) as wrong:
        items("s3://things", SourceOptions(environ={"AWS_ENDPOINT_URL": f"nonsense {SECRET}"}))
    for error in (denied, offline, wrong):
        assert SECRET not in str(error.value)


@pytest.mark.usefixtures("obstore")
def test_a_listing_that_lies(monkeypatch):
    monkeypatch.setattr(remote, "TRIES", 1)
    for body in (
        b"",
        b"<no",
        b"<a/>" * 1000,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ):
        with servers.serve(lambda request, body=body: request.send(body)) as server, pytest.raises(SourceError):
            items("s3://things", amazon(server))


@pytest.mark.usefixtures("obstore")
def test_a_large_object_is_mapped():
    large = bytes(IN_MEMORY + 5)
    with servers.serve(servers.bucket({"large": large})) as server:
        [blob] = items("s3://things", amazon(server))
    assert not isinstance(blob.data, bytes)
    assert blob.data[:] == large


@pytest.mark.usefixtures("obstore")
def test_google_speaks_the_same():
    with servers.serve(servers.bucket(OBJECTS)) as server:
        environ = {"STORAGE_EMULATOR_HOST": server.url}
        assert [i.trail[0] for i in items("gs://things/a", SourceOptions(environ=environ))][:2] == [
            "deep/er/z.txt",
            "face.py",
        ]


@pytest.mark.parametrize("wrong", ["s3:", "s3://", "s3://key:secret@bucket/x", "s3://../x", "gs://a..b", "s3://b\n"])
def test_what_names_no_bucket(wrong):
    with pytest.raises(UsageError) as refused:
        resolve(wrong)
    assert "secret@" not in str(refused.value)


def test_the_extra_is_named_where_it_is_absent(monkeypatch):
    monkeypatch.setattr("untag.sources.stores.find_spec", lambda name: None)
    with pytest.raises(SourceError, match=r"untag\[remote\]"):
        resolve("s3://things")


class Memory:
    """What `FsspecTree` asks of a file system, without fsspec."""

    def __init__(self, files):
        self.files = files

    def find(self, root, detail):
        return {n: {"size": len(d)} for n, d in self.files.items() if n == root or n.startswith(f"{root}/")}

    def open(self, name, mode):
        import io

        if self.files[name] == b"no":
            raise PermissionError
        return io.BytesIO(self.files[name])


def test_any_file_system_can_be_given():
    from untag.sources.stores import FsspecTree

    system = Memory({"r/b": b"b", "r/a": b"a", "r/c/no": b"no", "r/../x": b"evil", "r/d//e": b"e"})
    found = list(RemoteSource("", SourceOptions(), FsspecTree(system, "r/", "mine://r")).items())
    assert [(i.trail[0], getattr(i, "reason", "")) for i in found] == [
        ("../x", "unsupported"),
        ("a", ""),
        ("b", ""),
        ("c/no", "permission"),
        ("d//e", ""),
    ]


def test_fsspec_by_address():
    pytest.importorskip("fsspec", reason="needs pip install 'untag[remote]'")
    for here in ("fsspec:file:///etc", "fsspec:/etc", "fsspec:simplecache::s3://b", "fsspec:local://x", "fsspec:"):
        with pytest.raises(UsageError):
            resolve(here)
    with pytest.raises(SourceError, match="no library"):
        resolve("fsspec:nosuch://user:hunter2@h/x")


def test_a_file_system_of_fsspec_itself():
    fsspec = pytest.importorskip("fsspec", reason="needs pip install 'untag[remote]'")
    from untag.sources.stores import FsspecTree

    system = fsspec.filesystem("memory")
    system.store.clear()
    for name, data in {"/r/b/face.py": PLANTED, "/r/a": b"a", "/other": b"o"}.items():
        system.pipe(name, data)
    found = list(RemoteSource("", SourceOptions(), FsspecTree(system, "/r", "memory://r")).items())
    assert found == [Blob(("a",), b"a"), Blob(("b/face.py",), PLANTED)]
    with pytest.raises(SourceError, match="nothing"):
        list(RemoteSource("", SourceOptions(), FsspecTree(system, "/none", "memory://none")).items())
