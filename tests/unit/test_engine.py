"""The loop: coverage counts each file once, lines are right in every window, a crash costs one artifact."""

import gzip
import io
import itertools
import tarfile

import pytest

from untag.engine import Scanner
from untag.errors import ReadError
from untag.match import store
from untag.model import Blob, FileRef
from untag.packages import Packages
from untag.readers.plain import is_plain
from untag.windows import Lines, Repeats, blocks, shared_counts, streams

LEXICON = store.load()
BLOCK = 5 << 20
STRUCT = b"struct FaceAttribute {\n  int age;\n  int gender;\n  int glasses;\n  int emotion;\n  int ethnicity;\n};\n"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr("untag.windows.BLOCK", BLOCK)


def scanner():
    return Scanner(LEXICON, None, Packages())


def scanned(item, part=(0, 1)):
    made = scanner()
    made.feed(item, part)
    return made.take()


def on_disk(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return FileRef((name,), str(path), 0)


def test_a_small_file_is_read_as_a_blob_would_be(tmp_path):
    for name, data in (
        ("a.h", STRUCT),
        ("b.txt", b""),
        ("c.txt", "naïve".encode()),
        ("d.bin", b"\x7fELF\0\0"),
        ("e.txt", b"\xff\xfea\0"),
    ):
        small, blob = scanned(on_disk(tmp_path, name, data)), scanned(Blob((name,), data))
        assert small.coverage == blob.coverage, name
        assert small.findings == blob.findings, name


def test_what_is_no_regular_file_is_not_taken_for_an_empty_one(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    tally = scanned(FileRef(("pipe",), str(tmp_path / "pipe"), 0))
    assert [g.reason for g in tally.gaps] == ["special_file"] or tally.gaps[0].reason == "changed"
    assert tally.coverage.unread == 1


def test_a_crash_counts_the_file_once_and_as_unread(tmp_path, monkeypatch):
    def crash(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(Scanner, "_search", crash)
    tally = scanned(on_disk(tmp_path, "a.h", STRUCT))
    assert (tally.coverage.files, tally.coverage.unread, tally.coverage.parsed) == (1, 1, 0)
    assert [g.reason for g in tally.gaps] == ["crashed"]


def test_a_file_that_is_gone_is_a_gap(tmp_path):
    tally = scanned(FileRef(("gone",), str(tmp_path / "gone"), 0))
    assert [g.reason for g in tally.gaps] == ["vanished"]


@pytest.fixture(scope="module")
def large():
    """A text of three blocks with one record in each, and the lines on which they stand."""
    filler = b"".join(b"%07d nothing to see on this line\n" % i for i in range(BLOCK // 36))
    said = (
        b"face attributes: age=3 gender=f glasses=1 %s=2\n" % word for word in (b"ethnicity", b"faceRace", b"skinTone")
    )
    return b"".join(piece for line in said for piece in (filler, line)) + filler


def lines_of(data):
    return {n for n, line in enumerate(data.split(b"\n"), 1) if line.startswith(b"face")}


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_shares_of_a_large_text_count_it_once_and_know_their_lines(large, of):
    whole = scanner()
    for share in range(of):
        whole.feed(Blob(("a.log",), large), (share, of))
    tally = whole.take()
    assert (tally.coverage.files, tally.coverage.parsed, tally.coverage.size) == (1, 1, len(large))
    assert {f.line for f in tally.findings} <= lines_of(large)
    assert len({f.line for f in tally.findings}) >= 2
    one = scanned(Blob(("a.log",), large))
    assert set(tally.findings) == set(one.findings)


def test_blocks_cover_a_text_once_however_many_shares(large):
    for of in (1, 2, 5):
        ends = sorted(b for share in range(of) for b in blocks(large, (share, of)))
        assert ends[0][0] == 0
        assert ends[-1][1] == len(large)
        assert all(a[1] == b[0] for a, b in itertools.pairwise(ends))
        assert all(large[start - 1 : start] == b"\n" for start, _ in ends[1:])


def test_a_line_without_end_is_cut_all_the_same():
    data = b"x" * (2 * BLOCK + 5)
    assert [b for share in range(3) for b in blocks(data, (share, 3))][-1][1] == len(data)


def test_a_large_text_in_a_legacy_encoding_is_decoded():
    line = "目标人脸属性：民族 年龄 性别 眼镜\n".encode("gb18030")
    data = line * (5_000_000 // len(line))
    assert scanned(Blob(("属性.txt",), data)).findings


def test_lines_count_onwards_and_anew():
    data = b"a\nb\nc\nd"
    lines = Lines(("x",))
    assert [lines.at(data, n) for n in (0, 2, 4, 6, 2)] == [1, 2, 3, 4, 2]


def test_lines_that_differ_in_numbers_alone_are_read_once():
    piece = b"".join(b"%06d race of camera %d\n" % (i, i) for i in range(3000))
    places = [(0, m + 5) for m in range(7, len(piece), 40)]
    read = list(Repeats().slices(piece, places))
    assert sum(stop - start for start, stop in read) < len(piece) / 2


@pytest.mark.parametrize("of", [1, 2, 3])
def test_members_of_a_stream_are_shared(of):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for number in range(5):
            info = tarfile.TarInfo(f"pkg/face{number}.h")
            info.size = len(STRUCT)
            archive.addfile(info, io.BytesIO(STRUCT))
    blob = Blob(("a.tar.gz",), gzip.compress(raw.getvalue(), mtime=0))
    made = scanner()
    for share in range(of):
        made.feed(blob, (share, of))
    tally = made.take()
    assert {f.trail[-1].rsplit("/", 1)[-1] for f in tally.findings} == {f"face{n}.h" for n in range(5)}
    assert tally.coverage == scanned(blob).coverage


def test_a_gap_in_one_member_leaves_the_others(monkeypatch):
    made = scanner()
    inner = Scanner._artifact

    def fail(self, blob, depth, part=(0, 1)):
        if blob.trail[-1].endswith("face1.h"):
            raise ReadError("corrupt", "as a test")
        inner(self, blob, depth, part)

    monkeypatch.setattr(Scanner, "_artifact", fail)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for number in range(3):
            info = tarfile.TarInfo(f"face{number}.h")
            info.size = len(STRUCT)
            archive.addfile(info, io.BytesIO(STRUCT))
    made.feed(Blob(("a.tar",), raw.getvalue()))
    tally = made.take()
    assert len(tally.findings) == 2
    assert [g.reason for g in tally.gaps] == ["corrupt"]


@pytest.mark.parametrize(
    ("head", "plain"),
    [(b"import os\n", True), (b"PK\3\4", False), (b"", False), (b"a\0b", False), (b"\xef\xbb\xbfa", False)],
)
def test_is_plain(head, plain):
    assert is_plain(head) is plain


def test_streams():
    assert streams("a.tar.gz")
    assert streams("A.TGZ")
    assert not streams("a.zip")


@pytest.mark.parametrize("shared", [False, True])
def test_lines_are_the_same_however_the_blocks_are_shared(shared, monkeypatch):
    monkeypatch.setattr("untag.windows.BLOCK", 10)
    data = b"".join(b"%d\n" % n for n in range(30))
    counts = shared_counts(len(data) * 4_000_000) if shared else None
    first, second = Lines(("x",), counts), Lines(("x",), counts)
    for offset in range(0, len(data), 7):
        true = 1 + data.count(b"\n", 0, offset)
        assert first.at(data, offset) == true
        if offset % 3:
            first.done(data, offset + 10)
            assert second.at(data, offset) == true
    assert first.at(data, 5) == 1 + data.count(b"\n", 0, 5)


@pytest.mark.parametrize("name", ["many.tar", "many.tgz"])
def test_workers_share_the_members_of_a_tar(name):
    """A gzip hands out the files of the tar in it: they are shared, too."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz" if name.endswith("gz") else "w") as archive:
        for i in range(10):
            data = f"class FaceAttributes:\n    age: int\n    glasses: bool\n    ethnicity: str  # {i}\n".encode()
            info = tarfile.TarInfo(f"face{i}.py")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    trails = []
    for share in range(2):
        scanner = Scanner(LEXICON, None, Packages())
        scanner.feed(Blob((name,), made.getvalue()), (share, 2))
        trails.append({finding.trail[-1] for finding in scanner.take().findings})
    assert trails[0]
    assert trails[1]
    assert trails[0] | trails[1] == {f"face{i}.py" for i in range(10)}
    assert not trails[0] & trails[1]
