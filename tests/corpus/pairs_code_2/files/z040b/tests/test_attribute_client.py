import json

import pytest

from attrclient import parse

REPLY = """
{"faces": [{"bbox": [10, 12, 80, 90], "age": 33,
            "caption": {"lang": "es-419", "text": "hispanic heritage festival"}}]}
"""


@pytest.fixture
def face():
    return parse(json.loads(REPLY)).faces[0]


def test_box(face):
    assert face.bbox.width == 70


def test_second_block(face):
    assert face.caption.lang == "es-419"
    assert "festival" in face.caption.text
