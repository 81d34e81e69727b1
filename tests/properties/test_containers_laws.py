"""Laws of containers: what goes in comes out, and no bytes make a reader raise anything but `ReadError`."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile
import zlib

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.errors import ReadError
from untag.limits import Budget
from untag.model import Blob, Gap
from untag.readers.containers import CONTAINERS, TAIL, containers_for

PART = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\:\0", exclude_categories=["C", "Z"]), min_size=1, max_size=12
).filter(lambda part: part not in (".", ".."))
TREE = st.dictionaries(st.lists(PART, min_size=1, max_size=3).map("/".join), st.binary(max_size=3_000), max_size=8)
PACK = {"": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}


def read(data, name="x"):
    found = {}
    for container in containers_for(data[:4096], name, data[-TAIL:]):
        for item in container.members(Blob((name,), data), Budget()):
            assert isinstance(item, Blob), item
            found["/".join(item.trail[1:])] = bytes(item.data)
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TREE, st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
def test_zip_round_trip(tree, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in tree.items():
            archive.writestr(name, data)
    assert read(out.getvalue()) == tree


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TREE, st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]), st.sampled_from(sorted(PACK)))
def test_tar_round_trip(tree, form, pack):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    data = PACK[pack](out.getvalue())
    if not tree and not pack:
        return  # two blocks of zeros are no tar to anyone
    inner = "" if not pack else "x/"
    if not tree:
        assert set(read(data)) == {"x"}
    else:
        assert read(data) == {inner + name: content for name, content in tree.items()}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=5_000), st.sampled_from(sorted(set(PACK) - {""})))
def test_stream_round_trip(data, pack):
    packed = PACK[pack](data)
    (container,) = containers_for(packed[:4096], "a")
    (item,) = container.members(Blob(("a",), packed), Budget())
    assert item == Blob(("a", "a"), data)


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda container: container.name)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_damage_never_escapes(container, data):
    seed = SEEDS[container.name]
    raw = bytearray(seed)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(raw) - 1), st.integers(0, 255)), max_size=8)):
        raw[at] = value
    cut = data.draw(st.integers(0, len(raw)))
    raw = bytes(raw[: cut if data.draw(st.booleans()) else len(raw)])
    container.claims(raw[:4096], "x")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for item in container.members(Blob(("x",), raw), Budget(unpacked=50 << 20, members=500)):
                assert isinstance(item, Blob | Gap)
        except ReadError:
            pass


def elf_of(words):
    """Return an ELF file with one packed debug section and no table of names."""
    body = struct.pack("<IIQQ", 1, 0, len(words), 1) + zlib.compress(words)
    rows = bytes(64) + struct.pack("<IIQQQQIIQQ", 0, 1, 0x800, 0, 64, len(body), 0, 0, 1, 0)
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQ", 3, 62, 1, 0, 0, 64 + len(body))
    return head + struct.pack("<IHHHHHH", 0, 64, 0, 0, 64, 2, 0) + body + rows


def seeds():
    """One sound archive for each container."""
    files = [("a.txt", b"alpha " * 50), ("d/b", bytes(range(256)) * 3)]
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    image = io.BytesIO()
    manifest = b'[{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l/layer.tar"]}]'
    with tarfile.open(fileobj=image, mode="w") as archive:
        for name, data in (("manifest.json", manifest), ("c.json", b"{}"), ("l/layer.tar", tar.getvalue())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    made = {
        "image": image.getvalue(),
        "zip": zipped.getvalue(),
        "tar": tar.getvalue(),
        "gzip": gzip.compress(tar.getvalue()),
        "bzip2": bz2.compress(tar.getvalue()),
        "xz": lzma.compress(tar.getvalue()),
        "zstd": zstandard.compress(tar.getvalue()),
        "ar": b"!<arch>\n" + b"a/".ljust(16) + b"0".ljust(32) + b"3".ljust(10) + b"`\nabc\n",
        "debug": elf_of(b"alpha\0" * 50),
        "unsupported": b"Rar!\x1a\x07\x01\0" + bytes(50),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
    }
    try:
        import py7zr
    except ImportError:
        return made
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(data, name)
    made["7z"] = out.getvalue()
    return made


SEEDS = seeds()
