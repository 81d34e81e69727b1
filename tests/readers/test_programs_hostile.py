"""Programs cut short, damaged or made to hurt: a gap, no crash, no hang, and what stood before is kept."""

from __future__ import annotations

import random  # noqa: TC003 - hypothesis reads the annotation
import struct
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs_made import MAGIC, axml_file, class_file, dex_file, pyc_file
from test_programs_formats import FORMS, GROUPS, NAMES, PLANTED, build, classes, report

from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts import DOORS, artifact_reader
from untag.readers.base import Part

SEEDS = {form: build(form, planted=True) for form in FORMS}
DOORS_HERE = [door for door in DOORS if door.where[0].startswith("programs.")]


def read(data):
    """Read with whoever claims the bytes; only `ReadError` may come out."""
    out = []
    for door in DOORS_HERE:
        if door.likely(data[:4096], "x"):
            reader = door.reader()
            if reader.claims(data[:4096], "x", data[-65_557:]):
                try:
                    for item in reader.parts(Blob(("x",), data), Budget(), Deadline.after(20)):
                        assert isinstance(item, Part | Blob | Gap)
                        out.append(item)
                except ReadError as error:
                    out.append(Gap(("x",), error.reason, error.detail))
    return out


@pytest.mark.parametrize("form", FORMS)
def test_cut_short(tmp_path, form):
    data = SEEDS[form]
    found = report(tmp_path, NAMES.get(form, "x.bin"), data[: len(data) - len(data) // 8])
    assert {g.reason for g in found.gaps} & {"truncated", "corrupt"}
    assert found.status != "clean"


@pytest.mark.parametrize("form", ["class", "pyc9", "pyc13", "axml"])
def test_what_stood_before_the_cut_is_kept(form):
    data = SEEDS[form]
    items = read(data[: len(data) - 12])
    assert any(isinstance(i, Gap) for i in items)
    assert any(isinstance(i, Part) and i.text in (*PLANTED, *GROUPS, "showAge") for i in items)


def test_finding_before_the_damage(tmp_path):
    data = class_file("com/vendor/face/FaceAttributes", PLANTED, methods=["detectFace"])
    found = report(tmp_path, "F.class", data + b"")
    assert found.findings
    found = report(tmp_path, "F.class", data[:-6])
    assert any(f.attribute == "race" for f in found.findings)
    assert [g.reason for g in found.gaps] == ["truncated"]


def test_counts_that_lie():
    whole = bytearray(SEEDS["dex"])
    for at in range(56, 108, 4):
        data = bytearray(whole)
        struct.pack_into("<I", data, at, 0xFFFFFFF0)
        assert read(bytes(data)) is not None
    data = bytearray(SEEDS["arsc"])
    for at in (4, 20, 24, 32):
        struct.pack_into("<I", data, at, 0xFFFFFFF0)
    assert any(isinstance(i, Gap) for i in read(bytes(data)))


def test_strings_of_dex_that_overlap():
    """A table of a million rows that all point at one long string must not copy it a million times."""
    text = b"\xff\x7f" + b"a" * 100_000 + b"\0"
    count = 100_000
    tables = struct.pack(f"<{count}I", *([112 + 4 * count] * count))
    head = (
        b"dex\n035\0" + bytes(24) + struct.pack("<III", 0, 112, 0x12345678) + bytes(12) + struct.pack("<II", count, 112)
    )
    data = head.ljust(112, b"\0") + tables + text
    start = time.monotonic()
    items = read(data)
    assert time.monotonic() - start < 3
    assert [i.reason for i in items if isinstance(i, Gap)] == ["limit"]


def test_pyc_that_nests_and_shares():
    """Tuples within tuples without end, and tuples of references that would unfold to 2**60 values."""
    head = struct.pack("<H", MAGIC[11]) + b"\r\n" + bytes(12)
    code = b"\xe3" + bytes(20) + b"s\0\0\0\0"
    deep = read(head + code + b")\1" * 100_000)
    assert [i.reason for i in deep if isinstance(i, Gap)] == ["limit"]
    shared = b"\xa9\x01z\4race" + b"".join(
        b"\xa9\x02r" + struct.pack("<I", n) + b"r" + struct.pack("<I", n) for n in range(1, 60)
    )
    start = time.monotonic()
    items = read(head + code + b")\x3d" + shared[:])
    assert time.monotonic() - start < 2
    assert any(isinstance(i, Part) and i.text == "race" for i in items)
    own = read(head + code + b"\xa9\x02r\1\0\0\0z\4race")  # a tuple that holds itself
    assert any(isinstance(i, Part) and i.text == "race" for i in own)


def test_annotations_without_end():
    seed = bytearray(class_file("a/FaceB", ["race"], notes={"race": "x"}))
    at = seed.index(b"RuntimeVisibleAnnotations")
    assert read(bytes(seed[:at]) + bytes(seed[at:]).replace(b"s", b"[")) is not None


def test_xml_with_more_attributes_than_bytes():
    data = bytearray(axml_file([("FaceView", {"race": "asian"})]))
    at = data.rindex(struct.pack("<HH", 20, 20)) + 4
    struct.pack_into("<H", data, at, 65_535)
    assert any(isinstance(i, Part) and i.text == "race" for i in read(bytes(data)))


def test_large_dex_is_read_in_good_time():
    many = {
        f"com/vendor/C{n}": {
            "fields": [f"field{n}x{m}" for m in range(8)],
            "lists": {f"LIST{n}": [f"text {n} {m}" for m in range(6)]},
        }
        for n in range(500)
    }
    data = dex_file({**many, **classes(planted=True)})
    start = time.monotonic()
    items = read(data)
    assert time.monotonic() - start < 5
    assert sum(isinstance(i, Part) for i in items) > 7_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SEEDS)), st.randoms(use_true_random=False), st.integers(1, 12))
def test_mutations_raise_nothing(form, chance: random.Random, count):
    data = bytearray(SEEDS[form])
    for _ in range(count):
        at = chance.randrange(len(data))
        data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    read(bytes(data))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(SEEDS)), st.binary(max_size=400), st.integers(8, 200))
def test_any_bytes_raise_nothing(form, noise, keep):
    read(SEEDS[form][:keep] + noise)


def test_pyc_of_no_known_version_is_not_claimed():
    data = pyc_file(11, "A", ("b",), {})
    assert artifact_reader(struct.pack("<H", 3999) + data[2:], "m.pyc", b"") is None
