"""Atheris target: any bytes into every container and the sniffer; only `ReadError` may come out.

python tests/fuzz/fuzz_containers.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_containers.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import sys
import warnings
from pathlib import Path

LOW = {"unpacked": 64 << 20, "members": 2_000}


def one(data: bytes) -> None:
    """Read one input with all that claim it."""
    from untag.errors import ReadError
    from untag.limits import Budget
    from untag.match.decode import decode
    from untag.model import Blob, Gap
    from untag.readers.containers import TAIL, containers_for
    from untag.readers.sniff import KINDS, sniff

    kind = sniff(data[:4096], len(data), "x")
    if kind not in KINDS:
        raise AssertionError(kind)
    if kind == "text":
        decode(data)
    for container in containers_for(data[:4096], "x", data[-TAIL:]):
        with contextlib.suppress(ReadError):
            for item in container.members(Blob(("x",), data), Budget(**LOW)):
                if not isinstance(item, Blob | Gap) or any("\0" in part or part in ("", "..") for part in item.trail):
                    raise AssertionError(item)


def seeds(folder: str) -> None:
    """Write the archives of the property tests as a seed corpus."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "properties"))
    from test_containers_laws import SEEDS

    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in SEEDS.items():
        (Path(folder) / name).write_bytes(data)


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        seeds(sys.argv[sys.argv.index("--seeds") + 1])
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag"]):
        import untag.match.decode
        import untag.readers.containers
        import untag.readers.sniff  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
