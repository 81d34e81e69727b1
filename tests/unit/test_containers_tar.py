"""Tar: every dialect, and every damage."""

from __future__ import annotations

import io
import os
import tarfile

import pytest

from untag.errors import LimitError
from untag.limits import Budget
from untag.model import Blob, Gap
from untag.readers.containers.tar import Tar


def packed(files, form=tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def read(data: bytes, budget: Budget | None = None):
    items = list(Tar().members(Blob(("a.tar",), data), budget or Budget()))
    blobs = [(item.trail[1:], bytes(item.data)) for item in items if isinstance(item, Blob)]
    gaps = [(item.trail[1:], item.reason) for item in items if isinstance(item, Gap)]
    return blobs, gaps


FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


@pytest.mark.parametrize("form", FORMS)
def test_dialects(form):
    long = "d/" * 60 + "n" * 90 if form != tarfile.USTAR_FORMAT else "d/" * 60 + "name"
    files = [("a", b"1"), (long, b"x" * 513), ("é/维族", b"y" * 1024), ("empty", b"")]
    assert Tar().claims(packed(files, form)[:4096], "")
    assert read(packed(files, form)) == ([((name,), data) for name, data in files], [])


def test_v7_header_without_magic():
    data = bytearray(packed([("a", b"1")], tarfile.USTAR_FORMAT))
    data[257:265] = bytes(8)
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    assert Tar().claims(bytes(data[:4096]), "")
    assert read(bytes(data)) == ([(("a",), b"1")], [])


def test_signed_checksum():
    data = bytearray(packed([("é", b"1")], tarfile.GNU_FORMAT))
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(byte - 256 if byte > 127 else byte for byte in data[:512])
    assert read(bytes(data))[0] == [(("é",), b"1")]


def test_text_is_no_tar():
    assert not Tar().claims(b"0" * 512, "a.tar")
    assert not Tar().claims(b"abc", "a.tar")
    assert not Tar().claims(bytes(512), "a.tar")


def test_base_256_sizes():
    data = bytearray(packed([("a", b"hello")], tarfile.GNU_FORMAT))
    data[124:136] = b"\x80" + (5).to_bytes(11, "big")
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    assert read(bytes(data)) == ([(("a",), b"hello")], [])


@pytest.mark.parametrize("field", [b"\xff" * 12, b"zzzzzzzzzzz\0", b"-0000000001\0"])
def test_a_size_that_is_no_number(field):
    data = bytearray(packed([("a", b""), ("b", b"2")], tarfile.GNU_FORMAT))
    data[124:136] = field
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    assert read(bytes(data)) == ([(("b",), b"2")], [((), "corrupt")])


@pytest.mark.parametrize("size", [b"77777777777\0", b"\x80" + b"\x7f" * 11])
def test_a_lying_size_reads_what_there_is(size):
    data = bytearray(packed([("a", b"hello")], tarfile.GNU_FORMAT))
    data[124:136] = size
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    blobs, gaps = read(bytes(data))
    assert blobs[0][1].startswith(b"hello")
    assert gaps[0] == (("a",), "truncated")


def test_pax_size_and_path_override():
    info = tarfile.TarInfo("short")
    info.pax_headers = {"path": "the/real/name", "comment": "x=y\nz"}
    assert read(packed([(info, b"data")])) == ([(("the/real/name",), b"data")], [])


def test_global_pax_header():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "c0ffee"}) as archive:
        info = tarfile.TarInfo("a")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"1"))
    assert read(out.getvalue()) == ([(("a",), b"1")], [])


@pytest.mark.parametrize("body", [b"", b"xx", b"5 a=b\n9999999 x=y\n", b"-3 a=b\n", b"0 \n", b"\xff" * 100])
def test_malformed_pax_headers(body):
    data = packed([(special("pax", tarfile.XHDTYPE), body), ("a", b"1")], tarfile.USTAR_FORMAT)
    # tarfile writes no data for odd kinds: build the header with its size by hand
    header = bytearray(data[:512])
    header[124:136] = b"%011o\0" % len(body)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    padded = body + bytes(-len(body) % 512)
    blobs, _ = read(bytes(header) + padded + packed([("a", b"1")], tarfile.USTAR_FORMAT))
    assert blobs[-1] == (("a",), b"1")


def test_links_devices_and_folders():
    data = packed(
        [
            (special("d", tarfile.DIRTYPE), b""),
            (special("d/in", tarfile.SYMTYPE, "../x"), b""),
            (special("d/out", tarfile.SYMTYPE, "../../x"), b""),
            (special("hard", tarfile.LNKTYPE, "d/x"), b""),
            (special("hardout", tarfile.LNKTYPE, "../x"), b""),
            (special("abs", tarfile.SYMTYPE, "/etc/passwd"), b""),
            (special("fifo", tarfile.FIFOTYPE), b""),
            (special("device", tarfile.CHRTYPE), b""),
            ("last", b"1"),
        ]
    )
    assert read(data) == ([(("last",), b"1")], [(("d/out",), "link"), (("hardout",), "link"), (("abs",), "link")])


def test_a_link_that_carries_bytes_hides_nothing():
    header = bytearray(packed([("link", b"secret words")], tarfile.USTAR_FORMAT)[:1024])
    header[156:157] = tarfile.LNKTYPE
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    blobs, _ = read(bytes(header) + packed([("a", b"1")]))
    assert (("link",), b"secret words") in blobs
    assert (("a",), b"1") in blobs


@pytest.mark.parametrize(("name", "clean"), [("../x", "x"), ("/x/y", "x/y"), ("a/../../x", "a/x"), ("C:/x", "x")])
def test_unsafe_names(name, clean):
    assert read(packed([(name, b"1")])) == ([((clean,), b"1")], [((clean,), "unsafe_path")])


def test_duplicates():
    data = packed([("a", b"1"), ("./a", b"2")])
    assert read(data) == ([(("a",), b"1"), (("a",), b"2")], [(("a",), "duplicate")])


def test_sparse_members_are_read_as_stored():
    header = bytearray(packed([("sparse", b"")], tarfile.GNU_FORMAT)[:512])
    stored = b"some words".ljust(512, b"\0")
    header[156:157] = b"S"
    header[124:136] = b"%011o\0" % 512
    header[386:410] = b"%011o\0%011o\0" % (1 << 30, 512)
    header[482] = 1
    header[483:495] = b"%011o\0" % ((1 << 30) + 512)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    extension = bytearray(512)
    blobs, gaps = read(bytes(header) + bytes(extension) + stored + packed([("a", b"1")]))
    assert blobs == [(("sparse",), stored), (("a",), b"1")]
    assert gaps == []


def test_truncated():
    data = packed([("a", b"first" * 200), ("b", b"second" * 200)])
    blobs, gaps = read(data[:1_600])
    assert blobs[0] == (("a",), b"first" * 200) if len(blobs) > 1 else True
    assert gaps
    whole_first = data[: data.find(b"second") + 100]
    blobs, gaps = read(whole_first)
    assert blobs[0] == (("a",), b"first" * 200)
    assert blobs[1][1].startswith(b"second")
    assert (("b",), "truncated") in gaps
    assert read(data[: 1024 + 512])[1]


def test_no_end_mark():
    data = packed([("a", b"1")])
    blobs, gaps = read(data[:1024])
    assert blobs == [(("a",), b"1")]
    assert gaps == [((), "truncated")]


def test_a_damaged_header_costs_one_member():
    data = bytearray(packed([("a", b"1"), ("b", b"2"), ("c", b"3")], tarfile.USTAR_FORMAT))
    data[1024 + 3] ^= 0xFF
    assert read(bytes(data)) == ([(("a",), b"1"), (("c",), b"3")], [((), "corrupt")])


def test_members_and_bytes_behind_the_end_are_read():
    one, two = packed([("a", b"1")]), packed([("b", b"2")])
    assert read(one + two) == ([(("a",), b"1"), (("b",), b"2")], [((), "corrupt")])
    blobs, gaps = read(one + b"words behind".ljust(600, b"."))
    assert blobs[1] == (("~trailing",), b"words behind".ljust(600, b"."))
    assert gaps == [(("~trailing",), "corrupt")]


def test_budget():
    with pytest.raises(LimitError):
        read(packed([(f"{at}", b"1") for at in range(9)]), Budget(members=4))
    with pytest.raises(LimitError):
        read(packed([("a", bytes(5_000))]), Budget(unpacked=1_000))
    blobs, gaps = read(packed([("a", b"x" * 3_000), ("b", b"2")]), Budget(member_size=1_000))
    assert blobs == [(("a",), b"x" * 1_000), (("b",), b"2")]
    assert gaps == [(("a",), "limit")]


def test_a_large_extended_header_is_refused():
    header = bytearray(packed([("x", b"")], tarfile.USTAR_FORMAT)[:512])
    header[156:157] = b"x"
    header[124:136] = b"%011o\0" % (2 << 20)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    blobs, gaps = read(bytes(header) + bytes(2 << 20) + packed([("a", b"1")]))
    assert blobs == [(("a",), b"1")]
    assert gaps == [((), "limit")]


def test_a_large_member_is_a_view(monkeypatch):
    monkeypatch.setattr("untag.readers.containers.pull.IN_MEMORY", 1_000)
    plain = os.urandom(5_000)
    assert read(packed([("a", plain), ("b", b"2")])) == ([(("a",), plain), (("b",), b"2")], [])
