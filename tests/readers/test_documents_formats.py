"""Each format of document: one positive, one neutral twin, one cut off, and where things stand."""

from __future__ import annotations

import document_files as make
import pytest

from untag import scan

EN = "The system shall recognise whether a captured face is Uyghur and send an alarm."
ZH = "系统应能识别抓拍人脸是否为维吾尔族，并向平台发送报警信息。"
SPEC = [
    ["Field", "Type", "Description"],
    ["age", "int", "age of the detected face"],
    ["ethnicity", "string", "ethnic group of the detected face"],
]
NEUTRAL_SPEC = [
    ["Field", "Type", "Description"],
    ["age", "int", "age of the detected face"],
    ["emotion", "string", "emotion of the detected face"],
    ["dog_breed", "string", "breed of the detected dog"],
]
FILLER = "Cameras send pictures to the platform over the network."


def report(sentence):
    return [
        ("h", "Interoperability test report"),
        ("p", FILLER),
        ("new",),
        ("h", "Face attributes"),
        ("p", f"{FILLER} {sentence} Result: pass."),
        ("new",),
        ("h", "Network"),
        ("p", FILLER),
    ]


FORMATS = {
    "pdf": (make.pdf, "page 2"),
    "docx": (make.docx, "section Face attributes"),
    "pptx": (make.pptx, "slide 2"),
    "odt": (make.odt, "section Face attributes"),
    "odp": (make.odp, "slide 2"),
    "epub": (make.epub, "section 2"),
    "rtf": (make.rtf, "section Face attributes"),
    "doc": (make.doc, ""),
    "ppt": (make.ppt, "slide 2"),
    "eml": (make.eml, ""),
}
SHEETS = {"xlsx": make.xlsx, "ods": make.ods, "xls": make.xls}


def scanned(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return scan(str(path))


def acting(report):
    return [d for d in report.decisions if d.action in ("block", "warn")]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("sentence", [EN, ZH], ids=["en", "zh"])
def test_a_sentence_in_a_test_report_is_found_at_its_place(tmp_path, kind, sentence):
    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    build, place = FORMATS[kind]
    found = scanned(tmp_path, f"report.{kind}", build(report(sentence)))
    blocked = acting(found)
    assert blocked, (found.findings, found.gaps)
    assert {d.finding.attribute for d in blocked} == {"ethnicity"}
    if place:
        assert all(place in d.finding.route for d in blocked), [d.finding.route for d in blocked]
    assert not found.gaps
    assert any("Uyghur" in d.finding.groups for d in blocked)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_specification_is_quoted_by_its_row(tmp_path, kind):
    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    blocks = [("h", "Face attribute interface"), ("p", "The camera returns attributes of each face."), ("t", SPEC)]
    found = acting(scanned(tmp_path, f"spec.{kind}", FORMATS[kind][0](blocks)))
    assert found
    assert any("ethnic group of the detected face" in d.finding.excerpt for d in found)


@pytest.mark.parametrize("kind", FORMATS)
def test_neutral_twin(tmp_path, kind):
    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    sentence = "The system shall recognise whether a captured face wears glasses and send an alarm."
    blocks = [*report(sentence), ("t", NEUTRAL_SPEC)]
    found = scanned(tmp_path, f"report.{kind}", FORMATS[kind][0](blocks))
    assert not acting(found)
    assert not found.gaps


@pytest.mark.parametrize("kind", SHEETS)
def test_a_column_of_pictured_people_is_found_and_no_value_is_named(tmp_path, kind):
    rows = [["image_path", "face_box", "age", "glasses", "ethnicity"]]
    rows += [[f"img{n}.jpg", "1 2 3 4", 30, "no", ("Uyghur", "Han", "Tibetan")[n % 3]] for n in range(30)]
    found = scanned(tmp_path, f"labels.{kind}", SHEETS[kind]({"Notes": [["made by hand"]], "Attributes": rows}))
    blocked = acting(found)
    assert blocked, found
    assert all("sheet Attributes" in d.finding.route for d in blocked)
    assert any(d.finding.route[-1] == "ethnicity" for d in blocked)
    assert not any("img1" in d.finding.excerpt for d in found.decisions)


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_of_test_cases_is_quoted(tmp_path, kind):
    rows = [["编号", "测试项", "预期结果"], ["1", "人脸抓拍", "识别年龄和眼镜"], ["2", "人脸属性", ZH]]
    found = acting(scanned(tmp_path, f"cases.{kind}", SHEETS[kind]({"测试用例": rows})))
    assert found
    assert all("sheet 测试用例" in d.finding.route for d in found)
    assert any("维吾尔族" in d.finding.excerpt for d in found)


@pytest.mark.parametrize("kind", SHEETS)
def test_neutral_sheet(tmp_path, kind):
    rows = [["image_path", "age", "emotion", "dog_breed"], *([f"{n}.jpg", 3, "happy", "collie"] for n in range(9))]
    found = scanned(tmp_path, f"labels.{kind}", SHEETS[kind]({"Attributes": rows}))
    assert not acting(found)
    assert not found.gaps


@pytest.mark.parametrize("kind", [*FORMATS, *SHEETS])
def test_cut_off(tmp_path, kind):
    """What stands before the cut is found or told of; nothing crashes, and the scan is not clean."""
    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    if kind in SHEETS:
        data = SHEETS[kind]({"Attributes": [["face_image", "age", "ethnicity"], ["a.jpg", 3, "x"]]})
    else:
        data = FORMATS[kind][0]([*report(EN), *[("p", f"{FILLER} {n}") for n in range(400)]])
    for share in (0.3, 0.6, 0.9, 0.99):
        found = scanned(tmp_path, f"report.{kind}", data[: int(len(data) * share)])
        assert not any(gap.reason == "crashed" for gap in found.gaps), found.gaps
        if kind == "eml":  # a letter has no end that could be missed
            continue
        assert found.gaps or found.coverage.bytes or acting(found), (share, found)
