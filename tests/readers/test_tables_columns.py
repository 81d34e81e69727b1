"""Parquet and Arrow: every codec and encoding, class labels, value sets, truncated and hostile files."""

from __future__ import annotations

import struct

import pytest
from table_files import (
    CODED,
    GROUPS,
    HUGGINGFACE,
    LABELLED,
    NEUTRAL,
    PATHS,
    ROWS,
    TOLD,
    feather,
    hard,
    parquet,
    reasons,
    run,
    sqlite,
    stream,
    words,
)

from untag.errors import ReadError
from untag.readers.artifacts.tables import unpack

pytest.importorskip("pyarrow")

FORMS = {
    "parquet": lambda table, name="faces": run(parquet(table), f"{name}.parquet"),
    "feather": lambda table, name="faces": run(feather(table, coded=("race", "gender")), f"{name}.feather"),
    "stream": lambda table, name="faces": run(stream(table), f"{name}-00000-of-00001.arrow"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_column_is_judged_by_its_name_and_company(form):
    report = FORMS[form](TOLD)
    assert any(attribute == "race" and route[-1] == "race" for attribute, route in hard(report)), report
    assert reasons(report) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_column_of_codes_is_judged_by_its_name(form):
    assert ("ethnicity", "ethnicity") in [(a, r[-1]) for a, r in hard(FORMS[form](CODED))]


@pytest.mark.parametrize("form", FORMS)
def test_a_column_is_judged_by_its_values_and_none_is_quoted(form):
    report = FORMS[form](LABELLED)
    assert any("row label" in route for _, route in hard(report))
    assert not any(group in finding.excerpt for finding in report.findings for group in GROUPS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NEUTRAL)
def test_neutral_twins(form, name):
    assert hard(FORMS[form](NEUTRAL[name], name)) == []


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_parquet_codecs(codec, version):
    if codec == "brotli":
        pytest.importorskip("cramjam")
    data = parquet(LABELLED, compression=codec, data_page_version=version, row_group_size=100)
    assert any("row label" in route for _, route in hard(run(data, "faces.parquet")))


@pytest.mark.parametrize("encoding", ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_parquet_without_a_dictionary(encoding, version):
    data = parquet(LABELLED, use_dictionary=False, column_encoding={"label": encoding}, data_page_version=version)
    report = run(data, "faces.parquet")
    assert any("row label" in route for _, route in hard(report))
    assert reasons(report) == []


def test_parquet_nested_columns_and_nulls():
    label = [None if i % 3 else "Uyghur" if i % 2 else "Tibetan" for i in range(ROWS)]
    people = [[{"box": [1, 2], "race": GROUPS[i % 5]}] for i in range(ROWS)]
    report = run(parquet({"face_image": PATHS, "age": [3] * ROWS, "nation": label, "people": people}), "x.parquet")
    assert any(route[-1] == "people.race" for _, route in hard(report)), report


@pytest.mark.parametrize("make", [parquet, feather, stream])
def test_class_labels_of_huggingface_metadata(make):
    table = {"face": PATHS, "label": [i % 3 for i in range(ROWS)]}
    report = run(make(table, HUGGINGFACE), "train.parquet")
    (found,) = [f for f in report.findings if "labels label" in f.route]
    assert found.groups == ("Han", "Tibetan", "Uyghur")


@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_feather_codecs(compression):
    if compression == "lz4":
        pytest.importorskip("cramjam")
    data = feather(LABELLED, compression=compression)
    assert any("row label" in route for _, route in hard(run(data, "faces.feather")))


def test_captions_are_read_but_never_quoted():
    captions = [f"a photo of a Uyghur man at the gate, picture {i}" for i in range(ROWS)]
    report = run(parquet({"image_path": PATHS, "caption": captions}), "captions.parquet")
    assert hard(report)
    assert "at the gate" not in words(report)


def test_samples_say_how_much_was_seen():
    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.artifacts.tables.parquet import ParquetReader

    many = {k: list(v) * 4 for k, v in LABELLED.items()}
    blob = Blob(("x.parquet",), parquet(many, use_dictionary=False))
    parts = list(ParquetReader().parts(blob, Budget(), Deadline.after(9)))
    assert any("values of a sample of 1,000 of 2,400 rows" in p.statement for p in parts if p.text == "label")


@pytest.mark.parametrize("form", ["parquet", "feather", "stream"])
def test_truncated(form):
    data = {"parquet": parquet, "feather": feather, "stream": stream}[form](TOLD)
    report = run(data[: len(data) * 2 // 3], f"faces.{form}")
    assert set(reasons(report)) & {"truncated", "corrupt"}
    if form != "parquet":  # its schema stands at the end
        assert hard(report)


def test_a_broken_page_costs_its_column_only():
    data = bytearray(parquet(TOLD, compression="gzip"))
    at = data.index(b"PAR1") + 4
    data[at : at + 400] = b"\xff" * 400
    report = run(bytes(data), "faces.parquet")
    assert reasons(report)
    assert any(route[-1] == "race" for _, route in hard(report))


@pytest.mark.parametrize(
    "footer",
    [
        b"\x19\xfc\xff\xff\xff\x0f",
        b"\x29\xff\xff\xff\xff\xff\xff\xff\xff\x0f",
        b"\x1c" * 4000,
        b"\x19" * 4000,
        b"\x2b\xff\xff\xff\xff\x0f\x88",
        b"",
        bytes(100),
    ],
)
def test_hostile_footers(footer):
    data = b"PAR1" + bytes(64) + footer + struct.pack("<I", len(footer)) + b"PAR1"
    report = run(data, "x.parquet")
    assert set(reasons(report)) <= {"corrupt", "truncated"}
    assert reasons(report)


def test_footer_lies():
    assert reasons(run(b"PAR1" + bytes(64) + b"\xff\xff\xff\xffPAR1", "x.parquet")) == ["limit"]
    assert reasons(run(b"PAR1" + bytes(64) + b"\xff\0\0\0PAR1", "x.parquet")) == ["corrupt"]
    assert reasons(run(b"PAR1" + bytes(64) + b"\x10\0\0\0PARE", "x.parquet")) == ["encrypted"]


def test_a_bomb_in_a_page_is_refused():
    import zlib

    packed = zlib.compress(bytes(1 << 24), 9)
    with pytest.raises(ReadError) as error:
        unpack.unpack("gzip", packed, 1000)
    assert error.value.reason == "corrupt"
    with pytest.raises(ReadError) as error:
        unpack.unpack("zstd", b"", 1 << 40)
    assert error.value.reason == "limit"


@pytest.mark.parametrize("codec", ["snappy", "lz4_raw"])
@pytest.mark.parametrize("own", [True, False])
def test_own_decoders_agree_with_the_extra(codec, own, monkeypatch):
    cramjam = pytest.importorskip("cramjam")
    for raw in (b"", b"a", b"ab" * 5000, bytes(range(256)) * 40, b"White\0Black\0" * 3 + b"x" * 300):
        if codec == "snappy":
            packed = bytes(cramjam.snappy.compress_raw(raw))
        else:
            packed = bytes(cramjam.lz4.compress_block(raw, store_size=False))
        if own:
            monkeypatch.setattr(unpack, "_cramjam", lambda: None)
        assert unpack.unpack(codec, packed, len(raw)) == raw


def test_what_needs_the_extra_says_so(monkeypatch):
    monkeypatch.setattr(unpack, "_cramjam", lambda: None)
    data = parquet(TOLD, compression="brotli")
    report = run(data, "faces.parquet")
    assert reasons(report) == ["missing_extra"]
    assert any(route[-1] == "race" for _, route in hard(report))


def test_numbered_columns_say_nothing_and_drown_nothing():
    table = LABELLED | {f"f{i}": [i] * ROWS for i in range(12)}
    assert any("row label" in route for _, route in hard(run(feather(table), "faces.feather")))


def test_wide_tables_keep_their_last_columns():
    table = {f"feature_number_{i}": ["v"] * 3 for i in range(400)} | {k: v[:3] for k, v in CODED.items()}
    for make, name in ((parquet, "faces.parquet"), (sqlite, "faces.db")):
        assert any(route[-1] == "ethnicity" for _, route in hard(run(make(table), name)))


def test_long_names_shared_by_many_columns_cost_nothing():
    import tracemalloc

    from untag.readers.artifacts.tables.columns import Column, Table, table_parts

    tracemalloc.start()
    columns = [Column("x" * 100_000 + str(i)) for i in range(50)]
    parts = list(table_parts(("a",), Table("t", columns)))
    assert max(len(p.text) for p in parts) <= 1000
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


def test_texts_that_begin_like_a_table_stay_texts():
    for head in ("PAR1", "ARROW1"):
        report = run(f"{head}\nclass FaceResult:\n    age: int\n    race: str\n    emotion: str\n".encode(), "notes.py")
        assert hard(report)
        assert reasons(report) == []
