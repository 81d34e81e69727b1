"""Packages: names, settings, the choice of a file, digests, the cache; against a server on this machine."""

from __future__ import annotations

import base64
import hashlib
import http.server
import io
import json
import os
import sys
import threading

import pytest

from untag.errors import SourceError, UsageError
from untag.model import Blob
from untag.sources import SourceOptions, npm, pypi, resolve
from untag.sources.settings import NPM, PYPI, npm_settings, pip_settings
from untag.sources.stdin import StdinSource
from untag.sources.web import Digest

WHEEL = b"PK\x05\x06" + bytes(18)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Server:
    """Answers from a table of path → (type, body); keeps what it was asked."""

    def __init__(self):
        self.pages = {}
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers.get("Authorization"), self.headers.get("Accept")))
                kind, body = outer.pages.get(self.path, (None, b""))
                if kind == "redirect":
                    self.send_response(302)
                    self.send_header("Location", body)
                    self.end_headers()
                    return
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    one = Server()
    yield one
    one.server.shutdown()
    one.server.server_close()


def options(tmp_path, **environ):
    return SourceOptions(
        environ={
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PIP_CONFIG_FILE": os.devnull,
            **environ,
        }
    )


def simple(server, files, project="demo"):
    server.pages[f"/simple/{project}/"] = (
        "application/vnd.pypi.simple.v1+json",
        json.dumps(
            {
                "files": [
                    {"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": digest}, "yanked": yanked}
                    for name, digest, yanked in files
                ]
            }
        ).encode(),
    )


def test_pypi_json(server, tmp_path):
    simple(server, [("demo-1.0-py3-none-any.whl", sha256(WHEEL), False), ("demo-2.0rc1.tar.gz", sha256(b""), False)])
    server.pages["/files/demo-1.0-py3-none-any.whl"] = ("application/zip", WHEEL)
    seen = []
    settings = SourceOptions(
        environ=options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple").environ,
        progress=lambda *pair: seen.append(pair),
    )
    source = resolve("pypi:Demo", settings)
    (ref,) = source.items()
    assert ref.trail == ("demo-1.0-py3-none-any.whl",)
    with open(ref.path, "rb") as file:
        assert file.read() == WHEEL
    assert ref.size == len(WHEEL)
    assert (source.title, source.sha256) == ("pypi:Demo==1.0", sha256(WHEEL))
    assert seen[-1] == (len(WHEEL), len(WHEEL))
    # the second time it comes from the cache
    asked = len(server.asked)
    list(resolve("pypi:demo==1.0", settings).items())
    assert [path for path, _, _ in server.asked[asked:]] == ["/simple/demo/"]


def test_pypi_html_credentials_and_extra_index(server, tmp_path):
    body = f'<a href="/f/demo-1.0.tar.gz#sha256={sha256(b"x")}">demo-1.0.tar.gz</a><a href="/f/../../etc/passwd">no</a>'
    server.pages["/more/demo/"] = ("text/html", body.encode())
    server.pages["/f/demo-1.0.tar.gz"] = ("application/gzip", b"x")
    netloc = server.url.removeprefix("http://")
    environ = options(
        tmp_path, PIP_INDEX_URL=f"http://me:p%40ss@{netloc}/none", PIP_EXTRA_INDEX_URL=f"{server.url}/more"
    )
    (ref,) = resolve("pypi:demo", environ).items()
    assert ref.trail == ("demo-1.0.tar.gz",)
    assert server.asked[0][1] == "Basic " + base64.b64encode(b"me:p@ss").decode()
    assert all(token is None for _, token, _ in server.asked[1:])


def test_a_wrong_digest_is_refused(server, tmp_path):
    simple(server, [("demo-1.0.tar.gz", sha256(b"good"), False)])
    server.pages["/files/demo-1.0.tar.gz"] = ("application/gzip", b"evil")
    with pytest.raises(SourceError, match="sha256 differs"):
        list(resolve("pypi:demo", options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple")).items())
    assert not [name for _, _, names in os.walk(tmp_path / "cache") for name in names]


def test_a_damaged_cache_is_fetched_again(server, tmp_path):
    simple(server, [("demo-1.0.tar.gz", sha256(b"good"), False)])
    server.pages["/files/demo-1.0.tar.gz"] = ("application/gzip", b"good")
    settings = options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple")
    (ref,) = resolve("pypi:demo", settings).items()
    with open(ref.path, "wb") as file:
        file.write(b"rotten")
    (ref,) = resolve("pypi:demo", settings).items()
    with open(ref.path, "rb") as file:
        assert file.read() == b"good"


def test_the_size_cap(server, tmp_path):
    simple(server, [("demo-1.0.tar.gz", sha256(b"x" * 500), False)])
    server.pages["/files/demo-1.0.tar.gz"] = ("application/gzip", b"x" * 500)
    settings = SourceOptions(size_cap=100, environ=options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple").environ)
    with pytest.raises(SourceError, match="larger than 100"):
        list(resolve("pypi:demo", settings).items())


def test_file_index(tmp_path):
    (tmp_path / "simple" / "demo").mkdir(parents=True)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "demo-3.tar.gz").write_bytes(b"abc")
    page = f'<a href="../../files/demo-3.tar.gz#sha256={sha256(b"abc")}">demo-3.tar.gz</a>'
    (tmp_path / "simple" / "demo" / "index.html").write_text(page)
    (ref,) = resolve("pypi:demo==3.0", options(tmp_path, PIP_INDEX_URL=(tmp_path / "simple").as_uri())).items()
    assert ref.trail == ("demo-3.tar.gz",)


def test_a_page_of_the_web_cannot_name_a_local_file(server, tmp_path):
    (tmp_path / "demo-1.0.tar.gz").write_bytes(b"private")
    link = (tmp_path / "demo-1.0.tar.gz").as_uri()
    server.pages["/simple/demo/"] = ("text/html", f'<a href="{link}">demo-1.0.tar.gz</a>'.encode())
    with pytest.raises(SourceError, match="no file of demo"):
        list(resolve("pypi:demo", options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple")).items())
    server.pages["/simple/demo/"] = ("redirect", link)
    with pytest.raises(SourceError):
        list(resolve("pypi:demo", options(tmp_path, PIP_INDEX_URL=f"{server.url}/simple")).items())


@pytest.mark.parametrize("scheme", ["pypi:demo", "npm:demo"])
def test_offline_says_what_to_do(tmp_path, scheme):
    settings = options(tmp_path, PIP_INDEX_URL="http://127.0.0.1:1/simple", npm_config_registry="http://127.0.0.1:1/")
    with pytest.raises(SourceError, match="download the package elsewhere and scan the file"):
        list(resolve(scheme, settings).items())
    with pytest.raises(SourceError, match="no index"):
        list(resolve("pypi:demo", options(tmp_path, PIP_NO_INDEX="1")).items())


def test_http_needs_trust(tmp_path):
    with pytest.raises(SourceError, match="trusted-host"):
        list(resolve("pypi:demo", options(tmp_path, PIP_INDEX_URL="http://index.invalid/simple")).items())


@pytest.mark.parametrize(
    "spec",
    ["pypi:", "pypi:-r", "pypi:--help", "pypi:a b", "pypi:a/b", "pypi:../x", "pypi:a==", "pypi:a==x y", "pypi:a>=1", "pypi:a[b]",
     "pypi:é", "npm:", "npm:../x", "npm:a b", "npm:@scope", "npm:@/x", "npm:a@", "npm:a@^1", "npm:a@../x", "npm:" + "a" * 215,
     "npm:-g --prefix", "npm:a?b", "npm:a#b", "npm:a%2fb", "pypi:a\n", "npm:a\nb"],
)  # fmt: skip
def test_names_and_versions_are_checked(spec, tmp_path):
    if spec == "pypi:a\n":
        assert resolve(spec, options(tmp_path)).title == "pypi:a"
        return
    with pytest.raises(UsageError):
        resolve(spec, options(tmp_path))


def link(name, yanked=False):
    return pypi.Link(name, "https://example.org/" + name, None, yanked)


@pytest.mark.parametrize(
    ("names", "version", "best"),
    [
        (["d-1.tar.gz", "d-1-py3-none-any.whl"], "", "d-1-py3-none-any.whl"),
        (
            ["d-1-cp310-cp310-manylinux_2_17_x86_64.whl", "d-1-cp39-cp39-manylinux1_x86_64.whl"],
            "",
            "d-1-cp310-cp310-manylinux_2_17_x86_64.whl",
        ),
        (
            ["d-1-cp310-cp310-win_amd64.whl", "d-1-cp310-cp310-macosx_11_0_arm64.whl", "d-1.zip"],
            "",
            "d-1-cp310-cp310-macosx_11_0_arm64.whl",
        ),
        (["d-9.tar.gz", "d-10.tar.gz", "d-11rc1.tar.gz", "d-1!0.tar.gz"], "", "d-1!0.tar.gz"),
        (["d-9.tar.gz", "d-10.tar.gz", "d-11rc1.tar.gz"], "", "d-10.tar.gz"),
        (["d-11rc1.tar.gz", "d-11a1.tar.gz"], "", "d-11rc1.tar.gz"),
        (["d-9.tar.gz", "d-10.tar.gz"], "9.0", "d-9.tar.gz"),
        (["d-9.exe", "other-10.tar.gz", "d-x.tar.gz", "d.whl"], "", None),
    ],
)
def test_choice(names, version, best):
    links = [link(name) for name in names]
    assert (pypi.choose(links, "d", version)[0] or link(None or "")).filename == (best or "")
    assert pypi.choose(links[::-1], "d", version) == pypi.choose(links, "d", version)


def test_yanked_releases_only_when_named():
    links = [link("d-2.tar.gz", yanked=True), link("d-1.tar.gz")]
    assert pypi.choose(links, "d", "")[1] == "1"
    assert pypi.choose(links, "d", "2")[1] == "2"


def npm_page(server, name, body, **dist):
    server.pages["/" + name.replace("/", "%2F")] = (
        "application/json",
        json.dumps(
            {
                "dist-tags": {"latest": "1.2.3", "next": "2.0.0-rc.1"},
                "versions": {
                    version: {"dist": {"tarball": f"{server.url}/t/{version}.tgz", **dist}}
                    for version in ("1.2.3", "2.0.0-rc.1")
                },
            }
        ).encode(),
    )
    for version in ("1.2.3", "2.0.0-rc.1"):
        server.pages[f"/t/{version}.tgz"] = ("application/gzip", body)


def integrity(data):
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


@pytest.mark.parametrize(
    ("spec", "trail"),
    [
        ("demo", "demo-1.2.3.tgz"),
        ("@me/demo", "demo-1.2.3.tgz"),
        ("demo@next", "demo-2.0.0-rc.1.tgz"),
        ("@me/demo@1.2.3", "demo-1.2.3.tgz"),
    ],
)
def test_npm(server, tmp_path, spec, trail):
    for name in ("demo", "@me/demo"):
        npm_page(server, name, b"tar", integrity=integrity(b"tar"), shasum="0" * 40)
    source = resolve(f"npm:{spec}", options(tmp_path, npm_config_registry=server.url))
    (ref,) = source.items()
    assert ref.trail == (trail,)
    assert source.sha256 == sha256(b"tar")


def test_npm_digests(server, tmp_path):
    npm_page(server, "demo", b"evil", integrity=integrity(b"good"))
    settings = options(tmp_path, NPM_CONFIG_REGISTRY=server.url)
    with pytest.raises(SourceError, match="sha512 differs"):
        list(resolve("npm:demo", settings).items())
    old = hashlib.sha1(b"good", usedforsecurity=False).hexdigest()
    assert npm.stated({"shasum": old}) == Digest("sha1", old)
    assert npm.stated({"integrity": "sha512-!!! md5-abc"}) is None
    with pytest.raises(SourceError, match="no version 9"):
        list(resolve("npm:demo@9.9.9", settings).items())
    with pytest.raises(SourceError, match="no package"):
        list(resolve("npm:other", settings).items())
    server.pages["/broken"] = ("application/json", b"[1]")
    with pytest.raises(SourceError):
        list(resolve("npm:broken", settings).items())


def test_npm_settings(server, tmp_path, monkeypatch):
    netloc = server.url.removeprefix("http:")
    (tmp_path / ".npmrc").write_text(
        f"registry={server.url}\n{netloc}/:_authToken=${{TOKEN}}\n@me:registry = https://r.example.org/x\n# no\n"
    )
    project = tmp_path / "project"
    project.mkdir()
    (project / ".npmrc").write_text(
        f"{netloc}/:_authToken=stolen\n@you:registry=https://y.example.org\n@bad:registry=https://x/${{HOME}}\n"
    )
    monkeypatch.chdir(project)
    npm_page(server, "demo", b"tar", integrity=integrity(b"tar"))
    settings = options(tmp_path, TOKEN="s3cret")
    list(resolve("npm:demo", settings).items())
    assert {token for _, token, _ in server.asked} == {"Bearer s3cret"}
    found = npm_settings(settings.environ)
    assert found.registry_of("@me/x") == "https://r.example.org/x/"
    assert found.registry_of("@you/x") == "https://y.example.org/"
    assert found.registry_of("@bad/x") == server.url + "/"
    assert found.token_for("https://elsewhere.example.org/x") == ""


def test_pip_settings(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "none"))
    monkeypatch.setattr("untag.sources.settings._pip_files", lambda environ: [tmp_path / "pip.conf"])
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://a.example.org/simple\nextra-index-url =\n  https://b.example.org\n  file:///c\n"
        "cert = /x.pem\n[download]\ntrusted-host = d.example.org:80\n"
    )
    found = pip_settings({})
    assert found.indexes == ("https://a.example.org/simple/", "https://b.example.org/", "file:///c/")
    assert (found.certificates, found.trusted) == ("/x.pem", ("d.example.org",))
    assert pip_settings({"PIP_INDEX_URL": "https://e/s"}).indexes[0] == "https://e/s/"
    (tmp_path / "pip.conf").write_text("not an ini [")
    assert pip_settings({}).indexes == (PYPI,)


def test_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert npm_settings({"HOME": str(tmp_path)}).registry == NPM
    assert pip_settings({"PIP_CONFIG_FILE": os.devnull}).indexes == (PYPI,)


@pytest.mark.registry
@pytest.mark.skipif(
    "UNTAG_TEST_REGISTRY" not in os.environ, reason="asks a registry: set UNTAG_TEST_REGISTRY=1 to run it"
)
@pytest.mark.parametrize("spec", ["pypi:six==1.16.0", "npm:is-odd@3.0.1"])
def test_real_registries(spec, tmp_path):
    try:
        (ref,) = resolve(spec, SourceOptions(environ={**os.environ, "XDG_CACHE_HOME": str(tmp_path)})).items()
    except SourceError as error:
        pytest.skip(f"the registry cannot be reached: {error}")
    assert ref.size > 1_000


def test_stdin(monkeypatch):
    assert list(StdinSource(SourceOptions(), io.BytesIO(b"hello")).items()) == [Blob(("-",), b"hello")]
    assert resolve("-").title == "-"
    gap, blob = StdinSource(SourceOptions(size_cap=3), io.BytesIO(b"hello")).items()
    assert (gap.reason, bytes(blob.data)) == ("limit", b"hel")
    monkeypatch.setattr("untag.sources.stdin.IN_MEMORY", 100)
    big = b"x" * 3_000_000
    (blob,) = StdinSource(SourceOptions(), io.BytesIO(big)).items()
    assert bytes(blob.data) == big
