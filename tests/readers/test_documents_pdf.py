"""PDF: places, lines that belong together, what is attached, what cannot be read."""

from __future__ import annotations

import random

import document_files as make
import pytest

from untag import scan
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.documents import pdf, pdf_layout
from untag.readers.artifacts.documents.pdf_layout import Layout, Line, Sheet, joined
from untag.readers.base import Part

pytest.importorskip("pypdfium2")

EN = "The system shall recognise whether a captured face is Uyghur and send an alarm."


def parts(data, name="a.pdf"):
    return list(pdf.PdfReader().parts(Blob((name,), data), Budget(), Deadline.after(20)))


def texts(items):
    return [item.text for item in items if isinstance(item, Part)]


def gaps(items):
    return [item for item in items if isinstance(item, Gap)]


def scanned(tmp_path, data, name="a.pdf"):
    path = tmp_path / name
    path.write_bytes(data)
    return scan(str(path))


@pytest.mark.parametrize(
    ("before", "after", "both"),
    [
        ("the eth\xad", "nicity of", "the ethnicity of"),
        ("the eth-", "nicity of", "the ethnicity of"),
        ("the Uyghur-", "Chinese text", "the Uyghur-Chinese text"),
        ("the English-", "to-German task", "the English-to-German task"),
        ("their skin-", "tone is", "their skin-tone is"),
        ("a range of 3 -", "4 metres", "a range of 3 - 4 metres"),
        ("识别维吾尔", "族人脸", "识别维吾尔族人脸"),
        ("the face", "attributes", "the face attributes"),
    ],
)
def test_lines_are_joined_as_they_are_read(before, after, both):
    assert joined(before, after) == both


def test_ideographs_broken_at_a_line_end_are_one_word():
    sentence = "平台应支持对抓拍人脸图片进行属性分析，属性包括年龄、性别、是否戴眼镜、是否戴口罩，以及人员是否为维吾尔族，并支持按属性检索。"
    items = parts(make.pdf([("p", sentence)]))
    assert texts(items) == [sentence]


def test_running_heads_stand_once_and_page_numbers_never():
    blocks = []
    for number in range(6):
        blocks += [("p", f"Paragraph {number} of the report."), ("new",)]
    items = parts(make.pdf(blocks[:-1], running="ACME confidential"))
    assert texts(items).count("ACME confidential") == 1
    sheet = Sheet([Line([(60.0, "Page 3 of 20")], 60, 100, 20, 10), Line([(60.0, "text")], 60, 100, 400, 10)], 842)
    from untag.readers.artifacts.documents.flow import Flow

    assert [part.text for part in Layout(Flow("a")).page(sheet, None)] == ["text"]


def test_headings_run_on_over_pages():
    items = parts(make.pdf([("h", "Face attributes"), ("p", f"{EN} one"), ("new",), ("p", "two")]))
    two = next(item for item in items if isinstance(item, Part) and item.text == "two")
    assert two.scope.route() == ("page 2", "section Face attributes")


def test_a_paragraph_is_not_cut_by_its_lines():
    items = parts(make.pdf([("p", f"{'Cameras send pictures. ' * 3}{EN}")]))
    assert EN in texts(items)


def test_a_scanned_page_is_a_gap_that_says_what_to_do(tmp_path):
    found = scanned(tmp_path, make.pdf([("p", EN), ("new",), ("scan",), ("new",), ("scan",), ("new",)]))
    assert [(gap.reason, gap.detail) for gap in found.gaps] == [
        ("unsupported", "pages 2-3 have no text layer: give --ocr")
    ]
    assert found.status == "blocked"


def test_an_attachment_is_an_embedded_file(tmp_path):
    note = b"class FaceResult:\n    age: int\n    ethnicity: str\n    glasses: bool\n"
    found = scanned(tmp_path, make.pdf([("p", "See the attached code.")], attachments={"face.py": note}))
    assert ("a.pdf", "face.py") in {finding.trail for finding in found.findings}


def test_password(tmp_path):
    found = scanned(tmp_path, make.pdf([("p", EN)], password=True))
    assert [gap.reason for gap in found.gaps] == ["encrypted"]
    assert found.status == "incomplete"


def test_without_the_extra(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    found = scanned(tmp_path, make.pdf([("p", EN)]))
    assert [gap.reason for gap in found.gaps] == ["missing_extra"]
    assert "untag[pdf]" in found.gaps[0].detail
    assert found.coverage.files == 2  # the file, and its bytes, which are searched as they are


def test_a_zip_behind_a_pdf_is_read_too(tmp_path):
    found = scanned(tmp_path, make.pdf([("p", "Nothing.")]) + make.docx([("p", EN)]))
    assert found.status == "blocked"


def test_damage():
    """Each run costs a process: few of them here, many under the fuzzer."""
    body = make.pdf([("h", "Face"), ("p", EN), ("new",), ("p", EN)])
    rng = random.Random(7)
    for _ in range(12):
        data = bytearray(body)
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        assert all(isinstance(item, (Part, Blob, Gap)) for item in parts(bytes(data)))


def test_a_page_tree_that_runs_in_circles():
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 900000000/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )
    items = parts(data)
    assert gaps(items)


def test_pages_are_worded_shortly():
    assert pdf.ranges([3]) == "page 3"
    assert pdf.ranges([1, 3, 4, 5, 9]) == "pages 1, 3-5, 9"
    assert pdf.ranges(list(range(1, 999, 2))).endswith(" and more")


def test_a_table_with_an_empty_first_cell_continues_its_row():
    lines = [
        Line([(60.0, "Field"), (200.0, "Type"), (300.0, "Description")], 60, 380, 700, 10),
        Line([(60.0, "ethnicity"), (200.0, "string"), (300.0, "ethnic group of the")], 60, 400, 684, 10),
        Line([(300.0, "detected face")], 300, 370, 672, 10),
    ]
    assert pdf_layout._rows(lines)[1] == ["ethnicity", "string", "ethnic group of the detected face"]
