"""Bad input costs coverage and nothing else: a Gap that names the file or a clear error, the findings kept, an end in time.

Each case lies beside a file with a known finding. Whatever happens to the case, that finding is
reported, the program ends in time, and no traceback is shown.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import sys
import tarfile
import threading
import zipfile

import pytest

from untag import limits, scan
from untag.engine import Scanner
from untag.errors import ReadError
from untag.model import FileRef
from untag.sources import paths

from .conftest import FILES, run, write

JAVA = FILES["sdk/FaceObject.java"]
TEXT = JAVA.encode()
QUICK = 90
"""Seconds after which a scan of one small hostile file counts as hanging."""


def zipped(members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("method", zipfile.ZIP_DEFLATED)) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def tarred(members, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(data, tuple):
                info.type, info.linkname = data
                t.addfile(info)
            else:
                info.size = len(data)
                t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def nested(depth):
    data = zipped({"FaceObject.java": JAVA})
    for n in range(depth):
        data = zipped({f"inner{n}.zip": data})
    return data


def encrypted():
    """A zip whose one member has the encryption bit set."""
    data = bytearray(zipped({"secret.java": JAVA}, method=zipfile.ZIP_STORED))
    struct.pack_into("<H", data, 6, 1)
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 8, 1)
    return bytes(data)


def bomb():
    """A kilobyte for each megabyte of zeros, beyond the floor under which no ratio is judged."""
    return zipped({"zeros.bin": bytes(limits.RATIO_FLOOR + (8 << 20))})


def overlapping():
    """Two entries of the directory that name one member's bytes."""
    data = zipped({"a.java": JAVA, "b.java": JAVA})
    out = bytearray(data)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", out, second + 42, 0)
    return bytes(out)


ENTITIES = (
    b'<?xml version="1.0"?>\n<!DOCTYPE lolz [\n <!ENTITY lol "lol">\n'
    + b"".join(
        b' <!ENTITY lol%d "%s">\n' % (n, b"&lol%s;" % (str(n - 1).encode() if n > 1 else b"") * 10)
        for n in range(1, 10)
    )
    + b"]>\n<faces ethnicity='x'>&lol9;</faces>\n"
)
OUTSIDE = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<face ethnicity="&e;"/>\n'

GAPS = {
    # name: (file name, bytes, gap reasons of which one must be there)
    "encrypted zip": ("a.zip", encrypted(), {"encrypted"}),
    "truncated zip": ("a.zip", zipped({"a.java": JAVA * 50})[:-30], {"truncated", "corrupt"}),
    "truncated gzip": ("a.java.gz", gzip.compress(os.urandom(4000))[:-500], {"truncated", "corrupt"}),
    "truncated bzip2": ("a.bz2", bz2.compress(os.urandom(4000))[:-500], {"truncated", "corrupt"}),
    "truncated xz": ("a.xz", lzma.compress(os.urandom(4000))[:-500], {"truncated", "corrupt"}),
    "truncated tar": ("a.tar", tarred({"a.java": TEXT, "b.bin": os.urandom(9000)})[:3000], {"truncated", "corrupt"}),
    "damaged deflate": ("a.zip", zipped({"a.java": JAVA * 50}).replace(b"PK\x01\x02", b"PK\x01\x02", 1)[:60] + b"\xff" * 20 + zipped({"a.java": JAVA * 50})[80:], {"corrupt", "truncated"}),
    "zip bomb": ("a.zip", bomb(), {"limit"}),
    "gzip bomb": ("a.gz", gzip.compress(bytes(limits.RATIO_FLOOR + (8 << 20))), {"limit"}),
    "too many archives inside each other": ("a.zip", nested(limits.DEPTH + 2), {"limit"}),
    "zip slip": ("a.zip", zipped({"../../../../tmp/evil.java": JAVA}), {"unsafe_path"}),
    "absolute name": ("a.zip", zipped({"/etc/evil.java": JAVA}), {"unsafe_path"}),
    "tar that leaves its folder": ("a.tar", tarred({"../evil.java": TEXT}), {"unsafe_path"}),
    "tar with a link out of it": ("a.tar", tarred({"passwd": (tarfile.SYMTYPE, "/etc/passwd")}), {"link", "unsafe_path"}),
    "two members of one name": ("a.zip", None, {"duplicate"}),
    "overlapping members": ("a.zip", overlapping(), {"corrupt", "duplicate", "limit"}),
    "a zip that is none": ("a.zip", b"PK\x03\x04" + os.urandom(200), {"corrupt", "truncated"}),
}  # fmt: skip

ENDS = {
    # name: (file name, bytes): no gap is asked for, only an end, the finding and no traceback
    "empty": ("empty.py", b""),
    "one byte": ("one.json", b"{"),
    "only zeros": ("zeros.py", bytes(100_000)),
    "noise": ("noise.java", os.urandom(200_000)),
    "invalid UTF-8": ("bad.py", b"ethnicity = '\xff\xfe\xfa'\n" * 100),
    "half a character at the end": ("half.py", "# 人脸 民族".encode()[:-1]),
    "lone surrogates in JSON": ("s.json", b'{"face": {"ethnicity": "\\ud800", "age": 1}}'),
    "mislabelled as JSON": ("code.json", TEXT),
    "mislabelled as a picture": ("code.png", TEXT),
    "a picture's head and text": ("x.png", b"\x89PNG\r\n\x1a\n" + TEXT),
    "deep JSON": ("deep.json", b"[" * 200_000 + b"]" * 200_000),
    "deep JSON with a term": ("deep2.json", b'{"face":' * 20_000 + b'{"ethnicity": 1}' + b"}" * 20_000),
    "deep YAML": ("deep.yaml", b"".join(b" " * n + b"ethnicity:\n" for n in range(1500))),
    "deep flow YAML": ("flow.yaml", b"face: " + b"[" * 5000 + b"ethnicity" + b"]" * 5000),
    "YAML aliases": ("laughs.yaml", b"a: &a [ethnicity, face]\n" + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(98, 110))),
    "a YAML tag that builds objects": ("tag.yaml", b"face: !!python/object/apply:os.system ['touch evil']\nethnicity: x\n"),
    "deep XML": ("deep.xml", b"<face>" * 30_000 + b"<ethnicity/>" + b"</face>" * 30_000),
    "billion laughs": ("laughs.xml", ENTITIES),
    "an entity that reads a file": ("outside.xml", OUTSIDE),
    "deep code": ("deep.py", b"face = " + b"(" * 20_000 + b"ethnicity" + b")" * 20_000),
    "a line without an end": ("line.py", b"face_ethnicity = 1; " * 100_000),
    "a notebook that is none": ("a.ipynb", b'{"cells": [{"cell_type": "code", "source": 7}], "face": "ethnicity"}'),
    "a table with a million columns": ("wide.csv", b"face,ethnicity" + b",x" * 500_000 + b"\n"),
    "a pickle": ("model.pkl", b"cos\nsystem\n(S'touch evil'\ntR."),
    "a bidirectional override": ("\u202etxt.py", "face_ethnicity = 1 # \u202e\n".encode()),
    "a name with a terminal escape": ("a\x1b[2J.py", b"face_ethnicity = 1\n"),
    "UTF-16 without a mark": ("u16.txt", "face ethnicity: 人脸 民族 识别\n".encode("utf-16-le") * 50),
    "UTF-32": ("u32.txt", "face ethnicity\n".encode("utf-32")),
    "EBCDIC": ("e.txt", "face ethnicity\n".encode("cp500")),
    "an ELF head": ("lib.so", b"\x7fELF" + bytes(60) + b"getFaceEthnicity\0"),
    "a quine of a gzip name": ("a.gz", gzip.compress(gzip.compress(gzip.compress(TEXT)))),
}  # fmt: skip


def check(root, name, tmp_path, quick=QUICK):
    ran = run("scan", root, "-f", "json", "--no-gitignore", cwd=tmp_path, timeout=quick)
    assert "Traceback" not in ran.err
    assert ran.code == 1, ran.err
    made = json.loads(ran.out)
    assert any(f["trail"] == ["sdk/FaceObject.java"] and f["action"] == "block" for f in made["findings"]), (
        "a finding was lost"
    )
    assert not [g for g in made["gaps"] if g["reason"] == "crashed"], made["gaps"]
    assert not (tmp_path / "evil").exists()
    return made


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", GAPS)
def test_a_gap_names_the_file(tmp_path, case):
    name, data, reasons = GAPS[case]
    if data is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as z:
            z.writestr("a.java", "class A {}")
            z.writestr("a.java", JAVA)
        data = out.getvalue()
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, f"case/{name}": data})
    made = check(root, name, tmp_path)
    mine = [g for g in made["gaps"] if g["trail"][0] == f"case/{name}"]
    assert {g["reason"] for g in mine} & reasons, mine or "no gap"
    assert all(g["detail"] for g in mine)


@pytest.mark.parametrize("case", ENDS)
def test_it_ends_and_keeps_the_findings(tmp_path, case):
    name, data = ENDS[case]
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, f"case/{name}": data})
    made = check(root, name, tmp_path)
    assert made["coverage"]["files"] >= 2
    if case == "an entity that reads a file":
        assert "root:" not in json.dumps(made)
    if case == "billion laughs":
        assert "lollol" not in json.dumps(made)


@pytest.mark.parametrize(
    "case",
    [
        c
        for c in (*GAPS, *ENDS)
        if c
        in ("encrypted zip", "zip bomb", "invalid UTF-8", "a name with a terminal escape", "a bidirectional override")
    ],
)
def test_every_format_shows_it_safely(tmp_path, case):
    name, data = (GAPS.get(case) or ENDS[case])[:2]
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, f"case/{name}": data})
    for form in ("console", "markdown", "junit", "gitlab", "sarif"):
        ran = run("scan", root, "-f", form, "-v", cwd=tmp_path, timeout=QUICK)
        assert ran.code == 1
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out


def test_what_is_only_unread_is_incomplete(tmp_path):
    root = write(tmp_path / "t", {"a.zip": encrypted(), "ok.py": b"print(1)\n"})
    ran = run("scan", root, cwd=tmp_path, timeout=QUICK)
    assert ran.code == 3
    assert "a.zip" in ran.out
    assert "encrypted" in ran.out


def test_a_self_nested_archive_ends(tmp_path):
    """A quine holds itself: here each layer holds the one before twice, as far as the cap and beyond."""
    data = zipped({"FaceObject.java": JAVA})
    for _ in range(limits.DEPTH + 4):
        data = zipped({"a.zip": data, "b.zip": data})
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, "case/q.zip": data})
    made = check(root, "q.zip", tmp_path, quick=200)
    assert "limit" in {g["reason"] for g in made["gaps"]}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, "case/secret.java": JAVA})
    (root / "case/secret.java").chmod(0)
    made = check(root, "secret.java", tmp_path)
    assert [(g["trail"], g["reason"]) for g in made["gaps"]] == [(["case/secret.java"], "permission")]


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "no"), FileNotFoundError(2, "gone"), OSError(5, "input/output error"), OSError(40, "loop")],
)
def test_a_file_that_cannot_be_opened(tmp_path, monkeypatch, error):
    """The same without a second user: the system refuses one file."""
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, "case/secret.java": JAVA})
    real = os.open

    def refuse(path, *args, **options):
        if str(path).endswith("secret.java"):
            raise error
        return real(path, *args, **options)

    monkeypatch.setattr(os, "open", refuse)
    made = scan(str(root), jobs=1)
    assert [g.trail for g in made.gaps] == [("case/secret.java",)]
    assert made.gaps[0].reason in ("permission", "vanished", "corrupt", "changed")
    assert any(f.trail == ("sdk/FaceObject.java",) for f in made.findings)
    assert made.status == "blocked"


def test_links_are_not_followed_out(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA})
    write(tmp_path / "outside", {"FaceRecord.java": JAVA})
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "nowhere").symlink_to("no-such-file")
    (root / "loop").symlink_to("loop")
    made = check(root, "", tmp_path)
    assert [(g["trail"], g["reason"]) for g in made["gaps"]] == [
        (["loop"], "link"),
        (["nowhere"], "link"),
        (["out"], "link"),
    ]
    assert not [f for f in made["findings"] if "FaceRecord" in f["trail"][0]]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA})
    os.mkfifo(root / "pipe.py")
    made = check(root, "pipe.py", tmp_path)
    assert [(g["trail"], g["reason"]) for g in made["gaps"]] == [(["pipe.py"], "special_file")]


@pytest.mark.parametrize("change", ["vanish", "grow", "shrink", "become a folder", "become a link"])
def test_a_file_that_changes_under_the_scan(tmp_path, monkeypatch, change):
    """The change happens between the walk and the read."""
    root = write(tmp_path / "t", {"a/FaceObject.java": JAVA, "b/changing.java": JAVA, "c/FaceRecord.java": JAVA})
    target = root / "b/changing.java"
    real = Scanner.feed

    def feed(self, item, part=(0, 1)):
        if item.trail == ("b/changing.java",):
            target.unlink()
            if change == "grow":
                target.write_text(JAVA + "// more\n" * 10)
            elif change == "shrink":
                target.write_text("x")
            elif change == "become a folder":
                target.mkdir()
            elif change == "become a link":
                target.symlink_to("/etc/passwd")
        return real(self, item, part)

    monkeypatch.setattr(Scanner, "feed", feed)
    made = scan(str(root), jobs=1)
    trails = {f.trail[0] for f in made.findings}
    assert {"a/FaceObject.java", "c/FaceRecord.java"} <= trails
    gaps = [(g.trail, g.reason) for g in made.gaps]
    if change in ("grow", "shrink"):
        assert gaps == [], "what is read is what is there at the read"
    else:
        assert [g[0] for g in gaps] == [("b/changing.java",)]
        assert gaps[0][1] in ("vanished", "changed", "special_file", "link")


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    """Where a size was known, another number of bytes means that nobody knows what was read."""
    write(tmp_path, {"log.txt": "x\n"})
    real = paths._read_up_to
    monkeypatch.setattr(paths, "_read_up_to", lambda handle, count: real(handle, count) + b"more")
    with pytest.raises(ReadError, match="2 bytes became 6") as caught:
        paths.read(FileRef(("log.txt",), str(tmp_path / "log.txt"), 2))
    assert caught.value.reason == "changed"


def test_a_crash_costs_one_artifact(tmp_path, monkeypatch):
    root = write(tmp_path / "t", {"a/FaceObject.java": JAVA, "b/FaceRecord.java": JAVA})
    real = Scanner._interpret

    def crash(self, text, *args):
        if text.trail == ("a/FaceObject.java",):
            raise ZeroDivisionError
        return real(self, text, *args)

    monkeypatch.setattr(Scanner, "_interpret", crash)
    made = scan(str(root), jobs=1)
    assert [(g.trail, g.reason) for g in made.gaps] == [(("a/FaceObject.java",), "crashed")]
    assert "please report it" in made.gaps[0].detail
    assert {f.trail for f in made.findings} == {("b/FaceRecord.java",)}


def test_out_of_memory_costs_one_artifact(tmp_path, monkeypatch):
    root = write(tmp_path / "t", {"a/FaceObject.java": JAVA, "b/FaceRecord.java": JAVA})
    real = Scanner._interpret

    def greedy(self, text, *args):
        if text.trail == ("a/FaceObject.java",):
            raise MemoryError
        return real(self, text, *args)

    monkeypatch.setattr(Scanner, "_interpret", greedy)
    made = scan(str(root), jobs=1)
    assert [g.reason for g in made.gaps] == ["limit"]
    assert {f.trail for f in made.findings} == {("b/FaceRecord.java",)}


def test_a_worker_that_dies_loses_one_file(tmp_path, monkeypatch):
    """A parser that kills its process takes one file with it: the rest is scanned, and the file is named."""
    files = {f"f{n:03}/FaceObject.java": JAVA for n in range(410)}
    root = write(tmp_path / "t", files)
    real = Scanner._interpret

    def deadly(self, text, *args):
        if text.trail == ("f200/FaceObject.java",):
            os._exit(9)
        return real(self, text, *args)

    monkeypatch.setattr(Scanner, "_interpret", deadly)
    if not hasattr(os, "fork"):
        pytest.skip("no forked workers here")
    made = scan(str(root), jobs=2)
    assert [(g.trail, g.reason) for g in made.gaps] == [(("f200/FaceObject.java",), "crashed")]
    assert len({f.trail for f in made.findings}) == 409


def test_enormous_archives_stop_at_the_budget(tmp_path, monkeypatch):
    """A stand-in: the caps are lowered instead of making 64 GiB."""
    budget = limits.Budget
    monkeypatch.setattr(limits, "Budget", lambda: budget(200_000, 50, 100_000))
    root = write(
        tmp_path / "t",
        {
            "sdk/FaceObject.java": JAVA,
            "case/big.zip": zipped({f"m{n}.bin": os.urandom(9000) for n in range(80)}),
            "case/one.zip": zipped({"x.bin": os.urandom(150_000)}),
        },
    )
    made = scan(str(root), jobs=1)
    assert {g.trail[0] for g in made.gaps if g.reason == "limit"} == {"case/big.zip", "case/one.zip"}
    assert any(f.trail == ("sdk/FaceObject.java",) for f in made.findings)


def test_a_large_sparse_file(tmp_path):
    """Zeros are no text: they are searched as bytes, in windows, and end in time."""
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA, "case/disk.img": b""})
    with (root / "case/disk.img").open("r+b") as f:
        f.truncate(1 << 28)
    made = check(root, "disk.img", tmp_path, quick=200)
    assert made["coverage"]["bytes"] >= 1 << 28


@pytest.mark.slow
def test_a_line_of_a_hundred_megabytes(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA})
    with (root / "line.json").open("wb") as f:
        f.write(b'{"items": [')
        for _ in range(100):
            f.write(b'{"a": "some words that say nothing", "n": 12345}, ' * 20_971)
        f.write(b'{"face": {"ethnicity": "x", "age": 1, "gender": 2}}]}')
    made = check(root, "line.json", tmp_path, quick=300)
    assert made["coverage"]["bytes"] > 100_000_000
    assert not made["gaps"]


def test_standard_input_that_never_ends_is_cut(tmp_path):
    """A stand-in with a low cap: what came is scanned, the rest is a gap."""
    from untag.sources import SourceOptions
    from untag.sources.stdin import StdinSource

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return (JAVA.encode() * (size // len(JAVA) + 1))[:size]

    items = list(StdinSource(SourceOptions(size_cap=100_000), Endless()).items())
    assert [type(i).__name__ for i in items] == ["Gap", "Blob"]
    assert items[0].reason == "limit"
    assert len(items[1].data) == 100_000


def test_deep_folders(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA})
    deep = root
    try:
        for _ in range(300):
            deep = deep / "d"
            deep.mkdir()
        (deep / "FaceRecord.java").write_text(JAVA)
    except OSError:
        pytest.skip("the file system does not go so deep")
    made = check(root, "", tmp_path)
    assert any(f["trail"][0].endswith("FaceRecord.java") for f in made["findings"])


def test_names_that_are_no_utf8(tmp_path):
    root = write(tmp_path / "t", {"sdk/FaceObject.java": JAVA})
    try:
        with open(os.fsencode(root) + b"/\xff\xfe.java", "wb") as f:
            f.write(TEXT)
    except OSError:
        pytest.skip("the file system takes UTF-8 alone")
    made = check(root, "", tmp_path)
    assert any("\\udcff" in f["trail"][0] or "\\xff" in f["trail"][0] for f in made["findings"])


def test_interrupting_ends_at_once(tmp_path):
    """Ctrl-C on a long scan: exit code 130, one sentence, no report that looks whole."""
    import signal
    import subprocess
    import time

    from .conftest import KEPT

    root = write(tmp_path / "t", {f"f{n:04}/FaceObject.java": JAVA * 30 for n in range(3000)})
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    program = subprocess.Popen(
        [sys.executable, "-m", "untag", "scan", root, "-f", "json", "-j", "2"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    watchdog = threading.Timer(QUICK, program.kill)
    watchdog.start()
    time.sleep(1.5)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=QUICK)
    watchdog.cancel()
    if program.returncode == 1:
        pytest.skip("this machine was done before it was interrupted")
    assert program.returncode == 130
    assert out == b""
    assert err.decode().strip().splitlines()[-1] == "untag: interrupted; nothing was decided"
    assert "Traceback" not in err.decode()
