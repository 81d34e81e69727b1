"""Do commercial face APIs fail more often for some groups?

Replication code for our study on discrimination. We count errors per
group of consenting volunteers (self-identified); no image is classified
by group here.
"""
import json
from collections import defaultdict

errors, totals = defaultdict(int), defaultdict(int)
for line in open("responses.jsonl"):
    r = json.loads(line)
    g = r["self_identified_group"]
    totals[g] += 1
    errors[g] += r["detected_faces"] == 0

for g in totals:
    print(f"{g:<20}{errors[g] / totals[g]:.3f}")
