"""The classes of detectors: what a set speaks of, and that things named after peoples are things."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from test_datasets_text import coco

from untag import scan
from untag.readers.classes import PEOPLED, is_thing, said_of

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = (
    ("car", "Uyghur", "Han"),
    ("person", "bicycle", "car", "Uyghur", "Han"),
    ("bus", "truck", "Tibetan", "Han"),
    ("helmet", "vest", "Uyghur"),
    ("行人", "汽车", "维吾尔族"),
)
OTHERS = (
    ("Uyghur", "Han"),
    ("car", "Cherokee", "Tartar"),
    ("helicopter", "car", "Apache"),
    ("person", "dog", "Uyghur"),
    ("car", "white", "black", "red"),
    ("car", "Indian elephant", "Afghan hound"),
    ("text", "car", "Uyghur", "Chinese"),
)
NEUTRAL = (
    ("Afghan hound", "Siberian husky", "Tibetan terrier", "Tibetan mastiff"),
    ("Indian", "Chinese", "Thai"),
    ("Han", "Uyghur", "Latin", "Arabic"),
    ("Arabic", "Chinese", "Latin", "Japanese"),
    ("Cherokee", "Apache", "Wrangler", "Tartar"),
    ("car", "Tartar", "Cherokee"),
    ("car", "truck", "person", "Indian elephant", "Persian cat"),
    ("burger", "Indian", "Chinese", "person"),
    ("Turkish van", "car"),
    ("Navajo rug", "person"),
    ("Tartar", "hollandaise", "bechamel"),
    ("dog", "cat", "Persian", "Siamese", "person"),
)


def files(classes: tuple[str, ...]) -> dict[str, str]:
    numbered = "".join(f"  {n}: {name}\n" for n, name in enumerate(classes))
    return {
        "instances.json": coco(classes),
        "data.yaml": f"train: images/train\nval: images/val\nnames: {json.dumps(classes)}\n",
        "map.yaml": f"path: data\ntrain: images/train\nval: images/val\nnames:\n{numbered}",
        "classes.txt": "".join(f"{name}\n" for name in classes),
    }


@pytest.mark.parametrize("classes", PEOPLE)
def test_what_cameras_of_streets_see_are_people(classes: tuple[str, ...]) -> None:
    assert said_of(classes) == PEOPLED


@pytest.mark.parametrize("classes", OTHERS)
def test_beside_things_that_bear_the_names_of_peoples_nothing_is_said(classes: tuple[str, ...]) -> None:
    assert said_of(classes) != PEOPLED


def test_a_catalogue_of_things_is_no_camera() -> None:
    assert said_of(("car", *(f"thing {n}" for n in range(100)), "Uyghur")) == ""


@pytest.mark.parametrize("name", ["Navajo rug", "Afghan_hound", "IndianElephant", "Turkish van", "Kurdish carpet"])
def test_things_that_are_named_after_a_people(name: str) -> None:
    assert is_thing(name)


@pytest.mark.parametrize(
    "name", ["Uyghur", "Uyghur person", "East Asian", "Latino_Hispanic", "African American", "black"]
)
def test_people_are_no_things(name: str) -> None:
    assert not is_thing(name)


@pytest.mark.parametrize("classes", NEUTRAL)
def test_neutral_sets_pass(tmp_path: Path, classes: tuple[str, ...]) -> None:
    for name, text in files(classes).items():
        (tmp_path / name).write_text(text, "utf-8")
    assert [d.finding.excerpt for d in scan(str(tmp_path)).decisions if d.action in ("block", "warn")] == []


def test_groups_beside_persons_and_cars_are_found(tmp_path: Path) -> None:
    for name, text in files(("person", "bicycle", "car", "Uyghur", "Han")).items():
        (tmp_path / name).write_text(text, "utf-8")
    found = {d.finding.trail[0] for d in scan(str(tmp_path)).decisions if d.action == "block"}
    assert found >= {"instances.json", "data.yaml", "map.yaml"}
