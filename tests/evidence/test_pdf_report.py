"""The PDF: the same content, every script, the digest on each page, and nothing in it can act."""

import hashlib
import re
import struct
import sys

import pytest

typst = pytest.importorskip("typst", reason="the extra report is not installed: pip install 'untag[report]'")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the PDF back: pip install pypdfium2")

from html_values import ARABIC, CHINESE, UYGHUR, decision, dossier, hostile, many, report  # noqa: E402

from untag.errors import UsageError  # noqa: E402
from untag.model import Coverage  # noqa: E402
from untag.sinks.html.dossier import canonical  # noqa: E402
from untag.sinks.pdf import fonts, render  # noqa: E402
from untag.sinks.pdf.content import content  # noqa: E402


def pages(made):
    document = pdfium.PdfDocument(made.data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def flat(made):
    return re.sub(r"[\s\u200b\ufffe]+", " ", " ".join(pages(made)))


@pytest.fixture(scope="module")
def made():
    return render(dossier(many()))


def test_the_pdf_says_what_the_report_says(made):
    told = flat(made)
    for wanted in (
        "There are findings that this policy does not let pass.", "7 findings: 4 block, 1 warn, 1 inform, 1 exempt.",
        "2 NOT read", "sdk.zip ▸ face.h, line 3", "In English: 民族 = ethnicity", "+2.5 attribute: EthicCode",
        "−0.5 cuisine: tea (line 9)", "Policy: untag-core 1", "Waived: reviewed by counsel", "needs a password",
        "it leaves out the police.", "the waiver for old.h matched nothing", "Languages compared",
        "untag scan sdk.zip --policy untag-core --format json --output report.json", "How to read it",
    ):  # fmt: skip
        assert wanted in told, wanted


def test_the_digest_and_the_number_stand_on_each_page(made):
    digest = hashlib.sha256(canonical(many())).hexdigest()
    seen = pages(made)
    assert len(seen) > 1
    for number, text in enumerate(seen, 1):
        assert digest in re.sub(r"\s", "", text)
        assert f"page {number} / {len(seen)}" in text


def test_every_script_has_its_glyphs(made):
    if fonts.missing([UYGHUR, ARABIC, CHINESE], typst.Fonts(font_paths=fonts.folders())):
        pytest.skip("this machine has no fonts for Arabic and Chinese")
    assert made.warnings == ()
    # an extractor gives the letters of a right-to-left line in an order of its own
    letters = set("".join(pages(made)))
    assert set("مىللىتىنى") - letters == set()
    assert set("识别人脸的民族属性") <= letters


def test_the_same_report_makes_the_same_bytes(made):
    assert render(dossier(many())).data == made.data


def test_hostile_texts_are_shown_and_do_nothing():
    made = render(dossier(hostile()))
    told = flat(made)
    assert '#panic("typst")' in told
    assert '#("a".repeat(9))' in told
    assert "aaaaaaaaa" not in told
    assert "safe\\u202efdp.exe\\u2066" in told
    for forbidden in (b"/JavaScript", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction"):
        assert forbidden not in made.data


def test_a_clean_report_claims_only_what_was_read():
    told = flat(render(dossier(report())))
    assert "No finding in what was read." in told


def test_an_empty_scan_has_no_verdict():
    assert "there is no verdict" in flat(render(dossier(report(status="incomplete", coverage=Coverage()))))


def test_several_reports_have_several_digests():
    one, other = many(), report(decision(operation="searches"), target="other.zip")
    made = render(dossier(one, other))
    last = re.sub(r"\s", "", pages(made)[-1])
    for each in (one, other):
        assert hashlib.sha256(canonical(each)).hexdigest() in last
    assert "Targets compared" in flat(made)


def test_every_text_prints():
    def walk(value):
        if isinstance(value, str):
            assert value.replace("\u200b", "").isprintable(), value
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(content(dossier(hostile(), many()), {}))


def test_characters_without_a_font_are_named(monkeypatch):
    class Bare:
        def __init__(self, **_):
            pass

        def families(self):
            return []

        def fonts(self):
            return []

    lacking = fonts.missing([UYGHUR, "民族", "плаın"], Bare())
    assert set(lacking) == {"Arabic", "Han"}
    assert lacking["Han"] == 2


def test_a_font_is_asked_for_its_characters(tmp_path):
    groups = struct.pack(">HHIII", 12, 0, 16 + 12, 0, 1) + struct.pack(">III", 0x4E00, 0x4E10, 1)
    table = struct.pack(">HH", 0, 1) + struct.pack(">HHI", 3, 10, 12) + groups
    font = struct.pack(">IHHHH", 0x00010000, 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(table)) + table
    path = tmp_path / "f.ttf"
    path.write_bytes(font)
    assert fonts.covered(path, 0, {0x4E00, 0x4E20}) == {0x4E00}
    path.write_bytes(
        b"ttcf"
        + struct.pack(">II", 0x00010000, 1)
        + struct.pack(">I", 16)
        + font.replace(struct.pack(">I", 28), struct.pack(">I", 44), 1)
    )
    assert fonts.covered(path, 0, {0x4E05}) == {0x4E05}


@pytest.mark.parametrize("data", [b"", b"x", b"ttcf", b"\x00\x01\x00\x00" + b"\xff" * 40, b"OTTO" + b"\x00" * 90])
def test_a_broken_font_covers_nothing(tmp_path, data):
    path = tmp_path / "f.ttf"
    path.write_bytes(data)
    assert fonts.covered(path, 0, {0x41}) == set()
    assert fonts.covered(tmp_path / "none.ttf", 0, {0x41}) == set()


def test_without_the_typesetter_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match=r"pip install 'untag\[report\]'"):
        render(dossier(report()))
