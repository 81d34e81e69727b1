"""What a scan of large structured files takes in time and memory, against tools that decode them.

    python bench/artifacts.py                      # all, some minutes; the files (3.2 GB) are made and deleted
    python bench/artifacts.py --only models        # ONNX, safetensors and Parquet of 400 MB
    python bench/artifacts.py --only coded,mixed --scale 0.2

* ``models``: seconds and memory beyond start-up, which is a scan of a file of the same format with a few kilobytes.
* ``coded``: a table of labels as a data set of faces has them, each column a dictionary, against pyarrow
  that decodes every row.
* ``mixed``: labels, numbers, paths and sentences, against polars' ``contains_any`` over the columns of text with the
  terms that untag looks for.

All runs take turns. The exit code is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "readers"))

import data
import peers
from measure import Row, sampled, seconds, table

from strip import MB, _resident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LARGE: Final = 400
"""Megabytes of the files of ``models``."""
SECONDS: Final = 0.5
BEYOND: Final = 150
"""Megabytes of memory beyond start-up."""
TABLE: Final = 1_000
"""Megabytes of the tables."""
CODED: Final = 50.0
MIXED: Final = 3.0
STEP: Final = 1 << 19
"""Rows of one row group."""
EVERY_ROW: Final = """
import sys, pyarrow.parquet as pq
for batch in pq.ParquetFile(sys.argv[1]).iter_batches():
    pass
"""
CONTAINS: Final = """
import sys, polars as pl
terms = open(sys.argv[2], encoding="utf-8").read().splitlines()
found = pl.col(pl.String).str.contains_any(terms, ascii_case_insensitive=True).any()
print(pl.scan_parquet(sys.argv[1]).select(found).collect(engine="streaming"))
"""


def median(commands: Sequence[Sequence[str]], runs: int) -> list[tuple[float, int]]:
    """Run commands in turn; return the median seconds and the highest peak of each."""
    taken: list[list[tuple[float, int]]] = [[] for _ in commands]
    for _ in range(runs):
        for command, place in zip(commands, taken, strict=True):
            place.append(measured(command))
    return [(sorted(w for w, _ in rows)[len(rows) // 2], max(p for _, p in rows)) for rows in taken]


def alone(folder: Path, name: str) -> Path:
    """Return where to make a file that is scanned as a folder of its own: a target that is one file is digested, too."""
    home = folder / name.replace(".", "-")
    home.mkdir()
    return home / name


def measured(command: Sequence[str]) -> tuple[float, int]:
    """Run a command; return wall seconds and the peak of its processes together; a scan that finds something is done."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = sampled(lambda: _resident(process.pid), process)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command[:6])} … ended with {process.returncode}")
    return time.perf_counter() - start, peak


def models(folder: Path, scale: float, runs: int) -> Iterator[Row]:
    """ONNX, safetensors and Parquet: what a scan costs beyond its start."""
    size = int(LARGE * scale) * MB
    for name, make in (("onnx", onnx), ("safetensors", safetensors), ("parquet", mixed_table)):
        small, large = alone(folder, f"small.{name}"), alone(folder, f"large.{name}")
        make(small, 0)
        make(large, size)
        median([peers.scan(small.parent)], 1)
        (start, idle), (wall, peak) = median([peers.scan(small.parent), peers.scan(large.parent)], runs)
        what = f"{name}, {large.stat().st_size // MB} MB"
        own = f"{max(wall - start, 0):.2f} s"
        yield Row(what, own, f"beyond {seconds(start)} of start-up", "", f"≤ {SECONDS} s", wall - start <= SECONDS)
        more = max(peak - idle, 0) // MB
        yield Row("  memory", f"{more} MB", f"beyond {idle // MB} MB", "", f"≤ {BEYOND} MB", more <= BEYOND)
        large.unlink()


def onnx(path: Path, size: int) -> None:
    """Write a model of heads with weights of this size, as several tensors."""
    from model_bytes import f, onnx_graph, onnx_tensor  # noqa: PLC0415 - of the tests
    from model_bytes import onnx as model  # noqa: PLC0415 - as above

    with path.open("wb") as out:
        chunk = 16 * MB
        weights = [onnx_tensor(f"backbone.{n}.weight", b"") for n in range(3)]
        fields = b"".join(f(5, w) for w in weights)
        if size:
            block = bytes(range(256)) * (chunk // 256)
            fields += b"".join(f(5, onnx_tensor(f"backbone.{n}.raw", block)) for n in range(size // chunk))
        out.write(model(onnx_graph("face_attributes", ["age_output", "race_output"], extra=fields)))


def safetensors(path: Path, size: int) -> None:
    """Write weights of this size with their header."""
    import json  # noqa: PLC0415 - used here alone

    count = max(1, size // (16 * MB))
    each = size // count
    header = {
        f"blocks.{n}.weight": {"dtype": "F32", "shape": [each // 4], "data_offsets": [n * each, (n + 1) * each]}
        for n in range(count)
    }
    said = json.dumps({"__metadata__": {"task": "face attributes", "heads": "age,race"}, **header}).encode()
    with path.open("wb") as out:
        out.write(len(said).to_bytes(8, "little") + said)
        for _ in range(count):
            out.write(bytes(range(256)) * (each // 256) + bytes(each % 256))


def coded_table(path: Path, size: int) -> None:
    """Write a table whose columns are all codes of a few labels: random, so that runs do not shrink them."""
    import numpy as np  # noqa: PLC0415 - of the bench group
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    chance = np.random.default_rng(0)
    labels = {f"attribute_{n}": [f"value {n} {k}" for k in range(4 + n % 12)] for n in range(18)}
    labels |= {"camera": [f"cam{n}" for n in range(200)], "race": ["White", "Black", "Asian", "Indian", "Other"]}
    columns = {
        name: pa.DictionaryArray.from_arrays(chance.integers(0, len(words), STEP).astype("int32"), words)
        for name, words in labels.items()
    }
    rows = pa.table(columns)
    with pq.ParquetWriter(path, rows.schema, compression="none", store_schema=False) as out:
        out.write_table(rows)
        while path.stat().st_size < size:
            out.write_table(rows)


def mixed_table(path: Path, size: int) -> None:
    """Write a table of faces: paths and sentences that are all different, numbers, and labels."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    chance = np.random.default_rng(0)
    count = STEP // 4 if size else 200
    words = np.array(
        [
            "camera",
            "street",
            "person",
            "walks",
            "near",
            "the",
            "red",
            "car",
            "with",
            "a",
            "bag",
            "while",
            "another",
            "waits",
            "at",
            "gate",
        ]
    )
    with pq.ParquetWriter(path, _mixed_schema(), compression="snappy") as out:
        written = 0
        while not written or path.stat().st_size < size:
            numbers = chance.integers(0, 1 << 40, count)
            said = words[chance.integers(0, len(words), (count, 12))]
            out.write_table(
                pa.table(
                    [
                        pa.array([f"faces/{n:012x}.jpg" for n in numbers]),
                        pa.array([f"{' '.join(row)} {n}" for row, n in zip(said, numbers, strict=True)]),
                        chance.random(count),
                        chance.random(count),
                        numbers,
                        pa.array(np.array(["male", "female"])[chance.integers(0, 2, count)]),
                        pa.array(np.array(["White", "Black", "Asian", "Indian"])[chance.integers(0, 4, count)]),
                    ],
                    schema=_mixed_schema(),
                )
            )
            written += count


def _mixed_schema() -> object:
    import pyarrow as pa  # noqa: PLC0415 - as above

    kinds = ["string", "string", "float64", "float64", "int64", "string", "string"]
    names = ["image_path", "caption", "yaw", "pitch", "track", "gender", "race"]
    return pa.schema([pa.field(n, pa.type_for_alias(k)) for n, k in zip(names, kinds, strict=True)])


def coded(folder: Path, scale: float, runs: int) -> Iterator[Row]:
    """A table of labels against a reader of every row."""
    path = alone(folder, "coded.parquet")
    coded_table(path, int(TABLE * scale) * MB)
    what = f"labels, {path.stat().st_size // MB} MB"
    measured(peers.scan(path.parent))
    (own, _), (theirs, _) = median([peers.scan(path.parent), [sys.executable, "-c", EVERY_ROW, str(path)]], runs)
    yield against(what, own, theirs, "pyarrow, every row", CODED)
    path.unlink()


def mixed(folder: Path, scale: float, runs: int) -> Iterator[Row]:
    """A table with everything in it against a search of its texts."""
    path = alone(folder, "mixed.parquet")
    mixed_table(path, int(TABLE * scale) * MB)
    what = f"mixed, {path.stat().st_size // MB} MB"
    if not find_spec("polars"):
        yield Row(what, seconds(measured(peers.scan(path.parent))[0]), "skipped: polars is not installed", "", "", None)
        return
    terms = data.terms(data.DATA / "terms.txt")
    few = terms.with_name("few.txt")
    few.write_text("race\nethnicity\nUyghur\n", "utf-8")
    command = [sys.executable, "-c", CONTAINS, str(path)]
    took = median([peers.scan(path.parent), [*command, str(terms)], [*command, str(few)]], runs)
    yield against(what, took[0][0], took[1][0], "polars contains_any, all terms", MIXED)
    yield against(what, took[0][0], took[2][0], "polars contains_any, three terms", 0)
    path.unlink()


def against(what: str, own: float, theirs: float, name: str, goal: float) -> Row:
    """Return the row of a job that is to be so many times faster; 0 where a peer stands for comparison alone."""
    ratio = theirs / own
    wanted = f"≥ {goal:g} × faster" if goal else ""
    return Row(
        what, seconds(own), f"{seconds(theirs)} {name}", f"{ratio:.1f} ×", wanted, ratio >= goal if goal else None
    )


BENCHES: Final[dict[str, Callable[[Path, float, int], Iterator[Row]]]] = {
    "models": models,
    "coded": coded,
    "mixed": mixed,
}


def main() -> int:
    """Run the chosen ones and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(BENCHES), help=f"names, from {', '.join(BENCHES)}")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full sizes (default: 1)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the files are made (default: the system's)")
    args = parser.parse_args()
    data.DATA.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="untag-bench-", dir=args.folder) as name:
        for chosen in args.only.split(","):
            print(f"… {chosen}", file=sys.stderr, flush=True)
            rows += BENCHES[chosen](Path(name), args.scale, args.runs)
    print(table(rows))
    return int(any(row.reached is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
