"""Folder names as labels and coded file names: a pure function over paths."""

from __future__ import annotations

import random
import time

import pytest

from untag.readers.artifacts.tables.layout import layout

RACES = ("African", "Asian", "Caucasian", "Indian")


def items(parts):
    return [p.text for p in parts if p.role == "item"]


def members(parts):
    return [p.text for p in parts if p.role == "member"]


def folders(names, above=("faces",), splits=("train", "val"), each=5):
    return [(*above, s, n, f"{i:04}.jpg") for s in splits for n in names for i in range(each)]


def test_folders_are_classes():
    parts = layout(folders(RACES))
    found = [p for p in parts if p.role == "item" and p.scope.members == RACES]
    assert [p.text for p in found] == list(RACES)
    assert all(p.scope.kind == "labels" and p.scope.name in ("train, val", "val, train") for p in found)
    assert "folder African of 40 pictures of faces" in found[0].statement


def test_a_level_above_persons_is_found_and_persons_are_not_named():
    paths = [("data", race, f"m.0{n:04}x", f"{i}.jpg") for race in RACES for n in range(300) for i in range(2)]
    assert items(layout(paths)) == list(RACES)


def test_other_levels_are_company():
    paths = [(g, s, f"{i}.jpg") for g in RACES for s in ("female", "male") for i in range(3)]
    found = next(p for p in layout(paths) if p.text == "African")
    assert "female, male" in found.scope.doc


def test_what_is_no_picture_is_passed_over():
    assert layout([("i18n", n, "messages.po") for n in RACES]) == []
    assert layout([]) == []


def utkface(count, races=5):
    draw = random.Random(3)
    stamp = "20170116184024662"
    return [
        ("crops", f"{draw.randrange(1, 110)}_{i % 2}_{draw.randrange(races)}_{stamp}.jpg.chip.jpg")
        for i in range(count)
    ]


def test_coded_names():
    parts = layout(utkface(300))
    (race,) = [p for p in parts if p.text == "race"]
    assert race.role == "member"
    assert race.scope.members == ("age", "gender", "race", "date")
    assert "300 face pictures" in race.statement
    assert "UTKFace" in race.note


@pytest.mark.parametrize(
    "paths",
    [
        utkface(10),
        utkface(300, races=1),
        [("x", f"{i % 90}_{i % 2}_{i}.jpg") for i in range(300)],
        [("x", f"{i % 90}_{i % 2}_7_20170116184024662.jpg") for i in range(300)],
        [("x", f"IMG_20170116_{i:06}.jpg") for i in range(300)],
        [("x", f"A{i}.jpg") for i in range(300)],
    ],
)
def test_other_names_are_no_codes(paths):
    assert members(layout(paths)) == []


def test_words_in_names_are_labels():
    draw = random.Random(1)
    mood = ("angry", "happy", "sad")
    names = [f"Rafd090_{i:02}_{draw.choice(RACES)}_{draw.choice(mood)}_frontal.jpg" for i in range(200)]
    parts = layout([("rafd", name) for name in names])
    assert set(items(parts)) == {*RACES, *mood}
    assert "angry, happy, sad" in next(p for p in parts if p.text == "African").scope.doc


def test_two_hundred_thousand_names_are_cheap():
    paths = [("data", race, f"m.0{n:04}x", f"{i}.jpg") for race in RACES for n in range(5_000) for i in range(10)]
    start = time.process_time()
    assert items(layout(paths)) == list(RACES)
    assert time.process_time() - start < 3


def test_nesting_and_odd_names():
    assert layout([("/".join("a" * 5_000), "b.jpg")] * 30) is not None
    assert layout([("a\0b\ud800", "x.jpg"), ("c\nd", "x.jpg")])


def test_folders_of_one_person_each_make_faces_of_pictures():
    paths = [("data", race, f"m.0{n:04}x", f"{i}.jpg") for race in RACES for n in range(30) for i in range(2)]
    assert "faces of 120 persons" in layout(paths)[0].text
    imagenet = [("train", f"n{i:08}", f"{k}.jpg") for i in range(30) for k in range(2)]
    assert not any("persons" in p.text for p in layout(imagenet))
