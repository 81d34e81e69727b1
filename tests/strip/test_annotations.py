"""Annotated data sets: attributes and categories go, ids and other bytes stay."""

import json

import pytest
from test_tables_csv import finding

from untag.strip.base import Choice, Edit, StripError, Unit
from untag.strip.editors.annotations import EDITOR
from untag.strip.editors.tables import EDITOR as TABLES


def unit(root, name, *findings):
    listing = tuple(
        sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and "staging" not in p.parts)
    )
    return Unit(root, name, findings, listing)


def made(tmp_path, name, data):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def plan(root, name, *findings, **choice):
    one = unit(root, name, *findings)
    assert EDITOR.takes(one)
    assert not TABLES.takes(one)
    return list(EDITOR.plan(one, Choice(**choice)))


def strip(root, name, *findings, **choice):
    edits = [e for e in plan(root, name, *findings, **choice) if isinstance(e, Edit) and e.safety != "manual"]
    assert edits
    outcome = EDITOR.apply(unit(root, name, *findings), edits, root / "staging")
    assert all(c.passed for c in outcome.checks)
    assert not list((root / "staging").rglob(".*"))
    return (root / "staging" / name).read_bytes(), outcome


COCO = {
    "info": {"year": 2020},
    "images": [{"id": 1, "file_name": "a.jpg", "ethnicity": "x", "width": 10}, {"id": 2, "file_name": "b.jpg"}],
    "annotations": [
        {
            "id": 7,
            "image_id": 1,
            "category_id": 1,
            "bbox": [1.0, 2.50, 3, 4e1],
            "attributes": {"ethnicity": "Han", "age": 3},
        },
        {"id": 8, "image_id": 1, "category_id": 5, "bbox": [1, 2, 3, 4], "attributes": {"age": 3}},
        {"id": 9, "image_id": 2, "category_id": 5, "segmentation": [[1, 2], [3, 4]]},
    ],
    "categories": [
        {"id": 1, "name": "car"},
        {"id": 5, "name": "Uyghur face"},
        {"id": 9, "name": "Han face"},
        {"id": 12, "name": "hat"},
    ],
}


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_coco_attributes(tmp_path, indent):
    made(tmp_path, "coco.json", json.dumps(COCO, indent=indent))
    out, _ = strip(tmp_path, "coco.json", finding("annotations", "attributes", "ethnicity"))
    want = json.loads(json.dumps(COCO))
    del want["images"][0]["ethnicity"], want["annotations"][0]["attributes"]["ethnicity"]
    assert out == json.dumps(want, indent=indent).encode()


def test_coco_categories_keep_their_ids(tmp_path):
    made(tmp_path, "coco.json", json.dumps(COCO))
    found = plan(tmp_path, "coco.json", finding("labels categories"))
    assert {e.target: e.safety for e in found} == {"category Uyghur face": "unsafe", "category Han face": "safe"}
    assert "2 annotations" in found[0].why
    out, outcome = strip(tmp_path, "coco.json", finding("labels categories"))
    after = json.loads(out)
    assert [c["id"] for c in after["categories"]] == [1, 12]
    assert [a["id"] for a in after["annotations"]] == [7]
    assert after["images"] == COCO["images"]
    assert outcome.checks[1].figures["annotations"] == 2


def test_coco_by_name_and_twice(tmp_path):
    path = made(tmp_path, "coco.json", json.dumps(COCO))
    (edit,) = plan(tmp_path, "coco.json", classes=("hat",))
    assert (edit.target, edit.safety) == ("category hat", "safe")
    path.write_bytes(strip(tmp_path, "coco.json", finding("labels categories"))[0])
    assert not [e for e in plan(tmp_path, "coco.json", finding("labels categories")) if e.safety != "manual"]


def test_captions_are_for_a_person(tmp_path):
    captions = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [{"id": 1, "image_id": 1, "caption": "a young Uyghur man in a hat"}],
    }
    made(tmp_path, "captions.json", json.dumps(captions))
    (edit,) = plan(tmp_path, "captions.json", finding("row caption"))
    assert (edit.safety, edit.kind) == ("manual", "text")
    assert "Uyghur" not in repr(edit)


def test_a_bias_audit_is_left_alone(tmp_path):
    made(tmp_path, "coco.json", json.dumps(COCO))
    found = plan(tmp_path, "coco.json", finding("labels categories", exemptions=("fairness_evaluation",)))
    assert {e.safety for e in found} == {"manual"}


def test_labelme(tmp_path):
    notes = {
        "version": "5",
        "flags": {"Uyghur": True, "glasses": False},
        "shapes": [{"label": "face", "flags": {"ethnicity_han": True}, "points": [[1, 2]]}],
        "imagePath": "a.jpg",
    }
    made(tmp_path, "a.json", json.dumps(notes, indent=2))
    out, _ = strip(
        tmp_path,
        "a.json",
        finding("map flags", "Uyghur"),
        finding("list shapes", "map flags", "ethnicity_han", print_="p2"),
    )
    notes["flags"] = {"glasses": False}
    notes["shapes"][0]["flags"] = {}
    assert json.loads(out) == notes


def test_label_studio(tmp_path):
    def answer(name, value):
        return {"from_name": name, "to_name": "image", "type": "choices", "value": {"choices": [value]}}

    tasks = [
        {
            "id": n,
            "annotations": [{"result": [answer("ethnicity", "Uyghur"), answer("age", "adult")]}],
            "data": {"image": "a.jpg"},
        }
        for n in range(3)
    ]
    made(tmp_path, "ls.json", json.dumps(tasks))
    found = plan(tmp_path, "ls.json", finding("ethnicity"), finding("row age", print_="p2"))
    assert {e.target: e.safety for e in found} == {"attribute ethnicity": "safe", "attribute age": "manual"}
    out, _ = strip(tmp_path, "ls.json", finding("ethnicity"))
    for task in tasks:
        del task["annotations"][0]["result"][0]
    assert json.loads(out) == tasks


def test_broken_json(tmp_path):
    data = json.dumps(COCO)
    made(tmp_path, "coco.json", data[:-30])
    with pytest.raises(StripError, match="truncated or corrupt"):
        plan(tmp_path, "coco.json", finding("labels categories"))


VOC = """<?xml version="1.0"?>
<annotation>
  <filename>a.jpg</filename>
  <object>
    <name>face</name>
    <attributes>
      <attribute><name>ethnicity</name><value>Uyghur</value></attribute>
      <attribute><name>age</name><value>30</value></attribute>
    </attributes>
    <race>x</race><!-- kept -->
    <bndbox><xmin>1</xmin></bndbox>
  </object>
  <object><name>Uyghur face</name><bndbox><xmin>2</xmin></bndbox></object>
</annotation>
"""


def test_voc(tmp_path):
    made(tmp_path, "a.xml", VOC)
    out, _ = strip(
        tmp_path,
        "a.xml",
        finding("table face", "ethnicity"),
        finding("table face", "race", attribute="race", print_="p2"),
    )
    want = VOC.replace("\n      <attribute><name>ethnicity</name><value>Uyghur</value></attribute>", "").replace(
        "\n    <race>x</race>", ""
    )
    assert out.decode() == want
    (edit,) = plan(tmp_path, "a.xml", classes=("Uyghur face",))
    assert edit.safety == "unsafe"
    out, _ = strip(tmp_path, "a.xml", classes=("Uyghur face",))
    assert out.decode() == VOC.replace(
        "\n  <object><name>Uyghur face</name><bndbox><xmin>2</xmin></bndbox></object>", ""
    )


CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><meta><task><labels><label><name>face</name><attributes>
<attribute><name>ethnicity</name><values>Han
Uyghur</values></attribute><attribute><name>glasses</name><values>yes
no</values></attribute></attributes></label></labels></task></meta>
<image id="0" name="a.jpg"><box label="face" xtl="1"><attribute name="ethnicity">Han</attribute><attribute name="glasses">no</attribute></box>
<polygon label="face" points="1,2;3,4"><attribute name='ethnicity'>Uyghur &amp; x</attribute></polygon></image></annotations>"""


def test_cvat(tmp_path):
    made(tmp_path, "cvat.xml", CVAT)
    (edit,) = plan(tmp_path, "cvat.xml", finding("labels ethnicity"))
    assert (edit.target, edit.safety) == ("attribute ethnicity", "safe")
    assert "3 places" in edit.removes[0]
    out, _ = strip(tmp_path, "cvat.xml", finding("table face", "ethnicity"))
    want = CVAT
    for gone in (
        "\n<attribute><name>ethnicity</name><values>Han\nUyghur</values></attribute>",
        '<attribute name="ethnicity">Han</attribute>',
        "<attribute name='ethnicity'>Uyghur &amp; x</attribute>",
    ):
        assert gone in want
        want = want.replace(gone, "")
    assert out.decode() == want


def test_label_studio_questions(tmp_path):
    text = '<View>\n  <Image name="img" value="$image"/>\n  <Choices name="race" toName="img"><Choice value="A"/></Choices>\n  <Choices name="hat" toName="img"><Choice value="B"/></Choices>\n</View>'
    made(tmp_path, "config.xml", text)
    out, _ = strip(tmp_path, "config.xml", finding("race", attribute="race"))
    assert out.decode() == text.replace('\n  <Choices name="race" toName="img"><Choice value="A"/></Choices>', "")


@pytest.mark.parametrize(
    "text",
    [
        VOC[:-20],
        VOC.replace("</object>\n  <object>", "<object>"),
        VOC.replace("?>\n", '?>\n<!DOCTYPE annotation [<!ENTITY a "b">]>\n'),
        VOC.replace("x</race>", "&x</race>"),
    ],
)
def test_broken_xml(tmp_path, text):
    made(tmp_path, "a.xml", text)
    with pytest.raises(StripError):
        strip(tmp_path, "a.xml", finding("race", attribute="race"))
    assert not [p for p in (tmp_path / "staging").rglob("*") if p.is_file()]


YAML = [
    "train: images\nnc: 4\nnames:\n  0: car\n  1: Uyghur face # x\n  2: 'Han face'\n  3: hat\n",
    "nc: 4\nnames: [car, Uyghur face,\n  'Han face', \"hat\"]\ntrain: x\n",
    "nc: 4\r\nnames:\r\n- car\r\n- Uyghur face\r\n- 'Han face'\r\n- hat\r\nval: x\r\n",
    "nc: 4\nnames: {0: car, 1: Uyghur face, 2: 'Han face', 3: hat}\n",
]


@pytest.mark.parametrize("text", YAML)
def test_yolo_keeps_places(tmp_path, text):
    made(tmp_path, "set/data.yaml", text)
    made(tmp_path, "set/labels/train/a.txt", "1 0.1 0.2 0.3 0.4\r\n0 0.10 0.2 0.3 0.4\r\n2 1 1 1 1")
    made(tmp_path, "set/labels/train/b.txt", "3 0.1 0.2 0.3 0.4\n")
    made(tmp_path, "other/labels/c.txt", "1 0.1 0.2 0.3 0.4\n")
    found = plan(tmp_path, "set/data.yaml", finding("labels data.yaml"))
    assert {e.target: e.safety for e in found} == {"class 1 Uyghur face": "unsafe", "class 2 Han face": "unsafe"}
    assert found[0].files == ("set/data.yaml", "set/labels/train/a.txt")
    out, outcome = strip(tmp_path, "set/data.yaml", finding("labels data.yaml"))
    assert out.decode() == text.replace("Uyghur face", "removed_1").replace("'Han face'", "removed_2")
    assert sorted(outcome.written) == ["set/data.yaml", "set/labels/train/a.txt"]
    assert (tmp_path / "staging/set/labels/train/a.txt").read_bytes() == b"0 0.10 0.2 0.3 0.4\r\n"
