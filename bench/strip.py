"""What a removal takes in time and memory, against the usual tools in the same run.

    python bench/strip.py                    # ONNX of 400 MB, Parquet of 1 GB
    python bench/strip.py --only onnx --megabytes 100
    python bench/strip.py --only parquet --rows 2000000
    python bench/strip.py --only rows        # ways to cut a layer whose weight is dequantised at run time

Memory is the resident set of the process and all its children at its highest, less what the same command needs
for a file of a few kilobytes. Seconds are of this machine; ratios carry over. The exit code is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psutil

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "strip"))

from measure import Row, sampled, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MB: Final = 1 << 20
SECONDS: Final = 3.0
TIMES: Final = 1.2
"""Memory of the strip of an ONNX model, in sizes of its file."""
COPY: Final = 1.5
"""Seconds of a column cut, in those of a copy of the other columns with pyarrow."""
TABLE_MEMORY: Final = 300 * MB
EXTRACT: Final = """
import sys, onnx, onnx.utils
onnx.checker.check_model = lambda *a, **k: None
model = onnx.load(sys.argv[1])
onnx.utils.extract_model(sys.argv[1], sys.argv[2], [i.name for i in model.graph.input], ["output"])
"""
LOAD: Final = """
import sys, onnx
model = onnx.load(sys.argv[1])
onnx.save(model, sys.argv[2])
"""
ARROW: Final = """
import sys, pyarrow.parquet as pq
source = pq.ParquetFile(sys.argv[1])
names = [n for n in source.schema_arrow.names if n != "ethnicity"]
codec = source.metadata.row_group(0).column(0).compression
with pq.ParquetWriter(sys.argv[2], source.schema_arrow.remove(source.schema_arrow.get_field_index("ethnicity")), compression=codec) as out:
    for number in range(source.num_row_groups):
        out.write_table(source.read_row_group(number, columns=names))
"""


def measured(command: Sequence[str]) -> tuple[float, int]:
    """Run a command; return wall seconds and the peak of the resident sets of its processes together."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = sampled(lambda: _resident(process.pid), process)
    wall = time.perf_counter() - start
    if process.returncode:
        said = process.stderr.read().decode() if process.stderr else ""
        raise RuntimeError(f"{' '.join(command[:6])} … ended with {process.returncode}: {said[-600:]}")
    return wall, peak


def _resident(pid: int) -> int:
    """Return the resident bytes of a process and its children; pages that they share, as forks do, are counted once.

    Where the system does not tell shares (all but Linux), they are counted in each.
    """
    total = 0
    try:
        top = psutil.Process(pid)
        for one in (top, *top.children(recursive=True)):
            try:
                full = one.memory_full_info()
                total += getattr(full, "pss", full.rss)
            except psutil.Error:
                continue
    except psutil.Error:
        return total
    return total


def untag(source: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "untag", "strip", str(source), "-o", str(out), "-q", *more]


def best(command: Sequence[str], out: Path, runs: int) -> tuple[float, int]:
    """Return the median seconds of some runs, and their highest peak; what they write is removed each time."""
    walls, peaks = [], []
    for _ in range(runs):
        wall, peak = measured(command)
        walls.append(wall)
        peaks.append(peak)
        for left in (out, out.with_name(out.name + ".proof.json")):
            left.unlink(missing_ok=True)
    return sorted(walls)[len(walls) // 2], max(peaks)


def onnx(folder: Path, megabytes: int, runs: int) -> Iterator[Row]:
    """Cut 7 of 18 classes from a model of this size."""
    import onnx_models as make  # noqa: PLC0415 - needs the extra

    model, small, out = make.big(folder / "m.onnx", megabytes), folder / "small.onnx", folder / "out.onnx"
    size = model.stat().st_size
    make.save(make.gemm().model, small)
    classes = ("--class", "output[0:7]")
    _, start = best(untag(small, out, *classes), out, 1)
    wall, peak = best(untag(model, out, *classes), out, runs)
    base, _ = best([sys.executable, "-c", "import onnx"], out, 1)
    more = (peak - start) / size
    goal = SECONDS * max(size / (400 * MB), 0.5)
    yield Row(f"onnx, {size // MB} MB", f"{wall:.2f} s", "", "", f"≤ {goal:g} s", wall <= goal)
    told = f"{(peak - start) // MB} MB beyond {start // MB} MB of start-up"
    yield Row("  memory", told, "", f"{more:.2f} ×", f"≤ {TIMES:g} × the file", more <= TIMES)
    for name, code in (("onnx.load, extract_model", EXTRACT), ("onnx.load, save", LOAD)):
        _, idle = best([sys.executable, "-c", code, str(small), str(out)], out, 1)
        theirs, most = best([sys.executable, "-c", code, str(model), str(out)], out, runs)
        text = f"{theirs:.2f} s, {(most - idle) / size:.2f} × the file: {name}, rows left"
        yield Row("  against", f"{wall:.2f} s, {more:.2f} ×", text, f"{theirs / wall:.1f} ×", "", None)
    assert base > 0


def parquet(folder: Path, rows: int, runs: int) -> Iterator[Row]:
    """Cut one column of twenty from a table of about 1 GB."""
    source, small, out = folder / "t.parquet", folder / "small.parquet", folder / "out.parquet"
    _table(source, rows)
    _table(small, 1_000)
    size = source.stat().st_size
    attribute = ("--output", "ethnicity")
    _, start = best(untag(small, out, *attribute), out, 1)
    wall, peak = best(untag(source, out, *attribute), out, runs)
    theirs, _ = best([sys.executable, "-c", ARROW, str(source), str(out)], out, runs)
    name = f"parquet, {size // MB} MB, 1 of 20 columns"
    own = f"{wall:.2f} s"
    yield Row(
        name, own, f"{theirs:.2f} s pyarrow copy", f"{wall / theirs:.2f} ×", f"≤ {COPY:g} ×", wall <= COPY * theirs
    )
    told = f"{peak // MB} MB, {start // MB} MB of them start-up"
    yield Row("  memory", told, "", "", f"≤ {TABLE_MEMORY // MB} MB", peak <= TABLE_MEMORY)


def _table(path: Path, rows: int) -> None:
    """Write a table of twenty columns, one of them ``ethnicity``: random numbers and short codes."""
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    rng = np.random.default_rng(0)
    names = [f"v{n}" for n in range(17)]
    fields = [pa.field("id", pa.int64()), *(pa.field(n, pa.float64()) for n in names)]
    schema = pa.schema([*fields, pa.field("ethnicity", pa.string()), pa.field("camera", pa.string())])
    step = 250_000
    codes = np.array([f"group {n}" for n in range(9)])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for start in range(0, rows, step):
            count = min(step, rows - start)
            columns = [np.arange(start, start + count), *(rng.random(count) for _ in names)]
            texts = [codes[rng.integers(0, 9, count)], np.char.add("cam", rng.integers(0, 500, count).astype(str))]
            out.write_table(pa.table([*columns, *texts], schema=schema))


def rows(inputs: int = 200) -> Iterator[Row]:
    """Cut 7 of 18 rows of a layer whose weight is dequantised at run time, in every way that is the same function.

    Such a weight is not packed beforehand. For one input, ONNX Runtime's kernel for x86 multiplies four rows at a
    time and what is left over one by one, which adds up in another order: a row that changes sides changes its last
    bits. So only a layer that keeps as many rows as before, or repeats some to keep every row's side, gives the bits
    (`docs/adr/0022-held-places.md`).
    """
    import numpy as np  # noqa: PLC0415 - as above
    from onnx import helper  # noqa: PLC0415 - as above

    rng = np.random.default_rng(0)
    kept, every, wide = list(range(7, 18)), 18, 96
    weight = rng.integers(-127, 128, (every, wide), np.int8)
    scale, bias = (rng.random(every, dtype=np.float32) + 0.1) / 100, rng.standard_normal(every).astype(np.float32)
    twice = [*kept[:9], *kept[:3], *kept[9:]]
    blank, still = weight.copy(), bias.copy()
    blank[:7], still[:7] = 0, 0
    turned = np.ascontiguousarray(weight[kept].T)
    node, dequantise = helper.make_node, helper.make_node("DequantizeLinear", ["w", "s"], ["f"], axis=0)
    layer, pick = node("Gemm", ["x", "f", "b"], ["all"], transB=1), node("Gather", ["all", "i"], ["y"], axis=1)
    plain = node("Gemm", ["x", "f", "b"], ["y"], transB=1)
    ways = {
        "sliced, as untag does first": ([dequantise, plain], {"w": weight[kept], "s": scale[kept], "b": bias[kept]}),
        "dequantised beforehand": (
            [plain],
            {"f": weight[kept].astype(np.float32) * scale[kept, None], "b": bias[kept]},
        ),
        "turned": (
            [node("DequantizeLinear", ["w", "s"], ["f"], axis=1), node("Gemm", ["x", "f", "b"], ["y"])],
            {"w": turned, "s": scale[kept], "b": bias[kept]},
        ),
        "MatMul and Add": (
            [
                node("DequantizeLinear", ["w", "s"], ["f"], axis=1),
                node("MatMul", ["x", "f"], ["p"]),
                node("Add", ["p", "b"], ["y"]),
            ],
            {"w": turned, "s": scale[kept], "b": bias[kept]},
        ),
        "3 kept rows twice, Gather": (
            [dequantise, layer, pick],
            {"w": weight[twice], "s": scale[twice], "b": bias[twice], "i": np.array([*range(9), 12, 13])},
        ),
        "zeros in place, Gather, as untag does then": (
            [dequantise, layer, pick],
            {"w": blank, "s": scale, "b": still, "i": np.array(kept)},
        ),
    }
    whole = _session([dequantise, plain], {"w": weight, "s": scale, "b": bias})
    sessions = {name: _session(*way) for name, way in ways.items()}
    equal = dict.fromkeys(ways, 0)
    for number in range(inputs):
        given = np.random.default_rng(number).standard_normal(((1, 2, 1, 5)[number % 4], wide)).astype(np.float32)
        expected = whole.run(None, {"x": given})[0][:, kept]
        for name, session in sessions.items():
            equal[name] += bool((session.run(None, {"x": given})[0] == expected).all())
    for name, count in equal.items():
        yield Row(f"weight-only QDQ, {name}", f"{count} of {inputs} bit-equal", "", "", "", None)


def _session(nodes: Sequence[Any], values: dict[str, Any]) -> Any:
    import onnxruntime  # noqa: PLC0415 - as above
    from onnx import helper, numpy_helper  # noqa: PLC0415 - as above

    inputs = [helper.make_tensor_value_info("x", 1, ["N", 96])]
    outputs = [helper.make_tensor_value_info("y", 1, ["N", None])]
    tensors = [numpy_helper.from_array(value, name) for name, value in values.items()]
    graph = helper.make_graph(nodes, "g", inputs, outputs, tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("onnx", "parquet", "rows"))
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--rows", type=int, default=8_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder for the files, which are made anew")
    given = parser.parse_args()
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="untag-bench-", dir=given.keep) as name:
        if given.only in (None, "onnx"):
            found += onnx(Path(name), given.megabytes, given.runs)
        if given.only in (None, "parquet"):
            found += parquet(Path(name), given.rows, given.runs)
        if given.only in (None, "rows"):
            found += rows()
    print(table(found))
    return int(any(row.reached is False for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
