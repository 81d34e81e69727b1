"""Atheris target: any bytes into the readers of weights and pickles; only `ReadError` may come out.

python tests/fuzz/fuzz_tensors.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_tensors.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

LOW = {"unpacked": 64 << 20, "members": 2_000}
SECONDS = 10
"""Time after which a reader must have given up."""


def one(data: bytes) -> None:
    """Read one input with the first reader that claims it; files of HDF5 by their marks, without a process each."""
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts import artifact_reader
    from untag.readers.artifacts.tensors import hdf5
    from untag.readers.base import Part

    hdf5.find_spec = lambda _: None
    reader = artifact_reader(data[:4096], "x.pkl", data[-65_557:])
    if reader is None:
        return
    with contextlib.suppress(ReadError):
        for item in reader.parts(Blob(("x.pkl",), data), Budget(**LOW), Deadline.after(SECONDS)):
            if not isinstance(item, Part | Blob | Gap):
                raise AssertionError(item)  # noqa: TRY004 - a finding of the fuzzer
            if isinstance(item, Part):
                item.text.encode("utf-8", "replace")


def seeds(folder: str) -> None:
    """Write the files of the tests as a seed corpus."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "readers"))
    from test_tensors_scan import made

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in made("race").items():
        (Path(folder) / name).write_bytes(data)


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        seeds(sys.argv[sys.argv.index("--seeds") + 1])
        return
    import atheris

    with atheris.instrument_imports(include=["untag"]):
        from untag.readers.artifacts import DOORS
    for door in DOORS:
        if door.where[0].startswith("tensors."):
            with atheris.instrument_imports(include=["untag"]):
                door.reader()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
