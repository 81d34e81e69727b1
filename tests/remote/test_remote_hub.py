"""The Hugging Face hub against a server on loopback that answers like it."""

from __future__ import annotations

import json

import pytest
import remote_servers as servers

from untag import scan
from untag.errors import SourceError, UsageError
from untag.model import Blob, Gap
from untag.sources import SourceOptions, remote, resolve
from untag.sources.hub import hub_place
from untag.sources.web_file import split

LABELS = {"id2label": {"0": "White", "1": "Black", "2": "East Asian", "3": "Indian", "4": "Latino_Hispanic"}}
FILES = {
    "config.json": json.dumps({**LABELS, "architectures": ["ViTForImageClassification"]}).encode(),
    "README.md": b"# A model\n\nClassifies the race of faces in pictures.\n",
    "sub/a.txt": b"a",
    "sub/b c#?.txt": b"b",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.01)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def options(server, **more):
    return SourceOptions(environ={"HF_ENDPOINT": server.url, "HF_TOKEN_PATH": "/nowhere", **more})


def items(target, chosen):
    return list(resolve(target, chosen).items())


def test_a_model_is_scanned_at_one_commit():
    with servers.serve(servers.hub(FILES)) as server:
        found = items("hf://owner/face", options(server))
        assert found == [Blob((n,), FILES[n]) for n in sorted(FILES)]
        assert all(servers.COMMIT in path for _, path, _ in server.asked[1:])
        report = scan("hf:owner/face", options=options(server))
    assert {f.trail for f in report.findings} & {("config.json",), ("README.md",)}
    assert report.target == "hf://owner/face"


def test_a_folder_and_a_file_of_it():
    with servers.serve(servers.hub(FILES)) as server:
        assert [i.trail for i in items("hf://owner/face@main/sub", options(server))] == [("a.txt",), ("b c#?.txt",)]
        assert items("hf://owner/face/config.json", options(server)) == [Blob(("config.json",), FILES["config.json"])]


def test_the_token_stays_with_the_endpoint():
    with servers.serve(servers.hub(FILES, elsewhere="https://cdn.example.org/x")) as server:
        found = items("hf://owner/face", options(server, HF_TOKEN="hf_hunter2"))
        assert {i.reason for i in found if isinstance(i, Gap)} == {"unsupported"}
        assert len(found) == len(FILES)
        assert all(h["Authorization"] == "Bearer hf_hunter2" for _, _, h in server.asked)
        assert "hunter2" not in str(found)


def test_where_the_hub_may_lead():
    home = split("https://huggingface.co/x")
    for host in ("https://cdn-lfs.hf.co/a", "https://cas-bridge.xethub.hf.co/a", "https://huggingface.co/b"):
        assert hub_place(home, split(host))
    for host in (
        "http://cdn-lfs.hf.co/a",
        "https://evilhf.co/a",
        "https://hf.co.evil.org/a",
        "https://cdn.hf.co:8443/",
    ):
        assert not hub_place(home, split(host))


def test_names_that_climb_are_gaps():
    with servers.serve(servers.hub({"a": b"a"}, names=("../../secret", "/etc/passwd", "x\0y", "\ud800"))) as server:
        found = items("hf://owner/face", options(server))
        assert [i.trail for i in found if isinstance(i, Blob)] == [("a",)]
        assert len([i for i in found if isinstance(i, Gap)]) == 4
        assert not [path for _, path, _ in server.asked if "secret" in path or "passwd" in path]


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b"[1]", b"null", b'{"sha": "../../x"}', b"[" * 100_000])
def test_answers_that_lie(body):
    with servers.serve(lambda request: request.send(body)) as server, pytest.raises(SourceError):
        items("hf://owner/face", options(server))


def test_a_next_page_from_elsewhere():
    def answer(request):
        if "/revision/" in request.path:
            request.send(json.dumps({"sha": servers.COMMIT}).encode())
        else:
            request.send(b"[]", 200, (("Link", '<http://127.0.0.2:9/x>; rel="next"'),))

    with servers.serve(answer) as server, pytest.raises(SourceError, match="another host"):
        items("hf://owner/face", options(server))


def test_not_there_and_not_allowed():
    with servers.serve(servers.hub(FILES)) as server, pytest.raises(SourceError, match="check the name"):
        items("hf://owner/none", options(server))
    with servers.serve(lambda request: request.send(b"", 401)) as server, pytest.raises(SourceError, match="HF_TOKEN"):
        items("hf://owner/face", options(server))
    with pytest.raises(SourceError, match="check the network"):
        items("hf://owner/face", SourceOptions(environ={"HF_ENDPOINT": "https://no-such-host.invalid"}))


@pytest.mark.parametrize(
    "wrong", ["hf:", "hf://face", "hf://../x", "hf://a/b/../c", "hf://a/b@", "hf://a/b//c", "hf://datasets/a"]
)
def test_what_names_no_repository(wrong):
    with pytest.raises(UsageError):
        resolve(wrong)
