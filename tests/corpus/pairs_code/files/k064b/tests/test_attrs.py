import pytest
from facelab import Analyzer, NotOffered


@pytest.fixture(scope="module")
def an():
    return Analyzer(actions=("age", "glasses"))


def test_one_face(an, sample_face):
    r = an.run(sample_face)[0]
    assert 0 < r.age < 100
    with pytest.raises(NotOffered):
        Analyzer(actions=("age", "race"))
    assert not hasattr(r, "race")
