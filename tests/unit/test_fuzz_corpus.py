"""The fuzz targets hold on their kept inputs: seeds, and whatever once made a reader fail.

`make fuzz` looks for new inputs; one that fails is kept in ``tests/fuzz/corpus/<target>`` for ever.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"
TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in FUZZ.glob("fuzz_*.py"))


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel here: the fuzz targets are not replayed")
@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_pass(target):
    inputs = sorted((FUZZ / "corpus" / target).glob("*"))
    assert inputs, f"tests/fuzz/corpus/{target} is empty"
    # a child begins with the peak memory of the process that it came from: the limit is for long runs
    command = [sys.executable, str(FUZZ / f"fuzz_{target}.py"), "-rss_limit_mb=0", *map(str, inputs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)  # noqa: PLW1510 - looked at below
    assert done.returncode == 0, done.stderr[-2000:]
