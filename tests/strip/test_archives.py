"""Archives are stripped inside and packed again: every other member keeps its bytes, packed as it was."""

import base64
import csv
import hashlib
import io
import tarfile
import zipfile

import pytest

from untag.scan import scan
from untag.strip.apply import apply
from untag.strip.base import Choice, RefusedError, StripError
from untag.strip.plan import make_plan

ROWS = [(n, (b"asian", b"black", b"white")[n % 3]) for n in range(9)]
PEOPLE = b"id,image,ethnicity,camera\n" + b"".join(b"%d,face%d.jpg,%b,c1\n" % (n, n, group) for n, group in ROWS)
LEFT = b"id,image,camera\n" + b"".join(b"%d,face%d.jpg,c1\n" % (n, n) for n, _ in ROWS)
PROTO = b'syntax = "proto3";\n// Attributes of a detected face.\nmessage Face {\n  int32 age = 1;\n  string ethnicity = 2;\n}\n'
NOTES = bytes(range(256)) * 40


class Unseekable(io.RawIOBase):
    """A pipe: sizes stand behind the data of each member then."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def zipped(path, members, *, kind=zipfile.ZIP_DEFLATED, stream=False, comment=b"made by a test"):
    out = Unseekable() if stream else io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.comment = comment
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2020, 2, 3, 4, 6, 8))
            info.compress_type, info.external_attr = kind, 0o100640 << 16
            packed.writestr(info, data)
    path.write_bytes(out.data if stream else out.getvalue())
    return path


def tarred(path, members, *, form=tarfile.GNU_FORMAT, mode="w", links=True):
    with tarfile.open(path, mode, format=form) as packed:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode, info.uname = len(data), 1_600_000_000, 0o640, "somebody"
            packed.addfile(info, io.BytesIO(data))
        if links:
            info = tarfile.TarInfo("link")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            packed.addfile(info)
    return path


def stripped(path, out, **more):
    before = path.read_bytes()
    proof = apply(make_plan(str(path), **more), out)
    assert path.read_bytes() == before
    assert proof.holds
    return proof


def blocks(path):
    """Return each member as it lies: what stands between its header and the next."""
    with zipfile.ZipFile(path) as packed:
        infos = sorted(packed.infolist(), key=lambda info: info.header_offset)
        ends = [*(info.header_offset for info in infos[1:]), packed.start_dir]
    data = path.read_bytes()
    return {info.filename: data[info.header_offset : end] for info, end in zip(infos, ends, strict=True)}


MEMBERS = {"notes.bin": NOTES, "data/people.csv": PEOPLE, "data/": b"", "text.txt": b"hello " * 90}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip(tmp_path, kind, stream):
    path = zipped(tmp_path / "a.zip", MEMBERS, kind=kind, stream=stream)
    proof = stripped(path, tmp_path / "out.zip")
    old, new = blocks(path), blocks(tmp_path / "out.zip")
    assert list(new) == list(old)
    assert {name for name in old if old[name] != new[name]} == {"data/people.csv"}
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.testzip() is None
        assert packed.comment == b"made by a test"
        assert {name: packed.read(name) for name in packed.namelist()} == MEMBERS | {"data/people.csv": LEFT}
        info = packed.getinfo("data/people.csv")
        assert (info.compress_type, info.external_attr, info.date_time) == (kind, 0o100640 << 16, (2020, 2, 3, 4, 6, 8))
    assert b"asian" not in (tmp_path / "out.zip").read_bytes()
    assert {"other members", "parses", "kept columns equal", "re-scan"} <= {check.name for _, check in proof.checks}
    assert not [d for d in scan(str(tmp_path / "out.zip")).decisions if d.action in ("block", "warn")]
    assert not make_plan(str(tmp_path / "out.zip")).edits, "twice changes nothing"


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize(("ending", "mode"), [("tar", "w"), ("tar.gz", "w:gz"), ("tar.bz2", "w:bz2"), ("txz", "w:xz")])
def test_a_tar(tmp_path, form, ending, mode):
    members = {"notes.bin": NOTES, "data/people.csv": PEOPLE}
    if form != tarfile.USTAR_FORMAT:
        members["long/" + "n" * 150 + "/ü.bin"] = NOTES
    path = tarred(tmp_path / f"a.{ending}", members, form=form, mode=mode)
    stripped(path, tmp_path / f"out.{ending}")
    with tarfile.open(tmp_path / f"out.{ending}") as new, tarfile.open(path) as old:
        assert new.getnames() == old.getnames()
        assert new.getmember("link").linkname == "/etc/passwd"
        for name, data in members.items():
            expected = LEFT if name.endswith(".csv") else data
            assert new.extractfile(name).read() == expected
        one, two = (part.getmember("data/people.csv") for part in (old, new))
        assert (one.mtime, one.mode, one.uname) == (two.mtime, two.mode, two.uname)


def test_the_same_twice_is_the_same_bytes(tmp_path):
    path = tarred(tmp_path / "a.tar.gz", {"people.csv": PEOPLE}, mode="w:gz")
    for name in ("one.tar.gz", "two.tar.gz"):
        stripped(path, tmp_path / name)
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()


def test_a_wheel_keeps_its_record(tmp_path):
    def row(name, data):
        code = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        return f"{name},sha256={code},{len(data)}\n"

    files = {"face/people.csv": PEOPLE, "face/notes.bin": NOTES}
    record = "".join(row(name, data) for name, data in files.items()) + "face-1.dist-info/RECORD,,\n"
    path = zipped(tmp_path / "face-1-py3-none-any.whl", files | {"face-1.dist-info/RECORD": record})
    stripped(path, tmp_path / "out.whl")
    with zipfile.ZipFile(tmp_path / "out.whl") as packed:
        for name, code, size in csv.reader(packed.read("face-1.dist-info/RECORD").decode().splitlines()):
            if code:
                data = packed.read(name)
                assert (row(name, data).strip(), int(size)) == (f"{name},{code},{size}", len(data))
        assert packed.read("face/people.csv") == LEFT


def test_an_archive_in_an_archive_in_a_tree(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"people.csv": PEOPLE, "n": NOTES}).read_bytes()
    tree = tmp_path / "tree"
    tree.mkdir()
    zipped(tree / "outer.zip", {"deep/inner.zip": inner, "face.proto": PROTO})
    proof = stripped_tree(tree, tmp_path / "out")
    assert [file.name for file in proof.files] == ["outer.zip"]
    with zipfile.ZipFile(tmp_path / "out" / "outer.zip") as packed:
        assert b"reserved 2" in packed.read("face.proto")
        with zipfile.ZipFile(io.BytesIO(packed.read("deep/inner.zip"))) as deep:
            assert deep.read("people.csv") == LEFT


def stripped_tree(tree, out):
    proof = apply(make_plan(str(tree)), out)
    assert proof.holds
    return proof


def test_a_name_inside(tmp_path):
    path = zipped(tmp_path / "a.zip", {"table.csv": b"id,image,camera\n1,a.jpg,c\n2,b.jpg,d\n", "n": NOTES})
    stripped(path, tmp_path / "out.zip", choice=Choice(outputs=("camera",)))
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.read("table.csv") == b"id,image\n1,a.jpg\n2,b.jpg\n"
    with pytest.raises(StripError, match="is called nonsuch"):
        make_plan(str(path), choice=Choice(outputs=("nonsuch",)))


def test_callers_inside_are_told(tmp_path):
    path = zipped(tmp_path / "a.zip", {"people.csv": PEOPLE, "use.py": b"rows = read('people.csv')['ethnicity']\n"})
    (edit,) = make_plan(str(path)).due()
    assert any(text.startswith("use.py:1 inside: ") and "column ethnicity" in text for text in edit.depends)


class TestRefused:
    """Nothing is written, and the member is named."""

    def refused(self, path, says):
        before = path.read_bytes()
        plan = make_plan(str(path))
        assert not plan.due()
        assert any(says in f"{r.target} {r.reason}" for r in plan.refusals), plan.refusals
        with pytest.raises(RefusedError):
            apply(plan, path.parent / "out")
        assert path.read_bytes() == before
        assert [p.name for p in path.parent.iterdir()] == [path.name]

    def test_signed_jars(self, tmp_path):
        members = {"people.csv": PEOPLE, "META-INF/MANIFEST.MF": b"x", "META-INF/A.SF": b"x", "META-INF/A.RSA": b"x"}
        self.refused(zipped(tmp_path / "a.jar", members), "is signed (META-INF/A.SF)")

    def test_members_that_lead_out(self, tmp_path):
        self.refused(zipped(tmp_path / "a.zip", {"people.csv": PEOPLE, "../evil.txt": b"x"}), "leads out of it")
        assert not (tmp_path.parent / "evil.txt").exists()

    def test_members_of_one_name(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
            packed.writestr("people.csv", PEOPLE)
            packed.writestr("n", b"1")
            with pytest.warns(UserWarning, match="Duplicate"):
                packed.writestr("n", b"2")
        self.refused(tmp_path / "a.zip", "twice")

    def test_something_before_the_first_member(self, tmp_path):
        path = zipped(tmp_path / "a.zip", {"people.csv": PEOPLE})
        path.write_bytes(b"PK\x03\x04" + b"#" * 96 + path.read_bytes())
        assert not make_plan(str(path)).due()

    def test_an_encrypted_member(self, tmp_path):
        path = zipped(tmp_path / "a.zip", {"people.csv": PEOPLE, "secret.bin": NOTES})
        data = bytearray(path.read_bytes())
        at = data.rindex(b"PK\x01\x02")
        data[at + 8] |= 1
        path.write_bytes(data)
        self.refused(path, "secret.bin is encrypted")

    def test_a_refusal_inside(self, tmp_path):
        only = b"ethnicity\nasian\nblack\nwhite\n"
        path = zipped(tmp_path / "a.zip", {"faces/face_ethnicity.csv": only, "face/people.csv": PEOPLE})
        plan = make_plan(str(path))
        if plan.refusals:
            assert plan.refusals[0].target.startswith("faces/face_ethnicity.csv")


def test_a_plan_for_other_bytes(tmp_path):
    path = zipped(tmp_path / "a.zip", {"people.csv": PEOPLE})
    plan = make_plan(str(path))
    zipped(path, {"people.csv": PEOPLE + b"9,x.jpg,asian,c\n"})
    with pytest.raises(StripError, match="not the file that the plan was made for"):
        apply(plan, tmp_path / "out.zip")
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_every_truncation_is_an_error_or_nothing(tmp_path):
    data = zipped(tmp_path / "a.zip", MEMBERS).read_bytes()
    for stop in range(30, len(data), max(1, len(data) // 12)):
        (tmp_path / "a.zip").write_bytes(data[:stop])
        assert not make_plan(str(tmp_path / "a.zip")).due()
