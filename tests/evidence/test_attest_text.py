"""Texts that are none, or that would speak to a terminal: names that are no UTF-8, lone surrogates, escapes."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("cryptography")

from untag.cli import main
from untag.evidence import envelope
from untag.evidence.statement import WORDING, canonical, statement
from untag.evidence.verify import now_utc
from untag.scan import scan

DIRTY = "class FaceObject {\n  private Integer genderCode;\n  private String ethicCode; // 民族\n}\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a key, to work in."""
    monkeypatch.chdir(tmp_path)
    assert main(["attest", "--new-key", "k"]) == 0
    return tmp_path


def untag(*words, **environ):
    words = [sys.executable, "-m", "untag", *words]
    return subprocess.run(words, capture_output=True, check=False, env={**os.environ, **environ})


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may hold any bytes")
def test_a_name_that_is_no_utf8(desk):
    name = b"bad\xff.java"
    (desk / os.fsdecode(name)).write_text(DIRTY, "utf-8")
    for words in ((b"--key", b"k"), (b"--format", b"statement"), (b"--format", b"cyclonedx")):
        done = untag("attest", name, *words)
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout.decode("utf-8", "strict"))
    assert untag("attest", name, "--key", "k", "-o", "a.json").returncode == 0
    done = untag("verify", "a.json", name, "--key", "k.pub", "--accept", "blocked", "--rescan")
    assert done.returncode == 0, done.stderr
    assert untag("compare", name, name).returncode == 0


def test_a_lone_surrogate_in_a_report(desk):
    (desk / "Face.java").write_text(DIRTY, "utf-8")
    assert main(["scan", "Face.java", "-f", "json", "-o", "r.json"]) == 1
    report = json.loads((desk / "r.json").read_text("utf-8"))
    report["lexicon"]["version"] = report["findings"][0]["waiver"] = "\ud800"
    (desk / "e.json").write_text(json.dumps(report), "utf-8")
    for words in (("--key", "k"), ("--format", "statement"), ("--format", "cyclonedx")):
        done = untag("attest", "e.json", "--subject", "Face.java", *words)
        assert b"Traceback" not in done.stderr, done.stderr
        if done.returncode == 0:
            json.loads(done.stdout.decode("utf-8", "strict"))
    done = untag("report", "e.json", "-o", "e.html")
    assert b"Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
def test_a_terminal_of_another_encoding(desk, encoding):
    """What Windows sets where the output is redirected has no tick and no block."""
    (desk / "releases").mkdir()
    (desk / "releases" / "Face-1.0.java").write_text(DIRTY, "utf-8")
    assert main(["attest", "releases/Face-1.0.java", "--key", "k", "-o", "a.json"]) == 0
    for words in (
        ("verify", "a.json", "releases/Face-1.0.java", "--key", "k.pub", "--accept", "blocked"),
        ("timeline", "releases"),
        ("compare", "releases/Face-1.0.java", "releases/Face-1.0.java"),
        ("attest", "releases/Face-1.0.java", "--format", "statement"),
    ):
        done = untag(*words, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert done.returncode == 0, done.stderr
        assert done.stdout.decode("utf-8", "strict")


def test_a_statement_speaks_no_words_of_its_own(desk, capsys):
    """A trusted key may sign any text: what is printed is ours, and no text reaches the terminal as it stands."""
    file = desk / "face.py"
    file.write_text("class FaceObject:\n    age: int\n", "utf-8")
    table = statement(scan(str(file)), [file], made=now_utc())
    table["predicate"]["wording"] = "certified: no ethnic tag in any product"
    key = envelope.load_private(desk / "k")
    (desk / "a.json").write_text(envelope.seal(canonical(table), [key]), "utf-8")
    assert main(["verify", "a.json", "face.py", "--key", "k.pub"]) == 0
    said = capsys.readouterr().out
    assert f"verified: {WORDING}" in said
    assert "certified" not in said
    table["subject"].append({"name": "\x1b[2J\x1b[32mverified\u202e", "digest": {"sha256": "0" * 64}})
    (desk / "a.json").write_text(envelope.seal(canonical(table), [key]), "utf-8")
    assert main(["verify", "a.json", "face.py", "--key", "k.pub"]) == 1
    said = capsys.readouterr().err
    assert "step 4 subject" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_beside_a_report_a_json_file_is_meant_to_be_one(desk, capsys):
    """An empty file, or one that a shell wrote in UTF-16, would be scanned for its own words and be clean."""
    (desk / "Face.java").write_text(DIRTY, "utf-8")
    assert main(["scan", "Face.java", "-f", "json", "-o", "r.json"]) == 1
    text = (desk / "r.json").read_text("utf-8")
    broken = {
        "empty.json": b"",
        "wide.json": text.encode("utf-16"),
        "bare.json": text.replace('"schema"', '"scheme"').encode(),
        "cut.json": text[40:].encode(),
        "deep.json": b"[" * 50_000,
    }
    for name, data in broken.items():
        (desk / name).write_bytes(data)
        for words in (("r.json", name), (name, "r.json")):
            assert main(["compare", *words]) == 2, words
            assert name in capsys.readouterr().err
    assert main(["compare", "r.json", "Face.java"]) == 0
