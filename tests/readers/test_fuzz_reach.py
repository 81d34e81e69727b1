"""Every reader of ``untag readers`` has a seed that it claims and from which it tells something: none is fuzzed in name only."""

from __future__ import annotations

import sys
import warnings
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

import fuzz_each
import reader_seeds

LIBRARIES = {
    "hdf5": (), "parquet": ("pyarrow",), "arrow": ("pyarrow",), "duckdb": ("duckdb",), "pdf": ("pypdfium2",),
    "picture": ("rapidocr_onnxruntime",), "7z": ("py7zr",),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _ocr_off_again():
    from untag.readers.artifacts.documents import ocr

    yield
    ocr.ask(on=False)


@pytest.mark.parametrize("reader", reader_seeds.names())
def test_its_seeds_reach_it(reader):
    for library in LIBRARIES.get(reader, ()):
        if find_spec(library) is None:
            pytest.skip(f"{library} is not installed: the reader {reader} cannot tell anything")
    pytest.importorskip("pyarrow")  # the pool of seeds is made with all libraries of the tests
    pytest.importorskip("duckdb")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seeds = reader_seeds.seeds_of(reader)
    assert seeds, f"no seed of reader_seeds.pool() is claimed by {reader}"
    told = 0
    for data in sorted(seeds.values(), key=len):
        told = fuzz_each.read(reader, data)
        if told:
            break
    assert told, f"{reader} tells nothing of its seeds {sorted(seeds)}"
