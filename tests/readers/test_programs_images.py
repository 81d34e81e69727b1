"""Images of containers: layers in their order, whiteouts respected, what was deleted still reported."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import zipfile

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from programs_made import digest, tar_of

from untag import scan
from untag.errors import ReadError
from untag.limits import Budget
from untag.model import Blob, Gap
from untag.readers.containers import containers_for

PLANTED = b"class FaceAttributes:\n    age: int\n    gender: str\n    race: str\n"
NEUTRAL = b"class FaceAttributes:\n    age: int\n    emotion: str\n    dog_breed: str\n"


def config(layers, **more):
    return json.dumps(
        {
            "architecture": "amd64",
            "config": {
                "Env": ["PATH=/bin", "FACE_API=1"],
                "Labels": {"maintainer": "x"},
                "Cmd": ["python", "app.py"],
                **more,
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(layer)}" for layer in layers]},
            "history": [{"created_by": "COPY app /app"}],
        }
    ).encode()


def docker(layers, **more):
    """As ``docker save`` before 25 wrote it: a folder a layer."""
    settings_ = config(layers, **more)
    names = [f"{digest(layer)}/layer.tar" for layer in layers]
    files = {}
    for name, layer in zip(names, layers, strict=True):
        files[name.partition("/")[0] + "/"] = None
        files[name] = layer
    files[f"{digest(settings_)}.json"] = settings_
    files["manifest.json"] = json.dumps(
        [{"Config": f"{digest(settings_)}.json", "RepoTags": ["face:1"], "Layers": names}]
    ).encode()
    return tar_of(files)


def oci(layers, pack=gzip.compress, *, index=True, docker_too=False, **more):
    """An OCI layout, with an index of platforms before the manifest."""
    settings_ = config(layers, **more)
    packed = [pack(layer) for layer in layers]
    files = {"blobs/": None, "blobs/sha256/": None}

    def put(data):
        files[f"blobs/sha256/{digest(data)}"] = data
        return {"digest": f"sha256:{digest(data)}", "size": len(data)}

    manifest = put(
        json.dumps({"schemaVersion": 2, "config": put(settings_), "layers": [put(p) for p in packed]}).encode()
    )
    if index:
        manifest = put(json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode())
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    if docker_too:
        names = [f"blobs/sha256/{digest(p)}" for p in packed]
        files["manifest.json"] = json.dumps([{"Config": f"blobs/sha256/{digest(settings_)}", "Layers": names}]).encode()
    return tar_of(files)


LOW = {
    "app/": None,
    "app/face.py": PLANTED,
    "app/gone.py": PLANTED,
    "etc/a": b"low",
    "old/deep/x.py": PLANTED,
    "opq/y": b"y",
}
MID = {"app/.wh.gone.py": b"", ".wh.old": b"", "opq/.wh..wh..opq": b"", "opq/z": b"z"}
TOP = {"etc/a": b"top"}
LAYERS = [tar_of(layer) for layer in (LOW, MID, TOP)]
FORMS = {
    "docker": docker(LAYERS),
    "oci": oci(LAYERS),
    "oci plain": oci(LAYERS, bytes, index=False),
    "oci zstd": oci(LAYERS, zstandard.compress),
    "docker 25": oci(LAYERS, bytes, docker_too=True),
}


def read(data, **budget):
    (container,) = containers_for(data[:4096], "image.tar", data[-65_557:])
    return list(container.members(Blob(("image.tar",), data), Budget(**budget)))


@pytest.mark.parametrize("form", FORMS)
def test_layers_and_what_became_of_their_files(form):
    found = {
        (b.trail[1], "/".join(b.trail[2:])): b.origin.partition(": ")[2]
        for b in read(FORMS[form])
        if b.trail[1].startswith("layer")
    }
    low, mid, top = (f"layer sha256:{digest(layer)[:12]}" for layer in LAYERS)
    assert found == {
        (top, "etc/a"): "visible",
        (mid, "opq/z"): "visible",
        (low, "app/face.py"): "visible",
        (low, "app/gone.py"): f"deleted by {mid}",
        (low, "etc/a"): f"replaced by {top}",
        (low, "old/deep/x.py"): f"deleted by {mid}",
        (low, "opq/y"): f"deleted by {mid}",
    }


@pytest.mark.parametrize("form", FORMS)
def test_configuration_is_read_as_text(form):
    blobs = [b for b in read(FORMS[form]) if isinstance(b, Blob)]
    (found,) = [b for b in blobs if b.trail[1].startswith("config sha256:")]
    assert b"COPY app /app" in bytes(found.data)
    assert found.trail[1].endswith(".json")
    assert len({b.trail for b in blobs}) == len(blobs)


@pytest.mark.parametrize("form", FORMS)
def test_found_where_visible_and_where_deleted(tmp_path, form):
    (tmp_path / "image.tar").write_bytes(FORMS[form])
    report = scan(str(tmp_path), jobs=1)
    assert not report.gaps
    low = f"layer sha256:{digest(LAYERS[0])[:12]}"
    acted = {d.finding.trail for d in report.decisions if d.action in ("block", "warn")}
    assert acted == {("image.tar", low, path) for path in ("app/face.py", "app/gone.py", "old/deep/x.py")}
    assert {f.fingerprint for f in report.findings} == {f.fingerprint for f in scan(str(tmp_path), jobs=1).findings}


def test_neutral_and_environment(tmp_path):
    (tmp_path / "image.tar").write_bytes(docker([tar_of({"app/face.py": NEUTRAL})]))
    report = scan(str(tmp_path), jobs=1)
    assert [d.action for d in report.decisions if d.action in ("block", "warn")] == []
    assert report.status == "clean"
    planted = docker(
        [tar_of({"a": b"a"})], Env=["FACE_ATTRIBUTES=age,gender,race", "FACE_MODEL=race_model_single_batch.h5"]
    )
    (tmp_path / "image.tar").write_bytes(planted)
    assert any(f.trail[1].startswith("config sha256:") for f in scan(str(tmp_path), jobs=1).findings)


def test_layers_that_images_share_and_links_to_layers():
    first, second = config(LAYERS[:1]), config(LAYERS[:2])
    names = ["1" * 64 + "/layer.tar", "2" * 64 + "/layer.tar", "3" * 64 + "/layer.tar"]
    entries = [{"Config": "a.json", "Layers": names[:1]}, {"Config": "b.json", "Layers": [names[2], names[1]]}]
    files = {names[0]: LAYERS[0], names[1]: LAYERS[1], names[2]: (f"../{names[0]}",), "a.json": first, "b.json": second}
    items = read(tar_of({**files, "manifest.json": json.dumps(entries).encode()}))
    trails = [i.trail for i in items if isinstance(i, Blob) and i.trail[-1].endswith("face.py")]
    assert trails == [("image.tar", f"layer sha256:{digest(LAYERS[0])[:12]}", "app/face.py")]
    assert not [i for i in items if isinstance(i, Gap)]


def test_a_tar_that_is_no_image_is_a_tar():
    data = tar_of({"manifest.json": b"[]", "a.py": b"x"})
    assert {i.trail for i in read(data)} == {("image.tar", "manifest.json"), ("image.tar", "a.py")}
    data = tar_of({"a.py": b"x"})
    assert [c.name for c in containers_for(data[:4096], "a.tar", data)] == ["tar"]


def test_cut_short_missing_and_broken(tmp_path):
    for form, data in FORMS.items():
        (tmp_path / "image.tar").write_bytes(data[: len(data) * 2 // 3])
        report = scan(str(tmp_path), jobs=1)
        assert report.gaps, form
    names = ["1" * 64 + "/layer.tar", "2" * 64 + "/layer.tar"]
    manifest = json.dumps([{"Config": "a.json", "Layers": names}]).encode()
    items = read(tar_of({names[0]: LAYERS[0], "a.json": b"{", "manifest.json": manifest}))
    assert {i.reason for i in items if isinstance(i, Gap)} == {"vanished", "corrupt"}
    assert any(i.trail[-1] == "app/face.py" for i in items)
    noisy = oci([tar_of({"face.py": PLANTED, "noise": random.Random(1).randbytes(9_000)})])
    at = noisy.index(b"\x1f\x8b\x08")
    items = read(noisy[: at + 4_000] + bytes(2_000) + noisy[at + 6_000 :])
    assert {i.reason for i in items if isinstance(i, Gap)} & {"truncated", "corrupt"}
    assert any(i.trail[-1] == "face.py" for i in items)


def test_bombs_go_through_the_budget():
    bomb = oci([tar_of({"zeros": bytes(80 << 20)})])
    with pytest.raises(ReadError) as error:
        for _ in containers_for(bomb[:4096], "i.tar", b"")[0].members(Blob(("i.tar",), bomb), Budget(unpacked=1 << 20)):
            pass
    assert error.value.reason == "limit"
    items = read(bomb)
    assert [i.reason for i in items if isinstance(i, Gap)][:1] == ["limit"]
    loop = {"schemaVersion": 2, "manifests": [{"digest": "sha256:" + "0" * 64}] * 50}
    files = {
        "blobs/": None,
        "blobs/sha256/" + "0" * 64: json.dumps(loop).encode(),
        "index.json": json.dumps(loop).encode(),
    }
    assert len(read(tar_of(files))) == 2


def test_names_that_climb_out():
    layer = tar_of({"../../etc/passwd": b"x", "/abs": b"y"})
    items = read(docker([layer]))
    assert {i.reason for i in items if isinstance(i, Gap)} == {"unsafe_path"}
    assert all(".." not in part and not part.startswith("/") for i in items for part in i.trail)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.randoms(use_true_random=False), st.integers(1, 10))
def test_mutations_raise_nothing(form, chance: random.Random, count):
    data = bytearray(FORMS[form])
    for _ in range(count):
        data[chance.randrange(len(data))] = chance.randrange(256)
    for container in containers_for(bytes(data[:4096]), "x", bytes(data[-65_557:])):
        try:
            for item in container.members(Blob(("x",), bytes(data)), Budget(unpacked=64 << 20, members=2_000)):
                assert isinstance(item, Blob | Gap)
        except ReadError:
            pass


def test_pax_names_are_followed():
    layers = [tar_of({"app/face.py": PLANTED}, tarfile.PAX_FORMAT)]
    assert any(i.trail[-1] == "app/face.py" for i in read(docker(layers)))


@pytest.mark.parametrize("form", ["docker", "oci zstd"])
def test_a_finding_says_what_became_of_its_file(tmp_path, form):
    (tmp_path / "image.tar").write_bytes(FORMS[form])
    mid = f"layer sha256:{digest(LAYERS[1])[:12]}"
    low = f"sha256:{digest(LAYERS[0])[:12]}"
    said = {}
    for finding in scan(str(tmp_path), jobs=1).findings:
        told = [e for e in finding.because if e.kind == "layer"]
        if finding.trail[1].startswith("layer"):
            (evidence,) = told
            assert evidence.weight == 0
            said["/".join(finding.trail[2:])] = evidence.text
        else:
            assert told == []
    assert said["app/face.py"] == f"{low}, visible in the image"
    assert said["app/gone.py"] == f"{low}, deleted by {mid}; no longer visible, but shipped with the image"


def test_a_finding_in_an_archive_of_a_layer_says_it_too(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("face.py", PLANTED)
    layers = [tar_of({"app/sdk.zip": packed.getvalue()}), tar_of({"app/.wh.sdk.zip": b"", "pad": bytes(70_000)})]
    (tmp_path / "image.tar").write_bytes(docker(layers))
    findings = scan(str(tmp_path), jobs=1).findings
    assert findings
    assert all("deleted by" in "".join(e.text for e in f.because if e.kind == "layer") for f in findings)
