"""Bias audit of the lesion classifier: sensitivity by Fitzpatrick skin type.

The clinician recorded the type with the patient's consent. We only report
aggregates and fail the build when a group falls behind.
"""
import sys

import pandas as pd

df = pd.read_csv("eval/lesions.csv")
mal = df[df.malignant == 1]
sens = mal.assign(hit=mal.score > 0.5).groupby("fitzpatrick").hit.mean()
print(sens.to_string())
if sens.max() - sens.min() > 0.05:
    sys.exit("fairness gate failed")
