"""Atheris target: any bytes into every reader of model graphs; only `ReadError` may come out.

python tests/fuzz/fuzz_models.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_models.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path

LOW = {"unpacked": 8 << 20, "members": 200}


def one(data: bytes) -> None:
    """Read one input with every reader, whether it claims it or not."""
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts.models import DOORS
    from untag.readers.base import Part

    for door in DOORS:
        door.likely(data[:4096], "x")
        reader = door.reader()
        reader.claims(data[:4096], f"x.{reader.formats[0]}", data[-65_557:])
        with contextlib.suppress(ReadError):
            for item in reader.parts(Blob(("x",), data), Budget(**LOW), Deadline.after(20)):
                if not isinstance(item, Part | Blob | Gap):
                    raise AssertionError(type(item))  # noqa: TRY004 - a broken promise, not a wrong call


def seeds(folder: str) -> None:
    """Write the models of the tests as a seed corpus."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "readers"))
    from model_bytes import PROTECTED, VALID

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, make in VALID.items():
        (Path(folder) / name).write_bytes(make(PROTECTED))


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        seeds(sys.argv[sys.argv.index("--seeds") + 1])
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag"]):
        import untag.readers.artifacts.models
        import untag.readers.artifacts.models.tflite
        import untag.readers.artifacts.models.wire  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
