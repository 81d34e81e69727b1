import pytest

from portraitkit import analyze

FORBIDDEN = {"race", "ethnicity", "skin_tone", "religion", "nationality"}


@pytest.mark.parametrize("name", ["a.jpg", "group.jpg", "dark.jpg"])
def test_output_has_no_protected_attribute(sample_dir, name):
    for face in analyze(sample_dir / name):
        assert FORBIDDEN.isdisjoint(face), "protected attribute leaked into the output"


def test_requesting_race_is_an_error(sample_dir):
    with pytest.raises(ValueError):
        analyze(sample_dir / "a.jpg", attributes=["race"])
