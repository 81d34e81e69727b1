"""Zip: sound archives, and every lie one can tell."""

from __future__ import annotations

import io
import os
import stat
import struct
import warnings
import zipfile

import pytest

from untag.errors import LimitError
from untag.limits import Budget
from untag.model import Blob, Gap
from untag.readers.containers import TAIL, Zip, container_for, containers_for


def packed(files, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, data in files:
                archive.writestr(name, data)
    return out.getvalue()


def read(data: bytes, budget: Budget | None = None, part=(0, 1)):
    items = list(Zip().members(Blob(("a.zip",), data), budget or Budget(), part))
    blobs = [(item.trail[1:], bytes(item.data)) for item in items if isinstance(item, Blob)]
    gaps = [(item.trail[1:], item.reason) for item in items if isinstance(item, Gap)]
    return blobs, gaps


FILES = [("a.txt", b"alpha" * 100), ("d/b.bin", bytes(range(256)) * 9), ("d/", b""), ("c", b"")]
EXPECTED = [(("a.txt",), b"alpha" * 100), (("d/b.bin",), bytes(range(256)) * 9), (("c",), b"")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods(method):
    assert read(packed(FILES, method)) == (EXPECTED, [])


def rezipped(payload: bytes, method: int, plain: bytes) -> bytes:
    """A zip whose one member is ``payload`` with another compression method."""
    data = bytearray(packed([("m", payload)], zipfile.ZIP_STORED))
    central = data.find(b"PK\x01\x02")
    crc = __import__("zlib").crc32(plain)
    struct.pack_into("<H", data, 8, method)
    struct.pack_into("<L", data, 14, crc)
    struct.pack_into("<L", data, 22, len(plain))
    struct.pack_into("<H", data, central + 10, method)
    struct.pack_into("<L", data, central + 16, crc)
    struct.pack_into("<L", data, central + 24, len(plain))
    return bytes(data)


def test_zstd_member():
    import zstandard

    plain = b"caste " * 5_000
    assert read(rezipped(zstandard.compress(plain), 93, plain)) == ([(("m",), plain)], [])


def test_deflate64_member():
    inflate64 = pytest.importorskip("inflate64")
    plain = b"tribe " * 5_000
    machine = inflate64.Deflater()
    assert read(rezipped(machine.deflate(plain) + machine.flush(), 9, plain)) == ([(("m",), plain)], [])


def test_unknown_method():
    assert read(rezipped(b"xyz", 98, b"abc")) == ([], [(("m",), "unsupported")])


def test_appended_to_a_script_and_with_something_behind():
    data = packed(FILES)
    assert read(b"#!/bin/sh\nexec unzip $0\n" * 9 + data) == (EXPECTED, [])
    blobs, gaps = read(data + b"hidden words behind")
    assert blobs == [*EXPECTED, (("~trailing",), b"hidden words behind")]
    assert gaps == []


def test_a_polyglot_is_claimed_by_both():
    data = b"GIF89a" + bytes(50) + packed(FILES)
    assert [found.name for found in containers_for(data[:4096], "x.gif", data[-TAIL:])] == ["zip"]
    import gzip

    both = gzip.compress(b"text") + packed(FILES)
    assert [found.name for found in containers_for(both[:4096], "x", both[-TAIL:])] == ["gzip", "zip"]
    assert container_for(b"plain text", "x.zip", b"plain text") is None


def test_comment_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
        archive.comment = b"a comment"
    assert read(out.getvalue())[0] == [(("a",), b"1"), (("~comment",), b"a comment")]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x", "Windows/x"),
        ("C:x", "x"),
        ("a/../../b", "a/b"),
        ("..", "unnamed"),
    ],
)
def test_unsafe_names_are_told_and_read(name, clean):
    assert read(packed([(name, b"data")])) == ([((clean,), b"data")], [((clean,), "unsafe_path")])


def test_nul_and_control_characters_in_names():
    data = packed([("aXb", b"1"), ("cYd", b"2")]).replace(b"aXb", b"a\0b").replace(b"cYd", b"c\x1bd")
    blobs, gaps = read(data)
    assert blobs == [(("a\\x00b",), b"1"), (("c\\x1bd",), b"2")]
    assert gaps == [(("a\\x00b",), "unsafe_path")]


def test_backslashes_are_separators():
    assert read(packed([("dir\\file", b"1")])) == ([(("dir/file",), b"1")], [])


def test_names_in_other_encodings():
    data = packed([("abcd.txt", b"1")]).replace(b"abcd", "维族".encode("gbk"))
    assert read(data)[0] == [(("维族.txt",), b"1")]
    data = packed([("abc", b"1")]).replace(b"abc", "é..".encode("cp437"))
    assert read(data)[0] == [(("é..",), b"1")]
    assert read(packed([("维族/ü", b"1")]))[0] == [(("维族/ü",), b"1")]


def test_duplicates_are_both_read():
    assert read(packed([("a", b"1"), ("a", b"2")])) == ([(("a",), b"1"), (("a",), b"2")], [(("a",), "duplicate")])


def test_local_header_with_another_name():
    data = bytearray(packed([("good", b"1"), ("next", b"2")]))
    data[30:34] = b"evil"
    assert read(bytes(data)) == ([(("good",), b"1"), (("next",), b"2")], [(("good",), "corrupt")])


def test_checksum_error_is_told_and_read():
    data = bytearray(packed([("a", b"hello")], zipfile.ZIP_STORED))
    data[data.find(b"hello")] = ord("j")
    assert read(bytes(data)) == ([(("a",), b"jello")], [(("a",), "corrupt")])


@pytest.mark.parametrize("size", [0, 3, 1 << 31, 0xFFFFFFFE])
def test_a_lying_size_costs_nothing_and_hides_nothing(size):
    data = bytearray(packed([("a", b"hello world" * 50)]))
    struct.pack_into("<L", data, data.find(b"PK\x01\x02") + 24, size)
    assert read(bytes(data)) == ([(("a",), b"hello world" * 50)], [(("a",), "corrupt")])


def test_damaged_deflate_keeps_what_came_before():
    plain = os.urandom(60_000).hex().encode()
    data = bytearray(packed([("a", plain), ("b", b"whole")]))
    data[40_000:40_200] = b"\xff" * 200
    blobs, gaps = read(bytes(data))
    assert gaps == [(("a",), "corrupt")]
    assert blobs[-1] == (("b",), b"whole")
    assert plain.startswith(blobs[0][1][:1_000])
    assert len(blobs[0][1]) > 1_000


def test_encrypted():
    data = bytearray(packed([("a", b"1"), ("b", b"2")]))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert read(bytes(data)) == ([(("b",), b"2")], [(("a",), "encrypted")])


def test_truncated_archive_keeps_what_came_before():
    data = packed([("a", b"first" * 50), ("b", b"second" * 50)])
    blobs, gaps = read(data[: data.find(b"PK\x01\x02")])
    assert blobs == [(("a",), b"first" * 50), (("b",), b"second" * 50)]
    assert gaps == [((), "truncated")]
    blobs, gaps = read(data[: data.find(b"PK\x03\x04", 4) + 36])
    assert blobs[0] == (("a",), b"first" * 50)
    assert ((), "truncated") in gaps
    assert (("b",), "truncated") in gaps


def test_streamed_archive_without_a_directory():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"first" * 50)
        archive.writestr("b", b"second" * 50)
    data = out.getvalue()
    assert read(data) == ([(("a",), b"first" * 50), (("b",), b"second" * 50)], [])
    assert read(data[: data.find(b"PK\x01\x02")])[0] == [(("a",), b"first" * 50), (("b",), b"second" * 50)]


def test_a_member_that_the_directory_hides_is_read():
    data = packed([("seen", b"1"), ("hidden", b"the hidden words"), ("last", b"3")], zipfile.ZIP_STORED)
    entry = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    after = data.find(b"PK\x01\x02", entry + 4)
    end = bytearray(data[data.find(b"PK\x05\x06") :])
    directory = data[:entry] + data[after : data.find(b"PK\x05\x06")]
    struct.pack_into("<2H", end, 8, 2, 2)
    struct.pack_into("<L", end, 12, len(directory) - data.find(b"PK\x01\x02"))
    blobs, gaps = read(directory + bytes(end))
    assert (("hidden",), b"the hidden words") in blobs
    assert gaps == [(("hidden",), "corrupt")]


def test_bytes_between_members_are_read():
    data = packed([("a", b"1")], zipfile.ZIP_STORED)
    at = data.find(b"PK\x01\x02")
    secret = b"words that no entry claims, hidden here"
    end = bytearray(data[data.find(b"PK\x05\x06") :])
    struct.pack_into("<L", end, 16, at + len(secret))
    blobs, _ = read(data[:at] + secret + data[at : data.find(b"PK\x05\x06")] + bytes(end))
    assert secret in [content for _, content in blobs]


def test_two_archives_one_behind_the_other():
    blobs, _ = read(packed([("first", b"1")]) + packed([("second", b"2")]))
    assert {(("first",), b"1"), (("second",), b"2")} <= set(blobs)


def test_overlapping_members_are_refused():
    data = packed([("a", b"x" * 500), ("b", b"y" * 500)], zipfile.ZIP_STORED)
    second = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    bad = bytearray(data)
    struct.pack_into("<L", bad, second + 42, 0)
    blobs, gaps = read(bytes(bad))
    assert (("b",), "corrupt") in gaps
    assert blobs[0] == (("a",), b"x" * 500)


def test_an_offset_beyond_the_end():
    bad = bytearray(packed([("a", b"1"), ("b", b"2")]))
    struct.pack_into("<L", bad, bad.find(b"PK\x01\x02") + 42, 0xFFFFFF00)
    blobs, gaps = read(bytes(bad))
    assert (("a",), "corrupt") in gaps
    assert (("b",), b"2") in blobs


def test_zip64_sound_and_lying():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w", force_zip64=True) as member:
        member.write(b"wide" * 100)
    assert read(out.getvalue()) == ([(("a",), b"wide" * 100)], [])
    # a zip64 end record with a count and an offset that lie
    data = packed([("a", b"1")])
    at = data.find(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 1 << 62, 1 << 62)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 1 << 63, 1)
    blobs, _ = read(data[:at] + record + locator + data[at:])
    assert (("a",), b"1") in blobs


def test_links():
    def link(name, target):
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        return info, target

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, target in (("d/in", b"../other"), ("d/out", b"../../other"), ("abs", b"/etc/passwd")):
            archive.writestr(*link(name, target))
    assert read(out.getvalue()) == ([], [(("d/out",), "link"), (("abs",), "link")])


def test_bombs_meet_the_budget():
    data = packed([("a", bytes(70 << 20))])
    assert read(data)[1] == [(("a",), "limit")]
    # many members that each stay small
    many = packed([(f"{at}", bytes(1 << 20)) for at in range(100)])
    with pytest.raises(LimitError):
        read(many)
    with pytest.raises(LimitError):
        read(packed(FILES * 5), Budget(members=3))
    with pytest.raises(LimitError):
        read(packed([("a", b"x" * 500)] * 5), Budget(unpacked=1_000))


def test_a_large_member_goes_through_a_mapped_file(monkeypatch):
    monkeypatch.setattr("untag.readers.containers.zip.IN_MEMORY", 1_000)
    monkeypatch.setattr("untag.readers.containers.common.IN_MEMORY", 1_000)
    plain = os.urandom(30_000).hex().encode()
    assert read(packed([("a", plain)])) == ([(("a",), plain)], [])


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_shares_are_the_whole(count):
    data = packed([(f"f{at:03}", os.urandom(at * 37)) for at in range(40)] + [("f001", b"again")]) + b"tail" * 20
    whole = read(data)
    shares = [read(data, part=(at, count)) for at in range(count)]
    assert [blob for blobs, _ in shares for blob in blobs] == whole[0]
    assert [gap for _, gaps in shares for gap in gaps] == whole[1]


def test_empty_archive_and_garbage():
    assert read(packed([])) == ([], [])
    assert read(b"PK\x03\x04" + b"\xff" * 30)[1][0] == ((), "truncated")
    assert read(b"PK\x05\x06" + b"\xff" * 18)[1] != []
