"""Runs two models of TensorFlow.js on noise and says on how many inputs they differ.

The child's side of `evaluate`, started as ``python -m …evaluate_child``. It is given a request as JSON and speaks
once, in one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from untag.readers.artifacts.documents import bounds
from untag.strip.base import StripError, Unit
from untag.strip.tfjs.evaluate import Pair, differing, programs
from untag.strip.tfjs.model import described
from untag.strip.tfjs.operations import Unknown

SECONDS = 600
"""Processor time after which the system ends this process."""


def main() -> int:
    """Read the request, say the answer; return the exit code."""
    # one thread sums the products: the other core has another process, and idle threads would spin
    for library in ("OPENBLAS", "OMP", "MKL", "VECLIB"):
        os.environ[f"{library}_{'MAXIMUM' if library == 'VECLIB' else 'NUM'}_THREADS"] = "1"
    bounds.alone()
    request = json.loads(sys.stdin.read())
    bounds.confine(0, SECONDS)
    unit = Unit(Path(request["root"]), request["name"], ())
    answer: dict[str, object]
    try:
        pairs = [Pair(old, new, kept and tuple(kept), product) for old, new, kept, product in request["pairs"]]
        first, second = programs(described(unit), described(unit, Path(request["staging"])), pairs)
        answer = {"different": differing(first, second, pairs, request["numbers"])}
    except (StripError, Unknown) as error:
        answer = {"unknown": str(error)}
    except MemoryError:
        answer = {"unknown": "there is too little memory to compute them"}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
