"""Atheris target: any bytes into every reader of programs and images; only `ReadError` may come out.

python tests/fuzz/fuzz_programs.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_programs.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path

LOW = {"unpacked": 64 << 20, "members": 2_000}
SECONDS = 10.0


def one(data: bytes) -> None:
    """Read one input with all that claim it."""
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts.programs import DOORS
    from untag.readers.base import Part
    from untag.readers.containers.image import Image

    head, tail = data[:4096], data[-65_557:]
    for door in DOORS:
        reader = door.reader()
        if door.likely(head, "x") and reader.claims(head, "x", tail):
            with contextlib.suppress(ReadError):
                for item in reader.parts(Blob(("x",), data), Budget(**LOW), Deadline.after(SECONDS)):
                    assert isinstance(item, Part | Blob | Gap)
    image = Image()
    if image.claims(head, "x"):
        with contextlib.suppress(ReadError):
            for item in image.members(Blob(("x",), data), Budget(**LOW)):
                if not isinstance(item, Blob | Gap) or any("\0" in part or part in ("", "..") for part in item.trail):
                    raise AssertionError(item)


def seeds(folder: str) -> None:
    """Write the programs and images of the tests as a seed corpus."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "readers"))
    from test_programs_formats import FORMS, build
    from test_programs_images import FORMS as IMAGES

    made = {form: build(form, planted=True) for form in FORMS} | IMAGES
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (Path(folder) / name.replace(" ", "-")).write_bytes(data)


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        seeds(sys.argv[sys.argv.index("--seeds") + 1])
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag"]):
        import untag.readers.artifacts.programs
        import untag.readers.artifacts.programs.android
        import untag.readers.artifacts.programs.dex
        import untag.readers.artifacts.programs.dotnet
        import untag.readers.artifacts.programs.javaclass
        import untag.readers.artifacts.programs.pyc
        import untag.readers.containers.image  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
