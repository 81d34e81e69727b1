import pytest

from faceapi import analyze

BANNED = ["race", "ethnicity", "religion", "skin_color", "nationality"]


@pytest.fixture
def faces(sample_image):
    return analyze(sample_image)


@pytest.mark.parametrize("key", BANNED)
def test_key_is_absent(faces, key):
    for f in faces:
        assert key not in f
        assert key not in f.get("attributes", {})


def test_requesting_race_is_refused(sample_image):
    with pytest.raises(ValueError, match="not supported"):
        analyze(sample_image, attributes=["age", "race"])
