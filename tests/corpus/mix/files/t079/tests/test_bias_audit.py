# Copyright 2023 Fair Vision Lab. All Rights Reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.

"""Release gate: the face detector must not do worse for darker skin.

The labels are the Monk scale values the paid volunteers chose themselves;
they never leave the audit bucket.
"""
import pandas as pd
import pytest

MAX_GAP = 0.01


@pytest.fixture(scope="module")
def report():
    return pd.read_parquet("audit/recall_by_group.parquet")


def test_gap_between_monk_groups(report):
    by = report.groupby("monk_group")["recall"].mean()
    assert by.max() - by.min() < MAX_GAP, by.to_dict()


def test_every_group_has_enough_subjects(report):
    assert report.groupby("monk_group")["subject"].nunique().min() >= 200
