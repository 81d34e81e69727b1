"""Columns of Arrow files, streams and Feather."""

import pyarrow as pa
import pyarrow.feather as pf
import pytest
from test_tables_csv import finding, plan, strip
from test_tables_parquet import GROUPS, less, table

from untag.strip.base import Refusal, StripError
from untag.strip.data.arrow import _how


@pytest.mark.parametrize("codec", [None, "lz4", "zstd"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_column_goes(tmp_path, codec, stream):
    path = tmp_path / "faces.arrow"
    data = table().replace_schema_metadata({"mine": "x"})
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(
        path, data.schema, options=pa.ipc.IpcWriteOptions(compression=codec)
    ) as writer:
        for number, batch in enumerate(data.to_batches(max_chunksize=70)):
            writer.write_batch(batch, custom_metadata={"n": str(number)})
    strip(path, finding("table faces", "ethnicity"))
    new = tmp_path / "staging" / path.name
    assert _how(new, stream=stream) == _how(path, stream=stream)
    assert _how(path, stream=stream)[1] == codec
    with pa.memory_map(str(new)) as file:
        reader = (pa.ipc.open_stream if stream else pa.ipc.open_file)(file)
        after = reader.read_all()
    assert after.equals(less(data, "ethnicity"), check_metadata=True)
    assert [len(b) for b in after.to_batches()] == [70, 70, 70, 70, 20]
    assert b"ethnicity" in path.read_bytes()


def test_fields_inside(tmp_path):
    rows = [
        {
            "n": n,
            "people": [{"age": n, "race": GROUPS[n % 3]}] * (n % 3) if n % 4 else None,
            "face": {"q": None, "race": "x"} if n % 5 else None,
        }
        for n in range(20)
    ]
    path = tmp_path / "faces.feather"
    pf.write_feather(pa.Table.from_pylist(rows), path, compression="zstd")
    strip(path, finding("people.race", attribute="race"), finding("face.race", attribute="race", print_="p2"))
    for row in rows:
        row["people"] = None if row["people"] is None else [{"age": p["age"]} for p in row["people"]]
        row["face"] = None if row["face"] is None else {"q": None}
    assert pf.read_table(tmp_path / "staging" / path.name).to_pylist() == rows


def test_dictionaries_that_grow(tmp_path):
    path = tmp_path / "faces.arrows"
    schema = pa.schema(
        [
            ("ethnicity", pa.dictionary(pa.int8(), pa.string())),
            ("tag", pa.dictionary(pa.int8(), pa.string())),
            ("n", pa.float64()),
        ]
    )
    with pa.ipc.new_stream(path, schema, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as writer:
        for count in (1, 2, 3):
            words = pa.array(GROUPS[:count]), pa.array([f"t{n}" for n in range(count)])
            columns = [pa.DictionaryArray.from_arrays(pa.array([count - 1, 0], pa.int8()), w) for w in words]
            writer.write_batch(pa.record_batch([*columns, pa.array([float("nan"), 1.0])], schema=schema))
    out, _ = strip(path, finding("ethnicity"))
    for word in GROUPS:
        assert word.encode() in path.read_bytes()
        assert word.encode() not in out
    after = pa.ipc.open_stream(out).read_all()
    assert after["tag"].to_pylist() == ["t0", "t0", "t1", "t0", "t2", "t0"]


def test_broken_and_twice(tmp_path):
    path = tmp_path / "faces.arrow"
    pf.write_feather(table(), path, compression="uncompressed")
    data = path.read_bytes()
    path.write_bytes(strip(path, finding("ethnicity"))[0])
    assert not [e for e in plan(path, finding("ethnicity")) if e.safety == "safe"]
    for broken in (data[:-20], data[: len(data) // 2], data[:40]):
        path.write_bytes(broken)
        with pytest.raises(StripError):
            strip(path, finding("ethnicity"), staging=tmp_path / "b")
        assert path.read_bytes() == broken
    assert not [p for p in (tmp_path / "b").rglob("*") if p.is_file()]
    pf.write_feather(table().select(["ethnicity"]), path)
    (refusal,) = plan(path, finding("ethnicity"))
    assert isinstance(refusal, Refusal)
