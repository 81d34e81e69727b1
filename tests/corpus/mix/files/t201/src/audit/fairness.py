# Copyright 2023 OpenAudit. All Rights Reserved.
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

"""Disparity report for the face detector (offline, aggregated only)."""
import argparse
import json

import pandas as pd


def disparity(df):
    rates = {}
    for group, part in df.groupby("self_id_race"):
        rates[group] = {"n": len(part), "recall": float(part.hit.mean())}
    vals = [r["recall"] for r in rates.values()]
    return {"groups": rates, "max_gap": max(vals) - min(vals)}


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("parquet")
    print(json.dumps(disparity(pd.read_parquet(p.parse_args().parquet)), indent=2))
