"""Gzip, bzip2, xz, lzma, zstd, ar, 7z and the archives that cannot be read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import threading

import pytest
import zstandard

from untag.limits import Budget
from untag.model import GAP_REASONS, Blob, Gap
from untag.readers.containers import CONTAINERS, container_for
from untag.readers.containers.unsupported import MAGIC

CODECS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zst": zstandard.compress,
}


def tarred(files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def read(data, name="x", budget=None):
    container = container_for(bytes(data[:4096]), name)
    assert container is not None
    items = list(container.members(Blob((name,), data), budget or Budget()))
    blobs = [(item.trail[1:], bytes(item.data)) for item in items if isinstance(item, Blob)]
    gaps = [(item.trail[1:], item.reason) for item in items if isinstance(item, Gap)]
    assert all(reason in GAP_REASONS for _, reason in gaps)
    return blobs, gaps


@pytest.mark.parametrize("ending", CODECS)
@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_one_file(ending, size):
    plain = os.urandom(size // 2).hex().encode()
    assert read(CODECS[ending](plain), f"log.txt.{ending}") == ([(("log.txt",), plain)], [])


@pytest.mark.parametrize("ending", CODECS)
def test_tar_is_streamed(ending):
    files = [("a", b"1"), ("d/b", os.urandom(2_000_000)), ("c", b"3")]
    expected = [(("x.tar", name), data) for name, data in files]
    assert read(CODECS[ending](tarred(files)), f"x.tar.{ending}") == (expected, [])


@pytest.mark.parametrize(
    ("name", "inner"), [("a.tgz", "a.tar"), ("a.tar.gz", "a.tar"), ("a.svgz", "a.svg"), ("a", "a"), (".gz", ".gz")]
)
def test_inner_names(name, inner):
    assert read(gzip.compress(b"1"), name)[0] == [((inner,), b"1")]


def test_stated_name_is_cleaned():
    out = io.BytesIO()
    with gzip.GzipFile("../../evil.txt", "wb", fileobj=out) as file:
        file.write(b"1")
    data = out.getvalue().replace(b"evil.txt", b"..\x1bl.txt")
    assert read(data, "blob")[0] == [(("..\\x1bl.txt",), b"1")]


@pytest.mark.parametrize("ending", CODECS)
def test_truncated_keeps_what_came_before(ending):
    plain = os.urandom(1_500_000).hex().encode()
    data = CODECS[ending](plain)
    blobs, gaps = read(data[: len(data) * 2 // 3], f"a.{ending}")
    assert [reason for _, reason in gaps] == ["truncated"]
    assert plain.startswith(blobs[0][1])
    assert len(blobs[0][1]) > 100_000


@pytest.mark.parametrize("ending", CODECS)
def test_damaged_tar_keeps_the_members_before(ending):
    data = bytearray(CODECS[ending](tarred([(f"{at}", os.urandom(200_000)) for at in range(20)])))
    data[len(data) // 2 : len(data) // 2 + 3_000] = os.urandom(3_000)
    blobs, gaps = read(bytes(data), f"a.tar.{ending}")
    assert gaps
    assert {reason for _, reason in gaps} <= {"corrupt", "truncated", "limit"}
    assert len(blobs) >= (5 if ending != "bz2" else 1)


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst"])
def test_streams_behind_each_other(ending):
    pack = CODECS[ending]
    assert read(pack(b"one ") + pack(b"two"), f"a.{ending}") == ([(("a",), b"one two")], [])


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst"])
def test_trailing_bytes_are_told_and_read(ending):
    blobs, gaps = read(CODECS[ending](b"one") + b"hidden words", f"a.{ending}")
    assert blobs == [(("a",), b"one"), (("~trailing",), b"hidden words")]
    assert gaps == [(("~trailing",), "corrupt")]
    assert read(CODECS[ending](b"one") + bytes(512), f"a.{ending}") == ([(("a",), b"one")], [])


def test_gzip_checksum_error():
    data = bytearray(gzip.compress(b"hello" * 100))
    data[-8] ^= 0xFF
    blobs, gaps = read(bytes(data), "a.gz")
    assert blobs == [(("a",), b"hello" * 100)]
    assert gaps == [(("a",), "corrupt")]


@pytest.mark.parametrize("ending", CODECS)
def test_bombs_are_cut(ending):
    data = CODECS[ending](bytes(100 << 20))
    blobs, gaps = read(data, f"a.{ending}")
    assert gaps[-1][1] == "limit"
    assert sum(len(content) for _, content in blobs) < 100 << 20


def test_bomb_of_tars_is_cut():
    data = gzip.compress(tarred([(f"{at}", bytes(1 << 20)) for at in range(100)]))
    blobs, gaps = read(data, "a.tgz")
    assert gaps[-1][1] == "limit"
    assert 60 <= len(blobs) < 70


def test_zstd_window_and_skippable_frames():
    skippable = struct.pack("<LL", 0x184D2A50, 5) + b"skip!"
    assert read(skippable + zstandard.compress(b"1"), "a.zst") == ([(("a",), b"1")], [])
    big = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=29, enable_ldm=True)
    )
    machine = big.compressobj()
    data = machine.compress(b"1" * 100) + machine.flush()
    assert read(data, "a.zst")[1] == [(("a",), "limit")]


def test_xz_memory_limit():
    data = lzma.compress(b"1" * 100, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])
    assert read(data, "a.xz")[1] == [(("a",), "limit")]


def test_no_thread_is_left_behind():
    data = gzip.compress(tarred([(f"{at}", os.urandom(100_000)) for at in range(200)]), 1)
    walk = container_for(data[:4096], "a.tgz").members(Blob(("a.tgz",), data), Budget())
    next(walk)
    walk.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "untag-unpack"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from the kernel")
def test_memory_stays_small(tmp_path):
    script = f"""
import gzip, resource, tarfile, io, os, sys
from untag.limits import Budget
from untag.model import FileRef
from untag.sources.paths import read
from untag.readers.containers import container_for
path = {str(tmp_path / "big.tar.gz")!r}
block = os.urandom(1 << 19).hex().encode()
with tarfile.open(path, "w:gz", compresslevel=1) as archive:
    for at in range(250):
        info = tarfile.TarInfo(str(at)); info.size = len(block)
        archive.addfile(info, io.BytesIO(block))
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
blob = read(FileRef(("big.tar.gz",), path, 0))
total = 0
for member in container_for(bytes(blob.data[:4096]), "x").members(blob, Budget()):
    total += len(member.data)
anon = [line for line in open("/proc/self/smaps_rollup") if line.startswith("Anonymous")][0]
assert total == 250 << 20, total
print(int(anon.split()[1]) >> 10)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 80


def archived(files, *, bsd=False) -> bytes:
    out = [b"!<arch>\n"]
    for name, data in files:
        field = name.encode()
        if bsd and len(field) > 16:
            data, field = field + data, b"#1/%d" % len(field)  # noqa: PLW2901
        out.append(field.ljust(16) + b"0".ljust(12) + b"0".ljust(6) * 2 + b"100644".ljust(8) + b"%-10d`\n" % len(data))
        out.append(data + b"\n" * (len(data) % 2))
    return b"".join(out)


def test_ar():
    files = [("debian-binary", b"2.0\n"), ("control.tar.gz/", b"odd"), ("data", b"x")]
    expected = [(("debian-binary",), b"2.0\n"), (("control.tar.gz",), b"odd"), (("data",), b"x")]
    assert read(archived(files)) == (expected, [])


def test_ar_long_names():
    table = b"a_rather_long_member_name.o/\nanother_long_member_name.o/\n"
    files = [("/", b"sym"), ("//", table), ("/0", b"1"), ("/29", b"2")]
    blobs, gaps = read(archived(files))
    assert blobs[2:] == [(("a_rather_long_member_name.o",), b"1"), (("another_long_member_name.o",), b"2")]
    assert gaps == []
    assert read(archived([("a_rather_long_member_name.o", b"1")], bsd=True))[0] == [
        (("a_rather_long_member_name.o",), b"1")
    ]


def test_ar_damage():
    data = archived([("a", b"1"), ("b", b"22222222")])
    blobs, gaps = read(data[:-4])
    assert blobs == [(("a",), b"1"), (("b",), b"2222")]
    assert gaps == [(("b",), "truncated")]
    blobs, gaps = read(archived([("a", b"12")]) + b"some garbage that is no header at all, but words to read")
    assert gaps[0][1] in ("corrupt", "truncated")
    assert b"words to read" in blobs[-1][1]
    assert read(b"!<thin>\nx")[1] == [((), "link")]


def sevenzipped(files, **options) -> bytes:
    py7zr = pytest.importorskip("py7zr")
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        for name, data in files:
            archive.writestr(data, name)
    return out.getvalue()


def test_7z():
    files = [("a", b"alpha" * 100), ("d/b", os.urandom(50_000)), ("c", b"x")]
    assert read(sevenzipped(files)) == ([((name,), data) for name, data in files], [])


def test_7z_hostile(monkeypatch):
    assert read(sevenzipped([("a", b"1")], password="secret"))[1] == [((), "encrypted")]
    data = bytearray(sevenzipped([("a", os.urandom(50_000))]))
    data[20_000:20_100] = os.urandom(100)
    assert ((), "corrupt") in read(bytes(data))[1]
    assert read(bytes(data[:10_000]))[1] == [((), "corrupt")]
    assert read(sevenzipped([("a", bytes(70 << 20))]))[1] == [((), "limit")]
    monkeypatch.setattr("py7zr.py7zr.check_archive_path", lambda _: True)
    assert read(sevenzipped([("../evil", b"1"), ("b", b"2")])) == (
        [(("evil",), b"1"), (("b",), b"2")],
        [(("evil",), "unsafe_path")],
    )


def test_7z_without_the_extra(monkeypatch):
    data = sevenzipped([("a", b"1")])
    monkeypatch.setitem(sys.modules, "py7zr", None)
    container = container_for(data[:4096], "x")
    (gap,) = container.members(Blob(("x",), data), Budget())
    assert gap.reason == "missing_extra"
    assert "pip install 'untag[sevenzip]'" in gap.detail


@pytest.mark.parametrize("magic", list(MAGIC))
def test_known_and_unsupported(magic):
    blobs, gaps = read(magic + b"\x20\0" + bytes(50))
    assert blobs == []
    assert gaps == [((), "unsupported")]


def test_text_is_no_container():
    for text in (b"BM is a brand", b"BZh", b"\x1f\x8b", b"PK", b"7z", b"#!/bin/sh\n", b"Rar", b"]\0\0", b"`\xea"):
        assert container_for(text, "a.zip") is None, text


def test_the_registry():
    names = [container.name for container in CONTAINERS]
    assert len(names) == len(set(names))
    assert all(isinstance(container.version, int) for container in CONTAINERS)
