"""Sniffing kinds, and decoding text whatever its encoding."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile

import pytest

from untag.match.charset import ORDER
from untag.match.decode import decode
from untag.readers.sniff import KINDS, sniff


def tar_bytes():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return out.getvalue()


def zip_bytes():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"1")
    return out.getvalue()


SAMPLES = [
    ("empty", b""),
    ("container", zip_bytes()),
    ("container", tar_bytes()),
    ("container", gzip.compress(b"1")),
    ("text", b"plain\ttext\r\n"),
    ("text", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("text", "维吾尔 Größe раса".encode()),
    ("text", "维族人聚集报警".encode("gbk")),
    ("text", "раса и этнос".encode("cp1251")),
    ("text", "顔の属性".encode("shift_jis")),
    ("text", b"BM and other brands"),
    ("text", b"\x1b[31mred\x1b[0m\n"),
    ("utf16le", "race\n".encode("utf-16-le")),
    ("utf16be", "race\n".encode("utf-16-be")),
    ("utf16le", "race".encode("utf-16")),
    ("utf16le", "维吾尔族\n人脸".encode("utf-16-le")),
    ("utf16be", "维吾尔族\n人脸".encode("utf-16-be")),
    ("utf16be", "\ufeff维吾".encode("utf-16-be")),
    ("utf32", "race\n".encode("utf-32-le")),
    ("utf32", "race\n".encode("utf-32-be")),
    ("utf32", "race\n".encode("utf-32")),
    ("binary", b"\x7fELF\x02\x01\x01" + bytes(100)),
    ("binary", bytes(range(1, 32)) * 9),
    ("binary", b"%PDF-1.7\n\0\xff\xfe binary"),
    ("binary", bytes(64)),
    ("opaque", b"\x89PNG\r\n\x1a\n" + bytes(9)),
    ("opaque", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("opaque", b"GIF89a\x01"),
    ("opaque", b"RIFF\x24\0\0\0WEBPVP8 "),
    ("opaque", b"RIFF\x24\0\0\0WAVEfmt "),
    ("opaque", b"II*\0\x08\0\0\0"),
    ("opaque", b"BM\x36\0\x0c\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
    ("opaque", b"\0\0\x01\0\x01\0\x10\x10"),
    ("opaque", b"\0\0\0\x1cftypavif\0\0\0\0"),
    ("opaque", b"\0\0\0\x18ftypheic\0\0\0\0"),
    ("opaque", b"\0\0\0\x20ftypisom\0\0\x02\0"),
    ("opaque", b"ID3\x03\0\0\0\0"),
    ("opaque", b"OggS\0\x02"),
    ("opaque", b"fLaC\0\0\0\x22"),
    ("opaque", b"wOF2\0\x01\0\0"),
    ("opaque", b"\0\x01\0\0\0\x0c\0\x80"),
    ("opaque", b"OTTO\0\x0b"),
]


@pytest.mark.parametrize(("kind", "data"), SAMPLES)
def test_kinds(kind, data):
    assert kind in KINDS
    assert sniff(data[:4096], len(data), "") == kind


def test_a_head_that_ends_inside_a_character():
    data = ("é" * 4_000).encode()
    for size in range(4_090, 4_097):
        assert sniff(data[:size], len(data), "") == "text"


def test_sniff_never_raises():
    for at in range(3_000):
        assert sniff(os.urandom(at % 64), 100, "x") in KINDS


TEXTS = {
    "gb18030": ["维族", "维吾尔族人聚集报警", "// 人脸属性：是否维族\nint uygur; /* 民族 */", "少数民族识别"],
    "big5": ["維吾爾族", "人臉屬性辨識：種族與年齡", "少數民族"],
    "shift_jis": ["人種推定", "顔の属性を推定する", "ウイグル", "民族を判別します"],
    "euc-jp": ["顔の属性を推定する"],
    "euc-kr": ["인종 분류", "얼굴 속성 인식", "위구르족", "한국어 주석입니다"],
    "cp1251": ["раса", "национальность", "Распознавание лиц: этническая принадлежность", "Этнос"],
    "koi8-r": ["раса", "национальность", "Распознавание лиц: этническая принадлежность"],
    "cp866": ["национальность лица", "Распознавание лиц: этническая принадлежность"],
    "cp1256": ["العرق", "الأصل العرقي", "التعرف على الوجوه والديانة"],
    "cp1254": ["ırk", "etnik köken tanıma ve ırk sınıflandırması", "Uygur Türkü yüz tanıma şüpheli kişi"],
    "cp1252": [
        "été",
        "Größe der Straße",
        "raça e etnia não é",
        "cor da pele: não",
        "peau foncée",
        "origen étnico, año",
    ],
    "utf-8": ["раса 维族 été", "plain"],
    "utf-8-sig": ["раса 维族 été"],
    "utf-16": ["race раса", "维族"],
    "utf-16-le": ["race = 1\n", "维吾尔族 人脸"],
    "utf-16-be": ["race = 1\n", "维吾尔族 人脸"],
    "utf-32": ["race 维族"],
    "utf-32-le": ["race 维族"],
    "iso2022_jp": ["人種 race"],
    "hz": ["维族 race"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
@pytest.mark.parametrize("before", ["", "x = 1  # ", "int a;\r\nchar *b; // "])
def test_decode(encoding, text, before):
    whole = before + text + "\n"
    out = decode(whole.encode(encoding))
    assert out is not None
    assert out[0].decode() == whole
    assert out[1] in {*ORDER, "utf-8", "iso2022_jp_ext", "hz"} or out[1].startswith("utf-")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-2"?><a>', "iso8859_2"),
        ("# -*- coding: cp1253 -*-\n", "cp1253"),
        ("#!/bin/x\n# vim: set fileencoding=iso-8859-7 :\n", "iso8859_7"),
        ('<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1257">', "cp1257"),
        ('<meta charset="tis-620">', "tis_620"),
    ],
)
def test_declarations(head, encoding):
    raw = head.encode() + b"\xe1\xe2\xf1 \xe5\xe4\n"
    out = decode(raw)
    assert out == (raw.decode(encoding).encode(), encoding) or out[1].replace("-", "_") == encoding


@pytest.mark.parametrize(
    "name", ["rot13", "unicode_escape", "zlib", "idna", "punycode", "utf-7", "no-such", "hex", "undefined"]
)
def test_a_declaration_cannot_hide_text(name):
    raw = f"# coding: {name}\nrace = '".encode() + "расы".encode("cp1251") + b"'\n"
    out = decode(raw)
    assert out is not None
    assert b"race" in out[0]
    assert decode(f"# coding: {name}\nrace\n".encode()) == (f"# coding: {name}\nrace\n".encode(), "utf-8")


def test_a_few_bad_bytes_stay_utf8():
    raw = "раса и этнос в тексте\n".encode() * 20 + b"\xff\n"
    out = decode(raw)
    assert out is not None
    assert out[1] == "utf-8"
    assert out[0].count(b"\n") == raw.count(b"\n")


def test_noise_is_none():
    noise = bytes(byte for byte in os.urandom(20_000) if byte not in b"\0\n")
    assert decode(noise) is None


@pytest.mark.parametrize("seed", range(200))
def test_lines_are_kept_and_nothing_raises(seed):
    import random

    raw = random.Random(seed).randbytes(seed * 7).replace(b"\0", b"\n")
    out = decode(raw)
    if out is not None:
        assert out[0].count(b"\n") == raw.count(b"\n") or out[1].startswith("utf-")
        out[0].decode()
    assert decode(raw) == out
