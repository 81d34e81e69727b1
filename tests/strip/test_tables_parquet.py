"""Columns of Parquet files: pages of the others are copied as they are."""

import json

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from test_tables_csv import finding, plan, strip, unit

from untag.strip.base import Refusal, StripError
from untag.strip.data import thrift_tree
from untag.strip.data.parquet import ParquetTable
from untag.strip.editors.tables import EDITOR

GROUPS = ["Han people", "Uyghur people", "Hui people"]


def table(rows=300):
    return pa.table(
        {
            "image": [f"{n}.jpg" for n in range(rows)],
            "ethnicity": [GROUPS[n % 3] for n in range(rows)],
            "age": pa.array([n % 90 if n % 7 else None for n in range(rows)], pa.int8()),
            "score": [n / 7 for n in range(rows)],
            "tags": [["a", "b"][: n % 3] for n in range(rows)],
            "face": [{"box": [1.0, n], "ethnicity": GROUPS[n % 3], "mask": n % 2 == 0} for n in range(rows)],
            "when": pa.array(range(rows), pa.timestamp("us", tz="UTC")),
            "kind": pa.array([f"k{n % 4}" for n in range(rows)]).dictionary_encode(),
        }
    )


def less(data, *names):
    data = data.drop_columns([n for n in names if "." not in n])
    if "face.ethnicity" in names:
        face = data["face"].combine_chunks()
        kept = pa.StructArray.from_arrays([face.field("box"), face.field("mask")], ["box", "mask"])
        data = data.set_column(data.schema.get_field_index("face"), "face", kept)
    return data


@pytest.mark.parametrize("codec", ["NONE", "snappy", "zstd", "gzip"])
@pytest.mark.parametrize("version", ["1.0", "2.6"])
def test_a_column_goes(tmp_path, codec, version):
    before = table()
    path = tmp_path / "faces.parquet"
    pq.write_table(before, path, row_group_size=70, compression=codec, data_page_version="2.0" if version == "2.6" else "1.0", version=version, write_page_index=True, sorting_columns=[pq.SortingColumn(3), pq.SortingColumn(1)])  # fmt: skip
    old = pq.read_metadata(path)
    out, outcome = strip(path, finding("table faces", "ethnicity"))
    new_path = tmp_path / "staging" / "faces.parquet"
    after = pq.read_table(new_path)
    assert after.equals(less(pq.read_table(path), "ethnicity"))
    assert after.schema.equals(less(pq.read_table(path), "ethnicity").schema, check_metadata=True)
    new = pq.read_metadata(new_path)
    assert new.num_row_groups == old.num_row_groups == 5
    for number in range(5):
        group, was = new.row_group(number), old.row_group(number)
        assert group.num_rows == was.num_rows
        assert group.total_byte_size == was.total_byte_size - was.column(1).total_uncompressed_size
        assert [s.column_index for s in group.sorting_columns] == [2]
        columns = [was.column(i) for i in range(was.num_columns) if i != 1]
        for i, one in enumerate(columns):
            mine = group.column(i)
            for what in (
                "path_in_schema",
                "compression",
                "encodings",
                "total_compressed_size",
                "num_values",
                "has_offset_index",
                "has_column_index",
            ):
                assert getattr(mine, what) == getattr(one, what), what
            assert mine.statistics == one.statistics
    names = {c.name for c in outcome.checks}
    assert names == {"kept columns equal", "removed values absent", "parses"}
    assert out.count(b"Han people") < path.read_bytes().count(b"Han people") or codec != "NONE"


def test_page_indexes_point_at_the_pages(tmp_path):
    """A filtered read skips pages by the index: a wrong place would give wrong rows or none."""
    path = tmp_path / "faces.parquet"
    pq.write_table(table(20_000), path, row_group_size=7_000, data_page_size=2_000, write_page_index=True)
    strip(path, finding("ethnicity"))
    new = tmp_path / "staging" / "faces.parquet"
    found = ds.dataset(new).to_table(filter=ds.field("score") > 2_800)
    assert found.num_rows == sum(n / 7 > 2_800 for n in range(20_000))
    data, cut = new.read_bytes(), ParquetTable(new)
    for group in cut.footer.structs(4):
        for chunk in group.structs(1):
            index, _ = thrift_tree.read(data, chunk.number(4))
            for place in index.structs(1):
                head, stop = thrift_tree.read(data, place.number(1))
                assert place.number(2) == stop - place.number(1) + head.number(3)


def test_a_field_of_a_struct(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path, row_group_size=100)
    strip(path, finding("table faces", "face.ethnicity"))
    after = pq.read_table(tmp_path / "staging" / "faces.parquet")
    assert after.equals(less(table(), "face.ethnicity"))


def test_lists_of_structs_and_a_struct_of_nothing_else(tmp_path):
    rows = [{"n": n, "people": [{"age": 1, "race": "x"}] * (n % 3), "only": {"race": "y"}} for n in range(9)]
    path = tmp_path / "faces.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    strip(path, finding("people.race", attribute="race"), finding("only.race", attribute="race", print_="p2"))
    after = pq.read_table(tmp_path / "staging" / "faces.parquet")
    for row in rows:
        del row["only"]
        row["people"] = [{"age": 1} for _ in row["people"]]
    assert after.to_pylist() == rows


def test_metadata_is_rewritten_and_the_rest_kept(tmp_path):
    pandas = {
        "index_columns": [],
        "columns": [{"name": n, "field_name": n, "pandas_type": "unicode"} for n in table().column_names],
    }
    huggingface = {"info": {"features": {n: {"_type": "Value"} for n in table().column_names}}}
    data = table().replace_schema_metadata(
        {
            "pandas": json.dumps(pandas),
            "huggingface": json.dumps(huggingface),
            "mine": "  { 1 : x }",
            "ethnicity.doc": "x",
        }
    )
    path = tmp_path / "faces.parquet"
    pq.write_table(data, path)
    strip(path, finding("ethnicity"))
    after = pq.read_schema(tmp_path / "staging" / "faces.parquet").metadata
    assert after[b"mine"] == b"  { 1 : x }"
    assert b"ethnicity.doc" not in after
    assert [c["name"] for c in json.loads(after[b"pandas"])["columns"]] == [
        n for n in table().column_names if n != "ethnicity"
    ]
    assert "ethnicity" not in json.loads(after[b"huggingface"])["info"]["features"]
    assert "face" in json.loads(after[b"huggingface"])["info"]["features"]


def test_bloom_filters_are_copied(tmp_path):
    polars = pytest.importorskip("duckdb")
    path = tmp_path / "faces.parquet"
    polars.sql(
        f"copy (select 'k' || (i % 50) as kind, 'g' || (i % 3) as ethnicity, i % 40 as n from range(20000) t(i)) to '{path}' (format parquet, row_group_size 5000)"
    )
    cut = ParquetTable(path)
    old = [c.get(3).get(14) for g in cut.footer.structs(4) for c in g.structs(1)]
    assert any(old)
    strip(path, finding("ethnicity"))
    new = tmp_path / "staging" / "faces.parquet"
    (meta,) = polars.sql(f"select count(*) from '{new}' where kind = 'k7'").fetchall()
    assert meta == (400,)
    (meta,) = polars.sql(f"select count(*) from '{new}' where kind = 'absent'").fetchall()
    assert meta == (0,)
    before, after = path.read_bytes(), new.read_bytes()
    for was, now in zip(cut.footer.structs(4), ParquetTable(new).footer.structs(4), strict=True):
        kept = [c.get(3) for c in was.structs(1) if c.get(3).get(3).values != [b"ethnicity"]]
        for a, b in zip(kept, (c.get(3) for c in now.structs(1)), strict=True):
            assert a.get(14) is not None
            assert before[a.get(14) : a.get(14) + 200] == after[b.get(14) : b.get(14) + 200] or a.get(15, 0) < 200


def test_twice_changes_nothing(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path)
    path.write_bytes(strip(path, finding("ethnicity"))[0])
    assert not [e for e in plan(path, finding("ethnicity")) if e.safety == "safe"]


def test_order_of_edits_does_not_matter(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path)
    edits = plan(path, finding("ethnicity"), finding("face.ethnicity", print_="p2"))
    outs = []
    for number, order in enumerate((edits, edits[::-1])):
        EDITOR.apply(unit(path), order, tmp_path / str(number))
        outs.append((tmp_path / str(number) / path.name).read_bytes())
    assert outs[0] == outs[1]


def test_a_table_of_nothing_else_is_refused(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table().select(["ethnicity"]), path)
    (refusal,) = plan(path, finding("ethnicity"))
    assert isinstance(refusal, Refusal)


def test_broken_files(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path)
    data = path.read_bytes()
    for broken in (
        data[:-1],
        data[: len(data) // 2],
        data[:200],
        b"PAR1",
        data[:-8] + b"\xff\xff\xff\x7fPAR1",
        data[:-300] + bytes(292) + data[-8:],
    ):
        path.write_bytes(broken)
        with pytest.raises(StripError):
            strip(path, finding("ethnicity"))
        assert path.read_bytes() == broken
    assert not [p for p in (tmp_path / "staging").rglob("*") if p.is_file()]


def lying(data, change):
    """Return the file with a footer that says something else."""
    size = int.from_bytes(data[-8:-4], "little")
    footer, _ = thrift_tree.read(data[-8 - size : -8])
    change(footer)
    body = thrift_tree.write(footer)
    return data[: -8 - size] + body + len(body).to_bytes(4, "little") + b"PAR1"


def test_a_footer_that_lies(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path)
    data = path.read_bytes()
    assert lying(data, lambda _: None) == data

    def overlap(footer):
        chunks = footer.structs(4)[0].structs(1)
        chunks[2].get(3).put(9, chunks[1].get(3).get(9) + 1)
        chunks[2].get(3).drop(11)

    def far(footer):
        footer.structs(4)[0].structs(1)[0].get(3).put(7, 1 << 40)

    def fewer(footer):
        footer.structs(4)[0].structs(1).pop()

    def more(footer):
        footer.structs(2)[0].put(5, 99)

    for change in (overlap, far, fewer, more):
        path.write_bytes(lying(data, change))
        with pytest.raises(StripError):
            strip(path, finding("ethnicity"))


def test_the_footer_written_again_is_the_same(tmp_path):
    path = tmp_path / "faces.parquet"
    pq.write_table(table(), path, write_page_index=True)
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    footer, stop = thrift_tree.read(data[-8 - size : -8])
    assert stop == size
    assert thrift_tree.write(footer) == data[-8 - size : -8]
