"""Columns of delimited tables: cut to the byte, in any dialect."""

import csv
import gzip
import io
import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.model import Finding
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors.tables import EDITOR

GROUPS = ("Han", "Uyghur", "Hui", "Tibetan")


def finding(*route, attribute="ethnicity", acquisition="inferred_from_image", print_="p1", **more):
    values = {
        "rule": "UT107", "attribute": attribute, "operation": "infers", "acquisition": acquisition, "groups": (),
        "confidence": "high", "trail": ("x",), "route": route, "line": 1, "end_line": 1, "term": "ethnicity",
        "excerpt": "", "gloss": "", "message": "", "because": (), "fingerprint": print_,
    }  # fmt: skip
    return Finding(**(values | more))


def unit(path, *findings):
    return Unit(path.parent, path.name, findings, (path.name,))


def plan(path, *findings, **choice):
    return list(EDITOR.plan(unit(path, *findings), Choice(**choice)))


def strip(path, *findings, staging=None, **choice):
    found = plan(path, *findings, **choice)
    edits = [
        e for e in found if isinstance(e, Edit) and e.safety in ("safe", "unsafe"[: 9 * choice.get("unsafe", False)])
    ]
    staging = staging or path.parent / "staging"
    outcome = EDITOR.apply(unit(path, *findings), edits, staging)
    assert all(c.passed for c in outcome.checks)
    assert {c.name for c in outcome.checks} >= {"kept columns equal", "removed values absent"}
    assert not list(staging.rglob(".*"))
    return (staging / path.name).read_bytes(), outcome


def made(tmp_path, data, name="faces.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_column_goes_and_every_other_byte_stays(tmp_path, end, at):
    rows = [
        [b"image", b"age", b"score"],
        [b"a.jpg", b' "31"', b"0.50"],
        [b'"b,\n""c"".jpg"', b"", b"1e3"],
        [b"", b"7", b""],
    ]
    before = [
        [*r[:at], b"ethnicity" if n == 0 else b'"Han"' if n % 2 else b"Uyghur", *r[at:]] for n, r in enumerate(rows)
    ]
    path = made(tmp_path, end.join(b",".join(r) for r in before))
    out, outcome = strip(path, finding("ethnicity"))
    assert out == end.join(b",".join(r) for r in rows)
    assert outcome.checks[0].figures["cut"] == 4


def test_a_neutral_column_is_never_cut(tmp_path):
    path = made(tmp_path, b"image,age,race_time,ethnicity\na.jpg,3,9,Han\n")
    edits = plan(path, finding("ethnicity"), finding("row age", print_="p2"))
    assert {(e.target, e.safety) for e in edits} == {("column ethnicity", "safe"), ("column age", "manual")}


def test_values_name_a_neutral_column(tmp_path):
    path = made(
        tmp_path, b"image,age,tag3\n" + b"".join(b"%d.jpg,3,%s\n" % (n, GROUPS[n % 4].encode()) for n in range(20))
    )
    (edit,) = plan(path, finding("row tag3"))
    assert (edit.target, edit.safety) == ("column tag3", "safe")


def test_captions_are_for_a_person(tmp_path):
    path = made(tmp_path, b"image,caption\n" + b"a.jpg,a young Uyghur man with a hat\n" * 3)
    (edit,) = plan(path, finding("row caption"))
    assert (edit.kind, edit.safety) == ("text", "manual")
    assert "Uyghur" not in repr(edit)


@pytest.mark.parametrize(
    "more",
    [
        {"acquisition": "self_reported"},
        {"acquisition": "document"},
        {"exemptions": ("fairness_evaluation",)},
        {"exemptions": ("bias_correction_data",)},
        {"operation": "declared"},
    ],
)
def test_what_people_said_themselves_is_never_cut(tmp_path, more):
    path = made(tmp_path, b"image,age,ethnicity\na.jpg,3,Han\n")
    (edit,) = plan(path, finding("ethnicity", **more))
    assert edit.safety == "manual"
    assert edit.why
    with pytest.raises(StripError, match="for a person"):
        EDITOR.apply(unit(path), [edit], tmp_path / "out")
    (edit,) = plan(path, finding("ethnicity", **more), outputs=("ethnicity",))
    assert edit.safety == "unsafe"


def test_siblings_without_a_finding_are_asked_for(tmp_path):
    path = made(tmp_path, b"image,ethnicity,ethnicity_score,ethnicity_self_reported\na.jpg,Han,1,x\n")
    found = {e.target: e.safety for e in plan(path, finding("ethnicity"))}
    assert found == {
        "column ethnicity": "safe",
        "column ethnicity_score": "unsafe",
        "column ethnicity_self_reported": "manual",
    }


def test_columns_of_one_name_go_together(tmp_path):
    path = made(tmp_path, b"race,a,race,b\n1,2,3,4\n")
    out, _ = strip(path, finding("race", attribute="race"))
    assert out == b"a,b\n2,4\n"


def test_a_table_of_nothing_else_is_refused(tmp_path):
    path = made(tmp_path, b"race,ethnicity\n1,2\n3,4\n")
    (refusal,) = plan(path, finding("race", attribute="race"), finding("ethnicity", print_="p2"))
    assert isinstance(refusal, Refusal)
    assert "delete the file" in refusal.reason


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_encodings_are_kept(tmp_path, encoding):
    text = "图片,年龄,民族,备注\r\n" + "".join(f"{n}.jpg,{n},汉族,好\r\n" for n in range(50))
    path = made(tmp_path, text.encode(encoding))
    out, _ = strip(path, finding("民族"))
    assert out == text.replace("民族,", "").replace("汉族,", "").encode(encoding)


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz", "zst"])
def test_packed_tables(tmp_path, packing):
    import bz2
    import lzma

    import zstandard

    pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.ZstdCompressor().compress}[
        packing
    ]
    unpack = {
        "gz": gzip.decompress,
        "bz2": bz2.decompress,
        "xz": lzma.decompress,
        "zst": lambda d: zstandard.ZstdDecompressor().decompressobj().decompress(d),
    }[packing]
    data = b"image,age,ethnicity,score\n" + b"a.jpg,3,Han,1\n" * 100
    path = made(tmp_path, pack(data), f"faces.csv.{packing}")
    out, _ = strip(path, finding("ethnicity"))
    assert unpack(out) == data.replace(b"ethnicity,", b"").replace(b"Han,", b"")
    again, _ = strip(path, finding("ethnicity"), staging=tmp_path / "again")
    assert again == out
    path.write_bytes(pack(data)[:-9])
    with pytest.raises(StripError, match="truncated"):
        strip(path, finding("ethnicity"), staging=tmp_path / "third")


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"image;ethnicity;age\na;Han;1\nb;Hui;2\n", b"image;age\na;1\nb;2\n"),
        (b"sep=;\r\nimage;ethnicity;age\r\na;Han;1\r\n", b"sep=;\r\nimage;age\r\na;1\r\n"),
        (b'image\tethnicity\tage\n5" x\tHan\t1\n', b'image\tage\n5" x\t1\n'),
        (b"image,ethnicity,age\n'a,b',Han,1\n'c,d',Hui,2\n", b"image,age\n'a,b',1\n'c,d',2\n"),
        (b'image,ethnicity,age\n"a\\",b",Han,1\n"c,d",Hui,2\n', b'image,age\n"a\\",b",1\n"c,d",2\n'),
        (b'image, ethnicity, age\n"a,b", "Han, H", 1\n"c", "Hui, X", 2\n', b'image, age\n"a,b", 1\n"c", 2\n'),
        (b"image,ethnicity,age\na\0,Han,1\n\n\nb,Hui,2", b"image,age\na\0,1\n\n\nb,2"),
        (b"image,age,ethnicity\na,1,Han\nb,2,Hui\r\n", b"image,age\na,1\nb,2\r\n"),
        (b'"image","ethnicity","age"\n"a","Han","1"\n', b'"image","age"\n"a","1"\n'),
    ],
)
def test_dialects(tmp_path, data, after):
    out, _ = strip(made(tmp_path, data), finding("ethnicity"))
    assert out == after


def test_ragged_rows_are_counted(tmp_path):
    path = made(tmp_path, b"image,age,ethnicity,score\na,1,Han,2\nb\nc,1\nd,3,Hui\ne,3,Han,5,6\nf,1,Han,2\n")
    out, outcome = strip(path, finding("ethnicity"))
    assert out == b"image,age,score\na,1,2\nb\nc,1\nd,3\ne,3,5,6\nf,1,2\n"
    assert outcome.checks[0].figures | {"rows": 7, "short": 2, "ragged": 2} == outcome.checks[0].figures


def test_a_shifted_value_is_an_error(tmp_path):
    data = b"image,age,ethnicity,score\n" + b"a,1,Uyghur,2\n" * 9 + b"a,b.jpg,1,Uyghur,2\n"
    path = made(tmp_path, data)
    with pytest.raises(StripError, match="ragged rows hold") as caught:
        strip(path, finding("ethnicity"))
    assert "Uyghur" not in str(caught.value)
    assert path.read_bytes() == data
    assert not [p for p in (tmp_path / "staging").rglob("*") if p.is_file()]


def test_a_quote_that_never_closes(tmp_path):
    path = made(tmp_path, b"image,ethnicity,age\n" + b'"a",Han,1\n' * 20_000 + b'"b,Han,1\n' * 3)
    with pytest.raises(StripError, match="never closed"):
        strip(path, finding("ethnicity"))
    assert not [p for p in (tmp_path / "staging").rglob("*") if p.is_file()]


def test_the_plan_must_fit_the_file(tmp_path):
    path = made(tmp_path, b"image,ethnicity,age\na,Han,1\n")
    (edit,) = plan(path, finding("ethnicity"))
    path.write_bytes(b"image,age\na,1\n")
    with pytest.raises(StripError, match="new plan"):
        EDITOR.apply(unit(path), [edit], tmp_path / "out")


def test_twice_changes_nothing(tmp_path):
    path = made(tmp_path, b"image,ethnicity,age\na,Han,1\nb,Hui,2\n")
    out, _ = strip(path, finding("ethnicity"))
    path.write_bytes(out)
    assert not [e for e in plan(path, finding("ethnicity")) if e.safety != "manual"]


def test_a_name_that_does_not_exist(tmp_path):
    path = made(tmp_path, b"image,age\na,1\n")
    (refusal,) = plan(path, outputs=("ethnicity",))
    assert isinstance(refusal, Refusal)


def test_partition_folders(tmp_path):
    folder = tmp_path / "ethnicity=Uyghur"
    folder.mkdir()
    path = made(folder, b"image,age\na,1\n")
    found = list(EDITOR.plan(Unit(tmp_path, "ethnicity=Uyghur/faces.csv", ()), Choice()))
    assert [(e.target, e.safety) for e in found] == [("partition ethnicity", "manual")]
    assert path.exists()


def test_a_disk_that_fills(tmp_path, monkeypatch):
    path = made(tmp_path, b"image,ethnicity,age\n" + b"a,Han,1\n" * 10_000)
    (edit,) = plan(path, finding("ethnicity"))
    from untag.strip.data import files

    class Full(files._Plain):
        def __init__(self, file):
            super().__init__(file)
            self.write = self.fail

        def fail(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_Plain", Full)
    with pytest.raises(StripError, match="disk is full"):
        EDITOR.apply(unit(path), [edit], tmp_path / "out")
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file()]


def test_a_real_full_disk(tmp_path):
    full = shutil.which("true") and __import__("pathlib").Path("/dev/full")
    if not full or not full.exists():
        pytest.skip("no /dev/full here")
    from untag.strip.data.files import Shape, Writer, told

    with pytest.raises(OSError) as caught, full.open("wb", buffering=0) as file:
        Writer(file, Shape()).write(b"x")
    assert "disk is full" in str(told(caught.value, "x"))


def test_names_that_lead_out(tmp_path):
    from untag.strip.data.files import target

    for name in ("../x", "/x", ""):
        with pytest.raises(StripError), target(tmp_path, name):
            pass


def test_the_target_may_not_be_written(tmp_path):
    path = made(tmp_path, b"image,ethnicity,age\na,Han,1\n")
    (edit,) = plan(path, finding("ethnicity"))
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StripError):
        EDITOR.apply(unit(path), [edit], tmp_path / "out")


CELL = st.text(st.sampled_from("ab,\" \n\r'\\;\t0é族\0"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(2, 5), st.sampled_from(["\n", "\r\n"]), st.sampled_from([",", ";", "\t"]))
def test_what_another_writer_wrote_is_cut_as_it_would_write_it(tmp_path_factory, data, width, end, mark):
    at = data.draw(st.integers(0, width - 1))
    rows = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=3, max_size=12))
    names = [f"column {n}" for n in range(width)]
    names[at] = "ethnicity"

    def told(table):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
        return out.getvalue().encode()

    folder = tmp_path_factory.mktemp("t")
    path = made(folder, told([names, *rows]), "t.csv" if mark != "\t" else "t.tsv")
    try:
        out, _ = strip(path, finding("ethnicity"))
    except StripError:
        pytest.fail("refused a well-formed table")
    assert out == told([[c for n, c in enumerate(r) if n != at] for r in [names, *rows]])


def test_pieces_may_end_anywhere(tmp_path, monkeypatch):
    from untag.strip.data import files

    rng = random.Random(7)
    rows = [[f"{n}.jpg", rng.choice(['"a\r\nb"', '"x,""y"""', "", "7"]), rng.choice(GROUPS), "é"] for n in range(60)]
    data = "\r\n".join(",".join(r) for r in [["image", "n", "ethnicity", "é"], *rows]).encode()
    after = "\r\n".join(",".join([*r[:2], r[3]]) for r in [["image", "n", "ethnicity", "é"], *rows]).encode()
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(files, "PIECE", size)
        out, _ = strip(made(tmp_path, data), finding("ethnicity"), staging=tmp_path / f"s{size}")
        assert out == after


def test_a_zstd_bomb_is_unpacked_in_pieces(tmp_path):
    import zstandard

    from untag.strip.data.files import _Frames

    packed = tmp_path / "zeros.csv.zst"
    packed.write_bytes(zstandard.ZstdCompressor(level=1).compress(bytes(400 << 20)))
    with packed.open("rb") as file:
        frames = _Frames(file)
        assert frames.readinto(bytearray(1)) == 1
        assert len(frames._held) <= 64 << 20
