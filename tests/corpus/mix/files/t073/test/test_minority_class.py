import numpy as np
import pytest
from sklearn.datasets import make_classification

from imbal.over_sampling import BorderOver


@pytest.fixture
def data():
    return make_classification(n_samples=200, weights=[0.9, 0.1], random_state=0)


def test_minority_is_resampled(data):
    X, y = data
    Xr, yr = BorderOver(random_state=1).fit_resample(X, y)
    # the minority class must reach the size of the majority class
    assert np.bincount(yr)[1] == np.bincount(yr)[0]


def test_minority_only(data):
    X, y = data
    with pytest.raises(ValueError, match="minority"):
        BorderOver().fit_resample(X[y == 1], y[y == 1])
