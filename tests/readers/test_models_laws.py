"""Whatever the bytes are: readers of models yield parts, blobs and gaps, or raise `ReadError`, and end."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st
from model_bytes import PROTECTED, VALID, tflite

from untag.errors import ReadError
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.models import DOORS
from untag.readers.base import Part

SEEDS = {name: make(PROTECTED) for name, make in VALID.items()}
SEEDS["zipped.tflite"] = tflite(PROTECTED, zipped={"race_output.txt": "White\nBlack\n", "readme.md": "x"})
READERS = [door.reader() for door in DOORS]


def read(data: bytes) -> None:
    for reader in READERS:
        for name in ("x", f"x.{reader.formats[0]}"):
            assert reader.claims(data[:4096], name, data[-65_557:]) in (True, False)
        with contextlib.suppress(ReadError):
            for item in reader.parts(Blob(("x",), data), Budget(unpacked=8 << 20, members=200), Deadline.after(5)):
                assert isinstance(item, Part | Blob | Gap)
                if isinstance(item, Part):
                    assert isinstance(item.text, str)
                    assert len(item.statement) <= 2_000
                    item.scope.route()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(data):
    read(data)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(sorted(SEEDS)),
    st.lists(st.tuples(st.integers(0, 2_000), st.binary(min_size=1, max_size=6)), max_size=6),
    st.integers(0, 2_500),
)
def test_mutations(name, changes, end):
    data = bytearray(SEEDS[name])
    for at, piece in changes:
        start = at % len(data)
        data[start : start + len(piece)] = piece
    read(bytes(data[:end] if end < len(data) else data))
