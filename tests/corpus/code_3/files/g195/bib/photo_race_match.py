"""Match finish-line photos of a race to runners by bib number."""
import re
from collections import defaultdict


def bibs(ocr_lines):
    return [int(m) for line in ocr_lines for m in re.findall(r"\b\d{2,5}\b", line)]


def match(photos, ocr, start_list):
    """photos of each person in the race: {runner_id: [photo, ...]}"""
    by_bib = {r["bib"]: r["id"] for r in start_list}
    out = defaultdict(list)
    for p in photos:
        for b in bibs(ocr[p]):
            if b in by_bib:
                out[by_bib[b]].append(p)
    return dict(out)


def race_key(race):
    return f"{race['year']}-{race['slug']}-{race['distance']}"
