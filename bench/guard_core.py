"""The guard's core alone: clean and dirty bodies, against parse, strip and dump with orjson.

    python bench/guard_core.py [seconds per figure]

Medians of repeated calls in one process. The dirty body is judged in full once (``first``); from then on the route
is known (``dirty``). The baseline parses the body with orjson, drops the key wherever it stands, and dumps the rest.
"""

import json
import sys
import time
from statistics import median

import orjson

from untag.guard import core

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
PATH = "/v1/detect"


def faces(count, *, race):
    groups = ("asian", "white", "black")
    rows = [
        {
            "face_id": f"f{number:06x}",
            "bbox": [10 * number, 20, 30, 40],
            "age": 31,
            "gender": "female",
            **({"race": groups[number % 3]} if race else {}),
            "emotion": "happy",
            "glasses": False,
            "landmarks": [[1.5, 2.5], [3.5, 4.5]],
            "confidence": 0.987,
        }
        for number in range(count)
    ]
    return json.dumps({"faces": rows, "model": "v3", "time_ms": 12}).encode()


def without(value):
    if isinstance(value, dict):
        return {key: without(kid) for key, kid in value.items() if key != "race"}
    if isinstance(value, list):
        return [without(kid) for kid in value]
    return value


def timed(call):
    """Return the median of a call's duration in microseconds."""
    call()
    took = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(took) < 5:
        begun = time.perf_counter()
        call()
        took.append((time.perf_counter() - begun) * 1e6)
    return median(took)


def first(body):
    core.PLANS.clear()
    return core.clean_response(body, "application/json", path=PATH)


def main():
    for label, count in (("1 kB", 5), ("2 kB", 10), ("200 kB", 1000)):
        clean, dirty = faces(count, race=False), faces(count, race=True)
        assert core.clean_response(clean, "application/json", path=PATH).verdict == "allow"
        new = core.clean_response(dirty, "application/json", path=PATH)
        assert new.body == clean, "all else stays byte for byte"
        figures = {
            "clean": timed(lambda body=clean: core.clean_response(body, "application/json", path=PATH)),
            "first": timed(lambda body=dirty: first(body)),
            "dirty": timed(lambda body=dirty: core.clean_response(body, "application/json", path=PATH)),
            "orjson": timed(lambda body=dirty: orjson.dumps(without(orjson.loads(body)))),
        }
        words = "  ".join(f"{name} {value:8.1f} µs" for name, value in figures.items())
        print(f"{label:>6}  {len(dirty):7,} bytes  {words}  orjson/dirty {figures['orjson'] / figures['dirty']:.1f} ×")
    request = json.dumps({"image": "A" * 900, "attributes": ["age", "gender"], "threshold": 0.5}).encode()
    asked = json.dumps({"image": "A" * 900, "attributes": ["age", "race"], "threshold": 0.5}).encode()
    for label, body in (("clean", request), ("dirty", asked)):
        took = timed(lambda body=body: core.check_request(body, "application/json", PATH))
        print(f"request {len(body):,} bytes {label} {took:8.1f} µs")


if __name__ == "__main__":
    main()
