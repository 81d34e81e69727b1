"""Atheris target: any bytes into every table reader; only `ReadError` may come out.

python tests/fuzz/fuzz_tables.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_tables.py DIR [libFuzzer options, -max_total_time=60 for one]

DuckDB files are left out: their reader is DuckDB itself, in a child process.
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path

NAMES = ("parquet", "arrow", "sqlite", "avro", "tfrecord", "lmdb", "bson")


def one(data: bytes) -> None:
    """Read one input with the reader that its first byte names, and with all that claim it."""
    from untag.errors import ReadError
    from untag.limits import Budget, Deadline
    from untag.model import Blob, Gap
    from untag.readers.artifacts.tables import DOORS
    from untag.readers.artifacts.tables.ddl import definition
    from untag.readers.artifacts.tables.layout import layout
    from untag.readers.base import Part

    body = data[1:]
    chosen = NAMES[data[0] % len(NAMES)] if data else ""
    for door in DOORS:
        if door.name not in NAMES:
            continue
        reader = door.reader()
        claimed = door.likely(body[:4096], "x") and reader.claims(body[:4096], "x", body[-65_557:])
        if not claimed and door.name != chosen:
            continue
        with contextlib.suppress(ReadError):
            for item in reader.parts(Blob(("x",), body), Budget(), Deadline.after(20)):
                assert isinstance(item, Part | Blob | Gap), item
                if isinstance(item, Part):
                    f"{item.text}{item.statement}{item.note}{item.scope.name}".encode()
    text = body[:4096].decode("utf-8", "replace")
    definition(text)
    layout([(line,) for line in text.split("\n")])


def seeds(folder: str) -> None:
    """Write small tables of every format as a seed corpus."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "readers"))
    from test_tables_laws import READERS, valid

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in READERS:
        (Path(folder) / name).write_bytes(bytes([NAMES.index(name)]) + valid(name))


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        seeds(sys.argv[sys.argv.index("--seeds") + 1])
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag"]):
        import untag.readers.artifacts.tables.arrow
        import untag.readers.artifacts.tables.avro
        import untag.readers.artifacts.tables.bson
        import untag.readers.artifacts.tables.layout
        import untag.readers.artifacts.tables.lmdb
        import untag.readers.artifacts.tables.parquet
        import untag.readers.artifacts.tables.sqlite
        import untag.readers.artifacts.tables.tfrecord  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
