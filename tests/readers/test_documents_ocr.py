"""Text in pictures: off unless asked for, a gap without the library, and what it reads where there is one."""

from __future__ import annotations

import io
import subprocess
from importlib.util import find_spec

import pytest

from untag import scan
from untag.errors import ReadError
from untag.readers.artifacts.documents import ocr

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
CONSOLE = ["Face attribute search", "Age            35", "Glasses        yes", "Send alarm when a face is Uyghur"]
needs_ocr = pytest.mark.skipif(
    not (any(find_spec(name) for name in ocr.LIBRARY) and find_spec("PIL")),
    reason="reading pictures needs untag[ocr]: pip install rapidocr-onnxruntime",
)


@pytest.fixture
def asked():
    ocr.ask()
    yield
    ocr.ask(on=False)


def drawn(lines, kind="PNG", font=None):
    image_of = pytest.importorskip("PIL.Image")
    draw_of = pytest.importorskip("PIL.ImageDraw")
    fonts = pytest.importorskip("PIL.ImageFont")
    image = image_of.new("RGB", (1000, 60 * len(lines) + 80), "white")
    draw = draw_of.Draw(image)
    face = fonts.truetype(font, 30) if font else fonts.load_default(30)
    for number, line in enumerate(lines):
        draw.text((40, 40 + 60 * number), line, fill="black", font=face)
    out = io.BytesIO()
    image.save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def scanned(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return scan(str(path), ocr=ocr.asked())


def test_pictures_stay_opaque_unless_asked(tmp_path):
    found = scanned(tmp_path, "a.png", PNG)
    assert found.coverage.opaque == 1
    assert not found.gaps


def test_without_the_extra(tmp_path, asked, monkeypatch):
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    found = scanned(tmp_path, "a.png", PNG)
    assert [gap.reason for gap in found.gaps] == ["missing_extra"]
    assert "untag[ocr]" in found.gaps[0].detail


@needs_ocr
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_console_on_a_screenshot_is_found(tmp_path, asked, kind):
    found = scanned(tmp_path, f"a.{kind.lower()}", drawn(CONSOLE, kind))
    assert found.status == "blocked"
    assert any("section text in the picture" in finding.route for finding in found.findings)


@needs_ocr
def test_neutral_console(tmp_path, asked):
    found = scanned(tmp_path, "a.png", drawn(["Face attribute search", "Age 35", "Emotion happy", "Dog breed collie"]))
    assert found.status == "clean"


@needs_ocr
def test_a_scanned_page_is_read_when_asked(tmp_path, asked):
    pytest.importorskip("pypdfium2")
    pytest.importorskip("PIL.Image")
    found = scanned(tmp_path, "a.pdf", _scan(drawn(CONSOLE, "JPEG")))
    assert found.status == "blocked"
    assert any("page 1" in finding.route for finding in found.findings)


@needs_ocr
def test_chinese(tmp_path, asked):
    path = (
        subprocess.run(
            ["fc-match", "-f", "%{file}", "Noto Sans CJK SC:lang=zh-cn"], capture_output=True, text=True, check=False
        ).stdout
        if _has("fc-match")
        else ""
    )
    if "CJK" not in path:
        pytest.skip("needs a Chinese font: apt-get install fonts-noto-cjk")
    lines = ["人脸属性检索", "年龄 35", "是否维吾尔族 是", "识别到维吾尔族人脸时报警"]
    found = scanned(tmp_path, "a.png", drawn(lines, font=path))
    assert any("Uyghur" in finding.groups for finding in found.findings)


@needs_ocr
def test_a_damaged_picture_is_a_gap(tmp_path, asked):
    found = scanned(tmp_path, "a.png", PNG)
    assert [gap.reason for gap in found.gaps] == ["corrupt"]


@needs_ocr
def test_a_picture_of_too_many_pixels_is_not_unpacked():
    import struct
    import zlib

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    data += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    with pytest.raises(ReadError) as caught:
        ocr.read_image(data)
    assert caught.value.reason == "limit"


def _has(program):
    import shutil

    return shutil.which(program) is not None


def _scan(jpeg):
    """A PDF whose only page is a picture."""
    content = b"q 500 0 0 240 40 500 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 1000 /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        b" /Filter /DCTDecode /Length %d >>\nstream\n" % (60 * len(CONSOLE) + 80, len(jpeg)) + jpeg + b"\nendstream",
    ]
    out = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n" % n + o + b"\nendobj\n" for n, o in enumerate(objects, 1))
    return out + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n"
