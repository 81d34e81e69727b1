"""The classes of a model as its configuration lists them: numbers to labels, labels to numbers."""

import json

import pytest

from untag import scan

RACES = ("White", "Black", "Latino_Hispanic", "East Asian", "Southeast Asian", "Indian", "Middle Eastern")
VISION = {"architectures": ["ViTForImageClassification"], "model_type": "vit", "image_size": 224}


def acting(tmp_path, table, name="config.json"):
    (tmp_path / name).write_text(json.dumps(table, indent=1), "utf-8")
    return [d.finding for d in scan(str(tmp_path)).decisions if d.action in ("block", "warn")]


@pytest.mark.parametrize("key", ["id2label", "label2id"])
def test_a_classifier_of_pictures_whose_classes_are_groups(tmp_path, key):
    pairs = enumerate(RACES)
    labels = {str(n): r for n, r in pairs} if key == "id2label" else {r: n for n, r in pairs}
    found = acting(tmp_path, {**VISION, key: labels})
    assert {f.attribute for f in found} & {"race", "ethnicity"}


@pytest.mark.parametrize(
    "labels",
    [
        ("White", "Black", "Red", "Green"),
        ("English", "Tibetan", "Uyghur", "Kazakh"),
        ("Uyghur polo", "Tibetan momo", "Korean barbecue"),
        ("male", "female"),
        ("angry", "happy", "sad"),
        ("Siamese", "Persian", "Bengal", "Russian Blue"),
    ],
)
def test_neutral_classes_of_pictures(tmp_path, labels):
    assert not acting(tmp_path, {**VISION, "id2label": {str(n): label for n, label in enumerate(labels)}})


def test_a_classifier_of_text_is_not_one_of_pictures(tmp_path):
    table = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 30522}
    assert not acting(tmp_path, {**table, "id2label": {str(n): r for n, r in enumerate(RACES)}})
