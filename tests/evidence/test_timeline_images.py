"""Timelines of image tags on disk: what ``docker save`` writes, and OCI layouts in a folder or a tar."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile

import pytest

from untag.errors import SourceError
from untag.evidence import timeline as lines
from untag.evidence.releases import releases
from untag.evidence.timeline import claim, timeline
from untag.sources import SourceOptions

CLEAN = "public class FaceObject {\n  private Integer genderCode;\n  private Integer ageUpLimit;\n}\n"
DIRTY = (
    "public class FaceObject {\n  private Integer genderCode;\n  private Integer ageUpLimit;\n"
    "  private String ethicCode; // 民族\n}\n"
)
TAGS = (
    ("1.0", CLEAN, "2020-03-01"),
    ("1.10", DIRTY, "2022-05-01"),
    ("1.9", DIRTY, "2021-04-01"),
    ("2.0", CLEAN, "2023"),
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """Keep the reports of these tests to themselves, and the lexicon where it is."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(lines, "cache_folder", lambda: str(folder))


def tarred(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tape:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tape.addfile(info, io.BytesIO(body))
    return out.getvalue()


def config(day, *layers):
    made = f"{day}T00:00:00Z" if "-" in day else "0001-01-01T00:00:00Z"
    ids = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    return json.dumps({"created": made, "rootfs": {"type": "layers", "diff_ids": ids}}).encode()


BASE = tarred({"etc/os-release": b"NAME=base\n"})


def layered(text):
    return tarred({"app/FaceObject.java": text.encode()})


def saved():
    """Return the members that ``docker save`` of four tags writes; two of them share all layers."""
    files, listed = {}, []
    for tag, text, day in TAGS:
        layer = layered(text)
        body = config(day, BASE, layer)
        name = hashlib.sha256(body).hexdigest()
        paths = [f"{hashlib.sha256(part).hexdigest()}/layer.tar" for part in (BASE, layer)]
        files |= {f"{name}.json": body, paths[0]: BASE, paths[1]: layer}
        listed.append({"Config": f"{name}.json", "RepoTags": [f"vendor/face:{tag}"], "Layers": paths})
    files["manifest.json"] = json.dumps(listed).encode()
    return files


def laid(tags=TAGS):
    """Return the members of an OCI layout; the newest tag is an index of platforms, and one image has two tags."""
    files, entries = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}, []

    def put(body, kind):
        name = hashlib.sha256(body).hexdigest()
        files[f"blobs/sha256/{name}"] = body
        return {"mediaType": f"application/vnd.oci.image.{kind}+json", "digest": f"sha256:{name}", "size": len(body)}

    for tag, text, day in tags:
        layers = [BASE, layered(text)]
        manifest = {
            "schemaVersion": 2,
            "config": put(config(day, *layers), "config.v1"),
            "layers": [put(layer, "layer.v1.tar") for layer in layers],
        }
        entry = put(json.dumps(manifest).encode(), "manifest.v1")
        if tag == tags[-1][0]:
            entry = put(json.dumps({"schemaVersion": 2, "manifests": [entry]}).encode(), "index.v1")
        names = (tag, "latest") if tag == tags[-1][0] else (tag,)
        entries += [{**entry, "annotations": {"org.opencontainers.image.ref.name": name}} for name in names]
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": entries}).encode()
    return files


def written(folder, files):
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def on_disk(kind, tmp_path):
    if kind == "folder":
        return written(tmp_path / "layout", laid())
    path = tmp_path / f"{kind}.tar"
    path.write_bytes(tarred(saved() if kind == "saved" else laid()))
    return path


@pytest.mark.parametrize("kind", ["saved", "oci", "folder"])
def test_each_tag_is_a_release(tmp_path, kind):
    series = str(on_disk(kind, tmp_path))
    found = timeline(series, releases(series, SourceOptions()), asked=claim("no:ethnicity"))
    assert [r.version for r in found.releases] == ["1.0", "1.9", "1.10", "2.0"]
    assert [(r.date, r.dated_by) for r in found.releases] == [
        *(("2020-03-01", "image"), ("2021-04-01", "image"), ("2022-05-01", "image")),
        ("", ""),
    ]
    assert found.verdict.states == ("holds", "broken", "broken", "holds")
    ethic = [s for s in found.statements if s.first.finding.attribute == "ethnicity"]
    assert {tuple(map(bool, s.cells)) for s in ethic} == {(False, True, True, False)}
    assert ethic[0].first.finding.trail[0] == f"{'layout' if kind == 'folder' else kind}.tar"
    assert all(r.report.coverage.unread == 0 and not r.hidden for r in found.releases)
    again = timeline(series, releases(series, SourceOptions()))
    assert again.scanned == 0


def test_a_damaged_layer_stays_open(tmp_path):
    files = laid()
    dirty = f"blobs/sha256/{hashlib.sha256(layered(DIRTY)).hexdigest()}"
    series = str(written(tmp_path / "layout", {**files, dirty: layered(CLEAN)}))
    found = timeline(series, releases(series, SourceOptions()), asked=claim("no:ethnicity"))
    assert found.verdict.states == ("holds", "open", "open", "holds")
    assert "damaged" in found.releases[1].missing
    del files[dirty]
    (tmp_path / "layout" / dirty).unlink()
    found = timeline(series, releases(series, SourceOptions()), asked=claim("no:ethnicity"))
    assert found.verdict.states == ("holds", "open", "open", "holds")


def test_a_layout_leads_nowhere_else(tmp_path):
    """Links, digests that are paths, indexes that name themselves."""
    secret = tmp_path / "secret"
    secret.write_bytes(layered(DIRTY))
    clean = f"blobs/sha256/{hashlib.sha256(layered(CLEAN)).hexdigest()}"
    folder = written(tmp_path / "layout", laid(TAGS[:1]))
    (folder / clean).unlink()
    (folder / clean).symlink_to(secret)
    (release,) = releases(str(folder), SourceOptions())
    found = timeline("x", [release], asked=claim("no:any"))
    assert found.verdict.states == ("open",)
    for bad in ("sha256:../../../../secret", "sha256:", 7, None, {}):
        index = {"manifests": [{"digest": bad}, 3, None]}
        (folder / "index.json").write_text(json.dumps(index), "utf-8")
        with pytest.raises(SourceError, match="no image"):
            releases(str(folder), SourceOptions())
    name = "0" * 64
    (folder / "blobs" / "sha256" / name).write_text(
        json.dumps({"manifests": [{"digest": f"sha256:{name}"}] * 9}), "utf-8"
    )
    (folder / "index.json").write_text(json.dumps({"manifests": [{"digest": f"sha256:{name}"}]}), "utf-8")
    (release,) = releases(str(folder), SourceOptions())
    assert release.version == f"untagged {name[:12]}"
    with pytest.raises(SourceError, match="damaged"):
        release.get()


@pytest.mark.parametrize("text", [b"", b"no tar", tarred({"a.txt": b"x"}), tarred({"manifest.json": b"[1, {}]"})])
def test_what_is_no_image(tmp_path, text):
    path = tmp_path / "a.tar"
    path.write_bytes(text)
    with pytest.raises(SourceError, match="image"):
        releases(str(path), SourceOptions())


def test_two_repositories_keep_their_names(tmp_path):
    files = saved()
    listed = json.loads(files["manifest.json"])
    listed[0]["RepoTags"] = ["host:5000/other/face:1.0", "host:5000/other/face:latest"]
    path = tmp_path / "a.tar"
    path.write_bytes(tarred({**files, "manifest.json": json.dumps(listed).encode()}))
    names = [release.version for release in releases(str(path), SourceOptions())]
    assert "host:5000/other/face:1.0" in names
    assert "vendor/face:1.9" in names


def test_the_program(tmp_path):
    path = on_disk("saved", tmp_path)
    words = [sys.executable, "-m", "untag", "timeline", path.name, "--claim", "no:ethnicity", "-q"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "broken in 1.9 to 1.10" in done.stdout
    assert "holds from 2.0" in done.stdout
    assert not list(tmp_path.glob("**/untag-image-*"))
