"""What speaks of groups and of no pictured people: no document of these may warn."""

from __future__ import annotations

import document_files as make
import pytest

from untag import scan

NEWS = [
    ("h", "Court hears complaint about discrimination"),
    (
        "p",
        "Members of the Uyghur minority say they were turned away at hotels. A photograph of the court shows the family.",
    ),
    ("p", "Rights groups published a report on racial profiling by police and called for an inquiry."),
    ("new",),
    ("h", "Reactions"),
    ("p", "The minister said that ethnicity and religion must never decide who is searched at the border."),
]
COURSE = [
    ("h", "Uyghur for beginners"),
    ("p", "In this course you learn to read and write Uyghur. Each lesson has a picture and a dialogue."),
    ("new",),
    ("h", "Lesson 1: my face, my family"),
    ("p", "Yüz means face. Kazakh and Uzbek are related languages."),
]
CENSUS = [
    ("h", "Population by ethnic group, 2020"),
    ("p", "The census asked each household for its ethnicity. Figures are in thousands."),
    (
        "t",
        [
            ["Ethnic group", "Population", "Share"],
            ["Han", "1,286,311", "91.1 %"],
            ["Uyghur", "11,774", "0.8 %"],
            ["Tibetan", "7,060", "0.5 %"],
        ],
    ),
]
FORM = [
    ("h", "Equal opportunities monitoring form"),
    ("p", "Completing this form is voluntary. Your answers are confidential and are used for statistics only."),
    (
        "t",
        [
            ["Full name", ""],
            ["Date of birth", ""],
            ["Ethnic origin (please tick)", "White / Black / Asian / prefer not to say"],
            ["Religion or belief", ""],
        ],
    ),
]
ROW_SHEETS = {
    "census": {"Population": [["Ethnic group", "Population", "Share"], ["Han", 1286311, 91.1], ["Uyghur", 11774, 0.8]]},
    "hr": {
        "Staff": [
            ["Employee", "Department", "Ethnicity", "Salary"],
            ["A. B.", "Sales", "Asian", 10],
            ["C. D.", "IT", "White", 12],
        ]
    },
}
BUILDERS = {
    "pdf": make.pdf, "docx": make.docx, "pptx": make.pptx, "odt": make.odt, "odp": make.odp, "epub": make.epub,
    "rtf": make.rtf, "doc": make.doc, "ppt": make.ppt,
}  # fmt: skip


def acting(path):
    return [
        (d.action, d.finding.rule, d.finding.excerpt)
        for d in scan(str(path)).decisions
        if d.action in ("block", "warn")
    ]


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("blocks", [NEWS, COURSE, CENSUS, FORM], ids=["news", "course", "census", "form"])
def test_neutral_documents(tmp_path, kind, blocks):
    if kind == "pdf":
        pytest.importorskip("pypdfium2")
    path = tmp_path / f"document.{kind}"
    path.write_bytes(BUILDERS[kind](blocks))
    assert acting(path) == []


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("name", ROW_SHEETS)
def test_neutral_sheets(tmp_path, kind, name):
    path = tmp_path / f"table.{kind}"
    path.write_bytes({"xlsx": make.xlsx, "ods": make.ods, "xls": make.xls}[kind](ROW_SHEETS[name]))
    assert acting(path) == []


def test_values_of_people_are_never_shown(tmp_path):
    rows = [
        ["face_image", "name", "ethnicity"],
        ["a.jpg", "Jane Roe of Springfield", "Uyghur"],
        ["b.jpg", "John Doe", "Han"],
    ]
    path = tmp_path / "table.docx"
    path.write_bytes(make.docx([("p", "Faces that the camera captured."), ("t", rows)]))
    for finding in scan(str(path)).findings:
        assert "Jane" not in finding.excerpt
        assert "Jane" not in str(finding.because)
