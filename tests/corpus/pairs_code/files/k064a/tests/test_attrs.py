import pytest
from facelab import Analyzer


@pytest.fixture(scope="module")
def an():
    return Analyzer(actions=("age", "race"))


def test_one_face(an, sample_face):
    r = an.run(sample_face)[0]
    assert 0 < r.age < 100
    assert r.race in {"white", "black", "asian"}
