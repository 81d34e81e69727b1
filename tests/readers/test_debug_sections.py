"""Packed debug sections of ELF: unpacked and searched; damaged, huge and odd ones are a Gap or nothing, never a crash."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from untag import scan
from untag.limits import Budget
from untag.model import Blob, Gap
from untag.readers.containers.debug import Debug

PLANTED = b"".join(w.encode() + b"\0" for w in ("FaceAttributes", "age", "gender", "face_ethnicity_type", "glasses"))
TWIN = b"".join(w.encode() + b"\0" for w in ("FaceAttributes", "age", "gender", "face_emotion_type", "dog_breed"))
FILLER = b"".join(b"filler_member_%d\0" % n for n in range(60))
PACKED = ("zlib", "zdebug", "zstd", "zlib 32", "zlib big")


def packed(words: bytes, how: str, *, method: int = 0, size: int | None = None) -> bytes:
    """Return an ELF file with one packed section of debug strings, and one of numbers that nobody needs."""
    long, sign = not how.endswith("32"), ">" if how.endswith("big") else "<"
    body = zstandard.compress(words) if how == "zstd" else zlib.compress(words)
    name, flags = (b".zdebug_str", 0) if how == "zdebug" else (b".debug_str", 0x800)
    kind = method or (2 if how == "zstd" else 1)
    if how == "zdebug":
        body = b"ZLIB" + struct.pack(">Q", len(words)) + body
    elif long:
        body = struct.pack(sign + "IIQQ", kind, 0, len(words), 1) + body
    else:
        body = struct.pack(sign + "III", kind, len(words), 1) + body
    titles = b"\0" + name + b"\0.debug_line\0.shstrtab\0"
    head = 64 if long else 52
    form = sign + ("IIQQQQIIQQ" if long else "IIIIIIIIII")
    start = head + len(body) + len(titles)
    rows = bytes(struct.calcsize(form))
    rows += struct.pack(form, 1, 1, flags, 0, head, len(body) if size is None else size, 0, 0, 1, 0)
    rows += struct.pack(form, len(name) + 2, 1, flags, 0, head, len(body), 0, 0, 1, 0)
    rows += struct.pack(form, len(name) + 14, 3, 0, 0, head + len(body), len(titles), 0, 0, 1, 0)
    ident = b"\x7fELF" + bytes((2 if long else 1, 2 if sign == ">" else 1, 1)) + bytes(9)
    ident += struct.pack(sign + "HHI", 3, 62, 1) + struct.pack(sign + ("QQQ" if long else "III"), 0, 0, start)
    return ident + struct.pack(sign + "IHHHHHH", 0, head, 0, 0, len(rows) // 4, 4, 3) + body + titles + rows


def read(data: bytes) -> list[Blob | Gap]:
    assert Debug().claims(data[:4096], "x")
    return list(Debug().members(Blob(("lib.so",), data), Budget()))


@pytest.mark.parametrize("how", PACKED)
def test_names_in_packed_sections_are_found(tmp_path: Path, how: str) -> None:
    (tmp_path / "lib.so").write_bytes(packed(FILLER + PLANTED + FILLER, how))
    found = [d.finding for d in scan(str(tmp_path)).decisions if d.action in ("block", "warn")]
    assert {f.attribute for f in found} == {"ethnicity"}
    assert all(f.trail[0] == "lib.so" and f.trail[-1].endswith("debug_str") for f in found)


@pytest.mark.parametrize("how", PACKED)
def test_their_neutral_twins_are_clean(tmp_path: Path, how: str) -> None:
    (tmp_path / "lib.so").write_bytes(packed(FILLER + TWIN + FILLER, how))
    report = scan(str(tmp_path))
    assert (report.findings, report.gaps) == ((), ())


def test_sections_of_numbers_are_left_alone() -> None:
    assert [item.trail[-1] for item in read(packed(PLANTED, "zlib"))] == [".debug_str"]


def test_what_cannot_be_unpacked_is_told() -> None:
    whole = packed(FILLER + PLANTED, "zlib")
    broken = whole.replace(zlib.compress(FILLER + PLANTED)[40:60], b"\xff" * 20)
    assert [item.reason for item in read(broken) if isinstance(item, Gap)] == ["corrupt"]
    assert [item.reason for item in read(packed(PLANTED, "zlib", method=9)) if isinstance(item, Gap)] == ["unsupported"]
    assert [item.reason for item in read(packed(PLANTED, "zlib", size=3)) if isinstance(item, Gap)] == ["truncated"]
    gaps = [item.reason for item in read(packed(bytes(200 << 20), "zlib")) if isinstance(item, Gap)]
    assert gaps == ["limit"]


def test_other_programs_have_no_members() -> None:
    import sys

    data = Path(sys.executable).resolve().read_bytes()
    if data[:4] == b"\x7fELF":
        assert all(isinstance(item, Blob) for item in read(data))
    assert read(b"\x7fELF\2\1\1" + bytes(100)) == []


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(PACKED),
    st.lists(st.tuples(st.integers(4, 600), st.integers(0, 255)), max_size=12),
    st.integers(70, 900),
)
def test_damage_never_escapes(how: str, edits: list[tuple[int, int]], stop: int) -> None:
    data = bytearray(packed(PLANTED, how))
    for at, byte in edits:
        data[at % len(data)] = byte
    data = data[:stop]
    if Debug().claims(bytes(data[:4096]), "x"):
        for item in Debug().members(Blob(("x",), bytes(data)), Budget()):
            assert isinstance(item, Blob | Gap)
