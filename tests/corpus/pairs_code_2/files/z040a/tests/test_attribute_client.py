import json

import pytest

from attrclient import parse

REPLY = """
{"faces": [{"bbox": [10, 12, 80, 90], "age": 33,
            "ethnicity": {"value": "Hispanic", "confidence": 71.2}}]}
"""


@pytest.fixture
def face():
    return parse(json.loads(REPLY)).faces[0]


def test_box(face):
    assert face.bbox.width == 70


def test_second_block(face):
    assert face.ethnicity == "Hispanic"
    assert face.ethnicity_confidence > 70
