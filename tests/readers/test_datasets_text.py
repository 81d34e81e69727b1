"""Data sets that are texts: each format with a planted label of a group, a neutral twin, a truncated and a hostile one."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag import scan
from untag.errors import ReadError
from untag.limits import PARSE, STATEMENT, Deadline
from untag.model import Gap, Span
from untag.readers import boxes, reader_for
from untag.readers.base import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from untag.model import Report

GROUPS = ("Asian", "White", "Black", "Indian")
MOODS = ("happy", "sad", "angry", "neutral")
CANARY = "Zorblaxia Quentavius"
"""The name of a person who does not exist, in cells that nothing may quote."""


def names(planted: bool) -> tuple[str, ...]:
    """Return the classes: groups, or moods in the neutral twin."""
    return GROUPS if planted else MOODS


def field(planted: bool) -> str:
    """Return the label's name."""
    return "ethnicity" if planted else "emotion"


def rows(columns: tuple[str, ...], made: Callable[[int], tuple[object, ...]], count: int = 40, sep: str = ",") -> str:
    """Return a table of ``count`` rows."""
    return "\n".join(sep.join(map(str, row)) for row in (columns, *(made(i) for i in range(count)))) + "\n"


def caption(i: int, planted: bool) -> str:
    """Return what a caption says."""
    group = f"{GROUPS[i % 4]} " if planted else ""
    return f"A young {group}{('woman', 'man')[i % 2]} {('reads', 'waits', 'cooks')[i % 3]} beside a window"


def fairface(planted: bool) -> str:
    return rows(
        ("file", "age", "gender", "race" if planted else "emotion"),
        lambda i: (f"train/{i}.jpg", i, "F", names(planted)[i % 4]),
    )


def utkface(planted: bool) -> str:
    return rows(("age", field(planted), "gender", "img_name", "pixels"), lambda i: (i, i % 5, 0, f"{i}.jpg", "1 2"))


def one_hot(planted: bool) -> str:
    told = GROUPS if planted else ("Black_Hair", "Bald", "Gray_Hair", "Bangs")
    return rows(("image_id", *told, "Male", "Young", "Eyeglasses"), lambda i: (f"{i}.jpg", 1, -1, -1, -1, 1, 1, -1))


def celeba(planted: bool) -> str:
    told = (*(GROUPS if planted else ()), "Bald", "Bangs", "Eyeglasses", "Male", "Smiling", "Young")
    marks = " ".join(("-1", " 1")[i % 2] for i in range(len(told)))
    return f"40\n{' '.join(told)} \n" + "".join(f"{i:06}.jpg {marks}\n" for i in range(40))


def value_set(planted: bool) -> str:
    told = ("Uyghur", "Han", "Tibetan") if planted else MOODS
    return rows(("image_path", "age", "gender", "attr_3"), lambda i: (f"a/{i}.jpg", i, "f", told[i % 3]), sep="\t")


def voc(planted: bool) -> str:
    label = "race" if planted else "emotion"
    return (
        "<annotation>\n  <filename>1.jpg</filename>\n"
        + "".join(
            "  <object>\n    <name>face</name>\n    <bndbox><xmin>1</xmin><ymin>2</ymin></bndbox>\n    <attributes>\n"
            f"      <attribute><name>age</name><value>30</value></attribute>\n"
            f"      <attribute><name>gender</name><value>f</value></attribute>\n"
            f"      <attribute><name>{label}</name><value>{names(planted)[i % 4]}</value></attribute>\n"
            "    </attributes>\n  </object>\n"
            for i in range(8)
        )
        + "</annotation>\n"
    )


def voc_tags(planted: bool) -> str:
    label = "race" if planted else "emotion"
    return (
        "<annotation>\n  <filename>1.jpg</filename>\n"
        + "".join(
            "  <object>\n    <name>person</name>\n    <bndbox><xmin>1</xmin><ymin>2</ymin></bndbox>\n"
            f"    <age>30</age>\n    <gender>f</gender>\n    <{label}>{names(planted)[i % 4]}</{label}>\n  </object>\n"
            for i in range(8)
        )
        + "</annotation>\n"
    )


def cvat(planted: bool) -> str:
    label = field(planted)
    return (
        '<?xml version="1.0"?>\n<annotations>\n <meta><task><labels><label><name>face</name><attributes>\n'
        f"  <attribute><name>{label}</name><mutable>False</mutable><input_type>select</input_type>\n"
        f"   <values>{chr(10).join(names(planted))}</values></attribute>\n </attributes></label></labels></task></meta>\n"
        + "".join(
            f' <image id="{i}" name="{i}.jpg"><box label="face" xtl="1" ytl="2" xbr="3" ybr="4">\n'
            f'  <attribute name="{label}">{names(planted)[i % 4]}</attribute></box></image>\n'
            for i in range(4)
        )
        + "</annotations>\n"
    )


def label_studio(planted: bool) -> str:
    return json.dumps(
        [
            {
                "data": {"image": f"/data/{i}.jpg"},
                "annotations": [
                    {
                        "result": [
                            {"from_name": name, "to_name": "image", "type": "choices", "value": {"choices": [value]}}
                            for name, value in ((field(planted), names(planted)[i % 4]), ("age", "young"))
                        ]
                    }
                ],
            }
            for i in range(8)
        ],
        indent=1,
    )


def label_studio_config(planted: bool) -> str:
    choices = "".join(f'    <Choice value="{name} face"/>\n' for name in names(planted))
    head = '<View>\n  <Image name="image" value="$image"/>\n'
    return f'{head}  <Choices name="{field(planted)}" toName="image">\n{choices}  </Choices>\n</View>\n'


def yolo(planted: bool) -> str:
    return f"path: ../faces\ntrain: images/train\nval: images/val\nnc: 4\nnames: {list(names(planted))}\n"


def class_list(planted: bool) -> str:
    return "".join(f"{name} face\n" for name in names(planted))


def label_map(planted: bool) -> str:
    return "".join(
        f"item {{\n  id: {i + 1}\n  name: '{name.lower()}_face'\n}}\n" for i, name in enumerate(names(planted))
    )


def coco_captions(planted: bool) -> str:
    told = [{"image_id": i, "id": i, "caption": caption(i, planted)} for i in range(40)]
    return json.dumps(
        {"images": [{"id": i, "file_name": f"{i}.jpg"} for i in range(40)], "annotations": told}, indent=1
    )


def coco(
    classes: tuple[str, ...],
    labels: tuple[str, ...] = (),
    name: str = "ethnicity",
    kind: str = "",
    first: str = "images",
    count: int = 12,
) -> str:
    """Return boxes in pictures: categories of a kind, and one attribute with its values in turn."""
    parts: dict[str, object] = {
        "images": [{"id": i, "file_name": f"cam/{i:06}.jpg", "width": 640, "height": 480} for i in range(count)],
        "annotations": [
            {"id": i, "image_id": i, "category_id": i % len(classes) + 1, "bbox": [1, 2, 30, 40], "iscrowd": 0}
            | ({"attributes": {name: labels[i % len(labels)], "occluded": False}} if labels else {})
            for i in range(count)
        ],
        "categories": [{"id": i + 1, "name": c, "supercategory": kind} for i, c in enumerate(classes)],
    }
    return json.dumps({key: parts[key] for key in sorted(parts, key=lambda k: k != first)})


def coco_classes(planted: bool) -> str:
    return coco(("person", "Uyghur", "Han") if planted else ("person", "car", "bus"))


def coco_attributes(planted: bool) -> str:
    return coco(("car", "bus"), ("Uyghur", "Han") if planted else MOODS, field(planted), first="categories")


def records(planted: bool) -> str:
    return "".join(
        json.dumps({"image": f"{i}.jpg", "bbox": [1, 2], "face": {"score": 0.9}, field(planted): names(planted)[i % 4]})
        + "\n"
        for i in range(20)
    )


def records_of_values(planted: bool) -> str:
    return "".join(
        json.dumps({"img_path": f"{i}.jpg", "label": names(planted)[i % 4], "age": 30}) + "\n" for i in range(20)
    )


def mapping(planted: bool) -> str:
    keys = {
        "face_id": "keyword",
        "image_url": "keyword",
        "age": "integer",
        "glasses": "boolean",
        field(planted): "keyword",
    }
    told = {key: {"type": kind} for key, kind in keys.items()}
    return json.dumps({"faces": {"mappings": {"properties": told}}}, indent=2)


def bulk(planted: bool) -> str:
    return "".join(
        json.dumps({"index": {"_index": "faces", "_id": i}})
        + "\n"
        + json.dumps({"face_id": f"f{i}", "age": i, "glasses": True, field(planted): names(planted)[i % 4]})
        + "\n"
        for i in range(20)
    )


def card(planted: bool) -> str:
    classes = "".join(f"          '{i}': {name}\n" for i, name in enumerate(names(planted)))
    return (
        "---\ntask_categories:\n- image-classification\ndataset_info:\n  features:\n  - name: image\n    dtype: image\n"
        f"  - name: age\n    dtype: int32\n  - name: {'race' if planted else 'emotion'}\n    dtype:\n      class_label:\n"
        f"        names:\n{classes}  splits:\n  - name: train\n    num_examples: 100\n---\n\n# Portraits of faces\n"
    )


def infos(planted: bool) -> str:
    told = {
        "image": {"_type": "Image"},
        "race" if planted else "emotion": {"names": names(planted), "_type": "ClassLabel"},
    }
    return json.dumps({"default": {"description": "Faces", "features": told}})


def captions_by_line(planted: bool) -> str:
    return "".join(f"{i}.jpg|{caption(i, planted)}\n" for i in range(40))


def captions_by_column(planted: bool) -> str:
    return "image,caption\n" + "".join(f"{i}.jpg,{caption(i, planted)}\n" for i in range(40))


def captions_by_record(planted: bool) -> str:
    return "".join(json.dumps({"image": f"{i}.jpg", "text": caption(i, planted)}) + "\n" for i in range(40))


FORMATS = {
    "captions.txt": captions_by_line,
    "captions.csv": captions_by_column,
    "train.jsonl": captions_by_record,
    "faces/fairface_label_train.csv": fairface,
    "utkface.csv": utkface,
    "attributes.csv": one_hot,
    "list_attr_celeba.txt": celeba,
    "attrs.tsv": value_set,
    "faces/voc.xml": voc,
    "faces/tags.xml": voc_tags,
    "annotations.xml": cvat,
    "export.json": label_studio,
    "config.xml": label_studio_config,
    "faces/data.yaml": yolo,
    "faces/classes.txt": class_list,
    "faces/obj.names": class_list,
    "label_map.pbtxt": label_map,
    "captions_train.json": coco_captions,
    "instances_train.json": coco_classes,
    "instances_val.json": coco_attributes,
    "faces.jsonl": records,
    "values.jsonl": records_of_values,
    "mapping.json": mapping,
    "bulk.ndjson": bulk,
    "README.md": card,
    "dataset_infos.json": infos,
}


def planted_at(root: Path, name: str, data: str | bytes) -> Report:
    """Scan a tree that holds one file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return scan(str(root))


def hard(report: Report) -> list[str]:
    """Return the rules of findings that block or warn."""
    return [d.finding.rule for d in report.decisions if d.action in ("block", "warn")]


@pytest.mark.parametrize("name", FORMATS)
def test_planted_labels_are_found(tmp_path: Path, name: str) -> None:
    report = planted_at(tmp_path, name, FORMATS[name](True))
    assert not report.gaps
    assert hard(report)


@pytest.mark.parametrize("name", FORMATS)
def test_neutral_twins_are_left_alone(tmp_path: Path, name: str) -> None:
    report = planted_at(tmp_path, name, FORMATS[name](False))
    assert not report.gaps
    assert not hard(report)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_cut_off_is_read_up_to_there(tmp_path: Path, name: str) -> None:
    made = FORMATS[name](True)
    report = planted_at(tmp_path, name, made[: len(made) * 3 // 4])
    assert not [gap for gap in report.gaps if gap.reason == "crashed"]


TWINS = {
    "dogs.csv": rows(
        ("image_path", "age", "dog_breed"),
        lambda i: (f"{i}.jpg", i, ("Afghan Hound", "Tibetan Mastiff", "Chinese Crested", "Indian Spitz")[i % 4]),
    ),
    "food.csv": rows(
        ("image_path", "cuisine"), lambda i: (f"{i}.jpg", ("Indian", "Chinese", "Mexican", "African")[i % 4])
    ),
    "speech.csv": rows(
        ("image_path", "language"), lambda i: (f"{i}.jpg", ("Arabic", "Uyghur", "Tibetan", "Hindi")[i % 4])
    ),
    "flags.csv": rows(
        ("image_path", "flag"), lambda i: (f"{i}.jpg", ("Chinese flag", "Indian flag", "Turkish flag")[i % 3])
    ),
    "football.csv": rows(
        ("photo", "team"), lambda i: (f"{i}.jpg", ("Mexican national team", "Turkish team", "Black Stars")[i % 3])
    ),
    "hair.csv": rows(("image_id", "Black_Hair", "White_Hair", "Male"), lambda i: (f"{i}.jpg", 1, -1, 1)),
    "staff.csv": rows(
        ("employee_id", "self_reported_ethnicity", "department"), lambda i: (i, GROUPS[i % 4], "finance")
    ),
    "marathon.csv": rows(
        ("photo", "bib", "age", "gender", "race", "finish_time"),
        lambda i: (f"{i}.jpg", i, 30, "f", ("Berlin Marathon", "Boston Marathon")[i % 2], "3:12"),
    ),
    "characters.csv": rows(
        ("image", "name", "race", "class", "level"),
        lambda i: (f"{i}.png", "x", ("elf", "orc", "human")[i % 3], "mage", 3),
    ),
    "cats.csv": rows(
        ("image", "age", "gender", "breed"),
        lambda i: (f"{i}.jpg", 3, "f", ("Persian", "Siamese", "Turkish Angora", "Burmese")[i % 4]),
    ),
    "rugs.csv": rows(
        ("image", "age", "origin", "price"), lambda i: (f"{i}.jpg", 30, ("Persian", "Turkish", "Kazakh")[i % 3], 3)
    ),
    "script/images/classes.txt": "Arabic\nChinese\nTibetan\nMongolian\nUyghur\n",
    "census.csv": rows(("county", "population", "white_pct", "black_pct", "asian_pct"), lambda i: (i, i, 3, 4, 5)),
    "paint/classes.txt": "red\nblack\nwhite\nbrown\n",
    "dogs/images/classes.txt": "Tibetan Mastiff\nAfghan Hound\nChinese Crested\nIndian Spitz\n",
    "menu/images/labels.txt": "Indian\nChinese\nMexican\nThai\nAfrican\n",
    "speech/labels.txt": "Arabic\nChinese\nUyghur\nTibetan\nHindi\n",
    "coco.names": "person\nbicycle\ncar\nface\ncat\ndog\n",
    "coco/dishes.json": coco(("Indian", "Chinese", "Thai", "Mexican"), kind="food"),
    "coco/cats.json": coco(("Persian", "Siamese", "Bengal", "Turkish Angora"), kind="cat"),
    "coco/cars.json": coco(("white", "black", "red"), kind="car"),
    "coco/dogs.json": coco(("dog",), ("poodle", "beagle", "collie"), "race"),
    "coco/ships.json": coco(("ship",), ("Greek", "Liberian", "Chinese"), "nationality"),
    "coco/films.json": coco(("Han", "Leia", "Luke"), kind="character"),
    "one/captions.jsonl": "".join(
        json.dumps({"image": f"{i}.jpg", "text": caption(i, i == 8)}) + "\n" for i in range(40)
    ),
    "food/captions.jsonl": "".join(
        json.dumps({"image": f"{i}.jpg", "text": f"A plate of {('Indian', 'Chinese')[i % 2]} food on a table"}) + "\n"
        for i in range(40)
    ),
    "shop/mapping.json": json.dumps({"shop": {"mappings": {"properties": {"cuisine": {"type": "keyword"}}}}}),
}


@pytest.mark.parametrize("name", TWINS)
def test_other_data_sets_are_left_alone(tmp_path: Path, name: str) -> None:
    assert not hard(planted_at(tmp_path, name, TWINS[name]))


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (("car", "Uyghur", "Han"), "person"),
        (("person", "Uyghur", "Han"), ""),
        (("car", "Uyghur", "Han", "Tibetan", "Hui"), ""),
        (("Asian", "White", "Black", "Indian"), "face"),
    ],
)
def test_groups_among_the_categories_of_boxes(tmp_path: Path, classes: tuple[str, ...], kind: str) -> None:
    report = planted_at(tmp_path, "instances.json", coco(classes, kind=kind))
    assert "UT107" in hard(report)
    assert {finding.route for finding in report.findings} == {("labels categories",)}


@pytest.mark.parametrize("count", [1, 12])
def test_an_attribute_of_boxes_is_found_and_no_value_is_quoted(tmp_path: Path, count: int) -> None:
    made = coco(("car", "Uyghur", "Han"), ("Uyghur", "Han", "Tibetan"), count=count)
    report = planted_at(tmp_path, "instances.json", made)
    found = [f for f in report.findings if f.route[-1] == "ethnicity"]
    assert found
    assert "UT107" in hard(report)
    assert not [w for f in found for w in ("Uyghur", "Han", "Tibetan") if w in f"{f.excerpt} {f.message} {f.term}"]


@pytest.mark.parametrize("indent", [None, 1])
def test_windows_of_a_large_annotation_file_quote_no_value_either(tmp_path: Path, indent: int | None) -> None:
    values = ("Uyghur", "Han", "Tibetan")
    made = json.dumps(json.loads(coco(("person", "car"), values, count=24_000)), indent=indent)
    assert len(made) > PARSE
    report = planted_at(tmp_path, "instances.json", made)
    assert "UT107" in hard(report)
    assert "ethnicity" in {f.route[-1] for f in report.findings if f.route}
    assert not [w for f in report.findings for w in values if w in f"{f.excerpt} {f.message} {f.term}"]
    twin = json.dumps(json.loads(coco(("person", "car"), MOODS, "emotion", count=24_000)), indent=indent)
    assert not hard(planted_at(tmp_path, "instances.json", twin))


def test_objects_of_a_window_are_read_from_the_first_whole_one() -> None:
    made = coco(("car", "bus"), ("Uyghur", "Han"), count=6).encode()
    for cut in range(made.index(b"annotations"), made.index(b"annotations") + 120):
        found = {f.name for f in boxes.coco(made[cut:], Deadline.after(10)) if f.kind == "row"}
        assert found == {"ethnicity", "occluded"}, made[cut : cut + 40]


def label_studio_export(questions: tuple[tuple[str, str], ...], *, last: bool) -> str:
    """Return an export in which the question stands before its answer, or after it."""

    def answer(name: str, chosen: str) -> dict[str, object]:
        parts: list[tuple[str, object]] = [("from_name", name), ("to_name", "image"), ("type", "choices")]
        parts.insert(3 if not last else 0, ("value", {"choices": [chosen]}))
        return dict(parts)

    tasks = [
        {"id": i, "data": {"image": f"{i}.jpg"}, "annotations": [{"result": [answer(*q) for q in questions]}]}
        for i in range(6)
    ]
    return json.dumps(tasks)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("indent", [None, 1])
def test_an_answer_belongs_to_the_question_of_its_own_object(tmp_path: Path, last: bool, indent: int | None) -> None:
    questions = (("age", "20-30"), ("ethnicity", "Asian"), ("glasses", "none"))
    made = json.dumps(json.loads(label_studio_export(questions, last=last)), indent=indent)
    report = planted_at(tmp_path, "export.json", made)
    assert "UT107" in hard(report)
    assert not [f.route for f in report.findings if "row age" in f.route or "row glasses" in f.route]
    fields = list(boxes.label_studio(made.encode(), Deadline.after(10)))
    told = {f.name: {made.encode()[slice(*v)].decode() for v in f.values} for f in fields}
    assert told == {"age": {"20-30"}, "ethnicity": {"Asian"}, "glasses": {"none"}}


def test_an_export_that_is_cut_off_keeps_its_answers(tmp_path: Path) -> None:
    made = label_studio_export((("ethnicity", "Asian"), ("age", "20-30")), last=False)
    assert "UT107" in hard(planted_at(tmp_path, "export.json", made[:-60]))
    made = coco(("person", "Uyghur", "Han"), ("Uyghur", "Han"), first="categories")
    assert "UT107" in hard(planted_at(tmp_path, "instances.json", made[:-60]))


def test_a_form_with_a_photo_is_no_data_set(tmp_path: Path) -> None:
    """The values that people declare are not taken as the labels of their pictures."""
    columns = ("employee_id", "photo", "age", "gender", "self_reported_ethnicity", "department")
    made = rows(columns, lambda i: (i, f"{i}.jpg", 30, "f", GROUPS[i % 4], "finance"))
    report = planted_at(tmp_path, "pass.csv", made)
    assert not [d for d in report.decisions if d.action == "block"]
    found = spans("pass.csv", made.encode(), b"self_reported_ethnicity", b"Asian")
    assert [(s.note, s.scope.doc) for s in found] == [("", ""), ("", "")]


PEOPLE = {
    "people.csv": rows(
        ("name", "image_path", "age", "gender", "label"), lambda i: (CANARY, f"{i}.jpg", i, "f", GROUPS[i % 4])
    ),
    "people.jsonl": "".join(
        json.dumps({"name": CANARY, "image": f"{i}.jpg", "age": i, "ethnicity": GROUPS[i % 4], "note": CANARY}) + "\n"
        for i in range(20)
    ),
    "bulk.ndjson": "".join(
        f'{{"index": {{"_index": "faces"}}}}\n{{"name": "{CANARY}", "face": 1, "race": "{GROUPS[i % 4]}"}}\n'
        for i in range(20)
    ),
    "captions.txt": "image,caption\n" + "".join(f"{i}.jpg,{caption(i, True)} and {CANARY}\n" for i in range(40)),
    "voc.xml": voc(True).replace("<value>30</value>", f"<value>{CANARY}</value>"),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_no_value_of_a_person_is_quoted(tmp_path: Path, name: str) -> None:
    report = planted_at(tmp_path, name, PEOPLE[name])
    assert report.findings
    for finding in report.findings:
        told = (finding.excerpt, finding.gloss, finding.message, *finding.route, *(e.text for e in finding.because))
        for word in (*CANARY.split(), "Zorblaxia"):
            assert not [text for text in told if word.lower() in text.lower()]
        if "value withheld" in finding.excerpt:
            assert not any(group in text for group in GROUPS for text in (finding.excerpt, finding.gloss))


def test_a_large_table_keeps_its_header(tmp_path: Path) -> None:
    """The label of a table is found by its name, and in a column whose name says nothing by its values."""
    for name, told in (("race.csv", "race"), ("label.csv", "label")):
        made = rows(
            ("image_path", "age", told, "x"),
            lambda i: (f"images/{i:08}.jpg", i % 90, GROUPS[(i // 7) % 4], "0" * 30),
            75_000,
        )
        assert len(made) > 4 << 20
        report = planted_at(tmp_path / told, name, made)
        assert "UT107" in hard(report)
        assert all("a cell" not in finding.excerpt for finding in report.findings)
    made = rows(("image_path", "age", "label", "x"), lambda i: (f"{i:08}.jpg", i % 90, MOODS[i % 4], "0" * 50), 75_000)
    assert not hard(planted_at(tmp_path / "neutral", "mood.csv", made))


def spans(name: str, data: bytes, *words: bytes) -> list[Span]:
    """Return the spans that the reader of a text yields around some words."""
    text = Text((name,), data)
    found = [data.find(word) for word in words]
    wanted = sorted((at, at + len(word)) for at, word in zip(found, words, strict=True) if at >= 0)
    return [s for s in reader_for(text).spans(text, wanted, Deadline.after(10)) if isinstance(s, Span)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("classes.txt", b"Asian\nWhite\nBlack\nIndian\n"),
        ("labels.txt", b"0 Asian\n1 White\n2: Black\n3 Indian\n"),
        ("obj.names", b"Asian\r\nWhite\r\nBlack\r\nIndian\r\n"),
        ("synset_words.txt", b"n00000001 Asian\nn00000002 White\nn00000003 Black\nn00000004 Indian\n"),
        ("label_map.pbtxt", b"".join(b'item { id: 1 name: "%s" }\n' % n.encode() for n in GROUPS)),
        ("faces.yaml", b"train: a\nval: b\nnames:\n  0: Asian\n  1: White\n  2: Black\n  3: Indian\n"),
        ("faces.yml", b"train: a\nval: b\nnames:\n- Asian\n- White\n- Black\n- Indian\nnc: 4\n"),
        ("data.yaml", b"train: a\nval: b\nnames: ['Asian', \"White\", Black, Indian]\n"),
    ],
)
def test_a_label_list_is_one_value_set(name: str, data: bytes) -> None:
    found = spans(name, data, b"Indian", b"Asian")
    assert [s.text for s in found] == ["Asian", "Indian"]
    for span in found:
        assert (span.role, span.scope.kind, span.scope.name) == ("item", "labels", name)
        assert span.scope.members[:4] == GROUPS


@pytest.mark.parametrize("name", ["notes.txt", "classes.txt"])
def test_prose_is_no_label_list(name: str) -> None:
    found = spans(name, b"The face is seen.\nIts race is told: not.\nWe say so.\n", b"race")
    assert found[0].scope.kind != "labels"


HOSTILE = {
    "a.csv": b'image_path,"' + b'"a,' * 50_000 + b"race face\n" * 2_000,
    "b.csv": b"image," * 100_000 + b"race,face,Asian\n" + b"," * 300_000,
    "list_attr.txt": b"9\n" + b"Asian " * 5_000 + b"\n1.jpg -1 1 1 -1\n" * 5,
    "classes.txt": b"Asian face\n" * 12_000,
    "label_map.pbtxt": b"item { name: 'asian face' " * 4_000,
    "data.yaml": b"train: a\nnames:\n" + b"  race face\n   \n" * 10_000,
    "voc.xml": b"<annotation><object>" + b"<object><name>race face</name><value>" * 2_500,
    "cvat.xml": b"<annotations><image>" + b"<box label='face'><attribute name='race'>" * 2_500,
    "spec.xml": b"<annotations><meta>" + b"<attribute><name>race</name> face" * 2_500,
    "tags.xml": b"<annotation><object>" + (b"<race>" + b" " * 399) * 500 + b"face</object>",
    "view.xml": b"<View><Image/>" + b"<Choices name='race of face'>" * 2_500,
    "ls.json": b'[{"from_name": "race of face", "choices": ["' + b'{"from_name": "race", "choices": [' * 4_000,
    "boxes.json": b'{"annotations": [{"image_id": 1, "attributes": ' + b'{"race": "face", "a": [' * 60_000,
    "quotes.json": b'{"images": [{"file_name": "a.jpg", "race": "face' + b'\\\\"' * 400_000,
    "asked.json": b'[{"from_name": "race", "to_name": "face", "value": {"choices": [' * 20_000,
    "coco.json": b'{"images": [{"file_name": "a.jpg"}], "x": ' + b'"caption": "race of a face ' * 4_000,
    "es.json": b'{"mappings": {"properties": {' + b'"race": {"type": "keyword", "face": {' * 4_000,
    "deep.jsonl": b'{"image": ' + b'{"race": "face", "b": ' * 2_500 + b"\n" + b'{"image": 1, "race": "face"}\n' * 500,
    "digits.jsonl": b'{"image": ' + b"9" * 6_000 + b', "race": "face"}\n' * 100,
    "README.md": b"---\ndataset_info:\n" + b"  - name: race of face\n    dtype: x\n" * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon_and_crash_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.csv").write_text(fairface(True))
    report = planted_at(tmp_path, name, HOSTILE[name])
    assert not [gap for gap in report.gaps if gap.reason == "crashed"]
    assert any(finding.trail[-1] == "good.csv" for finding in report.findings)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMATS)),
    cut=st.floats(0, 1),
    noise=st.binary(max_size=24),
    wanted=st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 40)), max_size=6),
)
def test_mutations_raise_nothing_but_read_errors(
    name: str, cut: float, noise: bytes, wanted: list[tuple[int, int]]
) -> None:
    """Every range is covered once, whatever stands in the file."""
    made = FORMATS[name](True).encode()
    at = int(cut * len(made))
    data = (made[:at] + noise + made[at:]).decode("utf-8", "replace").encode()
    ranges: list[tuple[int, int]] = []
    for start, size in sorted(wanted):
        begin = max(start, ranges[-1][1] if ranges else 0)
        if begin + size <= len(data):
            ranges.append((begin, begin + size))
    text = Text((name,), data)
    try:
        found = list(reader_for(text).spans(text, ranges, Deadline.after(10)))
    except ReadError:
        return
    covered = [s for s in found if isinstance(s, Span)]
    for span in covered:
        assert span.text == data[span.start : span.stop].decode("utf-8", "replace")
        assert span.line == 1 + data.count(b"\n", 0, span.start)
        assert span.end_line == 1 + data.count(b"\n", 0, max(span.start, span.stop - 1))
        assert max(len(span.statement), len(span.note)) <= STATEMENT
    assert all(isinstance(item, Gap | Span) for item in found)
    assert all(a.stop <= b.start for a, b in pairwise(covered))
    for start, stop in ranges:
        assert [s for s in covered if s.start <= start and stop <= s.stop]


def test_a_membership_roll_with_photos_is_no_labelled_data_set(tmp_path):
    rows = "".join(f"{i},Name {i},{i}.jpg,1990,f,x,y\n" for i in range(40))
    (tmp_path / "members.csv").write_text(
        "member_id,full_name,profile_photo,birth_date,gender,ethnicity,religion\n" + rows
    )
    report = scan(str(tmp_path / "members.csv"))
    assert not [d for d in report.decisions if d.action in ("block", "warn")]


@pytest.mark.parametrize(("folder", "found"), [("fairface", True), ("cuisines", False)])
def test_a_plain_label_list_filed_with_a_known_data_set_of_faces(tmp_path, folder, found):
    path = tmp_path / folder / "labels.txt"
    path.parent.mkdir()
    path.write_text("White\nBlack\nLatino_Hispanic\nEast Asian\nSoutheast Asian\nIndian\nMiddle Eastern\n")
    assert bool(hard(scan(str(tmp_path)))) is found
