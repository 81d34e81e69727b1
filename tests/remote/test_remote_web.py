"""One file at an address: what is found in it, what is refused, and what the messages never say."""

from __future__ import annotations

import io
import zipfile

import pytest
import remote_servers as servers

from untag import scan
from untag.errors import SourceError, UsageError
from untag.limits import IN_MEMORY
from untag.model import Blob, Gap
from untag.sources import SourceOptions, remote, resolve

PLANTED = (
    b"class FaceObject:\n    age: int\n    gender: str\n    race: str\n\n\ndef predict_race(face_image):\n    ...\n"
)
NEUTRAL = b"class FaceObject:\n    age: int\n    emotion: str\n    dog_breed: str\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def items(target, **options):
    return list(resolve(target, SourceOptions(**options)).items())


def only(data, **more):
    return lambda request: request.send(data, **more)


def test_a_file_is_scanned_and_its_twin_is_clean():
    with servers.serve(only(PLANTED)) as server:
        report = scan(f"{server.url}/sdk/face.py")
    assert [f.trail for f in report.findings][:1] == [("face.py",)]
    assert report.target == f"{server.url}/sdk/face.py"
    with servers.serve(only(NEUTRAL)) as server:
        report = scan(f"{server.url}/sdk/face.py")
    assert not [d for d in report.decisions if d.action in ("block", "warn")]
    assert report.status == "clean"


def test_an_archive_is_opened():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("src/face.py", PLANTED)
    with servers.serve(only(packed.getvalue())) as server:
        report = scan(f"{server.url}/sdk.zip?version=3")
    assert report.findings[0].trail == ("sdk.zip", "src/face.py")


def test_secrets_go_to_the_host_and_into_no_message():
    with servers.serve(only(b"x")) as server:
        address = server.url.replace("//", "//user:hunter2@") + "/a%20b?token=hunter2"
        source = resolve(address)
        assert "hunter2" not in source.title
        assert [i.trail for i in source.items()] == [("a b",)]
        assert all(h["Authorization"].startswith("Basic ") for _, _, h in server.asked)
        assert all(p == "/a%20b?token=hunter2" for _, p, _ in server.asked)
    with pytest.raises(SourceError) as refused:
        items(address)
    assert "hunter2" not in str(refused.value)
    with servers.serve(only(b"", code=403)) as server, pytest.raises(SourceError) as refused:
        items(server.url.replace("//", "//user:hunter2@") + "/a?token=hunter2")
    assert "hunter2" not in str(refused.value)
    assert "403" in str(refused.value)


@pytest.mark.parametrize(
    "away",
    [
        "http://127.0.0.2:1/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://169.254.169.254/latest",
        "//other/x",
        "data:,x",
    ],
)
def test_redirects_stay_with_the_host(away):
    with servers.serve(only(b"", code=302, headers=(("Location", away),))) as server:
        with pytest.raises(SourceError, match=r"redirects to|answered 302"):
            items(f"{server.url}/a")
        assert len(server.asked) == 1


def test_another_port_is_another_service():
    with servers.serve(only(b"secret")) as other:
        moved = only(b"", code=302, headers=(("Location", f"{other.url}/b"),))
        with servers.serve(moved) as server, pytest.raises(SourceError, match="redirects to"):
            items(f"{server.url}/a")
        assert not other.asked


def test_redirects_on_the_host_are_followed_but_not_for_ever():
    def answer(request):
        if request.path == "/b":
            request.send(b"moved")
        else:
            request.send(b"", 302, (("Location", "/b" if request.path == "/a" else request.path + "x"),))

    with servers.serve(answer) as server:
        assert items(f"{server.url}/a") == [Blob(("a",), b"moved")]
        with pytest.raises(SourceError):
            items(f"{server.url}/loop")


def test_an_https_address_is_never_left_for_http():
    from untag.sources.web_file import same_place, split

    assert not same_place(split("https://h/a"), split("http://h/a"))
    assert same_place(split("http://h/a"), split("https://h/b"))
    assert not same_place(split("http://h:8080/a"), split("https://h/b"))


def test_a_file_that_breaks_off_is_tried_again_and_then_a_gap():
    calls = []

    def answer(request):
        calls.append(1)
        request.send(b"half", length=8) if len(calls) < 4 else request.send(b"complete")

    with servers.serve(answer) as server:
        assert items(f"{server.url}/a") == [Blob(("a",), b"complete")]
    with servers.serve(lambda request: request.send(b"half", length=8)) as server:
        [gap] = items(f"{server.url}/a")
        assert (gap.trail, gap.reason) == (("a",), "truncated")
        assert len(server.asked) == 1 + remote.TRIES


def test_busy_servers_are_asked_a_few_times():
    with servers.serve(only(b"", code=503)) as server:
        with pytest.raises(SourceError, match="503"):
            items(f"{server.url}/a")
        assert len(server.asked) == remote.TRIES


def test_offline_is_said_plainly():
    with pytest.raises(SourceError, match="check the network"):
        items("https://no-such-host.invalid/a")
    with servers.serve(only(b"")) as server:
        closed = server.url
    with pytest.raises(SourceError, match="refuses"):
        items(f"{closed}/a")


def test_too_large_and_too_slow(monkeypatch):
    with servers.serve(only(b"x" * 5000)) as server:
        [gap] = items(f"{server.url}/a", size_cap=4096)
        assert (gap.reason, gap.trail) == ("limit", ("a",))
    monkeypatch.setattr(remote, "PATIENCE", 0.2)
    with servers.serve(servers.drip) as server:
        [gap] = items(f"{server.url}/a")
        assert gap.reason == "limit"
        assert "a second" in gap.detail


def test_a_large_file_is_mapped():
    data = bytes(IN_MEMORY + 1)
    with servers.serve(only(data)) as server:
        [blob] = items(f"{server.url}/a")
    assert not isinstance(blob.data, bytes)
    assert blob.data[:] == data


@pytest.mark.parametrize(
    "wrong", ["http:", "https://", "http://[::1", "http://h:99999/", "https://a b/", "http://h/\n"]
)
def test_what_is_no_address(wrong):
    with pytest.raises(UsageError):
        items(wrong)


def test_names_of_the_last_part():
    with servers.serve(only(b"x")) as server:
        for path, name in {
            "/": "127.0.0.1",
            "/a%2F..%2Fb": "127.0.0.1",
            "/..%5C..%5Cx": None,
            "/%1b[31m": "\\x1b[31m",
        }.items():
            [item] = items(server.url + path)
            assert isinstance(item, Gap) if name is None else item.trail == (name,)


def test_a_folder_named_like_a_scheme_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "http").mkdir()
    assert items("http") == []
